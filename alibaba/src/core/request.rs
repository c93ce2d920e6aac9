//! A request before it is signed, and the answer to it before it is read.

use bytes::Bytes;
use http::Method;

use crate::endpoint::Service;
use crate::region::Region;
use crate::sign::Pairs;

/// What a call changes, which decides when it may be sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Idempotency {
    /// Only reads.
    Read,
    /// Changes something, and doing it twice is doing it once.
    Repeatable,
    /// Must not be sent twice.
    Once,
}

/// How a request is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    /// RPC style, with the version of the API.
    Acs3 {
        /// API version.
        version: &'static str,
    },
    /// RPC style and not signed: the secret of the credentials is a token that goes along in the body.
    IdentityToken {
        /// API version.
        version: &'static str,
    },
    /// OSS, version 4.
    OssV4,
    /// SLS, version 1 or 4 as configured.
    Sls,
}

/// A request before it is signed.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) service: Service,
    pub(crate) action: &'static str,
    pub(crate) scheme: Scheme,
    pub(crate) idempotency: Idempotency,
    /// Published limit of the API, in requests per second.
    pub(crate) per_second: Option<u32>,
    /// The region whose endpoint is called; `None` for the one of all regions.
    pub(crate) region: Option<Region>,
    /// The bucket or project that becomes part of the host.
    pub(crate) label: Option<String>,
    pub(crate) method: Method,
    /// The path, decoded.
    pub(crate) path: String,
    pub(crate) query: Pairs,
    pub(crate) headers: Pairs,
    pub(crate) body: Bytes,
}

/// A good answer.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) service: Service,
    pub(crate) action: &'static str,
    pub(crate) idempotency: Idempotency,
    pub(crate) body: Bytes,
    pub(crate) request_id: Option<String>,
}
