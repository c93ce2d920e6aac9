//! AT-08: the events of global services are stored where they are expected.

use super::trails::account;
use crate::facts::Facts;
use crate::finding::{Findings, Severity};
use crate::judgement::{Judged, Judgement};
use crate::parameters::Parameters;
use crate::rule::{Control, Judge, Rule};

pub(super) static RULE: Rule = Rule {
    id: "AT-08",
    title: "Events of global services are stored where they are expected",
    severity: Severity::Low,
    controls: &[Control::of("alitrail", "global-events")],
    rationale: "Events of RAM and other global services are stored in one region. Who looks for them elsewhere does not find them.",
    reads: "The storage region of global events.",
    passes_when: "It is that of the parameter global_events_region.",
    fails_when: "It is another. Accounts that may not ask for it are not failed.",
    fix: "UpdateGlobalEventsStorageRegion with the expected region, or change the parameter.",
    safe_to_automate: false,
    actions: &["actiontrail:GetGlobalEventsStorageRegion"],
    judge: Judge::Account(judge),
};

fn judge(facts: &Facts, parameters: &Parameters, findings: &mut Findings<'_>) {
    let judgement = Judgement::of(expected(facts, &parameters.global_events_region));
    findings.judge(None, account(facts), None, judgement);
}

fn expected(facts: &Facts, expected: &str) -> Judged {
    Ok(match facts.global_events_region.read()? {
        Some(region) if region == expected => {
            Judgement::pass(format!("Events of global services are stored in {region}."))
        }
        Some(region) => Judgement::fail(
            format!("Events of global services are stored in {region}, and {expected} is expected."),
            format!(
                "UpdateGlobalEventsStorageRegion with StorageRegion = {expected}; or set global_events_region = {region:?} if \
                 that is meant."
            ),
        ),
        None => Judgement::unknown("the service says no region"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Fact;
    use crate::Verdict::{CouldNotLook, Fail, Pass, Unknown};
    use crate::fixtures::{account, denied, judged, only, unknown};

    fn with(region: Fact<String>) -> Facts {
        Facts { global_events_region: region, ..account() }
    }

    #[test]
    fn passes_and_fails_by_the_parameter() {
        assert_eq!(only(&RULE, &account()).verdict, Pass);
        let elsewhere = with(Fact::Known("cn-hangzhou".into()));
        assert_eq!(only(&RULE, &elsewhere).verdict, Fail);
        let parameters = Parameters { global_events_region: "cn-hangzhou".into(), ..Parameters::default() };
        assert_eq!(judged(&RULE, &elsewhere, &parameters)[0].verdict, Pass);
    }

    #[test]
    fn unknown_and_could_not_look() {
        assert_eq!(only(&RULE, &with(unknown())).verdict, Unknown);
        assert_eq!(only(&RULE, &with(Fact::Absent)).verdict, Unknown);
        let found = only(&RULE, &with(denied("actiontrail:GetGlobalEventsStorageRegion")));
        assert_eq!(found.verdict, CouldNotLook);
    }
}
