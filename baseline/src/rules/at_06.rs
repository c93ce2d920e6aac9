//! AT-06: the trail delivers to a logstore.

use super::trails::judge_property;
use crate::facts::{Facts, Trail};
use crate::finding::{Findings, Severity};
use crate::judgement::{Judged, Judgement};
use crate::parameters::Parameters;
use crate::rule::{Control, Judge, Rule};

pub(super) static RULE: Rule = Rule {
    id: "AT-06",
    title: "The trail delivers to a logstore",
    severity: Severity::High,
    controls: &[Control::cis("2.1", 1), Control::cis("2.3", 1), Control::mlps("8.1.4.3 a")],
    rationale: "Only what is in a logstore can be searched within a minute, and can raise an alert.",
    reads: "SlsProjectArn of the trail, and SlsLogStoreStatus of its status.",
    passes_when: "The trail names a project, and the service can reach the logstore in it.",
    fails_when: "It names none, or one that cannot be reached.",
    fix: "UpdateTrail with SlsProjectArn; or mend the project and the rights of the delivery role.",
    safe_to_automate: false,
    actions: &["actiontrail:DescribeTrails", "actiontrail:GetTrailStatus", "log:GetLogStore"],
    judge: Judge::Account(judge),
};

fn judge(facts: &Facts, _: &Parameters, findings: &mut Findings<'_>) {
    judge_property(facts, findings, |trail| Judgement::of(logstore(trail, facts)));
}

fn logstore(trail: &Trail, facts: &Facts) -> Judged {
    let name = trail.label();
    let Some(arn) = trail.sls_project_arn.read()? else {
        return Ok(Judgement::fail(
            format!("Trail {name} delivers to no log project."),
            format!("Give it one: UpdateTrail with Name = {}, SlsProjectArn = ARN.", trail.name),
        ));
    };
    let id = trail.logstore_id().unwrap_or_else(|| arn.clone());
    let gone = matches!(facts.logstores.get(&id), Some(crate::Fact::Absent));
    Ok(match trail.logstore_reachable.read()? {
        Some(false) => Judgement::fail(
            format!("Trail {name} cannot reach its logstore {id}."),
            format!("Check that {arn} exists, and that the delivery role of the trail may write to it."),
        ),
        _ if gone => Judgement::fail(
            format!("Trail {name} delivers to logstore {id}, which does not exist."),
            format!(
                "Give the trail its project again: UpdateTrail with Name = {}, SlsProjectArn = {arn}.",
                trail.name
            ),
        ),
        _ => Judgement::pass(format!("Trail {name} delivers to logstore {id}.")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Fact;
    use crate::Verdict::{CouldNotLook, Fail, Pass, Unknown};
    use crate::fixtures::{account, denied, only, unknown, with_trail};

    #[test]
    fn passes_and_fails() {
        assert_eq!(only(&RULE, &account()).verdict, Pass);
        assert_eq!(only(&RULE, &with_trail(|trail| trail.logstore_reachable = Fact::Absent)).verdict, Pass);
        assert_eq!(only(&RULE, &with_trail(|trail| trail.sls_project_arn = Fact::Absent)).verdict, Fail);
        assert_eq!(
            only(&RULE, &with_trail(|trail| trail.logstore_reachable = Fact::Known(false))).verdict,
            Fail
        );
        let mut gone = account();
        gone.logstores.insert("audit/actiontrail_audit".into(), Fact::Absent);
        assert!(only(&RULE, &gone).message.contains("does not exist"));
    }

    #[test]
    fn unknown_and_could_not_look() {
        assert_eq!(only(&RULE, &with_trail(|trail| trail.sls_project_arn = unknown())).verdict, Unknown);
        let facts = Facts { trails: denied("actiontrail:DescribeTrails"), ..account() };
        assert_eq!(only(&RULE, &facts).verdict, CouldNotLook);
    }
}
