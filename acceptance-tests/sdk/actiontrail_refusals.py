"""ActionTrail with the official SDK: what a trail may not be, and who may not have one."""

import json

import oss2
from alibabacloud_actiontrail20200706 import client, models
from alibabacloud_ram20150501 import client as ram_client, models as ram_models
from alibabacloud_sts20150401 import client as sts_client, models as sts_models
from aliyun.log import LogClient

import tea
from common import ACCOUNT, KEY, REGION, SECRET, admin, equal, refused
from signers import acs3

HOST = f"actiontrail.{REGION}.aliyuncs.com"
call = tea.caller(tea.client(client, HOST), models)
ram = tea.caller(tea.client(ram_client, "ram.aliyuncs.com"), ram_models)
sts = tea.caller(tea.client(sts_client, f"sts.{REGION}.aliyuncs.com"), sts_models)
NAME, BUCKET, PROJECT = "refused-trail", "refused-archive", "refused-events"
PROJECT_ARN = f"acs:log:{REGION}:{ACCOUNT}:project/{PROJECT}"
for bucket in (BUCKET, "refused-other"):
    oss2.Bucket(oss2.AuthV4(KEY, SECRET), f"http://oss-{REGION}.aliyuncs.com", bucket, region=REGION).create_bucket()
LogClient(f"http://{REGION}.log.aliyuncs.com", KEY, SECRET).create_project(PROJECT, "events")


def both(code, status, **settings):
    """Neither CreateTrail nor UpdateTrail takes the settings."""
    refused(code, lambda: call("create_trail", name="refused-second", **settings), status)
    refused(code, lambda: call("update_trail", name=NAME, **settings), status)


call("create_trail", name=NAME, sls_project_arn=PROJECT_ARN)
for operation in ("create_trail", "update_trail", "delete_trail", "get_trail_status", "start_logging", "stop_logging"):
    refused("MissingName", lambda: call(operation), 400)
for operation in ("update_trail", "delete_trail", "get_trail_status", "start_logging", "stop_logging"):
    refused("TrailNotFoundException", lambda: call(operation, name="no-such-trail"), 404)
for name in ("short", "9starts-with-a-digit", "Has-Capitals", "a" * 37):
    refused("InvalidTrailNameException", lambda: call("create_trail", name=name, oss_bucket_name=BUCKET), 400)
refused("InvalidTrailNameException", lambda: call("describe_trails", name_list="Not_a_name!"), 400)
refused("TrailAlreadyExistsException", lambda: call("create_trail", name=NAME, oss_bucket_name=BUCKET), 400)

both("InvalidPrefixException", 400, oss_bucket_name=BUCKET, oss_key_prefix="9x")
both("InvalidQueryParameter", 400, oss_bucket_name=BUCKET, event_rw="Some")
both("InvalidQueryParameter", 400, oss_bucket_name=BUCKET, trail_region="cn-nowhere")
both("InvalidQueryParameter", 400, max_compute_project_arn=f"acs:odps:{REGION}:{ACCOUNT}:project/audit")
both("InvalidQueryParameter", 400, sls_project_arn=PROJECT)
admin("PUT", "switches", {"allow_trail_without_destination": "false"})
both("InvalidDeliveryConfigurationException", 400, sls_project_arn="")
admin("PUT", "switches", {"allow_trail_without_destination": "true"})
both("BucketDoesNotExistException", 404, oss_bucket_name="no-such-bucket-here")
both("SlsProjectDoesNotExistException", 400, sls_project_arn=f"acs:log:{REGION}:{ACCOUNT}:project/no-such-project")

call("create_trail", name="owner-of-bucket", oss_bucket_name=BUCKET)
both("RepeatOssBucket", 400, oss_bucket_name=BUCKET)
call("delete_trail", name="owner-of-bucket")

# Roles that do not exist, and one that may not write.
missing = f"acs:ram::{ACCOUNT}:role/no-such-role"
both("NeedOssRamAuthorize", 403, oss_bucket_name=BUCKET, oss_write_role_arn=missing)
both("NeedSlsRamAuthorize", 403, sls_project_arn=PROJECT_ARN, sls_write_role_arn=missing)
trust = {"Version": "1", "Statement": [{"Action": "sts:AssumeRole", "Effect": "Allow",
                                        "Principal": {"Service": ["actiontrail.aliyuncs.com"]}}]}
powerless = ram("create_role", role_name="powerless", assume_role_policy_document=json.dumps(trust)).role.arn
both("InsufficientBucketPolicyException", 403, oss_bucket_name=BUCKET, oss_write_role_arn=powerless)
both("InsufficientSlsPolicyException", 403, sls_project_arn=PROJECT_ARN, sls_write_role_arn=powerless)

# Organization trails: one, and only from the management account.
call("create_trail", name="organization-trail", is_organization_trail=True, oss_bucket_name=BUCKET)
refused("MaximumNumberOfOrganizationTrailExceeded", lambda: call(
    "create_trail", name="second-organization", is_organization_trail=True, oss_bucket_name="refused-other"), 400)
equal(call("get_trail_status", name="organization-trail", is_organization_trail=True).is_logging, False,
      "an organization trail is asked for as one")
equal([trail.name for trail in call("describe_trails", name_list="organization-trail").trail_list], ["organization-trail"],
      "an organization trail of the account is found by its name alone", assumed=True)
equal([trail.name for trail in call("describe_trails").trail_list], [NAME], "an unnamed list leaves organization trails out",
      assumed=True)
refused("InvalidQueryParameter", lambda: call("describe_trails", include_organization_trail="perhaps"), 400)
refused("InvalidQueryParameter", lambda: call("get_trail_status", name=NAME, is_organization_trail="perhaps"), 400)
member = tea.assumed(sts("assume_role", role_arn=f"acs:ram::{int(ACCOUNT) + 1}:role/ResourceDirectoryAccountAccessRole",
                         role_session_name="sdk").credentials, client, HOST)
refused("NotAllowCreateOrganizationTrail", lambda: tea.caller(member, models)(
    "create_trail", name="member-trail", is_organization_trail=True, oss_bucket_name=BUCKET), 400)

# Quota: with these two there are five.
for number in range(3):
    call("create_trail", name=f"filling-{number}", sls_project_arn=PROJECT_ARN)
refused("MaximumNumberOfTrailsExceededException", lambda: call(
    "create_trail", name="the-sixth-trail", sls_project_arn=PROJECT_ARN), 403)
equal(len(call("describe_trails").trail_list), 4, "trails of single accounts, five of both kinds in a region", assumed=True)

SHANGHAI = tea.client(client, "actiontrail.cn-shanghai.aliyuncs.com", region="cn-shanghai")
equal(tea.caller(SHANGHAI, models)("create_trail", name="the-sixth-trail", sls_project_arn=PROJECT_ARN).home_region,
      "cn-shanghai", "a full region leaves room in another")
nowhere = tea.client(client, "actiontrail.cn-nowhere.aliyuncs.com", region="cn-nowhere")
refused("InvalidRegion.NotFound", lambda: tea.caller(nowhere, models)("describe_trails"), 404)
for action in ("StopLogging", "GetGlobalEventsStorageRegion"):
    refused("UnsupportedHTTPMethod", acs3("actiontrail", KEY, SECRET, None, action=action), 400)

# A user who may do nothing, and a service that is busy or ill.
ram("create_user", user_name="nobody")
key = ram("create_access_key", user_name="nobody").access_key
nobody = tea.caller(tea.client(client, HOST, key.access_key_id, key.access_key_secret), models)
refused("NoPermission", lambda: nobody("describe_trails"), 403)
admin("PUT", "switches", {"rate_limits": "on"})


def storm():
    for _ in range(20):
        call("start_logging", name=NAME)


refused("Throttling.User", storm)
admin("PUT", "switches", {"rate_limits": "off"})
for code, status in (("InternalError", 500), ("ServiceUnavailable", 503)):
    admin("PUT", "faults", [{"kind": "server_error", "action": "DescribeTrails", "status": status, "code": code}])
    refused(code, lambda: call("describe_trails"), status)
