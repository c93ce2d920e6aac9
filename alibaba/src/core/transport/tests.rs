//! The transport against a small server on loopback that answers from a script.

mod requests;
mod retries;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ::http::{HeaderMap, Method};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::*;
use crate::client::Client;
use crate::core::request::Scheme;
use crate::credentials::Credentials;
use crate::endpoint::Service;
use crate::error::ServiceError;

/// An RPC-style request that reads.
pub(super) fn request(action: &'static str) -> Request {
    Request {
        service: Service::ActionTrail,
        action,
        scheme: Scheme::Acs3 { version: "2020-07-06" },
        idempotency: Idempotency::Read,
        per_second: None,
        region: "cn-hangzhou".parse().ok(),
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
    pub(crate) body: String,
    pub(crate) authorization: String,
    nonce: String,
}

/// A good answer of this text.
pub(crate) fn good(text: impl Into<String>) -> Step {
    let text = text.into();
    Step::Reply(Arc::new(move |_| hyper::Response::new(Full::from(text.clone()))))
}

pub(crate) struct Server {
    url: String,
    seen: Arc<watch::Sender<Vec<Seen>>>,
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
        let seen = Arc::new(watch::Sender::new(Vec::new()));
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
        self.seen.borrow().clone()
    }

    /// Waits until this many requests have come.
    async fn request(&self, count: usize) {
        self.seen.subscribe().wait_for(|seen| seen.len() >= count).await.unwrap();
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
    seen: &watch::Sender<Vec<Seen>>,
    script: &Mutex<VecDeque<Step>>,
) -> Result<hyper::Response<Full<Bytes>>, std::io::Error> {
    let header =
        |name: &str| request.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or("").to_owned();
    let mut was = Seen {
        method: request.method().to_string(),
        body: String::new(),
        host: header("host"),
        path: request.uri().to_string(),
        headers: request.headers().clone(),
        authorization: header("authorization"),
        nonce: header("x-acs-signature-nonce"),
    };
    let at = seen.borrow().len();
    seen.send_modify(|seen| seen.push(was.clone()));
    if let Ok(body) = request.into_body().collect().await {
        was.body = String::from_utf8_lossy(&body.to_bytes()).into_owned();
    }
    seen.send_modify(|seen| seen[at].body.clone_from(&was.body));
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
    Request { idempotency: Idempotency::Once, ..request(action) }
}

/// How far the clock goes with each tick. Deadlines of connections are far more ticks away than an answer on loopback takes.
const TICK: Duration = Duration::from_millis(20);

/// Waits for something on a paused clock, which goes on in ticks meanwhile. By itself it would go on to the next timer
/// whenever the program waits, also when it waits for an answer that is on its way.
pub(super) async fn ticking<F: Future>(waited: F) -> F::Output {
    // The clock does not go on by itself while a thread is busy.
    let (end, held) = std::sync::mpsc::channel::<()>();
    let busy = tokio::task::spawn_blocking(move || held.recv());
    let mut waited = std::pin::pin!(waited);
    let output = loop {
        let tick = async {
            let answers = tokio::task::spawn_blocking(|| std::thread::sleep(Duration::from_millis(1)));
            answers.await.unwrap();
            tokio::time::advance(TICK).await;
        };
        tokio::select! {
            biased;
            output = &mut waited => break output,
            () = tick => {}
        }
    };
    drop(end);
    let _ = busy.await;
    output
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
