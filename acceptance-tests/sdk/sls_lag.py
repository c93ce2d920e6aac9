"""What SLS says of projects and logstores that were made a moment ago, when it is slow to know them."""

import time

from aliyun.log import IndexConfig, IndexLineConfig, LogClient, LogItem, PutLogsRequest

from common import KEY, REGION, SECRET, admin, equal, refused

PROJECT, STORE = "sdk-log-lag", "audit"
client = LogClient(f"http://{REGION}.log.aliyuncs.com", KEY, SECRET)
admin("PUT", "switches", {"sls_project_lag": "60s", "sls_logstore_lag": "60s"})


def make_logstore():
    client.create_logstore(PROJECT, STORE, ttl=30, shard_count=1)


def make_index():
    client.create_index(PROJECT, STORE, IndexConfig(7, IndexLineConfig([" "], False)))


client.create_project(PROJECT, "slow")
refused("ProjectNotExist", lambda: client.get_project(PROJECT), 404)
refused("ProjectForbidden", make_logstore, 403)
admin("POST", "clock", {"advance_seconds": 60})
equal(client.get_project(PROJECT).get_description(), "slow", "a new project is there after a while")
make_logstore()
equal(client.get_logstore(PROJECT, STORE).get_ttl(), 30, "a new logstore is there at once")
log = PutLogsRequest(PROJECT, STORE, "", "", [LogItem(int(time.time()), contents=[("a", "b")])])
for call in (make_index, lambda: client.put_logs(log), lambda: client.list_shards(PROJECT, STORE),
             lambda: client.get_index_config(PROJECT, STORE)):
    refused("LogStoreNotExist", call, 404)
admin("POST", "clock", {"advance_seconds": 60})
make_index()
equal(len(client.list_shards(PROJECT, STORE).get_shards_info()), 1, "shards of a new logstore are there after a while",
      assumed=True)
