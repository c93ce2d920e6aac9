//! The report as a list of compliance findings (OCSF 1.4.0, class 2003).

use baseline::{Finding, Severity, Verdict};
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::document::{Document, unwritable};
use crate::failure::Failure;

pub(super) fn write(document: &Document) -> Result<String, Failure> {
    let moment =
        OffsetDateTime::parse(&document.report.ended, &Rfc3339).map_or(0, |at| at.unix_timestamp() * 1000);
    let events: Vec<Value> =
        document.report.findings.iter().map(|finding| event(document, finding, moment)).collect();
    let mut text = serde_json::to_string_pretty(&events).map_err(unwritable)?;
    text.push('\n');
    Ok(text)
}

fn event(document: &Document, finding: &Finding, moment: i64) -> Value {
    let rule = baseline::rule(finding.rule);
    let (status_id, status) = match finding.verdict {
        Verdict::Pass => (1, "Pass"),
        Verdict::Fail => (3, "Fail"),
        Verdict::Excepted => (2, "Warning"),
        Verdict::Unknown | Verdict::CouldNotLook => (0, "Unknown"),
    };
    let (severity_id, severity) = match (finding.verdict, finding.severity) {
        (Verdict::Pass, _) => (1, "Informational"),
        (_, Severity::Low) => (2, "Low"),
        (_, Severity::Medium) => (3, "Medium"),
        (_, Severity::High) => (4, "High"),
        (_, Severity::Critical) => (5, "Critical"),
    };
    let standards: Vec<String> = rule
        .map(|rule| {
            rule.controls.iter().map(|control| format!("{} {}", control.framework, control.id)).collect()
        })
        .unwrap_or_default();
    // A finding that is accepted is suppressed; any other is new, because a report has no memory.
    let (finding_status_id, finding_status) =
        if finding.verdict == Verdict::Excepted { (3, "Suppressed") } else { (1, "New") };
    json!({
        "activity_id": 1,
        "activity_name": "Create",
        "category_uid": 2,
        "category_name": "Findings",
        "class_uid": 2003,
        "class_name": "Compliance Finding",
        "type_uid": 200_301,
        "type_name": "Compliance Finding: Create",
        "time": moment,
        "severity_id": severity_id,
        "severity": severity,
        "status_id": finding_status_id,
        "status": finding_status,
        "message": finding.message,
        "metadata": {
            "version": "1.4.0",
            "profiles": ["cloud"],
            "product": {"name": "alitrail", "vendor_name": "alitrail", "version": env!("CARGO_PKG_VERSION")},
            "log_name": document.command,
        },
        "cloud": {
            "provider": "Alibaba Cloud",
            "region": finding.region,
            "account": {"uid": finding.account, "name": finding.account_name},
        },
        "compliance": {
            "control": finding.rule,
            "requirements": [rule.map_or(finding.rule, |rule| rule.title)],
            "standards": standards,
            "status_id": status_id,
            "status": status,
            "status_detail": finding.exception.as_ref().unwrap_or(&finding.message),
        },
        "finding_info": {
            "uid": finding.fingerprint(),
            "title": rule.map_or(finding.rule, |rule| rule.title),
            "desc": rule.map_or(finding.message.as_str(), |rule| rule.rationale),
            "types": ["Compliance"],
            "created_time": moment,
        },
        "remediation": {
            "desc": finding.remedy.as_deref().or(rule.map(|rule| rule.fix)).unwrap_or_default(),
        },
        "resources": [{
            "uid": finding.resource.id,
            "name": finding.resource.id,
            "type": finding.resource.kind,
            "region": finding.region,
        }],
    })
}
