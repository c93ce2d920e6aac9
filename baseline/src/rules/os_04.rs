//! OS-04: the archive is encrypted.

use super::archives::{Which, judge_archives};
use crate::facts::Facts;
use crate::finding::{Findings, Severity};
use crate::judgement::Judgement;
use crate::parameters::Parameters;
use crate::rule::{Control, Judge, Rule};

pub(super) static RULE: Rule = Rule {
    id: "OS-04",
    title: "The archive is encrypted",
    severity: Severity::Medium,
    controls: &[
        Control::cis("5.8", 1),
        Control::cis("5.9", 2),
        Control::mlps("8.1.4.8"),
        Control::of("checkov", "CKV_ALI_6"),
    ],
    rationale: "Who gets at the disks, or at a copy of them, reads nothing. A key of the account can be withdrawn, which a key of the vendor cannot.",
    reads: "Default encryption of every bucket that a trail of the account delivers to.",
    passes_when: "There is default encryption; with the parameter own_encryption_key, by KMS with a key of the account that is not disabled.",
    fails_when: "There is none, or not with a key of the account where that is asked for, or the key is disabled.",
    fix: "PutBucketEncryption with KMS and KMSMasterKeyID. What is in the bucket already keeps the encryption that it has.",
    safe_to_automate: false,
    actions: &["oss:GetBucketInfo"],
    judge: Judge::Account(judge),
};

fn judge(facts: &Facts, parameters: &Parameters, findings: &mut Findings<'_>) {
    judge_archives(facts, findings, Which::All, |bucket, _| {
        let name = &bucket.name;
        let fix = if parameters.own_encryption_key {
            format!(
                "PutBucketEncryption of {name} with SSEAlgorithm = KMS, KMSMasterKeyID = KEY of the account."
            )
        } else {
            format!("PutBucketEncryption of {name} with SSEAlgorithm = AES256, or KMS.")
        };
        let Some(encryption) = bucket.encryption.read()? else {
            return Ok(Judgement::fail(format!("Bucket {name} encrypts nothing by default."), fix));
        };
        let algorithm = &encryption.algorithm;
        Ok(match &encryption.key {
            Some(key) if encryption.key_enabled == Some(false) => Judgement::fail(
                format!("Bucket {name} encrypts with key {key}, which is disabled."),
                format!("Enable key {key}, or give the bucket another one with PutBucketEncryption."),
            ),
            Some(key) => Judgement::pass(format!("Bucket {name} encrypts with {algorithm} and key {key}.")),
            None if parameters.own_encryption_key => Judgement::fail(
                format!("Bucket {name} encrypts with {algorithm}, and with no key of the account."),
                fix,
            ),
            None => Judgement::pass(format!("Bucket {name} encrypts with {algorithm}.")),
        })
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Verdict::{CouldNotLook, Fail, Pass, Unknown};
    use crate::facts::Encryption;
    use crate::fixtures::{account, denied, judged, only, unknown, with_bucket};
    use crate::{Fact, Profile};

    fn with(algorithm: &str, key: Option<&str>, key_enabled: Option<bool>) -> Facts {
        let encryption = Encryption { algorithm: algorithm.into(), key: key.map(str::to_owned), key_enabled };
        with_bucket(|bucket| bucket.encryption = Fact::Known(encryption))
    }

    #[test]
    fn a_key_of_the_account_is_asked_for_by_level_2() {
        assert_eq!(only(&RULE, &account()).verdict, Pass);
        for (facts, l1, l2) in [
            (with("AES256", None, None), Pass, Fail),
            (with("SM4", None, None), Pass, Fail),
            (with("KMS", None, None), Pass, Fail),
            (with("KMS", Some("key-1"), Some(true)), Pass, Pass),
            (with("KMS", Some("key-1"), Some(false)), Fail, Fail),
            (with_bucket(|bucket| bucket.encryption = Fact::Absent), Fail, Fail),
        ] {
            for (profile, expected) in [(Profile::Cis20L1, l1), (Profile::Cis20L2, l2)] {
                assert_eq!(judged(&RULE, &facts, &profile.parameters())[0].verdict, expected, "{profile}");
            }
        }
    }

    #[test]
    fn unknown_and_could_not_look() {
        assert_eq!(only(&RULE, &with_bucket(|bucket| bucket.encryption = unknown())).verdict, Unknown);
        assert_eq!(
            only(&RULE, &with_bucket(|bucket| bucket.encryption = denied("oss:GetBucketInfo"))).verdict,
            CouldNotLook
        );
    }
}
