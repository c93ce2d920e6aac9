//! OR-01: every account of the organization is covered.

use super::trails::covers;
use crate::facts::{Coverage, Facts, Member, OrganizationFacts};
use crate::finding::{Findings, Resource, Severity};
use crate::judgement::Judgement;
use crate::parameters::Parameters;
use crate::rule::{Control, Judge, Rule};

pub(super) static RULE: Rule = Rule {
    id: "OR-01",
    title: "Every account of the organization is covered",
    severity: Severity::Critical,
    controls: &[Control::cis("2.1", 1), Control::mlps("8.1.4.3 a")],
    rationale: "An intruder needs one account that nobody records.",
    reads: "The accounts of the organization, its trails, and whether each account is covered.",
    passes_when: "A trail of the organization covers all of it, or each account is covered by a trail.",
    fails_when: "An account is covered by none. Each of them is a finding, so that an exception can accept one.",
    fix: "Create an organization trail (CreateTrail with IsOrganizationTrail = true) in the management account, or roll trails out to \
          the accounts that lack one.",
    safe_to_automate: false,
    actions: &[
        "resourcemanager:GetResourceDirectory",
        "resourcemanager:ListAccounts",
        "actiontrail:DescribeTrails",
        "actiontrail:GetTrailStatus",
    ],
    judge: Judge::Organization(judge),
};

fn judge(facts: &OrganizationFacts, _: &Parameters, findings: &mut Findings<'_>) {
    let organization = Resource::new("organization", &facts.id);
    let members = match facts.members.read() {
        Ok(members) => members.map_or(&[][..], Vec::as_slice),
        Err(early) => {
            findings.judge(None, organization, None, early);
            return;
        }
    };
    let management = Member { account: facts.management_account.clone(), ..Member::default() };
    let by_organization = organization_trail(facts);
    let here = |member: &&Member| facts.part.as_ref().is_none_or(|part| part.contains(&member.account));
    let (mut covered, mut all) = (0_usize, 0_usize);
    for member in std::iter::once(&management).chain(members).filter(here) {
        all += 1;
        let judgement = match facts.coverage.get(&member.account) {
            Some(Coverage::By(_)) => Judgement::pass("covered"),
            Some(Coverage::No(missing)) => Judgement::fail(
                format!("Account {} is covered by no trail: {missing}", member.account),
                RULE.fix,
            ),
            Some(Coverage::Unknown(why)) => Judgement::unknown(why.clone()),
            // The trail of the organization reaches where nobody could look.
            Some(Coverage::CouldNotLook { .. }) if by_organization.passes() => by_organization.clone(),
            Some(Coverage::CouldNotLook { action, reason }) => {
                Judgement::CouldNotLook { action: action.clone(), reason: reason.clone() }
            }
            None => not_looked_at(&by_organization),
        };
        if judgement.passes() {
            covered += 1;
            continue;
        }
        let finding = findings.judge(None, Resource::new("account", &member.account), None, judgement);
        finding.account.clone_from(&member.account);
        finding.account_name.clone_from(&member.name);
    }
    if covered == all {
        let by = match &by_organization {
            Judgement::Pass(_) => "the organization trail",
            _ => "trails of their own",
        };
        let of = if facts.part.is_some() { "this part of the organization" } else { "the organization" };
        let seen = format!("All {covered} accounts of {of} are covered, by {by}.");
        findings.judge(None, organization, None, Judgement::pass(seen));
    }
}

/// Whether a trail of the organization covers all accounts, those included that were not looked at.
fn organization_trail(facts: &OrganizationFacts) -> Judgement {
    let trails = match facts.trails.read() {
        Ok(trails) => trails.map_or(&[][..], Vec::as_slice),
        Err(early) => return early,
    };
    let nothing = Facts::default();
    let of_organization = trails.iter().filter(|trail| trail.is_organization_trail);
    Judgement::best(of_organization.map(|trail| covers(trail, &nothing)))
        .unwrap_or_else(|| Judgement::fail("There is no organization trail.", RULE.fix))
}

/// What is known of an account that was not looked at itself.
fn not_looked_at(by_organization: &Judgement) -> Judgement {
    match by_organization {
        // A trail of its own may cover it.
        Judgement::Fail { .. } => Judgement::CouldNotLook {
            action: None,
            reason: "no organization trail covers the account, and its own trails were not looked at"
                .to_owned(),
        },
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Fact;
    use crate::Verdict::{self, CouldNotLook, Fail, Pass, Unknown};
    use crate::fixtures::{denied, in_organization, organization, parameters, unknown};

    fn verdicts(facts: &OrganizationFacts) -> Vec<(Verdict, String)> {
        let found = in_organization(&RULE, facts, &parameters());
        found.into_iter().map(|finding| (finding.verdict, finding.account)).collect()
    }

    const MEMBER: &str = "1000000000000003";

    fn with(coverage: Coverage) -> OrganizationFacts {
        let mut facts = organization();
        facts.coverage.insert(MEMBER.into(), coverage);
        facts
    }

    #[test]
    fn passes_once_if_all_are_covered() {
        let management = organization().management_account;
        assert_eq!(verdicts(&organization()), [(Pass, management.clone())]);
        // Nobody looked into the accounts, and the trail of the organization covers them.
        let unseen = OrganizationFacts { coverage: Default::default(), ..organization() };
        assert_eq!(verdicts(&unseen), [(Pass, management)]);
    }

    #[test]
    fn fails_for_each_account_that_is_not_covered() {
        let facts = with(Coverage::No("The account has no trail.".into()));
        assert_eq!(verdicts(&facts), [(Fail, MEMBER.into())]);
        let found = in_organization(&RULE, &facts, &parameters());
        assert_eq!(found[0].account_name.as_deref(), Some("member-3"));
    }

    #[test]
    fn a_part_of_an_audit_judges_its_own_accounts() {
        let mut facts = with(Coverage::No("The account has no trail.".into()));
        facts.part = Some(["1000000000000002".to_owned()].into());
        let found = in_organization(&RULE, &facts, &parameters());
        assert_eq!(found.len(), 1);
        assert!(found[0].message.starts_with("All 1 accounts of this part"), "{}", found[0].message);
        facts.part = Some([MEMBER.to_owned()].into());
        assert_eq!(verdicts(&facts), [(Fail, MEMBER.into())]);
    }

    #[test]
    fn unknown_and_could_not_look() {
        assert_eq!(verdicts(&with(Coverage::Unknown("later".into()))), [(Unknown, MEMBER.into())]);
        let closed = Coverage::CouldNotLook { action: Some("sts:AssumeRole".into()), reason: "no".into() };
        let mut facts = with(closed);
        assert_eq!(verdicts(&facts)[0].0, Pass, "the trail of the organization reaches it");
        facts.trails = Fact::Known(Vec::new());
        assert_eq!(verdicts(&facts), [(CouldNotLook, MEMBER.into())]);
        let mut facts = OrganizationFacts { trails: Fact::Known(Vec::new()), ..organization() };
        facts.coverage.remove(MEMBER);
        assert_eq!(verdicts(&facts), [(CouldNotLook, MEMBER.into())]);
        facts.trails = unknown();
        assert_eq!(verdicts(&facts), [(Unknown, MEMBER.into())]);
        let facts = OrganizationFacts { members: denied("resourcemanager:ListAccounts"), ..organization() };
        assert_eq!(verdicts(&facts), [(CouldNotLook, organization().management_account)]);
    }
}
