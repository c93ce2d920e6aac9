//! SL-07: the alert centre was initialised.

use super::trails::{Subject, account, subject};
use crate::facts::Facts;
use crate::finding::{Findings, Severity};
use crate::judgement::{Judged, Judgement};
use crate::parameters::Parameters;
use crate::rule::{Control, Judge, Rule};

pub(super) static RULE: Rule = Rule {
    id: "SL-07",
    title: "The alert centre was initialised",
    severity: Severity::Medium,
    controls: &[Control::mlps("8.1.4.3 d")],
    rationale: "Alert rules can be made without the alert centre. What they raise then is kept nowhere and sent to nobody.",
    reads: "Whether the project sls-alert-<account>-<region> is there, or the logstore internal-alert-history in the project of the \
            trail.",
    passes_when: "One of them is.",
    fails_when: "Neither is.",
    fix: "Open the alert centre of Simple Log Service in the console once, in the region of the project.",
    safe_to_automate: false,
    actions: &["log:ListProject", "log:ListLogStores"],
    judge: Judge::Account(judge),
};

fn judge(facts: &Facts, _: &Parameters, findings: &mut Findings<'_>) {
    let trail = match subject(facts) {
        Subject::Own(trail) => trail,
        Subject::Organization(_) | Subject::Nothing => return,
        Subject::NotRead(early) => {
            findings.judge(None, account(facts), None, early);
            return;
        }
    };
    // Who delivers to no logstore has no alerts.
    if !matches!(trail.sls_project_arn, crate::Fact::Absent) {
        findings.judge(None, account(facts), None, Judgement::of(initialised(facts)));
    }
}

fn initialised(facts: &Facts) -> Judged {
    Ok(match facts.alert_center.read()? {
        Some(true) => Judgement::pass("The alert centre was initialised."),
        _ => Judgement::fail("The alert centre was never initialised: alerts reach nobody.", RULE.fix),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Fact;
    use crate::Verdict::{CouldNotLook, Fail, Pass, Unknown};
    use crate::fixtures::{account, denied, only, unknown, verdicts, with_trail};

    fn with(alert_center: Fact<bool>) -> Facts {
        Facts { alert_center, ..account() }
    }

    #[test]
    fn passes_and_fails() {
        assert_eq!(only(&RULE, &account()).verdict, Pass);
        assert_eq!(only(&RULE, &with(Fact::Known(false))).verdict, Fail);
        assert_eq!(only(&RULE, &with(Fact::Absent)).verdict, Fail);
        let no_logstore = with_trail(|trail| trail.sls_project_arn = Fact::Absent);
        assert!(verdicts(&RULE, &no_logstore).is_empty());
    }

    #[test]
    fn unknown_and_could_not_look() {
        assert_eq!(only(&RULE, &with(unknown())).verdict, Unknown);
        assert_eq!(only(&RULE, &with(denied("log:ListProject"))).verdict, CouldNotLook);
    }
}
