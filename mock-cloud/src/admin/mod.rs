//! The admin API: the state as a tree of JSON documents, and the request log, clock, switches and faults.
//! It obeys no rule of the cloud, so that tests can make the state drift from what a client believes.

mod access;
mod tree;

use std::sync::Arc;

use http::request::Parts;
use http::{Method, StatusCode};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::watch;

pub(crate) use self::access::Access;
use self::access::Denied;
use crate::cloud::CloudState;
use crate::faults::Rule;
use crate::gateway::{Shared, lock};
use crate::http::Reply;
use crate::requests::Filter;
use crate::switches::{self, Switches};

/// The admin API of a running mock.
pub(crate) struct Admin {
    access: Access,
    shared: Arc<Shared>,
    stop: Arc<watch::Sender<bool>>,
}

/// Why an admin request is refused.
#[derive(Debug, thiserror::Error)]
enum AdminError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error("{0}")]
    Bad(String),
    #[error("there is nothing at {0}")]
    NotFound(String),
    #[error("{0} is not allowed here")]
    Method(Method),
}

type Outcome = Result<Value, AdminError>;

impl Admin {
    pub(crate) fn new(access: Access, shared: Arc<Shared>, stop: Arc<watch::Sender<bool>>) -> Self {
        Self { access, shared, stop }
    }

    /// Answers a request.
    pub(crate) fn answer(&self, head: &Parts, body: &[u8]) -> Reply {
        let error = match self.act(head, body) {
            Ok(Value::Null) => return Reply::empty(StatusCode::NO_CONTENT),
            Ok(value) => return Reply::json(StatusCode::OK, &value),
            Err(error) => error,
        };
        let status = match &error {
            AdminError::Denied(Denied::Token) => StatusCode::UNAUTHORIZED,
            AdminError::Denied(_) => StatusCode::FORBIDDEN,
            AdminError::Bad(_) => StatusCode::BAD_REQUEST,
            AdminError::NotFound(_) => StatusCode::NOT_FOUND,
            AdminError::Method(_) => StatusCode::METHOD_NOT_ALLOWED,
        };
        let reply = Reply::json(status, &json!({ "error": error.to_string() }));
        if status == StatusCode::UNAUTHORIZED {
            return reply.with_header("www-authenticate", "Bearer");
        }
        reply
    }

    fn act(&self, head: &Parts, body: &[u8]) -> Outcome {
        self.access.check(head, body)?;
        let (method, path, query) = (&head.method, head.uri.path(), head.uri.query().unwrap_or(""));
        let rest = path.strip_prefix("/v1").ok_or_else(|| AdminError::NotFound(path.to_owned()))?;
        let segments: Vec<String> = rest
            .split('/')
            .filter(|segment| !segment.is_empty())
            .map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned())
            .collect();
        let names: Vec<&str> = segments.iter().map(String::as_str).collect();
        match (names.as_slice(), method) {
            (["requests"], &Method::GET) => self.requests(query),
            (["requests"], &Method::DELETE) => {
                lock(&self.shared.requests).clear();
                Ok(Value::Null)
            }
            (["clock"], &Method::GET) => Ok(clock(&lock(&self.shared.cloud))),
            (["clock"], &Method::POST) => self.advance(body),
            (["switches"], &Method::GET) => Ok(list_switches(&lock(&self.shared.cloud).switches)),
            (["switches"], &Method::PUT) => self.set_switches(body),
            (["faults"], &Method::GET) => Ok(json!(lock(&self.shared.faults).rules())),
            (["faults"], &Method::PUT) => {
                let rules: Vec<Rule> = parse(body)?;
                let mut faults = lock(&self.shared.faults);
                faults.set(rules).map_err(|error| AdminError::Bad(error.to_string()))?;
                self.shared.catch_up();
                Ok(json!(faults.rules()))
            }
            (["stop"], &Method::POST) => {
                self.stop.send_replace(true);
                Ok(Value::Null)
            }
            (["requests" | "clock" | "switches" | "faults" | "stop"], method) => {
                Err(AdminError::Method(method.clone()))
            }
            (names, &Method::GET) => {
                let tree = whole(settled(&mut lock(&self.shared.cloud)))?;
                tree::find(&tree, names).cloned().ok_or_else(|| AdminError::NotFound(path.to_owned()))
            }
            (names, method) => self.edit(names, path, method, body),
        }
    }

    /// Edits a node of the tree. The world changes only when the edited tree is a world again.
    fn edit(&self, names: &[&str], path: &str, method: &Method, body: &[u8]) -> Outcome {
        let mut cloud = lock(&self.shared.cloud);
        let mut tree = whole(settled(&mut cloud))?;
        let not_found = || AdminError::NotFound(path.to_owned());
        let unfit =
            |error: serde_json::Error| AdminError::Bad(format!("the edited document does not fit: {error}"));
        let mut removed_in_vain = Vec::new();
        match *method {
            Method::PATCH => {
                let node = tree::find_mut(&mut tree, names).ok_or_else(not_found)?;
                let patch = parse(body)?;
                removed_in_vain = tree::absent(Some(node), &patch);
                tree::merge(node, patch);
            }
            Method::PUT => {
                if !tree::put(&mut tree, names, parse(body)?) {
                    return Err(not_found());
                }
            }
            Method::DELETE => {
                if !tree::remove(&mut tree, names) {
                    return Err(not_found());
                }
            }
            _ => return Err(AdminError::Method(method.clone())),
        }
        let edited: CloudState = serde_json::from_value(tree.clone()).map_err(unfit)?;
        for path in removed_in_vain {
            let path: Vec<&str> = names.iter().copied().chain(path.iter().map(String::as_str)).collect();
            let mut probe = tree.clone();
            tree::put(&mut probe, &path, Value::Null);
            // A null for what can be there and is not is no error, whatever its type.
            if let Err(error) = serde_json::from_value::<CloudState>(probe)
                && error.to_string().starts_with("unknown field")
            {
                return Err(unfit(error));
            }
        }
        let mut events = std::mem::take(&mut cloud.events);
        events.trails = None;
        *cloud = CloudState { events, ..edited };
        // What the edit left, in the form that the world gives it.
        let tree = whole(&cloud)?;
        Ok(tree::find(&tree, names).cloned().unwrap_or(Value::Null))
    }

    fn requests(&self, query: &str) -> Outcome {
        let mut filter = Filter::default();
        let pairs: Vec<(&str, String)> = query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(key, value)| (key, percent_decode_str(value).decode_utf8_lossy().into_owned()))
            .collect();
        for (key, value) in &pairs {
            let bad = || AdminError::Bad(format!("{key} cannot be {value:?}"));
            match *key {
                "service" => filter.service = Some(value),
                "action" => filter.action = Some(value),
                "since" => filter.since = value.parse().map_err(|_| bad())?,
                "write" => filter.write = Some(value.parse().map_err(|_| bad())?),
                _ => {
                    let known = "service, action, since, write";
                    return Err(AdminError::Bad(format!("there is no filter {key:?}; known are {known}")));
                }
            }
        }
        let log = lock(&self.shared.requests);
        Ok(json!({ "last": log.last(), "requests": log.select(&filter) }))
    }

    fn advance(&self, body: &[u8]) -> Outcome {
        /// The only way in which the clock can be changed.
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Advance {
            advance_seconds: u32,
        }
        let Advance { advance_seconds } = parse(body)?;
        let mut cloud = lock(&self.shared.cloud);
        cloud.clock.offset_seconds = cloud.clock.offset_seconds.saturating_add(i64::from(advance_seconds));
        Ok(clock(settled(&mut cloud)))
    }

    fn set_switches(&self, body: &[u8]) -> Outcome {
        let values: std::collections::BTreeMap<String, String> = parse(body)?;
        let mut cloud = lock(&self.shared.cloud);
        let mut switches = cloud.switches.clone();
        for (name, value) in &values {
            switches.set(name, value).map_err(|error| AdminError::Bad(error.to_string()))?;
        }
        cloud.switches = switches;
        Ok(list_switches(&cloud.switches))
    }
}

fn clock(cloud: &CloudState) -> Value {
    let now = cloud.clock.now().format(&time::format_description::well_known::Rfc3339).unwrap_or_default();
    json!({ "now": now, "offset_seconds": cloud.clock.offset_seconds })
}

fn list_switches(set: &Switches) -> Value {
    let describe = |switch: &'static switches::Switch| {
        let about = json!({
            "value": set.get(switch),
            "values": switch.values,
            "default": switch.values.first(),
            "doc": switch.doc,
            "source": switch.source,
        });
        (switch.name.to_owned(), about)
    };
    Value::Object(switches::all().map(describe).collect())
}

/// The world after everything that time does to it by itself.
fn settled(cloud: &mut CloudState) -> &CloudState {
    let now = cloud.clock.now();
    crate::actiontrail::advance(cloud, now);
    cloud
}

fn whole(cloud: &CloudState) -> Outcome {
    serde_json::to_value(cloud)
        .map_err(|error| AdminError::Bad(format!("the state has no JSON form: {error}")))
}

fn parse<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, AdminError> {
    serde_json::from_slice(body).map_err(|error| AdminError::Bad(format!("the body does not fit: {error}")))
}

#[cfg(test)]
mod tests;
