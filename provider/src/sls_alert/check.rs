//! Checks of an alert rule, before any call (SLS API reference, CreateAlert).

use plugin::{Diagnostic, Diagnostics, Path};

use super::configuration::{QueryModel, SeverityModel};
use super::model::{AlertModel, ScheduleModel};

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

/// Five fields of a cron expression, each with numbers in its own range.
pub(super) fn cron(text: &str) -> Result<(), String> {
    const FIELDS: [(&str, u32, u32); 5] = [
        ("minute", 0, 59),
        ("hour", 0, 23),
        ("day of the month", 1, 31),
        ("month", 1, 12),
        ("day of the week", 0, 7),
    ];
    let fields: Vec<&str> = text.split_whitespace().collect();
    if fields.len() != FIELDS.len() {
        return Err(format!(
            "{text:?} has {} fields. A cron expression has five: minute, hour, day of the month, month and day of the \
             week, such as \"0/15 * * * *\".",
            fields.len()
        ));
    }
    for (field, (name, least, most)) in fields.iter().zip(FIELDS) {
        let part = |part: &str| {
            let (range, step) =
                part.split_once('/').map_or((part, None), |(range, step)| (range, Some(step)));
            let number =
                |text: &str| text.parse::<u32>().is_ok_and(|number| (least..=most).contains(&number));
            let range = match range.split_once('-') {
                Some((from, to)) => number(from) && number(to),
                None => range == "*" || range == "?" || number(range),
            };
            range && step.is_none_or(|step| step.parse::<u32>().is_ok_and(|step| step > 0))
        };
        if !field.split(',').all(part) {
            return Err(format!(
                "{field:?} is not possible as the {name} of a cron expression. Use numbers from {least} to {most}, *, \
                 lists with commas, ranges with a hyphen and steps with a slash."
            ));
        }
    }
    Ok(())
}

/// An offset from UTC.
pub(super) fn time_zone(text: &str) -> Result<(), String> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or_default();
    let fits = digits.len() == 4
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && digits[..2] <= *"14"
        && digits[2..] < *"60";
    if fits { Ok(()) } else { Err(format!("{text:?} is not an offset from UTC. Write such as \"+0800\".")) }
}

/// A wait before a run.
pub(super) fn delay(seconds: &i64) -> Result<(), String> {
    if (0..=3600).contains(seconds) {
        return Ok(());
    }
    Err(format!("{seconds} seconds are not possible. Use 0 to 3600."))
}

/// A number of runs in a row.
pub(super) fn threshold(count: &i64) -> Result<(), String> {
    if *count >= 1 { Ok(()) } else { Err(format!("{count} is not possible. Use 1 or more.")) }
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

/// One to three queries.
pub(super) fn queries(queries: &[QueryModel]) -> Result<(), String> {
    if (1..=MOST_QUERIES).contains(&queries.len()) {
        return Ok(());
    }
    Err(format!("There are {} queries. An alert has 1 to {MOST_QUERIES}.", queries.len()))
}

/// At least one severity.
pub(super) fn severities(severities: &[SeverityModel]) -> Result<(), String> {
    if severities.is_empty() {
        return Err("There is no severity, so the rule could never fire. Name at least one.".to_owned());
    }
    Ok(())
}

/// A query that says something.
pub(super) fn query(query: &str) -> Result<(), String> {
    if query.trim().is_empty() {
        return Err("The query is empty. Write such as \"* | select count(1) as cnt\".".to_owned());
    }
    balanced(query)
}

/// A condition on a result.
pub(super) fn condition(text: &str) -> Result<(), String> {
    let count = text.chars().count();
    if text.trim().is_empty() {
        return Err("The condition is empty. Leave it out for any result.".to_owned());
    }
    if count > LONGEST_CONDITION {
        return Err(format!(
            "The condition has {count} characters; at most {LONGEST_CONDITION} are possible."
        ));
    }
    balanced(text)?;
    let bytes = text.as_bytes();
    let lone = bytes.iter().enumerate().any(|(at, byte)| {
        let before = at.checked_sub(1).and_then(|at| bytes.get(at));
        let after = bytes.get(at + 1);
        *byte == b'='
            && after != Some(&b'=')
            && after != Some(&b'~')
            && !matches!(before, Some(b'=' | b'!' | b'<' | b'>'))
    });
    if lone {
        return Err(format!("{text:?} has a single =. Two values are compared with ==."));
    }
    if text.trim_end().ends_with(['&', '|', '<', '>', '=', '+', '-', '*', '/', '!']) {
        return Err(format!("{text:?} ends in the middle. Write such as \"cnt > 0\"."));
    }
    Ok(())
}

/// Every bracket is closed, and every quote.
fn balanced(text: &str) -> Result<(), String> {
    let mut open = Vec::new();
    let mut quote = None;
    let mut escaped = false;
    for c in text.chars() {
        match (c, quote) {
            _ if escaped => escaped = false,
            ('\\', _) => escaped = true,
            (c, Some(begun)) if c == begun => quote = None,
            (_, Some(_)) => {}
            ('"' | '\'', None) => quote = Some(c),
            ('(', None) => open.push(c),
            (')', None) if open.pop().is_none() => {
                return Err(format!("{text:?} has a closing bracket too many."));
            }
            _ => {}
        }
    }
    match (quote, open.is_empty()) {
        (Some(quote), _) => Err(format!("{text:?} has a {quote} that is not closed.")),
        (None, false) => Err(format!("{text:?} has a bracket that is not closed.")),
        (None, true) => Ok(()),
    }
}

/// What goes across attributes.
pub(super) fn configuration(config: &AlertModel, found: &mut Diagnostics) {
    if let Some(wrong) = config.schedule.get().and_then(schedule_fits) {
        found.push(wrong);
    }
    let Some(configuration) = config.configuration.get() else { return };
    let path = |name: &str| Path::attribute("configuration").child(name);
    let joins = match &configuration.join_configurations {
        plugin::Attr::Unknown(_) => None,
        joins => Some(joins.get().map_or(0, Vec::len)),
    };
    if let (Some(queries), Some(joins)) = (configuration.query_list.get(), joins)
        && queries.len().saturating_sub(1) != joins
        && !(queries.len() == 1 && joins == 1)
    {
        found.push(
            Diagnostic::error(
                "Queries and joins do not fit",
                format!(
                    "There are {} queries and {joins} join_configurations. There is one for each query after the first.",
                    queries.len()
                ),
            )
            .at(path("join_configurations")),
        );
    }
    if let Some(group) = configuration.group_configuration.get() {
        let custom = group.r#type.as_str() == Some("custom");
        let fields = group.fields.get().is_some_and(|fields| !fields.is_empty());
        if custom && !fields && !group.fields.is_unknown() {
            found.push(
                Diagnostic::error(
                    "Groups of no fields",
                    "group_configuration of type custom makes one alert for each value of its fields. Set fields.",
                )
                .at(path("group_configuration").child("fields")),
            );
        }
    }
}

fn schedule_fits(schedule: &ScheduleModel) -> Option<Diagnostic> {
    let (needed, value) = match schedule.r#type.as_str() {
        None if schedule.r#type.is_unknown() => return None,
        Some("Cron") => ("cron_expression", &schedule.cron_expression),
        _ => ("interval", &schedule.interval),
    };
    value.is_null().then(|| {
        Diagnostic::error(
            format!("Schedule without {needed}"),
            format!(
                "A schedule of type {} needs {needed}. Set it, or choose the other type (FixedRate with interval, Cron with \
                 cron_expression).",
                schedule.r#type.as_str().unwrap_or("FixedRate")
            ),
        )
        .at(Path::attribute("schedule").child(needed))
    })
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
