//! OS-01: the archive is private.

use super::archives::{Which, judge_archives};
use super::policies;
use crate::facts::{Bucket, Facts};
use crate::finding::{Findings, Severity};
use crate::judgement::{Judged, Judgement};
use crate::parameters::Parameters;
use crate::rule::{Control, Judge, Rule};

pub(super) static RULE: Rule = Rule {
    id: "OS-01",
    title: "The archive is private",
    severity: Severity::Critical,
    controls: &[
        Control::cis("2.2", 1),
        Control::cis("5.1", 1),
        Control::mlps("8.1.4.3 c"),
        Control::of("checkov", "CKV_ALI_1"),
    ],
    rationale: "What a trail records tells an attacker whom to attack, and how.",
    reads: "ACL, public access block of the bucket and of the account, and policy of every bucket that a trail of the account delivers to.",
    passes_when: "The ACL is private, public access is blocked, and no statement of the policy lets everybody in.",
    fails_when: "One of these is not so. A condition counts only if it narrows everybody to fixed networks (at least /8), VPCs or keys: any other excuses nothing.",
    fix: "PutBucketAcl with private, PutBucketPublicAccessBlock with true, and PutBucketPolicy without the statement.",
    safe_to_automate: true,
    actions: &["oss:GetBucketInfo", "oss:GetBucketPolicy", "oss:GetPublicAccessBlock"],
    judge: Judge::Account(judge),
};

fn judge(facts: &Facts, _: &Parameters, findings: &mut Findings<'_>) {
    judge_archives(facts, findings, Which::All, |bucket, _| {
        let parts = [acl(bucket), block(bucket, facts), policy(bucket)].map(Judgement::of);
        let seen: Vec<(String, String)> = parts
            .iter()
            .filter_map(|part| match part {
                Judgement::Fail { seen, fix } => Some((seen.clone(), fix.clone())),
                _ => None,
            })
            .collect();
        if !seen.is_empty() {
            let (seen, fix): (Vec<String>, Vec<String>) = seen.into_iter().unzip();
            return Ok(Judgement::fail(seen.join(" "), fix.join(" ")));
        }
        let worst = Judgement::worst(parts).filter(|worst| !worst.passes());
        Ok(worst.unwrap_or_else(|| Judgement::pass(format!("Bucket {} is private.", bucket.name))))
    });
}

fn acl(bucket: &Bucket) -> Judged {
    let name = &bucket.name;
    Ok(match bucket.acl.read()?.map(String::as_str) {
        Some("private") | None => Judgement::pass("private"),
        Some(acl) => Judgement::fail(
            format!("Bucket {name} has the ACL {acl}."),
            format!("PutBucketAcl of {name} with x-oss-acl = private."),
        ),
    })
}

fn block(bucket: &Bucket, facts: &Facts) -> Judged {
    let name = &bucket.name;
    // That of the account goes before that of the bucket, so either is enough.
    let parts = [&bucket.block_public_access, &facts.account_public_access_block].map(|fact| {
        Judgement::of(fact.read().map(|blocked| match blocked {
            Some(true) => Judgement::pass("blocked"),
            _ => Judgement::fail(
                format!("Public access to bucket {name} is not blocked."),
                format!("PutBucketPublicAccessBlock of {name} with BlockPublicAccess = true."),
            ),
        }))
    });
    Ok(Judgement::best(parts).unwrap_or_else(|| Judgement::unknown("nothing was read")))
}

fn policy(bucket: &Bucket) -> Judged {
    let name = &bucket.name;
    let Some(text) = bucket.policy.read()? else { return Ok(Judgement::pass("no policy")) };
    let document = policies::of_bucket(text)?;
    let public: Vec<String> = policies::public_statements(&document)
        .map(reconciler::bucket_document::policy::Statement::describe)
        .collect();
    if public.is_empty() {
        return Ok(Judgement::pass("not public"));
    }
    Ok(Judgement::fail(
        format!("The policy of bucket {name} lets everybody in: {}.", public.join("; ")),
        format!(
            "PutBucketPolicy of {name} without that statement, or with a condition that names a VPC or a network."
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Fact;
    use crate::Verdict::{CouldNotLook, Fail, Pass, Unknown};
    use crate::fixtures::{account, denied, only, policy, unknown, with_bucket};

    const READ: &str = r#"{"Effect":"Allow","Action":["oss:GetObject"],"Principal":["*"],"Resource":["acs:oss:*:*:archive/*"]"#;

    #[test]
    fn passes_where_the_account_blocks_public_access() {
        assert_eq!(only(&RULE, &account()).verdict, Pass);
        let mut facts = with_bucket(|bucket| bucket.block_public_access = Fact::Known(false));
        facts.account_public_access_block = Fact::Known(true);
        assert_eq!(only(&RULE, &facts).verdict, Pass);
    }

    #[test]
    fn fails_for_each_way_to_be_public_and_tells_all_of_them() {
        let open = with_bucket(|bucket| bucket.block_public_access = Fact::Absent);
        assert_eq!(only(&RULE, &open).verdict, Fail);
        let found = only(
            &RULE,
            &with_bucket(|bucket| {
                bucket.acl = Fact::Known("public-read".into());
                bucket.block_public_access = Fact::Known(false);
            }),
        );
        assert!(
            found.message.contains("public-read") && found.message.contains("not blocked"),
            "{}",
            found.message
        );
        let public = policy(&[&format!("{READ}}}")]);
        assert_eq!(only(&RULE, &with_bucket(|bucket| bucket.policy = public)).verdict, Fail);
    }

    #[test]
    fn a_bare_condition_excuses_nothing() {
        let with = |condition: &str| policy(&[&format!("{READ},\"Condition\":{condition}}}")]);
        let bare = with(r#"{"Bool":{"acs:SecureTransport":"true"}}"#);
        assert_eq!(only(&RULE, &with_bucket(|bucket| bucket.policy = bare)).verdict, Fail);
        let narrow = with(r#"{"StringEquals":{"acs:SourceVpc":"vpc-1"}}"#);
        assert_eq!(only(&RULE, &with_bucket(|bucket| bucket.policy = narrow)).verdict, Pass);
    }

    #[test]
    fn unknown_and_could_not_look_unless_a_failure_is_certain() {
        assert_eq!(only(&RULE, &with_bucket(|bucket| bucket.acl = unknown())).verdict, Unknown);
        let strange = with_bucket(|bucket| bucket.policy = Fact::Known("{}".into()));
        assert_eq!(only(&RULE, &strange).verdict, Unknown);
        let closed = |bucket: &mut Bucket| bucket.policy = denied("oss:GetBucketPolicy");
        let found = only(&RULE, &with_bucket(closed));
        assert_eq!((found.verdict, found.action.as_deref()), (CouldNotLook, Some("oss:GetBucketPolicy")));
        let public = with_bucket(|bucket| {
            closed(bucket);
            bucket.acl = Fact::Known("public-read".into());
        });
        assert_eq!(only(&RULE, &public).verdict, Fail);
        let mut facts = account();
        facts.buckets.insert("archive".into(), denied("oss:GetBucketInfo"));
        assert_eq!(only(&RULE, &facts).verdict, CouldNotLook);
    }
}
