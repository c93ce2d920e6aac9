//! Alert rules, through the alert API and through the older job API, which work on the same objects.
//! Rules are checked for their structure and kept; they are not run.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::error::Error;
use super::request::{Answer, Request, answer, done};
use super::switches::ALERT_ANSWER;
use crate::switches::QUOTAS;

/// Alert rules per project (SLS developer guide, "Limits of alerting").
const QUOTA: usize = 100;

/// Severities: report, low, medium, high, critical.
const SEVERITIES: [i64; 5] = [2, 4, 6, 8, 10];

fn text(value: Option<&Value>) -> &str {
    value.and_then(Value::as_str).unwrap_or("")
}

/// 2 to 64 letters, digits, `-`, `_` (assumed: the pattern is not documented, this one is safe).
fn check_name(name: &str) -> Result<(), Error> {
    let valid = (2..=64).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if valid { Ok(()) } else { Err(Error::parameter(format!("Job name {name} is invalid"))) }
}

/// Checks the parts that the service cannot do without (SLS API reference, CreateAlert; wording assumed). Conditions are
/// not read before a rule runs, and a rule that is made of a template alone has neither queries nor severities (acceptance
/// tests of the vendor's own provider).
fn check(rule: &Map<String, Value>, dashboards: &BTreeMap<String, Value>) -> Result<(), Error> {
    if !(1..=64).contains(&text(rule.get("displayName")).chars().count()) {
        return Err(Error::parameter("displayName must have 1 to 64 characters"));
    }
    check_schedule(rule.get("schedule"))?;
    let configuration = rule.get("configuration").and_then(Value::as_object);
    let configuration = configuration.ok_or_else(|| Error::parameter("configuration is missing"))?;
    let queries = configuration.get("queryList").and_then(Value::as_array);
    let count = queries.map_or(0, Vec::len);
    let from_template = is_from_template(configuration);
    let fits = (1..=3).contains(&count) || from_template && count == 0;
    if !fits {
        return Err(Error::parameter("queryList must have 1 to 3 queries"));
    }
    if is_old(configuration) {
        return check_old(configuration, dashboards);
    }
    // 0 is what a rule without a threshold has.
    if configuration.get("threshold").is_some_and(|value| value.as_i64().is_none_or(|count| count < 0)) {
        return Err(Error::parameter("threshold must not be negative"));
    }
    let severities = configuration.get("severityConfigurations").and_then(Value::as_array);
    let severities = severities.filter(|list| !list.is_empty());
    if severities.is_none() && from_template {
        return Ok(());
    }
    let severities = severities.ok_or_else(|| Error::parameter("severityConfigurations is missing"))?;
    let known =
        |step: &Value| step.get("severity").and_then(Value::as_i64).is_some_and(|n| SEVERITIES.contains(&n));
    if !severities.iter().all(known) {
        return Err(Error::parameter("severity must be one of 2, 4, 6, 8, 10"));
    }
    Ok(())
}

/// Whether a template says what a rule looks for.
fn is_from_template(configuration: &Map<String, Value>) -> bool {
    let template = configuration.get("templateConfiguration");
    template.is_some_and(|template| !text(template.get("id")).is_empty())
}

/// Whether a rule is one of the old alerting: it says so, or has no version and none of the parts of the new alerting.
fn is_old(configuration: &Map<String, Value>) -> bool {
    match text(configuration.get("version")) {
        "" => !configuration.contains_key("severityConfigurations") && !is_from_template(configuration),
        version => version.starts_with('1'),
    }
}

/// Rules of the old alerting need a condition and a dashboard that exists.
fn check_old(configuration: &Map<String, Value>, dashboards: &BTreeMap<String, Value>) -> Result<(), Error> {
    let condition = text(configuration.get("condition"));
    if !(1..=128).contains(&condition.chars().count()) {
        return Err(Error::parameter("condition must have 1 to 128 characters"));
    }
    let dashboard = text(configuration.get("dashboard"));
    if !dashboards.contains_key(dashboard) {
        return Err(Error::parameter(format!("Dashboard does not exist: {dashboard}")));
    }
    Ok(())
}

fn check_schedule(schedule: Option<&Value>) -> Result<(), Error> {
    let Some(schedule) = schedule.and_then(Value::as_object) else {
        return Err(Error::parameter("schedule is missing"));
    };
    let valid = match text(schedule.get("type")) {
        "FixedRate" => is_duration(text(schedule.get("interval"))),
        "Cron" => text(schedule.get("cronExpression")).split_whitespace().count() == 5,
        "Hourly" => true,
        "Daily" => hour(schedule),
        "Weekly" => {
            hour(schedule)
                && schedule.get("dayOfWeek").and_then(Value::as_i64).is_some_and(|day| (0..=6).contains(&day))
        }
        _ => false,
    };
    if valid { Ok(()) } else { Err(Error::parameter("schedule is invalid")) }
}

fn hour(schedule: &Map<String, Value>) -> bool {
    schedule.get("hour").and_then(Value::as_i64).is_some_and(|hour| (0..=23).contains(&hour))
}

/// `60s`, `15m`, `1h`, `1d`.
fn is_duration(text: &str) -> bool {
    let number = text.strip_suffix(['s', 'm', 'h', 'd']).unwrap_or("");
    number.parse::<u32>().is_ok_and(|number| number > 0)
}

fn missing(name: &str) -> Error {
    Error::missing("JobNotExist", format!("Job {name} does not exist"))
}

/// A rule as reads show it: with its state in both spellings, and its type for the job API.
fn shown(name: &str, rule: &Value, as_job: bool, normalised: bool) -> Value {
    let mut shown = rule.clone();
    if normalised {
        drop_empty(&mut shown["configuration"]);
        shown["configuration"]["internalVersion"] = json!(1);
        shown["jobSchedulingInstance"] = json!({ "kind": "alert" });
    }
    let enabled = rule.get("status").and_then(Value::as_str) != Some("DISABLED");
    shown["name"] = json!(name);
    shown["status"] = json!(if enabled { "ENABLED" } else { "DISABLED" });
    shown["state"] = json!(if enabled { "Enabled" } else { "Disabled" });
    if as_job {
        shown["type"] = json!("Alert");
    }
    shown
}

/// Removes members that are empty texts, lists or objects, from the inside out.
fn drop_empty(value: &mut Value) {
    let empty = |value: &Value| match value {
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        other => other.is_null(),
    };
    match value {
        Value::Array(items) => items.iter_mut().for_each(drop_empty),
        Value::Object(members) => {
            members.values_mut().for_each(drop_empty);
            members.retain(|_, member| !empty(member));
        }
        _ => {}
    }
}

fn normalises(request: &Request<'_>) -> bool {
    request.cloud.switches.is(&ALERT_ANSWER, "normalised")
}

/// CreateAlert. A rule is enabled from the start; only the job API can say otherwise.
pub(super) fn create(request: &mut Request<'_>) -> Answer {
    let rule: Map<String, Value> = request.json()?;
    add(request, rule, "ENABLED")
}

/// CreateJob for alerts: the same with a type, and with a state that counts.
pub(super) fn create_job(request: &mut Request<'_>) -> Answer {
    let mut rule: Map<String, Value> = request.json()?;
    let kind = rule.remove("type");
    if text(kind.as_ref()) != "Alert" {
        return Err(Error::bad(
            "NotSupported",
            format!("The job type is not supported: {}", text(kind.as_ref())),
        ));
    }
    let status = status_of(rule.remove("state").as_ref()).unwrap_or("ENABLED");
    add(request, rule, status)
}

fn status_of(state: Option<&Value>) -> Option<&'static str> {
    match text(state).to_ascii_lowercase().as_str() {
        "enabled" => Some("ENABLED"),
        "disabled" => Some("DISABLED"),
        _ => None,
    }
}

fn add(request: &mut Request<'_>, mut rule: Map<String, Value>, status: &str) -> Answer {
    let name = text(rule.get("name")).to_owned();
    check_name(&name)?;
    let (now, quotas) = (request.now(), request.cloud.switches.is(&QUOTAS, "on"));
    let project = request.project()?;
    check(&rule, &project.dashboards)?;
    if project.alerts.contains_key(&name) {
        // Code assumed; the wording is known.
        return Err(Error::bad("JobAlreadyExist", format!("Job {name} already exists")));
    }
    if quotas && project.alerts.len() >= QUOTA {
        return Err(Error::bad("ExceedQuota", "alert quota exceed"));
    }
    for member in ["state", "status"] {
        rule.remove(member);
    }
    rule.insert("status".to_owned(), json!(status));
    rule.insert("createTime".to_owned(), json!(now));
    rule.insert("lastModifiedTime".to_owned(), json!(now));
    project.alerts.insert(name, Value::Object(rule));
    done()
}

fn is_job(request: &Request<'_>) -> bool {
    request.call.path.starts_with("/jobs")
}

/// GetAlert and GetJob.
pub(super) fn get(request: &mut Request<'_>) -> Answer {
    let (name, as_job, normalised) = (request.name(0), is_job(request), normalises(request));
    let rule = request.project()?.alerts.get(name).ok_or_else(|| missing(name))?;
    answer(&shown(name, rule, as_job, normalised))
}

/// UpdateAlert and UpdateJob: replaces the rule; the job API may carry a state.
pub(super) fn update(request: &mut Request<'_>) -> Answer {
    let mut rule: Map<String, Value> = request.json()?;
    let (name, as_job, now) = (request.name(0), is_job(request), request.now());
    let project = request.project()?;
    let Some(stored) = project.alerts.get(name) else { return Err(missing(name)) };
    check(&rule, &project.dashboards)?;
    let wanted = status_of(rule.remove("state").as_ref()).filter(|_| as_job);
    rule.remove("type").filter(|_| !as_job).map(|kind| rule.insert("type".to_owned(), kind));
    let status = wanted.unwrap_or_else(|| match text(stored.get("status")) {
        "DISABLED" => "DISABLED",
        _ => "ENABLED",
    });
    rule.insert("status".to_owned(), json!(status));
    rule.insert("name".to_owned(), json!(name));
    rule.insert("createTime".to_owned(), stored.get("createTime").cloned().unwrap_or_else(|| json!(now)));
    rule.insert("lastModifiedTime".to_owned(), json!(now));
    project.alerts.insert(name.to_owned(), Value::Object(rule));
    done()
}

/// EnableAlert (`?action=enable`).
pub(super) fn enable(request: &mut Request<'_>) -> Answer {
    toggle(request, "ENABLED", "The job to enable has already enabled")
}

/// DisableAlert (`?action=disable`).
pub(super) fn disable(request: &mut Request<'_>) -> Answer {
    toggle(request, "DISABLED", "The job to disable has already disabled")
}

fn toggle(request: &mut Request<'_>, status: &str, already: &str) -> Answer {
    let (name, now) = (request.name(0), request.now());
    let rule = request.project()?.alerts.get_mut(name).ok_or_else(|| missing(name))?;
    if text(rule.get("status")) == status {
        return Err(Error::parameter(already));
    }
    rule["status"] = json!(status);
    rule["lastModifiedTime"] = json!(now);
    done()
}

/// DeleteAlert and DeleteJob.
pub(super) fn delete(request: &mut Request<'_>) -> Answer {
    let name = request.name(0);
    request.project()?.alerts.remove(name).ok_or_else(|| missing(name))?;
    done()
}

/// ListAlerts, and ListJobs with `jobType=Alert`; the page size is at most 200.
pub(super) fn list(request: &mut Request<'_>) -> Answer {
    let (call, as_job, normalised) = (request.call, is_job(request), normalises(request));
    let wanted = |name| call.param(name).unwrap_or("");
    if as_job && !matches!(wanted("jobType"), "" | "Alert") {
        return answer(&json!({ "count": 0, "total": 0, "results": [] }));
    }
    let found: Vec<Value> = request
        .project()?
        .alerts
        .iter()
        .filter(|(name, rule)| name.contains(wanted("jobName")) && queries(rule, wanted("logstore")))
        .map(|(name, rule)| shown(name, rule, as_job, normalised))
        .collect();
    let (page, total) = request.page(found, 10, 200)?;
    answer(&json!({ "count": page.len(), "total": total, "results": page }))
}

/// Whether a rule queries the logstore, in the spelling of either version.
fn queries(rule: &Value, logstore: &str) -> bool {
    let list = rule.pointer("/configuration/queryList").and_then(Value::as_array);
    logstore.is_empty()
        || list.into_iter().flatten().any(|query| {
            ["store", "logStore", "logstore"].iter().any(|member| text(query.get(*member)) == logstore)
        })
}
