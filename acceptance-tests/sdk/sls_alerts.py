"""Alert rules of SLS by the newer SDK, which has them below `/alerts`."""

import copy
from concurrent.futures import ThreadPoolExecutor

from common import REGION, equal, paged, refused
from sls_tea import caller

PROJECT = "sdk-log-alerts"
sls = caller(signature="v4")
sls("create_project", projectName=PROJECT, description="alerts")

RULE = {
    "displayName": "Root login", "description": "made by a test",
    "schedule": {"type": "FixedRate", "interval": "15m", "delay": 0, "runImmediately": True, "timeZone": "+0800"},
    "configuration": {
        "version": "2.0", "type": "default", "dashboard": "internal-alert-analysis",
        "queryList": [{"storeType": "log", "region": REGION, "project": PROJECT, "store": "audit", "start": "-15m",
                       "end": "now", "timeSpanType": "Relative", "query": "* | select count(1) as cnt"}],
        "groupConfiguration": {"type": "no_group", "fields": []}, "joinConfigurations": [],
        "severityConfigurations": [{"severity": 8, "evalCondition": {"condition": "cnt > 0", "countCondition": ""}}],
        "labels": [{"key": "env", "value": "test"}], "annotations": [{"key": "title", "value": "${alert_name}"}],
        "policyConfiguration": {"alertPolicyId": "sls.builtin.dynamic", "actionPolicyId": "", "repeatInterval": "5m"},
        "templateConfiguration": {"id": "t", "type": "sys", "aonotations": {"x": "y"}},
        "autoAnnotation": True, "sendResolved": True, "threshold": 1, "noDataFire": False, "noDataSeverity": 6},
}


def changed(path, value):
    """The rule with one member set to another value."""
    rule = copy.deepcopy(RULE)
    *parents, last = path.split(".")
    place = rule
    for name in parents:
        place = place[name]
    place[last] = value
    return rule


refused("JobNotExist", lambda: sls("get_alert", PROJECT, "root"), 404)
sls("create_alert", PROJECT, name="root", **RULE)
found = sls("get_alert", PROJECT, "root")
equal({name: found[name] for name in RULE}, RULE, "the rule comes back as it was put, misspelt member included",
      assumed=True)
equal((found["name"], found["status"]), ("root", "ENABLED"), "a new rule is enabled")
refused("JobAlreadyExist", lambda: sls("create_alert", PROJECT, name="root", **RULE), 400)

for path, value in [("displayName", ""), ("displayName", "x" * 65), ("schedule", None), ("schedule.interval", "often"),
                    ("schedule", {"type": "Cron", "cronExpression": "* *"}), ("configuration", None),
                    ("configuration", {"version": "2.0", "queryList": [], "severityConfigurations": []}),
                    ("configuration.severityConfigurations", [{"severity": 3}]), ("configuration.threshold", -1),
                    ("configuration.version", "1.0")]:
    refused("ParameterInvalid", lambda: sls("create_alert", PROJECT, name="bad", **changed(path, value)), 400)
refused("ParameterInvalid", lambda: sls("create_alert", PROJECT, name="x", **RULE), 400)

for path, value in [("configuration.threshold", 0),
                    ("configuration.severityConfigurations",
                     [{"severity": 6, "evalCondition": {"condition": "", "countCondition": "__count__ > 1"}}]),
                    ("configuration.severityConfigurations",
                     [{"severity": 6, "evalCondition": {"condition": "aa", "countCondition": "aa"}}])]:
    sls("create_alert", PROJECT, name="lenient", **changed(path, value))
    equal(sls("get_alert", PROJECT, "lenient")["configuration"][path.split(".")[1]], value, "conditions are not read")
    sls("delete_alert", PROJECT, "lenient")
sls("create_alert", PROJECT, name="from-template", displayName="From a template", schedule=RULE["schedule"],
    configuration={"version": "2.0", "type": "tpl", "queryList": [], "severityConfigurations": [], "threshold": 0,
                   "noDataSeverity": 0, "templateConfiguration": {"id": "sls.app.actiontrail.cis.at.root_login",
                                                                  "type": "sys", "version": "1", "lang": "en"}})
equal(sls("get_alert", PROJECT, "from-template")["configuration"]["noDataSeverity"], 0,
      "a template alone makes a rule, which comes back as it was put")
sls("delete_alert", PROJECT, "from-template")

sls("disable_alert", PROJECT, "root")
equal(sls("get_alert", PROJECT, "root")["status"], "DISABLED", "shows that the rule was disabled")
refused("ParameterInvalid", lambda: sls("disable_alert", PROJECT, "root"), 400)
sls("update_alert", PROJECT, "root", **changed("schedule", {"type": "Cron", "cronExpression": "0/30 * * * *"}))
found = sls("get_alert", PROJECT, "root")
equal((found["schedule"]["type"], found["status"]), ("Cron", "DISABLED"), "an update leaves a disabled rule disabled")
refused("ParameterInvalid", lambda: sls("update_alert", PROJECT, "root", **changed("displayName", "")), 400)
sls("enable_alert", PROJECT, "root")
refused("ParameterInvalid", lambda: sls("enable_alert", PROJECT, "root"), 400)

for operation in ("get_alert", "enable_alert", "disable_alert", "delete_alert"):
    refused("JobNotExist", lambda: sls(operation, PROJECT, "missing"), 404)
refused("JobNotExist", lambda: sls("update_alert", PROJECT, "missing", **RULE), 404)

for number in range(1, 5):
    sls("create_alert", PROJECT, name=f"rule-{number}", **changed("configuration.queryList", [
        {**RULE["configuration"]["queryList"][0], "store": "other" if number == 4 else "audit"}]))


def page(offset):
    body = sls("list_alerts", PROJECT, offset=offset or 0, size=2)
    after = (offset or 0) + body["count"]
    return [rule["name"] for rule in body["results"]], after if after < body["total"] else None


paged(page, ["root", "rule-1", "rule-2", "rule-3", "rule-4"])
equal([rule["name"] for rule in sls("list_alerts", PROJECT, logstore="other")["results"]], ["rule-4"],
      "a logstore selects the rules that query it")
refused("ParameterInvalid", lambda: sls("list_alerts", PROJECT, size=201), 400)
sls("delete_alert", PROJECT, "rule-4")
equal(sls("list_alerts", PROJECT)["total"], 4, "a deleted rule is gone")
with ThreadPoolExecutor(16) as pool:
    list(pool.map(lambda number: sls("create_alert", PROJECT, name=f"more-{number}", **RULE), range(96)))
refused("ExceedQuota", lambda: sls("create_alert", PROJECT, name="one-too-many", **RULE), 400)
