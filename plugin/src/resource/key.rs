//! What the cloud knows an object by, for the rules that guard its deletion: the identity that its model declares.

use serde::{Deserialize, Serialize};

use super::{DeletionGuard, Resource};
use crate::Model;
use crate::schema::{Attribute, Identity, identity_attributes};
use crate::value::{Object, Value};

/// The key of an object.
///
/// An object is never deleted to be made again under the same name, wherever that would be, so that the name alone tells
/// what a plan does with an object. The scope tells whether what was noted in another process is about the same one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Key {
    /// The attributes that an import has to give.
    name: Vec<String>,
    /// Those that it may leave out, such as account and region; `None` for what is not known yet.
    scope: Vec<Option<String>>,
}

impl Key {
    /// The key of an object; `None` while its name is not known.
    fn of(
        attributes: &[Attribute],
        unique_within: &[&str],
        ignores_case: bool,
        object: &Object,
    ) -> Option<Self> {
        let (mut name, mut scope) = (Vec::new(), Vec::new());
        for (attribute, part) in identity_attributes(attributes) {
            let value = object.get(attribute.name).and_then(text);
            if part == Identity::Required || unique_within.contains(&attribute.name) {
                let value = value?;
                name.push(if ignores_case { value.to_lowercase() } else { value });
            } else {
                scope.push(value);
            }
        }
        (!name.is_empty()).then_some(Self { name, scope })
    }

    /// The name, which is what plans are told apart by.
    pub(crate) fn name(&self) -> &[String] {
        &self.name
    }

    /// Whether both are of one name.
    pub(crate) fn has_name_of(&self, other: &Self) -> bool {
        self.name == other.name
    }

    /// Whether both are of one object, as far as that is known.
    pub(crate) fn may_be(&self, other: &Self) -> bool {
        let is_same = |(one, other): (&Option<String>, &Option<String>)| {
            one.is_none() || other.is_none() || one == other
        };
        self.has_name_of(other) && self.scope.iter().zip(&other.scope).all(is_same)
    }

    #[cfg(test)]
    pub(crate) fn test(name: &str, scope: &[Option<&str>]) -> Self {
        let scope = scope.iter().map(|part| part.map(str::to_owned)).collect();
        Self { name: vec![name.to_owned()], scope }
    }
}

/// A value as part of a key; `None` when it is not set or not known.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        known if known.is_wholly_known() => Some(format!("{known:?}")),
        _ => None,
    }
}

/// An object that is not deleted lightly, and its key; `None` while its name is not known.
#[derive(Debug)]
pub(super) struct GuardedObject {
    pub(super) key: Option<Key>,
    pub(super) label: String,
    pub(super) protected: bool,
}

/// What an object holds, if it holds something.
pub(super) fn held<R: Resource>(attributes: &[Attribute], model: &R::Model) -> Option<GuardedObject> {
    let DeletionGuard { label, protected } = R::deletion_guard(model)?;
    let key = Key::of(attributes, R::NAMES_UNIQUE_WITHIN, R::NAMES_IGNORE_CASE, &model.to_object());
    Some(GuardedObject { key, label, protected })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Attr;

    #[derive(Debug, Clone, Default, Model)]
    struct Place {
        /// House.
        #[attr(keeps = "it is built", identity_optional)]
        house: Attr<String>,
        /// Floor.
        #[attr(keeps = "it is built", identity_optional)]
        floor: Attr<i64>,
    }

    #[derive(Debug, Clone, Default, Model)]
    struct Door {
        /// Room.
        #[attr(required, identity)]
        room: Attr<String>,
        /// Side.
        #[attr(required, identity)]
        side: Attr<String>,
        /// `house` and `floor`.
        #[attr(flatten)]
        place: Place,
        /// Colour.
        #[attr(optional)]
        colour: Attr<String>,
    }

    fn door(room: &str, house: impl Into<Attr<String>>, floor: impl Into<Attr<i64>>) -> Door {
        let place = Place { house: house.into(), floor: floor.into() };
        Door { room: room.into(), side: "left".into(), place, colour: Attr::UNKNOWN }
    }

    fn key(door: &Door) -> Option<Key> {
        Key::of(&Door::attributes(), &[], false, &door.to_object())
    }

    #[test]
    fn a_key_is_the_identity_with_the_scope_of_the_flattened_field() {
        let scope = vec![Some("north".to_owned()), Some("Number(Int(2))".to_owned())];
        let name = vec!["hall".to_owned(), "left".to_owned()];
        assert_eq!(key(&door("hall", "north", 2)), Some(Key { name, scope }));
        assert_eq!(key(&Door { room: Attr::UNKNOWN, ..door("", "north", 2) }), None, "no name yet");
        assert_eq!(key(&Door { side: Attr::Null, ..door("hall", "north", 2) }), None);
        let of_nothing = Key::of(&Place::attributes(), &[], false, &Object::new());
        assert_eq!(of_nothing, None, "no identity, no key");
    }

    #[test]
    fn what_is_not_known_of_a_scope_may_be_anything() {
        let known = key(&door("hall", "north", 2)).unwrap();
        for (house, floor, expected) in [
            ("north".into(), 2.into(), true),
            (Attr::UNKNOWN, 2.into(), true),
            (Attr::Null, Attr::Null, true),
            ("south".into(), Attr::UNKNOWN, false),
            ("north".into(), 3.into(), false),
        ] {
            let other = key(&door("hall", house, floor)).unwrap();
            assert_eq!((known.may_be(&other), other.may_be(&known)), (expected, expected), "{other:?}");
            assert!(known.has_name_of(&other), "wherever it is");
        }
        let another = key(&door("cellar", "north", 2)).unwrap();
        assert!(!known.may_be(&another) && !known.has_name_of(&another));
    }

    #[test]
    fn names_are_compared_as_the_service_compares_them() {
        let key = |within: &[&str], ignores_case, door: &Door| {
            Key::of(&Door::attributes(), within, ignores_case, &door.to_object())
        };
        let (one, other) = (door("Hall", "north", 2), door("hall", "north", 2));
        assert!(key(&[], true, &one).unwrap().has_name_of(&key(&[], true, &other).unwrap()));
        assert!(!key(&[], false, &one).unwrap().has_name_of(&key(&[], false, &other).unwrap()));
        let elsewhere = door("hall", "south", 2);
        let within = ["house"].as_slice();
        assert!(!key(within, false, &other).unwrap().has_name_of(&key(within, false, &elsewhere).unwrap()));
        assert_eq!(key(within, false, &door("hall", Attr::UNKNOWN, 2)), None, "part of the name");
    }
}
