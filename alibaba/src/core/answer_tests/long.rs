//! Answers that are too long, or that nobody waits for any more.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

use bytes::Bytes;
use serde::{Deserialize, Deserializer};

use super::reads::REGION;
use super::*;
use crate::Client;
use crate::endpoint::Service;

#[tokio::test]
async fn an_answer_that_is_too_long_is_an_error_of_its_own_and_not_asked_for_again() {
    let long = format!(
        r#"{{"TrailList":[{{"Name":"audit-trail","HomeRegion":"cn-hangzhou","Status":"Fresh","OssKeyPrefix":"{}"}}]}}"#,
        "x".repeat(100_000)
    );
    let chunked = Step::Reply(std::sync::Arc::new({
        let long = long.clone();
        move |_| hyper::Response::new(http_body_util::Full::from(long.clone()))
    }));
    let server = Server::start(vec![chunked.clone(), chunked.clone(), chunked]).await;
    let mut config = server.config();
    config.max_answer_bytes = long.len() - 1;
    let client = Client::new(config.clone()).unwrap();
    let error = client.actiontrail(REGION).describe_trails(Default::default()).await.unwrap_err();
    assert!(matches!(error, Error::AnswerTooLarge { action: "DescribeTrails", .. }), "{error}");
    assert!(
        error.to_string().contains("ActionTrail DescribeTrails") && error.may_have_been_applied(),
        "{error}"
    );
    assert_eq!(server.seen().len(), 1);
    config.max_answer_bytes = long.len();
    let client = Client::new(config).unwrap();
    assert_eq!(client.actiontrail(REGION).describe_trails(Default::default()).await.unwrap().len(), 1);
    assert_eq!(Client::new(server.config()).unwrap().config().max_answer_bytes, 16 * 1024 * 1024);
}

fn response(body: String) -> Response {
    Response {
        service: Service::Sls,
        action: "ListProject",
        idempotency: Idempotency::Read,
        body: Bytes::from(body),
        request_id: None,
    }
}

/// How many elements a long answer has.
const ELEMENTS: usize = 50_000;

fn long_json() -> Response {
    response(format!(r#"{{"list":[{}{{"name":"last"}}]}}"#, r#"{"name":"audit"},"#.repeat(ELEMENTS)))
}

/// What happens at the tenth element of a long answer, and how many there were.
struct Tenth(Mutex<Option<Box<dyn FnOnce() + Send>>>, AtomicUsize);

impl Tenth {
    const fn new() -> Self {
        Self(Mutex::new(None), AtomicUsize::new(0))
    }

    fn element(&self) {
        if self.1.fetch_add(1, Ordering::SeqCst) == 9
            && let Some(act) = self.0.lock().unwrap().take()
        {
            act();
        }
    }
}

/// An answer whose elements are counted while they are read.
macro_rules! counted {
    ($list:ident, $counter:ident) => {
        static $counter: Tenth = Tenth::new();

        #[derive(Debug, Deserialize)]
        struct $list {
            #[allow(dead_code, reason = "it is only read")]
            list: Vec<Element>,
        }

        #[derive(Debug)]
        struct Element;

        impl<'de> Deserialize<'de> for Element {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $counter.element();
                IgnoredAny::deserialize(deserializer).map(|_| Self)
            }
        }

        impl Answer for $list {
            fn check(&self, _: &str) -> Result<(), Unexpected> {
                Ok(())
            }
        }
    };
}

#[tokio::test]
async fn cancelling_ends_the_reading_of_a_long_answer_in_the_middle() {
    counted!(List, COUNTER);
    let scope = Scope::default();
    let cancel = scope.cancel.clone();
    *COUNTER.0.lock().unwrap() = Some(Box::new(move || cancel.cancel()));
    let error = json::<List>(&scope, long_json(), "").await.unwrap_err();
    assert!(error.is_cancelled(), "{error}");
    let read = COUNTER.1.load(Ordering::SeqCst);
    assert!(read < ELEMENTS / 5, "{read} of {ELEMENTS} elements were read");
}

#[tokio::test]
async fn the_deadline_ends_the_reading_of_a_long_answer() {
    counted!(List, COUNTER);
    let scope = Scope { deadline: Some(Instant::now()), ..Scope::default() };
    let error = json::<List>(&scope, long_json(), "").await.unwrap_err();
    assert!(matches!(error, Error::DeadlineExceeded { sent: false, .. }), "{error}");
    assert_eq!(COUNTER.1.load(Ordering::SeqCst), 0);
    let elements = format!("<R>{}</R>", "<A>1</A>".repeat(ELEMENTS));
    let error = xml(&scope, response(elements), "R", |_| Ok(())).await.unwrap_err();
    assert!(matches!(error, Error::DeadlineExceeded { .. }), "{error}");
}

#[tokio::test]
async fn nobody_reads_an_answer_that_nobody_waits_for() {
    counted!(List, COUNTER);
    let (reached, at_tenth) = mpsc::channel();
    let (go_on, may_go_on) = mpsc::channel::<()>();
    *COUNTER.0.lock().unwrap() = Some(Box::new(move || {
        reached.send(()).unwrap();
        let _ = may_go_on.recv();
    }));
    let waiting = tokio::spawn(async { json::<List>(&Scope::default(), long_json(), "").await });
    tokio::task::spawn_blocking(move || at_tenth.recv().unwrap()).await.unwrap();
    waiting.abort();
    let _ = waiting.await;
    drop(go_on);
    // The reader ends without having gone through all: it counts no further.
    let mut before = usize::MAX;
    while before != COUNTER.1.load(Ordering::SeqCst) {
        before = COUNTER.1.load(Ordering::SeqCst);
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert!(before < ELEMENTS / 5, "{before} of {ELEMENTS} elements were read");
}

#[test]
fn xml_is_read_in_pieces_between_which_it_can_be_stopped() {
    let looks = AtomicUsize::new(0);
    let document = format!("<R>{}</R>", "<A>1</A>".repeat(ELEMENTS));
    let stop = || looks.fetch_add(1, Ordering::SeqCst) >= 2;
    assert_eq!(Element::parse_unless(document.as_bytes(), stop), Ok(None));
    assert_eq!(looks.load(Ordering::SeqCst), 3);
    let all = Element::parse(document.as_bytes()).unwrap();
    assert_eq!(all.children.len(), ELEMENTS);
    // What has more elements than any answer is not read to its end.
    let endless = format!("<R>{}</R>", "<a/>".repeat(1_000_001));
    assert!(Element::parse(endless.as_bytes()).unwrap_err().to_string().contains("too many elements"));
}

#[tokio::test]
async fn a_long_answer_in_xml_is_read_to_its_end_when_nobody_stops_it() {
    let elements = format!("<R>{}</R>", "<A>1</A>".repeat(ELEMENTS));
    let scope = Scope::default();
    let count = xml(&scope, response(elements.clone()), "R", |root| Ok(root.children.len())).await.unwrap();
    assert_eq!(count, ELEMENTS);
    scope.cancel.cancel();
    assert!(xml(&scope, response(elements), "R", |_| Ok(())).await.unwrap_err().is_cancelled());
}
