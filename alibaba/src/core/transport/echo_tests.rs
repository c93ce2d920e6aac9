//! An endpoint that repeats the request in every part of its answer, for every way of signing.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::tests::{Log, Seen, Server, Step};
use super::*;
use crate::client::Client;
use crate::credentials::Credentials;
use crate::sign::encode;

const KEY_ID: &str = "STS.NUqW8kLzR5vYtXcB2mPd7";
const SECRET: &str = "8dXkq2Jv0aLmW4tYpR7nBzHc5GfUeS";
const TOKEN: &str = "CAIS8wF1q6Ft5B2yfSjIr5bkHtfA+oLx0JbgbmvB/jmM5gKp3Zt9Vw7QeXn1YsRu4==";

/// What no text may have of a request: its credentials, its signature, and the header that has both.
fn secrets(seen: &Seen) -> Vec<String> {
    let authorization = seen.headers["authorization"].to_str().unwrap().to_owned();
    let signature = authorization.rsplit(['=', ':']).find(|part| part.len() > 20).unwrap().to_owned();
    vec![KEY_ID.to_owned(), SECRET.to_owned(), TOKEN.to_owned(), signature, authorization]
}

/// Everything that an endpoint learns, in one text, and what it could do to it.
fn echo(seen: &Seen, form: Form) -> String {
    let headers = seen.headers.iter().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()));
    let text = format!("{} {} {} {SECRET}", seen.method, seen.path, headers.collect::<Vec<_>>().join(" "));
    match form {
        Form::Plain => text,
        Form::Encoded => encode(&text),
        Form::Base64 => STANDARD.encode(text),
    }
}

#[derive(Debug, Clone, Copy)]
enum Form {
    Plain,
    Encoded,
    Base64,
}

/// The kinds of answers that have room for an echo.
const KINDS: &[&str] =
    &["json", "sls", "xml", "broken xml", "text", "good json", "good xml", "secret in data", "redirect"];

fn answer(seen: &Seen, kind: &str, form: Form) -> hyper::Response<http_body_util::Full<Bytes>> {
    let echo = echo(seen, form);
    let quoted = serde_json::Value::from(echo.as_str());
    let escaped = echo.replace('&', "&amp;").replace('<', "&lt;");
    let name: String = TOKEN.chars().filter(char::is_ascii_alphanumeric).collect();
    let body = match kind {
        "json" => format!(
            r#"{{"Code":{quoted},"Message":{quoted},"RequestId":{quoted},"HostId":{quoted},"AccessDeniedDetail":{{
               "AuthAction":{quoted},"AuthPrincipalType":{quoted},"AuthPrincipalDisplayName":{quoted},
               "AuthPrincipalOwnerId":{quoted},"NoPermissionType":{quoted},"PolicyType":{quoted},
               "EncodedDiagnosticMessage":{quoted}}}}}"#
        ),
        "sls" => format!(r#"{{"errorCode":"Other","errorMessage":{quoted}}}"#),
        "xml" => format!(
            "<Error><Code>{escaped}</Code><Message>{escaped}</Message><RequestId>{escaped}</RequestId><HostId>{escaped}</HostId>\
             <EC>{escaped}</EC><Endpoint>{escaped}</Endpoint><ErrorDetail>{escaped}</ErrorDetail>\
             <ArgumentName>{escaped}</ArgumentName><ArgumentValue>{escaped}</ArgumentValue></Error>"
        ),
        "broken xml" | "good xml" => format!("<BucketInfo><{name}></BucketInfo></{name}>"),
        "good json" => format!(r#"{{{quoted}:{quoted},"IsLogging":{quoted},"projectName":{quoted}}}"#),
        "secret in data" => {
            format!(r#"{{"IsLogging":true,"LatestDeliveryError":"{TOKEN}","projectName":"audit-prj"}}"#)
        }
        _ => echo.clone(),
    };
    let status = match kind {
        "good json" | "good xml" | "secret in data" => 200,
        "redirect" => 302,
        _ => 400,
    };
    let mut answer = hyper::Response::builder().status(status);
    for header in [
        "x-acs-request-id",
        "x-oss-request-id",
        "x-log-requestid",
        "x-oss-ec",
        "date",
        "location",
        "retry-after",
    ] {
        answer = answer.header(header, &echo);
    }
    answer.body(http_body_util::Full::from(body)).unwrap()
}

#[tokio::test]
async fn an_endpoint_that_repeats_the_request_gets_nothing_of_it_onto_screen_or_log() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let mut told = 0;
    for scheme in ["acs3", "oss v4", "sls v1", "sls v4"] {
        for kind in KINDS {
            for form in [Form::Plain, Form::Encoded, Form::Base64] {
                let server = Server::start(vec![Step::Reply(std::sync::Arc::new(move |seen| {
                    answer(seen, kind, form)
                }))])
                .await;
                let mut config = server.config();
                config.credentials = std::sync::Arc::new(Credentials::new(KEY_ID, SECRET).with_token(TOKEN));
                config.max_retries = 0;
                config.sls_signature =
                    Some(if scheme == "sls v4" { SlsSignature::V4 } else { SlsSignature::V1 });
                let client = Client::new(config).unwrap();
                let said = match scheme {
                    "acs3" => told_by(
                        client.actiontrail("cn-hangzhou").get_trail_status("audit-trail", false).await,
                    ),
                    "oss v4" => told_by(client.oss("cn-hangzhou").get_bucket_info("audit-logs").await),
                    _ => told_by(client.sls("cn-hangzhou").get_project("audit-prj").await),
                };
                let shown = format!("{said} {}", log.take());
                for secret in secrets(&server.seen()[0]) {
                    for form in
                        [secret.clone(), encode(&secret), STANDARD.encode(&secret), json_escaped(&secret)]
                    {
                        assert!(!shown.contains(&form), "{scheme}, {kind}: {form} in {shown}");
                    }
                    // Nor a considerable part of one, but for what is no secret in the header.
                    let parts = secret.as_bytes().windows(20).map(|part| std::str::from_utf8(part).unwrap());
                    let mut parts =
                        parts.filter(|_| !secret.contains("SHA256") && !secret.starts_with("LOG "));
                    assert_eq!(parts.find(|part| shown.contains(part)), None, "{scheme}, {kind}: {shown}");
                }
                assert!(
                    !shown.chars().any(|c| c.is_control() && c != '\n' && c != '\u{1b}'),
                    "{scheme}, {kind}: {shown:?}"
                );
                assert!(said.len() < 40_000, "{scheme}, {kind}: {} bytes", said.len());
                told += 1;
            }
        }
    }
    assert_eq!(told, 4 * KINDS.len() * 3);
}

/// All that an error tells.
fn told_by<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
    let error = result.unwrap_err();
    let more = error.service_error().map(|refusal| format!("{refusal:?} {:?}", refusal.advice()));
    format!("{error} {error:?} {} {}", error.code().unwrap_or_default(), more.unwrap_or_default())
}

fn json_escaped(text: &str) -> String {
    serde_json::Value::from(text).to_string().trim_matches('"').replace('/', "\\/")
}

#[tokio::test]
async fn what_an_answer_says_is_bounded_and_in_one_line() {
    let long = "x".repeat(50_000);
    let body = serde_json::json!({ "Code": format!("Bad\u{1b}[31m\nCode{long}"), "Message": format!("line\r\nline {long}") });
    let server = Server::start(vec![Step::Reply(std::sync::Arc::new(move |_| {
        hyper::Response::builder().status(400).body(http_body_util::Full::from(body.to_string())).unwrap()
    }))])
    .await;
    let error =
        server.client().actiontrail("cn-hangzhou").get_trail_status("audit-trail", false).await.unwrap_err();
    let refusal = error.service_error().unwrap();
    assert!(
        refusal.code.starts_with("Bad[31m Codexx") && refusal.code.chars().count() <= 257,
        "{}",
        refusal.code
    );
    assert!(refusal.message.starts_with("line  line xx") && refusal.message.chars().count() <= 4097);
}
