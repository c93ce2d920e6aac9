//! What each resource needs to be there, besides the attribute that is tried.

use serde_json::{Value, json};

use super::merge;
use crate::Cloud;

/// An attribute tried in one of the two ways.
#[derive(Clone, Copy)]
pub struct AttributeTest<'t> {
    /// Name of the instance in the configuration.
    pub label: &'t str,
    /// The region in which its objects are.
    pub region: &'t str,
    /// Names from the top of the resource to the attribute; empty when none is tried.
    pub path: &'t [&'static str],
    /// Whether the configuration sets it.
    pub set: bool,
}

impl AttributeTest<'_> {
    /// A name for its objects in the cloud.
    fn name(&self) -> String {
        // Trails have at most 36 characters, and what differs is at both ends.
        let name = format!("drift-{}", self.label.replace('_', "-"));
        if name.len() <= 36 { name } else { format!("{}{}", &name[..24], &name[name.len() - 12..]) }
    }
}

/// Configuration that a try needs besides the attribute itself: the resources around it, and its own attributes.
///
/// # Panics
/// For a resource that has no base configuration here.
pub fn base(resource: &str, try_: &AttributeTest<'_>) -> (Value, Value) {
    let AttributeTest { label, region, path, set } = *try_;
    let name = try_.name();
    match resource {
        "alitrail_data_event_selector" => {
            let around = json!({
                "alitrail_sls_project": {label: {"project_name": name, "region": region}},
                "alitrail_trail": {label: {"trail_name": name, "region": region,
                    "sls_project_arn": format!("${{alitrail_sls_project.{label}.arn}}")}},
            });
            let trail = format!("${{alitrail_trail.{label}.trail_name}}");
            let selectors = json!([{"service_name": "Cms"}]);
            (around, json!({"trail_name": trail, "region": region, "selectors": selectors}))
        }
        "alitrail_global_events_storage_region" | "alitrail_service_linked_role" => (json!({}), json!({})),
        "alitrail_history_delivery_job" => {
            let around = json!({
                "alitrail_sls_project": {label: {"project_name": name, "region": region}},
                "alitrail_trail": {label: {"trail_name": name, "region": region,
                    "sls_project_arn": format!("${{alitrail_sls_project.{label}.arn}}")}},
            });
            let trail = format!("${{alitrail_trail.{label}.trail_name}}");
            (around, json!({"trail_name": trail, "region": region}))
        }
        "alitrail_delivery_role" => {
            let mut own = json!({"role_name": name, "trusted_account_id": "1000000000000009"});
            if path != ["sls_project_arn"] || !set {
                own["oss_bucket_name"] = json!("audit-archive");
            }
            (json!({}), own)
        }
        "alitrail_oss_account_public_access_block" => (json!({}), json!({})),
        "alitrail_oss_bucket" => (json!({}), json!({"bucket": name})),
        setting if setting.starts_with("alitrail_oss_bucket_") => {
            let mut buckets = json!({label: {"bucket": name}});
            let mut own = json!({"bucket": format!("${{alitrail_oss_bucket.{label}.bucket}}")});
            match setting {
                "alitrail_oss_bucket_logging" => {
                    for target in ["access-logs-one", "access-logs-two"] {
                        buckets[target] = json!({"bucket": target});
                    }
                    own["target_bucket"] = json!("access-logs-one");
                    own["depends_on"] = json!(["alitrail_oss_bucket.access-logs-one"]);
                }
                "alitrail_oss_bucket_worm" => {
                    let consent = name.as_str();
                    let state = if path == ["status"] { "Locked" } else { "InProgress" };
                    merge(
                        &mut own,
                        &json!({"retention_period_in_days": 30, "status": state, "lock_consent": consent}),
                    );
                }
                _ => {}
            }
            (json!({ "alitrail_oss_bucket": buckets }), own)
        }
        "alitrail_sls_action_policy" => {
            let script = "fire(type=\"email\", users=[\"a\"], template_id=\"t\", period=\"any\")";
            let mut own = json!({"action_policy_id": name, "action_policy_name": "Actions",
                "primary_policy_script": script});
            let first = path.first().copied().unwrap_or_default();
            if first.starts_with("escalation") && first.ends_with("enabled") && set {
                own["secondary_policy_script"] = json!(script);
                own[first.replace("enabled", "timeout")] = json!("30m");
            }
            (json!({}), own)
        }
        "alitrail_sls_dashboard" => {
            let project = format!("${{alitrail_sls_project.{label}.project_name}}");
            let own =
                json!({"project_name": project, "dashboard_name": "overview", "detail": "{\"charts\":[]}"});
            (json!({"alitrail_sls_project": {label: {"project_name": name}}}), own)
        }
        "alitrail_sls_project" => (json!({}), json!({"project_name": name})),
        "alitrail_sls_user" => {
            // With both ways to reach them, each of which can then be left out.
            let mut own = json!({"user_id": name, "user_name": "Alex"});
            if path != ["email"] {
                own["email"] = json!(["alex@example.com"]);
            }
            if path != ["phone"] && (path != ["country_code"] || set) {
                own["phone"] = json!("13800000000");
            }
            if path != ["country_code"] {
                own["country_code"] = json!("86");
            }
            (json!({}), own)
        }
        "alitrail_sls_user_group" => {
            let own = json!({"user_group_id": name, "user_group_name": "Team", "members": ["alex"]});
            (json!({}), own)
        }
        "alitrail_sls_alert" => {
            let around = json!({"alitrail_sls_project": {"alerts": {"project_name": "drift-alerts"}}});
            let mut own = json!({
                "project_name": "${alitrail_sls_project.alerts.project_name}",
                "alert_name": label,
                "display_name": "Alert",
                "schedule": {"interval": "15m"},
                "configuration": {
                    "query_list": [{"store": "events", "query": "* | select count(1) as cnt", "start": "-15m"}],
                    "severity_configurations": [{"severity": 6}],
                },
            });
            if path == ["configuration"] {
                // What can be left out of a rule depends on what else says what it looks for.
                own["configuration"]["template_configuration"] = json!({"template_id": "sls.base"});
                own["configuration"]["query_list"][0]["store_type"] = json!("meta");
            }
            (around, own)
        }
        "alitrail_sls_index" => {
            let project = format!("${{alitrail_sls_project.{label}.project_name}}");
            let around = json!({
                "alitrail_sls_project": {label: {"project_name": name}},
                "alitrail_sls_logstore": {label: {"project_name": project, "logstore_name": "events"}},
            });
            let store = format!("${{alitrail_sls_logstore.{label}.logstore_name}}");
            let mut own = json!({"project_name": project, "logstore_name": store});
            // Something has to be searchable, besides what is tried.
            let is_full_text = path.first() == Some(&"full_text");
            own[if is_full_text { "field_search" } else { "full_text" }] =
                if is_full_text { json!({"took": {"type": "long"}}) } else { json!({}) };
            (around, own)
        }
        "alitrail_sls_logstore" => {
            let project = format!("${{alitrail_sls_project.{label}.project_name}}");
            let mut own = json!({"project_name": project, "logstore_name": "events"});
            if path == ["infrequent_access_ttl"] {
                // That tier begins where the hot one ends.
                own["hot_ttl"] = json!(30);
            }
            (json!({"alitrail_sls_project": {label: {"project_name": name}}}), own)
        }
        "alitrail_trail" => {
            let mut around = json!({
                "alitrail_oss_bucket": {label: {"bucket": name, "region": region}},
                "alitrail_sls_project": {label: {"project_name": name, "region": region}},
            });
            let bucket = json!(format!("${{alitrail_oss_bucket.{label}.bucket}}"));
            let project = json!(format!("${{alitrail_sls_project.{label}.arn}}"));
            let mut own = json!({"trail_name": name, "region": region});
            match (path, set) {
                // The samples are buckets and projects that have to exist; without one, another destination is needed.
                (["oss_bucket_name"], true) => {
                    around["alitrail_oss_bucket"][label]["bucket"] = json!("audit-archive-one");
                    own["depends_on"] = json!([format!("alitrail_oss_bucket.{label}")]);
                }
                (["sls_project_arn"], true) => {
                    around["alitrail_sls_project"][label]["project_name"] = json!("audit-one");
                    own["depends_on"] = json!([format!("alitrail_sls_project.{label}")]);
                }
                (["oss_bucket_name"], false) => own["sls_project_arn"] = project,
                (["sls_write_role_arn"], true) => own["sls_project_arn"] = project,
                (["max_compute_write_role_arn"], true) => {
                    own["max_compute_project_arn"] =
                        json!("acs:odps:{region}:{account_id}:project/actiontrail_one");
                }
                _ => own["oss_bucket_name"] = bucket,
            }
            (around, own)
        }
        other => panic!("{other} has no base configuration here"),
    }
}

/// Makes the roles that samples name.
///
/// # Panics
/// When the mock does not take them.
pub fn prepare(cloud: &Cloud) {
    let trust = json!({"Version": "1", "Statement": [{"Action": "sts:AssumeRole", "Effect": "Allow",
        "Principal": {"Service": ["actiontrail.aliyuncs.com"]}}]});
    for name in ["delivery-one", "delivery-two"] {
        let role = json!({"role_id": "300000000000000001", "assume_role_policy_document": trust.to_string(),
            "create_date": "2026-01-01T00:00:00Z", "policies": ["delivery"]});
        cloud.put(&format!("accounts/{}/ram/roles/{name}", cloud.account_id), &role).unwrap();
    }
}
