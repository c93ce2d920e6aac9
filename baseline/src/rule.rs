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

/// All rules about what there is, in the order of their ids. Those about changes are [`crate::change::rules`].
#[must_use]
pub fn rules() -> &'static [&'static Rule] {
    crate::rules::ALL
}

/// All rules, about what there is and about changes.
pub fn every_rule() -> impl Iterator<Item = &'static Rule> {
    rules().iter().copied().chain(crate::change::rules())
}

/// The rule of this id, in any letter case.
#[must_use]
pub fn rule(id: &str) -> Option<&'static Rule> {
    every_rule().find(|rule| rule.id.eq_ignore_ascii_case(id))
}
