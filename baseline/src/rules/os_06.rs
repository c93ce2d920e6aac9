//! OS-06: the archive keeps events long enough.

use super::archives::{Which, judge_archives};
use crate::facts::Facts;
use crate::finding::{Findings, Severity};
use crate::judgement::Judgement;
use crate::parameters::Parameters;
use crate::rule::{Control, Judge, Rule};

pub(super) static RULE: Rule = Rule {
    id: "OS-06",
    title: "The archive keeps events long enough",
    severity: Severity::Critical,
    controls: &[Control::mlps("8.1.4.3 c"), Control::of("cybersecurity-law", "six months of logs")],
    rationale: "Evidence that a lifecycle rule deleted is gone, whatever the trail recorded.",
    reads: "All lifecycle rules that may delete what the trail delivers: also those for the whole bucket, for a part of it, and those with a date.",
    passes_when: "No rule in force deletes objects of the trail before the days of the parameter archive_retention_days. A bucket without rules keeps everything.",
    fails_when: "A rule in force deletes them earlier. Rules for tagged objects do not count: a trail gives its objects no tags.",
    fix: "PutBucketLifecycle with all rules of the bucket, of which that rule has Days of at least the retention. The call replaces all rules: send those that stay as well.",
    safe_to_automate: false,
    actions: &["oss:GetBucketLifecycle"],
    judge: Judge::Account(judge),
};

fn judge(facts: &Facts, parameters: &Parameters, findings: &mut Findings<'_>) {
    let required = parameters.archive_retention_days;
    judge_archives(facts, findings, Which::Main, |bucket, trails| {
        let name = &bucket.name;
        let rules = bucket.lifecycle.read()?.map_or(&[][..], Vec::as_slice);
        let prefixes: Vec<String> = trails.iter().map(|trail| trail.object_prefix()).collect();
        let early: Vec<String> = rules
            .iter()
            .filter(|rule| prefixes.iter().any(|prefix| rule.concerns(prefix)))
            .filter_map(|rule| {
                let end = rule.expiration?;
                let early = end.least_days(facts.observed_at.date()) < required;
                early.then(|| format!("rule {:?} deletes objects {end}", rule.id))
            })
            .collect();
        if !early.is_empty() {
            return Ok(Judgement::fail(
                format!(
                    "Bucket {name} deletes events before {required} days have passed: {}.",
                    early.join("; ")
                ),
                format!(
                    "PutBucketLifecycle of {name} with all of its rules, of which these delete after at least {required} days. \
                     The call replaces all rules."
                ),
            ));
        }
        // Where the trail puts its objects may be known later, and then a rule may concern them after all.
        for trail in trails {
            trail.oss_key_prefix.read()?;
        }
        Ok(Judgement::pass(format!(
            "Bucket {name} keeps what the trail delivers for at least {required} days."
        )))
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Verdict::{CouldNotLook, Fail, Pass, Unknown};
    use time::macros::date;

    use crate::Fact;
    use crate::facts::{LifecycleRule, Trail, When};
    use crate::fixtures::{account, denied, judged, only, unknown, with_bucket, with_trail};

    fn with(rules: Vec<LifecycleRule>) -> Facts {
        with_bucket(|bucket| bucket.lifecycle = Fact::Known(rules))
    }

    fn rule(prefix: &str, end: When) -> LifecycleRule {
        LifecycleRule {
            id: "r".into(),
            enabled: true,
            prefix: prefix.into(),
            expiration: Some(end),
            ..LifecycleRule::default()
        }
    }

    #[test]
    fn passes_without_an_expiry_and_with_a_late_one() {
        assert_eq!(only(&RULE, &account()).verdict, Pass);
        assert_eq!(only(&RULE, &with_bucket(|bucket| bucket.lifecycle = Fact::Absent)).verdict, Pass);
        assert_eq!(only(&RULE, &with(vec![rule("AliyunLogs/", When::Days(365))])).verdict, Pass);
        assert_eq!(only(&RULE, &with(vec![rule("", When::Before(date!(2025 - 11 - 30)))])).verdict, Pass);
        for other in [
            rule("backups/", When::Days(1)),
            LifecycleRule { enabled: false, ..rule("", When::Days(1)) },
            LifecycleRule { has_tags: true, ..rule("", When::Days(1)) },
        ] {
            assert_eq!(only(&RULE, &with(vec![other])).verdict, Pass);
        }
    }

    #[test]
    fn fails_for_any_rule_that_deletes_early() {
        for early in [
            rule("AliyunLogs/", When::Days(364)),
            rule("", When::Days(30)),
            rule("AliyunLogs/Actiontrail/cn-beijing/", When::Days(30)),
            rule("", When::Before(date!(2026 - 11 - 30))),
            rule("", When::Before(date!(2030 - 01 - 01))),
        ] {
            let found = only(&RULE, &with(vec![rule("AliyunLogs/", When::Days(730)), early.clone()]));
            assert_eq!(found.verdict, Fail, "{early:?}");
        }
        let prefixed = |trail: &mut Trail| trail.oss_key_prefix = Fact::Known("audit".into());
        let mut facts = with_trail(prefixed);
        let Some(Fact::Known(bucket)) = facts.buckets.get_mut("archive") else { panic!() };
        bucket.lifecycle = Fact::Known(vec![rule("AliyunLogs/", When::Days(1))]);
        assert_eq!(only(&RULE, &facts).verdict, Pass, "the trail delivers elsewhere");
        let Some(Fact::Known(bucket)) = facts.buckets.get_mut("archive") else { panic!() };
        bucket.lifecycle = Fact::Known(vec![rule("audit/", When::Days(1))]);
        assert_eq!(only(&RULE, &facts).verdict, Fail);
    }

    #[test]
    fn what_is_asked_for_is_a_parameter() {
        let facts = with(vec![rule("", When::Days(200))]);
        let parameters = crate::Profile::Mlps20L3.parameters();
        assert_eq!(
            (only(&RULE, &facts).verdict, judged(&RULE, &facts, &parameters)[0].verdict),
            (Fail, Pass)
        );
    }

    #[test]
    fn unknown_and_could_not_look() {
        assert_eq!(only(&RULE, &with_bucket(|bucket| bucket.lifecycle = unknown())).verdict, Unknown);
        assert_eq!(only(&RULE, &with_trail(|trail| trail.oss_key_prefix = unknown())).verdict, Unknown);
        let found = only(&RULE, &with_bucket(|bucket| bucket.lifecycle = denied("oss:GetBucketLifecycle")));
        assert_eq!((found.verdict, found.action.as_deref()), (CouldNotLook, Some("oss:GetBucketLifecycle")));
    }
}
