//! The transport against a small server on loopback that answers from a script.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::time::Instant;

use ::http::HeaderMap;
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::client::Client;
use crate::credentials::Credentials;
use crate::error::ServiceError;

/// An RPC-style request that reads.
pub(super) fn request(action: &'static str) -> Request {
    Request {
        service: Service::ActionTrail,
        action,
        scheme: Scheme::Acs3 { version: "2020-07-06" },
        effect: Effect::Read,
        per_second: None,
        region: Some("cn-hangzhou".into()),
        label: None,
        method: Method::POST,
        path: "/".into(),
        query: vec![("Name".into(), "audit-trail".into())],
        headers: Vec::new(),
        body: Bytes::new(),
    }
}

/// An error answer.
pub(super) fn refusal(service: Service, status: u16, code: &str) -> ServiceError {
    ServiceError::new(service, "X", status, code)
}

/// Makes an answer of a request.
type Replying = dyn Fn(&Seen) -> hyper::Response<Full<Bytes>> + Send + Sync;

/// What the server does with one request.
#[derive(Clone)]
pub(crate) enum Step {
    Answer(u16, &'static str),
    /// Answers by what it was asked.
    Reply(Arc<Replying>),
    /// Reads the request and closes the connection.
    Hang,
    /// Reads the request and says nothing.
    Silence,
}

/// A request as the server saw it.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) host: String,
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    authorization: String,
    nonce: String,
}

/// A good answer of this text.
pub(crate) fn good(text: impl Into<String>) -> Step {
    let text = text.into();
    Step::Reply(Arc::new(move |_| hyper::Response::new(Full::from(text.clone()))))
}

pub(crate) struct Server {
    url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Server {
    pub(crate) async fn start(script: Vec<Step>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let script = Arc::new(Mutex::new(VecDeque::from(script)));
        let task = tokio::spawn({
            let seen = Arc::clone(&seen);
            async move {
                while let Ok((stream, _)) = listener.accept().await {
                    let (seen, script) = (Arc::clone(&seen), Arc::clone(&script));
                    tokio::spawn(async move {
                        let serve = service_fn(|request: hyper::Request<Incoming>| {
                            let (seen, script) = (Arc::clone(&seen), Arc::clone(&script));
                            async move { answer(request, &seen, &script).await }
                        });
                        let _ = hyper::server::conn::http1::Builder::new()
                            .serve_connection(TokioIo::new(stream), serve)
                            .await;
                    });
                }
            }
        });
        Self { url, seen, task }
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    pub(crate) fn config(&self) -> Config {
        let mut config =
            Config::new(Credentials::new("LTAI-key-id", "the-secret-value").with_token("the-token"));
        config.endpoints.endpoint_url = Some(self.url.clone());
        config
    }

    pub(crate) fn client(&self) -> Client {
        Client::new(self.config()).unwrap()
    }
}

async fn answer(
    request: hyper::Request<Incoming>,
    seen: &Mutex<Vec<Seen>>,
    script: &Mutex<VecDeque<Step>>,
) -> Result<hyper::Response<Full<Bytes>>, std::io::Error> {
    let header =
        |name: &str| request.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or("").to_owned();
    let was = Seen {
        method: request.method().to_string(),
        host: header("host"),
        path: request.uri().to_string(),
        headers: request.headers().clone(),
        authorization: header("authorization"),
        nonce: header("x-acs-signature-nonce"),
    };
    seen.lock().unwrap().push(was.clone());
    let _: Result<_, Infallible> = Ok(request.into_body().collect().await);
    let step = script.lock().unwrap().pop_front().unwrap_or(Step::Answer(500, "the script is over"));
    match step {
        Step::Answer(status, body) => {
            Ok(hyper::Response::builder().status(status).body(Full::from(body)).unwrap())
        }
        Step::Reply(reply) => Ok(reply(&was)),
        Step::Hang => Err(std::io::Error::other("hang up")),
        Step::Silence => std::future::pending().await,
    }
}

const THROTTLED: Step =
    Step::Answer(400, r#"{"Code":"Throttling.User","Message":"slow down","RequestId":"T"}"#);
const FAULT: Step = Step::Answer(503, r#"{"Code":"ServiceUnavailable","Message":"m","RequestId":"F"}"#);
const GOOD: Step = Step::Answer(200, r#"{"RequestId":"G","projects":[]}"#);

fn once(action: &'static str) -> Request {
    Request { effect: Effect::Once, ..request(action) }
}

#[tokio::test]
async fn the_real_host_path_and_signature_go_to_the_forced_address() {
    let server = Server::start(vec![GOOD]).await;
    server.client().send(&request("GetTrailStatus")).await.unwrap();
    let seen = &server.seen()[0];
    assert_eq!(seen.host, "actiontrail.cn-hangzhou.aliyuncs.com");
    assert_eq!(seen.path, "/?Name=audit-trail");
    assert!(
        seen.authorization
            .starts_with("ACS3-HMAC-SHA256 Credential=LTAI-key-id,SignedHeaders=host;x-acs-accesskey-id;")
    );
}

#[tokio::test]
async fn buckets_and_projects_are_part_of_the_host() {
    let server = Server::start(vec![GOOD; 4]).await;
    let client = server.client();
    let key = crate::oss::Upload { key: "a b/审+1.gz".into(), upload_id: "U/1".into() };
    client.oss("cn-hangzhou").abort_multipart_upload("audit-logs", &key).await.unwrap();
    // A set without rules is a removal: the service refuses an empty one.
    client.oss("cn-hangzhou").put_bucket_lifecycle("audit-logs", &[], false).await.unwrap();
    client.sls("us-west-1").delete_logstore("audit-prj", "audit").await.unwrap();
    client.sls("us-west-1").list_projects("aud it").await.unwrap();
    let seen: Vec<_> = server.seen().into_iter().map(|seen| (seen.method, seen.host, seen.path)).collect();
    let expected = [
        ("DELETE", "audit-logs.oss-cn-hangzhou.aliyuncs.com", "/a%20b/%E5%AE%A1%2B1.gz?uploadId=U%2F1"),
        ("DELETE", "audit-logs.oss-cn-hangzhou.aliyuncs.com", "/?lifecycle"),
        ("DELETE", "audit-prj.us-west-1.log.aliyuncs.com", "/logstores/audit"),
        ("GET", "us-west-1.log.aliyuncs.com", "/?projectName=aud%20it&offset=0&size=500"),
    ];
    assert_eq!(
        seen,
        expected.map(|(method, host, path)| (method.to_owned(), host.to_owned(), path.to_owned()))
    );
}

#[tokio::test]
async fn sls_is_signed_as_chosen_and_else_as_its_endpoint_is_sure_to_accept() {
    let dedicated = "cn-hangzhou-acdr-ut-3.log.aliyuncs.com";
    for (host, chosen, begins) in [
        (None, None, "LOG LTAI-key-id:"),
        (None, Some(SlsSignature::V4), "SLS4-HMAC-SHA256 Credential=LTAI-key-id/"),
        (Some(dedicated), None, "SLS4-HMAC-SHA256 Credential=LTAI-key-id/"),
        (Some(dedicated), Some(SlsSignature::V1), "LOG LTAI-key-id:"),
    ] {
        let server = Server::start(vec![GOOD]).await;
        let mut config = server.config();
        config.sls_signature = chosen;
        config.endpoints.overrides.extend(host.map(|host| (Service::Sls, host.to_owned())));
        Client::new(config).unwrap().sls("cn-hangzhou").list_projects("audit").await.unwrap();
        let signed = &server.seen()[0].authorization;
        assert!(signed.starts_with(begins), "{host:?} {chosen:?}: {signed}");
        assert_eq!(host.is_some() && chosen.is_none(), signed.contains("/cn-hangzhou-acdr-ut-3/sls/"));
    }
}

#[tokio::test]
async fn writes_to_one_setting_wait_for_each_other_and_can_be_stopped_while_waiting() {
    let server = Server::start(vec![Step::Silence]).await;
    let cancel = CancellationToken::new();
    let first = server.client();
    let second = first.with_cancel(cancel.clone());
    let stuck =
        tokio::spawn(async move { first.oss("cn-hangzhou").put_bucket_acl("audit-logs", "private").await });
    while server.seen().is_empty() {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let oss = second.oss("cn-hangzhou");
    let (result, ()) = tokio::join!(oss.put_bucket_acl("audit-logs", "public-read"), async {
        tokio::time::sleep(Duration::from_millis(20)).await;
        cancel.cancel();
    });
    let error = result.unwrap_err();
    assert!(error.is_cancelled() && !error.may_have_been_applied(), "{error}");
    assert_eq!(server.seen().len(), 1, "the second was never sent");
    stuck.abort();
}

#[tokio::test]
async fn throttling_then_success_signs_anew_each_time() {
    let server = Server::start(vec![THROTTLED, FAULT, GOOD]).await;
    server.client().send(&request("GetTrailStatus")).await.unwrap();
    let nonces: std::collections::BTreeSet<_> = server.seen().into_iter().map(|seen| seen.nonce).collect();
    assert_eq!(nonces.len(), 3);
}

#[tokio::test]
async fn a_call_that_must_not_repeat_is_retried_only_when_it_was_turned_away() {
    let server = Server::start(vec![THROTTLED, GOOD]).await;
    server.client().send(&once("CreateTrail")).await.unwrap();
    assert_eq!(server.seen().len(), 2);

    let server = Server::start(vec![FAULT, GOOD]).await;
    let error = server.client().send(&once("CreateTrail")).await.unwrap_err();
    assert!(error.is_code("ServiceUnavailable") && error.may_have_been_applied(), "{error}");
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_lost_answer_is_told_apart() {
    let server = Server::start(vec![Step::Hang, GOOD]).await;
    let error = server.client().send(&once("CreateTrail")).await.unwrap_err();
    assert!(
        matches!(error, Error::LostAnswer { action: "CreateTrail", .. }) && error.may_have_been_applied(),
        "{error}"
    );
    assert_eq!(server.seen().len(), 1);

    let server = Server::start(vec![Step::Hang, GOOD]).await;
    server.client().send(&request("GetTrailStatus")).await.unwrap();
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn an_answer_that_stays_out_is_lost_too() {
    let server = Server::start(vec![Step::Silence]).await;
    let mut config = server.config();
    config.read_timeout = Duration::from_millis(50);
    let error = Client::new(config).unwrap().send(&once("CreateTrail")).await.unwrap_err();
    assert!(matches!(&error, Error::LostAnswer { detail, .. } if detail == "no answer in time"), "{error}");
}

#[tokio::test]
async fn what_an_earlier_attempt_may_have_done_is_not_forgotten() {
    let repeatable = Request { effect: Effect::Repeatable, ..request("CreateDeliveryHistoryJob") };
    let refused = Step::Answer(400, r#"{"Code":"MaximumNumberOfJobs","Message":"m"}"#);
    for (script, sure) in [
        (vec![Step::Hang, refused.clone()], false),
        (vec![FAULT, refused.clone()], false),
        (vec![FAULT, THROTTLED], false),
        (vec![Step::Hang, Step::Hang], false),
        (vec![THROTTLED, refused.clone()], true),
        (vec![refused], true),
    ] {
        let server = Server::start(script).await;
        let mut config = server.config();
        config.max_retries = 1;
        let error = Client::new(config).unwrap().send(&repeatable).await.unwrap_err();
        assert_eq!(error.may_have_been_applied(), !sure, "{error:?}");
    }
    // The service is gone when the call is tried again.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let mut config = Config::new(Credentials::new("id", "secret"));
    config.endpoints.endpoint_url = Some(format!("http://{}", listener.local_addr().unwrap()));
    config.max_retries = 2;
    let client = Client::new(config).unwrap();
    let gone = tokio::task::spawn_blocking(move || {
        let (mut stream, _) = listener.accept().unwrap();
        drop(listener);
        let _ = std::io::Read::read(&mut stream, &mut [0; 64]);
    });
    let error = client.send(&repeatable).await.unwrap_err();
    gone.await.unwrap();
    assert!(
        matches!(error, Error::Unreachable { sent: true, .. }) && error.may_have_been_applied(),
        "{error:?}"
    );
    // What only reads changes nothing.
    let server = Server::start(vec![Step::Hang; 2]).await;
    let mut config = server.config();
    config.max_retries = 1;
    let error = Client::new(config).unwrap().send(&request("GetTrailStatus")).await.unwrap_err();
    assert!(!error.may_have_been_applied(), "{error:?}");
}

#[tokio::test]
async fn retries_end() {
    let server = Server::start(vec![FAULT; 10]).await;
    let mut config = server.config();
    config.max_retries = 2;
    let error = Client::new(config).unwrap().send(&request("GetTrailStatus")).await.unwrap_err();
    assert!(error.is_code("ServiceUnavailable"), "{error}");
    assert_eq!(server.seen().len(), 3);
}

#[tokio::test]
async fn nobody_listening_says_where() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let mut config = Config::new(Credentials::new("id", "secret"));
    config.endpoints.endpoint_url = Some(url.clone());
    config.max_retries = 1;
    // Even a call that must not repeat is tried again: it was never sent.
    let error = Client::new(config).unwrap().send(&once("CreateTrail")).await.unwrap_err();
    assert!(matches!(&error, Error::Unreachable { address, .. } if *address == url), "{error}");
    assert!(!error.may_have_been_applied());
    assert!(error.to_string().to_lowercase().contains("refused"), "{error}");
}

#[tokio::test]
async fn an_address_that_speaks_plain_http_is_told_how_to_be_written() {
    let server = Server::start(vec![Step::Answer(200, "{}")]).await;
    let mut config = server.config();
    let address = config.endpoints.endpoint_url.unwrap().replace("http://", "");
    config.endpoints.endpoint_url = Some(format!("https://{address}"));
    let error = Client::new(config).unwrap().send(&once("CreateTrail")).await.unwrap_err();
    assert!(matches!(&error, Error::NotTls { address: found, .. } if *found == address), "{error}");
    assert!(!error.may_have_been_applied());
    assert!(error.to_string().contains(&format!("Write http://{address} ")), "{error}");
}

#[tokio::test]
async fn cancelling_in_the_middle_ends_the_call_and_tells_whether_it_was_sent() {
    let server = Server::start(vec![Step::Silence]).await;
    let cancel = CancellationToken::new();
    let client = server.client().with_cancel(cancel.clone());
    let create = once("CreateTrail");
    let (result, ()) = tokio::join!(client.send(&create), async {
        while server.seen().is_empty() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        cancel.cancel();
    });
    let error = result.unwrap_err();
    assert!(error.is_cancelled() && error.may_have_been_applied(), "{error}");
    // A token that was cancelled before lets nothing out.
    let error = client.send(&create).await.unwrap_err();
    assert!(error.is_cancelled() && !error.may_have_been_applied(), "{error}");
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn the_deadline_ends_retries_and_keeps_the_last_refusal() {
    let server = Server::start(vec![FAULT; 50]).await;
    let client = server.client().with_deadline(Instant::now() + Duration::from_millis(150));
    let error = client.send(&request("GetTrailStatus")).await.unwrap_err();
    assert!(matches!(error, Error::DeadlineExceeded { .. }), "{error}");
    assert!(error.to_string().contains("ServiceUnavailable"), "{error}");
    assert!(!error.may_have_been_applied(), "a read changes nothing");
}

#[tokio::test]
async fn plain_http_to_another_machine_is_refused_before_anything_happens() {
    let mut config = Config::new(Credentials::new("id", "secret"));
    config.endpoints.endpoint_url = Some("http://192.0.2.1:80".into());
    assert!(matches!(Client::new(config), Err(EndpointError::PlainHttp { .. })));
}

#[tokio::test]
async fn the_identity_is_asked_once_and_failures_are_not_kept() {
    let denied = Step::Answer(403, r#"{"Code":"NoPermission","Message":"m"}"#);
    let known = Step::Answer(200, r#"{"AccountId":"1234567890123456","IdentityType":"Account"}"#);
    let server = Server::start(vec![denied, known]).await;
    let client = server.client();
    assert!(client.caller_identity().await.unwrap_err().is_denied());
    let (first, second) = tokio::join!(client.account_id(), client.account_id());
    assert_eq!((first.unwrap().as_str(), second.unwrap().as_str()), ("1234567890123456", "1234567890123456"));
    assert_eq!(server.seen().len(), 2);
    assert_eq!(server.seen()[0].host, "sts.aliyuncs.com");
}

#[tokio::test]
async fn concurrent_lists_of_trails_are_one_request() {
    let list = Step::Answer(
        200,
        r#"{"TrailList":[{"Name":"audit-trail","HomeRegion":"cn-hangzhou","Status":"Enable"}]}"#,
    );
    let server = Server::start(vec![list.clone(), GOOD, list]).await;
    let trails = server.client().actiontrail("cn-hangzhou");
    let which = crate::actiontrail::DescribeTrails::default();
    let (a, b, c) = tokio::join!(
        trails.describe_trails(which),
        trails.described_trails(which, Duration::from_secs(60)),
        trails.describe_trails(which)
    );
    assert_eq!(a.unwrap()[0].name, "audit-trail");
    assert_eq!((b.unwrap().len(), c.unwrap().len()), (1, 1));
    trails.described_trails(which, Duration::from_secs(60)).await.unwrap();
    assert_eq!(server.seen().len(), 1);
    trails.start_logging("audit-trail").await.unwrap();
    trails.describe_trails(which).await.unwrap();
    assert_eq!(server.seen().len(), 3);
}

/// Collects what is logged.
#[derive(Clone, Default)]
pub(super) struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// What was logged since the last time.
    pub(super) fn take(&self) -> String {
        String::from_utf8(std::mem::take(&mut *self.0.lock().unwrap())).unwrap()
    }
}

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn neither_logs_nor_errors_nor_debug_output_hold_secrets() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let echo =
        r#"{"Code":"SignatureDoesNotMatch","Message":"server string to sign is:POST&the-token&LTAI-key-id"}"#;
    let server = Server::start(vec![THROTTLED, Step::Answer(400, echo)]).await;
    let client = server.client();
    let error = client.send(&request("GetTrailStatus")).await.unwrap_err();
    let authorization = server.seen()[0].authorization.clone();
    let signature = authorization.rsplit('=').next().unwrap();
    let logged = log.take();
    assert!(logged.contains("GetTrailStatus") && logged.contains("Throttling.User"), "{logged}");
    let shown = format!("{logged} {error} {error:?} {client:?} {:?}", client.config());
    for secret in ["the-secret-value", "the-token", "LTAI-key-id", signature] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}
