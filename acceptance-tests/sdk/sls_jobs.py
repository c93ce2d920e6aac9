"""Alert rules of SLS by the older SDK, for which they are jobs of the type Alert."""

from aliyun.log import LogClient

from common import KEY, REGION, SECRET, equal, paged, refused

PROJECT = "sdk-log-jobs"
client = LogClient(f"http://{REGION}.log.aliyuncs.com", KEY, SECRET)
client.create_project(PROJECT, "alerts as jobs")
QUERY = {"storeType": "log", "project": PROJECT, "store": "audit", "region": REGION, "query": "*", "start": "-15m",
         "end": "now", "timeSpanType": "Relative"}


def rule(name, **more):
    return {"name": name, "displayName": "Alert", "state": "Enabled", "type": "Alert",
            "schedule": {"type": "FixedRate", "interval": "15m"},
            "configuration": {"version": "2.0", "type": "default", "dashboard": "internal-alert-analysis",
                              "queryList": [QUERY], "threshold": 1,
                              "severityConfigurations": [{"severity": 8, "evalCondition": {"condition": ""}}]}, **more}


def old(dashboard, **more):
    """A rule of the alerting before version 2.0: a condition, and a dashboard that has to exist."""
    query = {"logStore": "audit", "query": "* | select count(1) as cnt", "start": "-900s", "end": "now", "chartTitle": "c"}
    return rule("old", configuration={"condition": "cnt > 0", "dashboard": dashboard, "queryList": [query],
                                      "notificationList": [], **more})


refused("JobNotExist", lambda: client.get_alert(PROJECT, "root"), 404)
client.create_alert(PROJECT, rule("root"))
found = client.get_alert(PROJECT, "root").get_body()
equal((found["type"], found["state"], found["status"]), ("Alert", "Enabled", "ENABLED"), "shows the state in both spellings")
refused("JobAlreadyExist", lambda: client.create_alert(PROJECT, rule("root")), 400)
refused("ParameterInvalid", lambda: client.create_alert(PROJECT, rule("bad", schedule={"type": "Hasty"})), 400)
refused("ParameterInvalid", lambda: client.create_alert(PROJECT, old("missing")), 400)
client.create_dashboard(PROJECT, {"dashboardName": "board", "displayName": "Board", "charts": []})
refused("ParameterInvalid", lambda: client.create_alert(PROJECT, old("board", condition="x" * 129)), 400)
client.create_alert(PROJECT, old("board"))
for schedule in [{"type": "Hourly"}, {"type": "Daily", "hour": 3}, {"type": "Weekly", "dayOfWeek": 0, "hour": 3}]:
    client.update_alert(PROJECT, {**old("board"), "schedule": schedule})
    equal(client.get_alert(PROJECT, "old").get_body()["schedule"], schedule, f"takes the older schedule {schedule['type']}")
refused("NotSupported", lambda: client.create_etl(PROJECT, "etl", {}, {"type": "Resident"}, "No alert"), 400)

client.create_alert(PROJECT, rule("silent", state="Disabled"))
equal(client.get_alert(PROJECT, "silent").get_body()["state"], "Disabled", "a rule can be made disabled", assumed=True)
client.update_alert(PROJECT, rule("silent", state="Enabled"))
equal(client.get_alert(PROJECT, "silent").get_body()["state"], "Enabled", "an update can enable a rule")
refused("ParameterInvalid", lambda: client.update_alert(PROJECT, rule("silent", displayName="")), 400)
refused("JobNotExist", lambda: client.update_alert(PROJECT, rule("missing")), 404)
client.disable_alert(PROJECT, "root")
refused("ParameterInvalid", lambda: client.disable_alert(PROJECT, "root"), 400)
equal(client.get_alert(PROJECT, "root").get_body()["state"], "Disabled", "shows that the rule was disabled")
client.enable_alert(PROJECT, "root")
refused("ParameterInvalid", lambda: client.enable_alert(PROJECT, "root"), 400)


def page(offset):
    body = client.list_alert(PROJECT, offset=offset or 0, size=2).get_body()
    after = (offset or 0) + body["count"]
    return [found["name"] for found in body["results"]], after if after < body["total"] else None


paged(page, ["old", "root", "silent"])
refused("ParameterInvalid", lambda: client.list_alert(PROJECT, size=201), 400)
equal(client.list_etls(PROJECT).get_body()["total"], 0, "jobs of other types are none", assumed=True)
client.delete_alert(PROJECT, "root")
for call in (client.get_alert, client.delete_alert, client.enable_alert, client.disable_alert):
    refused("JobNotExist", lambda: call(PROJECT, "root"), 404)
    refused("ProjectNotExist", lambda: call("sdk-log-none", "root"), 404)
for call in (client.create_alert, client.update_alert):
    refused("ProjectNotExist", lambda: call("sdk-log-none", rule("root")), 404)
refused("ProjectNotExist", lambda: client.list_alert("sdk-log-none"), 404)
