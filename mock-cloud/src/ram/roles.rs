//! CreateRole, GetRole, UpdateRole, DeleteRole and ListRoles (RAM API reference, version 2015-05-01).

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Role, evaluate, limited, numeric_id, tags};
use crate::cloud::CloudState;
use crate::http::Call;
use crate::rpc::{self, Error, Outcome};
use crate::switches::QUOTAS;

/// Roles that an account may have (RAM documentation, "Limits").
const ROLES: usize = 1000;
/// Characters of a trust policy. There is a limit, but no figure is given.
const TRUST: usize = 4096;

pub(super) fn create(cloud: &mut CloudState, call: &Call) -> Outcome {
    let name = role_name(call)?.to_owned();
    let document = rpc::required(call, "AssumeRolePolicyDocument")?;
    limited(call, "AssumeRolePolicyDocument", TRUST)?;
    check_trust(document)?;
    let description = limited(call, "Description", 1024)?.unwrap_or_default().to_owned();
    let seconds = duration(call, "MaxSessionDuration")?.unwrap_or(3600);
    let tags = tags::of_new(call)?;
    let account = &call.caller.account;
    let mut known = cloud.accounts.get(account).into_iter().flat_map(|state| state.ram.roles.keys());
    if known.any(|known| known.eq_ignore_ascii_case(&name)) {
        let message = format!("The role already exists: {name}.");
        return Err(Error::new(409, "EntityAlreadyExists.Role", message));
    }
    check_room(cloud, account)?;
    let role = Role {
        role_id: numeric_id(account, &name),
        assume_role_policy_document: document.to_owned(),
        description,
        max_session_duration: seconds,
        create_date: call.now,
        update_date: None,
        service_linked: false,
        policies: Vec::new(),
        attach_dates: BTreeMap::new(),
        tags,
    };
    let answer = json!({ "Role": describe(account, &name, &role, Detail::Created) });
    cloud.accounts.entry(account.clone()).or_default().ram.roles.insert(name, role);
    Ok(answer)
}

/// Whether the account may have another role.
pub(crate) fn check_room(cloud: &CloudState, account: &str) -> Result<(), Error> {
    let roles = cloud.accounts.get(account).map_or(0, |state| state.ram.roles.len());
    if cloud.switches.is(&QUOTAS, "on") && roles >= ROLES {
        return Err(Error::new(409, "LimitExceeded.Role", "The number of roles has reached its limit."));
    }
    Ok(())
}

pub(super) fn get(cloud: &mut CloudState, call: &Call) -> Outcome {
    let account = &call.caller.account;
    let (name, role) = find(cloud, call)?;
    Ok(json!({ "Role": describe(account, &name, role, Detail::Whole) }))
}

pub(super) fn update(cloud: &mut CloudState, call: &Call) -> Outcome {
    let account = call.caller.account.clone();
    let document = limited(call, "NewAssumeRolePolicyDocument", TRUST)?;
    document.map_or(Ok(()), check_trust)?;
    let description = limited(call, "NewDescription", 1024)?;
    let seconds = duration(call, "NewMaxSessionDuration")?;
    let (name, role) = find(cloud, call)?;
    refuse_linked(role)?;
    if let Some(document) = document {
        document.clone_into(&mut role.assume_role_policy_document);
    }
    if let Some(description) = description {
        description.clone_into(&mut role.description);
    }
    if let Some(seconds) = seconds {
        role.max_session_duration = seconds;
    }
    role.update_date = Some(call.now);
    Ok(json!({ "Role": describe(&account, &name, role, Detail::Whole) }))
}

pub(super) fn delete(cloud: &mut CloudState, call: &Call) -> Outcome {
    let (name, role) = find(cloud, call)?;
    refuse_linked(role)?;
    if !role.policies.is_empty() {
        let message = "The role has policies attached; detach them first.";
        return Err(Error::new(409, "DeleteConflict.Role.Policy", message));
    }
    let roles = cloud.accounts.get_mut(&call.caller.account).map(|account| &mut account.ram.roles);
    roles.and_then(|roles| roles.remove(&name));
    Ok(json!({}))
}

pub(super) fn list(cloud: &mut CloudState, call: &Call) -> Outcome {
    let account = &call.caller.account;
    let wanted = tags::given(call)?;
    let roles = cloud.accounts.get(account).into_iter().flat_map(|state| &state.ram.roles);
    let roles = roles.filter(|(_, role)| tags::match_all(&role.tags, &wanted));
    let all = roles.map(|(name, role)| describe(account, name, role, Detail::Listed)).collect();
    super::page(call, all, |items| json!({ "Roles": { "Role": items } }))
}

/// How much of a role an answer shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Detail {
    Created,
    Listed,
    Whole,
}

fn describe(account: &str, name: &str, role: &Role, detail: Detail) -> Value {
    let mut element = json!({
        "RoleId": role.role_id,
        "RoleName": name,
        "Arn": super::role_arn(account, name),
        "Description": role.description,
        "MaxSessionDuration": role.max_session_duration,
        "CreateDate": rpc::timestamp(role.create_date),
    });
    if detail == Detail::Listed {
        element["Tags"] = tags::describe(&role.tags);
    } else {
        element["AssumeRolePolicyDocument"] = json!(role.assume_role_policy_document);
    }
    if detail != Detail::Created {
        element["UpdateDate"] = json!(rpc::timestamp(role.update_date.unwrap_or(role.create_date)));
    }
    element
}

/// The role that a call names, whatever the case.
pub(super) fn find<'w>(cloud: &'w mut CloudState, call: &Call) -> Result<(String, &'w mut Role), Error> {
    let name = role_name(call)?;
    let roles = cloud.accounts.get_mut(&call.caller.account).map(|account| &mut account.ram.roles);
    let mut roles = roles.into_iter().flatten();
    let found = roles.find(|(known, _)| known.eq_ignore_ascii_case(name));
    found.map(|(known, role)| (known.clone(), role)).ok_or_else(|| missing(name))
}

pub(crate) fn missing(name: &str) -> Error {
    Error::new(404, "EntityNotExist.Role", format!("The role does not exist: {name}."))
}

/// Roles of services are theirs: only ResourceManager deletes them. The code is assumed.
fn refuse_linked(role: &Role) -> Result<(), Error> {
    if role.service_linked {
        let message = "A service-linked role can only be changed by its service.";
        return Err(Error::new(403, "NoPermission.ServiceLinkedRole", message));
    }
    Ok(())
}

/// 1 to 64 letters, digits, dots and hyphens.
pub(crate) fn role_name(call: &Call) -> Result<&str, Error> {
    let name = rpc::required(call, "RoleName")?;
    if name.len() > 64 {
        return Err(Error::new(400, "InvalidParameter.RoleName.Length", "RoleName is longer than 64."));
    }
    if !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte)) {
        let message = "RoleName may contain letters, digits, dots and hyphens.";
        return Err(Error::new(400, "InvalidParameter.RoleName.InvalidChars", message));
    }
    Ok(name)
}

fn check_trust(document: &str) -> Result<(), Error> {
    let parsed: Option<Value> = serde_json::from_str(document).ok();
    let principals = parsed.as_ref().is_some_and(|document| {
        document["Statement"]
            .as_array()
            .is_some_and(|statements| statements.iter().all(|statement| statement["Principal"].is_object()))
    });
    if principals && evaluate::is_document(document) {
        return Ok(());
    }
    Err(Error::new(400, "MalformedPolicyDocument", "The trust policy is not a policy document."))
}

fn duration(call: &Call, name: &str) -> Result<Option<i64>, Error> {
    let Some(text) = rpc::text(call, name) else { return Ok(None) };
    let seconds = text.parse().ok().filter(|seconds| (3600..=43200).contains(seconds));
    seconds.map(Some).ok_or_else(|| {
        let message = format!("{name} must be between 3600 and 43200.");
        Error::new(400, "InvalidParameter.MaxSessionDuration", message)
    })
}
