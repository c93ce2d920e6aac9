//! SL-02: the logstore can be searched.

use super::archives::judge_logstores;
use crate::facts::Facts;
use crate::finding::{Findings, Severity};
use crate::judgement::Judgement;
use crate::parameters::Parameters;
use crate::rule::{Control, Judge, Rule};

pub(super) static RULE: Rule = Rule {
    id: "SL-02",
    title: "The logstore can be searched",
    severity: Severity::Medium,
    controls: &[Control::cis("2.3", 1)],
    rationale: "Without an index, nothing can be searched, and no alert can run.",
    reads: "The index of the logstore of the trail.",
    passes_when: "It has full text or fields.",
    fails_when: "There is none, or it has neither.",
    fix: "CreateIndex with full text and the field event as JSON.",
    safe_to_automate: true,
    actions: &["log:GetIndex", "log:GetLogStore"],
    judge: Judge::Account(judge),
};

fn judge(facts: &Facts, _: &Parameters, findings: &mut Findings<'_>) {
    judge_logstores(facts, findings, |store, _| {
        let id = format!("{}/{}", store.project, store.name);
        let fix = format!("CreateIndex of {id} with line (full text), and with keys.event of type json.");
        Ok(match store.index.read()? {
            Some(index) if index.full_text || index.keys > 0 => {
                let text = if index.full_text { "full text" } else { "no full text" };
                Judgement::pass(format!("Logstore {id} can be searched: {text}, {} fields.", index.keys))
            }
            Some(_) => Judgement::fail(format!("The index of logstore {id} is empty."), fix),
            None => Judgement::fail(format!("Logstore {id} has no index."), fix),
        })
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Fact;
    use crate::Verdict::{CouldNotLook, Fail, Pass, Unknown};
    use crate::facts::Index;
    use crate::fixtures::{account, denied, only, unknown, with_logstore};

    #[test]
    fn passes_and_fails() {
        assert_eq!(only(&RULE, &account()).verdict, Pass);
        let with = |full_text, keys| {
            only(&RULE, &with_logstore(|store| store.index = Fact::Known(Index { full_text, keys }))).verdict
        };
        assert_eq!((with(true, 0), with(false, 1), with(false, 0)), (Pass, Pass, Fail));
        assert_eq!(only(&RULE, &with_logstore(|store| store.index = Fact::Absent)).verdict, Fail);
    }

    #[test]
    fn unknown_and_could_not_look() {
        assert_eq!(only(&RULE, &with_logstore(|store| store.index = unknown())).verdict, Unknown);
        assert_eq!(
            only(&RULE, &with_logstore(|store| store.index = denied("log:GetIndex"))).verdict,
            CouldNotLook
        );
    }
}
