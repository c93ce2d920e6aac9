"""ActionTrail with the official SDK: events, data-event selectors, history jobs, the global region, insights."""

import json

from alibabacloud_actiontrail20200706 import client, models
from aliyun.log import LogClient

import tea
from common import ACCOUNT, KEY, REGION, SECRET, equal, refused

call = tea.caller(tea.client(client, f"actiontrail.{REGION}.aliyuncs.com"), models)
NAME, PROJECT = "sdk-account-trail", "sdk-account-events"
LogClient(f"http://{REGION}.log.aliyuncs.com", KEY, SECRET).create_project(PROJECT, "events")
refused("MissingName", lambda: call("create_trail"), 400)
call("create_trail", name=NAME, sls_project_arn=f"acs:log:{REGION}:{ACCOUNT}:project/{PROJECT}", event_rw="All")
call("start_logging", name=NAME)

equal(REGION in [r.region_id for r in call("describe_regions").regions.region], True, "regions")
page = call("lookup_events", max_results="1")
equal(len(page.events), 1, "a page of one event")
equal(len(call("lookup_events", max_results="1", next_token=page.next_token).events), 1, "the next page")
refused("InvalidNextToken", lambda: call("lookup_events", next_token="not-a-token"))

equal(len(call("list_data_event_services").to_map()) > 0, True, "services")
SELECTORS = json.dumps([{"ServiceName": "Oss", "EventName": ["GetObject"]}])
call("put_data_event_selector", trail_name=NAME, event_selectors=SELECTORS)
equal(json.loads(call("get_data_event_selector", trail_name=NAME).data_event_selectors)[0]["ServiceName"], "Oss", "selector")
call("list_data_event_selectors")
call("delete_data_event_selector", trail_name=NAME)
refused("TrailNotFoundException", lambda: call("put_data_event_selector", trail_name="sdk-no-trail", event_selectors=SELECTORS), 404)

job = call("create_delivery_history_job", trail_name=NAME, client_token="sdk").job_id
equal(call("create_delivery_history_job", trail_name=NAME, client_token="sdk").job_id, job, "the same token is the same job")
refused("MaximumNumberOfDeliveryHistoryJobsExceededException",
        lambda: call("create_delivery_history_job", trail_name=NAME, client_token="other"), 400)
equal(call("get_delivery_history_job", job_id=job).trail_name, NAME, "job")
equal([j.job_id for j in call("list_delivery_history_jobs").delivery_history_jobs], [job], "jobs")
call("delete_delivery_history_job", job_id=job)
refused("DeliveryHistoryJobNotFound", lambda: call("get_delivery_history_job", job_id=job))

call("update_global_events_storage_region", storage_region="ap-southeast-1")
refused("InvalidQueryParameter", lambda: call("update_global_events_storage_region", storage_region="cn-beijing"), 400)
equal(call("get_global_events_storage_region").storage_region, "ap-southeast-1", "global region")

call("get_insight_types")
refused("InsightTypeNotValid", lambda: call("enable_insight", insight_type="NoInsight"), 400)
call("enable_insight", insight_type="IpInsight")
call("put_insight_selectors", trail_name=NAME, insight_selectors=json.dumps([{"InsightType": "IpInsight"}]))
call("get_insight_selectors", trail_name=NAME)
call("get_insights_events_count", date="2026-01-15")
call("lookup_insight_events")
call("disable_insight", insight_type="IpInsight")
call("delete_trail", name=NAME)
