//! OS-08: the archive is locked.

use super::archives::{Which, judge_archives};
use crate::facts::Facts;
use crate::finding::{Findings, Severity};
use crate::judgement::Judgement;
use crate::parameters::Parameters;
use crate::rule::{Control, Judge, Rule};

pub(super) static RULE: Rule = Rule {
    id: "OS-08",
    title: "The archive is locked",
    severity: Severity::Medium,
    controls: &[Control::mlps("8.1.4.3 c")],
    rationale: "A locked retention policy keeps events from everybody, the root account included.",
    reads: "The retention policy (WORM) of the archive.",
    passes_when: "It is locked, for at least the days of the parameter worm_days.",
    fails_when: "There is none, it is not locked, or it is too short. One that is not locked lapses after 24 hours.",
    fix: "InitiateBucketWorm with the days, look at what it does, and CompleteBucketWorm within 24 hours. This cannot be undone: no program should do it by itself.",
    safe_to_automate: false,
    actions: &["oss:GetBucketWorm"],
    judge: Judge::Account(judge),
};

fn judge(facts: &Facts, parameters: &Parameters, findings: &mut Findings<'_>) {
    let required = parameters.worm_days;
    judge_archives(facts, findings, Which::Main, |bucket, _| {
        let name = &bucket.name;
        let Some(worm) = bucket.worm.read()? else {
            return Ok(Judgement::fail(
                format!("Bucket {name} has no retention policy: what is in it can be deleted."),
                format!(
                    "InitiateBucketWorm of {name} with RetentionPeriodInDays = {required}, and CompleteBucketWorm within 24 hours \
                     if it is right. A locked policy cannot be undone."
                ),
            ));
        };
        let days = worm.days;
        Ok(match worm.state.as_str() {
            "Locked" if days >= required => {
                Judgement::pass(format!("Bucket {name} is locked for {days} days."))
            }
            "Locked" => Judgement::fail(
                format!("Bucket {name} is locked for {days} days, and {required} are asked for."),
                format!(
                    "ExtendBucketWorm of {name} with RetentionPeriodInDays = {required}. It cannot be undone."
                ),
            ),
            state => Judgement::fail(
                format!(
                    "The retention policy of bucket {name} is {state}: it lapses 24 hours after it was begun."
                ),
                format!(
                    "CompleteBucketWorm of {name} if {days} days are right. A locked policy cannot be undone."
                ),
            ),
        })
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Fact;
    use crate::Verdict::{CouldNotLook, Fail, Pass, Unknown};
    use crate::facts::Worm;
    use crate::fixtures::{account, denied, only, unknown, with_bucket};

    #[test]
    fn passes_and_fails_and_tells_one_in_progress_apart() {
        assert_eq!(only(&RULE, &account()).verdict, Pass);
        assert_eq!(only(&RULE, &with_bucket(|bucket| bucket.worm = Fact::Absent)).verdict, Fail);
        let with = |state: &str, days| {
            let worm = Worm { state: state.into(), days };
            only(&RULE, &with_bucket(|bucket| bucket.worm = Fact::Known(worm)))
        };
        assert_eq!(with("Locked", 180).verdict, Pass);
        assert!(with("Locked", 179).remedy.unwrap().contains("ExtendBucketWorm"));
        let found = with("InProgress", 365);
        assert_eq!(found.verdict, Fail);
        assert!(found.message.contains("lapses") && found.remedy.unwrap().contains("CompleteBucketWorm"));
    }

    #[test]
    fn unknown_and_could_not_look() {
        assert_eq!(only(&RULE, &with_bucket(|bucket| bucket.worm = unknown())).verdict, Unknown);
        assert_eq!(
            only(&RULE, &with_bucket(|bucket| bucket.worm = denied("oss:GetBucketWorm"))).verdict,
            CouldNotLook
        );
    }
}
