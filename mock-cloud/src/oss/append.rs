//! AppendObject: objects that grow at their end.

use bytes::BytesMut;
use http::StatusCode;

use super::error::Error;
use super::objects::{self, Content};
use super::request::{Answer, Request};
use super::timestamp::Timestamp;
use super::{address, checksum, object_settings};
use crate::http::Reply;

/// An ETag of the usual form that is no MD5 of the content (OSS API reference, AppendObject).
fn etag(body: &[u8]) -> String {
    format!("{:016X}{:016X}", checksum::crc64(body), body.len())
}

/// AppendObject: the position must be the length so far; the object keeps its version, headers and tags
/// (OSS API reference, AppendObject).
pub(super) fn append(request: &mut Request<'_>) -> Answer {
    let call = request.call;
    address::check_object_key(request.key)?;
    objects::refuse_headers(request)?;
    let bucket = request.owned()?.clone();
    let text = call.param("position").unwrap_or("");
    let position: usize = text
        .parse()
        .map_err(|_| Error::argument("position", text, "The position must be a number from 0."))?;
    let content = Content {
        body: call.body.clone(),
        headers: objects::kept_headers(request),
        tags: object_settings::header_tags(request)?,
        acl: object_settings::header_acl(request)?,
        kind: "Appendable",
        etag: Some(etag(&call.body)),
    };
    let versions =
        request.state.objects.get_mut(request.bucket).and_then(|objects| objects.get_mut(request.key));
    let current = versions.and_then(|versions| versions.first_mut()).filter(|version| !version.delete_marker);
    let length = current.as_ref().map_or(0, |version| version.body.0.len());
    if current.as_ref().is_some_and(|version| version.r#type != "Appendable") {
        return Err(conflict("ObjectNotAppendable", "The object is not appendable"));
    }
    if position != length {
        return Err(conflict("PositionNotEqualToLength", "Position is not equal to file length")
            .header("x-oss-next-append-position", length.to_string()));
    }
    let (shown, whole, etag) = match current {
        Some(version) => {
            if bucket.protects(version.last_modified, call.now) {
                return Err(objects::immutable());
            }
            let mut grown = BytesMut::from(version.body.0.as_ref());
            grown.extend_from_slice(&call.body);
            version.body.0 = grown.freeze();
            version.etag = etag(&version.body.0);
            version.last_modified = Timestamp(call.now);
            let shown = bucket.versioning.as_ref().map(|_| version.version_id.clone());
            (shown, version.body.0.clone(), version.etag.clone())
        }
        None => {
            let (shown, etag) = request.state.put_version(request.bucket, request.key, content, call.now)?;
            (shown, call.body.clone(), etag)
        }
    };
    let mut reply = Reply::empty(StatusCode::OK)
        .with_header("etag", &format!("\"{etag}\""))
        .with_header("x-oss-next-append-position", &whole.len().to_string())
        .with_header("x-oss-hash-crc64ecma", &checksum::crc64(&whole).to_string());
    if let Some(id) = shown {
        reply = reply.with_header("x-oss-version-id", &id);
    }
    Ok(reply)
}

fn conflict(code: &str, message: &str) -> Error {
    Error::new(StatusCode::CONFLICT, code, message)
}
