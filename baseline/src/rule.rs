//! What a rule declares about itself, and the list of all rules. One declaration feeds findings, lists of rules, their
//! documentation and the metadata of reports.

use serde::Serialize;

use crate::exceptions::ExceptionUse;
use crate::facts::{Facts, OrganizationFacts};
use crate::finding::{Findings, Severity};
use crate::parameters::Parameters;

/// A control of a framework that a rule serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Control {
    /// The framework: `cis-2.0` (CIS Alibaba Cloud Foundation Benchmark), `mlps-2.0` (GB/T 22239, level 3), …
    pub framework: &'static str,
    /// The control's number or name in the framework, such as `2.1`.
    pub id: &'static str,
    /// The level, where the framework has levels.
    pub level: Option<u8>,
}

impl Control {
    pub(crate) const fn cis(id: &'static str, level: u8) -> Self {
        Self { framework: "cis-2.0", id, level: Some(level) }
    }

    /// A clause of GB/T 22239-2019, level 3.
    pub(crate) const fn mlps(id: &'static str) -> Self {
        Self { framework: "mlps-2.0", id, level: Some(3) }
    }

    pub(crate) const fn of(framework: &'static str, id: &'static str) -> Self {
        Self { framework, id, level: None }
    }
}

/// How a rule judges.
#[derive(Debug, Clone, Copy)]
pub enum Judge {
    /// One account at a time.
    Account(fn(&Facts, &Parameters, &mut Findings<'_>)),
    /// The organization, once all of its accounts were looked at.
    Organization(fn(&OrganizationFacts, &Parameters, &mut Findings<'_>)),
    /// The exceptions, once all findings are there.
    Exceptions(fn(&ExceptionUse<'_>, &Parameters, &mut Findings<'_>)),
    /// A change that is planned, by whoever compares what is there with what will be.
    Change,
}

/// A rule: what it asks for, why, and how it is judged and mended.
#[derive(Debug, Clone, Serialize)]
pub struct Rule {
    /// Two letters for the service and a number, such as `AT-01`; of a rule about changes, the id of its condition, such as
    /// `trail.deleted`. Never used again for something else.
    pub id: &'static str,
    /// What is asked for, in a few words.
    pub title: &'static str,
    /// How much a failure matters.
    pub severity: Severity,
    /// The controls that it serves.
    pub controls: &'static [Control],
    /// Why it matters.
    pub rationale: &'static str,
    /// What it looks at.
    pub reads: &'static str,
    /// When it passes.
    pub passes_when: &'static str,
    /// When it fails.
    pub fails_when: &'static str,
    /// The exact fix.
    pub fix: &'static str,
    /// Whether a program may apply the fix without asking a person about each resource.
    pub safe_to_automate: bool,
    /// The RAM actions that reading its facts needs.
    pub actions: &'static [&'static str],
    /// How it judges.
    #[serde(skip)]
    pub judge: Judge,
}

impl Rule {
    /// The controls that it serves, in one line.
    #[must_use]
    pub fn controls_text(&self) -> String {
        let controls: Vec<String> =
            self.controls.iter().map(|control| format!("{} {}", control.framework, control.id)).collect();
        controls.join(", ")
    }

    /// A section of a page about it.
    #[must_use]
    pub fn markdown(&self) -> String {
        let mut text = format!("## {}: {}\n\nSeverity: {}.", self.id, self.title, self.severity);
        if !self.controls.is_empty() {
            text.push_str(&format!(" Controls: {}.", self.controls_text()));
        }
        let automatic = if self.safe_to_automate { "Yes." } else { "No, a person decides." };
        text.push_str(&format!(
            "\n\n{}\n\n- **Reads:** {}\n- **Passes when:** {}\n- **Fails when:** {}\n- **Fix:** {}\n- **Safe to automate:** \
             {automatic}\n",
            self.rationale, self.reads, self.passes_when, self.fails_when, self.fix
        ));
        if !self.actions.is_empty() {
            let actions: Vec<String> = self.actions.iter().map(|action| format!("`{action}`")).collect();
            text.push_str(&format!("- **Actions:** {}\n", actions.join(", ")));
        }
        text.push('\n');
        text
    }
}

/// All rules about what there is, in the order of their ids. Those about changes are [`change::rules`].
#[must_use]
pub fn rules() -> &'static [&'static Rule] {
    crate::rules::ALL
}

/// All rules, about what there is and about changes.
pub fn every_rule() -> impl Iterator<Item = &'static Rule> {
    rules().iter().copied().chain(change::rules())
}

/// The rule of this id, in any letter case.
#[must_use]
pub fn rule(id: &str) -> Option<&'static Rule> {
    every_rule().find(|rule| rule.id.eq_ignore_ascii_case(id))
}

pub mod change {
    //! The rules about changes: one for each way in which a call can weaken evidence, out of the list of
    //! `reconciler::evidence`. Whoever plans writes compares what is there with what will be, and names the rule of the
    //! condition that holds.

    use std::sync::LazyLock;

    use super::{Control, Judge, Rule, Severity};
    use reconciler::evidence::{Condition, conditions};

    static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| conditions().into_iter().map(of).collect());

    /// The rules about changes, in the order of the calls.
    pub fn rules() -> impl Iterator<Item = &'static Rule> {
        RULES.iter()
    }

    /// "Audit process protected from interruption" and "records protected from deletion, change and overwriting" of GB/T 22239.
    const CONTROLS: &[Control] = &[Control::mlps("8.1.4.3 c"), Control::mlps("8.1.4.3 d")];

    fn of(condition: &'static Condition) -> Rule {
        Rule {
            id: condition.id,
            title: condition.when,
            severity: severity(condition.id),
            controls: CONTROLS,
            rationale: condition.loss,
            reads: "What is there, and what is planned.",
            passes_when: "No change does that.",
            fails_when: condition.when,
            fix: "Take the change back; or, if it is meant, accept it with an exception that says who answers for it and until when.",
            safe_to_automate: false,
            actions: &[],
            judge: Judge::Change,
        }
    }

    /// How much a change matters: whether evidence ends or is opened (critical), is kept or protected less (high), is noticed by
    /// fewer (medium), or is only looked for elsewhere (low).
    fn severity(condition: &str) -> Severity {
        match condition {
            "trail.deleted"
            | "trail.logging_stopped"
            | "trail.regions_narrowed"
            | "bucket.acl_opened"
            | "bucket.delivery_target_deleted"
            | "bucket_policy.public"
            | "objects.deleted"
            | "project.deleted"
            | "project.delivery_target_deleted"
            | "logstore.deleted" => Severity::Critical,
            "global_events.region_changed" | "access_log.moved" | "trail.max_compute_changed" => {
                Severity::Low
            }
            "bucket.encryption_weakened"
            | "bucket.tls_lowered"
            | "logstore.sender_dropped"
            | "logstore.encryption_disabled" => Severity::Medium,
            _ if ["alert.", "recipients.", "index."].iter().any(|object| condition.starts_with(object)) => {
                Severity::Medium
            }
            _ => Severity::High,
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn every_condition_has_a_rule_and_no_id_is_used_twice() {
            assert_eq!(rules().count(), conditions().len());
            let mut ids: Vec<&str> = crate::every_rule().map(|rule| rule.id).collect();
            ids.sort_unstable();
            let all = ids.len();
            ids.dedup();
            assert_eq!(ids.len(), all);
        }

        #[test]
        fn severities_are_for_conditions_that_exist() {
            let of = |id: &str| rules().find(|rule| rule.id == id).map(|rule| rule.severity);
            assert_eq!(of("trail.logging_stopped"), Some(Severity::Critical));
            assert_eq!(of("logstore.retention_shortened"), Some(Severity::High));
            assert_eq!(of("alert.muted"), Some(Severity::Medium));
            assert_eq!(of("access_log.moved"), Some(Severity::Low));
        }
    }
}
