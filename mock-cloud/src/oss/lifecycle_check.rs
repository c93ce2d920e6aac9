//! Which sets of lifecycle rules the service takes (OSS API reference, PutBucketLifecycle, and developer guide,
//! "Lifecycle rules"). Refusals whose code or text is not published are marked assumed.

use std::collections::BTreeSet;

use http::StatusCode;
use time::Time;

use super::bucket::STORAGE_CLASSES;
use super::error::Error;
use super::lifecycle::{Expiration, Filter, Rule};
use super::state::Bucket;
use super::timestamp::Timestamp;

/// Most rules that a bucket can have.
const MAX_RULES: usize = 1000;

/// Five terabytes, above which no object can be.
const MAX_OBJECT: i64 = 5 * 1024 * 1024 * 1024 * 1024;

/// Checks everything that can be said without knowing the bucket.
pub(super) fn check(rules: &[Rule], overlap_allowed: bool) -> Result<(), Error> {
    if rules.is_empty() {
        return Err(Error::malformed("Rule is missing"));
    }
    if rules.len() > MAX_RULES {
        return Err(Error::malformed("A bucket can have at most 1000 rules"));
    }
    let mut ids = BTreeSet::new();
    for rule in rules {
        check_rule(rule)?;
        if !rule.id.is_empty() && !ids.insert(rule.id.as_str()) {
            // Assumed: only the uniqueness is documented.
            return Err(Error::argument("ID", &rule.id, "Rule ID must be unique."));
        }
    }
    check_overlaps(rules, overlap_allowed)
}

/// Checks that depend on the bucket: access-time rules need access tracking. The bucket's class does not matter, since
/// single objects can be of a warmer one (tests of the vendor's own provider on ColdArchive and DeepColdArchive buckets).
pub(super) fn check_for_bucket(rules: &[Rule], bucket: &Bucket) -> Result<(), Error> {
    for rule in rules {
        if rule.uses_access_time() && bucket.access_monitor != "Enabled" {
            return Err(Error::malformed("IsAccessTime needs access monitor to be enabled"));
        }
    }
    Ok(())
}

fn check_rule(rule: &Rule) -> Result<(), Error> {
    if rule.id.len() > 255 {
        return Err(Error::argument("ID", &rule.id, "ID length should not exceed allowed limit of 255"));
    }
    if !matches!(rule.status.as_str(), "Enabled" | "Disabled") {
        return Err(Error::malformed("Status must be Enabled or Disabled"));
    }
    let has_action = rule.expiration.is_some()
        || !rule.transition.is_empty()
        || rule.noncurrent_version_expiration.is_some()
        || !rule.noncurrent_version_transition.is_empty()
        || rule.abort_multipart_upload.is_some();
    if !has_action {
        return Err(Error::malformed("Action is missing"));
    }
    let mut tags = BTreeSet::new();
    if rule.tag.iter().any(|tag| tag.key.is_empty() || !tags.insert(&tag.key)) {
        return Err(Error::malformed("Tag keys of a rule must be unique and not empty"));
    }
    check_times(rule)?;
    check_ladder(rule)?;
    check_access_time(rule)?;
    check_filter(rule)
}

/// One way of telling the time per action, and the same one for all actions on current versions of a rule.
fn check_times(rule: &Rule) -> Result<(), Error> {
    let removals = [(&rule.expiration, "Expiration"), (&rule.abort_multipart_upload, "AbortMultipartUpload")];
    for (action, name) in removals {
        let Some(action) = action else { continue };
        check_removal(action, name)?;
    }
    for action in &rule.transition {
        check_time(action.days, action.created_before_date, "Transition")?;
    }
    let noncurrent = rule.noncurrent_version_expiration.iter().map(|action| action.noncurrent_days);
    let noncurrent = noncurrent.chain(rule.noncurrent_version_transition.iter().map(|a| a.noncurrent_days));
    for days in noncurrent {
        check_days(days, "NoncurrentDays")?;
    }
    let dated =
        rule.transition.iter().map(|action| (action.created_before_date.is_some(), &*action.storage_class));
    let dated: Vec<(bool, &str)> = dated.collect();
    let expires_by_date = rule.expiration.as_ref().and_then(|action| match action {
        Expiration { created_before_date: Some(_), .. } => Some(true),
        Expiration { days: Some(_), .. } => Some(false),
        _ => None,
    });
    let first = expires_by_date.or(dated.first().map(|(by_date, _)| *by_date));
    if let Some((_, class)) = dated.iter().find(|(by_date, _)| Some(*by_date) != first) {
        return Err(invalid(
            "0014-00000080",
            &format!(
                "Found mixed CreatedBeforeDate and Days based Expiration and Transition for StorageClass {class} actions"
            ),
        ));
    }
    Ok(())
}

fn check_removal(action: &Expiration, name: &str) -> Result<(), Error> {
    let timed = action.days.is_some() || action.created_before_date.is_some();
    if action.expired_object_delete_marker == Some(true) && name == "Expiration" {
        if timed {
            return Err(Error::malformed("ExpiredObjectDeleteMarker excludes Days and CreatedBeforeDate"));
        }
        return Ok(());
    }
    check_time(action.days, action.created_before_date, name)
}

fn check_time(days: Option<i64>, date: Option<Timestamp>, action: &str) -> Result<(), Error> {
    match (days, date) {
        (Some(_), Some(_)) => Err(invalid(
            "0014-00000061",
            &format!("Days and CreatedBeforeDate cannot both be specified in the {action} action"),
        )),
        (None, None) => Err(Error::malformed(&format!("{action} needs Days or CreatedBeforeDate"))),
        (Some(days), None) => check_days(days, "Days"),
        (None, Some(date)) if date.0.time() != Time::MIDNIGHT => Err(Error::argument(
            "CreatedBeforeDate",
            &date.to_string(),
            "'CreatedBeforeDate' must be at midnight GMT",
        )),
        (None, Some(_)) => Ok(()),
    }
}

/// Days are counted from 1 (the refusal's code is assumed).
fn check_days(days: i64, name: &str) -> Result<(), Error> {
    if days >= 1 {
        return Ok(());
    }
    Err(Error::argument(name, &days.to_string(), format!("'{name}' must be a positive integer")))
}

/// Each class once; by days, colder classes strictly later and removal last of all. Dates may stand in any order (tests of
/// the vendor's own provider and SDKs). A rule that mixes both has been refused before.
fn check_ladder(rule: &Rule) -> Result<(), Error> {
    let expiry = rule.expiration.as_ref().and_then(|action| action.days);
    climb(moves(rule).collect(), expiry, "Transition", "Expiration")?;
    let expiry = rule.noncurrent_version_expiration.as_ref().map(|action| action.noncurrent_days);
    let steps = noncurrent_moves(rule).collect();
    climb(steps, expiry, "NoncurrentVersionTransition", "NoncurrentVersionExpiration")
}

fn climb(
    mut steps: Vec<(&str, Option<i64>)>,
    expiry: Option<i64>,
    move_: &str,
    removal: &str,
) -> Result<(), Error> {
    if let Some((class, _)) = steps.iter().find(|(class, _)| rank(class).is_none_or(|rank| rank == 0)) {
        return Err(Error::argument("StorageClass", class, "No such transition storage class exists."));
    }
    steps.sort_by_key(|(class, _)| rank(class));
    for pair in steps.windows(2) {
        let [(warm, earlier), (cold, later)] = pair else { continue };
        if warm == cold {
            // Assumed: only the rule is documented.
            let message = format!("Found two {move_} actions for StorageClass {warm}");
            return Err(Error::argument("StorageClass", warm, message));
        }
        if let (Some(earlier), Some(later)) = (earlier, later)
            && later <= earlier
        {
            let message = format!(
                "Days in the {move_} action for StorageClass {cold} must be more than the {move_} action for StorageClass {warm}"
            );
            return Err(Error::argument("Days", &later.to_string(), message));
        }
    }
    if let (Some(expiry), Some((class, Some(last)))) = (expiry, steps.last())
        && expiry <= *last
    {
        let message = format!(
            "Days in the {removal} action must be more than the {move_} action for StorageClass {class}"
        );
        return Err(Error::argument("Days", &expiry.to_string(), message));
    }
    Ok(())
}

/// Access-time rules only move, and to nothing colder than IA (colder ones need an approval that nobody has here).
fn check_access_time(rule: &Rule) -> Result<(), Error> {
    let colder = |access_time: Option<bool>, class: &str| access_time == Some(true) && class != "IA";
    let too_cold = rule.transition.iter().find(|action| colder(action.is_access_time, &action.storage_class));
    let too_cold = too_cold.map(|action| &action.storage_class).or_else(|| {
        let moves = &rule.noncurrent_version_transition;
        moves
            .iter()
            .find(|action| colder(action.is_access_time, &action.storage_class))
            .map(|action| &action.storage_class)
    });
    match too_cold {
        Some(class) => Err(Error::argument(
            "StorageClass",
            class,
            "Rules based on access time can move objects to IA only.",
        )),
        None => Ok(()),
    }
}

fn check_filter(rule: &Rule) -> Result<(), Error> {
    let aborts = rule.abort_multipart_upload.is_some();
    let markers =
        rule.expiration.as_ref().is_some_and(|action| action.expired_object_delete_marker == Some(true));
    if aborts && !rule.tag.is_empty() {
        return Err(Error::malformed("AbortMultipartUpload cannot be limited by tags"));
    }
    let Some(filter) = &rule.filter else { return Ok(()) };
    let sized = filter.object_size_greater_than.is_some() || filter.object_size_less_than.is_some();
    if sized && (aborts || markers) {
        return Err(Error::malformed("This action cannot be limited by object size"));
    }
    let mut small_files = rule.transition.iter().map(|action| action.allow_small_file);
    let mut old_small_files = rule.noncurrent_version_transition.iter().map(|action| action.allow_small_file);
    if sized && (small_files.any(|small| small.is_some()) || old_small_files.any(|small| small.is_some())) {
        return Err(Error::malformed("AllowSmallFile and object sizes exclude each other"));
    }
    check_sizes(filter)?;
    if !filter.not.is_empty() && (aborts || markers) {
        return Err(invalid(
            "0014-00000034",
            "Filter Not cannot be used with AbortMultipartUpload or ExpiredObjectDeleteMarker",
        ));
    }
    // Several exclusions have to be asked for; nobody has here (assumed code).
    if filter.not.len() > 1 {
        return Err(Error::malformed("Only one Not is allowed"));
    }
    for not in &filter.not {
        // An empty prefix beside a tag is none (tests of the vendor's own provider).
        let by_tag_alone = not.prefix.is_empty() && not.tag.is_some();
        let same = not.prefix == rule.prefix && not.tag.is_none();
        if !by_tag_alone && (not.prefix.is_empty() || !not.prefix.starts_with(&rule.prefix) || same) {
            return Err(Error::malformed(
                "The prefix of Not must be a longer one below the prefix of the rule",
            ));
        }
        let clash = not.tag.as_ref().is_some_and(|tag| rule.tag.iter().any(|other| other.key == tag.key));
        if clash {
            return Err(Error::malformed("The tag key of Not must differ from the tag keys of the rule"));
        }
    }
    Ok(())
}

fn check_sizes(filter: &Filter) -> Result<(), Error> {
    let (least, most) = (filter.object_size_greater_than, filter.object_size_less_than);
    let out_of_range = [least, most].into_iter().flatten().any(|size| size <= 0 || size >= MAX_OBJECT);
    let reversed = least.zip(most).is_some_and(|(least, most)| least >= most);
    if out_of_range || reversed {
        return Err(Error::malformed("Object sizes must be in order and between 0 and 5 TB"));
    }
    Ok(())
}

/// Rules for the same prefix, and the same action under nested prefixes. The overlap header lifts both (assumed for the
/// first: the documentation shows several whole-bucket rules together with it), except for AbortMultipartUpload.
fn check_overlaps(rules: &[Rule], allowed: bool) -> Result<(), Error> {
    for (index, rule) in rules.iter().enumerate() {
        for other in &rules[index + 1..] {
            if !nested(rule, other) {
                continue;
            }
            if !allowed && rule.prefix == other.prefix && same_tags(rule, other) {
                return Err(invalid("0014-00000085", "Found same prefix in different rules"));
            }
            let common = actions(rule).into_iter().filter(|action| actions(other).contains(action));
            for action in common {
                if !allowed || action == "AbortMultipartUpload" {
                    return Err(invalid("0014-00000084", &format!("Overlap for same action type {action}")));
                }
            }
        }
    }
    Ok(())
}

fn nested(rule: &Rule, other: &Rule) -> bool {
    rule.prefix.starts_with(&other.prefix) || other.prefix.starts_with(&rule.prefix)
}

fn same_tags(rule: &Rule, other: &Rule) -> bool {
    rule.tag.iter().collect::<BTreeSet<_>>() == other.tag.iter().collect::<BTreeSet<_>>()
}

fn actions(rule: &Rule) -> Vec<&'static str> {
    let present = [
        (rule.expiration.is_some(), "Expiration"),
        (!rule.transition.is_empty(), "Transition"),
        (rule.noncurrent_version_expiration.is_some(), "NoncurrentExpiration"),
        (!rule.noncurrent_version_transition.is_empty(), "NoncurrentTransition"),
        (rule.abort_multipart_upload.is_some(), "AbortMultipartUpload"),
    ];
    present.into_iter().filter_map(|(is_there, name)| is_there.then_some(name)).collect()
}

/// The classes that current versions move to, each with its days where it goes by days.
fn moves(rule: &Rule) -> impl Iterator<Item = (&str, Option<i64>)> {
    rule.transition.iter().map(|action| (action.storage_class.as_str(), action.days))
}

fn noncurrent_moves(rule: &Rule) -> impl Iterator<Item = (&str, Option<i64>)> {
    let actions = rule.noncurrent_version_transition.iter();
    actions.map(|action| (action.storage_class.as_str(), Some(action.noncurrent_days)))
}

/// How cold a class is; Standard is 0.
fn rank(class: &str) -> Option<usize> {
    STORAGE_CLASSES.iter().position(|known| *known == class)
}

fn invalid(ec: &'static str, message: &str) -> Error {
    Error::new(StatusCode::BAD_REQUEST, "InvalidRequest", message).ec(ec)
}
