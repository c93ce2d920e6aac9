//! Projects, their tags, policy and service logging.

use http::Method;
use serde_json::json;
use time::Duration;

use super::{ACCOUNT, Cloud, PROJECT};

#[test]
fn a_project_is_made_read_changed_and_deleted() {
    let mut cloud = Cloud::new();
    let body = json!({ "projectName": PROJECT, "description": "d", "dataRedundancyType": "ZRS", "recycleBinEnabled": true, "resourceGroupId": "rg-acfm0000000000a" });
    let seen = cloud.region(Method::POST, "/", body.clone()).ok();
    assert!(seen.reply.body.is_empty());
    assert_eq!(seen.header("x-log-time"), "1768465800");
    let seen = cloud.get("/").ok();
    assert_eq!(seen.body["createTime"], "2026-01-15 16:30:00");
    assert_eq!(seen.body["quota"]["shard"], 400);
    for (member, value) in [
        ("projectName", PROJECT),
        ("owner", ACCOUNT),
        ("status", "Normal"),
        ("region", "cn-hangzhou"),
        ("dataRedundancyType", "ZRS"),
        ("resourceGroupId", "rg-acfm0000000000a"),
    ] {
        assert_eq!(seen.body[member], value, "{member}");
    }
    assert_eq!(
        cloud.region(Method::POST, "/", body).error(),
        (400, "ProjectAlreadyExist", "Project audit-prj already exist")
    );
    cloud.put("/", json!({ "description": "changed", "recycleBinEnabled": false })).ok();
    let seen = cloud.get("/").ok();
    assert_eq!(
        (&seen.body["description"], &seen.body["recycleBinEnabled"]),
        (&json!("changed"), &json!(false))
    );
    cloud.put("/", json!({ "description": null })).ok();
    assert_eq!(cloud.get("/").body["description"], "");
    cloud.post("/logstores", json!({ "logstoreName": "audit", "ttl": 1, "shardCount": 1 })).ok();
    cloud.delete("/?forceDelete=true").ok();
    assert_eq!(cloud.get("/").error(), (404, "ProjectNotExist", "The Project does not exist : audit-prj"));
    assert_eq!(cloud.delete("/").code(), (404, "ProjectNotExist"));
}

#[test]
fn impossible_projects_are_refused() {
    let mut cloud = Cloud::new();
    for body in [
        json!({ "projectName": "ab" }),
        json!({ "projectName": "Upper" }),
        json!({ "projectName": "under_score" }),
        json!({ "projectName": PROJECT, "description": "x".repeat(513) }),
        json!({ "projectName": PROJECT, "dataRedundancyType": "GRS" }),
        json!({ "projectName": PROJECT, "resourceGroupId": "none" }),
    ] {
        assert_eq!(cloud.region(Method::POST, "/", body.clone()).code(), (400, "ParameterInvalid"), "{body}");
    }
    assert_eq!(
        cloud.region(Method::POST, "/", json!({ "projectName": "logtail" })).code(),
        (400, "ProjectAlreadyExist")
    );
    for number in 0..50 {
        cloud.region(Method::POST, "/", json!({ "projectName": format!("prj-{number}") })).ok();
    }
    assert_eq!(
        cloud.region(Method::POST, "/", json!({ "projectName": PROJECT })).code(),
        (400, "ProjectQuotaExceed")
    );
    cloud.cloud.switches.set("quotas", "off").unwrap();
    cloud.region(Method::POST, "/", json!({ "projectName": PROJECT })).ok();
}

#[test]
fn names_are_unique_and_projects_private() {
    let mut cloud = Cloud::with_project();
    cloud.region = "eu-central-1".into();
    assert_eq!(cloud.get("/").code(), (404, "ProjectNotExist"));
    assert_eq!(
        cloud.region(Method::POST, "/", json!({ "projectName": PROJECT })).code(),
        (400, "ProjectAlreadyExist")
    );
    cloud.region = "cn-hangzhou".into();
    cloud.account = "6543210987654321".into();
    assert_eq!(
        cloud.region(Method::POST, "/", json!({ "projectName": PROJECT })).code(),
        (400, "ProjectAlreadyExist")
    );
    assert_eq!(
        cloud.get("/").error(),
        (
            401,
            "Unauthorized",
            "denied by sts or ram, action: log:GetProject, resource: acs:log:cn-hangzhou:1234567890123456:project/audit-prj"
        )
    );
}

#[test]
fn lists_of_projects() {
    let mut cloud = Cloud::with_project();
    cloud.region(Method::POST, "/", json!({ "projectName": "other-prj" })).ok();
    let seen = cloud.region(Method::GET, "/?projectName=audit&fetchQuota=true", json!(null)).ok();
    assert_eq!((&seen.body["count"], &seen.body["total"]), (&json!(1), &json!(1)));
    assert_eq!(seen.body["projects"][0]["createTime"], "1768465800");
    assert!(seen.body["projects"][0]["quota"].is_object());
    let seen = cloud.region(Method::GET, "/?offset=1&size=1", json!(null)).ok();
    assert_eq!((&seen.body["count"], &seen.body["total"]), (&json!(1), &json!(2)));
    assert_eq!(seen.body["projects"][0]["projectName"], "other-prj");
    assert_eq!(cloud.region(Method::GET, "/?size=501", json!(null)).code(), (400, "ParameterInvalid"));
    let regions = cloud.region(Method::GET, "/regions?language=en", json!(null)).ok();
    assert_eq!(regions.body["regions"][0]["internetEndpoint"], "cn-hangzhou.log.aliyuncs.com");
}

#[test]
fn a_new_project_can_be_late() {
    let mut cloud = Cloud::new();
    cloud.cloud.switches.set("sls_project_lag", "5s").unwrap();
    cloud.region(Method::POST, "/", json!({ "projectName": PROJECT })).ok();
    let store = json!({ "logstoreName": "audit", "ttl": 30, "shardCount": 1 });
    assert_eq!(cloud.get("/").code(), (404, "ProjectNotExist"));
    assert_eq!(cloud.post("/logstores", store.clone()).code(), (403, "ProjectForbidden"));
    cloud.pass(Duration::seconds(5));
    cloud.get("/").ok();
    cloud.post("/logstores", store).ok();
}

#[test]
fn tags_of_projects_and_logstores() {
    let mut cloud = Cloud::with_logstore();
    let tag = |id: &str, kind: &str, tags: serde_json::Value| json!({ "resourceId": [id], "resourceType": kind, "tags": tags });
    cloud
        .post(
            "/tag",
            tag(
                PROJECT,
                "PROJECT",
                json!([{ "key": "env", "value": "prod" }, { "key": "team", "value": "" }]),
            ),
        )
        .ok();
    cloud
        .region(
            Method::POST,
            "/tag",
            tag("audit-prj#audit", "logstore", json!([{ "key": "a", "value": "b" }])),
        )
        .ok();
    let list = cloud.get("/tags?resourceType=PROJECT&resourceId=[\"audit-prj\"]").ok();
    assert_eq!(
        list.body["tagResources"][0],
        json!({ "resourceType": "project", "resourceId": PROJECT, "tagKey": "env", "tagValue": "prod" })
    );
    assert_eq!(
        (list.body["tagResources"].as_array().unwrap().len(), &list.body["nextToken"]),
        (2, &json!(""))
    );
    let list =
        cloud.region(Method::GET, "/tags?resourceType=logstore&tags=[{\"key\":\"a\"}]", json!(null)).ok();
    assert_eq!(list.body["tagResources"][0]["resourceId"], "audit-prj#audit");
    cloud.post("/untag", json!({ "resourceId": [PROJECT], "resourceType": "project", "tags": ["env"] })).ok();
    assert_eq!(cloud.get("/tags?resourceType=project").body["tagResources"].as_array().unwrap().len(), 1);
    cloud.post("/untag", json!({ "resourceId": [PROJECT], "resourceType": "project", "all": true })).ok();
    assert_eq!(cloud.get("/tags?resourceType=project").body["tagResources"], json!([]));
    let many: Vec<_> = (0..21).map(|n| json!({ "key": format!("k{n}"), "value": "" })).collect();
    for (body, code) in [
        (tag(PROJECT, "project", json!([])), (400, "PostBodyInvalid")),
        (tag(PROJECT, "project", json!(many)), (400, "PostBodyInvalid")),
        (tag(PROJECT, "bucket", json!([{ "key": "a", "value": "b" }])), (400, "ParameterInvalid")),
        (tag("none-there", "project", json!([{ "key": "a", "value": "b" }])), (404, "ProjectNotExist")),
        (tag("audit-prj#none", "logstore", json!([{ "key": "a", "value": "b" }])), (404, "LogStoreNotExist")),
        (
            tag("audit-prj#none", "dashboard", json!([{ "key": "a", "value": "b" }])),
            (404, "DashboardNotExist"),
        ),
        (
            tag("audit-prj#none", "machinegroup", json!([{ "key": "a", "value": "b" }])),
            (404, "MachineGroupNotExist"),
        ),
    ] {
        assert_eq!(cloud.post("/tag", body.clone()).code(), code, "{body}");
    }
}

#[test]
fn resource_group_policy_and_logging() {
    let mut cloud = Cloud::with_project();
    cloud
        .put(
            "/resourcegroup",
            json!({ "resourceId": PROJECT, "resourceGroupId": "rg-bbbb", "resourceType": "PROJECT" }),
        )
        .ok();
    assert_eq!(cloud.get("/").body["resourceGroupId"], "rg-bbbb");
    assert!(cloud.get("/policy").ok().reply.body.is_empty());
    assert_eq!(cloud.post("/policy", json!({ "Version": "9" })).code(), (400, "ParameterInvalid"));
    let policy = json!({ "Version": "1", "Statement": [] });
    cloud.post("/policy", policy.clone()).ok();
    assert_eq!(cloud.get("/policy").ok().body, policy);
    cloud.delete("/policy").ok();
    cloud.delete("/policy").ok();
    cloud.cloud.switches.set("sls_project_policy", "false").unwrap();
    assert_eq!(cloud.get("/policy").error(), (405, "InvalidMethod", "invalid request method : /policy"));

    let logging = json!({ "loggingProject": "log-service", "loggingDetails": [{ "type": "operation_log", "logstore": "internal-operation_log" }] });
    assert_eq!(cloud.get("/logging").code(), (404, "LoggingNotExist"));
    assert_eq!(cloud.put("/logging", logging.clone()).code(), (404, "LoggingNotExist"));
    cloud.post("/logging", logging.clone()).ok();
    assert_eq!(cloud.post("/logging", logging.clone()).code(), (400, "LoggingAlreadyExist"));
    assert_eq!(cloud.get("/logging").ok().body, logging);
    let wrong = json!({ "loggingProject": "p", "loggingDetails": [{ "type": "nothing", "logstore": "l" }] });
    assert_eq!(cloud.put("/logging", wrong).error(), (400, "ParameterInvalid", "Invalid type 'nothing'"));
    cloud.delete("/logging").ok();
    assert_eq!(cloud.delete("/logging").code(), (404, "LoggingNotExist"));
}
