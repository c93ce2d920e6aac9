//! OR-03: the delegated administrator is the expected one.

use crate::facts::OrganizationFacts;
use crate::finding::{Findings, Resource, Severity};
use crate::judgement::{Judged, Judgement};
use crate::parameters::Parameters;
use crate::rule::{Control, Judge, Rule};

pub(super) static RULE: Rule = Rule {
    id: "OR-03",
    title: "The delegated administrator is the expected one",
    severity: Severity::High,
    controls: &[Control::mlps("8.1.4.2")],
    rationale: "A delegated administrator of ActionTrail may create, change and delete trails of the whole organization.",
    reads: "The delegated administrators of actiontrail.aliyuncs.com.",
    passes_when: "The only one is that of the parameter delegated_administrator. Without the parameter: there is none.",
    fails_when: "There is another, or the expected one is missing.",
    fix: "DeregisterDelegatedAdministrator for the account that is not expected, RegisterDelegatedAdministrator for the one that is.",
    safe_to_automate: false,
    actions: &["resourcemanager:ListDelegatedAdministrators"],
    judge: Judge::Organization(judge),
};

fn judge(facts: &OrganizationFacts, parameters: &Parameters, findings: &mut Findings<'_>) {
    let judgement = Judgement::of(expected(facts, parameters.delegated_administrator.as_deref()));
    findings.judge(None, Resource::new("organization", &facts.id), None, judgement);
}

fn expected(facts: &OrganizationFacts, expected: Option<&str>) -> Judged {
    let found = facts.delegated_administrators.read()?.map_or(&[][..], Vec::as_slice);
    let accounts: Vec<&str> = found.iter().map(|found| found.account.as_str()).collect();
    let Some(expected) = expected else {
        return Ok(match accounts.as_slice() {
            [] => {
                Judgement::pass("Nobody but the management account administers trails of the organization.")
            }
            _ => Judgement::Unknown {
                why: format!(
                    "{} administers trails of the organization, and nothing says who should",
                    accounts.join(", ")
                ),
                how: Some(format!("Set delegated_administrator = {:?} if that is right.", accounts[0])),
            },
        });
    };
    let strangers: Vec<&str> = accounts.iter().copied().filter(|account| *account != expected).collect();
    let service = "for actiontrail.aliyuncs.com";
    Ok(if !strangers.is_empty() {
        Judgement::fail(
            format!(
                "{} administers trails of the organization, and is not expected to.",
                strangers.join(", ")
            ),
            format!("DeregisterDelegatedAdministrator of {} {service}.", strangers.join(", ")),
        )
    } else if accounts.is_empty() {
        Judgement::fail(
            format!("Account {expected} is to administer trails of the organization, and does not."),
            format!("RegisterDelegatedAdministrator of {expected} {service}."),
        )
    } else {
        Judgement::pass(format!("Account {expected} administers trails of the organization, as expected."))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Fact;
    use crate::Verdict::{self, CouldNotLook, Fail, Pass, Unknown};
    use crate::facts::DelegatedAdministrator;
    use crate::fixtures::{denied, in_organization, organization, parameters, unknown};

    fn verdict(administrators: Fact<Vec<DelegatedAdministrator>>, parameters: &Parameters) -> Verdict {
        let facts = OrganizationFacts { delegated_administrators: administrators, ..organization() };
        let [finding] = in_organization(&RULE, &facts, parameters).try_into().unwrap();
        finding.verdict
    }

    fn known(accounts: &[&str]) -> Fact<Vec<DelegatedAdministrator>> {
        let found = |account: &&str| DelegatedAdministrator { account: (*account).to_owned(), name: None };
        Fact::Known(accounts.iter().map(found).collect())
    }

    const EXPECTED: &str = "1000000000000002";

    #[test]
    fn passes_and_fails_by_the_parameter() {
        assert_eq!(verdict(known(&[EXPECTED]), &parameters()), Pass);
        assert_eq!(verdict(known(&[]), &parameters()), Fail);
        assert_eq!(verdict(Fact::Absent, &parameters()), Fail);
        assert_eq!(verdict(known(&["1000000000000009"]), &parameters()), Fail);
        assert_eq!(verdict(known(&[EXPECTED, "1000000000000009"]), &parameters()), Fail);
        assert_eq!(verdict(known(&[]), &Parameters::default()), Pass);
    }

    #[test]
    fn unknown_and_could_not_look() {
        assert_eq!(
            verdict(known(&[EXPECTED]), &Parameters::default()),
            Unknown,
            "nothing says who is expected"
        );
        assert_eq!(verdict(unknown(), &parameters()), Unknown);
        assert_eq!(
            verdict(denied("resourcemanager:ListDelegatedAdministrators"), &parameters()),
            CouldNotLook
        );
    }
}
