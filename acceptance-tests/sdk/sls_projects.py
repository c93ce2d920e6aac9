"""Log projects by the newer SDK: settings, lists, resource group, policy, service logging, regions."""

import json

from common import ACCOUNT, REGION, admin, equal, paged, refused
from sls_tea import caller

PROJECT = "sdk-log-settings"
sls = caller(signature="v4")

sls("create_project", projectName=PROJECT, description="made by a test", dataRedundancyType="ZRS",
    recycleBinEnabled=True, resourceGroupId="rg-acfm0000000000a")
found = sls("get_project", PROJECT)
equal((found["description"], found["dataRedundancyType"], found["recycleBinEnabled"], found["resourceGroupId"]),
      ("made by a test", "ZRS", True, "rg-acfm0000000000a"), "a project comes back as it was made")
equal((found["status"], found["owner"], found["region"], found["quota"]["shard"]), ("Normal", ACCOUNT, REGION, 400),
      "shows state, owner, region and limits")
equal((len(found["createTime"]), found["createTime"][10]), (19, " "), "times are local and written out")
for fields in [{"projectName": "No"}, {"projectName": "Upper-case"}, {"projectName": "sdk-log-x", "description": "x" * 513},
               {"projectName": "sdk-log-x", "dataRedundancyType": "GRS"},
               {"projectName": "sdk-log-x", "resourceGroupId": "nonsense"}]:
    refused("ParameterInvalid", lambda: sls("create_project", **fields), 400)
refused("ProjectAlreadyExist", lambda: sls("create_project", projectName=PROJECT), 400)
refused("ProjectAlreadyExist", lambda: sls("create_project", projectName="logtail"), 400)
sls("update_project", PROJECT, recycleBinEnabled=False)
found = sls("get_project", PROJECT)
equal((found["description"], found["recycleBinEnabled"]), ("", False), "an update without description empties it")
refused("ParameterInvalid", lambda: sls("update_project", PROJECT, description="x" * 513), 400)

for number in range(4):
    sls("create_project", projectName=f"sdk-log-list-{number}", description="odd" if number % 2 else "even")


def names(**fields):
    return [project["projectName"] for project in sls("list_project", **fields)["projects"]]


def page(offset):
    body = sls("list_project", offset=offset or 0, size=2)
    after = (offset or 0) + body["count"]
    return [project["projectName"] for project in body["projects"]], after if after < body["total"] else None


paged(page, [f"sdk-log-list-{number}" for number in range(4)] + [PROJECT])
equal(names(projectName="settings"), [PROJECT], "a part of a name selects")
equal(names(description="odd"), ["sdk-log-list-1", "sdk-log-list-3"], "a part of a description selects")
equal(names(resourceGroupId="rg-acfm0000000000a"), [PROJECT], "a resource group selects")
body = sls("list_project", projectName=PROJECT, fetchQuota=True)["projects"][0]
equal((body["createTime"].isdigit(), body["quota"]["logstore"]), (True, 200),
      "times are seconds, and limits are shown on request")
refused("ParameterInvalid", lambda: sls("list_project", size=501), 400)

sls("change_resource_group", PROJECT, resourceId=PROJECT, resourceGroupId="rg-acfm0000000000b", resourceType="PROJECT")
equal(sls("get_project", PROJECT)["resourceGroupId"], "rg-acfm0000000000b", "shows the changed resource group")
refused("ParameterInvalid", lambda: sls("change_resource_group", PROJECT, resourceId=PROJECT, resourceGroupId="nonsense"), 400)

POLICY = json.dumps({"Version": "1", "Statement": [
    {"Effect": "Deny", "Action": ["log:DeleteProject"], "Principal": ["*"], "Resource": f"acs:log:*:*:project/{PROJECT}"}]})
equal(sls("get_project_policy", PROJECT), "", "without a policy the answer is empty", assumed=True)
sls("put_project_policy", PROJECT, body=POLICY)
equal(sls("get_project_policy", PROJECT), POLICY, "a policy comes back as the text that was put")
refused("Unauthorized", lambda: sls("delete_project", PROJECT), 401)
refused("ParameterInvalid", lambda: sls("put_project_policy", PROJECT, body="no JSON"), 400)
sls("delete_project_policy", PROJECT)
sls("delete_project_policy", PROJECT)
equal(sls("get_project_policy", PROJECT), "", "a policy can be deleted twice")
admin("PUT", "switches", {"sls_project_policy": "false"})
for operation in ("get_project_policy", "put_project_policy", "delete_project_policy"):
    refused("InvalidMethod", lambda: sls(operation, PROJECT, body=POLICY), 405)

LOGGING = {"loggingProject": "sdk-log-list-1", "loggingDetails": [{"type": "operation_log", "logstore": "internal"}]}
INVALID = {**LOGGING, "loggingDetails": [{"type": "no_such_log", "logstore": "internal"}]}
refused("LoggingNotExist", lambda: sls("get_logging", PROJECT), 404)
refused("LoggingNotExist", lambda: sls("update_logging", PROJECT, **LOGGING), 404)
refused("LoggingNotExist", lambda: sls("delete_logging", PROJECT), 404)
refused("ParameterInvalid", lambda: sls("create_logging", PROJECT, **INVALID), 400)
sls("create_logging", PROJECT, **LOGGING)
equal(sls("get_logging", PROJECT), LOGGING, "neither target project nor logstore has to exist")
refused("LoggingAlreadyExist", lambda: sls("create_logging", PROJECT, **LOGGING), 400)
refused("ParameterInvalid", lambda: sls("update_logging", PROJECT, **INVALID), 400)
changed = {**LOGGING, "loggingDetails": [{"type": kind, "logstore": "all"} for kind in ("operation_log", "metering")]}
sls("update_logging", PROJECT, **changed)
equal(sls("get_logging", PROJECT), changed, "an update replaces the whole")
sls("delete_logging", PROJECT)

regions = {region["region"]: region for region in sls("describe_regions", language="en")["regions"]}
equal((regions[REGION]["internetEndpoint"], regions[REGION]["localName"]),
      (f"{REGION}.log.aliyuncs.com", "China (Hangzhou)"), "names the hosts of each region")
regions = {region["region"]: region for region in sls("describe_regions", language="zh")["regions"]}
equal(regions[REGION]["localName"].isascii(), False, "names regions in the language that is asked for")

sls("delete_project", PROJECT)
refused("ProjectNotExist", lambda: sls("get_project", PROJECT), 404)
sls("create_project", projectName=PROJECT)
equal(sls("get_project", PROJECT)["resourceGroupId"] != "rg-acfm0000000000b", True,
      "a deleted name can be used again, and nothing is left of it")
