//! Multipart uploads, which keep a bucket from being deleted as long as they are unfinished.

use std::collections::BTreeMap;

use bytes::{Bytes, BytesMut};
use http::StatusCode;
use md5::{Digest, Md5};
use serde::{Deserialize, Serialize};

use super::address;
use super::documents::PARTS;
use super::error::Error;
use super::listing::encoder;
use super::objects::{self, Body, Content};
use super::request::{Answer, Request, gone, random_id};
use super::timestamp::Timestamp;
use super::{checksum, copying, object_settings, range, xml};
use crate::http::Reply;

/// An unfinished upload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Upload {
    /// Key of the object to be.
    pub key: String,
    /// When it began.
    pub initiated: Timestamp,
    /// Headers of the object to be.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// Tags of the object to be.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, String>,
    /// ACL of the object to be; nothing when the ACL of the bucket holds.
    #[serde(default, rename = "ACL", skip_serializing_if = "Option::is_none")]
    pub acl: Option<String>,
    /// Parts by number.
    #[serde(default)]
    pub parts: BTreeMap<u32, Part>,
}

/// One part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Part {
    /// When it came.
    pub last_modified: Timestamp,
    /// MD5 in upper-case hexadecimal.
    #[serde(rename = "ETag")]
    pub etag: String,
    /// Content, in base64.
    pub body: Body,
}

fn no_such_upload(id: &str) -> Error {
    Error::new(
        StatusCode::NOT_FOUND,
        "NoSuchUpload",
        "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
    )
    .detail("UploadId", id)
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct InitiateMultipartUploadResult<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    encoding_type: Option<&'a str>,
    bucket: &'a str,
    key: String,
    upload_id: &'a str,
}

/// InitiateMultipartUpload (OSS API reference).
pub(super) fn initiate(request: &mut Request<'_>) -> Answer {
    address::check_object_key(request.key)?;
    request.owned()?;
    objects::refuse_headers(request)?;
    objects::check_overwrite(request)?;
    let (encoding_type, encode) = encoder(request.call)?;
    let id = random_id().to_uppercase();
    let upload = Upload {
        key: request.key.to_owned(),
        initiated: Timestamp(request.call.now),
        headers: objects::kept_headers(request),
        tags: object_settings::header_tags(request)?,
        acl: object_settings::header_acl(request)?,
        parts: BTreeMap::new(),
    };
    request.state.uploads.entry(request.bucket.to_owned()).or_default().insert(id.clone(), upload);
    let (bucket, key) = (request.bucket, encode(request.key));
    let result = InitiateMultipartUploadResult { encoding_type, bucket, key, upload_id: &id };
    xml::reply("InitiateMultipartUploadResult", &result)
}

/// The upload that the query names, for this key.
pub(super) fn named<'a>(request: &'a mut Request<'_>) -> Result<(&'a str, &'a mut Upload), Error> {
    request.owned()?;
    let id = request.call.param("uploadId").unwrap_or("");
    let (bucket, key) = (request.bucket, request.key);
    let upload = request.state.uploads.get_mut(bucket).and_then(|uploads| uploads.get_mut(id));
    let upload = upload.filter(|upload| upload.key == key).ok_or_else(|| no_such_upload(id))?;
    Ok((id, upload))
}

/// Stores a part, numbers 1 to 10000; gives its ETag.
fn store_part(request: &mut Request<'_>, body: Bytes) -> Result<String, Error> {
    let number = request.call.param("partNumber").unwrap_or("");
    let parsed = number.parse::<u32>().ok().filter(|number| (1..=10_000).contains(number));
    let Some(parsed) = parsed else {
        let message = "Part number must be an integer between 1 and 10000, inclusive.";
        return Err(Error::argument("partNumber", number, message));
    };
    let now = request.call.now;
    let etag = checksum::md5_hex(&body);
    let (_, upload) = named(request)?;
    upload.parts.insert(parsed, Part { last_modified: Timestamp(now), etag: etag.clone(), body: Body(body) });
    Ok(etag)
}

/// UploadPart (OSS API reference).
pub(super) fn upload_part(request: &mut Request<'_>) -> Answer {
    let body = request.call.body.clone();
    let sums = checksum::of_body(&body);
    let etag = store_part(request, body)?;
    let mut reply = Reply::empty(StatusCode::OK).with_header("etag", &format!("\"{etag}\""));
    for (name, value) in sums {
        reply = reply.with_header(name, &value);
    }
    Ok(reply)
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct CopyPartResult {
    last_modified: Timestamp,
    #[serde(rename = "ETag")]
    etag: String,
}

/// UploadPartCopy: a part out of another object, whole or a range of it (OSS API reference).
pub(super) fn copy_part(request: &mut Request<'_>) -> Answer {
    let call = request.call;
    let (source, version) = copying::source(request)?;
    let mut body = version.body.0;
    let wanted = call.header("x-oss-copy-source-range").filter(|range| !range.is_empty());
    if let Some(part) = wanted.map(|header| range::wanted(header, body.len(), false)).transpose()?.flatten() {
        body = body.slice(part);
    }
    let etag = format!("\"{}\"", store_part(request, body)?);
    let result = CopyPartResult { last_modified: Timestamp(call.now), etag };
    let mut reply = xml::reply("CopyPartResult", &result)?;
    if request.state.buckets.get(&source.bucket).is_some_and(|bucket| bucket.versioning.is_some()) {
        reply = reply.with_header("x-oss-copy-source-version-id", &version.version_id);
    }
    Ok(reply)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CompleteMultipartUpload {
    #[serde(default)]
    part: Vec<CompletedPart>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CompletedPart {
    part_number: u32,
    #[serde(rename = "ETag")]
    etag: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct CompleteMultipartUploadResult<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    encoding_type: Option<&'a str>,
    location: String,
    bucket: &'a str,
    key: String,
    #[serde(rename = "ETag")]
    etag: String,
}

/// Least size of every part but the last (OSS API reference, UploadPart).
const MIN_PART: usize = 100 * 1024;

/// CompleteMultipartUpload: parts in rising order with the ETags they were given (OSS API reference). The ETag is the MD5 of
/// the parts' own with their number behind it, no MD5 of the content (form as seen, not documented).
pub(super) fn complete(request: &mut Request<'_>) -> Answer {
    objects::refuse_headers(request)?;
    let (encoding_type, encode) = encoder(request.call)?;
    let wanted: CompleteMultipartUpload = request.document(&PARTS)?;
    if !wanted.part.is_sorted_by(|one, other| one.part_number < other.part_number) {
        return Err(Error::new(
            StatusCode::BAD_REQUEST,
            "InvalidPartOrder",
            "The list of parts was not in ascending order.",
        ));
    }
    named(request)?;
    objects::check_overwrite(request)?;
    let (id, upload) = named(request)?;
    let mut body = BytesMut::new();
    let mut digests = Md5::new();
    let last = wanted.part.last().map(|part| part.part_number);
    for part in &wanted.part {
        let stored = upload.parts.get(&part.part_number);
        let stored = stored.filter(|stored| stored.etag == part.etag.trim_matches('"')).ok_or_else(|| {
            Error::new(
                StatusCode::BAD_REQUEST,
                "InvalidPart",
                "One or more of the specified parts could not be found.",
            )
        })?;
        if stored.body.0.len() < MIN_PART && Some(part.part_number) != last {
            return Err(Error::new(
                StatusCode::BAD_REQUEST,
                "EntityTooSmall",
                "Your proposed upload smaller than the minimum allowed size.",
            )
            .detail("MinSizeAllowed", MIN_PART.to_string())
            .detail("ProposedSize", stored.body.0.len().to_string())
            .detail("PartNumber", part.part_number.to_string()));
        }
        digests.update(Md5::digest(&stored.body.0));
        body.extend_from_slice(&stored.body.0);
    }
    if wanted.part.is_empty() {
        return Err(Error::malformed("Part is missing"));
    }
    let id = id.to_owned();
    let digest: String = digests.finalize().iter().map(|byte| format!("{byte:02X}")).collect();
    let content = Content {
        body: body.freeze(),
        headers: upload.headers.clone(),
        tags: upload.tags.clone(),
        acl: upload.acl.clone(),
        kind: "Multipart",
        etag: Some(format!("{digest}-{}", wanted.part.len())),
    };
    let crc = checksum::crc64(&content.body).to_string();
    let (version_id, etag) =
        request.state.put_version(request.bucket, request.key, content, request.call.now)?;
    if let Some(uploads) = request.state.uploads.get_mut(request.bucket) {
        uploads.remove(&id);
    }
    let result = CompleteMultipartUploadResult {
        encoding_type,
        location: format!("http://{}/{}", request.call.host, request.key),
        bucket: request.bucket,
        key: encode(request.key),
        etag: format!("\"{etag}\""),
    };
    let mut reply =
        xml::reply("CompleteMultipartUploadResult", &result)?.with_header("x-oss-hash-crc64ecma", &crc);
    if let Some(version) = version_id {
        reply = reply.with_header("x-oss-version-id", &version);
    }
    Ok(reply)
}

/// AbortMultipartUpload (OSS API reference).
pub(super) fn abort(request: &mut Request<'_>) -> Answer {
    let id = named(request)?.0.to_owned();
    if let Some(uploads) = request.state.uploads.get_mut(request.bucket) {
        uploads.remove(&id);
    }
    gone()
}
