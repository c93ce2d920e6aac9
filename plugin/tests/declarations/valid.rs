//! What declarations may say.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test has nobody to hand an error to")]

use std::collections::{BTreeMap, BTreeSet};

use plugin::schema::Identity;
use plugin::value::{Object, Value};
use plugin::{Attr, Flatten, Model};

#[derive(Debug, Clone, Default, Model)]
#[model(remote = "things/{name}", unsupported_names(title, label = "Write `name`."))]
struct Thing {
    /// Name.
    #[attr(required, replace, identity)]
    name: Attr<String>,
    /// Size.
    #[attr(default = -3, samples(1, 2), remote = "/size", wire("1", "2"))]
    size: Attr<i64>,
    /// Colour.
    #[attr(default = "blue", one_of("blue", "red"), sensitive)]
    colour: Attr<String>,
    /// Words.
    #[attr(default = ["a", "b"])]
    words: Attr<BTreeSet<String>>,
    /// Numbers.
    #[attr(default = [2, 1])]
    numbers: Attr<Vec<i64>>,
    /// Tags.
    #[attr(optional)]
    tags: Attr<BTreeMap<String, String>>,
    /// Part.
    #[attr(defaults)]
    part: Attr<Part>,
    /// Place.
    #[attr(keeps = "it is decided once", identity_optional)]
    r#where: Attr<String>,
    /// Protection.
    #[attr(default = false, state_only)]
    protected: Attr<bool>,
    /// Revision.
    #[attr(computed, volatile)]
    revision: Attr<i64>,
    /// Block.
    #[attr(block)]
    block: Attr<Part>,
    /// Blocks.
    #[attr(block)]
    blocks: Attr<Vec<Part>>,
}

#[derive(Debug, Clone, Default, Model)]
struct Part {
    /// Whether it is on.
    #[attr(default = true)]
    on: Attr<bool>,
}

/// What all that stands in a house has.
#[derive(Debug, Clone, Default, Model)]
struct Place {
    /// House.
    #[attr(optional, identity_optional)]
    house: Attr<String>,
    #[attr(flatten)]
    room: Room,
}

#[derive(Debug, Clone, Default, Model)]
struct Room {
    /// Room.
    #[attr(optional)]
    room: Attr<String>,
    /// Revision.
    #[attr(computed)]
    revision: Attr<i64>,
}

#[derive(Debug, Clone, Default, Model)]
#[model(unsupported_names(title = "Write `name`."))]
struct Chair {
    /// Name.
    #[attr(required)]
    name: Attr<String>,
    #[attr(flatten, identity(room), volatile(revision), describe(house = "House of the chair."))]
    place: Place,
    /// Legs.
    #[attr(default = 4)]
    legs: Attr<i64>,
}

fn flattened() {
    let attributes = Chair::attributes();
    let names: Vec<_> = attributes.iter().map(|attribute| attribute.name).collect();
    assert_eq!(names, ["name", "house", "room", "revision", "legs", "title"]);
    let [_, house, room, revision, ..] = attributes.as_slice() else { panic!("six attributes") };
    assert_eq!((house.description, room.description), ("House of the chair.", "Room."));
    assert_eq!((house.identity, room.identity), (Some(Identity::Optional), Some(Identity::Required)));
    assert!(revision.volatile && Room::attributes().iter().all(|attribute| !attribute.volatile));
    let mut chair = Chair { name: "blue".into(), ..Chair::default() };
    chair.shared_mut().room.room = "kitchen".into();
    let object = chair.to_object();
    assert_eq!(object.keys().map(String::as_str).collect::<BTreeSet<_>>(), names.iter().copied().collect());
    let read = Chair::from_object(object).unwrap();
    assert_eq!(read.shared().room.room.as_str(), Some("kitchen"));
    let wrong = Object::from([("room".to_owned(), Value::from(3))]);
    assert_eq!(Chair::from_object(wrong).unwrap_err().path.to_string(), "room");
}

pub(crate) fn main() {
    assert_eq!(Thing::attributes().len(), 14);
    flattened();
}
