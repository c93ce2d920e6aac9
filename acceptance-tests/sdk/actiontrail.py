"""ActionTrail with the official SDK: the life of a trail and its documented errors."""

import oss2
from alibabacloud_actiontrail20200706 import client as sdk, models
from aliyun.log import LogClient

import tea
from common import ACCOUNT, KEY, REGION, SECRET, equal, refused

client = tea.client(sdk, f"actiontrail.{REGION}.aliyuncs.com")
NAME, BUCKET, PROJECT = "sdk-trail", "sdk-trail-archive", "sdk-trail-events"
PROJECT_ARN = f"acs:log:{REGION}:{ACCOUNT}:project/{PROJECT}"

oss2.Bucket(oss2.AuthV4(KEY, SECRET), f"http://oss-{REGION}.aliyuncs.com", BUCKET, region=REGION).create_bucket()
logs = LogClient(f"http://{REGION}.log.aliyuncs.com", KEY, SECRET)
logs.create_project(PROJECT, "events")


def trails(**arguments):
    return client.describe_trails(models.DescribeTrailsRequest(**arguments)).body.trail_list


equal(trails(name_list=NAME), [], "an unknown name is an empty list")
refused("TrailNotFoundException", lambda: client.get_trail_status(models.GetTrailStatusRequest(name=NAME)), 404)
refused("BucketDoesNotExistException",
        lambda: client.create_trail(models.CreateTrailRequest(name=NAME, oss_bucket_name="no-such-bucket-here")), 404)

created = client.create_trail(models.CreateTrailRequest(
    name=NAME, oss_bucket_name=BUCKET, oss_key_prefix="events", sls_project_arn=PROJECT_ARN,
    event_rw="All", trail_region="All")).body
equal((created.name, created.home_region, created.oss_bucket_name), (NAME, REGION, BUCKET), "the answer says what was made and where it is at home")

trail = trails(name_list=NAME)[0]
equal((trail.status, trail.event_rw, trail.trail_region, trail.is_organization_trail),
      ("Fresh", "All", "All", False), "a new trail is Fresh: it does not log")
equal(trail.trail_arn, f"acs:actiontrail:{REGION}:{ACCOUNT}:trail/{NAME}", "the ARN names the home region")
equal(logs.get_logstore(PROJECT, f"actiontrail_{NAME}").logstore_name, f"actiontrail_{NAME}", "a trail has made its logstore")
refused("TrailAlreadyExistsException",
        lambda: client.create_trail(models.CreateTrailRequest(name=NAME, oss_bucket_name=BUCKET)))

client.start_logging(models.StartLoggingRequest(name=NAME))
equal(client.get_trail_status(models.GetTrailStatusRequest(name=NAME)).body.is_logging, True, "a started trail logs")
equal(trails(name_list=NAME)[0].status, "Enable", "a started trail is Enable")

client.update_trail(models.UpdateTrailRequest(name=NAME, oss_bucket_name=BUCKET, sls_project_arn=PROJECT_ARN,
                                              event_rw="Write", trail_region=REGION))
trail = trails(name_list=NAME)[0]
equal((trail.event_rw, trail.trail_region), ("Write", REGION), "what was updated shows")

elsewhere = tea.caller(tea.client(sdk, "actiontrail.cn-shanghai.aliyuncs.com", region="cn-shanghai"), models)
equal(elsewhere("describe_trails").trail_list, [], "a trail is not listed away from its home")
equal(elsewhere("describe_trails", include_shadow_trails=True).trail_list, [], "a trail of one region has no shadow elsewhere")
client.update_trail(models.UpdateTrailRequest(name=NAME, oss_bucket_name=BUCKET, sls_project_arn=PROJECT_ARN,
                                              event_rw="Write", trail_region="All"))
equal([shadow.home_region for shadow in elsewhere("describe_trails", include_shadow_trails=True).trail_list], [REGION],
      "a trail of all regions has a shadow elsewhere")
refused("TrailNotFoundException", lambda: elsewhere("get_trail_status", name=NAME), 404)

client.stop_logging(models.StopLoggingRequest(name=NAME))
equal(trails(name_list=NAME)[0].status, "Disable", "a stopped trail is Disable")

client.delete_trail(models.DeleteTrailRequest(name=NAME))
equal(trails(name_list=NAME), [], "a deleted trail is gone")
refused("TrailNotFoundException", lambda: client.delete_trail(models.DeleteTrailRequest(name=NAME)), 404)

# All that a trail needs is its name. What it lacks is not filled in.
bare = client.create_trail(models.CreateTrailRequest(name=NAME)).body
equal((bare.event_rw, bare.trail_region, bare.oss_bucket_name), ("Write", "All", ""),
      "a trail that is made by its name alone records what changes something, and delivers nowhere", assumed=True)
client.update_trail(models.UpdateTrailRequest(name=NAME, oss_bucket_name=BUCKET))
equal((trails(name_list=NAME)[0].oss_bucket_name, trails(name_list=NAME)[0].oss_write_role_arn), (BUCKET, ""),
      "a role that was not given is not shown", assumed=True)
