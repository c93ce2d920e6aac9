//! Nothing is said in many ways, and all of them mean the same: an attribute that can be left out may be empty, or have the
//! value that it has anyway. For every such attribute of every resource, found in the declarations, at every depth.

use std::collections::{BTreeMap, BTreeSet};

use acceptance_tests::resources::variants::{Variant, refusals, together, variants};
use acceptance_tests::resources::{RESOURCES, prepare, with_resource};
use acceptance_tests::{Fixture, for_each_resource, full};
use plugin::schema::Mode;
use serde_json::Value;

/// Documents without what is another value in every cloud.
fn forget(document: &mut Value, resource: &str) {
    const MADE_UP: [&str; 18] = [
        "CreateTime",
        "CreationDate",
        "ExpirationDate",
        "LatestDeliveryLogServiceTime",
        "LatestDeliveryTime",
        "StartLoggingTime",
        "StopLoggingTime",
        "UpdateDate",
        "UpdateTime",
        "WormId",
        "attach_dates",
        "createTime",
        "create_date",
        "lastModifiedTime",
        "lastModifyTime",
        "last_modify_time",
        "role_id",
        "update_date",
    ];
    // Of policies: how often they were written.
    const VERSIONS: [&str; 2] = ["older", "version"];
    let is_made_up = |name: &str| {
        MADE_UP.contains(&name) || resource == "alitrail_delivery_role" && VERSIONS.contains(&name)
    };
    match document {
        Value::Object(members) => {
            members.retain(|name, _| !is_made_up(name));
            members.values_mut().for_each(|member| forget(member, resource));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| forget(item, resource)),
        _ => {}
    }
}

/// What the cloud has of the resources in the state, by address.
fn documents(fixture: &Fixture, resource: &str) -> BTreeMap<String, Value> {
    let remote = with_resource(resource, |managed| managed.remote());
    let state = fixture.workspace.state().unwrap();
    let own = state.iter().filter(|(address, _)| address.starts_with(&format!("{resource}.")));
    own.map(|(address, values)| {
        let mut path = remote.to_owned();
        for (name, value) in values.as_object().unwrap() {
            path = value.as_str().map_or(path.clone(), |text| path.replace(&format!("{{{name}}}"), text));
        }
        let mut document = fixture.cloud.get(&path).unwrap();
        forget(&mut document, resource);
        (address.clone(), document)
    })
    .collect()
}

/// Where two sets of documents differ.
fn differing(one: &BTreeMap<String, Value>, other: &BTreeMap<String, Value>) -> Vec<String> {
    fn compare(at: &str, one: &Value, other: &Value, found: &mut Vec<String>) {
        match (one, other) {
            (Value::Object(one), Value::Object(other)) => {
                let names: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
                for name in names {
                    let of = |members: &serde_json::Map<String, Value>| members.get(name).cloned();
                    let (one, other) = (of(one).unwrap_or_default(), of(other).unwrap_or_default());
                    compare(&format!("{at}/{name}"), &one, &other, found);
                }
            }
            (one, other) if one == other => {}
            (one, other) => found.push(format!("{at}: {one} and {other}")),
        }
    }
    let mut found = Vec::new();
    let whole = |documents: &BTreeMap<String, Value>| documents.clone().into_iter().collect();
    compare("", &Value::Object(whole(one)), &Value::Object(whole(other)), &mut found);
    found
}

/// The writes after a point, by action.
fn writes(fixture: &Fixture, mark: u64) -> BTreeMap<String, usize> {
    let mut counted = BTreeMap::new();
    for request in fixture.cloud.writes_since(mark) {
        *counted.entry(request.action).or_default() += 1;
    }
    counted
}

fn configure(fixture: &Fixture, configuration: &Value) {
    fixture.write("main.tf.json", &format!("{configuration:#}"));
}

/// Import blocks of all resources of the type in the state, which is forgotten.
fn forget_and_import(fixture: &Fixture, resource: &str) {
    let state = fixture.workspace.state().unwrap();
    let has_region = with_resource(resource, |managed| {
        managed.schema().attribute("region").is_some_and(|region| matches!(region.mode, Mode::Keeps(_)))
    });
    let mut blocks = String::new();
    let mut forgotten = vec!["state", "rm"];
    for (address, values) in &state {
        if !address.starts_with(&format!("{resource}.")) {
            continue;
        }
        forgotten.push(address);
        let text = |name: &str| values[name].as_str().unwrap_or_default();
        let at = if has_region { format!("@{}", text("region")) } else { String::new() };
        blocks.push_str(&format!("import {{\n  to = {address}\n  id = \"{}{at}\"\n}}\n", text("id")));
    }
    fixture.workspace.succeed(&forgotten).unwrap_or_else(|error| panic!("{error}"));
    fixture.write("import.tf", &blocks);
}

/// Nothing but imports is planned.
fn assert_imports(fixture: &Fixture, when: &str) {
    let plan = fixture.plan(&[]);
    let changes: Vec<String> = plan
        .changes
        .iter()
        .filter(|change| change.actions != ["no-op"])
        .map(test_kit::terraform::Change::summary)
        .collect();
    assert!(changes.is_empty(), "{when}:\n{}", changes.join("\n"));
}

#[test]
fn what_must_not_be_empty_is_refused() {
    let fixture = Fixture::new(&full());
    let mut found = String::new();
    for resource in RESOURCES {
        for variant in possible(resource, &fixture) {
            for refused in variant.empty.iter().flat_map(|empty| refusals(resource, empty)) {
                found.push_str(&format!("{resource}: {refused}\n"));
            }
        }
    }
    golden("refused_empty_values", &found);
}

/// Which attributes the tests of this file try, so that none drops out of them in silence.
#[test]
fn nothing_drops_out() {
    let fixture = Fixture::new(&full());
    let mut tried = String::new();
    for resource in RESOURCES {
        for variant in possible(resource, &fixture) {
            let is_tried =
                |own: &Option<Value>| own.as_ref().is_some_and(|own| refusals(resource, own).is_empty());
            let how = [("empty", &variant.empty), ("removed", &variant.set)];
            let how: Vec<&str> =
                how.into_iter().filter(|(_, own)| is_tried(own)).map(|(how, _)| how).collect();
            tried.push_str(&format!("{resource}: {}: {}\n", variant.name(), how.join(", ")));
        }
    }
    golden("unset_values", &tried);
}

fn golden(name: &str, found: &str) {
    insta::with_settings!({
        snapshot_path => "../../../golden",
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        insta::assert_snapshot!(name, found);
    });
}

/// The variants that can be left out in their configuration.
fn possible(resource: &str, fixture: &Fixture) -> Vec<Variant> {
    prepare(&fixture.cloud);
    let mut all = variants(resource, &fixture.cloud);
    all.retain(|variant| refusals(resource, &variant.left_out).is_empty());
    all
}

/// Every value can be removed again: the cloud then has what it has without it.
fn removable(resource: &str) {
    let (fixture, other) = (Fixture::new(&full()), Fixture::new(&full()));
    prepare(&other.cloud);
    let all = possible(resource, &fixture);
    let set = |variant: &Variant| variant.set.clone().filter(|own| refusals(resource, own).is_empty());
    let set: Vec<(&Variant, Value)> =
        all.iter().filter_map(|variant| set(variant).map(|own| (variant, own))).collect();
    if set.is_empty() {
        return;
    }
    let left_out = together(resource, set.iter().map(|(variant, _)| (*variant, variant.left_out.clone())));
    configure(&other, &left_out);
    other.apply();
    let expected = documents(&other, resource);

    configure(&fixture, &together(resource, set.iter().cloned()));
    fixture.apply();
    fixture.assert_unchanged("set");
    configure(&fixture, &left_out);
    fixture.apply();
    fixture.assert_empty("removed again");
    let differ = differing(&expected, &documents(&fixture, resource));
    assert!(differ.is_empty(), "after the removal the cloud has something else:\n{}", differ.join("\n"));
}

mod removed {
    use super::removable;

    acceptance_tests::for_each_resource!(removable);
}

fn holds(resource: &str) {
    let fixture = Fixture::new(&full());
    let all = possible(resource, &fixture);
    let mut chosen: Vec<(&Variant, Value)> = Vec::new();
    for variant in &all {
        let Some(empty) = &variant.empty else { continue };
        if refusals(resource, empty).is_empty() {
            chosen.push((variant, empty.clone()));
        }
    }
    if chosen.is_empty() {
        return;
    }
    let left_out = together(resource, chosen.iter().map(|(variant, _)| (*variant, variant.left_out.clone())));
    let empty = together(resource, chosen.iter().map(|(variant, empty)| (*variant, empty.clone())));

    // Left out, imported with the one and the other.
    configure(&fixture, &left_out);
    fixture.apply();
    fixture.assert_empty("left out");
    let (expected, calls) = (documents(&fixture, resource), writes(&fixture, 0));
    let mark = fixture.cloud.mark();
    let states = fixture.meaning();
    let written_out = chosen.iter().map(|(variant, empty)| {
        let own = variant.written_out(&states[&format!("{resource}.{}", variant.label)]);
        (*variant, own.filter(|own| refusals(resource, own).is_empty()).unwrap_or_else(|| empty.clone()))
    });
    let written_out = together(resource, written_out);
    forget_and_import(&fixture, resource);
    assert_imports(&fixture, "imported and left out");
    configure(&fixture, &written_out);
    assert_imports(&fixture, "imported and written out");
    configure(&fixture, &empty);
    assert_imports(&fixture, "imported and empty");
    fixture.workspace.apply_plan().unwrap_or_else(|error| panic!("{error}"));
    fixture.remove("import.tf");
    fixture.assert_empty("imported and empty");
    configure(&fixture, &left_out);
    fixture.assert_empty("left out after the import");
    assert_eq!(writes(&fixture, mark), BTreeMap::new(), "nothing differs");

    // Empty from the beginning, in another cloud.
    let other = Fixture::new(&full());
    prepare(&other.cloud);
    configure(&other, &empty);
    other.apply();
    other.assert_empty("empty");
    let differ = differing(&expected, &documents(&other, resource));
    assert!(differ.is_empty(), "the cloud has something else:\n{}", differ.join("\n"));
    assert_eq!(writes(&other, 0), calls, "by the same calls");
    let mark = other.cloud.mark();
    configure(&other, &left_out);
    other.apply();
    other.assert_empty("empty before and left out now");
    configure(&other, &empty);
    other.apply();
    other.assert_empty("left out before and empty now");
    assert_eq!(writes(&other, mark), BTreeMap::new(), "another way to say nothing is no change");
}

for_each_resource!(holds);
