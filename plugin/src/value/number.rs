//! Exact numbers: Terraform's are arbitrary decimals, so a float would change some of them on the way through.

use std::fmt;

/// A number as Terraform means it: a 64-bit integer, or any other decimal as its text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Number {
    /// A whole number that fits 64 bits.
    Int(i64),
    /// Anything else, in the decimal text it arrived in.
    Decimal(String),
}

impl Number {
    /// Reads decimal text; `None` when it is not a number.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if let Ok(whole) = text.parse() {
            return Some(Self::Int(whole));
        }
        let digits = text.bytes().any(|byte| byte.is_ascii_digit());
        let shape = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'));
        (digits && shape && text.parse::<f64>().is_ok()).then(|| Self::Decimal(text.to_owned()))
    }

    /// The integer, when it is one.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Int(value) => Some(*value),
            Self::Decimal(_) => None,
        }
    }
}

impl From<f64> for Number {
    fn from(value: f64) -> Self {
        let text = value.to_string();
        Self::parse(&text).unwrap_or(Self::Decimal(text))
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(value) => value.fmt(f),
            Self::Decimal(text) => f.write_str(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Number;

    #[test]
    fn keeps_what_a_float_would_change() {
        for text in ["0.1", "12345678901234567890", "9223372036854775808", "1e30"] {
            assert_eq!(Number::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Number::parse("-7"), Some(Number::Int(-7)));
    }

    #[test]
    fn refuses_text_that_is_no_number() {
        for text in ["", "abc", "nan", "inf", "1 2", "-"] {
            assert_eq!(Number::parse(text), None, "{text}");
        }
    }
}
