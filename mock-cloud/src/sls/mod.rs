//! SLS: log projects with everything in them, notification objects, and logs as far as delivery and alert queries need
//! them.
//!
//! Each group of operations has a file; `route` is the table of all of them. The behaviour follows the SLS API reference
//! (version 2020-12-30) and what the tests of the official SDKs assert; what both leave open is a switch or marked as
//! assumed where it is decided.

mod alerts;
mod cursors;
mod documents;
mod error;
mod get_logs;
mod indexes;
mod logging;
mod logstores;
mod policy;
mod projects;
mod put_logs;
mod query;
mod records;
mod request;
pub(crate) mod route;
mod shards;
mod state;
mod switches;
mod tags;

#[cfg(test)]
mod tests;

pub use error::Error;
pub use state::{Log, Logstore, Project, State};
pub use switches::SWITCHES;

use crate::cloud::CloudState;
use crate::http::{Call, Reply};
use crate::switches::QUOTAS;
use request::Request;

/// The API action that a request names by its method, path and query, e.g. `GetLogStore`; empty when it names none.
pub fn action(call: &Call) -> String {
    route::find(call).map(|(operation, _)| operation.name.to_owned()).unwrap_or_default()
}

/// Answers an SLS call.
pub fn handle(cloud: &mut CloudState, call: &Call) -> Reply {
    let answer = route::find(call).and_then(|(operation, names)| {
        let project = call.container.as_deref().unwrap_or("");
        (operation.serve)(&mut Request { cloud, call, project, names })
    });
    let reply = answer.unwrap_or_else(|error| error.reply());
    reply
        .with_header("server", "Tengine")
        .with_header("access-control-allow-origin", "*")
        .with_header("x-log-time", &call.now.unix_timestamp().to_string())
}

/// Makes the logstore that a trail delivers to, with its index, unless it exists: permanent, only for the service to
/// write to (SLS developer guide, "ActionTrail"). False when the account has no such project in that region, or one that
/// is full.
pub fn ensure_logstore(
    cloud: &mut CloudState,
    account: &str,
    region: &str,
    project: &str,
    logstore: &str,
) -> bool {
    let now = cloud.clock.now().unix_timestamp();
    let quotas = cloud.switches.is(&QUOTAS, "on");
    let Some(project) = cloud.region_mut(account, region).sls.projects.get_mut(project) else { return false };
    let full = quotas && project.logstores.len() >= logstores::QUOTA;
    if full && !project.logstores.contains_key(logstore) {
        return false;
    }
    project.logstores.entry(logstore.to_owned()).or_insert_with(|| Logstore {
        ttl: logstores::PERMANENT,
        auto_split: true,
        max_split_shard: 64,
        append_meta: true,
        product_type: "actiontrail".to_owned(),
        create_time: now,
        last_modify_time: now,
        shards: shards::even(2, now),
        index: Some(indexes::actiontrail(now)),
        ..Logstore::default()
    });
    true
}

/// Whether the logstore exists.
pub fn has_logstore(cloud: &CloudState, account: &str, region: &str, project: &str, logstore: &str) -> bool {
    let project = cloud.region(account, region).and_then(|region| region.sls.projects.get(project));
    project.is_some_and(|project| project.logstores.contains_key(logstore))
}

/// Adds logs as the service itself would for an internal writer, without asking who writes. False when there is no such
/// logstore.
pub fn append(
    cloud: &mut CloudState,
    account: &str,
    region: &str,
    project: &str,
    logstore: &str,
    logs: Vec<Log>,
) -> bool {
    let now = cloud.clock.now().unix_timestamp();
    let sls = &mut cloud.region_mut(account, region).sls;
    let store = sls.projects.get(project).and_then(|project| project.logstores.get(logstore));
    let Some(ttl) = store.map(|store| store.ttl) else { return false };
    let stored = sls.logs.entry(project.to_owned()).or_default().entry(logstore.to_owned()).or_default();
    put_logs::add(stored, logs, ttl, now);
    true
}
