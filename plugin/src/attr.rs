//! Typed views of values: the fields of a model.
//!
//! Knows how Rust types correspond to Terraform types. A model is a struct whose fields are all [`Attr`], but for one that
//! may be a [flattened](Flatten) model; the derive macro [`Model`](macro@crate::Model) writes the rest.

use std::collections::{BTreeMap, BTreeSet};

use crate::schema::{Attribute, Identity, Kind, Nesting};
use crate::value::{Number, Object, Refinement, ShapeError, Type, Value};
use crate::{Path, Step};

/// The three states of an attribute: not set, not known before apply, or set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Attr<T> {
    /// Not set.
    #[default]
    Null,
    /// Not known before apply; of a collection, also when one of its elements is not known.
    Unknown(Refinement),
    /// Set.
    Known(T),
}

impl<T> Attr<T> {
    /// An unknown of which nothing is known.
    pub const UNKNOWN: Self = Self::Unknown(Refinement { not_null: false, prefix: None });

    /// The value, when it is set and known.
    pub fn get(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            _ => None,
        }
    }

    /// The value, when it is set and known.
    pub fn into_option(self) -> Option<T> {
        match self {
            Self::Known(value) => Some(value),
            _ => None,
        }
    }

    /// Whether the attribute is not set.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Whether the attribute is not known before apply.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown(_))
    }
}

impl Attr<String> {
    /// The text, when it is set and known.
    pub fn as_str(&self) -> Option<&str> {
        self.get().map(String::as_str)
    }
}

impl<T> From<T> for Attr<T> {
    fn from(value: T) -> Self {
        Self::Known(value)
    }
}

impl From<&str> for Attr<String> {
    fn from(text: &str) -> Self {
        Self::Known(text.to_owned())
    }
}

impl<T> From<Option<T>> for Attr<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::Known)
    }
}

impl<T: Field> Attr<T> {
    /// Reads the attribute from its value.
    ///
    /// # Errors
    /// When the value does not have the field's shape.
    pub fn decode(value: Value) -> Result<Self, ShapeError> {
        match value {
            Value::Null => Ok(Self::Null),
            Value::Unknown(refinement) => Ok(Self::Unknown(refinement)),
            known if T::known(&known) => T::decode(known).map(Self::Known),
            _ => Ok(Self::UNKNOWN),
        }
    }

    /// The attribute as a value.
    pub fn encode(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Unknown(refinement) => Value::Unknown(refinement.clone()),
            Self::Known(value) => value.encode(),
        }
    }
}

/// A Rust type that stands for a Terraform type.
pub trait Field: Sized {
    /// The Terraform type, or the nested attributes.
    fn kind() -> Kind;
    /// Reads a known, non-null value.
    ///
    /// # Errors
    /// When the value does not have the type's shape.
    fn decode(value: Value) -> Result<Self, ShapeError>;
    /// The value.
    fn encode(&self) -> Value;
    /// Whether a non-null value is known far enough to be decoded: unknown parts are fine only where the Rust type
    /// has an [`Attr`] for them.
    fn known(value: &Value) -> bool {
        value.is_wholly_known()
    }
}

/// A Rust value that can be the default of an attribute of type `T`.
#[diagnostic::on_unimplemented(
    message = "the default is no `{T}`, which the attribute is declared to be",
    label = "a default of type `{Self}`",
    note = "write a default of the type in the field's `Attr<…>`"
)]
pub trait IntoDefault<T> {
    /// The value as the field's type.
    fn into_default(self) -> T;
}

impl<T: Field> IntoDefault<T> for T {
    fn into_default(self) -> T {
        self
    }
}

impl IntoDefault<String> for &str {
    fn into_default(self) -> String {
        self.to_owned()
    }
}

impl<T, D: IntoDefault<T>, const N: usize> IntoDefault<Vec<T>> for [D; N] {
    fn into_default(self) -> Vec<T> {
        self.into_iter().map(D::into_default).collect()
    }
}

impl<T: Ord, D: IntoDefault<T>, const N: usize> IntoDefault<BTreeSet<T>> for [D; N] {
    fn into_default(self) -> BTreeSet<T> {
        self.into_iter().map(D::into_default).collect()
    }
}

/// The default of a field of type `T`, sets in order; used by the derive macro.
#[doc(hidden)]
pub fn default<T: Field>(value: impl IntoDefault<T>) -> Value {
    value.into_default().encode()
}

/// The kind of a field that holds one object; used by the derive macro.
#[doc(hidden)]
#[must_use]
pub fn object<T: Model>() -> Kind {
    T::kind()
}

/// The kind of a field that holds a list of objects; used by the derive macro.
#[doc(hidden)]
#[must_use]
pub fn objects<T: Model>() -> Kind {
    Kind::Nested(Nesting::List, T::attributes())
}

/// A struct of attributes: a resource, a data source, the provider block, or a nested attribute.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no object with attributes",
    label = "a type that derives `Model` is needed here"
)]
pub trait Model: Field + Clone + Send + Sync + 'static {
    /// The declarations of its attributes, in order.
    fn attributes() -> Vec<Attribute>;
    /// Where a test double of the service holds an object of this model; empty when it holds none, and without the feature
    /// `fixtures`.
    const REMOTE: &'static str;
    /// The names of its attributes, those of a flattened field and unsupported names included.
    const NAMES: &'static [&'static str];
    /// Reads the model from an object; attributes that the object lacks are null.
    ///
    /// # Errors
    /// When an attribute does not have its declared shape.
    fn from_object(object: Object) -> Result<Self, ShapeError>;
    /// The model as an object with all its attributes.
    fn to_object(&self) -> Object;
}

/// A model that has some of its attributes from another one, which is declared once for all that share it: the type of the
/// field with `#[attr(flatten)]`.
pub trait Flatten: Model {
    /// The model that declares them.
    type Shared: Model;
    /// The shared attributes.
    fn shared(&self) -> &Self::Shared;
    /// The shared attributes, to be set.
    fn shared_mut(&mut self) -> &mut Self::Shared;
}

fn mismatch(expected: &str) -> ShapeError {
    ShapeError::new(format!("{expected} is required"))
}

impl Field for String {
    fn kind() -> Kind {
        Kind::Type(Type::String)
    }

    fn decode(value: Value) -> Result<Self, ShapeError> {
        match value {
            Value::String(text) => Ok(text),
            _ => Err(mismatch("string")),
        }
    }

    fn encode(&self) -> Value {
        Value::String(self.clone())
    }
}

impl Field for bool {
    fn kind() -> Kind {
        Kind::Type(Type::Bool)
    }

    fn decode(value: Value) -> Result<Self, ShapeError> {
        match value {
            Value::Bool(value) => Ok(value),
            _ => Err(mismatch("bool")),
        }
    }

    fn encode(&self) -> Value {
        Value::Bool(*self)
    }
}

impl Field for i64 {
    fn kind() -> Kind {
        Kind::Type(Type::Number)
    }

    fn decode(value: Value) -> Result<Self, ShapeError> {
        match value {
            Value::Number(Number::Int(value)) => Ok(value),
            Value::Number(other) => {
                Err(ShapeError::new(format!("must be a whole number of at most 64 bits, got {other}")))
            }
            _ => Err(mismatch("number")),
        }
    }

    fn encode(&self) -> Value {
        Value::from(*self)
    }
}

/// A number that need not be whole. What has more digits than 64 bits hold is rounded.
impl Field for f64 {
    fn kind() -> Kind {
        Kind::Type(Type::Number)
    }

    fn decode(value: Value) -> Result<Self, ShapeError> {
        match value {
            Value::Number(number) => {
                let text = number.to_string();
                text.parse().map_err(|_| ShapeError::new(format!("must be a number of 64 bits, got {text}")))
            }
            _ => Err(mismatch("number")),
        }
    }

    fn encode(&self) -> Value {
        Value::Number(Number::from(*self))
    }
}

fn elements(value: Value) -> Result<Vec<Value>, ShapeError> {
    match value {
        Value::List(items) => Ok(items),
        _ => Err(mismatch("list")),
    }
}

fn decode_items<T: Field>(value: Value) -> Result<Vec<T>, ShapeError> {
    elements(value)?
        .into_iter()
        .enumerate()
        .map(|(index, item)| {
            let index = i64::try_from(index).unwrap_or(i64::MAX);
            if item.is_null() {
                return Err(ShapeError::new("must not be null").within(Step::Index(index)));
            }
            T::decode(item).map_err(|error| error.within(Step::Index(index)))
        })
        .collect()
}

impl<T: Field> Field for Vec<T> {
    fn kind() -> Kind {
        match T::kind() {
            Kind::Nested(Nesting::Single, attributes) => Kind::Nested(Nesting::List, attributes),
            other => Kind::Type(Type::List(Box::new(other.ty()))),
        }
    }

    fn decode(value: Value) -> Result<Self, ShapeError> {
        decode_items(value)
    }

    fn encode(&self) -> Value {
        Value::List(self.iter().map(Field::encode).collect())
    }

    fn known(value: &Value) -> bool {
        matches!(value, Value::List(items) if items.iter().all(|item| item.is_null() || T::known(item)))
    }
}

impl<T: Field + Ord> Field for BTreeSet<T> {
    fn kind() -> Kind {
        Kind::Type(Type::Set(Box::new(T::kind().ty())))
    }

    fn decode(value: Value) -> Result<Self, ShapeError> {
        decode_items(value).map(|items| items.into_iter().collect())
    }

    fn encode(&self) -> Value {
        let mut items: Vec<Value> = self.iter().map(Field::encode).collect();
        items.sort();
        Value::List(items)
    }
}

impl<T: Field> Field for BTreeMap<String, T> {
    fn kind() -> Kind {
        match T::kind() {
            Kind::Nested(Nesting::Single, attributes) => Kind::Nested(Nesting::Map, attributes),
            other => Kind::Type(Type::Map(Box::new(other.ty()))),
        }
    }

    fn decode(value: Value) -> Result<Self, ShapeError> {
        let Value::Map(entries) = value else { return Err(mismatch("map")) };
        entries
            .into_iter()
            .map(|(key, item)| {
                let decoded =
                    if item.is_null() { Err(ShapeError::new("must not be null")) } else { T::decode(item) };
                match decoded {
                    Ok(item) => Ok((key, item)),
                    Err(error) => Err(error.within(Step::Key(key))),
                }
            })
            .collect()
    }

    fn encode(&self) -> Value {
        Value::Map(self.iter().map(|(key, item)| (key.clone(), item.encode())).collect())
    }

    fn known(value: &Value) -> bool {
        matches!(value, Value::Map(items) if items.values().all(|item| item.is_null() || T::known(item)))
    }
}

/// Reads one field of a model; used by the derive macro.
#[doc(hidden)]
pub fn take<T: Field>(object: &mut Object, name: &str) -> Result<Attr<T>, ShapeError> {
    let value = object.remove(name).unwrap_or_default();
    Attr::decode(value).map_err(|error| error.within(Step::Attribute(name.to_owned())))
}

/// Reads the flattened field of a model; used by the derive macro.
#[doc(hidden)]
pub fn take_flattened<T: Model>(object: &mut Object) -> Result<T, ShapeError> {
    T::from_object(T::NAMES.iter().filter_map(|name| object.remove_entry(*name)).collect())
}

/// What a model says differently of a flattened attribute; used by the derive macro.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub enum Change {
    /// It identifies the object, and an import has to give it.
    Identity,
    /// It may change with any update of the object.
    Volatile,
    /// This is what it is.
    Description(&'static str),
}

/// The declarations of a flattened field; used by the derive macro.
#[doc(hidden)]
#[must_use]
pub fn flattened<T: Model>(changes: &[(&str, Change)]) -> Vec<Attribute> {
    let mut attributes = T::attributes();
    for (name, change) in changes {
        for attribute in attributes.iter_mut().filter(|attribute| attribute.name == *name) {
            match change {
                Change::Identity => attribute.identity = Some(Identity::Required),
                Change::Volatile => attribute.volatile = true,
                Change::Description(text) => attribute.description = text,
            }
        }
    }
    attributes
}

/// Whether a name is among others; used by the derive macro.
#[doc(hidden)]
#[must_use]
pub const fn is_among(name: &str, names: &[&str]) -> bool {
    let mut at = 0;
    while at < names.len() {
        if is_equal(name.as_bytes(), names[at].as_bytes()) {
            return true;
        }
        at += 1;
    }
    false
}

/// Texts are not compared by `==` in constants.
const fn is_equal(one: &[u8], other: &[u8]) -> bool {
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    one.len() == other.len() && at == one.len()
}

/// Two lists of names as one; used by the derive macro.
#[doc(hidden)]
#[must_use]
pub const fn joined<const N: usize>(one: &[&'static str], other: &[&'static str]) -> [&'static str; N] {
    let mut names = [""; N];
    let mut at = 0;
    while at < N {
        names[at] = if at < one.len() { one[at] } else { other[at - one.len()] };
        at += 1;
    }
    names
}

/// The path of a top-level attribute; shorthand for checks across attributes.
#[must_use]
pub fn at(name: &str) -> Path {
    Path::attribute(name)
}
