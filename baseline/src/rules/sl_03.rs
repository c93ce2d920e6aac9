//! SL-03: the logstore is encrypted.

use super::archives::judge_logstores;
use crate::facts::Facts;
use crate::finding::{Findings, Severity};
use crate::judgement::Judgement;
use crate::parameters::Parameters;
use crate::rule::{Control, Judge, Rule};

pub(super) static RULE: Rule = Rule {
    id: "SL-03",
    title: "The logstore is encrypted",
    severity: Severity::Low,
    controls: &[Control::mlps("8.1.4.8"), Control::of("infraguard", "sls-logstore-encryption-enabled")],
    rationale: "Who gets at the disks, or at a copy of them, reads nothing.",
    reads: "encrypt_conf of the logstore of the trail.",
    passes_when: "It is on.",
    fails_when: "It is off, or was never set.",
    fix: "UpdateLogStore with encrypt_conf. Some logstores cannot be encrypted later: those need a project whose logstore is made with it.",
    safe_to_automate: false,
    actions: &["log:GetLogStore"],
    judge: Judge::Account(judge),
};

fn judge(facts: &Facts, _: &Parameters, findings: &mut Findings<'_>) {
    judge_logstores(facts, findings, |store, _| {
        let id = format!("{}/{}", store.project, store.name);
        Ok(match store.encrypted.read()? {
            Some(true) => Judgement::pass(format!("Logstore {id} is encrypted.")),
            _ => Judgement::fail(
                format!("Logstore {id} is not encrypted."),
                format!(
                    "UpdateLogStore of {id} with encrypt_conf.enable = true. If the service refuses, the logstore cannot be \
                     encrypted later: accept that with an exception, or give the trail another project."
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
    use crate::fixtures::{account, denied, only, unknown, with_logstore};

    #[test]
    fn passes_and_fails() {
        assert_eq!(only(&RULE, &account()).verdict, Pass);
        for off in [Fact::Absent, Fact::Known(false)] {
            let found = only(&RULE, &with_logstore(|store| store.encrypted = off));
            assert_eq!(found.verdict, Fail);
            assert!(found.remedy.unwrap().contains("cannot be"));
        }
    }

    #[test]
    fn unknown_and_could_not_look() {
        assert_eq!(only(&RULE, &with_logstore(|store| store.encrypted = unknown())).verdict, Unknown);
        assert_eq!(
            only(&RULE, &with_logstore(|store| store.encrypted = denied("log:GetLogStore"))).verdict,
            CouldNotLook
        );
    }
}
