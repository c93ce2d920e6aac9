"""ResourceManager with the official SDK: control policies, and what they keep members from doing."""

import json

from alibabacloud_actiontrail20200706 import client as trail_client, models as trail_models
from alibabacloud_resourcemanager20200331 import client, models
from alibabacloud_sts20150401 import client as sts_client, models as sts_models

import tea
from common import ACCOUNT, REGION, admin, equal, paged, refused

call = tea.caller(tea.client(client, "resourcemanager.aliyuncs.com"), models)
sts = tea.caller(tea.client(sts_client, f"sts.{REGION}.aliyuncs.com"), sts_models)
MEMBER, FULL, NONE = str(int(ACCOUNT) + 1), "cp-FullAliyunAccess", "cp-none"
ROOT = call("get_resource_directory").resource_directory.root_folder_id
DENY = json.dumps({"Version": "1", "Statement": [{"Effect": "Deny", "Action": "actiontrail:Describe*", "Resource": "*"}]})
NEW = {"policy_name": "sdk-control", "effect_scope": "RAM", "policy_document": DENY}

for missing in NEW:
    code = "".join(part.capitalize() for part in missing.split("_"))
    refused(f"MissingParameter.{code}", lambda: call("create_control_policy", **{**NEW, missing: None}), 400)
for field, value, code, status in (
        ("policy_name", "a b", "PolicyName", 400), ("policy_name", "p" * 129, "PolicyName.Length", 400),
        ("effect_scope", "All", "EffectScope", 400), ("policy_document", "{", "PolicyDocument", 400),
        ("policy_document", "x" * 4097, "PolicyDocument.Length", 409)):
    refused(f"InvalidParameter.{code}", lambda: call("create_control_policy", **{**NEW, field: value}), status)
made = call("create_control_policy", description="denies", **NEW).control_policy
equal((made.policy_type, made.effect_scope, made.attachment_count), ("Custom", "RAM", "0"), "a policy is attached to nothing at first")
POLICY = made.policy_id
refused("EntityAlreadyExists.ControlPolicy", lambda: call("create_control_policy", **NEW), 409)

UNKNOWN = {"get_control_policy": {}, "update_control_policy": {}, "delete_control_policy": {},
           "attach_control_policy": {"target_id": MEMBER}, "list_target_attachments_for_control_policy": {}}
for operation, more in UNKNOWN.items():
    refused("MissingParameter.PolicyId", lambda: call(operation, **more), 400)
    refused("EntityNotExists.ControlPolicy", lambda: call(operation, policy_id=NONE, **more), 404)
equal(json.loads(call("get_control_policy", policy_id=POLICY).control_policy.policy_document), json.loads(DENY), "shows the document")
equal(call("get_control_policy", policy_id=FULL).control_policy.policy_type, "System", "shows the policy that is attached at first")
call("update_control_policy", policy_id=POLICY, new_description="changed", new_policy_name="sdk-renamed")
seen = call("get_control_policy", policy_id=POLICY).control_policy
equal((seen.policy_name, seen.description), ("sdk-renamed", "changed"), "shows what UpdateControlPolicy changed")
for field, value, code in (("new_policy_name", "a b", "NewPolicyName"), ("new_policy_name", "p" * 129, "NewPolicyName.Length"),
                           ("new_policy_document", "{", "NewPolicyDocument"),
                           ("new_policy_document", "x" * 4097, "NewPolicyDocument.Length")):
    refused(f"InvalidParameter.{code}", lambda: call("update_control_policy", policy_id=POLICY, **{field: value}), 400)
more = [call("create_control_policy", **{**NEW, "policy_name": f"sdk-{number}"}).control_policy.policy_id for number in range(9)]
refused("EntityAlreadyExists.ControlPolicy", lambda: call("update_control_policy", policy_id=POLICY, new_policy_name="sdk-0"), 409)


def walk(operation, items, size, **fields):
    def fetch(page):
        answer = call(operation, page_number=page, page_size=size, **fields)
        return items(answer), (page or 1) + 1 if (page or 1) * size < answer.total_count else None
    return fetch


policies = walk("list_control_policies", lambda answer: [p.policy_id for p in answer.control_policies.control_policy], 4)
paged(policies, [FULL, POLICY] + more, "PageSize policies are a page, the vendor's first")
equal([p.policy_id for p in call("list_control_policies", policy_type="System").control_policies.control_policy], [FULL], "lists one type")
refused("InvalidParameter.PageNumber", lambda: policies(0), 400)

# Attached: at most ten of a target, and at least one.
equal(call("enable_control_policy").enablement_status, "Enabled", "control policies are in force at once", assumed=True)
equal(call("get_control_policy_enablement_status").enablement_status, "Enabled", "shows that control policies are in force")
for operation in ("attach_control_policy", "detach_control_policy", "list_control_policy_attachments_for_target"):
    fields = {} if operation.startswith("list") else {"policy_id": POLICY}
    refused("MissingParameter.TargetId", lambda: call(operation, **fields), 400)
    refused("EntityNotExists.Target", lambda: call(operation, target_id="fd-none", **fields), 404)
refused("MissingParameter.PolicyId", lambda: call("detach_control_policy", target_id=MEMBER), 400)
refused("EntityNotExists.ControlPolicyAttachment", lambda: call("detach_control_policy", policy_id=POLICY, target_id=MEMBER), 404)
for policy in more:
    call("attach_control_policy", policy_id=policy, target_id=MEMBER)
refused("EntityAlreadyExists.ControlPolicyAttachment", lambda: call("attach_control_policy", policy_id=more[0], target_id=MEMBER), 409)
refused("LimitExceeded.ControlPolicyAttachment", lambda: call("attach_control_policy", policy_id=POLICY, target_id=MEMBER), 409)
attachments = call("list_control_policy_attachments_for_target", target_id=MEMBER).control_policy_attachments
equal([a.policy_id for a in attachments.control_policy_attachment], [FULL] + more, "lists the target's own policies")
refused("DeleteConflict.ControlPolicy.Attached", lambda: call("delete_control_policy", policy_id=more[0]), 409)
for policy in more:
    call("detach_control_policy", policy_id=policy, target_id=MEMBER)
refused("NotSupport.DetachLastControlPolicy", lambda: call("detach_control_policy", policy_id=FULL, target_id=MEMBER), 400)
targets = walk("list_target_attachments_for_control_policy",
               lambda answer: [t.target_type for t in answer.target_attachments.target_attachment], 1, policy_id=FULL)
paged(targets, ["Root", "Account", "Account"], "PageSize targets are a page")
refused("InvalidParameter.PageSize", lambda: call("list_target_attachments_for_control_policy", policy_id=FULL, page_size=0), 400)

# What the root folder denies, no member may do, whatever its role allows.
session = sts("assume_role", role_arn=f"acs:ram::{MEMBER}:role/ResourceDirectoryAccountAccessRole", role_session_name="sdk").credentials
member = tea.caller(tea.assumed(session, trail_client, f"actiontrail.{REGION}.aliyuncs.com"), trail_models)
equal(member("describe_trails").trail_list, [], "the role of a member may list its trails")
call("attach_control_policy", policy_id=POLICY, target_id=ROOT)
refused("NoPermission", lambda: member("describe_trails"), 403)
equal(call("disable_control_policy").enablement_status, "Disabled", "control policies are out of force at once", assumed=True)
equal(member("describe_trails").trail_list, [], "what control policies denied is allowed once they are out of force")
equal(call("list_target_attachments_for_control_policy", policy_id=POLICY).total_count, 0, "after DisableControlPolicy none is attached")
call("delete_control_policy", policy_id=POLICY)
refused("EntityNotExists.ControlPolicy", lambda: call("get_control_policy", policy_id=POLICY), 404)

# A directory that has as many policies as it may have.
directory = call("get_resource_directory").resource_directory.resource_directory_id
full = {"name": "", "document": DENY, "create_time": "2026-01-01T00:00:00Z", "update_time": "2026-01-01T00:00:00Z"}
admin("PATCH", f"directories/{directory}/control_policies",
      {f"cp-full{number}": {**full, "name": f"full-{number}"} for number in range(1500 - len(more))})
refused("LimitExceeded.ControlPolicy", lambda: call("create_control_policy", **NEW), 409)
