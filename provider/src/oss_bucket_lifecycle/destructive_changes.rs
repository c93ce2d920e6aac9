//! What a change of rules stops keeping: every object or old version that is deleted earlier than before.

use std::collections::BTreeMap;

use plugin::{DestructiveChange, Path};
use reconciler::evidence::LEAST_RETENTION_DAYS;
use time::Date;

use super::check::When;
use super::model::{LifecycleModel, RuleModel};
use super::retention::{EarlyDeletion, Shortened, early_deletions, shortened};

/// What is kept less long once `prior` becomes `planned`. Removing all rules keeps everything.
pub(super) fn destructive_changes(
    prior: &LifecycleModel,
    planned: Option<&LifecycleModel>,
) -> Vec<DestructiveChange> {
    let Some(planned) = planned else { return Vec::new() };
    let (Some(before), Some(after)) = (prior.rules.get(), planned.rules.get()) else { return Vec::new() };
    shortened(before, after).into_iter().map(|change| destructive_change(planned.name(), &change)).collect()
}

/// One rule that deletes earlier than before.
pub(super) fn destructive_change(bucket: &str, change: &Shortened) -> DestructiveChange {
    let Shortened { rule, kept, part, before, after } = change;
    let before = match before {
        Some(before) => notified(*before),
        None => "never".to_owned(),
    };
    let things = kept.name();
    let which = match part {
        Some(prefix) => format!("{things} whose names begin with {prefix:?}"),
        None => things.to_owned(),
    };
    DestructiveChange {
        path: Path::attribute("rules").key(rule).child(kept.attribute()),
        summary: format!("bucket {bucket:?} deletes {things} earlier"),
        detail: format!(
            "Under the lifecycle rule {rule:?}, {which} are deleted {}; before: {before}. That holds for what is in the \
             bucket already, within a day of the apply.",
            notified(*after)
        ),
    }
}

/// The first rules of a bucket that kept everything so far: those that delete what is younger than evidence has to be.
pub(crate) fn first_rules(
    bucket: &str,
    rules: &BTreeMap<String, RuleModel>,
    today: Date,
) -> Vec<DestructiveChange> {
    let early = early_deletions(LEAST_RETENTION_DAYS, rules, today).into_iter();
    let destructive_changes = early.map(|EarlyDeletion { rule, kept, end }| {
        let things = kept.name();
        DestructiveChange {
            path: Path::attribute("rules").key(&rule).child(kept.attribute()),
            summary: format!("bucket {bucket:?} begins to delete {things} early"),
            detail: format!(
                "The bucket has no lifecycle rules, and keeps everything. Under the rule {rule:?}, {things} are deleted \
                 {}, also those that are in the bucket already, within a day of the apply. Evidence is expected to be \
                 kept for at least {LEAST_RETENTION_DAYS} days.",
                notified(end)
            ),
        }
    });
    destructive_changes.collect()
}

fn notified(when: When) -> String {
    match when {
        When::Days(_) => format!("after {when}"),
        When::Date(_) => format!("if {when}"),
    }
}
