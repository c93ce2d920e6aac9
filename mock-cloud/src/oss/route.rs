//! The table of OSS operations: which method and sub-resources select which, and the refusal when none does.

use http::StatusCode;

use super::copying::COPY_SOURCE;
use super::error::Error;
use super::request::{Answer, Request};
use super::{
    access, append, attributes, bucket, copying, info, lifecycle, listing, logging, multi_delete, multipart,
    multipart_listing, object_settings, objects, reading, redundancy, settings, website, worm,
};
use crate::http::Call;

/// What a call addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    /// The service host without a bucket.
    Service,
    /// A bucket.
    Bucket,
    /// An object.
    Object,
}

/// One operation.
pub(super) struct Operation {
    /// Name in the API reference.
    pub(super) name: &'static str,
    level: Level,
    method: &'static str,
    /// Query parameters that select it, all of them needed; a copy is selected by its header.
    selectors: &'static [&'static str],
    /// What carries it out.
    pub(super) serve: fn(&mut Request<'_>) -> Answer,
}

const fn op(
    name: &'static str,
    level: Level,
    method: &'static str,
    selectors: &'static [&'static str],
    serve: fn(&mut Request<'_>) -> Answer,
) -> Operation {
    Operation { name, level, method, selectors, serve }
}

const TARGET: &str = "x-oss-target-redundancy-type";
const TASK: &str = "x-oss-redundancy-transition-taskid";

#[rustfmt::skip]
const OPERATIONS: &[Operation] = {
    use Level::{Bucket, Object, Service};
    &[
        op("ListBuckets", Service, "GET", &[], info::list),
        op("PutPublicAccessBlock", Service, "PUT", &["publicAccessBlock"], access::put_account_block),
        op("GetPublicAccessBlock", Service, "GET", &["publicAccessBlock"], access::get_account_block),
        op("DeletePublicAccessBlock", Service, "DELETE", &["publicAccessBlock"], access::delete_account_block),
        op("ListUserDataRedundancyTransition", Service, "GET", &["redundancyTransition"], redundancy::list_account),
        op("PutBucket", Bucket, "PUT", &[], bucket::put),
        op("DeleteBucket", Bucket, "DELETE", &[], bucket::delete),
        op("GetBucketInfo", Bucket, "GET", &["bucketInfo"], info::info),
        op("GetBucketLocation", Bucket, "GET", &["location"], info::location),
        op("GetBucketStat", Bucket, "GET", &["stat"], info::stat),
        op("PutBucketAcl", Bucket, "PUT", &["acl"], access::put_acl),
        op("GetBucketAcl", Bucket, "GET", &["acl"], access::get_acl),
        op("PutBucketLifecycle", Bucket, "PUT", &["lifecycle"], lifecycle::put),
        op("GetBucketLifecycle", Bucket, "GET", &["lifecycle"], lifecycle::get),
        op("DeleteBucketLifecycle", Bucket, "DELETE", &["lifecycle"], lifecycle::delete),
        op("PutBucketVersioning", Bucket, "PUT", &["versioning"], settings::put_versioning),
        op("GetBucketVersioning", Bucket, "GET", &["versioning"], settings::get_versioning),
        op("PutBucketEncryption", Bucket, "PUT", &["encryption"], settings::put_encryption),
        op("GetBucketEncryption", Bucket, "GET", &["encryption"], settings::get_encryption),
        op("DeleteBucketEncryption", Bucket, "DELETE", &["encryption"], settings::delete_encryption),
        op("PutBucketPolicy", Bucket, "PUT", &["policy"], access::put_policy),
        op("GetBucketPolicy", Bucket, "GET", &["policy"], access::get_policy),
        op("DeleteBucketPolicy", Bucket, "DELETE", &["policy"], access::delete_policy),
        op("GetBucketPolicyStatus", Bucket, "GET", &["policyStatus"], access::policy_status),
        op("PutBucketPublicAccessBlock", Bucket, "PUT", &["publicAccessBlock"], access::put_block),
        op("GetBucketPublicAccessBlock", Bucket, "GET", &["publicAccessBlock"], access::get_block),
        op("DeleteBucketPublicAccessBlock", Bucket, "DELETE", &["publicAccessBlock"], access::delete_block),
        op("PutBucketLogging", Bucket, "PUT", &["logging"], logging::put),
        op("GetBucketLogging", Bucket, "GET", &["logging"], logging::get),
        op("DeleteBucketLogging", Bucket, "DELETE", &["logging"], logging::delete),
        op("PutUserDefinedLogFieldsConfig", Bucket, "PUT", &["userDefinedLogFieldsConfig"], logging::put_fields),
        op("GetUserDefinedLogFieldsConfig", Bucket, "GET", &["userDefinedLogFieldsConfig"], logging::get_fields),
        op("DeleteUserDefinedLogFieldsConfig", Bucket, "DELETE", &["userDefinedLogFieldsConfig"], logging::delete_fields),
        op("InitiateBucketWorm", Bucket, "POST", &["worm"], worm::initiate),
        op("AbortBucketWorm", Bucket, "DELETE", &["worm"], worm::abort),
        op("GetBucketWorm", Bucket, "GET", &["worm"], worm::get),
        op("CompleteBucketWorm", Bucket, "POST", &["wormId"], worm::complete),
        op("ExtendBucketWorm", Bucket, "POST", &["wormId", "wormExtend"], worm::extend),
        op("PutBucketObjectWormConfiguration", Bucket, "PUT", &["objectWorm"], worm::put_object_worm),
        op("GetBucketObjectWormConfiguration", Bucket, "GET", &["objectWorm"], worm::get_object_worm),
        op("PutBucketTags", Bucket, "PUT", &["tagging"], attributes::put_tags),
        op("GetBucketTags", Bucket, "GET", &["tagging"], attributes::get_tags),
        op("DeleteBucketTags", Bucket, "DELETE", &["tagging"], attributes::delete_tags),
        op("PutBucketHttpsConfig", Bucket, "PUT", &["httpsConfig"], settings::put_https),
        op("GetBucketHttpsConfig", Bucket, "GET", &["httpsConfig"], settings::get_https),
        op("PutBucketResourceGroup", Bucket, "PUT", &["resourceGroup"], attributes::put_resource_group),
        op("GetBucketResourceGroup", Bucket, "GET", &["resourceGroup"], attributes::get_resource_group),
        op("PutBucketAccessMonitor", Bucket, "PUT", &["accessmonitor"], attributes::put_access_monitor),
        op("GetBucketAccessMonitor", Bucket, "GET", &["accessmonitor"], attributes::get_access_monitor),
        op("PutBucketRequestPayment", Bucket, "PUT", &["requestPayment"], attributes::put_request_payment),
        op("GetBucketRequestPayment", Bucket, "GET", &["requestPayment"], attributes::get_request_payment),
        op("PutBucketTransferAcceleration", Bucket, "PUT", &["transferAcceleration"], attributes::put_acceleration),
        op("GetBucketTransferAcceleration", Bucket, "GET", &["transferAcceleration"], attributes::get_acceleration),
        op("PutBucketCors", Bucket, "PUT", &["cors"], website::put_cors),
        op("GetBucketCors", Bucket, "GET", &["cors"], website::get_cors),
        op("DeleteBucketCors", Bucket, "DELETE", &["cors"], website::delete_cors),
        op("PutBucketWebsite", Bucket, "PUT", &["website"], website::put_website),
        op("GetBucketWebsite", Bucket, "GET", &["website"], website::get_website),
        op("DeleteBucketWebsite", Bucket, "DELETE", &["website"], website::delete_website),
        op("PutBucketReferer", Bucket, "PUT", &["referer"], website::put_referer),
        op("GetBucketReferer", Bucket, "GET", &["referer"], website::get_referer),
        op("CreateBucketDataRedundancyTransition", Bucket, "POST", &["redundancyTransition", TARGET], redundancy::create),
        op("GetBucketDataRedundancyTransition", Bucket, "GET", &["redundancyTransition", TASK], redundancy::get),
        op("DeleteBucketDataRedundancyTransition", Bucket, "DELETE", &["redundancyTransition", TASK], redundancy::delete),
        op("ListBucketDataRedundancyTransition", Bucket, "GET", &["redundancyTransition"], redundancy::list),
        op("ListObjects", Bucket, "GET", &[], listing::objects),
        op("ListObjectsV2", Bucket, "GET", &["list-type"], listing::objects_v2),
        op("ListObjectVersions", Bucket, "GET", &["versions"], listing::versions),
        op("DeleteMultipleObjects", Bucket, "POST", &["delete"], multi_delete::delete),
        op("ListMultipartUploads", Bucket, "GET", &["uploads"], multipart_listing::list),
        op("PutObject", Object, "PUT", &[], objects::put),
        op("CopyObject", Object, "PUT", &[COPY_SOURCE], copying::copy),
        op("AppendObject", Object, "POST", &["append"], append::append),
        op("GetObject", Object, "GET", &[], reading::get),
        op("HeadObject", Object, "HEAD", &[], reading::get),
        op("GetObjectMeta", Object, "HEAD", &["objectMeta"], reading::get),
        op("PutObjectAcl", Object, "PUT", &["acl"], object_settings::put_acl),
        op("GetObjectAcl", Object, "GET", &["acl"], object_settings::get_acl),
        op("PutObjectTagging", Object, "PUT", &["tagging"], object_settings::put_tags),
        op("GetObjectTagging", Object, "GET", &["tagging"], object_settings::get_tags),
        op("DeleteObjectTagging", Object, "DELETE", &["tagging"], object_settings::delete_tags),
        op("DeleteObject", Object, "DELETE", &[], objects::delete),
        op("InitiateMultipartUpload", Object, "POST", &["uploads"], multipart::initiate),
        op("UploadPart", Object, "PUT", &["partNumber", "uploadId"], multipart::upload_part),
        op("UploadPartCopy", Object, "PUT", &["partNumber", "uploadId", COPY_SOURCE], multipart::copy_part),
        op("ListParts", Object, "GET", &["uploadId"], multipart_listing::list_parts),
        op("CompleteMultipartUpload", Object, "POST", &["uploadId"], multipart::complete),
        op("AbortMultipartUpload", Object, "DELETE", &["uploadId"], multipart::abort),
    ]
};

/// The names of all operations.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    OPERATIONS.iter().map(|operation| operation.name)
}

/// Sub-resources of the service that select an operation not found in the table (OSS API reference, signed
/// sub-resources). Parameters that only modify an operation are not among them.
const OTHER_SELECTORS: &[&str] = &[
    "accessPoint",
    "accessPointPolicy",
    "asyncFetch",
    "bucketArchiveDirectRead",
    "callback",
    "cname",
    "comp",
    "group",
    "img",
    "inventory",
    "legalHold",
    "link",
    "live",
    "metadataConfiguration",
    "metaQuery",
    "overwriteConfig",
    "qos",
    "qosInfo",
    "qosRequester",
    "quota",
    "regionList",
    "regions",
    "replication",
    "replicationLocation",
    "replicationProgress",
    "requesterQosInfo",
    "resourcePool",
    "resourcePoolBuckets",
    "resourcePoolInfo",
    "responseHeader",
    "restore",
    "retention",
    "rtc",
    "sequential",
    "status",
    "style",
    "styleName",
    "symlink",
    "udf",
    "udfApplication",
    "udfApplicationLog",
    "udfImage",
    "udfImageDesc",
    "vod",
    "x-oss-async-process",
    "x-oss-process",
    "x-oss-write-get-object-response",
];

/// Parameters that may stand alone without selecting anything.
const PLAIN: &[&str] = &[
    "prefix",
    "delimiter",
    "marker",
    "max-keys",
    "encoding-type",
    "key-marker",
    "version-id-marker",
    "upload-id-marker",
    "start-after",
    "fetch-owner",
    "continuation-token",
    "security-token",
    "versionId",
    "tag-key",
    "tag-value",
    "part-number-marker",
    "max-parts",
    "max-uploads",
];

fn level(call: &Call) -> Level {
    match &call.container {
        None => Level::Service,
        Some(_) if call.path.trim_start_matches('/').is_empty() => Level::Bucket,
        Some(_) => Level::Object,
    }
}

/// The operation that a call selects, or the refusal: never a silent success for something unknown.
pub(super) fn find(call: &Call) -> Result<&'static Operation, Error> {
    let level = level(call);
    if level == Level::Service && !call.path.trim_start_matches('/').is_empty() {
        // OSS developer guide, "OSS domain names": no path style on the service's own hosts.
        return Err(Error::new(
            StatusCode::FORBIDDEN,
            "SecondLevelDomainForbidden",
            "The bucket you are attempting to access must be addressed using OSS third level domain.",
        ));
    }
    let has = |name: &str| match name {
        COPY_SOURCE => call.header(name).is_some_and(|value| !value.is_empty()),
        _ => call.query.iter().any(|(key, _)| key == name),
    };
    let at_level = || OPERATIONS.iter().filter(move |operation| operation.level == level);
    let selected = |operation: &&Operation| operation.selectors.iter().all(|name| has(name));
    let found = at_level()
        .filter(|operation| operation.method == call.method.as_str())
        .filter(selected)
        .max_by_key(|operation| operation.selectors.len());
    let chosen: &[&str] = found.map_or(&[], |operation| operation.selectors);
    for (key, value) in &call.query {
        let key = key.as_str();
        if chosen.contains(&key) {
            continue;
        }
        if at_level().any(|operation| operation.selectors.contains(&key)) {
            return Err(Error::method_not_allowed());
        }
        // What selects something elsewhere, such as the tags of a bucket, is no plain write here: `PUT /key?tagging=`
        // is not PutObject.
        let elsewhere = OPERATIONS.iter().any(|operation| operation.selectors.contains(&key));
        let bare = value.as_deref().is_none_or(str::is_empty);
        // Assumed: an unknown bare parameter is a sub-resource; an unknown one with a value is ignored.
        if elsewhere
            || OTHER_SELECTORS.contains(&key)
            || bare && !PLAIN.contains(&key) && !key.starts_with("x-oss-")
        {
            return Err(Error::not_implemented(key));
        }
    }
    found.ok_or_else(Error::method_not_allowed)
}

#[cfg(test)]
mod tests {
    use http::Method;

    use super::*;

    fn named(method: Method, container: Option<&str>, target: &str) -> String {
        let mut call = Call::test("1", method, target);
        call.container = container.map(str::to_owned);
        match find(&call) {
            Ok(operation) => operation.name.to_owned(),
            Err(error) => error.code().to_owned(),
        }
    }

    #[test]
    fn method_and_sub_resource_select_the_operation() {
        let bucket = Some("audit-logs");
        for (method, container, target, name) in [
            (Method::GET, None, "/", "ListBuckets"),
            (Method::GET, None, "/?publicAccessBlock=", "GetPublicAccessBlock"),
            (Method::GET, bucket, "/?acl=", "GetBucketAcl"),
            (Method::GET, bucket, "/?acl", "GetBucketAcl"),
            (Method::POST, bucket, "/?wormId=A&wormExtend", "ExtendBucketWorm"),
            (Method::POST, bucket, "/?wormId=A", "CompleteBucketWorm"),
            (Method::GET, bucket, "/?list-type=2&prefix=a", "ListObjectsV2"),
            (Method::GET, bucket, "/?prefix&unknown=1", "ListObjects"),
            (Method::PUT, bucket, "/key?partNumber=1&uploadId=x", "UploadPart"),
            (
                Method::GET,
                bucket,
                "/?redundancyTransition&x-oss-redundancy-transition-taskid=a",
                "GetBucketDataRedundancyTransition",
            ),
            (Method::GET, bucket, "/?inventory", "NotImplemented"),
            (Method::GET, bucket, "/?nonsense", "NotImplemented"),
            (Method::PUT, bucket, "/key?nonsense=", "NotImplemented"),
            (Method::PUT, bucket, "/key?acl=", "PutObjectAcl"),
            (Method::PUT, bucket, "/key?tagging=", "PutObjectTagging"),
            (Method::DELETE, bucket, "/key?tagging", "DeleteObjectTagging"),
            (Method::DELETE, bucket, "/key?acl", "MethodNotAllowed"),
            (Method::GET, bucket, "/key?acl=", "GetObjectAcl"),
            (Method::POST, bucket, "/key?append&position=0", "AppendObject"),
            (Method::POST, bucket, "/key?append=&position=7", "AppendObject"),
            (Method::DELETE, bucket, "/?tagging=a", "DeleteBucketTags"),
            (Method::PUT, bucket, "/?partNumber=1&uploadId=x", "NotImplemented"),
            (Method::POST, bucket, "/?acl", "MethodNotAllowed"),
            (Method::PATCH, bucket, "/", "MethodNotAllowed"),
            (Method::GET, None, "/some/path", "SecondLevelDomainForbidden"),
        ] {
            assert_eq!(named(method, container, target), name, "{target}");
        }
    }
}
