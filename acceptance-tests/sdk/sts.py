"""STS with the official SDK."""

from alibabacloud_sts20150401 import models
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


ROLE = f"acs:ram::{int(ACCOUNT) + 1}:role/ResourceDirectoryAccountAccessRole"


def assume(arn):
    return client().assume_role(models.AssumeRoleRequest(role_arn=arn, role_session_name="sdk")).body


refused("EntityNotExist.Role", lambda: assume(f"acs:ram::{ACCOUNT}:role/no-such-role"), 404)
assumed = assume(ROLE).credentials
session = Client(Config(access_key_id=assumed.access_key_id, access_key_secret=assumed.access_key_secret, region_id=REGION,
                        security_token=assumed.security_token, protocol="HTTP", endpoint=f"sts.{REGION}.aliyuncs.com"))
equal(session.get_caller_identity().body.identity_type, "AssumedRoleUser", "an assumed role")
