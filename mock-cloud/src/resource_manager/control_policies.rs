//! Control policies: what accounts of the directory cannot do, whatever their own policies say.

use serde_json::{Value, json};

use super::state::{ControlPolicy, Directory, FULL_ACCESS, tail};
use super::{accounts, checked_name, directory_mut, folders, invalid, page, required};
use crate::cloud::CloudState;
use crate::http::Call;
use crate::ram::evaluate;
use crate::rpc::{self, Error, Outcome};
use crate::switches::QUOTAS;

/// The policy that is attached everywhere at first.
const FULL_DOCUMENT: &str = r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;
/// Policies that one folder or account may have (Resource Directory documentation, "Limits").
const ATTACHED: usize = 10;
/// Policies that a directory may have (the same page).
const POLICIES: usize = 1500;

/// The documents in force for an account, one list per level from the root folder down to the account itself; none
/// when control policies are off or do not reach the account, as the management account.
pub(crate) fn levels(cloud: &CloudState, account: &str) -> Vec<Vec<String>> {
    let id = cloud.accounts.get(account).and_then(|account| account.organization_id.as_ref());
    let directory = id.and_then(|id| cloud.directories.get(id));
    let Some(directory) = directory.filter(|directory| directory.control_policies_enabled) else {
        return Vec::new();
    };
    let Some(member) = directory.members.get(account) else { return Vec::new() };
    let mut targets = folders::chain(directory, &member.folder);
    targets.push(account.to_owned());
    let documents = |target: &String| {
        let ids = attached(directory, target);
        ids.iter().filter_map(|id| find(directory, id).map(|policy| policy.document)).collect()
    };
    targets.iter().map(documents).collect()
}

/// The policy that everybody has and nobody made.
fn full_access(directory: &Directory) -> ControlPolicy {
    let created = directory.create_time.unwrap_or(time::OffsetDateTime::UNIX_EPOCH);
    ControlPolicy {
        name: "FullAliyunAccess".to_owned(),
        description: String::new(),
        document: FULL_DOCUMENT.to_owned(),
        create_time: created,
        update_time: created,
    }
}

fn find(directory: &Directory, id: &str) -> Option<ControlPolicy> {
    if id == FULL_ACCESS {
        return Some(full_access(directory));
    }
    directory.control_policies.get(id).cloned()
}

fn attached(directory: &Directory, target: &str) -> Vec<String> {
    let full = !directory.without_full_access.iter().any(|known| known == target);
    let more = directory.attachments.get(target).into_iter().flatten().cloned();
    full.then(|| FULL_ACCESS.to_owned()).into_iter().chain(more).collect()
}

pub(super) fn act(cloud: &mut CloudState, call: &Call, rd: &str) -> Outcome {
    let quotas = cloud.switches.is(&QUOTAS, "on");
    let directory = directory_mut(cloud, rd);
    match call.action.as_str() {
        "EnableControlPolicy" => {
            directory.control_policies_enabled = true;
            Ok(json!({ "EnablementStatus": "Enabled" }))
        }
        "DisableControlPolicy" => {
            // As documented: the policies stay, but are attached nowhere any more.
            directory.control_policies_enabled = false;
            directory.attachments.clear();
            directory.without_full_access.clear();
            Ok(json!({ "EnablementStatus": "Disabled" }))
        }
        "GetControlPolicyEnablementStatus" => {
            let status = if directory.control_policies_enabled { "Enabled" } else { "Disabled" };
            Ok(json!({ "EnablementStatus": status }))
        }
        "CreateControlPolicy" => create(directory, call, rd, quotas),
        "GetControlPolicy" => {
            let id = required(call, "PolicyId")?;
            let policy = find(directory, id).ok_or_else(|| missing(id))?;
            let mut element = describe(directory, id, &policy);
            element["PolicyDocument"] = json!(policy.document);
            Ok(json!({ "ControlPolicy": element }))
        }
        "UpdateControlPolicy" => update(directory, call),
        "DeleteControlPolicy" => delete(directory, call),
        "ListControlPolicies" => list(directory, call),
        "AttachControlPolicy" => attach(directory, call, quotas),
        "DetachControlPolicy" => detach(directory, call),
        "ListControlPolicyAttachmentsForTarget" => for_target(directory, call),
        "ListTargetAttachmentsForControlPolicy" => for_policy(cloud, call, rd),
        _ => Err(rpc::unknown_action()),
    }
}

fn missing(id: &str) -> Error {
    Error::new(404, "EntityNotExists.ControlPolicy", format!("The control policy does not exist: {id}."))
}

fn describe(directory: &Directory, id: &str, policy: &ControlPolicy) -> Value {
    let system = id == FULL_ACCESS;
    let others = directory.attachments.values().filter(|ids| ids.iter().any(|known| known == id)).count();
    let everywhere = 1 + directory.folders.len() + directory.members.len();
    let count =
        if system { everywhere - directory.without_full_access.len().min(everywhere) } else { others };
    json!({
        "PolicyId": id,
        "PolicyName": policy.name,
        "PolicyType": if system { "System" } else { "Custom" },
        "Description": policy.description,
        "EffectScope": "RAM",
        "AttachmentCount": count.to_string(),
        "CreateDate": rpc::timestamp(policy.create_time),
        "UpdateDate": rpc::timestamp(policy.update_time),
    })
}

/// The status differs between creation and change, as documented.
fn check_document(parameter: &str, document: &str, too_long: u16) -> Result<(), Error> {
    if document.chars().count() > 4096 {
        let message = format!("{parameter} is longer than 4096 characters.");
        return Err(Error::new(too_long, format!("InvalidParameter.{parameter}.Length"), message));
    }
    if evaluate::is_document(document) { Ok(()) } else { Err(invalid(parameter)) }
}

fn check_name(directory: &Directory, name: &str, except: &str) -> Result<(), Error> {
    let taken = directory.control_policies.iter().any(|(id, policy)| policy.name == name && id != except);
    if taken || name == "FullAliyunAccess" {
        let message = format!("There is a control policy {name} already.");
        return Err(Error::new(409, "EntityAlreadyExists.ControlPolicy", message));
    }
    Ok(())
}

fn create(directory: &mut Directory, call: &Call, rd: &str, quotas: bool) -> Outcome {
    let name = checked_name(required(call, "PolicyName")?, "PolicyName", 128, "-")?;
    let document = required(call, "PolicyDocument")?;
    if required(call, "EffectScope")? != "RAM" {
        return Err(invalid("EffectScope"));
    }
    check_document("PolicyDocument", document, 409)?;
    check_name(directory, name, "")?;
    if quotas && directory.control_policies.len() >= POLICIES {
        let message = format!("A directory has at most {POLICIES} control policies.");
        return Err(Error::new(409, "LimitExceeded.ControlPolicy", message));
    }
    let id = (1..)
        .map(|number| format!("cp-{}{number:04}", tail(rd)))
        .find(|id| !directory.control_policies.contains_key(id))
        .unwrap_or_default();
    let policy = ControlPolicy {
        name: name.to_owned(),
        description: rpc::text(call, "Description").unwrap_or_default().to_owned(),
        document: document.to_owned(),
        create_time: call.now,
        update_time: call.now,
    };
    directory.control_policies.insert(id.clone(), policy.clone());
    Ok(json!({ "ControlPolicy": describe(directory, &id, &policy) }))
}

fn update(directory: &mut Directory, call: &Call) -> Outcome {
    let id = required(call, "PolicyId")?;
    let document = rpc::text(call, "NewPolicyDocument");
    document.map_or(Ok(()), |document| check_document("NewPolicyDocument", document, 400))?;
    if let Some(name) = rpc::text(call, "NewPolicyName") {
        checked_name(name, "NewPolicyName", 128, "-")?;
        check_name(directory, name, id)?;
    }
    let policy = directory.control_policies.get_mut(id).ok_or_else(|| missing(id))?;
    for (value, field) in [
        (document, &mut policy.document),
        (rpc::text(call, "NewPolicyName"), &mut policy.name),
        (rpc::text(call, "NewDescription"), &mut policy.description),
    ] {
        if let Some(value) = value {
            value.clone_into(field);
        }
    }
    policy.update_time = call.now;
    let policy = policy.clone();
    Ok(json!({ "ControlPolicy": describe(directory, id, &policy) }))
}

fn delete(directory: &mut Directory, call: &Call) -> Outcome {
    let id = required(call, "PolicyId")?;
    if !directory.control_policies.contains_key(id) {
        return Err(missing(id));
    }
    if directory.attachments.values().flatten().any(|known| known == id) {
        let message = "The control policy is attached; detach it first.";
        return Err(Error::new(409, "DeleteConflict.ControlPolicy.Attached", message));
    }
    directory.control_policies.remove(id);
    Ok(json!({}))
}

fn list(directory: &Directory, call: &Call) -> Outcome {
    let wanted = rpc::text(call, "PolicyType").unwrap_or("");
    let system = std::iter::once((FULL_ACCESS.to_owned(), full_access(directory)));
    let custom = directory.control_policies.iter().map(|(id, policy)| (id.clone(), policy.clone()));
    let all = system.chain(custom).map(|(id, policy)| describe(directory, &id, &policy));
    let all = all.filter(|policy| wanted.is_empty() || policy["PolicyType"] == wanted).collect();
    page(call, all, |items| json!({ "ControlPolicies": { "ControlPolicy": items } }))
}

/// The folder or account that a call names as a target.
fn target<'c>(directory: &Directory, call: &'c Call) -> Result<&'c str, Error> {
    let target = required(call, "TargetId")?;
    if folders::check(directory, target).is_ok() || directory.members.contains_key(target) {
        return Ok(target);
    }
    Err(Error::new(404, "EntityNotExists.Target", format!("There is no folder or member {target}.")))
}

fn attach(directory: &mut Directory, call: &Call, quotas: bool) -> Outcome {
    let id = required(call, "PolicyId")?;
    let target = target(directory, call)?;
    find(directory, id).ok_or_else(|| missing(id))?;
    let now = attached(directory, target);
    if now.iter().any(|known| known == id) {
        let message = "The control policy is attached to the target already.";
        return Err(Error::new(409, "EntityAlreadyExists.ControlPolicyAttachment", message));
    }
    if quotas && now.len() >= ATTACHED {
        let message = format!("A target has at most {ATTACHED} control policies.");
        return Err(Error::new(409, "LimitExceeded.ControlPolicyAttachment", message));
    }
    if id == FULL_ACCESS {
        directory.without_full_access.retain(|known| known != target);
    } else {
        directory.attachments.entry(target.to_owned()).or_default().push(id.to_owned());
    }
    Ok(json!({}))
}

fn detach(directory: &mut Directory, call: &Call) -> Outcome {
    let id = required(call, "PolicyId")?;
    let target = target(directory, call)?;
    let now = attached(directory, target);
    if !now.iter().any(|known| known == id) {
        let message = "The control policy is not attached to the target.";
        return Err(Error::new(404, "EntityNotExists.ControlPolicyAttachment", message));
    }
    if now.len() == 1 {
        let message = "A target keeps at least one control policy.";
        return Err(Error::new(400, "NotSupport.DetachLastControlPolicy", message));
    }
    if id == FULL_ACCESS {
        directory.without_full_access.push(target.to_owned());
    } else if let Some(ids) = directory.attachments.get_mut(target) {
        ids.retain(|known| known != id);
    }
    Ok(json!({}))
}

fn for_target(directory: &Directory, call: &Call) -> Outcome {
    let target = target(directory, call)?;
    let all = attached(directory, target).into_iter().filter_map(|id| {
        let policy = find(directory, &id)?;
        let mut element = describe(directory, &id, &policy);
        element["AttachDate"] = element["UpdateDate"].clone();
        Some(element)
    });
    let all: Vec<Value> = all.collect();
    Ok(json!({ "ControlPolicyAttachments": { "ControlPolicyAttachment": all } }))
}

fn for_policy(cloud: &mut CloudState, call: &Call, rd: &str) -> Outcome {
    let id = required(call, "PolicyId")?;
    let directory = directory_mut(cloud, rd).clone();
    let policy = find(&directory, id).ok_or_else(|| missing(id))?;
    let folders = std::iter::once(&directory.root_folder).chain(directory.folders.keys());
    let targets = folders.map(|id| (id, "Folder")).chain(directory.members.keys().map(|id| (id, "Account")));
    let all = targets.filter(|(target, _)| attached(&directory, target).iter().any(|known| known == id));
    let all = all.map(|(target, kind)| {
        let account = accounts::describe(cloud, &directory, rd, target);
        let folder = directory.folders.get(target).map_or("Root", |folder| folder.name.as_str());
        json!({
            "TargetId": target,
            "TargetType": if *target == directory.root_folder { "Root" } else { kind },
            "TargetName": if kind == "Account" { account["DisplayName"].clone() } else { json!(folder) },
            "AttachDate": rpc::timestamp(policy.update_time),
        })
    });
    page(call, all.collect(), |items| json!({ "TargetAttachments": { "TargetAttachment": items } }))
}
