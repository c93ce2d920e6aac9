//! Single objects: what is kept of them, storing and removing them, with versions. Restores, symbolic links and storage
//! classes other than the bucket's are not served.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::StatusCode;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use time::OffsetDateTime;

use super::error::Error;
use super::request::{Answer, Request, random_id};
use super::state::State;
use super::timestamp::Timestamp;
use super::{address, bucket, checksum, object_settings};
use crate::http::Reply;

/// Bytes that JSON state holds in base64.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Body(pub Bytes);

impl Serialize for Body {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Body {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Body, D::Error> {
        let text = String::deserialize(deserializer)?;
        STANDARD.decode(text).map(|bytes| Body(Bytes::from(bytes))).map_err(de::Error::custom)
    }
}

/// One version of an object, or a delete marker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Version {
    /// Its id; `null` when it was stored without versioning.
    pub version_id: String,
    /// Whether it only says that the object was deleted.
    #[serde(default)]
    pub delete_marker: bool,
    /// When it was stored.
    pub last_modified: Timestamp,
    /// MD5 of the body in upper-case hexadecimal, without quotes.
    #[serde(default, rename = "ETag")]
    pub etag: String,
    /// Normal or Multipart.
    #[serde(default)]
    pub r#type: String,
    /// Storage class.
    #[serde(default)]
    pub storage_class: String,
    /// Headers to give back: content type and encoding, user metadata.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// Tags.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, String>,
    /// private, public-read or public-read-write; nothing when the ACL of the bucket holds.
    #[serde(default, rename = "ACL", skip_serializing_if = "Option::is_none")]
    pub acl: Option<String>,
    /// Content, in base64.
    #[serde(default)]
    pub body: Body,
}

/// What is to be stored as an object.
#[derive(Default)]
pub(super) struct Content {
    pub(super) body: Bytes,
    pub(super) headers: BTreeMap<String, String>,
    pub(super) tags: BTreeMap<String, String>,
    pub(super) acl: Option<String>,
    /// Normal, Multipart or Appendable; empty for Normal.
    pub(super) kind: &'static str,
    /// The ETag, where it is not the MD5 of the body.
    pub(super) etag: Option<String>,
}

impl Version {
    /// A delete marker.
    pub(super) fn marker(version_id: String, now: OffsetDateTime) -> Version {
        Version {
            version_id,
            delete_marker: true,
            last_modified: Timestamp(now),
            etag: String::new(),
            r#type: String::new(),
            storage_class: String::new(),
            headers: BTreeMap::new(),
            tags: BTreeMap::new(),
            acl: None,
            body: Body::default(),
        }
    }
}

/// A version id of the length and alphabet of real ones.
pub(super) fn new_version_id() -> String {
    format!("CAEQ{}", STANDARD.encode(random_id()).trim_end_matches('=').replace(['+', '/'], "0"))
}

/// Puts a version on top, replacing the `null` version if it is one itself.
pub(super) fn push(versions: &mut Vec<Version>, version: Version) {
    if version.version_id == "null" {
        versions.retain(|other| other.version_id != "null");
    }
    versions.insert(0, version);
}

/// The refusal to touch what a retention policy protects.
pub(super) fn immutable() -> Error {
    Error::new(StatusCode::CONFLICT, "FileImmutable", "The object you specified is immutable.")
}

impl State {
    /// Stores an object as the service itself would for an internal writer, without asking who writes. False when there
    /// is no such bucket or its retention policy protects the key.
    pub fn store(
        &mut self,
        bucket: &str,
        key: &str,
        body: Bytes,
        headers: BTreeMap<String, String>,
        now: OffsetDateTime,
    ) -> bool {
        self.put_version(bucket, key, Content { body, headers, ..Content::default() }, now).is_ok()
    }

    /// Adds a version of an object; gives its version id where versions are kept, and its ETag.
    pub(super) fn put_version(
        &mut self,
        name: &str,
        key: &str,
        content: Content,
        now: OffsetDateTime,
    ) -> Result<(Option<String>, String), Error> {
        let bucket = self.buckets.get(name).ok_or_else(|| Error::no_such_bucket(name))?;
        let keeps_versions = bucket.is_versioned();
        let versions = self.objects.entry(name.to_owned()).or_default().entry(key.to_owned()).or_default();
        let replaced = versions.iter().find(|old| old.version_id == "null" && !old.delete_marker);
        if !keeps_versions && replaced.is_some_and(|old| bucket.protects(old.last_modified, now)) {
            return Err(immutable());
        }
        let version_id = if keeps_versions { new_version_id() } else { "null".to_owned() };
        let etag = content.etag.unwrap_or_else(|| checksum::md5_hex(&content.body));
        let version = Version {
            version_id: version_id.clone(),
            delete_marker: false,
            last_modified: Timestamp(now),
            etag: etag.clone(),
            r#type: if content.kind.is_empty() { "Normal" } else { content.kind }.to_owned(),
            storage_class: bucket.storage_class.clone(),
            headers: content.headers,
            tags: content.tags,
            acl: content.acl,
            body: Body(content.body),
        };
        let shown = bucket.versioning.as_ref().map(|_| version_id);
        push(versions, version);
        Ok((shown, etag))
    }

    /// Removes an object or one of its versions; says what happened (OSS API reference, DeleteObject).
    pub(super) fn remove(
        &mut self,
        name: &str,
        key: &str,
        version_id: Option<&str>,
        now: OffsetDateTime,
    ) -> Result<Removed, Error> {
        let bucket = self.buckets.get(name).ok_or_else(|| Error::no_such_bucket(name))?;
        let versioning = bucket.versioning.clone();
        let objects = self.objects.entry(name.to_owned()).or_default();
        let removed = match (version_id, versioning.as_deref()) {
            (Some(id), _) => {
                let Some(versions) = objects.get_mut(key) else { return Ok(Removed::default()) };
                let Some(index) = versions.iter().position(|version| version.version_id == id) else {
                    return Ok(Removed::default());
                };
                let version = versions.remove(index);
                if !version.delete_marker && bucket.protects(version.last_modified, now) {
                    versions.insert(index, version);
                    return Err(immutable());
                }
                Removed { marker: version.delete_marker, version_id: Some(version.version_id) }
            }
            (None, None) => {
                let protected = objects.get(key).and_then(|versions| versions.first());
                if protected.is_some_and(|version| bucket.protects(version.last_modified, now)) {
                    return Err(immutable());
                }
                objects.remove(key);
                Removed::default()
            }
            (None, Some(status)) => {
                let id = if status == "Enabled" { new_version_id() } else { "null".to_owned() };
                let versions = objects.entry(key.to_owned()).or_default();
                let replaced = versions.iter().find(|old| old.version_id == id && !old.delete_marker);
                if replaced.is_some_and(|old| bucket.protects(old.last_modified, now)) {
                    return Err(immutable());
                }
                push(versions, Version::marker(id.clone(), now));
                Removed { marker: true, version_id: Some(id) }
            }
        };
        objects.retain(|_, versions| !versions.is_empty());
        Ok(removed)
    }
}

/// What a removal did.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Removed {
    /// Whether a delete marker was made or removed.
    pub(super) marker: bool,
    /// The version made or removed.
    pub(super) version_id: Option<String>,
}

/// The headers of an upload that a download gives back.
pub(super) fn kept_headers(request: &Request<'_>) -> BTreeMap<String, String> {
    let kept = [
        "content-type",
        "content-encoding",
        "content-disposition",
        "content-language",
        "cache-control",
        "expires",
        "x-oss-server-side-encryption",
        "x-oss-server-side-encryption-key-id",
        "x-oss-server-side-data-encryption",
    ];
    let headers = request.call.headers.iter();
    headers
        .filter(|(name, _)| kept.contains(&name.as_str()) || name.as_str().starts_with("x-oss-meta-"))
        .filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())))
        .filter(|(_, value)| !value.is_empty())
        .collect()
}

/// Refuses headers that would make another object than the one that would be stored.
pub(super) fn refuse_headers(request: &mut Request<'_>) -> Result<(), Error> {
    let given = |header: &str| request.call.header(header).filter(|value| !value.is_empty());
    if let Some(header) =
        ["x-oss-callback", "x-oss-complete-all"].into_iter().find(|header| given(header).is_some())
    {
        return Err(Error::not_implemented(header));
    }
    let class = given("x-oss-storage-class");
    bucket::header_encryption(request)?;
    if class.is_some_and(|class| {
        request.state.buckets.get(request.bucket).is_some_and(|own| own.storage_class != class)
    }) {
        return Err(Error::not_implemented("x-oss-storage-class"));
    }
    Ok(())
}

/// Refuses to replace an object where the request says so. The header is void once versioning was set (OSS API reference,
/// PutObject).
pub(super) fn check_overwrite(request: &mut Request<'_>) -> Result<(), Error> {
    if request.call.header("x-oss-forbid-overwrite") != Some("true") || request.owned()?.versioning.is_some()
    {
        return Ok(());
    }
    let objects = request.state.objects.get(request.bucket);
    if objects.is_some_and(|objects| objects.contains_key(request.key)) {
        return Err(Error::new(
            StatusCode::CONFLICT,
            "FileAlreadyExists",
            "The object you specified already exists and can not be overwritten.",
        ));
    }
    Ok(())
}

/// PutObject (OSS API reference, PutObject).
pub(super) fn put(request: &mut Request<'_>) -> Answer {
    address::check_object_key(request.key)?;
    request.owned()?;
    refuse_headers(request)?;
    check_overwrite(request)?;
    let content = Content {
        body: request.call.body.clone(),
        headers: kept_headers(request),
        tags: object_settings::header_tags(request)?,
        acl: object_settings::header_acl(request)?,
        ..Content::default()
    };
    let sums = checksum::of_body(&content.body);
    let encryption = content.headers.clone();
    let (version_id, etag) =
        request.state.put_version(request.bucket, request.key, content, request.call.now)?;
    let mut reply = Reply::empty(StatusCode::OK).with_header("etag", &format!("\"{etag}\""));
    for (name, value) in sums {
        reply = reply.with_header(name, &value);
    }
    for name in ["x-oss-server-side-encryption", "x-oss-server-side-encryption-key-id"] {
        if let Some(value) = encryption.get(name) {
            reply = reply.with_header(name, value);
        }
    }
    if let Some(id) = version_id {
        reply = reply.with_header("x-oss-version-id", &id);
    }
    Ok(reply)
}

/// DeleteObject: with versions a delete marker, with a version id that version; success for what is not there
/// (OSS API reference, DeleteObject).
pub(super) fn delete(request: &mut Request<'_>) -> Answer {
    request.owned()?;
    let version_id = request.call.param("versionId").filter(|id| !id.is_empty());
    let removed = request.state.remove(request.bucket, request.key, version_id, request.call.now)?;
    let mut reply = Reply::empty(StatusCode::NO_CONTENT);
    if removed.marker {
        reply = reply.with_header("x-oss-delete-marker", "true");
    }
    if let Some(id) = removed.version_id {
        reply = reply.with_header("x-oss-version-id", &id);
    }
    Ok(reply)
}
