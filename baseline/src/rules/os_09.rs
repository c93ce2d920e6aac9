//! OS-09: the archive cannot be deleted.

use super::archives::{Which, judge_archives};
use super::policies::{self, Act, Spared};
use crate::facts::Facts;
use crate::finding::{Findings, Severity};
use crate::judgement::Judgement;
use crate::parameters::Parameters;
use crate::rule::{Control, Judge, Rule};

pub(super) static RULE: Rule = Rule {
    id: "OS-09",
    title: "The archive cannot be deleted",
    severity: Severity::Medium,
    controls: &[Control::mlps("8.1.4.3 c")],
    rationale: "Who wants to destroy evidence deletes the archive, with rights that administrators have anyway.",
    reads: "The policy of the archive, the control policies that hold for its account, and its retention policy.",
    passes_when: "Deleting the bucket, its objects and their versions is denied to everybody but a few identities; or the bucket is locked.",
    fails_when: "Somebody who is not spared by name may delete one of these. The parameter break_glass says who may be spared.",
    fix: "Add to the policy of the bucket, or to a control policy: Deny, Principal *, Action oss:DeleteBucket, oss:DeleteObject and oss:DeleteObjectVersion, with Condition StringNotLike acs:PrincipalARN for the break-glass role.",
    safe_to_automate: false,
    actions: &[
        "oss:GetBucketPolicy",
        "oss:GetBucketWorm",
        "resourcemanager:GetResourceDirectory",
        "resourcemanager:GetControlPolicyEnablementStatus",
        "resourcemanager:ListControlPolicies",
        "resourcemanager:GetControlPolicy",
        "resourcemanager:ListTargetAttachmentsForControlPolicy",
    ],
    judge: Judge::Account(judge),
};

fn judge(facts: &Facts, parameters: &Parameters, findings: &mut Findings<'_>) {
    judge_archives(facts, findings, Which::Main, |bucket, _| {
        let name = &bucket.name;
        // What is locked cannot be deleted, and a bucket that is not empty cannot either.
        if bucket.worm.known().is_some_and(|worm| worm.state == "Locked") {
            return Ok(Judgement::pass(format!(
                "Bucket {name} is locked, so that nobody can delete it or what is in it."
            )));
        }
        let mut documents = Vec::new();
        let mut early = None;
        match bucket.policy.read() {
            Ok(text) => documents.extend(text.map(|text| policies::of_bucket(text)).transpose()?),
            Err(judgement) => early = Some(judgement),
        }
        match facts.control_policies.read() {
            Ok(texts) => {
                for text in texts.into_iter().flatten() {
                    documents.push(policies::of_control(text)?);
                }
            }
            Err(judgement) => early = early.or(Some(judgement)),
        }
        let owner = bucket.owner.known().map_or(facts.account.as_str(), String::as_str);
        let spared = Spared { account: owner, allowed: &parameters.break_glass };
        let open: Vec<&str> =
            [("oss:DeleteBucket", false), ("oss:DeleteObject", true), ("oss:DeleteObjectVersion", true)]
                .into_iter()
                .filter(|(action, objects)| {
                    let resources =
                        policies::resources_of(name, bucket.region.as_deref(), Some(owner), *objects);
                    !policies::prevent(&documents, Act { action, resources: &resources }, spared)
                })
                .map(|(action, _)| action)
                .collect();
        if open.is_empty() {
            return Ok(Judgement::pass(format!(
                "Nobody but a few identities can delete bucket {name} and what is in it."
            )));
        }
        // What could not be read may prevent it.
        match early {
            Some(early) => Err(early),
            None => Ok(Judgement::fail(
                format!("Bucket {name} can be destroyed: nothing denies {} to everybody.", open.join(", ")),
                RULE.fix,
            )),
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Fact;
    use crate::Verdict::{CouldNotLook, Fail, Pass, Unknown};
    use crate::facts::{Bucket, Worm};
    use crate::fixtures::{
        HTTPS_ONLY, NO_DELETION, account, denied, judged, only, policy, unknown, with_bucket,
    };

    fn open(bucket: &mut Bucket) {
        bucket.worm = Fact::Absent;
        bucket.policy = policy(&[HTTPS_ONLY]);
    }

    #[test]
    fn passes_when_locked_or_denied_by_either_policy() {
        assert_eq!(only(&RULE, &account()).verdict, Pass);
        let by_policy = with_bucket(|bucket| bucket.worm = Fact::Absent);
        assert_eq!(only(&RULE, &by_policy).verdict, Pass);
        let mut facts = with_bucket(open);
        assert_eq!(only(&RULE, &facts).verdict, Fail);
        let guard =
            r#"{"Version":"1","Statement":[{"Effect":"Deny","Action":["oss:Delete*"],"Resource":["*"]}]}"#;
        facts.control_policies = Fact::Known(vec![guard.into()]);
        assert_eq!(only(&RULE, &facts).verdict, Pass);
    }

    #[test]
    fn fails_where_anybody_may_delete() {
        let found = only(&RULE, &with_bucket(open));
        assert!(found.message.contains("oss:DeleteBucket, oss:DeleteObject, oss:DeleteObjectVersion"));
        for (from, to) in [
            ("role/break-glass", "*"),
            ("oss:Delete*", "oss:DeleteBucket"),
            ("Deny", "Allow"),
            (r#""acs:oss:*:*:archive","#, ""),
        ] {
            let facts = with_bucket(|bucket| {
                open(bucket);
                bucket.policy = policy(&[&NO_DELETION.replace(from, to)]);
            });
            assert_eq!(only(&RULE, &facts).verdict, Fail, "{to}");
        }
        let in_progress = Worm { state: "InProgress".into(), days: 365 };
        let facts = with_bucket(|bucket| {
            open(bucket);
            bucket.worm = Fact::Known(in_progress);
        });
        assert_eq!(only(&RULE, &facts).verdict, Fail);
        let parameters =
            Parameters { break_glass: vec!["acs:ram::*:role/other".into()], ..Parameters::default() };
        let by_policy = with_bucket(|bucket| bucket.worm = Fact::Absent);
        assert_eq!(judged(&RULE, &by_policy, &parameters)[0].verdict, Fail, "somebody else is spared");
    }

    #[test]
    fn unknown_and_could_not_look_where_something_may_prevent_it() {
        let facts = with_bucket(|bucket| {
            open(bucket);
            bucket.policy = unknown();
        });
        assert_eq!(only(&RULE, &facts).verdict, Unknown);
        let mut facts = with_bucket(open);
        facts.control_policies = denied("resourcemanager:ListControlPolicies");
        assert_eq!(only(&RULE, &facts).verdict, CouldNotLook);
        let mut prevented = with_bucket(|bucket| bucket.worm = Fact::Absent);
        prevented.control_policies = denied("resourcemanager:ListControlPolicies");
        assert_eq!(only(&RULE, &prevented).verdict, Pass);
    }
}
