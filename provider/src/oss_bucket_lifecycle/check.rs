//! Checks of single values of rules and of the set as a whole, before any call (OSS API reference, PutBucketLifecycle).

use plugin::value::Value;
use plugin::{Attr, Diagnostic, Diagnostics, Path};
use reconciler::bucket_document::lifecycle::day;
use time::{Date, OffsetDateTime};

use super::model::LifecycleModel;
use super::{overlap, retention, rule_check};

const MOST_RULES: usize = 1000;

/// Five terabytes: no object can be as large.
const MOST_BYTES: i64 = 5 * 1024 * 1024 * 1024 * 1024;

/// Checks across attributes.
pub(super) fn check(config: &LifecycleModel, found: &mut Diagnostics) {
    let Some(rules) = config.rules.get() else { return };
    let at = Path::attribute("rules");
    if rules.is_empty() {
        found.push(
            Diagnostic::error(
                "No lifecycle rules",
                "A bucket has at least one rule or no lifecycle at all. Write a rule, or remove the resource.",
            )
            .at(at.clone()),
        );
    }
    if rules.len() > MOST_RULES {
        found.push(
            Diagnostic::error(
                "Too many lifecycle rules",
                format!("There are {} rules; a bucket can have at most {MOST_RULES}.", rules.len()),
            )
            .at(at.clone()),
        );
    }
    for (id, rule) in rules {
        rule_check::check(id, rule, found);
    }
    overlap::check(config, rules, found);
    if let Some(minimum) = config.minimum_retention_days.get() {
        retention::check_minimum(*minimum, rules, OffsetDateTime::now_utc().date(), found);
    }
}

/// A prefix of object names.
pub(super) fn prefix(prefix: &str) -> Result<(), String> {
    match prefix.len() {
        0 => Err("It is empty. Leave prefix out for the whole bucket.".to_owned()),
        1..=1023 => Ok(()),
        length => Err(format!("It has {length} bytes; object names have at most 1023.")),
    }
}

/// A number of days.
pub(super) fn days(days: &i64) -> Result<(), String> {
    if (1..=i64::from(i32::MAX)).contains(days) {
        return Ok(());
    }
    Err(format!("{days} is not a number of days that the service takes. Days are counted from 1."))
}

/// Days of retention.
pub(crate) fn retention_days(days: &i64) -> Result<(), String> {
    if *days >= 1 {
        return Ok(());
    }
    Err(format!("{days} days are no retention. Use 1 or more, or leave minimum_retention_days out."))
}

/// A size of objects.
pub(super) fn object_size(size: &i64) -> Result<(), String> {
    if (1..MOST_BYTES).contains(size) {
        return Ok(());
    }
    Err(format!("{size} is not a size of objects in bytes. Use more than 0 and less than 5 TB."))
}

/// A day, in either spelling.
pub(super) fn created_before_date(text: &str) -> Result<(), String> {
    if day(text).is_some() {
        return Ok(());
    }
    Err(format!("{text:?} is not a day. Write it like \"2027-01-01\"; rules change at midnight UTC only."))
}

/// Whether two texts name the same day.
pub(super) fn same_date(one: &Value, other: &Value) -> bool {
    let day_of = |value: &Value| value.as_str().and_then(day);
    day_of(one).is_some_and(|one| day_of(other) == Some(one))
}

/// When an action comes: exactly one of the two is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    /// That many days after the last change.
    Days(i64),
    /// To everything from before that day.
    Date(Date),
}

impl When {
    pub(super) fn of(days: &Attr<i64>, date: &Attr<String>) -> Option<Self> {
        match (days, date) {
            (Attr::Known(days), Attr::Null) => Some(Self::Days(*days)),
            (Attr::Null, Attr::Known(date)) => day(date).map(Self::Date),
            _ => None,
        }
    }

    /// Whether this comes later than the other; `None` for a number of days and a date.
    pub(super) fn is_after(self, other: Self) -> Option<bool> {
        match (self, other) {
            (Self::Days(this), Self::Days(other)) => Some(this > other),
            (Self::Date(this), Self::Date(other)) => Some(this > other),
            _ => None,
        }
    }

    pub(super) fn is_date(self) -> bool {
        matches!(self, Self::Date(_))
    }
}

impl std::fmt::Display for When {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Days(1) => f.write_str("1 day"),
            Self::Days(days) => write!(f, "{days} days"),
            Self::Date(date) => write!(f, "created before {date}"),
        }
    }
}
