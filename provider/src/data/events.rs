//! `alitrail_events`: what happened in an account, from the history that ActionTrail keeps for 90 days.

use std::collections::BTreeMap;

use alibaba::actiontrail::LookupEvents;
use plugin::{Attr, Context, DataSource, Diagnostic, Diagnostics, Model, Path};
use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::config::Cloud;
use crate::failed_call::{failed_call, named};
use crate::resource_scope::resolve;
use crate::scope::{Location, RegionalQuery};

/// Keys that events can be looked up by (ActionTrail API reference, LookupEvents).
const KEYS: [&str; 12] = [
    "EventAccessKeyId",
    "EventId",
    "EventName",
    "EventRW",
    "EventType",
    "ResourceName",
    "ResourceType",
    "RoleName",
    "SensitiveAction",
    "ServiceName",
    "SourceIpAddress",
    "User",
];

/// The most events that are ever fetched: more belong into a query of the logstore.
const MOST: i64 = 5000;

/// The data source.
#[derive(Debug)]
pub struct EventsSource;

/// Attributes of `alitrail_events`.
#[derive(Debug, Clone, Default, Model)]
pub struct EventsModel {
    /// `id`, `region` and `account_id`.
    #[attr(
        flatten,
        describe(
            region = "Region whose events to look up; those of global services are with them. Default: the provider's."
        )
    )]
    pub scope: RegionalQuery,
    /// Begin of the time to look at, such as `2026-03-01T00:00:00Z`, at most 90 days ago. Default, together with `end_time`:
    /// the last seven days.
    #[attr(optional, check = utc)]
    pub start_time: Attr<String>,
    /// End of the time to look at, at most 30 days after the begin.
    #[attr(optional, check = utc)]
    pub end_time: Attr<String>,
    /// Only events that have these values, by key, at most two of `EventAccessKeyId`, `EventId`, `EventName`, `EventRW`,
    /// `EventType`, `ResourceName`, `ResourceType`, `RoleName`, `SensitiveAction`, `ServiceName`, `SourceIpAddress`,
    /// `User`. Values match exactly.
    #[attr(optional, check = lookup_attributes)]
    pub lookup_attributes: Attr<BTreeMap<String, String>>,
    /// Give the oldest events first (`FORWARD`) or the newest (`BACKWARD`).
    #[attr(default = "BACKWARD", one_of("BACKWARD", "FORWARD"))]
    pub direction: Attr<String>,
    /// The most events to give, 1 to 5000. Whether there are more says `truncated`.
    #[attr(default = 100, check = count)]
    pub max_events: Attr<i64>,
    /// Whether there are more events than `max_events`.
    #[attr(computed)]
    pub truncated: Attr<bool>,
    /// The events in order.
    #[attr(computed)]
    pub events: Attr<Vec<EventEntry>>,
}

/// One event of `alitrail_events`.
#[derive(Debug, Clone, Default, PartialEq, Model)]
pub struct EventEntry {
    /// Id.
    #[attr(computed)]
    pub event_id: Attr<String>,
    /// Name of the operation, such as `StopLogging`.
    #[attr(computed)]
    pub event_name: Attr<String>,
    /// When it happened.
    #[attr(computed)]
    pub event_time: Attr<String>,
    /// `Read` or `Write`.
    #[attr(computed)]
    pub event_rw: Attr<String>,
    /// `ApiCall`, `ConsoleOperation`, `ConsoleSignin` and so on.
    #[attr(computed)]
    pub event_type: Attr<String>,
    /// Service, such as `ActionTrail`.
    #[attr(computed)]
    pub service_name: Attr<String>,
    /// Where the request came from.
    #[attr(computed)]
    pub source_ip_address: Attr<String>,
    /// User who did it; for a role, the role and its session.
    #[attr(computed)]
    pub user_name: Attr<String>,
    /// Name of the resource it was done to.
    #[attr(computed)]
    pub resource_name: Attr<String>,
    /// Why the service refused it; null if it did not.
    #[attr(computed)]
    pub error_code: Attr<String>,
    /// The whole event as JSON.
    #[attr(computed)]
    pub json: Attr<String>,
}

fn utc(time: &str) -> Result<(), String> {
    if time.len() == 20 && time.ends_with('Z') && parse(time).is_some() {
        return Ok(());
    }
    Err(format!("{time:?} is not a time in UTC to the second, such as \"2026-03-01T00:00:00Z\"."))
}

fn parse(time: &str) -> Option<OffsetDateTime> {
    OffsetDateTime::parse(time, &Rfc3339).ok()
}

fn count(events: &i64) -> Result<(), String> {
    if (1..=MOST).contains(events) {
        return Ok(());
    }
    Err(format!("It must be 1 to {MOST}. For more, query the logstore of the trail."))
}

fn lookup_attributes(attributes: &BTreeMap<String, String>) -> Result<(), String> {
    if let Some(unknown) = attributes.keys().find(|key| !KEYS.contains(&key.as_str())) {
        return Err(format!("{unknown:?} is not a key to look up by. Use one of {}.", KEYS.join(", ")));
    }
    if attributes.len() > 2 {
        return Err(format!("There are {} keys, and the service takes two at most.", attributes.len()));
    }
    Ok(())
}

impl DataSource for EventsSource {
    type Client = Cloud;
    type Model = EventsModel;
    const TYPE: &'static str = "alitrail_events";
    const DESCRIPTION: &'static str = "Events of an account in a region, from the history that ActionTrail keeps for 90 days \
        whether or not there is a trail.";

    fn validate(config: &EventsModel, found: &mut Diagnostics) {
        let wrong =
            |why: &str| Diagnostic::error("Invalid time to look at", why).at(Path::attribute("end_time"));
        if config.start_time.is_null() != config.end_time.is_null() {
            found.push(wrong(
                "start_time and end_time go together. Set both, or neither for the last seven days.",
            ));
        }
        let parsed = |time: &Attr<String>| time.as_str().and_then(parse);
        if let (Some(start), Some(end)) = (parsed(&config.start_time), parsed(&config.end_time)) {
            if end < start {
                found.push(wrong("end_time is before start_time."));
            } else if end - start > time::Duration::days(30) {
                found.push(wrong(
                    "end_time is more than 30 days after start_time. Look at one month at a time.",
                ));
            }
        }
    }

    async fn read(context: &Context<Cloud>, config: EventsModel) -> Result<EventsModel, Diagnostics> {
        let scope = resolve(context, &config).await?;
        let which = LookupEvents {
            window: config.start_time.get().cloned().zip(config.end_time.get().cloned()),
            attributes: config.lookup_attributes.get().cloned().unwrap_or_default().into_iter().collect(),
            oldest_first: config.direction.as_str() == Some("FORWARD"),
        };
        let most =
            usize::try_from(config.max_events.get().copied().unwrap_or(MOST).min(MOST)).unwrap_or_default();
        let found = scope.client.actiontrail(&scope.region).lookup_events(&which, most).await;
        let found = found.map_err(|error| {
            named(failed_call(format!("look up events in {}", scope.region), &error), &scope)
        })?;
        Ok(EventsModel {
            scope: RegionalQuery::located(scope.region.clone().into(), &scope),
            truncated: found.more.into(),
            events: found.events.iter().map(entry).collect::<Vec<_>>().into(),
            ..config
        })
    }
}

fn entry(event: &Value) -> EventEntry {
    let text = |pointer: &str| {
        let text = event.pointer(pointer).and_then(Value::as_str).filter(|text| !text.is_empty());
        Attr::from(text.map(str::to_owned))
    };
    EventEntry {
        event_id: text("/eventId"),
        event_name: text("/eventName"),
        event_time: text("/eventTime"),
        event_rw: text("/eventRW"),
        event_type: text("/eventType"),
        service_name: text("/serviceName"),
        source_ip_address: text("/sourceIpAddress"),
        user_name: text("/userIdentity/userName"),
        resource_name: text("/resourceName"),
        error_code: text("/errorCode"),
        json: event.to_string().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(config: &EventsModel) -> Vec<String> {
        let mut found = Diagnostics::new();
        EventsSource::validate(config, &mut found);
        found.0.into_iter().map(|one| one.detail).collect()
    }

    #[test]
    fn times_keys_and_counts() {
        let window = |start: &str, end: &str| EventsModel {
            start_time: start.into(),
            end_time: end.into(),
            ..EventsModel::default()
        };
        let first = "2026-03-01T00:00:00Z";
        assert!(refused(&EventsModel::default()).is_empty());
        assert!(refused(&window(first, "2026-03-31T00:00:00Z")).is_empty());
        assert!(refused(&window(first, "2026-03-31T00:00:01Z"))[0].contains("30 days"));
        assert!(refused(&window(first, "2026-02-28T00:00:00Z"))[0].contains("before"));
        let half = EventsModel { end_time: Attr::Null, ..window(first, first) };
        assert!(refused(&half)[0].contains("go together"));
        assert!(utc(first).is_ok() && utc("2026-03-01").is_err() && utc("2026-03-01T00:00:00+08").is_err());
        assert!(count(&1).is_ok() && count(&5000).is_ok() && count(&0).is_err() && count(&5001).is_err());
        let keys =
            |keys: &[&str]| lookup_attributes(&keys.iter().map(|key| ((*key).into(), "x".into())).collect());
        assert!(keys(&["EventName", "User"]).is_ok());
        assert!(keys(&["eventName"]).unwrap_err().contains("EventName"));
        assert!(keys(&["EventName", "User", "EventRW"]).unwrap_err().contains("two at most"));
    }

    #[test]
    fn an_event_in_short() {
        let event = serde_json::json!({"eventName": "StopLogging", "userIdentity": {"userName": "ci"}, "errorCode": ""});
        let entry = entry(&event);
        assert_eq!(entry.event_name.as_str(), Some("StopLogging"));
        assert_eq!((entry.user_name.as_str(), &entry.error_code), (Some("ci"), &Attr::Null));
        assert!(entry.json.as_str().unwrap().contains("\"userName\":\"ci\""));
    }
}
