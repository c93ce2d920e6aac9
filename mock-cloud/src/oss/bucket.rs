//! Making and deleting buckets: what PutBucket accepts, when a repeated PutBucket succeeds, and what must be gone
//! before DeleteBucket.

use std::collections::BTreeMap;

use http::StatusCode;
use serde::Deserialize;
use time::Duration;

use super::documents::BUCKET;
use super::error::Error;
use super::request::{Answer, Request, gone};
use super::settings::Encryption;
use super::state::Bucket;
use super::timestamp::Timestamp;
use super::{access, address, attributes, redundancy, switches};
use crate::http::{Call, Reply};
use crate::switches::QUOTAS;

/// Buckets per account and region (OSS developer guide, "Limits").
const BUCKET_QUOTA: usize = 100;

/// Storage classes from warm to cold (OSS developer guide, "Storage classes").
pub(super) const STORAGE_CLASSES: [&str; 5] = ["Standard", "IA", "Archive", "ColdArchive", "DeepColdArchive"];

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct CreateBucketConfiguration {
    storage_class: Option<String>,
    data_redundancy_type: Option<String>,
}

/// PutBucket: creates a bucket in the region of the endpoint (OSS API reference, PutBucket).
pub(super) fn put(request: &mut Request<'_>) -> Answer {
    let name = request.bucket;
    address::check_bucket_name(name)?;
    let wanted = wanted(request)?;
    match request.state.buckets.get(name) {
        Some(existing) => repeat(request, existing.clone(), &wanted)?,
        None => create(request, wanted)?,
    }
    Ok(Reply::empty(StatusCode::OK).with_header("location", &format!("/{name}")))
}

/// The bucket that the body and the headers describe.
fn wanted(request: &Request<'_>) -> Result<Bucket, Error> {
    let call = request.call;
    let config = if call.body.is_empty() {
        CreateBucketConfiguration::default()
    } else {
        request.document::<CreateBucketConfiguration>(&BUCKET)?
    };
    let mut bucket = Bucket::new(request.account(), &call.region, call.now);
    bucket.block_public_access = request.switches.on(&switches::PUBLIC_ACCESS_BLOCK_DEFAULT);
    if let Some(class) = config.storage_class.filter(|class| !class.is_empty()) {
        if !STORAGE_CLASSES.contains(&class.as_str()) {
            return Err(Error::argument("StorageClass", &class, "No such bucket storage class exists."));
        }
        bucket.storage_class = class;
    }
    if let Some(redundancy) = config.data_redundancy_type.filter(|kind| !kind.is_empty()) {
        check_redundancy(&redundancy, &bucket.storage_class, &call.region)?;
        bucket.data_redundancy_type = redundancy;
    }
    if let Some(acl) = wanted_acl(call) {
        access::check_acl(acl)?;
        bucket.acl = acl.to_owned();
    }
    if let Some(group) = call.header("x-oss-resource-group-id").filter(|group| !group.is_empty()) {
        attributes::check_resource_group(group)?;
        bucket.resource_group_id = group.to_owned();
    }
    if let Some(tagging) = call.header("x-oss-bucket-tagging") {
        bucket.tags = header_tags(tagging)?;
    }
    bucket.server_side_encryption_rule = header_encryption(request)?;
    Ok(bucket)
}

/// The ACL that a PutBucket asks for. An empty header counts as absent: SDKs send one.
pub(crate) fn wanted_acl(call: &Call) -> Option<&str> {
    call.header("x-oss-acl").filter(|acl| !acl.is_empty())
}

/// LRS anywhere, ZRS where the region has zones enough and not for the two coldest classes. The refusal's code and the
/// list of classes are assumed; the regions are those of the redundancy transition.
fn check_redundancy(kind: &str, class: &str, region: &str) -> Result<(), Error> {
    let possible = match kind {
        "LRS" => true,
        "ZRS" => !matches!(class, "ColdArchive" | "DeepColdArchive") && redundancy::has_zones(region),
        _ => false,
    };
    if possible {
        return Ok(());
    }
    Err(Error::argument("DataRedundancyType", kind, "No such bucket data redundancy type exists."))
}

/// Tags in the `x-oss-bucket-tagging` header, in query-string syntax.
fn header_tags(text: &str) -> Result<BTreeMap<String, String>, Error> {
    attributes::checked_tags(query_pairs(text))
}

/// The pairs of a query string, decoded.
pub(super) fn query_pairs(text: &str) -> impl Iterator<Item = (String, String)> + '_ {
    let decode = |part: &str| {
        percent_encoding::percent_decode_str(&part.replace('+', " ")).decode_utf8_lossy().into_owned()
    };
    text.split('&').filter(|pair| !pair.is_empty()).map(move |pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode(key), decode(value))
    })
}

/// Default encryption from the headers of PutBucket.
pub(super) fn header_encryption(request: &Request<'_>) -> Result<Option<Encryption>, Error> {
    let header = |name| request.call.header(name).filter(|value| !value.is_empty()).map(str::to_owned);
    let Some(algorithm) = header("x-oss-server-side-encryption") else { return Ok(None) };
    let rule = Encryption {
        sse_algorithm: algorithm,
        kms_master_key_id: header("x-oss-server-side-encryption-key-id"),
        kms_data_encryption: header("x-oss-server-side-data-encryption"),
    };
    rule.check()?;
    Ok(Some(rule))
}

fn create(request: &mut Request<'_>, wanted: Bucket) -> Result<(), Error> {
    let name = request.bucket;
    if let Some(until) = request.state.held_names.get(name)
        && until.0 > request.call.now
    {
        return Err(taken(
            "0015-00000103",
            "The bucket name was released a short time ago. Please try again later.",
            name,
        ));
    }
    let siblings = request.state.buckets.values();
    let count =
        siblings.filter(|other| other.owner == wanted.owner && other.location == wanted.location).count();
    if request.switches.is(&QUOTAS, "on") && count >= BUCKET_QUOTA {
        return Err(Error::new(
            StatusCode::BAD_REQUEST,
            "TooManyBuckets",
            "You have attempted to create more buckets than allowed",
        ));
    }
    // Assumed: a refused public ACL leaves no bucket behind.
    if wanted.acl != "private" && request.public_access_blocked(&wanted) {
        return Err(Error::denied("Put public bucket acl is not allowed"));
    }
    request.state.held_names.remove(name);
    request.state.buckets.insert(name.to_owned(), wanted);
    Ok(())
}

/// PutBucket for a name that exists: an answer for each difference (OSS API reference, PutBucket: the main account may
/// repeat it with the same region, class and redundancy; a RAM identity may not).
fn repeat(request: &mut Request<'_>, existing: Bucket, wanted: &Bucket) -> Result<(), Error> {
    let name = request.bucket;
    if existing.owner != wanted.owner {
        return Err(taken(
            "0015-00000104",
            "The requested bucket name is not available. The bucket namespace is shared by all users of the system. \
             Please select a different name and try again.",
            name,
        ));
    }
    if existing.location != wanted.location {
        return Err(taken("0015-00000227", "Bucket already exists can't modify location.", name));
    }
    if existing.storage_class != wanted.storage_class {
        return Err(conflict("Cannot modify existing bucket's storage class.", name));
    }
    if existing.data_redundancy_type != wanted.data_redundancy_type {
        return Err(conflict("Bucket already exists CAN'T modify data redundancy type.", name));
    }
    if !request.call.caller.arn.ends_with(":root") {
        return Err(conflict("The bucket you are attempting to create already exists.", name));
    }
    let explicit = wanted_acl(request.call).is_some();
    if explicit || request.switches.is(&switches::REPEATED_PUT_ACL, "private") {
        if wanted.acl != "private" && request.public_access_blocked(&existing) {
            return Err(Error::denied("Put public bucket acl is not allowed"));
        }
        let bucket = request.owned()?;
        bucket.acl.clone_from(&wanted.acl);
    }
    Ok(())
}

fn conflict(message: &str, bucket: &str) -> Error {
    Error::new(StatusCode::CONFLICT, "BucketAlreadyExists", message).detail("BucketName", bucket)
}

fn taken(ec: &'static str, message: &str, bucket: &str) -> Error {
    conflict(message, bucket).ec(ec)
}

/// DeleteBucket: only when nothing is left in it (OSS API reference, DeleteBucket). The name stays held afterwards.
pub(super) fn delete(request: &mut Request<'_>) -> Answer {
    let bucket = request.owned()?;
    if bucket.redundancy_transitions.iter().any(redundancy::Transition::is_running) {
        // Status and code are assumed; the finer number is documented.
        return Err(conflict_on_delete(
            "BucketDataRedundancyTransitionTaskStatusConflict",
            "0015-00000304",
            "The bucket has a data redundancy transition task under way.",
        ));
    }
    let name = request.bucket;
    let full = request.state.objects.get(name).is_some_and(|objects| !objects.is_empty())
        || request.state.uploads.get(name).is_some_and(|uploads| !uploads.is_empty());
    if full {
        return Err(conflict_on_delete(
            "BucketNotEmpty",
            "0015-00000301",
            "The bucket has objects. Please delete them first.",
        ));
    }
    request.state.buckets.remove(name);
    request.state.objects.remove(name);
    request.state.uploads.remove(name);
    let hold = switches::seconds(request.switches.get(&switches::NAME_HOLD));
    if hold > 0 {
        let until = Timestamp(request.call.now + Duration::seconds(hold));
        request.state.held_names.insert(name.to_owned(), until);
    }
    gone()
}

fn conflict_on_delete(code: &str, ec: &'static str, message: &str) -> Error {
    Error::new(StatusCode::CONFLICT, code, message).ec(ec)
}
