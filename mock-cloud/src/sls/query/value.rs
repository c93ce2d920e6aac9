//! Values of the SQL part: text, numbers, truth and nothing, and how they compare and print.

use std::cmp::Ordering;

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum SqlValue {
    /// Nothing.
    Null,
    /// Truth.
    Bool(bool),
    /// A number.
    Number(f64),
    /// A text.
    Text(String),
}

impl SqlValue {
    /// The number it is or reads as.
    pub(super) fn number(&self) -> Option<f64> {
        match self {
            SqlValue::Number(number) => Some(*number),
            SqlValue::Text(text) => text.trim().parse().ok(),
            SqlValue::Bool(_) | SqlValue::Null => None,
        }
    }

    /// Whether it counts as true; nothing does not.
    pub(super) fn is_true(&self) -> bool {
        *self == SqlValue::Bool(true)
    }

    /// As an answer shows it: every value is a string.
    pub(super) fn show(&self) -> String {
        match self {
            SqlValue::Null => "null".to_owned(),
            SqlValue::Bool(truth) => truth.to_string(),
            SqlValue::Number(number) => number.to_string(),
            SqlValue::Text(text) => text.clone(),
        }
    }

    /// Order of two values; a number and a text compare as numbers where the text is one. None when one is nothing.
    pub(super) fn compare(&self, other: &SqlValue) -> Option<Ordering> {
        match (self, other) {
            (SqlValue::Null, _) | (_, SqlValue::Null) => None,
            (SqlValue::Text(one), SqlValue::Text(two)) => Some(one.cmp(two)),
            (SqlValue::Bool(one), SqlValue::Bool(two)) => Some(one.cmp(two)),
            _ => self.number()?.partial_cmp(&other.number()?),
        }
    }

    /// Order for sorting: nothing comes last.
    pub(super) fn sort(&self, other: &SqlValue) -> Ordering {
        match (self, other) {
            (SqlValue::Null, SqlValue::Null) => Ordering::Equal,
            (SqlValue::Null, _) => Ordering::Greater,
            (_, SqlValue::Null) => Ordering::Less,
            _ => self.compare(other).unwrap_or_else(|| self.show().cmp(&other.show())),
        }
    }
}
