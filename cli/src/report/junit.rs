//! The report as tests: a suite for each account, a test for each rule and resource.

use std::collections::BTreeMap;

use baseline::{Finding, Verdict};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::document::{Document, unwritable};
use crate::failure::Failure;

pub(super) fn write(document: &Document) -> Result<String, Failure> {
    let mut suites: BTreeMap<&str, Vec<TestCase>> = BTreeMap::new();
    for finding in &document.report.findings {
        suites.entry(&finding.account).or_default().push(test(finding));
    }
    for (account, reason) in &document.report.accounts_not_looked_at {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
        status.set_message(format!("Account {account} could not be looked at: {reason}"));
        suites.entry(account).or_default().push(TestCase::new("account", status));
    }
    let mut report = Report::new(format!("alitrail {}", document.command));
    for (account, tests) in suites {
        let mut suite = TestSuite::new(account);
        suite.add_test_cases(tests);
        report.add_test_suite(suite);
    }
    let mut text = report.to_string().map_err(unwritable)?;
    text.push('\n');
    Ok(text)
}

fn test(finding: &Finding) -> TestCase {
    let mut status = match finding.verdict {
        Verdict::Pass => TestCaseStatus::success(),
        Verdict::Fail => TestCaseStatus::non_success(NonSuccessKind::Failure),
        Verdict::CouldNotLook => TestCaseStatus::non_success(NonSuccessKind::Error),
        Verdict::Unknown | Verdict::Excepted => TestCaseStatus::skipped(),
    };
    if finding.verdict != Verdict::Pass {
        status.set_message(finding.exception.as_deref().unwrap_or(&finding.message));
        if let Some(remedy) = &finding.remedy {
            status.set_description(format!("{}\n{remedy}", finding.message));
        }
        status.set_type(finding.severity.as_str());
    }
    let mut case = TestCase::new(format!("{} {}", finding.rule, finding.resource), status);
    let region = finding.region.as_deref().unwrap_or("global");
    case.set_classname(format!("{}.{region}", finding.account));
    case
}
