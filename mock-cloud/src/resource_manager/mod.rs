//! ResourceManager (API version 2020-03-31) and the part of it that is also served as ResourceDirectoryMaster
//! (2022-04-19): service-linked roles, and the resource directory with its accounts, folders and control policies.

mod accounts;
mod control_policies;
mod delegation;
mod folders;
mod linked_roles;
mod member_account;
mod state;

use serde_json::{Value, json};
use time::OffsetDateTime;

pub(crate) use self::control_policies::levels;
pub(crate) use self::member_account::member_account;
pub use self::state::{ControlPolicy, Directory, Folder, Member};
use crate::cloud::CloudState;
use crate::http::{Call, Reply};
use crate::rpc::{self, Error, Outcome};
use crate::switches::Switch;

/// What the reference leaves open.
pub const SWITCHES: &[Switch] =
    &[accounts::LIST_MANAGEMENT_ACCOUNT, folders::FOLDER_NAME_LENGTH, delegation::TRUSTED_SERVICES];

/// The actions it has; none else is let through to the code behind them.
pub(crate) const ACTIONS: &[&str] = &[
    "CreateServiceLinkedRole",
    "DeleteServiceLinkedRole",
    "GetServiceLinkedRoleDeletionStatus",
    "GetRole",
    "GetResourceDirectory",
    "ListAccounts",
    "GetAccount",
    "CreateResourceAccount",
    "ListAccountsForParent",
    "MoveAccount",
    "CreateFolder",
    "GetFolder",
    "UpdateFolder",
    "DeleteFolder",
    "ListFoldersForParent",
    "ListAncestors",
    "RegisterDelegatedAdministrator",
    "DeregisterDelegatedAdministrator",
    "ListDelegatedAdministrators",
    "ListDelegatedServicesForAccount",
    "ListTrustedServiceStatus",
    "EnableControlPolicy",
    "DisableControlPolicy",
    "GetControlPolicyEnablementStatus",
    "CreateControlPolicy",
    "GetControlPolicy",
    "UpdateControlPolicy",
    "DeleteControlPolicy",
    "ListControlPolicies",
    "AttachControlPolicy",
    "DetachControlPolicy",
    "ListControlPolicyAttachmentsForTarget",
    "ListTargetAttachmentsForControlPolicy",
];

/// Answers a ResourceManager call.
pub fn handle(cloud: &mut CloudState, call: &Call) -> Reply {
    let outcome = act(cloud, call);
    rpc::reply(call, outcome)
}

fn act(cloud: &mut CloudState, call: &Call) -> Outcome {
    match call.action.as_str() {
        action if !ACTIONS.contains(&action) => return Err(rpc::unknown_action()),
        "CreateServiceLinkedRole" => return linked_roles::create(cloud, call),
        "DeleteServiceLinkedRole" => return linked_roles::delete(cloud, call),
        "GetServiceLinkedRoleDeletionStatus" => return linked_roles::deletion_status(cloud, call),
        "GetRole" => return linked_roles::get(cloud, call),
        _ => {}
    }
    let id = directory_of(cloud, call)?;
    let directory = cloud.directories.entry(id.clone()).or_default();
    let may_write = directory.master == call.caller.account;
    let may_read = may_write
        || call.action == "GetResourceDirectory"
        || cloud.accounts.get(&call.caller.account).is_some_and(|account| account.organization_admin);
    let reads = ["Get", "List"].iter().any(|verb| call.action.starts_with(verb));
    // Which reads a delegated administrator or a member may do is not documented.
    if !(may_write || (reads && may_read)) {
        let message = "Only the management account of the resource directory may do this.";
        return Err(Error::new(403, "NoPermission", message));
    }
    match call.action.as_str() {
        "GetResourceDirectory" => accounts::directory(cloud, call, &id),
        "ListAccounts" => accounts::list(cloud, call, &id),
        "GetAccount" => accounts::get(cloud, call, &id),
        "CreateResourceAccount" => accounts::create(cloud, call, &id),
        "ListAccountsForParent" => folders::accounts(cloud, call, &id),
        "MoveAccount" => folders::move_account(cloud, call, &id),
        "CreateFolder" => folders::create(cloud, call, &id),
        "GetFolder" => folders::get(cloud, call, &id),
        "UpdateFolder" => folders::update(cloud, call, &id),
        "DeleteFolder" => folders::delete(cloud, call, &id),
        "ListFoldersForParent" => folders::list(cloud, call, &id),
        "ListAncestors" => folders::ancestors(cloud, call, &id),
        "RegisterDelegatedAdministrator" => delegation::register(cloud, call, &id),
        "DeregisterDelegatedAdministrator" => delegation::deregister(cloud, call, &id),
        "ListDelegatedAdministrators" => delegation::administrators(cloud, call, &id),
        "ListDelegatedServicesForAccount" => delegation::services(cloud, call, &id),
        "ListTrustedServiceStatus" => delegation::trusted(cloud, call, &id),
        _ => control_policies::act(cloud, call, &id),
    }
}

/// A parameter that must be there. The directory has its own error for one that is not.
fn required<'c>(call: &'c Call, name: &str) -> Result<&'c str, Error> {
    rpc::text(call, name).ok_or_else(|| missing(name))
}

fn missing(name: &str) -> Error {
    Error::new(400, format!("MissingParameter.{name}"), format!("{name} is mandatory."))
}

fn invalid(name: &str) -> Error {
    Error::new(400, format!("InvalidParameter.{name}"), format!("{name} is not valid."))
}

/// A name of 1 to so many letters of any script, digits and marks, as the error codes call it.
fn checked_name<'n>(name: &'n str, called: &str, most: usize, marks: &str) -> Result<&'n str, Error> {
    if name.chars().count() > most {
        let message = format!("{called} is longer than {most} characters.");
        return Err(Error::new(400, format!("InvalidParameter.{called}.Length"), message));
    }
    let fits = |letter: char| letter.is_alphanumeric() || marks.contains(letter);
    if name.chars().all(fits) { Ok(name) } else { Err(invalid(called)) }
}

/// The directory of the caller. A state whose accounts belong to one that is not written down gets it written down.
fn directory_of(cloud: &mut CloudState, call: &Call) -> Result<String, Error> {
    let account = cloud.accounts.get(&call.caller.account);
    let Some(id) = account.and_then(|account| account.organization_id.clone()) else {
        let (status, code) = match call.action.as_str() {
            "GetResourceDirectory" => (404, "ResourceDirectoryNotInUse"),
            _ => (404, "EntityNotExists.ResourceDirectory"),
        };
        return Err(Error::new(status, code, "The resource directory is not enabled for this account."));
    };
    write_down(cloud, &id, call.now);
    Ok(id)
}

/// Makes the directory that accounts say they belong to, as far as it is not there.
pub(crate) fn write_down(cloud: &mut CloudState, id: &str, now: OffsetDateTime) {
    let belongs = |account: &crate::cloud::Account| account.organization_id.as_deref() == Some(id);
    let members: Vec<String> =
        cloud.accounts.iter().filter(|(_, account)| belongs(account)).map(|(id, _)| id.clone()).collect();
    let known = cloud.directories.get(id).map_or("", |directory| directory.master.as_str());
    if known.is_empty() {
        let admin = members.iter().find(|id| cloud.accounts[*id].organization_admin);
        let master = admin.or(members.first()).cloned().unwrap_or_default();
        cloud.directories.insert(id.to_owned(), Directory::new(&master, now));
    }
    if let Some(directory) = cloud.directories.get_mut(id) {
        let root = directory.root_folder.clone();
        for member in members.into_iter().filter(|member| *member != directory.master) {
            directory.members.entry(member).or_insert_with(|| Member::new(&root, now));
        }
    }
}

/// The directory itself, which [`directory_of`] found.
fn directory_mut<'w>(cloud: &'w mut CloudState, id: &str) -> &'w mut Directory {
    cloud.directories.entry(id.to_owned()).or_default()
}

/// One page of a list by `PageNumber` (1) and `PageSize` (1 to 100, default 10), or by `MaxResults` and `NextToken`.
fn page(call: &Call, all: Vec<Value>, wrap: impl Fn(Vec<Value>) -> Value) -> Outcome {
    let number = |name: &str, most: usize, default: usize| match rpc::text(call, name) {
        None => Ok(default),
        Some(text) => text.parse().ok().filter(|value| (1..=most).contains(value)).ok_or_else(|| {
            Error::new(
                400,
                format!("InvalidParameter.{name}"),
                format!("{name} must be between 1 and {most}."),
            )
        }),
    };
    let total = all.len();
    if rpc::text(call, "NextToken").is_some_and(|token| token.len() > 256) {
        let message = "NextToken is longer than 256 characters.";
        return Err(Error::new(400, "InvalidParameter.NextToken.Length", message));
    }
    if rpc::text(call, "MaxResults").is_some() || rpc::text(call, "NextToken").is_some() {
        let size = number("MaxResults", 100, 10)?;
        let start: usize = rpc::text(call, "NextToken").map_or(Ok(0), str::parse).map_err(|_| {
            Error::new(400, "InvalidParameter.NextToken", "NextToken is not one that was given out.")
        })?;
        let items: Vec<Value> = all.into_iter().skip(start).take(size).collect();
        let next = start.saturating_add(items.len());
        let mut answer = wrap(items);
        answer["TotalCount"] = json!(total);
        if next < total {
            answer["NextToken"] = json!(next.to_string());
        }
        return Ok(answer);
    }
    let (page, size) = (number("PageNumber", 1_000_000, 1)?, number("PageSize", 100, 10)?);
    let mut answer = wrap(all.into_iter().skip((page - 1) * size).take(size).collect());
    answer["TotalCount"] = json!(total);
    answer["PageNumber"] = json!(page);
    answer["PageSize"] = json!(size);
    Ok(answer)
}

#[cfg(test)]
mod tests;
