//! What a service of the mock sees of a request and gives back: plain data, so that every service is a
//! function from a world and a [`Call`] to a [`Reply`] that a unit test can call without a socket.

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use time::OffsetDateTime;

/// A request whose signature has been checked, as a service sees it.
#[derive(Debug, Clone)]
pub struct Call {
    /// HTTP method.
    pub method: Method,
    /// The `Host` the client addressed, without port.
    pub host: String,
    /// The path, percent-decoded once.
    pub path: String,
    /// Query parameters in order, decoded; a parameter without `=` has no value (`?acl`).
    pub query: Vec<(String, Option<String>)>,
    /// All request headers.
    pub headers: HeaderMap,
    /// The body, already decompressed where the service asks for that.
    pub body: Bytes,
    /// The region the request is for: from the host, else the signing scope, else the default region.
    pub region: String,
    /// Who signed.
    pub caller: Caller,
    /// The id that the answer carries, upper-case UUID form for RPC and SLS, hexadecimal for OSS.
    pub request_id: String,
    /// The service clock: moved by the admin API, unlike the wall clock that signatures are checked against.
    pub now: OffsetDateTime,
}

impl Call {
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
}
