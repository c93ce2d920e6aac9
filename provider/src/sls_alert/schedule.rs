//! Checks of when an alert rule runs (SLS API reference, CreateAlert).

use plugin::{Diagnostic, Diagnostics, Path};

use super::model::ScheduleModel;

/// The fields of a cron expression, with the least and the most that each can be.
const FIELDS: [(&str, u32, u32); 5] = [
    ("minute", 0, 59),
    ("hour", 0, 23),
    ("day of the month", 1, 31),
    ("month", 1, 12),
    ("day of the week", 0, 7),
];

/// Five fields of a cron expression, each with numbers in its own range. Names of days and what else some programs know is
/// left to the service.
pub(super) fn cron(text: &str) -> Result<(), String> {
    let fields: Vec<&str> = text.split_whitespace().collect();
    if fields.len() != FIELDS.len() {
        return Err(format!(
            "{text:?} has {} fields. A cron expression has five: minute, hour, day of the month, month and day of the \
             week, such as \"0/15 * * * *\".",
            fields.len()
        ));
    }
    for (field, (name, least, most)) in fields.iter().zip(FIELDS) {
        if parts(field).any(|part| part.is_outside(least, most)) {
            return Err(format!(
                "{field:?} is not possible as the {name} of a cron expression. Use numbers from {least} to {most}, *, \
                 lists with commas, ranges with a hyphen and steps with a slash."
            ));
        }
    }
    Ok(())
}

/// What may not be meant so in a cron expression that passes [`cron`].
fn doubtful_cron(text: &str) -> Option<String> {
    text.split_whitespace().zip(FIELDS).find_map(|(field, (name, ..))| {
        let why = parts(field).find_map(|part| {
            if part.is_unread {
                Some("is not a number, *, a range or a step, which is all that the service documents")
            } else if part.from > part.to {
                Some("is a range that ends before it begins")
            } else {
                None
            }
        })?;
        Some(format!("{field:?}, the {name} of the cron expression, {why}. The service may refuse it, or never run the rule."))
    })
}

/// One entry of a field's list.
struct Part {
    /// The numbers of a range; both are the same of a single one, and unset without numbers.
    from: Option<u32>,
    to: Option<u32>,
    step: Option<u32>,
    is_unread: bool,
}

impl Part {
    fn is_outside(&self, least: u32, most: u32) -> bool {
        let numbers = [self.from, self.to];
        numbers.into_iter().flatten().any(|number| !(least..=most).contains(&number)) || self.step == Some(0)
    }
}

fn parts(field: &str) -> impl Iterator<Item = Part> {
    field.split(',').map(|part| {
        let (range, step) = part.split_once('/').map_or((part, None), |(range, step)| (range, Some(step)));
        let (from, to) = range.split_once('-').unwrap_or((range, range));
        // A number that is too long is outside of every range.
        let number = |text: &str| {
            let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| text.parse().unwrap_or(u32::MAX))
        };
        let (from, to) = (number(from), number(to));
        let is_read = matches!(range, "*" | "?") || from.is_some() && to.is_some();
        let step_read = step.is_none_or(|step| number(step).is_some());
        Part { from, to, step: step.and_then(number), is_unread: !(is_read && step_read) }
    })
}

/// An offset from UTC that some place of the world has.
pub(super) fn time_zone(text: &str) -> Result<(), String> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or_default();
    let is_offset = digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit());
    let furthest = if text.starts_with('-') { "1200" } else { "1400" };
    if is_offset && *digits <= *furthest && digits[2..] < *"60" {
        return Ok(());
    }
    Err(format!("{text:?} is not an offset from UTC. Write such as \"+0800\", from \"-1200\" to \"+1400\"."))
}

/// A wait before a run.
pub(super) fn delay(seconds: &i64) -> Result<(), String> {
    if (0..=3600).contains(seconds) {
        return Ok(());
    }
    Err(format!("{seconds} seconds are not possible. Use 0 to 3600."))
}

/// An hour of the day.
pub(super) fn hour(hour: &i64) -> Result<(), String> {
    if (0..=23).contains(hour) { Ok(()) } else { Err(format!("{hour} is not an hour. Use 0 to 23.")) }
}

/// A day of the week.
pub(super) fn day_of_week(day: &i64) -> Result<(), String> {
    if (0..=6).contains(day) {
        return Ok(());
    }
    Err(format!("{day} is not a day of the week. Use 0 (Sunday) to 6 (Saturday)."))
}

/// What goes across the attributes of a schedule.
pub(super) fn check(schedule: &ScheduleModel, found: &mut Diagnostics) {
    let at = |name: &str| Path::attribute("schedule").child(name);
    let kind = match schedule.r#type.as_str() {
        None if schedule.r#type.is_unknown() => return,
        kind => kind.unwrap_or("FixedRate"),
    };
    let needed: &[(&str, bool)] = match kind {
        "Cron" => &[("cron_expression", schedule.cron_expression.is_null())],
        "Hourly" => &[],
        "Daily" => &[("hour", schedule.hour.is_null())],
        "Weekly" => &[("day_of_week", schedule.day_of_week.is_null()), ("hour", schedule.hour.is_null())],
        _ => &[("interval", schedule.interval.is_null())],
    };
    for (needed, _) in needed.iter().filter(|(_, is_missing)| *is_missing) {
        found.push(
            Diagnostic::error(
                format!("Schedule without {needed}"),
                format!(
                    "A schedule of type {kind} needs {needed}. Set it, or choose another type: FixedRate with interval, Cron \
                     with cron_expression, Hourly, Daily with hour, Weekly with day_of_week and hour."
                ),
            )
            .at(at(needed)),
        );
    }
    if let Some(doubt) = schedule.cron_expression.as_str().filter(|_| kind == "Cron").and_then(doubtful_cron)
    {
        found.push(Diagnostic::warning("Doubtful cron_expression", doubt).at(at("cron_expression")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cron_expressions_have_five_fields_in_their_ranges() {
        for fine in ["0/15 * * * *", "0 8 * * 1-5", "5,35 0 1 1 ?", "0 8 * * MON-FRI", "0 22-2 * * *"] {
            assert_eq!(cron(fine), Ok(()), "{fine}");
        }
        for (bad, why) in [
            ("* * * *", "has 4 fields"),
            ("60 * * * *", "as the minute"),
            ("0 24 * * *", "as the hour"),
            ("0 0 0 * *", "as the day of the month"),
            ("* * * 13 *", "as the month"),
            ("* * * * 8", "as the day of the week"),
            ("*/0 * * * *", "as the minute"),
            ("0-99999999999 * * * *", "as the minute"),
        ] {
            assert!(cron(bad).unwrap_err().contains(why), "{bad}");
        }
        assert_eq!(doubtful_cron("5,35 0/2 1-5 * ?"), None);
        for (doubtful, why) in
            [("0 8 * * MON", "the day of the week"), ("0 22-2 * * *", "ends before it begins")]
        {
            assert!(doubtful_cron(doubtful).is_some_and(|doubt| doubt.contains(why)), "{doubtful}");
        }
    }

    #[test]
    fn offsets_are_those_of_the_world() {
        for fine in ["+0800", "+0000", "-1200", "+1400", "+0545"] {
            assert_eq!(time_zone(fine), Ok(()), "{fine}");
        }
        for bad in ["0800", "+0860", "+1430", "-1300", "+08:00", "UTC", "é0800", ""] {
            assert!(time_zone(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn each_type_needs_what_says_when() {
        let missing = |schedule: ScheduleModel| {
            let mut found = Diagnostics::new();
            check(&schedule, &mut found);
            found.0.into_iter().map(|one| one.path.to_string()).collect::<Vec<_>>()
        };
        let of = |kind: &str| ScheduleModel { r#type: kind.into(), ..ScheduleModel::default() };
        assert_eq!(missing(ScheduleModel::default()), ["schedule.interval"]);
        assert_eq!(missing(of("Cron")), ["schedule.cron_expression"]);
        assert!(missing(of("Hourly")).is_empty());
        assert_eq!(missing(of("Daily")), ["schedule.hour"]);
        assert_eq!(missing(of("Weekly")), ["schedule.day_of_week", "schedule.hour"]);
        assert!(missing(ScheduleModel { hour: 3.into(), day_of_week: 0.into(), ..of("Weekly") }).is_empty());
        let doubtful = ScheduleModel { cron_expression: "0 8 * * MON".into(), ..of("Cron") };
        assert_eq!(missing(doubtful), ["schedule.cron_expression"]);
    }
}
