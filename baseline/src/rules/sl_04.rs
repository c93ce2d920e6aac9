//! SL-04: alerts notice what the benchmark lists.

use super::alerting::judge_alerts;
use crate::alerts;
use crate::facts::Facts;
use crate::finding::{Findings, Resource, Severity};
use crate::parameters::Parameters;
use crate::rule::{Control, Judge, Rule};

pub(super) static RULE: Rule = Rule {
    id: "SL-04",
    title: "Alerts notice what the benchmark lists",
    severity: Severity::Medium,
    controls: &[
        Control::cis("2.10", 1),
        Control::cis("2.11", 2),
        Control::cis("2.12", 1),
        Control::cis("2.13", 1),
        Control::cis("2.14", 1),
        Control::cis("2.15", 1),
        Control::cis("2.16", 1),
        Control::cis("2.17", 1),
        Control::cis("2.18", 1),
        Control::cis("2.19", 2),
        Control::cis("2.20", 2),
        Control::cis("2.21", 1),
        Control::cis("2.22", 2),
    ],
    rationale: "Nobody reads events. What nobody is told of is found out by its effects.",
    reads: "The alert rules of the project of the trail: whether they are enabled, which logstore they read, and what their queries find.",
    passes_when: "For each control of the parameter alerts, the enabled alerts together find every event that it lists; or one is made of the template of the vendor for it.",
    fails_when: "An event that a control lists is found by none of them. A name in a comment, in a negation or beside another condition does not count.",
    fix: "Create the alert with a search such as: \"event.serviceName\": \"Ram\" and \"event.eventName\": \"CreatePolicy\".",
    safe_to_automate: true,
    actions: &["log:ListJobs"],
    judge: Judge::Account(judge),
};

fn judge(facts: &Facts, parameters: &Parameters, findings: &mut Findings<'_>) {
    let controls = parameters.alerts.iter().filter_map(|id| alerts::control(id));
    let controls: Vec<_> = controls.map(|control| (control, Resource::new("alert", control.id))).collect();
    judge_alerts(facts, findings, &controls);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Fact;
    use crate::Verdict::{CouldNotLook, Fail, Pass, Unknown};
    use crate::fixtures::{account, alert, denied, findings, judged, unknown};

    fn with(queries: &[&str]) -> Facts {
        let alerts = queries.iter().map(|query| alert(query)).collect();
        Facts { alerts: [("audit".to_owned(), Fact::Known(alerts))].into(), ..account() }
    }

    const ROUTES: &str = r#"("event.serviceName": "Ecs" or "event.serviceName": "Vpc") and ("event.eventName": "CreateRouteEntry" or "event.eventName": "DeleteRouteEntry" or "event.eventName": "ModifyRouteEntry" or "event.eventName": "AssociateRouteTable" or "event.eventName": "UnassociateRouteTable") | select count(1) as cnt"#;

    #[test]
    fn passes_for_each_control_that_is_asked_for() {
        let found = findings(&RULE, &account());
        assert_eq!(found.len(), 13);
        assert!(found.iter().all(|finding| finding.verdict == Pass), "{found:?}");
        let l1 = crate::Profile::Cis20L1.parameters();
        assert_eq!(judged(&RULE, &account(), &l1).len(), 9);
    }

    #[test]
    fn fails_for_each_control_that_no_alert_covers() {
        let found = findings(&RULE, &with(&[ROUTES]));
        let passed: Vec<&str> = found
            .iter()
            .filter(|finding| finding.verdict == Pass)
            .map(|finding| finding.resource.id.as_str())
            .collect();
        assert_eq!(passed, ["2.12"]);
        assert!(
            found
                .iter()
                .filter(|finding| finding.resource.id != "2.12")
                .all(|finding| finding.verdict == Fail)
        );
        let part = ROUTES.replace(r#" or "event.eventName": "ModifyRouteEntry""#, "");
        let found = findings(&RULE, &with(&[&part]));
        let routes = found.iter().find(|finding| finding.resource.id == "2.12").unwrap();
        assert_eq!(routes.verdict, Fail);
        assert!(routes.message.contains("Ecs ModifyRouteEntry, Vpc ModifyRouteEntry"), "{}", routes.message);
    }

    #[test]
    fn unknown_and_could_not_look() {
        let found = findings(&RULE, &with(&["* | select count(1) as cnt where \"event.eventName\" = 'x'"]));
        assert!(found.iter().all(|finding| finding.verdict == Unknown));
        let facts = Facts { alerts: [("audit".to_owned(), unknown())].into(), ..account() };
        assert!(findings(&RULE, &facts).iter().all(|finding| finding.verdict == Unknown));
        let facts = Facts { alerts: [("audit".to_owned(), denied("log:ListJobs"))].into(), ..account() };
        let found = findings(&RULE, &facts);
        assert_eq!(found.len(), 13, "each control could not be looked at");
        assert!(found.iter().all(|finding| finding.verdict == CouldNotLook));
    }
}
