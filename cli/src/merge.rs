//! `alitrail report merge`: makes one report of those of the parts of an audit, and finds out if one is missing.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use baseline::{Finding, Report, Verdict};

use crate::failure::Failure;
use crate::report::{self, Document, json::Saved};

/// Arguments of `alitrail report`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Make one report of the reports of all parts of an audit.
    ///
    /// Exits with 2 where a part is missing or there twice, after writing what there is.
    Merge(MergeArguments),
}

/// Arguments of `alitrail report merge`.
#[derive(Debug, clap::Args)]
struct MergeArguments {
    /// Reports in the JSON format.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    report: report::Arguments,
}

/// Runs it.
///
/// # Errors
/// A file that is no report, parts that do not belong together, or a report that cannot be written.
pub fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let Command::Merge(arguments) = &arguments.command;
    let report = arguments.report.prepare()?;
    let saved = arguments
        .files
        .iter()
        .map(|path| report::json::read(path).map(|saved| (path, saved)))
        .collect::<Result<Vec<_>, _>>()?;
    let mut parts: BTreeMap<u32, usize> = BTreeMap::new();
    let mut whole: Option<(u32, String)> = None;
    for (path, Saved { report, shard }) in &saved {
        let Some(shard) = shard else {
            return Err(Failure::usage(format!("{} is no part of an audit but all of it", path.display())));
        };
        let this = (shard.total, report.profile.clone());
        let first = whole.get_or_insert_with(|| this.clone());
        if *first != this {
            return Err(Failure::usage(format!(
                "{} is a part {shard} by the profile {}, and the first file is one of {} by the profile {}",
                path.display(),
                report.profile,
                first.0,
                first.1
            )));
        }
        *parts.entry(shard.index).or_default() += 1;
    }
    let total = whole.map_or(0, |(total, _)| total);
    let missing: Vec<String> =
        (1..=total).filter(|index| !parts.contains_key(index)).map(|index| index.to_string()).collect();
    let twice: Vec<String> =
        parts.iter().filter(|(_, count)| **count > 1).map(|(index, _)| index.to_string()).collect();
    let code =
        report.finish(Document::new("audit", merged(saved.into_iter().map(|(_, saved)| saved.report))))?;
    if !missing.is_empty() {
        let parts = report::plural(missing.len(), "part");
        return Err(Failure::not_looked_at(format!("{parts} {} of {total} missing", missing.join(", "))));
    }
    if !twice.is_empty() {
        return Err(Failure::not_looked_at(format!("part {} of {total} is there twice", twice.join(", "))));
    }
    Ok(code)
}

/// One report of several. What every part says, such as of the organization, is there once, with the worst verdict.
fn merged(reports: impl Iterator<Item = Report>) -> Report {
    let mut whole = Report::default();
    let mut findings: BTreeMap<String, Finding> = BTreeMap::new();
    for report in reports {
        for finding in report.findings {
            let key = finding.fingerprint();
            match findings.get(&key) {
                Some(known) if weight(known.verdict) >= weight(finding.verdict) => {}
                _ => {
                    findings.insert(key, finding);
                }
            }
        }
        whole.accounts_looked_at += report.accounts_looked_at;
        whole.accounts_not_looked_at.extend(report.accounts_not_looked_at);
        whole.begun = match whole.begun.is_empty() {
            true => report.begun,
            false => whole.begun.min(report.begun),
        };
        whole.ended = whole.ended.max(report.ended);
        whole.profile = report.profile;
        whole.interrupted |= report.interrupted;
    }
    whole.findings = findings.into_values().collect();
    whole.findings.sort_by(|one, other| {
        (&one.account, one.rule, &one.region, &one.resource).cmp(&(
            &other.account,
            other.rule,
            &other.region,
            &other.resource,
        ))
    });
    whole
}

const fn weight(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Pass => 0,
        Verdict::Excepted => 1,
        Verdict::Unknown => 2,
        Verdict::CouldNotLook => 3,
        Verdict::Fail => 4,
    }
}
