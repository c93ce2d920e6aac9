"""RAM with the official SDK: tags of roles and policies."""

import json

from alibabacloud_ram20150501 import client, models

import tea
from common import equal, paged, refused

call = tea.caller(tea.client(client, "ram.aliyuncs.com"), models)
TRUST = json.dumps({"Version": "1", "Statement": [{
    "Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"Service": ["actiontrail.aliyuncs.com"]}}]})
READ = json.dumps({"Version": "1", "Statement": [{"Effect": "Allow", "Action": "ram:Get*", "Resource": "*"}]})
ROLE, POLICY = {"resource_type": "role", "resource_names": ["sdk-role"]}, {"resource_type": "policy", "resource_names": ["sdk-policy"]}


def tags(kind, **wanted):
    return [getattr(models, f"{kind}RequestTag")(key=key, value=value) for key, value in wanted.items()]


def listed(**fields):
    found = call("list_tag_resources", **fields).tag_resources
    return [(tag.resource_name, tag.tag_key, tag.tag_value) for tag in found]


call("create_role", role_name="SDK-Role", assume_role_policy_document=TRUST, tag=tags("CreateRole", made="with it"))
call("create_role", role_name="sdk-other", assume_role_policy_document=TRUST)
call("create_policy", policy_name="sdk-policy", policy_document=READ, tag=tags("CreatePolicy", made="with it"))
equal(listed(**ROLE), [("SDK-Role", "made", "with it")], "a role has the tags that it was made with")
equal(listed(**POLICY), [("sdk-policy", "made", "with it")], "a policy has the tags that it was made with")

call("tag_resources", resource_type="role", resource_names=["sdk-role", "sdk-other"], tag=tags("TagResources", made="anew", team="audit"))
call("tag_resources", tag=tags("TagResources", team="audit"), **POLICY)
equal(listed(**ROLE), [("SDK-Role", "made", "anew"), ("SDK-Role", "team", "audit")], "a tag that is there gets the new value")
equal(listed(resource_type="role", tag=tags("ListTagResources", made="anew")),
      listed(resource_type="role", resource_names=["sdk-role", "sdk-other"]), "resources with a tag are listed with all of theirs",
      assumed=True)
equal(listed(resource_type="role", resource_names=["nobody"]), [], "of a resource that is not there none are listed", assumed=True)


def page(token):
    answer = call("list_tag_resources", resource_type="role", page_size=3, next_token=token)
    return [(tag.resource_name, tag.tag_key) for tag in answer.tag_resources], answer.next_token


paged(page, [(name, key) for name in ("SDK-Role", "sdk-other") for key in ("made", "team")],
      "PageSize tags are a page, and NextToken leads on")

found = call("list_roles", tag=tags("ListRoles", team="audit")).roles.role
equal([(role.role_name, [(tag.tag_key, tag.tag_value) for tag in role.tags.tag]) for role in found],
      [(name, [("made", "anew"), ("team", "audit")]) for name in ("SDK-Role", "sdk-other")], "lists roles by tag, and shows their tags")
found = call("list_policies", tag=tags("ListPolicies", team="audit")).policies.policy
equal([(policy.policy_name, [tag.tag_key for tag in policy.tags.tag]) for policy in found], [("sdk-policy", ["made", "team"])],
      "lists policies by tag, and shows their tags")

call("untag_resources", tag_keys=["team", "none"], **ROLE)
equal(listed(**ROLE), [("SDK-Role", "made", "anew")], "takes away the tags of the keys, and passes over a key that is not there")
call("untag_resources", all=True, **ROLE)
equal(listed(**ROLE), [], "takes away all tags")
call("untag_resources", all=True, **POLICY)

# What is missing, malformed, or not there.
TAG = {"tag": tags("TagResources", a="b")}
for operation, more in (("tag_resources", TAG), ("untag_resources", {"tag_keys": ["a"]}), ("list_tag_resources", {})):
    refused("MissingResourceType", lambda: call(operation, resource_names=["sdk-role"], **more), 400)
    refused("InvalidParameter.ResourceType", lambda: call(operation, resource_type="user", resource_names=["sdk-role"], **more), 400)
    refused("InvalidParameter.ResourceNames", lambda: call(operation, resource_type="role", resource_names=["r"] * 51, **more), 400)
    if operation != "list_tag_resources":
        refused("MissingResourceNames", lambda: call(operation, resource_type="role", **more), 400)
        for kind in ("Role", "Policy"):
            refused(f"EntityNotExist.{kind}", lambda: call(
                operation, resource_type=kind.lower(), resource_names=["nobody"], **more), 404)
refused("MissingTag", lambda: call("tag_resources", **ROLE), 400)
refused("MissingTagKeys", lambda: call("untag_resources", **ROLE), 400)
for size, token, code in ((101, None, "PageSize"), (10, "no-token", "NextToken")):
    refused(f"InvalidParameter.{code}", lambda: call("list_tag_resources", page_size=size, next_token=token, **ROLE), 400)
for key, value in (("acs:key", "v"), ("aliyun-key", "v"), ("k" * 129, "v"), ("k", "v" * 257)):
    for operation, kind, fields in (
            ("tag_resources", "TagResources", ROLE), ("list_tag_resources", "ListTagResources", ROLE),
            ("create_role", "CreateRole", {"role_name": "sdk-third", "assume_role_policy_document": TRUST}),
            ("create_policy", "CreatePolicy", {"policy_name": "sdk-third", "policy_document": READ}),
            ("list_roles", "ListRoles", {}), ("list_policies", "ListPolicies", {})):
        refused("InvalidParameter.Tag", lambda: call(operation, tag=tags(kind, **{key: value}), **fields), 400)
call("tag_resources", tag=tags("TagResources", **{f"key-{number}": "v" for number in range(20)}), **ROLE)
refused("LimitExceeded.Tag", lambda: call("tag_resources", tag=tags("TagResources", one="more"), **ROLE), 409)
