"""What goes wrong with signatures, in every scheme of every service: unknown keys, wrong secrets, clocks that are off, used
nonces, scopes of another region, tokens of STS that are wrong or old."""

import datetime
import json
from unittest import mock

from alibabacloud_ram20150501 import client as ram_client, models as ram_models
from alibabacloud_sts20150401 import client as sts_client, models as sts_models
from freezegun import freeze_time

import tea
from common import ACCOUNT, KEY, SECRET, admin, refused
from signers import HOSTS, NewerSls, Oss2, Sls, acs3, oss_v2, rpc1

UNKNOWN, WRONG = "LTAInosuchkey0000000", "not-the-secret"
RPC = {"unknown": ("InvalidAccessKeyId.NotFound", 404), "inactive": ("InvalidAccessKeyId.Inactive", 400),
       "wrong": ("SignatureDoesNotMatch", 400), "skewed": ("InvalidTimeStamp.Expired", 400),
       "no token": ("MissingSecurityToken", 400), "another token": ("InvalidSecurityToken.MismatchWithAccessKey", 400),
       "old token": ("InvalidSecurityToken.Expired", 400)}
OSS = {"unknown": ("InvalidAccessKeyId", 403), "inactive": ("InvalidAccessKeyId", 403),
       "wrong": ("SignatureDoesNotMatch", 403), "skewed": ("RequestTimeTooSkewed", 403),
       "no token": ("InvalidAccessKeyId", 403), "another token": ("AccessKeyIdAndSecurityTokenNotMatch", 403),
       "old token": ("SecurityTokenExpired", 403)}
SLS = {"unknown": ("Unauthorized", 401), "inactive": ("Unauthorized", 401), "wrong": ("SignatureNotMatch", 401),
       "skewed": ("RequestTimeExpired", 400), "no token": ("Unauthorized", 401), "another token": ("Unauthorized", 401),
       "old token": ("Unauthorized", 401)}
WAYS = [(service, way, RPC) for service in HOSTS for way in (acs3, rpc1)] + [
    ("oss", Oss2("v1"), OSS), ("oss", Oss2("v4"), OSS), ("oss", oss_v2, OSS),
    ("sls", Sls("v1"), SLS), ("sls", Sls("v4"), SLS), ("sls", NewerSls("v1"), SLS), ("sls", NewerSls("v4"), SLS)]
NOW = datetime.datetime.now(datetime.timezone.utc)


def fails(what, *credentials):
    """Every way is refused as its service documents."""
    for service, way, codes in WAYS:
        code, status = codes[what]
        refused(code, way(service, *credentials), status)


Oss2("v4").bucket(KEY, SECRET, None).create_bucket()
ram = tea.caller(tea.client(ram_client, HOSTS["ram"]), ram_models)
trust = {"Version": "1", "Statement": [{"Action": "sts:AssumeRole", "Effect": "Allow",
                                        "Principal": {"RAM": [f"acs:ram::{ACCOUNT}:root"]}}]}
role = ram("create_role", role_name="sdk-auth", assume_role_policy_document=json.dumps(trust)).role.arn
ram("attach_policy_to_role", role_name="sdk-auth", policy_type="System", policy_name="AdministratorAccess")
assumed = tea.client(sts_client, HOSTS["sts"]).assume_role(
    sts_models.AssumeRoleRequest(role_arn=role, role_session_name="sdk")).body.credentials
TEMPORARY = (assumed.access_key_id, assumed.access_key_secret)

# Keys, secrets, clocks and tokens.
for service, way, _ in WAYS:
    way(service, KEY, SECRET, None)()
    way(service, *TEMPORARY, assumed.security_token)()
fails("unknown", UNKNOWN, SECRET, None)
fails("wrong", KEY, WRONG, None)
for minutes in (-16, 16):
    with freeze_time(NOW + datetime.timedelta(minutes=minutes), tick=True):
        fails("skewed", KEY, SECRET, None)
for service, way, _ in WAYS:
    with freeze_time(NOW - datetime.timedelta(minutes=14), tick=True):
        way(service, KEY, SECRET, None)()
fails("no token", *TEMPORARY, None)
fails("another token", *TEMPORARY, "another-token")

# Scopes of another region.
for way in (Oss2("v4"), oss_v2):
    refused("InvalidArgument", way("oss", KEY, SECRET, None, region="cn-shanghai"), 400)
for way in (Sls("v4"), NewerSls("v4")):
    refused("ParameterInvalid", way("sls", KEY, SECRET, None, region="cn-shanghai"), 400)

# Signatures that were used before, or are none.
TEA, CORE = "alibabacloud_tea_openapi.utils.Utils", "aliyunsdkcore.utils.parameter_helper"
for service in HOSTS:
    for way, nonce, clock in ((acs3, f"{TEA}.get_nonce", f"{TEA}.get_timestamp"),
                              (rpc1, f"{CORE}.get_uuid", f"{CORE}.get_iso_8061_date")):
        with mock.patch(nonce, return_value=f"once-for-{service}-{way.__name__}"):
            way(service, KEY, SECRET, None)()
            refused("SignatureNonceUsed", way(service, KEY, SECRET, None), 400)
        with mock.patch(clock, return_value="yesterday"):
            refused("InvalidTimeStamp.Format", way(service, KEY, SECRET, None), 400)
    with mock.patch(f"{CORE}.get_uuid", return_value=""):
        refused("IncompleteSignature", rpc1(service, KEY, SECRET, None), 400)
    with mock.patch("aliyunsdkcore.auth.algorithm.sha_hmac1.get_signer_name", return_value="HMAC-MD5"):
        refused("InvalidSignatureMethod", rpc1(service, KEY, SECRET, None), 400)

    # What is asked of whom.
    refused("MissingAccessKeyId", acs3(service, KEY, SECRET, None, auth_type="Anonymous"), 400)
    refused("InvalidAction.NotFound", acs3(service, KEY, SECRET, None, action="NoSuchAction"), 404)
    refused("InvalidVersion", acs3(service, KEY, SECRET, None, version="1999-01-01"), 400)

admin("PATCH", f"access_keys/{KEY}", {"active": False})
fails("inactive", KEY, SECRET, None)

# Keys of STS lapse by the clock on the wall, which nobody can turn, so the end of this one is moved.
admin("PATCH", f"access_keys/{assumed.access_key_id}", {"expires": "2026-01-01T00:00:00Z"})
fails("old token", *TEMPORARY, assumed.security_token)
