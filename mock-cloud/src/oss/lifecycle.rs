//! Lifecycle rules: their document, and putting, reading and removing them. What a valid set of rules is stands in
//! `lifecycle_check`, what rules do to objects in `settle`.

use http::StatusCode;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::attributes::Tag;
use super::documents::LIFECYCLE;
use super::error::Error;
use super::lifecycle_check;
use super::request::{Answer, Request, done, gone, random_id};
use super::timestamp::Timestamp;
use super::{switches, xml};

/// The lifecycle of a bucket.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Lifecycle {
    /// Whether the last put allowed overlaps. The service does not give it back; kept to be looked at.
    #[serde(default)]
    pub allow_same_action_overlap: bool,
    /// Rules by id, in the order they were put.
    pub rules: IndexMap<String, Rule>,
}

impl Lifecycle {
    /// Whether a rule counts from the last access instead of the last change.
    pub(super) fn uses_access_time(&self) -> bool {
        self.rules.values().any(Rule::uses_access_time)
    }
}

/// One rule (OSS API reference, PutBucketLifecycle, "Request elements").
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Rule {
    /// Id; in the admin API the key of the rule says the same.
    #[serde(rename = "ID", default)]
    pub id: String,
    /// Beginning of the keys it is for; empty is the whole bucket.
    #[serde(default)]
    pub prefix: String,
    /// Enabled or Disabled.
    #[serde(default)]
    pub status: String,
    /// Tags that objects must all have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tag: Vec<Tag>,
    /// Further limits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<Filter>,
    /// Removal of current versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiration: Option<Expiration>,
    /// Moves of current versions to colder classes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub transition: Vec<Transition>,
    /// Removal of noncurrent versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub noncurrent_version_expiration: Option<NoncurrentExpiration>,
    /// Moves of noncurrent versions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub noncurrent_version_transition: Vec<NoncurrentTransition>,
    /// Removal of unfinished uploads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub abort_multipart_upload: Option<Expiration>,
    /// From when a rule by access time counts objects without a recorded access; only in answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub atime_base: Option<i64>,
}

impl Rule {
    /// Whether any action counts from the last access.
    pub(super) fn uses_access_time(&self) -> bool {
        self.transition.iter().any(|action| action.is_access_time == Some(true))
            || self.noncurrent_version_transition.iter().any(|action| action.is_access_time == Some(true))
    }
}

/// Limits of a rule beyond prefix and tags.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Filter {
    /// Smallest size, exclusive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object_size_greater_than: Option<i64>,
    /// Largest size, exclusive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object_size_less_than: Option<i64>,
    /// Objects left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not: Vec<Not>,
}

/// Objects that a rule leaves out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Not {
    /// Beginning of their keys.
    #[serde(default)]
    pub prefix: String,
    /// A tag they carry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<Tag>,
}

/// When objects or uploads are removed: one of the three.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Expiration {
    /// Days after the last change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<i64>,
    /// Everything last changed before this midnight; `Date` is its older name.
    #[serde(default, alias = "Date", skip_serializing_if = "Option::is_none")]
    pub created_before_date: Option<Timestamp>,
    /// Whether delete markers that are the only version left are removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expired_object_delete_marker: Option<bool>,
}

/// A move to a colder class.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Transition {
    /// Days after the last change or access.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<i64>,
    /// Everything last changed before this midnight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_before_date: Option<Timestamp>,
    /// The class to move to.
    #[serde(default)]
    pub storage_class: String,
    /// Whether it counts from the last access.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_access_time: Option<bool>,
    /// Whether the next access moves the object back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub return_to_std_when_visit: Option<bool>,
    /// Whether objects under 64 KB are moved too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allow_small_file: Option<bool>,
}

/// When noncurrent versions are removed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct NoncurrentExpiration {
    /// Days after the version was replaced.
    pub noncurrent_days: i64,
}

/// A move of noncurrent versions.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct NoncurrentTransition {
    /// Days after the version was replaced.
    pub noncurrent_days: i64,
    /// The class to move to.
    #[serde(default)]
    pub storage_class: String,
    /// Whether it counts from the last access.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_access_time: Option<bool>,
    /// Whether the next access moves the version back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub return_to_std_when_visit: Option<bool>,
    /// Whether versions under 64 KB are moved too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allow_small_file: Option<bool>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct LifecycleConfiguration {
    #[serde(default)]
    rule: Vec<Rule>,
}

/// PutBucketLifecycle: replaces all rules (OSS API reference, PutBucketLifecycle).
pub(super) fn put(request: &mut Request<'_>) -> Answer {
    let config: LifecycleConfiguration = request.document(&LIFECYCLE)?;
    let overlap = request.call.header("x-oss-allow-same-action-overlap") == Some("true");
    lifecycle_check::check(&config.rule, overlap)?;
    let now = request.call.now.unix_timestamp();
    let bucket = request.owned()?;
    lifecycle_check::check_for_bucket(&config.rule, bucket)?;
    let mut rules = IndexMap::new();
    for mut rule in config.rule {
        if rule.id.is_empty() {
            rule.id = random_id();
        }
        rule.atime_base = rule.uses_access_time().then_some(now);
        rules.insert(rule.id.clone(), rule);
    }
    bucket.lifecycle = Some(Lifecycle { allow_same_action_overlap: overlap, rules });
    done()
}

/// GetBucketLifecycle: what was stored, value for value (OSS API reference, GetBucketLifecycle).
pub(super) fn get(request: &mut Request<'_>) -> Answer {
    let by_id = request.switches.is(&switches::LIFECYCLE_ORDER, "by_id");
    let lifecycle = request.owned()?.lifecycle.clone().filter(|lifecycle| !lifecycle.rules.is_empty());
    let Some(mut lifecycle) = lifecycle else {
        return Err(Error::new(StatusCode::NOT_FOUND, "NoSuchLifecycle", "No Row found in Lifecycle Table."));
    };
    if by_id {
        lifecycle.rules.sort_keys();
    }
    // The key names the rule, so that a rule edited through the admin API needs no second spelling of its id.
    let rule = lifecycle.rules.into_iter().map(|(id, rule)| Rule { id, ..rule }).collect();
    xml::reply(LIFECYCLE.root, &LifecycleConfiguration { rule })
}

/// DeleteBucketLifecycle: also succeeds without rules.
pub(super) fn delete(request: &mut Request<'_>) -> Answer {
    request.owned()?.lifecycle = None;
    gone()
}
