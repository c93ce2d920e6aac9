"""RAM with the official SDK: policies on users and roles, and what that lets them do."""

import json

from alibabacloud_ram20150501 import client, models

import tea
from common import equal, refused

call = tea.caller(tea.client(client, "ram.aliyuncs.com"), models)
TRUST = json.dumps({"Version": "1", "Statement": [{
    "Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"Service": ["actiontrail.aliyuncs.com"]}}]})
READ = json.dumps({"Version": "1", "Statement": [{"Effect": "Allow", "Action": "ram:Get*", "Resource": "*"}]})

call("create_user", user_name="sdk-user")
call("create_role", role_name="sdk-role", assume_role_policy_document=TRUST)
for number in range(6):
    call("create_policy", policy_name=f"sdk-policy-{number}", policy_document=READ)

for kind in ("User", "Role"):
    field, name = f"{kind.lower()}_name", f"sdk-{kind.lower()}"
    attach, detach, listing = (f"{verb}_{kind.lower()}" for verb in ("attach_policy_to", "detach_policy_from", "list_policies_for"))
    whole = {"policy_type": "Custom", "policy_name": "sdk-policy-0", field: name}
    for operation, fields in ((attach, whole), (detach, whole), (listing, {field: name})):
        for missing in fields:
            code = "Missing" + "".join(part.capitalize() for part in missing.split("_"))
            refused(code, lambda: call(operation, **{**fields, missing: None}), 400)
        refused(f"InvalidParameter.{kind}Name.InvalidChars", lambda: call(operation, **{**fields, field: "a b"}), 400)
        refused(f"InvalidParameter.{kind}Name.Length", lambda: call(operation, **{**fields, field: "n" * 65}), 400)
        refused(f"EntityNotExist.{kind}", lambda: call(operation, **{**fields, field: "nobody-here"}), 404)
        if operation != listing:
            for wrong, code in (({"policy_type": "Mine"}, "PolicyType"), ({"policy_name": "a b"}, "PolicyName.InvalidChars"),
                                ({"policy_name": "p" * 129}, "PolicyName.Length")):
                refused(f"InvalidParameter.{code}", lambda: call(operation, **{**fields, **wrong}), 400)
            refused("EntityNotExist.Policy", lambda: call(operation, **{**fields, "policy_name": "no-such-policy"}), 404)

    refused(f"EntityNotExist.{kind}.Policy", lambda: call(detach, **whole), 404)
    call(attach, **whole)
    refused(f"EntityAlreadyExists.{kind}.Policy", lambda: call(attach, **whole), 409)
    refused(f"DeleteConflict.Policy.{kind}", lambda: call("delete_policy", policy_name="sdk-policy-0"), 409)
    equal(call("get_policy", policy_type="Custom", policy_name="sdk-policy-0").policy.attachment_count, 1,
          "counts what the policy is attached to")
    for number in range(1, 5):
        call(attach, **{**whole, "policy_name": f"sdk-policy-{number}"})
    refused(f"LimitExceeded.{kind}.Policy", lambda: call(attach, **{**whole, "policy_name": "sdk-policy-5"}), 409)
    call(attach, **{**whole, "policy_type": "System", "policy_name": "ReadOnlyAccess"})
    listed = call(listing, **{field: name}).policies.policy
    equal(sorted((policy.policy_type, policy.policy_name) for policy in listed),
          [("Custom", f"sdk-policy-{number}") for number in range(5)] + [("System", "ReadOnlyAccess")],
          "lists policies of both types; five of the account's own are the most")
    for policy in listed:
        call(detach, policy_type=policy.policy_type, policy_name=policy.policy_name, **{field: name})
    equal(call(listing, **{field: name}).policies.policy, [], "what is detached is not listed any more")

for kind in ("User", "Role"):
    field, name = f"{kind.lower()}_name", f"sdk-{kind.lower()}"
    for policy in ("AliyunECSFullAccess", "AliyunGlobalAccelerationReadOnlyAccess"):
        call(f"attach_policy_to_{kind.lower()}", policy_type="System", policy_name=policy, **{field: name})
    listed = call(f"list_policies_for_{kind.lower()}", **{field: name}).policies.policy
    equal(sorted(policy.policy_name for policy in listed), ["AliyunECSFullAccess", "AliyunGlobalAccelerationReadOnlyAccess"],
          "policies of the vendor for other services can be attached as well")
    for policy in listed:
        call(f"detach_policy_from_{kind.lower()}", policy_type="System", policy_name=policy.policy_name, **{field: name})

# What a user may do follows from the policies at once.
key = call("create_access_key", user_name="sdk-user").access_key
user = tea.caller(tea.client(client, "ram.aliyuncs.com", key.access_key_id, key.access_key_secret), models)
refused("NoPermission", lambda: user("get_user", user_name="sdk-user"), 403)
call("attach_policy_to_user", user_name="sdk-user", policy_type="Custom", policy_name="sdk-policy-0")
equal(user("get_user", user_name="sdk-user").user.user_name, "sdk-user", "may be called by whom a policy allows it")
refused("NoPermission", lambda: user("delete_user", user_name="sdk-user"), 403)
deny = READ.replace("Allow", "Deny")
call("create_policy_version", policy_name="sdk-policy-0", policy_document=deny, set_as_default=True)
refused("NoPermission", lambda: user("get_user", user_name="sdk-user"), 403)
