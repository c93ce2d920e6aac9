//! Declarations of attributes, and the wire schema that follows from them.
//!
//! An [`Attribute`] is the one place where an attribute is described: schema, defaults, checks, replacement,
//! documentation and tests all read it. The derive macro [`Model`](macro@crate::Model) makes it from a
//! struct's field.

use bytes::Bytes;
use proto::tfplugin6::{self as wire, StringKind, schema};
use serde_json::Value as Json;

use crate::unset;
use crate::value::{Object, Type, Value};

/// Checks one known value; the error says what is wrong and what to do, as a sentence.
pub type Check = fn(&Value) -> Result<(), String>;

/// One attribute or block.
#[derive(Debug, Clone)]
pub struct Attribute {
    /// Name in configuration.
    pub name: &'static str,
    /// What it is, in Markdown.
    pub description: &'static str,
    /// Its type or nested attributes.
    pub kind: Kind,
    /// Who sets it.
    pub mode: Mode,
    /// The value is hidden in Terraform's output.
    pub sensitive: bool,
    /// It is a block rather than an attribute.
    pub block: bool,
    /// It cannot be changed on an existing object.
    pub replace: bool,
    /// Once it is set it can be changed, but not unset.
    pub lasting: bool,
    /// It exists in the state only; the cloud knows nothing of it.
    pub state_only: bool,
    /// It may change with any update of the object.
    pub volatile: bool,
    /// It is part of the resource identity.
    pub identity: Option<Identity>,
    /// The only values allowed; empty when there is no such list.
    pub choices: &'static [&'static str],
    /// Checks of a known value.
    pub checks: Vec<Check>,
    /// Whether two different values mean the same.
    pub same: Option<fn(&Value, &Value) -> bool>,
    /// What an empty value says.
    pub empty: Empty,
    /// 0 is an empty value too.
    pub zero_unset: bool,
    /// The value that an optional attribute has when it is left out, from the whole object; null where that is not known.
    /// Written out, it means the same.
    pub unset_is: Option<fn(&Object) -> Value>,
    /// Values for tests; none without the feature `fixtures`.
    pub fixture: Option<Fixture>,
    /// It does not exist, and the text says what to use instead: a name that people bring from elsewhere. Terraform drops
    /// the unknown keys of an object without a message, so the name is declared for its use to be an error.
    pub unsupported_name: Option<&'static str>,
}

impl Attribute {
    /// An attribute that the user may set, and nothing else.
    #[must_use]
    pub fn optional(name: &'static str, description: &'static str, kind: Kind) -> Self {
        Self {
            name,
            description,
            kind,
            mode: Mode::Optional,
            sensitive: false,
            block: false,
            replace: false,
            lasting: false,
            state_only: false,
            volatile: false,
            identity: None,
            choices: &[],
            checks: Vec::new(),
            same: None,
            empty: Empty::Unset,
            zero_unset: false,
            unset_is: None,
            fixture: None,
            unsupported_name: None,
        }
    }

    /// A name that does not exist; the text says what to use instead.
    #[must_use]
    pub fn unsupported_name(name: &'static str, ty: Type, instead: &'static str) -> Self {
        Self { unsupported_name: Some(instead), ..Self::optional(name, instead, Kind::Type(ty)) }
    }
}

/// The type of an attribute.
#[derive(Debug, Clone)]
pub enum Kind {
    /// A plain type.
    Type(Type),
    /// Nested attributes.
    Nested(Nesting, Vec<Attribute>),
}

impl Kind {
    /// The type of the values.
    #[must_use]
    pub fn ty(&self) -> Type {
        match self {
            Self::Type(ty) => ty.clone(),
            Self::Nested(nesting, attributes) => {
                let object = Box::new(object_type(attributes));
                match nesting {
                    Nesting::Single => *object,
                    Nesting::List => Type::List(object),
                    Nesting::Map => Type::Map(object),
                }
            }
        }
    }
}

/// How many objects nested attributes make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nesting {
    /// One.
    Single,
    /// Any number, in order.
    List,
    /// Any number, by key.
    Map,
}

/// Who sets an attribute, and what holds when nobody does.
#[derive(Debug, Clone, PartialEq)]
pub enum Mode {
    /// The user has to.
    Required,
    /// The user may; unset is null.
    Optional,
    /// The user may; unset is this value, whatever the cloud holds.
    Default(Value),
    /// The user may; unset is the object of its nested attributes' defaults.
    DefaultObject,
    /// The user may; unset keeps what was decided at creation. The text is the reason for this exception.
    Keeps(&'static str),
    /// Only the provider.
    Computed,
}

/// What an empty value of an attribute that can be left out says: a text, list, map or set without anything in it, or an
/// object in which nothing is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Empty {
    /// The same as leaving the attribute out.
    Unset,
    /// The same, and the user is warned with this text, which says what that means.
    Warned(&'static str),
    /// Something of its own, as the text says, such as an object whose presence is a switch.
    Means(&'static str),
    /// It is an error, since leaving the attribute out would do harm that nobody asked for. The text says what and what to
    /// write.
    Refused(&'static str),
}

/// The part an attribute plays in the resource identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Identity {
    /// An import has to give it.
    Required,
    /// An import may leave it out.
    Optional,
}

/// What tests need to change an attribute behind Terraform's back: two valid values, and where a test double of the
/// service holds them.
#[derive(Debug, Clone)]
pub struct Fixture {
    /// Two values as configuration, in JSON.
    pub samples: fn() -> [Json; 2],
    /// JSON pointer into the object as the test double holds it.
    pub remote: &'static str,
    /// The two values as the test double holds them.
    pub wire: fn() -> [Json; 2],
}

/// The fixture that a declaration names; used by the derive macro.
#[cfg(feature = "fixtures")]
#[doc(hidden)]
#[macro_export]
macro_rules! __fixture {
    (($($first:tt)*), ($($second:tt)*), $remote:literal, ($($wire_first:tt)*), ($($wire_second:tt)*)) => {
        ::std::option::Option::Some($crate::schema::Fixture {
            samples: || [$crate::json!($($first)*), $crate::json!($($second)*)],
            remote: $remote,
            wire: || [$crate::json!($($wire_first)*), $crate::json!($($wire_second)*)],
        })
    };
}

/// Without the feature, what is said for tests does not reach the program.
#[cfg(not(feature = "fixtures"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __fixture {
    ($($anything:tt)*) => {
        ::std::option::Option::None
    };
}

/// A text that only tests need; used by the derive macro.
#[cfg(feature = "fixtures")]
#[doc(hidden)]
#[macro_export]
macro_rules! __fixture_text {
    ($text:literal) => {
        $text
    };
}

/// Without the feature, what is said for tests does not reach the program.
#[cfg(not(feature = "fixtures"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __fixture_text {
    ($text:literal) => {
        ""
    };
}

/// The schema of a resource, data source or provider block.
#[derive(Debug, Clone)]
pub struct Schema {
    /// Version of the stored state.
    pub version: i64,
    /// Version of the stored identity.
    pub identity_version: i64,
    /// What it is, in Markdown.
    pub description: &'static str,
    /// Attributes and blocks.
    pub attributes: Vec<Attribute>,
    ty: Type,
    /// Whether objects are kept in the state and can be imported.
    managed: bool,
}

impl Schema {
    /// A schema; its type is worked out once, since every value of every call is read by it.
    #[must_use]
    pub fn new(version: i64, description: &'static str, attributes: Vec<Attribute>) -> Self {
        let ty = object_type(&attributes);
        Self { version, identity_version: 0, description, attributes, ty, managed: false }
    }

    /// The schema of a managed resource. Terraform may find what is left out of the configuration in the state, written out
    /// as the import did, and lets that stand for attributes that are computed as well.
    #[must_use]
    pub fn managed(version: i64, description: &'static str, attributes: Vec<Attribute>) -> Self {
        Self { managed: true, ..Self::new(version, description, attributes) }
    }

    /// The type of the whole object.
    #[must_use]
    pub fn ty(&self) -> &Type {
        &self.ty
    }

    /// The declaration of a top-level attribute.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }

    pub(crate) fn to_proto(&self) -> wire::Schema {
        wire::Schema {
            version: self.version,
            block: Some(block(&self.attributes, self.description, self.version, self.managed)),
        }
    }

    pub(crate) fn identity_to_proto(&self) -> wire::ResourceIdentitySchema {
        let identity_attributes = identity_attributes(&self.attributes)
            .map(|(attribute, part)| wire::resource_identity_schema::IdentityAttribute {
                name: attribute.name.to_owned(),
                r#type: type_bytes(&attribute.kind.ty()),
                required_for_import: part == Identity::Required,
                optional_for_import: part == Identity::Optional,
                description: attribute.description.to_owned(),
            })
            .collect();
        wire::ResourceIdentitySchema { version: self.identity_version, identity_attributes }
    }

    /// The type of the identity object.
    #[must_use]
    pub fn identity_type(&self) -> Type {
        Type::Object(
            identity_attributes(&self.attributes)
                .map(|(attribute, _)| (attribute.name.to_owned(), attribute.kind.ty()))
                .collect(),
        )
    }
}

pub(crate) fn identity_attributes(attributes: &[Attribute]) -> impl Iterator<Item = (&Attribute, Identity)> {
    attributes.iter().filter_map(|attribute| attribute.identity.map(|part| (attribute, part)))
}

/// The object type of a list of attributes.
#[must_use]
pub fn object_type(attributes: &[Attribute]) -> Type {
    Type::Object(
        attributes.iter().map(|attribute| (attribute.name.to_owned(), attribute.kind.ty())).collect(),
    )
}

fn type_bytes(ty: &Type) -> Bytes {
    Bytes::from(ty.to_json().to_string())
}

fn block(attributes: &[Attribute], description: &str, version: i64, managed: bool) -> schema::Block {
    let (blocks, attributes): (Vec<_>, Vec<_>) = attributes.iter().partition(|attribute| attribute.block);
    schema::Block {
        version,
        attributes: attributes.into_iter().map(|one| attribute(one, managed)).collect(),
        block_types: blocks.into_iter().map(nested_block).collect(),
        description: description.to_owned(),
        description_kind: StringKind::Markdown.into(),
        ..Default::default()
    }
}

fn nested_block(attribute: &Attribute) -> schema::NestedBlock {
    use schema::nested_block::NestingMode;
    let (nesting, inner) = match &attribute.kind {
        Kind::Nested(Nesting::Single, inner) => (NestingMode::Single, inner.as_slice()),
        Kind::Nested(Nesting::List, inner) => (NestingMode::List, inner.as_slice()),
        Kind::Nested(Nesting::Map, inner) => (NestingMode::Map, inner.as_slice()),
        Kind::Type(_) => (NestingMode::Invalid, [].as_slice()),
    };
    schema::NestedBlock {
        type_name: attribute.name.to_owned(),
        block: Some(block(inner, attribute.description, 0, false)),
        nesting: nesting.into(),
        min_items: 0,
        max_items: 0,
    }
}

fn attribute(attribute: &Attribute, managed: bool) -> schema::Attribute {
    use schema::object::NestingMode;
    let (required, optional, computed) = match attribute.mode {
        Mode::Required => (true, false, false),
        Mode::Optional => (false, true, managed && unset::has_form(attribute)),
        Mode::Default(_) | Mode::DefaultObject | Mode::Keeps(_) => (false, true, true),
        Mode::Computed => (false, false, true),
    };
    let (ty, nested_type) = match &attribute.kind {
        Kind::Type(ty) => (type_bytes(ty), None),
        Kind::Nested(nesting, inner) => {
            let nesting = match nesting {
                Nesting::Single => NestingMode::Single,
                Nesting::List => NestingMode::List,
                Nesting::Map => NestingMode::Map,
            };
            let attributes = inner.iter().map(|one| self::attribute(one, managed)).collect();
            (Bytes::new(), Some(schema::Object { attributes, nesting: nesting.into(), ..Default::default() }))
        }
    };
    schema::Attribute {
        name: attribute.name.to_owned(),
        r#type: ty,
        nested_type,
        description: attribute.description.to_owned(),
        description_kind: StringKind::Markdown.into(),
        required,
        optional,
        computed,
        sensitive: attribute.sensitive,
        // Terraform leaves deprecated attributes out of the configuration that it generates for imports.
        deprecated: attribute.unsupported_name.is_some(),
        ..Default::default()
    }
}
