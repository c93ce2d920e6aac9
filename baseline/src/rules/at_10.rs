//! AT-10: the delivery role can do nothing but deliver.

use reconciler::bucket_document::policy::fits;
use serde_json::Value as Json;

use super::trails::{account, own};
use crate::facts::{Facts, Role, Trail, entry};
use crate::finding::{Findings, Resource, Severity};
use crate::judgement::{Judged, Judgement};
use crate::parameters::Parameters;
use crate::rule::{Control, Judge, Rule};

pub(super) static RULE: Rule = Rule {
    id: "AT-10",
    title: "The delivery role can do nothing but deliver",
    severity: Severity::Medium,
    controls: &[Control::mlps("8.1.4.2")],
    rationale: "Whoever can assume the delivery role has what it has. A role that may delete archives is a way to delete them.",
    reads: "Trust policy and policies of the roles that trails deliver with.",
    passes_when: "The role trusts ActionTrail of the account of the trail and nobody else, and its policies reach the bucket and \
                  the logstores of the trail only. The service-linked role passes.",
    fails_when: "It trusts others, reaches other resources, or may delete.",
    fix: "Replace the policies of the role by one that is limited to the bucket and the project, and its trust policy by one for \
          <account of the trail>@actiontrail.aliyuncs.com.",
    safe_to_automate: false,
    actions: &["actiontrail:DescribeTrails", "ram:GetRole", "ram:ListPoliciesForRole", "ram:GetPolicy"],
    judge: Judge::Account(judge),
};

fn judge(facts: &Facts, _: &Parameters, findings: &mut Findings<'_>) {
    let trails = match facts.trails.read() {
        Ok(trails) => trails.map_or(&[][..], Vec::as_slice),
        Err(early) => {
            findings.judge(None, account(facts), None, early);
            return;
        }
    };
    let mut seen: Vec<String> = Vec::new();
    for trail in own(facts, trails) {
        for (destination, role) in
            [(&trail.oss_bucket, &trail.oss_write_role), (&trail.sls_project_arn, &trail.sls_write_role)]
        {
            if matches!(destination, crate::Fact::Absent) {
                continue;
            }
            let (resource, judgement) = match role.read() {
                Ok(Some(arn)) if !is_service_linked(arn) => {
                    let id = arn.to_lowercase();
                    if seen.contains(&id) {
                        continue;
                    }
                    seen.push(id);
                    (Resource::new("role", arn), Judgement::of(role_of(arn, trail, facts)))
                }
                Ok(_) => {
                    let id = format!("service-linked of {}", trail.name);
                    if seen.contains(&id) {
                        continue;
                    }
                    seen.push(id);
                    let seen = format!("Trail {} delivers with the service-linked role.", trail.label());
                    (Resource::new("trail", &trail.name), Judgement::pass(seen))
                }
                Err(early) => (Resource::new("trail", &trail.name), early),
            };
            let region = trail.home_region.known().map(String::as_str);
            let region = region.filter(|_| resource.kind == "trail");
            findings.judge(region, resource, trail.location.as_ref(), judgement);
        }
    }
}

fn is_service_linked(arn: &str) -> bool {
    arn.to_lowercase().ends_with(":role/aliyunserviceroleforactiontrail")
}

fn role_of(arn: &str, trail: &Trail, facts: &Facts) -> Judged {
    let owner = arn.split(':').nth(3).unwrap_or_default();
    if !owner.is_empty() && owner != facts.account && !facts.roles.contains_key(&arn.to_lowercase()) {
        return Err(Judgement::Unknown {
            why: format!("role {arn} belongs to account {owner}"),
            how: Some(format!("Look at the role in account {owner}.")),
        });
    }
    let Some(role) = entry(&facts.roles, &arn.to_lowercase())? else {
        return Ok(Judgement::fail(
            format!("Trail {} delivers with role {arn}, which does not exist.", trail.label()),
            "Create the role again, or clear the role of the trail, so that it delivers with the service-linked role.",
        ));
    };
    let account = if trail.account.is_empty() { &facts.account } else { &trail.account };
    let mut faults = trust_faults(&role.trust, account);
    faults.extend(grant_faults(role, trail));
    if faults.is_empty() {
        return Ok(Judgement::pass(format!("Role {arn} can do nothing but deliver.")));
    }
    Ok(Judgement::fail(format!("Role {arn} can do more than deliver: {}.", faults.join("; ")), RULE.fix))
}

/// Whom the role trusts besides ActionTrail of the account.
fn trust_faults(trust: &str, account: &str) -> Vec<String> {
    let Ok(document) = serde_json::from_str::<Json>(trust) else {
        return vec!["its trust policy cannot be read".to_owned()];
    };
    let wanted = format!("{account}@actiontrail.aliyuncs.com");
    let allows = statements(&document).filter(|statement| statement["Effect"] != "Deny");
    let mut faults = Vec::new();
    for statement in allows {
        let Some(principal) = statement["Principal"].as_object() else {
            faults.push("it trusts everybody".to_owned());
            continue;
        };
        for (kind, names) in principal {
            for name in texts(names) {
                if kind != "Service" || name != wanted {
                    faults.push(format!("it trusts {name}"));
                }
            }
        }
    }
    faults
}

/// Actions that no delivery needs.
const HARMFUL: [&str; 7] = [
    "oss:deletebucket",
    "oss:deleteobject",
    "oss:putbucketpolicy",
    "oss:putbucketlifecycle",
    "log:deletelogstore",
    "log:deleteproject",
    "ram:createpolicy",
];

/// What the policies of a role grant besides delivery.
fn grant_faults(role: &Role, trail: &Trail) -> Vec<String> {
    let mut faults = Vec::new();
    for policy in &role.policies {
        let Some(text) = &policy.document else {
            faults.push(format!(
                "it has the policy {} of the vendor, which is not limited to the trail",
                policy.name
            ));
            continue;
        };
        let Ok(document) = serde_json::from_str::<Json>(text) else {
            faults.push(format!("its policy {} cannot be read", policy.name));
            continue;
        };
        for statement in statements(&document).filter(|statement| statement["Effect"] != "Deny") {
            if statement.get("NotAction").is_some() || statement.get("NotResource").is_some() {
                faults.push(format!("its policy {} allows all but something", policy.name));
                continue;
            }
            let harmful = texts(&statement["Action"])
                .into_iter()
                .find(|action| HARMFUL.iter().any(|harm| fits(&action.to_lowercase(), harm)));
            faults.extend(harmful.map(|action| format!("its policy {} allows {action}", policy.name)));
            let foreign =
                texts(&statement["Resource"]).into_iter().find(|resource| !is_of_trail(resource, trail));
            faults.extend(foreign.map(|resource| format!("its policy {} reaches {resource}", policy.name)));
        }
    }
    faults
}

/// Whether a resource of a policy is nothing but what the trail delivers to, or a key.
fn is_of_trail(resource: &str, trail: &Trail) -> bool {
    let mut parts = resource.splitn(5, ':');
    let (Some("acs"), Some(service), Some(_), Some(_), Some(rest)) =
        (parts.next(), parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    match service {
        "oss" => trail.oss_bucket.known().is_some_and(|bucket| {
            rest.strip_prefix(bucket.as_str())
                .is_some_and(|within| within.is_empty() || within.starts_with('/'))
        }),
        "log" => {
            let project = trail.project().map(|project| format!("project/{project}"));
            project.and_then(|project| rest.strip_prefix(&project)).is_some_and(|within| {
                let store = within.strip_prefix("/logstore/");
                within.is_empty()
                    || within.starts_with("/dashboard/")
                    || within.starts_with("/savedsearch/")
                    || store.is_some_and(|store| {
                        ["actiontrail_", "insights_", "innertrail_"]
                            .iter()
                            .any(|kind| store.starts_with(kind))
                    })
            })
        }
        "kms" => rest.strip_prefix("key/").is_some_and(|key| !key.contains('*')),
        _ => false,
    }
}

fn statements(document: &Json) -> impl Iterator<Item = &Json> {
    match &document["Statement"] {
        Json::Array(statements) => statements.as_slice(),
        one => std::slice::from_ref(one),
    }
    .iter()
}

fn texts(value: &Json) -> Vec<String> {
    match value {
        Json::Array(values) => values.iter().flat_map(texts).collect(),
        Json::String(text) => vec![text.clone()],
        Json::Null => Vec::new(),
        other => vec![other.to_string()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Fact;
    use crate::Verdict::{CouldNotLook, Fail, Pass, Unknown};
    use crate::facts::RolePolicy;
    use crate::finding::Finding;
    use crate::fixtures::{ACCOUNT, account, denied, findings, unknown, with_trail};

    fn about_role(facts: &Facts) -> Finding {
        let about = |finding: &Finding| finding.resource.kind == "role";
        findings(&RULE, facts).into_iter().find(about).unwrap()
    }

    fn with_role(change: impl FnOnce(&mut Role)) -> Facts {
        let mut facts = account();
        let Some(Fact::Known(role)) = facts.roles.values_mut().next() else { panic!() };
        change(role);
        facts
    }

    #[test]
    fn passes_for_a_role_of_ours_and_the_service_linked_role() {
        let found = findings(&RULE, &account());
        assert_eq!(found.iter().map(|finding| finding.verdict).collect::<Vec<_>>(), [Pass, Pass]);
        let linked = format!("acs:ram::{ACCOUNT}:role/AliyunServiceRoleForActionTrail");
        let facts = with_trail(|trail| trail.oss_write_role = Fact::Known(linked));
        assert_eq!(findings(&RULE, &facts).len(), 1);
    }

    #[test]
    fn fails_for_a_role_that_others_may_assume_or_that_can_do_more() {
        let others = |role: &mut Role| role.trust = role.trust.replace(ACCOUNT, "6543210987654321");
        assert!(about_role(&with_role(others)).message.contains("trusts 6543210987654321@"));
        for (from, to, words) in [
            ("oss:PutObject", "oss:*", "allows oss:*"),
            ("acs:oss:*:*:archive/*", "acs:oss:*:*:*", "reaches acs:oss:*:*:*"),
            ("acs:oss:*:*:archive/*", "acs:oss:*:*:archive-2/*", "reaches"),
            ("\"Action\"", "\"NotAction\"", "all but something"),
        ] {
            let facts = with_role(|role| {
                let document = role.policies[0].document.as_mut().unwrap();
                *document = document.replace(from, to);
            });
            let found = about_role(&facts);
            assert_eq!(found.verdict, Fail, "{to}");
            assert!(found.message.contains(words), "{}", found.message);
        }
        let admin = RolePolicy { name: "AdministratorAccess".into(), document: None };
        assert_eq!(about_role(&with_role(|role| role.policies.push(admin))).verdict, Fail);
        let mut gone = account();
        gone.roles.values_mut().for_each(|role| *role = Fact::Absent);
        assert!(about_role(&gone).message.contains("does not exist"));
    }

    #[test]
    fn unknown_and_could_not_look() {
        let foreign = "acs:ram::6543210987654321:role/delivery";
        let facts = with_trail(|trail| trail.oss_write_role = Fact::Known(foreign.into()));
        let found = about_role(&facts);
        assert_eq!(found.verdict, Unknown);
        assert!(found.remedy.unwrap().contains("6543210987654321"));
        let facts = with_trail(|trail| trail.oss_write_role = unknown());
        assert!(findings(&RULE, &facts).iter().any(|finding| finding.verdict == Unknown));
        let mut closed = account();
        closed.roles.values_mut().for_each(|role| *role = denied("ram:GetRole"));
        assert_eq!(about_role(&closed).verdict, CouldNotLook);
    }
}
