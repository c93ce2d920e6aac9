//! Plain HTTP requests to what gives credentials and is no API of the cloud.

use std::time::Duration;

use bytes::Bytes;
use http::Method;
use url::Url;

use crate::Secret;
use crate::config::Config;
use crate::core::transport::http::{HttpClients, body, describe};
use crate::endpoint::Target;

/// How long an answer may be, in bytes: far more than any that holds one set of credentials.
const LONGEST: usize = 64 * 1024;

/// Sends requests within short times.
#[derive(Debug)]
pub(super) struct Fetcher {
    http: HttpClients,
}

/// Why there is no good answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    /// No connection, or one that broke.
    Unreachable(String),
    /// An answer of this status.
    Status(u16),
    /// The answer is too long.
    TooLong,
}

impl Fault {
    /// What went wrong, with nothing of the answer.
    pub(super) fn text(&self, address: &str) -> String {
        match self {
            Self::Unreachable(detail) => format!("cannot reach {address}: {detail}"),
            Self::Status(status) => format!("{address} answered with HTTP status {status}"),
            Self::TooLong => format!("{address} gave an answer of more than {} KiB", LONGEST / 1024),
        }
    }
}

/// A request.
pub(super) struct Ask<'a> {
    pub(super) method: Method,
    pub(super) url: Url,
    /// No proxy may be used: the address is on this machine, or beside it.
    pub(super) direct: bool,
    pub(super) header: Option<(&'static str, &'a Secret)>,
    pub(super) json: Option<String>,
}

impl Fetcher {
    /// With the certificates of the settings, and these times for making a connection and for an answer to stay silent.
    pub(super) fn new(config: &Config, connect: Duration, silent: Duration) -> Self {
        let config = Config {
            connect_timeout: connect.min(config.connect_timeout),
            read_timeout: silent.min(config.read_timeout),
            ..config.clone()
        };
        Self { http: HttpClients::new(&config) }
    }

    /// Sends a request once.
    pub(super) async fn ask(&self, ask: Ask<'_>) -> Result<Bytes, Fault> {
        let origin = ask.url.origin().ascii_serialization();
        let target = Target { origin, host: String::new(), loopback: ask.direct };
        let client = self.http.client(&target).map_err(|error| Fault::Unreachable(error.to_string()))?;
        let mut request = client.request(ask.method, ask.url);
        if let Some((name, value)) = ask.header {
            let mut value = http::HeaderValue::try_from(value.expose())
                .map_err(|_| Fault::Unreachable("a header has a value that HTTP cannot carry".to_owned()))?;
            value.set_sensitive(true);
            request = request.header(name, value);
        }
        if let Some(json) = ask.json {
            request = request.header("content-type", "application/json").body(json);
        }
        let unreachable = |error: reqwest::Error| Fault::Unreachable(describe(&error));
        let mut answer = request.send().await.map_err(unreachable)?;
        let status = answer.status().as_u16();
        if status != 200 {
            return Err(Fault::Status(status));
        }
        body(&mut answer, LONGEST).await.map_err(unreachable)?.ok_or(Fault::TooLong)
    }
}

/// An address for messages: without a query, which may hold what nobody should read.
pub(super) fn shown(url: &Url) -> String {
    format!("{}{}", url.origin().ascii_serialization(), url.path())
}
