//! When an alert falls silent, or tells less than before.
//!
//! Whether another query finds as much cannot be seen from its text, so that any other query is told, as are other times
//! and other recipients. What only looks different (white space), finds more (a longer time, a further severity at the
//! end) or says more (texts, labels, groups) is not.

use plugin::{Attr, DestructiveChange, Path};
use time::OffsetDateTime;

use super::check::seconds;
use super::configuration::{ConditionModel, ConfigurationModel, EventStoreModel, QueryModel, SeverityModel};
use super::model::{AlertModel, ScheduleModel};

/// What is no longer noticed once `prior` becomes `planned`, or is deleted.
pub(super) fn destructive_changes(
    prior: &AlertModel,
    planned: Option<&AlertModel>,
) -> Vec<DestructiveChange> {
    destructive_changes_at(OffsetDateTime::now_utc(), prior, planned)
}

fn destructive_changes_at(
    now: OffsetDateTime,
    prior: &AlertModel,
    planned: Option<&AlertModel>,
) -> Vec<DestructiveChange> {
    const SILENT: &str = "What it looks for is still recorded, and nobody is told about it.";
    let label = prior.label();
    let destructive_change = |path: Path, what: &str, detail: String| DestructiveChange {
        path,
        summary: format!("{label} {what}"),
        detail,
    };
    let Some(planned) = planned else {
        return vec![destructive_change(Path::root(), "is deleted", SILENT.to_owned())];
    };
    if !prior.is_on() {
        // It tells nobody anything now.
        return Vec::new();
    }
    if !planned.is_on() {
        return vec![destructive_change(Path::attribute("status"), "is switched off", SILENT.to_owned())];
    }
    let mut found = Vec::new();
    if let (Some(before), Some(after)) = (prior.schedule.get(), planned.schedule.get())
        && let Some(detail) = runs_otherwise(before, after)
    {
        found.push(destructive_change(Path::attribute("schedule"), "runs at other times", detail));
    }
    let (Some(before), Some(after)) = (prior.configuration.get(), planned.configuration.get()) else {
        return found;
    };
    for (attribute, what, detail) in [mutes(now, before, after), asks_otherwise(before, after)]
        .into_iter()
        .flatten()
        .chain(fires_otherwise(before, after))
        .chain(tells_others(before, after))
    {
        found.push(destructive_change(Path::attribute("configuration").child(attribute), what, detail));
    }
    found
}

/// An attribute, what the alert does from now on, and what that means.
type Change = (&'static str, &'static str, String);

/// Whether a text changes in more than white space. One that is not known yet does not.
fn differs(before: &Attr<String>, after: &Attr<String>) -> bool {
    let words = |text: &Attr<String>| {
        text.as_str().unwrap_or_default().split_whitespace().map(str::to_owned).collect::<Vec<_>>()
    };
    !after.is_unknown() && words(before) != words(after)
}

/// Whether a time such as `15m` becomes longer.
fn is_longer(before: &Attr<String>, after: &Attr<String>) -> bool {
    let length = |text: &Attr<String>| text.as_str().and_then(seconds);
    matches!((length(before), length(after)), (Some(before), Some(after)) if after > before)
}

fn turned_off(before: &Attr<bool>, after: &Attr<bool>) -> bool {
    before.get() == Some(&true) && after.get() == Some(&false)
}

fn runs_otherwise(before: &ScheduleModel, after: &ScheduleModel) -> Option<String> {
    let notified = |schedule: &ScheduleModel| {
        let hour = schedule.hour.get().copied().unwrap_or_default();
        let at = match schedule.r#type.as_str() {
            Some("Cron") => format!("at {:?}", schedule.cron_expression.as_str().unwrap_or_default()),
            Some("Hourly") => return "every hour".to_owned(),
            Some("Daily") => format!("every day at {hour}:00"),
            Some("Weekly") => {
                format!(
                    "on day {} of the week at {hour}:00",
                    schedule.day_of_week.get().copied().unwrap_or_default()
                )
            }
            _ => return format!("every {}", schedule.interval.as_str().unwrap_or_default()),
        };
        match schedule.time_zone.as_str() {
            Some(zone) => format!("{at} ({zone})"),
            None => at,
        }
    };
    let moved = |before: &Attr<i64>, after: &Attr<i64>| !after.is_unknown() && before.get() != after.get();
    let zone = || differs(&before.time_zone, &after.time_zone);
    let other = differs(&before.r#type, &after.r#type)
        || match after.r#type.as_str() {
            Some("Cron") => differs(&before.cron_expression, &after.cron_expression) || zone(),
            Some("Daily") => moved(&before.hour, &after.hour) || zone(),
            Some("Weekly") => {
                moved(&before.hour, &after.hour) || moved(&before.day_of_week, &after.day_of_week) || zone()
            }
            Some("Hourly") => false,
            _ => is_longer(&before.interval, &after.interval),
        };
    other.then(|| {
        format!(
            "From the apply on, it runs {} instead of {}: what happens between the runs is noticed later, or not at all if \
             the queries do not reach back that far.",
            notified(after),
            notified(before)
        )
    })
}

fn mutes(now: OffsetDateTime, before: &ConfigurationModel, after: &ConfigurationModel) -> Option<Change> {
    let until = *after.mute_until.get()?;
    let was = before.mute_until.get().copied().unwrap_or_default();
    if until <= now.unix_timestamp() || until <= was {
        return None;
    }
    let moment = OffsetDateTime::from_unix_timestamp(until)
        .map_or_else(|_| format!("{until} seconds after 1970"), |moment| format!("{} UTC", moment.date()));
    Some(("mute_until", "is silenced", format!("Until {moment}, nobody is told of what it finds.")))
}

fn asks_otherwise(before: &ConfigurationModel, after: &ConfigurationModel) -> Option<Change> {
    // A rule that is made of a template alone has none.
    let none = Vec::new();
    let old = before.query_list.get().unwrap_or(&none);
    let new = match &after.query_list {
        Attr::Unknown(_) => return None,
        queries => queries.get().unwrap_or(&none),
    };
    let detail = |what: &str| {
        format!("From the apply on, {what}: what only the old search finds is no longer noticed.")
    };
    if old.len() != new.len() {
        let what = format!("it asks {} queries instead of {}", new.len(), old.len());
        return Some(("query_list", "searches for something else", detail(&what)));
    }
    if let Some(what) = old.iter().zip(new).find_map(|(old, new)| other_query(old, new)) {
        return Some(("query_list", "searches for something else", detail(&what)));
    }
    let joins = |configuration: &ConfigurationModel| configuration.join_configurations.get().cloned();
    let (old, new) = (joins(before).unwrap_or_default(), joins(after).unwrap_or_default());
    let same = old.len() == new.len()
        && old
            .iter()
            .zip(&new)
            .all(|(old, new)| !differs(&old.r#type, &new.r#type) && !differs(&old.condition, &new.condition));
    if !same && !after.join_configurations.is_unknown() {
        let what = detail("it puts the results of its queries together in another way");
        return Some(("join_configurations", "searches for something else", what));
    }
    let (old, new) = (before.template_configuration.get()?, after.template_configuration.get()?);
    let tokens = |tokens: &Attr<_>| tokens.get().cloned().unwrap_or_default();
    let other = differs(&old.template_id, &new.template_id)
        || (!new.tokens.is_unknown() && tokens(&old.tokens) != tokens(&new.tokens));
    other.then(|| {
        (
            "template_configuration",
            "searches for something else",
            detail("its template is another, or filled otherwise"),
        )
    })
}

/// How a query finds other things than before, in words.
fn other_query(old: &QueryModel, new: &QueryModel) -> Option<String> {
    if differs(&old.query, &new.query) {
        return Some(format!(
            "it asks {:?} instead of {:?}",
            new.query.as_str().unwrap_or_default(),
            old.query.as_str().unwrap_or_default()
        ));
    }
    let scopes = [
        (&old.store_type, &new.store_type),
        (&old.store, &new.store),
        (&old.project, &new.project),
        (&old.region, &new.region),
        (&old.role_arn, &new.role_arn),
    ];
    if scopes.into_iter().any(|(old, new)| differs(old, new)) {
        return Some(format!("it asks other logs, those of {:?}", new.store.as_str().unwrap_or_default()));
    }
    let span = |query: &QueryModel| {
        format!(
            "from {} to {}",
            query.start.as_str().unwrap_or_default(),
            query.end.as_str().unwrap_or_default()
        )
    };
    let back = |query: &QueryModel| query.start.as_str().and_then(|start| seconds(start.strip_prefix('-')?));
    let ends_otherwise = differs(&old.end, &new.end) || differs(&old.time_span_type, &new.time_span_type);
    let shorter = match (back(old), back(new)) {
        (Some(old), Some(new)) => new < old,
        _ => differs(&old.start, &new.start),
    };
    (ends_otherwise || shorter).then(|| format!("it searches {} instead of {}", span(new), span(old)))
}

fn fires_otherwise(before: &ConfigurationModel, after: &ConfigurationModel) -> Vec<Change> {
    let mut found = Vec::new();
    let mut change = |attribute, detail: String| found.push((attribute, "may not fire as before", detail));
    let none = Vec::new();
    let old = before.severity_configurations.get().unwrap_or(&none);
    let new = after.severity_configurations.get().unwrap_or(&none);
    if !after.severity_configurations.is_unknown() && !fires_as_much(old, new) {
        change(
            "severity_configurations",
            "From the apply on, other conditions or lower severities hold: what fired it may no longer do so, or may be \
             taken less seriously."
                .to_owned(),
        );
    }
    if let Some(new) = after.condition_configuration.get().filter(|new| !is_empty(new)) {
        let same = before.condition_configuration.get().is_some_and(|old| !other_condition(old, new));
        if !same {
            change(
                "condition_configuration",
                "From the apply on, another condition has to hold besides that of the severity.".to_owned(),
            );
        }
    }
    if let (Some(old), Some(new)) = (before.threshold.get(), after.threshold.get())
        && new > old
    {
        change(
            "threshold",
            format!(
                "From the apply on, {new} runs in a row have to find something before it fires, instead of {old}."
            ),
        );
    }
    if turned_off(&before.no_data_fire, &after.no_data_fire) {
        change(
            "no_data_fire",
            "From the apply on, it no longer fires when its queries return nothing, as they do when logs stop coming."
                .to_owned(),
        );
    }
    found
}

/// Whether all that fired is still followed by an alert that is as grave. What is added at the end adds to that.
fn fires_as_much(old: &[SeverityModel], new: &[SeverityModel]) -> bool {
    let nothing = ConditionModel::default();
    let condition = |model: &SeverityModel| model.eval_condition.get().unwrap_or(&nothing).clone();
    let as_severe = |(old, new): (&SeverityModel, &SeverityModel)| {
        let lower = matches!((old.severity.get(), new.severity.get()), (Some(old), Some(new)) if new < old);
        !lower && (new.eval_condition.is_unknown() || !other_condition(&condition(old), &condition(new)))
    };
    new.len() >= old.len() && old.iter().zip(new).all(as_severe)
}

fn other_condition(old: &ConditionModel, new: &ConditionModel) -> bool {
    differs(&old.condition, &new.condition) || differs(&old.count_condition, &new.count_condition)
}

fn is_empty(condition: &ConditionModel) -> bool {
    !other_condition(&ConditionModel::default(), condition)
}

fn tells_others(before: &ConfigurationModel, after: &ConfigurationModel) -> Vec<Change> {
    let mut found = Vec::new();
    let mut change = |attribute, detail: String| found.push((attribute, "tells others than before", detail));
    if let (Some(old), Some(new)) = (before.policy_configuration.get(), after.policy_configuration.get()) {
        let was = old.action_policy_id.as_str().unwrap_or_default();
        if !was.is_empty() && differs(&old.action_policy_id, &new.action_policy_id) {
            let now = match new.action_policy_id.as_str() {
                Some(now) => format!("those of action policy {now:?} are told"),
                None => "nobody is told".to_owned(),
            };
            change(
                "policy_configuration",
                format!("From the apply on, {now} instead of those of action policy {was:?}."),
            );
        } else if differs(&old.alert_policy_id, &new.alert_policy_id) {
            change(
                "policy_configuration",
                format!(
                    "From the apply on, alert policy {:?} decides which alerts are merged and which are silenced.",
                    new.alert_policy_id.as_str().unwrap_or_default()
                ),
            );
        } else if is_longer(&old.repeat_interval, &new.repeat_interval) {
            change(
                "policy_configuration",
                format!(
                    "From the apply on, the same alert is sent again after {} instead of {}.",
                    new.repeat_interval.as_str().unwrap_or_default(),
                    old.repeat_interval.as_str().unwrap_or_default()
                ),
            );
        }
    }
    if turned_off(&before.sink_alerthub_enabled, &after.sink_alerthub_enabled) {
        change(
            "sink_alerthub_enabled",
            "From the apply on, alerts no longer go to the alert centre, where policies act on them: nobody is told."
                .to_owned(),
        );
    }
    if turned_off(&before.sink_cms_enabled, &after.sink_cms_enabled) {
        change("sink_cms_enabled", "From the apply on, alerts no longer go to Cloud Monitor.".to_owned());
    }
    let receives = |store: &&EventStoreModel| store.enabled.get() != Some(&false);
    if let Some(old) = before.sink_event_store.get().filter(receives)
        && !after.sink_event_store.is_unknown()
    {
        let stays = |new: &&EventStoreModel| {
            !differs(&old.event_store, &new.event_store) && !differs(&old.project, &new.project)
        };
        if after.sink_event_store.get().filter(receives).filter(stays).is_none() {
            change(
                "sink_event_store",
                format!(
                    "From the apply on, alerts no longer go to the event store {:?}.",
                    old.event_store.as_str().unwrap_or_default()
                ),
            );
        }
    }
    found
}

#[cfg(test)]
#[path = "destructive_changes_tests.rs"]
mod tests;
