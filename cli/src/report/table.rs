//! The report for people: a table of what is not as it should be, what to do about it, and a line with the numbers.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use baseline::{Finding, Severity, Verdict};
use comfy_table::{Cell, Color, Table};

use super::document::Document;

pub(super) fn write(document: &Document, to_file: bool) -> String {
    let colored = !to_file && console::colors_enabled();
    let mut text = String::new();
    let failures = document.failures();
    if !failures.is_empty() {
        let _ = writeln!(text, "{}\n", table(&failures, to_file, colored));
        text.push_str("What to do\n");
        let rules: BTreeSet<&str> = failures.iter().map(|finding| finding.rule).collect();
        for rule in rules.iter().filter_map(|id| baseline::rule(id)) {
            // What to write in a configuration is with the finding.
            let of_plan = failures.iter().filter(|_| document.command == "check-plan");
            let remedy = of_plan
                .filter(|finding| finding.rule == rule.id)
                .find_map(|finding| finding.remedy.as_deref());
            let _ = writeln!(text, "  {}  {}: {}", rule.id, rule.title, remedy.unwrap_or(rule.fix));
        }
        text.push('\n');
    }
    section(&mut text, document, Verdict::CouldNotLook, "Could not be looked at", to_file);
    let accounts = &document.report.accounts_not_looked_at;
    if !accounts.is_empty() {
        text.push_str("Accounts that could not be looked at\n");
        for (account, reason) in accounts {
            let _ = writeln!(text, "  {account}  {reason}");
        }
        text.push('\n');
    }
    section(&mut text, document, Verdict::Unknown, "Unknown", to_file);
    section(&mut text, document, Verdict::Excepted, "Excepted", to_file);
    let _ = writeln!(text, "{}", document.summary());
    text
}

fn table(findings: &[&Finding], to_file: bool, colored: bool) -> Table {
    let mut table = crate::table::new(["Severity", "Rule", "Account", "Resource", "Finding"], to_file);
    for finding in findings {
        let severity = Cell::new(finding.severity);
        let severity = if colored { severity.fg(color(finding.severity)) } else { severity };
        table.add_row([
            severity,
            Cell::new(finding.rule),
            Cell::new(account(finding)),
            Cell::new(resource(finding)),
            Cell::new(&finding.message),
        ]);
    }
    table
}

fn section(text: &mut String, document: &Document, verdict: Verdict, title: &str, to_file: bool) {
    let findings: Vec<&Finding> = document.of_verdict(verdict).collect();
    if findings.is_empty() {
        return;
    }
    let mut table = crate::table::new(["Rule", "Account", "Resource", "Why"], to_file);
    for finding in findings {
        let more = finding.exception.as_ref().or(finding.remedy.as_ref());
        let why = more.map_or_else(|| finding.message.clone(), |more| format!("{} {more}", finding.message));
        table.add_row([finding.rule.to_owned(), account(finding), resource(finding), why]);
    }
    let _ = writeln!(text, "{title}\n{table}\n");
}

fn account(finding: &Finding) -> String {
    match &finding.account_name {
        Some(name) => format!("{}\n{name}", finding.account),
        None => finding.account.clone(),
    }
}

fn resource(finding: &Finding) -> String {
    let place = finding.region.as_ref().map(|region| format!("\n{region}")).unwrap_or_default();
    format!("{}{place}", finding.resource)
}

fn color(severity: Severity) -> Color {
    match severity {
        Severity::Critical | Severity::High => Color::Red,
        Severity::Medium => Color::Yellow,
        Severity::Low => Color::Cyan,
    }
}
