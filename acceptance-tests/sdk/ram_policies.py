"""RAM with the official SDK: policies and their versions."""

import json

from alibabacloud_ram20150501 import client, models

import tea
from common import equal, paged, refused

call = tea.caller(tea.client(client, "ram.aliyuncs.com"), models)
LONG, CUSTOM = "x" * 7000, {"policy_name": "sdk-policy", "policy_type": "Custom"}


def policy(action):
    return json.dumps({"Version": "1", "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]})


WITH = {"create_policy": {"policy_document": policy("oss:GetObject")}, "get_policy": {"policy_type": "Custom"},
        "delete_policy": {}, "create_policy_version": {"policy_document": policy("oss:GetObject")},
        "list_policy_versions": {"policy_type": "Custom"}, "get_policy_version": {"policy_type": "Custom", "version_id": "v1"},
        "set_default_policy_version": {"version_id": "v1"}, "delete_policy_version": {"version_id": "v1"}}
for operation, more in WITH.items():
    refused("MissingPolicyName", lambda: call(operation, **more), 400)
    refused("InvalidParameter.PolicyName.InvalidChars", lambda: call(operation, policy_name="sdk policy", **more), 400)
    refused("InvalidParameter.PolicyName.Length", lambda: call(operation, policy_name="p" * 129, **more), 400)
    if operation != "create_policy":
        refused("EntityNotExist.Policy", lambda: call(operation, policy_name="no-such-policy", **more), 404)
    if "policy_type" in more:
        refused("InvalidParameter.PolicyType", lambda: call(operation, **{**more, **CUSTOM, "policy_type": "Mine"}), 400)
refused("MissingPolicyType", lambda: call("get_policy", policy_name="sdk-policy"), 400)

made = call("create_policy", policy_name="sdk-policy", policy_document=policy("oss:GetObject"), description="reads").policy
equal((made.policy_type, made.default_version, made.description), ("Custom", "v1", "reads"), "a policy begins with version v1")
refused("EntityAlreadyExists.Policy", lambda: call("create_policy", policy_name="sdk-policy", **WITH["create_policy"]), 409)
refused("InvalidParameter.Description.Length", lambda: call(
    "create_policy", policy_name="sdk-second", description=LONG, **WITH["create_policy"]), 400)
for operation in ("create_policy", "create_policy_version"):
    name = "sdk-policy" if operation == "create_policy_version" else "sdk-second"
    refused("MissingPolicyDocument", lambda: call(operation, policy_name=name), 400)
    refused("MalformedPolicyDocument", lambda: call(operation, policy_name=name, policy_document="{"), 400)
    refused("InvalidParameter.PolicyDocument.Length", lambda: call(operation, policy_name=name, policy_document=LONG), 400)

# Versions: five, of which one holds.
second = call("create_policy_version", policy_name="sdk-policy", policy_document=policy("oss:PutObject"))
equal((second.policy_version.version_id, second.policy_version.is_default_version), ("v2", False),
      "a version does not hold until it is made the default")
equal(json.loads(call("get_policy", **CUSTOM).default_policy_version.policy_document)["Statement"][0]["Action"], "oss:GetObject",
      "shows the document of the version that holds")
call("set_default_policy_version", policy_name="sdk-policy", version_id="v2")
equal(call("get_policy", **CUSTOM).policy.default_version, "v2", "names the version that holds")
read = call("get_policy_version", version_id="v1", **CUSTOM).policy_version
equal((json.loads(read.policy_document)["Statement"][0]["Action"], read.is_default_version), ("oss:GetObject", False),
      "a version keeps its document")
for operation in ("get_policy_version", "set_default_policy_version", "delete_policy_version"):
    name = CUSTOM if operation == "get_policy_version" else {"policy_name": "sdk-policy"}
    refused("MissingVersionId", lambda: call(operation, **name), 400)
    refused("InvalidParameter.VersionId.Format", lambda: call(operation, version_id="second", **name), 400)
    refused("EntityNotExist.Policy.Version", lambda: call(operation, version_id="v9", **name), 404)
refused("DeleteConflict.Policy.Version.Default",
        lambda: call("delete_policy_version", policy_name="sdk-policy", version_id="v2"), 409)
for _ in range(3):
    call("create_policy_version", policy_name="sdk-policy", policy_document=policy("oss:ListObjects"))
refused("LimitExceeded.Policy.Version", lambda: call(
    "create_policy_version", policy_name="sdk-policy", **WITH["create_policy_version"]), 409)
refused("InvalidParameter.RotateStrategy", lambda: call(
    "create_policy_version", policy_name="sdk-policy", rotate_strategy="Forget", **WITH["create_policy_version"]), 400)
call("create_policy_version", policy_name="sdk-policy", rotate_strategy="DeleteOldestNonDefaultVersionWhenLimitExceeded",
     set_as_default=True, **WITH["create_policy_version"])
versions = call("list_policy_versions", **CUSTOM).policy_versions.policy_version
equal([(version.version_id, version.is_default_version) for version in versions],
      [("v2", False), ("v3", False), ("v4", False), ("v5", False), ("v6", True)], "lists all versions; rotation took the oldest")
equal([version.version_id for version in call(
    "list_policy_versions", policy_name="ReadOnlyAccess", policy_type="System").policy_versions.policy_version], ["v1"],
      "a policy of the vendor has a version as well")
call("delete_policy_version", policy_name="sdk-policy", version_id="v3")
refused("EntityNotExist.Policy.Version", lambda: call("get_policy_version", version_id="v3", **CUSTOM), 404)

# Lists, and the end.
for number in range(4):
    call("create_policy", policy_name=f"sdk-policy-{number}", **WITH["create_policy"])


def policies(marker, size=2, kind="Custom"):
    page = call("list_policies", policy_type=kind, marker=marker, max_items=size)
    return [policy.policy_name for policy in page.policies.policy], page.marker


paged(policies, ["sdk-policy"] + [f"sdk-policy-{number}" for number in range(4)],
      "MaxItems policies of the type are a page, and Marker leads on while IsTruncated")
refused("InvalidParameter.MaxItems", lambda: policies(None, 0), 400)
refused("InvalidParameter.Marker", lambda: policies("no-marker"), 400)
refused("InvalidParameter.PolicyType", lambda: policies(None, kind="Mine"), 400)
equal("AdministratorAccess" in policies(None, 100, None)[0], True, "without a type policies of the vendor are listed as well")
refused("DeleteConflict.Policy.Version", lambda: call("delete_policy", policy_name="sdk-policy"), 409)
call("delete_policy", policy_name="sdk-policy", cascading_delete=True)
refused("EntityNotExist.Policy", lambda: call("get_policy", **CUSTOM), 404)
