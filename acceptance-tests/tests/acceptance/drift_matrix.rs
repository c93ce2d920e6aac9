//! Every managed attribute of every resource drifts: it is changed in the cloud behind Terraform's back, the plan has to
//! name it, the apply has to put it back, and the next plan has to be empty. The attributes, two valid values of each and
//! the place where the mock cloud holds them come from the declarations in the provider; one without them fails here.
//!
//! An attribute is tried twice where it can be left out: set in the configuration, and left to its default. Each try is
//! an instance of its own, so that one apply, one drift, one plan and one apply serve a whole resource.

use std::collections::BTreeMap;

use acceptance_tests::pointer::{set, value_at};
use acceptance_tests::resources::{Entry, TestedAttribute, entries, fill, matrix_of, prepare, with_resource};
use acceptance_tests::{Cloud, Fixture, for_each_resource, full};
use serde_json::Value;

/// The resources that have nothing to drift: they are there or not.
const NOTHING_DRIFTS: [&str; 2] = ["alitrail_history_delivery_job", "alitrail_service_linked_role"];

/// One try, as far as it has come.
struct Instance {
    label: String,
    entry: usize,
    /// The document and the value that the cloud held before the drift.
    node: String,
    /// JSON pointer into that document.
    pointer: String,
    before: Value,
}

/// The path of an object's document: the template of its model, filled from its state.
fn node(template: &str, state: &Value) -> String {
    let mut path = template.to_owned();
    for (name, value) in state.as_object().expect("state") {
        if let Some(text) = value.as_str() {
            path = path.replace(&format!("{{{name}}}"), text);
        }
    }
    assert!(!path.contains('{'), "{template} is not filled by {state}");
    path
}

/// Resources of which an account has one object: two in one configuration are an error.
const ONE_PER_ACCOUNT: [&str; 1] = ["alitrail_oss_account_public_access_block"];

/// What the cloud holds of an instance.
fn held(cloud: &Cloud, instance: &Instance) -> Value {
    value_at(&cloud.get(&instance.node).unwrap(), &instance.pointer)
}

fn holds(resource: &str) {
    with_resource(resource, |managed| {
        let (entries, bare) = entries(&managed.schema().attributes);
        let bare = bare.join(", ");
        assert!(bare.is_empty(), "{resource}: these attributes do not say how they drift: {bare}");
        let nothing_drifts = NOTHING_DRIFTS.contains(&resource);
        assert_eq!(entries.is_empty(), nothing_drifts, "{resource} has attributes that drift");
        let forms: &[&[bool]] =
            if ONE_PER_ACCOUNT.contains(&resource) { &[&[true], &[false]] } else { &[&[true, false]] };
        for forms in forms.iter().filter(|_| !nothing_drifts) {
            drifts(resource, managed.remote(), &entries, forms);
        }
    });
}

fn drifts(resource: &str, remote: &str, entries: &[Entry], forms: &[bool]) {
    let fixture = Fixture::new(&full());
    prepare(&fixture.cloud);
    let (configuration, tried) = matrix_of(resource, entries, forms, &fixture.cloud);
    let mut instances: Vec<(Instance, &str)> = tried
        .into_iter()
        .map(|TestedAttribute { label, entry, region }| {
            let (node, pointer, before) = (String::new(), String::new(), Value::Null);
            (Instance { label, entry, node, pointer, before }, region)
        })
        .collect();
    fixture.write("main.tf.json", &serde_json::to_string_pretty(&configuration).unwrap());
    fixture.apply();
    fixture.assert_empty("after create");

    let state = fixture.workspace.state().unwrap();
    for (instance, _) in &mut instances {
        let own = &state[&format!("{resource}.{}", instance.label)];
        instance.node = node(remote, own);
        instance.pointer = node(entries[instance.entry].pointer, own);
        instance.before = held(&fixture.cloud, instance);
    }
    for (instance, region) in &instances {
        let entry = &entries[instance.entry];
        let mut document = fixture.cloud.get(&instance.node).unwrap();
        let values = entry.wire.each_ref().map(|value| fill(value, &fixture.cloud, region));
        let other =
            values.iter().rev().find(|value| **value != instance.before).expect("two different values");
        set(&mut document, &instance.pointer, other);
        fixture.cloud.put(&instance.node, &document).unwrap();
    }

    let plan = fixture.plan(&[]);
    let changes: BTreeMap<&str, _> =
        plan.changes.iter().map(|change| (change.address.as_str(), change)).collect();
    let mut problems = Vec::new();
    for (instance, _) in &instances {
        let address = format!("{resource}.{}", instance.label);
        let path = entries[instance.entry].path.join(".");
        let Some(change) = changes.get(address.as_str()) else {
            problems.push(format!("{address}: drift of {path} is not noticed"));
            continue;
        };
        let named = change
            .attributes()
            .iter()
            .any(|change| change.path == path || change.path.starts_with(&format!("{path}.")));
        if change.actions != ["update"] || !named {
            problems.push(format!("{path} should be updated: {}", change.summary()));
        }
    }
    let foreign = plan.changes.iter().filter(|change| change.resource_type != resource);
    problems.extend(foreign.map(|change| format!("nobody touched {}", change.summary())));
    assert!(problems.is_empty(), "{}", problems.join("\n"));

    fixture.apply_plan_while_hours_pass();
    for (instance, _) in &instances {
        let after = held(&fixture.cloud, instance);
        // A switch that was never touched is put back by switching it off.
        if (&instance.before, &after) != (&Value::Null, &Value::Bool(false)) {
            assert_eq!(after, instance.before, "{} is back in the cloud", instance.label);
        }
    }
    fixture.assert_empty("after the repair");
}

for_each_resource!(holds);
