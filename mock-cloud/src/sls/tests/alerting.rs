//! Dashboards, saved searches, alert rules through both routes, notification objects.

use http::Method;
use serde_json::{Value, json};

use super::{Cloud, PROJECT};

fn rule(name: &str) -> Value {
    json!({ "name": name, "displayName": "Root login", "description": "d",
        "schedule": { "type": "FixedRate", "interval": "15m", "delay": 0, "runImmediately": true },
        "configuration": { "version": "2.0", "type": "default", "dashboard": "internal-alert-analysis",
            "queryList": [{ "storeType": "log", "region": "cn-hangzhou", "project": PROJECT, "store": "audit", "query": "* | select count(1) as cnt", "timeSpanType": "Relative", "start": "-15m", "end": "now" }],
            "groupConfiguration": { "type": "no_group", "fields": [] },
            "severityConfigurations": [{ "severity": 8, "evalCondition": { "condition": "cnt > 0", "countCondition": "" } }],
            "threshold": 1, "templateConfiguration": { "aonotations": { "x": "y" } } } })
}

#[test]
fn alert_rules_through_both_routes() {
    let mut cloud = Cloud::with_project();
    cloud.post("/alerts", rule("root-login")).ok();
    assert_eq!(
        cloud
            .post("/jobs", {
                let mut job = rule("root-login");
                job["type"] = json!("Alert");
                job
            })
            .error()
            .2,
        "Job root-login already exists"
    );
    let seen = cloud.get("/alerts/root-login").ok();
    assert_eq!((&seen.body["status"], &seen.body["state"]), (&json!("ENABLED"), &json!("Enabled")));
    assert_eq!(
        seen.body["configuration"],
        rule("x")["configuration"],
        "unknown members come back as they were"
    );
    assert_eq!(cloud.get("/jobs/root-login").ok().body["type"], "Alert");
    assert_eq!(cloud.put("/alerts/root-login?action=enable", Value::Null).code(), (400, "ParameterInvalid"));
    cloud.put("/alerts/root-login?action=disable", Value::Null).ok();
    let mut changed = rule("ignored");
    changed["displayName"] = json!("Changed");
    cloud.put("/alerts/root-login", changed.clone()).ok();
    let seen = cloud.get("/alerts/root-login").ok();
    assert_eq!(
        (&seen.body["status"], &seen.body["displayName"], &seen.body["name"]),
        (&json!("DISABLED"), &json!("Changed"), &json!("root-login"))
    );
    changed["state"] = json!("Enabled");
    cloud.put("/jobs/root-login", changed).ok();
    assert_eq!(cloud.get("/alerts/root-login").body["status"], "ENABLED");
    let list = cloud.get("/alerts?logstore=audit").ok();
    assert_eq!((&list.body["total"], &list.body["results"][0]["name"]), (&json!(1), &json!("root-login")));
    assert_eq!(cloud.get("/alerts?logstore=other").body["total"], 0);
    assert_eq!(cloud.get("/jobs?jobType=Ingestion").body["total"], 0);
    cloud.delete("/alerts/root-login").ok();
    for (method, target) in [
        (Method::GET, "/alerts/root-login"),
        (Method::DELETE, "/jobs/root-login"),
        (Method::PUT, "/alerts/root-login?action=enable"),
    ] {
        let call = cloud.call(method, Some(PROJECT), target);
        assert_eq!(cloud.send(&call).code(), (404, "JobNotExist"), "{target}");
    }
}

#[test]
fn rules_may_come_back_normalised() {
    let mut cloud = Cloud::with_project();
    let mut given = rule("quiet");
    given["configuration"]["tags"] = json!([]);
    given["configuration"]["labels"] = json!([{ "key": "a", "value": "" }, {}]);
    cloud.post("/alerts", given.clone()).ok();
    assert_eq!(cloud.get("/alerts/quiet").ok().body["configuration"], given["configuration"]);
    cloud.cloud.switches.set("sls_alert_answer", "normalised").unwrap();
    let shown = cloud.get("/alerts/quiet").ok().body["configuration"].clone();
    assert_eq!((&shown["labels"], &shown["tags"]), (&json!([{ "key": "a" }, {}]), &json!(null)));
    assert_eq!(cloud.get("/alerts").ok().body["results"][0]["configuration"], shown);
}

#[test]
fn impossible_rules_are_refused() {
    let mut cloud = Cloud::with_project();
    for (pointer, value) in [
        ("/name", json!("a b")),
        ("/displayName", json!("")),
        ("/schedule", json!({ "type": "FixedRate" })),
        ("/schedule", json!({ "type": "Cron", "cronExpression": "* *" })),
        ("/schedule/type", json!("Sometimes")),
        ("/configuration", json!(null)),
        ("/configuration/queryList", json!([])),
        ("/configuration/queryList", json!([1, 2, 3, 4])),
        ("/configuration/severityConfigurations", json!([{ "severity": 7 }])),
        ("/configuration/threshold", json!(-1)),
        ("/configuration/version", json!("1.0")),
    ] {
        let mut body = rule("root-login");
        *body.pointer_mut(pointer).unwrap() = value;
        assert_eq!(cloud.post("/alerts", body).code(), (400, "ParameterInvalid"), "{pointer}");
    }
    let old = json!({ "name": "old-one", "displayName": "o", "type": "Alert", "state": "Disabled", "schedule": { "type": "Daily", "hour": 3 },
        "configuration": { "condition": "cnt > 0", "dashboard": "dash", "queryList": [{ "logStore": "audit", "query": "*" }] } });
    assert_eq!(cloud.post("/jobs", old.clone()).error().2, "Dashboard does not exist: dash");
    cloud.post("/dashboards", json!({ "dashboardName": "dash", "charts": [] })).ok();
    cloud.post("/jobs", old).ok();
    assert_eq!(cloud.get("/jobs/old-one").body["state"], "Disabled");
    assert_eq!(cloud.post("/jobs", json!({ "type": "ETL" })).code(), (400, "NotSupported"));
}

#[test]
fn conditions_are_not_read_and_a_template_alone_makes_a_rule() {
    let mut cloud = Cloud::with_project();
    for (number, (pointer, value)) in [
        ("/configuration/threshold", json!(0)),
        ("/configuration/noDataSeverity", json!(0)),
        ("/configuration/severityConfigurations/0/evalCondition/condition", json!("")),
        ("/configuration/severityConfigurations/0/evalCondition/condition", json!("aa")),
        ("/configuration/severityConfigurations/0/evalCondition", json!({})),
        ("/configuration/joinConfigurations", json!([{ "type": "no_join", "condition": "" }])),
        ("/configuration/version", json!("2")),
    ]
    .into_iter()
    .enumerate()
    {
        let mut body = rule(&format!("rule-{number}"));
        let (holder, member) = pointer.rsplit_once('/').unwrap();
        body.pointer_mut(holder).unwrap()[member] = value.clone();
        cloud.post("/alerts", body).ok();
        let seen = cloud.get(&format!("/alerts/rule-{number}")).ok();
        assert_eq!(seen.body.pointer(pointer), Some(&value));
    }
    let template =
        json!({ "id": "sls.app.actiontrail.cis.at.pwd_conf", "type": "sys", "version": "1", "lang": "en" });
    let mut body = rule("template");
    for (members, code) in [
        (json!({ "version": "2.0", "type": "tpl" }), (400, "ParameterInvalid")),
        (json!({ "version": "2.0", "type": "tpl", "templateConfiguration": {} }), (400, "ParameterInvalid")),
        (json!({ "version": "2.0", "type": "tpl", "templateConfiguration": template }), (200, "")),
    ] {
        body["configuration"] = members.clone();
        assert_eq!(cloud.post("/alerts", body.clone()).code(), code, "{members}");
    }
    body["configuration"] = json!({ "version": "2.0", "queryList": [], "severityConfigurations": [],
        "templateConfiguration": template });
    cloud.put("/alerts/template", body).ok();
}

#[test]
fn dashboards() {
    let mut cloud = Cloud::with_project();
    let board = |name: &str, titles: &[&str]| {
        let charts: Vec<_> = titles
            .iter()
            .map(|title| json!({ "title": title, "type": "table", "search": {}, "display": {} }))
            .collect();
        json!({ "dashboardName": name, "displayName": "D", "description": "", "attribute": {}, "charts": charts })
    };
    cloud.post("/dashboards", board("audit", &["a", "b"])).ok();
    assert_eq!(cloud.get("/dashboards/audit").ok().body, board("audit", &["a", "b"]));
    assert_eq!(
        cloud.post("/dashboards", board("audit", &[])).error(),
        (400, "ParameterInvalid", "specified dashboard already exists")
    );
    assert_eq!(cloud.post("/dashboards", board("x", &[])).code(), (400, "InvalidDashboardName"));
    assert_eq!(cloud.post("/dashboards", board(&"x".repeat(129), &[])).code(), (400, "InvalidDashboardName"));
    assert_eq!(
        cloud.put("/dashboards/audit", board("audit", &["a", "a"])).error(),
        (400, "PostBodyInvalid", "Duplicate chart title: a")
    );
    cloud.put("/dashboards/audit", board("audit", &["c"])).ok();
    cloud.cloud.switches.set("sls_dashboard_answer", "filled").unwrap();
    assert_eq!(cloud.get("/dashboards/audit").ok().body["charts"][0]["version"], "1");
    let list = cloud.get("/dashboards").ok();
    assert_eq!(
        (&list.body["dashboards"], &list.body["dashboardItems"][0]["displayName"]),
        (&json!(["audit"]), &json!("D"))
    );
    cloud.delete("/dashboards/audit").ok();
    assert_eq!(
        cloud.get("/dashboards/audit").error(),
        (404, "DashboardNotExist", "specified dashboard does not exist")
    );
}

#[test]
fn saved_searches() {
    let mut cloud = Cloud::with_project();
    let search = |name: &str| json!({ "savedsearchName": name, "displayName": "Root use", "logstore": "audit", "searchQuery": "*", "topic": "" });
    cloud.post("/savedsearches", search("root-use")).ok();
    assert_eq!(cloud.get("/savedsearches/root-use").ok().body, search("root-use"));
    assert_eq!(cloud.post("/savedsearches", search("root-use")).code(), (400, "ParameterInvalid"));
    assert_eq!(cloud.post("/savedsearches", search("x")).code(), (400, "PostBodyInvalid"));
    for number in 1..100 {
        cloud.post("/savedsearches", search(&format!("search-{number}"))).ok();
    }
    assert_eq!(
        cloud.post("/savedsearches", search("one-more")).error(),
        (400, "ExceedQuota", "savedsearch quota exceed")
    );
    cloud.cloud.switches.set("quotas", "off").unwrap();
    cloud.post("/savedsearches", search("one-more")).ok();
    let list = cloud.get("/savedsearches?savedsearchName=root&size=5").ok();
    assert_eq!((&list.body["savedsearches"], &list.body["total"]), (&json!(["root-use"]), &json!(1)));
    cloud.delete("/savedsearches/root-use").ok();
    assert_eq!(cloud.delete("/savedsearches/root-use").code(), (404, "SavedSearchNotExist"));
}

#[test]
fn notification_objects() {
    let mut cloud = Cloud::new();
    let user = |name: &str| json!({ "id": "alex", "tag": name, "value": "{\"user_id\": \"alex\"}", "createTime": 0 });
    assert_eq!(
        cloud.region(Method::POST, "/resources/sls.common.user/records", user("A")).code(),
        (405, "InvalidMethod")
    );
    cloud.region = "cn-heyuan".into();
    let records = "/resources/sls.common.user/records";
    assert_eq!(cloud.region(Method::POST, records, user("A")).ok().body, json!({ "id": "alex" }));
    assert_eq!(cloud.region(Method::POST, records, user("A")).status, 400);
    cloud
        .region(Method::PUT, records, json!({ "records": [user("B"), { "tag": "no id", "value": "{}" }] }))
        .ok();
    cloud
        .region(Method::PUT, &format!("{records}/alex"), json!({ "id": "other", "tag": "C", "value": "[]" }))
        .ok();
    let seen = cloud.region(Method::GET, &format!("{records}/alex"), json!(null)).ok();
    assert_eq!(
        (&seen.body["id"], &seen.body["tag"], &seen.body["value"]),
        (&json!("alex"), &json!("C"), &json!("[]"))
    );
    let list = cloud.region(Method::GET, &format!("{records}?tag=C"), json!(null)).ok();
    assert_eq!((&list.body["count"], &list.body["items"][0]["id"]), (&json!(1), &json!("alex")));
    let next =
        cloud.region(Method::GET, "/resources/sls.common.user/next_records?maxResults=1", json!(null)).ok();
    assert_eq!((&next.body["nextToken"], &next.body["total"]), (&json!("1"), &json!(2)));
    let next = cloud
        .region(Method::GET, "/resources/sls.common.user/next_records?maxResults=1&nextToken=1", json!(null))
        .ok();
    assert_eq!(next.body["nextToken"], "");
    assert_eq!(
        cloud.region(Method::PUT, records, json!({ "records": [{ "value": "{" }] })).code(),
        (400, "ParameterInvalid")
    );
    assert_eq!(
        cloud.region(Method::DELETE, &format!("{records}?ids=alex,none"), json!(null)).code(),
        (404, "ResourceRecordNotExist")
    );
    cloud.region(Method::DELETE, &format!("{records}?ids=alex"), json!(null)).ok();
    assert_eq!(
        cloud.region(Method::GET, &format!("{records}/alex"), json!(null)).code(),
        (404, "ResourceRecordNotExist")
    );
    assert_eq!(
        cloud.region(Method::GET, "/resources/none/records", json!(null)).code(),
        (404, "ResourceNotExist")
    );
    let template = "/resources/sls.alert.content_template/records/sls.builtin.cn";
    assert_eq!(cloud.region(Method::GET, template, json!(null)).code(), (404, "ResourceRecordNotExist"));
    for yes in ["true", "True"] {
        cloud.region(Method::GET, &format!("{template}?includeSystemRecords={yes}"), json!(null)).ok();
    }
    cloud.region = "cn-shanghai".into();
    cloud.cloud.switches.set("sls_records_region", "every").unwrap();
    assert_eq!(cloud.region(Method::GET, records, json!(null)).ok().body["total"], 1);
}

#[test]
fn tables_of_ones_own() {
    let mut cloud = Cloud::new();
    cloud.region = "cn-heyuan".into();
    let table = json!({ "name": "user.tf.resource", "type": "userdefine", "schema": "{\"schema\":[]}", "description": "d", "extInfo": "", "acl": "{}" });
    cloud.region(Method::POST, "/resources", table.clone()).ok();
    assert_eq!(cloud.region(Method::POST, "/resources", table.clone()).status, 400);
    assert_eq!(
        cloud.region(Method::POST, "/resources", json!({ "name": "sls.common.user" })).code(),
        (400, "ParameterInvalid")
    );
    assert_eq!(
        cloud.region(Method::POST, "/resources", json!({ "name": "a", "schema": "{" })).code(),
        (400, "ParameterInvalid")
    );
    let seen = cloud.region(Method::GET, "/resources/user.tf.resource", json!(null)).ok();
    for (member, value) in table.as_object().unwrap() {
        assert_eq!(&seen.body[member], value, "{member}");
    }
    cloud.region(Method::PUT, "/resources/user.tf.resource", json!({ "description": "changed" })).ok();
    let list = cloud.region(Method::GET, "/resources?names=user.tf.resource", json!(null)).ok();
    assert_eq!(list.body["items"][0]["description"], "changed");
    assert_eq!(list.body["items"][0]["type"], "userdefine");
    cloud.region(Method::POST, "/resources", json!({ "name": "bare", "type": "userdefine" })).ok();
    let bare = cloud.region(Method::GET, "/resources/bare", json!(null)).ok().body;
    assert_eq!((&bare["schema"], &bare["acl"]), (&json!("{}"), &json!("{}")));
    cloud.region(Method::DELETE, "/resources/user.tf.resource", json!(null)).ok();
    assert_eq!(
        cloud.region(Method::DELETE, "/resources/user.tf.resource", json!(null)).code(),
        (404, "ResourceNotExist")
    );
}
