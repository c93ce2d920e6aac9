//! Checks of an alert rule, before any call (SLS API reference, CreateAlert).

use plugin::{Attr, Diagnostic, Diagnostics, Path, Step};

use super::configuration::{ConditionModel, ConfigurationModel, QueryModel};
use super::model::AlertModel;
use super::{condition, query, schedule};

const SEVERITIES: [i64; 5] = [2, 4, 6, 8, 10];
/// Queries of one rule.
const MOST_QUERIES: usize = 3;
/// Characters of a condition.
const LONGEST_CONDITION: usize = 128;

/// The name of a rule. The service does not say what it takes; this is safe.
pub(super) fn alert_name(name: &str) -> Result<(), String> {
    let fits = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if (2..=64).contains(&name.len()) && fits {
        return Ok(());
    }
    Err(format!(
        "{name:?} is not the name of an alert. Use 2 to 64 letters, digits, hyphens and underscores."
    ))
}

/// The name that people see.
pub(super) fn display_name(name: &str) -> Result<(), String> {
    let count = name.chars().count();
    if (1..=64).contains(&count) {
        return Ok(());
    }
    Err(format!("The name has {count} characters. Use 1 to 64."))
}

/// The seconds that a time such as `15m` means.
pub(super) fn seconds(text: &str) -> Option<u64> {
    let unit = match text.chars().last()? {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        'd' => 86_400,
        _ => return None,
    };
    let number = &text[..text.len() - 1];
    let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    number.parse::<u64>().ok().filter(|_| digits)?.checked_mul(unit)
}

/// A time between runs.
pub(super) fn interval(text: &str) -> Result<(), String> {
    match seconds(text) {
        Some(60..=86_400) => Ok(()),
        Some(_) => Err(format!("{text:?} is not possible. Use one minute to one day, such as \"15m\".")),
        None => Err(format!("{text:?} is not a time. Write a number and s, m, h or d, such as \"15m\".")),
    }
}

/// The begin of the time that is searched.
pub(super) fn start(text: &str) -> Result<(), String> {
    if text == "absolute" || text == "now" || !text.starts_with('-') {
        return if text.is_empty() {
            Err("start is empty. Write such as \"-15m\".".to_owned())
        } else {
            Ok(())
        };
    }
    match seconds(&text[1..]) {
        Some(1..=86_400) => Ok(()),
        Some(_) => Err(format!("{text:?} is more than a day back, which is as far as an alert can look.")),
        None => Err(format!(
            "{text:?} is not a time. Write a minus, a number and s, m, h or d, such as \"-15m\"."
        )),
    }
}

/// A number of runs in a row; 0 is what a rule has that was made of a template.
pub(super) fn threshold(count: &i64) -> Result<(), String> {
    if *count >= 0 { Ok(()) } else { Err(format!("{count} is not possible. Use 1 or more.")) }
}

/// One of the five severities.
pub(super) fn severity(severity: &i64) -> Result<(), String> {
    if SEVERITIES.contains(severity) {
        return Ok(());
    }
    Err(format!(
        "{severity} is not a severity. Use 2 (report), 4 (low), 6 (medium), 8 (high) or 10 (critical)."
    ))
}

/// One of the five severities, or 0, which is what a rule has that was made of a template.
pub(super) fn no_data_severity(given: &i64) -> Result<(), String> {
    if *given == 0 { Ok(()) } else { severity(given) }
}

/// As many queries as the service runs (SLS user guide, "Syntax of trigger conditions in alert rules").
pub(super) fn queries(queries: &[QueryModel]) -> Result<(), String> {
    if queries.len() <= MOST_QUERIES {
        return Ok(());
    }
    Err(format!("There are {} queries. An alert has 1 to {MOST_QUERIES}.", queries.len()))
}

/// A query that can run.
pub(super) fn query(query: &str) -> Result<(), String> {
    match query::read(query) {
        Err(query::Fault::Fails(wrong)) => Err(format!("{wrong} The rule would fail each time it runs.")),
        Err(query::Fault::Doubt(_)) | Ok(()) => Ok(()),
    }
}

/// The length of a condition on a result (SLS user guide, "Syntax of evaluate expressions").
pub(super) fn condition(text: &str) -> Result<(), String> {
    let count = text.chars().count();
    if count <= LONGEST_CONDITION {
        return Ok(());
    }
    Err(format!("The condition has {count} characters; at most {LONGEST_CONDITION} are possible."))
}

/// What goes across attributes, and what is doubtful about single ones.
pub(super) fn configuration(config: &AlertModel, found: &mut Diagnostics) {
    if let Some(schedule) = config.schedule.get() {
        schedule::check(schedule, found);
    }
    let Some(configuration) = config.configuration.get() else { return };
    let path = |name: &str| Path::attribute("configuration").child(name);
    if configuration.template_configuration.is_null() {
        for (name, is_missing, what) in [
            ("query_list", configuration.query_list.is_null(), "so it looks for nothing"),
            ("severity_configurations", configuration.severity_configurations.is_null(), "so it never fires"),
        ] {
            if is_missing {
                found.push(
                    Diagnostic::error(
                        format!("Alert without {name}"),
                        format!(
                            "The rule has no {name}, {what}. Set {name}; only a rule with a template_configuration, which \
                             says what it looks for, can do without."
                        ),
                    )
                    .at(path(name)),
                );
            }
        }
    }
    joins(configuration, found);
    let queries = configuration.query_list.get().into_iter().flatten();
    for (at, model) in (0..).zip(queries) {
        whole_query(model, &path("query_list").then(Step::Index(at)), found);
    }
    conditions(configuration, found);
}

/// How the results of queries are put together: one entry for each query after the first, or for each query, where the
/// first says that there is nothing to join yet, as the console writes it.
fn joins(configuration: &ConfigurationModel, found: &mut Diagnostics) {
    let path = Path::attribute("configuration").child("join_configurations");
    let none = Vec::new();
    let joins = match &configuration.join_configurations {
        Attr::Unknown(_) => return,
        joins => joins.get().unwrap_or(&none),
    };
    let queries = configuration.query_list.get().map_or(0, Vec::len);
    let begins_with_none =
        joins.first().is_none_or(|join| join.r#type.is_unknown() || join.r#type.as_str() == Some("no_join"));
    let fits = joins.len() + 1 == queries || joins.len() == queries && begins_with_none;
    if queries > 0 && !fits {
        found.push(
            Diagnostic::warning(
                "Queries and joins may not fit",
                format!(
                    "There are {queries} queries and {} join_configurations. There is usually one for each query after the \
                     first, or one for each query, the first of them with type = \"no_join\".",
                    joins.len()
                ),
            )
            .at(path.clone()),
        );
    }
    for (at, join) in (0..).zip(joins) {
        doubt(&join.condition, path.clone().then(Step::Index(at)).child("condition"), found);
    }
}

/// Logs and metrics are queried; resources (`meta`) are taken as a whole.
fn whole_query(model: &QueryModel, path: &Path, found: &mut Diagnostics) {
    let kind = match model.store_type.as_str() {
        None if model.store_type.is_unknown() => return,
        kind => kind.unwrap_or("log"),
    };
    if kind != "meta" {
        for (name, is_missing) in [("query", model.query.is_null()), ("start", model.start.is_null())] {
            if is_missing {
                found.push(
                    Diagnostic::error(
                        format!("Query without {name}"),
                        format!(
                            "A query of store_type {kind:?} needs {name}, such as {}. Only one of store_type \"meta\" can do \
                             without.",
                            if name == "query" { "\"* | select count(1) as cnt\"" } else { "\"-15m\"" }
                        ),
                    )
                    .at(path.clone().child(name)),
                );
            }
        }
    }
    if let Some(query::Fault::Doubt(why)) = model.query.as_str().and_then(|query| query::read(query).err()) {
        found.push(
            Diagnostic::warning("Doubtful query", format!("{why} The rule may fail each time it runs."))
                .at(path.clone().child("query")),
        );
    }
}

fn conditions(configuration: &ConfigurationModel, found: &mut Diagnostics) {
    let path = |name: &str| Path::attribute("configuration").child(name);
    let mut both = |model: &ConditionModel, path: Path| {
        doubt(&model.condition, path.clone().child("condition"), found);
        doubt(&model.count_condition, path.child("count_condition"), found);
    };
    if let Some(model) = configuration.condition_configuration.get() {
        both(model, path("condition_configuration"));
    }
    let steps = configuration.severity_configurations.get().into_iter().flatten();
    for (at, step) in (0..).zip(steps) {
        if let Some(model) = step.eval_condition.get() {
            both(model, path("severity_configurations").then(Step::Index(at)).child("eval_condition"));
        }
    }
}

/// The service takes any condition when a rule is made, and reads it when the rule runs.
fn doubt(condition: &Attr<String>, path: Path, found: &mut Diagnostics) {
    let text = condition.as_str().map(str::trim).filter(|text| !text.is_empty());
    if let Some(why) = text.and_then(|text| condition::read(text).err()) {
        let detail =
            format!("{why} The service takes it and may never find it true, so that the rule stays silent.");
        found.push(Diagnostic::warning("Doubtful condition", detail).at(path));
    }
}

/// The queries of a rule as they are sent; samples for tests of drift.
#[cfg(feature = "fixtures")]
pub(super) fn sample_queries(word: &str, start: &str) -> serde_json::Value {
    serde_json::json!([{ "storeType": "log", "store": "events", "query": format!("{word} | select count(1) as cnt"),
        "timeSpanType": "Relative", "start": start, "end": "now", "powerSqlMode": "auto", "roleArn": "" }])
}

/// A template as it is sent; samples for tests of drift.
#[cfg(feature = "fixtures")]
pub(super) fn sample_template(id: &str, lang: &str) -> serde_json::Value {
    serde_json::json!({ "id": id, "type": "sys", "lang": lang, "version": "", "tokens": {}, "annotations": {}, "aonotations": {} })
}

/// An event store as it is sent; samples for tests of drift.
#[cfg(feature = "fixtures")]
pub(super) fn sample_event_store(name: &str) -> serde_json::Value {
    serde_json::json!({ "enabled": true, "eventStore": name, "project": "", "endpoint": "", "roleArn": "" })
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;
