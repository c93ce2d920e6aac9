//! Tags of projects, logstores and dashboards, through the one tag API for all of them.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::json;

use super::error::Error;
use super::request::{Answer, Request, answer, done};

/// Tags per call and per resource (SLS API reference, TagResources).
const MOST: usize = 20;

/// Entries of one page of ListTagResources (assumed).
const PAGE: usize = 100;

#[derive(Deserialize)]
struct Tag {
    key: String,
    #[serde(default)]
    value: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TagResources {
    resource_id: Vec<String>,
    resource_type: String,
    tags: Vec<Tag>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct UntagResources {
    resource_id: Vec<String>,
    resource_type: String,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    all: bool,
}

/// The kinds of resource that can be tagged, in any letter case.
fn kind(text: &str) -> Result<&'static str, Error> {
    let kinds = ["project", "logstore", "dashboard", "machinegroup", "logtailconfig"];
    let found = kinds.into_iter().find(|kind| kind.eq_ignore_ascii_case(text));
    found.ok_or_else(|| Error::parameter(format!("The resource type is not supported: {text}")))
}

/// The tags of one resource: a project by name, everything else by `<project>#<name>`.
fn tags<'s>(
    request: &'s mut Request<'_>,
    kind: &str,
    id: &str,
) -> Result<&'s mut BTreeMap<String, String>, Error> {
    let (project, name) = id.split_once('#').unwrap_or((id, ""));
    let found = request.project_named(project)?;
    match kind {
        "project" => Ok(&mut found.tags),
        "logstore" => {
            found.logstores.get_mut(name).map(|store| &mut store.tags).ok_or_else(|| Error::no_logstore(name))
        }
        "dashboard" if found.dashboards.contains_key(name) => {
            Ok(found.dashboard_tags.entry(name.to_owned()).or_default())
        }
        "dashboard" => Err(Error::missing("DashboardNotExist", "specified dashboard does not exist")),
        // Agents and their configurations are not part of this mock, so there is none of any name.
        "machinegroup" => {
            Err(Error::missing("MachineGroupNotExist", format!("MachineGroup {name} does not exist.")))
        }
        _ => Err(Error::missing("ConfigNotExist", format!("config {name} does not exist"))),
    }
}

/// TagResources (SLS API reference).
pub(super) fn tag(request: &mut Request<'_>) -> Answer {
    let wanted: TagResources = request.json()?;
    let kind = kind(&wanted.resource_type)?;
    if !(1..=MOST).contains(&wanted.tags.len()) {
        return Err(Error::body("request tag key value pair size must little than 20"));
    }
    if wanted.tags.iter().any(|tag| tag.key.is_empty()) {
        return Err(Error::parameter("The tag key must not be empty"));
    }
    for id in &wanted.resource_id {
        let mut changed = tags(request, kind, id)?.clone();
        changed.extend(wanted.tags.iter().map(|tag| (tag.key.clone(), tag.value.clone())));
        if changed.len() > MOST {
            // Code assumed: the limit per resource is documented, its refusal is not.
            return Err(Error::body("tag key value pair count exceeded"));
        }
        *tags(request, kind, id)? = changed;
    }
    done()
}

/// UntagResources: no keys is a success.
pub(super) fn untag(request: &mut Request<'_>) -> Answer {
    let wanted: UntagResources = request.json()?;
    let kind = kind(&wanted.resource_type)?;
    if wanted.tags.len() > MOST {
        return Err(Error::body("request tag key value pair count exceeded"));
    }
    for id in &wanted.resource_id {
        let tags = tags(request, kind, id)?;
        tags.retain(|key, _| !wanted.all && !wanted.tags.contains(key));
    }
    done()
}

/// ListTagResources: ids and tags filter are JSON texts; without ids, all resources of the kind in the region.
pub(super) fn list(request: &mut Request<'_>) -> Answer {
    let call = request.call;
    let kind = kind(call.param("resourceType").unwrap_or(""))?;
    let ids: Vec<String> = parsed(call.param("resourceId"), "resourceId")?;
    let wanted: Vec<Tag> = parsed(call.param("tags"), "tags")?;
    let ids = if ids.is_empty() { all_ids(request, kind) } else { ids };
    let mut entries = Vec::new();
    for id in ids {
        let tags = tags(request, kind, &id)?;
        let fits = |wanted: &Tag| {
            tags.get(&wanted.key).is_some_and(|value| wanted.value.is_empty() || *value == wanted.value)
        };
        if !wanted.iter().all(fits) {
            continue;
        }
        entries.extend(tags.iter().map(|(key, value)| {
            json!({ "resourceType": kind, "resourceId": id, "tagKey": key, "tagValue": value })
        }));
    }
    let start = call.param("nextToken").and_then(|token| token.parse::<usize>().ok()).unwrap_or(0);
    let end = (start + PAGE).min(entries.len());
    let next = if end < entries.len() { end.to_string() } else { String::new() };
    let page = entries.get(start..end).unwrap_or_default();
    answer(&json!({ "nextToken": next, "tagResources": page }))
}

fn parsed<T: for<'de> Deserialize<'de>>(text: Option<&str>, name: &str) -> Result<Vec<T>, Error> {
    match text.filter(|text| !text.is_empty()) {
        None => Ok(Vec::new()),
        Some(text) => {
            serde_json::from_str(text).map_err(|_| Error::parameter(format!("{name} is not a JSON array")))
        }
    }
}

fn all_ids(request: &mut Request<'_>, kind: &str) -> Vec<String> {
    let projects = request.region().projects.iter();
    projects
        .flat_map(|(name, project)| -> Vec<String> {
            let below = |child: &String| format!("{name}#{child}");
            match kind {
                "project" => vec![name.clone()],
                "logstore" => project.logstores.keys().map(below).collect(),
                "dashboard" => project.dashboards.keys().map(below).collect(),
                _ => Vec::new(),
            }
        })
        .collect()
}
