//! Settings of single objects: tags and ACL, as sub-resources and as headers of an upload.

use std::collections::BTreeMap;

use http::StatusCode;
use serde::Serialize;

use super::attributes::{Tag, TagSet, Tagging};
use super::documents::TAGGING;
use super::error::Error;
use super::info::{Grant, Owner};
use super::objects::Version;
use super::request::{Answer, Request};
use super::{bucket, reading, xml};
use crate::http::Reply;

/// Most tags of an object (OSS developer guide, "Object tagging").
const MAX_TAGS: usize = 10;

/// Collects tags, refusing what the service refuses: more than 10, repeated keys, keys outside 1 to 128 bytes, values over
/// 256 bytes, other characters than letters, digits, blanks and `+-=._:/` (OSS developer guide, "Object tagging"; that the
/// code is the same for all of it is assumed).
fn checked_tags(pairs: impl Iterator<Item = (String, String)>) -> Result<BTreeMap<String, String>, Error> {
    let refuse = |message: &str| Error::new(StatusCode::BAD_REQUEST, "InvalidTag", message);
    let fits =
        |text: &str| text.chars().all(|letter| letter.is_ascii_alphanumeric() || " +-=._:/".contains(letter));
    let mut tags = BTreeMap::new();
    for (key, value) in pairs {
        if !(1..=128).contains(&key.len()) || value.len() > 256 || !fits(&key) || !fits(&value) {
            return Err(refuse("The tag key or value you provided is not valid."));
        }
        if tags.insert(key, value).is_some() {
            return Err(refuse("Cannot provide multiple Tags with the same key."));
        }
    }
    if tags.len() > MAX_TAGS {
        return Err(refuse("Object tags cannot be greater than 10."));
    }
    Ok(tags)
}

/// Tags in the `x-oss-tagging` header of an upload, in query-string syntax.
pub(super) fn header_tags(request: &Request<'_>) -> Result<BTreeMap<String, String>, Error> {
    checked_tags(bucket::query_pairs(request.call.header("x-oss-tagging").unwrap_or("")))
}

/// The ACL in the `x-oss-object-acl` header; nothing when the ACL of the bucket holds.
pub(super) fn header_acl(request: &mut Request<'_>) -> Result<Option<String>, Error> {
    let acl = request.call.header("x-oss-object-acl").unwrap_or("").to_owned();
    match acl.as_str() {
        "" | "default" => Ok(None),
        "private" => Ok(Some(acl)),
        "public-read" | "public-read-write" => {
            let bucket = request.owned()?.clone();
            if request.public_access_blocked(&bucket) {
                return Err(Error::denied("Put public object acl is not allowed"));
            }
            Ok(Some(acl))
        }
        other => Err(Error::argument("x-oss-object-acl", other, "no such object access control exists")),
    }
}

/// The version that a request means, and its id where the bucket shows ids.
fn named<'a>(request: &'a mut Request<'_>) -> Result<(&'a mut Version, Option<String>), Error> {
    let shows_versions = request.owned()?.versioning.is_some();
    let id = request.call.param("versionId").filter(|id| !id.is_empty());
    let at = reading::index(request.state, request.bucket, request.key, id)?;
    let versions =
        request.state.objects.get_mut(request.bucket).and_then(|objects| objects.get_mut(request.key));
    let version = versions.and_then(|versions| versions.get_mut(at));
    let version = version.ok_or_else(|| Error::internal("the version is gone"))?;
    let shown = shows_versions.then(|| version.version_id.clone());
    Ok((version, shown))
}

fn with_version(reply: Reply, id: Option<String>) -> Answer {
    Ok(match id {
        Some(id) => reply.with_header("x-oss-version-id", &id),
        None => reply,
    })
}

/// PutObjectTagging: replaces all tags (OSS API reference).
pub(super) fn put_tags(request: &mut Request<'_>) -> Answer {
    let tagging: Tagging = request.document(&TAGGING)?;
    let tags = checked_tags(tagging.tag_set.tag.into_iter().map(|tag| (tag.key, tag.value)))?;
    let (version, id) = named(request)?;
    version.tags = tags;
    with_version(Reply::empty(StatusCode::OK), id)
}

/// GetObjectTagging: an empty set without tags.
pub(super) fn get_tags(request: &mut Request<'_>) -> Answer {
    let (version, id) = named(request)?;
    let tag = version.tags.clone().into_iter().map(|(key, value)| Tag { key, value }).collect();
    with_version(xml::reply(TAGGING.root, &Tagging { tag_set: TagSet { tag } })?, id)
}

/// DeleteObjectTagging: all of them.
pub(super) fn delete_tags(request: &mut Request<'_>) -> Answer {
    let (version, id) = named(request)?;
    version.tags.clear();
    with_version(Reply::empty(StatusCode::NO_CONTENT), id)
}

/// PutObjectAcl: the ACL is a header (OSS API reference).
pub(super) fn put_acl(request: &mut Request<'_>) -> Answer {
    if request.call.header("x-oss-object-acl").is_none_or(str::is_empty) {
        return Err(Error::argument("x-oss-object-acl", "", "no such object access control exists"));
    }
    let acl = header_acl(request)?;
    let (version, id) = named(request)?;
    version.acl = acl;
    with_version(Reply::empty(StatusCode::OK), id)
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct AccessControlPolicy {
    owner: Owner,
    access_control_list: Grant,
}

/// GetObjectAcl: `default` where the ACL of the bucket holds (OSS API reference).
pub(super) fn get_acl(request: &mut Request<'_>) -> Answer {
    let owner = Owner::new(&request.owned()?.owner);
    let (version, id) = named(request)?;
    let grant = version.acl.clone().unwrap_or_else(|| "default".to_owned());
    let policy = AccessControlPolicy { owner, access_control_list: Grant { grant } };
    with_version(xml::reply("AccessControlPolicy", &policy)?, id)
}
