//! The resources of the provider as generated tests see them: one list, from which every such test takes its cases, and
//! what the declarations say of each attribute.
//!
//! The list is that of [`for_each_resource!`](crate::for_each_resource), since tests have names at compile time; that it
//! is the provider's own list is a test here. A new resource is one word there and its base configuration in
//! [`base()`].

mod base;
pub mod variants;

use plugin::resource::Managed;
use plugin::schema::{Attribute, Kind, Mode, Nesting};
use plugin::value::Object;
use provider::Alitrail;
use serde_json::{Value, json};

pub use base::{AttributeTest, base, prepare};

use crate::Cloud;

/// Declares a test for each resource: `for_each_resource!(check)` calls `check("alitrail_trail")` in a test `trail`, and so
/// on.
#[macro_export]
macro_rules! for_each_resource {
    ($check:ident) => {
        $crate::for_each_resource!(@list tests $check);
    };
    (@list $form:ident $($check:ident)?) => {
        $crate::for_each_resource! {
            @$form $($check)?:
            data_event_selector
            delivery_role
            global_events_storage_region
            history_delivery_job
            oss_account_public_access_block
            oss_bucket
            oss_bucket_lifecycle
            oss_bucket_logging
            oss_bucket_policy
            oss_bucket_request_payment
            oss_bucket_worm
            service_linked_role
            sls_action_policy
            sls_alert
            sls_dashboard
            sls_index
            sls_logstore
            sls_project
            sls_user
            sls_user_group
            trail
        }
    };
    (@tests $check:ident: $($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                $check(concat!("alitrail_", stringify!($name)));
            }
        )*
    };
    (@names: $($name:ident)*) => {
        &[$(concat!("alitrail_", stringify!($name))),*]
    };
}

/// The types of all resources.
pub const RESOURCES: &[&str] = for_each_resource!(@list names);

/// Trails are limited per region, so the instances of a resource are spread over these.
pub const REGIONS: [&str; 6] =
    ["cn-hangzhou", "cn-shanghai", "cn-beijing", "cn-shenzhen", "ap-southeast-1", "us-west-1"];

/// Attributes that, left out, leave what there is to others: nobody's change is a drift then.
const LEFT_TO_OTHERS: [(&str, &str); 1] = [("alitrail_sls_index", "field_search")];

/// Calls with the resource of this type.
///
/// # Panics
/// When the provider has none.
pub fn with_resource<T>(
    name: &str,
    act: impl FnOnce(&dyn Managed<<Alitrail as plugin::Provider>::Client>) -> T,
) -> T {
    let managed = <Alitrail as plugin::Provider>::resources();
    let managed = managed.iter().find(|managed| managed.name() == name);
    act(managed.unwrap_or_else(|| panic!("the provider has no {name}")).as_ref())
}

/// What a resource's values in the state mean, whichever way they say what is unset.
///
/// # Panics
/// When the values are not those of the resource.
pub fn meaning(resource: &str, values: &Value) -> Object {
    with_resource(resource, |managed| {
        let schema = managed.schema();
        let read = plugin::value::json::read(values.to_string().as_bytes(), schema.ty());
        match read.unwrap_or_else(|error| panic!("{resource}: {error}")) {
            plugin::value::Value::Map(object) => plugin::unset::normal(&schema.attributes, object),
            other => panic!("{resource} is {other:?}"),
        }
    })
}

/// One attribute that can drift.
#[derive(Debug)]
pub struct Entry {
    /// Names from the top of the resource to the attribute.
    pub path: Vec<&'static str>,
    /// Two values as configuration.
    pub samples: [Value; 2],
    /// The same as the mock holds them.
    pub wire: [Value; 2],
    /// JSON pointer into the object's document; may name attributes in braces.
    pub pointer: &'static str,
    /// Whether the configuration may leave it out and a default holds then.
    pub can_be_unset: bool,
}

/// The attributes of a resource that can drift, and those that say nothing about how.
pub fn entries(attributes: &[Attribute]) -> (Vec<Entry>, Vec<String>) {
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
            let exists = attribute.unsupported_name.is_none();
            if !exists || attribute.block || attribute.mode == Mode::Computed || attribute.state_only || fixed
            {
                continue;
            }
            let path: Vec<&'static str> = above.iter().copied().chain([attribute.name]).collect();
            match (&attribute.fixture, &attribute.kind) {
                (Some(fixture), _) => found.push(Entry {
                    path,
                    samples: (fixture.samples)(),
                    wire: (fixture.wire)(),
                    pointer: fixture.remote,
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

/// An attribute tried in a configuration of [`matrix`].
#[derive(Debug)]
pub struct TestedAttribute {
    /// Name of the resource in the configuration.
    pub label: String,
    /// Which of the entries.
    pub entry: usize,
    /// The region of its objects.
    pub region: &'static str,
}

/// A configuration in which every entry is tried twice where it can be left out, set and left to its default, each time
/// in a resource of its own; a resource without entries is there once.
pub fn matrix(resource: &str, entries: &[Entry], cloud: &Cloud) -> (Value, Vec<TestedAttribute>) {
    matrix_of(resource, entries, &[true, false], cloud)
}

/// The part of [`matrix`] in which entries are set, or left to their default, or both.
pub fn matrix_of(
    resource: &str,
    entries: &[Entry],
    forms: &[bool],
    cloud: &Cloud,
) -> (Value, Vec<TestedAttribute>) {
    let mut configuration = json!({"resource": {}});
    let mut tried = Vec::new();
    let mut add = |try_: &AttributeTest<'_>, value: Option<&Value>| {
        let (around, mut own) = base(resource, try_);
        if let Some(value) = value {
            merge(&mut own, &nested(try_.path, fill(value, cloud, try_.region)));
        }
        let own = fill(&own, cloud, try_.region);
        merge(&mut configuration["resource"], &around);
        merge(&mut configuration["resource"], &json!({ resource: { try_.label: own } }));
    };
    for (index, entry) in entries.iter().enumerate() {
        let left = LEFT_TO_OTHERS.contains(&(resource, entry.path[0]));
        for set in forms.iter().copied().filter(|set| *set || entry.can_be_unset && !left) {
            let label = format!("{}_{}", entry.path.join("_"), if set { "set" } else { "unset" });
            let region = REGIONS[tried.len() % REGIONS.len()];
            let value = set.then_some(&entry.samples[0]);
            add(&AttributeTest { label: &label, region, path: &entry.path, set }, value);
            tried.push(TestedAttribute { label, entry: index, region });
        }
    }
    if entries.is_empty() {
        add(&AttributeTest { label: "this", region: REGIONS[0], path: &[], set: false }, None);
    }
    (configuration, tried)
}

/// Merges objects, member by member; anything else is replaced.
pub fn merge(into: &mut Value, from: &Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (key, value) in from {
                merge(into.entry(key.clone()).or_insert(Value::Null), value);
            }
        }
        (into, from) => *into = from.clone(),
    }
}

/// A value below a path of names.
pub fn nested(path: &[&str], value: Value) -> Value {
    path.iter().rev().fold(value, |inner, name| json!({ (*name): inner }))
}

/// Fills what a sample cannot know: the account and the region.
///
/// # Panics
/// Never: what is filled in needs no escapes.
pub fn fill(value: &Value, cloud: &Cloud, region: &str) -> Value {
    let text = value.to_string().replace("{account_id}", &cloud.account_id).replace("{region}", region);
    serde_json::from_str(&text).expect("still JSON")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_that_of_the_provider() {
        let resources = <Alitrail as plugin::Provider>::resources();
        let mut names: Vec<&str> = resources.iter().map(|managed| managed.name()).collect();
        names.sort_unstable();
        assert_eq!(RESOURCES, names, "the list of for_each_resource! is sorted and whole");
    }
}
