//! Terraform values: what crosses the wire between Terraform and a provider, in one self-describing tree.
//!
//! Knows the value model of the plugin protocol (null and unknown at every level, refinements of unknowns,
//! exact numbers) and nothing of schemas; [`Type`] says how a value is laid out on the wire, [`msgpack`] and
//! [`json`] read and write it.

#[cfg(test)]
mod arbitrary;
pub mod json;
pub mod msgpack;
mod number;
mod types;

use std::collections::BTreeMap;

pub use number::Number;
pub use types::Type;

/// Deepest nesting that is read: far beyond any schema, far below what the stack holds.
pub(crate) const MAX_DEPTH: usize = 64;

/// The attributes of an object by name, or the elements of a map by key.
pub type Object = BTreeMap<String, Value>;

/// A value of any Terraform type.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Value {
    /// Not set.
    #[default]
    Null,
    /// Not known before apply, with what is already known about it.
    Unknown(Refinement),
    /// `true` or `false`.
    Bool(bool),
    /// A number, kept exactly.
    Number(Number),
    /// Text.
    String(String),
    /// Elements of a list or tuple in order, or of a set in sorted order without duplicates.
    List(Vec<Value>),
    /// Attributes of an object or elements of a map.
    Map(Object),
    /// A value that carries its type, for attributes declared dynamic.
    Dynamic(Box<(Type, Value)>),
}

/// What Terraform already knows about an unknown value (protocol: extension type 12).
///
/// Only the refinements that a provider can use are kept; dropping one only makes an unknown less precise.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Refinement {
    /// The value will certainly not be null.
    pub not_null: bool,
    /// The text will begin with this.
    pub prefix: Option<String>,
}

impl Value {
    /// An unknown of which nothing is known.
    pub const UNKNOWN: Self = Self::Unknown(Refinement { not_null: false, prefix: None });

    /// Whether the value is null.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Whether the value itself is unknown; its parts may be unknown even if it is not.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown(_))
    }

    /// Whether no part of the value is unknown.
    #[must_use]
    pub fn is_wholly_known(&self) -> bool {
        match self {
            Self::Unknown(_) => false,
            Self::List(items) => items.iter().all(Self::is_wholly_known),
            Self::Map(items) => items.values().all(Self::is_wholly_known),
            Self::Dynamic(inner) => inner.1.is_wholly_known(),
            _ => true,
        }
    }

    /// The text, when the value is a known string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The value with every unknown part replaced by null: what may be stored when an apply ended early.
    #[must_use]
    pub fn without_unknowns(self) -> Self {
        match self {
            Self::Unknown(_) => Self::Null,
            Self::List(items) => Self::List(items.into_iter().map(Self::without_unknowns).collect()),
            Self::Map(items) => {
                Self::Map(items.into_iter().map(|(key, value)| (key, value.without_unknowns())).collect())
            }
            Self::Dynamic(inner) => Self::Dynamic(Box::new((inner.0, inner.1.without_unknowns()))),
            known => known,
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Number(Number::Int(value))
    }
}

impl<T: Into<Self>, const N: usize> From<[T; N]> for Value {
    fn from(items: [T; N]) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }
}

/// A tuple, when it has as many elements as its type asks for.
fn whole_tuple(items: Vec<Value>, elements: &[Type]) -> Result<Value, ShapeError> {
    if items.len() == elements.len() {
        Ok(Value::List(items))
    } else {
        Err(ShapeError::new(format!("a tuple of {} elements is required", elements.len())))
    }
}

/// A value that does not have the shape its type asks for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{message}", self.place())]
pub struct ShapeError {
    /// Where, from the outermost attribute inwards.
    pub path: crate::Path,
    /// What is wrong there, starting with a lower-case letter.
    pub message: String,
}

impl ShapeError {
    /// An error at the value itself.
    pub fn new(message: impl Into<String>) -> Self {
        Self { path: crate::Path::root(), message: message.into() }
    }

    /// The same error seen from one level further out.
    #[must_use]
    pub fn within(mut self, step: crate::Step) -> Self {
        self.path.0.insert(0, step);
        self
    }

    fn place(&self) -> String {
        if self.path.0.is_empty() { String::new() } else { format!("{}: ", self.path) }
    }
}
