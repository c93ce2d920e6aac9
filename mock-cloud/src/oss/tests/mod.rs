//! Tests of the OSS service by calls, as a client would make them, and the small harness they share.

mod buckets;
mod documents;
mod lifecycle;
mod object_calls;
mod objects;
mod protection;
mod settings;

use base64::Engine;
use http::{HeaderName, HeaderValue, Method, StatusCode};
use md5::Digest;
use time::{Duration, OffsetDateTime};

use super::state::State;
use crate::http::{Call, Reply};
use crate::switches::Switches;

/// The bucket most tests use.
pub(super) const BUCKET: &str = "audit-logs-example";

/// The service with a client at it.
pub(super) struct Cloud {
    pub(super) state: State,
    pub(super) switches: Switches,
    pub(super) now: OffsetDateTime,
    pub(super) account: String,
    pub(super) region: String,
}

/// An answer, easy to look at.
#[derive(Debug)]
pub(super) struct Seen {
    pub(super) status: StatusCode,
    pub(super) reply: Reply,
    pub(super) text: String,
}

impl Seen {
    /// The text of the first element of that name.
    pub(super) fn element(&self, name: &str) -> Option<&str> {
        let start = self.text.find(&format!("<{name}>"))? + name.len() + 2;
        let end = self.text[start..].find(&format!("</{name}>"))? + start;
        Some(&self.text[start..end])
    }

    pub(super) fn header(&self, name: &str) -> &str {
        self.reply.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Status and error code, for errors.
    pub(super) fn error(&self) -> (u16, &str) {
        (self.status.as_u16(), self.reply.error.as_deref().unwrap_or(""))
    }

    #[track_caller]
    pub(super) fn ok(self) -> Seen {
        assert!(self.status.is_success(), "{} {}", self.status, self.text);
        self
    }
}

impl Cloud {
    pub(super) fn new() -> Cloud {
        Cloud {
            state: State::default(),
            switches: Switches::default(),
            now: Call::test("1", Method::GET, "/").now,
            account: "1234567890123456".into(),
            region: "cn-hangzhou".into(),
        }
    }

    /// A cloud that has [`BUCKET`].
    pub(super) fn with_bucket() -> Cloud {
        let mut cloud = Cloud::new();
        cloud.put("/", "").ok();
        cloud
    }

    pub(super) fn pass(&mut self, time: Duration) {
        self.now += time;
    }

    pub(super) fn call(&self, method: Method, bucket: &str, target: &str) -> Call {
        let mut call = Call::test(&self.account, method, target);
        call.container = (!bucket.is_empty()).then(|| bucket.to_owned());
        call.host = format!("{bucket}.oss-{}.aliyuncs.com", self.region);
        call.region.clone_from(&self.region);
        call.now = self.now;
        call
    }

    pub(super) fn send(&mut self, call: &Call) -> Seen {
        let reply = super::serve(&mut self.state, &self.switches, call);
        let text = String::from_utf8_lossy(&reply.body).into_owned();
        Seen { status: reply.status, text, reply }
    }

    pub(super) fn put(&mut self, target: &str, body: &str) -> Seen {
        self.with(Method::PUT, target, &[], body)
    }

    pub(super) fn get(&mut self, target: &str) -> Seen {
        self.with(Method::GET, target, &[], "")
    }

    pub(super) fn post(&mut self, target: &str, body: &str) -> Seen {
        self.with(Method::POST, target, &[], body)
    }

    pub(super) fn delete(&mut self, target: &str) -> Seen {
        self.with(Method::DELETE, target, &[], "")
    }

    /// A call to [`BUCKET`] with headers and the digest of its body.
    pub(super) fn with(
        &mut self,
        method: Method,
        target: &str,
        headers: &[(&'static str, &str)],
        body: &str,
    ) -> Seen {
        let mut call = self.call(method, BUCKET, target);
        for (name, value) in headers {
            call.headers.insert(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
        }
        if !body.is_empty() {
            let digest = base64::engine::general_purpose::STANDARD.encode(md5::Md5::digest(body));
            call.headers.insert("content-md5", HeaderValue::from_str(&digest).unwrap());
        }
        call.body = body.to_owned().into();
        self.send(&call)
    }

    /// A call at the service host.
    pub(super) fn service(&mut self, method: Method, target: &str, body: &str) -> Seen {
        let mut call = self.call(method, "", target);
        call.body = body.to_owned().into();
        self.send(&call)
    }
}

#[test]
fn error_documents_say_what_happened() {
    let mut cloud = Cloud::new();
    let seen = cloud.get("/?acl");
    assert_eq!(seen.error(), (404, "NoSuchBucket"));
    assert_eq!(seen.header("x-oss-ec"), "0015-00000101");
    assert_eq!(seen.header("server"), "AliyunOSS");
    assert_eq!(seen.element("BucketName"), Some(BUCKET));
    assert_eq!(seen.element("RequestId"), Some("0123456789ABCDEF01234567"));
    let head = cloud.with(Method::HEAD, "/key", &[], "");
    assert!(head.text.is_empty() && !head.header("x-oss-err").is_empty());
}

#[test]
fn a_wrong_digest_is_refused() {
    let mut cloud = Cloud::with_bucket();
    let digest = [("content-md5", "1B2M2Y8AsgTpgAmY7PhCfg==")];
    assert!(cloud.with(Method::GET, "/?acl", &digest, "").status.is_success());
    let mut call = cloud.call(Method::PUT, BUCKET, "/?versioning");
    call.body = "<VersioningConfiguration/>".into();
    call.headers.insert("content-md5", HeaderValue::from_static("1B2M2Y8AsgTpgAmY7PhCfg=="));
    assert_eq!(cloud.send(&call).error(), (400, "InvalidDigest"));
}

#[test]
fn reads_can_lag_behind_writes() {
    let mut cloud = Cloud::new();
    cloud.switches.set("oss_config_lag", "2s").unwrap();
    cloud.put("/", "").ok();
    assert_eq!(cloud.get("/?bucketInfo").error(), (404, "NoSuchBucket"));
    cloud.pass(Duration::seconds(2));
    cloud.get("/?bucketInfo").ok();
    cloud
        .put("/?versioning", "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>")
        .ok();
    assert_eq!(cloud.get("/?versioning").element("Status"), None);
    cloud.pass(Duration::seconds(2));
    assert_eq!(cloud.get("/?versioning").element("Status"), Some("Enabled"));
}

#[test]
fn state_survives_its_json_form() {
    let mut cloud = Cloud::with_bucket();
    cloud.put("/key", "body").ok();
    let rule = "<LifecycleConfiguration><Rule><ID>r</ID><Prefix/><Status>Enabled</Status><Expiration><Days>400</Days>\
                </Expiration></Rule></LifecycleConfiguration>";
    cloud.put("/?lifecycle", rule).ok();
    let json = serde_json::to_value(&cloud.state).unwrap();
    assert_eq!(json["buckets"][BUCKET]["Lifecycle"]["Rules"]["r"]["Expiration"]["Days"], 400);
    let back: State = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(serde_json::to_value(back).unwrap(), json);
}
