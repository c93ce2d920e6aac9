//! OS-03: access to the archive is logged.

use super::archives::{Which, judge_archives};
use crate::facts::Facts;
use crate::finding::{Findings, Severity};
use crate::judgement::Judgement;
use crate::parameters::Parameters;
use crate::rule::{Control, Judge, Rule};

pub(super) static RULE: Rule = Rule {
    id: "OS-03",
    title: "Access to the archive is logged",
    severity: Severity::Medium,
    controls: &[Control::cis("5.3", 1), Control::mlps("8.1.4.3 a"), Control::of("checkov", "CKV_ALI_12")],
    rationale: "Only the access log of OSS shows who read the archive, or tried to.",
    reads: "The access log target of every bucket that a trail of the account delivers to.",
    passes_when: "The access log goes to another bucket.",
    fails_when: "There is no access log, or it goes to the archive itself.",
    fix: "PutBucketLogging with another bucket of the same account and region.",
    safe_to_automate: false,
    actions: &["oss:GetBucketInfo"],
    judge: Judge::Account(judge),
};

fn judge(facts: &Facts, _: &Parameters, findings: &mut Findings<'_>) {
    judge_archives(facts, findings, Which::All, |bucket, _| {
        let name = &bucket.name;
        let fix = format!(
            "PutBucketLogging of {name} with a TargetBucket that is another bucket of the same account and region."
        );
        Ok(match bucket.log_bucket.read()? {
            None => Judgement::fail(format!("Nobody logs who accesses bucket {name}."), fix),
            Some(target) if target == name => Judgement::fail(
                format!("Bucket {name} keeps its access log itself, where it can be deleted with it."),
                fix,
            ),
            Some(target) => Judgement::pass(format!("Access to bucket {name} is logged in bucket {target}.")),
        })
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Fact;
    use crate::Verdict::{CouldNotLook, Fail, Pass, Unknown};
    use crate::fixtures::{account, denied, only, unknown, with_bucket};

    #[test]
    fn passes_and_fails() {
        assert_eq!(only(&RULE, &account()).verdict, Pass);
        assert_eq!(only(&RULE, &with_bucket(|bucket| bucket.log_bucket = Fact::Absent)).verdict, Fail);
        let itself = with_bucket(|bucket| bucket.log_bucket = Fact::Known("archive".into()));
        assert!(only(&RULE, &itself).message.contains("itself"));
    }

    #[test]
    fn unknown_and_could_not_look() {
        assert_eq!(only(&RULE, &with_bucket(|bucket| bucket.log_bucket = unknown())).verdict, Unknown);
        assert_eq!(
            only(&RULE, &with_bucket(|bucket| bucket.log_bucket = denied("oss:GetBucketInfo"))).verdict,
            CouldNotLook
        );
    }
}
