//! The `timeouts` block that every resource has.

use std::time::Duration;

use crate::schema::{Attribute, Kind, Nesting};
use crate::value::{Object, Type, Value};

/// Name of the block.
pub const BLOCK: &str = "timeouts";

const DEFAULT: Duration = Duration::from_secs(600);

/// The block's declaration.
pub(crate) fn attribute() -> Attribute {
    let operation = |name, description| Attribute {
        checks: vec![|value: &Value| match value.as_str() {
            Some(text) if parse(text).is_none() => Err(format!(
                "{text:?} is not a duration. Write a number with a unit, such as \"90s\", \"10m\" or \"1h30m\"."
            )),
            _ => Ok(()),
        }],
        ..Attribute::optional(name, description, Kind::Type(Type::String))
    };
    let operations = vec![
        operation("create", "How long creating may take. Default: `10m`."),
        operation("read", "How long reading may take. Default: `10m`."),
        operation("update", "How long updating may take. Default: `10m`."),
        operation("delete", "How long deleting may take. Default: `10m`."),
    ];
    Attribute {
        block: true,
        ..Attribute::optional(
            BLOCK,
            "How long operations may take.",
            Kind::Nested(Nesting::Single, operations),
        )
    }
}

/// How long an operation on this object may take.
pub(crate) fn of(object: Option<&Object>, operation: &str) -> Duration {
    let Some(Value::Map(block)) = object.and_then(|object| object.get(BLOCK)) else { return DEFAULT };
    block.get(operation).and_then(Value::as_str).and_then(parse).unwrap_or(DEFAULT)
}

/// Reads a duration as Terraform users write it: `90s`, `10m`, `1h30m`.
fn parse(text: &str) -> Option<Duration> {
    let mut rest = text;
    let mut total = Duration::ZERO;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let number: u64 = rest[..digits].parse().ok()?;
        let unit_end = rest[digits..].find(|c: char| c.is_ascii_digit()).map_or(rest.len(), |at| digits + at);
        let unit = match &rest[digits..unit_end] {
            "ms" => Duration::from_millis(1),
            "s" => Duration::from_secs(1),
            "m" => Duration::from_secs(60),
            "h" => Duration::from_secs(3600),
            _ => return None,
        };
        total = total.checked_add(unit.checked_mul(u32::try_from(number).ok()?)?)?;
        rest = &rest[unit_end..];
    }
    (total > Duration::ZERO).then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        assert_eq!(parse("90s"), Some(Duration::from_secs(90)));
        assert_eq!(parse("1h30m"), Some(Duration::from_secs(5400)));
        for wrong in ["", "10", "m", "10 m", "1d", "-1s", "99999999999999h", "0s"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_block_decides_and_ten_minutes_is_the_rest() {
        let block = Value::Map(Object::from([("create".into(), "2m".into()), ("read".into(), Value::Null)]));
        let object = Object::from([(BLOCK.into(), block)]);
        assert_eq!(of(Some(&object), "create"), Duration::from_secs(120));
        assert_eq!(of(Some(&object), "read"), DEFAULT);
        assert_eq!(of(None, "delete"), DEFAULT);
    }
}
