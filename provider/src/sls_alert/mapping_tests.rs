use plugin::schema::{Attribute, Kind, Mode, Nesting, object_type};
use plugin::value::{Value, json};
use plugin::{Model, planning};
use serde_json::{Value as Json, json};

use super::*;
use crate::resource_scope::located;

fn scope() -> Scope {
    let keys = alibaba::credentials::Chain::new(alibaba::credentials::Sources::default());
    Scope {
        client: alibaba::Client::new(alibaba::Config::new(keys)).unwrap(),
        account: "1000000000000001".to_owned(),
        region: "cn-hangzhou".to_owned(),
    }
}

/// A rule as a plan has it, with every default.
fn planned(written: &Json) -> AlertModel {
    let ty = object_type(&AlertModel::attributes());
    let Value::Map(config) = json::read(written.to_string().as_bytes(), &ty).unwrap() else { unreachable!() };
    AlertModel::from_object(planning::object(&AlertModel::attributes(), None, &config)).unwrap()
}

/// The least that a rule needs.
fn least() -> Json {
    json!({
        "project_name": "audit",
        "alert_name": "root-login",
        "display_name": "Root login",
        "schedule": { "interval": "15m" },
        "configuration": {
            "query_list": [{ "store": "events", "query": "* | select count(1) as cnt", "start": "-15m" }],
            "severity_configurations": [{ "severity": 8 }],
        },
    })
}

/// A rule with every attribute there is, none of them at its default.
fn whole() -> Json {
    let texts = json!({ "one": "1", "two": "2" });
    let condition = json!({ "condition": "cnt > 0", "count_condition": "__count__ > 3" });
    let mut rule = least();
    rule["description"] = json!("Somebody is root");
    rule["status"] = json!("DISABLED");
    rule["schedule"] = json!({
        "type": "Cron", "interval": "15m", "cron_expression": "0 8 * * 1", "delay": 30, "run_immediately": false,
        "time_zone": "+0100", "hour": 8, "day_of_week": 1,
    });
    let role = "acs:ram::1000000000000001:role/alerts";
    rule["configuration"] = json!({
        "query_list": [{
            "store_type": "metric", "store": "events", "project": "other", "region": "cn-beijing", "query": "*",
            "time_span_type": "Custom", "start": "-15m", "end": "absolute", "power_sql_mode": "enable", "role_arn": role,
        }],
        "join_configurations": [{ "type": "inner_join", "condition": "$0.a == $1.a" }],
        "severity_configurations": [{ "severity": 8, "eval_condition": condition }],
        "condition_configuration": condition,
        "group_configuration": { "type": "custom", "fields": ["user"] },
        "policy_configuration": {
            "alert_policy_id": "merging", "action_policy_id": "audit", "repeat_interval": "10m"
        },
        "labels": texts, "annotations": texts, "auto_annotation": false, "send_resolved": true, "threshold": 3,
        "no_data_fire": true, "no_data_severity": 10, "mute_until": 4_102_444_800_i64, "dashboard": "another",
        "template_configuration": {
            "template_id": "sls.one", "type": "user", "version": "1", "lang": "en", "tokens": texts, "annotations": texts,
        },
        "sink_alerthub_enabled": false, "sink_cms_enabled": true,
        "sink_event_store": {
            "enabled": false, "event_store": "alerts", "project": "other", "endpoint": "e.example.com", "role_arn": role,
        },
        "tags": ["cis"],
    });
    rule
}

/// The rule without one of its attributes, or without an entry of a map, for everything that can be left out; with what was
/// left out.
fn each_left_out() -> Vec<(String, Json)> {
    fn walk(attributes: &[Attribute], written: &Json, pointer: &str, found: &mut Vec<String>) {
        for attribute in attributes.iter().filter(|attribute| attribute.unsupported_name.is_none()) {
            if matches!(attribute.mode, Mode::Computed | Mode::Keeps(_)) {
                continue;
            }
            let value = &written[attribute.name];
            assert!(!value.is_null(), "{pointer}/{} is not in the whole rule", attribute.name);
            let pointer = format!("{pointer}/{}", attribute.name);
            if attribute.mode != Mode::Required {
                found.push(pointer.clone());
            }
            match (&attribute.kind, value) {
                (Kind::Nested(Nesting::List, nested), _) => {
                    walk(nested, &value[0], &format!("{pointer}/0"), found)
                }
                (Kind::Nested(_, nested), _) => walk(nested, value, &pointer, found),
                (Kind::Type(_), Json::Object(entries)) => {
                    found.extend(entries.keys().map(|key| format!("{pointer}/{key}")));
                }
                (Kind::Type(_), _) => {}
            }
        }
    }
    let mut pointers = Vec::new();
    walk(&AlertModel::attributes(), &whole(), "", &mut pointers);
    let without = |pointer: String| {
        let mut rule = whole();
        let (holder, member) = pointer.rsplit_once('/').unwrap();
        rule.pointer_mut(holder).unwrap().as_object_mut().unwrap().remove(member);
        (pointer, rule)
    };
    pointers.into_iter().map(without).collect()
}

/// What the service has once a rule was sent, and how that reads.
fn stored(rule: &Rule, model: &AlertModel) -> (Json, AlertModel) {
    let document = serde_json::to_value(rule).unwrap();
    let mut answer = document.clone();
    answer["name"] = json!("root-login");
    let seen = Settings { rule: Rule::read(answer), is_enabled: model.is_on() };
    (document, read(model, &seen, &scope()))
}

#[test]
fn what_is_written_is_read_back() {
    for written in [least(), whole()] {
        let model = planned(&written);
        assert_eq!(stored(&settings(&model).rule, &model).1, model);
    }
}

#[test]
fn a_template_alone_and_times_of_the_week_are_read_back() {
    let mut rule = least();
    rule["configuration"] = json!({ "template_configuration": { "template_id": "sls.one", "lang": "en" },
        "threshold": 0, "no_data_severity": 0 });
    let model = planned(&rule);
    let (sent, read) = stored(&settings(&model).rule, &model);
    assert_eq!(read, model);
    let configuration = &sent["configuration"];
    assert_eq!((&configuration["type"], &configuration["queryList"]), (&json!("tpl"), &json!([])));
    assert_eq!((&configuration["threshold"], &configuration["noDataSeverity"]), (&json!(0), &json!(0)));
    for (schedule, members) in [
        (json!({ "type": "Hourly" }), json!([null, null])),
        (json!({ "type": "Daily", "hour": 0 }), json!([0, null])),
        (json!({ "type": "Weekly", "hour": 3, "day_of_week": 0 }), json!([3, 0])),
    ] {
        let mut rule = least();
        rule["schedule"] = schedule.clone();
        let model = planned(&rule);
        let (mut sent, read) = stored(&settings(&model).rule, &model);
        assert_eq!(
            (read, json!([sent["schedule"]["hour"], sent["schedule"]["dayOfWeek"]])),
            (model, members)
        );
        // A zero may be left out of the answer, and may stand where it says nothing.
        let written = sent["schedule"].clone();
        let zero =
            |of: &mut Json| of["schedule"].as_object_mut().unwrap().retain(|_, value| *value != json!(0));
        zero(&mut sent);
        let wanted = Rule::read(serde_json::json!({ "schedule": written }));
        assert_eq!(
            Rule::read(json!({ "schedule": sent["schedule"] })).schedule,
            wanted.schedule,
            "{schedule}"
        );
    }
    let every = Rule::read(json!({ "schedule": { "type": "FixedRate", "hour": 0, "dayOfWeek": 0 } }));
    assert_eq!((every.schedule.hour, every.schedule.day_of_week), (None, None));
}

#[test]
fn whatever_is_left_out_of_the_configuration_is_left_out_of_what_is_sent() {
    let existing = Rule::read(serde_json::to_value(settings(&planned(&whole())).rule).unwrap());
    let all = each_left_out();
    assert!(all.len() > 50, "{}", all.len());
    for (pointer, without) in all.into_iter().filter(|(pointer, _)| pointer != "/status") {
        let model = planned(&without);
        let wanted = settings(&model).rule;
        assert_ne!(wanted, existing, "{pointer} is seen");
        let (sent, after) = stored(&wanted.clone().update_of(existing.clone()), &model);
        let alone = serde_json::to_value(wanted.update_of(Rule::default())).unwrap();
        assert_eq!(sent, alone, "{pointer} is not sent any more");
        assert_eq!(after, model, "{pointer} is not there any more");
    }
}

#[test]
fn the_project_of_a_query_is_named_only_if_it_is_another() {
    let rule = planned(&least());
    let query = |project: &str, region: &str| {
        let mut seen = settings(&rule);
        let query = &mut seen.rule.configuration.query_list[0];
        (query.project, query.region) = (project.to_owned(), region.to_owned());
        let seen = located(read(&rule, &seen, &scope()), &scope());
        let query = seen.configuration.get().unwrap().query_list.get().unwrap()[0].clone();
        (query.project, query.region)
    };
    assert_eq!(query("audit", "cn-hangzhou"), (Attr::Null, Attr::Null));
    assert_eq!(query("other", "cn-beijing"), ("other".into(), "cn-beijing".into()));
}
