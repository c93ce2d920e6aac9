//! A request as it came off the wire, taken apart but not yet understood.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HOST};
use http::request::Parts;
use http::{HeaderMap, Method};
use percent_encoding::percent_decode_str;

/// Parameters in order; a parameter without `=` has no value.
pub(crate) type Pairs = Vec<(String, Option<String>)>;

/// A request with its head taken apart.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: Method,
    /// The host addressed, lower case and without port.
    pub(crate) host: String,
    /// Whether the request line names the host, as requests to a proxy do.
    pub(crate) proxied: bool,
    /// The path in its escaped form.
    pub(crate) raw_path: String,
    /// The path, percent-decoded once.
    pub(crate) path: String,
    /// The query, decoded.
    pub(crate) query: Pairs,
    /// The parameters of a form body.
    pub(crate) form: Pairs,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// A request that no service could make sense of.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(crate) enum Malformed {
    #[error("the request names no host")]
    NoHost,
    #[error("the {0} is not UTF-8 after percent-decoding")]
    NotText(&'static str),
}

impl Request {
    /// Takes a request apart. Proxy requests name their host in the request line, others in `Host`.
    pub(crate) fn new(head: Parts, body: Bytes) -> Result<Self, Malformed> {
        let header = head.headers.get(HOST).and_then(|host| host.to_str().ok());
        let authority = head.uri.authority().map(|authority| authority.as_str()).or(header);
        let host = without_port(authority.filter(|host| !host.is_empty()).ok_or(Malformed::NoHost)?);
        let raw_path = if head.uri.path().is_empty() { "/" } else { head.uri.path() };
        let path = percent_decode_str(raw_path).decode_utf8().map_err(|_| Malformed::NotText("path"))?;
        let query = pairs(head.uri.query().unwrap_or(""), "query")?;
        let form = if is_form(&head.headers) {
            let text = std::str::from_utf8(&body).map_err(|_| Malformed::NotText("form body"))?;
            pairs(text, "form body")?
        } else {
            Pairs::new()
        };
        Ok(Self {
            method: head.method,
            host,
            proxied: head.uri.authority().is_some(),
            path: path.into_owned(),
            raw_path: raw_path.to_owned(),
            query,
            form,
            headers: head.headers,
            body,
        })
    }

    /// The text of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The value of a parameter in the query or the form body, `""` when it has none.
    pub(crate) fn param(&self, name: &str) -> Option<&str> {
        let found = self.query.iter().chain(&self.form).find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_deref().unwrap_or(""))
    }
}

/// The host of an authority: lower case, without user information, port and brackets.
pub(super) fn without_port(authority: &str) -> String {
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, _)) => address,
        None => host.split_once(':').map_or(host, |(name, _)| name),
    };
    host.to_ascii_lowercase()
}

fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("");
    kind.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded")
}

fn pairs(text: &str, place: &'static str) -> Result<Pairs, Malformed> {
    let decode = |part: &str| {
        // Several SDKs write a blank as `+`; a plus sign itself always travels escaped.
        let spaced = part.replace('+', " ");
        percent_decode_str(&spaced)
            .decode_utf8()
            .map(|text| text.into_owned())
            .map_err(|_| Malformed::NotText(place))
    };
    let parts = text.split('&').filter(|part| !part.is_empty());
    parts
        .map(|part| match part.split_once('=') {
            Some((key, value)) => Ok((decode(key)?, Some(decode(value)?))),
            None => Ok((decode(part)?, None)),
        })
        .collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A request as a test writes it: `METHOD target`, headers, body. The target may be absolute.
    pub(crate) fn request(line: &str, headers: &[(&str, &str)], body: &str) -> Request {
        let (method, target) = line.split_once(' ').unwrap();
        let mut builder = http::Request::builder().method(method).uri(target);
        for (name, value) in headers {
            builder = builder.header(*name, *value);
        }
        let (head, ()) = builder.body(()).unwrap().into_parts();
        Request::new(head, Bytes::copy_from_slice(body.as_bytes())).unwrap()
    }

    #[test]
    fn takes_apart_origin_and_absolute_form() {
        let plain =
            request("GET /a%20b?acl&x=1+2%2B3&e=", &[("host", "Bucket.OSS-cn-hangzhou.aliyuncs.com:80")], "");
        assert_eq!(plain.host, "bucket.oss-cn-hangzhou.aliyuncs.com");
        assert_eq!((plain.path.as_str(), plain.raw_path.as_str()), ("/a b", "/a%20b"));
        assert_eq!(plain.param("acl"), Some(""));
        assert_eq!(plain.param("x"), Some("1 2+3"));
        assert_eq!(plain.query[0].1, None);
        assert_eq!(plain.query[2].1.as_deref(), Some(""));
        let proxied = request("GET http://sts.aliyuncs.com/", &[("host", "127.0.0.1:9")], "");
        assert_eq!((proxied.host.as_str(), proxied.path.as_str()), ("sts.aliyuncs.com", "/"));
        assert_eq!(without_port("[::1]:80"), "::1");
    }

    #[test]
    fn reads_forms_and_refuses_what_is_no_text() {
        let form = request(
            "POST /?Action=X",
            &[("host", "h"), ("content-type", "application/x-www-form-urlencoded; charset=utf-8")],
            "Name=a%2Fb&Empty=",
        );
        assert_eq!(
            (form.param("Name"), form.param("Empty"), form.param("Action")),
            (Some("a/b"), Some(""), Some("X"))
        );
        let (head, ()) =
            http::Request::builder().uri("/%ff").header("host", "h").body(()).unwrap().into_parts();
        assert_eq!(Request::new(head, Bytes::new()).unwrap_err(), Malformed::NotText("path"));
        let (head, ()) = http::Request::builder().uri("/").body(()).unwrap().into_parts();
        assert_eq!(Request::new(head, Bytes::new()).unwrap_err(), Malformed::NoHost);
    }
}
