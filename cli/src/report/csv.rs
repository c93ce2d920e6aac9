//! The report for spreadsheets: a row for each rule and resource.

use super::document::{Document, unwritable};
use crate::failure::Failure;

const HEADER: [&str; 12] = [
    "fingerprint",
    "verdict",
    "severity",
    "rule",
    "account",
    "account_name",
    "region",
    "resource_kind",
    "resource_id",
    "message",
    "remedy",
    "exception",
];

pub(super) fn write(document: &Document) -> Result<String, Failure> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(HEADER).map_err(unwritable)?;
    for finding in &document.report.findings {
        let unset = |text: &Option<String>| text.clone().unwrap_or_default();
        let row = [
            finding.fingerprint(),
            finding.verdict.to_string(),
            finding.severity.to_string(),
            finding.rule.to_owned(),
            finding.account.clone(),
            unset(&finding.account_name),
            unset(&finding.region),
            finding.resource.kind.clone(),
            finding.resource.id.clone(),
            finding.message.clone(),
            unset(&finding.remedy),
            unset(&finding.exception),
        ];
        writer.write_record(row.map(|text| literal(&text))).map_err(unwritable)?;
    }
    let bytes = writer.into_inner().map_err(unwritable)?;
    String::from_utf8(bytes).map_err(unwritable)
}

/// Text that a spreadsheet does not take for a formula: names are chosen by whoever makes the resources.
fn literal(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t']) { format!("'{text}") } else { text.to_owned() }
}
