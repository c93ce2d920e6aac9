//! What comparing finds: changes, with the rules that they break.

use std::collections::BTreeMap;

use baseline::{Fact, Finding, Findings, Judgement, Location, Resource, Rule, Selection};

/// What is compared: what messages call it, and where it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Subject<'a> {
    pub(super) kind: &'a str,
    pub(super) id: &'a str,
    pub(super) account: &'a str,
    pub(super) region: Option<&'a str>,
    pub(super) location: Option<&'a Location>,
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
pub(super) struct Changes<'s> {
    rules: BTreeMap<&'static str, &'static Rule>,
    selection: &'s Selection,
    found: Vec<Finding>,
}

impl<'s> Changes<'s> {
    pub(super) fn new(selection: &'s Selection) -> Self {
        let rules = selection.changes.iter().map(|rule| (rule.id, *rule)).collect();
        Self { rules, selection, found: Vec::new() }
    }

    pub(super) fn into_findings(self) -> Vec<Finding> {
        self.found
    }
}

impl Changes<'_> {
    /// Something is weakened. `what` goes on after the name of the object: "stops logging".
    pub(super) fn weakens(&mut self, condition: &str, subject: Subject<'_>, what: &str) {
        let name = subject.name();
        self.add(condition, subject, |rule| Judgement::Fail {
            seen: format!("{name} {what}: {}.", rule.rationale),
            fix: rule.fix.to_owned(),
        });
    }

    /// Whether something is weakened is known after the apply only.
    pub(super) fn unknown(&mut self, condition: &str, subject: Subject<'_>, why: &str) {
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
    pub(super) fn text(
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
    pub(super) fn flag(
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
