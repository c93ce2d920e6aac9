//! Service-linked roles: CreateServiceLinkedRole, DeleteServiceLinkedRole, GetServiceLinkedRoleDeletionStatus, GetRole.

use serde_json::{Value, json};

use crate::cloud::CloudState;
use crate::http::Call;
use crate::ram::{self, Role, roles};
use crate::rpc::{self, Error, Outcome};

/// Services that have such a role, and its name.
const SERVICES: &[(&str, &str)] = &[
    ("actiontrail.aliyuncs.com", "AliyunServiceRoleForActionTrail"),
    ("config.aliyuncs.com", "AliyunServiceRoleForConfig"),
    ("log.aliyuncs.com", "AliyunServiceRoleForSLS"),
    ("audit.log.aliyuncs.com", "AliyunServiceRoleForSLSAudit"),
    ("alert.log.aliyuncs.com", "AliyunServiceRoleForSLSAlert"),
];

pub(super) fn create(cloud: &mut CloudState, call: &Call) -> Outcome {
    let service = rpc::required(call, "ServiceName")?;
    let Some((_, name)) = SERVICES.iter().find(|(known, _)| *known == service) else {
        let message = format!("The service does not exist: {service}.");
        return Err(Error::new(404, "EntityNotExist.Service", message));
    };
    ram::limited(call, "Description", 1024)?;
    // Assumed: none of the services here takes a suffix, and therefore no description either.
    if let Some(suffix) = rpc::text(call, "CustomSuffix") {
        check_suffix(name, suffix)?;
        return Err(not_allowed("CustomSuffix"));
    }
    if rpc::text(call, "Description").is_some() {
        return Err(not_allowed("Description"));
    }
    let account = &call.caller.account;
    if cloud.accounts.get(account).is_some_and(|state| state.ram.roles.contains_key(*name)) {
        let message = format!("The role already exists: {name}.");
        return Err(Error::new(409, "EntityAlreadyExists.Role", message));
    }
    roles::check_room(cloud, account)?;
    ram::ensure_service_linked_role(cloud, account, name, service, call.now);
    let (name, role) = find(cloud, account, name).ok_or_else(|| roles::missing(name))?;
    Ok(json!({ "Role": describe(account, &name, role) }))
}

/// What a service without suffixes does not take.
fn not_allowed(parameter: &str) -> Error {
    let message = format!("The service does not support a {parameter}.");
    Error::new(400, format!("InvalidParameter.{parameter}.NotAllowed"), message)
}

/// Whether a role's name would be one with the suffix after an underscore.
fn check_suffix(name: &str, suffix: &str) -> Result<(), Error> {
    if name.len() + 1 + suffix.len() > 64 {
        let message = "The role's name with CustomSuffix is longer than 64.";
        return Err(Error::new(400, "InvalidParameter.CustomSuffix.Length", message));
    }
    if !suffix.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte)) {
        let message = "CustomSuffix may contain letters, digits, dots and hyphens.";
        return Err(Error::new(400, "InvalidParameter.CustomSuffix.InvalidChars", message));
    }
    Ok(())
}

pub(super) fn get(cloud: &mut CloudState, call: &Call) -> Outcome {
    let name = roles::role_name(call)?;
    let account = &call.caller.account;
    let (name, role) = find(cloud, account, name).ok_or_else(|| roles::missing(name))?;
    let mut element = describe(account, &name, role);
    element["MaxSessionDuration"] = json!(role.max_session_duration);
    element["UpdateDate"] = json!(rpc::timestamp(role.update_date.unwrap_or(role.create_date)));
    Ok(json!({ "Role": element }))
}

/// Begins a deletion, which the status call carries out once nothing uses the role.
pub(super) fn delete(cloud: &mut CloudState, call: &Call) -> Outcome {
    let name = roles::role_name(call)?;
    let (name, role) = find(cloud, &call.caller.account, name).ok_or_else(|| roles::missing(name))?;
    if !role.service_linked {
        let message = format!("{name} is not a service-linked role.");
        return Err(Error::new(404, "EntityNotExist.ServiceLinkedRole", message));
    }
    let service = principal(role);
    let id = uuid::Uuid::new_v4();
    Ok(json!({ "DeletionTaskId": format!("task/acs-service-role/{service}/{name}/{id}") }))
}

pub(super) fn deletion_status(cloud: &mut CloudState, call: &Call) -> Outcome {
    let task = rpc::required(call, "DeletionTaskId")?;
    if !(26..=255).contains(&task.len()) {
        let message = "DeletionTaskId has 26 to 255 characters.";
        return Err(Error::new(400, "InvalidParameter.DeletionTaskId.Length", message));
    }
    let parts: Vec<&str> = task.split('/').collect();
    let ["task", "acs-service-role", service, name, id] = parts.as_slice() else {
        return Err(Error::new(400, "InvalidParameter.DeletionTaskId", "DeletionTaskId is not valid."));
    };
    if uuid::Uuid::parse_str(id).is_err() || !SERVICES.iter().any(|known| known == &(*service, *name)) {
        let message = "There is no such deletion task.";
        return Err(Error::new(404, "EntityNotExist.ServiceLinkedRole.DeletionTask", message));
    }
    let account = &call.caller.account;
    let users = usages(cloud, account, name);
    if !users.is_empty() {
        return Ok(json!({ "Status": "FAILED", "Reason": {
            "Message": "The role is in use.",
            "RoleUsages": { "RoleUsage": users },
        } }));
    }
    if let Some(state) = cloud.accounts.get_mut(account) {
        state.ram.roles.remove(*name);
    }
    Ok(json!({ "Status": "SUCCEEDED" }))
}

/// The trails that need the role, by region.
fn usages(cloud: &CloudState, account: &str, name: &str) -> Vec<Value> {
    if name != "AliyunServiceRoleForActionTrail" {
        return Vec::new();
    }
    let regions = cloud.accounts.get(account).into_iter().flat_map(|state| &state.regions);
    let used = regions.filter_map(|(region, state)| {
        let trails: Vec<String> = state
            .actiontrail
            .trails
            .keys()
            .map(|trail| format!("acs:actiontrail:{region}:{account}:trail/{trail}"))
            .collect();
        let usage = json!({ "Region": region, "Resources": { "Resource": trails } });
        (!trails.is_empty()).then_some(usage)
    });
    used.collect()
}

fn find<'w>(cloud: &'w mut CloudState, account: &str, name: &str) -> Option<(String, &'w mut Role)> {
    let roles = &mut cloud.accounts.get_mut(account)?.ram.roles;
    let (known, role) = roles.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
    Some((known.clone(), role))
}

fn principal(role: &Role) -> String {
    let document: Value = serde_json::from_str(&role.assume_role_policy_document).unwrap_or_default();
    document["Statement"][0]["Principal"]["Service"][0].as_str().unwrap_or("").to_owned()
}

fn describe(account: &str, name: &str, role: &Role) -> Value {
    json!({
        "RoleId": role.role_id,
        "RoleName": name,
        "RolePrincipalName": format!("{name}@role.{account}.onaliyunservice.com"),
        "Arn": ram::role_arn(account, name),
        "AssumeRolePolicyDocument": role.assume_role_policy_document,
        "Description": role.description,
        "IsServiceLinkedRole": role.service_linked,
        "CreateDate": rpc::timestamp(role.create_date),
    })
}
