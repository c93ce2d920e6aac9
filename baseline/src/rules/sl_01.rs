//! SL-01: the logstore keeps events long enough.

use super::archives::judge_logstores;
use crate::facts::Facts;
use crate::finding::{Findings, Severity};
use crate::judgement::Judgement;
use crate::parameters::Parameters;
use crate::rule::{Control, Judge, Rule};

pub(super) static RULE: Rule = Rule {
    id: "SL-01",
    title: "The logstore keeps events long enough",
    severity: Severity::High,
    controls: &[Control::cis("2.23", 2), Control::mlps("8.1.4.3 c")],
    rationale: "An incident is often found months later. What the logstore deleted can no longer be searched.",
    reads: "The retention of the logstore of the trail, and its parts.",
    passes_when: "It keeps logs for at least the days of the parameter log_retention_days, or for good (3650), and its hot and infrequent days are no more than that.",
    fails_when: "It deletes them earlier, or its parts exceed the whole.",
    fix: "UpdateLogStore with ttl of at least the days that are asked for.",
    safe_to_automate: true,
    actions: &["log:GetLogStore"],
    judge: Judge::Account(judge),
};

/// What stands for keeping logs for good.
const FOR_GOOD: i64 = 3650;

fn judge(facts: &Facts, parameters: &Parameters, findings: &mut Findings<'_>) {
    let required = parameters.log_retention_days;
    judge_logstores(facts, findings, |store, _| {
        let id = format!("{}/{}", store.project, store.name);
        let Some(ttl) = store.ttl.read()?.copied() else {
            return Ok(Judgement::unknown(format!(
                "the service does not say how long logstore {id} keeps logs"
            )));
        };
        let fix = format!("UpdateLogStore of {id} with ttl = {required}, or {FOR_GOOD} for good.");
        // -1 is an older word for it.
        if ttl != FOR_GOOD && ttl != -1 && ttl < required {
            return Ok(Judgement::fail(
                format!("Logstore {id} keeps logs for {ttl} days, and {required} are asked for."),
                fix,
            ));
        }
        // -1 and 0 are other words for unset.
        let days = |part: Option<&i64>| part.copied().filter(|days| *days > 0).unwrap_or(0);
        let parts = days(store.hot_ttl.read()?) + days(store.infrequent_access_ttl.read()?);
        if ttl > 0 && parts > ttl {
            return Ok(Judgement::fail(
                format!("Logstore {id} keeps logs for {ttl} days, of which {parts} are hot or infrequent."),
                format!(
                    "UpdateLogStore of {id} with hot_ttl and infrequentAccessTTL of no more than {ttl} days together."
                ),
            ));
        }
        Ok(Judgement::pass(if ttl == FOR_GOOD || ttl == -1 {
            format!("Logstore {id} keeps logs for good.")
        } else {
            format!("Logstore {id} keeps logs for {ttl} days.")
        }))
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Fact;
    use crate::Verdict::{CouldNotLook, Fail, Pass, Unknown};
    use crate::fixtures::{account, denied, judged, only, unknown, with_logstore};

    #[test]
    fn passes_and_fails_by_the_parameter() {
        assert_eq!(only(&RULE, &account()).verdict, Pass);
        for (ttl, verdict) in [(3650, Pass), (-1, Pass), (365, Pass), (364, Fail)] {
            assert_eq!(
                only(&RULE, &with_logstore(|store| store.ttl = Fact::Known(ttl))).verdict,
                verdict,
                "{ttl}"
            );
        }
        let short = with_logstore(|store| store.ttl = Fact::Known(180));
        assert_eq!(judged(&RULE, &short, &crate::Profile::Mlps20L3.parameters())[0].verdict, Pass);
        let parts = with_logstore(|store| store.hot_ttl = Fact::Known(360));
        assert!(only(&RULE, &parts).message.contains("390 are hot or infrequent"));
    }

    #[test]
    fn unknown_and_could_not_look() {
        assert_eq!(only(&RULE, &with_logstore(|store| store.ttl = unknown())).verdict, Unknown);
        assert_eq!(only(&RULE, &with_logstore(|store| store.ttl = Fact::Absent)).verdict, Unknown);
        let mut closed = account();
        closed.logstores.insert("audit/actiontrail_audit".into(), denied("log:GetLogStore"));
        let found = only(&RULE, &closed);
        assert_eq!((found.verdict, found.action.as_deref()), (CouldNotLook, Some("log:GetLogStore")));
    }
}
