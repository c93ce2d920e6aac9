//! Copies: CopyObject, and the source that UploadPartCopy shares with it.

use serde::Serialize;

use super::error::Error;
use super::objects::{self, Content, Version};
use super::request::{Answer, Request};
use super::timestamp::Timestamp;
use super::{address, checksum, conditions, object_settings, reading, xml};
use crate::http::Call;

/// The header that makes an upload a copy.
pub(crate) const COPY_SOURCE: &str = "x-oss-copy-source";

/// Where a copy comes from.
pub(crate) struct Source {
    pub(crate) bucket: String,
    pub(crate) key: String,
    pub(super) version_id: Option<String>,
}

/// What the header of a call names: `/bucket/key`, percent-encoded, with an optional `?versionId=`.
pub(crate) fn named(call: &Call) -> Option<Source> {
    let text = call.header(COPY_SOURCE)?;
    let (path, query) = text.split_once('?').unwrap_or((text, ""));
    let path = percent_encoding::percent_decode_str(path).decode_utf8().ok()?;
    let (bucket, key) = path.strip_prefix('/').unwrap_or(&path).split_once('/')?;
    let version_id = query.strip_prefix("versionId=").filter(|id| !id.is_empty()).map(str::to_owned);
    (!key.is_empty()).then(|| Source { bucket: bucket.to_owned(), key: key.to_owned(), version_id })
}

/// The source of a copy and the version that is meant: in a bucket of the caller's account in the same region, and as its
/// conditions ask for (OSS API reference, CopyObject).
pub(super) fn source(request: &mut Request<'_>) -> Result<(Source, Version), Error> {
    let call = request.call;
    let Some(source) = named(call) else {
        let given = call.header(COPY_SOURCE).unwrap_or("");
        return Err(Error::argument(
            COPY_SOURCE,
            given,
            "Copy Source must mention the source bucket and key.",
        ));
    };
    let location = request.owned()?.location.clone();
    let Some(bucket) = request.state.buckets.get(&source.bucket) else {
        return Err(Error::no_such_bucket(&source.bucket));
    };
    if bucket.owner != call.caller.account {
        return Err(Error::foreign(&source.bucket));
    }
    if bucket.location != location {
        return Err(Error::denied("Target object does not reside in the same data center as source object."));
    }
    let version = reading::version(request.state, &source.bucket, &source.key, source.version_id.as_deref())?;
    conditions::check(call, (&version.etag, version.last_modified), conditions::SOURCE)?;
    let version = version.clone();
    Ok((source, version))
}

/// Whether a directive says to take what the request brings instead of what the source has.
fn replaces(call: &Call, header: &'static str) -> Result<bool, Error> {
    match call.header(header).unwrap_or("").to_ascii_uppercase().as_str() {
        "" | "COPY" => Ok(false),
        "REPLACE" => Ok(true),
        _ => Err(Error::argument(
            header,
            call.header(header).unwrap_or(""),
            "The directive must be COPY or REPLACE.",
        )),
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct CopyObjectResult {
    last_modified: Timestamp,
    #[serde(rename = "ETag")]
    etag: String,
}

/// CopyObject: headers and tags come along unless they are replaced, the ACL does not; an object that is copied onto itself
/// always takes the headers of the request (OSS API reference, CopyObject).
pub(super) fn copy(request: &mut Request<'_>) -> Answer {
    let call = request.call;
    address::check_object_key(request.key)?;
    request.owned()?;
    objects::refuse_headers(request)?;
    let (source, version) = source(request)?;
    objects::check_overwrite(request)?;
    let itself = source.bucket == request.bucket && source.key == request.key && source.version_id.is_none();
    let new_headers = replaces(call, "x-oss-metadata-directive")? || itself;
    let new_tags = replaces(call, "x-oss-tagging-directive")?;
    let content = Content {
        headers: if new_headers { objects::kept_headers(request) } else { version.headers },
        tags: if new_tags { object_settings::header_tags(request)? } else { version.tags },
        acl: object_settings::header_acl(request)?,
        body: version.body.0,
        ..Content::default()
    };
    let crc = checksum::crc64(&content.body).to_string();
    let (version_id, etag) = request.state.put_version(request.bucket, request.key, content, call.now)?;
    let result = CopyObjectResult { last_modified: Timestamp(call.now), etag: format!("\"{etag}\"") };
    let mut reply = xml::reply("CopyObjectResult", &result)?
        .with_header("etag", &result.etag)
        .with_header("x-oss-hash-crc64ecma", &crc);
    if let Some(id) = version_id {
        reply = reply.with_header("x-oss-version-id", &id);
    }
    if request.state.buckets.get(&source.bucket).is_some_and(|bucket| bucket.versioning.is_some()) {
        reply = reply.with_header("x-oss-copy-source-version-id", &version.version_id);
    }
    Ok(reply)
}
