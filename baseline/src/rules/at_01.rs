//! AT-01: a trail covers the account.

use super::trails::{Subject, account, covers, not_looked_at, subject};
use crate::facts::Facts;
use crate::finding::{Findings, Severity};
use crate::judgement::Judgement;
use crate::parameters::Parameters;
use crate::rule::{Control, Judge, Rule};

pub(super) static RULE: Rule = Rule {
    id: "AT-01",
    title: "A trail covers the account",
    severity: Severity::Critical,
    controls: &[
        Control::cis("2.1", 1),
        Control::mlps("8.1.4.3 a"),
        Control::of("cloud-config", "actiontrail-enabled"),
    ],
    rationale: "Without a trail, events are gone after 90 days, and nothing outside of the account proves what was done in it.",
    reads: "All trails of the account in every region, those of its organization, and their status.",
    passes_when: "One trail, of the account or of its organization, records all regions, reads and writes, logs, and delivers to a \
                  bucket.",
    fails_when: "There is no trail, or none that does all of it.",
    fix: "Create a trail with TrailRegion = All, EventRW = All and OssBucketName, then StartLogging; or mend the one that is there \
          as the message says.",
    safe_to_automate: true,
    actions: &["actiontrail:DescribeRegions", "actiontrail:DescribeTrails", "actiontrail:GetTrailStatus"],
    judge: Judge::Account(judge),
};

fn judge(facts: &Facts, _: &Parameters, findings: &mut Findings<'_>) {
    match subject(facts) {
        Subject::Organization(trail) => {
            let seen = format!("The account is covered by the organization trail {}.", trail.label());
            findings.judge(None, account(facts), None, Judgement::pass(seen));
        }
        Subject::Own(trail) => match (covers(trail, facts), facts.regions_not_looked_at.first()) {
            // A trail elsewhere may cover it.
            (Judgement::Fail { .. }, Some(region)) => {
                findings.judge(None, account(facts), None, not_looked_at(region));
            }
            // About the account, whichever trail it is judged by: another trail is no new finding.
            (judgement, _) => {
                findings.judge(None, account(facts), trail.location.as_ref(), judgement);
            }
        },
        Subject::Nothing => {
            findings.judge(None, account(facts), None, of_others(facts));
        }
        Subject::NotRead(early) => {
            findings.judge(None, account(facts), None, early);
        }
    }
}

/// What an account without trails of its own has of its organization.
fn of_others(facts: &Facts) -> Judgement {
    let trails = facts.trails.known().into_iter().flatten();
    let of_organization = trails.filter(|trail| trail.is_organization_trail);
    let best = Judgement::best(of_organization.map(|trail| covers(trail, facts)));
    match best {
        Some(Judgement::Fail { seen, fix }) => Judgement::fail(
            format!(
                "The account has no trail of its own, and that of its organization does not cover it: {seen}"
            ),
            fix,
        ),
        Some(other) => other,
        None => Judgement::fail("The account has no trail.", RULE.fix),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Fact;
    use crate::Verdict::{CouldNotLook, Fail, Pass, Unknown};
    use crate::facts::{RegionNotLookedAt, Trail};
    use crate::fixtures::{account, denied, member, only, organization_trail, unknown, with_trail};

    #[test]
    fn passes_with_a_trail_that_covers_everything() {
        let found = only(&RULE, &account());
        assert_eq!((found.verdict, found.resource.kind.as_str()), (Pass, "account"));
    }

    #[test]
    fn passes_for_a_member_and_says_by_which_trail() {
        let found = only(&RULE, &member(organization_trail()));
        assert_eq!(found.verdict, Pass);
        assert!(found.message.contains("acs:actiontrail:cn-hangzhou:1000000000000001:trail/everyone"));
    }

    #[test]
    fn passes_beside_a_deliberately_narrow_second_trail() {
        let mut facts = account();
        let Fact::Known(trails) = &mut facts.trails else { panic!() };
        let narrow = Trail {
            name: "a".into(),
            event_rw: Fact::Known("Write".into()),
            status: Fact::Known("Disable".into()),
            ..trails[0].clone()
        };
        trails.insert(0, narrow);
        assert_eq!(only(&RULE, &facts).verdict, Pass);
    }

    #[test]
    fn fails_without_a_trail_or_with_one_that_lacks_something() {
        let none = Facts { trails: Fact::Known(Vec::new()), ..account() };
        assert_eq!(only(&RULE, &none).message, "The account has no trail.");
        assert_eq!(only(&RULE, &Facts { trails: Fact::Absent, ..account() }).verdict, Fail);
        for broken in [
            with_trail(|trail| trail.trail_region = Fact::Known("cn-hangzhou".into())),
            with_trail(|trail| trail.event_rw = Fact::Known("Write".into())),
            with_trail(|trail| trail.is_logging = Fact::Known(false)),
            with_trail(|trail| trail.oss_bucket = Fact::Absent),
        ] {
            let found = only(&RULE, &broken);
            assert_eq!(found.verdict, Fail, "{found:?}");
            assert!(found.remedy.is_some());
        }
        let stopped = Trail { is_logging: Fact::Known(false), ..organization_trail() };
        let found = only(&RULE, &member(stopped));
        assert_eq!(found.verdict, Fail);
        assert!(found.message.contains("that of its organization does not cover it"), "{}", found.message);
        // Trails of other accounts that are no organization trails cover nobody else.
        let foreign = Trail { is_organization_trail: false, ..organization_trail() };
        assert_eq!(only(&RULE, &member(foreign)).verdict, Fail);
    }

    #[test]
    fn is_unknown_where_a_setting_is() {
        assert_eq!(only(&RULE, &with_trail(|trail| trail.trail_region = unknown())).verdict, Unknown);
        assert_eq!(only(&RULE, &Facts { trails: unknown(), ..account() }).verdict, Unknown);
    }

    #[test]
    fn could_not_look_without_a_permission_unless_a_failure_is_certain() {
        let found = only(&RULE, &Facts { trails: denied("actiontrail:DescribeTrails"), ..account() });
        assert_eq!(
            (found.verdict, found.action.as_deref()),
            (CouldNotLook, Some("actiontrail:DescribeTrails"))
        );
        let status = |trail: &mut Trail| trail.is_logging = denied("actiontrail:GetTrailStatus");
        let found = only(&RULE, &with_trail(status));
        assert_eq!(
            (found.verdict, found.action.as_deref()),
            (CouldNotLook, Some("actiontrail:GetTrailStatus"))
        );
        let narrow = with_trail(|trail| {
            status(trail);
            trail.event_rw = Fact::Known("Write".into());
        });
        assert_eq!(only(&RULE, &narrow).verdict, Fail);
        let region =
            RegionNotLookedAt { region: "cn-beijing".into(), action: None, reason: "no route".into() };
        let partly = |facts: Facts| Facts { regions_not_looked_at: vec![region.clone()], ..facts };
        let none = Facts { trails: Fact::Known(Vec::new()), ..account() };
        assert_eq!(only(&RULE, &partly(none)).verdict, CouldNotLook);
        assert_eq!(only(&RULE, &partly(narrow)).verdict, CouldNotLook, "another may cover it");
        assert_eq!(only(&RULE, &partly(account())).verdict, Pass);
    }
}
