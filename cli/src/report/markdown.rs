//! The report for comments on pull requests.

use std::fmt::Write as _;

use baseline::{Finding, Verdict};

use super::document::Document;

/// The most rows: what hosts accept as a comment ends at 65,536 characters.
const ROWS: usize = 200;

pub(super) fn write(document: &Document) -> String {
    let mut text = format!("## alitrail {}\n\n{}\n", document.command, capitalized(&document.summary()));
    let failures = document.failures();
    if !failures.is_empty() {
        text.push_str(
            "\n| Severity | Rule | Account | Resource | Finding | Fix |\n|---|---|---|---|---|---|\n",
        );
        for finding in failures.iter().take(ROWS) {
            row(&mut text, finding);
        }
        if failures.len() > ROWS {
            let _ = writeln!(text, "\n{} more failures are in the other formats.", failures.len() - ROWS);
        }
    }
    for (verdict, title) in [
        (Verdict::CouldNotLook, "Could not be looked at"),
        (Verdict::Unknown, "Unknown"),
        (Verdict::Excepted, "Excepted"),
    ] {
        let findings: Vec<&Finding> = document.of_verdict(verdict).collect();
        if findings.is_empty() {
            continue;
        }
        let _ = writeln!(text, "\n<details><summary>{title}: {}</summary>\n", findings.len());
        for finding in findings.iter().take(ROWS) {
            let more = finding.exception.as_ref().or(finding.remedy.as_ref());
            let more = more.map(|more| format!(" {}", cell(more))).unwrap_or_default();
            let resource = cell(&finding.resource.to_string());
            let _ = writeln!(
                text,
                "- {} {} `{resource}`: {}{more}",
                finding.rule,
                finding.account,
                cell(&finding.message)
            );
        }
        text.push_str("\n</details>\n");
    }
    if !document.report.accounts_not_looked_at.is_empty() {
        text.push_str("\nAccounts that could not be looked at:\n\n");
        for (account, reason) in &document.report.accounts_not_looked_at {
            let _ = writeln!(text, "- {account}: {}", cell(reason));
        }
    }
    text
}

fn row(text: &mut String, finding: &Finding) {
    let region = finding.region.as_ref().map(|region| format!(" ({region})")).unwrap_or_default();
    let _ = writeln!(
        text,
        "| {} | {} | {} | `{}`{region} | {} | {} |",
        finding.severity,
        finding.rule,
        finding.account,
        cell(&finding.resource.to_string()),
        cell(&finding.message),
        cell(finding.remedy.as_deref().unwrap_or_default())
    );
}

/// Text that stays in its cell and is no markup.
fn cell(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('|', "\\|")
        .replace('<', "&lt;")
        .replace('`', "'")
        .replace(['\n', '\r'], " ")
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
