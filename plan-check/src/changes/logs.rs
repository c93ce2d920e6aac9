//! Changes of log projects, logstores and indexes.

use baseline::Fact;
use baseline::facts::project_of_arn;

use super::found::{Changes, Subject};
use crate::planned::{IndexView, LogstoreView, Planned, ProjectView};

/// What stands for keeping logs for good.
const FOR_GOOD: i64 = 3650;

pub(super) fn compare(before: &Planned, after: &Planned, changes: &mut Changes<'_>) {
    for (name, old) in &before.projects {
        let subject = Subject {
            kind: "project",
            id: name,
            account: &old.account,
            region: old.region.as_deref(),
            location: Some(&old.location),
        };
        match after.projects.get(name) {
            None => project_deleted(before, old, subject, changes),
            Some(new) if new.is_created => project_deleted(before, old, subject, changes),
            Some(new) => {
                let what = "can no longer be recovered once it is deleted";
                let facts = (&old.recycle_bin, &new.recycle_bin);
                changes.flag("project.recycle_bin_disabled", subject, true, facts, what);
            }
        }
    }
    for (id, old) in &before.logstores {
        let subject = Subject {
            kind: "logstore",
            id,
            account: &old.account,
            region: old.store.region.as_deref(),
            location: old.store.location.as_ref(),
        };
        match after.logstores.get(id) {
            None if old.is_only_forgotten => {}
            None => changes.weakens("logstore.deleted", subject, "is deleted"),
            Some(new) if new.is_created && !old.is_only_forgotten => {
                changes.weakens("logstore.deleted", subject, "is deleted, and made again");
            }
            Some(new) => logstore(old, new, subject, changes),
        }
    }
    for (id, old) in &before.indexes {
        let subject = Subject {
            kind: "index",
            id: &old.id,
            account: &old.account,
            region: old.region.as_deref(),
            location: Some(&old.location),
        };
        match after.indexes.get(id) {
            None if old.is_only_forgotten => {}
            None => changes.weakens("index.deleted", subject, "is deleted"),
            // One that is made again covers new logs only.
            Some(new) if new.is_created && !old.is_only_forgotten => {
                changes.weakens("index.deleted", subject, "is deleted, and made again");
            }
            Some(new) => index(old, new, subject, changes),
        }
    }
}

fn project_deleted(before: &Planned, old: &ProjectView, subject: Subject<'_>, changes: &mut Changes<'_>) {
    if old.takes_everything {
        changes.weakens("project.deleted", subject, "is deleted");
    }
    let delivers = before.trails.values().find(|view| {
        let arn = view.trail.sls_project_arn.known();
        view.trail.is_logging.known() == Some(&true)
            && arn.and_then(|arn| project_of_arn(arn)).is_some_and(|project| project.name == subject.id)
    });
    if let Some(view) = delivers {
        let what = format!("is deleted, and trail {} delivers to it", view.trail.name);
        changes.weakens("project.delivery_target_deleted", subject, &what);
    }
}

fn logstore(old: &LogstoreView, new: &LogstoreView, subject: Subject<'_>, changes: &mut Changes<'_>) {
    // -1 is an older word for keeping logs for good.
    let days = |days: i64| if days == -1 { FOR_GOOD } else { days };
    match (&old.store.ttl, &new.store.ttl) {
        (Fact::Known(before), Fact::Known(after)) if days(*after) < days(*before) => {
            let before =
                if days(*before) == FOR_GOOD { "for good".to_owned() } else { format!("for {before} days") };
            let what = format!("keeps logs for {after} days instead of {before}");
            changes.weakens("logstore.retention_shortened", subject, &what);
        }
        (Fact::Known(_), Fact::Unknown(why)) => changes.unknown("logstore.retention_shortened", subject, why),
        _ => {}
    }
    let what = "takes logs from anybody (web tracking)";
    changes.flag("logstore.anonymous_writes", subject, false, (&old.web_tracking, &new.web_tracking), what);
    let facts = (&old.store.encrypted, &new.store.encrypted);
    changes.flag("logstore.encryption_disabled", subject, true, facts, "no longer encrypts new logs");
    let what = "no longer notes who sent a log and when";
    changes.flag("logstore.sender_dropped", subject, true, (&old.append_meta, &new.append_meta), what);
    let powers = |mode: &str| match mode {
        "lite" => 0,
        "query" => 1,
        _ => 2,
    };
    changes.text(
        "logstore.mode_reduced",
        subject,
        (&old.mode, &new.mode),
        |before, after| after.is_none_or(|after| powers(after) >= powers(before)),
        |before, after| format!("goes from mode {before} to {}", after.unwrap_or_default()),
    );
}

fn index(old: &IndexView, new: &IndexView, subject: Subject<'_>, changes: &mut Changes<'_>) {
    let facts = (&old.full_text, &new.full_text);
    changes.flag("index.full_text_removed", subject, true, facts, "no longer covers the whole text");
    let Some(before) = old.fields.known() else { return };
    let after = match &new.fields {
        Fact::Known(after) => after,
        Fact::Unknown(why) => return changes.unknown("index.fields_removed", subject, why),
        _ => return,
    };
    let gone: Vec<&str> =
        before.keys().filter(|name| !after.contains_key(*name)).map(String::as_str).collect();
    if !gone.is_empty() {
        changes.weakens("index.fields_removed", subject, &format!("loses the fields {}", gone.join(", ")));
    }
    let reduced: Vec<&str> = before
        .iter()
        .filter(|(name, field)| {
            after.get(*name).is_some_and(|now| {
                now.r#type != field.r#type
                    || (field.can_be_analysed && !now.can_be_analysed)
                    || (field.all_leaves && !now.all_leaves)
                    || !field.leaves.is_subset(&now.leaves)
            })
        })
        .map(|(name, _)| name.as_str())
        .collect();
    if !reduced.is_empty() {
        changes.weakens(
            "index.fields_reduced",
            subject,
            &format!("finds less by the fields {}", reduced.join(", ")),
        );
    }
}
