//! OS-05: the archive keeps versions.

use super::archives::{Which, judge_archives};
use crate::facts::Facts;
use crate::finding::{Findings, Severity};
use crate::judgement::Judgement;
use crate::parameters::Parameters;
use crate::rule::{Control, Judge, Rule};

pub(super) static RULE: Rule = Rule {
    id: "OS-05",
    title: "The archive keeps versions",
    severity: Severity::High,
    controls: &[Control::mlps("8.1.4.3 c"), Control::of("checkov", "CKV_ALI_10")],
    rationale: "Without versions, one call overwrites or deletes evidence for good.",
    reads: "Versioning of every bucket that a trail of the account delivers to.",
    passes_when: "Versioning is enabled.",
    fails_when: "It is suspended, or was never set.",
    fix: "PutBucketVersioning with Enabled. A bucket with a retention policy in force cannot be overwritten either, and cannot be given versions later.",
    safe_to_automate: true,
    actions: &["oss:GetBucketInfo"],
    judge: Judge::Account(judge),
};

fn judge(facts: &Facts, _: &Parameters, findings: &mut Findings<'_>) {
    judge_archives(facts, findings, Which::All, |bucket, _| {
        let name = &bucket.name;
        let fix = format!("PutBucketVersioning of {name} with Status = Enabled.");
        Ok(match bucket.versioning.read()?.map(String::as_str) {
            Some("Enabled") => Judgement::pass(format!("Bucket {name} keeps versions.")),
            Some(status) => Judgement::fail(format!("Versioning of bucket {name} is {status}."), fix),
            None => Judgement::fail(format!("Bucket {name} keeps no versions."), fix),
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
        assert_eq!(only(&RULE, &with_bucket(|bucket| bucket.versioning = Fact::Absent)).verdict, Fail);
        let suspended = with_bucket(|bucket| bucket.versioning = Fact::Known("Suspended".into()));
        assert_eq!(only(&RULE, &suspended).verdict, Fail);
    }

    #[test]
    fn unknown_and_could_not_look() {
        assert_eq!(only(&RULE, &with_bucket(|bucket| bucket.versioning = unknown())).verdict, Unknown);
        assert_eq!(
            only(&RULE, &with_bucket(|bucket| bucket.versioning = denied("oss:GetBucketInfo"))).verdict,
            CouldNotLook
        );
    }
}
