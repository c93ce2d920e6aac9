//! LookupEvents: the event history of the last 90 days.

use serde_json::{Value, json};
use time::macros::format_description;
use time::{Duration, OffsetDateTime, PrimitiveDateTime};

use crate::cloud::CloudState;
use crate::events::Event;
use crate::http::Call;
use crate::rpc::{self, Error, Outcome};

/// How far back the history goes.
const KEPT: Duration = Duration::days(90);
/// How long a query may span.
const SPAN: Duration = Duration::days(30);
/// What a query without times spans.
const DEFAULT_SPAN: Duration = Duration::days(7);

/// Keys of attributes, and where events hold the value. `SensitiveAction` marks nothing here.
const ATTRIBUTES: &[(&str, &str)] = &[
    ("ServiceName", "/serviceName"),
    ("EventName", "/eventName"),
    ("User", "/userIdentity/userName"),
    ("EventId", "/eventId"),
    ("ResourceType", "/resourceType"),
    ("ResourceName", "/resourceName"),
    ("EventRW", "/eventRW"),
    ("EventAccessKeyId", "/userIdentity/accessKeyId"),
    ("SensitiveAction", "/sensitiveAction"),
    ("SourceIpAddress", "/sourceIpAddress"),
    ("EventType", "/eventType"),
    ("RoleName", "/userIdentity/userName"),
];

pub(super) fn lookup(cloud: &CloudState, call: &Call) -> Outcome {
    let (start, end) = window(call, KEPT, SPAN)?;
    let size = page_size(call, "MaxResults", 50, 20)?;
    let forward = match rpc::text(call, "Direction") {
        None | Some("BACKWARD") => false,
        Some("FORWARD") => true,
        Some(_) => return Err(bad("InvalidQueryParameter", "Direction must be FORWARD or BACKWARD.")),
    };
    let filters = filters(call)?;
    let token = rpc::text(call, "NextToken").map(|token| {
        token
            .strip_prefix("seq-")
            .and_then(|text| text.parse::<u64>().ok())
            .ok_or_else(|| bad("InvalidNextToken", "NextToken is not one that was given out."))
    });
    let token = token.transpose()?;
    let wanted = |event: &&Event| {
        // Assumed: events of global services are found in every region.
        event.account == call.caller.account
            && (event.global || event.region == call.region)
            && event.time >= start
            && event.time <= end
            && token.is_none_or(|seq| if forward { event.seq > seq } else { event.seq < seq })
            && filters.iter().all(|filter| filter.fits(&event.value))
    };
    let mut found: Vec<&Event> = if forward {
        cloud.events.iter().filter(wanted).take(size + 1).collect()
    } else {
        cloud.events.iter().rev().filter(wanted).take(size + 1).collect()
    };
    let more = found.len() > size;
    found.truncate(size);
    let events: Vec<&Value> = found.iter().map(|event| event.value.as_ref()).collect();
    let mut answer = json!({
        "StartTime": rpc::timestamp(start),
        "EndTime": rpc::timestamp(end),
        "Events": events,
    });
    if let Some(last) = found.last().filter(|_| more) {
        answer["NextToken"] = json!(format!("seq-{}", last.seq));
    }
    Ok(answer)
}

fn bad(code: &str, message: &str) -> Error {
    Error::new(400, code, message)
}

/// A filter by one attribute.
struct Filter<'c> {
    key: &'static str,
    pointer: &'static str,
    value: &'c str,
}

impl Filter<'_> {
    fn fits(&self, event: &Value) -> bool {
        let Some(text) = event.pointer(self.pointer).and_then(Value::as_str) else { return false };
        match self.key {
            // Sessions are named after their role.
            "RoleName" => {
                event["userIdentity"]["type"] == "assumed-role" && text.split(':').next() == Some(self.value)
            }
            _ => text == self.value,
        }
    }
}

/// `LookupAttribute.N.Key` and `.Value`: the first two count, and of two with the same key the second.
fn filters(call: &Call) -> Result<Vec<Filter<'_>>, Error> {
    let mut filters: Vec<Filter<'_>> = Vec::new();
    for number in 1..=2 {
        let Some(name) = rpc::text(call, &format!("LookupAttribute.{number}.Key")) else { break };
        let value = call.param(&format!("LookupAttribute.{number}.Value"));
        let (Some((key, pointer)), Some(value)) =
            (ATTRIBUTES.iter().find(|(known, _)| *known == name), value)
        else {
            let message = "LookupAttribute needs a known Key and a Value.";
            return Err(bad("InvalidLookupAttributesException", message));
        };
        filters.retain(|filter| filter.key != *key);
        filters.push(Filter { key, pointer, value });
    }
    Ok(filters)
}

/// How many items a page has, in a text parameter.
pub(super) fn page_size(call: &Call, name: &str, most: usize, default: usize) -> Result<usize, Error> {
    let Some(text) = rpc::text(call, name) else { return Ok(default) };
    text.parse()
        .ok()
        .filter(|size| (1..=most).contains(size))
        .ok_or_else(|| bad("InvalidQueryParameter", &format!("{name} must be between 1 and {most}.")))
}

/// The times that a query spans; both parameters or none.
pub(super) fn window(
    call: &Call,
    kept: Duration,
    span: Duration,
) -> Result<(OffsetDateTime, OffsetDateTime), Error> {
    let parse = |name: &str, code: &str| {
        rpc::text(call, name)
            .map(|text| time(text).ok_or_else(|| bad(code, &format!("{name} is not a time."))))
    };
    let start = parse("StartTime", "InvalidParameterStartTime").transpose()?;
    let end = parse("EndTime", "InvalidParameterEndTime").transpose()?;
    let (start, end) = match (start, end) {
        (Some(start), Some(end)) => (start, end),
        (None, None) => (call.now - DEFAULT_SPAN, call.now),
        _ => return Err(bad("InvalidParameterCombination", "StartTime and EndTime go together.")),
    };
    let refusal = if end < start {
        Some(("InvalidParameterCombination", "EndTime is before StartTime."))
    } else if start > call.now {
        Some(("InvalidParameterStartTimeExceedsCurrent", "StartTime is in the future."))
    } else if start < call.now - kept {
        Some(("InvalidParameterStartTimeOutOfDate", "StartTime is longer ago than events are kept."))
    } else if end - start > span {
        Some(("InvalidParameterDateOutOfRange", "StartTime and EndTime are too far apart."))
    } else {
        None
    };
    refusal.map_or(Ok((start, end)), |(code, message)| Err(bad(code, message)))
}

fn time(text: &str) -> Option<OffsetDateTime> {
    let format = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");
    PrimitiveDateTime::parse(text, format).ok().map(PrimitiveDateTime::assume_utc)
}
