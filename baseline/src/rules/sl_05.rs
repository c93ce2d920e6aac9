//! SL-05: an alert notices tampering with the trail.

use super::alerting::judge_alerts;
use crate::alerts;
use crate::facts::Facts;
use crate::finding::{Findings, Resource, Severity};
use crate::parameters::Parameters;
use crate::rule::{Control, Judge, Rule};

pub(super) static RULE: Rule = Rule {
    id: "SL-05",
    title: "An alert notices tampering with the trail",
    severity: Severity::High,
    controls: &[Control::mlps("8.1.4.3 d")],
    rationale: "The first thing an intruder does is to stop the trail. The event of that is the last one it delivers.",
    reads: "The alert rules of the project of the trail.",
    passes_when: "Enabled alerts find StopLogging, DeleteTrail and UpdateTrail; or one is made of the template of the vendor for it.",
    fails_when: "One of these operations is found by none of them.",
    fix: "Create the alert with the search \"event.serviceName\": \"Actiontrail\" and (\"event.eventName\": \"StopLogging\" or \"event.eventName\": \"DeleteTrail\" or \"event.eventName\": \"UpdateTrail\").",
    safe_to_automate: true,
    actions: &["log:ListJobs"],
    judge: Judge::Account(judge),
};

fn judge(facts: &Facts, _: &Parameters, findings: &mut Findings<'_>) {
    let control = &alerts::TRAIL_TAMPERING;
    judge_alerts(facts, findings, &[(control, Resource::new("alert", control.id))]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Fact;
    use crate::Verdict::{CouldNotLook, Fail, Pass, Unknown};
    use crate::facts::Alert;
    use crate::fixtures::{account, alert, denied, only, unknown};

    fn with(alerts: Vec<Alert>) -> Facts {
        Facts { alerts: [("audit".to_owned(), Fact::Known(alerts))].into(), ..account() }
    }

    #[test]
    fn passes_and_fails() {
        assert_eq!(only(&RULE, &account()).verdict, Pass);
        let search =
            "event.serviceName: Actiontrail and event.eventName: (StopLogging or DeleteTrail or UpdateTrail)";
        assert_eq!(only(&RULE, &with(vec![alert(search)])).verdict, Pass);
        assert_eq!(only(&RULE, &with(Vec::new())).verdict, Fail);
        let off = Alert { enabled: false, ..alert(search) };
        assert_eq!(only(&RULE, &with(vec![off])).verdict, Fail);
        let found = only(&RULE, &with(vec![alert("StopLogging or DeleteTrail")]));
        assert!(found.message.contains("Actiontrail UpdateTrail"), "{}", found.message);
    }

    #[test]
    fn unknown_and_could_not_look() {
        assert_eq!(only(&RULE, &with(vec![alert("event.eventName = StopLogging")])).verdict, Unknown);
        let facts = |alerts| Facts { alerts: [("audit".to_owned(), alerts)].into(), ..account() };
        assert_eq!(only(&RULE, &facts(unknown())).verdict, Unknown);
        assert_eq!(only(&RULE, &facts(denied("log:ListJobs"))).verdict, CouldNotLook);
    }
}
