//! Lists of unfinished multipart uploads and of their parts.

use serde::Serialize;

use super::error::Error;
use super::info::limit;
use super::listing::encoder;
use super::multipart::named;
use super::request::{Answer, Request};
use super::timestamp::Timestamp;
use super::xml;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ListPartsResult<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    encoding_type: Option<&'a str>,
    bucket: &'a str,
    key: String,
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
    let (encoding_type, encode) = encoder(request.call)?;
    let (bucket, key) = (request.bucket, encode(request.key));
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
        encoding_type,
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
