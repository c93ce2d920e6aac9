//! Reading about buckets: GetBucketInfo, GetBucketLocation, GetBucketStat and the account's list of buckets.

use serde::Serialize;

use super::address;
use super::error::Error;
use super::request::{Answer, Request};
use super::state::{Bucket, State, default_resource_group};
use super::timestamp::Timestamp;
use super::xml;

/// An account as owner; its id is also its display name.
#[derive(Serialize, Clone)]
pub(super) struct Owner {
    #[serde(rename = "ID")]
    id: String,
    #[serde(rename = "DisplayName")]
    display_name: String,
}

impl Owner {
    pub(super) fn new(account: &str) -> Owner {
        Owner { id: account.to_owned(), display_name: account.to_owned() }
    }
}

/// An ACL as documents nest it.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Grant {
    pub(super) grant: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct BucketInfo {
    bucket: BucketDetails,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct BucketDetails {
    access_monitor: String,
    block_public_access: bool,
    comment: String,
    creation_date: Timestamp,
    cross_region_replication: &'static str,
    data_redundancy_type: String,
    extranet_endpoint: String,
    intranet_endpoint: String,
    location: String,
    name: String,
    resource_group_id: String,
    storage_class: String,
    transfer_acceleration: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    versioning: Option<String>,
    owner: Owner,
    access_control_list: Grant,
    server_side_encryption_rule: FlatEncryption,
    bucket_policy: LogTarget,
}

#[derive(Serialize)]
struct FlatEncryption {
    #[serde(rename = "SSEAlgorithm")]
    sse_algorithm: String,
    #[serde(rename = "KMSMasterKeyID", skip_serializing_if = "Option::is_none")]
    kms_master_key_id: Option<String>,
    #[serde(rename = "KMSDataEncryption", skip_serializing_if = "Option::is_none")]
    kms_data_encryption: Option<String>,
}

/// The logging target, which GetBucketInfo calls the bucket's policy.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct LogTarget {
    log_bucket: String,
    log_prefix: String,
}

/// GetBucketInfo: one document over ACL, encryption, versioning, logging target, tracking, group, public access block,
/// class and redundancy (OSS API reference, GetBucketInfo).
pub(super) fn info(request: &mut Request<'_>) -> Answer {
    let (name, any) = (request.bucket, request.info_from_any_endpoint());
    let bucket = request.owned_from(any)?.clone();
    let encryption = match &bucket.server_side_encryption_rule {
        None => FlatEncryption {
            sse_algorithm: "None".to_owned(),
            kms_master_key_id: None,
            kms_data_encryption: None,
        },
        Some(rule) => FlatEncryption {
            sse_algorithm: rule.sse_algorithm.clone(),
            kms_master_key_id: (rule.sse_algorithm == "KMS")
                .then(|| rule.kms_master_key_id.clone().unwrap_or_default()),
            kms_data_encryption: rule.kms_data_encryption.clone(),
        },
    };
    let target = bucket.logging.as_ref();
    let details = BucketDetails {
        extranet_endpoint: address::extranet(&bucket.location),
        intranet_endpoint: address::intranet(&bucket.location),
        transfer_acceleration: if bucket.transfer_acceleration == Some(true) {
            "Enabled"
        } else {
            "Disabled"
        },
        owner: Owner::new(&bucket.owner),
        access_control_list: Grant { grant: bucket.acl },
        server_side_encryption_rule: encryption,
        bucket_policy: LogTarget {
            log_bucket: target.map(|target| target.target_bucket.clone()).unwrap_or_default(),
            log_prefix: target.map(|target| target.target_prefix.clone()).unwrap_or_default(),
        },
        access_monitor: bucket.access_monitor,
        block_public_access: bucket.block_public_access,
        comment: String::new(),
        creation_date: bucket.creation_date,
        cross_region_replication: "Disabled",
        data_redundancy_type: bucket.data_redundancy_type,
        location: bucket.location,
        name: name.to_owned(),
        resource_group_id: bucket.resource_group_id,
        storage_class: bucket.storage_class,
        versioning: bucket.versioning,
    };
    xml::reply("BucketInfo", &BucketInfo { bucket: details })
}

/// GetBucketLocation (OSS API reference, GetBucketLocation).
pub(super) fn location(request: &mut Request<'_>) -> Answer {
    let any = request.info_from_any_endpoint();
    let location = &request.owned_from(any)?.location;
    Ok(xml::document_reply(format!("<LocationConstraint>{location}</LocationConstraint>")))
}

#[derive(Serialize, Default)]
#[serde(rename_all = "PascalCase")]
struct BucketStat {
    storage: u64,
    object_count: u64,
    multipart_upload_count: u64,
    multipart_part_count: u64,
    live_channel_count: u64,
    last_modified_time: i64,
    standard_storage: u64,
    standard_object_count: u64,
    infrequent_access_storage: u64,
    infrequent_access_real_storage: u64,
    infrequent_access_object_count: u64,
    archive_storage: u64,
    archive_real_storage: u64,
    archive_object_count: u64,
    cold_archive_storage: u64,
    cold_archive_real_storage: u64,
    cold_archive_object_count: u64,
    deep_cold_archive_storage: u64,
    deep_cold_archive_real_storage: u64,
    deep_cold_archive_object_count: u64,
    delete_marker_count: u64,
}

/// GetBucketStat: figures of what is stored (OSS API reference, GetBucketStat; the real ones lag by an hour or more,
/// these do not).
pub(super) fn stat(request: &mut Request<'_>) -> Answer {
    let name = request.bucket;
    request.owned()?;
    let mut stat =
        BucketStat { last_modified_time: request.call.now.unix_timestamp(), ..BucketStat::default() };
    for version in request.state.objects.get(name).into_iter().flat_map(|keys| keys.values().flatten()) {
        if version.delete_marker {
            stat.delete_marker_count += 1;
            continue;
        }
        let size = version.body.0.len() as u64;
        stat.storage += size;
        stat.object_count += 1;
        let (storage, real, count) = match version.storage_class.as_str() {
            "IA" => (
                &mut stat.infrequent_access_storage,
                &mut stat.infrequent_access_real_storage,
                &mut stat.infrequent_access_object_count,
            ),
            "Archive" => {
                (&mut stat.archive_storage, &mut stat.archive_real_storage, &mut stat.archive_object_count)
            }
            "ColdArchive" => (
                &mut stat.cold_archive_storage,
                &mut stat.cold_archive_real_storage,
                &mut stat.cold_archive_object_count,
            ),
            "DeepColdArchive" => (
                &mut stat.deep_cold_archive_storage,
                &mut stat.deep_cold_archive_real_storage,
                &mut stat.deep_cold_archive_object_count,
            ),
            _ => {
                stat.standard_storage += size;
                stat.standard_object_count += 1;
                continue;
            }
        };
        // Colder classes are billed for at least 64 KB an object (OSS developer guide, "Storage classes").
        *storage += size.max(64 * 1024);
        *real += size;
        *count += 1;
    }
    for upload in request.state.uploads.get(name).into_iter().flat_map(|uploads| uploads.values()) {
        stat.multipart_upload_count += 1;
        stat.multipart_part_count += upload.parts.len() as u64;
    }
    xml::reply("BucketStat", &stat)
}

#[derive(Serialize, Default)]
#[serde(rename_all = "PascalCase")]
struct ListAllMyBucketsResult {
    #[serde(skip_serializing_if = "Option::is_none")]
    prefix: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    marker: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_keys: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_truncated: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_marker: Option<String>,
    owner: Option<Owner>,
    buckets: Buckets,
}

#[derive(Serialize, Default)]
#[serde(rename_all = "PascalCase")]
struct Buckets {
    bucket: Vec<BucketEntry>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct BucketEntry {
    creation_date: Timestamp,
    extranet_endpoint: String,
    intranet_endpoint: String,
    location: String,
    name: String,
    region: String,
    resource_group_id: String,
    storage_class: String,
}

/// ListBuckets: the caller's buckets of every region in name order, whichever endpoint is asked; paging elements only
/// when there is more than one page (OSS API reference, ListBuckets).
pub(super) fn list(request: &mut Request<'_>) -> Answer {
    let call = request.call;
    let text = |name| call.param(name).unwrap_or("");
    let limit = limit(call.param("max-keys"), 1000, 100)?;
    let (prefix, marker) = (text("prefix"), text("marker"));
    let (tag_key, tag_value) = (call.param("tag-key"), call.param("tag-value"));
    if tag_value.is_some() && tag_key.is_none() {
        return Err(Error::argument("tag-value", text("tag-value"), "tag-value needs tag-key."));
    }
    let group = call.header("x-oss-resource-group-id").filter(|group| !group.is_empty());
    let account = request.account();
    let wanted = |name: &str, bucket: &Bucket| {
        bucket.owner == account
            && name.starts_with(prefix)
            && name > marker
            && group.is_none_or(|group| in_group(bucket, group))
            && tag_key.is_none_or(|key| {
                bucket.tags.get(key).is_some_and(|value| tag_value.is_none_or(|wanted| wanted == value))
            })
    };
    let state: &State = request.state;
    let mut found = state.buckets.iter().filter(|(name, bucket)| wanted(name, bucket));
    let page: Vec<BucketEntry> =
        found.by_ref().take(limit).map(|(name, bucket)| entry(name, bucket)).collect();
    let more = found.next().is_some();
    let mut result =
        ListAllMyBucketsResult { owner: Some(Owner::new(account)), ..ListAllMyBucketsResult::default() };
    if more || !marker.is_empty() {
        result.prefix = Some(prefix.to_owned());
        result.marker = Some(marker.to_owned());
        result.max_keys = Some(limit);
        result.is_truncated = Some(more);
        result.next_marker = more.then(|| page.last().map(|last| last.name.clone()).unwrap_or_default());
    }
    result.buckets.bucket = page;
    xml::reply("ListAllMyBucketsResult", &result)
}

fn in_group(bucket: &Bucket, group: &str) -> bool {
    bucket.resource_group_id == group
        || group == "rg-default-id" && bucket.resource_group_id == default_resource_group(&bucket.owner)
}

fn entry(name: &str, bucket: &Bucket) -> BucketEntry {
    BucketEntry {
        creation_date: bucket.creation_date,
        extranet_endpoint: address::extranet(&bucket.location),
        intranet_endpoint: address::intranet(&bucket.location),
        location: bucket.location.clone(),
        name: name.to_owned(),
        region: bucket.region().to_owned(),
        resource_group_id: bucket.resource_group_id.clone(),
        storage_class: bucket.storage_class.clone(),
    }
}

/// A page size between 1 and `most`, or the default when there is none.
pub(super) fn limit(text: Option<&str>, most: usize, default: usize) -> Result<usize, Error> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(default) };
    match text.parse::<usize>() {
        Ok(number) if (1..=most).contains(&number) => Ok(number),
        _ => {
            Err(Error::argument("max-keys", text, format!("Argument max-keys must be between 1 and {most}.")))
        }
    }
}
