//! What a service of the mock sees of a request and gives back: plain data, so that every service is a
//! function from a world and a [`Call`] to a [`Reply`] that a unit test can call without a socket.

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use time::OffsetDateTime;

/// A request whose signature has been checked, as a service sees it.
#[derive(Debug, Clone)]
pub struct Call {
    /// HTTP method.
    pub method: Method,
    /// The `Host` the client addressed, without port.
    pub host: String,
    /// The path, percent-decoded once. For OSS and SLS the path *below* the container, so `/` or `/<key>`
    /// whether the client used virtual hosts or path style.
    pub path: String,
    /// The OSS bucket or the SLS project that the host (or, path style, the first path segment) names.
    pub container: Option<String>,
    /// Query parameters in order, decoded; a parameter without `=` has no value (`?acl`).
    /// For RPC services the parameters of a form body follow those of the query.
    pub query: Vec<(String, Option<String>)>,
    /// All request headers.
    pub headers: HeaderMap,
    /// The body, already decompressed where the service asks for that.
    pub body: Bytes,
    /// The API action: named by the client for RPC services, found by `oss::action` and `sls::action` otherwise.
    pub action: String,
    /// The region the request is for: from the host, else the signing scope, else the default region.
    pub region: String,
    /// Who signed.
    pub caller: Caller,
    /// Whether the bucket or project itself lets in this caller, who is not of its account.
    pub let_in: bool,
    /// The id that the answer carries, upper-case UUID form for RPC, 24 hexadecimal digits for OSS and SLS.
    pub request_id: String,
    /// The service clock: moved by the admin API, unlike the wall clock that signatures are checked against.
    pub now: OffsetDateTime,
}

impl Call {
    /// A call as the given account's root user would make it in `cn-hangzhou`, for unit tests of services:
    /// fill in what the test is about. `target` is a path with an optional query, already decoded.
    #[cfg(test)]
    pub(crate) fn test(account: &str, method: Method, target: &str) -> Self {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let query = query.split('&').filter(|pair| !pair.is_empty()).map(|pair| match pair.split_once('=') {
            Some((key, value)) => (key.to_owned(), Some(value.to_owned())),
            None => (pair.to_owned(), None),
        });
        Self {
            method,
            host: "test.cn-hangzhou.aliyuncs.com".to_owned(),
            path: path.to_owned(),
            container: None,
            query: query.collect(),
            headers: HeaderMap::new(),
            body: Bytes::new(),
            action: String::new(),
            region: "cn-hangzhou".to_owned(),
            caller: Caller {
                account: account.to_owned(),
                access_key: "test".to_owned(),
                arn: format!("acs:ram::{account}:root"),
            },
            let_in: false,
            request_id: "0123456789ABCDEF01234567".to_owned(),
            now: time::macros::datetime!(2026-01-15 08:30:00 UTC),
        }
    }

    /// The value of a query parameter; `None` when absent, `Some("")` when present without a value.
    pub fn param(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_deref().unwrap_or(""))
    }

    /// The value of a header, when it is there and is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

/// The identity behind a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// Account id, 16 digits.
    pub account: String,
    /// The access key id that signed.
    pub access_key: String,
    /// ARN as GetCallerIdentity spells it.
    pub arn: String,
}

/// An answer, before transport headers are added.
#[derive(Debug, Clone)]
pub struct Reply {
    /// HTTP status.
    pub status: StatusCode,
    /// Headers beyond those the listener adds itself (`Date`, `Content-Length`, request id).
    pub headers: HeaderMap,
    /// Body.
    pub body: Bytes,
    /// The service's error code when this is an error, for the request log.
    pub error: Option<String>,
}

impl Reply {
    /// An answer without body.
    pub fn empty(status: StatusCode) -> Self {
        Self { status, headers: HeaderMap::new(), body: Bytes::new(), error: None }
    }

    /// An answer with a body of the given content type.
    pub fn new(status: StatusCode, content_type: &'static str, body: impl Into<Bytes>) -> Self {
        let mut reply = Self { body: body.into(), ..Self::empty(status) };
        reply.headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        reply
    }

    /// A JSON answer.
    pub fn json(status: StatusCode, body: &serde_json::Value) -> Self {
        Self::new(status, "application/json", body.to_string())
    }

    /// An XML answer; the text carries its own declaration.
    pub fn xml(status: StatusCode, body: impl Into<Bytes>) -> Self {
        Self::new(status, "application/xml", body)
    }

    /// The same answer, marked as the error `code`.
    pub fn with_error(mut self, code: &str) -> Self {
        self.error = Some(code.to_owned());
        self
    }

    /// The same answer with one more header; a value that is no header text is left out.
    pub fn with_header(mut self, name: &'static str, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(HeaderName::from_static(name), value);
        }
        self
    }
}
