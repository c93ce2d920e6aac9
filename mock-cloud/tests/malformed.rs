//! Requests that no client sends on purpose: whatever comes in, the mock answers or closes, and goes on serving.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on panics")]

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::OnceLock;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use mock_cloud::{Handle, MockCloud, Options};
use proptest::prelude::*;
use sha1::Sha1;
use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;
use time::macros::format_description;

/// How long any answer may take.
const LIMIT: Duration = Duration::from_secs(10);

/// One mock for all tests of this file.
fn mock() -> &'static Handle {
    static MOCK: OnceLock<(tokio::runtime::Runtime, Handle)> = OnceLock::new();
    let (_, handle) = MOCK.get_or_init(|| {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let handle = runtime.block_on(MockCloud::start(Options::default())).unwrap();
        (runtime, handle)
    });
    handle
}

/// Sends a request and gives back what was answered before the connection closed; a hang fails the test.
fn send(url: &str, bytes: &[u8]) -> String {
    exchange(url, bytes, false)
}

/// The same; `done` tells the mock that nothing will follow, which ends what is not a whole request.
fn exchange(url: &str, bytes: &[u8], done: bool) -> String {
    let mut stream = TcpStream::connect(url.trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(LIMIT)).unwrap();
    stream.set_write_timeout(Some(LIMIT)).unwrap();
    // The mock may have answered and closed before all is written.
    let _ = stream.write_all(bytes);
    if done {
        let _ = stream.shutdown(std::net::Shutdown::Write);
    }
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer) {
        Ok(_) => {}
        Err(error) => assert_ne!(error.kind(), std::io::ErrorKind::WouldBlock, "no answer within {LIMIT:?}"),
    }
    String::from_utf8_lossy(&answer).into_owned()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn sign_sha1(text: &str) -> String {
    let mac = Hmac::<Sha1>::new_from_slice(mock().secret_key().as_bytes()).unwrap().chain_update(text);
    STANDARD.encode(mac.finalize().into_bytes())
}

/// An RPC call with a form body, properly signed.
fn rpc(host: &str, version: &str, action: &str, form: &[(&str, &str)]) -> String {
    let encode = |text: &str| {
        percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
    };
    let pairs: Vec<String> = form.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
    let body = pairs.join("&");
    let hash = hex(&Sha256::digest(body.as_bytes()));
    let format = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");
    let date = OffsetDateTime::now_utc().format(format).unwrap();
    let nonce = uuid::Uuid::new_v4();
    let kind = "application/x-www-form-urlencoded";
    let headers = format!(
        "content-type:{kind}\nhost:{host}\nx-acs-action:{action}\nx-acs-content-sha256:{hash}\nx-acs-date:{date}\n\
         x-acs-signature-nonce:{nonce}\nx-acs-version:{version}\n"
    );
    let names =
        "content-type;host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version";
    let canonical = format!("POST\n/\n\n{headers}\n{names}\n{hash}");
    let text = format!("ACS3-HMAC-SHA256\n{}", hex(&Sha256::digest(canonical.as_bytes())));
    let mac = Hmac::<Sha256>::new_from_slice(mock().secret_key().as_bytes()).unwrap().chain_update(text);
    let signature = hex(&mac.finalize().into_bytes());
    let request = format!(
        "POST / HTTP/1.1\r\n{}\r\ncontent-length:{}\r\nconnection:close\r\nauthorization:ACS3-HMAC-SHA256 \
         Credential={},SignedHeaders={names},Signature={signature}\r\n\r\n{body}",
        headers.trim_end().replace('\n', "\r\n"),
        body.len(),
        mock().access_key(),
    );
    send(&mock().endpoint_url(), request.as_bytes())
}

/// An OSS call with a V1 signature.
fn oss(method: &str, target: &str, body: &str) -> String {
    let date = OffsetDateTime::now_utc().format(&Rfc2822).unwrap().replace("+0000", "GMT");
    let signature = sign_sha1(&format!("{method}\n\n\n{date}\n/fuzz-bucket{target}"));
    let request = format!(
        "{method} {target} HTTP/1.1\r\nhost: fuzz-bucket.oss-cn-hangzhou.aliyuncs.com\r\ndate: {date}\r\n\
         content-length: {}\r\nconnection: close\r\nauthorization: OSS {}:{signature}\r\n\r\n{body}",
        body.len(),
        mock().access_key(),
    );
    send(&mock().endpoint_url(), request.as_bytes())
}

/// An SLS call with a V1 signature.
fn sls(path: &str, body: &str) -> String {
    let date = OffsetDateTime::now_utc().format(&Rfc2822).unwrap().replace("+0000", "GMT");
    let md5 = hex(&md5::Md5::digest(body.as_bytes())).to_uppercase();
    let headers =
        format!("x-log-apiversion:0.6.0\nx-log-bodyrawsize:{}\nx-log-signaturemethod:hmac-sha1", body.len());
    let signature = sign_sha1(&format!("POST\n{md5}\napplication/json\n{date}\n{headers}\n{path}"));
    let request = format!(
        "POST {path} HTTP/1.1\r\nhost: fuzz-project.cn-hangzhou.log.aliyuncs.com\r\ndate: {date}\r\n{}\r\n\
         content-md5: {md5}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\
         authorization: LOG {}:{signature}\r\n\r\n{body}",
        headers.replace('\n', "\r\n"),
        body.len(),
        mock().access_key(),
    );
    send(&mock().endpoint_url(), request.as_bytes())
}

fn identity() -> String {
    rpc("sts.cn-hangzhou.aliyuncs.com", "2015-04-01", "GetCallerIdentity", &[])
}

fn status(answer: &str) -> u16 {
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
    status.unwrap_or_else(|| panic!("no answer: {answer:?}"))
}

#[test]
fn xml_bombs_and_towers_are_refused() {
    assert_eq!(status(&oss("PUT", "/", "")), 200);
    let bomb = r#"<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
        <!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><LifecycleConfiguration><Rule><ID>&c;</ID></Rule></LifecycleConfiguration>"#;
    let tower = format!("{}{}", "<a>".repeat(200_000), "</a>".repeat(200_000));
    let unknown = format!("<LifecycleConfiguration>{tower}</LifecycleConfiguration>");
    let open = "<a>".repeat(100_000);
    for body in [bomb, &tower, &unknown, &open, "<", "<LifecycleConfiguration", "\u{0}", "<Rule/><Rule/>"] {
        let start: String = body.chars().take(40).collect();
        assert_eq!(status(&oss("PUT", "/?lifecycle", body)), 400, "{start}");
    }
    assert_eq!(status(&identity()), 200);
}

#[test]
fn deep_and_broken_json_is_refused() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let objects = format!("{}1{}", r#"{"a":"#.repeat(100_000), "}".repeat(100_000));
    for body in [deep.as_str(), &objects, "{", "nul", "\"", "1e999999"] {
        let start: String = body.chars().take(20).collect();
        let answer = sls("/logstores", body);
        assert_eq!(status(&answer), 400, "{start}: {answer}");
        let policy = [("PolicyName", "p"), ("PolicyDocument", body)];
        let answer = rpc("ram.aliyuncs.com", "2015-05-01", "CreatePolicy", &policy);
        assert_eq!(status(&answer), 400, "{start}: {answer}");
        let admin = mock().admin_url();
        let edit = format!(
            "PUT /v1/oss/buckets/b HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\n\
             connection: close\r\ncontent-length: {}\r\n\r\n{body}",
            admin.trim_start_matches("http://"),
            body.len()
        );
        assert_eq!(status(&send(&admin, edit.as_bytes())), 400, "{start}");
    }
    assert_eq!(status(&identity()), 200);
}

#[test]
fn heads_without_end_and_bodies_without_measure_are_refused() {
    let long = format!("GET / HTTP/1.1\r\nhost: sts.aliyuncs.com\r\nx-long: {}\r\n\r\n", "a".repeat(1 << 20));
    assert_eq!(status(&send(&mock().endpoint_url(), long.as_bytes())), 431);
    let huge =
        "PUT / HTTP/1.1\r\nhost: b.oss-cn-hangzhou.aliyuncs.com\r\ncontent-length: 99999999999\r\n\r\n";
    assert_eq!(status(&send(&mock().endpoint_url(), huge.as_bytes())), 413);
    let tunnel = "CONNECT actiontrail.cn-hangzhou.aliyuncs.com:443 HTTP/1.1\r\nhost: actiontrail.cn-hangzhou.aliyuncs.com:443\r\nconnection: close\r\n\r\n";
    assert!((400..600).contains(&status(&send(&mock().endpoint_url(), tunnel.as_bytes()))));
    assert_eq!(status(&identity()), 200);
}

#[test]
fn bodies_in_chunks_are_read_and_broken_chunks_refused() {
    let head = "PUT /key HTTP/1.1\r\nhost: fuzz-chunks.oss-cn-hangzhou.aliyuncs.com\r\nconnection: close\r\n\
                transfer-encoding: chunked\r\n";
    let trailers = "x: y\r\n".repeat(50_000);
    let extension = "a".repeat(100_000);
    for (body, wanted) in [
        // Whole, so that the lack of a signature is what is refused.
        ("5\r\nhello\r\n0\r\n\r\n", 403),
        ("5\r\nhel", 400),
        ("FFFFFFFFFFFFFFFFF\r\n", 400),
        ("-1\r\n\r\n", 400),
        (&format!("5;{extension}\r\nhello\r\n0\r\n\r\n"), 400),
        (&format!("5\r\nhello\r\n0\r\n{trailers}\r\n"), 400),
    ] {
        let answer = exchange(&mock().endpoint_url(), format!("{head}\r\n{body}").as_bytes(), true);
        assert_eq!(status(&answer), wanted, "{body:.40}: {answer}");
    }
    let twice = head.replace("transfer-encoding: chunked", "content-length: 3\r\ncontent-length: 4");
    assert_eq!(status(&send(&mock().endpoint_url(), format!("{twice}\r\nabcd").as_bytes())), 400);
    let unending = format!("{head}\r\n{}", format!("100000\r\n{}\r\n", "a".repeat(0x10_0000)).repeat(40));
    assert_eq!(status(&send(&mock().endpoint_url(), unending.as_bytes())), 413);
    assert_eq!(status(&identity()), 200);
}

#[test]
fn halves_of_requests_hold_nobody_up() {
    let connect = || TcpStream::connect(mock().endpoint_url().trim_start_matches("http://")).unwrap();
    let hold = |text: &str, count: usize| -> Vec<TcpStream> {
        let streams = (0..count).map(|_| {
            let mut stream = connect();
            stream.write_all(text.as_bytes()).unwrap();
            stream
        });
        streams.collect()
    };
    let heads = hold("GET / HTTP/1.1\r\nhost: x\r\nx-half: ", 200);
    // More large bodies than are read at a time: those wait, small requests do not.
    let bodies = hold(
        "PUT /key HTTP/1.1\r\nhost: fuzz-half.oss-cn-hangzhou.aliyuncs.com\r\ncontent-length: 20000000\r\n\r\nabc",
        40,
    );
    for _ in 0..20 {
        assert_eq!(status(&identity()), 200);
    }
    drop((heads, bodies));
    // Their places are free again.
    let whole = format!(
        "PUT /key HTTP/1.1\r\nhost: fuzz-half.oss-cn-hangzhou.aliyuncs.com\r\ncontent-length: 2000000\r\n\
         connection: close\r\n\r\n{}",
        "a".repeat(2_000_000)
    );
    assert_eq!(status(&send(&mock().endpoint_url(), whole.as_bytes())), 403);
}

#[test]
fn requests_that_come_before_the_answers_are_answered_in_order() {
    let mut text = String::new();
    for number in 0..200 {
        text.push_str(&format!(
            "GET /{number} HTTP/1.1\r\nhost: fuzz-pipe.oss-cn-hangzhou.aliyuncs.com\r\n\r\n"
        ));
    }
    text.push_str("GET /last HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    let answers = send(&mock().endpoint_url(), text.as_bytes());
    assert_eq!(answers.matches("HTTP/1.1 403").count(), 200, "{answers:.200}");
    assert!(answers.trim_end().ends_with('}') && answers.matches("HTTP/1.1 400").count() == 1);
}

#[test]
fn sixty_four_connections_at_once_are_all_served() {
    std::thread::scope(|scope| {
        for _ in 0..64 {
            scope.spawn(|| {
                for _ in 0..10 {
                    assert_eq!(status(&identity()), 200);
                }
            });
        }
    });
}

/// Header values and query texts in which every kind of byte can occur that HTTP lets through.
fn text() -> impl Strategy<Value = String> {
    proptest::string::string_regex("[ -~]{0,60}").unwrap()
}

fn scheme() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "ACS3-HMAC-SHA256 Credential=",
        "OSS ",
        "OSS4-HMAC-SHA256 Credential=",
        "LOG ",
        "SLS4-HMAC-SHA256 Credential:",
        "Basic ",
    ])
}

fn host() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "actiontrail.cn-hangzhou.aliyuncs.com",
        "sts.aliyuncs.com",
        "ram.aliyuncs.com",
        "b.oss-cn-hangzhou.aliyuncs.com",
        "p.cn-hangzhou.log.aliyuncs.com",
        "127.0.0.1",
        "x..y",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_get_an_answer_or_a_closed_connection(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        exchange(&mock().endpoint_url(), &bytes, true);
        prop_assert_eq!(status(&identity()), 200);
    }

    #[test]
    fn no_unsigned_request_gets_in(
        host in host(), scheme in scheme(), rest in text(), date in text(), query in "[!-~]{0,60}", body in text(),
        method in prop::sample::select(vec!["GET", "PUT", "POST", "DELETE", "HEAD", "PATCH"]),
    ) {
        let query = query.replace(['#', ' '], "");
        let request = format!(
            "{method} /?{query} HTTP/1.1\r\nhost: {host}\r\ndate: {date}\r\nx-acs-date: {date}\r\nx-oss-date: {date}\r\n\
             x-log-date: {date}\r\nx-acs-version: 2020-07-06\r\nx-acs-action: {}\r\nconnection: close\r\n\
             content-length: {}\r\nauthorization: {scheme}{rest}\r\n\r\n{body}",
            rest.trim(), body.len(),
        );
        let answer = send(&mock().endpoint_url(), request.as_bytes());
        prop_assert!((400..500).contains(&status(&answer)), "{}", answer);
    }

    #[test]
    fn signed_parameters_of_any_text_are_answered(
        name in any::<String>(), value in any::<String>(),
        action in prop::sample::select(vec![
            "CreateTrail", "UpdateTrail", "DescribeTrails", "GetTrailStatus", "LookupEvents", "PutDataEventSelector",
            "CreateDeliveryHistoryJob", "PutInsightSelectors", "",
        ]),
    ) {
        let form = [
            ("Name", name.as_str()), ("TrailName", name.as_str()), ("NameList", value.as_str()), ("StartTime", value.as_str()),
            ("EventSelectors", value.as_str()), ("SlsProjectArn", value.as_str()), ("OssBucketName", name.as_str()),
            ("LookupAttribute.1.Key", "EventName"), ("LookupAttribute.1.Value", value.as_str()), ("InsightSelectors", value.as_str()),
        ];
        let answer = rpc("actiontrail.cn-hangzhou.aliyuncs.com", "2020-07-06", action, &form);
        prop_assert!((200..500).contains(&status(&answer)), "{}", answer);
    }
}
