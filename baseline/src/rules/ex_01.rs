//! EX-01: exceptions are in order.

use crate::exceptions::{Exception, ExceptionUse};
use crate::finding::{Findings, Location, Resource, Severity};
use crate::judgement::Judgement;
use crate::parameters::Parameters;
use crate::rule::{Judge, Rule};

pub(super) static RULE: Rule = Rule {
    id: "EX-01",
    title: "Exceptions are in order",
    severity: Severity::Medium,
    controls: &[],
    rationale: "An exception that nobody looks at again is a hole with a name.",
    reads: "The exceptions file, and what it excuses.",
    passes_when: "An exception has not expired, and expires within the days of the parameter exception_max_days.",
    fails_when: "It has expired, which also brings back what it excused, or it expires too late. One that excuses nothing in the \
                 accounts that were looked at is unknown.",
    fix: "Mend what it excuses and remove it, or have its owner renew it with a new date.",
    safe_to_automate: false,
    actions: &[],
    judge: Judge::Exceptions(judge),
};

fn judge(exceptions: &ExceptionUse<'_>, parameters: &Parameters, findings: &mut Findings<'_>) {
    for (at, exception) in exceptions.exceptions.all().iter().enumerate() {
        let judgement = judge_one(exception, exceptions.used.contains(&at), exceptions, parameters);
        let file = exceptions.exceptions.file().to_owned();
        let location = Location { file, line: Some(exception.line), address: None };
        findings.judge(None, Resource::new("exception", &exception.id), Some(&location), judgement);
    }
}

fn judge_one(
    exception: &Exception,
    is_used: bool,
    exceptions: &ExceptionUse<'_>,
    parameters: &Parameters,
) -> Judgement {
    let Exception { id, owner, expires, .. } = exception;
    let left = exception.days_left(exceptions.today);
    if left < 0 {
        return Judgement::fail(
            format!("Exception {id} of {owner} expired on {expires}: what it excused is a finding again."),
            RULE.fix,
        );
    }
    let most = parameters.exception_max_days;
    if left > most {
        return Judgement::fail(
            format!(
                "Exception {id} of {owner} holds until {expires}, in {left} days, and {most} are allowed."
            ),
            format!("Set expires to a date within {most} days."),
        );
    }
    let concerned = |accounts: &[&str]| accounts.iter().any(|account| exception.concerns_account(account));
    if !is_used && concerned(exceptions.not_looked_at) {
        return Judgement::CouldNotLook {
            action: None,
            reason: format!(
                "whether exception {id} is still needed depends on accounts that could not be looked at"
            ),
        };
    }
    if !is_used && concerned(exceptions.looked_at) {
        return Judgement::Unknown {
            why: format!("exception {id} of {owner} excuses nothing in the accounts that were looked at"),
            how: Some("Remove it if what it excused is mended.".to_owned()),
        };
    }
    Judgement::pass(format!("Exception {id} of {owner} holds until {expires}, {left} more days."))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use time::macros::date;

    use super::*;
    use crate::Exceptions;
    use crate::Verdict::{self, CouldNotLook, Fail, Pass, Unknown};
    use crate::finding::Finding;

    fn judged(expires: &str, is_used: bool, looked_at: &[&str], not_looked_at: &[&str]) -> Finding {
        let text = format!(
            "\n[[exception]]\nid = \"sandbox\"\naccounts = [\"1*\"]\nrules = [\"AT-06\"]\nowner = \"a\"\nreason = \"b\"\n\
             expires = {expires}\n"
        );
        let exceptions = Exceptions::parse("exceptions.toml", &text).unwrap();
        let used: BTreeSet<usize> = is_used.then_some(0).into_iter().collect();
        let exceptions = ExceptionUse {
            exceptions: &exceptions,
            used: &used,
            today: date!(2026 - 12 - 01),
            looked_at,
            not_looked_at,
        };
        let mut found = Vec::new();
        let mut findings = Findings { rule: &RULE, account: "*", account_name: None, found: &mut found };
        judge(&exceptions, &Parameters::default(), &mut findings);
        found.pop().unwrap()
    }

    fn verdict(expires: &str, is_used: bool) -> Verdict {
        judged(expires, is_used, &["1"], &[]).verdict
    }

    #[test]
    fn passes_until_its_day_and_fails_after_it() {
        assert_eq!(verdict("2026-12-01", true), Pass);
        let found = judged("2026-11-30", true, &[], &[]);
        assert_eq!((found.verdict, found.resource.id.as_str()), (Fail, "sandbox"));
        assert_eq!(
            found.location,
            Some(Location { file: "exceptions.toml".into(), line: Some(2), address: None })
        );
        assert_eq!(verdict("2027-12-01", true), Pass);
        assert!(judged("2027-12-02", true, &[], &[]).message.contains("in 366 days, and 365 are allowed"));
    }

    #[test]
    fn unknown_if_it_excuses_nothing_and_could_not_look_if_that_cannot_be_said() {
        assert_eq!(verdict("2027-01-01", false), Unknown);
        // In this shard, none of its accounts are.
        assert_eq!(judged("2027-01-01", false, &["2"], &[]).verdict, Pass);
        assert_eq!(judged("2027-01-01", false, &["1"], &["12"]).verdict, CouldNotLook);
    }
}
