//! How long rules let objects and old versions live, and whether a change lets them live less long.

use std::collections::BTreeMap;

use plugin::{Diagnostic, Diagnostics, Path};
use time::{Date, Duration};

use super::check::When;
use super::model::RuleModel;

/// What a rule deletes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    Objects,
    OldVersions,
}

impl Kept {
    pub(super) const BOTH: [Self; 2] = [Self::Objects, Self::OldVersions];

    pub(super) fn attribute(self) -> &'static str {
        match self {
            Self::Objects => "expiration",
            Self::OldVersions => "noncurrent_version_expiration",
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Objects => "objects",
            Self::OldVersions => "old versions",
        }
    }

    /// When a rule that is in force deletes them.
    pub(super) fn end(self, rule: &RuleModel) -> Option<When> {
        if !rule.may_be_enabled() {
            return None;
        }
        match self {
            Self::Objects => {
                let action = rule.expiration.get()?;
                When::of(&action.days, &action.created_before_date)
            }
            Self::OldVersions => {
                rule.noncurrent_version_expiration.get()?.days.get().copied().map(When::Days)
            }
        }
    }
}

/// Refuses rules that delete earlier than `minimum` days after writing.
pub(super) fn check_minimum(
    minimum: i64,
    rules: &BTreeMap<String, RuleModel>,
    today: Date,
    found: &mut Diagnostics,
) {
    for (id, rule) in rules {
        for kept in Kept::BOTH {
            let Some(end) = kept.end(rule) else { continue };
            let too_early = match end {
                When::Days(days) => days < minimum,
                // The youngest of those objects was written on the day before.
                When::Date(date) => today - date < Duration::days(minimum),
            };
            if too_early {
                let path = Path::attribute("rules").key(id).child(kept.attribute());
                found.push(
                    Diagnostic::error(
                        format!("Lifecycle rule {id:?} deletes too early"),
                        format!(
                            "It deletes {} ({end}), while minimum_retention_days is {minimum}. Let them live longer, or \
                             lower minimum_retention_days if that is really meant.",
                            kept.name()
                        ),
                    )
                    .at(path),
                );
            }
        }
    }
}

/// A rule under which something is deleted earlier than before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shortened {
    pub(super) rule: String,
    pub(super) kept: Kept,
    /// When it was deleted before; `None` for never.
    pub(super) before: Option<When>,
    pub(super) after: When,
}

/// The rules of `after` under which something is deleted earlier than under `before`.
pub(super) fn shortened(
    before: &BTreeMap<String, RuleModel>,
    after: &BTreeMap<String, RuleModel>,
) -> Vec<Shortened> {
    let mut found = Vec::new();
    for (id, rule) in after {
        for kept in Kept::BOTH {
            let Some(end) = kept.end(rule) else { continue };
            let covering = || before.values().filter(|old| covers(old, rule));
            let ends: Vec<When> = covering().filter_map(|old| kept.end(old)).collect();
            if ends.iter().any(|old| is_no_earlier(end, *old)) {
                continue;
            }
            let earliest =
                ends.into_iter().reduce(|one, two| if two.is_after(one) == Some(true) { one } else { two });
            let same_id = before.get(id).and_then(|old| kept.end(old));
            found.push(Shortened { rule: id.clone(), kept, before: earliest.or(same_id), after: end });
        }
    }
    found
}

/// Whether objects that `new` deletes would have been deleted no later before.
fn is_no_earlier(new: When, old: When) -> bool {
    match (new, old) {
        (When::Days(new), When::Days(old)) => new >= old,
        // A later day deletes more.
        (When::Date(new), When::Date(old)) => new <= old,
        _ => false,
    }
}

/// Whether `old` is for all objects that `new` is for.
fn covers(old: &RuleModel, new: &RuleModel) -> bool {
    let (Some(wide), Some(narrow)) = (old.known_prefix(), new.known_prefix()) else { return false };
    let (old_tags, new_tags) = (old.tags.get(), new.tags.get());
    let tags = old_tags
        .into_iter()
        .flatten()
        .all(|(key, value)| new_tags.and_then(|tags| tags.get(key)).is_some_and(|other| other == value));
    narrow.starts_with(wide) && tags && (old.filter.is_null() || old.filter == new.filter)
}
