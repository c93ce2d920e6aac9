//! A value of a resource, together with what of it is not known before the apply.

use baseline::Fact;
use serde_json::Value;

static NULL: Value = Value::Null;

/// A value, or a part of one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Node<'a> {
    value: &'a Value,
    unknown: &'a Value,
}

impl<'a> Node<'a> {
    pub(crate) fn new(value: &'a Value, unknown: &'a Value) -> Self {
        Self { value, unknown }
    }

    /// A member, which is null if there is none.
    pub(crate) fn get(self, name: &str) -> Self {
        let unknown = if self.is_unknown() { self.unknown } else { self.unknown.get(name).unwrap_or(&NULL) };
        Self { value: self.value.get(name).unwrap_or(&NULL), unknown }
    }

    /// Whether nothing of it is known.
    pub(crate) fn is_unknown(self) -> bool {
        self.unknown == &Value::Bool(true)
    }

    /// Whether it is null; what is unknown is not.
    pub(crate) fn is_null(self) -> bool {
        self.value.is_null() && !self.is_unknown()
    }

    /// The elements of a list or set; a single block is a list of one.
    pub(crate) fn items(self) -> Vec<Self> {
        let Value::Array(values) = self.value else {
            return if self.is_null() { Vec::new() } else { vec![self] };
        };
        let unknown = |at: usize| self.unknown.get(at).unwrap_or(&NULL);
        values.iter().enumerate().map(|(at, value)| Self { value, unknown: unknown(at) }).collect()
    }

    /// The first element: that of a block of which there is one at most.
    pub(crate) fn first(self) -> Option<Self> {
        self.items().into_iter().next()
    }

    /// The members of an object or a map.
    pub(crate) fn members(self) -> Vec<(&'a str, Self)> {
        let Value::Object(members) = self.value else { return Vec::new() };
        members.keys().map(|name| (name.as_str(), self.get(name))).collect()
    }

    /// The value as it is.
    pub(crate) fn value(self) -> &'a Value {
        self.value
    }

    fn fact<T>(self, name: &str, read: impl FnOnce(&'a Value) -> Option<T>) -> Fact<T> {
        let member = self.get(name);
        if member.is_unknown() {
            return not_yet(name);
        }
        if member.value.is_null() {
            return Fact::Absent;
        }
        read(member.value)
            .map_or_else(|| Fact::Unknown(format!("{name} has another form than expected")), Fact::Known)
    }

    /// A text; an empty one stands for none, as it does in states of older plugins.
    pub(crate) fn text(self, name: &str) -> Fact<String> {
        self.fact(name, |value| match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        })
        .and_then(|text| if text.is_empty() { Fact::Absent } else { Fact::Known(text) })
    }

    /// A whole number, also one that is written as text.
    pub(crate) fn number(self, name: &str) -> Fact<i64> {
        self.fact(name, |value| match value {
            #[allow(clippy::cast_possible_truncation, reason = "days and seconds are small")]
            Value::Number(number) => number.as_i64().or_else(|| number.as_f64().map(|number| number as i64)),
            Value::String(text) => text.parse().ok(),
            _ => None,
        })
    }

    /// A flag, also one that is written as text.
    pub(crate) fn flag(self, name: &str) -> Fact<bool> {
        self.fact(name, |value| match value {
            Value::Bool(flag) => Some(*flag),
            Value::String(text) => text.parse().ok(),
            _ => None,
        })
    }

    /// The texts of a list or set.
    pub(crate) fn texts(self, name: &str) -> Fact<Vec<String>> {
        let member = self.get(name);
        if member.items().iter().any(|item| item.is_unknown()) {
            return not_yet(name);
        }
        self.fact(name, |value| {
            let texts = value.as_array()?.iter().map(|text| text.as_str().map(str::to_owned));
            texts.collect::<Option<Vec<_>>>()
        })
    }
}

/// An attribute that nobody knows before the apply.
pub(crate) fn not_yet<T>(name: &str) -> Fact<T> {
    Fact::Unknown(format!("{name} is known after the apply only"))
}

/// A fact, or another one where there is none.
pub(crate) fn or<T>(fact: Fact<T>, otherwise: impl FnOnce() -> Fact<T>) -> Fact<T> {
    match fact {
        Fact::Absent => otherwise(),
        fact => fact,
    }
}
