//! The report for code-scanning hosts (SARIF 2.1.0). Failures are results; what could not be looked at or judged is told as a
//! notification of the run, because a host would open an alert for each result.
//!
//! A host keeps the first 5,000 results of a run, so there are as many runs as it takes, each of a category of its own.

use baseline::{Finding, Judge, Rule, Severity, Verdict};
use serde_json::{Value, json};

use super::document::{Document, unwritable};
use crate::failure::Failure;

/// The most results of a run that hosts keep.
const RESULTS: usize = 5_000;

pub(super) fn write(document: &Document) -> Result<String, Failure> {
    let results: Vec<&Finding> =
        document.failures().into_iter().chain(document.of_verdict(Verdict::Excepted)).collect();
    let mut parts: Vec<&[&Finding]> = results.chunks(RESULTS).collect();
    if parts.is_empty() {
        parts.push(&[]);
    }
    let runs: Vec<Value> = (1..).zip(parts).map(|(number, part)| run(document, number, part)).collect();
    let log = json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": runs,
    });
    let mut text = serde_json::to_string_pretty(&log).map_err(unwritable)?;
    text.push('\n');
    Ok(text)
}

fn run(document: &Document, number: usize, findings: &[&Finding]) -> Value {
    let part = document.shard.map(|shard| format!("part-{}-of-{}/", shard.index, shard.total));
    let category = format!("alitrail/{}/{}{number}/", document.command, part.unwrap_or_default());
    json!({
        "tool": {"driver": {
            "name": "alitrail",
            "version": env!("CARGO_PKG_VERSION"),
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "rules": rules(document).map(descriptor).collect::<Vec<_>>(),
        }},
        "automationDetails": {"id": category},
        "invocations": [{
            "executionSuccessful": !document.report.interrupted && document.report.accounts_not_looked_at.is_empty(),
            "startTimeUtc": document.report.begun,
            "endTimeUtc": document.report.ended,
            "toolExecutionNotifications": if number == 1 { notifications(document) } else { Vec::new() },
        }],
        "results": findings.iter().map(|finding| result(document, finding)).collect::<Vec<_>>(),
    })
}

/// The rules that may have results: those about changes belong to plans.
fn rules(document: &Document) -> impl Iterator<Item = &'static Rule> {
    let about_changes = document.command == "check-plan";
    baseline::every_rule().filter(move |rule| about_changes || !matches!(rule.judge, Judge::Change))
}

fn descriptor(rule: &Rule) -> Value {
    let tags: Vec<String> =
        rule.controls.iter().map(|control| format!("{}/{}", control.framework, control.id)).collect();
    json!({
        "id": rule.id,
        "name": rule.id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.rationale},
        "help": {"text": rule.fix, "markdown": format!("{}\n\n**Fix:** {}", rule.rationale, rule.fix)},
        "defaultConfiguration": {"level": level(rule.severity)},
        "properties": {"tags": tags, "security-severity": score(rule.severity)},
    })
}

fn result(document: &Document, finding: &Finding) -> Value {
    let mut text = finding.message.clone();
    if let Some(remedy) = &finding.remedy {
        text = format!("{text}\n{remedy}");
    }
    let index = rules(document).position(|rule| rule.id == finding.rule);
    let mut result = json!({
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": level(finding.severity),
        "message": {"text": text},
        "locations": [location(document, finding)],
        "partialFingerprints": {"alitrail/v1": finding.fingerprint()},
        "properties": {"account": finding.account, "region": finding.region, "severity": finding.severity},
    });
    if let Some(exception) = &finding.exception {
        result["suppressions"] = json!([{"kind": "external", "justification": exception}]);
    }
    result
}

/// Hosts want a file for every result. What is in the cloud has none, and gets a path that says where it is.
fn location(document: &Document, finding: &Finding) -> Value {
    let resource = &finding.resource;
    let address = finding.location.as_ref().and_then(|location| location.address.clone());
    let full_name = address.unwrap_or_else(|| format!("{}/{}", finding.account, resource));
    let (uri, line) = match &finding.location {
        Some(location) => (location.file.clone(), location.line.unwrap_or(1)),
        None => {
            let region = finding.region.as_deref().unwrap_or("global");
            let account = if finding.account == "*" { "all" } else { &finding.account };
            let path = format!("{}/{account}/{region}/{}/{}", document.command, resource.kind, resource.id);
            (path.split('/').map(encoded).collect::<Vec<_>>().join("/"), 1)
        }
    };
    json!({
        "physicalLocation": {"artifactLocation": {"uri": uri}, "region": {"startLine": line}},
        "logicalLocations": [{"fullyQualifiedName": full_name, "kind": "resource"}],
    })
}

/// A part of a path, with nothing in it that an address may not have.
fn encoded(part: &str) -> String {
    part.chars().map(|c| if c.is_ascii_alphanumeric() || "-._~".contains(c) { c } else { '_' }).collect()
}

fn notifications(document: &Document) -> Vec<Value> {
    let report = &document.report;
    let of_findings = document
        .of_verdict(Verdict::CouldNotLook)
        .map(|finding| ("warning", finding))
        .chain(document.of_verdict(Verdict::Unknown).map(|finding| ("note", finding)))
        .map(|(level, finding)| {
            json!({
                "level": level,
                "associatedRule": {"id": finding.rule},
                "message": {"text": format!("{} {}: {}", finding.account, finding.resource, finding.message)},
            })
        });
    let of_accounts = report.accounts_not_looked_at.iter().map(|(account, reason)| {
        let text = format!("Account {account} could not be looked at: {reason}");
        json!({"level": "error", "message": {"text": text}})
    });
    of_findings.chain(of_accounts).collect()
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low => "note",
    }
}

/// The number by which hosts tell severities of security findings apart.
fn score(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "3.0",
    }
}
