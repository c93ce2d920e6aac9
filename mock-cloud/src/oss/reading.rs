//! Reading objects: which version a request means, conditions, ranges, and what the answer says about the object.

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, StatusCode};

use super::error::Error;
use super::objects::Version;
use super::request::{Answer, Request};
use super::state::State;
use super::{checksum, conditions, range};
use crate::http::Reply;

/// Parameters of GetObject that replace headers of the answer (OSS API reference, GetObject).
const OVERRIDES: [(&str, HeaderName); 6] = [
    ("response-content-type", http::header::CONTENT_TYPE),
    ("response-content-language", http::header::CONTENT_LANGUAGE),
    ("response-expires", http::header::EXPIRES),
    ("response-cache-control", http::header::CACHE_CONTROL),
    ("response-content-disposition", http::header::CONTENT_DISPOSITION),
    ("response-content-encoding", http::header::CONTENT_ENCODING),
];

/// The place of the version that is meant: the one named, else the newest.
pub(super) fn index(
    state: &State,
    bucket: &str,
    key: &str,
    version_id: Option<&str>,
) -> Result<usize, Error> {
    let versions =
        state.objects.get(bucket).and_then(|objects| objects.get(key)).map_or(&[][..], Vec::as_slice);
    let Some(id) = version_id else {
        return match versions.first() {
            Some(version) if !version.delete_marker => Ok(0),
            Some(version) => Err(no_such_key(key)
                .header("x-oss-delete-marker", "true")
                .header("x-oss-version-id", &version.version_id)),
            None => Err(no_such_key(key)),
        };
    };
    match versions.iter().position(|version| version.version_id == id) {
        Some(at) if versions.get(at).is_some_and(|version| version.delete_marker) => {
            Err(Error::method_not_allowed())
        }
        Some(at) => Ok(at),
        None => {
            Err(Error::new(StatusCode::NOT_FOUND, "NoSuchVersion", "The specified version does not exist.")
                .detail("VersionId", id))
        }
    }
}

/// The version that is meant.
pub(super) fn version<'a>(
    state: &'a State,
    bucket: &str,
    key: &str,
    version_id: Option<&str>,
) -> Result<&'a Version, Error> {
    let at = index(state, bucket, key, version_id)?;
    let versions = state.objects.get(bucket).and_then(|objects| objects.get(key));
    versions.and_then(|versions| versions.get(at)).ok_or_else(|| no_such_key(key))
}

/// GetObject, HeadObject and GetObjectMeta; a foreign account may read a public object (OSS API reference, GetObject).
pub(super) fn get(request: &mut Request<'_>) -> Answer {
    let call = request.call;
    let shows_versions = request.owned()?.versioning.is_some();
    let version = version(
        request.state,
        request.bucket,
        request.key,
        call.param("versionId").filter(|id| !id.is_empty()),
    )?;
    conditions::check(call, (&version.etag, version.last_modified), conditions::OWN)?;
    let whole = &version.body.0;
    let is_head = call.method == Method::HEAD;
    let standard = call.header("x-oss-range-behavior") == Some("standard");
    let part = match call.header("range").filter(|_| !is_head) {
        Some(header) => range::wanted(header, whole.len(), standard)?,
        None => None,
    };
    let mut reply = Reply::empty(if part.is_some() { StatusCode::PARTIAL_CONTENT } else { StatusCode::OK });
    reply = describe(reply.with_header("content-type", "application/octet-stream"), version);
    if let Some(part) = part {
        let shown = format!("bytes {}-{}/{}", part.start, part.end.saturating_sub(1), whole.len());
        reply = reply.with_header("content-range", &shown);
        reply.body = whole.slice(part);
    } else {
        reply.body = if is_head { Bytes::new() } else { whole.clone() };
    }
    if is_head {
        reply = reply.with_header("content-length", &whole.len().to_string());
    }
    for (parameter, name) in OVERRIDES.iter().filter(|_| !is_head) {
        if let Some(Ok(value)) = call.param(parameter).map(HeaderValue::from_str) {
            reply.headers.insert(name, value);
        }
    }
    if shows_versions {
        reply = reply.with_header("x-oss-version-id", &version.version_id);
    }
    Ok(reply)
}

/// What an answer says about an object besides its content.
fn describe(mut reply: Reply, version: &Version) -> Reply {
    for (name, value) in &version.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            reply.headers.insert(name, value);
        }
    }
    let body = &version.body.0;
    reply = reply
        .with_header("accept-ranges", "bytes")
        .with_header("etag", &format!("\"{}\"", version.etag))
        .with_header("last-modified", &conditions::http_date(version.last_modified.0))
        .with_header("x-oss-object-type", &version.r#type)
        .with_header("x-oss-storage-class", &version.storage_class)
        .with_header("x-oss-hash-crc64ecma", &checksum::crc64(body).to_string());
    match version.r#type.as_str() {
        "Normal" => reply = reply.with_header("content-md5", &checksum::md5_base64(body)),
        "Appendable" => reply = reply.with_header("x-oss-next-append-position", &body.len().to_string()),
        _ => {}
    }
    if !version.tags.is_empty() {
        reply = reply.with_header("x-oss-tagging-count", &version.tags.len().to_string());
    }
    reply
}

fn no_such_key(key: &str) -> Error {
    Error::new(StatusCode::NOT_FOUND, "NoSuchKey", "The specified key does not exist.").detail("Key", key)
}
