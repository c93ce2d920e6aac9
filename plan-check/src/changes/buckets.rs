//! Changes of buckets and of what belongs to them.

use std::collections::BTreeSet;

use baseline::Fact;
use baseline::facts::{Encryption, When};
use reconciler::bucket_document::deletion::newly_allowed;
use reconciler::bucket_document::exposure::{is_public, takes_nothing};
use reconciler::bucket_document::policy::Document;
use reconciler::evidence::LEAST_RETENTION_DAYS;
use time::OffsetDateTime;

use super::found::{Changes, Subject};
use crate::planned::{BucketView, Planned, ends_early};

pub(super) fn compare(before: &Planned, after: &Planned, changes: &mut Changes<'_>, now: OffsetDateTime) {
    for (name, old) in &before.buckets {
        let subject = Subject {
            kind: "bucket",
            id: name,
            account: &old.account,
            region: old.bucket.region.as_deref(),
            location: old.bucket.location.as_ref(),
        };
        match after.buckets.get(name) {
            // One that is made again under its name is deleted before.
            Some(new) if old.r#type.is_some() && (new.is_created || new.r#type.is_none()) => {
                deleted(before, old, subject, changes);
            }
            Some(new) => bucket(old, new, subject, changes, now),
            None if old.r#type.is_some() => deleted(before, old, subject, changes),
            None => {}
        }
    }
}

fn deleted(before: &Planned, old: &BucketView, subject: Subject<'_>, changes: &mut Changes<'_>) {
    let delivers = before.trails.values().find(|view| {
        view.trail.is_logging.known() == Some(&true)
            && view.trail.oss_bucket.known().is_some_and(|bucket| bucket == subject.id)
    });
    if let Some(view) = delivers {
        let what = format!("is deleted, and trail {} delivers to it", view.trail.name);
        changes.weakens("bucket.delivery_target_deleted", subject, &what);
    }
    // Otherwise only an empty bucket can go.
    if old.force_destroy {
        changes.weakens("objects.deleted", subject, "is deleted with everything in it (force_destroy)");
    }
}

fn bucket(
    old: &BucketView,
    new: &BucketView,
    subject: Subject<'_>,
    changes: &mut Changes<'_>,
    now: OffsetDateTime,
) {
    let (before, after) = (&old.bucket, &new.bucket);
    place_of(subject, old, new, "acl", |setting| match (&before.acl, &after.acl) {
        (Fact::Unknown(_), _) => {}
        (old, Fact::Known(acl)) if openness(Some(acl)) > openness(old.known().map(String::as_str)) => {
            changes.weakens("bucket.acl_opened", setting, &format!("gets the ACL {acl}"));
        }
        (_, Fact::Unknown(why)) => changes.unknown("bucket.acl_opened", setting, why),
        _ => {}
    });
    place_of(subject, old, new, "public_access_block", |setting| {
        let facts = (&before.block_public_access, &after.block_public_access);
        // That nobody says it any more changes nothing.
        if new.settings.contains_key("public_access_block") || !matches!(facts.1, Fact::Unknown(_)) {
            let what = "no longer blocks public access";
            changes.flag("bucket.public_access_unblocked", setting, true, facts, what);
        }
    });
    place_of(subject, old, new, "versioning", |setting| {
        let keeps = |fact: &Fact<String>| fact.clone().map(|status| status.eq_ignore_ascii_case("Enabled"));
        let facts = (&keeps(&before.versioning), &keeps(&after.versioning));
        changes.flag("bucket.versioning_suspended", setting, true, facts, "stops keeping old versions");
    });
    place_of(subject, old, new, "server_side_encryption", |setting| {
        match (key_control(&before.encryption), key_control(&after.encryption)) {
            (Some(old), Some(new)) if new < old && new == 0 => {
                changes.weakens("bucket.encryption_weakened", setting, "no longer encrypts new objects");
            }
            (Some(old), Some(new)) if new < old => {
                let what = "encrypts new objects with a key of the service instead of one of the account";
                changes.weakens("bucket.encryption_weakened", setting, what);
            }
            (Some(1..), None) => {
                changes.unknown("bucket.encryption_weakened", setting, "the encryption of the bucket");
            }
            _ => {}
        }
    });
    place_of(subject, old, new, "https_config", |setting| {
        if let (Fact::Known(old), Fact::Known(new)) = (&old.tls, &new.tls)
            && accepts_older(old, new)
        {
            changes.weakens("bucket.tls_lowered", setting, "accepts older versions of TLS");
        }
    });
    place_of(subject, old, new, "logging", |setting| {
        let Some(target) = before.log_bucket.known() else { return };
        match &after.log_bucket {
            Fact::Absent => {
                let what = format!("no longer logs access (the log went to {target})");
                changes.weakens("access_log.stopped", setting, &what);
            }
            Fact::Known(new) if new != target => {
                let what = format!("logs access to {new} instead of {target}");
                changes.weakens("access_log.moved", setting, &what);
            }
            Fact::Unknown(why) => changes.unknown("access_log.moved", setting, why),
            _ => {}
        }
    });
    place_of(subject, old, new, "policy", |setting| policy(old, new, setting, changes));
    place_of(subject, old, new, "worm", |setting| worm(old, new, setting, changes));
    place_of(subject, old, new, "lifecycle", |setting| lifecycle(old, new, setting, changes, now));
}

/// Where the resource of a single setting is what a finding about it names: calls `compare` with the subject where the resource of a single setting is declared.
fn place_of(
    subject: Subject<'_>,
    old: &BucketView,
    new: &BucketView,
    setting: &str,
    compare: impl FnOnce(Subject<'_>),
) {
    let mut place = subject.location.cloned().unwrap_or_default();
    if let Some(address) = new.settings.get(setting).or_else(|| old.settings.get(setting)) {
        place.address = Some(address.clone());
    }
    compare(Subject { location: Some(&place), ..subject });
}

fn policy(old: &BucketView, new: &BucketView, subject: Subject<'_>, changes: &mut Changes<'_>) {
    let document = |fact: &Fact<String>| match fact {
        Fact::Absent => Some(Document::default()),
        Fact::Known(text) => Document::parse(text).ok(),
        _ => None,
    };
    let (Some(before), Some(after)) = (document(&old.bucket.policy), document(&new.bucket.policy)) else {
        match (&old.bucket.policy, &new.bucket.policy) {
            (Fact::Known(_) | Fact::Absent, Fact::Unknown(why)) => {
                changes.unknown("bucket_policy.denial_removed", subject, why);
            }
            (Fact::Known(_) | Fact::Absent, Fact::Known(_)) => {
                changes.unknown("bucket_policy.public", subject, "the policy cannot be read");
            }
            _ => {}
        }
        return;
    };
    for statement in after.statements.difference(&before.statements).filter(|statement| is_public(statement))
    {
        let what = format!("is opened to everybody by its policy ({})", statement.describe());
        changes.weakens("bucket_policy.public", subject, &what);
    }
    let owner = old.bucket.owner.known().map(String::as_str);
    for allowed in newly_allowed(owner, &before, &after) {
        if is_public(allowed.statement) {
            continue;
        }
        let permissions: Vec<&str> = allowed.permissions.iter().map(String::as_str).collect();
        let what =
            format!("lets somebody outside of the account do {} by its policy", permissions.join(", "));
        changes.weakens("bucket_policy.deletion_allowed", subject, &what);
    }
    let goes = before.statements.iter().find(|denial| {
        !denial.allows && !after.statements.iter().any(|kept| !kept.allows && kept.includes(denial))
    });
    if let Some(denial) = goes {
        let what = format!("no longer denies what its policy denied ({})", denial.describe());
        changes.weakens("bucket_policy.denial_removed", subject, &what);
    }
    if takes_nothing(&after, subject.id) && !takes_nothing(&before, subject.id) {
        changes.weakens("bucket_policy.delivery_denied", subject, "refuses every new object by its policy");
    }
}

fn worm(old: &BucketView, new: &BucketView, subject: Subject<'_>, changes: &mut Changes<'_>) {
    // What is locked is kept by the service.
    let Some(before) = old.bucket.worm.known().filter(|worm| worm.state != "Locked") else { return };
    match &new.bucket.worm {
        Fact::Absent => {
            let what = format!("takes its retention policy of {} days back", before.days);
            changes.weakens("worm.removed", subject, &what);
        }
        Fact::Known(after) if after.days < before.days => {
            let what = format!("protects objects for {} days instead of {}", after.days, before.days);
            changes.weakens("worm.shortened", subject, &what);
        }
        Fact::Unknown(why) => changes.unknown("worm.shortened", subject, why),
        _ => {}
    }
}

fn lifecycle(
    old: &BucketView,
    new: &BucketView,
    subject: Subject<'_>,
    changes: &mut Changes<'_>,
    now: OffsetDateTime,
) {
    let before = match &old.bucket.lifecycle {
        Fact::Known(rules) => rules.as_slice(),
        Fact::Absent => &[],
        _ => return,
    };
    let after = match &new.bucket.lifecycle {
        Fact::Known(rules) => rules.as_slice(),
        Fact::Unknown(why) => return changes.unknown("lifecycle.earlier_expiry", subject, why),
        // Without rules nothing is deleted.
        _ => return,
    };
    let early: Vec<String> = ends_early(before, after)
        .into_iter()
        .filter(|(_, _, when, _)| !before.is_empty() || is_early(*when, now))
        .map(|(rule, things, when, was)| {
            let was = was.map_or_else(|| "never".to_owned(), |was| was.to_string());
            format!("rule {rule:?} deletes {things} {when}, before: {was}")
        })
        .collect();
    if early.is_empty() {
        return;
    }
    let condition =
        if before.is_empty() { "lifecycle.first_early_expiry" } else { "lifecycle.earlier_expiry" };
    changes.weakens(condition, subject, &format!("deletes earlier ({})", early.join("; ")));
}

fn is_early(when: When, now: OffsetDateTime) -> bool {
    when.least_days(now.date()) < LEAST_RETENTION_DAYS
}

/// How much of a bucket an ACL gives to everybody.
fn openness(acl: Option<&str>) -> u8 {
    match acl {
        Some("public-read-write") => 2,
        Some("public-read") => 1,
        _ => 0,
    }
}

/// Who controls the key of new objects, from nobody on; none while that is not known.
fn key_control(encryption: &Fact<Encryption>) -> Option<u8> {
    match encryption {
        Fact::Absent => Some(0),
        Fact::Known(encryption) if encryption.algorithm != "KMS" => Some(1),
        Fact::Known(Encryption { key: None, .. }) => Some(2),
        Fact::Known(_) => Some(3),
        _ => None,
    }
}

/// Whether a set of TLS versions has an older one than all of another. Their names sort by age; none are all.
fn accepts_older(before: &BTreeSet<String>, after: &BTreeSet<String>) -> bool {
    match (before.first(), after.first()) {
        (None, _) => false,
        (Some(_), None) => true,
        (Some(before), Some(after)) => after < before,
    }
}
