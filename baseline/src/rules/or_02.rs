//! OR-02: a control policy guards the trails.

use super::policies::{self, Act, Spared};
use crate::facts::{ControlPolicy, Member, OrganizationFacts};
use crate::finding::{Findings, Resource, Severity};
use crate::judgement::{Judged, Judgement};
use crate::parameters::Parameters;
use crate::rule::{Control, Judge, Rule};

pub(super) static RULE: Rule = Rule {
    id: "OR-02",
    title: "A control policy guards the trails",
    severity: Severity::High,
    controls: &[Control::mlps("8.1.4.3 d")],
    rationale: "An administrator of a member account may stop its trail. A control policy is the only thing above them.",
    reads: "The control policies of the organization, and the folders and accounts that they are attached to.",
    passes_when: "Policies at the root folder, or at folders and accounts that are all of the organization, deny StopLogging, \
                  DeleteTrail, UpdateTrail, DeleteBucket and DeleteLogStore to everybody but a few identities.",
    fails_when: "One of these operations is denied to nobody in some account, or control policies are switched off. The parameter \
                 break_glass says who may be spared.",
    fix: "EnableControlPolicy, CreateControlPolicy with a Deny of these actions on * and the Condition StringNotLike \
          acs:PrincipalARN for the rollout role, and AttachControlPolicy at the root folder.",
    safe_to_automate: false,
    actions: &[
        "resourcemanager:GetControlPolicyEnablementStatus",
        "resourcemanager:ListControlPolicies",
        "resourcemanager:GetControlPolicy",
        "resourcemanager:ListTargetAttachmentsForControlPolicy",
    ],
    judge: Judge::Organization(judge),
};

/// What nobody but the rollout may do, and the resources of it.
const GUARDED: [(&str, &str); 5] = [
    ("actiontrail:StopLogging", "acs:actiontrail:*:*:trail/*"),
    ("actiontrail:DeleteTrail", "acs:actiontrail:*:*:trail/*"),
    ("actiontrail:UpdateTrail", "acs:actiontrail:*:*:trail/*"),
    ("oss:DeleteBucket", "acs:oss:*:*:*"),
    ("log:DeleteLogStore", "acs:log:*:*:project/*/logstore/*"),
];

fn judge(facts: &OrganizationFacts, parameters: &Parameters, findings: &mut Findings<'_>) {
    let judgement = Judgement::of(guarded(facts, parameters));
    findings.judge(None, Resource::new("organization", &facts.id), None, judgement);
}

fn guarded(facts: &OrganizationFacts, parameters: &Parameters) -> Judged {
    let Some(policies) = facts.control_policies.read()? else {
        return Ok(Judgement::fail("Control policies are switched off.", RULE.fix));
    };
    let open_at = |targets: &[&str]| open(&policies.custom, targets, facts, parameters);
    let at_root = open_at(&[&facts.root_folder])?;
    if at_root.is_empty() {
        return Ok(Judgement::pass(
            "Control policies at the root folder guard trails, buckets and logstores.",
        ));
    }
    let nowhere = |open: &[&str]| {
        Judgement::fail(
            format!("No control policy at the root folder denies {} to everybody.", open.join(", ")),
            RULE.fix,
        )
    };
    let Some(members) = facts.members.read()? else { return Ok(nowhere(&at_root)) };
    let mut unguarded: Vec<(&Member, Vec<&str>)> = Vec::new();
    for member in members {
        let mut targets: Vec<&str> = vec![&facts.root_folder, &member.account];
        targets.extend(member.folders.iter().map(String::as_str));
        let open = open_at(&targets)?;
        if !open.is_empty() {
            unguarded.push((member, open));
        }
    }
    let Some((first, open)) = unguarded.first() else {
        return Ok(Judgement::pass(
            "Control policies at folders and accounts guard trails, buckets and logstores everywhere.",
        ));
    };
    if unguarded.len() == members.len() {
        return Ok(nowhere(&at_root));
    }
    Ok(Judgement::fail(
        format!(
            "{} of {} accounts are not guarded, such as {}: nothing denies {} to everybody.",
            unguarded.len(),
            members.len(),
            first.account,
            open.join(", ")
        ),
        RULE.fix,
    ))
}

/// Which of the operations the policies at these targets leave open.
fn open(
    policies: &[ControlPolicy],
    targets: &[&str],
    facts: &OrganizationFacts,
    parameters: &Parameters,
) -> Result<Vec<&'static str>, Judgement> {
    let attached =
        policies.iter().filter(|policy| targets.iter().any(|target| policy.targets.contains(*target)));
    let documents =
        attached.map(|policy| policies::of_control(&policy.document)).collect::<Result<Vec<_>, _>>()?;
    let spared = Spared { account: &facts.management_account, allowed: &parameters.break_glass };
    let prevented = |action: &str, resource: &str| {
        let resources = [resource.to_owned()];
        policies::prevent(&documents, Act { action, resources: &resources }, spared)
    };
    let open = GUARDED.into_iter().filter(|(action, resource)| !prevented(action, resource));
    Ok(open.map(|(action, _)| action).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Fact;
    use crate::Verdict::{CouldNotLook, Fail, Pass, Unknown};
    use crate::finding::Finding;
    use crate::fixtures::{GUARD, denied, in_organization, organization, parameters, unknown};

    fn only(facts: &OrganizationFacts) -> Finding {
        let [finding] = in_organization(&RULE, facts, &parameters()).try_into().unwrap();
        finding
    }

    fn with(change: impl FnOnce(&mut ControlPolicy)) -> OrganizationFacts {
        let mut facts = organization();
        let Fact::Known(policies) = &mut facts.control_policies else { panic!() };
        change(&mut policies.custom[0]);
        facts
    }

    #[test]
    fn passes_at_the_root_and_where_all_accounts_are_reached() {
        assert_eq!(only(&organization()).verdict, Pass);
        assert_eq!(only(&with(|policy| policy.targets = ["fd-1".to_owned()].into())).verdict, Pass);
    }

    #[test]
    fn fails_where_something_is_left_open() {
        let off = OrganizationFacts { control_policies: Fact::Absent, ..organization() };
        assert!(only(&off).message.contains("switched off"));
        assert_eq!(only(&with(|policy| policy.targets.clear())).verdict, Fail);
        let found = only(&with(|policy| policy.targets = ["1000000000000002".to_owned()].into()));
        assert!(
            found.message.contains("1 of 2 accounts are not guarded, such as 1000000000000003"),
            "{}",
            found.message
        );
        for (from, to) in [
            ("\"actiontrail:UpdateTrail\",", ""),
            ("Deny", "Allow"),
            ("role/rollout", "*"),
            ("StringNotLike", "StringLike"),
            ("[\"*\"]", "[\"acs:actiontrail:*:*:trail/other\"]"),
        ] {
            let document = GUARD.replace(from, to);
            assert_ne!(document, GUARD, "{from}");
            assert_eq!(only(&with(|policy| policy.document = document)).verdict, Fail, "{to}");
        }
        let parameters = Parameters { break_glass: vec!["acs:ram:*:*:role/other".into()], ..parameters() };
        assert_eq!(in_organization(&RULE, &organization(), &parameters)[0].verdict, Fail);
    }

    #[test]
    fn unknown_and_could_not_look() {
        assert_eq!(only(&with(|policy| policy.document = "no JSON".into())).verdict, Unknown);
        assert_eq!(
            only(&OrganizationFacts { control_policies: unknown(), ..organization() }).verdict,
            Unknown
        );
        let closed = denied("resourcemanager:ListControlPolicies");
        assert_eq!(
            only(&OrganizationFacts { control_policies: closed, ..organization() }).verdict,
            CouldNotLook
        );
    }
}
