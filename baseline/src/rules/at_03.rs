//! AT-03: the trail records reads and writes.

use super::trails::{all_events, judge_property};
use crate::facts::Facts;
use crate::finding::{Findings, Severity};
use crate::parameters::Parameters;
use crate::rule::{Control, Judge, Rule};

pub(super) static RULE: Rule = Rule {
    id: "AT-03",
    title: "The trail records reads and writes",
    severity: Severity::High,
    controls: &[Control::cis("2.1", 1), Control::mlps("8.1.4.3 a"), Control::of("checkov", "CKV_ALI_5")],
    rationale: "Reconnaissance and theft of data are reads.",
    reads: "EventRW of the trail that covers the account, or is meant to.",
    passes_when: "EventRW is All.",
    fails_when: "It is Read or Write.",
    fix: "UpdateTrail with EventRW = All. Send it with every update: what an update leaves out becomes Write.",
    safe_to_automate: true,
    actions: &["actiontrail:DescribeTrails"],
    judge: Judge::Account(judge),
};

fn judge(facts: &Facts, _: &Parameters, findings: &mut Findings<'_>) {
    judge_property(facts, findings, all_events);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Fact;
    use crate::Verdict::{CouldNotLook, Fail, Pass, Unknown};
    use crate::fixtures::{account, denied, member, only, organization_trail, unknown, with_trail};

    #[test]
    fn passes_and_fails() {
        assert_eq!(only(&RULE, &account()).verdict, Pass);
        for narrow in ["Write", "Read"] {
            let found = only(&RULE, &with_trail(|trail| trail.event_rw = Fact::Known(narrow.into())));
            assert_eq!(found.verdict, Fail);
            assert!(found.message.contains(narrow) && found.remedy.unwrap().contains("EventRW = All"));
        }
        assert_eq!(only(&RULE, &with_trail(|trail| trail.event_rw = Fact::Absent)).verdict, Fail);
        assert_eq!(only(&RULE, &member(organization_trail())).verdict, Pass);
    }

    #[test]
    fn unknown_and_could_not_look() {
        assert_eq!(only(&RULE, &with_trail(|trail| trail.event_rw = unknown())).verdict, Unknown);
        let facts = Facts { trails: denied("actiontrail:DescribeTrails"), ..account() };
        assert_eq!(only(&RULE, &facts).verdict, CouldNotLook);
    }
}
