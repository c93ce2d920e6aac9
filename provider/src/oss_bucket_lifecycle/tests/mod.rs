//! Tests of rules, written as users write them.

mod checks;
mod retention;
mod wire;

use plugin::schema::object_type;
use plugin::value::{Object, Value, json};
use plugin::{Diagnostics, Model, planning};
use serde_json::{Value as Json, json};

use super::model::{LifecycleModel, RuleModel};
use super::*;

fn object(text: &Json) -> Object {
    let ty = object_type(&LifecycleModel::attributes());
    match json::read(text.to_string().as_bytes(), &ty).unwrap() {
        Value::Map(object) => object,
        other => panic!("{other:?}"),
    }
}

/// A configuration with these rules.
fn config(rules: &Json) -> LifecycleModel {
    LifecycleModel::from_object(object(&json!({ "bucket": "audit", "rules": rules }))).unwrap()
}

/// The same as it is planned, with defaults.
fn planned(rules: &Json) -> LifecycleModel {
    let config = object(&json!({ "bucket": "audit", "rules": rules }));
    LifecycleModel::from_object(planning::object(&LifecycleModel::attributes(), None, &config)).unwrap()
}

fn rules(rules: &Json) -> BTreeMap<String, RuleModel> {
    planned(rules).rules.into_option().unwrap()
}

/// What is wrong with a configuration: path and summary of each message, from declared checks and those across
/// attributes.
fn wrong(config: &LifecycleModel) -> Vec<String> {
    let mut found = Diagnostics::new();
    plugin::check::object(&LifecycleModel::attributes(), &config.to_object(), &Path::root(), &mut found);
    check::check(config, &mut found);
    found.0.into_iter().map(|message| format!("{}: {}", message.path, message.summary)).collect()
}

#[test]
fn what_the_first_apply_would_remove_is_told() {
    let existing = rules(&json!({
        "kept": {"expiration": {"days": 400}},
        "changed": {"prefix": "a/", "expiration": {"days": 400}},
        "gone": {"abort_multipart_upload": {"days": 7}},
    }));
    let new = rules(&json!({
        "kept": {"expiration": {"days": 400}},
        "changed": {"prefix": "a/", "expiration": {"days": 40}},
    }));
    let notified = takes_over("audit", &existing, &new).unwrap();
    assert!(
        notified.detail.contains("removes the rule \"gone\" and replaces the rule \"changed\""),
        "{}",
        notified.detail
    );
    assert_eq!(takes_over("audit", &existing, &existing), None);
}
