//! Checks of one rule: each action has one time, colder classes come later, conditions go with the actions.

use std::collections::BTreeMap;

use plugin::{Attr, Diagnostic, Diagnostics, Path, Step};

use reconciler::bucket_document::lifecycle::{CLASSES, rank};

use super::check::When;
use super::model::{FilterModel, NotModel, RuleModel, is_true};

/// The longest id, in bytes.
const LONGEST_ID: usize = 255;

/// Several exclusions have to be approved by the vendor; then this many are possible.
const MOST_EXCLUSIONS: usize = 100;

struct Check<'c> {
    id: &'c str,
    at: Path,
    found: &'c mut Diagnostics,
}

/// A move to a colder class, of current or old versions.
struct Move<'c> {
    class: &'c str,
    when: Option<When>,
    access_time: &'c Attr<bool>,
    returns: &'c Attr<bool>,
    small_files: &'c Attr<bool>,
}

pub(super) fn check(id: &str, rule: &RuleModel, found: &mut Diagnostics) {
    let mut check = Check { id, at: Path::attribute("rules").key(id), found };
    check.has_id();
    check.does_something(rule);
    check.times(rule);
    check.one_way_of_telling_time(rule);
    check.moves(rule);
    check.old_moves(rule);
    check.filter(rule);
}

impl Check<'_> {
    fn refuse(&mut self, path: Path, what: &str, detail: String) {
        self.found.push(Diagnostic::error(format!("Lifecycle rule {:?}: {what}", self.id), detail).at(path));
    }

    fn child(&self, name: &str) -> Path {
        self.at.clone().child(name)
    }

    fn has_id(&mut self) {
        if self.id.is_empty() || self.id.len() > LONGEST_ID {
            let detail = format!(
                "The key of a rule is its id: 1 to {LONGEST_ID} bytes; this one has {}.",
                self.id.len()
            );
            self.refuse(self.at.clone(), "impossible id", detail);
        }
    }

    fn does_something(&mut self, rule: &RuleModel) {
        fn moves<T>(map: &Attr<BTreeMap<String, T>>) -> bool {
            map.is_unknown() || map.get().is_some_and(|map| !map.is_empty())
        }
        let acts = !rule.expiration.is_null()
            || !rule.noncurrent_version_expiration.is_null()
            || !rule.abort_multipart_upload.is_null()
            || moves(&rule.transitions)
            || moves(&rule.noncurrent_version_transitions);
        if !acts {
            let detail = "Give it at least one of expiration, transitions, noncurrent_version_expiration, \
                          noncurrent_version_transitions and abort_multipart_upload."
                .to_owned();
            self.refuse(self.at.clone(), "no action", detail);
        }
    }

    /// Each action has exactly one time.
    fn times(&mut self, rule: &RuleModel) {
        if let Some(action) = rule.expiration.get() {
            let marker = match &action.expired_object_delete_marker {
                Attr::Known(false) => Attr::Null,
                other => other.clone(),
            };
            let given = [&action.days.is_null(), &action.created_before_date.is_null(), &marker.is_null()];
            let unknown =
                action.days.is_unknown() || action.created_before_date.is_unknown() || marker.is_unknown();
            let path = self.child("expiration");
            self.one_of(
                "expiration",
                path,
                given,
                unknown,
                "days, created_before_date and expired_object_delete_marker = true",
            );
        }
        if let Some(action) = rule.abort_multipart_upload.get() {
            let given = [&action.days.is_null(), &action.created_before_date.is_null()];
            let unknown = action.days.is_unknown() || action.created_before_date.is_unknown();
            let path = self.child("abort_multipart_upload");
            self.one_of("abort_multipart_upload", path, given, unknown, "days and created_before_date");
        }
        for (class, action) in rule.transitions.get().into_iter().flatten() {
            let given = [&action.days.is_null(), &action.created_before_date.is_null()];
            let unknown = action.days.is_unknown() || action.created_before_date.is_unknown();
            let path = self.child("transitions").key(class);
            let action = format!("the transition to {class}");
            self.one_of(&action, path, given, unknown, "days and created_before_date");
        }
    }

    /// `action` is how the message names it.
    fn one_of<const N: usize>(
        &mut self,
        action: &str,
        path: Path,
        nulls: [&bool; N],
        unknown: bool,
        choices: &str,
    ) {
        let set = nulls.into_iter().filter(|null| !**null).count();
        let what = match (set, unknown) {
            (1, _) => return,
            (0, _) => format!("{action} has no time"),
            // Which of them remain is decided later.
            (_, true) => return,
            _ => format!("{action} has more than one time"),
        };
        self.refuse(path, &what, format!("Set exactly one of {choices} in {action}."));
    }

    /// Days and dates do not mix among the actions on current versions.
    fn one_way_of_telling_time(&mut self, rule: &RuleModel) {
        let mut times = Vec::new();
        if let Some(action) = rule.expiration.get()
            && let Some(when) = When::of(&action.days, &action.created_before_date)
        {
            times.push(("expiration".to_owned(), self.child("expiration"), when));
        }
        for (class, action) in rule.transitions.get().into_iter().flatten() {
            if let Some(when) = When::of(&action.days, &action.created_before_date) {
                times.push((
                    format!("the transition to {class}"),
                    self.child("transitions").key(class),
                    when,
                ));
            }
        }
        let Some((first, _, when)) = times.first().cloned() else { return };
        if let Some((other, path, its)) =
            times.into_iter().find(|(_, _, its)| its.is_date() != when.is_date())
        {
            let detail = format!(
                "{first} ({when}) and {other} ({its}) tell the time in different ways. Within one rule use days everywhere \
                 or dates everywhere; put the other into a rule of its own."
            );
            self.refuse(path, "days and dates mixed", detail);
        }
    }

    fn moves(&mut self, rule: &RuleModel) {
        let moves: Vec<Move<'_>> = rule
            .transitions
            .get()
            .into_iter()
            .flatten()
            .map(|(class, action)| Move {
                class,
                when: When::of(&action.days, &action.created_before_date),
                access_time: &action.is_access_time,
                returns: &action.return_to_std_when_visit,
                small_files: &action.allow_small_file,
            })
            .collect();
        let expiry =
            rule.expiration.get().and_then(|action| When::of(&action.days, &action.created_before_date));
        self.ladder(rule, "transitions", &moves, "expiration", expiry);
    }

    fn old_moves(&mut self, rule: &RuleModel) {
        let moves: Vec<Move<'_>> = rule
            .noncurrent_version_transitions
            .get()
            .into_iter()
            .flatten()
            .map(|(class, action)| Move {
                class,
                when: action.days.get().copied().map(When::Days),
                access_time: &action.is_access_time,
                returns: &action.return_to_std_when_visit,
                small_files: &action.allow_small_file,
            })
            .collect();
        let expiry = rule.noncurrent_version_expiration.get().and_then(|action| action.days.get().copied());
        let removal = "noncurrent_version_expiration";
        self.ladder(rule, "noncurrent_version_transitions", &moves, removal, expiry.map(When::Days));
    }

    /// Colder classes strictly later, removal last of all.
    fn ladder(
        &mut self,
        rule: &RuleModel,
        name: &str,
        moves: &[Move<'_>],
        removal: &str,
        expiry: Option<When>,
    ) {
        let sized = rule.filter.get().is_some_and(is_sized);
        let mut steps = Vec::new();
        for one in moves {
            let path = self.child(name).key(one.class);
            if !CLASSES.contains(&one.class) {
                let detail = format!(
                    "{:?} is not a class to move to. Use {}.",
                    one.class,
                    plugin::check::list(&CLASSES)
                );
                self.refuse(path, "unknown storage class", detail);
                continue;
            }
            // Unset plans false.
            if is_true(one.returns) && !is_true(one.access_time) && !one.access_time.is_unknown() {
                let detail =
                    "return_to_std_when_visit works only with is_access_time = true. Set that, or remove it."
                        .to_owned();
                self.refuse(path.clone().child("return_to_std_when_visit"), "nothing to return from", detail);
            }
            if sized && one.small_files.get().is_some() {
                let detail =
                    "allow_small_file and the sizes in filter exclude each other. Remove one of them."
                        .to_owned();
                self.refuse(path.clone().child("allow_small_file"), "two limits for sizes", detail);
            }
            if let Some(when) = one.when {
                steps.push((one.class, when, path));
            }
        }
        steps.sort_by_key(|(class, _, _)| rank(class));
        for pair in steps.windows(2) {
            let [(warm, earlier, _), (cold, later, path)] = pair else { continue };
            // Dates may stand in any order: what was last changed before both goes to the colder class at once.
            if !later.is_date() && later.is_after(*earlier) == Some(false) {
                let detail = format!(
                    "{name}: {cold} ({later}) does not come after {warm} ({earlier}). Objects move from warm to cold, {}, \
                     each strictly later than the one before.",
                    CLASSES.join(", ")
                );
                self.refuse(path.clone(), "storage classes in the wrong order", detail);
            }
        }
        if let (Some(expiry), Some((class, last, _))) = (expiry, steps.last())
            && expiry.is_after(*last) == Some(false)
        {
            if expiry.is_date() {
                let detail = format!(
                    "{removal} ({expiry}) does not come after the move to {class} ({last}), so objects are deleted without \
                     ever having been moved. Remove the move, or choose a later date for {removal}."
                );
                let summary = format!("Lifecycle rule {:?}: deleted before moved", self.id);
                self.found.push(Diagnostic::warning(summary, detail).at(self.child(removal)));
                return;
            }
            let detail = format!(
                "{removal} ({expiry}) does not come after the move to {class} ({last}). Deleting has to come strictly later \
                 than every move; remove the moves that objects do not live to see."
            );
            self.refuse(self.child(removal), "deleted before moved", detail);
        }
    }

    fn filter(&mut self, rule: &RuleModel) {
        let aborts = rule.abort_multipart_upload.get().is_some();
        let markers =
            rule.expiration.get().is_some_and(|action| is_true(&action.expired_object_delete_marker));
        if aborts && rule.tags.get().is_some_and(|tags| !tags.is_empty()) {
            let detail =
                "Unfinished uploads have no tags. Put abort_multipart_upload into a rule without tags.";
            self.refuse(self.child("tags"), "tags with abort_multipart_upload", detail.to_owned());
        }
        let Some(filter) = rule.filter.get() else { return };
        let path = self.child("filter");
        let not = filter.not.get().map(Vec::as_slice).unwrap_or_default();
        let sizes = [&filter.object_size_greater_than, &filter.object_size_less_than];
        let action = if aborts { "abort_multipart_upload" } else { "expired_object_delete_marker" };
        if (aborts || markers) && is_sized(filter) {
            let detail = format!("{action} concerns what has no size. Put it into a rule without sizes.");
            self.refuse(path.clone(), &format!("object sizes with {action}"), detail);
        }
        if (aborts || markers) && !not.is_empty() {
            let detail = format!(
                "The service takes no exclusions with {action}. Put it into a rule without filter.not."
            );
            self.refuse(path.clone().child("not"), &format!("exclusions with {action}"), detail);
        }
        if let [Some(least), Some(most)] = sizes.map(|size| size.get().copied())
            && least >= most
        {
            let detail = format!(
                "object_size_greater_than ({least}) is not less than object_size_less_than ({most}), so no object fits."
            );
            self.refuse(path.clone(), "sizes in the wrong order", detail);
        }
        if not.len() > MOST_EXCLUSIONS {
            let detail =
                format!("There are {} exclusions; a rule can have at most {MOST_EXCLUSIONS}.", not.len());
            self.refuse(path.clone().child("not"), "too many exclusions", detail);
        }
        for (index, not) in (0..).zip(not) {
            self.exclusion(rule, not, path.clone().child("not").then(Step::Index(index)));
        }
    }

    fn exclusion(&mut self, rule: &RuleModel, not: &NotModel, path: Path) {
        let excluded = match &not.prefix {
            Attr::Null => Some(""),
            stated => stated.as_str(),
        };
        if let (Some(own), Some(excluded)) = (rule.known_prefix(), excluded) {
            if excluded.is_empty() && not.tag.is_null() {
                let detail = "Give it a prefix, a tag or both; otherwise the exclusion excludes everything.";
                self.refuse(path.clone(), "exclusion without a condition", detail.to_owned());
            } else if !excluded.is_empty()
                && (!excluded.starts_with(own) || excluded == own && not.tag.is_null())
            {
                let detail = format!(
                    "The prefix {excluded:?} has to lie below the prefix of the rule ({own:?}), or be the same together with \
                     a tag; otherwise the exclusion excludes nothing or everything."
                );
                self.refuse(path.clone().child("prefix"), "exclusion outside of the rule", detail);
            }
        }
        let key = not.tag.get().and_then(|tag| tag.key.as_str());
        if let (Some(key), Some(tags)) = (key, rule.tags.get())
            && tags.contains_key(key)
        {
            let detail =
                format!("The tag key {key:?} is one that the rule asks for. Use another key in one of them.");
            self.refuse(path.child("tag"), "exclusion by a tag of the rule", detail);
        }
    }
}

fn is_sized(filter: &FilterModel) -> bool {
    filter.object_size_greater_than.get().is_some() || filter.object_size_less_than.get().is_some()
}
