//! Attributes of a bucket that group, tag or bill it: tags, resource group, access tracking, request payment,
//! transfer acceleration.

use std::collections::BTreeMap;

use http::StatusCode;
use serde::{Deserialize, Serialize};

use super::documents::{ACCESS_MONITOR, REQUEST_PAYMENT, RESOURCE_GROUP, TAGGING, TRANSFER_ACCELERATION};
use super::error::Error;
use super::request::{Answer, Request, done, gone};
use super::state::default_resource_group;
use super::{switches, xml};

/// A tag, as bucket tagging and lifecycle rules write it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Tag {
    /// Name.
    pub key: String,
    /// Value, may be empty.
    #[serde(default)]
    pub value: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Tagging {
    #[serde(default)]
    pub(super) tag_set: TagSet,
}

#[derive(Serialize, Deserialize, Default)]
#[serde(rename_all = "PascalCase")]
pub(super) struct TagSet {
    #[serde(default)]
    pub(super) tag: Vec<Tag>,
}

/// Collects tags, refusing what the service refuses: more than 20, repeated keys, keys outside 1 to 64 bytes or with a
/// reserved beginning, values over 128 bytes (OSS API reference, PutBucketTags; the code TooManyTags is assumed).
pub(super) fn checked_tags(
    pairs: impl Iterator<Item = (String, String)>,
) -> Result<BTreeMap<String, String>, Error> {
    let refuse = |code: &str, message: &str| Error::new(StatusCode::BAD_REQUEST, code, message);
    let mut tags = BTreeMap::new();
    for (key, value) in pairs {
        let lower = key.to_lowercase();
        let reserved = ["http://", "https://", "aliyun"].iter().any(|start| lower.starts_with(start));
        if !(1..=64).contains(&key.len()) || reserved || value.len() > 128 {
            return Err(refuse("InvalidTag", "The tag key or value you provided is not valid."));
        }
        if tags.insert(key, value).is_some() {
            return Err(refuse("RepeatedTags", "Tag keys must be unique."));
        }
    }
    if tags.len() > 20 {
        return Err(refuse("TooManyTags", "A bucket can have at most 20 tags."));
    }
    Ok(tags)
}

/// PutBucketTags: replaces all tags (OSS API reference).
pub(super) fn put_tags(request: &mut Request<'_>) -> Answer {
    let tagging: Tagging = request.document(&TAGGING)?;
    let tags = checked_tags(tagging.tag_set.tag.into_iter().map(|tag| (tag.key, tag.value)))?;
    request.owned()?.tags = tags;
    done()
}

/// GetBucketTags: an empty set without tags.
pub(super) fn get_tags(request: &mut Request<'_>) -> Answer {
    let tags = request.owned()?.tags.clone();
    let tag = tags.into_iter().map(|(key, value)| Tag { key, value }).collect();
    xml::reply(TAGGING.root, &Tagging { tag_set: TagSet { tag } })
}

/// DeleteBucketTags: all of them, or those named in `?tagging=k1,k2`.
pub(super) fn delete_tags(request: &mut Request<'_>) -> Answer {
    let named = request.call.param("tagging").unwrap_or("");
    let tags = &mut request.owned()?.tags;
    if named.is_empty() {
        tags.clear();
    } else {
        named.split(',').for_each(|key| {
            tags.remove(key);
        });
    }
    gone()
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ResourceGroup {
    #[serde(default)]
    resource_group_id: String,
}

/// Refuses ids that no resource group can have; whether the group exists is not known here
/// (OSS API reference, PutBucketResourceGroup).
pub(super) fn check_resource_group(id: &str) -> Result<(), Error> {
    let tail = id.strip_prefix("rg-").unwrap_or("");
    if tail.len() >= 4 && tail.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Ok(());
    }
    Err(Error::new(
        StatusCode::BAD_REQUEST,
        "ResourceGroupIdPreCheckError",
        "The resource group id precheck error",
    )
    .ec("0039-00000003"))
}

fn served(request: &Request<'_>) -> Result<(), Error> {
    if request.switches.on(&switches::RESOURCE_GROUPS) {
        return Ok(());
    }
    Err(Error::not_implemented("resourceGroup"))
}

/// PutBucketResourceGroup: an empty id is the default group.
pub(super) fn put_resource_group(request: &mut Request<'_>) -> Answer {
    served(request)?;
    let config: ResourceGroup = request.document(&RESOURCE_GROUP)?;
    let group = if config.resource_group_id.is_empty() {
        default_resource_group(request.account())
    } else {
        check_resource_group(&config.resource_group_id)?;
        config.resource_group_id
    };
    request.owned()?.resource_group_id = group;
    done()
}

/// GetBucketResourceGroup: always a non-empty id.
pub(super) fn get_resource_group(request: &mut Request<'_>) -> Answer {
    served(request)?;
    let resource_group_id = request.owned()?.resource_group_id.clone();
    xml::reply(RESOURCE_GROUP.root, &ResourceGroup { resource_group_id })
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct AccessMonitor {
    status: String,
}

/// PutBucketAccessMonitor: cannot be disabled while lifecycle rules go by access time
/// (OSS API reference, PutBucketAccessMonitor).
pub(super) fn put_access_monitor(request: &mut Request<'_>) -> Answer {
    let config: AccessMonitor = request.document(&ACCESS_MONITOR)?;
    if !matches!(config.status.as_str(), "Enabled" | "Disabled") {
        return Err(Error::malformed("Status must be Enabled or Disabled"));
    }
    let bucket = request.owned()?;
    let in_use = bucket.lifecycle.as_ref().is_some_and(|lifecycle| lifecycle.uses_access_time());
    if config.status == "Disabled" && in_use {
        return Err(Error::new(
            StatusCode::BAD_REQUEST,
            "AccessMonitorDisableNotAllowed",
            "Access monitor cannot be disabled while lifecycle rules are based on access time.",
        ));
    }
    bucket.access_monitor = config.status;
    done()
}

/// GetBucketAccessMonitor: Disabled when it was never set.
pub(super) fn get_access_monitor(request: &mut Request<'_>) -> Answer {
    let status = request.owned()?.access_monitor.clone();
    xml::reply(ACCESS_MONITOR.root, &AccessMonitor { status })
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RequestPayment {
    payer: String,
}

/// PutBucketRequestPayment (OSS API reference).
pub(super) fn put_request_payment(request: &mut Request<'_>) -> Answer {
    let config: RequestPayment = request.document(&REQUEST_PAYMENT)?;
    if !matches!(config.payer.as_str(), "BucketOwner" | "Requester") {
        return Err(Error::malformed("Payer must be BucketOwner or Requester"));
    }
    request.owned()?.request_payment = config.payer;
    done()
}

/// GetBucketRequestPayment.
pub(super) fn get_request_payment(request: &mut Request<'_>) -> Answer {
    let payer = request.owned()?.request_payment.clone();
    xml::reply(REQUEST_PAYMENT.root, &RequestPayment { payer })
}

#[derive(Serialize, Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct TransferAcceleration {
    enabled: bool,
}

/// PutBucketTransferAcceleration (OSS API reference).
pub(super) fn put_acceleration(request: &mut Request<'_>) -> Answer {
    let config: TransferAcceleration = request.document(&TRANSFER_ACCELERATION)?;
    request.owned()?.transfer_acceleration = Some(config.enabled);
    done()
}

/// GetBucketTransferAcceleration.
pub(super) fn get_acceleration(request: &mut Request<'_>) -> Answer {
    match request.owned()?.transfer_acceleration {
        Some(enabled) => xml::reply(TRANSFER_ACCELERATION.root, &TransferAcceleration { enabled }),
        None => Err(Error::new(
            StatusCode::NOT_FOUND,
            "NoSuchTransferAccelerationConfiguration",
            "The bucket has no transfer acceleration configuration.",
        )),
    }
}
