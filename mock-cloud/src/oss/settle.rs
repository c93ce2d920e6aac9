//! What time does to buckets: retention policies that lapse, redundancy transitions that finish, names that become
//! free, and the daily run of lifecycle expiry. Called before every request with the service clock.

use time::{Duration, OffsetDateTime};

use super::attributes::Tag;
use super::lifecycle::{Expiration, Rule};
use super::objects::Version;
use super::state::{Bucket, State};
use super::{redundancy, switches, worm};
use crate::switches::Switches;

/// Brings the state to where it is at `now`.
pub(crate) fn settle(state: &mut State, switches: &Switches, now: OffsetDateTime) {
    state.held_names.retain(|_, until| until.0 > now);
    state.shadows.retain(|_, (until, _)| *until > now);
    let (wait, work) = redundancy::pace(switches.get(&switches::TRANSITION_PACE));
    for bucket in state.buckets.values_mut() {
        let lapsed = bucket.worm.as_ref().is_some_and(|policy| {
            policy.state == "InProgress" && policy.creation_date.0 + worm::GRACE <= now
        });
        if lapsed {
            bucket.worm = None;
        }
        for task in bucket.redundancy_transitions.iter_mut().filter(|task| task.is_running()) {
            if task.advance(now, wait, work) {
                bucket.data_redundancy_type = "ZRS".to_owned();
            }
        }
    }
    run_lifecycle(state, now);
}

/// Lifecycle rules run once a day at 00:00 UTC, 08:00 in China (OSS developer guide, "Lifecycle rules").
/// Only removals are carried out; moves to colder classes change nothing that a client of this mock can see.
fn run_lifecycle(state: &mut State, now: OffsetDateTime) {
    let today = super::timestamp::Timestamp(now.replace_time(time::Time::MIDNIGHT));
    if state.lifecycle_ran.is_some_and(|ran| ran >= today) {
        return;
    }
    state.lifecycle_ran = Some(today);
    for (name, bucket) in &state.buckets {
        let Some(lifecycle) = &bucket.lifecycle else { continue };
        for rule in lifecycle.rules.values().filter(|rule| rule.status == "Enabled") {
            if let Some(objects) = state.objects.get_mut(name) {
                for (key, versions) in objects.iter_mut() {
                    if applies(rule, key) {
                        expire(rule, bucket, (key, versions), today.0, now);
                    }
                }
                objects.retain(|_, versions| !versions.is_empty());
            }
            if let (Some(abort), Some(uploads)) = (&rule.abort_multipart_upload, state.uploads.get_mut(name))
            {
                uploads.retain(|_, upload| {
                    !(upload.key.starts_with(&rule.prefix) && is_due(abort, upload.initiated.0, today.0))
                });
            }
        }
    }
}

/// Whether a rule is for objects with this key.
fn applies(rule: &Rule, key: &str) -> bool {
    let excluded = rule.filter.iter().flat_map(|filter| &filter.not);
    key.starts_with(&rule.prefix)
        && !excluded.into_iter().any(|not| not.tag.is_none() && key.starts_with(&not.prefix))
}

/// Whether a rule is for this version of an object: by its size and its tags.
fn fits(rule: &Rule, key: &str, version: &Version) -> bool {
    let carries = |tag: &Tag| version.tags.get(&tag.key) == Some(&tag.value);
    let mut excluded = rule.filter.iter().flat_map(|filter| &filter.not);
    if !rule.tag.iter().all(carries)
        || excluded.any(|not| not.tag.as_ref().is_some_and(carries) && key.starts_with(&not.prefix))
    {
        return false;
    }
    let size = i64::try_from(version.body.0.len()).unwrap_or(i64::MAX);
    rule.filter.as_ref().is_none_or(|filter| {
        filter.object_size_greater_than.is_none_or(|least| size > least)
            && filter.object_size_less_than.is_none_or(|most| size < most)
    })
}

fn is_due(action: &Expiration, modified: OffsetDateTime, today: OffsetDateTime) -> bool {
    match (action.days, action.created_before_date) {
        (Some(days), _) => modified + Duration::days(days) <= today,
        (None, Some(date)) => modified < date.0 && date.0 <= today,
        (None, None) => false,
    }
}

/// Applies the removals of one rule to the versions of one key; what a retention policy protects stays.
fn expire(
    rule: &Rule,
    bucket: &Bucket,
    (key, versions): (&str, &mut Vec<Version>),
    today: OffsetDateTime,
    now: OffsetDateTime,
) {
    if let Some(action) = &rule.noncurrent_version_expiration {
        // A version is noncurrent since the next newer one was made.
        let replaced: Vec<Option<OffsetDateTime>> = std::iter::once(None)
            .chain(versions.iter().map(|newer| Some(newer.last_modified.0)))
            .take(versions.len())
            .collect();
        let mut since = replaced.into_iter();
        versions.retain(|version| {
            let since = since.next().flatten();
            let due = since.is_some_and(|since| since + Duration::days(action.noncurrent_days) <= today);
            let kept = !version.delete_marker && bucket.protects(version.last_modified, now);
            !due || kept || !fits(rule, key, version)
        });
    }
    let Some(action) = &rule.expiration else { return };
    if action.expired_object_delete_marker == Some(true) {
        // A delete marker carries no tags.
        if rule.tag.is_empty() && matches!(versions.as_slice(), [only] if only.delete_marker) {
            versions.clear();
        }
        return;
    }
    let Some(current) = versions.first() else { return };
    let due = is_due(action, current.last_modified.0, today) && fits(rule, key, current);
    if !due || current.delete_marker {
        return;
    }
    if bucket.versioning.is_some() {
        // Versions are kept: the current one gets a delete marker on top.
        let id = if bucket.is_versioned() { super::objects::new_version_id() } else { "null".to_owned() };
        super::objects::push(versions, Version::marker(id, now));
    } else if !bucket.protects(current.last_modified, now) {
        versions.remove(0);
    }
}
