//! Changes of an alert, written as users write them.

use plugin::schema::object_type;
use plugin::value::{Value, json};
use plugin::{Model, planning};
use serde_json::{Value as Json, json};
use time::macros::datetime;

use super::*;

fn alert(change: impl FnOnce(&mut Json)) -> AlertModel {
    let mut written = json!({
        "project_name": "audit",
        "alert_name": "root-login",
        "display_name": "Root login",
        "schedule": { "interval": "15m" },
        "configuration": {
            "query_list": [{ "store": "events", "query": "a | select count(1) as cnt", "start": "-15m" }],
            "severity_configurations": [
                { "severity": 8, "eval_condition": { "condition": "cnt > 9" } },
                { "severity": 6, "eval_condition": { "condition": "cnt > 0" } },
            ],
            "policy_configuration": { "action_policy_id": "team", "repeat_interval": "1h" },
            "no_data_fire": true,
            "sink_cms_enabled": true,
            "sink_event_store": { "event_store": "alerts" },
            "template_configuration": { "template_id": "sls.one", "tokens": { "limit": "1" } },
        },
    });
    change(&mut written);
    let ty = object_type(&AlertModel::attributes());
    let Value::Map(config) = json::read(written.to_string().as_bytes(), &ty).unwrap() else { unreachable!() };
    AlertModel::from_object(planning::object(&AlertModel::attributes(), None, &config)).unwrap()
}

/// Paths and summaries of what is lost from the alert above by a change.
fn lost(change: impl FnOnce(&mut Json)) -> Vec<String> {
    let now = datetime!(2027-01-01 0:00 UTC);
    destructive_changes_at(now, &alert(|_| ()), Some(&alert(change)))
        .into_iter()
        .map(|destructive_change| {
            format!(
                "{}: {}",
                destructive_change.path,
                destructive_change.summary.replace("alert \"audit:root-login\" ", "")
            )
        })
        .collect()
}

#[test]
fn silence_is_a_loss() {
    assert_eq!(lost(|alert| alert["status"] = json!("DISABLED")), ["status: is switched off"]);
    assert_eq!(destructive_changes(&alert(|_| ()), None)[0].summary, "alert \"audit:root-login\" is deleted");
    let off = alert(|alert| alert["status"] = json!("DISABLED"));
    assert!(destructive_changes(&off, Some(&alert(|_| ()))).is_empty());
    let otherwise = alert(|alert| {
        alert["status"] = json!("DISABLED");
        alert["schedule"]["interval"] = json!("1h");
    });
    assert!(destructive_changes(&off, Some(&otherwise)).is_empty(), "it told nobody anything");
    let muted = |until: i64| lost(move |alert| alert["configuration"]["mute_until"] = json!(until));
    assert_eq!(muted(4_102_444_800), ["configuration.mute_until: is silenced"]);
    assert_eq!(muted(1_700_000_000), [""; 0], "that time is over");
}

#[test]
fn runs_that_are_rarer_or_at_other_times_are_losses() {
    let schedule = |schedule: Json| lost(move |alert| alert["schedule"] = schedule);
    let other = ["schedule: runs at other times"];
    assert_eq!(schedule(json!({ "interval": "1h" })), other);
    assert_eq!(schedule(json!({ "type": "Cron", "cron_expression": "0 8 * * 1" })), other);
    for fine in [
        json!({ "interval": "5m" }),
        json!({ "interval": "900s" }),
        json!({ "interval": "15m", "delay": 30 }),
    ] {
        assert_eq!(schedule(fine.clone()), [""; 0], "{fine}");
    }
    let daily = |expression: &str| {
        alert(|alert| alert["schedule"] = json!({ "type": "Cron", "cron_expression": expression }))
    };
    assert!(destructive_changes(&daily("0 8 * * *"), Some(&daily("0  8 * * *"))).is_empty());
    let [destructive_change] =
        destructive_changes(&daily("0 8 * * *"), Some(&daily("0 8 * * 1"))).try_into().unwrap();
    assert!(
        destructive_change.detail.contains("runs at \"0 8 * * 1\" instead of at \"0 8 * * *\""),
        "{}",
        destructive_change.detail
    );
}

#[test]
fn other_queries_are_losses_and_other_spellings_are_none() {
    let query = |name: &'static str, value: Json| {
        lost(move |alert| alert["configuration"]["query_list"][0][name] = value)
    };
    let other = ["configuration.query_list: searches for something else"];
    assert_eq!(query("query", json!("a and not b | select count(1) as cnt")), other);
    assert_eq!(query("store", json!("others")), other);
    assert_eq!(query("project", json!("others")), other);
    assert_eq!(query("start", json!("-5m")), other);
    assert_eq!(query("end", json!("-1m")), other);
    assert_eq!(query("query", json!("a\n| select  count(1) as cnt")), [""; 0]);
    assert_eq!(query("start", json!("-1h")), [""; 0], "it reaches further back");
    assert_eq!(query("power_sql_mode", json!("enable")), [""; 0]);
    let second = lost(|alert| {
        let again = alert["configuration"]["query_list"][0].clone();
        alert["configuration"]["query_list"].as_array_mut().unwrap().push(again);
    });
    assert_eq!(second, other);
    let join = lost(|alert| alert["configuration"]["join_configurations"] = json!([{ "type": "no_join" }]));
    assert_eq!(join, ["configuration.join_configurations: searches for something else"]);
    let token = lost(|alert| {
        alert["configuration"]["template_configuration"]["tokens"] = json!({ "limit": "1000" });
    });
    assert_eq!(token, ["configuration.template_configuration: searches for something else"]);
}

#[test]
fn conditions_that_are_harder_to_meet_are_losses() {
    let set = |name: &'static str, value: Json| lost(move |alert| alert["configuration"][name] = value);
    let severities = |severities: &[(i64, &str)]| {
        let list = severities.iter().map(|(severity, condition)| {
            json!({ "severity": severity, "eval_condition": { "condition": condition } })
        });
        set("severity_configurations", list.collect())
    };
    let other = ["configuration.severity_configurations: may not fire as before"];
    assert_eq!(severities(&[(8, "cnt > 9"), (6, "cnt > 5")]), other);
    assert_eq!(severities(&[(8, "cnt > 9")]), other);
    assert_eq!(severities(&[(4, "cnt > 9"), (6, "cnt > 0")]), other);
    assert_eq!(severities(&[(10, "cnt  > 9"), (6, "cnt > 0"), (2, "cnt == 0")]), [""; 0]);
    assert_eq!(
        set("condition_configuration", json!({ "condition": "cnt > 100" })),
        ["configuration.condition_configuration: may not fire as before"]
    );
    assert_eq!(set("condition_configuration", json!({})), [""; 0]);
    assert_eq!(set("threshold", json!(3)), ["configuration.threshold: may not fire as before"]);
    assert_eq!(set("no_data_fire", json!(false)), ["configuration.no_data_fire: may not fire as before"]);
}

#[test]
fn other_recipients_are_losses_and_texts_are_none() {
    let set = |name: &'static str, value: Json| lost(move |alert| alert["configuration"][name] = value);
    let policy = |policy: Json| set("policy_configuration", policy);
    let other = ["configuration.policy_configuration: tells others than before"];
    assert_eq!(policy(json!({ "action_policy_id": "others", "repeat_interval": "1h" })), other);
    assert_eq!(policy(json!({ "repeat_interval": "1h" })), other);
    assert_eq!(policy(json!({ "action_policy_id": "team", "repeat_interval": "4h" })), other);
    assert_eq!(
        policy(json!({ "action_policy_id": "team", "repeat_interval": "1h", "alert_policy_id": "silent" })),
        other
    );
    assert_eq!(policy(json!({ "action_policy_id": "team", "repeat_interval": "10m" })), [""; 0]);
    for (name, value) in [
        ("sink_alerthub_enabled", json!(false)),
        ("sink_cms_enabled", json!(false)),
        ("sink_event_store", json!({ "event_store": "alerts", "enabled": false })),
        ("sink_event_store", json!({ "event_store": "others" })),
        ("sink_event_store", Json::Null),
    ] {
        assert_eq!(
            set(name, value.clone()),
            [format!("configuration.{name}: tells others than before")],
            "{value}"
        );
    }
    for (name, value) in [
        ("labels", json!({ "env": "prod" })),
        ("annotations", json!({ "title": "x" })),
        ("tags", json!(["cis"])),
        ("group_configuration", json!({ "type": "labels_auto" })),
        ("dashboard", json!("another")),
        ("send_resolved", json!(true)),
    ] {
        assert_eq!(set(name, value), [""; 0], "{name}");
    }
}

#[test]
fn what_is_not_known_yet_is_not_told() {
    let mut unknown = alert(|_| ());
    let mut configuration = unknown.configuration.into_option().unwrap();
    configuration.query_list = Attr::UNKNOWN;
    configuration.severity_configurations = Attr::UNKNOWN;
    configuration.policy_configuration = Attr::UNKNOWN;
    configuration.sink_event_store = Attr::UNKNOWN;
    configuration.template_configuration = Attr::UNKNOWN;
    unknown.configuration = configuration.into();
    unknown.schedule = Attr::UNKNOWN;
    assert_eq!(destructive_changes(&alert(|_| ()), Some(&unknown)), []);
}
