//! AT-05: the trail delivers to a bucket.

use super::trails::{archive, judge_property};
use crate::facts::Facts;
use crate::finding::{Findings, Severity};
use crate::parameters::Parameters;
use crate::rule::{Control, Judge, Rule};

pub(super) static RULE: Rule = Rule {
    id: "AT-05",
    title: "The trail delivers to a bucket",
    severity: Severity::Critical,
    controls: &[Control::cis("2.1", 1), Control::mlps("8.1.4.3 c")],
    rationale: "A bucket keeps what was delivered for years, and out of reach of whoever can change logs.",
    reads: "OssBucketName of the trail, OssBucketStatus of its status, and whether the bucket exists.",
    passes_when: "The trail names a bucket that the service can reach.",
    fails_when: "It names none, or one that does not exist or cannot be reached.",
    fix: "UpdateTrail with OssBucketName; or create the bucket again and give the delivery role its rights.",
    safe_to_automate: false,
    actions: &["actiontrail:DescribeTrails", "actiontrail:GetTrailStatus", "oss:GetBucketInfo"],
    judge: Judge::Account(judge),
};

fn judge(facts: &Facts, _: &Parameters, findings: &mut Findings<'_>) {
    judge_property(facts, findings, |trail| archive(trail, facts));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Fact;
    use crate::Verdict::{CouldNotLook, Fail, Pass, Unknown};
    use crate::fixtures::{account, denied, only, unknown, with_trail};

    #[test]
    fn passes_also_where_the_service_does_not_say_whether_it_reaches_the_bucket() {
        assert_eq!(only(&RULE, &account()).verdict, Pass);
        assert_eq!(only(&RULE, &with_trail(|trail| trail.oss_bucket_reachable = Fact::Absent)).verdict, Pass);
    }

    #[test]
    fn fails_without_a_bucket_that_can_be_reached() {
        assert!(
            only(&RULE, &with_trail(|trail| trail.oss_bucket = Fact::Absent)).message.contains("no bucket")
        );
        let found = only(&RULE, &with_trail(|trail| trail.oss_bucket_reachable = Fact::Known(false)));
        assert_eq!(found.verdict, Fail);
        let mut gone = account();
        gone.buckets.insert("archive".into(), Fact::Absent);
        assert!(only(&RULE, &gone).message.contains("does not exist"));
    }

    #[test]
    fn unknown_and_could_not_look() {
        assert_eq!(only(&RULE, &with_trail(|trail| trail.oss_bucket = unknown())).verdict, Unknown);
        let denied = denied("actiontrail:GetTrailStatus");
        let found = only(&RULE, &with_trail(|trail| trail.oss_bucket_reachable = denied));
        assert_eq!(
            (found.verdict, found.action.as_deref()),
            (CouldNotLook, Some("actiontrail:GetTrailStatus"))
        );
    }
}
