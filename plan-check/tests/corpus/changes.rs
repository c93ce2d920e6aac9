//! Changes that weaken evidence, each by the condition that `reconciler::evidence` lists, and the same changes backwards.

use std::collections::BTreeSet;

use baseline::Verdict;
use serde_json::{Value, json};

use super::plan::{Plan, Planned, set, with};
use super::planned::{alicloud, alitrail, policy};

/// What changes, and the conditions that hold.
type Case = (&'static str, &'static str, Value, &'static str);

/// Taken away.
fn gone() -> Value {
    json!("gone")
}

fn allow(principal: &str, action: &str) -> Value {
    policy(&[
        json!({ "Effect": "Allow", "Principal": [principal], "Action": [action], "Resource": ["acs:oss:*:*:archive/*"] }),
    ])
}

fn refuses_everything() -> Value {
    policy(&[
        json!({ "Effect": "Deny", "Principal": ["*"], "Action": ["oss:PutObject"], "Resource": ["acs:oss:*:*:archive/*"] }),
    ])
}

fn cases_of_alitrail() -> Vec<Case> {
    let alert = "alitrail_sls_alert.all";
    vec![
        ("alitrail_trail.audit", "/trail_region", json!("cn-hangzhou"), "trail.regions_narrowed"),
        ("alitrail_trail.audit", "/event_rw", json!("Write"), "trail.event_kinds_narrowed"),
        ("alitrail_trail.audit", "/oss_bucket_name", json!("another"), "trail.bucket_changed"),
        ("alitrail_trail.audit", "/sls_project_arn", json!(null), "trail.project_changed"),
        ("alitrail_trail.audit", "/max_compute_project_arn", json!(null), "trail.max_compute_changed"),
        ("alitrail_trail.audit", "/status", json!("Disable"), "trail.logging_stopped"),
        ("alitrail_trail.audit", "", gone(), "trail.deleted"),
        (
            "alitrail_data_event_selector.oss",
            "/selectors/0/read_write_type",
            json!("Write"),
            "data_events.selectors_narrowed",
        ),
        ("alitrail_data_event_selector.oss", "/selectors", json!([]), "data_events.selectors_narrowed"),
        (
            "alitrail_data_event_selector.oss",
            "/region_ids",
            json!(["cn-hangzhou"]),
            "data_events.regions_narrowed",
        ),
        ("alitrail_data_event_selector.oss", "", gone(), "data_events.deleted"),
        (
            "alitrail_global_events_storage_region.this",
            "/storage_region",
            json!("cn-hangzhou"),
            "global_events.region_changed",
        ),
        ("alitrail_oss_bucket.archive", "", gone(), "bucket.delivery_target_deleted"),
        ("alitrail_oss_bucket.archive", "/acl", json!("public-read"), "bucket.acl_opened"),
        (
            "alitrail_oss_bucket.archive",
            "/block_public_access",
            json!(false),
            "bucket.public_access_unblocked",
        ),
        ("alitrail_oss_bucket.archive", "/versioning", json!("Suspended"), "bucket.versioning_suspended"),
        (
            "alitrail_oss_bucket.archive",
            "/server_side_encryption",
            json!({ "sse_algorithm": "AES256" }),
            "bucket.encryption_weakened",
        ),
        ("alitrail_oss_bucket.archive", "/server_side_encryption", json!(null), "bucket.encryption_weakened"),
        (
            "alitrail_oss_bucket.archive",
            "/https_config/tls_versions",
            json!(["TLSv1.0", "TLSv1.2"]),
            "bucket.tls_lowered",
        ),
        ("alitrail_oss_account_public_access_block.all", "", gone(), "account.public_access_unblocked"),
        (
            "alitrail_oss_account_public_access_block.all",
            "/block_public_access",
            json!(false),
            "account.public_access_unblocked",
        ),
        ("alitrail_oss_bucket_logging.archive", "/target_bucket", json!("other-logs"), "access_log.moved"),
        ("alitrail_oss_bucket_logging.archive", "", gone(), "access_log.stopped"),
        (
            "alitrail_oss_bucket_policy.archive",
            "/policy",
            allow("*", "oss:GetObject"),
            "bucket_policy.public",
        ),
        (
            "alitrail_oss_bucket_policy.archive",
            "/policy",
            allow("2000000000000002", "oss:DeleteObject"),
            "bucket_policy.deletion_allowed",
        ),
        (
            "alitrail_oss_bucket_policy.archive",
            "/policy",
            refuses_everything(),
            "bucket_policy.delivery_denied",
        ),
        ("alitrail_oss_bucket_policy.archive", "", gone(), "bucket_policy.denial_removed"),
        (
            "alitrail_oss_bucket_lifecycle.archive",
            "/rules/archive/expiration/days",
            json!(400),
            "lifecycle.earlier_expiry",
        ),
        ("alitrail_sls_project.events", "", gone(), "project.deleted project.delivery_target_deleted"),
        ("alitrail_sls_project.events", "/recycle_bin_enabled", json!(false), "project.recycle_bin_disabled"),
        ("alitrail_sls_logstore.audit", "/retention_period", json!(180), "logstore.retention_shortened"),
        ("alitrail_sls_logstore.audit", "/enable_web_tracking", json!(true), "logstore.anonymous_writes"),
        ("alitrail_sls_logstore.audit", "/encrypt_conf/enable", json!(false), "logstore.encryption_disabled"),
        ("alitrail_sls_logstore.audit", "/append_meta", json!(false), "logstore.sender_dropped"),
        ("alitrail_sls_logstore.audit", "/mode", json!("query"), "logstore.mode_reduced"),
        ("alitrail_sls_logstore.audit", "", gone(), "logstore.deleted"),
        ("alitrail_sls_index.audit", "/full_text", json!(null), "index.full_text_removed"),
        (
            "alitrail_sls_index.audit",
            "/field_search",
            json!({ "user": { "type": "text", "enable_analytics": true } }),
            "index.fields_removed",
        ),
        ("alitrail_sls_index.audit", "/field_search/event/json_keys", json!({}), "index.fields_reduced"),
        ("alitrail_sls_index.audit", "", gone(), "index.deleted"),
        (alert, "/status", json!("DISABLED"), "alert.disabled"),
        (alert, "", gone(), "alert.deleted"),
        (alert, "/configuration/mute_until", json!(1_893_456_000), "alert.muted"),
        (alert, "/schedule/interval", json!("1h"), "alert.schedule_changed"),
        (alert, "/configuration/query_list/0/query", json!("user: root"), "alert.query_changed"),
        (alert, "/configuration/query_list/0/start", json!("-5m"), "alert.query_changed"),
        (alert, "/configuration/severity_configurations/0/severity", json!(2), "alert.condition_changed"),
        (alert, "/configuration/threshold", json!(5), "alert.condition_changed"),
        (
            alert,
            "/configuration/policy_configuration/repeat_interval",
            json!("1d"),
            "alert.recipients_changed",
        ),
        (alert, "/configuration/sink_alerthub_enabled", json!(false), "alert.recipients_changed"),
        (
            "alitrail_sls_action_policy.team",
            "/primary_policy_script",
            json!("fire()"),
            "recipients.policy_narrowed",
        ),
        ("alitrail_sls_user_group.team", "/members", json!(["alex"]), "recipients.group_narrowed"),
        ("alitrail_sls_user.alex", "/email", json!([]), "recipients.contact_removed"),
        ("alitrail_sls_user.alex", "", gone(), "recipients.deleted"),
        (
            "alitrail_delivery_role.delivery",
            "/trusted_account_id",
            json!("1000000000000009"),
            "delivery_role.trust_changed",
        ),
        (
            "alitrail_delivery_role.delivery",
            "/sls_project_arn",
            json!(null),
            "delivery_role.permissions_narrowed",
        ),
        ("alitrail_delivery_role.delivery", "", gone(), "delivery_role.deleted"),
        ("alitrail_service_linked_role.actiontrail", "", gone(), "service_linked_role.deleted"),
    ]
}

fn cases_of_alicloud() -> Vec<Case> {
    let (trail, store, alert) =
        ("alicloud_actiontrail_trail.audit", "alicloud_log_store.audit", "alicloud_sls_alert.own");
    vec![
        (trail, "/trail_region", json!("cn-hangzhou"), "trail.regions_narrowed"),
        (trail, "/event_rw", json!("Read"), "trail.event_kinds_narrowed"),
        (trail, "/oss_bucket_name", json!("another"), "trail.bucket_changed"),
        (trail, "/sls_project_arn", json!(""), "trail.project_changed"),
        (trail, "/status", json!("Disable"), "trail.logging_stopped"),
        (trail, "", gone(), "trail.deleted"),
        (trail, "/event_selectors", json!(""), "data_events.selectors_narrowed"),
        (trail, "/data_event_trail_region", json!("cn-hangzhou"), "data_events.regions_narrowed"),
        (
            "alicloud_actiontrail_global_events_storage_region.this",
            "/storage_region",
            json!("cn-hangzhou"),
            "global_events.region_changed",
        ),
        ("alicloud_oss_bucket.archive", "", gone(), "bucket.delivery_target_deleted"),
        ("alicloud_oss_bucket_acl.archive", "/acl", json!("public-read-write"), "bucket.acl_opened"),
        (
            "alicloud_oss_bucket_public_access_block.archive",
            "/block_public_access",
            json!(false),
            "bucket.public_access_unblocked",
        ),
        ("alicloud_oss_bucket_public_access_block.archive", "", gone(), "bucket.public_access_unblocked"),
        (
            "alicloud_oss_bucket_versioning.archive",
            "/status",
            json!("Suspended"),
            "bucket.versioning_suspended",
        ),
        (
            "alicloud_oss_bucket_server_side_encryption.archive",
            "/kms_master_key_id",
            json!(""),
            "bucket.encryption_weakened",
        ),
        ("alicloud_oss_bucket_server_side_encryption.archive", "", gone(), "bucket.encryption_weakened"),
        ("alicloud_oss_bucket_https_config.archive", "/enable", json!(false), "bucket.tls_lowered"),
        ("alicloud_oss_account_public_access_block.all", "", gone(), "account.public_access_unblocked"),
        ("alicloud_oss_bucket_logging.archive", "/target_bucket", json!("other-logs"), "access_log.moved"),
        ("alicloud_oss_bucket_logging.archive", "", gone(), "access_log.stopped"),
        (
            "alicloud_oss_bucket_policy.archive",
            "/policy",
            allow("*", "oss:GetObject"),
            "bucket_policy.public",
        ),
        (
            "alicloud_oss_bucket_policy.archive",
            "/policy",
            allow("2000000000000002", "oss:*"),
            "bucket_policy.deletion_allowed",
        ),
        ("alicloud_oss_bucket_policy.archive", "", gone(), "bucket_policy.denial_removed"),
        (
            "alicloud_oss_bucket.archive",
            "/lifecycle_rule/0/expiration",
            json!([{ "days": 400 }]),
            "lifecycle.earlier_expiry",
        ),
        (
            "alicloud_oss_bucket.archive",
            "/lifecycle_rule/0/noncurrent_version_expiration",
            json!([{ "days": 400 }]),
            "lifecycle.earlier_expiry",
        ),
        ("alicloud_log_project.events", "", gone(), "project.deleted project.delivery_target_deleted"),
        (store, "/retention_period", json!(30), "logstore.retention_shortened"),
        (store, "/enable_web_tracking", json!(true), "logstore.anonymous_writes"),
        (store, "/encrypt_conf/0/enable", json!(false), "logstore.encryption_disabled"),
        (store, "/append_meta", json!(false), "logstore.sender_dropped"),
        (store, "/mode", json!("lite"), "logstore.mode_reduced"),
        (store, "", gone(), "logstore.deleted"),
        ("alicloud_log_store_index.audit", "/full_text", json!([]), "index.full_text_removed"),
        (
            "alicloud_log_store_index.audit",
            "/field_search/1",
            json!({ "name": "other", "type": "text" }),
            "index.fields_removed",
        ),
        ("alicloud_log_store_index.audit", "/field_search/0/json_keys", json!([]), "index.fields_reduced"),
        ("alicloud_log_store_index.audit", "", gone(), "index.deleted"),
        (alert, "/status", json!("DISABLED"), "alert.disabled"),
        (alert, "", gone(), "alert.deleted"),
        (alert, "/schedule/0/interval", json!("1h"), "alert.schedule_changed"),
        (alert, "/configuration/0/query_list/0/query", json!("user: root"), "alert.query_changed"),
        (alert, "/configuration/0/threshold", json!(5), "alert.condition_changed"),
        (alert, "/configuration/0/sink_alerthub/0/enabled", json!(false), "alert.recipients_changed"),
        ("alicloud_log_alert.all", "", gone(), "alert.deleted"),
        ("alicloud_log_alert.all", "/mute_until", json!(1_893_456_000), "alert.muted"),
        ("alicloud_log_alert.all", "/query_list/0/query", json!("user: root"), "alert.query_changed"),
    ]
}

fn changed(planned: &Planned, address: &str, pointer: &str, value: &Value) -> Planned {
    let mut changed = planned.clone();
    if *value == gone() {
        changed.remove(address);
    } else {
        set(&mut changed, address, pointer, value.clone());
    }
    changed
}

/// The conditions that a plan brings about, without the rules about what there will be.
fn conditions(plan: &Plan) -> String {
    let all = with(&plan.check(), &[Verdict::Fail, Verdict::Unknown]);
    all.into_iter().filter(|rule| rule.contains('.')).collect::<Vec<_>>().join(" ")
}

#[test]
fn each_change_is_told_and_nothing_else() {
    for (planned, cases) in [(alitrail(), cases_of_alitrail()), (alicloud(), cases_of_alicloud())] {
        assert_eq!(conditions(&Plan::change(&planned, &planned)), "");
        for (address, pointer, value, expected) in cases {
            let after = changed(&planned, address, pointer, &value);
            assert_eq!(conditions(&Plan::change(&planned, &after)), expected, "{address}{pointer} = {value}");
        }
    }
}

/// Changes whose opposite weakens something else: another place is no better or worse than the first.
const BOTH_WAYS: [&str; 7] = [
    "trail.bucket_changed",
    "global_events.region_changed",
    "access_log.moved",
    "alert.query_changed",
    "alert.condition_changed",
    "delivery_role.trust_changed",
    "recipients.policy_narrowed",
];

#[test]
fn the_opposite_of_each_change_is_not_told() {
    for (planned, cases) in [(alitrail(), cases_of_alitrail()), (alicloud(), cases_of_alicloud())] {
        for (address, pointer, value, expected) in cases {
            // A field of an index that comes and one that goes are one change; a denial less is told, whatever it denied.
            if BOTH_WAYS.contains(&expected) || ["bucket_policy.delivery_denied"].contains(&expected) {
                continue;
            }
            if pointer == "/field_search/1" {
                continue;
            }
            let before = changed(&planned, address, pointer, &value);
            assert_eq!(conditions(&Plan::change(&before, &planned)), "", "{address}{pointer} = {value}");
        }
    }
}

#[test]
fn every_condition_of_the_list_is_brought_about() {
    let mut told: BTreeSet<String> = BTreeSet::new();
    for (.., conditions) in cases_of_alitrail().into_iter().chain(cases_of_alicloud()) {
        told.extend(conditions.split(' ').map(str::to_owned));
    }
    // These take more than one value, and have tests of their own below.
    told.extend(
        ["objects.deleted", "worm.removed", "worm.shortened", "lifecycle.first_early_expiry"]
            .map(str::to_owned),
    );
    let listed: BTreeSet<String> =
        reconciler::evidence::conditions().into_iter().map(|condition| condition.id.to_owned()).collect();
    assert_eq!(told, listed);
}

#[test]
fn a_bucket_with_force_destroy_takes_its_objects_with_it() {
    for (mut planned, address) in
        [(alitrail(), "alitrail_oss_bucket.archive"), (alicloud(), "alicloud_oss_bucket.archive")]
    {
        set(&mut planned, address, "/force_destroy", json!(true));
        let after = changed(&planned, address, "", &gone());
        assert_eq!(
            conditions(&Plan::change(&planned, &after)),
            "bucket.delivery_target_deleted objects.deleted"
        );
    }
}

#[test]
fn a_retention_policy_that_is_not_locked_can_be_lost() {
    for (mut planned, address) in
        [(alitrail(), "alitrail_oss_bucket_worm.archive"), (alicloud(), "alicloud_oss_bucket_worm.archive")]
    {
        // A locked one is kept by the service.
        assert_eq!(conditions(&Plan::change(&planned, &changed(&planned, address, "", &gone()))), "");
        set(&mut planned, address, "/status", json!("InProgress"));
        assert_eq!(
            conditions(&Plan::change(&planned, &changed(&planned, address, "", &gone()))),
            "worm.removed"
        );
        let shorter = changed(&planned, address, "/retention_period_in_days", &json!(30));
        assert_eq!(conditions(&Plan::change(&planned, &shorter)), "worm.shortened");
        assert_eq!(conditions(&Plan::change(&shorter, &planned)), "");
    }
}

#[test]
fn the_first_rules_of_a_bucket_are_told_if_they_delete_early() {
    let planned = alitrail();
    let without = changed(&planned, "alitrail_oss_bucket_lifecycle.archive", "", &gone());
    assert_eq!(conditions(&Plan::change(&without, &planned)), "");
    let early = changed(
        &planned,
        "alitrail_oss_bucket_lifecycle.archive",
        "/rules/archive/expiration/days",
        &json!(100),
    );
    assert_eq!(conditions(&Plan::change(&without, &early)), "lifecycle.first_early_expiry");
    let (planned, pointer) = (alicloud(), "/lifecycle_rule");
    let without = changed(&planned, "alicloud_oss_bucket.archive", pointer, &json!([]));
    let early = changed(
        &planned,
        "alicloud_oss_bucket.archive",
        "/lifecycle_rule/0/expiration",
        &json!([{ "days": 100 }]),
    );
    assert_eq!(conditions(&Plan::change(&without, &early)), "lifecycle.first_early_expiry");
}

#[test]
fn destroying_everything_is_told_object_by_object() {
    let plan = Plan { before: alicloud(), ..Plan::default() };
    let told = conditions(&plan);
    for condition in [
        "trail.deleted",
        "bucket.delivery_target_deleted",
        "project.deleted",
        "logstore.deleted",
        "alert.deleted",
    ] {
        assert!(told.split(' ').any(|one| one == condition), "{condition}: {told}");
    }
}

#[test]
fn what_is_forgotten_stays_and_what_is_made_again_does_not() {
    let planned = alicloud();
    let forgotten =
        vec!["alicloud_actiontrail_trail.audit".to_owned(), "alicloud_log_store.audit".to_owned()];
    let after: Planned =
        planned.clone().into_iter().filter(|(address, _)| !forgotten.contains(address)).collect();
    assert_eq!(conditions(&Plan { forgotten, ..Plan::change(&planned, &after) }), "");
    let replaced = vec!["alicloud_log_store.audit".to_owned(), "alicloud_actiontrail_trail.audit".to_owned()];
    assert_eq!(
        conditions(&Plan { replaced, ..Plan::change(&planned, &planned) }),
        "logstore.deleted trail.deleted"
    );
}

#[test]
fn one_that_takes_the_place_of_a_forgotten_one_is_judged_and_takes_nothing_away() {
    let planned = alicloud();
    let stopped = changed(&planned, "alicloud_actiontrail_trail.audit", "/status", &json!("Disable"));
    let mut plan = Plan::change(&planned, &stopped).json();
    for change in plan["resource_changes"].as_array_mut().unwrap() {
        if change["type"] == "alicloud_actiontrail_trail" {
            change["change"]["actions"] = json!(["create", "forget"]);
        }
    }
    assert_eq!(with(&super::plan::check(&plan, false), &[Verdict::Fail]), ["AT-01", "AT-04"]);
}

#[test]
fn a_setting_that_moves_to_a_resource_of_its_own_is_no_change() {
    let separate = alicloud();
    let mut inline = separate.clone();
    for (address, attribute, value) in [
        ("alicloud_oss_bucket_versioning.archive", "/versioning", json!([{ "status": "Enabled" }])),
        (
            "alicloud_oss_bucket_server_side_encryption.archive",
            "/server_side_encryption_rule",
            json!([{ "sse_algorithm": "KMS", "kms_master_key_id": "key-1" }]),
        ),
        ("alicloud_oss_bucket_logging.archive", "/logging", json!([{ "target_bucket": "access-logs" }])),
        ("alicloud_oss_bucket_policy.archive", "/policy", policy(&[])),
    ] {
        inline.remove(address);
        set(&mut inline, "alicloud_oss_bucket.archive", attribute, value);
    }
    assert_eq!(conditions(&Plan::change(&inline, &separate)), "");
    assert_eq!(conditions(&Plan::change(&inline, &inline)), "");
    let bare = changed(&inline, "alicloud_oss_bucket.archive", "/versioning", &json!([]));
    assert_eq!(conditions(&Plan::change(&inline, &bare)), "bucket.versioning_suspended");
}

#[test]
fn a_trail_that_did_not_log_has_nothing_to_lose() {
    let stopped = changed(&alicloud(), "alicloud_actiontrail_trail.audit", "/status", &json!("Fresh"));
    let after = changed(&stopped, "alicloud_actiontrail_trail.audit", "", &gone());
    assert_eq!(conditions(&Plan::change(&stopped, &after)), "");
}

#[test]
fn what_is_not_known_yet_is_unknown() {
    let planned = alicloud();
    for (address, attribute, condition) in [
        ("alicloud_actiontrail_trail.audit", "oss_bucket_name", "trail.bucket_changed"),
        ("alicloud_actiontrail_trail.audit", "status", "trail.logging_stopped"),
        ("alicloud_log_store.audit", "retention_period", "logstore.retention_shortened"),
        ("alicloud_oss_bucket_policy.archive", "policy", "bucket_policy.denial_removed"),
        ("alicloud_oss_bucket_versioning.archive", "status", "bucket.versioning_suspended"),
    ] {
        let mut after = planned.clone();
        after.get_mut(address).unwrap().as_object_mut().unwrap().remove(attribute);
        let mut plan = Plan::change(&planned, &after);
        plan.unknown.insert(address.into(), json!({ attribute: true }));
        plan.expressions.insert(address.into(), json!({ attribute: { "references": ["var.x"] } }));
        let unknown = with(&plan.check(), &[Verdict::Unknown]);
        assert!(unknown.iter().any(|rule| rule == condition), "{address}.{attribute}: {unknown:?}");
        assert_eq!(with(&plan.check(), &[Verdict::Fail]), [""; 0], "{address}.{attribute}");
    }
}
