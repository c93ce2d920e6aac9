"""ActionTrail with the official SDKs: what a trail delivers and when, the role that it works with, and what keeps it from it."""

import gzip
import json
import re
from concurrent.futures import ThreadPoolExecutor

import oss2
from alibabacloud_actiontrail20200706 import client, models
from alibabacloud_ram20150501 import client as ram_client, models as ram_models
from aliyun.log import LogClient

import tea
from common import ACCOUNT, KEY, REGION, SECRET, admin, equal, refused

HOST = f"actiontrail.{REGION}.aliyuncs.com"
NAME, BUCKET, PROJECT = "delivering", "sdk-delivered", "sdk-delivered"
PROJECT_ARN = f"acs:log:{REGION}:{ACCOUNT}:project/{PROJECT}"
call = tea.caller(tea.client(client, HOST), models)
ram = tea.caller(tea.client(ram_client, "ram.aliyuncs.com"), ram_models)
bucket = oss2.Bucket(oss2.AuthV4(KEY, SECRET), f"http://oss-{REGION}.aliyuncs.com", BUCKET, region=REGION)
logs = LogClient(f"http://{REGION}.log.aliyuncs.com", KEY, SECRET)
bucket.create_bucket()
logs.create_project(PROJECT, "events")

# The service's own role, for those who may make it.
ram("create_user", user_name="operator")
allow = {"Version": "1", "Statement": [{"Effect": "Allow", "Action": "actiontrail:*", "Resource": "*"}]}
ram("create_policy", policy_name="trails-only", policy_document=json.dumps(allow))
ram("attach_policy_to_user", user_name="operator", policy_type="Custom", policy_name="trails-only")
key = ram("create_access_key", user_name="operator").access_key
operator = tea.caller(tea.client(client, HOST, key.access_key_id, key.access_key_secret), models)
refused("NeedServiceLinkedRole", lambda: operator("create_trail", name=NAME, oss_bucket_name=BUCKET), 403)
call("create_trail", name=NAME, oss_bucket_name=BUCKET, oss_key_prefix="audits", sls_project_arn=PROJECT_ARN, event_rw="Write")
operator("update_trail", name=NAME, event_rw="All")
equal(ram("get_role", role_name="AliyunServiceRoleForActionTrail").role.arn,
      f"acs:ram::{ACCOUNT}:role/aliyunserviceroleforactiontrail", "a service-linked role has its ARN in lower case")


def status():
    return call("get_trail_status", name=NAME)


found = status()
equal((found.is_logging, found.oss_bucket_status, found.sls_log_store_status), (False, True, True),
      "a new trail does not log, and reaches what it will deliver to")
call("start_logging", name=NAME)
refused("InvalidAcceptLanguage", lambda: call("describe_regions", accept_language="fr-FR"), 400)
admin("POST", "clock", {"advance_seconds": 900})

# In the bucket: packed lists of events, by region and day.
found = status()
equal((bool(found.latest_delivery_time), found.latest_delivery_error, found.latest_delivery_log_service_error), (True, "", ""),
      "deliveries show, without an error")
names = [item.key for item in oss2.ObjectIterator(bucket)]
pattern = rf"audits/AliyunLogs/Actiontrail/{REGION}/\d{{4}}/\d\d/\d\d/Actiontrail_{REGION}_\d{{14}}_1002_\d+_\d+_[0-9a-f]{{32}}\.gz"
equal([name for name in names if not re.fullmatch(pattern, name)], [], "keys name region, day, count, size and MD5")
delivered = [event for name in names for event in json.loads(gzip.decompress(bucket.get_object(name).read()))]
refusal = next(event for event in delivered if event["eventName"] == "DescribeRegions")
equal((refusal["errorCode"], refusal["eventRW"], refusal["acsRegion"], refusal["userIdentity"]["type"]),
      ("InvalidAcceptLanguage", "Read", REGION, "ram-user"), "a refused call is an event with its error")

# In the logstore: a log for each event.
store = f"actiontrail_{NAME}"
kept = logs.get_log(PROJECT, store, 0, 2**31 - 1, size=100).get_logs()
equal({log.get_contents()["__topic__"] for log in kept}, {"actiontrail_audit_event"}, "each event is a log")
ids = {json.loads(log.get_contents()["event"])["eventId"] for log in kept}
equal({event["eventId"] for event in delivered} <= ids, True, "bucket and logstore have the same events")

# What keeps a trail from delivering shows in its status; the calls that would start it are refused.
for name in names:
    bucket.delete_object(name)
bucket.delete_bucket()
call("describe_trails")
admin("POST", "clock", {"advance_seconds": 900})
found = status()
equal((found.oss_bucket_status, found.latest_delivery_error != ""), (False, True), "a bucket that is gone shows as an error")
equal((found.sls_log_store_status, found.latest_delivery_log_service_error), (True, ""), "the logstore goes on without it")
refused("BucketDoesNotExistException", lambda: call("start_logging", name=NAME), 404)
trust = {"Version": "1", "Statement": [{"Action": "sts:AssumeRole", "Effect": "Allow",
                                        "Principal": {"Service": ["actiontrail.aliyuncs.com"]}}]}
role = ram("create_role", role_name="delivery", assume_role_policy_document=json.dumps(trust)).role.arn
attachment = {"role_name": "delivery", "policy_type": "System", "policy_name": "AliyunActionTrailDeliveryPolicy"}
ram("attach_policy_to_role", **attachment)
other = oss2.Bucket(oss2.AuthV4(KEY, SECRET), f"http://oss-{REGION}.aliyuncs.com", "sdk-delivered-too", region=REGION)
other.create_bucket()
call("update_trail", name=NAME, oss_bucket_name="sdk-delivered-too", oss_write_role_arn=role)
call("start_logging", name=NAME)
ram("detach_policy_from_role", **attachment)
refused("InsufficientBucketPolicyException", lambda: call("start_logging", name=NAME), 403)
ram("delete_role", role_name="delivery")
refused("NeedOssRamAuthorize", lambda: call("start_logging", name=NAME), 403)

# A project that is full.
with ThreadPoolExecutor(16) as pool:
    list(pool.map(lambda number: logs.create_logstore(PROJECT, f"filler-{number}", ttl=1, shard_count=1), range(199)))
refused("CreateLogStoreError", lambda: call("create_trail", name="no-room", sls_project_arn=PROJECT_ARN), 400)
