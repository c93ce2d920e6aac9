//! The module `cis-alerts`: every alert's query is run over logs of which it has to find one kind and no other. The logs of
//! the trail have the shape of delivered events, and some are such events; the access log of OSS is put with the official SDK.

mod cases;
mod example;

use std::collections::BTreeSet;
use std::time::{SystemTime, UNIX_EPOCH};

use acceptance_tests::{Fixture, Python, REGION, full};
use serde_json::{Value, json};

use cases::{Case, cases};

const PROJECT: &str = "alerted-events";
const ARCHIVE: &str = "alerted-archive";
const TRAIL: &str = "alerted-trail";
const STORE: &str = "actiontrail_alerted-trail";
const ACCESS_LOG: &str = "oss-access-log";

/// A trail with its archive, the access log, and the module.
fn configuration(arguments: &str) -> String {
    format!(
        r#"
resource "alitrail_oss_bucket" "archive" {{
  bucket = {ARCHIVE:?}

  force_destroy = true
}}

resource "alitrail_sls_project" "audit" {{
  project_name  = {PROJECT:?}
  force_destroy = true
}}

resource "alitrail_trail" "audit" {{
  trail_name      = {TRAIL:?}
  oss_bucket_name = alitrail_oss_bucket.archive.bucket
  sls_project_arn = alitrail_sls_project.audit.arn
}}

resource "alitrail_sls_logstore" "access_log" {{
  project_name  = alitrail_sls_project.audit.project_name
  logstore_name = {ACCESS_LOG:?}
}}

module "alerts" {{
  source         = "../modules/cis-alerts"
  project_name   = alitrail_sls_project.audit.project_name
  logstore_name  = "actiontrail_${{alitrail_trail.audit.trail_name}}"
  archive_bucket = alitrail_oss_bucket.archive.bucket
  email          = "security@example.com"
  oss_access_log = {{
    project_name  = alitrail_sls_logstore.access_log.project_name
    logstore_name = alitrail_sls_logstore.access_log.logstore_name
  }}
  {arguments}
}}

output "queries" {{
  value = module.alerts.queries
}}
"#
    )
}

fn fixture() -> Fixture {
    let fixture = Fixture::new(&full());
    fixture.take_modules();
    fixture
}

/// The time of the service, in seconds.
fn now(fixture: &Fixture) -> i64 {
    let offset = fixture.cloud.get("clock").unwrap()["offset_seconds"].as_i64().unwrap();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    i64::try_from(now).unwrap() + offset
}

/// An event that was delivered, without what tells what it was about.
fn template(logs: &[Value]) -> Value {
    let event = logs.iter().map(event).find(|event| event.get("errorCode").is_none()).expect("an event");
    let mut event = event;
    for member in [
        "requestParameters",
        "requestParameterJson",
        "referencedResources",
        "resourceName",
        "resourceType",
        "eventSource",
    ] {
        event.as_object_mut().unwrap().remove(member);
    }
    event["userIdentity"] = json!({ "type": "ram-user" });
    event["eventType"] = json!("ApiCall");
    event
}

fn event(log: &Value) -> Value {
    serde_json::from_str(log["event"].as_str().unwrap()).unwrap()
}

#[test]
fn each_alert_finds_its_events_and_no_others() {
    let fixture = fixture();
    fixture.configure(&configuration(""));
    fixture.workspace.get().unwrap_or_else(|error| panic!("{error}"));
    fixture.apply();
    fixture.assert_empty("after create");

    // What somebody does to the trail, its bucket and its project comes in as the cloud delivers it.
    let begun = now(&fixture);
    let changed = configuration("")
        .replace(
            &format!("bucket = {ARCHIVE:?}"),
            &format!("bucket     = {ARCHIVE:?}\n  versioning = \"Suspended\""),
        )
        .replace(
            &format!("project_name  = {PROJECT:?}"),
            &format!("project_name  = {PROJECT:?}\n  description   = \"changed\""),
        )
        .replace(
            &format!("trail_name      = {TRAIL:?}"),
            &format!("trail_name      = {TRAIL:?}\n  oss_key_prefix  = \"changed\""),
        );
    fixture.configure(&changed);
    fixture.apply();
    fixture.cloud.advance_clock(300);
    let ended = now(&fixture);

    let queries: Value =
        serde_json::from_str(&fixture.workspace.succeed(&["output", "-json", "queries"]).unwrap().stdout)
            .unwrap();
    are_heard_of(&fixture, &queries);
    let cases = cases();
    let alerts: BTreeSet<&str> = queries.as_object().unwrap().keys().map(String::as_str).collect();
    let proven: BTreeSet<&str> = cases.iter().map(|case| case.alert).collect();
    assert_eq!(proven, alerts, "every alert has a case");
    cases.iter().for_each(|case| is_recognised(case, queries[case.alert]["query"].as_str().unwrap()));

    // Every made-up log has a second of its own, before anything happened here.
    let node = format!("{}/sls/logs/{PROJECT}/{STORE}", fixture.cloud.region(REGION));
    let mut stored = fixture.cloud.get(&node).unwrap().as_array().unwrap().clone();
    let template = template(&stored);
    let (mut put, mut asked, mut wanted) = (Vec::new(), Vec::new(), Vec::new());
    let mut time = begun - 3600;
    for case in &cases {
        let query = &queries[case.alert];
        let logs = case.matching.iter().map(|log| (log, 1)).chain(case.other.iter().map(|log| (log, 0)));
        for (members, count) in logs {
            time += 1;
            if query["logstore_name"] == ACCESS_LOG {
                put.push(json!({ "project": PROJECT, "store": ACCESS_LOG, "topic": "oss_log", "time": time, "contents": members }));
            } else {
                let mut event = template.clone();
                event.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
                stored.push(json!({ "__time__": time, "__topic__": "actiontrail_audit_event", "event": event.to_string() }));
            }
            asked.push(ask(query, time, time + 1));
            wanted.push((case.alert, members.clone(), count));
        }
    }
    fixture.cloud.put(&node, &json!(stored)).unwrap();
    for (alert, operations) in
        [("trail-change", 1), ("archive-bucket-change", 1), ("audit-project-change", 1)]
    {
        asked.push(ask(&queries[alert], begun, ended));
        wanted.push((alert, json!("what was done here"), operations));
    }
    let found = run(&fixture, &put, &asked);
    assert_eq!(found.len(), wanted.len());
    for ((alert, log, count), found) in wanted.iter().zip(found) {
        assert_eq!(found, *count, "{alert} over {log}: {}", queries[alert]["query"]);
    }
    fixture.destroy();
}

/// Each query is that of an enabled alert, which the action policy mails to the address.
fn are_heard_of(fixture: &Fixture, queries: &Value) {
    let alerts = fixture.cloud.get(&format!("{}/alerts", fixture.cloud.project(PROJECT))).unwrap();
    assert_eq!(alerts.as_object().unwrap().len(), queries.as_object().unwrap().len());
    for (name, query) in queries.as_object().unwrap() {
        let configuration = &alerts[name]["configuration"];
        assert_eq!(alerts[name]["status"], "ENABLED", "{name}");
        assert_eq!(configuration["queryList"][0]["query"], query["query"], "{name}");
        assert_eq!(configuration["policyConfiguration"]["actionPolicyId"], "audit-trail-actions", "{name}");
    }
    let row = |table: &str, id: &str| {
        let path = format!("{}/sls/resources/{table}/records/{id}", fixture.cloud.region("cn-heyuan"));
        fixture.cloud.get(&path).unwrap()["value"].to_string()
    };
    assert!(row("sls.alert.action_policy", "audit-trail-actions").contains("audit-trail-receiver"));
    assert!(row("sls.common.user", "audit-trail-receiver").contains("security@example.com"));
}

fn ask(query: &Value, from: i64, to: i64) -> Value {
    json!({ "project": query["project_name"], "store": query["logstore_name"], "query": query["query"], "from": from, "to": to })
}

/// Puts logs and runs queries with the official SDK; gives the count of each query.
fn run(fixture: &Fixture, logs: &[Value], queries: &[Value]) -> Vec<i64> {
    let field =
        json!({ "type": "text", "token": [" ", "/", "?", "="], "caseSensitive": false, "doc_value": true });
    let index = json!({ "keys": { "operation": field, "request_uri": field, "bucket": field } });
    let indexes = json!([{ "project": PROJECT, "store": ACCESS_LOG, "index": index }]);
    let work = json!({ "indexes": indexes, "logs": logs, "queries": queries });
    fixture.write("work.json", &work.to_string());
    let python = Python::with(include_str!("../../../sdk/requirements.txt"));
    let output = python.run(
        "queries.py",
        &[
            ("http_proxy", &fixture.cloud.endpoint_url),
            ("MOCK_ADMIN_URL", &fixture.cloud.admin_url),
            ("ACCOUNT_ID", &fixture.cloud.account_id),
            ("ACCESS_KEY", &fixture.cloud.access_key),
            ("SECRET_KEY", &fixture.cloud.secret_key),
            ("REGION", REGION),
            ("WORK", &fixture.path().join("work.json").to_string_lossy()),
        ],
    );
    assert!(output.success(), "{}", output.combined());
    serde_json::from_str(&output.stdout).unwrap_or_else(|_| panic!("{}", output.combined()))
}

/// Scanners that read the texts of alerts see the control in this one.
fn is_recognised(case: &Case, query: &str) {
    for any in case.recognised {
        assert!(any.iter().any(|text| query.contains(text)), "{}: none of {any:?} in {query}", case.alert);
    }
}
