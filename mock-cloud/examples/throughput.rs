//! Measures how many signed requests a second the mock answers over 64 connections on two threads, with how much memory:
//! with one account that has a logging trail, then with 500 such accounts, then with one again and over TLS, and prints the
//! ratios.
//!
//! `cargo run --release -p alitrail-mock-cloud --example throughput [SECONDS]`: each of the three runs for 10 seconds by
//! default, 60 at most. It fails when a request fails, fewer than 2,000 a second are answered, 500 accounts take away more
//! than a fifth, or TLS takes away more than half. Client and mock share the two threads, so that TLS is paid for twice.

use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};

use hmac::{Hmac, KeyInit, Mac};
use mock_cloud::cloud::CloudState;
use mock_cloud::{Authority, MockCloud, Options, first_state};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use serde_json::json;
use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

type Failure = Box<dyn Error + Send + Sync>;

const CONNECTIONS: u64 = 64;
const WANTED: f64 = 2_000.0;
const ACCOUNTS: u32 = 500;
const HOST: &str = "actiontrail.cn-hangzhou.aliyuncs.com";

fn main() -> Result<(), Failure> {
    let seconds: u64 = std::env::args().nth(1).map_or(Ok(10), |text| text.parse())?;
    let time = Duration::from_secs(seconds.clamp(1, 60));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let one = measure(time, 1, false).await?;
        let many = measure(time, ACCOUNTS, false).await?;
        let encrypted = measure(time, 1, true).await?;
        println!("{ACCOUNTS} accounts with a logging trail: {:.2} of the rate with one", many / one);
        println!(
            "over TLS: {encrypted:.0} requests a second, {:.2} of the {one:.0} over plain HTTP",
            encrypted / one
        );
        if one.min(many) < WANTED || many < 0.8 * one {
            return Err(format!("only {many:.0} requests a second").into());
        }
        if encrypted < WANTED || encrypted < 0.5 * one {
            return Err(format!("only {encrypted:.0} requests a second over TLS").into());
        }
        Ok(())
    })
}

/// So many accounts, each with a trail that delivers to a bucket of its own.
fn state(accounts: u32) -> Result<CloudState, Failure> {
    let mut state = serde_json::to_value(first_state(accounts - 1))?;
    let now = OffsetDateTime::now_utc();
    let since = (now - Duration::from_secs(60)).replace_nanosecond(0)?.format(&Rfc3339)?;
    let ids: Vec<String> =
        state["accounts"].as_object().into_iter().flatten().map(|(id, _)| id.clone()).collect();
    for id in ids {
        let bucket = format!("archive-{id}");
        state["accounts"][&id]["ram"]["roles"]["AliyunServiceRoleForActionTrail"] = json!({
            "role_id": "300000000000000001",
            "assume_role_policy_document": json!({ "Version": "1", "Statement": [{
                "Action": "sts:AssumeRole", "Effect": "Allow",
                "Principal": { "Service": ["actiontrail.aliyuncs.com"] },
            }] }).to_string(),
            "description": "", "max_session_duration": 3600, "create_date": since, "service_linked": true,
            "policies": ["AliyunServiceRolePolicyForActionTrail"],
        });
        state["accounts"][&id]["regions"]["cn-hangzhou"] = json!({ "actiontrail": { "trails": { "audit": {
            "Status": "Enable", "EventRW": "All", "TrailRegion": "All", "OssBucketName": bucket,
            "CreateTime": since, "UpdateTime": since, "StartLoggingTime": since,
        } } } });
        state["oss"]["buckets"][&bucket] = json!({
            "Owner": id, "Location": "oss-cn-hangzhou", "CreationDate": "2026-01-01T00:00:00.000Z",
            "StorageClass": "Standard", "DataRedundancyType": "ZRS", "ACL": "private",
            "BlockPublicAccess": true, "ResourceGroupId": "rg-mock",
        });
    }
    Ok(serde_json::from_value(state)?)
}

/// What a client needs to speak TLS with a mock of this authority.
fn connector(authority: &Authority) -> Result<TlsConnector, Failure> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(authority.certificate_pem().as_bytes())?)?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

async fn measure(time: Duration, accounts: u32, encrypt: bool) -> Result<f64, Failure> {
    let authority = encrypt.then(Authority::generate).transpose()?;
    let tls = authority.as_ref().map(connector).transpose()?;
    let options = Options { state: Some(state(accounts)?), tls: authority, ..Options::default() };
    let mock = MockCloud::start(options).await?;
    let address = mock.endpoint_url().trim_start_matches("http://").to_owned();
    let before = resident_kilobytes();
    let start = Instant::now();
    let clients: Vec<_> = (0..CONNECTIONS)
        .map(|number| {
            let (id, secret) = (mock.access_key().to_owned(), mock.secret_key().to_owned());
            tokio::spawn(client(address.clone(), tls.clone(), id, secret, number, start + time))
        })
        .collect();
    let mut answered = 0;
    for client in clients {
        answered += client.await??;
    }
    let rate = f64::from(answered) / start.elapsed().as_secs_f64();
    let how = if encrypt { "over TLS" } else { "over plain HTTP" };
    println!(
        "{accounts} accounts, {how}: {answered} signed requests over {CONNECTIONS} connections, none failed"
    );
    println!("{rate:.0} requests a second (wanted: {WANTED:.0})");
    if let (Some(before), Some(after)) = (before, resident_kilobytes()) {
        println!("memory: {} MB before, {} MB after", before / 1024, after / 1024);
    }
    mock.shutdown().await;
    Ok(rate)
}

/// A connection, encrypted or not.
trait Connection: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Connection for T {}

/// Sends one request after the other over one connection and counts the answers.
async fn client(
    address: String,
    tls: Option<TlsConnector>,
    id: String,
    secret: String,
    number: u64,
    end: Instant,
) -> Result<u32, Failure> {
    let stream = TcpStream::connect(&address).await?;
    stream.set_nodelay(true)?;
    let mut stream: Box<dyn Connection> = match tls {
        Some(tls) => Box::new(tls.connect(ServerName::try_from(HOST)?, stream).await?),
        None => Box::new(stream),
    };
    let mut buffer = Vec::with_capacity(16 * 1024);
    let mut count = 0;
    while Instant::now() < end {
        let request = signed(&id, &secret, &format!("bench-{number}-{count}"))?;
        stream.write_all(request.as_bytes()).await?;
        stream.flush().await?;
        let status = answer(&mut stream, &mut buffer).await?;
        if status != 200 {
            return Err(format!("HTTP {status}: {}", String::from_utf8_lossy(&buffer)).into());
        }
        count += 1;
    }
    Ok(count)
}

/// A DescribeTrails call with an ACS3 signature.
fn signed(id: &str, secret: &str, nonce: &str) -> Result<String, Failure> {
    let format = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");
    let date = OffsetDateTime::now_utc().format(format)?;
    let hash = hex(&Sha256::digest(b""));
    let headers = format!(
        "host:{HOST}\nx-acs-action:DescribeTrails\nx-acs-content-sha256:{hash}\nx-acs-date:{date}\n\
         x-acs-signature-nonce:{nonce}\nx-acs-version:2020-07-06\n"
    );
    let names = "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version";
    let canonical = format!("POST\n/\n\n{headers}\n{names}\n{hash}");
    let text = format!("ACS3-HMAC-SHA256\n{}", hex(&Sha256::digest(canonical.as_bytes())));
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes())?.chain_update(text);
    let signature = hex(&mac.finalize().into_bytes());
    let lines = headers.trim_end().replace('\n', "\r\n");
    Ok(format!(
        "POST / HTTP/1.1\r\n{lines}\r\ncontent-length:0\r\nauthorization:ACS3-HMAC-SHA256 \
         Credential={id},SignedHeaders={names},Signature={signature}\r\n\r\n"
    ))
}

/// Reads one whole answer into the buffer and gives its status.
async fn answer(stream: &mut Box<dyn Connection>, buffer: &mut Vec<u8>) -> Result<u16, Failure> {
    buffer.clear();
    loop {
        if stream.read_buf(buffer).await? == 0 {
            return Err("the connection was closed".into());
        }
        let Some(head) = buffer.windows(4).position(|bytes| bytes == b"\r\n\r\n") else { continue };
        let text = std::str::from_utf8(&buffer[..head])?.to_ascii_lowercase();
        let length = text.lines().find_map(|line| line.strip_prefix("content-length:"));
        let length: usize = length.ok_or("the answer has no length")?.trim().parse()?;
        if buffer.len() >= head + 4 + length {
            return Ok(text.split(' ').nth(1).ok_or("the answer has no status")?.parse()?);
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Memory of this process, where the system tells it.
fn resident_kilobytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}
