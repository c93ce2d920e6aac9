//! Projects, logstores, indexes, alerts, and whom alerts notify.

use super::*;
use crate::sls_action_policy::ActionPolicyResource as ActionPolicy;
use crate::sls_alert::AlertResource as Alert;
use crate::sls_index::IndexResource as Index;
use crate::sls_logstore::LogstoreResource as Logstore;
use crate::sls_project::ProjectResource as Project;
use crate::sls_user::UserResource as User;
use crate::sls_user_group::UserGroupResource as Group;
use crate::trail::destinations;

pub(super) fn scenarios() -> Vec<Scenario> {
    [stores(), indexes(), alerts(), recipients()].into_iter().flatten().collect()
}

fn stores() -> Vec<Scenario> {
    let project = json!({ "project_name": "events", "recycle_bin_enabled": true, "force_destroy": true });
    let store = json!({
        "project_name": "events",
        "logstore_name": "audit",
        "encrypt_conf": { "enable": true },
    });
    let with = |condition, attribute, value: Json| {
        let mut changed = json!({});
        changed[attribute] = value;
        change::<Logstore>(condition, attribute, &store, &changed)
    };
    let mut target = end::<Project>("project.delivery_target_deleted", &project);
    target.destructive_changes.push(destinations::destructive_change("project \"events\"", "audit"));
    vec![
        end::<Project>("project.deleted", &project),
        target,
        change::<Project>(
            "project.recycle_bin_disabled",
            "recycle_bin_enabled",
            &project,
            &json!({ "recycle_bin_enabled": false }),
        ),
        with("logstore.retention_shortened", "retention_period", json!(30)),
        with("logstore.anonymous_writes", "enable_web_tracking", json!(true)),
        with("logstore.encryption_disabled", "encrypt_conf", json!({ "enable": false })),
        with("logstore.sender_dropped", "append_meta", json!(false)),
        with("logstore.mode_reduced", "mode", json!("query")),
        end::<Logstore>("logstore.deleted", &store),
    ]
}

fn indexes() -> Vec<Scenario> {
    let index = json!({
        "project_name": "events",
        "logstore_name": "audit",
        "full_text": {},
        "field_search": {
            "user": { "type": "text" },
            "event": { "type": "json", "json_keys": { "a.b": { "type": "text" } } },
        },
    });
    let fields = |condition, fields: Json| {
        let mut changed = index.clone();
        changed["field_search"] = fields;
        let mut scenario = change::<Index>(condition, "field_search", &index, &json!({}));
        scenario.destructive_changes = Index::destructive_changes(&applied(&index), Some(&planned(&changed)));
        scenario
    };
    let leaf = json!({ "a.b": { "type": "text" } });
    for reduced in [
        json!({ "user": { "type": "text", "enable_analytics": false }, "event": { "type": "json", "json_keys": leaf } }),
        json!({ "user": { "type": "text" }, "event": { "type": "json" } }),
        json!({ "user": { "type": "text" }, "event": { "type": "json", "json_keys": leaf, "index_all": false } }),
        json!({ "user": { "type": "text" }, "event": { "type": "json", "json_keys": { "a.b": { "type": "long" } } } }),
    ] {
        assert_eq!(fields("index.fields_reduced", reduced.clone()).destructive_changes.len(), 1, "{reduced}");
    }
    let more =
        json!({ "user": { "type": "text", "alias": "who" }, "event": { "type": "json", "json_keys": leaf } });
    assert_eq!(fields("index.fields_reduced", more).destructive_changes, []);
    vec![
        change::<Index>("index.full_text_removed", "full_text", &index, &json!({ "full_text": null })),
        fields("index.fields_removed", json!({ "user": { "type": "text" } })),
        fields(
            "index.fields_reduced",
            json!({ "user": { "type": "long" }, "event": { "type": "json", "json_keys": leaf } }),
        ),
        end::<Index>("index.deleted", &index),
    ]
}

fn alerts() -> Vec<Scenario> {
    let alert = json!({
        "project_name": "events",
        "alert_name": "root-login",
        "display_name": "Root login",
        "schedule": { "interval": "15m" },
        "configuration": {
            "query_list": [{ "store": "audit", "query": "a | select 1", "start": "-15m" }],
            "severity_configurations": [{ "severity": 8, "eval_condition": { "condition": "cnt > 0" } }],
            "policy_configuration": { "action_policy_id": "team" },
            "template_configuration": { "template_id": "sls.one" },
            "no_data_fire": true,
            "sink_cms_enabled": true,
            "sink_event_store": { "event_store": "alerts" },
        },
    });
    let with = |condition, attribute: &'static str, value: Json| {
        let mut changed = json!({ "configuration": {} });
        let name = attribute.strip_prefix("configuration.").unwrap();
        changed["configuration"][name] = value;
        change::<Alert>(condition, attribute, &alert, &changed)
    };
    let query = json!([{ "store": "audit", "query": "b | select 1", "start": "-15m" }]);
    let severity = json!([{ "severity": 8, "eval_condition": { "condition": "cnt > 9" } }]);
    vec![
        change::<Alert>("alert.disabled", "status", &alert, &json!({ "status": "DISABLED" })),
        end::<Alert>("alert.deleted", &alert),
        with("alert.muted", "configuration.mute_until", json!(4_102_444_800_i64)),
        change::<Alert>(
            "alert.schedule_changed",
            "schedule",
            &alert,
            &json!({ "schedule": { "interval": "1h" } }),
        ),
        with("alert.query_changed", "configuration.query_list", query),
        with("alert.query_changed", "configuration.join_configurations", json!([{ "type": "no_join" }])),
        with(
            "alert.query_changed",
            "configuration.template_configuration",
            json!({ "template_id": "sls.two" }),
        ),
        with("alert.condition_changed", "configuration.severity_configurations", severity),
        with(
            "alert.condition_changed",
            "configuration.condition_configuration",
            json!({ "condition": "cnt > 9" }),
        ),
        with("alert.condition_changed", "configuration.threshold", json!(3)),
        with("alert.condition_changed", "configuration.no_data_fire", json!(false)),
        with(
            "alert.recipients_changed",
            "configuration.policy_configuration",
            json!({ "action_policy_id": null }),
        ),
        with("alert.recipients_changed", "configuration.sink_alerthub_enabled", json!(false)),
        with("alert.recipients_changed", "configuration.sink_cms_enabled", json!(false)),
        with("alert.recipients_changed", "configuration.sink_event_store", Json::Null),
    ]
}

fn recipients() -> Vec<Scenario> {
    let fire = |kind: &str, groups: &str| {
        format!("fire(type=\"{kind}\", groups=[{groups}], template_id=\"t\", period=\"any\")")
    };
    let policy = json!({
        "action_policy_id": "team",
        "action_policy_name": "Team",
        "primary_policy_script": fire("email", "\"sec\", \"ops\""),
        "secondary_policy_script": fire("voice", "\"managers\", \"sec\""),
        "escalation_enabled": true,
        "escalation_timeout": "1h",
    });
    let group =
        json!({ "user_group_id": "sec", "user_group_name": "Security", "members": ["alex", "billie"] });
    let user = json!({
        "user_id": "alex",
        "user_name": "Alex",
        "email": ["alex@example.com"],
        "phone": "13800000001",
        "country_code": "86",
        "sms_enabled": true,
        "voice_enabled": true,
    });
    let narrowed = |attribute, value: Json| {
        let mut changed = json!({});
        changed[attribute] = value;
        change::<ActionPolicy>("recipients.policy_narrowed", attribute, &policy, &changed)
    };
    let contact = |attribute, value: Json| {
        let mut changed = json!({});
        changed[attribute] = value;
        change::<User>("recipients.contact_removed", attribute, &user, &changed)
    };
    vec![
        narrowed("primary_policy_script", json!(fire("email", "\"sec\""))),
        narrowed("secondary_policy_script", json!(fire("voice", "\"sec\""))),
        narrowed("escalation_enabled", json!(false)),
        narrowed("escalation_timeout", json!("2h")),
        change::<Group>("recipients.group_narrowed", "members", &group, &json!({ "members": ["alex"] })),
        change::<Group>("recipients.group_narrowed", "enabled", &group, &json!({ "enabled": false })),
        contact("email", json!(["other@example.com"])),
        contact("phone", json!("13800000002")),
        contact("enabled", json!(false)),
        contact("sms_enabled", json!(false)),
        contact("voice_enabled", json!(false)),
        end::<ActionPolicy>("recipients.deleted", &policy),
        end::<Group>("recipients.deleted", &group),
        end::<User>("recipients.deleted", &user),
    ]
}
