//! What a rule says about one resource, and the report over many of them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::rule::Rule;

/// How much a failed rule matters. Ordered: `Critical` is the greatest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Good practice.
    Low,
    /// Weakening the trail.
    Medium,
    /// Loses evidence or lets it be lost.
    High,
    /// There is no evidence, or anyone may read or end it.
    Critical,
}

impl Severity {
    /// The word for it, in lower case.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A text that is no severity.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no severity; use low, medium, high or critical")]
pub struct UnknownSeverity(pub String);

impl FromStr for Severity {
    type Err = UnknownSeverity;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::Low, Self::Medium, Self::High, Self::Critical]
            .into_iter()
            .find(|severity| severity.as_str().eq_ignore_ascii_case(text.trim()))
            .ok_or_else(|| UnknownSeverity(text.to_owned()))
    }
}

/// What a rule concludes about a resource. A rule that does not apply to a resource says nothing about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// As asked for.
    Pass,
    /// Not as asked for.
    Fail,
    /// It was read, and cannot be judged by what was read.
    Unknown,
    /// It could not be read.
    CouldNotLook,
    /// Not as asked for, and an exception that has not expired accepts that.
    Excepted,
}

impl Verdict {
    /// The word for it, as in the JSON form.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Unknown => "unknown",
            Self::CouldNotLook => "could_not_look",
            Self::Excepted => "excepted",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What a finding is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Resource {
    /// `account`, `trail`, `bucket`, `project`, `logstore`, `role`, `organization`, `exception`.
    pub kind: String,
    /// Its name or id, unique with its kind within an account and region. A logstore is `<project>/<logstore>`.
    pub id: String,
}

impl Resource {
    /// A resource of this kind and id.
    pub fn new(kind: impl Into<String>, id: impl Into<String>) -> Self {
        Self { kind: kind.into(), id: id.into() }
    }
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.id)
    }
}

/// A place in a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Location {
    /// The path, as the user wrote it.
    pub file: String,
    /// The line, from 1.
    pub line: Option<u32>,
    /// What declares it in the file, where the file has names for that, such as `module.audit.alicloud_oss_bucket.archive`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

/// What one rule says about one resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The id of the rule, such as `AT-01`.
    pub rule: &'static str,
    /// How much it matters if the verdict is `Fail`.
    pub severity: Severity,
    /// The conclusion.
    pub verdict: Verdict,
    /// The id of the account.
    pub account: String,
    /// The display name of the account, if it is known.
    pub account_name: Option<String>,
    /// The region of the resource; `None` for what has none.
    pub region: Option<String>,
    /// What was judged.
    pub resource: Resource,
    /// One sentence: what was seen.
    pub message: String,
    /// The exact fix, for a `Fail`; how to find out, for an `Unknown`.
    pub remedy: Option<String>,
    /// The RAM action that is missing, for a `CouldNotLook` that was refused.
    pub action: Option<String>,
    /// Why a failure is accepted, and until when, for an `Excepted`.
    pub exception: Option<String>,
    /// Where it is written, for what was read from a file.
    pub location: Option<Location>,
}

impl Finding {
    /// What identifies the finding over time: hexadecimal SHA-256 over rule, account, region and resource. Never over a
    /// text, so that better words make no new finding.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let region = self.region.as_deref().unwrap_or_default();
        let mut digest = Sha256::new();
        for part in [self.rule, &self.account, region, &self.resource.kind, &self.resource.id] {
            // The length keeps two neighbours from running into each other.
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part);
        }
        digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Where rules put what they find about one account: carries the rule, the account and its name along.
#[derive(Debug)]
pub struct Findings<'a> {
    /// The rule that judges now.
    pub rule: &'static Rule,
    /// The id of the account that is judged.
    pub account: &'a str,
    /// Its display name.
    pub account_name: Option<&'a str>,
    /// What was found so far.
    pub found: &'a mut Vec<Finding>,
}

impl Findings<'_> {
    /// Adds a finding with this verdict, and gives it back to be completed.
    pub fn add(
        &mut self,
        verdict: Verdict,
        region: Option<&str>,
        resource: Resource,
        message: impl Into<String>,
    ) -> &mut Finding {
        let finding = Finding {
            rule: self.rule.id,
            severity: self.rule.severity,
            verdict,
            account: self.account.to_owned(),
            account_name: self.account_name.map(str::to_owned),
            region: region.map(str::to_owned),
            resource,
            message: message.into(),
            remedy: None,
            action: None,
            exception: None,
            location: None,
        };
        self.found.push(finding);
        let last = self.found.len() - 1;
        &mut self.found[last]
    }
}

/// Everything that an audit found out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// What was found, in no particular order.
    pub findings: Vec<Finding>,
    /// How many accounts were looked at.
    pub accounts_looked_at: usize,
    /// The ids of the accounts that could not be looked at, and why.
    pub accounts_not_looked_at: Vec<(String, String)>,
    /// When the audit began, in the form of RFC 3339.
    pub begun: String,
    /// When it ended.
    pub ended: String,
    /// The profile that was judged by.
    pub profile: String,
    /// It was interrupted: what is here is a part.
    pub interrupted: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding() -> Finding {
        Finding {
            rule: "AT-01",
            severity: Severity::Critical,
            verdict: Verdict::Fail,
            account: "1234567890123456".into(),
            account_name: None,
            region: Some("cn-hangzhou".into()),
            resource: Resource::new("trail", "audit"),
            message: "There is no trail.".into(),
            remedy: None,
            action: None,
            exception: None,
            location: None,
        }
    }

    #[test]
    fn a_fingerprint_depends_on_what_a_finding_is_about_and_on_no_text() {
        let one = finding();
        let texts = Finding {
            verdict: Verdict::Excepted,
            message: "Other words.".into(),
            remedy: Some("Do it.".into()),
            account_name: Some("prod".into()),
            severity: Severity::Low,
            exception: Some("known".into()),
            ..finding()
        };
        assert_eq!(one.fingerprint(), texts.fingerprint());
        // Kept for good: baselines and code-scanning hosts remember it.
        assert_eq!(one.fingerprint(), "822dcf00b277e6a385a3bbb97acd50cdbd3bf096a7a4e370d38fabb1b9359204");
        let others = [
            Finding { rule: "AT-02", ..finding() },
            Finding { account: "1234567890123457".into(), ..finding() },
            Finding { region: None, ..finding() },
            Finding { resource: Resource::new("bucket", "audit"), ..finding() },
            Finding { resource: Resource::new("trail", "other"), ..finding() },
            Finding { resource: Resource::new("traila", "udit"), ..finding() },
        ];
        for other in others {
            assert_ne!(one.fingerprint(), other.fingerprint(), "{other:?}");
        }
    }

    #[test]
    fn severities_are_ordered_and_read_as_they_are_written() {
        assert!(Severity::Low < Severity::Medium && Severity::High < Severity::Critical);
        for severity in [Severity::Low, Severity::Medium, Severity::High, Severity::Critical] {
            assert_eq!(severity.to_string().parse(), Ok(severity));
            assert_eq!(serde_json::to_value(severity).unwrap(), severity.as_str());
        }
        assert_eq!("urgent".parse::<Severity>(), Err(UnknownSeverity("urgent".into())));
        assert_eq!(serde_json::to_value(Verdict::CouldNotLook).unwrap(), "could_not_look");
    }
}
