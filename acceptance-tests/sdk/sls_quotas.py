"""Limits of SLS on how many things there may be."""

from concurrent.futures import ThreadPoolExecutor

from aliyun.log import LogClient

from common import KEY, REGION, SECRET, admin, equal, refused

PROJECT = "sdk-log-quota"
client = LogClient(f"http://{REGION}.log.aliyuncs.com", KEY, SECRET)
pool = ThreadPoolExecutor(16)


def fill(count, make):
    """Makes things `0` to `count - 1`, several at a time."""
    list(pool.map(make, range(count)))


def dashboard(name, charts=0):
    return {"dashboardName": name, "displayName": name, "charts": [{"title": f"chart {n}"} for n in range(charts)]}


def search(name):
    return {"savedsearchName": name, "displayName": name, "searchQuery": "*", "logstore": "audit", "topic": ""}


def rule(name):
    query = {"storeType": "log", "project": PROJECT, "store": "audit", "query": "*", "start": "-15m", "end": "now"}
    return {"name": name, "displayName": name, "type": "Alert", "schedule": {"type": "FixedRate", "interval": "15m"},
            "configuration": {"version": "2.0", "queryList": [query], "severityConfigurations": [{"severity": 8}]}}


fill(50, lambda number: client.create_project(f"{PROJECT}-{number}" if number else PROJECT, "one of fifty"))
equal(client.list_project(size=500).get_total(), 50, "an account has up to 50 projects in all its regions")
refused("ProjectQuotaExceed", lambda: client.create_project("sdk-log-too-many", "one too many"), 400)
elsewhere = LogClient("http://cn-beijing.log.aliyuncs.com", KEY, SECRET)
refused("ProjectQuotaExceed", lambda: elsewhere.create_project("sdk-log-too-many", "one too many"), 400)

fill(200, lambda number: client.create_logstore(PROJECT, f"store-{number}", ttl=30, shard_count=1))
equal(client.list_logstore(PROJECT, size=500).get_logstores_total(), 200, "a project has up to 200 logstores")
refused("ProjectQuotaExceed", lambda: client.create_logstore(PROJECT, "too-many", ttl=30, shard_count=1), 400)
shards = f"{PROJECT}-1"
fill(4, lambda number: client.create_logstore(shards, f"store-{number}", ttl=30, shard_count=100))
refused("ProjectQuotaExceed", lambda: client.create_logstore(shards, "too-many", ttl=30, shard_count=1), 400)
refused("ProjectQuotaExceed", lambda: client.split_shard(shards, "store-0", 0, "01" + "0" * 30), 400)

fill(100, lambda number: client.create_dashboard(PROJECT, dashboard(f"board-{number}")))
equal(client.list_dashboard(PROJECT).get_body()["total"], 100, "a project has up to 100 dashboards")
refused("ExceedQuota", lambda: client.create_dashboard(PROJECT, dashboard("too-many")), 400)
client.update_dashboard(PROJECT, dashboard("board-0", charts=100))
refused("ExceedQuota", lambda: client.update_dashboard(PROJECT, dashboard("board-0", charts=101)), 400)
fill(100, lambda number: client.create_savedsearch(PROJECT, search(f"search-{number}")))
equal(client.list_savedsearch(PROJECT).get_body()["total"], 100, "a project has up to 100 saved searches")
refused("ExceedQuota", lambda: client.create_savedsearch(PROJECT, search("too-many")), 400)
fill(100, lambda number: client.create_alert(PROJECT, rule(f"rule-{number}")))
refused("ExceedQuota", lambda: client.create_alert(PROJECT, rule("too-many")), 400)

admin("PUT", "switches", {"quotas": "off"})
client.create_project("sdk-log-too-many", "not too many any more")
client.create_alert(PROJECT, rule("too-many"))
