//! The proxy variables of the environment: honoured for other machines, never used for this one.
//!
//! The variables have to be set before a process starts, so the test runs itself once more as a child.

#![allow(clippy::unwrap_used, reason = "a test may panic, in its helpers too")]

use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::Command;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use alibaba::credentials::Credentials;
use alibaba::{Client, Config};

/// A server that answers every request with an identity and reports the request's head.
fn server() -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (heads, seen) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
            let mut head = Vec::new();
            let mut buffer = [0; 4096];
            while !head.windows(4).any(|end| end == b"\r\n\r\n") {
                match stream.read(&mut buffer) {
                    Ok(read) if read > 0 => head.extend_from_slice(&buffer[..read]),
                    _ => break,
                }
            }
            let body = r#"{"AccountId":"1234567890123456"}"#;
            let length = body.len();
            let _ = write!(
                stream,
                "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
            );
            let _ = heads.send(String::from_utf8_lossy(&head).into_owned());
        }
    });
    (address, seen)
}

/// The child: makes one call to the address it was given.
#[test]
#[ignore = "runs as a child of the tests below"]
fn call() {
    let Ok(url) = std::env::var("CALL_URL") else { return };
    let mut config = Config::new(Credentials::new("id", "secret"));
    config.endpoints.endpoint_url = Some(url);
    config.endpoints.allow_insecure_http = true;
    config.connect_timeout = Duration::from_secs(5);
    config.max_retries = 0;
    let client = Client::new(config).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    assert_eq!(runtime.block_on(client.account_id()).unwrap(), "1234567890123456");
}

fn call_with_proxy(url: &str, proxy: &str) {
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "call", "--ignored"])
        .env("CALL_URL", url)
        .env("HTTP_PROXY", format!("http://{proxy}"))
        .env("http_proxy", format!("http://{proxy}"))
        .env_remove("NO_PROXY")
        .env_remove("no_proxy")
        .output()
        .unwrap();
    assert!(child.status.success(), "{}", String::from_utf8_lossy(&child.stdout));
}

#[test]
fn another_machine_is_reached_through_the_proxy() {
    let (proxy, seen) = server();
    // An address kept for documentation: nothing answers there.
    call_with_proxy("http://192.0.2.1", &proxy);
    let head = seen.recv_timeout(Duration::from_secs(5)).unwrap();
    assert!(head.starts_with("POST http://192.0.2.1/ HTTP/1.1"), "{head}");
    assert!(head.to_lowercase().contains("host: sts.aliyuncs.com"), "{head}");
}

#[test]
fn this_machine_is_never_reached_through_a_proxy() {
    let (proxy, proxied) = server();
    let (target, seen) = server();
    call_with_proxy(&format!("http://{target}"), &proxy);
    let head = seen.recv_timeout(Duration::from_secs(5)).unwrap();
    assert!(head.starts_with("POST / HTTP/1.1"), "{head}");
    assert!(proxied.try_recv().is_err());
}
