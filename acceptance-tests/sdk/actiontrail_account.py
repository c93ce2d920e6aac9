"""ActionTrail with the official SDK: data-event selectors, history jobs, the global region, insights of a trail."""

import json

import oss2
from alibabacloud_actiontrail20200706 import client, models
from aliyun.log import LogClient

import tea
from common import ACCOUNT, KEY, REGION, SECRET, admin, equal, paged, refused

call = tea.caller(tea.client(client, f"actiontrail.{REGION}.aliyuncs.com"), models)
NAME, OTHER, PROJECT, BUCKET = "sdk-account-trail", "sdk-bucket-trail", "sdk-account-events", "sdk-account-archive"
LogClient(f"http://{REGION}.log.aliyuncs.com", KEY, SECRET).create_project(PROJECT, "events")
oss2.Bucket(oss2.AuthV4(KEY, SECRET), f"http://oss-{REGION}.aliyuncs.com", BUCKET, region=REGION).create_bucket()
call("create_trail", name=NAME, sls_project_arn=f"acs:log:{REGION}:{ACCOUNT}:project/{PROJECT}", event_rw="All")
call("create_trail", name=OTHER, oss_bucket_name=BUCKET)
equal(REGION in [r.region_id for r in call("describe_regions").regions.region], True, "the region that was asked is among them")


def services(token):
    data = call("list_data_event_services", max_results=2, next_token=token).data
    return [info.service_name for info in data.service_infos], data.next_token


paged(services, ["Cms", "Oss", "Ots", "PDS", "Push"], "NextToken leads to the other services")
SELECTORS = json.dumps([{"ServiceName": "Oss", "ReadWriteType": "All", "EventName": {"Equals": ["GetObject"]}}])
equal(call("get_data_event_selector", trail_name=NAME).data_event_selectors, "", "a trail without selectors", assumed=True)
for name in (NAME, OTHER):
    call("put_data_event_selector", trail_name=name, event_selectors=SELECTORS)
found = call("get_data_event_selector", trail_name=NAME)
equal(json.loads(found.data_event_selectors), json.loads(SELECTORS), "the selectors as they were put")
equal([config.region_sls_project_arn for config in found.sls_delivery_configs],
      [f"acs:log:{REGION}:{ACCOUNT}:project/actiontrail-log-{ACCOUNT}-{REGION}"], "data events go to a project of their region")


def selectors(token):
    data = call("list_data_event_selectors", max_results=1, next_token=token).data
    return [info.trail_name for info in data.data_event_selector_infos], data.next_token


paged(selectors, [NAME, OTHER], "NextToken leads to the selectors of the next trail")
call("delete_data_event_selector", trail_name=NAME)
for operation in ("put_data_event_selector", "get_data_event_selector", "delete_data_event_selector"):
    refused("MissingTrailName", lambda: call(operation), 400)
    refused("TrailNotFoundException", lambda: call(operation, trail_name="sdk-no-trail", **(
        {"event_selectors": SELECTORS} if operation.startswith("put") else {})), 404)
refused("MissingEventSelectors", lambda: call("put_data_event_selector", trail_name=NAME), 400)
for wrong in ("[", "[]", '[{"ServiceName": "Ecs"}]', '[{"ServiceName": "Oss", "ReadWriteType": "Some"}]',
              json.dumps([{"ServiceName": "Oss", "EventName": {"Equals": ["x"] * 11}}])):
    refused("InvalidQueryParameter", lambda: call("put_data_event_selector", trail_name=NAME, event_selectors=wrong), 400)
for operation in ("list_data_event_services", "list_data_event_selectors"):
    refused("InvalidQueryParameter", lambda: call(operation, max_results=101), 400)
    refused("InvalidNextToken", lambda: call(operation, next_token="not-a-token"), 400)

refused("MissingTrailName", lambda: call("create_delivery_history_job"), 400)
refused("TrailNotFoundException", lambda: call("create_delivery_history_job", trail_name="sdk-no-trail"), 404)
refused("NotSupportDeliveryHistoryJob", lambda: call("create_delivery_history_job", trail_name=OTHER), 400)
refused("InvalidQueryParameter", lambda: call("create_delivery_history_job", trail_name=NAME, client_token="x" * 65), 400)
job = call("create_delivery_history_job", trail_name=NAME, client_token="sdk").job_id
equal(call("create_delivery_history_job", trail_name=NAME, client_token="sdk").job_id, job, "the same token is the same job")
refused("MaximumNumberOfDeliveryHistoryJobsExceededException",
        lambda: call("create_delivery_history_job", trail_name=NAME, client_token="other"), 400)
refused("ForbiddenDeleteTrail", lambda: call("delete_trail", name=NAME), 400)
found = call("get_delivery_history_job", job_id=job)
equal((found.trail_name, found.job_status), (NAME, 0), "a new job is at 0, initialising")
admin("POST", "clock", {"advance_seconds": 60})
equal(call("get_delivery_history_job", job_id=job).job_status, 1, "a job at work is at 1")
refused("ServiceUnavailable", lambda: call("delete_delivery_history_job", job_id=job), 503)
admin("POST", "clock", {"advance_seconds": 120})
equal(call("get_delivery_history_job", job_id=job).job_status, 2, "a job that is done is at 2")
second = call("create_delivery_history_job", trail_name=NAME).job_id


def jobs(number):
    found = call("list_delivery_history_jobs", page_number=number or 1, page_size=1)
    return [job.job_id for job in found.delivery_history_jobs], found.page_number + 1 if found.page_number < found.total_count else None


paged(jobs, [second, job], "PageNumber leads to the older job", assumed=True)
refused("InvalidQueryParameter", lambda: call("list_delivery_history_jobs", page_size=101), 400)
for gone in (second, job):
    call("delete_delivery_history_job", job_id=gone)
for operation in ("get_delivery_history_job", "delete_delivery_history_job"):
    refused("MissingJobId", lambda: call(operation), 400)
    refused("DeliveryHistoryJobNotFound", lambda: call(operation, job_id=job), 404)
    refused("InvalidQueryParameter", lambda: call(operation, job_id="first"), 400)

refused("MissingStorageRegion", lambda: call("update_global_events_storage_region"), 400)
refused("InvalidQueryParameter", lambda: call("update_global_events_storage_region", storage_region="cn-beijing"), 400)
call("update_global_events_storage_region", storage_region="cn-hangzhou")
equal(call("get_global_events_storage_region").storage_region, "cn-hangzhou", "the region that was chosen")

for operation in ("put_insight_selectors", "get_insight_selectors"):
    refused("MissingTrailName", lambda: call(operation), 400)
refused("MissingInsightSelectors", lambda: call("put_insight_selectors", trail_name=NAME), 400)
for wrong, code in (("{", "InvalidQueryParameter"), ('["NoInsight"]', "InsightTypeNotValid")):
    refused(code, lambda: call("put_insight_selectors", trail_name=NAME, insight_selectors=wrong), 400)
refused("TrailNotFoundException",
        lambda: call("put_insight_selectors", trail_name="sdk-no-trail", insight_selectors='["IpInsight"]'), 404)
refused("TrailNotFoundException", lambda: call("get_insight_selectors", trail_name="sdk-no-trail"), 404)
call("put_insight_selectors", trail_name=NAME, insight_selectors='["IpInsight"]')
equal(call("get_insight_selectors", trail_name=NAME).insight_selectors, ["IpInsight"], "the insights that were put")
