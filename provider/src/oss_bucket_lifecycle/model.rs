//! The attributes of `alitrail_oss_bucket_lifecycle`: a bucket, and its rules by id.

use std::collections::BTreeMap;

use plugin::{Attr, Model};
use reconciler::bucket_document::lifecycle::Lifecycle;

use super::check::{created_before_date, days, object_size, prefix, retention_days, same_date};
use super::wire::to_wire;
use crate::check;
use crate::scope::Regional;

/// Attributes of `alitrail_oss_bucket_lifecycle`.
#[derive(Debug, Clone, Default, PartialEq, Model)]
#[model(remote = "oss/buckets/{bucket}")]
pub struct LifecycleModel {
    /// Bucket that the rules are for.
    #[attr(required, replace, identity, check = check::bucket_name)]
    pub bucket: Attr<String>,
    /// `id`, `region` and `account_id`.
    #[attr(flatten)]
    pub scope: Regional,
    /// All rules of the bucket by their id, at most 1000. A rule of the bucket that is not here is removed.
    #[attr(
        required,
        samples(
            {"all": {"transitions": {"IA": {"days": 30}, "Archive": {"days": 90}}, "expiration": {"days": 365}}},
            {"all": {"prefix": "a/", "status": "Disabled", "expiration": {"days": 30}}}
        ),
        remote = "/Lifecycle/Rules",
        wire(
            {"all": {
                "ID": "all", "Prefix": "", "Status": "Enabled",
                "Transition": [{"Days": 30, "StorageClass": "IA"}, {"Days": 90, "StorageClass": "Archive"}],
                "Expiration": {"Days": 365}
            }},
            {"all": {"ID": "all", "Prefix": "a/", "Status": "Disabled", "Expiration": {"Days": 30}}}
        )
    )]
    pub rules: Attr<BTreeMap<String, RuleModel>>,
    /// Let rules whose prefixes are nested have the same action: the one with the longer prefix wins, and deleting wins
    /// over moving. `abort_multipart_upload` may not overlap even then.
    #[attr(default = false, state_only)]
    pub allow_same_action_overlap: Attr<bool>,
    /// Refuse to plan rules that delete objects or old versions earlier than this many days after they were written.
    #[attr(optional, state_only, zero_unset, check = retention_days)]
    pub minimum_retention_days: Attr<i64>,
}

/// A rule: which objects, and what happens to them.
#[derive(Debug, Clone, Default, PartialEq, Model)]
#[model(unsupported_names(
    enabled, enable, is_enabled, disabled = "Write `status = \"Enabled\"` or `status = \"Disabled\"`.",
    id, rule_id, name = "The key of the rule in `rules` is its id.",
    prefixes = "A rule has one `prefix`; write a rule for each.",
    tag: object = "Write `tags = { <key> = <value> }`.",
    day, days, expiration_days, date, created_before_date, expired_object_delete_marker =
        "Write it inside of `expiration = { … }`.",
    expire: object, expires: object, expirations: object, expiry: object = "Write `expiration = { … }`.",
    transition: object = "Write `transitions`, a map by storage class: `transitions = { IA = { days = 30 } }`.",
    storage_class, is_access_time, return_to_std_when_visit, allow_small_file =
        "Write it with the storage class in `transitions = { IA = { … } }`.",
    noncurrent_version_expirations: object, noncurrent_expiration: object,
    non_current_version_expiration: object = "Write `noncurrent_version_expiration = { days = … }`.",
    noncurrent_days, noncurrent_version_expiration_days, newer_noncurrent_versions =
        "Old versions are kept by age: write `noncurrent_version_expiration = { days = … }`.",
    noncurrent_version_transition: object, noncurrent_transition: object, noncurrent_transitions: object,
    non_current_version_transition: object, non_current_version_transitions: object =
        "Write `noncurrent_version_transitions`, a map by storage class: `noncurrent_version_transitions = { IA = { days = 30 } }`.",
    abort_incomplete_multipart_upload: object, abort_multipart_uploads: object =
        "Write `abort_multipart_upload = { days = … }`.",
    abort_incomplete_multipart_upload_days, days_after_initiation =
        "Write `abort_multipart_upload = { days = … }`.",
    filters: object, and: object = "Write `filter`, `prefix` and `tags`.",
    not: objects, object_size_greater_than, object_size_less_than = "Write it inside of `filter = { … }`."
))]
pub struct RuleModel {
    /// Only objects whose name begins with it. Default: all of the bucket.
    #[attr(optional, check = prefix)]
    pub prefix: Attr<String>,
    /// Whether the rule is in force.
    #[attr(default = "Enabled", one_of("Enabled", "Disabled"))]
    pub status: Attr<String>,
    /// Only objects with all of these tags.
    #[attr(optional)]
    pub tags: Attr<BTreeMap<String, String>>,
    /// Further conditions.
    #[attr(optional)]
    pub filter: Attr<FilterModel>,
    /// When objects are deleted. In a versioned bucket the current version becomes an old one.
    #[attr(optional)]
    pub expiration: Attr<ExpirationModel>,
    /// When objects move to a colder storage class, by that class: `IA`, `Archive`, `ColdArchive`, `DeepColdArchive`.
    #[attr(optional)]
    pub transitions: Attr<BTreeMap<String, TransitionModel>>,
    /// When old versions are deleted.
    #[attr(optional)]
    pub noncurrent_version_expiration: Attr<NoncurrentExpirationModel>,
    /// When old versions move to a colder storage class, by that class.
    #[attr(optional)]
    pub noncurrent_version_transitions: Attr<BTreeMap<String, NoncurrentTransitionModel>>,
    /// When uploads that were never finished are given up.
    #[attr(optional)]
    pub abort_multipart_upload: Attr<AbortModel>,
}

/// Further conditions of a rule.
#[derive(Debug, Clone, Default, PartialEq, Model)]
#[model(unsupported_names(
    prefix = "Write `prefix` beside `filter`, in the rule itself.",
    tag: object, tags: object = "Write `tags` beside `filter`, in the rule itself.",
    and: object = "Conditions hold together anyway: write `prefix` and `tags` beside `filter`.",
    nots: objects = "Write `not`.",
    min_size, size_greater_than, object_size_greater = "Write `object_size_greater_than`.",
    max_size, size_less_than, object_size_less = "Write `object_size_less_than`."
))]
pub struct FilterModel {
    /// Only objects with more bytes than this.
    #[attr(optional, check = object_size)]
    pub object_size_greater_than: Attr<i64>,
    /// Only objects with fewer bytes than this.
    #[attr(optional, check = object_size)]
    pub object_size_less_than: Attr<i64>,
    /// Objects that the rule leaves alone. More than one needs an approval by the vendor.
    #[attr(optional)]
    pub not: Attr<Vec<NotModel>>,
}

/// Objects that a rule leaves alone.
#[derive(Debug, Clone, Default, PartialEq, Model)]
#[model(unsupported_names(
    tags: object = "There can be one: write `tag = { key = …, value = … }`.",
    prefixes = "There can be one `prefix`; write an element of `not` for each.",
    object_size_greater_than, object_size_less_than = "It cannot be negated; it belongs beside `not`."
))]
pub struct NotModel {
    /// Their names begin with it; it lies below the prefix of the rule. Default: any name, which needs a `tag`.
    #[attr(optional, check = prefix)]
    pub prefix: Attr<String>,
    /// They have this tag.
    #[attr(optional)]
    pub tag: Attr<TagModel>,
}

/// A tag of an object.
#[derive(Debug, Clone, Default, PartialEq, Model)]
#[model(unsupported_names(name = "Write `key`.", values = "A tag has one `value`."))]
pub struct TagModel {
    /// Its key.
    #[attr(required)]
    pub key: Attr<String>,
    /// Its value.
    #[attr(required)]
    pub value: Attr<String>,
}

/// When objects are deleted: one of the three.
#[derive(Debug, Clone, Default, PartialEq, Model)]
#[model(unsupported_names(
    day,
    expiration_days = "Write `days`.",
    date = "Write `created_before_date`.",
    enabled,
    status = "Write `status` beside `expiration`, in the rule itself.",
    expired_object_delete_markers,
    delete_marker = "Write `expired_object_delete_marker`.",
    storage_class = "Moving to another storage class is written in `transitions`.",
    is_access_time = "Objects cannot expire by their last access; only `transitions` can count from it.",
    newer_noncurrent_versions,
    noncurrent_days = "Old versions are kept by age: write `noncurrent_version_expiration = { days = … }` in the rule."
))]
pub struct ExpirationModel {
    /// This many days after they were last changed.
    #[attr(optional, check = days)]
    pub days: Attr<i64>,
    /// All that were last changed before this day (UTC), such as `2027-01-01`.
    #[attr(optional, check = created_before_date, same = same_date)]
    pub created_before_date: Attr<String>,
    /// Delete markers that are the only version left.
    #[attr(default = false)]
    pub expired_object_delete_marker: Attr<bool>,
}

/// When objects move to a storage class: days or a date.
#[derive(Debug, Clone, Default, PartialEq, Model)]
#[model(unsupported_names(
    day,
    transition_days = "Write `days`.",
    date = "Write `created_before_date`.",
    storage_class = "The key in `transitions` is the storage class.",
    enabled,
    status = "Write `status` in the rule itself.",
    access_time = "Write `is_access_time`.",
    return_to_standard_when_visit = "Write `return_to_std_when_visit`.",
    allow_small_files = "Write `allow_small_file`."
))]
pub struct TransitionModel {
    /// This many days after they were last changed, or accessed.
    #[attr(optional, check = days)]
    pub days: Attr<i64>,
    /// All that were last changed before this day (UTC), such as `2027-01-01`.
    #[attr(optional, check = created_before_date, same = same_date)]
    pub created_before_date: Attr<String>,
    /// Count from the last access, which needs `access_monitor = "Enabled"` on the bucket.
    #[attr(default = false)]
    pub is_access_time: Attr<bool>,
    /// Bring objects back to Standard when they are read; with `is_access_time`.
    #[attr(default = false)]
    pub return_to_std_when_visit: Attr<bool>,
    /// Whether objects under 64 KB move too; with `is_access_time`. Unset is as the service decides.
    #[attr(optional)]
    pub allow_small_file: Attr<bool>,
}

/// When old versions are deleted.
#[derive(Debug, Clone, Default, PartialEq, Model)]
#[model(unsupported_names(
    day,
    noncurrent_days = "Write `days`.",
    created_before_date,
    date = "Old versions are deleted by age alone: write `days`.",
    newer_noncurrent_versions = "The service cannot keep a number of versions; old ones are deleted by age alone: `days`.",
    enabled,
    status = "Write `status` in the rule itself."
))]
pub struct NoncurrentExpirationModel {
    /// This many days after they became old.
    #[attr(required, check = days)]
    pub days: Attr<i64>,
}

/// When old versions move to a storage class.
#[derive(Debug, Clone, Default, PartialEq, Model)]
#[model(unsupported_names(
    day,
    noncurrent_days = "Write `days`.",
    created_before_date,
    date = "Old versions move by age alone: write `days`.",
    newer_noncurrent_versions = "The service cannot keep a number of versions; old ones move by age alone: `days`.",
    storage_class = "The key in `noncurrent_version_transitions` is the storage class.",
    enabled,
    status = "Write `status` in the rule itself.",
    access_time = "Write `is_access_time`.",
    return_to_standard_when_visit = "Write `return_to_std_when_visit`.",
    allow_small_files = "Write `allow_small_file`."
))]
pub struct NoncurrentTransitionModel {
    /// This many days after they became old, or were last accessed.
    #[attr(required, check = days)]
    pub days: Attr<i64>,
    /// Count from the last access, which needs `access_monitor = "Enabled"` on the bucket.
    #[attr(default = false)]
    pub is_access_time: Attr<bool>,
    /// Bring versions back to Standard when they are read; with `is_access_time`.
    #[attr(default = false)]
    pub return_to_std_when_visit: Attr<bool>,
    /// Whether versions under 64 KB move too; with `is_access_time`. Unset is as the service decides.
    #[attr(optional)]
    pub allow_small_file: Attr<bool>,
}

/// When unfinished uploads are given up: days or a date.
#[derive(Debug, Clone, Default, PartialEq, Model)]
#[model(unsupported_names(
    day,
    days_after_initiation = "Write `days`.",
    date = "Write `created_before_date`.",
    enabled,
    status = "Write `status` in the rule itself."
))]
pub struct AbortModel {
    /// This many days after they began.
    #[attr(optional, check = days)]
    pub days: Attr<i64>,
    /// All that began before this day (UTC), such as `2027-01-01`.
    #[attr(optional, check = created_before_date, same = same_date)]
    pub created_before_date: Attr<String>,
}

impl LifecycleModel {
    /// How messages name the rules.
    pub(super) fn label(&self) -> String {
        format!("lifecycle of bucket {:?}", self.name())
    }

    pub(super) fn name(&self) -> &str {
        self.bucket.as_str().unwrap_or_default()
    }

    pub(super) fn allows_overlap(&self) -> bool {
        is_true(&self.allow_same_action_overlap)
    }

    /// The settings that the model says.
    pub(super) fn settings(&self) -> Lifecycle {
        Lifecycle::new(self.rules.get().map(to_wire).unwrap_or_default(), self.allows_overlap())
    }
}

impl RuleModel {
    /// The beginning of the names it is for; `None` while that is not known.
    pub(super) fn known_prefix(&self) -> Option<&str> {
        match &self.prefix {
            Attr::Null => Some(""),
            stated => stated.as_str(),
        }
    }

    /// Whether the rule is in force, or may be.
    pub(super) fn may_be_enabled(&self) -> bool {
        self.status.as_str() != Some("Disabled")
    }
}

pub(super) fn is_true(flag: &Attr<bool>) -> bool {
    flag.get().copied().unwrap_or_default()
}
