//! What a plan weakens: objects before and after, compared, and what no longer holds named by the list of
//! `reconciler::evidence`. Whether the change would be made by one provider or the other makes no difference.

mod alerts;
mod buckets;
mod logs;
mod others;
mod trails;

use std::collections::BTreeMap;

use baseline::{Fact, Finding, Findings, Judgement, Location, Resource, Rule, Selection};
use time::OffsetDateTime;

use crate::world::World;

/// Compares what there is with what there will be.
pub(crate) fn judge(
    before: &World,
    after: &World,
    selection: &Selection,
    now: OffsetDateTime,
) -> Vec<Finding> {
    let mut changes = Changes { rules: by_id(selection), selection, found: Vec::new() };
    trails::compare(before, after, &mut changes);
    buckets::compare(before, after, &mut changes, now);
    logs::compare(before, after, &mut changes);
    alerts::compare(before, after, &mut changes, now);
    others::compare(before, after, &mut changes);
    changes.found
}

fn by_id(selection: &Selection) -> BTreeMap<&'static str, &'static Rule> {
    selection.changes.iter().map(|rule| (rule.id, *rule)).collect()
}

/// What is compared: what messages call it, and where it is.
#[derive(Debug, Clone, Copy)]
struct Subject<'a> {
    kind: &'a str,
    id: &'a str,
    account: &'a str,
    region: Option<&'a str>,
    location: Option<&'a Location>,
}

impl Subject<'_> {
    /// What messages call it.
    fn name(&self) -> String {
        let Self { kind, id, .. } = self;
        let mut name = format!("{kind} {id}");
        if let Some(first) = name.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        name
    }
}

/// What was found.
struct Changes<'s> {
    rules: BTreeMap<&'static str, &'static Rule>,
    selection: &'s Selection,
    found: Vec<Finding>,
}

impl Changes<'_> {
    /// Something is weakened. `what` goes on after the name of the object: "stops logging".
    fn weakens(&mut self, condition: &str, subject: Subject<'_>, what: &str) {
        let name = subject.name();
        self.add(condition, subject, |rule| Judgement::Fail {
            seen: format!("{name} {what}: {}.", rule.rationale),
            fix: rule.fix.to_owned(),
        });
    }

    /// Whether something is weakened is known after the apply only.
    fn unknown(&mut self, condition: &str, subject: Subject<'_>, why: &str) {
        let name = subject.name();
        self.add(condition, subject, |rule| Judgement::Unknown {
            why: format!("whether {} ({name}) depends on what is not known yet: {why}", rule.title),
            how: Some("Plan again once that is known, or write the value down.".to_owned()),
        });
    }

    fn add(&mut self, condition: &str, subject: Subject<'_>, judgement: impl FnOnce(&Rule) -> Judgement) {
        // A rule that was not selected.
        let Some(rule) = self.rules.get(condition) else { return };
        let resource = Resource::new(subject.kind, subject.id);
        // One change of one object is one finding.
        let known = |finding: &&Finding| {
            finding.rule == rule.id && finding.resource == resource && finding.account == subject.account
        };
        if self.found.iter().any(|finding| known(&finding)) {
            return;
        }
        let mut findings =
            Findings { rule, account: subject.account, account_name: None, found: &mut self.found };
        let finding = findings.judge(subject.region, resource, subject.location, judgement(rule));
        finding.location = subject.location.cloned();
        if let Some(address) = subject.location.and_then(|location| location.address.as_ref()) {
            finding.message = format!("{address}: {}", finding.message);
        }
        if let Some(severity) = self.selection.parameters.severities.get(rule.id) {
            finding.severity = *severity;
        }
    }

    /// A text that may only change to what `is_fine` accepts.
    fn text(
        &mut self,
        condition: &str,
        subject: Subject<'_>,
        (before, after): (&Fact<String>, &Fact<String>),
        is_fine: impl Fn(&str, Option<&str>) -> bool,
        what: impl FnOnce(&str, Option<&str>) -> String,
    ) {
        let Some(before) = before.known() else { return };
        match after {
            Fact::Known(after) if !is_fine(before, Some(after)) => {
                self.weakens(condition, subject, &what(before, Some(after)));
            }
            Fact::Absent if !is_fine(before, None) => self.weakens(condition, subject, &what(before, None)),
            Fact::Unknown(why) => self.unknown(condition, subject, why),
            _ => {}
        }
    }

    /// A flag that may not change from `from`.
    fn flag(
        &mut self,
        condition: &str,
        subject: Subject<'_>,
        from: bool,
        (before, after): (&Fact<bool>, &Fact<bool>),
        what: &str,
    ) {
        let is_set = |fact: &Fact<bool>| fact.known().copied().unwrap_or(false);
        if matches!(before, Fact::Unknown(_)) || is_set(before) != from {
            return;
        }
        match after {
            Fact::Unknown(why) => self.unknown(condition, subject, why),
            after if is_set(after) != from => self.weakens(condition, subject, what),
            _ => {}
        }
    }
}
