//! AT-09: one trail does the work.

use super::trails::{Subject, account, covers, judge_trail, not_looked_at, own, subject};
use crate::facts::{Facts, Trail};
use crate::finding::{Findings, Severity};
use crate::judgement::Judgement;
use crate::parameters::Parameters;
use crate::rule::{Control, Judge, Rule};

pub(super) static RULE: Rule = Rule {
    id: "AT-09",
    title: "One trail does the work",
    severity: Severity::Low,
    controls: &[Control::of("alitrail", "one-trail")],
    rationale: "Each trail that records everything is stored, indexed and paid for once more, and nobody knows which copy counts.",
    reads: "All trails of the account, and those of its organization.",
    passes_when: "One trail records everything. Narrow trails beside it are fine.",
    fails_when: "Another trail records everything as well.",
    fix: "Keep the trail that the account is judged by; StopLogging and DeleteTrail for the others once their archives are no \
          longer written to. What they delivered stays.",
    safe_to_automate: false,
    actions: &["actiontrail:DescribeRegions", "actiontrail:DescribeTrails", "actiontrail:GetTrailStatus"],
    judge: Judge::Account(judge),
};

fn judge(facts: &Facts, _: &Parameters, findings: &mut Findings<'_>) {
    let trails = match facts.trails.read() {
        Ok(trails) => trails.map_or(&[][..], Vec::as_slice),
        Err(early) => {
            findings.judge(None, account(facts), None, early);
            return;
        }
    };
    // An organization trail of the account goes first: it covers the others too.
    let of_organization =
        trails.iter().find(|trail| trail.is_organization_trail && covers(trail, facts).passes());
    let kept = match (of_organization, subject(facts)) {
        (Some(trail), _) | (None, Subject::Own(trail) | Subject::Organization(trail)) => trail,
        (None, Subject::NotRead(early)) => {
            findings.judge(None, account(facts), None, early);
            return;
        }
        // Nothing to have too much of.
        (None, Subject::Nothing) => return,
    };
    let duplicates: Vec<&Trail> = own(facts, trails)
        .filter(|trail| (&trail.name, &trail.account) != (&kept.name, &kept.account))
        .filter(|trail| covers(trail, facts).passes())
        .collect();
    for trail in &duplicates {
        let judgement = Judgement::fail(
            format!(
                "Trail {} records everything that {} records as well, and is stored and paid for a second time.",
                trail.label(),
                kept.label()
            ),
            format!(
                "StopLogging and DeleteTrail with Name = {}, or narrow it with UpdateTrail if it is needed. What it delivered \
                 stays in bucket {}.",
                trail.name,
                trail.oss_bucket.known().map_or("unknown", String::as_str)
            ),
        );
        judge_trail(trail, judgement, findings);
    }
    if duplicates.is_empty() {
        let judgement = match facts.regions_not_looked_at.first() {
            Some(region) => not_looked_at(region),
            None => Judgement::pass(format!("No other trail does the work of {}.", kept.label())),
        };
        findings.judge(None, account(facts), None, judgement);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Fact;
    use crate::Verdict::{CouldNotLook, Fail, Pass, Unknown};
    use crate::facts::RegionNotLookedAt;
    use crate::fixtures::{account, denied, findings, only, organization_trail, unknown, verdicts};

    fn with(more: impl IntoIterator<Item = Trail>) -> Facts {
        let mut facts = account();
        let Fact::Known(trails) = &mut facts.trails else { panic!() };
        trails.extend(more);
        facts
    }

    fn second() -> Trail {
        let facts = account();
        Trail { name: "second".into(), ..facts.trails.known().unwrap()[0].clone() }
    }

    #[test]
    fn passes_with_narrow_trails_beside_it() {
        assert_eq!(verdicts(&RULE, &account()), [Pass]);
        let narrow = Trail { event_rw: Fact::Known("Write".into()), ..second() };
        let stopped = Trail { is_logging: Fact::Known(false), ..second() };
        assert_eq!(verdicts(&RULE, &with([narrow, stopped])), [Pass]);
    }

    #[test]
    fn fails_for_each_duplicate() {
        let found = only(&RULE, &with([second()]));
        assert_eq!((found.verdict, found.resource.id.as_str()), (Fail, "second"));
        assert!(found.remedy.unwrap().contains("bucket archive"));
        let found = findings(&RULE, &with([organization_trail()]));
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].verdict, found[0].resource.id.as_str()),
            (Fail, "audit"),
            "that of the organization stays"
        );
    }

    #[test]
    fn unknown_and_could_not_look() {
        assert_eq!(verdicts(&RULE, &Facts { trails: unknown(), ..account() }), [Unknown]);
        assert_eq!(
            verdicts(&RULE, &Facts { trails: denied("actiontrail:DescribeTrails"), ..account() }),
            [CouldNotLook]
        );
        let region =
            RegionNotLookedAt { region: "cn-beijing".into(), action: None, reason: "no route".into() };
        let partly = Facts { regions_not_looked_at: vec![region], ..account() };
        assert_eq!(verdicts(&RULE, &partly), [CouldNotLook]);
    }
}
