//! The table of SLS operations: which method, path and host select which, and the refusal when none does.

use super::error::Error;
use super::request::{Answer, Request};
use super::{
    alerts, cursors, documents, get_logs, indexes, logging, logstores, policy, projects, put_logs, records,
    shards, tags,
};
use crate::http::Call;

/// Which host serves an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Host {
    /// The region's host.
    Region,
    /// The project's host.
    Project,
    /// Both: clients differ.
    Either,
}

/// One operation.
pub(super) struct Operation {
    /// Name in the API reference.
    pub(super) name: &'static str,
    host: Host,
    method: &'static str,
    /// Path; segments in braces stand for anything.
    path: &'static str,
    /// Value that the parameter `action` or `type` must have, when it selects.
    selector: Option<(&'static str, &'static str)>,
    /// What carries it out.
    pub(super) serve: fn(&mut Request<'_>) -> Answer,
}

type Serve = fn(&mut Request<'_>) -> Answer;

const fn op(
    name: &'static str,
    host: Host,
    method: &'static str,
    path: &'static str,
    serve: Serve,
) -> Operation {
    Operation { name, host, method, path, selector: None, serve }
}

const fn with(operation: Operation, parameter: &'static str, value: &'static str) -> Operation {
    Operation { selector: Some((parameter, value)), ..operation }
}

#[rustfmt::skip]
const OPERATIONS: &[Operation] = {
    use Host::{Either, Project, Region};
    &[
        op("CreateProject", Either, "POST", "/", projects::create),
        op("GetProject", Project, "GET", "/", projects::get),
        op("UpdateProject", Project, "PUT", "/", projects::update),
        op("DeleteProject", Project, "DELETE", "/", projects::delete),
        op("ListProject", Region, "GET", "/", projects::list),
        op("DescribeRegions", Region, "GET", "/regions", projects::regions),
        op("ChangeResourceGroup", Project, "PUT", "/resourcegroup", projects::change_resource_group),
        op("TagResources", Either, "POST", "/tag", tags::tag),
        op("UntagResources", Either, "POST", "/untag", tags::untag),
        op("ListTagResources", Either, "GET", "/tags", tags::list),
        op("PutProjectPolicy", Project, "POST", "/policy", policy::put),
        op("GetProjectPolicy", Project, "GET", "/policy", policy::get),
        op("DeleteProjectPolicy", Project, "DELETE", "/policy", policy::delete),
        op("CreateLogging", Project, "POST", "/logging", logging::create),
        op("GetLogging", Project, "GET", "/logging", logging::get),
        op("UpdateLogging", Project, "PUT", "/logging", logging::update),
        op("DeleteLogging", Project, "DELETE", "/logging", logging::delete),
        op("CreateLogStore", Project, "POST", "/logstores", logstores::create),
        op("ListLogStores", Project, "GET", "/logstores", logstores::list),
        with(op("GetLogs", Project, "GET", "/logstores/{}", get_logs::get), "type", "log"),
        op("GetLogStore", Project, "GET", "/logstores/{}", logstores::get),
        op("UpdateLogStore", Project, "PUT", "/logstores/{}", logstores::update),
        op("DeleteLogStore", Project, "DELETE", "/logstores/{}", logstores::delete),
        op("UpdateLogStoreEncryption", Project, "PUT", "/logstores/{}/encryption", logstores::update_encryption),
        op("GetLogStoreMeteringMode", Project, "GET", "/logstores/{}/meteringmode", logstores::get_metering),
        op("UpdateLogStoreMeteringMode", Project, "PUT", "/logstores/{}/meteringmode", logstores::update_metering),
        op("GetLogStoreConfig", Project, "GET", "/logstores/{}/config", logstores::get_config),
        op("PutLogStoreConfig", Project, "PUT", "/logstores/{}/config", logstores::put_config),
        op("ListShards", Project, "GET", "/logstores/{}/shards", shards::list),
        with(op("GetCursor", Project, "GET", "/logstores/{}/shards/{}", cursors::get), "type", "cursor"),
        op("PutLogs", Project, "POST", "/logstores/{}/shards/lb", put_logs::put),
        op("PutLogs", Project, "POST", "/logstores/{}/shards/route", put_logs::put),
        op("PutLogs", Project, "POST", "/logstores/{}", put_logs::put),
        with(op("SplitShard", Project, "POST", "/logstores/{}/shards/{}", shards::split), "action", "split"),
        with(op("MergeShard", Project, "POST", "/logstores/{}/shards/{}", shards::merge), "action", "merge"),
        op("CreateIndex", Project, "POST", "/logstores/{}/index", indexes::create),
        op("GetIndex", Project, "GET", "/logstores/{}/index", indexes::get),
        op("UpdateIndex", Project, "PUT", "/logstores/{}/index", indexes::update),
        op("DeleteIndex", Project, "DELETE", "/logstores/{}/index", indexes::delete),
        op("GetLogsV2", Project, "POST", "/logstores/{}/logs", get_logs::get_v2),
        op("CreateDashboard", Project, "POST", "/dashboards", documents::create_dashboard),
        op("ListDashboard", Project, "GET", "/dashboards", documents::list_dashboards),
        op("GetDashboard", Project, "GET", "/dashboards/{}", documents::get_dashboard),
        op("UpdateDashboard", Project, "PUT", "/dashboards/{}", documents::update_dashboard),
        op("DeleteDashboard", Project, "DELETE", "/dashboards/{}", documents::delete_dashboard),
        op("CreateSavedSearch", Project, "POST", "/savedsearches", documents::create_saved_search),
        op("ListSavedSearch", Project, "GET", "/savedsearches", documents::list_saved_searches),
        op("GetSavedSearch", Project, "GET", "/savedsearches/{}", documents::get_saved_search),
        op("UpdateSavedSearch", Project, "PUT", "/savedsearches/{}", documents::update_saved_search),
        op("DeleteSavedSearch", Project, "DELETE", "/savedsearches/{}", documents::delete_saved_search),
        op("CreateAlert", Project, "POST", "/alerts", alerts::create),
        op("ListAlerts", Project, "GET", "/alerts", alerts::list),
        op("GetAlert", Project, "GET", "/alerts/{}", alerts::get),
        with(op("EnableAlert", Project, "PUT", "/alerts/{}", alerts::enable), "action", "enable"),
        with(op("DisableAlert", Project, "PUT", "/alerts/{}", alerts::disable), "action", "disable"),
        op("UpdateAlert", Project, "PUT", "/alerts/{}", alerts::update),
        op("DeleteAlert", Project, "DELETE", "/alerts/{}", alerts::delete),
        op("CreateJob", Project, "POST", "/jobs", alerts::create_job),
        op("ListJobs", Project, "GET", "/jobs", alerts::list),
        op("GetJob", Project, "GET", "/jobs/{}", alerts::get),
        with(op("EnableJob", Project, "PUT", "/jobs/{}", alerts::enable), "action", "enable"),
        with(op("DisableJob", Project, "PUT", "/jobs/{}", alerts::disable), "action", "disable"),
        op("UpdateJob", Project, "PUT", "/jobs/{}", alerts::update),
        op("DeleteJob", Project, "DELETE", "/jobs/{}", alerts::delete),
        op("CreateResource", Region, "POST", "/resources", records::create),
        op("ListResources", Region, "GET", "/resources", records::list),
        op("GetResource", Region, "GET", "/resources/{}", records::get),
        op("UpdateResource", Region, "PUT", "/resources/{}", records::update),
        op("DeleteResource", Region, "DELETE", "/resources/{}", records::delete),
        op("CreateResourceRecord", Region, "POST", "/resources/{}/records", records::create_record),
        op("UpsertResourceRecord", Region, "PUT", "/resources/{}/records", records::upsert_records),
        op("ListResourceRecord", Region, "GET", "/resources/{}/records", records::list_records),
        op("DeleteResourceRecord", Region, "DELETE", "/resources/{}/records", records::delete_records),
        op("GetResourceRecord", Region, "GET", "/resources/{}/records/{}", records::get_record),
        op("UpdateResourceRecord", Region, "PUT", "/resources/{}/records/{}", records::update_record),
        op("ListNextResourceRecord", Region, "GET", "/resources/{}/next_records", records::next_records),
    ]
};

/// The names of all operations.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    OPERATIONS.iter().map(|operation| operation.name)
}

/// What the placeholders of `pattern` stand for in `path`, when it matches.
fn matches<'p>(pattern: &str, path: &'p str) -> Option<Vec<&'p str>> {
    let mut names = Vec::new();
    let (mut pattern, mut path) = (pattern.split('/'), path.split('/'));
    loop {
        match (pattern.next(), path.next()) {
            (None, None) => return Some(names),
            (Some("{}"), Some(name)) if !name.is_empty() => names.push(name),
            (Some(wanted), Some(found)) if wanted == found => {}
            _ => return None,
        }
    }
}

/// The operation that a call selects and what its path names; an unknown path or method is 405 InvalidMethod, as the
/// service answers for APIs that it lacks.
pub(super) fn find(call: &Call) -> Result<(&'static Operation, Vec<&str>), Error> {
    let path = if call.path.is_empty() { "/" } else { call.path.as_str() };
    let here = |host: Host| match host {
        Host::Either => true,
        Host::Region => call.container.is_none(),
        Host::Project => call.container.is_some(),
    };
    let selected = |operation: &Operation| {
        operation.selector.is_none_or(|(parameter, value)| call.param(parameter) == Some(value))
    };
    let mut found = OPERATIONS
        .iter()
        .filter(|operation| {
            here(operation.host) && operation.method == call.method.as_str() && selected(operation)
        })
        .filter_map(|operation| Some((operation, matches(operation.path, path)?)));
    let found = found.next().ok_or_else(|| Error::invalid_method(path))?;
    // A value that selects no operation, such as the type of a log query that is not served, must not pass for the plain
    // operation of the same path.
    let plain = found.0.selector.is_none();
    let selectors = OPERATIONS
        .iter()
        .filter(|operation| plain && operation.path == found.0.path && operation.method == found.0.method)
        .filter_map(|operation| operation.selector);
    match selectors
        .map(|(parameter, _)| (parameter, call.param(parameter)))
        .find(|(_, value)| value.is_some())
    {
        Some(("action", Some(action))) => Err(Error::parameter(format!("action {action} is not supported"))),
        Some(_) => Err(Error::invalid_method(path)),
        None => Ok(found),
    }
}

#[cfg(test)]
mod tests {
    use http::Method;

    use super::*;

    fn named(method: Method, project: bool, target: &str) -> String {
        let mut call = Call::test("1", method, target);
        call.container = project.then(|| "audit-prj".to_owned());
        match find(&call) {
            Ok((operation, names)) => format!("{} {}", operation.name, names.join(" ")).trim_end().to_owned(),
            Err(error) => error.code().to_owned(),
        }
    }

    #[test]
    fn method_path_and_host_select_the_operation() {
        for (method, project, target, name) in [
            (Method::POST, false, "/", "CreateProject"),
            (Method::POST, true, "/", "CreateProject"),
            (Method::GET, false, "/", "ListProject"),
            (Method::GET, true, "/", "GetProject"),
            (Method::GET, true, "/logstores/a", "GetLogStore a"),
            (Method::GET, true, "/logstores/a?type=log&query=x", "GetLogs a"),
            (Method::GET, true, "/logstores/a?type=histogram&query=x", "InvalidMethod"),
            (Method::GET, true, "/logstores/a?type=", "InvalidMethod"),
            (Method::POST, true, "/logstores/a/shards/lb", "PutLogs a"),
            (Method::GET, true, "/logstores/a/shards/0?type=cursor&from=end", "GetCursor a 0"),
            (Method::POST, true, "/logstores/a/shards/0?action=split", "SplitShard a 0"),
            (Method::POST, true, "/logstores/a/shards/0?action=merge", "MergeShard a 0"),
            (Method::PUT, true, "/alerts/x?action=disable", "DisableAlert x"),
            (Method::PUT, true, "/alerts/x?action=explode", "ParameterInvalid"),
            (Method::GET, true, "/logstores/a?type=histogram&from=1", "InvalidMethod"),
            (Method::GET, true, "/logstores/a?type=", "InvalidMethod"),
            (Method::DELETE, true, "/logstores/a?type=x", "DeleteLogStore a"),
            (Method::PUT, false, "/resources/r/records/i", "UpdateResourceRecord r i"),
            (Method::GET, true, "/resources", "InvalidMethod"),
            (Method::GET, true, "/logstores/", "InvalidMethod"),
            (Method::GET, true, "/nothing", "InvalidMethod"),
        ] {
            assert_eq!(named(method, project, target), name, "{target}");
        }
    }
}
