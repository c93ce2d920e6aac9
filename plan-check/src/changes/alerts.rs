//! Changes of alert rules. Whether another query finds as much cannot be seen from its text, so that any other query is told;
//! white space, a longer time and a further severity at the end are not.

use time::OffsetDateTime;

use super::found::{Changes, Subject};
use crate::planned::{AlertView, Planned};

pub(super) fn compare(before: &Planned, after: &Planned, changes: &mut Changes<'_>, now: OffsetDateTime) {
    for (id, old) in &before.alerts {
        let subject = Subject {
            kind: "alert",
            id,
            account: &old.account,
            region: old.region.as_deref(),
            location: Some(&old.location),
        };
        match after.alerts.get(id) {
            None => changes.weakens("alert.deleted", subject, "is deleted"),
            // It tells nobody anything now.
            Some(_) if !old.alert.enabled => {}
            Some(new) if !new.alert.enabled => changes.weakens("alert.disabled", subject, "is switched off"),
            Some(new) => alert(old, new, subject, changes, now),
        }
    }
}

fn alert(
    old: &AlertView,
    new: &AlertView,
    subject: Subject<'_>,
    changes: &mut Changes<'_>,
    now: OffsetDateTime,
) {
    if new.mute_until > now.unix_timestamp() && new.mute_until > old.mute_until {
        let moment = OffsetDateTime::from_unix_timestamp(new.mute_until);
        let until = moment.map_or_else(|_| new.mute_until.to_string(), |moment| moment.date().to_string());
        changes.weakens("alert.muted", subject, &format!("is silenced until {until}"));
    }
    if runs_otherwise(old, new) {
        changes.weakens("alert.schedule_changed", subject, "runs less often, or at other times");
    }
    let finds_less = old.queries.len() != new.queries.len()
        || old.queries.iter().zip(&new.queries).any(|(old, new)| {
            old.text != new.text || matches!((old.span, new.span), (Some(old), Some(new)) if new < old)
        });
    if new.is_unknown {
        changes.unknown("alert.query_changed", subject, "its queries");
    } else if finds_less || old.around != new.around {
        changes.weakens("alert.query_changed", subject, "looks for something else");
    }
    if !new.severities.starts_with(&old.severities)
        || old.condition != new.condition
        || new.threshold > old.threshold.max(1)
        || (old.no_data_fire && !new.no_data_fire)
    {
        changes.weakens("alert.condition_changed", subject, "fires under other conditions");
    }
    let seconds = |alert: &AlertView| {
        alert.policies.get("repeat_interval").and_then(|text| crate::planned::relative_seconds(text))
    };
    let is_rarer = matches!((seconds(old), seconds(new)), (Some(old), Some(new)) if new > old);
    let policy = |alert: &AlertView, name: &str| alert.policies.get(name).cloned();
    let is_told_otherwise = ["alert_policy_id", "action_policy_id"]
        .iter()
        .any(|name| policy(old, name).is_some() && policy(old, name) != policy(new, name));
    if is_rarer || is_told_otherwise || old.sinks.iter().any(|sink| !new.sinks.contains(sink)) {
        changes.weakens("alert.recipients_changed", subject, "tells others, or less often");
    }
}

fn runs_otherwise(old: &AlertView, new: &AlertView) -> bool {
    let (Some(before), Some(after)) = (old.schedule.get("type"), new.schedule.get("type")) else {
        // Defaults of a block that is not there on one side.
        return !old.schedule.is_empty() && !new.schedule.is_empty() && old.schedule != new.schedule;
    };
    let differs = |name: &str| old.schedule.get(name) != new.schedule.get(name);
    if before != after {
        return true;
    }
    match after.as_str() {
        "Cron" => differs("cron_expression") || differs("time_zone"),
        "Daily" => differs("hour") || differs("time_zone"),
        "Weekly" => differs("hour") || differs("day_of_week") || differs("time_zone"),
        "Hourly" => false,
        _ => {
            let seconds = |alert: &AlertView| {
                alert.schedule.get("interval").and_then(|text| crate::planned::relative_seconds(text))
            };
            matches!((seconds(old), seconds(new)), (Some(old), Some(new)) if new > old)
        }
    }
}
