//! Multipart uploads, which keep a bucket from being deleted as long as they are unfinished.

use std::collections::BTreeMap;

use bytes::{Bytes, BytesMut};
use http::StatusCode;
use md5::{Digest, Md5};
use serde::{Deserialize, Serialize};

use super::address;
use super::documents::PARTS;
use super::error::Error;
use super::info::limit;
use super::listing::encoder;
use super::objects::{self, Body};
use super::request::{Answer, Request, gone, random_id};
use super::timestamp::Timestamp;
use super::xml;
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
    bucket: &'a str,
    key: &'a str,
    upload_id: &'a str,
}

/// InitiateMultipartUpload (OSS API reference).
pub(super) fn initiate(request: &mut Request<'_>) -> Answer {
    objects::refuse_headers(request)?;
    address::check_object_key(request.key)?;
    request.owned()?;
    let id = random_id().to_uppercase();
    let upload = Upload {
        key: request.key.to_owned(),
        initiated: Timestamp(request.call.now),
        headers: objects::kept_headers(request),
        parts: BTreeMap::new(),
    };
    request.state.uploads.entry(request.bucket.to_owned()).or_default().insert(id.clone(), upload);
    let result = InitiateMultipartUploadResult { bucket: request.bucket, key: request.key, upload_id: &id };
    xml::reply("InitiateMultipartUploadResult", &result)
}

/// The upload that the query names, for this key.
fn named<'a>(request: &'a mut Request<'_>) -> Result<(&'a str, &'a mut Upload), Error> {
    request.owned()?;
    let id = request.call.param("uploadId").unwrap_or("");
    let (bucket, key) = (request.bucket, request.key);
    let upload = request.state.uploads.get_mut(bucket).and_then(|uploads| uploads.get_mut(id));
    let upload = upload.filter(|upload| upload.key == key).ok_or_else(|| no_such_upload(id))?;
    Ok((id, upload))
}

/// UploadPart: numbers 1 to 10000 (OSS API reference). UploadPartCopy, which names a source, is refused.
pub(super) fn upload_part(request: &mut Request<'_>) -> Answer {
    objects::refuse_headers(request)?;
    let number = request.call.param("partNumber").unwrap_or("");
    let parsed = number.parse::<u32>().ok().filter(|number| (1..=10_000).contains(number));
    let Some(parsed) = parsed else {
        let message = "Part number must be an integer between 1 and 10000, inclusive.";
        return Err(Error::argument("partNumber", number, message));
    };
    let (body, now) = (request.call.body.clone(), request.call.now);
    let etag: String = Md5::digest(&body).iter().map(|byte| format!("{byte:02X}")).collect();
    let (_, upload) = named(request)?;
    upload.parts.insert(parsed, Part { last_modified: Timestamp(now), etag: etag.clone(), body: Body(body) });
    Ok(Reply::empty(StatusCode::OK).with_header("etag", &format!("\"{etag}\"")))
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
    location: String,
    bucket: &'a str,
    key: &'a str,
    #[serde(rename = "ETag")]
    etag: String,
}

/// CompleteMultipartUpload: parts in rising order with the ETags they were given (OSS API reference).
pub(super) fn complete(request: &mut Request<'_>) -> Answer {
    let wanted: CompleteMultipartUpload = request.document(&PARTS)?;
    if !wanted.part.is_sorted_by(|one, other| one.part_number < other.part_number) {
        return Err(Error::new(
            StatusCode::BAD_REQUEST,
            "InvalidPartOrder",
            "The list of parts was not in ascending order.",
        ));
    }
    let (id, upload) = named(request)?;
    let mut body = BytesMut::new();
    for part in &wanted.part {
        let stored = upload.parts.get(&part.part_number);
        let stored = stored.filter(|stored| stored.etag == part.etag.trim_matches('"')).ok_or_else(|| {
            Error::new(
                StatusCode::BAD_REQUEST,
                "InvalidPart",
                "One or more of the specified parts could not be found.",
            )
        })?;
        body.extend_from_slice(&stored.body.0);
    }
    if wanted.part.is_empty() {
        return Err(Error::malformed("Part is missing"));
    }
    let (id, headers) = (id.to_owned(), upload.headers.clone());
    let (version_id, etag) = request.state.put_version(
        request.bucket,
        request.key,
        Bytes::from(body),
        headers,
        "Multipart",
        request.call.now,
    )?;
    if let Some(uploads) = request.state.uploads.get_mut(request.bucket) {
        uploads.remove(&id);
    }
    let result = CompleteMultipartUploadResult {
        location: format!("http://{}/{}", request.call.host, request.key),
        bucket: request.bucket,
        key: request.key,
        etag: format!("\"{etag}\""),
    };
    let mut reply = xml::reply("CompleteMultipartUploadResult", &result)?;
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

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ListPartsResult<'a> {
    bucket: &'a str,
    key: &'a str,
    upload_id: &'a str,
    max_parts: usize,
    part_number_marker: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_part_number_marker: Option<u32>,
    is_truncated: bool,
    part: Vec<PartEntry>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct PartEntry {
    part_number: u32,
    last_modified: Timestamp,
    #[serde(rename = "ETag")]
    etag: String,
    size: usize,
}

/// ListParts (OSS API reference).
pub(super) fn list_parts(request: &mut Request<'_>) -> Answer {
    let max_parts = limit(request.call.param("max-parts"), 1000, 1000)?;
    let marker = request.call.param("part-number-marker").and_then(|text| text.parse().ok()).unwrap_or(0);
    let (bucket, key) = (request.bucket, request.key);
    let (upload_id, upload) = named(request)?;
    let mut parts = upload.parts.iter().filter(|(number, _)| **number > marker);
    let page: Vec<PartEntry> = parts
        .by_ref()
        .take(max_parts)
        .map(|(number, part)| PartEntry {
            part_number: *number,
            last_modified: part.last_modified,
            etag: format!("\"{}\"", part.etag),
            size: part.body.0.len(),
        })
        .collect();
    let result = ListPartsResult {
        bucket,
        key,
        upload_id,
        max_parts,
        part_number_marker: marker,
        next_part_number_marker: page.last().map(|last| last.part_number),
        is_truncated: parts.next().is_some(),
        part: page,
    };
    xml::reply("ListPartsResult", &result)
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ListMultipartUploadsResult<'a> {
    bucket: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    encoding_type: Option<&'a str>,
    key_marker: String,
    upload_id_marker: &'a str,
    next_key_marker: String,
    next_upload_id_marker: String,
    delimiter: &'a str,
    prefix: String,
    max_uploads: usize,
    is_truncated: bool,
    upload: Vec<UploadEntry>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct UploadEntry {
    key: String,
    upload_id: String,
    initiated: Timestamp,
}

/// ListMultipartUploads: by key, then by time of initiation; without grouping by delimiter (OSS API reference).
pub(super) fn list(request: &mut Request<'_>) -> Answer {
    let call = request.call;
    let text = |name| call.param(name).unwrap_or("");
    if !text("delimiter").is_empty() {
        return Err(Error::not_implemented("delimiter"));
    }
    let max_uploads = limit(call.param("max-uploads"), 1000, 1000)?;
    let (encoding_type, encode) = encoder(call)?;
    request.owned()?;
    let uploads = request.state.uploads.get(request.bucket).into_iter().flatten();
    let (key_marker, id_marker) = (text("key-marker"), text("upload-id-marker"));
    let mut uploads: Vec<_> = uploads
        .filter(|(id, upload)| {
            let after = if id_marker.is_empty() {
                upload.key.as_str() > key_marker
            } else {
                (upload.key.as_str(), id.as_str()) > (key_marker, id_marker)
            };
            upload.key.starts_with(text("prefix")) && after
        })
        .collect();
    uploads.sort_by(|one, other| (&one.1.key, one.0).cmp(&(&other.1.key, other.0)));
    let is_truncated = uploads.len() > max_uploads;
    uploads.truncate(max_uploads);
    let last = uploads.last().filter(|_| is_truncated);
    let result = ListMultipartUploadsResult {
        bucket: request.bucket,
        encoding_type,
        key_marker: encode(key_marker),
        upload_id_marker: id_marker,
        next_key_marker: last.map(|(_, upload)| encode(&upload.key)).unwrap_or_default(),
        next_upload_id_marker: last.map(|(id, _)| (*id).clone()).unwrap_or_default(),
        delimiter: "",
        prefix: encode(text("prefix")),
        max_uploads,
        is_truncated,
        upload: uploads
            .into_iter()
            .map(|(id, upload)| UploadEntry {
                key: encode(&upload.key),
                upload_id: id.clone(),
                initiated: upload.initiated,
            })
            .collect(),
    };
    xml::reply("ListMultipartUploadsResult", &result)
}
