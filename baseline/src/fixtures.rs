//! An account and an organization in which every rule passes, for tests to break.

use std::collections::BTreeMap;

use time::macros::datetime;

use crate::facts::{
    Alert, AlertQuery, Bucket, ControlPolicies, ControlPolicy, Coverage, DelegatedAdministrator, Delivery,
    Encryption, Index, LifecycleRule, Logstore, Member, Role, RolePolicy, Trail, Transition, When, Worm,
};
use crate::finding::Finding;
use crate::{Fact, Facts, Findings, Judge, OrganizationFacts, Parameters, Rule, Verdict};

pub(crate) const ACCOUNT: &str = "1234567890123456";
pub(crate) const MANAGEMENT: &str = "1000000000000001";
const PROJECT: &str = "acs:log:cn-hangzhou:1234567890123456:project/audit";

/// A fact that could not be read for lack of a permission.
pub(crate) fn denied<T>(action: &str) -> Fact<T> {
    Fact::CouldNotLook { action: Some(action.to_owned()), reason: "NoPermission (HTTP 403)".to_owned() }
}

/// A fact that will be known later.
pub(crate) fn unknown<T>() -> Fact<T> {
    Fact::Unknown("it is not known yet".to_owned())
}

fn known(text: &str) -> Fact<String> {
    Fact::Known(text.to_owned())
}

/// A trail that covers everything.
fn trail() -> Trail {
    let now = datetime!(2026-12-01 12:00 UTC);
    Trail {
        name: "audit".into(),
        account: ACCOUNT.into(),
        arn: Fact::Known(format!("acs:actiontrail:cn-hangzhou:{ACCOUNT}:trail/audit")),
        home_region: known("cn-hangzhou"),
        is_organization_trail: false,
        trail_region: known("All"),
        event_rw: known("All"),
        status: known("Enable"),
        is_logging: Fact::Known(true),
        started: Fact::Known(datetime!(2026-01-01 00:00 UTC)),
        oss_bucket: known("archive"),
        oss_bucket_region: known("cn-hangzhou"),
        oss_key_prefix: Fact::Absent,
        oss_bucket_reachable: Fact::Known(true),
        oss_write_role: Fact::Known(format!("acs:ram::{ACCOUNT}:role/Delivery")),
        sls_project_arn: known(PROJECT),
        logstore_reachable: Fact::Known(true),
        sls_write_role: Fact::Absent,
        delivery: Fact::Known(Delivery {
            oss_time: Some(now - time::Duration::minutes(4)),
            sls_time: Some(now - time::Duration::minutes(1)),
            ..Delivery::default()
        }),
        insights: Fact::Known(
            ["ApiCallRateInsight", "ApiErrorRateInsight", "IpInsight"].map(str::to_owned).to_vec(),
        ),
        location: None,
    }
}

/// A trail of the organization, in its management account, that covers everything.
pub(crate) fn organization_trail() -> Trail {
    Trail {
        name: "everyone".into(),
        account: MANAGEMENT.into(),
        arn: Fact::Known(format!("acs:actiontrail:cn-hangzhou:{MANAGEMENT}:trail/everyone")),
        is_organization_trail: true,
        ..trail()
    }
}

pub(crate) const HTTPS_ONLY: &str = r#"{"Effect":"Deny","Action":["oss:*"],"Principal":["*"],
    "Resource":["acs:oss:*:*:archive","acs:oss:*:*:archive/*"],"Condition":{"Bool":{"acs:SecureTransport":["false"]}}}"#;
pub(crate) const NO_DELETION: &str = r#"{"Effect":"Deny","Action":["oss:Delete*"],"Principal":["*"],
    "Resource":["acs:oss:*:*:archive","acs:oss:*:*:archive/*"],
    "Condition":{"StringNotLike":{"acs:PrincipalARN":["acs:ram::1234567890123456:role/break-glass"]}}}"#;

/// A bucket policy of these statements.
pub(crate) fn policy(statements: &[&str]) -> Fact<String> {
    Fact::Known(format!(r#"{{"Version":"1","Statement":[{}]}}"#, statements.join(",")))
}

fn bucket() -> Bucket {
    let days = |class: &str, days: i64| Transition { class: class.into(), when: When::Days(days) };
    Bucket {
        name: "archive".into(),
        region: Some("cn-hangzhou".into()),
        owner: known(ACCOUNT),
        acl: known("private"),
        block_public_access: Fact::Known(true),
        policy: policy(&[HTTPS_ONLY, NO_DELETION]),
        log_bucket: known("access-logs"),
        encryption: Fact::Known(Encryption {
            algorithm: "KMS".into(),
            key: Some("key-1".into()),
            key_enabled: None,
        }),
        versioning: known("Enabled"),
        lifecycle: Fact::Known(vec![
            LifecycleRule {
                id: "archive".into(),
                enabled: true,
                prefix: "AliyunLogs/".into(),
                expiration: Some(When::Days(730)),
                noncurrent_expiration_days: Some(730),
                transitions: vec![days("IA", 30), days("Archive", 90)],
                ..LifecycleRule::default()
            },
            LifecycleRule {
                id: "uploads".into(),
                enabled: true,
                aborts_uploads: true,
                ..LifecycleRule::default()
            },
        ]),
        worm: Fact::Known(Worm { state: "Locked".into(), days: 365 }),
        location: None,
    }
}

fn logstore() -> Logstore {
    Logstore {
        project: "audit".into(),
        name: "actiontrail_audit".into(),
        region: Some("cn-hangzhou".into()),
        ttl: Fact::Known(365),
        hot_ttl: Fact::Known(30),
        infrequent_access_ttl: Fact::Known(30),
        encrypted: Fact::Known(true),
        modifiable: Fact::Known(false),
        soft_deletions: Fact::Absent,
        index: Fact::Known(Index { full_text: true, keys: 3 }),
        location: None,
    }
}

/// An alert with this query over the logstore of the trail.
pub(crate) fn alert(query: &str) -> Alert {
    let query = AlertQuery { logstore: "actiontrail_audit".into(), query: query.into() };
    Alert { name: "everything".into(), enabled: true, queries: vec![query], template: None }
}

/// An account in which every rule passes.
pub(crate) fn account() -> Facts {
    let role = Role {
        trust: reconciler::delivery_role::policy::trust(ACCOUNT),
        policies: vec![RolePolicy {
            name: "delivery".into(),
            document: Some(
                reconciler::delivery_role::policy::Grants {
                    bucket: Some("archive".into()),
                    ..Default::default()
                }
                .document(),
            ),
        }],
    };
    let role_arn = format!("acs:ram::{ACCOUNT}:role/delivery");
    Facts {
        account: ACCOUNT.into(),
        account_name: Some("prod".into()),
        observed_at: datetime!(2026-12-01 12:00 UTC),
        trails: Fact::Known(vec![trail()]),
        regions_not_looked_at: Vec::new(),
        buckets: [("archive".to_owned(), Fact::Known(bucket()))].into(),
        account_public_access_block: Fact::Known(false),
        logstores: [("audit/actiontrail_audit".to_owned(), Fact::Known(logstore()))].into(),
        alerts: [("audit".to_owned(), Fact::Known(vec![alert("* | select count(1) as cnt")]))].into(),
        alert_center: Fact::Known(true),
        roles: [(role_arn, Fact::Known(role))].into(),
        global_events_region: known("ap-southeast-1"),
        control_policies: Fact::Absent,
    }
}

/// The only trail of [`account`], to be changed.
pub(crate) fn with_trail(change: impl FnOnce(&mut Trail)) -> Facts {
    let mut facts = account();
    let Fact::Known(trails) = &mut facts.trails else { unreachable!("known") };
    change(&mut trails[0]);
    facts
}

/// Its archive.
pub(crate) fn with_bucket(change: impl FnOnce(&mut Bucket)) -> Facts {
    let mut facts = account();
    let Some(Fact::Known(bucket)) = facts.buckets.get_mut("archive") else { unreachable!("known") };
    change(bucket);
    facts
}

/// Its logstore.
pub(crate) fn with_logstore(change: impl FnOnce(&mut Logstore)) -> Facts {
    let mut facts = account();
    let Some(Fact::Known(logstore)) = facts.logstores.get_mut("audit/actiontrail_audit") else {
        unreachable!("known")
    };
    change(logstore);
    facts
}

/// A member of an organization, without trails of its own.
pub(crate) fn member(trail: Trail) -> Facts {
    Facts {
        account: "1000000000000002".into(),
        trails: Fact::Known(vec![trail]),
        buckets: BTreeMap::new(),
        logstores: BTreeMap::new(),
        alerts: BTreeMap::new(),
        roles: BTreeMap::new(),
        ..account()
    }
}

/// The policy that denies everybody but the rollout role to tamper with evidence.
pub(crate) const GUARD: &str = r#"{"Version":"1","Statement":[{"Effect":"Deny","Resource":["*"],
    "Action":["actiontrail:StopLogging","actiontrail:DeleteTrail","actiontrail:UpdateTrail","oss:DeleteBucket","log:DeleteLogStore"],
    "Condition":{"StringNotLike":{"acs:PrincipalARN":["acs:ram:*:*:role/rollout"]}}}]}"#;

/// An organization in which every rule passes.
pub(crate) fn organization() -> OrganizationFacts {
    let member = |number: u8| Member {
        account: format!("100000000000000{number}"),
        name: Some(format!("member-{number}")),
        folders: vec!["fd-1".into()],
    };
    OrganizationFacts {
        id: "rd-1".into(),
        management_account: MANAGEMENT.into(),
        root_folder: "r-1".into(),
        members: Fact::Known(vec![member(2), member(3)]),
        trails: Fact::Known(vec![organization_trail()]),
        delegated_administrators: Fact::Known(vec![DelegatedAdministrator {
            account: "1000000000000002".into(),
            name: None,
        }]),
        control_policies: Fact::Known(ControlPolicies {
            custom: vec![ControlPolicy {
                id: "cp-1".into(),
                name: "guard".into(),
                document: GUARD.into(),
                targets: ["r-1".to_owned()].into(),
            }],
        }),
        part: None,
        coverage: [MANAGEMENT, "1000000000000002", "1000000000000003"]
            .map(|account| (account.to_owned(), Coverage::By("everyone".into())))
            .into(),
    }
}

/// Parameters under which both pass.
pub(crate) fn parameters() -> Parameters {
    Parameters { delegated_administrator: Some("1000000000000002".into()), ..Parameters::default() }
}

/// What a rule finds in an account.
pub(crate) fn judged(rule: &'static Rule, facts: &Facts, parameters: &Parameters) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut findings = Findings {
        rule,
        account: &facts.account,
        account_name: facts.account_name.as_deref(),
        found: &mut found,
    };
    let Judge::Account(judge) = rule.judge else { unreachable!("a rule about accounts") };
    judge(facts, parameters, &mut findings);
    found
}

/// The same by the usual parameters.
pub(crate) fn findings(rule: &'static Rule, facts: &Facts) -> Vec<Finding> {
    judged(rule, facts, &parameters())
}

/// The only thing that a rule finds in an account.
pub(crate) fn only(rule: &'static Rule, facts: &Facts) -> Finding {
    let [finding] = findings(rule, facts).try_into().unwrap();
    finding
}

/// What a rule concludes about an account.
pub(crate) fn verdicts(rule: &'static Rule, facts: &Facts) -> Vec<Verdict> {
    findings(rule, facts).into_iter().map(|finding| finding.verdict).collect()
}

/// What a rule finds in an organization.
pub(crate) fn in_organization(
    rule: &'static Rule,
    facts: &OrganizationFacts,
    parameters: &Parameters,
) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut findings =
        Findings { rule, account: &facts.management_account, account_name: None, found: &mut found };
    let Judge::Organization(judge) = rule.judge else { unreachable!("a rule about organizations") };
    judge(facts, parameters, &mut findings);
    found
}
