"""What is in a log project, with the official SDK: indexes, logs, dashboards, searches, alerts, records."""

import time

from aliyun.log import IndexConfig, IndexKeyConfig, IndexLineConfig, LogClient, LogItem, PutLogsRequest
from aliyun.log.resource_params import ResourceRecord

from common import KEY, REGION, SECRET, equal, refused

client = LogClient(f"http://{REGION}.log.aliyuncs.com", KEY, SECRET)
PROJECT, STORE = "sdk-log-contents", "audit"
client.create_project(PROJECT, "contents")
client.list_project(size=10)
client.tag_project(PROJECT, env="test")
list(client.get_project_tags(PROJECT))
client.create_logstore(PROJECT, STORE, ttl=30, shard_count=2)
equal(len(client.list_shards(PROJECT, STORE).get_shards_info()), 2, "shards")
client.split_shard(PROJECT, STORE, 0, "40000000000000000000000000000000")

refused("IndexConfigNotExist", lambda: client.get_index_config(PROJECT, STORE), 400)
index = IndexConfig(7, IndexLineConfig([" ", ","], False), {
    "status": IndexKeyConfig(doc_value=True, index_type="long"),
    "msg": IndexKeyConfig([" "], False, "text", doc_value=True)})
client.create_index(PROJECT, STORE, index)
equal(sorted(client.get_index_config(PROJECT, STORE).get_index_config().to_json()["keys"]), ["msg", "status"], "index")
client.update_index(PROJECT, STORE, index)
now = int(time.time())
client.put_logs(PutLogsRequest(PROJECT, STORE, "topic", "source",
                               [LogItem(timestamp=now, contents=[("msg", "hello world"), ("status", "200")])]))
found = client.get_log(PROJECT, STORE, now - 60, now + 60, query="msg: hello | select count(1) as cnt")
equal([row.get_contents()["cnt"] for row in found.get_logs()], ["1"], "count")
refused("ParameterInvalid", lambda: client.get_log(PROJECT, STORE, now - 60, now + 60, query="nofield: x"), 400)

dashboard = {"dashboardName": "board", "displayName": "Board", "charts": [], "description": "", "attribute": {}}
client.create_dashboard(PROJECT, dashboard)
client.get_dashboard(PROJECT, "board")
equal(len(client.list_dashboard(PROJECT).get_dashboards()), 1, "dashboards")
client.update_dashboard(PROJECT, dashboard)
client.delete_dashboard(PROJECT, "board")
search = {"savedsearchName": "search", "displayName": "Search", "searchQuery": "*", "logstore": STORE, "topic": ""}
client.create_savedsearch(PROJECT, search)
client.get_savedsearch(PROJECT, "search")
equal(len(client.list_savedsearch(PROJECT).get_savedsearches()), 1, "searches")
client.update_savedsearch(PROJECT, search)
client.delete_savedsearch(PROJECT, "search")

query = {"storeType": "log", "project": PROJECT, "store": STORE, "region": REGION, "query": "*", "start": "-15m",
         "end": "now", "timeSpanType": "Relative"}
severity = {"severity": 8, "evalCondition": {"condition": "", "countCondition": ""}}
alert = {"name": "alert-1", "displayName": "Alert", "state": "Enabled", "type": "Alert",
         "schedule": {"type": "FixedRate", "interval": "15m"},
         "configuration": {"version": "2.0", "type": "default", "dashboard": "internal-alert-analysis",
                           "queryList": [query], "severityConfigurations": [severity], "threshold": 1}}
refused("JobNotExist", lambda: client.get_alert(PROJECT, "alert-1"), 404)
client.create_alert(PROJECT, alert)
client.get_alert(PROJECT, "alert-1")
client.disable_alert(PROJECT, "alert-1")
client.enable_alert(PROJECT, "alert-1")
client.update_alert(PROJECT, alert)
equal(len(client.list_alert(PROJECT).get_alerts()), 1, "alerts")
client.delete_alert(PROJECT, "alert-1")

central = LogClient("http://cn-heyuan.log.aliyuncs.com", KEY, SECRET)
central.create_resource_record("sls.common.user", ResourceRecord("u1", "U1", {"user_id": "u1"}))
central.list_resource_records("sls.common.user")
central.get_resource_record("sls.common.user", "u1")
central.delete_resource_record("sls.common.user", ["u1"])
client.delete_index(PROJECT, STORE)
client.delete_logstore(PROJECT, STORE)
client.delete_project(PROJECT)
