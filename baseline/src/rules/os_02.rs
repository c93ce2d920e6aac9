//! OS-02: the archive refuses plain HTTP.

use super::archives::{Which, judge_archives};
use super::policies;
use crate::facts::Facts;
use crate::finding::{Findings, Severity};
use crate::judgement::Judgement;
use crate::parameters::Parameters;
use crate::rule::{Control, Judge, Rule};

pub(super) static RULE: Rule = Rule {
    id: "OS-02",
    title: "The archive refuses plain HTTP",
    severity: Severity::High,
    controls: &[Control::cis("5.4", 1), Control::mlps("8.1.4.8")],
    rationale: "What is sent unencrypted can be read and changed on its way.",
    reads: "The policy of every bucket that a trail of the account delivers to.",
    passes_when: "Statements deny everybody all actions on the bucket and on its objects while acs:SecureTransport is false.",
    fails_when: "There is no such statement. One that allows access over HTTPS prevents nothing: access over HTTP is allowed elsewhere.",
    fix: "Add to the policy of the bucket: Deny, Principal *, Action oss:*, Resource the bucket and its objects, Condition Bool acs:SecureTransport = false.",
    safe_to_automate: true,
    actions: &["oss:GetBucketPolicy"],
    judge: Judge::Account(judge),
};

fn judge(facts: &Facts, _: &Parameters, findings: &mut Findings<'_>) {
    judge_archives(facts, findings, Which::All, |bucket, _| {
        let name = &bucket.name;
        let statement = serde_json::json!({
            "Effect": "Deny",
            "Principal": ["*"],
            "Action": ["oss:*"],
            "Resource": [format!("acs:oss:*:*:{name}"), format!("acs:oss:*:*:{name}/*")],
            "Condition": { "Bool": { "acs:SecureTransport": ["false"] } },
        });
        let fix = format!("Add this statement to the policy of bucket {name}: {statement}");
        let Some(text) = bucket.policy.read()? else {
            return Ok(Judgement::fail(format!("Bucket {name} accepts plain HTTP: it has no policy."), fix));
        };
        let document = policies::of_bucket(text)?;
        let owner = bucket.owner.known().map(String::as_str);
        let refuses = |objects| {
            let resources = policies::resources_of(name, bucket.region.as_deref(), owner, objects);
            policies::refuses_plain_http(&document, &resources)
        };
        Ok(if refuses(false) && refuses(true) {
            Judgement::pass(format!("Bucket {name} refuses plain HTTP."))
        } else {
            Judgement::fail(
                format!(
                    "Bucket {name} accepts plain HTTP: no statement of its policy denies all of it to everybody."
                ),
                fix,
            )
        })
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Fact;
    use crate::Verdict::{CouldNotLook, Fail, Pass, Unknown};
    use crate::fixtures::{HTTPS_ONLY, account, denied, only, policy, unknown, with_bucket};

    fn with(statements: &[&str]) -> Facts {
        let text = policy(statements);
        with_bucket(|bucket| bucket.policy = text)
    }

    #[test]
    fn passes_with_one_statement_or_one_each() {
        assert_eq!(only(&RULE, &account()).verdict, Pass);
        let bucket = HTTPS_ONLY.replace(r#","acs:oss:*:*:archive/*""#, "");
        let objects = HTTPS_ONLY.replace(r#""acs:oss:*:*:archive","#, "");
        assert_eq!(only(&RULE, &with(&[&bucket, &objects])).verdict, Pass);
        assert_eq!(only(&RULE, &with(&[&bucket])).verdict, Fail);
        let owned = HTTPS_ONLY.replace("acs:oss:*:*:", "acs:oss:oss-cn-hangzhou:1234567890123456:");
        assert_eq!(only(&RULE, &with(&[&owned])).verdict, Pass);
    }

    #[test]
    fn fails_for_what_enforces_nothing() {
        assert_eq!(only(&RULE, &with_bucket(|bucket| bucket.policy = Fact::Absent)).verdict, Fail);
        for (from, to) in [
            (r#""Effect":"Deny""#, r#""Effect":"Allow""#),
            ("false", "true"),
            ("[\"*\"]", "[\"1234567890123456\"]"),
            ("oss:*\"", "oss:PutObject\""),
            ("archive/*", "archive/AliyunLogs/*"),
            (r#""Bool":{"#, r#""IpAddress":{"acs:SourceIp":"10.0.0.0/8"},"Bool":{"#),
        ] {
            let statement = HTTPS_ONLY.replacen(from, to, 1);
            assert_ne!(statement, HTTPS_ONLY, "{from}");
            assert_eq!(only(&RULE, &with(&[&statement])).verdict, Fail, "{to}");
        }
        let allow_when_secure = HTTPS_ONLY.replace("Deny", "Allow").replace("false", "true");
        let found = only(&RULE, &with(&[&allow_when_secure]));
        assert_eq!(found.verdict, Fail);
        assert!(found.remedy.unwrap().contains("\"acs:SecureTransport\":[\"false\"]"));
    }

    #[test]
    fn unknown_and_could_not_look() {
        assert_eq!(only(&RULE, &with_bucket(|bucket| bucket.policy = unknown())).verdict, Unknown);
        let found = only(&RULE, &with_bucket(|bucket| bucket.policy = denied("oss:GetBucketPolicy")));
        assert_eq!((found.verdict, found.action.as_deref()), (CouldNotLook, Some("oss:GetBucketPolicy")));
    }
}
