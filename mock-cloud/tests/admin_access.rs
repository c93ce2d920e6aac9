//! Who may use the admin API, and which hosts the services answer for: requests as browsers, pages elsewhere and careless
//! clients send them, byte by byte over a socket.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod support;

use mock_cloud::cloud::Secret;
use mock_cloud::{Options, StartError};
use serde_json::Value;

use support::{Answer, Cloud, HOST, exchange};

/// A mock and the address of its admin API.
fn admin() -> (Cloud, String) {
    start(Options::default())
}

fn start(options: Options) -> (Cloud, String) {
    let cloud = Cloud::start(options);
    let address = cloud.handle().admin_url().trim_start_matches("http://").to_owned();
    (cloud, address)
}

/// Sends a request line and headers, and gives the answer, which is always JSON or empty.
fn ask(address: &str, line: &str, headers: &str, body: &str) -> (u16, Value) {
    let Answer { status, body, .. } =
        exchange(address, &format!("{line}\r\n{headers}content-length: {}\r\n\r\n{body}", body.len()))
            .unwrap();
    (status, serde_json::from_str(&body).unwrap_or(Value::Null))
}

/// Fails unless a request is refused with this status and an error that has these words.
#[track_caller]
fn refused(answer: &(u16, Value), status: u16, words: &str) {
    let error = answer.1["error"].as_str().unwrap_or_default();
    assert!(answer.0 == status && error.contains(words), "{words:?} with {status}: {answer:?}");
}

const JSON: &str = "content-type: application/json\r\n";
const FORWARD: &str = r#"{"advance_seconds": 1}"#;

#[test]
fn a_client_of_this_machine_may_do_everything() {
    let (cloud, address) = admin();
    let port = address.rsplit_once(':').unwrap().1.to_owned();
    for host in
        [address.clone(), format!("localhost:{port}"), format!("LocalHost:{port}"), format!("[::1]:{port}")]
    {
        let headers = format!("host: {host}\r\n");
        assert_eq!(ask(&address, "GET /v1/access_keys HTTP/1.1", &headers, "").0, 200, "{host}");
        let change = format!("{headers}{JSON}");
        assert_eq!(ask(&address, "POST /v1/clock HTTP/1.1", &change, FORWARD).0, 200, "{host}");
        assert_eq!(ask(&address, "DELETE /v1/requests HTTP/1.1", &headers, "").0, 204, "{host}");
    }
    let headers = format!("host: {address}\r\n");
    assert_eq!(ask(&address, "GET /v1/clock HTTP/1.0", &headers, "").0, 200, "HTTP/1.0 with a host");
    let absolute = format!("GET http://localhost:{port}/v1/clock HTTP/1.1");
    assert_eq!(ask(&address, &absolute, &headers, "").0, 200, "absolute form of this host");
    let same = format!("{headers}origin: http://{address}\r\n");
    assert_eq!(ask(&address, "GET /v1/clock HTTP/1.1", &same, "").0, 200, "a page of this listener");
    for kind in ["application/json; charset=utf-8", "Application/JSON", "application/merge-patch+json"] {
        let headers = format!("{headers}content-type: {kind}\r\n");
        assert_eq!(ask(&address, "POST /v1/clock HTTP/1.1", &headers, FORWARD).0, 200, "{kind}");
    }
    cloud.stop();
}

#[test]
fn a_foreign_host_is_refused() {
    let (cloud, address) = admin();
    let port = address.rsplit_once(':').unwrap().1;
    let foreign = ["evil.example".to_owned(), format!("evil.example:{port}"), format!("10.0.0.1:{port}")];
    let spoofed =
        [format!("{address}.evil.example"), format!("{address}@evil.example"), "localhost:1".to_owned()];
    let cloudy = [HOST.to_owned(), "127.0.0.1".to_owned(), "?".to_owned()];
    for host in foreign.iter().chain(&spoofed).chain(&cloudy) {
        for line in ["GET /v1/access_keys HTTP/1.1", "POST /v1/stop HTTP/1.1", "GET /nothing HTTP/1.0"] {
            refused(&ask(&address, line, &format!("host: {host}\r\n{JSON}"), ""), 403, "is for the host");
        }
    }
    let local = format!("host: {address}\r\n");
    for line in ["http://evil.example/v1", "http://evil.example:1/v1", &format!("http://user@{address}/v1")] {
        let line = format!("GET {line} HTTP/1.1");
        refused(&ask(&address, &line, &local, ""), 403, "is for the host");
        refused(&ask(&address, &line, "", ""), 403, "is for the host");
    }
    let absolute = format!("GET http://{address}/v1 HTTP/1.1");
    refused(&ask(&address, &absolute, "host: evil.example\r\n", ""), 403, "is for the host \"evil.example\"");
    for headers in ["", "host: \r\n"] {
        for version in ["HTTP/1.1", "HTTP/1.0"] {
            let answer = ask(&address, &format!("GET /v1 {version}"), headers, "");
            assert!(matches!(answer.0, 400 | 403), "{headers:?} {version}: {answer:?}");
        }
    }
    let twice = format!("{local}host: evil.example\r\n");
    refused(&ask(&address, "GET /v1 HTTP/1.1", &twice, ""), 403, "missing or repeated");
    refused(&ask(&address, "GET /v1 HTTP/1.0", "", ""), 403, "missing or repeated");
    refused(&ask(&address, "GET /v1 HTTP/1.1", "", ""), 403, "missing or repeated");
    unharmed(cloud, &address);
}

#[test]
fn a_page_elsewhere_is_refused() {
    let (cloud, address) = admin();
    let other = format!("http://127.0.0.1:{}", cloud.address().rsplit_once(':').unwrap().1);
    let port = address.rsplit_once(':').unwrap().1;
    for origin in [
        "https://evil.example",
        "null",
        "",
        &other,
        "http://localhost:3000",
        "file://",
        &format!("https://{address}"),
        &format!("http://evil.example:{port}"),
        &format!("http://{address}, http://evil.example"),
    ] {
        let headers = format!("host: {address}\r\norigin: {origin}\r\n{JSON}");
        for line in ["GET /v1/access_keys HTTP/1.1", "POST /v1/stop HTTP/1.1", "DELETE /v1/accounts HTTP/1.1"]
        {
            refused(&ask(&address, line, &headers, ""), 403, "a page at");
        }
        // The question that browsers ask first gets no leave either.
        let asked = format!("{headers}access-control-request-method: PUT\r\n");
        let question = format!("OPTIONS /v1/accounts HTTP/1.1\r\n{asked}\r\n");
        let answer = exchange(&address, &question).unwrap();
        assert!(answer.status == 403 && !answer.head.contains("access-control-allow"), "{answer:?}");
    }
    unharmed(cloud, &address);
}

#[test]
fn what_a_form_can_send_is_refused() {
    let (cloud, address) = admin();
    let host = format!("host: {address}\r\n");
    let two = format!("{JSON}content-type: text/plain\r\n");
    for kind in [
        "",
        "content-type: text/plain\r\n",
        "content-type: application/x-www-form-urlencoded\r\n",
        "content-type: multipart/form-data; boundary=x\r\n",
        "content-type: text/plain; application/json\r\n",
        "content-type: text/json\r\n",
        "content-type: \r\n",
        &two,
    ] {
        let headers = format!("{host}{kind}");
        for line in [
            "POST /v1/clock HTTP/1.1",
            "PUT /v1/switches HTTP/1.1",
            "PATCH /v1/accounts HTTP/1.1",
            "DELETE /v1/accounts HTTP/1.1",
        ] {
            refused(&ask(&address, line, &headers, FORWARD), 403, "Content-Type: application/json");
        }
        refused(
            &ask(&address, "POST /v1/stop HTTP/1.1", &headers, ""),
            403,
            "Content-Type: application/json",
        );
    }
    unharmed(cloud, &address);
}

#[test]
fn a_token_is_needed_beyond_loopback_and_where_one_is_given() {
    let everywhere = Options { admin_listen: "0.0.0.0:0".parse().unwrap(), ..Options::default() };
    let (cloud, address) = start(everywhere.clone());
    let made = cloud.handle().ready().admin_token.unwrap().expose().to_owned();
    let (other, _) = start(everywhere.clone());
    assert!(made.len() >= 32 && other.handle().ready().admin_token.unwrap().expose() != made, "a random one");
    other.stop();
    needs_token(cloud, &address, &made, "mock.internal");

    let own = "a-token-of-my-own";
    let (cloud, address) = start(Options { admin_token: Some(Secret::new(own)), ..everywhere });
    needs_token(cloud, &address, own, "mock.internal");
    let (cloud, address) = start(Options { admin_token: Some(Secret::new(own)), ..Options::default() });
    let local = address.clone();
    needs_token(cloud, &address, own, &local);

    let (cloud, _) = admin();
    assert!(cloud.handle().ready().admin_token.is_none(), "none on a loopback address");
    let short = Options { admin_token: Some(Secret::new("short")), ..Options::default() };
    let refused = cloud.runtime.block_on(mock_cloud::MockCloud::start(short)).map(drop);
    assert!(matches!(refused, Err(StartError::AdminToken)), "{refused:?}");
    cloud.stop();
}

fn needs_token(cloud: Cloud, address: &str, token: &str, host: &str) {
    let address = address.replace("0.0.0.0", "127.0.0.1");
    let read = "GET /v1/access_keys HTTP/1.1";
    let wrong = ["", "x", &token[1..], &format!("{token}x"), &token.to_uppercase()];
    let wrong = wrong.map(|token| format!("authorization: Bearer {token}\r\n"));
    let basic =
        [String::new(), format!("authorization: Basic {token}\r\n"), format!("authorization: {token}\r\n")];
    for header in wrong.iter().chain(&basic) {
        let headers = format!("host: {host}\r\n{header}");
        refused(&ask(&address, read, &headers, ""), 401, "the token of the admin interface");
        let stop = format!("{headers}{JSON}");
        refused(&ask(&address, "POST /v1/stop HTTP/1.1", &stop, ""), 401, "the token of the admin interface");
    }
    let good = format!("host: {host}\r\nauthorization: Bearer {token}\r\n");
    let (status, keys) = ask(&address, read, &good, "");
    assert!(status == 200 && keys[cloud.handle().access_key()].is_object(), "{keys}");
    for origin in ["null", "https://evil.example"] {
        refused(&ask(&address, read, &format!("{good}origin: {origin}\r\n"), ""), 403, "a page at");
    }
    refused(&ask(&address, "POST /v1/stop HTTP/1.1", &good, ""), 403, "Content-Type");
    let shown = format!("{:?}", cloud.handle().ready());
    assert!(!shown.contains(token), "{shown}");
    cloud.stop();
}

#[test]
fn services_on_loopback_answer_for_the_cloud_and_this_machine() {
    let cloud = Cloud::start(Options::default());
    let call = "GET /?Action=AssumeRoleWithOIDC&Version=2015-04-01&Format=JSON HTTP/1.1";
    for host in ["sts.aliyuncs.com", "localhost:1", "127.0.0.1", "[::1]:9", "p1.localhost"] {
        let answer = exchange(&cloud.address(), &format!("{call}\r\nhost: {host}\r\n\r\n")).unwrap();
        assert_eq!((answer.status, answer.code().as_str()), (400, "MissingOIDCProviderArn"), "{host}");
    }
    for host in ["evil.example", "sts.aliyuncs.com.evil.example", "10.0.0.1"] {
        let answer = exchange(&cloud.address(), &format!("{call}\r\nhost: {host}\r\n\r\n")).unwrap();
        assert_eq!((answer.status, answer.code().as_str()), (403, "ForeignHost"), "{host}");
        assert!(answer.body.contains(host), "{}", answer.body);
    }
    cloud.stop();
    let everywhere = Options { listen: "0.0.0.0:0".parse().unwrap(), ..Options::default() };
    let cloud = Cloud::start(everywhere);
    let address = cloud.address().replace("0.0.0.0", "127.0.0.1");
    let answer = exchange(&address, &format!("{call}\r\nhost: mock.internal:8089\r\n\r\n")).unwrap();
    assert_eq!(answer.code(), "MissingOIDCProviderArn", "other machines have names of their own for it");
    cloud.stop();
}

/// The mock still runs, its clock stands still and its account is there.
fn unharmed(cloud: Cloud, address: &str) {
    let headers = format!("host: {address}\r\n");
    let (_, clock) = ask(address, "GET /v1/clock HTTP/1.1", &headers, "");
    assert_eq!(clock["offset_seconds"], 0);
    let (_, accounts) = ask(address, "GET /v1/accounts HTTP/1.1", &headers, "");
    assert!(accounts[cloud.handle().account_id()].is_object(), "{accounts}");
    cloud.stop();
}
