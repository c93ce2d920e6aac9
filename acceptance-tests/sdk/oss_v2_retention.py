"""Retention policies and redundancy transitions of buckets with the newer official SDK, in all their states."""

import alibabacloud_oss_v2 as oss

import oss_client
from common import admin, equal, paged, refused

service = oss_client.service()


def days(number):
    return oss.InitiateWormConfiguration(retention_period_in_days=number)


def longer(number):
    return oss.ExtendWormConfiguration(retention_period_in_days=number)


call = oss_client.caller("sdk-oss-retained")
call("put_bucket")
for operation, fields in (("get_bucket_worm", {}), ("abort_bucket_worm", {}), ("complete_bucket_worm", {"worm_id": "X"}),
                          ("extend_bucket_worm", {"worm_id": "X", "extend_worm_configuration": longer(2)})):
    refused("NoSuchWORMConfiguration", lambda: call(operation, **fields), 404)
for wrong in (0, 25551):
    refused("InvalidWORMConfiguration", lambda: call("initiate_bucket_worm", initiate_worm_configuration=days(wrong)), 400)
call("initiate_bucket_worm", initiate_worm_configuration=days(1))
equal(call("get_bucket_worm").worm_configuration.state, "InProgress", "a policy that is not locked is InProgress")
refused("WORMConfigurationAlreadyExists", lambda: call("initiate_bucket_worm", initiate_worm_configuration=days(1)), 409)
refused("NoSuchWORMConfiguration", lambda: call("complete_bucket_worm", worm_id="ANOTHER"), 404)
call("abort_bucket_worm")
refused("NoSuchWORMConfiguration", lambda: call("get_bucket_worm"), 404)
call("initiate_bucket_worm", initiate_worm_configuration=days(1))
admin("POST", "clock", {"advance_seconds": 25 * 3600})
refused("NoSuchWORMConfiguration", lambda: call("get_bucket_worm"), 404)
worm = call("initiate_bucket_worm", initiate_worm_configuration=days(30)).worm_id
refused("InvalidWORMConfiguration", lambda: call("extend_bucket_worm", worm_id=worm, extend_worm_configuration=longer(31)), 400)
call("complete_bucket_worm", worm_id=worm)
refused("WORMConfigurationLocked", lambda: call("complete_bucket_worm", worm_id=worm), 403)
refused("WORMConfigurationLocked", lambda: call("abort_bucket_worm"), 403)
refused("InvalidWORMConfiguration", lambda: call("extend_bucket_worm", worm_id=worm, extend_worm_configuration=longer(29)), 400)
call("extend_bucket_worm", worm_id=worm, extend_worm_configuration=longer(31))
found = call("get_bucket_worm").worm_configuration
equal((found.state, found.retention_period_in_days), ("Locked", 31), "a locked policy can be made longer")
call("put_object", key="kept", body=b"evidence")
refused("FileImmutable", lambda: call("put_object", key="kept", body=b"forged"), 409)
refused("FileImmutable", lambda: call("delete_object", key="kept"), 409)
refused("InvalidBucketState", lambda: call(
    "put_bucket_versioning", versioning_configuration=oss.VersioningConfiguration(status="Suspended")), 409)

other = oss_client.caller("sdk-oss-object-retention")
other("put_bucket")
retention = oss.ObjectWormConfiguration(object_worm_enabled="Enabled", rule=oss.ObjectWormConfigurationRule(
    default_retention=oss.ObjectWormConfigurationRuleDefaultRetention(mode="COMPLIANCE", days=1)))
refused("InvalidBucketState",
        lambda: other("put_bucket_object_worm_configuration", object_worm_configuration=retention), 409)
for mode in ("SOMETIMES", None):
    wrong = oss.ObjectWormConfiguration(object_worm_enabled="Enabled", rule=oss.ObjectWormConfigurationRule(
        default_retention=oss.ObjectWormConfigurationRuleDefaultRetention(mode=mode, days=1)))
    refused("MalformedXML", lambda: other("put_bucket_object_worm_configuration", object_worm_configuration=wrong), 400)
other("put_bucket_versioning", versioning_configuration=oss.VersioningConfiguration(status="Enabled"))
other("put_bucket_object_worm_configuration", object_worm_configuration=retention)
refused("InvalidBucketState", lambda: other("initiate_bucket_worm", initiate_worm_configuration=days(1)), 409)

# From one zone to several.
TASKS = []
for number in range(3):
    zonal = oss_client.caller(f"sdk-oss-zonal-{number}")
    zonal("put_bucket")
    if number == 0:
        refused("BucketDataRedundancyTransitionTaskNotExist",
                lambda: zonal("get_bucket_data_redundancy_transition", redundancy_transition_taskid="none"), 404)
        refused("BucketDataRedundancyTransitionTaskNotExist",
                lambda: zonal("delete_bucket_data_redundancy_transition", redundancy_transition_taskid="none"), 404)
        equal(zonal("list_bucket_data_redundancy_transition").list_bucket_data_redundancy_transition
              .bucket_data_redundancy_transition or [], [], "a bucket without tasks", assumed=True)
        refused("InvalidArgument", lambda: zonal("create_bucket_data_redundancy_transition", target_redundancy_type="LRS"), 400)
    TASKS.append(zonal("create_bucket_data_redundancy_transition",
                       target_redundancy_type="ZRS").bucket_data_redundancy_transition.task_id)
refused("BucketDataRedundancyTransitionTaskAlreadyExist",
        lambda: zonal("create_bucket_data_redundancy_transition", target_redundancy_type="ZRS"), 409)
equal(zonal("get_bucket_data_redundancy_transition", redundancy_transition_taskid=TASKS[2]).bucket_data_redundancy_transition
      .status, "Queueing", "a new task waits")
listed = zonal("list_bucket_data_redundancy_transition").list_bucket_data_redundancy_transition
equal([task.task_id for task in listed.bucket_data_redundancy_transition], TASKS[2:], "the task of the bucket")


def tasks(token):
    found = service("list_user_data_redundancy_transition", max_keys=1,
                    continuation_token=token).list_bucket_data_redundancy_transition
    return ([task.bucket for task in found.bucket_data_redundancy_transition or []],
            found.next_continuation_token if found.is_truncated else None)


paged(tasks, [f"sdk-oss-zonal-{number}" for number in range(3)], "the continuation token leads to the tasks of other buckets")
refused("InvalidArgument", lambda: service("list_user_data_redundancy_transition", max_keys=101), 400)
admin("POST", "clock", {"advance_seconds": 120})
refused("BucketDataRedundancyTransitionTaskStatusConflict",
        lambda: zonal("delete_bucket_data_redundancy_transition", redundancy_transition_taskid=TASKS[2]), 409)
admin("POST", "clock", {"advance_seconds": 3 * 3600})
equal(zonal("get_bucket_data_redundancy_transition", redundancy_transition_taskid=TASKS[2]).bucket_data_redundancy_transition
      .status, "Finished", "a task that is done")
equal(zonal("get_bucket_info").bucket_info.data_redundancy_type, "ZRS", "a bucket whose task is done is zone-redundant")
zonal("delete_bucket_data_redundancy_transition", redundancy_transition_taskid=TASKS[2])
refused("BucketDataRedundancyTransitionTaskNotSupport",
        lambda: zonal("create_bucket_data_redundancy_transition", target_redundancy_type="ZRS"), 400)
