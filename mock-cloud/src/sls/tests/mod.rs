//! Tests of the SLS service by calls, as a client would make them, and the small harness they share.

mod alerting;
mod logs;
mod logstores;
mod projects;

use http::{Method, StatusCode};
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

use crate::cloud::CloudState;
use crate::http::{Call, Reply};

/// The project most tests use.
pub(super) const PROJECT: &str = "audit-prj";

/// The account that owns it.
pub(super) const ACCOUNT: &str = "1234567890123456";

/// The cloud with a client at it.
pub(super) struct Cloud {
    pub(super) cloud: CloudState,
    pub(super) now: OffsetDateTime,
    pub(super) account: String,
    pub(super) region: String,
}

/// An answer, easy to look at.
#[derive(Debug)]
pub(super) struct Seen {
    pub(super) status: StatusCode,
    pub(super) reply: Reply,
    pub(super) body: Value,
}

impl Seen {
    /// Status, error code and message, for errors.
    pub(super) fn error(&self) -> (u16, &str, &str) {
        let text = |name| self.body.get(name).and_then(Value::as_str).unwrap_or("");
        (self.status.as_u16(), text("errorCode"), text("errorMessage"))
    }

    pub(super) fn code(&self) -> (u16, &str) {
        let (status, code, _) = self.error();
        assert_eq!(self.reply.error.as_deref().unwrap_or(""), code);
        (status, code)
    }

    pub(super) fn header(&self, name: &str) -> &str {
        self.reply.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    #[track_caller]
    pub(super) fn ok(self) -> Seen {
        assert_eq!(self.status, 200, "{}", self.body);
        self
    }
}

impl Cloud {
    pub(super) fn new() -> Cloud {
        Cloud {
            cloud: CloudState::default(),
            now: Call::test("1", Method::GET, "/").now,
            account: ACCOUNT.into(),
            region: "cn-hangzhou".into(),
        }
    }

    /// A cloud that has [`PROJECT`].
    pub(super) fn with_project() -> Cloud {
        let mut cloud = Cloud::new();
        cloud.region(Method::POST, "/", json!({ "projectName": PROJECT, "description": "audit" })).ok();
        cloud
    }

    /// A cloud that has [`PROJECT`] with the logstore `audit`.
    pub(super) fn with_logstore() -> Cloud {
        let mut cloud = Cloud::with_project();
        cloud.post("/logstores", json!({ "logstoreName": "audit", "ttl": 180, "shardCount": 2 })).ok();
        cloud
    }

    pub(super) fn pass(&mut self, time: Duration) {
        self.now += time;
    }

    pub(super) fn call(&self, method: Method, project: Option<&str>, target: &str) -> Call {
        let mut call = Call::test(&self.account, method, target);
        call.container = project.map(str::to_owned);
        call.region.clone_from(&self.region);
        call.now = self.now;
        call.action = super::action(&call);
        call
    }

    pub(super) fn send(&mut self, call: &Call) -> Seen {
        let reply = super::handle(&mut self.cloud, call);
        let body = serde_json::from_slice(&reply.body).unwrap_or(Value::Null);
        Seen { status: reply.status, body, reply }
    }

    fn request(&mut self, method: Method, project: Option<&str>, target: &str, body: Value) -> Seen {
        let mut call = self.call(method, project, target);
        if !body.is_null() {
            call.body = body.to_string().into();
        }
        self.send(&call)
    }

    pub(super) fn region(&mut self, method: Method, target: &str, body: Value) -> Seen {
        self.request(method, None, target, body)
    }

    pub(super) fn get(&mut self, target: &str) -> Seen {
        self.request(Method::GET, Some(PROJECT), target, Value::Null)
    }

    pub(super) fn post(&mut self, target: &str, body: Value) -> Seen {
        self.request(Method::POST, Some(PROJECT), target, body)
    }

    pub(super) fn put(&mut self, target: &str, body: Value) -> Seen {
        self.request(Method::PUT, Some(PROJECT), target, body)
    }

    pub(super) fn delete(&mut self, target: &str) -> Seen {
        self.request(Method::DELETE, Some(PROJECT), target, Value::Null)
    }
}

#[test]
fn state_survives_its_json_form() {
    let mut cloud = Cloud::with_logstore();
    let json = serde_json::to_value(&cloud.cloud).unwrap();
    let at = format!("/accounts/{ACCOUNT}/regions/cn-hangzhou/sls/projects/{PROJECT}/logstores/audit");
    let store = json.pointer(&at).unwrap();
    for member in [
        "ttl",
        "hot_ttl",
        "infrequentAccessTTL",
        "shardCount",
        "autoSplit",
        "maxSplitShard",
        "appendMeta",
        "enable_tracking",
        "mode",
        "telemetryType",
        "encrypt_conf",
        "index",
    ] {
        assert!(store.get(member).is_some(), "{member}");
    }
    let back: CloudState = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(serde_json::to_value(&back).unwrap(), json);
    cloud.cloud = back;
    cloud.get("/logstores/audit").ok();
}

#[test]
fn what_is_no_json_is_refused() {
    let mut cloud = Cloud::with_project();
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(10_000), "]".repeat(10_000));
    for body in ["", "{", "[]", deep.as_str()] {
        let mut call = cloud.call(Method::POST, Some(PROJECT), "/logstores");
        call.body = body.to_owned().into();
        assert_eq!(cloud.send(&call).code(), (400, "PostBodyInvalid"));
    }
}
