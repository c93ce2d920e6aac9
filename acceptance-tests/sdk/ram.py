"""RAM with the official SDK: users and keys, roles, policies and their versions, attachments."""

import json

from alibabacloud_ram20150501 import client, models

import tea
from common import equal, refused

call = tea.caller(tea.client(client, "ram.aliyuncs.com"), models)
TRUST = json.dumps({"Version": "1", "Statement": [{
    "Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"Service": ["actiontrail.aliyuncs.com"]}}]})


def policy(action):
    return json.dumps({"Version": "1", "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]})


refused("EntityNotExist.User", lambda: call("get_user", user_name="nobody-here"), 404)
call("create_user", user_name="sdk-user", display_name="SDK")
refused("EntityAlreadyExists.User", lambda: call("create_user", user_name="sdk-user"), 409)
equal(call("get_user", user_name="sdk-user").user.display_name, "SDK", "display name")
equal("sdk-user" in [user.user_name for user in call("list_users").users.user], True, "users")

key = call("create_access_key", user_name="sdk-user").access_key
equal([k.access_key_id for k in call("list_access_keys", user_name="sdk-user").access_keys.access_key],
      [key.access_key_id], "keys")
call("update_access_key", user_name="sdk-user", user_access_key_id=key.access_key_id, status="Inactive")
equal(call("list_access_keys", user_name="sdk-user").access_keys.access_key[0].status, "Inactive", "status")
refused("DeleteConflict.User.AccessKey", lambda: call("delete_user", user_name="sdk-user"), 409)
call("delete_access_key", user_name="sdk-user", user_access_key_id=key.access_key_id)

refused("EntityNotExist.Role", lambda: call("get_role", role_name="no-such-role"), 404)
call("create_role", role_name="sdk-role", assume_role_policy_document=TRUST, description="made by a test")
refused("EntityAlreadyExists.Role",
        lambda: call("create_role", role_name="sdk-role", assume_role_policy_document=TRUST), 409)
call("update_role", role_name="sdk-role", new_description="changed")
equal(call("get_role", role_name="sdk-role").role.description, "changed", "description")
seen, marker = [], None
while True:
    page = call("list_roles", max_items=1, marker=marker)
    seen += [role.role_name for role in page.roles.role]
    if not page.is_truncated:
        break
    marker = page.marker
equal("sdk-role" in seen, True, "roles over pages of one")

refused("EntityNotExist.Policy", lambda: call("get_policy", policy_name="no-such-policy", policy_type="Custom"), 404)
refused("InvalidParameter.PolicyDocument.MalformedDocument",
        lambda: call("create_policy", policy_name="sdk-wrong", policy_document="{"), 400)
call("create_policy", policy_name="sdk-policy", policy_document=policy("oss:GetObject"))
refused("EntityAlreadyExists.Policy",
        lambda: call("create_policy", policy_name="sdk-policy", policy_document=policy("oss:GetObject")), 409)
version = call("create_policy_version", policy_name="sdk-policy", policy_document=policy("oss:PutObject"),
               set_as_default=True).policy_version.version_id
equal(version, "v2", "second version")
equal(call("get_policy", policy_name="sdk-policy", policy_type="Custom").policy.default_version, "v2", "default")
equal(len(call("list_policy_versions", policy_name="sdk-policy", policy_type="Custom").policy_versions.policy_version),
      2, "versions")
read = call("get_policy_version", policy_name="sdk-policy", policy_type="Custom", version_id="v1").policy_version
equal(json.loads(read.policy_document)["Statement"][0]["Action"], "oss:GetObject", "first version")
refused("DeleteConflict.PolicyVersion.Default",
        lambda: call("delete_policy_version", policy_name="sdk-policy", version_id="v2"), 409)
call("set_default_policy_version", policy_name="sdk-policy", version_id="v1")
call("delete_policy_version", policy_name="sdk-policy", version_id="v2")
refused("EntityNotExist.Policy.Version",
        lambda: call("get_policy_version", policy_name="sdk-policy", policy_type="Custom", version_id="v2"), 404)
equal([p.policy_name for p in call("list_policies", policy_type="Custom").policies.policy], ["sdk-policy"], "policies")

for holder, name in (("role", "sdk-role"), ("user", "sdk-user")):
    attachment = {"policy_name": "sdk-policy", "policy_type": "Custom", f"{holder}_name": name}
    call(f"attach_policy_to_{holder}", **attachment)
    refused(f"EntityAlreadyExists.{holder.capitalize()}.Policy",
            lambda: call(f"attach_policy_to_{holder}", **attachment), 409)
    listed = call(f"list_policies_for_{holder}", **{f"{holder}_name": name}).policies.policy
    equal([p.policy_name for p in listed], ["sdk-policy"], f"policies of the {holder}")
    refused(f"DeleteConflict.{holder.capitalize()}.Policy",
            lambda: call(f"delete_{holder}", **{f"{holder}_name": name}), 409)
    call(f"detach_policy_from_{holder}", **attachment)
    refused(f"EntityNotExist.{holder.capitalize()}.Policy",
            lambda: call(f"detach_policy_from_{holder}", **attachment), 404)
    call(f"delete_{holder}", **{f"{holder}_name": name})
call("delete_policy", policy_name="sdk-policy")
