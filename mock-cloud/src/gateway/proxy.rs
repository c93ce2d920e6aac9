//! The mock as a proxy: it answers for hosts of the cloud as if it were them, and leads nowhere else.
//!
//! `CONNECT` opens a tunnel that ends in the mock itself. Nothing is ever forwarded: a request for another host is refused
//! with a sentence, which stands in the status line too, because that is all that most clients show of the answer to
//! `CONNECT`.

use bytes::Bytes;
use http::{Response, StatusCode, Uri};
use http_body_util::Full;
use hyper::ext::ReasonPhrase;

use super::local::is_served;
use super::request::without_port;
use crate::http::Reply;

/// Why a tunnel is not opened.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(super) enum Refusal {
    #[error(
        "CONNECT is not supported without TLS: use plain http through this proxy, or start the mock with --tls"
    )]
    NoTls,
    #[error("CONNECT names no host with a port, such as sts.aliyuncs.com:443")]
    NoTarget,
    #[error("there are too many tunnels within each other")]
    Depth,
    #[error("{}", foreign(.0))]
    Foreign(String),
}

/// What is said to a request for a host that is none of the cloud's.
pub(super) fn foreign(host: &str) -> String {
    format!(
        "the mock of the cloud forwards nothing and answers for *.aliyuncs.com only, not for {host}: what needs other \
         hosts, such as terraform init, has to run outside of the mock's environment"
    )
}

/// Whether a tunnel to this target may be opened.
pub(super) fn admit(target: &Uri) -> Result<(), Refusal> {
    let authority = target.authority().filter(|authority| authority.port_u16().is_some());
    let host = without_port(authority.ok_or(Refusal::NoTarget)?.as_str());
    if is_served(&host) { Ok(()) } else { Err(Refusal::Foreign(host)) }
}

impl Refusal {
    /// The answer, which leaves the connection as it is.
    pub(super) fn response(&self) -> Response<Full<Bytes>> {
        let (status, code) = match self {
            Self::NoTls => (StatusCode::METHOD_NOT_ALLOWED, "MalformedRequest"),
            Self::NoTarget | Self::Depth => (StatusCode::BAD_REQUEST, "MalformedRequest"),
            Self::Foreign(_) => (StatusCode::FORBIDDEN, "ForeignHost"),
        };
        let sentence = self.to_string();
        let body = serde_json::json!({ "Code": code, "Message": sentence });
        let mut response = super::listener::response(Reply::json(status, &body));
        if let Ok(reason) = ReasonPhrase::try_from(sentence) {
            response.extensions_mut().insert(reason);
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tunnels_lead_to_what_is_served() {
        let uri = |target: &str| Uri::builder().authority(target).build().unwrap();
        for target in
            ["STS.aliyuncs.com:443", "b.oss-cn-hangzhou.aliyuncs.com:443", "localhost:8089", "[::1]:443"]
        {
            assert_eq!(admit(&uri(target)), Ok(()), "{target}");
        }
        for target in ["registry.terraform.io:443", "aliyuncs.com.evil.example:443", "10.0.0.1:443", "x@y:1"]
        {
            let refused = admit(&uri(target)).unwrap_err();
            assert!(matches!(&refused, Refusal::Foreign(_)), "{target}: {refused}");
            assert!(refused.to_string().contains("terraform init"), "{refused}");
        }
        assert_eq!(admit(&uri("sts.aliyuncs.com")), Err(Refusal::NoTarget));
        assert_eq!(admit(&Uri::from_static("/")), Err(Refusal::NoTarget));
    }
}
