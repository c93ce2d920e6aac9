"""STS with the official SDK: who calls, and roles that are assumed with a key or with a token of an identity provider."""

import base64
import json
import os
import time

from alibabacloud_ram20150501 import client as ram_client, models as ram_models
from alibabacloud_sts20150401 import client as sdk, models

import tea
from common import ACCOUNT, REGION, admin, equal, refused

HOST = f"sts.{REGION}.aliyuncs.com"
client = tea.client(sdk, HOST)
ram = tea.caller(tea.client(ram_client, "ram.aliyuncs.com"), ram_models)

identity = client.get_caller_identity().body
equal((identity.account_id, identity.identity_type, identity.arn),
      (ACCOUNT, "RAMUser", f"acs:ram::{ACCOUNT}:user/terraform"), "a key of a user")

ROLE = f"acs:ram::{int(ACCOUNT) + 1}:role/ResourceDirectoryAccountAccessRole"


def assume(arn=ROLE, session="sdk", who=client, **fields):
    return who.assume_role(models.AssumeRoleRequest(role_arn=arn, role_session_name=session, **fields)).body


made = assume()
equal(made.assumed_role_user.arn, f"{ROLE}/sdk", "the ARN is that of the role with the name of the session")
session = tea.assumed(made.credentials, sdk, HOST)
identity = session.get_caller_identity().body
equal((identity.identity_type, identity.arn),
      ("AssumedRoleUser", f"acs:ram::{int(ACCOUNT) + 1}:assumed-role/ResourceDirectoryAccountAccessRole/sdk"), "a key of a session")
refused("EntityNotExist.Role", lambda: assume(f"acs:ram::{ACCOUNT}:role/no-such-role"), 404)
for code, fields in (("RoleArn", {"arn": "not-an-arn"}), ("RoleSessionName", {"session": "with blanks"}),
                     ("DurationSeconds", {"duration_seconds": 899}), ("DurationSeconds", {"duration_seconds": 43201}),
                     ("ExternalId", {"external_id": "x"}), ("PolicyGrammar", {"policy": "no policy"}),
                     ("PolicySize", {"policy": " " * 2049})):
    refused(f"InvalidParameter.{code}", lambda: assume(**fields), 400)
refused("MissingRoleArn", lambda: client.assume_role(models.AssumeRoleRequest(role_session_name="sdk")), 400)
refused("MissingRoleSessionName", lambda: client.assume_role(models.AssumeRoleRequest(role_arn=ROLE)), 400)
trust = {"Version": "1", "Statement": [{"Action": "sts:AssumeRole", "Effect": "Allow",
                                        "Principal": {"Service": ["ecs.aliyuncs.com"]}}]}
stranger = ram("create_role", role_name="not-for-users", assume_role_policy_document=json.dumps(trust)).role.arn
refused("NoPermission", lambda: assume(stranger), 403)

# A session can be narrower than its role.
policy = json.dumps({"Version": "1", "Statement": [{"Effect": "Allow", "Action": "sts:*", "Resource": "*"}]})
narrow = assume(policy=policy).credentials
refused("NoPermission", lambda: tea.caller(tea.assumed(narrow, ram_client, "ram.aliyuncs.com"), ram_models)("list_users"), 403)

# A token of an identity provider, without a key.
PROVIDER, ISSUER = f"acs:ram::{ACCOUNT}:oidc-provider/ci", "https://ci.example.com"
trust = {"Version": "1", "Statement": [{"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"Federated": [PROVIDER]},
                                        "Condition": {"StringEquals": {"oidc:iss": [ISSUER], "oidc:aud": ["alitrail"]}}}]}
federated = ram("create_role", role_name="for-ci", assume_role_policy_document=json.dumps(trust)).role.arn


def token(**claims):
    whole = {"iss": ISSUER, "sub": "repo:audit", "aud": "alitrail", "exp": int(time.time()) + 600, **claims}
    parts = (base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in ({"alg": "RS256"}, whole))
    return ".".join((*parts, "c2lnbmF0dXJl"))


def with_oidc(**fields):
    wanted = {"oidcprovider_arn": PROVIDER, "role_arn": federated, "role_session_name": "ci", "oidctoken": token(), **fields}
    return client.assume_role_with_oidc(models.AssumeRoleWithOIDCRequest(**wanted)).body


made = with_oidc()
equal((made.oidctoken_info.issuer, made.oidctoken_info.subject), (ISSUER, "repo:audit"), "the answer says whose token it was")
equal(tea.assumed(made.credentials, sdk, HOST).get_caller_identity().body.arn,
      f"acs:ram::{ACCOUNT}:assumed-role/for-ci/ci", "a session by a token of an identity provider")
refused("AuthenticationFail.NoPermission", lambda: with_oidc(oidctoken=token(aud="another")), 403)
refused("AuthenticationFail.OIDCToken.Expired", lambda: with_oidc(oidctoken=token(exp=1)), 400)
refused("EntityNotExist.Role", lambda: with_oidc(role_arn=f"acs:ram::{ACCOUNT}:role/no-such-role"), 404)
for code, fields in (("OIDCToken", {"oidctoken": "not-a-token"}), ("OIDCProviderArn", {"oidcprovider_arn": "not-an-arn"}),
                     ("RoleArn", {"role_arn": "not-an-arn"}), ("RoleSessionName", {"role_session_name": "with blanks"}),
                     ("DurationSeconds", {"duration_seconds": 1}), ("PolicyGrammar", {"policy": "no policy"}),
                     ("PolicySize", {"policy": " " * 2049})):
    refused(f"InvalidParameter.{code}", lambda: with_oidc(**fields), 400)
for name in ("oidcprovider_arn", "role_arn", "role_session_name", "oidctoken"):
    wire = {"oidcprovider_arn": "OIDCProviderArn", "oidctoken": "OIDCToken"}.get(name, name.title().replace("_", ""))
    refused(f"Missing{wire}", lambda: with_oidc(**{name: None}), 400)

for code, fault in (("Throttling.User", {"kind": "throttle"}),
                    ("InternalError", {"kind": "server_error", "status": 500, "code": "InternalError"})):
    admin("PUT", "faults", [{"service": "sts", **fault}])
    refused(code, client.get_caller_identity)

admin("PUT", "faults", [])

# What is beside a machine: the metadata service of an instance, here through the proxy, and an address that gives credentials.
from alibabacloud_credentials.provider import EcsRamRoleCredentialsProvider, URLCredentialsProvider  # noqa: E402

trust = {"Version": "1", "Statement": [{"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"Service": ["ecs.aliyuncs.com"]}}]}
ram("create_role", role_name="for-instances", assume_role_policy_document=json.dumps(trust))
for provider, role, name in (
        (EcsRamRoleCredentialsProvider(disable_imds_v1=True), "for-instances", "i-mock0000000000000001"),
        (EcsRamRoleCredentialsProvider(role_name="for-instances"), "for-instances", "i-mock0000000000000001"),
        (URLCredentialsProvider(uri=f"{os.environ['http_proxy']}/credentials/{ACCOUNT}/for-ci"), "for-ci", "helper")):
    keys = provider.get_credentials()
    keys = (keys.get_access_key_id(), keys.get_access_key_secret(), keys.get_security_token())
    who = tea.client(sdk, HOST, *keys).get_caller_identity().body
    if who.arn != f"acs:ram::{ACCOUNT}:assumed-role/{role}/{name}":
        raise AssertionError(f"credentials of {role}: {who.arn}")
