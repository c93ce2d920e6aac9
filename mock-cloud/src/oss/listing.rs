//! Lists of objects and of their versions, paged, grouped by delimiter, optionally percent-encoded.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use super::error::Error;
use super::info::{Owner, limit};
use super::objects::Version;
use super::request::{Answer, Request};
use super::timestamp::Timestamp;
use super::xml;
use crate::http::Call;

const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

fn percent(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}

/// Writes a key into an answer.
pub(super) type Encode = fn(&str) -> String;

/// How keys are written in the answer: as they are or percent-encoded, which `encoding-type=url` asks for.
pub(super) fn encoder(call: &Call) -> Result<(Option<&'static str>, Encode), Error> {
    match call.param("encoding-type").unwrap_or("") {
        "" => Ok((None, str::to_owned)),
        "url" => Ok((Some("url"), percent)),
        other => Err(Error::argument("encoding-type", other, "Invalid Encoding Method specified in Request")),
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ObjectEntry {
    key: String,
    last_modified: Timestamp,
    #[serde(rename = "ETag")]
    etag: String,
    r#type: String,
    size: usize,
    storage_class: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<Owner>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct CommonPrefix {
    prefix: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ListBucketResult {
    name: String,
    prefix: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    marker: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_after: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    continuation_token: Option<String>,
    max_keys: usize,
    delimiter: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    encoding_type: Option<&'static str>,
    is_truncated: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_marker: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_continuation_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key_count: Option<usize>,
    contents: Vec<ObjectEntry>,
    common_prefixes: Vec<CommonPrefix>,
}

/// ListObjects (OSS API reference, GetBucket).
pub(super) fn objects(request: &mut Request<'_>) -> Answer {
    let marker = request.call.param("marker").unwrap_or("").to_owned();
    let (mut result, last) = page(request, &marker, true)?;
    let (_, encode) = encoder(request.call)?;
    result.marker = Some(encode(&marker));
    result.next_marker = last.map(|last| encode(&last));
    xml::reply("ListBucketResult", &result)
}

/// ListObjectsV2 (OSS API reference); the continuation token is the last entry.
pub(super) fn objects_v2(request: &mut Request<'_>) -> Answer {
    let text = |name| request.call.param(name).unwrap_or("").to_owned();
    if text("list-type") != "2" {
        return Err(Error::argument("list-type", &text("list-type"), "The list-type must be 2."));
    }
    let (token, start) = (text("continuation-token"), text("start-after"));
    let owners = text("fetch-owner") == "true";
    let (mut result, last) = page(request, if token.is_empty() { &start } else { &token }, owners)?;
    let (_, encode) = encoder(request.call)?;
    result.start_after = (!start.is_empty()).then(|| encode(&start));
    result.continuation_token = (!token.is_empty()).then(|| encode(&token));
    result.next_continuation_token = last.map(|last| encode(&last));
    result.key_count = Some(result.contents.len() + result.common_prefixes.len());
    xml::reply("ListBucketResult", &result)
}

/// One page of current objects after `after`, and its last entry when there are more.
fn page(
    request: &mut Request<'_>,
    after: &str,
    owners: bool,
) -> Result<(ListBucketResult, Option<String>), Error> {
    let call = request.call;
    let max_keys = limit(call.param("max-keys"), 1000, 100)?;
    let (encoding_type, encode) = encoder(call)?;
    let owner = Owner::new(&request.owned()?.owner);
    let (prefix, delimiter) = (call.param("prefix").unwrap_or(""), call.param("delimiter").unwrap_or(""));
    let mut result = ListBucketResult {
        name: request.bucket.to_owned(),
        prefix: encode(prefix),
        marker: None,
        start_after: None,
        continuation_token: None,
        max_keys,
        delimiter: encode(delimiter),
        encoding_type,
        is_truncated: false,
        next_marker: None,
        next_continuation_token: None,
        key_count: None,
        contents: Vec::new(),
        common_prefixes: Vec::new(),
    };
    let mut last: Option<String> = None;
    for (key, versions) in request.state.objects.get(request.bucket).into_iter().flatten() {
        let Some(version) = versions.first().filter(|version| !version.delete_marker) else { continue };
        if !key.starts_with(prefix) {
            continue;
        }
        let group = group(key, prefix, delimiter);
        let entry = group.unwrap_or(key);
        if entry <= after || last.as_deref() == Some(entry) {
            continue;
        }
        if result.contents.len() + result.common_prefixes.len() == max_keys {
            result.is_truncated = true;
            break;
        }
        match group {
            Some(group) => result.common_prefixes.push(CommonPrefix { prefix: encode(group) }),
            None => result.contents.push(ObjectEntry {
                key: encode(key),
                last_modified: version.last_modified,
                etag: format!("\"{}\"", version.etag),
                r#type: version.r#type.clone(),
                size: version.body.0.len(),
                storage_class: version.storage_class.clone(),
                owner: owners.then(|| owner.clone()),
            }),
        }
        last = Some(entry.to_owned());
    }
    let last = last.filter(|_| result.is_truncated);
    Ok((result, last))
}

/// The part of a key up to the first delimiter after the prefix, if there is one.
fn group<'a>(key: &'a str, prefix: &str, delimiter: &str) -> Option<&'a str> {
    if delimiter.is_empty() {
        return None;
    }
    let tail = key.get(prefix.len()..)?;
    tail.find(delimiter).and_then(|at| key.get(..prefix.len() + at + delimiter.len()))
}

/// Versions and delete markers come interleaved, so they are one list of two kinds of element.
#[derive(Serialize)]
enum VersionItem {
    Version(VersionEntry),
    DeleteMarker(MarkerEntry),
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct VersionEntry {
    key: String,
    version_id: String,
    is_latest: bool,
    last_modified: Timestamp,
    #[serde(rename = "ETag")]
    etag: String,
    r#type: String,
    size: usize,
    storage_class: String,
    owner: Owner,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct MarkerEntry {
    key: String,
    version_id: String,
    is_latest: bool,
    last_modified: Timestamp,
    owner: Owner,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ListVersionsResult {
    name: String,
    prefix: String,
    key_marker: String,
    version_id_marker: String,
    max_keys: usize,
    delimiter: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    encoding_type: Option<&'static str>,
    is_truncated: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_key_marker: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_version_id_marker: Option<String>,
    #[serde(rename = "$value")]
    items: Vec<VersionItem>,
    common_prefixes: Vec<CommonPrefix>,
}

/// ListObjectVersions: keys ascending, the newest version of a key first (OSS API reference).
pub(super) fn versions(request: &mut Request<'_>) -> Answer {
    let call = request.call;
    let text = |name| call.param(name).unwrap_or("");
    let max_keys = limit(call.param("max-keys"), 1000, 100)?;
    let (encoding_type, encode) = encoder(call)?;
    let owner = Owner::new(&request.owned()?.owner);
    let (prefix, delimiter) = (text("prefix"), text("delimiter"));
    let (key_marker, id_marker) = (text("key-marker"), text("version-id-marker"));
    if !id_marker.is_empty() && key_marker.is_empty() {
        return Err(Error::argument(
            "version-id-marker",
            id_marker,
            "A version-id-marker needs a key-marker.",
        ));
    }
    let mut result = ListVersionsResult {
        name: request.bucket.to_owned(),
        prefix: encode(prefix),
        key_marker: encode(key_marker),
        version_id_marker: id_marker.to_owned(),
        max_keys,
        delimiter: encode(delimiter),
        encoding_type,
        is_truncated: false,
        next_key_marker: None,
        next_version_id_marker: None,
        items: Vec::new(),
        common_prefixes: Vec::new(),
    };
    let mut last: Option<(String, String)> = None;
    'keys: for (key, versions) in request.state.objects.get(request.bucket).into_iter().flatten() {
        if !key.starts_with(prefix) {
            continue;
        }
        let group = group(key, prefix, delimiter);
        let entry = group.unwrap_or(key);
        if entry < key_marker || entry == key_marker && (id_marker.is_empty() || group.is_some()) {
            continue;
        }
        if group.is_some() && last.as_ref().is_some_and(|(last, _)| last == entry) {
            continue;
        }
        // Within the key of the marker, the page starts after the version of the marker.
        let skip = if entry == key_marker {
            versions.iter().position(|version| version.version_id == id_marker).map_or(0, |at| at + 1)
        } else {
            0
        };
        for (index, version) in versions.iter().enumerate().skip(skip) {
            if result.items.len() + result.common_prefixes.len() == max_keys {
                result.is_truncated = true;
                break 'keys;
            }
            if let Some(group) = group {
                result.common_prefixes.push(CommonPrefix { prefix: encode(group) });
                last = Some((group.to_owned(), String::new()));
                break;
            }
            result.items.push(item(encode(key), version, index == 0, owner.clone()));
            last = Some((key.clone(), version.version_id.clone()));
        }
    }
    if let Some((key, id)) = last.filter(|_| result.is_truncated) {
        result.next_key_marker = Some(encode(&key));
        result.next_version_id_marker = Some(id);
    }
    xml::reply("ListVersionsResult", &result)
}

fn item(key: String, version: &Version, is_latest: bool, owner: Owner) -> VersionItem {
    let (version_id, last_modified) = (version.version_id.clone(), version.last_modified);
    if version.delete_marker {
        return VersionItem::DeleteMarker(MarkerEntry { key, version_id, is_latest, last_modified, owner });
    }
    VersionItem::Version(VersionEntry {
        key,
        version_id,
        is_latest,
        last_modified,
        etag: format!("\"{}\"", version.etag),
        r#type: version.r#type.clone(),
        size: version.body.0.len(),
        storage_class: version.storage_class.clone(),
        owner,
    })
}
