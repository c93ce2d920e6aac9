//! Times such as `10m` or `4h0m0s`, as action policies have them.

use plugin::value::Value;

/// The seconds that a time means.
pub(super) fn seconds(text: &str) -> Option<u64> {
    let mut total: u64 = 0;
    let mut rest = text;
    // Hours, minutes and seconds, each at most once and in this order.
    for (unit, worth) in [('h', 3600), ('m', 60), ('s', 1)] {
        let Some((number, after)) = rest.split_once(unit) else { continue };
        if number.is_empty() || !number.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        total = total.checked_add(number.parse::<u64>().ok()?.checked_mul(worth)?)?;
        rest = after;
    }
    (rest.is_empty() && !text.is_empty()).then_some(total)
}

/// A time that is longer than none.
pub(super) fn check(text: &str) -> Result<(), String> {
    match seconds(text) {
        Some(seconds) if seconds > 0 => Ok(()),
        Some(_) => Err(format!("{text:?} is no time at all. Write how long to wait, such as \"10m\".")),
        None => Err(format!(
            "{text:?} is not a time. Write hours, minutes and seconds, such as \"10m\" or \"1h30m\"."
        )),
    }
}

/// Whether two texts mean the same time.
pub(super) fn same(one: &Value, other: &Value) -> bool {
    let seconds = |value: &Value| value.as_str().and_then(seconds);
    matches!((seconds(one), seconds(other)), (Some(one), Some(other)) if one == other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        assert_eq!(
            (seconds("4h0m0s"), seconds("90m"), seconds("1h30m5s")),
            (Some(14400), Some(5400), Some(5405))
        );
        for bad in ["", "10", "m", "10m5", "5s10m", "-1m", "1d", "10 m", "99999999999999999999h"] {
            assert!(check(bad).is_err(), "{bad}");
        }
        assert!(check("0s").unwrap_err().contains("no time"));
        assert!(
            same(&Value::from("10m"), &Value::from("10m0s"))
                && !same(&Value::from("10m"), &Value::from("10s"))
        );
        assert!(!same(&Value::from("x"), &Value::from("x")));
    }
}
