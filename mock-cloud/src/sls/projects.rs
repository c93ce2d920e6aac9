//! Projects: making, reading, changing, listing and deleting them, and their resource group.

use serde::Deserialize;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::macros::{format_description, offset};

use super::error::Error;
use super::request::{Answer, Request, answer, done};
use super::state::Project;
use crate::oss::default_resource_group;
use crate::switches::QUOTAS;

/// Projects per account (SLS developer guide, "Basic resource limits").
const PROJECT_QUOTA: usize = 50;

/// Longest description in bytes; SDK tests have 512 accepted and 518 refused.
const MAX_DESCRIPTION: usize = 512;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Create {
    #[serde(default)]
    project_name: String,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    data_redundancy_type: Option<String>,
    #[serde(default)]
    recycle_bin_enabled: Option<bool>,
    #[serde(default)]
    resource_group_id: Option<String>,
}

/// CreateProject, on the region's host or on the project's (SLS API reference, CreateProject).
pub(super) fn create(request: &mut Request<'_>) -> Answer {
    let wanted: Create = request.json()?;
    let name = wanted.project_name;
    check_name(&name)?;
    let taken = request
        .cloud
        .accounts
        .values()
        .any(|account| account.regions.values().any(|region| region.sls.projects.contains_key(&name)));
    if taken || name == "logtail" {
        return Err(Error::bad("ProjectAlreadyExist", format!("Project {name} already exist")));
    }
    let account = request.call.caller.account.clone();
    let owned =
        request.cloud.accounts.get(&account).map_or(0, |account| {
            account.regions.values().map(|region| region.sls.projects.len()).sum::<usize>()
        });
    if request.cloud.switches.is(&QUOTAS, "on") && owned >= PROJECT_QUOTA {
        // Code assumed: the limit is documented, its refusal is not.
        return Err(Error::bad("ProjectQuotaExceed", "Project Quota Exceed"));
    }
    let now = request.now();
    let mut project = Project { create_time: now, last_modify_time: now, ..Project::default() };
    project.description = checked_description(wanted.description.unwrap_or_default())?;
    if let Some(redundancy) = wanted.data_redundancy_type.filter(|kind| !kind.is_empty()) {
        if !matches!(redundancy.as_str(), "LRS" | "ZRS") {
            return Err(Error::parameter(format!("Invalid data redundancy type: '{redundancy}'")));
        }
        project.data_redundancy_type = redundancy;
    }
    project.recycle_bin_enabled = wanted.recycle_bin_enabled.unwrap_or(false);
    if let Some(group) = wanted.resource_group_id.filter(|group| !group.is_empty()) {
        check_resource_group(&group)?;
        project.resource_group_id = group;
    }
    request.region().projects.insert(name, project);
    done()
}

/// 3 to 63 of `a-z0-9-`, first and last alphanumeric (SLS API reference, CreateProject).
fn check_name(name: &str) -> Result<(), Error> {
    let alphanumeric = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = name.as_bytes();
    let valid = (3..=63).contains(&bytes.len())
        && bytes.iter().all(|byte| alphanumeric(byte) || *byte == b'-')
        && bytes.first().is_some_and(alphanumeric)
        && bytes.last().is_some_and(alphanumeric);
    if valid { Ok(()) } else { Err(Error::parameter(format!("The project name is invalid : {name}"))) }
}

fn checked_description(text: String) -> Result<String, Error> {
    if text.len() > MAX_DESCRIPTION {
        return Err(Error::parameter(format!("Invalid project description: '{text}'")));
    }
    Ok(text)
}

/// Refuses ids that no resource group can have; whether the group exists is not known here.
fn check_resource_group(id: &str) -> Result<(), Error> {
    let tail = id.strip_prefix("rg-").unwrap_or("");
    if tail.len() >= 4 && tail.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Ok(());
    }
    Err(Error::parameter(format!("The resource group id is invalid: {id}")))
}

/// A project as GetProject shows it; lists write the times differently.
fn describe(name: &str, project: &Project, account: &str, region: &str, time: fn(i64) -> String) -> Value {
    let group = match project.resource_group_id.as_str() {
        "" => default_resource_group(account),
        group => group.to_owned(),
    };
    json!({
        "projectName": name,
        "description": project.description,
        "status": project.status,
        "owner": account,
        "region": region,
        "createTime": time(project.create_time),
        "lastModifyTime": time(project.last_modify_time),
        "dataRedundancyType": project.data_redundancy_type,
        "resourceGroupId": group,
        "recycleBinEnabled": project.recycle_bin_enabled,
    })
}

/// What a project may hold; only the name of the shard limit is known for certain.
fn quota() -> Value {
    json!({ "logstore": 200, "shard": 400, "dashboard": 100 })
}

/// `YYYY-MM-DD HH:MM:SS` in the service's local time, UTC+8.
fn local_text(seconds: i64) -> String {
    let format = format_description!("[year]-[month]-[day] [hour]:[minute]:[second]");
    let time = OffsetDateTime::from_unix_timestamp(seconds).ok().map(|time| time.to_offset(offset!(+8)));
    time.and_then(|time| time.format(&format).ok()).unwrap_or_default()
}

fn unix_text(seconds: i64) -> String {
    seconds.to_string()
}

/// GetProject (SLS API reference).
pub(super) fn get(request: &mut Request<'_>) -> Answer {
    let (name, call) = (request.project, request.call);
    let project = request.project()?;
    let mut body = describe(name, project, &call.caller.account, &call.region, local_text);
    body["quota"] = quota();
    answer(&body)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Update {
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    recycle_bin_enabled: Option<bool>,
}

/// UpdateProject: a missing description empties it (seen in SDK tests), a missing recycle bin setting keeps it
/// (assumed).
pub(super) fn update(request: &mut Request<'_>) -> Answer {
    let wanted: Update = request.json()?;
    let description = checked_description(wanted.description.unwrap_or_default())?;
    let now = request.now();
    let project = request.project()?;
    project.description = description;
    project.recycle_bin_enabled = wanted.recycle_bin_enabled.unwrap_or(project.recycle_bin_enabled);
    project.last_modify_time = now;
    done()
}

/// DeleteProject: with everything in it (SLS API reference). The recycle bin is not modelled: a project is gone at once.
pub(super) fn delete(request: &mut Request<'_>) -> Answer {
    request.project()?;
    let name = request.project;
    let region = request.region();
    region.projects.remove(name);
    region.logs.remove(name);
    done()
}

/// ListProject, on the region's host (SLS API reference).
pub(super) fn list(request: &mut Request<'_>) -> Answer {
    let call = request.call;
    let text = |name| call.param(name).unwrap_or("");
    let with_quota = request.flag("fetchQuota");
    let (account, region) = (&call.caller.account, &call.region);
    let projects = request.region().projects.iter();
    let found: Vec<Value> = projects
        .filter(|(name, project)| {
            name.contains(text("projectName")) && project.description.contains(text("description"))
        })
        .map(|(name, project)| describe(name, project, account, region, unix_text))
        .filter(|shown| {
            text("resourceGroupId").is_empty() || shown["resourceGroupId"] == text("resourceGroupId")
        })
        .map(|mut shown| {
            if with_quota {
                shown["quota"] = quota();
            }
            shown
        })
        .collect();
    let (page, total) = request.page(found, 100, 500)?;
    answer(&json!({ "count": page.len(), "total": total, "projects": page }))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ChangeResourceGroup {
    resource_id: String,
    resource_group_id: String,
    #[serde(default)]
    resource_type: String,
}

/// ChangeResourceGroup (SLS API reference).
pub(super) fn change_resource_group(request: &mut Request<'_>) -> Answer {
    let wanted: ChangeResourceGroup = request.json()?;
    if !wanted.resource_type.is_empty() && !wanted.resource_type.eq_ignore_ascii_case("project") {
        return Err(Error::parameter(format!(
            "The resource type is not supported: {}",
            wanted.resource_type
        )));
    }
    check_resource_group(&wanted.resource_group_id)?;
    let now = request.now();
    let project = request.project_named(&wanted.resource_id)?;
    project.resource_group_id = wanted.resource_group_id;
    project.last_modify_time = now;
    done()
}

/// DescribeRegions on the region's host (SLS API reference).
pub(super) fn regions(request: &mut Request<'_>) -> Answer {
    let chinese = request.call.param("language") == Some("zh");
    let regions = crate::regions::REGIONS.iter().map(|region| {
        let (region, name) = (region.id, if chinese { region.chinese } else { region.name });
        json!({
            "region": region,
            "localName": name,
            "internetEndpoint": format!("{region}.log.aliyuncs.com"),
            "intranetEndpoint": format!("{region}-intranet.log.aliyuncs.com"),
            "internalEndpoint": format!("{region}-share.log.aliyuncs.com"),
            "dataRedundancyType": ["LRS", "ZRS"],
        })
    });
    answer(&json!({ "regions": regions.collect::<Vec<_>>() }))
}
