//! How long rules let objects and old versions live, whether that is long enough, and whether a change lets them live
//! less long.

use std::collections::BTreeMap;

use plugin::{Diagnostic, Diagnostics, Path};
use time::{Date, Duration};

use super::check::When;
use super::model::RuleModel;

/// What a rule deletes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kept {
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

/// Something that a rule deletes too early.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EarlyDeletion {
    /// The rule's id.
    pub(crate) rule: String,
    pub(super) kept: Kept,
    pub(super) end: When,
}

impl std::fmt::Display for EarlyDeletion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { rule, kept, end } = self;
        match (kept, end) {
            (_, When::Date(date)) => {
                write!(f, "rule {rule:?} deletes {} that were last changed before {date}", kept.name())
            }
            (Kept::Objects, end) => write!(f, "rule {rule:?} deletes objects {end} after their last change"),
            (Kept::OldVersions, end) => write!(f, "rule {rule:?} deletes old versions after {end}"),
        }
    }
}

/// What rules in force delete earlier than `minimum` days after it was written, or became an old version. A rule for some
/// objects only counts as well. Removing delete markers and giving up unfinished uploads deletes nothing that was written.
pub(crate) fn early_deletions(
    minimum: i64,
    rules: &BTreeMap<String, RuleModel>,
    today: Date,
) -> Vec<EarlyDeletion> {
    let too_early = |end: &When| match *end {
        When::Days(days) => days < minimum,
        // The youngest of those objects was written on the day before.
        When::Date(date) => today - date < Duration::days(minimum),
    };
    let of_rule = |(id, rule): (&String, &RuleModel)| {
        let early = |kept: Kept| {
            let end = kept.end(rule).filter(too_early)?;
            Some(EarlyDeletion { rule: id.clone(), kept, end })
        };
        Kept::BOTH.into_iter().filter_map(early).collect::<Vec<_>>()
    };
    rules.iter().flat_map(of_rule).collect()
}

/// Refuses rules that delete earlier than `minimum` days after writing.
pub(super) fn check_minimum(
    minimum: i64,
    rules: &BTreeMap<String, RuleModel>,
    today: Date,
    found: &mut Diagnostics,
) {
    for EarlyDeletion { rule, kept, end } in early_deletions(minimum, rules, today) {
        found.push(
            Diagnostic::error(
                format!("Lifecycle rule {rule:?} deletes too early"),
                format!(
                    "It deletes {} ({end}), while minimum_retention_days is {minimum}. Let them live longer, or lower \
                     minimum_retention_days if that is really meant.",
                    kept.name()
                ),
            )
            .at(Path::attribute("rules").key(&rule).child(kept.attribute())),
        );
    }
}

/// Whether a rule may be for untagged objects whose names begin with `prefix`, such as those that a trail delivers.
pub(crate) fn concerns(rule: &RuleModel, prefix: &str) -> bool {
    let its_prefix = rule.known_prefix().unwrap_or_default();
    let is_tagged = rule.tags.get().is_some_and(|tags| !tags.is_empty());
    let excepted = rule.filter.get().and_then(|filter| filter.not.get()).into_iter().flatten();
    let is_excepted = excepted
        .filter(|not| not.tag.is_null())
        .filter_map(|not| not.prefix.as_str())
        .any(|not| !not.is_empty() && prefix.starts_with(not));
    (prefix.starts_with(its_prefix) || its_prefix.starts_with(prefix)) && !is_tagged && !is_excepted
}

/// A rule under which something is deleted earlier than before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shortened {
    pub(super) rule: String,
    pub(super) kept: Kept,
    /// Beginning of the names of what is deleted earlier, where that is less than the rule is for.
    pub(super) part: Option<String>,
    /// When it was deleted before; `None` for never.
    pub(super) before: Option<When>,
    pub(super) after: When,
}

/// The rules of `after` under which something is deleted earlier than under `before`. Each set is asked about the objects
/// of every rule of both: a rule that goes may have kept what a wider one deletes.
pub(super) fn shortened(
    before: &BTreeMap<String, RuleModel>,
    after: &BTreeMap<String, RuleModel>,
) -> Vec<Shortened> {
    let mut found: Vec<Shortened> = Vec::new();
    for kept in Kept::BOTH {
        for objects in after.values().chain(before.values()) {
            let Some((id, rule, end)) = decides(after, objects, kept) else { continue };
            let old = decides(before, objects, kept).map(|(_, _, old)| old);
            if old.is_some_and(|old| is_no_earlier(end, old)) {
                continue;
            }
            if found.iter().any(|notified| notified.kept == kept && notified.rule == *id) {
                continue;
            }
            let is_part = objects.prefix != rule.prefix;
            let part = objects.known_prefix().filter(|_| is_part).map(str::to_owned);
            found.push(Shortened { rule: id.clone(), kept, part, before: old, after: end });
        }
    }
    found.sort_by(|one, other| one.rule.cmp(&other.rule));
    found
}

/// The rule that decides when objects like those of `objects` are deleted: of those that are for all of them the one with
/// the longest prefix, and of several such the one that deletes first.
fn decides<'r>(
    rules: &'r BTreeMap<String, RuleModel>,
    objects: &RuleModel,
    kept: Kept,
) -> Option<(&'r String, &'r RuleModel, When)> {
    let length = |rule: &RuleModel| rule.known_prefix().map_or(0, str::len);
    let covering = rules.iter().filter(|(_, rule)| covers(rule, objects));
    let covering: Vec<_> = covering.filter_map(|(id, rule)| Some((id, rule, kept.end(rule)?))).collect();
    let longest = covering.iter().map(|(_, rule, _)| length(rule)).max()?;
    covering
        .into_iter()
        .filter(|(_, rule, _)| length(rule) == longest)
        .reduce(|one, other| if is_no_earlier(other.2, one.2) { one } else { other })
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

/// Whether `rule` is for all objects that `objects` is for.
fn covers(rule: &RuleModel, objects: &RuleModel) -> bool {
    let (Some(wide), Some(narrow)) = (rule.known_prefix(), objects.known_prefix()) else { return false };
    let (tags, its_tags) = (rule.tags.get(), objects.tags.get());
    let tagged = tags
        .into_iter()
        .flatten()
        .all(|(key, value)| its_tags.and_then(|tags| tags.get(key)).is_some_and(|other| other == value));
    narrow.starts_with(wide) && tagged && (rule.filter.is_null() || rule.filter == objects.filter)
}
