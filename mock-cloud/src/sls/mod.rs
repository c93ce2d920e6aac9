//! SLS: log projects, logstores and their indexes.

use std::collections::BTreeMap;

use http::StatusCode;
use serde::{Deserialize, Serialize};

use crate::http::{Call, Reply};
use crate::switches::Switch;
use crate::world::World;

/// Open points of the SLS documentation.
pub const SWITCHES: &[Switch] = &[];

/// The log projects of one account in one region.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct State {
    /// Projects by name.
    pub projects: BTreeMap<String, Project>,
}

/// A project.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Project {
    /// Logstores by name.
    pub logstores: BTreeMap<String, serde_json::Value>,
}

/// Makes the logstore that a trail delivers to, with its index, unless it exists. False when the account has no
/// such project in that region.
pub fn ensure_logstore(
    world: &mut World,
    account: &str,
    region: &str,
    project: &str,
    logstore: &str,
) -> bool {
    let Some(project) = world.region_mut(account, region).sls.projects.get_mut(project) else { return false };
    project.logstores.entry(logstore.to_owned()).or_default();
    true
}

/// Whether the logstore exists.
pub fn has_logstore(world: &World, account: &str, region: &str, project: &str, logstore: &str) -> bool {
    let project = world.region(account, region).and_then(|region| region.sls.projects.get(project));
    project.is_some_and(|project| project.logstores.contains_key(logstore))
}

/// The API action that a request names by its method, path and query, e.g. `GetLogStore`.
pub fn action(_call: &Call) -> String {
    String::new()
}

/// Answers an SLS call.
pub fn handle(_world: &mut World, _call: &Call) -> Reply {
    Reply::empty(StatusCode::NOT_IMPLEMENTED)
}
