"""The ways in which official SDKs sign, as calls that read something: `way(service, key, secret, token)` gives such a call."""

import alibabacloud_oss_v2 as oss
import oss2
from alibabacloud_actiontrail20200706 import client as actiontrail
from alibabacloud_ram20150501 import client as ram
from alibabacloud_resourcemanager20200331 import client as resource_manager
from alibabacloud_sls20201230 import client as sls, models as sls_models
from alibabacloud_sts20150401 import client as sts
from alibabacloud_tea_openapi import models as open_api
from aliyun.log import LogClient
from aliyunsdkcore.auth.credentials import AccessKeyCredential, StsTokenCredential
from aliyunsdkcore.client import AcsClient
from aliyunsdkcore.request import CommonRequest
from darabonba.runtime import RuntimeOptions

import tea
from common import REGION

BUCKET = "sdk-auth"
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

    def bucket(self, key, secret, token, region=REGION):
        """The bucket that is read."""
        if token:
            auth = oss2.StsAuth(key, secret, token, auth_version=self.version)
        else:
            auth = (oss2.AuthV4 if self.version == "v4" else oss2.Auth)(key, secret)
        return oss2.Bucket(auth, f"http://oss-{REGION}.aliyuncs.com", BUCKET, region=region)

    def __call__(self, _service, key, secret, token, region=REGION):
        return self.bucket(key, secret, token, region).get_bucket_info


def oss_v2_client(key, secret, token, region=REGION):
    """The newer SDK of OSS."""
    config = oss.config.load_default()
    config.region, config.endpoint, config.retry_max_attempts = region, f"http://oss-{REGION}.aliyuncs.com", 1
    config.credentials_provider = oss.credentials.StaticCredentialsProvider(key, secret, token)
    return oss.Client(config)


def oss_v2(_service, key, secret, token, region=REGION):
    """OSS with the newer SDK."""
    return lambda: oss_v2_client(key, secret, token, region).get_bucket_info(oss.GetBucketInfoRequest(bucket=BUCKET))


class Sls:
    """SLS with signatures of version 1 (HMAC-SHA1) or 4."""

    def __init__(self, version):
        self.version = version

    def __call__(self, _service, key, secret, token, region=REGION):
        client = LogClient(f"http://{REGION}.log.aliyuncs.com", key, secret, token, auth_version=self.version, region=region)
        return lambda: client.list_project(size=1)


class NewerSls(Sls):
    """SLS with the newer SDK, whose version 1 is HMAC-SHA256."""

    def __call__(self, _service, key, secret, token, region=REGION):
        config = open_api.Config(access_key_id=key, access_key_secret=secret, security_token=token, region_id=region,
                                 protocol="HTTP", endpoint=f"{REGION}.log.aliyuncs.com", signature_version=self.version)
        return lambda: sls.Client(config).list_project(sls_models.ListProjectRequest(size=1))
