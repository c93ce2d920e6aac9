//! Every managed attribute of every resource drifts: it is changed in the cloud behind Terraform's back, the plan has to
//! name it, the apply has to put it back, and the next plan has to be empty. The attributes, two valid values of each and
//! the place where the mock cloud holds them come from the declarations in the provider; one without them fails here.
//!
//! An attribute is tried twice where it can be left out: set in the configuration, and left to its default. Each try is
//! an instance of its own, so that one apply, one drift, one plan and one apply serve a whole resource.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test has nobody to hand an error to"
)]

mod base;

use std::collections::BTreeMap;

use acceptance_tests::pointer::{set, value_at};
use acceptance_tests::{Cloud, Stage, full};
use plugin::schema::{Attribute, Kind, Mode, Nesting};
use provider::Alitrail;
use serde_json::{Value, json};

use base::{Try, base, prepare};

/// Trails are limited per region, so the instances of a resource are spread over these.
const REGIONS: [&str; 6] =
    ["cn-hangzhou", "cn-shanghai", "cn-beijing", "cn-shenzhen", "ap-southeast-1", "us-west-1"];

/// The resources that have nothing to drift: they are there or not.
const NOTHING_DRIFTS: [&str; 2] = ["alitrail_history_delivery_job", "alitrail_service_linked_role"];

/// Attributes that, left out, leave what there is to others: nobody's change is a drift then.
const LEFT_TO_OTHERS: [(&str, &str); 1] = [("alitrail_sls_index", "field_search")];

/// One attribute that can drift.
struct Entry {
    /// Names from the top of the resource to the attribute.
    path: Vec<&'static str>,
    samples: [Value; 2],
    wire: [Value; 2],
    /// JSON pointer into the object's document; may name attributes in braces.
    pointer: &'static str,
    /// Whether the configuration may leave it out and a default holds then.
    can_be_unset: bool,
}

/// The attributes of a resource that can drift, and those that say nothing about how.
fn entries(attributes: &[Attribute]) -> (Vec<Entry>, Vec<String>) {
    fn walk(
        attributes: &[Attribute],
        above: &[&'static str],
        // Whether the objects around them are there when nobody writes them.
        always_there: bool,
        found: &mut Vec<Entry>,
        bare: &mut Vec<String>,
    ) {
        for attribute in attributes {
            // Names make the object what it is, and what cannot change in place cannot drift either.
            let fixed = attribute.identity.is_some() || attribute.replace;
            let exists = attribute.tombstone.is_none();
            if !exists || attribute.block || attribute.mode == Mode::Computed || attribute.state_only || fixed
            {
                continue;
            }
            let path: Vec<&'static str> = above.iter().copied().chain([attribute.name]).collect();
            match (&attribute.drift, &attribute.kind) {
                (Some(drift), _) => found.push(Entry {
                    path,
                    samples: (drift.samples)(),
                    wire: (drift.wire)(),
                    pointer: drift.remote,
                    can_be_unset: always_there
                        && !attribute.lasting
                        && !matches!(attribute.mode, Mode::Required | Mode::Keeps(_)),
                }),
                (None, Kind::Nested(Nesting::Single, nested)) => {
                    let always_there = always_there && attribute.mode == Mode::DefaultObject;
                    walk(nested, &path, always_there, found, bare);
                }
                (None, _) => bare.push(path.join(".")),
            }
        }
    }
    let (mut found, mut bare) = (Vec::new(), Vec::new());
    walk(attributes, &[], true, &mut found, &mut bare);
    (found, bare)
}

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

fn merge(into: &mut Value, from: &Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (key, value) in from {
                merge(into.entry(key.clone()).or_insert(Value::Null), value);
            }
        }
        (into, from) => *into = from.clone(),
    }
}

fn nested(path: &[&str], value: Value) -> Value {
    path.iter().rev().fold(value, |inner, name| json!({ (*name): inner }))
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

/// Fills what a sample cannot know: the account and the region.
fn fill(value: &Value, cloud: &Cloud, region: &str) -> Value {
    let text = value.to_string().replace("{account_id}", &cloud.account_id).replace("{region}", region);
    serde_json::from_str(&text).expect("still JSON")
}

/// What the cloud holds of an instance.
fn held(cloud: &Cloud, instance: &Instance) -> Value {
    value_at(&cloud.get(&instance.node).unwrap(), &instance.pointer)
}

fn holds(resource: &str) {
    let managed = <Alitrail as plugin::Provider>::resources();
    let managed = managed.iter().find(|managed| managed.name() == resource).expect("the resource");
    let (entries, bare) = entries(&managed.schema().attributes);
    assert!(bare.is_empty(), "{resource}: these attributes do not say how they drift: {}", bare.join(", "));
    assert!(!entries.is_empty(), "{resource} has attributes");

    let stage = Stage::new(&full());
    prepare(&stage.cloud);
    let mut configuration = json!({"resource": {}});
    let mut instances = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        let left = LEFT_TO_OTHERS.contains(&(resource, entry.path[0]));
        for set in [true, false].into_iter().filter(|set| *set || entry.can_be_unset && !left) {
            let label = format!("{}_{}", entry.path.join("_"), if set { "set" } else { "unset" });
            let region = REGIONS[instances.len() % REGIONS.len()];
            let (around, mut own) = base(resource, &Try { label: &label, region, path: &entry.path, set });
            if set {
                merge(&mut own, &nested(&entry.path, fill(&entry.samples[0], &stage.cloud, region)));
            }
            let own = fill(&own, &stage.cloud, region);
            merge(&mut configuration["resource"], &around);
            merge(&mut configuration["resource"], &json!({ resource: { &label: own } }));
            instances.push((
                Instance {
                    label,
                    entry: index,
                    node: String::new(),
                    pointer: String::new(),
                    before: Value::Null,
                },
                region,
            ));
        }
    }
    stage.write("main.tf.json", &serde_json::to_string_pretty(&configuration).unwrap());
    stage.apply();
    stage.assert_empty("after create");

    let state = stage.workspace.state().unwrap();
    for (instance, _) in &mut instances {
        let own = &state[&format!("{resource}.{}", instance.label)];
        instance.node = node(managed.remote(), own);
        instance.pointer = node(entries[instance.entry].pointer, own);
        instance.before = held(&stage.cloud, instance);
    }
    // Only now, because of a setting that an account has once all instances share the document.
    for (instance, region) in &instances {
        let entry = &entries[instance.entry];
        let mut document = stage.cloud.get(&instance.node).unwrap();
        let values = entry.wire.each_ref().map(|value| fill(value, &stage.cloud, region));
        let other =
            values.iter().rev().find(|value| **value != instance.before).expect("two different values");
        set(&mut document, &instance.pointer, other);
        stage.cloud.put(&instance.node, &document).unwrap();
    }

    let plan = stage.plan(&[]);
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

    stage.apply_plan_while_hours_pass();
    for (instance, _) in &instances {
        let after = held(&stage.cloud, instance);
        assert_eq!(after, instance.before, "{} is back in the cloud", instance.label);
    }
    stage.assert_empty("after the repair");
}

#[test]
fn trail() {
    holds("alitrail_trail");
}

#[test]
fn data_event_selector() {
    holds("alitrail_data_event_selector");
}

#[test]
fn global_events_storage_region() {
    holds("alitrail_global_events_storage_region");
}

#[test]
fn delivery_role() {
    holds("alitrail_delivery_role");
}

#[test]
fn oss_bucket() {
    holds("alitrail_oss_bucket");
}

#[test]
fn oss_account_public_access_block() {
    holds("alitrail_oss_account_public_access_block");
}

#[test]
fn oss_bucket_logging() {
    holds("alitrail_oss_bucket_logging");
}

#[test]
fn oss_bucket_request_payment() {
    holds("alitrail_oss_bucket_request_payment");
}

#[test]
fn oss_bucket_policy() {
    holds("alitrail_oss_bucket_policy");
}

#[test]
fn oss_bucket_worm() {
    holds("alitrail_oss_bucket_worm");
}

#[test]
fn oss_bucket_lifecycle() {
    holds("alitrail_oss_bucket_lifecycle");
}

#[test]
fn sls_project() {
    holds("alitrail_sls_project");
}

#[test]
fn sls_alert() {
    holds("alitrail_sls_alert");
}

#[test]
fn sls_index() {
    holds("alitrail_sls_index");
}

#[test]
fn sls_logstore() {
    holds("alitrail_sls_logstore");
}

#[test]
fn sls_action_policy() {
    holds("alitrail_sls_action_policy");
}

#[test]
fn sls_dashboard() {
    holds("alitrail_sls_dashboard");
}

#[test]
fn sls_user() {
    holds("alitrail_sls_user");
}

#[test]
fn sls_user_group() {
    holds("alitrail_sls_user_group");
}

#[test]
fn every_resource_is_in_the_matrix() {
    let resources = <Alitrail as plugin::Provider>::resources();
    let names: Vec<&str> = resources.iter().map(|managed| managed.name()).collect();
    let tests = [
        "alitrail_data_event_selector",
        "alitrail_delivery_role",
        "alitrail_global_events_storage_region",
        "alitrail_oss_account_public_access_block",
        "alitrail_oss_bucket",
        "alitrail_oss_bucket_lifecycle",
        "alitrail_oss_bucket_logging",
        "alitrail_oss_bucket_policy",
        "alitrail_oss_bucket_request_payment",
        "alitrail_oss_bucket_worm",
        "alitrail_sls_action_policy",
        "alitrail_sls_alert",
        "alitrail_sls_index",
        "alitrail_sls_dashboard",
        "alitrail_sls_logstore",
        "alitrail_sls_project",
        "alitrail_sls_user",
        "alitrail_sls_user_group",
        "alitrail_trail",
    ];
    for name in names.into_iter().filter(|name| !NOTHING_DRIFTS.contains(name)) {
        assert!(tests.contains(&name), "{name} has no test here");
    }
}
