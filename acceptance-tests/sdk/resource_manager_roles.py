"""ResourceManager with the official SDK: service-linked roles."""

import oss2
from alibabacloud_actiontrail20200706 import client as trail_client, models as trail_models
from alibabacloud_resourcemanager20200331 import client, models

import tea
from common import ACCOUNT, KEY, REGION, SECRET, admin, equal, refused

call = tea.caller(tea.client(client, "resourcemanager.aliyuncs.com"), models)
trails = tea.caller(tea.client(trail_client, f"actiontrail.{REGION}.aliyuncs.com"), trail_models)
SERVICE, LINKED = "actiontrail.aliyuncs.com", "AliyunServiceRoleForActionTrail"

refused("MissingServiceName", lambda: call("create_service_linked_role"), 400)
refused("EntityNotExist.Service", lambda: call("create_service_linked_role", service_name="none.aliyuncs.com"), 404)
for field, value, code in (("custom_suffix", "a_b", "CustomSuffix.InvalidChars"), ("custom_suffix", "x" * 64, "CustomSuffix.Length"),
                           ("custom_suffix", "second", "CustomSuffix.NotAllowed"), ("description", "x" * 1025, "Description.Length"),
                           ("description", "mine", "Description.NotAllowed")):
    refused(f"InvalidParameter.{code}", lambda: call("create_service_linked_role", service_name=SERVICE, **{field: value}), 400)
for operation in ("get_role", "delete_service_linked_role"):
    refused("MissingRoleName", lambda: call(operation), 400)
    refused("InvalidParameter.RoleName.InvalidChars", lambda: call(operation, role_name="a b"), 400)
    refused("InvalidParameter.RoleName.Length", lambda: call(operation, role_name="r" * 65), 400)
    refused("EntityNotExist.Role", lambda: call(operation, role_name=LINKED), 404)

role = call("create_service_linked_role", service_name=SERVICE).role
equal((role.role_name, role.is_service_linked_role, role.role_principal_name),
      (LINKED, True, f"{LINKED}@role.{ACCOUNT}.onaliyunservice.com"), "the role has the service's name")
refused("EntityAlreadyExists.Role", lambda: call("create_service_linked_role", service_name=SERVICE), 409)
seen = call("get_role", role_name=LINKED).role
equal((seen.role_id, seen.max_session_duration, SERVICE in seen.assume_role_policy_document), (role.role_id, 3600, True),
      "shows the trust in the service and how long sessions are")
member_role = {"role_id": "1", "assume_role_policy_document": "{}", "create_date": "2026-01-01T00:00:00Z"}
admin("PUT", f"accounts/{ACCOUNT}/ram/roles/plain", member_role)
refused("EntityNotExist.ServiceLinkedRole", lambda: call("delete_service_linked_role", role_name="plain"), 404)

# Deleting is a task, which fails as long as something needs the role.
oss2.Bucket(oss2.AuthV4(KEY, SECRET), f"http://oss-{REGION}.aliyuncs.com", "linked-archive", region=REGION).create_bucket()
trails("create_trail", name="linked-trail", oss_bucket_name="linked-archive")


def deletion():
    task = call("delete_service_linked_role", role_name=LINKED).deletion_task_id
    return task, call("get_service_linked_role_deletion_status", deletion_task_id=task)


task, status = deletion()
equal(task.startswith(f"task/acs-service-role/{SERVICE}/{LINKED}/"), True, "the task is named after service and role")
usage = status.reason.role_usages.role_usage[0]
equal((status.status, usage.region, usage.resources.resource),
      ("FAILED", REGION, [f"acs:actiontrail:{REGION}:{ACCOUNT}:trail/linked-trail"]), "it failed, and says what needs the role")
trails("delete_trail", name="linked-trail")
equal(deletion()[1].status, "SUCCEEDED", "it succeeded once nothing needs the role")
refused("EntityNotExist.Role", lambda: call("get_role", role_name=LINKED), 404)

for task, code, status in ((None, "MissingDeletionTaskId", 400), ("short", "InvalidParameter.DeletionTaskId.Length", 400),
                           ("x" * 256, "InvalidParameter.DeletionTaskId.Length", 400),
                           ("x" * 40, "InvalidParameter.DeletionTaskId", 400),
                           ("task/acs-service-role/none/none/none", "EntityNotExist.ServiceLinkedRole.DeletionTask", 404)):
    refused(code, lambda: call("get_service_linked_role_deletion_status", deletion_task_id=task), status)

# An account that has as many roles as it may have.
there = len(admin("GET", f"accounts/{ACCOUNT}/ram/roles"))
admin("PATCH", f"accounts/{ACCOUNT}/ram/roles", {f"full-{number}": member_role for number in range(1000 - there)})
refused("LimitExceeded.Role", lambda: call("create_service_linked_role", service_name=SERVICE), 409)
