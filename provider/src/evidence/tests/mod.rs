//! For each check a change that it warns of, and one that it does not.

mod oss;
mod roles;
mod sls;
mod trail;

use std::collections::BTreeSet;

use plugin::schema::{Attribute, Kind, object_type};
use plugin::value::{Object, Value, json};
use plugin::{DestructiveChange, Model, Provider, Resource, planning};
use reconciler::evidence::conditions;
use serde_json::{Value as Json, json};

use super::*;
use crate::Alitrail;

/// A change that a check warns of.
struct Scenario {
    condition: &'static str,
    resource: &'static str,
    attribute: Option<&'static str>,
    /// What the change loses.
    destructive_changes: Vec<DestructiveChange>,
    /// What it would lose if everything stayed as it is.
    unchanged: Vec<DestructiveChange>,
}

/// A configuration as a plan has it, with defaults, but without what only the cloud knows.
fn planned<M: Model>(config: &Json) -> M {
    let ty = object_type(&M::attributes());
    let read = json::read(config.to_string().as_bytes(), &ty).unwrap();
    let Value::Map(config) = read else { panic!("no object") };
    M::from_object(planning::object(&M::attributes(), None, &config)).unwrap()
}

/// The same once it is applied, for a prior state: nothing is unknown.
fn applied<M: Model>(config: &Json) -> M {
    let object: Object = planned::<M>(config).to_object();
    let known = object.into_iter().map(|(name, value)| (name, value.without_unknowns())).collect();
    M::from_object(known).unwrap()
}

fn merged(base: &Json, change: &Json) -> Json {
    match (base, change) {
        (Json::Object(base), Json::Object(change)) => {
            let mut merged = base.clone();
            for (name, value) in change {
                let value = merged.get(name).map_or_else(|| value.clone(), |old| merged_value(old, value));
                merged.insert(name.clone(), value);
            }
            Json::Object(merged)
        }
        (_, change) => change.clone(),
    }
}

fn merged_value(old: &Json, new: &Json) -> Json {
    if old.is_object() && new.is_object() { merged(old, new) } else { new.clone() }
}

/// The planned change `with` of an object.
fn change<R: Resource>(
    condition: &'static str,
    attribute: &'static str,
    base: &Json,
    with: &Json,
) -> Scenario {
    let prior = applied::<R::Model>(base);
    Scenario {
        condition,
        resource: R::TYPE,
        attribute: Some(attribute),
        destructive_changes: R::destructive_changes(&prior, Some(&planned(&merged(base, with)))),
        unchanged: R::destructive_changes(&prior, Some(&planned(base))),
    }
}

/// The planned end of an object.
fn end<R: Resource>(condition: &'static str, base: &Json) -> Scenario {
    let prior = applied::<R::Model>(base);
    Scenario {
        condition,
        resource: R::TYPE,
        attribute: None,
        destructive_changes: R::destructive_changes(&prior, None),
        unchanged: R::destructive_changes(&prior, Some(&planned(base))),
    }
}

fn scenarios() -> Vec<Scenario> {
    [trail::scenarios(), oss::scenarios(), sls::scenarios(), roles::scenarios()]
        .into_iter()
        .flatten()
        .collect()
}

fn key(check: &Check) -> (&'static str, &'static str, Option<&'static str>) {
    (check.condition, check.resource, check.attribute)
}

#[test]
fn every_way_to_lose_evidence_has_a_check_and_every_check_a_way() {
    let known: BTreeSet<&str> = conditions().into_iter().map(|condition| condition.id).collect();
    let checked: BTreeSet<&str> = CHECKS.iter().map(|check| check.condition).collect();
    assert_eq!(known.difference(&checked).collect::<Vec<_>>(), Vec::<&&str>::new(), "nobody warns of these");
    assert_eq!(checked.difference(&known).collect::<Vec<_>>(), Vec::<&&str>::new(), "no call does these");
}

#[test]
fn every_check_warns_of_its_change_and_of_none_without_it() {
    let scenarios = scenarios();
    let shown: BTreeSet<_> =
        scenarios.iter().map(|one| (one.condition, one.resource, one.attribute)).collect();
    let checks: BTreeSet<_> = CHECKS.iter().map(key).collect();
    assert_eq!(checks.difference(&shown).collect::<Vec<_>>(), Vec::<&_>::new(), "without a scenario");
    assert_eq!(shown.difference(&checks).collect::<Vec<_>>(), Vec::<&_>::new(), "not in the list of checks");
    for Scenario { condition, resource, attribute, destructive_changes, unchanged } in scenarios {
        let scope = attribute.unwrap_or_default();
        let is_told = destructive_changes.iter().any(|destructive_change| match attribute {
            Some(attribute) => destructive_change.path.to_string().starts_with(attribute),
            // The end of a policy is told at the policy.
            None => true,
        });
        assert!(is_told, "{condition}: {resource} {scope} does not warn: {destructive_changes:?}");
        assert_eq!(unchanged, [], "{condition}: {resource} {scope} warns of nothing");
        for destructive_change in destructive_changes {
            assert!(
                !destructive_change.summary.is_empty() && destructive_change.detail.ends_with(['.', ')']),
                "{destructive_change:?}"
            );
        }
    }
}

#[test]
fn checks_name_resources_and_attributes_that_there_are() {
    fn has(attributes: &[Attribute], path: &str) -> bool {
        let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
        let found = attributes.iter().find(|attribute| attribute.name == first);
        found.is_some_and(|attribute| match (rest, &attribute.kind) {
            (None, _) => true,
            (Some(rest), Kind::Nested(_, inner)) => has(inner, rest),
            _ => false,
        })
    }
    let resources = Alitrail::resources();
    for check in CHECKS {
        let resource = resources.iter().find(|resource| resource.name() == check.resource);
        let resource = resource.unwrap_or_else(|| panic!("{}", check.resource));
        let attributes = &resource.schema().attributes;
        assert!(check.attribute.is_none_or(|path| has(attributes, path)), "{check:?}");
    }
}
