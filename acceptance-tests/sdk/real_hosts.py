"""Official SDKs as they are used in production: real host names, HTTPS, certificates checked, and credentials of a role that
the credentials library assumes. Only the environment says that there is a mock: as a proxy, and whom to trust."""

import os
import urllib.request

import alibabacloud_oss_v2 as oss
import oss2
from alibabacloud_actiontrail20200706 import client as actiontrail, models as actiontrail_models
from alibabacloud_credentials import models as credential_models
from alibabacloud_credentials.client import Client as CredentialClient
from alibabacloud_sts20150401 import client as sts
from alibabacloud_tea_openapi.models import Config
from aliyun.log import LogClient

from common import ACCOUNT, KEY, REGION, SECRET, admin

MEMBER = str(int(ACCOUNT) + 1)
ROLE = f"acs:ram::{MEMBER}:role/ResourceDirectoryAccountAccessRole"


def same(found, wanted):
    if found != wanted:
        raise AssertionError(f"found {found!r}, expected {wanted!r}")


# The role, through STS.
role = CredentialClient(credential_models.Config(
    type="ram_role_arn", access_key_id=KEY, access_key_secret=SECRET, role_arn=ROLE, role_session_name="sdk"))
keys = role.get_credential()
who = sts.Client(Config(credential=role, region_id=REGION, endpoint=f"sts.{REGION}.aliyuncs.com"))
same(who.get_caller_identity().body.arn, f"acs:ram::{MEMBER}:assumed-role/ResourceDirectoryAccountAccessRole/sdk")

# OSS with both SDKs, as the role.
for name, auth in (("real-hosts-v1", oss2.StsAuth(keys.access_key_id, keys.access_key_secret, keys.security_token)),
                   ("real-hosts-v4", oss2.StsAuth(keys.access_key_id, keys.access_key_secret, keys.security_token,
                                                  auth_version=oss2.AUTH_VERSION_4))):
    bucket = oss2.Bucket(auth, f"https://oss-{REGION}.aliyuncs.com", name, region=REGION)
    bucket.create_bucket()
    bucket.put_object("a/b", b"x")
    same(bucket.get_object("a/b").read(), b"x")
settings = oss.config.load_default()
settings.region = REGION
settings.credentials_provider = oss.credentials.StaticCredentialsProvider(
    keys.access_key_id, keys.access_key_secret, keys.security_token)
settings.proxy_host = os.environ["HTTPS_PROXY"]
listed = oss.Client(settings).list_buckets(oss.ListBucketsRequest())
same(sorted(bucket.name for bucket in listed.buckets), ["real-hosts-v1", "real-hosts-v4"])

# ActionTrail, with credentials that the library keeps fresh, and SLS.
trails = actiontrail.Client(Config(credential=role, region_id=REGION, endpoint=f"actiontrail.{REGION}.aliyuncs.com"))
trails.create_trail(actiontrail_models.CreateTrailRequest(name="real-hosts", oss_bucket_name="real-hosts-v1"))
described = trails.describe_trails(actiontrail_models.DescribeTrailsRequest()).body.trail_list
same([(trail.name, trail.oss_bucket_name) for trail in described], [("real-hosts", "real-hosts-v1")])
logs = LogClient(f"https://{REGION}.log.aliyuncs.com", keys.access_key_id, keys.access_key_secret, keys.security_token)
logs.create_project("real-hosts-project", "over TLS")
same(logs.list_project().get_projects()[0]["projectName"], "real-hosts-project")

# All of it under real names, and in the account of the role.
requests = admin("GET", "requests")["requests"]
same({request["account"] for request in requests if request["action"] != "AssumeRole"}, {MEMBER})
same([request["host"] for request in requests if not request["host"].endswith(".aliyuncs.com")], [])

# What is not of the cloud is out of reach.
try:
    urllib.request.urlopen("https://registry.terraform.io/", timeout=20)
except OSError as error:
    if "forwards nothing" not in str(error):
        raise
else:
    raise AssertionError("a host that is not of the cloud was reached")
