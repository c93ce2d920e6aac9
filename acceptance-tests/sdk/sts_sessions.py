"""Sessions of STS with the official SDKs: for whom and how long, what they may do in every service, and that they end."""

import datetime
import json

from alibabacloud_actiontrail20200706 import client as trail_client, models as trail_models
from alibabacloud_ram20150501 import client as ram_client, models as ram_models
from alibabacloud_resourcemanager20200331 import client as directory_client, models as directory_models
from alibabacloud_sts20150401 import client as sts_client, models as sts_models

import tea
from common import ACCOUNT, KEY, SECRET, admin, equal, refused
from signers import HOSTS, Oss2, Sls

ram = tea.caller(tea.client(ram_client, HOSTS["ram"]), ram_models)
sts = tea.caller(tea.client(sts_client, HOSTS["sts"]), sts_models)
ROLE = f"acs:ram::{ACCOUNT}:role/sdk-sessions"
TRUST = {"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"RAM": [f"acs:ram::{ACCOUNT}:root"]}}


def document(*statements):
    return json.dumps({"Version": "1", "Statement": statements})


def allow(*actions):
    return document({"Effect": "Allow", "Action": list(actions), "Resource": "*"})


def assume(who=sts, arn=ROLE, **fields):
    return who("assume_role", role_arn=arn, role_session_name="sdk", **fields).credentials


def minutes(credentials):
    end = datetime.datetime.strptime(credentials.expiration, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=datetime.timezone.utc)
    return round((end - datetime.datetime.now(datetime.timezone.utc)).total_seconds() / 60)


ram("create_role", role_name="sdk-sessions", assume_role_policy_document=document(TRUST), max_session_duration=7200)
ram("attach_policy_to_role", role_name="sdk-sessions", policy_type="System", policy_name="AdministratorAccess")

# For how long.
equal(minutes(assume()), 60, "a session lasts an hour, unless DurationSeconds says otherwise")
equal([minutes(assume(duration_seconds=seconds)) for seconds in (900, 7200)], [15, 120],
      "from 900 seconds to what the role allows")
refused("InvalidParameter.DurationSeconds", lambda: assume(duration_seconds=7201), 400)
equal(sts("assume_role", role_arn=ROLE, role_session_name="sdk", source_identity="ci-7").source_identity, "ci-7",
      "the answer repeats SourceIdentity")

# For whom.
ram("create_user", user_name="nobody")
key = ram("create_access_key", user_name="nobody").access_key
nobody = tea.caller(tea.client(sts_client, HOSTS["sts"], key.access_key_id, key.access_key_secret), sts_models)
refused("NoPermission", lambda: assume(nobody), 403)
equal(nobody("get_caller_identity").arn, f"acs:ram::{ACCOUNT}:user/nobody", "whoever has a key may ask, without any policy")
ram("attach_policy_to_user", user_name="nobody", policy_type="System", policy_name="AliyunSTSAssumeRoleAccess")
equal(minutes(assume(nobody)), 60, "a user who may assume roles")
admin("PUT", "access_keys/LTAIroot", {"account": ACCOUNT, "secret": "root-secret", "principal": {"type": "root"}})
root = tea.caller(tea.client(sts_client, HOSTS["sts"], "LTAIroot", "root-secret"), sts_models)
found = root("get_caller_identity")
equal((found.identity_type, found.principal_id), ("Account", ACCOUNT), "a key of the account itself")
refused("NoPermission", lambda: assume(root), 403)
guarded = document({**TRUST, "Condition": {"StringEquals": {"sts:ExternalId": ["audit-7"]}}})
GUARDED = ram("create_role", role_name="sdk-guarded", assume_role_policy_document=guarded).role.arn
equal(minutes(assume(arn=GUARDED, external_id="audit-7")), 60, "a trust policy may ask for an external ID", assumed=True)
for other in ({}, {"external_id": "audit-8"}):
    refused("NoPermission", lambda: assume(arn=GUARDED, **other), 403)
chained = tea.caller(tea.assumed(assume(), sts_client, HOSTS["sts"]), sts_models)
equal(minutes(assume(chained)), 60, "a session may assume a role itself", assumed=True)

# What a session may do: what both its role and its own policy allow.
Oss2("v4").bucket(KEY, SECRET, None).create_bucket()
CALLS = {
    "actiontrail:DescribeTrails": lambda it: tea.caller(
        tea.assumed(it, trail_client, HOSTS["actiontrail"]), trail_models)("describe_trails"),
    "ram:ListRoles": lambda it: tea.caller(tea.assumed(it, ram_client, HOSTS["ram"]), ram_models)("list_roles"),
    "sts:AssumeRole": lambda it: assume(tea.caller(tea.assumed(it, sts_client, HOSTS["sts"]), sts_models)),
    "resourcemanager:ListAccounts": lambda it: tea.caller(
        tea.assumed(it, directory_client, HOSTS["resourcemanager"]), directory_models)("list_accounts"),
    "oss:GetBucketInfo": lambda it: Oss2("v4")("oss", it.access_key_id, it.access_key_secret, it.security_token)(),
    "log:ListProject": lambda it: Sls("v4")("sls", it.access_key_id, it.access_key_secret, it.security_token)(),
}
REFUSALS = {"oss": ("AccessDenied", 403), "log": ("Unauthorized", 401)}
whole, sessions = assume(), {action: assume(policy=allow(action)) for action in CALLS}
for action, call in CALLS.items():
    call(whole)
    for allowed, session in sessions.items():
        if allowed == action:
            call(session)
        else:
            code, status = REFUSALS.get(action.split(":")[0], ("NoPermission", 403))
            refused(code, lambda: call(session), status)
wider = assume(arn=GUARDED, external_id="audit-7", policy=allow("*"))
refused("NoPermission", lambda: CALLS["ram:ListRoles"](wider), 403)

# Sessions lapse by the clock on the wall, which nobody can turn, so the end of this one is moved.
admin("PATCH", f"access_keys/{whole.access_key_id}", {"expires": "2026-01-01T00:00:00Z"})
ENDED = {"oss": ("SecurityTokenExpired", 403), "log": ("Unauthorized", 401)}
for action, call in CALLS.items():
    code, status = ENDED.get(action.split(":")[0], ("InvalidSecurityToken.Expired", 400))
    refused(code, lambda: call(whole), status)
