//! Faults, from outside: what strikes whom, and what is done all the same.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod support;

use std::time::{Duration, Instant};

use mock_cloud::Options;
use serde_json::{Value, json};

use support::{CREATE, Cloud, HOST, Signing, cloud};

#[test]
fn faults_strike() {
    let cloud = cloud();
    let rules = json!([
        { "kind": "throttle", "action": "DescribeTrails", "times": 1 },
        { "kind": "server_error", "action": "CreateTrail", "times": 1, "status": 403,
          "code": "InsufficientBucketPolicyException" },
        { "kind": "lost_answer", "action": "CreateTrail", "from": 2, "times": 1 },
        { "kind": "reset", "action": "StartLogging", "times": 1 },
        { "kind": "slow", "action": "GetTrailStatus", "milliseconds": 300 },
        { "kind": "delay_visibility", "action": "UpdateTrail", "milliseconds": 400 },
    ]);
    assert_eq!(cloud.admin("PUT", "/v1/faults", &rules).0, 200);
    let describe = || cloud.rpc(HOST, "DescribeTrails", "").unwrap();
    assert_eq!(describe().code(), "Throttling.User");
    assert_eq!(describe().json()["TrailList"], json!([]));
    assert_eq!(cloud.rpc(HOST, "CreateTrail", CREATE).unwrap().code(), "InsufficientBucketPolicyException");
    assert!(cloud.rpc(HOST, "CreateTrail", CREATE).is_none());
    assert_eq!(describe().json()["TrailList"][0]["Name"], "audit-trail");
    assert!(cloud.rpc(HOST, "StartLogging", "Name=audit-trail").is_none());
    assert_eq!(describe().json()["TrailList"][0]["Status"], "Fresh");
    let start = Instant::now();
    assert_eq!(cloud.rpc(HOST, "GetTrailStatus", "Name=audit-trail").unwrap().status, 200);
    assert!(start.elapsed() >= Duration::from_millis(300));
    let start = Instant::now();
    assert_eq!(cloud.rpc(HOST, "UpdateTrail", "EventRW=All&Name=audit-trail").unwrap().status, 200);
    let seen = describe().json()["TrailList"][0]["EventRW"].clone();
    assert!(seen == "Write" || start.elapsed() > Duration::from_millis(400), "the update is seen at once");
    std::thread::sleep(Duration::from_millis(450));
    assert_eq!(describe().json()["TrailList"][0]["EventRW"], "All");
    let (_, log) = cloud.admin("GET", "/v1/requests?action=CreateTrail", &Value::Null);
    assert_eq!(log["requests"][1]["faults"], json!(["lost_answer"]));
    assert_eq!(log["requests"][1]["status"], Value::Null);
    let (_, rules) = cloud.admin("GET", "/v1/faults", &Value::Null);
    assert_eq!((&rules[2]["matched"], &rules[2]["injected"]), (&json!(2), &json!(1)));
    cloud.stop();
}

const RAM: &str = "ram.aliyuncs.com";
const TRUST: &str = r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",
    "Principal":{"Service":["actiontrail.aliyuncs.com"]}}]}"#;

/// A write of a service, and a read that tells by its answer whether it sees the write.
struct Pair<'c> {
    action: &'static str,
    write: Box<dyn Fn() -> Option<u16> + 'c>,
    sees: Box<dyn Fn() -> bool + 'c>,
}

fn pair<'c>(
    action: &'static str,
    write: impl Fn() -> Option<u16> + 'c,
    sees: impl Fn() -> bool + 'c,
) -> Pair<'c> {
    Pair { action, write: Box::new(write), sees: Box::new(sees) }
}

fn pairs(cloud: &Cloud) -> Vec<Pair<'_>> {
    let own = Signing::default;
    let oss = move |method, target, body| cloud.oss(method, "late-bucket", target, body, Some(&own()));
    let sls = |method, path, body| cloud.sls(method, "late-project", path, body);
    let role = [("RoleName", "late"), ("AssumeRolePolicyDocument", TRUST)];
    let versioning = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";
    let project = r#"{"projectName":"late-project","description":""}"#;
    let logstore = r#"{"logstoreName":"store","ttl":30,"shardCount":2}"#;
    let index = r#"{"line":{"token":[","],"caseSensitive":false}}"#;
    vec![
        pair(
            "CreateRole",
            move || cloud.ask(RAM, "CreateRole", &role, &own()).map(|answer| answer.status),
            move || cloud.ask(RAM, "GetRole", &role[..1], &own()).unwrap().status == 200,
        ),
        pair(
            "PutBucket",
            move || oss("PUT", "/", "").map(|answer| answer.status),
            move || oss("GET", "/?acl", "").unwrap().status == 200,
        ),
        pair(
            "PutBucketVersioning",
            move || oss("PUT", "/?versioning", versioning).map(|answer| answer.status),
            move || oss("GET", "/?versioning", "").unwrap().body.contains("Enabled"),
        ),
        pair(
            "CreateProject",
            move || cloud.sls("POST", "", "/", project).map(|answer| answer.status),
            move || sls("GET", "/", "").unwrap().status == 200,
        ),
        pair(
            "CreateLogStore",
            move || sls("POST", "/logstores", logstore).map(|answer| answer.status),
            move || sls("GET", "/logstores/store", "").unwrap().status == 200,
        ),
        pair(
            "CreateIndex",
            move || sls("POST", "/logstores/store/index", index).map(|answer| answer.status),
            move || sls("GET", "/logstores/store/index", "").unwrap().status == 200,
        ),
        pair(
            "CreateTrail",
            move || cloud.rpc(HOST, "CreateTrail", CREATE).map(|answer| answer.status),
            move || cloud.rpc(HOST, "DescribeTrails", "").unwrap().body.contains("audit-trail"),
        ),
    ]
}

#[test]
fn a_write_of_any_service_is_seen_late() {
    let cloud = cloud();
    let late = Duration::from_millis(400);
    for Pair { action, write, sees } in pairs(&cloud) {
        let rule =
            json!([{ "kind": "delay_visibility", "action": action, "milliseconds": late.as_millis() }]);
        assert_eq!(cloud.admin("PUT", "/v1/faults", &rule).0, 200);
        let start = Instant::now();
        assert_eq!(write(), Some(200), "{action}");
        let seen = sees();
        assert!(!seen || start.elapsed() > late, "{action} is seen at once");
        // The delay counts from when the write was done, which a busy machine puts off.
        let shows = || {
            std::thread::sleep(Duration::from_millis(20));
            sees()
        };
        let shown = (0..500).any(|_| shows());
        assert!(shown, "{action} is never seen");
    }
    cloud.stop();
}

#[test]
fn what_is_not_answered_is_done_in_any_service() {
    let cloud = cloud();
    for Pair { action, write, sees } in pairs(&cloud) {
        let rule = json!([{ "kind": "lost_answer", "action": action, "times": 1 }]);
        assert_eq!(cloud.admin("PUT", "/v1/faults", &rule).0, 200);
        assert_eq!(write(), None, "{action} has an answer");
        assert!(sees(), "{action} was not done");
    }
    let (_, log) = cloud.admin("GET", "/v1/requests", &Value::Null);
    let lost =
        log["requests"].as_array().unwrap().iter().filter(|entry| entry["faults"] == json!(["lost_answer"]));
    assert_eq!(lost.count(), pairs(&cloud).len());
    cloud.stop();
}

#[test]
fn delays_of_several_writes_do_not_shorten_each_other() {
    let cloud = Cloud::start(Options::default());
    let rules = json!([
        { "kind": "delay_visibility", "action": "CreateRole", "times": 1, "milliseconds": 600_000 },
        { "kind": "delay_visibility", "action": "PutBucket", "milliseconds": 1 },
        { "kind": "delay_visibility", "action": "CreateRole", "from": 2, "milliseconds": 1 },
    ]);
    assert_eq!(cloud.admin("PUT", "/v1/faults", &rules).0, 200);
    let role = |action: &str, name: &str| {
        let parameters = [("RoleName", name), ("AssumeRolePolicyDocument", TRUST)];
        cloud.ask(RAM, action, &parameters, &Signing::default()).unwrap().status
    };
    assert_eq!((role("CreateRole", "first"), role("CreateRole", "second")), (200, 200));
    let made = cloud.oss("PUT", "late-bucket", "/", "", Some(&Signing::default())).unwrap();
    std::thread::sleep(Duration::from_millis(5));
    assert_eq!((made.status, role("GetRole", "first")), (200, 404));
    // New rules begin with a clean slate.
    assert_eq!(cloud.admin("PUT", "/v1/faults", &json!([])).0, 200);
    assert_eq!((role("GetRole", "first"), role("GetRole", "second")), (200, 200));
    cloud.stop();
}

#[test]
fn chance_strikes_the_same_requests_again() {
    let injected = || {
        let cloud = cloud();
        let rule = json!([{ "kind": "throttle", "service": "actiontrail", "probability": 0.3, "seed": 11 }]);
        assert_eq!(cloud.admin("PUT", "/v1/faults", &rule).0, 200);
        let codes = (0..40).map(|_| cloud.rpc(HOST, "DescribeTrails", "").unwrap().status);
        let codes: Vec<u16> = codes.collect();
        cloud.stop();
        codes
    };
    let first = injected();
    let count = first.iter().filter(|status| **status == 400).count();
    assert!((4..24).contains(&count), "{count}");
    assert_eq!(first, injected());
}
