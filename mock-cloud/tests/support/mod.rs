//! A mock in this process, and requests to it that are written and signed by hand: no client of the project takes part.
#![allow(dead_code, reason = "each file of tests needs a part of it")]

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use mock_cloud::{Handle, MockCloud, Options};
use serde_json::Value;
use sha1::Sha1;
use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;
use time::macros::format_description;

/// A mock and the runtime it lives on.
pub(crate) struct Cloud {
    /// What it runs on.
    pub(crate) runtime: tokio::runtime::Runtime,
    handle: Option<Handle>,
}

impl Cloud {
    /// Starts one.
    pub(crate) fn start(options: Options) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let handle = Some(runtime.block_on(MockCloud::start(options)).unwrap());
        Self { runtime, handle }
    }

    /// Its handle.
    pub(crate) fn handle(&self) -> &Handle {
        self.handle.as_ref().unwrap()
    }

    /// Host and port of the services.
    pub(crate) fn address(&self) -> String {
        self.handle().endpoint_url().trim_start_matches("http://").to_owned()
    }

    /// A request to the admin interface.
    pub(crate) fn admin(&self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let address = self.handle().admin_url().trim_start_matches("http://").to_owned();
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n\r\n{body}",
            body.len()
        );
        let answer = exchange(&address, &head).unwrap();
        (answer.status, serde_json::from_str(&answer.body).unwrap_or(Value::Null))
    }

    /// Signs and sends an RPC call to its real host name; the query is encoded and in order.
    pub(crate) fn rpc(&self, host: &str, action: &str, query: &str) -> Option<Answer> {
        exchange(&self.address(), &self.signed(host, action, query, &Signing::default()))
    }

    /// The text of such a call.
    pub(crate) fn signed(&self, host: &str, action: &str, query: &str, signing: &Signing<'_>) -> String {
        let version = match host.split('.').next() {
            Some("sts") => "2015-04-01",
            Some("ram") => "2015-05-01",
            _ => "2020-07-06",
        };
        let now = OffsetDateTime::now_utc() + signing.skew;
        let date = now.format(format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z")).unwrap();
        let date = if signing.fraction { date.replace('Z', ".123Z") } else { date };
        let nonce = signing.nonce.map_or_else(|| uuid::Uuid::new_v4().to_string(), str::to_owned);
        let hash = hex(&Sha256::digest(b""));
        let mut headers = vec![
            ("host", host.to_owned()),
            ("x-acs-action", action.to_owned()),
            ("x-acs-content-sha256", hash.clone()),
            ("x-acs-date", date),
            ("x-acs-signature-nonce", nonce),
            ("x-acs-version", version.to_owned()),
        ];
        if let Some(token) = signing.token {
            headers.insert(4, ("x-acs-security-token", token.to_owned()));
        }
        let block: String = headers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
        let names: Vec<&str> = headers.iter().map(|(name, _)| *name).collect();
        let names = names.join(";");
        let method = if action == "StopLogging" { "GET" } else { "POST" };
        let canonical = format!("{method}\n/\n{query}\n{block}\n{names}\n{hash}");
        let text = format!("ACS3-HMAC-SHA256\n{}", hex(&Sha256::digest(canonical.as_bytes())));
        let secret = signing.secret.unwrap_or(self.handle().secret_key());
        let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap().chain_update(text);
        let signature = hex(&mac.finalize().into_bytes());
        let id = signing.id.unwrap_or(self.handle().access_key());
        let lines: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let target = if signing.proxied { format!("http://{host}/?{query}") } else { format!("/?{query}") };
        format!(
            "{method} {target} HTTP/1.1\r\n{lines}content-length: 0\r\nauthorization: ACS3-HMAC-SHA256 \
             Credential={id},SignedHeaders={names},Signature={signature}\r\n\r\n"
        )
    }

    /// The same with parameters as they are, whoever signs.
    pub(crate) fn ask(
        &self,
        host: &str,
        action: &str,
        parameters: &[(&str, &str)],
        signing: &Signing<'_>,
    ) -> Option<Answer> {
        let mut pairs: Vec<String> =
            parameters.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
        pairs.sort();
        exchange(&self.address(), &self.signed(host, action, &pairs.join("&"), signing))
    }

    /// An OSS call in Hangzhou with a V1 signature, or with none; the target is `/`, a key or a signed sub-resource.
    pub(crate) fn oss(
        &self,
        method: &str,
        bucket: &str,
        target: &str,
        body: &str,
        signing: Option<&Signing<'_>>,
    ) -> Option<Answer> {
        let date = OffsetDateTime::now_utc().format(&Rfc2822).unwrap().replace("+0000", "GMT");
        let authorization = signing.map_or_else(String::new, |signing| {
            let signature = self.sha1(signing, &format!("{method}\n\n\n{date}\n/{bucket}{target}"));
            format!("authorization: OSS {}:{signature}\r\n", signing.id.unwrap_or(self.handle().access_key()))
        });
        let request = format!(
            "{method} {target} HTTP/1.1\r\nhost: {bucket}.oss-cn-hangzhou.aliyuncs.com\r\ndate: {date}\r\n\
             content-length: {}\r\nconnection: close\r\n{authorization}\r\n{body}",
            body.len(),
        );
        exchange(&self.address(), &request)
    }

    /// An SLS call in Hangzhou with a V1 signature.
    pub(crate) fn sls(&self, method: &str, project: &str, path: &str, body: &str) -> Option<Answer> {
        let host = if project.is_empty() { String::new() } else { format!("{project}.") };
        self.sls_at(&format!("{host}cn-hangzhou.log.aliyuncs.com"), method, path, body)
    }

    /// The same to any host.
    pub(crate) fn sls_at(&self, host: &str, method: &str, path: &str, body: &str) -> Option<Answer> {
        let date = OffsetDateTime::now_utc().format(&Rfc2822).unwrap().replace("+0000", "GMT");
        let (md5, kind) = match body {
            "" => (String::new(), ""),
            body => (hex(&md5::Md5::digest(body.as_bytes())).to_uppercase(), "application/json"),
        };
        let headers = format!(
            "x-log-apiversion:0.6.0\nx-log-bodyrawsize:{}\nx-log-signaturemethod:hmac-sha1",
            body.len()
        );
        let text = format!("{method}\n{md5}\n{kind}\n{date}\n{headers}\n{path}");
        let signature = self.sha1(&Signing::default(), &text);
        let content = match body {
            "" => String::new(),
            _ => format!("content-md5: {md5}\r\ncontent-type: {kind}\r\n"),
        };
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {host}\r\ndate: {date}\r\n{}\r\n\
             {content}content-length: {}\r\nconnection: close\r\nauthorization: LOG {}:{signature}\r\n\r\n{body}",
            headers.replace('\n', "\r\n"),
            body.len(),
            self.handle().access_key(),
        );
        exchange(&self.address(), &request)
    }

    /// An OSS call in path style to the address of the mock, with a V4 signature for a region.
    pub(crate) fn oss_v4(&self, region: &str, method: &str, path: &str) -> Option<Answer> {
        let date = OffsetDateTime::now_utc();
        let date = date.format(format_description!("[year][month][day]T[hour][minute][second]Z")).unwrap();
        let scope = format!("{}/{region}/oss/aliyun_v4_request", &date[..8]);
        let headers = format!("x-oss-content-sha256:UNSIGNED-PAYLOAD\nx-oss-date:{date}\n");
        let canonical = format!("{method}\n{path}\n\n{headers}\n\nUNSIGNED-PAYLOAD");
        let text = format!("OSS4-HMAC-SHA256\n{date}\n{scope}\n{}", hex(&Sha256::digest(canonical)));
        let first = format!("aliyun_v4{}", self.handle().secret_key()).into_bytes();
        let sign = |key: Vec<u8>, part: &str| {
            let mac = Hmac::<Sha256>::new_from_slice(&key).unwrap().chain_update(part);
            mac.finalize().into_bytes().to_vec()
        };
        let signature = hex(&sign(scope.split('/').fold(first, sign), &text));
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\n{}\r\ncontent-length: 0\r\nconnection: close\r\n\
             authorization: OSS4-HMAC-SHA256 Credential={}/{scope},Signature={signature}\r\n\r\n",
            self.address(),
            headers.trim_end().replace('\n', "\r\n"),
            self.handle().access_key(),
        );
        exchange(&self.address(), &request)
    }

    fn sha1(&self, signing: &Signing<'_>, text: &str) -> String {
        let secret = signing.secret.unwrap_or(self.handle().secret_key());
        let mac = Hmac::<Sha1>::new_from_slice(secret.as_bytes()).unwrap().chain_update(text);
        STANDARD.encode(mac.finalize().into_bytes())
    }

    /// Stops it and waits until it is down.
    pub(crate) fn stop(mut self) {
        let handle = self.handle.take().unwrap();
        self.runtime.block_on(handle.shutdown());
    }
}

/// How a call is signed, where it is not as usual.
#[derive(Default)]
pub(crate) struct Signing<'s> {
    /// Key id.
    pub(crate) id: Option<&'s str>,
    /// Its secret.
    pub(crate) secret: Option<&'s str>,
    /// Session token.
    pub(crate) token: Option<&'s str>,
    /// A nonce instead of a fresh one.
    pub(crate) nonce: Option<&'s str>,
    /// How far the date is off.
    pub(crate) skew: Duration,
    /// Whether the date has a fraction of a second.
    pub(crate) fraction: bool,
    /// Whether the target is absolute, as for a proxy.
    pub(crate) proxied: bool,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    /// HTTP status.
    pub(crate) status: u16,
    /// Status line and headers in lower case.
    pub(crate) head: String,
    /// Body.
    pub(crate) body: String,
}

impl Answer {
    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// The error code in a JSON body.
    pub(crate) fn code(&self) -> String {
        self.json()["Code"].as_str().unwrap_or("").to_owned()
    }
}

/// Percent-encodes a value.
fn encode(text: &str) -> String {
    const KEPT: &percent_encoding::AsciiSet =
        &percent_encoding::NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
    percent_encoding::utf8_percent_encode(text, KEPT).to_string()
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Sends one request on a connection of its own; nothing when the connection closes without an answer.
pub(crate) fn exchange(address: &str, request: &str) -> Option<Answer> {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    read_answer(&mut stream)
}

/// Reads one answer; nothing when the connection closes first.
pub(crate) fn read_answer(stream: &mut impl Read) -> Option<Answer> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| {
                    line.to_ascii_lowercase().strip_prefix("content-length: ").map(str::to_owned)
                })
                .map_or(0, |length| length.parse::<usize>().unwrap());
            if body.len() >= length {
                let status = head.split(' ').nth(1).unwrap().parse().unwrap();
                return Some(Answer { status, head: head.to_ascii_lowercase(), body: body.to_owned() });
            }
        }
        match stream.read(&mut chunk) {
            Ok(0) | Err(_) => return None,
            Ok(read) => bytes.extend_from_slice(&chunk[..read]),
        }
    }
}

/// What most calls are about.
pub(crate) const HOST: &str = "actiontrail.cn-hangzhou.aliyuncs.com";
/// What most calls are about.
pub(crate) const STS: &str = "sts.cn-hangzhou.aliyuncs.com";
/// What most calls are about.
pub(crate) const CREATE: &str = "Name=audit-trail&OssBucketName=audit-bucket";

/// A mock with a bucket that trails can deliver to.
pub(crate) fn cloud() -> Cloud {
    let cloud = Cloud::start(Options::default());
    let owner = cloud.handle().account_id();
    cloud.handle().with_cloud(|cloud| {
        let bucket = mock_cloud::oss::Bucket::new(&owner, "cn-hangzhou", OffsetDateTime::now_utc());
        cloud.oss.buckets.insert("audit-bucket".to_owned(), bucket);
    });
    cloud
}
