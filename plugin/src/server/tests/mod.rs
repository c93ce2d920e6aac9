//! The server over a small provider, called as Terraform calls it: values in MessagePack, one message at a time.

mod applying;
mod messages;
mod planning;
mod reading;
mod sample;
mod upgrading;

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, Mutex};

use bytes::Bytes;
use proto::tfplugin6::{self as wire, DynamicValue, provider_server::Provider as _};
use serde_json::{Value as Json, json};
use tokio_util::task::TaskTracker;
use tonic::Request;

use super::Server;
use crate::context::lock;
use crate::resource::ReplacementNotes;
use crate::value::{Number, Object, Type, Value, msgpack};
use crate::{Model, TIMEOUTS};
use sample::{BoxModel, BoxResource, Cloud, SampleProvider};

/// Clouds by room: what a configured provider connects to.
static CLOUDS: LazyLock<Mutex<BTreeMap<String, Arc<Cloud>>>> = LazyLock::new(Mutex::default);

fn cloud(room: &str) -> Arc<Cloud> {
    Arc::clone(lock(&CLOUDS).entry(room.to_owned()).or_default())
}

/// A configured server and its cloud.
struct Bench {
    server: Server<SampleProvider>,
    cloud: Arc<Cloud>,
    tasks: TaskTracker,
}

fn schema() -> crate::schema::Schema {
    crate::Registered::<BoxResource>::new().schema().clone()
}

/// A value from JSON: `"?"` stands for unknown.
fn value(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::String(text) if text == "?" => Value::UNKNOWN,
        Json::String(text) => text.as_str().into(),
        Json::Bool(flag) => (*flag).into(),
        Json::Number(number) => Value::Number(Number::parse(&number.to_string()).unwrap()),
        Json::Array(items) => Value::List(items.iter().map(value).collect()),
        Json::Object(items) => {
            Value::Map(items.iter().map(|(key, item)| (key.clone(), value(item))).collect())
        }
    }
}

/// A box as it is on the wire, from the attributes that are set.
fn boxed(json: &Json) -> DynamicValue {
    let Value::Map(given) = value(json) else { return null() };
    let mut object = BoxModel::default().to_object();
    object.insert(TIMEOUTS.into(), Value::Null);
    for (name, item) in given {
        let item = match (name.as_str(), item) {
            ("lid", Value::Map(lid)) => {
                let mut whole = Object::from([("locked".into(), Value::Null), ("key".into(), Value::Null)]);
                whole.extend(lid);
                Value::Map(whole)
            }
            (_, item) => item,
        };
        object.insert(name, item);
    }
    encoded(&Value::Map(object), schema().ty())
}

fn encoded(value: &Value, ty: &Type) -> DynamicValue {
    DynamicValue { msgpack: msgpack::write(value, ty).unwrap().into(), json: Bytes::new() }
}

fn null() -> DynamicValue {
    DynamicValue { msgpack: Bytes::from_static(&[0xc0]), json: Bytes::new() }
}

fn object(message: Option<&DynamicValue>) -> Option<Object> {
    match msgpack::read(&message?.msgpack, schema().ty()).unwrap() {
        Value::Map(object) => Some(object),
        _ => None,
    }
}

impl Bench {
    async fn new(room: &str) -> Self {
        Self::configured(room, &json!({"room": room, "strict": null})).await
    }

    async fn configured(room: &str, config: &Json) -> Self {
        Self::over(room, config, ReplacementNotes::default()).await
    }

    async fn over(room: &str, config: &Json, replacement_notes: ReplacementNotes) -> Self {
        Self::called_by("1.11.4", room, config, replacement_notes).await
    }

    async fn called_by(
        version: &str,
        room: &str,
        config: &Json,
        replacement_notes: ReplacementNotes,
    ) -> Self {
        let tasks = TaskTracker::new();
        let bench =
            Self { server: Server::with(tasks.clone(), replacement_notes), cloud: cloud(room), tasks };
        let ty = crate::schema::object_type(&sample::SampleConfig::attributes());
        let request = wire::configure_provider::Request {
            terraform_version: version.into(),
            config: Some(encoded(&value(config), &ty)),
            client_capabilities: None,
        };
        let answer = bench.server.configure_provider(Request::new(request)).await.unwrap().into_inner();
        assert_eq!(summaries(&answer.diagnostics), [""; 0]);
        bench
    }

    async fn plan(
        &self,
        prior: &Json,
        config: &Json,
        private: &Bytes,
    ) -> wire::plan_resource_change::Response {
        let request = wire::plan_resource_change::Request {
            type_name: "shelf_box".into(),
            prior_state: Some(boxed(prior)),
            proposed_new_state: Some(boxed(config)),
            config: Some(boxed(config)),
            prior_private: private.clone(),
            client_capabilities: Some(wire::ClientCapabilities {
                deferral_allowed: true,
                ..Default::default()
            }),
            ..Default::default()
        };
        self.server.plan_resource_change(Request::new(request)).await.unwrap().into_inner()
    }

    async fn refresh(&self, state: &Json, private: &Bytes) -> wire::read_resource::Response {
        let request = wire::read_resource::Request {
            type_name: "shelf_box".into(),
            current_state: Some(boxed(state)),
            private: private.clone(),
            ..Default::default()
        };
        self.server.read_resource(Request::new(request)).await.unwrap().into_inner()
    }

    async fn apply(
        &self,
        prior: DynamicValue,
        planned: DynamicValue,
        private: &Bytes,
    ) -> wire::apply_resource_change::Response {
        let request = wire::apply_resource_change::Request {
            type_name: "shelf_box".into(),
            prior_state: Some(prior),
            planned_state: Some(planned),
            planned_private: private.clone(),
            ..Default::default()
        };
        self.server.apply_resource_change(Request::new(request)).await.unwrap().into_inner()
    }

    /// Plans and applies a configuration on a prior state.
    async fn change(&self, prior: &Json, config: &Json) -> wire::apply_resource_change::Response {
        let plan = self.plan(prior, config, &Bytes::new()).await;
        assert_eq!(errors(&plan.diagnostics), [""; 0]);
        self.apply(boxed(prior), plan.planned_state.unwrap(), &plan.planned_private).await
    }
}

fn summaries(diagnostics: &[wire::Diagnostic]) -> Vec<&str> {
    diagnostics.iter().map(|diagnostic| diagnostic.summary.as_str()).collect()
}

fn errors(diagnostics: &[wire::Diagnostic]) -> Vec<&str> {
    let is_error =
        |diagnostic: &&wire::Diagnostic| diagnostic.severity() == wire::diagnostic::Severity::Error;
    diagnostics.iter().filter(is_error).map(|diagnostic| diagnostic.summary.as_str()).collect()
}

/// A state as JSON, for use as a prior state.
fn state(object: &Object) -> Json {
    fn json(value: &Value) -> Json {
        match value {
            Value::Null => Json::Null,
            Value::Unknown(_) => json!("?"),
            Value::Bool(flag) => json!(flag),
            Value::Number(number) => serde_json::from_str(&number.to_string()).unwrap(),
            Value::String(text) => json!(text),
            Value::List(items) => items.iter().map(json).collect(),
            Value::Map(items) => {
                Json::Object(items.iter().map(|(key, item)| (key.clone(), json(item))).collect())
            }
            Value::Dynamic(_) => unreachable!("no box has one"),
        }
    }
    json(&Value::Map(object.clone()))
}
