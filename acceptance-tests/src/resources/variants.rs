//! Configurations of a resource in which one attribute is left out, empty, or written out at the value that it has anyway;
//! for every attribute that can be left out, at every depth.
//!
//! What is around a nested attribute comes from the base configuration, else from the samples of what it is nested in, else
//! from [`NESTED`].

use plugin::schema::{Attribute, Empty, Kind, Mode, Nesting};
use plugin::unset;
use plugin::value::{Number, Object, Type, Value as Typed};
use serde_json::{Map, Value, json};

use super::{AttributeTest, REGIONS, base, fill, merge, with_resource};
use crate::Cloud;

/// Nested values that no sample has, by resource and path.
const NESTED: &[(&str, &str, &str)] = &[
    ("alitrail_oss_bucket_lifecycle", "rules.transitions", r#"{"IA": {"days": 30}}"#),
    ("alitrail_oss_bucket_lifecycle", "rules.noncurrent_version_transitions", r#"{"IA": {"days": 30}}"#),
    ("alitrail_oss_bucket_lifecycle", "rules.noncurrent_version_expiration", r#"{"days": 500}"#),
    ("alitrail_oss_bucket_lifecycle", "rules.abort_multipart_upload", r#"{"days": 3}"#),
    ("alitrail_oss_bucket_lifecycle", "rules.expiration", r#"{"days": 500}"#),
    ("alitrail_oss_bucket_lifecycle", "rules.filter", r#"{"object_size_greater_than": 500}"#),
    ("alitrail_oss_bucket_lifecycle", "rules.filter.not", r#"[{"prefix": "a/b/"}]"#),
    ("alitrail_oss_bucket_lifecycle", "rules.filter.not.tag", r#"{"key": "a", "value": "b"}"#),
    ("alitrail_data_event_selector", "selectors.event_name", r#"{"equals": ["GetObject"]}"#),
    ("alitrail_data_event_selector", "selectors.resource_arn", r#"{"equals": ["acs:oss:*:*:a/*"]}"#),
    ("alitrail_sls_logstore", "encrypt_conf", r#"{"enable": true}"#),
    (
        "alitrail_sls_logstore",
        "encrypt_conf.user_cmk_info",
        r#"{"cmk_key_id": "9468da86-3509-4f8d-a61e-6eab1eac0001", "arn": "acs:ram::{account_id}:role/delivery-one", "region_id": "cn-hangzhou"}"#,
    ),
    ("alitrail_sls_index", "full_text", "{}"),
    ("alitrail_sls_index", "field_search.json_keys", r#"{"a.b": {"type": "text"}}"#),
    (
        "alitrail_sls_alert",
        "configuration.severity_configurations.eval_condition",
        r#"{"condition": "cnt > 0"}"#,
    ),
    ("alitrail_sls_alert", "configuration.join_configurations", r#"[{"type": "no_join"}]"#),
];

/// One attribute in its place.
#[derive(Debug, Clone)]
pub struct Variant {
    /// Names from the top of the resource to the attribute.
    pub path: Vec<&'static str>,
    /// Name of the resource in the configuration.
    pub label: String,
    /// The configuration in which the attribute is left out; references are texts in `${…}`.
    pub left_out: Value,
    /// The same with the attribute at its empty value; none if it has no such value.
    pub empty: Option<Value>,
    /// The same with the attribute at a sample value, for one that can be unset again.
    pub set: Option<Value>,
    /// What is around the resource.
    pub around: Value,
    /// The value that it has when it is left out, from the declaration.
    default: Option<Value>,
    unset_is: Option<fn(&Object) -> Typed>,
    steps: Vec<Step>,
}

/// A step into a configuration.
#[derive(Debug, Clone)]
enum Step {
    Name(String),
    Index(usize),
}

impl Variant {
    /// The configuration with the attribute at this value.
    ///
    /// # Panics
    /// When the place is not there.
    #[must_use]
    pub fn with(&self, value: Value) -> Value {
        let mut configuration = self.left_out.clone();
        put(&mut configuration, &self.steps, value);
        configuration
    }

    /// The configuration with the attribute written out at the value that it has anyway, if that is known; `state` is what
    /// the resource is when it is left out.
    #[must_use]
    pub fn written_out(&self, state: &Object) -> Option<Value> {
        let own = self.unset_is.map(|unset_is| json_of(&unset_is(state))).filter(|own| !own.is_null());
        own.or_else(|| self.default.clone()).map(|value| self.with(value))
    }

    /// The name of the attribute with all that is around it.
    #[must_use]
    pub fn name(&self) -> String {
        self.path.join(".")
    }
}

/// All attributes of a resource that can be left out, without those that are kept then as they were decided.
pub fn variants(resource: &str, cloud: &Cloud) -> Vec<Variant> {
    with_resource(resource, |managed| {
        let attributes = &managed.schema().attributes;
        let mut walk = Generator { resource, cloud, found: Vec::new() };
        walk.level(attributes, attributes, &[], &[], None);
        walk.found
    })
}

struct Generator<'a> {
    resource: &'a str,
    cloud: &'a Cloud,
    found: Vec<Variant>,
}

impl Generator<'_> {
    fn level(
        &mut self,
        top: &[Attribute],
        attributes: &[Attribute],
        path: &[&'static str],
        steps: &[Step],
        // The value of the outermost attribute, for what is nested in it.
        outermost: Option<&Value>,
    ) {
        for attribute in attributes {
            let is_given = matches!(attribute.mode, Mode::Computed);
            if attribute.block || attribute.unsupported_name.is_some() || is_given {
                continue;
            }
            let path: Vec<&'static str> = path.iter().copied().chain([attribute.name]).collect();
            let mut steps = steps.to_vec();
            steps.push(Step::Name(attribute.name.to_owned()));
            if !matches!(attribute.mode, Mode::Required | Mode::Keeps(_)) {
                self.add(top, attribute, &path, &steps, outermost);
            }
            self.nested(top, attribute, &path, steps, outermost);
        }
    }

    fn nested(
        &mut self,
        top: &[Attribute],
        attribute: &Attribute,
        path: &[&'static str],
        mut steps: Vec<Step>,
        outermost: Option<&Value>,
    ) {
        let Kind::Nested(nesting, inner) = &attribute.kind else { return };
        let label = label(path, "around");
        let (_, own) = base(self.resource, &self.try_(&label, path, true));
        let there = |outermost: &Value| at(outermost, &steps[1..]).filter(|value| !is_bare(value)).cloned();
        let known = outermost.and_then(there).or_else(|| own.get(path[0]).and_then(there));
        let known = known.or_else(|| {
            let samples = attribute.fixture.as_ref().map(|fixture| (fixture.samples)());
            samples.into_iter().flatten().find(|sample| !is_bare(sample))
        });
        let by_hand = || {
            let name = path.join(".");
            let line = NESTED.iter().find(|(of, at, _)| *of == self.resource && *at == name);
            line.map(|(_, _, text)| serde_json::from_str(text).expect("NESTED is JSON"))
        };
        let all_optional = inner.iter().all(|one| one.mode != Mode::Required);
        let value: Value = known
            .or_else(by_hand)
            .or_else(|| (*nesting == Nesting::Single && all_optional).then(|| json!({})))
            .unwrap_or_else(|| panic!("{}: NESTED has no {}", self.resource, path.join(".")));
        let value = fill(&value, self.cloud, "cn-hangzhou");
        let mut outermost = outermost.cloned().or_else(|| own.get(path[0]).cloned()).unwrap_or(json!({}));
        put_below(&mut outermost, &steps[1..], value.clone());
        match nesting {
            Nesting::Single => {}
            Nesting::List => steps.push(Step::Index(0)),
            Nesting::Map => {
                let key = value.as_object().and_then(|items| items.keys().next()).expect("an item");
                steps.push(Step::Name(key.clone()));
            }
        }
        self.level(top, inner, path, &steps, Some(&outermost));
    }

    fn try_<'t>(&self, label: &'t str, path: &'t [&'static str], set: bool) -> AttributeTest<'t> {
        AttributeTest { label, region: "cn-hangzhou", path, set }
    }

    fn add(
        &mut self,
        top: &[Attribute],
        attribute: &Attribute,
        path: &[&'static str],
        steps: &[Step],
        outermost: Option<&Value>,
    ) {
        let label = label(path, "out");
        let region = REGIONS[self.found.len() % REGIONS.len()];
        let try_ = AttributeTest { region, ..self.try_(&label, path, outermost.is_some()) };
        let (around, mut left_out) = base(self.resource, &try_);
        for required in top.iter().filter(|one| one.mode == Mode::Required) {
            if let (None, Some(fixture)) = (left_out.get(required.name), &required.fixture) {
                let [sample, _] = (fixture.samples)();
                left_out[required.name] = sample;
            }
        }
        if let Some(outermost) = outermost {
            left_out[path[0]] = outermost.clone();
        }
        let mut left_out = fill(&left_out, self.cloud, region);
        let sample = attribute.fixture.as_ref().map(|fixture| {
            let [sample, _] = (fixture.samples)();
            fill(&sample, self.cloud, region)
        });
        let sample = sample.or_else(|| at(&left_out, steps).cloned()).filter(|sample| !is_bare(sample));
        // What is around it may have to be something else then, such as the bucket of that name.
        let (around_set, _) = base(self.resource, &AttributeTest { set: true, ..try_ });
        let stays = attribute.lasting || attribute.replace || attribute.state_only || around_set != around;
        remove(&mut left_out, steps);
        let around = fill(&around, self.cloud, region);
        let mut variant = Variant {
            path: path.to_vec(),
            label,
            left_out,
            empty: None,
            set: None,
            default: match &attribute.mode {
                Mode::Default(default) => Some(json_of(default)),
                _ => None,
            },
            unset_is: attribute.unset_is,
            around,
            steps: steps.to_vec(),
        };
        let is_unset = !matches!(attribute.empty, Empty::Means(_));
        variant.empty = unset::empty(attribute).filter(|_| is_unset).map(|_| variant.with(empty(attribute)));
        variant.set = sample.filter(|_| !stays).map(|sample| variant.with(sample));
        self.found.push(variant);
    }
}

/// An empty value as people write it.
fn empty(attribute: &Attribute) -> Value {
    match &attribute.kind {
        Kind::Type(Type::String) => json!(""),
        Kind::Type(Type::Number) => json!(0),
        Kind::Type(Type::List(_) | Type::Set(_)) | Kind::Nested(Nesting::List, _) => json!([]),
        _ => json!({}),
    }
}

fn is_bare(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}

fn label(path: &[&str], kind: &str) -> String {
    format!("{}_{kind}", path.join("_"))
}

fn at<'v>(value: &'v Value, steps: &[Step]) -> Option<&'v Value> {
    steps.iter().try_fold(value, |value, step| match step {
        Step::Name(name) => value.get(name),
        Step::Index(index) => value.get(index),
    })
}

fn put_below(value: &mut Value, steps: &[Step], new: Value) {
    if steps.is_empty() {
        *value = new;
    } else {
        put(value, steps, new);
    }
}

fn put(value: &mut Value, steps: &[Step], new: Value) {
    let Some((last, above)) = steps.split_last() else { return };
    let mut place = value;
    for step in above {
        place = match step {
            Step::Name(name) => {
                if !place.is_object() {
                    *place = json!({});
                }
                place.as_object_mut().expect("an object").entry(name.clone()).or_insert(json!({}))
            }
            Step::Index(index) => place.get_mut(index).expect("an item"),
        };
    }
    match last {
        Step::Name(name) => place[name.as_str()] = new,
        Step::Index(index) => place[*index] = new,
    }
}

fn remove(value: &mut Value, steps: &[Step]) {
    let Some((Step::Name(last), above)) = steps.split_last() else { return };
    let mut place = Some(value);
    for step in above {
        place = place.and_then(|place| match step {
            Step::Name(name) => place.get_mut(name),
            Step::Index(index) => place.get_mut(index),
        });
    }
    if let Some(Value::Object(members)) = place {
        members.remove(last);
    }
}

/// A configuration as the provider is asked to validate it: references are not known yet.
pub fn typed(resource: &str, own: &Value) -> Object {
    fn unknown(value: &mut Typed) {
        match value {
            Typed::String(text) if text.contains("${") => *value = Typed::UNKNOWN,
            Typed::List(items) => items.iter_mut().for_each(unknown),
            Typed::Map(items) => items.values_mut().for_each(unknown),
            _ => {}
        }
    }
    with_resource(resource, |managed| {
        let read = plugin::value::json::read(own.to_string().as_bytes(), managed.schema().ty());
        match read.unwrap_or_else(|error| panic!("{resource}: {error}: {own}")) {
            Typed::Map(mut object) => {
                object.values_mut().for_each(unknown);
                object
            }
            other => panic!("{other:?}"),
        }
    })
}

/// What the provider says of a configuration, as errors.
pub fn refusals(resource: &str, own: &Value) -> Vec<String> {
    let found = with_resource(resource, |managed| managed.validate(typed(resource, own)));
    let errors = found.0.into_iter().filter(|one| one.severity == plugin::Severity::Error);
    errors.map(|one| format!("{}: {}", one.path, one.detail)).collect()
}

/// A value of the framework as JSON.
pub fn json_of(value: &Typed) -> Value {
    match value {
        Typed::Bool(value) => json!(value),
        Typed::Number(Number::Int(value)) => json!(value),
        Typed::Number(other) => serde_json::from_str(&other.to_string()).expect("a number"),
        Typed::String(text) => json!(text),
        Typed::List(items) => items.iter().map(json_of).collect(),
        Typed::Map(items) => Value::Object(
            items.iter().map(|(key, value)| (key.clone(), json_of(value))).collect::<Map<_, _>>(),
        ),
        _ => Value::Null,
    }
}

/// The configuration of some resources of one type, each with what it needs.
pub fn together<'v>(resource: &str, all: impl Iterator<Item = (&'v Variant, Value)>) -> Value {
    let mut configuration = json!({"resource": { resource: {} }});
    for (variant, own) in all {
        merge(&mut configuration["resource"], &variant.around);
        merge(&mut configuration["resource"], &json!({ resource: { &variant.label: own } }));
    }
    configuration
}
