"""What every call of SLS says when its project or logstore is not there, by the newer SDK."""

from common import REGION, equal, refused
from sls_tea import caller

PROJECT, NONE = "sdk-log-missing", "sdk-log-none"
sls = caller()
sls("create_project", projectName=PROJECT)

INDEX = {"body": {"line": {"token": [" "], "caseSensitive": False}}}
LOGS = {"body": {"LogItems": [{"Time": 1, "Contents": [{"Key": "a", "Value": "b"}]}]}}
QUERY = {"from": 1, "to": 2, "query": "*"}
OF_LOGSTORES = [("get_log_store", [], {}), ("update_log_store", [], {"ttl": 30}), ("delete_log_store", [], {}),
                ("update_log_store_encryption", [], {"enable": True, "encryptType": "default"}),
                ("get_log_store_metering_mode", [], {}),
                ("update_log_store_metering_mode", [], {"meteringMode": "ChargeByFunction"}),
                ("get_log_store_config", [], {}), ("put_log_store_config", [], {"clientIpHeaders": []}),
                ("list_shards", [], {}), ("get_cursor", ["0"], {"from": "begin"}), ("split_shard", ["0"], {}), ("merge_shard", ["0"], {}),
                ("create_index", [], INDEX), ("get_index", [], {}), ("update_index", [], INDEX), ("delete_index", [], {}),
                ("put_logs", [], LOGS), ("get_logs", [], QUERY)]
for operation, names, fields in OF_LOGSTORES:
    refused("LogStoreNotExist", lambda: sls(operation, PROJECT, "none", *names, **fields), 404)
    refused("ProjectNotExist", lambda: sls(operation, NONE, "none", *names, **fields), 404)

RULE = {"displayName": "Rule", "schedule": {"type": "FixedRate", "interval": "15m"}, "configuration": {
    "version": "2.0", "queryList": [{"query": "*"}], "severityConfigurations": [{"severity": 8}]}}
BOARD = {"body": {"dashboardName": "board", "displayName": "Board", "charts": []}}
SEARCH = {"savedsearchName": "search", "displayName": "Search", "logstore": "audit", "searchQuery": "*"}
LOGGING = {"loggingProject": PROJECT, "loggingDetails": []}
POLICY = {"body": '{"Version": "1", "Statement": []}'}
GROUP = {"resourceId": NONE, "resourceGroupId": "rg-acfm0000000000a"}
for operation, names, fields in [
        ("get_project", [], {}), ("update_project", [], {"description": ""}), ("delete_project", [], {}),
        ("change_resource_group", [], GROUP), ("put_project_policy", [], POLICY), ("get_project_policy", [], {}),
        ("delete_project_policy", [], {}), ("create_logging", [], LOGGING), ("get_logging", [], {}),
        ("update_logging", [], LOGGING), ("delete_logging", [], {}), ("list_log_stores", [], {}),
        ("create_log_store", [], {"logstoreName": "audit", "ttl": 30, "shardCount": 1}),
        ("create_dashboard", [], BOARD), ("get_dashboard", ["board"], {}), ("update_dashboard", ["board"], BOARD),
        ("delete_dashboard", ["board"], {}), ("list_dashboard", [], {}), ("create_saved_search", [], SEARCH),
        ("get_saved_search", ["search"], {}), ("update_saved_search", ["search"], SEARCH),
        ("delete_saved_search", ["search"], {}), ("list_saved_search", [], {}), ("create_alert", [], {**RULE, "name": "rule"}),
        ("get_alert", ["rule"], {}), ("update_alert", ["rule"], RULE), ("enable_alert", ["rule"], {}),
        ("disable_alert", ["rule"], {}), ("delete_alert", ["rule"], {}), ("list_alerts", [], {})]:
    refused("ProjectNotExist", lambda: sls(operation, NONE, *names, **fields), 404)

# A project is found in its own region only.
equal(sls("get_project", PROJECT)["region"], REGION, "a project is in the region that it was made in")
refused("ProjectNotExist", lambda: caller("cn-beijing")("get_project", PROJECT), 404)
refused("ProjectAlreadyExist", lambda: caller("cn-beijing")("create_project", projectName=PROJECT), 400)
for operation in ("list_dashboard", "list_saved_search"):
    refused("ParameterInvalid", lambda: sls(operation, PROJECT, size=501), 400)
