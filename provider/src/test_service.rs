//! A service on loopback for tests, which answers every action as it is told.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use plugin::Context;
use reconciler::Scope;
use tokio_util::sync::CancellationToken;

use crate::config::{Cloud, ProviderConfig};

/// What becomes of a request.
pub(crate) enum Reply {
    /// Status and body.
    Answer(u16, String),
    /// It arrived, and the connection breaks before there is an answer.
    Lost,
}

/// A good answer.
pub(crate) fn good(body: impl Into<String>) -> Reply {
    Reply::Answer(200, body.into())
}

/// A service, a context that works with it, and what it was asked: actions with their query strings.
pub(crate) struct Service {
    pub(crate) context: Arc<Context<Cloud>>,
    pub(crate) scope: Scope,
    asked: Arc<Mutex<Vec<(String, String)>>>,
}

impl Service {
    /// Starts a service that gives `reply` to each action and query string.
    pub(crate) async fn start(mut reply: impl FnMut(&str, &str) -> Reply + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&asked);
        // Ends with the process; nothing connects to it after the test.
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let Some((action, query)) = request(&stream) else { continue };
                seen.lock().unwrap().push((action.clone(), query.clone()));
                if let Reply::Answer(status, body) = reply(&action, &query) {
                    let length = body.len();
                    let head = format!(
                        "HTTP/1.1 {status} X\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
                    );
                    let _ = (&stream).write_all(format!("{head}{body}").as_bytes());
                }
            }
        });
        let config = ProviderConfig {
            access_key: "id".into(),
            secret_key: "secret".into(),
            region: "cn-hangzhou".into(),
            endpoint_url: url.into(),
            max_retries: 0.into(),
            ..ProviderConfig::default()
        };
        let cloud = config.connect("1.11.4").await.unwrap();
        let scope = Scope {
            client: cloud.client.clone(),
            account: "1234567890123456".to_owned(),
            region: "cn-hangzhou".to_owned(),
        };
        let context = Context::new(Ok(cloud), CancellationToken::new(), Duration::from_secs(60));
        Self { context, scope, asked }
    }

    /// The query strings of the calls of an action.
    pub(crate) fn asked(&self, action: &str) -> Vec<String> {
        let asked = self.asked.lock().unwrap();
        asked.iter().filter(|(name, _)| name == action).map(|(_, query)| query.clone()).collect()
    }
}

/// Action and query string of a request of the RPC style, which has no body.
fn request(mut stream: &TcpStream) -> Option<(String, String)> {
    let mut request = Vec::new();
    let mut piece = [0; 1024];
    while !request.ends_with(b"\r\n\r\n") {
        let read = stream.read(&mut piece).ok().filter(|read| *read > 0)?;
        request.extend_from_slice(&piece[..read]);
    }
    let text = String::from_utf8(request).ok()?;
    let query = text.split(' ').nth(1)?.split_once('?').map_or("", |(_, query)| query).to_owned();
    let action = text.lines().find_map(|line| line.strip_prefix("x-acs-action: "))?;
    Some((action.to_owned(), query))
}
