//! Which keys an object may have: from the declarations of resources, and from the type constraints of variables.

use std::collections::BTreeMap;

use hcl_edit::expr::{Expression, ObjectKey};
use plugin::schema::{Attribute, Kind, Nesting};
use plugin::value::Type;

/// What a value may be, as far as objects are in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shape {
    /// An object with these members.
    Object(BTreeMap<String, Self>),
    /// A map of such values.
    Map(Box<Self>),
    /// A list or set of such values.
    List(Box<Self>),
    /// Anything without declared keys.
    Any,
    /// A name from elsewhere, whose use the provider refuses with advice of its own.
    Unsupported,
}

impl Shape {
    /// Whether there are declared keys anywhere in it.
    pub(super) fn has_keys(&self) -> bool {
        match self {
            Self::Object(_) => true,
            Self::Map(inner) | Self::List(inner) => inner.has_keys(),
            Self::Any | Self::Unsupported => false,
        }
    }

    /// Of the attributes of a resource.
    pub(super) fn of_attributes(attributes: &[Attribute]) -> BTreeMap<String, Self> {
        let of = |attribute: &Attribute| {
            let shape = match attribute.unsupported_name {
                Some(_) => Self::Unsupported,
                None => Self::of_kind(&attribute.kind),
            };
            (attribute.name.to_owned(), shape)
        };
        attributes.iter().map(of).collect()
    }

    fn of_kind(kind: &Kind) -> Self {
        match kind {
            Kind::Type(ty) => Self::of_type(ty),
            Kind::Nested(nesting, attributes) => {
                let object = Self::Object(Self::of_attributes(attributes));
                match nesting {
                    Nesting::Single => object,
                    Nesting::List => Self::List(Box::new(object)),
                    Nesting::Map => Self::Map(Box::new(object)),
                }
            }
        }
    }

    fn of_type(ty: &Type) -> Self {
        match ty {
            Type::List(inner) | Type::Set(inner) => Self::List(Box::new(Self::of_type(inner))),
            Type::Map(inner) => Self::Map(Box::new(Self::of_type(inner))),
            _ => Self::Any,
        }
    }

    /// Of the type constraint of a variable.
    pub(super) fn of_constraint(constraint: &Expression) -> Self {
        let Expression::FuncCall(call) = constraint else { return Self::Any };
        let first = call.args.iter().next();
        match (call.name.name.as_str(), first) {
            ("object", Some(Expression::Object(members))) => {
                let member = |(key, value): (&ObjectKey, &hcl_edit::expr::ObjectValue)| {
                    Some((key_name(key)?, Self::of_constraint(value.expr())))
                };
                Self::Object(members.iter().filter_map(member).collect())
            }
            ("map", Some(inner)) => Self::Map(Box::new(Self::of_constraint(inner))),
            ("list" | "set", Some(inner)) => Self::List(Box::new(Self::of_constraint(inner))),
            ("optional", Some(inner)) => Self::of_constraint(inner),
            _ => Self::Any,
        }
    }
}

/// The name that a key is, where it is written out.
pub(super) fn key_name(key: &ObjectKey) -> Option<String> {
    match key {
        ObjectKey::Ident(name) => Some(name.as_str().to_owned()),
        ObjectKey::Expression(Expression::String(text)) => Some(text.as_str().to_owned()),
        ObjectKey::Expression(Expression::Variable(name)) => Some(name.as_str().to_owned()),
        ObjectKey::Expression(_) => None,
    }
}
