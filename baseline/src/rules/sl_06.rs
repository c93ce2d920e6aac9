//! SL-06: logs cannot be changed.

use super::archives::judge_logstores;
use crate::facts::Facts;
use crate::finding::{Findings, Severity};
use crate::judgement::Judgement;
use crate::parameters::Parameters;
use crate::rule::{Control, Judge, Rule};

pub(super) static RULE: Rule = Rule {
    id: "SL-06",
    title: "Logs cannot be changed",
    severity: Severity::High,
    controls: &[Control::mlps("8.1.4.3 c")],
    rationale: "A logstore with row-level modification lets single events be changed and deleted, and tells nobody. A soft deletion hides events from every search until they are deleted for good.",
    reads: "enableModify of the logstore of the trail, and its soft deletions.",
    passes_when: "Row-level modification is off, and no soft deletion is known.",
    fails_when: "Row-level modification is on, or logs were hidden.",
    fix: "Row-level modification cannot be switched off: give the trail another project, and keep the old logstore as evidence. Deny log:DeleteLogs and log:UpdateLogs to everybody.",
    safe_to_automate: false,
    actions: &["log:GetLogStore"],
    judge: Judge::Account(judge),
};

fn judge(facts: &Facts, _: &Parameters, findings: &mut Findings<'_>) {
    judge_logstores(facts, findings, |store, _| {
        let id = format!("{}/{}", store.project, store.name);
        let modifiable = store.modifiable.read()?;
        if modifiable == Some(&true) {
            return Ok(Judgement::fail(
                format!(
                    "Single logs of logstore {id} can be changed and deleted: row-level modification is on."
                ),
                RULE.fix,
            ));
        }
        Ok(match store.soft_deletions.read()? {
            Some(0) => {
                Judgement::pass(format!("Logs of logstore {id} cannot be changed, and none are hidden."))
            }
            Some(count) => Judgement::fail(
                format!("{count} soft deletions hide logs of logstore {id}."),
                format!(
                    "Read the archive for the time that they hide, find out who made them, and deny log:DeleteLogs on {id} to \
                     everybody."
                ),
            ),
            None => Judgement::pass(format!(
                "Logs of logstore {id} cannot be changed. Whether soft deletions hide some was not looked for."
            )),
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
        assert_eq!(only(&RULE, &with_logstore(|store| store.modifiable = Fact::Absent)).verdict, Pass);
        assert_eq!(only(&RULE, &with_logstore(|store| store.soft_deletions = Fact::Known(0))).verdict, Pass);
        assert_eq!(only(&RULE, &with_logstore(|store| store.modifiable = Fact::Known(true))).verdict, Fail);
        assert_eq!(only(&RULE, &with_logstore(|store| store.soft_deletions = Fact::Known(2))).verdict, Fail);
    }

    #[test]
    fn unknown_and_could_not_look() {
        assert_eq!(only(&RULE, &with_logstore(|store| store.modifiable = unknown())).verdict, Unknown);
        assert_eq!(
            only(&RULE, &with_logstore(|store| store.modifiable = denied("log:GetLogStore"))).verdict,
            CouldNotLook
        );
    }
}
