//! The report with everything in it. Written for machines, and read again: for what is known already, and to merge parts.

use std::io::Write;
use std::path::Path;

use baseline::{Finding, Location, Report, Resource, Severity, Verdict};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::document::{Document, Shard};
use crate::failure::Failure;

/// The version of the form: members may be added to it, and none changes its meaning.
const VERSION: u32 = 1;

/// The report; findings are borrowed when they are written, and owned when they are read.
#[derive(Debug, Serialize, Deserialize)]
struct Written<F> {
    version: u32,
    command: String,
    profile: String,
    begun: String,
    ended: String,
    interrupted: bool,
    shard: Option<Shard>,
    accounts_looked_at: usize,
    accounts_not_looked_at: Vec<NotLookedAt>,
    known_before: usize,
    findings: Vec<F>,
}

#[derive(Debug, Serialize, Deserialize)]
struct NotLookedAt {
    account: String,
    reason: String,
}

#[derive(Debug, Serialize)]
struct Borrowed<'f> {
    fingerprint: String,
    #[serde(flatten, serialize_with = "borrowed")]
    finding: &'f Finding,
}

fn borrowed<S: Serializer>(finding: &&Finding, serializer: S) -> Result<S::Ok, S::Error> {
    Form::serialize(finding, serializer)
}

#[derive(Debug, Deserialize)]
struct Owned {
    #[serde(flatten, with = "Form")]
    finding: Finding,
}

/// The id of a rule.
type RuleId = &'static str;

/// The members of a finding, to be read as well as written.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Finding")]
struct Form {
    #[serde(deserialize_with = "known_rule")]
    rule: RuleId,
    severity: Severity,
    verdict: Verdict,
    account: String,
    account_name: Option<String>,
    region: Option<String>,
    resource: Resource,
    message: String,
    remedy: Option<String>,
    action: Option<String>,
    exception: Option<String>,
    location: Option<Location>,
}

fn known_rule<'de, D: Deserializer<'de>>(deserializer: D) -> Result<RuleId, D::Error> {
    let id = String::deserialize(deserializer)?;
    let known = baseline::rule(&id).ok_or_else(|| D::Error::custom(format!("there is no rule {id:?}")))?;
    Ok(known.id)
}

pub(super) fn write(document: &Document, mut out: impl Write) -> std::io::Result<()> {
    let report = &document.report;
    let written = Written {
        version: VERSION,
        command: document.command.to_owned(),
        profile: report.profile.clone(),
        begun: report.begun.clone(),
        ended: report.ended.clone(),
        interrupted: report.interrupted,
        shard: document.shard,
        accounts_looked_at: report.accounts_looked_at,
        accounts_not_looked_at: report
            .accounts_not_looked_at
            .iter()
            .map(|(account, reason)| NotLookedAt { account: account.clone(), reason: reason.clone() })
            .collect(),
        known_before: document.known_before,
        findings: report
            .findings
            .iter()
            .map(|finding| Borrowed { fingerprint: finding.fingerprint(), finding })
            .collect(),
    };
    serde_json::to_writer_pretty(&mut out, &written)?;
    writeln!(out)?;
    out.flush()
}

/// A report that was written before.
#[derive(Debug)]
pub struct Saved {
    /// What it says.
    pub report: Report,
    /// Of which part it is.
    pub shard: Option<Shard>,
}

/// Reads a report.
///
/// # Errors
/// A file that cannot be read, or is no report in the JSON format.
pub fn read(path: &Path) -> Result<Saved, Failure> {
    let wrong = |what: String| {
        Failure::usage(format!("{} {what}", path.display()))
            .with_hint("reports are written with --output FILE.json, or with --format json")
    };
    let text = std::fs::read_to_string(path).map_err(|error| wrong(format!("cannot be read: {error}")))?;
    let written: Written<Owned> = serde_json::from_str(&text)
        .map_err(|error| wrong(format!("is no report in the JSON format: {error}")))?;
    if written.version != VERSION {
        let version = written.version;
        return Err(wrong(format!(
            "is a report of version {version}, and this program reads version {VERSION}"
        )));
    }
    let report = Report {
        findings: written.findings.into_iter().map(|written| written.finding).collect(),
        accounts_looked_at: written.accounts_looked_at,
        accounts_not_looked_at: written
            .accounts_not_looked_at
            .into_iter()
            .map(|NotLookedAt { account, reason }| (account, reason))
            .collect(),
        begun: written.begun,
        ended: written.ended,
        profile: written.profile,
        interrupted: written.interrupted,
    };
    Ok(Saved { report, shard: written.shard })
}
