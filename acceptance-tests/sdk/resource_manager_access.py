"""ResourceManager with the official SDK: who may see and change the directory; wrong keys, and a service that is ill."""

from alibabacloud_ram20150501 import client as ram_client, models as ram_models
from alibabacloud_resourcemanager20200331 import client, models
from alibabacloud_sts20150401 import client as sts_client, models as sts_models

import tea
from common import ACCOUNT, REGION, admin, equal, refused

HOST = "resourcemanager.aliyuncs.com"
call = tea.caller(tea.client(client, HOST), models)
sts = tea.caller(tea.client(sts_client, f"sts.{REGION}.aliyuncs.com"), sts_models)
ram = tea.caller(tea.client(ram_client, "ram.aliyuncs.com"), ram_models)
FIRST, SECOND = (str(int(ACCOUNT) + number) for number in (1, 2))
READS = ["list_accounts", "get_account", "list_accounts_for_parent", "get_folder", "list_folders_for_parent", "list_ancestors",
         "list_delegated_administrators", "list_delegated_services_for_account", "list_trusted_service_status",
         "get_control_policy_enablement_status", "get_control_policy", "list_control_policies",
         "list_control_policy_attachments_for_target", "list_target_attachments_for_control_policy"]
WRITES = ["create_resource_account", "move_account", "create_folder", "update_folder", "delete_folder",
          "register_delegated_administrator", "deregister_delegated_administrator", "enable_control_policy",
          "disable_control_policy", "create_control_policy", "update_control_policy", "delete_control_policy",
          "attach_control_policy", "detach_control_policy"]


def of(account):
    role = f"acs:ram::{account}:role/ResourceDirectoryAccountAccessRole"
    session = sts("assume_role", role_arn=role, role_session_name="sdk").credentials
    return tea.caller(tea.assumed(session, client, HOST), models)


# A member sees that there is a directory. An administrator of a service sees what is in it, too.
member = of(FIRST)
equal(member("get_resource_directory").resource_directory.master_account_id, ACCOUNT, "a member sees its directory", assumed=True)
for operation in READS + WRITES:
    refused("NoPermission", lambda: member(operation), 403)
call("register_delegated_administrator", account_id=FIRST, service_principal="actiontrail.aliyuncs.com")
equal([a.account_id for a in member("list_accounts").accounts.account], [FIRST, SECOND], "a delegated administrator sees the members")
for operation in WRITES:
    refused("NoPermission", lambda: member(operation), 403)

# A user of the management account needs a policy.
ram("create_user", user_name="nobody")
key = ram("create_access_key", user_name="nobody").access_key
nobody = tea.caller(tea.client(client, HOST, key.access_key_id, key.access_key_secret), models)
for operation in ["get_resource_directory", "get_role", "create_service_linked_role", "delete_service_linked_role"] + READS + WRITES:
    refused("NoPermission", lambda: nobody(operation), 403)
ram("attach_policy_to_user", user_name="nobody", policy_type="System", policy_name="AliyunResourceDirectoryFullAccess")
equal(nobody("get_resource_directory").resource_directory.master_account_id, ACCOUNT, "a policy of RAM allows it")

# An account that belongs to no directory.
alone = of(SECOND)
admin("PATCH", f"accounts/{SECOND}", {"organization_id": None})
refused("ResourceDirectoryNotInUse", lambda: alone("get_resource_directory"), 404)
for operation in READS + WRITES:
    refused("EntityNotExists.ResourceDirectory", lambda: alone(operation), 404)

refused("SignatureDoesNotMatch", lambda: tea.caller(tea.client(client, HOST, secret="not-the-secret"), models)("list_accounts"), 400)
refused("InvalidAccessKeyId.NotFound", lambda: tea.caller(tea.client(client, HOST, "LTAInosuchkey"), models)("list_accounts"), 404)
ram("update_access_key", user_name="nobody", user_access_key_id=key.access_key_id, status="Inactive")
refused("InvalidAccessKeyId.Inactive", lambda: nobody("list_accounts"), 400)
for code, status in (("InternalError", 500), ("ServiceUnavailable", 503)):
    admin("PUT", "faults", [{"kind": "server_error", "service": "resourcemanager", "status": status, "code": code, "times": 1}])
    refused(code, lambda: call("list_accounts"), status)
admin("PUT", "faults", [{"kind": "throttle", "service": "resourcemanager", "times": 1}])
refused("Throttling.User", lambda: call("list_accounts"), 400)
