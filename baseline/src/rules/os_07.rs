//! OS-07: the lifecycle of the archive makes sense.

use super::archives::{Which, judge_archives};
use crate::facts::{Facts, LifecycleRule, When};
use crate::finding::{Findings, Severity};
use crate::judgement::Judgement;
use crate::parameters::Parameters;
use crate::rule::{Control, Judge, Rule};

pub(super) static RULE: Rule = Rule {
    id: "OS-07",
    title: "The lifecycle of the archive makes sense",
    severity: Severity::Low,
    controls: &[Control::of("alitrail", "tiering")],
    rationale: "Years of events in Standard storage are paid for and never read; old versions that are deleted early are evidence lost; uploads that were never finished are paid for for good.",
    reads: "Transitions, expiry of old versions and of unfinished uploads in the lifecycle rules of the archive.",
    passes_when: "Colder classes follow later than warmer ones, old versions are kept as long as events are to be, and unfinished uploads are given up.",
    fails_when: "One of these is not so. Classes that are not used at all do not fail.",
    fix: "PutBucketLifecycle with all rules of the bucket, changed as the message says. The call replaces all rules.",
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
        let concerned = || rules.iter().filter(|rule| prefixes.iter().any(|prefix| rule.concerns(prefix)));
        let mut faults: Vec<String> = concerned().filter_map(order).collect();
        faults.extend(concerned().filter_map(|rule| {
            let days = rule.noncurrent_expiration_days.filter(|days| *days < required)?;
            Some(format!(
                "rule {:?} deletes old versions after {days} days, before {required} have passed",
                rule.id
            ))
        }));
        if !concerned().any(|rule| rule.aborts_uploads) {
            faults.push("no rule gives up uploads that were never finished".to_owned());
        }
        Ok(if faults.is_empty() {
            Judgement::pass(format!("The lifecycle rules of bucket {name} make sense."))
        } else {
            Judgement::fail(format!("Lifecycle of bucket {name}: {}.", faults.join("; ")), RULE.fix)
        })
    });
}

/// The classes, from warm to cold.
const CLASSES: [&str; 4] = ["IA", "Archive", "ColdArchive", "DeepColdArchive"];

/// What is wrong with the order in which a rule moves objects.
fn order(rule: &LifecycleRule) -> Option<String> {
    let days = |class: &str| {
        rule.transitions.iter().find(|step| step.class == class).and_then(|step| match step.when {
            When::Days(days) => Some((class.to_owned(), days)),
            // A date moves once what is there then, in no order with days.
            When::Before(_) => None,
        })
    };
    let steps: Vec<(String, i64)> = CLASSES.into_iter().filter_map(days).collect();
    let wrong = steps.windows(2).find(|pair| pair[1].1 <= pair[0].1).map(|pair| {
        format!(
            "rule {:?} moves objects to {} after {} days, and to {} after {}",
            rule.id, pair[0].0, pair[0].1, pair[1].0, pair[1].1
        )
    });
    let late = || {
        let Some(When::Days(end)) = rule.expiration else { return None };
        let (class, days) = steps.last().filter(|(_, days)| *days >= end)?;
        Some(format!(
            "rule {:?} moves objects to {class} after {days} days, and deletes them after {end}",
            rule.id
        ))
    };
    wrong.or_else(late)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Fact;
    use crate::Verdict::{CouldNotLook, Fail, Pass, Unknown};
    use crate::facts::Transition;
    use crate::fixtures::{account, denied, only, unknown, with_bucket};

    fn with(change: impl FnOnce(&mut Vec<LifecycleRule>)) -> Facts {
        with_bucket(|bucket| {
            let Fact::Known(rules) = &mut bucket.lifecycle else { panic!() };
            change(rules);
        })
    }

    #[test]
    fn passes_and_fails() {
        assert_eq!(only(&RULE, &account()).verdict, Pass);
        assert_eq!(only(&RULE, &with(|rules| rules[0].transitions.clear())).verdict, Pass);
        for (broken, words) in [
            (
                with(|rules| rules[0].transitions[1].when = When::Days(30)),
                "to IA after 30 days, and to Archive after 30",
            ),
            (with(|rules| rules[0].noncurrent_expiration_days = Some(30)), "old versions after 30 days"),
            (with(|rules| drop(rules.pop())), "never finished"),
            (
                with(|rules| {
                    rules[0]
                        .transitions
                        .push(Transition { class: "ColdArchive".into(), when: When::Days(730) })
                }),
                "and deletes them after 730",
            ),
        ] {
            let found = only(&RULE, &broken);
            assert_eq!(found.verdict, Fail);
            assert!(found.message.contains(words), "{}", found.message);
        }
        assert_eq!(only(&RULE, &with_bucket(|bucket| bucket.lifecycle = Fact::Absent)).verdict, Fail);
    }

    #[test]
    fn unknown_and_could_not_look() {
        assert_eq!(only(&RULE, &with_bucket(|bucket| bucket.lifecycle = unknown())).verdict, Unknown);
        assert_eq!(
            only(&RULE, &with_bucket(|bucket| bucket.lifecycle = denied("oss:GetBucketLifecycle"))).verdict,
            CouldNotLook
        );
    }
}
