//! The open points of the OSS documentation, as switches.

use crate::switches::Switch;

/// Every switch of this service.
pub const SWITCHES: &[Switch] = &[
    NAME_HOLD,
    PUBLIC_ACCESS_BLOCK_DEFAULT,
    REPEATED_PUT_ACL,
    PUT_ACL_CREATES,
    ENCRYPTION_UNSET_STATUS,
    HTTPS_UNSET,
    WORM_VERSIONING,
    LIFECYCLE_ORDER,
    INFO_ANY_ENDPOINT,
    RESOURCE_GROUPS,
    CONFIG_LAG,
    TRANSITION_PACE,
    POLICY_TEXT,
];

/// How long a deleted bucket's name stays taken.
pub(super) const NAME_HOLD: Switch = Switch {
    name: "oss_name_hold",
    values: &["4h", "8h", "off"],
    doc: "How long the name of a deleted bucket cannot be used again, by the service clock.",
    source: "Documented as 4 to 8 hours; the exact time and the error code are not.",
};

/// Whether new buckets block public access.
pub(super) const PUBLIC_ACCESS_BLOCK_DEFAULT: Switch = Switch {
    name: "oss_public_access_block_default",
    values: &["true", "false"],
    doc: "A new bucket starts with Block Public Access on.",
    source: "Announced from 2025-10-13 and rolled out in phases, so a region may still have it off.",
};

/// What a repeated PutBucket without `x-oss-acl` does to the ACL.
pub(super) const REPEATED_PUT_ACL: Switch = Switch {
    name: "oss_repeated_put_bucket_acl",
    values: &["private", "keep"],
    doc: "PutBucket on an own bucket without x-oss-acl sets the ACL back to private, or keeps it.",
    source: "Documented is only that metadata such as the ACL is overwritten.",
};

/// Whether PutBucketAcl makes a missing bucket.
pub(super) const PUT_ACL_CREATES: Switch = Switch {
    name: "oss_put_acl_creates_bucket",
    values: &["false", "true"],
    doc: "PutBucketAcl on a missing bucket creates it.",
    source: "Documented for PutBucketAcl; not seen, and the SDK tests expect NoSuchBucket.",
};

/// HTTP status for a bucket without default encryption.
pub(super) const ENCRYPTION_UNSET_STATUS: Switch = Switch {
    name: "oss_encryption_unset_status",
    values: &["404", "400"],
    doc: "HTTP status of NoSuchServerSideEncryptionRule.",
    source: "404 in error tables and SDK tests, 400 on one older page.",
};

/// What GetBucketHttpsConfig says when nothing was ever set.
pub(super) const HTTPS_UNSET: Switch = Switch {
    name: "oss_https_config_unset",
    values: &["not_found", "disabled"],
    doc: "GetBucketHttpsConfig without a configuration: 404 NoSuchHttpsConfig, or 200 with Enable false.",
    source: "Not documented; the 404 is known from a client's handling of it.",
};

/// How WORM and versioning go together.
pub(super) const WORM_VERSIONING: Switch = Switch {
    name: "oss_worm_with_versioning",
    values: &["allowed", "exclusive"],
    doc: "A retention policy goes with versioning off or Enabled (allowed) or only with versioning off (exclusive).",
    source: "Pages of different age contradict each other; suspending is refused by all of them.",
};

/// In which order lifecycle rules come back.
pub(super) const LIFECYCLE_ORDER: Switch = Switch {
    name: "oss_lifecycle_order",
    values: &["stored", "by_id"],
    doc: "GetBucketLifecycle lists rules as they were put, or by id.",
    source: "Published samples keep the order; nothing promises it.",
};

/// Whether any regional endpoint answers GetBucketInfo and GetBucketLocation.
pub(super) const INFO_ANY_ENDPOINT: Switch = Switch {
    name: "oss_info_from_any_endpoint",
    values: &["false", "true"],
    doc: "GetBucketInfo and GetBucketLocation are answered by endpoints of other regions too.",
    source: "Documented as possible; what is seen is the 403 that names the right endpoint.",
};

/// Whether resource groups are served.
pub(super) const RESOURCE_GROUPS: Switch = Switch {
    name: "oss_resource_groups",
    values: &["true", "false"],
    doc: "The region serves ?resourceGroup; otherwise it answers NotImplemented.",
    source: "Some regions and private installations have been seen without it.",
};

/// How long a configuration write stays invisible.
pub(super) const CONFIG_LAG: Switch = Switch {
    name: "oss_config_lag",
    values: &["0s", "2s", "5s"],
    doc: "How long reads of a bucket's settings still show the state before the last write.",
    source: "SDK tests wait 1 to 5 seconds between writing and reading settings; no figure is documented.",
};

/// Whether a bucket policy comes back as it was put.
pub(super) const POLICY_TEXT: Switch = Switch {
    name: "oss_policy_text",
    values: &["kept", "normalised"],
    doc: "GetBucketPolicy answers the text that was put, or the same JSON with other blanks and order of members.",
    source: "Documented as the stored text; whether it is normalised is not.",
};

/// How fast a redundancy transition goes.
pub(super) const TRANSITION_PACE: Switch = Switch {
    name: "oss_redundancy_transition_pace",
    values: &["hours", "seconds"],
    doc: "A redundancy transition is queued for a minute and takes two hours, or is done after five seconds.",
    source: "Documented as asynchronous without a duration.",
};

/// The seconds that a switch with values like `5s` or `4h` means; `off` is none.
pub(super) fn seconds(value: &str) -> i64 {
    let unit = if value.ends_with('h') { 3600 } else { 1 };
    value.trim_end_matches(['h', 's']).parse::<i64>().map_or(0, |number| number * unit)
}
