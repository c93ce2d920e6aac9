//! The plan rules that every resource shares: what an object will look like after apply, from its declarations,
//! its prior state and the configuration.
//!
//! Configured values are planned as they are (or as the prior state spells the same meaning), unset attributes
//! with a default get the default and never the prior value, computed ones keep their value until something
//! changes. Works on values alone, so the same code serves every resource and every level of nesting.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::schema::{Attribute, Kind, Mode, Nesting};
use crate::value::{Object, Value};
use crate::{Path, Step, unset};

/// Plans an object.
#[must_use]
pub fn object(attributes: &[Attribute], prior: Option<&Object>, config: &Object) -> Object {
    attributes
        .iter()
        .map(|attribute| {
            let config = config.get(attribute.name).unwrap_or(&Value::Null);
            let prior_value = prior.map(|prior| prior.get(attribute.name).unwrap_or(&Value::Null));
            (attribute.name.to_owned(), plan_value(attribute, prior_value, config))
        })
        .collect()
}

fn plan_value(attribute: &Attribute, prior: Option<&Value>, config: &Value) -> Value {
    if attribute.block {
        return config.clone();
    }
    match config {
        Value::Null => unset(attribute, prior),
        Value::Unknown(_) => config.clone(),
        known => {
            let planned = configured(attribute, prior, known);
            match (attribute.same, prior) {
                (Some(same), Some(prior)) if !prior.is_null() && same(prior, &planned) => prior.clone(),
                _ => planned,
            }
        }
    }
}

pub(crate) fn unset(attribute: &Attribute, prior: Option<&Value>) -> Value {
    match &attribute.mode {
        Mode::Required | Mode::Optional => Value::Null,
        Mode::Default(value) => value.clone(),
        Mode::DefaultObject => configured(attribute, prior, &Value::Map(Object::new())),
        Mode::Keeps(_) | Mode::Computed => prior.cloned().unwrap_or(Value::UNKNOWN),
    }
}

pub(crate) fn configured(attribute: &Attribute, prior: Option<&Value>, config: &Value) -> Value {
    let Kind::Nested(nesting, inner) = &attribute.kind else { return config.clone() };
    let plan_item = |prior: Option<&Value>, item: &Value| match item {
        Value::Map(item) => {
            let prior = match prior {
                Some(Value::Map(prior)) => Some(prior),
                _ => None,
            };
            Value::Map(object(inner, prior, item))
        }
        other => other.clone(),
    };
    match (nesting, config) {
        (Nesting::Single, item) => plan_item(prior, item),
        (Nesting::List, Value::List(items)) => {
            let prior = match prior {
                Some(Value::List(prior)) => prior.as_slice(),
                _ => &[],
            };
            Value::List(items.iter().enumerate().map(|(at, item)| plan_item(prior.get(at), item)).collect())
        }
        (Nesting::Map, Value::Map(items)) => {
            let prior = match prior {
                Some(Value::Map(prior)) => Some(prior),
                _ => None,
            };
            let plan = |(key, item): (&String, &Value)| {
                (key.clone(), plan_item(prior.and_then(|prior| prior.get(key)), item))
            };
            Value::Map(items.iter().map(plan).collect())
        }
        (_, other) => other.clone(),
    }
}

/// Marks as unknown what any change may change too.
pub fn mark_volatile(attributes: &[Attribute], prior: &Object, planned: &mut Object) {
    if prior == planned {
        return;
    }
    for attribute in attributes.iter().filter(|attribute| attribute.mode == Mode::Computed) {
        if attribute.volatile || planned.get(attribute.name).is_some_and(Value::is_null) {
            planned.insert(attribute.name.to_owned(), Value::UNKNOWN);
        }
    }
}

/// Gives a plan that was made as if the object were new what the object has: values that were decided when
/// it was made are kept, as in any change of an object.
pub fn inherit(attributes: &[Attribute], current: &Object, planned: &mut Object) {
    for attribute in attributes {
        let decided = matches!(attribute.mode, Mode::Computed | Mode::Keeps(_)) && !attribute.volatile;
        let known = current.get(attribute.name).filter(|value| !value.is_null());
        if let (true, Some(known)) = (decided, known)
            && planned.get(attribute.name).is_some_and(Value::is_unknown)
        {
            planned.insert(attribute.name.to_owned(), known.clone());
        }
    }
}

/// The changed attributes that only a new object can have, also those inside of nested objects that were there before.
#[must_use]
pub fn replaced(attributes: &[Attribute], prior: &Object, planned: &Object) -> Vec<Path> {
    fn collect(
        attributes: &[Attribute],
        prior: &Object,
        planned: &Object,
        above: &Path,
        found: &mut Vec<Path>,
    ) {
        for attribute in attributes {
            let before = prior.get(attribute.name).unwrap_or(&Value::Null);
            let after = planned.get(attribute.name).unwrap_or(&Value::Null);
            // What was decided at creation and is not in the state (older state, import) replaces nothing.
            let undecided = before.is_null() && matches!(attribute.mode, Mode::Keeps(_));
            if attribute.replace && before != after && !undecided {
                found.push(above.clone().child(attribute.name));
            } else if let (Kind::Nested(Nesting::Single, inner), Value::Map(before), Value::Map(after)) =
                (&attribute.kind, before, after)
            {
                collect(inner, before, after, &above.clone().child(attribute.name), found);
            }
        }
    }
    let mut found = Vec::new();
    collect(attributes, prior, planned, &Path::root(), &mut found);
    found
}

/// Whether the value at this path of attributes is known in all its parts.
#[must_use]
pub fn is_known_at(object: &Object, path: &Path) -> bool {
    let mut steps = path.0.iter().map(|step| match step {
        Step::Attribute(name) => Some(name),
        _ => None,
    });
    let Some(Some(first)) = steps.next() else { return true };
    let mut value = object.get(first);
    for step in steps {
        value = match (value, step) {
            (Some(Value::Map(nested)), Some(name)) => nested.get(name),
            (value, _) => value,
        };
    }
    value.is_none_or(Value::is_wholly_known)
}

/// The attributes that the plan unsets although the service keeps them for as long as the object lives.
#[must_use]
pub fn unset_in_vain(attributes: &[Attribute], prior: &Object, planned: &Object) -> Vec<Path> {
    let is_null = |object: &Object, name: &str| object.get(name).is_none_or(Value::is_null);
    attributes
        .iter()
        .filter(|attribute| attribute.lasting)
        .filter(|attribute| !is_null(prior, attribute.name) && is_null(planned, attribute.name))
        .map(|attribute| Path::attribute(attribute.name))
        .collect()
}

/// Brings what the cloud holds into the form that the state had: the same meaning keeps its spelling, unset and
/// empty values stay what they were, and attributes that live in the state only are carried over. Attributes that `prior`
/// does not have at all, as in an import, get the longest form (see [`unset`](mod@crate::unset)).
#[must_use]
pub fn settle(attributes: &[Attribute], prior: &Object, current: Object) -> Object {
    let root = current.clone();
    Roots { prior, current: &root }.settle(attributes, prior, current)
}

/// The whole objects, which values inside of them may be the same as.
struct Roots<'a> {
    prior: &'a Object,
    current: &'a Object,
}

impl Roots<'_> {
    fn settle(&self, attributes: &[Attribute], prior: &Object, mut current: Object) -> Object {
        for attribute in attributes {
            let before = prior.get(attribute.name);
            let value = current.remove(attribute.name).unwrap_or_default();
            let settled = if attribute.block {
                before.cloned().unwrap_or_default()
            } else if attribute.state_only {
                match before {
                    None => unset::longest(attribute, self.current),
                    Some(Value::Null) => self::unset(attribute, before),
                    Some(Value::Unknown(_)) => self.settle_value(attribute, before, value),
                    Some(before) => before.clone(),
                }
            } else {
                self.settle_value(attribute, before, value)
            };
            current.insert(attribute.name.to_owned(), settled);
        }
        current
    }

    fn settle_value(&self, attribute: &Attribute, before: Option<&Value>, now: Value) -> Value {
        let now = unset::reported(attribute, now);
        let normal = unset::normal_of(attribute, self.current, &now);
        let Some(before) = before else {
            if normal.is_null() && unset::has_form(attribute) {
                return unset::longest(attribute, self.current);
            }
            return self.settle_parts(attribute, &Value::Null, now);
        };
        if unset::is_same(attribute, before, &now) {
            return before.clone();
        }
        let empty = |value: &Value| match value {
            Value::List(items) => items.is_empty(),
            Value::Map(items) => items.is_empty(),
            _ => false,
        };
        let is_object = matches!(&attribute.kind, Kind::Nested(Nesting::Single, _));
        let settable = attribute.mode != Mode::Computed;
        if settable && !is_object && ((before.is_null() && empty(&now)) || (empty(before) && now.is_null())) {
            return before.clone();
        }
        // The way to say it has to mean that in the object as it is now, too.
        let means = |root| unset::normal_of(attribute, root, before);
        if settable && !before.is_unknown() && means(self.prior) == normal && means(self.current) == normal {
            return before.clone();
        }
        if normal.is_null() {
            return Value::Null;
        }
        self.settle_parts(attribute, before, now)
    }

    fn settle_parts(&self, attribute: &Attribute, before: &Value, now: Value) -> Value {
        let Kind::Nested(nesting, inner) = &attribute.kind else { return now };
        let nothing = Object::new();
        let settle_item = |before: Option<&Value>, now: Value| match (before, now) {
            (Some(Value::Map(before)), Value::Map(now)) => Value::Map(self.settle(inner, before, now)),
            (_, Value::Map(now)) => Value::Map(self.settle(inner, &nothing, now)),
            (_, now) => now,
        };
        match (nesting, now) {
            (Nesting::Single, now) => settle_item(Some(before), now),
            (Nesting::Map, Value::Map(items)) => {
                let before = match before {
                    Value::Map(before) => before,
                    _ => &nothing,
                };
                Value::Map(
                    items
                        .into_iter()
                        .map(|(key, item)| {
                            let item = settle_item(before.get(&key), item);
                            (key, item)
                        })
                        .collect(),
                )
            }
            (Nesting::List, Value::List(items)) => {
                let before = match before {
                    Value::List(before) => before.as_slice(),
                    _ => &[],
                };
                Value::List(
                    items
                        .into_iter()
                        .enumerate()
                        .map(|(at, item)| settle_item(before.get(at), item))
                        .collect(),
                )
            }
            (_, now) => now,
        }
    }
}

/// The known planned values that an apply did not bring about.
#[must_use]
pub fn broken_promises(attributes: &[Attribute], planned: &Object, result: &Object) -> Vec<&'static str> {
    attributes
        .iter()
        .filter(|attribute| {
            let promised = planned.get(attribute.name).unwrap_or(&Value::Null);
            let kept = result.get(attribute.name).unwrap_or(&Value::Null);
            promised.is_wholly_known() && promised != kept
        })
        .map(|attribute| attribute.name)
        .collect()
}

/// A digest of what a plan asks for: the values that come from the configuration and the defaults. `None` while one of them
/// is not known.
#[must_use]
pub fn digest(attributes: &[Attribute], planned: &Object) -> Option<String> {
    let mut hasher = DefaultHasher::new();
    for attribute in attributes {
        if attribute.block || matches!(attribute.mode, Mode::Computed | Mode::Keeps(_)) {
            continue;
        }
        let value = planned.get(attribute.name).unwrap_or(&Value::Null);
        if !value.is_wholly_known() {
            return None;
        }
        (attribute.name, format!("{value:?}")).hash(&mut hasher);
    }
    Some(format!("{:016x}", hasher.finish()))
}

/// An object in which nothing is configured: null, or the defaults.
pub(crate) fn filled(attributes: &[Attribute]) -> Object {
    let planned = object(attributes, None, &Object::new());
    planned.into_iter().map(|(name, value)| (name, value.without_unknowns())).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::{Attr, Model};

    #[derive(Debug, Clone, Default, Model)]
    struct Chest {
        /// Lock.
        #[attr(optional, lasting)]
        lock: Attr<Lock>,
    }

    #[derive(Debug, Clone, Default, Model)]
    struct Lock {
        /// On.
        #[attr(default = true)]
        on: Attr<bool>,
        /// Kind.
        #[attr(optional, replace)]
        kind: Attr<String>,
    }

    fn chest(on: bool, kind: &str) -> Object {
        Chest { lock: Lock { on: on.into(), kind: kind.into() }.into() }.to_object()
    }

    #[test]
    fn what_cannot_change_is_found_inside_of_objects_that_were_there() {
        let attributes = Chest::attributes();
        let path = Path::attribute("lock").child("kind");
        assert_eq!(replaced(&attributes, &chest(true, "iron"), &chest(false, "brass")), [path]);
        assert!(replaced(&attributes, &chest(true, "iron"), &chest(false, "iron")).is_empty());
        let bare = Chest::default().to_object();
        assert!(replaced(&attributes, &bare, &chest(true, "iron")).is_empty(), "a first lock can be put on");
    }

    #[derive(Debug, Clone, Default, Model)]
    struct Shelf {
        /// Drawers.
        #[attr(optional)]
        drawers: Attr<BTreeMap<String, Drawer>>,
    }

    #[derive(Debug, Clone, Default, Model)]
    struct Drawer {
        /// Labels.
        #[attr(optional)]
        labels: Attr<Vec<String>>,
        /// Depth.
        #[attr(default = 3)]
        depth: Attr<i64>,
    }

    #[test]
    fn what_is_new_in_the_state_has_the_longest_form() {
        let shelf = |labels: Attr<Vec<String>>| {
            let drawer = Drawer { labels, depth: 4.into() };
            Shelf { drawers: BTreeMap::from([("top".to_owned(), drawer)]).into() }.to_object()
        };
        let (unset, none) = (shelf(Attr::Null), shelf(Vec::new().into()));
        let attributes = Shelf::attributes();
        assert_eq!(settle(&attributes, &Object::new(), unset.clone()), none);
        for form in [&none, &unset] {
            for now in [&none, &unset] {
                assert_eq!(
                    &settle(&attributes, form, now.clone()),
                    form,
                    "what the state has keeps its form"
                );
            }
        }
        let some = shelf(vec!["a".to_owned()].into());
        assert_eq!(settle(&attributes, &Object::new(), some.clone()), some);
    }

    #[test]
    fn what_lasts_cannot_be_unset() {
        let attributes = Chest::attributes();
        let bare = Chest::default().to_object();
        assert_eq!(unset_in_vain(&attributes, &chest(true, "iron"), &bare), [Path::attribute("lock")]);
        assert!(unset_in_vain(&attributes, &bare, &bare).is_empty());
        assert!(unset_in_vain(&attributes, &chest(true, "iron"), &chest(false, "iron")).is_empty());
    }
}
