//! Between the attributes of an alert rule and the service's document of it.
//!
//! The service may leave out what is empty and add what is its own, so reading takes what is missing for the default, and
//! an update lays what is managed over what is there.

use std::collections::BTreeMap;

use plugin::Attr;
use serde_json::{Map, Value, json};

use super::configuration::{
    ConditionModel, ConfigurationModel, EventStoreModel, GroupModel, JoinModel, PolicyModel, QueryModel,
    SeverityModel, TemplateModel,
};
use super::model::{AlertModel, ScheduleModel};
use crate::place::Place;

/// The document that makes a rule what is wanted; `existing` is the rule as it is.
pub(super) fn document(wanted: &AlertModel, place: &Place, existing: Option<&Value>) -> Value {
    let schedule = wanted.schedule.get().cloned().unwrap_or_default();
    let rule = json!({
        "name": wanted.name(),
        "displayName": text(&wanted.display_name),
        "description": text(&wanted.description),
        "schedule": {
            "type": text(&schedule.r#type),
            "interval": text(&schedule.interval),
            "cronExpression": text(&schedule.cron_expression),
            "delay": number(&schedule.delay, 0),
            "runImmediately": truth(&schedule.run_immediately, true),
            "timeZone": text(&schedule.time_zone),
        },
        "configuration": configuration(wanted, place),
    });
    match existing {
        None => without_null(rule),
        Some(existing) => {
            let mut all = existing.clone();
            overlay(&mut all, rule);
            if let Some(all) = all.as_object_mut() {
                for own in [
                    "name",
                    "status",
                    "state",
                    "createTime",
                    "lastModifiedTime",
                    "type",
                    "jobSchedulingInstance",
                ] {
                    all.remove(own);
                }
            }
            all
        }
    }
}

fn configuration(wanted: &AlertModel, place: &Place) -> Value {
    let configuration = wanted.configuration.get().cloned().unwrap_or_default();
    let ConfigurationModel { query_list, join_configurations, severity_configurations, .. } = &configuration;
    let group = configuration.group_configuration.get().cloned().unwrap_or_default();
    let policy = configuration.policy_configuration.get().cloned().unwrap_or_default();
    let template = configuration.template_configuration.get();
    let each = |join: &JoinModel| json!({ "type": text(&join.r#type), "condition": text(&join.condition) });
    json!({
        "version": "2.0",
        "type": if template.is_some() { "tpl" } else { "default" },
        "dashboard": text(&configuration.dashboard),
        "queryList": query_list.get().into_iter().flatten().map(|one| query(one, wanted, place)).collect::<Vec<_>>(),
        "joinConfigurations": join_configurations.get().into_iter().flatten().map(each).collect::<Vec<_>>(),
        "severityConfigurations":
            severity_configurations.get().into_iter().flatten().map(severity).collect::<Vec<_>>(),
        "conditionConfiguration": configuration.condition_configuration.get().map(condition),
        "groupConfiguration": { "type": text(&group.r#type), "fields": list(&group.fields) },
        "policyConfiguration": {
            "alertPolicyId": text(&policy.alert_policy_id),
            "actionPolicyId": text(&policy.action_policy_id),
            "repeatInterval": text(&policy.repeat_interval),
        },
        "labels": pairs(&configuration.labels),
        "annotations": pairs(&configuration.annotations),
        "autoAnnotation": truth(&configuration.auto_annotation, true),
        "sendResolved": truth(&configuration.send_resolved, false),
        "threshold": number(&configuration.threshold, 1),
        "noDataFire": truth(&configuration.no_data_fire, false),
        "noDataSeverity": number(&configuration.no_data_severity, 6),
        "muteUntil": number(&configuration.mute_until, 0),
        "templateConfiguration": template.map(|template| json!({
            "id": text(&template.template_id),
            "type": text(&template.r#type),
            "version": text(&template.version),
            "lang": text(&template.lang),
            "tokens": map(&template.tokens),
            // The service's own tools spell it in both ways.
            "annotations": map(&template.annotations),
            "aonotations": map(&template.annotations),
        })),
        "sinkAlerthub": { "enabled": truth(&configuration.sink_alerthub_enabled, true) },
        "sinkCms": { "enabled": truth(&configuration.sink_cms_enabled, false) },
        "sinkEventStore": match configuration.sink_event_store.get() {
            None => json!({ "enabled": false }),
            Some(store) => json!({
                "enabled": truth(&store.enabled, true),
                "eventStore": text(&store.event_store),
                "project": text(&store.project),
                "endpoint": text(&store.endpoint),
                "roleArn": text(&store.role_arn),
            }),
        },
        "tags": list(&configuration.tags),
    })
}

fn query(query: &QueryModel, wanted: &AlertModel, place: &Place) -> Value {
    json!({
        "storeType": text(&query.store_type),
        "store": text(&query.store),
        "project": query.project.as_str().unwrap_or_else(|| wanted.project()),
        "region": query.region.as_str().unwrap_or(&place.region),
        "query": text(&query.query),
        "timeSpanType": text(&query.time_span_type),
        "start": text(&query.start),
        "end": text(&query.end),
        "powerSqlMode": text(&query.power_sql_mode),
        "roleArn": text(&query.role_arn),
    })
}

fn severity(step: &SeverityModel) -> Value {
    json!({
        "severity": number(&step.severity, 6),
        "evalCondition": step.eval_condition.get().map(condition),
    })
}

fn condition(condition: &ConditionModel) -> Value {
    json!({ "condition": text(&condition.condition), "countCondition": text(&condition.count_condition) })
}

fn text(value: &Attr<String>) -> &str {
    value.as_str().unwrap_or_default()
}

fn number(value: &Attr<i64>, default: i64) -> i64 {
    value.get().copied().unwrap_or(default)
}

fn truth(value: &Attr<bool>, default: bool) -> bool {
    value.get().copied().unwrap_or(default)
}

fn list(value: &Attr<Vec<String>>) -> &[String] {
    value.get().map(Vec::as_slice).unwrap_or_default()
}

fn map(value: &Attr<BTreeMap<String, String>>) -> Value {
    json!(value.get().cloned().unwrap_or_default())
}

fn pairs(value: &Attr<BTreeMap<String, String>>) -> Vec<Value> {
    value.get().into_iter().flatten().map(|(key, value)| json!({ "key": key, "value": value })).collect()
}

/// Lays one document over another. Null takes a member away; lists of the same length are gone through.
fn overlay(below: &mut Value, above: Value) {
    match (below, above) {
        (Value::Object(below), Value::Object(above)) => {
            for (name, value) in above {
                if value.is_null() {
                    below.remove(&name);
                } else {
                    overlay(below.entry(name).or_insert(Value::Null), value);
                }
            }
        }
        (Value::Array(below), Value::Array(above)) if below.len() == above.len() => {
            below.iter_mut().zip(above).for_each(|(below, above)| overlay(below, above));
        }
        (below, above) => *below = without_null(above),
    }
}

fn without_null(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let members = members.into_iter().filter(|(_, value)| !value.is_null());
            Value::Object(members.map(|(name, value)| (name, without_null(value))).collect())
        }
        other => other,
    }
}

/// The model as the service describes the rule. `model` is what the state has.
pub(super) fn read(model: &AlertModel, rule: &Value, place: &Place) -> AlertModel {
    let schedule = &rule["schedule"];
    AlertModel {
        display_name: string(rule, "displayName"),
        description: string(rule, "description"),
        status: if rule["status"] == "DISABLED" { "DISABLED".into() } else { "ENABLED".into() },
        schedule: ScheduleModel {
            r#type: or(string(schedule, "type"), "FixedRate"),
            interval: string(schedule, "interval"),
            cron_expression: string(schedule, "cronExpression"),
            delay: integer(schedule, "delay", 0),
            run_immediately: flag(schedule, "runImmediately", true),
            time_zone: string(schedule, "timeZone"),
        }
        .into(),
        configuration: read_configuration(model, &rule["configuration"], place).into(),
        ..model.clone()
    }
    .at(place)
}

fn read_configuration(model: &AlertModel, seen: &Value, place: &Place) -> ConfigurationModel {
    let queries = items(seen, "queryList").iter().map(|query| read_query(query, model, place));
    let join =
        |join: &Value| JoinModel { r#type: string(join, "type"), condition: string(join, "condition") };
    let severity = |step: &Value| SeverityModel {
        severity: integer(step, "severity", 6),
        eval_condition: read_condition(&step["evalCondition"]).into(),
    };
    let (group, policy) = (&seen["groupConfiguration"], &seen["policyConfiguration"]);
    let members = |name: &str| seen[name].as_object().is_some_and(|members| !members.is_empty());
    let joins: Vec<JoinModel> = items(seen, "joinConfigurations").iter().map(join).collect();
    ConfigurationModel {
        query_list: queries.collect::<Vec<_>>().into(),
        join_configurations: Some(joins).filter(|joins| !joins.is_empty()).into(),
        severity_configurations: items(seen, "severityConfigurations")
            .iter()
            .map(severity)
            .collect::<Vec<_>>()
            .into(),
        condition_configuration: Some(read_condition(&seen["conditionConfiguration"]))
            .filter(|condition| *condition != ConditionModel::default())
            .into(),
        group_configuration: GroupModel {
            r#type: or(string(group, "type"), "no_group"),
            fields: strings(group, "fields"),
        }
        .into(),
        policy_configuration: PolicyModel {
            alert_policy_id: or(string(policy, "alertPolicyId"), "sls.builtin.dynamic"),
            action_policy_id: string(policy, "actionPolicyId"),
            repeat_interval: string(policy, "repeatInterval"),
        }
        .into(),
        labels: read_pairs(seen, "labels"),
        annotations: read_pairs(seen, "annotations"),
        auto_annotation: flag(seen, "autoAnnotation", false),
        send_resolved: flag(seen, "sendResolved", false),
        threshold: integer(seen, "threshold", 1),
        no_data_fire: flag(seen, "noDataFire", false),
        no_data_severity: integer(seen, "noDataSeverity", 6),
        mute_until: integer(seen, "muteUntil", 0),
        dashboard: string(seen, "dashboard"),
        template_configuration: members("templateConfiguration")
            .then(|| read_template(&seen["templateConfiguration"]))
            .into(),
        sink_alerthub_enabled: flag(&seen["sinkAlerthub"], "enabled", false),
        sink_cms_enabled: flag(&seen["sinkCms"], "enabled", false),
        sink_event_store: read_event_store(&seen["sinkEventStore"]).into(),
        tags: strings(seen, "tags"),
    }
}

fn read_query(query: &Value, model: &AlertModel, place: &Place) -> QueryModel {
    // Unset means the rule's own.
    let own = |name: &str, own: &str| {
        let seen = string(query, name);
        if seen.as_str() == Some(own) { Attr::Null } else { seen }
    };
    QueryModel {
        store_type: or(string(query, "storeType"), "log"),
        store: string(query, "store"),
        project: own("project", model.project()),
        region: own("region", &place.region),
        query: string(query, "query"),
        time_span_type: or(string(query, "timeSpanType"), "Relative"),
        start: string(query, "start"),
        end: or(string(query, "end"), "now"),
        power_sql_mode: or(string(query, "powerSqlMode"), "auto"),
        role_arn: string(query, "roleArn"),
    }
}

fn read_condition(condition: &Value) -> ConditionModel {
    ConditionModel {
        condition: string(condition, "condition"),
        count_condition: string(condition, "countCondition"),
    }
}

fn read_template(template: &Value) -> TemplateModel {
    let spelled = ["annotations", "aonotations"];
    let annotations =
        spelled.iter().find_map(|name| template[*name].as_object().filter(|map| !map.is_empty()));
    TemplateModel {
        template_id: string(template, "id"),
        r#type: or(string(template, "type"), "sys"),
        version: string(template, "version"),
        lang: string(template, "lang"),
        tokens: read_map(template["tokens"].as_object()),
        annotations: read_map(annotations),
    }
}

fn read_event_store(store: &Value) -> Option<EventStoreModel> {
    let name = string(store, "eventStore");
    name.get()?;
    Some(EventStoreModel {
        enabled: flag(store, "enabled", false),
        event_store: name,
        project: string(store, "project"),
        endpoint: string(store, "endpoint"),
        role_arn: string(store, "roleArn"),
    })
}

fn string(holder: &Value, name: &str) -> Attr<String> {
    holder[name].as_str().filter(|text| !text.is_empty()).map(str::to_owned).into()
}

fn or(value: Attr<String>, default: &str) -> Attr<String> {
    if value.is_null() { default.into() } else { value }
}

fn integer(holder: &Value, name: &str, default: i64) -> Attr<i64> {
    holder[name].as_i64().unwrap_or(default).into()
}

fn flag(holder: &Value, name: &str, default: bool) -> Attr<bool> {
    holder[name].as_bool().unwrap_or(default).into()
}

fn items<'v>(holder: &'v Value, name: &str) -> &'v [Value] {
    holder[name].as_array().map(Vec::as_slice).unwrap_or_default()
}

fn strings(holder: &Value, name: &str) -> Attr<Vec<String>> {
    let all: Vec<String> = items(holder, name).iter().filter_map(Value::as_str).map(str::to_owned).collect();
    Some(all).filter(|all| !all.is_empty()).into()
}

fn read_map(map: Option<&Map<String, Value>>) -> Attr<BTreeMap<String, String>> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let all: BTreeMap<String, String> =
        map.into_iter().flatten().map(|(key, value)| (key.clone(), text(value))).collect();
    Some(all).filter(|all| !all.is_empty()).into()
}

fn read_pairs(holder: &Value, name: &str) -> Attr<BTreeMap<String, String>> {
    let pair = |pair: &Value| Some((pair["key"].as_str()?.to_owned(), pair["value"].as_str()?.to_owned()));
    let all: BTreeMap<String, String> = items(holder, name).iter().filter_map(pair).collect();
    Some(all).filter(|all| !all.is_empty()).into()
}

#[cfg(test)]
#[path = "wire_tests.rs"]
mod tests;
