"""ActionTrail with the official SDK: the life of a trail and its documented errors."""

import oss2
from alibabacloud_actiontrail20200706 import models
from alibabacloud_actiontrail20200706.client import Client
from alibabacloud_tea_openapi.models import Config
from aliyun.log import LogClient

from common import ACCOUNT, KEY, REGION, SECRET, equal, refused

client = Client(Config(access_key_id=KEY, access_key_secret=SECRET, region_id=REGION, protocol="HTTP",
                       endpoint=f"actiontrail.{REGION}.aliyuncs.com"))
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
equal((created.name, created.home_region, created.oss_bucket_name), (NAME, REGION, BUCKET), "created")

trail = trails(name_list=NAME)[0]
equal((trail.status, trail.event_rw, trail.trail_region, trail.is_organization_trail),
      ("Fresh", "All", "All", False), "a new trail")
equal(trail.trail_arn, f"acs:actiontrail:{REGION}:{ACCOUNT}:trail/{NAME}", "ARN")
equal(logs.get_logstore(PROJECT, f"actiontrail_{NAME}").logstore_name, f"actiontrail_{NAME}", "its logstore")
refused("TrailAlreadyExistsException",
        lambda: client.create_trail(models.CreateTrailRequest(name=NAME, oss_bucket_name=BUCKET)))

client.start_logging(models.StartLoggingRequest(name=NAME))
equal(client.get_trail_status(models.GetTrailStatusRequest(name=NAME)).body.is_logging, True, "logging")
equal(trails(name_list=NAME)[0].status, "Enable", "status")

client.update_trail(models.UpdateTrailRequest(name=NAME, oss_bucket_name=BUCKET, sls_project_arn=PROJECT_ARN,
                                              event_rw="Write", trail_region=REGION))
trail = trails(name_list=NAME)[0]
equal((trail.event_rw, trail.trail_region), ("Write", REGION), "updated")

client.stop_logging(models.StopLoggingRequest(name=NAME))
equal(trails(name_list=NAME)[0].status, "Disable", "stopped")

client.delete_trail(models.DeleteTrailRequest(name=NAME))
equal(trails(name_list=NAME), [], "deleted")
refused("TrailNotFoundException", lambda: client.delete_trail(models.DeleteTrailRequest(name=NAME)), 404)
