//! A report with what every format needs of it.

use std::fmt;

use baseline::{Finding, Report, Severity, Verdict};

use crate::failure::Failure;

/// A part of an audit that is done in parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Shard {
    /// Counts from 1.
    pub index: u32,
    /// How many parts there are.
    pub total: u32,
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.total)
    }
}

/// A report with what the formats need besides.
#[derive(Debug)]
pub struct Document {
    /// What was found.
    pub report: Report,
    /// The command that found it: `audit` or `check-plan`.
    pub command: &'static str,
    /// Of which part it is; all of it if unset.
    pub shard: Option<Shard>,
    /// How many failures were left out because an earlier report has them.
    pub known_before: usize,
}

impl Document {
    /// A report of a command, over everything.
    #[must_use]
    pub fn new(command: &'static str, report: Report) -> Self {
        Self { report, command, shard: None, known_before: 0 }
    }

    pub(super) fn of_verdict(&self, verdict: Verdict) -> impl Iterator<Item = &Finding> {
        self.report.findings.iter().filter(move |finding| finding.verdict == verdict)
    }

    pub(super) fn count(&self, verdict: Verdict) -> usize {
        self.of_verdict(verdict).count()
    }

    /// Failures, the worst first, then by account, rule and resource.
    pub(super) fn failures(&self) -> Vec<&Finding> {
        let mut failures: Vec<&Finding> = self.of_verdict(Verdict::Fail).collect();
        failures.sort_by(|one, other| {
            let key = |finding: &Finding| (finding.account.clone(), finding.rule, finding.resource.clone());
            other.severity.cmp(&one.severity).then_with(|| key(one).cmp(&key(other)))
        });
        failures
    }

    /// One line: what was judged, and with which result.
    pub(super) fn summary(&self) -> String {
        let report = &self.report;
        let failures = self.count(Verdict::Fail);
        let mut parts = vec![match failures {
            0 => "no failure".to_owned(),
            _ => {
                let severities = [Severity::Critical, Severity::High, Severity::Medium, Severity::Low];
                let count = |severity: Severity| {
                    self.of_verdict(Verdict::Fail).filter(|finding| finding.severity == severity).count()
                };
                let by_severity: Vec<String> = severities
                    .into_iter()
                    .filter(|severity| count(*severity) > 0)
                    .map(|severity| format!("{} {severity}", count(severity)))
                    .collect();
                format!("{failures} {} ({})", plural(failures, "failure"), by_severity.join(", "))
            }
        }];
        for (verdict, words) in [
            (Verdict::CouldNotLook, "could not be looked at"),
            (Verdict::Unknown, "unknown"),
            (Verdict::Excepted, "excepted"),
            (Verdict::Pass, "passed"),
        ] {
            let count = self.count(verdict);
            if count > 0 {
                parts.push(format!("{count} {words}"));
            }
        }
        if self.known_before > 0 {
            parts.push(format!("{} known before", self.known_before));
        }
        let looked_at = report.accounts_looked_at;
        let mut accounts = format!("{looked_at} {}", plural(looked_at, "account"));
        if !report.accounts_not_looked_at.is_empty() {
            accounts = format!("{accounts} of {}", looked_at + report.accounts_not_looked_at.len());
        }
        let subject = match self.command {
            "check-plan" => "plan".to_owned(),
            _ => accounts,
        };
        let part = self.shard.map(|shard| format!(", part {shard}")).unwrap_or_default();
        let interrupted = if report.interrupted { " Interrupted: this is a part of the report." } else { "" };
        format!("{subject}{part}, profile {}: {}.{interrupted}", report.profile, parts.join(", "))
    }
}

/// `word` for one, `words` for others.
pub(crate) fn plural(count: usize, word: &str) -> String {
    if count == 1 { word.to_owned() } else { format!("{word}s") }
}

/// What the formats give where a document cannot be written, which does not happen with values of this program.
pub(super) fn unwritable(error: impl fmt::Display) -> Failure {
    Failure::new(format!("the report cannot be written: {error}"))
}
