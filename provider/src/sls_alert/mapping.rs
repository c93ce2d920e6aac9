//! Between the attributes of an alert rule and the service's document of it.

use std::collections::BTreeMap;

use plugin::Attr;
use reconciler::Scope;
use reconciler::alert::Settings;
use reconciler::alert::document::{
    Condition, Configuration, EventStore, Group, Join, Pairs, Policy, Query, Rule, Schedule, Severity, Sink,
    Template, Texts,
};

use super::configuration::{
    ConditionModel, ConfigurationModel, EventStoreModel, GroupModel, JoinModel, PolicyModel, QueryModel,
    SeverityModel, TemplateModel,
};
use super::model::{AlertModel, ScheduleModel};

/// What is wanted, or was applied last.
pub(super) fn settings(model: &AlertModel) -> Settings {
    let schedule = model.schedule.get().cloned().unwrap_or_default();
    let rule = Rule {
        name: text(&model.alert_name),
        display_name: text(&model.display_name),
        description: text(&model.description),
        schedule: Schedule {
            r#type: text(&schedule.r#type),
            interval: text(&schedule.interval),
            cron_expression: text(&schedule.cron_expression),
            delay: schedule.delay.get().copied(),
            run_immediately: schedule.run_immediately.get().copied(),
            time_zone: text(&schedule.time_zone),
            hour: schedule.hour.get().copied(),
            day_of_week: schedule.day_of_week.get().copied(),
            ..Schedule::default()
        },
        configuration: model.configuration.get().map(configuration).unwrap_or_default(),
        ..Rule::default()
    };
    Settings { rule: rule.complete(), is_enabled: model.is_on() }
}

fn configuration(model: &ConfigurationModel) -> Configuration {
    let group = model.group_configuration.get().cloned().unwrap_or_default();
    let policy = model.policy_configuration.get().cloned().unwrap_or_default();
    let sink = |enabled: &Attr<bool>| Sink { enabled: enabled.get().copied(), ..Sink::default() };
    Configuration {
        dashboard: text(&model.dashboard),
        query_list: each(&model.query_list, query),
        join_configurations: each(&model.join_configurations, |join: &JoinModel| Join {
            r#type: text(&join.r#type),
            condition: text(&join.condition),
            ..Join::default()
        }),
        severity_configurations: each(&model.severity_configurations, |step: &SeverityModel| Severity {
            severity: step.severity.get().copied(),
            eval_condition: step.eval_condition.get().map(condition).unwrap_or_default(),
            ..Severity::default()
        }),
        condition_configuration: model.condition_configuration.get().map(condition),
        group_configuration: Group {
            r#type: text(&group.r#type),
            fields: group.fields.get().cloned().unwrap_or_default(),
            ..Group::default()
        },
        policy_configuration: Policy {
            alert_policy_id: text(&policy.alert_policy_id),
            action_policy_id: text(&policy.action_policy_id),
            repeat_interval: text(&policy.repeat_interval),
            ..Policy::default()
        },
        labels: Pairs::from(model.labels.get().cloned().unwrap_or_default()),
        annotations: Pairs::from(model.annotations.get().cloned().unwrap_or_default()),
        auto_annotation: model.auto_annotation.get().copied(),
        send_resolved: model.send_resolved.get().copied(),
        threshold: model.threshold.get().copied(),
        no_data_fire: model.no_data_fire.get().copied(),
        no_data_severity: model.no_data_severity.get().copied(),
        mute_until: model.mute_until.get().copied(),
        template_configuration: model.template_configuration.get().map(|template| Template {
            id: text(&template.template_id),
            r#type: text(&template.r#type),
            version: text(&template.version),
            lang: text(&template.lang),
            tokens: Texts(template.tokens.get().cloned().unwrap_or_default()),
            annotations: Texts(template.annotations.get().cloned().unwrap_or_default()),
            ..Template::default()
        }),
        sink_alerthub: sink(&model.sink_alerthub_enabled),
        sink_cms: sink(&model.sink_cms_enabled),
        sink_event_store: model.sink_event_store.get().map(|store| EventStore {
            enabled: store.enabled.get().copied(),
            event_store: text(&store.event_store),
            project: text(&store.project),
            endpoint: text(&store.endpoint),
            role_arn: text(&store.role_arn),
            ..EventStore::default()
        }),
        tags: model.tags.get().cloned().unwrap_or_default(),
        ..Configuration::default()
    }
}

fn query(query: &QueryModel) -> Query {
    Query {
        store_type: text(&query.store_type),
        store: text(&query.store),
        project: text(&query.project),
        region: text(&query.region),
        query: text(&query.query),
        time_span_type: text(&query.time_span_type),
        start: text(&query.start),
        end: text(&query.end),
        power_sql_mode: text(&query.power_sql_mode),
        role_arn: text(&query.role_arn),
        ..Query::default()
    }
}

fn condition(condition: &ConditionModel) -> Condition {
    Condition {
        condition: text(&condition.condition),
        count_condition: text(&condition.count_condition),
        ..Condition::default()
    }
}

fn text(value: &Attr<String>) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn each<M, D>(list: &Attr<Vec<M>>, entry: impl Fn(&M) -> D) -> Vec<D> {
    list.get().into_iter().flatten().map(entry).collect()
}

/// The model as the service describes the rule. `model` is what the state or the plan has.
pub(super) fn read(model: &AlertModel, seen: &Settings, scope: &Scope) -> AlertModel {
    let rule = &seen.rule;
    let schedule = &rule.schedule;
    AlertModel {
        display_name: said(&rule.display_name),
        description: said(&rule.description),
        status: if seen.is_enabled { "ENABLED".into() } else { "DISABLED".into() },
        schedule: ScheduleModel {
            r#type: said(&schedule.r#type),
            interval: said(&schedule.interval),
            cron_expression: said(&schedule.cron_expression),
            delay: schedule.delay.into(),
            run_immediately: schedule.run_immediately.into(),
            time_zone: said(&schedule.time_zone),
            hour: schedule.hour.into(),
            day_of_week: schedule.day_of_week.into(),
        }
        .into(),
        configuration: read_configuration(model, &rule.configuration, scope).into(),
        ..model.clone()
    }
}

fn read_configuration(model: &AlertModel, seen: &Configuration, scope: &Scope) -> ConfigurationModel {
    let before = model.configuration.get().cloned().unwrap_or_default();
    let queries = seen.query_list.iter().enumerate().map(|(at, query)| {
        let before = before.query_list.get().and_then(|queries| queries.get(at));
        read_query(query, before, model, scope)
    });
    let joins = seen
        .join_configurations
        .iter()
        .map(|join| JoinModel { r#type: said(&join.r#type), condition: said(&join.condition) });
    let severities = seen.severity_configurations.iter().map(|step| SeverityModel {
        severity: step.severity.into(),
        eval_condition: read_condition(&step.eval_condition).into(),
    });
    let (group, policy) = (&seen.group_configuration, &seen.policy_configuration);
    ConfigurationModel {
        query_list: unless_empty(queries.collect::<Vec<_>>(), Vec::is_empty),
        join_configurations: unless_empty(joins.collect::<Vec<_>>(), Vec::is_empty),
        severity_configurations: unless_empty(severities.collect::<Vec<_>>(), Vec::is_empty),
        condition_configuration: seen.condition_configuration.as_ref().map(read_condition).into(),
        group_configuration: GroupModel {
            r#type: said(&group.r#type),
            fields: unless_empty(group.fields.clone(), Vec::is_empty),
        }
        .into(),
        policy_configuration: PolicyModel {
            alert_policy_id: said(&policy.alert_policy_id),
            action_policy_id: said(&policy.action_policy_id),
            repeat_interval: said(&policy.repeat_interval),
        }
        .into(),
        labels: unless_empty(seen.labels.texts(), BTreeMap::is_empty),
        annotations: unless_empty(seen.annotations.texts(), BTreeMap::is_empty),
        auto_annotation: seen.auto_annotation.into(),
        send_resolved: seen.send_resolved.into(),
        threshold: seen.threshold.into(),
        no_data_fire: seen.no_data_fire.into(),
        no_data_severity: seen.no_data_severity.into(),
        mute_until: seen.mute_until.into(),
        dashboard: said(&seen.dashboard),
        template_configuration: seen.template_configuration.as_ref().map(read_template).into(),
        sink_alerthub_enabled: seen.sink_alerthub.enabled.into(),
        sink_cms_enabled: seen.sink_cms.enabled.into(),
        sink_event_store: seen
            .sink_event_store
            .as_ref()
            .map(|store| EventStoreModel {
                enabled: store.enabled.into(),
                event_store: said(&store.event_store),
                project: said(&store.project),
                endpoint: said(&store.endpoint),
                role_arn: said(&store.role_arn),
            })
            .into(),
        tags: unless_empty(seen.tags.clone(), Vec::is_empty),
    }
}

fn read_query(query: &Query, before: Option<&QueryModel>, model: &AlertModel, scope: &Scope) -> QueryModel {
    // Unset means the rule's own; one that is named stays named.
    let own = |seen: &str, own: &str, before: Option<&Attr<String>>| {
        let stated = before.is_some_and(|before| before.get().is_some());
        if !stated && seen == own { Attr::Null } else { said(seen) }
    };
    QueryModel {
        store_type: said(&query.store_type),
        store: said(&query.store),
        project: own(&query.project, model.project(), before.map(|before| &before.project)),
        region: own(&query.region, &scope.region, before.map(|before| &before.region)),
        query: said(&query.query),
        time_span_type: said(&query.time_span_type),
        start: said(&query.start),
        end: said(&query.end),
        power_sql_mode: said(&query.power_sql_mode),
        role_arn: said(&query.role_arn),
    }
}

fn read_condition(condition: &Condition) -> ConditionModel {
    ConditionModel {
        condition: said(&condition.condition),
        count_condition: said(&condition.count_condition),
    }
}

fn read_template(template: &Template) -> TemplateModel {
    TemplateModel {
        template_id: said(&template.id),
        r#type: said(&template.r#type),
        version: said(&template.version),
        lang: said(&template.lang),
        tokens: unless_empty(template.tokens.0.clone(), BTreeMap::is_empty),
        annotations: unless_empty(template.annotations.0.clone(), BTreeMap::is_empty),
    }
}

/// A text that says something; unset and empty are the same in a document.
fn said(text: &str) -> Attr<String> {
    Some(text.to_owned()).filter(|text| !text.is_empty()).into()
}

fn unless_empty<T>(all: T, is_empty: impl Fn(&T) -> bool) -> Attr<T> {
    Some(all).filter(|all| !is_empty(all)).into()
}

#[cfg(test)]
#[path = "mapping_tests.rs"]
mod tests;
