//! The rules of the audit, over what a plan ends with.

use std::collections::BTreeSet;

use baseline::Verdict;
use serde_json::{Value, json};

use super::plan::{Plan, Planned, check, set, with};
use super::planned::{alicloud, alitrail, policy};

/// What is wrong, and the rule that says so.
type Case = (&'static str, &'static str, Value, &'static str);

/// A policy that refuses nothing.
fn harmless() -> Value {
    json!(
        r#"{"Version":"1","Statement":[{"Effect":"Allow","Principal":["1234567890123456"],"Action":["oss:GetObject"],"Resource":["acs:oss:*:*:archive/*"]}]}"#
    )
}

fn cases_of_alitrail() -> Vec<Case> {
    let open = policy(&[
        json!({ "Effect": "Allow", "Principal": ["*"], "Action": ["oss:GetObject"], "Resource": ["acs:oss:*:*:archive/*"] }),
    ]);
    vec![
        ("alitrail_trail.audit", "/trail_region", json!("cn-hangzhou"), "AT-01 AT-02"),
        ("alitrail_trail.audit", "/event_rw", json!("Write"), "AT-01 AT-03"),
        ("alitrail_trail.audit", "/status", json!("Disable"), "AT-01 AT-04"),
        ("alitrail_trail.audit", "/oss_bucket_name", json!(null), "AT-01 AT-05"),
        ("alitrail_trail.audit", "/sls_project_arn", json!(null), "AT-06 AT-10"),
        ("alitrail_global_events_storage_region.this", "/storage_region", json!("cn-hangzhou"), "AT-08"),
        ("alitrail_delivery_role.delivery", "/oss_bucket_name", json!("another"), "AT-10"),
        ("alitrail_delivery_role.delivery", "/trusted_account_id", json!("1000000000000009"), "AT-10"),
        ("alitrail_oss_bucket.archive", "/acl", json!("public-read"), "OS-01"),
        ("alitrail_oss_bucket_policy.archive", "/policy", open, "OS-01"),
        ("alitrail_oss_bucket_policy.archive", "/policy", harmless(), "OS-02"),
        ("alitrail_oss_bucket_logging.archive", "/target_bucket", json!("archive"), "OS-03"),
        ("alitrail_oss_bucket.archive", "/server_side_encryption", json!(null), "OS-04"),
        ("alitrail_oss_bucket.archive", "/server_side_encryption/kms_master_key_id", json!(null), "OS-04"),
        ("alitrail_oss_bucket.archive", "/versioning", json!("Suspended"), "OS-05"),
        ("alitrail_oss_bucket_lifecycle.archive", "/rules/archive/expiration/days", json!(100), "OS-06"),
        ("alitrail_oss_bucket_lifecycle.archive", "/rules/archive/transitions/IA/days", json!(120), "OS-07"),
        ("alitrail_oss_bucket_worm.archive", "/status", json!("InProgress"), "OS-08"),
        ("alitrail_oss_bucket_worm.archive", "/retention_period_in_days", json!(90), "OS-08"),
        ("alitrail_sls_logstore.audit", "/retention_period", json!(90), "SL-01"),
        (
            "alitrail_sls_index.audit",
            "",
            json!({ "project_name": "events", "logstore_name": "actiontrail_audit", "full_text": null, "field_search": null }),
            "SL-02",
        ),
        ("alitrail_sls_logstore.audit", "/encrypt_conf", json!(null), "SL-03"),
    ]
}

fn cases_of_alicloud() -> Vec<Case> {
    vec![
        ("alicloud_actiontrail_trail.audit", "/trail_region", json!("cn-hangzhou"), "AT-01 AT-02"),
        ("alicloud_actiontrail_trail.audit", "/event_rw", json!("Write"), "AT-01 AT-03"),
        ("alicloud_actiontrail_trail.audit", "/status", json!("Fresh"), "AT-01 AT-04"),
        ("alicloud_actiontrail_trail.audit", "/status", json!("Disable"), "AT-01 AT-04"),
        ("alicloud_actiontrail_trail.audit", "/oss_bucket_name", json!(""), "AT-01 AT-05"),
        ("alicloud_actiontrail_trail.audit", "/sls_project_arn", json!(""), "AT-06"),
        (
            "alicloud_actiontrail_global_events_storage_region.this",
            "/storage_region",
            json!("cn-hangzhou"),
            "AT-08",
        ),
        ("alicloud_oss_bucket_acl.archive", "/acl", json!("public-read-write"), "OS-01"),
        ("alicloud_oss_bucket_public_access_block.archive", "/block_public_access", json!(false), ""),
        ("alicloud_oss_bucket_policy.archive", "/policy", harmless(), "OS-02"),
        ("alicloud_oss_bucket_logging.archive", "/target_bucket", json!("archive"), "OS-03"),
        ("alicloud_oss_bucket_server_side_encryption.archive", "/kms_master_key_id", json!(""), "OS-04"),
        ("alicloud_oss_bucket_versioning.archive", "/status", json!("Suspended"), "OS-05"),
        ("alicloud_oss_bucket.archive", "/lifecycle_rule/0/expiration", json!([{ "days": 100 }]), "OS-06"),
        (
            "alicloud_oss_bucket.archive",
            "/lifecycle_rule/0/expiration",
            json!([{ "days": 0, "date": "2026-11-01" }]),
            "OS-06",
        ),
        ("alicloud_oss_bucket.archive", "/lifecycle_rule/0/abort_multipart_upload", json!([]), "OS-07"),
        ("alicloud_oss_bucket_worm.archive", "/retention_period_in_days", json!(30), "OS-08"),
        ("alicloud_log_store.audit", "/retention_period", json!(30), "SL-01"),
        (
            "alicloud_log_store_index.audit",
            "",
            json!({ "project": "events", "logstore": "actiontrail_audit", "full_text": [], "field_search": [] }),
            "SL-02",
        ),
        ("alicloud_log_store.audit", "/encrypt_conf", json!([]), "SL-03"),
    ]
}

/// The rules that fail, sorted and joined.
fn failing(planned: &Planned) -> String {
    with(&Plan::create(planned).check(), &[Verdict::Fail]).join(" ")
}

#[test]
fn nothing_is_wrong_with_either_configuration() {
    for planned in [alitrail(), alicloud()] {
        let findings = Plan::create(&planned).check();
        let bad: Vec<&String> = findings
            .iter()
            .filter(|finding| finding.verdict != Verdict::Pass)
            .map(|finding| &finding.message)
            .collect();
        assert_eq!(bad, [""; 0]);
        assert!(findings.len() > 12, "{}", findings.len());
    }
}

#[test]
fn each_fault_is_found_and_nothing_else() {
    for (planned, cases) in [(alitrail(), cases_of_alitrail()), (alicloud(), cases_of_alicloud())] {
        for (address, pointer, value, expected) in cases {
            let mut broken = planned.clone();
            set(&mut broken, address, pointer, value.clone());
            assert_eq!(failing(&broken), expected, "{address}{pointer} = {value}");
            // What is there already is judged like what is planned.
            let kept = Plan::change(&broken, &broken);
            assert_eq!(
                with(&kept.check(), &[Verdict::Fail]).join(" "),
                expected,
                "{address}{pointer} = {value}"
            );
        }
    }
}

/// The rules that no plan can fail: what was delivered, what the service found, and what belongs to an organization.
const NOT_OF_PLANS: [&str; 9] =
    ["AT-07", "AT-11", "EX-01", "OR-01", "OR-02", "OR-03", "OS-09", "SL-06", "SL-07"];

#[test]
fn every_rule_fails_in_some_case_and_passes_in_another() {
    let mut failed: BTreeSet<String> = BTreeSet::new();
    for (_, _, _, rules) in cases_of_alitrail().into_iter().chain(cases_of_alicloud()) {
        failed.extend(rules.split(' ').map(str::to_owned));
    }
    let mut twice = alitrail();
    twice.insert("alitrail_trail.second".into(), {
        let mut second = twice["alitrail_trail.audit"].clone();
        second["trail_name"] = json!("second");
        second
    });
    failed.extend(with(&Plan::create(&twice).check(), &[Verdict::Fail]));
    let mut silent = alitrail();
    silent.remove("alitrail_sls_alert.all");
    failed.extend(with(&check(&Plan::create(&silent).json(), true), &[Verdict::Fail]));
    let passed = with(&Plan::create(&alitrail()).check(), &[Verdict::Pass]);
    for rule in baseline::rules() {
        let is_of_plans = !NOT_OF_PLANS.contains(&rule.id);
        assert_eq!(failed.contains(rule.id), is_of_plans, "{} fails", rule.id);
        assert!(!is_of_plans || passed.iter().any(|id| id == rule.id), "{} passes", rule.id);
    }
}

#[test]
fn what_is_missing_is_missing_only_where_everything_is_expected() {
    let nothing = Plan::default().json();
    assert_eq!(check(&nothing, false), []);
    assert_eq!(with(&check(&nothing, true), &[Verdict::Fail]), ["AT-01"]);
    let mut silent = alitrail();
    silent.remove("alitrail_sls_alert.all");
    let plan = Plan::create(&silent).json();
    assert_eq!(with(&check(&plan, false), &[Verdict::Fail]), [""; 0]);
    assert_eq!(with(&check(&plan, true), &[Verdict::Fail]), ["SL-04", "SL-05"]);
    assert_eq!(with(&check(&plan, true), &[Verdict::Unknown]), ["OR-01", "OR-02", "OR-03"]);
}

#[test]
fn a_trail_that_delivers_elsewhere_is_judged_and_its_destinations_are_not() {
    let planned: Planned =
        alitrail().into_iter().filter(|(address, _)| address == "alitrail_trail.audit").collect();
    let findings = Plan::create(&planned).check();
    assert_eq!(with(&findings, &[Verdict::Fail, Verdict::Unknown]), [""; 0]);
    assert_eq!(
        with(&findings, &[Verdict::Pass]),
        ["AT-01", "AT-02", "AT-03", "AT-04", "AT-05", "AT-06", "AT-09", "AT-10"]
    );
    let all = check(&Plan::create(&planned).json(), true);
    assert!(with(&all, &[Verdict::Unknown]).contains(&"OS-01".to_owned()));
}

#[test]
fn an_archive_and_a_logstore_are_judged_without_their_trail() {
    let mut planned = alitrail();
    planned.retain(|address, _| address.contains("bucket.archive") || address.contains("logstore"));
    assert_eq!(failing(&planned), "OS-02 OS-03 OS-06 OS-07 OS-08".replace("OS-06 ", ""));
    set(&mut planned, "alitrail_oss_bucket.archive", "/acl", json!("public-read"));
    set(&mut planned, "alitrail_sls_logstore.audit", "/retention_period", json!(30));
    assert_eq!(failing(&planned), "OS-01 OS-02 OS-03 OS-07 OS-08 SL-01");
    // Buckets of alicloud serve any purpose.
    let website: Planned =
        [("alicloud_oss_bucket.site".to_owned(), json!({ "bucket": "site", "acl": "public-read" }))].into();
    assert_eq!(failing(&website), "");
}

#[test]
fn a_trail_of_alicloud_without_status_does_not_log() {
    let mut planned = alicloud();
    for attribute in ["status", "event_rw", "trail_region"] {
        planned
            .get_mut("alicloud_actiontrail_trail.audit")
            .unwrap()
            .as_object_mut()
            .unwrap()
            .remove(attribute);
    }
    let mut plan = Plan::create(&planned);
    plan.unknown.insert(
        "alicloud_actiontrail_trail.audit".into(),
        json!({ "status": true, "event_rw": true, "trail_region": true, "id": true }),
    );
    let findings = plan.check();
    assert_eq!(with(&findings, &[Verdict::Fail]), ["AT-01", "AT-04"]);
    // Which events a new trail records is told in two ways.
    assert_eq!(with(&findings, &[Verdict::Unknown]), ["AT-03"]);
    let found = findings.iter().find(|finding| finding.rule == "AT-04").unwrap();
    assert!(
        found
            .message
            .starts_with("alicloud_actiontrail_trail.audit: Trail audit was created, but never started"),
        "{}",
        found.message
    );
    assert_eq!(found.location.as_ref().unwrap().file, "plan.json");
    assert!(found.remedy.as_ref().unwrap().starts_with("Write status = \"Enable\""), "{found:?}");
}

#[test]
fn accounts_are_told_apart_by_their_provider_blocks() {
    let mut plan = Plan::create(&alicloud()).json();
    let resources = plan["planned_values"]["root_module"]["resources"].as_array().unwrap();
    let trail = resources.iter().find(|resource| resource["type"] == "alicloud_actiontrail_trail");
    let mut second = trail.unwrap().clone();
    second["address"] = json!("alicloud_actiontrail_trail.other");
    second["name"] = json!("other");
    second["values"]["trail_name"] = json!("other");
    second["values"]["status"] = json!("Disable");
    plan["planned_values"]["root_module"]["resources"].as_array_mut().unwrap().push(second);
    // As a second trail of the same account, a stopped one is nobody's fault.
    assert_eq!(with(&check(&plan, false), &[Verdict::Fail]), [""; 0]);
    plan["configuration"]["root_module"]["resources"].as_array_mut().unwrap().push(json!({
        "address": "alicloud_actiontrail_trail.other", "mode": "managed", "type": "alicloud_actiontrail_trail", "name": "other",
        "provider_config_key": "alicloud.prod", "expressions": {},
    }));
    let findings = check(&plan, false);
    assert_eq!(with(&findings, &[Verdict::Fail]), ["AT-01", "AT-04"]);
    assert!(
        findings
            .iter()
            .filter(|finding| finding.verdict == Verdict::Fail)
            .all(|finding| finding.account == "alicloud.prod")
    );
}
