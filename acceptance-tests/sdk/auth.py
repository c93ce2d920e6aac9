"""What goes wrong with signatures, in every scheme of every service: unknown keys, wrong secrets, clocks that are off, used
nonces, scopes of another region, tokens of STS that are wrong or old."""

import datetime
from unittest import mock

import alibabacloud_oss_v2 as oss
import oss2
from alibabacloud_actiontrail20200706 import client as actiontrail
from alibabacloud_ram20150501 import client as ram
from alibabacloud_resourcemanager20200331 import client as resource_manager
from alibabacloud_sts20150401 import client as sts, models as sts_models
from alibabacloud_tea_openapi import models as open_api
from aliyun.log import LogClient
from aliyunsdkcore.auth.credentials import AccessKeyCredential, StsTokenCredential
from aliyunsdkcore.client import AcsClient
from aliyunsdkcore.request import CommonRequest
from darabonba.runtime import RuntimeOptions
from freezegun import freeze_time

import tea
from common import ACCOUNT, KEY, REGION, SECRET, admin, refused

UNKNOWN, WRONG = "LTAInosuchkey0000000", "not-the-secret"
HOSTS = {"actiontrail": f"actiontrail.{REGION}.aliyuncs.com", "ram": "ram.aliyuncs.com", "sts": f"sts.{REGION}.aliyuncs.com",
         "resourcemanager": "resourcemanager.aliyuncs.com"}
VERSIONS = {"actiontrail": "2020-07-06", "ram": "2015-05-01", "sts": "2015-04-01", "resourcemanager": "2020-03-31"}
READS = {"actiontrail": (actiontrail, "DescribeRegions"), "ram": (ram, "ListRoles"), "sts": (sts, "GetCallerIdentity"),
         "resourcemanager": (resource_manager, "GetResourceDirectory")}


def acs3(service, key, secret, token, **other):
    """ACS3-HMAC-SHA256, as the generated SDKs sign."""
    module, action = READS[service]
    client = tea.client(module, HOSTS[service], key, secret, token)
    params = open_api.Params(**{"action": action, "version": VERSIONS[service], "protocol": "HTTP", "pathname": "/",
                                "method": "POST", "auth_type": "AK", "style": "RPC", "req_body_type": "formData",
                                "body_type": "json", **other})
    return lambda: client.call_api(params, open_api.OpenApiRequest(), RuntimeOptions(autoretry=False))


def rpc1(service, key, secret, token):
    """RPC signature version 1 in the query, as the older core SDK signs."""
    credential = StsTokenCredential(key, secret, token) if token else AccessKeyCredential(key, secret)
    client = AcsClient(region_id=REGION, credential=credential)
    client.set_max_retry_num(0)

    def call():
        request = CommonRequest(domain=HOSTS[service], version=VERSIONS[service], action_name=READS[service][1])
        request.set_protocol_type("http")
        request.set_method("GET")
        return client.do_action_with_exception(request)
    return call


class Oss2:
    """OSS with signatures of version 1 or 4."""

    def __init__(self, version):
        self.version = version

    def __call__(self, _service, key, secret, token, region=REGION):
        if token:
            auth = oss2.StsAuth(key, secret, token, auth_version=self.version)
        else:
            auth = (oss2.AuthV4 if self.version == "v4" else oss2.Auth)(key, secret)
        return oss2.Bucket(auth, f"http://oss-{REGION}.aliyuncs.com", BUCKET, region=region).get_bucket_info


def oss_v2(_service, key, secret, token, region=REGION):
    """OSS with the newer SDK."""
    config = oss.config.load_default()
    config.region, config.endpoint, config.retry_max_attempts = region, f"http://oss-{REGION}.aliyuncs.com", 1
    config.credentials_provider = oss.credentials.StaticCredentialsProvider(key, secret, token)
    return lambda: oss.Client(config).get_bucket_info(oss.GetBucketInfoRequest(bucket=BUCKET))


class Sls:
    """SLS with signatures of version 1 or 4."""

    def __init__(self, version):
        self.version = version

    def __call__(self, _service, key, secret, token, region=REGION):
        client = LogClient(f"http://{REGION}.log.aliyuncs.com", key, secret, token, auth_version=self.version, region=region)
        return lambda: client.list_project(size=1)


BUCKET = "sdk-auth"
oss2.Bucket(oss2.AuthV4(KEY, SECRET), f"http://oss-{REGION}.aliyuncs.com", BUCKET, region=REGION).create_bucket()
assumed = tea.client(sts, HOSTS["sts"]).assume_role(sts_models.AssumeRoleRequest(
    role_arn=f"acs:ram::{int(ACCOUNT) + 1}:role/ResourceDirectoryAccountAccessRole", role_session_name="sdk")).body.credentials
TEMPORARY = (assumed.access_key_id, assumed.access_key_secret)

RPC = {"unknown": ("InvalidAccessKeyId.NotFound", 404), "wrong": ("SignatureDoesNotMatch", 400),
       "skewed": ("InvalidTimeStamp.Expired", 400), "no token": ("MissingSecurityToken", 400),
       "another token": ("InvalidSecurityToken.MismatchWithAccessKey", 400), "old token": ("InvalidSecurityToken.Expired", 400)}
OSS = {"unknown": ("InvalidAccessKeyId", 403), "wrong": ("SignatureDoesNotMatch", 403),
       "skewed": ("RequestTimeTooSkewed", 403), "no token": ("InvalidAccessKeyId", 403),
       "another token": ("AccessKeyIdAndSecurityTokenNotMatch", 403), "old token": ("SecurityTokenExpired", 403)}
SLS = {"unknown": ("Unauthorized", 401), "wrong": ("SignatureNotMatch", 401), "skewed": ("RequestTimeExpired", 400),
       "no token": ("Unauthorized", 401), "another token": ("Unauthorized", 401), "old token": ("Unauthorized", 401)}
WAYS = [(service, way, RPC) for service in HOSTS for way in (acs3, rpc1)] + [
    ("oss", Oss2("v1"), OSS), ("oss", Oss2("v4"), OSS), ("oss", oss_v2, OSS),
    ("sls", Sls("v1"), SLS), ("sls", Sls("v4"), SLS)]
EARLIER = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(minutes=30)

for service, way, codes in WAYS:
    way(service, KEY, SECRET, None)()
    refused(codes["unknown"][0], way(service, UNKNOWN, SECRET, None), codes["unknown"][1])
    refused(codes["wrong"][0], way(service, KEY, WRONG, None), codes["wrong"][1])
    with freeze_time(EARLIER, tick=True):
        refused(codes["skewed"][0], way(service, KEY, SECRET, None), codes["skewed"][1])
    if codes is RPC or service == "sls":
        way(service, *TEMPORARY, assumed.security_token)()
    refused(codes["no token"][0], way(service, *TEMPORARY, None), codes["no token"][1])
    refused(codes["another token"][0], way(service, *TEMPORARY, "another-token"), codes["another token"][1])

for way in (Oss2("v4"), oss_v2):
    refused("InvalidArgument", way("oss", KEY, SECRET, None, region="cn-shanghai"), 400)
refused("ParameterInvalid", Sls("v4")("sls", KEY, SECRET, None, region="cn-shanghai"), 400)

for service in HOSTS:
    for way, source in ((acs3, "alibabacloud_tea_openapi.utils.Utils.get_nonce"),
                        (rpc1, "aliyunsdkcore.utils.parameter_helper.get_uuid")):
        with mock.patch(source, return_value=f"once-for-{service}-{way.__name__}"):
            way(service, KEY, SECRET, None)()
            refused("SignatureNonceUsed", way(service, KEY, SECRET, None), 400)

# What is asked of whom.
for service in HOSTS:
    refused("MissingAccessKeyId", acs3(service, KEY, SECRET, None, auth_type="Anonymous"), 400)
    refused("InvalidAction.NotFound", acs3(service, KEY, SECRET, None, action="NoSuchAction"), 404)
    refused("InvalidVersion", acs3(service, KEY, SECRET, None, version="1999-01-01"), 400)

admin("PATCH", f"access_keys/{KEY}", {"active": False})
for service, way, codes in WAYS:
    refused("InvalidAccessKeyId.Inactive" if codes is RPC else codes["unknown"][0], way(service, KEY, SECRET, None))

# Keys of STS lapse by the clock on the wall, which nobody can turn, so the end of this one is moved.
admin("PATCH", f"access_keys/{assumed.access_key_id}", {"expires": "2026-01-01T00:00:00Z"})
for service, way, codes in WAYS:
    refused(codes["old token"][0], way(service, *TEMPORARY, assumed.security_token), codes["old token"][1])
