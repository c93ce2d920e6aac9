//! The writing calls of Object Storage Service.

use super::{Condition, Weakening, WritingCall};
use alibaba::endpoint::Service;

const TARGET_DELETED: Condition = Condition {
    id: "bucket.delivery_target_deleted",
    when: "a trail that logs delivers to the bucket that is deleted",
    loss: "the events of the trail can no longer be delivered there",
};
const ACL_OPENED: Condition = Condition {
    id: "bucket.acl_opened",
    when: "the ACL lets everybody read or write more than before",
    loss: "everybody can read the objects, or overwrite and delete them",
};
const UNBLOCKED: Condition = Condition {
    id: "bucket.public_access_unblocked",
    when: "public access to the bucket is no longer blocked",
    loss: "public ACLs and public policies take effect",
};
const ACCOUNT_UNBLOCKED: Condition = Condition {
    id: "account.public_access_unblocked",
    when: "public access to the buckets of the account is no longer blocked",
    loss: "public ACLs and public policies take effect where no bucket blocks them itself",
};
const SUSPENDED: Condition = Condition {
    id: "bucket.versioning_suspended",
    when: "versioning is suspended",
    loss: "what is overwritten or deleted is no longer kept as an old version",
};
const ENCRYPTION: Condition = Condition {
    id: "bucket.encryption_weakened",
    when: "new objects are encrypted with keys of the service instead of KMS, or with a KMS key of the service instead of \
           an own one",
    loss: "who may read new objects is no longer decided by the key",
};
const TLS: Condition = Condition {
    id: "bucket.tls_lowered",
    when: "the bucket accepts older versions of TLS than before",
    loss: "objects can be read and written over connections that no longer count as safe",
};
const LOG_MOVED: Condition = Condition {
    id: "access_log.moved",
    when: "the access log goes to another bucket",
    loss: "whoever evaluates it in the old bucket sees no new requests",
};
const LOG_STOPPED: Condition = Condition {
    id: "access_log.stopped",
    when: "the access log is switched off",
    loss: "nobody records any longer who reads, writes and deletes objects",
};
const PUBLIC_POLICY: Condition = Condition {
    id: "bucket_policy.public",
    when: "a new statement lets everybody in",
    loss: "everybody can do with the bucket what the statement allows",
};
const DELETER: Condition = Condition {
    id: "bucket_policy.deletion_allowed",
    when: "the policy newly lets somebody outside of the account delete objects, or change what keeps and protects them",
    loss: "whoever is let in can delete evidence",
};
const DENY_REMOVED: Condition = Condition {
    id: "bucket_policy.denial_removed",
    when: "a statement that denies something goes",
    loss: "what it refused is possible again",
};
const TAKES_NOTHING: Condition = Condition {
    id: "bucket_policy.delivery_denied",
    when: "the policy denies every new object",
    loss: "the events of trails that deliver to the bucket no longer arrive",
};
const WORM_REMOVED: Condition = Condition {
    id: "worm.removed",
    when: "a retention policy that is not locked is taken back",
    loss: "objects can be overwritten and deleted before their time",
};
const WORM_SHORTENED: Condition = Condition {
    id: "worm.shortened",
    when: "a retention policy begins that is shorter than the one before",
    loss: "objects can be overwritten and deleted earlier",
};
const EARLIER: Condition = Condition {
    id: "lifecycle.earlier_expiry",
    when: "a rule deletes objects or old versions earlier than before",
    loss: "objects or old versions are deleted for good before their time",
};
const FIRST_EXPIRY: Condition = Condition {
    id: "lifecycle.first_early_expiry",
    when: "a bucket that has no rules gets one that deletes objects or old versions within 180 days",
    loss: "objects or old versions are deleted for good that were kept until now",
};
const OBJECTS: Condition = Condition {
    id: "objects.deleted",
    when: "objects or old versions are deleted",
    loss: "they are gone for good",
};

const fn call(action: &'static str, function: &'static str, weakens: Weakening) -> WritingCall {
    WritingCall { service: Service::Oss, action, function, weakens }
}

pub(super) const CALLS: &[WritingCall] = &[
    // The owner's own bucket of this name is no error, and has its ACL overwritten.
    call("PutBucket", "Oss::put_bucket", Weakening::When(&[&ACL_OPENED])),
    call("DeleteBucket", "Oss::delete_bucket", Weakening::When(&[&TARGET_DELETED])),
    call("PutBucketAcl", "Oss::put_bucket_acl", Weakening::When(&[&ACL_OPENED])),
    call("PutBucketVersioning", "Oss::put_bucket_versioning", Weakening::When(&[&SUSPENDED])),
    call("PutBucketEncryption", "Oss::put_bucket_encryption", Weakening::When(&[&ENCRYPTION])),
    call("PutBucketPublicAccessBlock", "Oss::put_bucket_public_access_block", Weakening::When(&[&UNBLOCKED])),
    call("PutPublicAccessBlock", "Oss::put_public_access_block", Weakening::When(&[&ACCOUNT_UNBLOCKED])),
    call(
        "DeletePublicAccessBlock",
        "Oss::delete_public_access_block",
        Weakening::When(&[&ACCOUNT_UNBLOCKED]),
    ),
    call(
        "PutBucketTags",
        "Oss::put_bucket_tags",
        Weakening::Never("lifecycle rules go by the tags of objects, not of buckets"),
    ),
    call(
        "DeleteBucketTags",
        "Oss::put_bucket_tags",
        Weakening::Never("lifecycle rules go by the tags of objects, not of buckets"),
    ),
    call("PutBucketHttpsConfig", "Oss::put_bucket_https_config", Weakening::When(&[&TLS])),
    call(
        "PutBucketAccessMonitor",
        "Oss::put_bucket_access_monitor",
        Weakening::Never("it serves to move objects to colder classes and deletes nothing"),
    ),
    call(
        "PutBucketResourceGroup",
        "Oss::put_bucket_resource_group",
        Weakening::Never("the bucket and its settings stay as they are"),
    ),
    call(
        "PutBucketTransferAcceleration",
        "Oss::put_bucket_transfer_acceleration",
        Weakening::Never("the bucket is reached through another host too, by whom it lets in anyway"),
    ),
    call(
        "CreateBucketDataRedundancyTransition",
        "Oss::create_bucket_redundancy_transition",
        Weakening::Never("objects are copied to more zones"),
    ),
    call(
        "PutBucketRequestPayment",
        "Oss::put_bucket_request_payment",
        Weakening::Never("objects stay, and trails deliver by a role of the account that owns the bucket"),
    ),
    call("PutBucketLogging", "Oss::put_bucket_logging", Weakening::When(&[&LOG_MOVED])),
    call("DeleteBucketLogging", "Oss::delete_bucket_logging", Weakening::When(&[&LOG_STOPPED])),
    call(
        "PutBucketPolicy",
        "Oss::put_bucket_policy",
        Weakening::When(&[&PUBLIC_POLICY, &DELETER, &DENY_REMOVED, &TAKES_NOTHING]),
    ),
    call("DeleteBucketPolicy", "Oss::delete_bucket_policy", Weakening::When(&[&DENY_REMOVED])),
    call("InitiateBucketWorm", "Oss::initiate_bucket_worm", Weakening::When(&[&WORM_SHORTENED])),
    call("AbortBucketWorm", "Oss::abort_bucket_worm", Weakening::When(&[&WORM_REMOVED, &WORM_SHORTENED])),
    call(
        "CompleteBucketWorm",
        "Oss::complete_bucket_worm",
        Weakening::Never("it locks the retention that is in progress"),
    ),
    call(
        "ExtendBucketWorm",
        "Oss::extend_bucket_worm",
        Weakening::Never("the service only lets a locked retention become longer"),
    ),
    call("PutBucketLifecycle", "Oss::put_bucket_lifecycle", Weakening::When(&[&EARLIER, &FIRST_EXPIRY])),
    call(
        "DeleteBucketLifecycle",
        "Oss::delete_bucket_lifecycle",
        Weakening::Never("without rules nothing is deleted"),
    ),
    call("DeleteMultipleObjects", "Oss::delete_object_versions", Weakening::When(&[&OBJECTS])),
    call(
        "AbortMultipartUpload",
        "Oss::abort_multipart_upload",
        Weakening::Never("an upload that was not finished is no object yet"),
    ),
];
