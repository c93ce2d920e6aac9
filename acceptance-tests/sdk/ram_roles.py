"""RAM with the official SDK: roles."""

import json

from alibabacloud_ram20150501 import client, models

import tea
from common import ACCOUNT, equal, paged, refused

call = tea.caller(tea.client(client, "ram.aliyuncs.com"), models)
TRUST = json.dumps({"Version": "1", "Statement": [{
    "Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"Service": ["actiontrail.aliyuncs.com"]}}]})
ANYBODY = TRUST.replace('"Service": ["actiontrail.aliyuncs.com"]', f'"RAM": ["acs:ram::{ACCOUNT}:root"]')
LONG = "x" * 5000

for operation, more in (("create_role", {"assume_role_policy_document": TRUST}), ("get_role", {}), ("update_role", {}),
                        ("delete_role", {})):
    refused("MissingRoleName", lambda: call(operation, **more), 400)
    refused("InvalidParameter.RoleName.InvalidChars", lambda: call(operation, role_name="sdk role", **more), 400)
    refused("InvalidParameter.RoleName.Length", lambda: call(operation, role_name="r" * 65, **more), 400)
    if operation != "create_role":
        refused("EntityNotExist.Role", lambda: call(operation, role_name="no-such-role", **more), 404)
refused("MissingAssumeRolePolicyDocument", lambda: call("create_role", role_name="sdk-role"), 400)

role = call("create_role", role_name="SDK-Role", assume_role_policy_document=TRUST, description="made by a test").role
equal((role.role_name, role.arn), ("SDK-Role", f"acs:ram::{ACCOUNT}:role/sdk-role"), "the ARN has the name in lower case")
equal((role.description, role.max_session_duration), ("made by a test", 3600), "sessions last an hour unless it says otherwise")
for name in ("SDK-Role", "sdk-role"):
    refused("EntityAlreadyExists.Role", lambda: call("create_role", role_name=name, assume_role_policy_document=TRUST), 409)
seen = call("get_role", role_name="sdk-role").role
equal((seen.role_name, json.loads(seen.assume_role_policy_document)), ("SDK-Role", json.loads(TRUST)),
      "a role is found in any case of its name, with its trust policy")

for creation, change, value, code in (
        ("assume_role_policy_document", "new_assume_role_policy_document", "{", "MalformedPolicyDocument"),
        ("assume_role_policy_document", "new_assume_role_policy_document", LONG, "InvalidParameter.AssumeRolePolicyDocument.Length"),
        ("description", "new_description", LONG, "InvalidParameter.Description.Length"),
        ("max_session_duration", "new_max_session_duration", 60, "InvalidParameter.MaxSessionDuration")):
    wrong = {"assume_role_policy_document": TRUST, creation: value}
    refused(code, lambda: call("create_role", role_name="sdk-second", **wrong), 400)
    refused(code, lambda: call("update_role", role_name="sdk-role", **{change: value}), 400)

call("update_role", role_name="sdk-role", new_description="changed", new_max_session_duration=7200)
seen = call("get_role", role_name="sdk-role").role
equal((seen.description, seen.max_session_duration), ("changed", 7200), "shows what UpdateRole changed")
equal(json.loads(seen.assume_role_policy_document), json.loads(TRUST), "what UpdateRole left out stays")
equal(call("update_role", role_name="sdk-role", new_assume_role_policy_document=ANYBODY).role.assume_role_policy_document,
      ANYBODY, "answers with the role as it is now")

for number in range(4):
    call("create_role", role_name=f"sdk-role-{number}", assume_role_policy_document=TRUST)


def roles(marker, size=2):
    page = call("list_roles", marker=marker, max_items=size)
    return [role.role_name for role in page.roles.role], page.marker


paged(roles, [role.role_name for role in call("list_roles").roles.role],
      "MaxItems roles are a page, and Marker leads on while IsTruncated")
refused("InvalidParameter.MaxItems", lambda: roles(None, 1001), 400)
refused("InvalidParameter.Marker", lambda: roles("no-marker"), 400)

call("attach_policy_to_role", role_name="sdk-role", policy_type="System", policy_name="ReadOnlyAccess")
refused("DeleteConflict.Role.Policy", lambda: call("delete_role", role_name="sdk-role"), 409)
call("detach_policy_from_role", role_name="sdk-role", policy_type="System", policy_name="ReadOnlyAccess")
call("delete_role", role_name="sdk-role")
refused("EntityNotExist.Role", lambda: call("get_role", role_name="sdk-role"), 404)
