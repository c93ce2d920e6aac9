//! What the ActionTrail reference leaves open. Defaults are what a careful client can least rely on going well.

use crate::switches::Switch;

/// All of them.
pub const SWITCHES: &[Switch] = &[
    UPDATE_TRAIL,
    UPDATE_TRAIL_EMPTY,
    ECHO_OSS_WRITE_ROLE,
    ALLOW_TRAIL_WITHOUT_DESTINATION,
    DEFAULT_EVENT_RW,
    TRAIL_REGION_LIST,
    DESCRIBE_ORGANIZATION,
    TRAIL_FROM_OTHER_REGIONS,
    STOP_LOGGING_METHOD,
    STATUS_BEFORE_START,
    REPEAT_OSS_BUCKET,
    WORM_DELIVERY,
    super::selectors::SELECTOR_TEXT,
    super::selectors::MISSING_SELECTOR,
    super::history_jobs::HISTORY_JOBS,
    super::account::GLOBAL_REGION,
];

pub(super) const UPDATE_TRAIL: Switch = Switch {
    name: "update_trail",
    values: &["merge", "replace"],
    doc: "UpdateTrail keeps the value of a parameter that is left out (merge) or clears it (replace).",
    source: "Not documented; clients have been seen to lose fields that they left out.",
};

pub(super) const UPDATE_TRAIL_EMPTY: Switch = Switch {
    name: "update_trail_empty",
    values: &["clear", "keep"],
    doc: "An empty parameter of UpdateTrail clears (clear), or counts as left out, and a single blank clears (keep).",
    source: "Not documented; clients send an empty string today and had to send a blank to the API of 2017.",
};

pub(super) const ECHO_OSS_WRITE_ROLE: Switch = Switch {
    name: "echo_oss_write_role",
    values: &["false", "true"],
    doc: "A trail with a bucket but without OssWriteRoleArn answers with the service-linked role's ARN.",
    source: "The vendor's sample answers show the ARN; acceptance tests of its provider expect none in a trail made without.",
};

pub(super) const ALLOW_TRAIL_WITHOUT_DESTINATION: Switch = Switch {
    name: "allow_trail_without_destination",
    values: &["true", "false"],
    doc: "CreateTrail and UpdateTrail accept a trail without bucket, log project and MaxCompute project.",
    source: "The API description demands a destination; acceptance tests of the vendor's provider make trails without.",
};

pub(super) const DEFAULT_EVENT_RW: Switch = Switch {
    name: "default_event_rw",
    values: &["Write", "All"],
    doc: "EventRW of a trail that is made without.",
    source: "The description of CreateTrail says All since October 2025 and said Write before; an acceptance test of the \
             vendor's provider, older than that, reads Write.",
};

pub(super) const TRAIL_REGION_LIST: Switch = Switch {
    name: "trail_region_list",
    values: &["accept", "refuse"],
    doc: "TrailRegion may name several regions, separated by commas.",
    source: "Suggested by the wording of UpdateTrail's answer only.",
};

pub(super) const DESCRIBE_ORGANIZATION: Switch = Switch {
    name: "describe_organization",
    values: &["named", "selector", "include", "always"],
    doc: "IncludeOrganizationTrail selects either kind of trail (selector), the same, but a trail of the account itself \
          that NameList names is always found (named), adds organization trails to the others (include) or changes \
          nothing because they are always listed (always).",
    source: "The English description reads as include, the Chinese one as selector; the vendor's provider asks by name \
             only and has found its organization trails so.",
};

pub(super) const TRAIL_FROM_OTHER_REGIONS: Switch = Switch {
    name: "trail_from_other_regions",
    values: &["not_found", "found"],
    doc: "Calls that name a trail work in its home region only (not_found) or in every region (found).",
    source: "No error code for a wrong home region is documented.",
};

pub(super) const STOP_LOGGING_METHOD: Switch = Switch {
    name: "stop_logging_method",
    values: &["get", "any"],
    doc: "HTTP methods that StopLogging accepts.",
    source: "The API description lists GET only, unlike every other action that changes a trail.",
};

pub(super) const STATUS_BEFORE_START: Switch = Switch {
    name: "status_before_start",
    values: &["omit", "empty"],
    doc: "GetTrailStatus leaves out times of what never happened (omit) or answers with empty texts (empty).",
    source: "Not documented.",
};

pub(super) const REPEAT_OSS_BUCKET: Switch = Switch {
    name: "repeat_oss_bucket",
    values: &["refused", "accepted"],
    doc: "A bucket that one trail delivers to is refused to another (RepeatOssBucket), or accepted.",
    source: "The error is listed; not every account has been seen to meet it.",
};

pub(super) const WORM_DELIVERY: Switch = Switch {
    name: "worm_delivery",
    values: &["delivered", "refused"],
    doc: "Deliveries come into a bucket with a retention policy, or are refused, which GetTrailStatus shows.",
    source: "OSS keeps what is there from being changed and takes what is new; ActionTrail names retention among the \
             reasons why a delivery fails.",
};
