//! AT-04: the trail logs.

use super::trails::{judge_property, logging};
use crate::facts::Facts;
use crate::finding::{Findings, Severity};
use crate::parameters::Parameters;
use crate::rule::{Control, Judge, Rule};

pub(super) static RULE: Rule = Rule {
    id: "AT-04",
    title: "The trail logs",
    severity: Severity::Critical,
    controls: &[Control::cis("2.1", 1), Control::mlps("8.1.4.3 d")],
    rationale: "A trail that is stopped, or was never started, looks like one and records nothing.",
    reads: "Status of the trail and IsLogging of its status.",
    passes_when: "The trail is enabled and logs. Where no status is written down, IsLogging decides.",
    fails_when: "The trail was created and never started, was stopped, or does not log.",
    fix: "StartLogging with the name of the trail.",
    safe_to_automate: true,
    actions: &["actiontrail:DescribeTrails", "actiontrail:GetTrailStatus"],
    judge: Judge::Account(judge),
};

fn judge(facts: &Facts, _: &Parameters, findings: &mut Findings<'_>) {
    judge_property(facts, findings, logging);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Fact;
    use crate::Verdict::{CouldNotLook, Fail, Pass, Unknown};
    use crate::fixtures::{account, denied, only, unknown, with_trail};

    #[test]
    fn passes_also_where_no_status_is_written_down() {
        assert_eq!(only(&RULE, &account()).verdict, Pass);
        assert_eq!(only(&RULE, &with_trail(|trail| trail.status = Fact::Absent)).verdict, Pass);
    }

    #[test]
    fn fails_with_words_of_its_own_for_one_that_was_never_started() {
        let with_status = |status: &str| {
            let status = Fact::Known(status.to_owned());
            only(&RULE, &with_trail(|trail| (trail.status, trail.is_logging) = (status, Fact::Known(false))))
        };
        for (status, words) in
            [("Fresh", "never started"), ("Disable", "is stopped"), ("Enable", "does not log")]
        {
            let found = with_status(status);
            assert_eq!(found.verdict, Fail);
            assert!(found.message.contains(words), "{}", found.message);
            assert_eq!(found.remedy.as_deref(), Some("Start the trail: StartLogging with Name = audit."));
        }
        let unset = with_trail(|trail| (trail.status, trail.is_logging) = (Fact::Absent, Fact::Known(false)));
        assert_eq!(only(&RULE, &unset).verdict, Fail);
    }

    #[test]
    fn unknown_and_could_not_look() {
        let neither = with_trail(|trail| (trail.status, trail.is_logging) = (Fact::Absent, Fact::Absent));
        assert_eq!(only(&RULE, &neither).verdict, Unknown);
        assert_eq!(only(&RULE, &with_trail(|trail| trail.is_logging = unknown())).verdict, Unknown);
        let found = only(&RULE, &with_trail(|trail| trail.is_logging = denied("actiontrail:GetTrailStatus")));
        assert_eq!(
            (found.verdict, found.action.as_deref()),
            (CouldNotLook, Some("actiontrail:GetTrailStatus"))
        );
    }
}
