"""STS with the official SDK."""

from alibabacloud_sts20150401.client import Client
from alibabacloud_tea_openapi.models import Config

from common import ACCOUNT, KEY, REGION, SECRET, equal, refused


def client(secret=SECRET, key=KEY):
    return Client(Config(access_key_id=key, access_key_secret=secret, region_id=REGION, protocol="HTTP",
                         endpoint=f"sts.{REGION}.aliyuncs.com"))


identity = client().get_caller_identity().body
equal(identity.account_id, ACCOUNT, "account")
equal(identity.identity_type, "RAMUser", "identity type")
equal(identity.arn, f"acs:ram::{ACCOUNT}:user/terraform", "ARN")

refused("SignatureDoesNotMatch", client(secret="not-the-secret").get_caller_identity)
refused("InvalidAccessKeyId.NotFound", client(key="LTAInosuchkey0000000").get_caller_identity, 404)
