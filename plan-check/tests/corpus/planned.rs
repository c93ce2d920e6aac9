//! Configurations in which nothing is wrong, in the words of either provider.

use serde_json::{Value, json};

use super::plan::Planned;

pub(crate) const ACCOUNT: &str = "1234567890123456";
const PROJECT: &str = "acs:log:cn-hangzhou:1234567890123456:project/events";
const QUERY: &str = "* | select count(1) as cnt";

fn deny(action: &str, condition: Value) -> Value {
    json!({ "Effect": "Deny", "Action": [action], "Principal": ["*"],
        "Resource": ["acs:oss:*:*:archive", "acs:oss:*:*:archive/*"], "Condition": condition })
}

pub(crate) fn policy(more: &[Value]) -> Value {
    let mut statements = vec![
        deny("oss:*", json!({ "Bool": { "acs:SecureTransport": ["false"] } })),
        deny(
            "oss:Delete*",
            json!({ "StringNotLike": { "acs:PrincipalARN": ["acs:ram::1234567890123456:role/break-glass"] } }),
        ),
    ];
    statements.extend_from_slice(more);
    json!(json!({ "Version": "1", "Statement": statements }).to_string())
}

fn named(resources: &[(&str, Value)]) -> Planned {
    resources.iter().map(|(address, values)| ((*address).to_owned(), values.clone())).collect()
}

/// In the words of `alitrail`.
pub(crate) fn alitrail() -> Planned {
    let place = |mut values: Value| {
        values["account_id"] = json!(ACCOUNT);
        values["region"] = json!("cn-hangzhou");
        values
    };
    named(&[
        (
            "alitrail_trail.audit",
            place(
                json!({ "trail_name": "audit", "oss_bucket_name": "archive", "sls_project_arn": PROJECT, "event_rw": "All",
                "trail_region": "All", "status": "Enable", "is_organization_trail": false, "oss_key_prefix": null,
                "oss_write_role_arn": "acs:ram::1234567890123456:role/delivery", "sls_write_role_arn": null,
                "max_compute_project_arn": "acs:odps:cn-hangzhou:1234567890123456:projects/actiontrail_a" }),
            ),
        ),
        (
            "alitrail_oss_bucket.archive",
            place(
                json!({ "bucket": "archive", "acl": "private", "block_public_access": true, "versioning": "Enabled",
                "server_side_encryption": { "sse_algorithm": "KMS", "kms_master_key_id": "key-1" }, "owner": ACCOUNT,
                "https_config": { "tls_versions": ["TLSv1.2", "TLSv1.3"] }, "force_destroy": false }),
            ),
        ),
        ("alitrail_oss_bucket_policy.archive", place(json!({ "bucket": "archive", "policy": policy(&[]) }))),
        (
            "alitrail_oss_bucket_logging.archive",
            place(json!({ "bucket": "archive", "target_bucket": "access-logs", "target_prefix": null })),
        ),
        (
            "alitrail_oss_bucket_worm.archive",
            place(json!({ "bucket": "archive", "retention_period_in_days": 365, "status": "Locked" })),
        ),
        (
            "alitrail_oss_bucket_lifecycle.archive",
            place(json!({ "bucket": "archive", "rules": {
                "archive": { "prefix": "AliyunLogs/", "status": "Enabled", "expiration": { "days": 730 },
                    "noncurrent_version_expiration": { "days": 730 }, "transitions": { "IA": { "days": 30 }, "Archive": { "days": 90 } } },
                "uploads": { "prefix": null, "status": "Enabled", "abort_multipart_upload": { "days": 7 } },
            } })),
        ),
        (
            "alitrail_sls_project.events",
            place(json!({ "project_name": "events", "recycle_bin_enabled": true, "force_destroy": true })),
        ),
        (
            "alitrail_sls_logstore.audit",
            place(
                json!({ "project_name": "events", "logstore_name": "actiontrail_audit", "retention_period": 365, "hot_ttl": 30,
                "infrequent_access_ttl": null, "append_meta": true, "mode": "standard", "enable_web_tracking": false,
                "encrypt_conf": { "enable": true, "encrypt_type": "default" }, "adopted": false, "force_destroy": false }),
            ),
        ),
        (
            "alitrail_sls_index.audit",
            place(
                json!({ "project_name": "events", "logstore_name": "actiontrail_audit", "full_text": { "case_sensitive": false },
                "field_search": {
                    "event": { "type": "json", "enable_analytics": true, "index_all": true,
                        "json_keys": { "eventName": { "type": "text", "doc_value": true } } },
                    "user": { "type": "text", "enable_analytics": true },
                }, "adopted": false }),
            ),
        ),
        (
            "alitrail_sls_alert.all",
            place(json!({ "project_name": "events", "alert_name": "all", "status": "ENABLED",
                "schedule": { "type": "FixedRate", "interval": "15m" },
                "configuration": {
                    "query_list": [{ "store": "actiontrail_audit", "query": QUERY, "start": "-15m", "end": "now" }],
                    "severity_configurations": [{ "severity": 8, "eval_condition": { "condition": "cnt > 0" } }],
                    "threshold": 1, "mute_until": 0, "no_data_fire": true,
                    "policy_configuration": { "alert_policy_id": "sls.builtin.dynamic", "action_policy_id": "team", "repeat_interval": "1h" },
                    "sink_alerthub_enabled": true, "sink_cms_enabled": true,
                } })),
        ),
        (
            "alitrail_sls_user.alex",
            json!({ "account_id": ACCOUNT, "user_id": "alex", "email": ["alex@example.com"], "phone": null, "enabled": true }),
        ),
        (
            "alitrail_sls_user_group.team",
            json!({ "account_id": ACCOUNT, "user_group_id": "team", "members": ["alex", "billie"], "enabled": true }),
        ),
        (
            "alitrail_sls_action_policy.team",
            json!({ "account_id": ACCOUNT, "action_policy_id": "team", "primary_policy_script": "fire(type=\"email\", users=[\"alex\"])",
                "escalation_enabled": true }),
        ),
        (
            "alitrail_delivery_role.delivery",
            json!({ "account_id": ACCOUNT, "role_name": "delivery", "arn": "acs:ram::1234567890123456:role/delivery",
                "trusted_account_id": ACCOUNT, "oss_bucket_name": "archive", "sls_project_arn": PROJECT, "kms_key_arn": null }),
        ),
        (
            "alitrail_service_linked_role.actiontrail",
            json!({ "account_id": ACCOUNT, "service_name": "actiontrail.aliyuncs.com" }),
        ),
        (
            "alitrail_oss_account_public_access_block.all",
            json!({ "account_id": ACCOUNT, "block_public_access": true }),
        ),
        (
            "alitrail_global_events_storage_region.this",
            json!({ "account_id": ACCOUNT, "storage_region": "ap-southeast-1" }),
        ),
        (
            "alitrail_data_event_selector.oss",
            place(
                json!({ "trail_name": "audit", "all_regions": false, "region_ids": ["cn-hangzhou", "cn-beijing"],
                "selectors": [{ "service_name": "Oss", "read_write_type": "All", "event_name": null, "resource_arn": null }] }),
            ),
        ),
    ])
}

/// In the words of `alicloud`, with the resources of single settings.
pub(crate) fn alicloud() -> Planned {
    named(&[
        (
            "alicloud_actiontrail_trail.audit",
            json!({ "id": "audit", "trail_name": "audit", "name": "audit", "oss_bucket_name": "archive", "oss_key_prefix": "",
                "sls_project_arn": PROJECT, "event_rw": "All", "trail_region": "All", "status": "Enable", "is_organization_trail": false,
                "oss_write_role_arn": "", "sls_write_role_arn": "", "region_id": "cn-hangzhou", "event_selectors":
                "[{\"ServiceName\":\"Oss\"}]", "data_event_trail_region": "cn-hangzhou,cn-beijing", "max_compute_project_arn": "" }),
        ),
        (
            "alicloud_oss_bucket.archive",
            json!({ "id": "archive", "bucket": "archive", "acl": "private", "location": "oss-cn-hangzhou", "owner": ACCOUNT,
                "force_destroy": false, "policy": "", "logging": [], "versioning": [], "server_side_encryption_rule": [],
                "lifecycle_rule": [
                    { "id": "archive", "prefix": "AliyunLogs/", "enabled": true, "expiration": [{ "days": 730, "date": "" }],
                      "noncurrent_version_expiration": [{ "days": 730 }], "abort_multipart_upload": [{ "days": 7 }],
                      "transitions": [{ "days": 30, "storage_class": "IA" }, { "days": 90, "storage_class": "Archive" }], "filter": [] },
                ] }),
        ),
        ("alicloud_oss_bucket_acl.archive", json!({ "bucket": "archive", "acl": "private" })),
        (
            "alicloud_oss_bucket_public_access_block.archive",
            json!({ "bucket": "archive", "block_public_access": true }),
        ),
        ("alicloud_oss_bucket_policy.archive", json!({ "bucket": "archive", "policy": policy(&[]) })),
        (
            "alicloud_oss_bucket_logging.archive",
            json!({ "bucket": "archive", "target_bucket": "access-logs" }),
        ),
        ("alicloud_oss_bucket_versioning.archive", json!({ "bucket": "archive", "status": "Enabled" })),
        (
            "alicloud_oss_bucket_server_side_encryption.archive",
            json!({ "bucket": "archive", "sse_algorithm": "KMS", "kms_master_key_id": "key-1" }),
        ),
        (
            "alicloud_oss_bucket_worm.archive",
            json!({ "bucket": "archive", "retention_period_in_days": 365, "status": "Locked", "worm_id": "W" }),
        ),
        (
            "alicloud_oss_bucket_https_config.archive",
            json!({ "bucket": "archive", "enable": true, "tls_versions": ["TLSv1.2"] }),
        ),
        ("alicloud_oss_account_public_access_block.all", json!({ "block_public_access": true })),
        (
            "alicloud_log_project.events",
            json!({ "id": "events", "project_name": "events", "name": "events" }),
        ),
        (
            "alicloud_log_store.audit",
            json!({ "project_name": "events", "logstore_name": "actiontrail_audit", "retention_period": 365, "hot_ttl": 30,
                "append_meta": true, "mode": "standard", "enable_web_tracking": false,
                "encrypt_conf": [{ "enable": true, "encrypt_type": "default" }] }),
        ),
        (
            "alicloud_log_store_index.audit",
            json!({ "project": "events", "logstore": "actiontrail_audit", "full_text": [{ "case_sensitive": false }],
                "field_search": [
                    { "name": "event", "type": "json", "enable_analytics": true, "json_keys": [{ "name": "eventName", "type": "text", "doc_value": true }] },
                    { "name": "user", "type": "text", "enable_analytics": true, "json_keys": [] },
                ] }),
        ),
        (
            "alicloud_log_alert.all",
            json!({ "project_name": "events", "alert_name": "all", "schedule": [{ "type": "FixedRate", "interval": "15m" }],
                "query_list": [{ "store": "actiontrail_audit", "query": QUERY, "start": "-15m", "end": "now" }],
                "severity_configurations": [{ "severity": 8, "eval_condition": { "condition": "cnt > 0", "count_condition": "" } }],
                "threshold": 1, "mute_until": 0, "no_data_fire": true,
                "policy_configuration": [{ "alert_policy_id": "sls.builtin.dynamic", "action_policy_id": "team", "repeat_interval": "1h" }] }),
        ),
        (
            "alicloud_sls_alert.own",
            json!({ "project_name": "events", "alert_name": "own", "status": "ENABLED", "schedule": [{ "type": "FixedRate", "interval": "15m" }],
                "configuration": [{
                    "query_list": [{ "store": "actiontrail_audit", "query": QUERY, "start": "-15m", "end": "now" }],
                    "severity_configurations": [{ "severity": 8, "eval_condition": [{ "condition": "cnt > 0" }] }],
                    "policy_configuration": [{ "alert_policy_id": "sls.builtin.dynamic", "action_policy_id": "team", "repeat_interval": "1h" }],
                    "sink_alerthub": [{ "enabled": true }], "threshold": 1, "mute_until": 0,
                }] }),
        ),
        (
            "alicloud_actiontrail_global_events_storage_region.this",
            json!({ "id": "GlobalEventsStorageRegion", "storage_region": "ap-southeast-1" }),
        ),
    ])
}
