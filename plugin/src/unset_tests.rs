use std::collections::BTreeMap;

use super::*;
use crate::{Attr, Diagnostics, Model, Path, Severity, check};

#[derive(Debug, Clone, Default, PartialEq, Model)]
struct Desk {
    /// Name.
    #[attr(required, identity)]
    name: Attr<String>,
    /// Room.
    #[attr(keeps = "it stays where it is")]
    room: Attr<String>,
    /// Title.
    #[attr(optional, unset_is = own_name)]
    title: Attr<String>,
    /// Colour.
    #[attr(default = "brown", one_of("brown", "red"))]
    colour: Attr<String>,
    /// Height.
    #[attr(optional, zero_unset)]
    height: Attr<i64>,
    /// Lamp.
    #[attr(optional)]
    lamp: Attr<Lamp>,
    /// Lock: there or not.
    #[attr(optional, empty_means = "a lock")]
    lock: Attr<Lamp>,
    /// Owners.
    #[attr(optional, empty_refused = "Nobody could use it.")]
    owners: Attr<Vec<String>>,
    /// Drawers.
    #[attr(optional, empty_warned = "It has none then.")]
    drawers: Attr<BTreeMap<String, Lamp>>,
}

#[derive(Debug, Clone, Default, PartialEq, Model)]
struct Lamp {
    /// Bulb.
    #[attr(optional)]
    bulb: Attr<String>,
    /// Lit.
    #[attr(default = false)]
    lit: Attr<bool>,
    /// Tags.
    #[attr(optional)]
    tags: Attr<BTreeMap<String, String>>,
}

fn own_name(desk: &Object) -> Value {
    desk.get("name").cloned().unwrap_or_default()
}

fn named(change: impl FnOnce(&mut Desk)) -> Object {
    let mut desk = Desk { name: "a".into(), ..Desk::default() };
    change(&mut desk);
    desk.to_object()
}

fn lamp(bulb: &str, lit: Attr<bool>, tags: Attr<BTreeMap<String, String>>) -> Attr<Lamp> {
    Lamp { bulb: bulb.into(), lit, tags }.into()
}

/// What a resource is given, and what Terraform is told, for a configuration.
fn planned(prior: Option<&Object>, written: &Object) -> (Object, Object) {
    let attributes = Desk::attributes();
    let meant = config(&attributes, written.clone());
    let before = prior.map(|prior| normal(&attributes, prior.clone()));
    let meaning = normal(&attributes, planning::object(&attributes, before.as_ref(), &meant));
    (meaning.clone(), spelled(&attributes, prior, written, meaning))
}

/// Every way to say nothing of what can be left out.
fn ways() -> Vec<Object> {
    vec![
        named(|desk| desk.title = "".into()),
        named(|desk| desk.title = "a".into()),
        named(|desk| desk.colour = "".into()),
        named(|desk| desk.height = 0.into()),
        named(|desk| desk.lamp = Lamp::default().into()),
        named(|desk| desk.lamp = lamp("", Attr::Null, Attr::Null)),
        named(|desk| desk.lamp = lamp("", false.into(), BTreeMap::new().into())),
        named(|desk| desk.drawers = BTreeMap::new().into()),
    ]
}

#[test]
fn whichever_way_nothing_is_said_the_resource_sees_it_left_out_and_terraform_what_is_written() {
    let (expected, _) = planned(None, &named(|_| {}));
    for written in ways() {
        let (meaning, told) = planned(None, &written);
        assert_eq!(meaning, expected, "{written:?}");
        for (name, value) in written.iter().filter(|(name, value)| !value.is_null() && *name != "lamp") {
            assert_eq!(&told[name], value, "{name}");
        }
        assert_eq!(told["lamp"].is_null(), written["lamp"].is_null());
        // A read that finds nothing keeps the way, and a drift shows.
        let attributes = Desk::attributes();
        let state: Object = told.into_iter().map(|(name, value)| (name, value.without_unknowns())).collect();
        assert_eq!(planning::settle(&attributes, &state, normal(&attributes, state.clone())), state);
        let drifted =
            Desk { lamp: lamp("led", false.into(), Attr::Null), ..Desk::from_object(state.clone()).unwrap() };
        assert_ne!(planning::settle(&attributes, &state, drifted.to_object())["lamp"], state["lamp"]);
    }
}

#[test]
fn after_an_import_no_way_to_say_nothing_is_a_difference() {
    let attributes = Desk::attributes();
    let (found, _) = planned(None, &named(|desk| desk.room = "r".into()));
    let imported = planning::settle(&attributes, &Object::new(), found.clone());
    assert_eq!(normal(&attributes, imported.clone()), found);
    assert_eq!(imported["title"], Value::from("a"), "the value that it has");
    for written in ways().into_iter().filter(|written| written["colour"].is_null()).chain([named(|_| {})]) {
        let (_, told) = planned(Some(&imported), &written);
        assert_eq!(told, imported, "{written:?}");
    }
}

#[test]
fn what_is_said_inside_of_what_is_there_is_as_empty() {
    let drawers = |tags: Attr<BTreeMap<String, String>>| {
        let drawer = Lamp { bulb: "led".into(), lit: true.into(), tags };
        named(|desk| desk.drawers = BTreeMap::from([("top".to_owned(), drawer)]).into())
    };
    let (left_out, _) = planned(None, &drawers(Attr::Null));
    let written = drawers(BTreeMap::new().into());
    let (meaning, told) = planned(None, &written);
    assert_eq!(meaning, left_out);
    assert_eq!(told["drawers"], written["drawers"]);
}

#[test]
fn a_value_of_the_state_that_meant_nothing_before_is_not_taken_for_it_when_it_does_not_any_more() {
    let prior = named(|desk| desk.title = "a".into());
    let renamed = Desk { name: "b".into(), ..Desk::default() }.to_object();
    let (meaning, told) = planned(Some(&prior), &renamed);
    assert_eq!((&meaning["title"], &told["title"]), (&Value::Null, &Value::Null));
}

#[test]
fn what_must_not_be_empty_is_refused_and_the_rest_is_not_checked() {
    let told = |written: &Object| {
        let mut found = Diagnostics::new();
        check::object(&Desk::attributes(), written, &Path::root(), &mut found);
        found.0.into_iter().map(|one| (one.severity, one.detail)).collect::<Vec<_>>()
    };
    for written in ways().iter().filter(|written| written["drawers"].is_null()) {
        assert_eq!(told(written), [], "{written:?}");
    }
    let refused = told(&named(|desk| desk.owners = Vec::new().into()));
    assert_eq!(refused, [(Severity::Error, "Nobody could use it.".to_owned())]);
    let warned = told(&named(|desk| desk.drawers = BTreeMap::new().into()));
    assert_eq!(warned, [(Severity::Warning, "It has none then.".to_owned())]);
    let kept = told(&named(|desk| desk.room = "".into()));
    assert!(matches!(kept.as_slice(), [(Severity::Error, text)] if text.contains("room")), "{kept:?}");
}

#[test]
fn an_object_whose_presence_says_something_is_no_empty_one() {
    let (meaning, _) = planned(None, &named(|desk| desk.lock = Lamp::default().into()));
    assert!(!meaning["lock"].is_null());
}

#[test]
fn what_the_service_has_emptied_is_not_the_default() {
    let attributes = Desk::attributes();
    let stated = normal(&attributes, planned(None, &named(|_| ())).1);
    assert_eq!(stated["colour"], Value::from("brown"));
    let mut emptied = stated.clone();
    emptied.insert("colour".to_owned(), Value::from(""));
    // As the state has it after a refresh, and after an import.
    for prior in [stated.clone(), Object::new()] {
        let seen = planning::settle(&attributes, &prior, emptied.clone());
        assert_ne!(normal(&attributes, seen.clone())["colour"], Value::from("brown"), "{prior:?}");
        let (_, repaired) = planned(Some(&seen), &named(|_| ()));
        assert_eq!(normal(&attributes, repaired)["colour"], Value::from("brown"));
    }
    // Written out by the user, the same empty text is the default, and stays as it is written.
    let mut written = stated.clone();
    written.insert("colour".to_owned(), Value::from(""));
    assert_eq!(planning::settle(&attributes, &written, stated)["colour"], Value::from(""));
}

#[test]
fn a_default_that_an_object_of_the_service_lacks_is_not_there() {
    let attributes = Desk::attributes();
    let with = |lit: Attr<bool>| named(|desk| desk.lamp = lamp("x", lit, Attr::Null));
    let stated = normal(&attributes, with(false.into()));
    let seen = planning::settle(&attributes, &stated, with(Attr::Null));
    assert_ne!(normal(&attributes, seen), stated);
    let bare = |lit: Attr<bool>| named(|desk| desk.lamp = Lamp { lit, ..Lamp::default() }.into());
    assert_eq!(normal(&attributes, bare(false.into()))["lamp"], Value::Null, "it says nothing");
    assert_ne!(normal(&attributes, bare(Attr::Null))["lamp"], Value::Null, "it lacks a default");
}
