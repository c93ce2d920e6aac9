//! AT-02: the trail records all regions.

use super::trails::{all_regions, judge_property};
use crate::facts::Facts;
use crate::finding::{Findings, Severity};
use crate::parameters::Parameters;
use crate::rule::{Control, Judge, Rule};

pub(super) static RULE: Rule = Rule {
    id: "AT-02",
    title: "The trail records all regions",
    severity: Severity::Critical,
    controls: &[Control::cis("2.1", 1), Control::mlps("8.1.4.3 a"), Control::of("checkov", "CKV_ALI_4")],
    rationale: "Who wants to stay unseen works in a region that nobody uses.",
    reads: "TrailRegion of the trail that covers the account, or is meant to.",
    passes_when: "TrailRegion is All.",
    fails_when: "It is one region, or several. A narrow second trail beside one that covers everything does not fail.",
    fix: "UpdateTrail with TrailRegion = All.",
    safe_to_automate: true,
    actions: &["actiontrail:DescribeTrails"],
    judge: Judge::Account(judge),
};

fn judge(facts: &Facts, _: &Parameters, findings: &mut Findings<'_>) {
    judge_property(facts, findings, all_regions);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Fact;
    use crate::Verdict::{CouldNotLook, Fail, Pass, Unknown};
    use crate::facts::Trail;
    use crate::fixtures::{account, denied, member, only, organization_trail, unknown, verdicts, with_trail};

    #[test]
    fn passes_and_fails() {
        assert_eq!(only(&RULE, &account()).verdict, Pass);
        for narrow in ["cn-hangzhou", "cn-hangzhou,cn-beijing"] {
            let found = only(&RULE, &with_trail(|trail| trail.trail_region = Fact::Known(narrow.into())));
            assert_eq!((found.verdict, found.resource.id.as_str()), (Fail, "audit"));
            assert!(found.message.contains(narrow) && found.remedy.unwrap().contains("TrailRegion = All"));
        }
        assert_eq!(only(&RULE, &with_trail(|trail| trail.trail_region = Fact::Absent)).verdict, Fail);
    }

    #[test]
    fn a_narrow_second_trail_and_a_covered_member_pass() {
        let mut facts = account();
        let Fact::Known(trails) = &mut facts.trails else { panic!() };
        trails.push(Trail {
            name: "b".into(),
            trail_region: Fact::Known("cn-beijing".into()),
            ..trails[0].clone()
        });
        assert_eq!(verdicts(&RULE, &facts), [Pass]);
        let found = only(&RULE, &member(organization_trail()));
        assert_eq!(found.verdict, Pass);
        assert!(found.message.contains("trail/everyone"));
    }

    #[test]
    fn unknown_and_could_not_look() {
        assert_eq!(only(&RULE, &with_trail(|trail| trail.trail_region = unknown())).verdict, Unknown);
        let found = only(&RULE, &Facts { trails: denied("actiontrail:DescribeTrails"), ..account() });
        assert_eq!(
            (found.verdict, found.action.as_deref()),
            (CouldNotLook, Some("actiontrail:DescribeTrails"))
        );
    }

    #[test]
    fn an_account_without_trails_is_for_another_rule() {
        assert!(verdicts(&RULE, &Facts { trails: Fact::Known(Vec::new()), ..account() }).is_empty());
    }
}
