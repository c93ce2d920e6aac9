//! The admin API without its socket.

use super::*;
use crate::faults::Kind;

const TRAIL: &str = "/v1/accounts/1000000000000001/regions/cn-hangzhou/actiontrail/trails/audit-trail";

fn admin() -> (Admin, watch::Receiver<bool>) {
    let (stop, stopping) = watch::channel(false);
    let shared = Shared::new(CloudState::default(), "cn-hangzhou".to_owned(), false);
    let access = Access::new("127.0.0.1:8090".parse().unwrap(), None);
    (Admin::new(access, Arc::new(shared), Arc::new(stop)), stopping)
}

fn ask(admin: &Admin, method: Method, target: &str, body: &Value) -> (u16, Value) {
    let request = http::Request::builder().method(method).uri(target);
    let request = request.header("host", "127.0.0.1:8090").header("content-type", "application/json");
    let (head, ()) = request.body(()).unwrap().into_parts();
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let reply = admin.answer(&head, body.as_bytes());
    (reply.status.as_u16(), serde_json::from_slice(&reply.body).unwrap_or(Value::Null))
}

fn trail() -> Value {
    json!({
        "Status": "Fresh", "EventRW": "All", "TrailRegion": "All", "OssBucketName": "audit-bucket",
        "CreateTime": "2026-01-15T08:30:00Z", "UpdateTime": "2026-01-15T08:30:00Z",
    })
}

#[test]
fn edits_documents_by_path() {
    let (admin, _stopping) = admin();
    assert_eq!(ask(&admin, Method::GET, TRAIL, &Value::Null).0, 404);
    assert_eq!(ask(&admin, Method::PATCH, TRAIL, &json!({ "Status": "Enable" })).0, 404);
    assert_eq!(ask(&admin, Method::PUT, TRAIL, &trail()).0, 200);
    let (status, changed) =
        ask(&admin, Method::PATCH, TRAIL, &json!({ "Status": "Disable", "OssBucketName": null }));
    assert_eq!((status, &changed["Status"], &changed["OssBucketName"]), (200, &json!("Disable"), &json!("")));
    assert_eq!(ask(&admin, Method::GET, TRAIL, &Value::Null).1, changed);
    let (status, whole) = ask(&admin, Method::GET, "/v1", &Value::Null);
    assert_eq!(status, 200);
    assert!(whole["accounts"]["1000000000000001"].is_object());
    assert_eq!(ask(&admin, Method::DELETE, TRAIL, &Value::Null), (204, Value::Null));
    assert_eq!(ask(&admin, Method::DELETE, TRAIL, &Value::Null).0, 404);
    assert_eq!(ask(&admin, Method::PUT, "/v1", &whole).0, 200);
    assert_eq!(ask(&admin, Method::GET, TRAIL, &Value::Null).0, 200);
}

#[test]
fn keeps_the_state_when_an_edit_does_not_fit() {
    let (admin, _stopping) = admin();
    ask(&admin, Method::PUT, TRAIL, &trail());
    for patch in [
        json!({ "Colour": "red" }),
        json!({ "Colour": null }),
        json!({ "Status": "Disable", "colour": null }),
        json!({ "Status": "Sleeping" }),
        json!([]),
    ] {
        let (status, answer) = ask(&admin, Method::PATCH, TRAIL, &patch);
        assert_eq!(status, 400, "{patch}");
        assert!(answer["error"].as_str().unwrap().contains("does not fit"), "{answer}");
    }
    assert_eq!(ask(&admin, Method::GET, TRAIL, &Value::Null).1["Status"], "Fresh");
    // What can be there and is not, and what a map does not have, may be removed.
    let account = "/v1/accounts/1000000000000001";
    let nothing = json!({ "organization_id": null, "regions": { "cn-beijing": null } });
    assert_eq!(ask(&admin, Method::PATCH, account, &nothing).0, 200);
    assert_eq!(ask(&admin, Method::PATCH, TRAIL, &json!({ "DataEventSelector": null })).0, 200);
    let deep = json!({ "regions": { "cn-hangzhou": { "actiontrail": { "trail": null } } } });
    assert_eq!(ask(&admin, Method::PATCH, account, &deep).0, 400);
    assert_eq!(ask(&admin, Method::POST, TRAIL, &Value::Null).0, 405);
    assert_eq!(ask(&admin, Method::GET, "/v2", &Value::Null).0, 404);
}

#[test]
fn moves_the_clock_forward() {
    let (admin, _stopping) = admin();
    let (status, clock) = ask(&admin, Method::POST, "/v1/clock", &json!({ "advance_seconds": 86_400 }));
    assert_eq!((status, &clock["offset_seconds"]), (200, &json!(86_400)));
    assert_eq!(ask(&admin, Method::POST, "/v1/clock", &json!({ "advance_seconds": -1 })).0, 400);
    assert_eq!(ask(&admin, Method::GET, "/v1/clock", &Value::Null).1["offset_seconds"], 86_400);
}

#[test]
fn lists_and_sets_switches_all_or_none() {
    let (admin, _stopping) = admin();
    let (_, switches) = ask(&admin, Method::GET, "/v1/switches", &Value::Null);
    assert_eq!(switches["update_trail"]["value"], "merge");
    assert!(switches["update_trail"]["source"].is_string());
    let both = json!({ "update_trail": "replace", "quotas": "perhaps" });
    assert_eq!(ask(&admin, Method::PUT, "/v1/switches", &both).0, 400);
    assert_eq!(ask(&admin, Method::GET, "/v1/switches/", &Value::Null).1["update_trail"]["value"], "merge");
    let (_, switches) = ask(&admin, Method::PUT, "/v1/switches", &json!({ "update_trail": "replace" }));
    assert_eq!(switches["update_trail"]["value"], "replace");
}

#[test]
fn takes_fault_rules_and_stops() {
    let (admin, stopping) = admin();
    let rules = json!([{ "kind": "slow", "service": "oss", "milliseconds": 5 }]);
    assert_eq!(ask(&admin, Method::PUT, "/v1/faults", &rules).0, 200);
    assert_eq!(lock(&admin.shared.faults).rules()[0].kind, Kind::Slow);
    assert_eq!(ask(&admin, Method::PUT, "/v1/faults", &json!([{ "kind": "slow" }])).0, 400);
    assert_eq!(ask(&admin, Method::GET, "/v1/faults", &Value::Null).1[0]["matched"], 0);
    assert!(!*stopping.borrow());
    assert_eq!(ask(&admin, Method::POST, "/v1/stop", &Value::Null).0, 204);
    assert!(*stopping.borrow());
}

#[test]
fn refuses_filters_that_it_does_not_have() {
    let (admin, _stopping) = admin();
    assert_eq!(ask(&admin, Method::GET, "/v1/requests?service=oss&since=3&write=true", &Value::Null).0, 200);
    assert_eq!(ask(&admin, Method::GET, "/v1/requests?colour=red", &Value::Null).0, 400);
    assert_eq!(ask(&admin, Method::GET, "/v1/requests?since=x", &Value::Null).0, 400);
    assert_eq!(ask(&admin, Method::DELETE, "/v1/requests", &Value::Null).0, 204);
    assert_eq!(ask(&admin, Method::PATCH, "/v1/requests", &Value::Null).0, 405);
}
