//! Ways to say nothing: an empty text, list, map, set or object, a zero that means none, and the value that the service takes
//! when nothing is said. All of them mean what leaving the attribute out means.
//!
//! A resource is given the *normal form*, in which every such value is what leaving it out gives: null, or the default. The
//! plan and the state keep the user's way to say it, as Terraform demands of configured values. Where a configuration and a
//! state say nothing in two ways, the plan takes that of the state, so that there is no difference: for this, an imported
//! object has the longest form ([`longest`]), since Terraform takes a non-null value of the state in the place of a
//! configured one, but never null.

use crate::planning;
use crate::schema::{Attribute, Empty, Kind, Mode, Nesting};
use crate::value::{Number, Object, Type, Value};

/// Whether leaving the attribute out can be written out as well.
#[must_use]
pub fn has_form(attribute: &Attribute) -> bool {
    let sayable =
        attribute.mode == Mode::Optional && !attribute.block && attribute.unsupported_name.is_none();
    sayable && (attribute.unset_is.is_some() || is_unset_by_empty(attribute) && empty(attribute).is_some())
}

/// The empty value of an attribute; `None` when its type has none that can be written.
#[must_use]
pub fn empty(attribute: &Attribute) -> Option<Value> {
    match &attribute.kind {
        Kind::Type(Type::String) => Some(Value::String(String::new())),
        Kind::Type(Type::Number) if attribute.zero_unset => Some(Value::from(0)),
        Kind::Type(Type::List(_) | Type::Set(_)) | Kind::Nested(Nesting::List, _) => {
            Some(Value::List(Vec::new()))
        }
        Kind::Type(Type::Map(_)) | Kind::Nested(Nesting::Map, _) => Some(Value::Map(Object::new())),
        Kind::Nested(Nesting::Single, inner) if inner.iter().all(|one| one.mode != Mode::Required) => {
            Some(Value::Map(planning::filled(inner)))
        }
        Kind::Type(_) | Kind::Nested(..) => None,
    }
}

/// Whether an empty value of the attribute leaves it out.
fn is_unset_by_empty(attribute: &Attribute) -> bool {
    matches!(attribute.empty, Empty::Unset | Empty::Warned(_))
        && matches!(attribute.mode, Mode::Optional | Mode::Default(_) | Mode::DefaultObject)
        // What identifies an object is in its state.
        && attribute.identity.is_none()
        && attribute.unsupported_name.is_none()
        && !attribute.block
}

/// Where a value stands, which decides what a null in it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// A configuration: the attribute is left out.
    Config,
    /// A plan, a state or the service: an attribute that has a default is not what that is.
    Object,
}

/// Whether a value is empty, whatever that means for the attribute.
#[must_use]
pub fn is_empty(attribute: &Attribute, value: &Value, source: Source) -> bool {
    match value {
        Value::String(text) => text.is_empty(),
        Value::Number(number) => attribute.zero_unset && *number == Number::Int(0),
        Value::List(items) => items.is_empty(),
        Value::Map(items) => match &attribute.kind {
            Kind::Nested(Nesting::Single, inner) => inner.iter().all(|one| {
                let value = items.get(one.name).unwrap_or(&Value::Null);
                match &one.mode {
                    Mode::Computed => true,
                    Mode::Default(default) if value == default => true,
                    Mode::Default(_) | Mode::DefaultObject if source == Source::Object && value.is_null() => {
                        false
                    }
                    _ => value.is_null() || is_unset_by_empty(one) && is_empty(one, value, source),
                }
            }),
            _ => items.is_empty(),
        },
        _ => false,
    }
}

/// What is not set in a configuration, for checks and plans: null in the place of every way to say nothing.
#[must_use]
pub fn config(attributes: &[Attribute], config: Object) -> Object {
    let root = config.clone();
    let unset = |attribute: &Attribute, value: Value| {
        if says_nothing(attribute, &root, &value, Source::Config) { Value::Null } else { value }
    };
    let mut config = each(attributes, config, &unset);
    // A block is there or not, or several times; its attributes may be empty.
    for block in attributes.iter().filter(|attribute| attribute.block) {
        let (Kind::Nested(_, inner), Some(value)) = (&block.kind, config.get_mut(block.name)) else {
            continue;
        };
        let objects = match value {
            Value::List(items) => items.as_mut_slice(),
            one => std::slice::from_mut(one),
        };
        for object in objects {
            if let Value::Map(object) = object {
                *object = each(inner, std::mem::take(object), &unset);
            }
        }
    }
    config
}

/// The normal form of a plan or a state: what leaving out gives in the place of every way to say nothing.
#[must_use]
pub fn normal(attributes: &[Attribute], object: Object) -> Object {
    let root = object.clone();
    each(attributes, object, &|attribute, value| normal_value(attribute, &root, value))
}

fn normal_value(attribute: &Attribute, root: &Object, value: Value) -> Value {
    if value.is_null() || !says_nothing(attribute, root, &value, Source::Object) {
        return value;
    }
    planning::unset(attribute, None).without_unknowns()
}

/// Whether a value says no more than leaving the attribute out; its parts are in their normal form.
fn says_nothing(attribute: &Attribute, root: &Object, value: &Value, source: Source) -> bool {
    if is_unset_by_empty(attribute) && is_empty(attribute, value, source) {
        return true;
    }
    attribute.mode == Mode::Optional
        && attribute.unset_is.is_some_and(|unset_is| {
            let own = unset_is(root);
            !own.is_null() && !own.is_unknown() && is_same(attribute, &own, value)
        })
}

/// Whether two values mean the same to the attribute.
pub(crate) fn is_same(attribute: &Attribute, one: &Value, other: &Value) -> bool {
    one == other
        || !one.is_null()
            && !one.is_unknown()
            && !other.is_null()
            && !other.is_unknown()
            && attribute.same.is_some_and(|same| same(one, other))
}

/// What the service holds, told apart from what the state leaves out: null, which is no default, in the place of every empty
/// value of an attribute that has one.
pub(crate) fn reported(attribute: &Attribute, value: Value) -> Value {
    each_value(attribute, value, &|attribute, value| match &attribute.mode {
        Mode::Default(default)
            if value != *default
                && is_unset_by_empty(attribute)
                && is_empty(attribute, &value, Source::Object) =>
        {
            Value::Null
        }
        _ => value,
    })
}

/// Goes through an object from its leaves up.
fn each(attributes: &[Attribute], mut object: Object, act: &impl Fn(&Attribute, Value) -> Value) -> Object {
    for attribute in attributes.iter().filter(|attribute| !attribute.block) {
        let Some(value) = object.get_mut(attribute.name) else { continue };
        *value = each_value(attribute, std::mem::take(value), act);
    }
    object
}

fn each_value(attribute: &Attribute, value: Value, act: &impl Fn(&Attribute, Value) -> Value) -> Value {
    let Kind::Nested(nesting, inner) = &attribute.kind else { return act(attribute, value) };
    let item = |item: Value| match item {
        Value::Map(object) => Value::Map(each(inner, object, act)),
        other => other,
    };
    let value = match (nesting, value) {
        (Nesting::Single, value) => item(value),
        (Nesting::List, Value::List(items)) => Value::List(items.into_iter().map(item).collect()),
        (Nesting::Map, Value::Map(items)) => {
            Value::Map(items.into_iter().map(|(key, value)| (key, item(value))).collect())
        }
        (_, other) => other,
    };
    act(attribute, value)
}

/// The normal form of one attribute's value, parts included.
pub(crate) fn normal_of(attribute: &Attribute, root: &Object, value: &Value) -> Value {
    each_value(attribute, value.clone(), &|attribute, value| normal_value(attribute, root, value))
}

/// The longest way to leave an attribute out: the value that it then has, or the empty one.
pub(crate) fn longest(attribute: &Attribute, root: &Object) -> Value {
    if !has_form(attribute) {
        return planning::unset(attribute, Some(&Value::Null));
    }
    let own = attribute.unset_is.map(|unset_is| unset_is(root)).filter(|own| own.is_wholly_known());
    own.filter(|own| !own.is_null())
        .or_else(|| empty(attribute).filter(|_| is_unset_by_empty(attribute)))
        .unwrap_or_default()
}

/// The plan as Terraform has to see it: what is configured as it is written, or as the prior state says the same; what is
/// not, as the prior state leaves it out.
#[must_use]
pub fn spelled(attributes: &[Attribute], prior: Option<&Object>, config: &Object, planned: Object) -> Object {
    let root = planned.clone();
    Spelling { root: &root }.spelled(attributes, prior, config, planned)
}

/// Spells values of one object.
struct Spelling<'a> {
    /// The whole object: the apply reads every value by it.
    root: &'a Object,
}

impl Spelling<'_> {
    fn spelled(
        &self,
        attributes: &[Attribute],
        prior: Option<&Object>,
        config: &Object,
        planned: Object,
    ) -> Object {
        let mut planned = planned;
        for attribute in attributes.iter().filter(|attribute| !attribute.block) {
            let Some(value) = planned.get_mut(attribute.name) else { continue };
            let prior = prior.and_then(|prior| prior.get(attribute.name)).filter(|prior| !prior.is_null());
            let config = config.get(attribute.name).unwrap_or(&Value::Null);
            *value = self.value(attribute, prior, config, std::mem::take(value));
        }
        planned
    }

    fn value(&self, attribute: &Attribute, prior: Option<&Value>, config: &Value, planned: Value) -> Value {
        if config.is_unknown() {
            return planned;
        }
        if let Some(prior) = prior
            && (!config.is_null() || has_form(attribute))
            && normal_of(attribute, self.root, prior) == planned
        {
            return prior.clone();
        }
        if !config.is_null() {
            let written = planning::configured(attribute, prior, config);
            if normal_of(attribute, self.root, &written) == planned {
                return written;
            }
        }
        let Kind::Nested(nesting, inner) = &attribute.kind else { return planned };
        let nothing = Object::new();
        let item = |prior: Option<&Value>, config: Option<&Value>, planned: Value| {
            let prior = match prior {
                Some(Value::Map(prior)) => Some(prior),
                _ => None,
            };
            match (config.unwrap_or(&Value::Null), planned) {
                (Value::Map(config), Value::Map(planned)) => {
                    Value::Map(self.spelled(inner, prior, config, planned))
                }
                (Value::Null, Value::Map(planned)) => {
                    Value::Map(self.spelled(inner, prior, &nothing, planned))
                }
                (_, planned) => planned,
            }
        };
        match (nesting, planned) {
            (Nesting::Single, planned) => item(prior, Some(config), planned),
            (Nesting::List, Value::List(items)) => {
                let items = items.into_iter().enumerate();
                Value::List(
                    items
                        .map(|(at, planned)| item(at_index(prior, at), at_index(Some(config), at), planned))
                        .collect(),
                )
            }
            (Nesting::Map, Value::Map(items)) => Value::Map(
                items
                    .into_iter()
                    .map(|(key, planned)| {
                        let spelled = item(at_key(prior, &key), at_key(Some(config), &key), planned);
                        (key, spelled)
                    })
                    .collect(),
            ),
            (_, planned) => planned,
        }
    }
}

fn at_index(list: Option<&Value>, index: usize) -> Option<&Value> {
    match list {
        Some(Value::List(items)) => items.get(index),
        _ => None,
    }
}

fn at_key<'a>(map: Option<&'a Value>, key: &str) -> Option<&'a Value> {
    match map {
        Some(Value::Map(items)) => items.get(key),
        _ => None,
    }
}

#[cfg(test)]
#[path = "unset_tests.rs"]
mod tests;
