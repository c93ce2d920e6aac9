//! Policies of an account and what they are attached to (RAM API reference, version 2015-05-01).

use serde_json::{Value, json};

use super::{Policy, State, evaluate, roles, system};
use crate::http::Call;
use crate::rpc::{self, Error, Outcome};
use crate::switches::QUOTAS;
use crate::world::World;

/// System and custom policies that one role or user may have (RAM documentation, "Limits").
const ATTACHED: [(Kind, usize); 2] = [(Kind::System, 20), (Kind::Custom, 5)];

/// Who provides a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    System,
    Custom,
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::System => "System",
            Self::Custom => "Custom",
        }
    }

    fn of(state: &State, policy: &str) -> Self {
        if state.policies.contains_key(policy) { Self::Custom } else { Self::System }
    }

    fn read(call: &Call) -> Result<Self, Error> {
        match rpc::required(call, "PolicyType")? {
            "System" => Ok(Self::System),
            "Custom" => Ok(Self::Custom),
            _ => Err(Error::new(400, "InvalidParameter.PolicyType", "PolicyType must be System or Custom.")),
        }
    }
}

/// What policies are attached to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holder {
    Role,
    User,
}

impl Holder {
    const fn name(self) -> &'static str {
        match self {
            Self::Role => "Role",
            Self::User => "User",
        }
    }

    /// The policies of the role or user that a call names.
    fn policies<'w>(self, world: &'w mut World, call: &Call) -> Result<&'w mut Vec<String>, Error> {
        match self {
            Self::Role => roles::find(world, call).map(|(_, role)| &mut role.policies),
            Self::User => {
                let name = rpc::required(call, "UserName")?;
                let missing =
                    || Error::new(404, "EntityNotExist.User", format!("The user does not exist: {name}."));
                state(world, call).users.get_mut(name).map(|user| &mut user.policies).ok_or_else(missing)
            }
        }
    }
}

pub(super) fn state<'w>(world: &'w mut World, call: &Call) -> &'w mut State {
    &mut world.accounts.entry(call.caller.account.clone()).or_default().ram
}

pub(super) fn missing(name: &str) -> Error {
    Error::new(404, "EntityNotExist.Policy", format!("The policy does not exist: {name}."))
}

/// Whether the policy exists, and of which kind the call says it is.
fn named(world: &mut World, call: &Call) -> Result<(Kind, String), Error> {
    let kind = Kind::read(call)?;
    let name = rpc::required(call, "PolicyName")?;
    let exists = match kind {
        Kind::System => system::document(name).is_some(),
        Kind::Custom => state(world, call).policies.contains_key(name),
    };
    if exists { Ok((kind, name.to_owned())) } else { Err(missing(name)) }
}

pub(super) fn create(world: &mut World, call: &Call) -> Outcome {
    let name = rpc::required(call, "PolicyName")?;
    if name.len() > 128 || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        let message = "PolicyName may have up to 128 letters, digits and hyphens.";
        return Err(Error::new(400, "InvalidParameter.PolicyName.InvalidChars", message));
    }
    let document = rpc::required(call, "PolicyDocument")?;
    if !evaluate::is_document(document) {
        let message = "PolicyDocument is not a policy document.";
        return Err(Error::new(400, "InvalidParameter.PolicyDocument.MalformedDocument", message));
    }
    let policies = &mut state(world, call).policies;
    if policies.contains_key(name) || system::document(name).is_some() {
        let message = format!("The policy already exists: {name}.");
        return Err(Error::new(409, "EntityAlreadyExists.Policy", message));
    }
    let policy = Policy::new(document, rpc::text(call, "Description").unwrap_or_default(), call.now);
    let answer = json!({ "Policy": describe(name, Some(&policy), 0) });
    policies.insert(name.to_owned(), policy);
    Ok(answer)
}

pub(super) fn get(world: &mut World, call: &Call) -> Outcome {
    let (kind, name) = named(world, call)?;
    let state = state(world, call);
    let policy = state.policies.get(&name).filter(|_| kind == Kind::Custom);
    let document = policy.map(|policy| policy.document.clone()).or_else(|| system::document(&name));
    let element = describe(&name, policy, attachments(state, &name));
    let version = json!({
        "VersionId": element["DefaultVersion"],
        "IsDefaultVersion": true,
        "PolicyDocument": document,
        "CreateDate": element["UpdateDate"],
    });
    Ok(json!({ "Policy": element, "DefaultPolicyVersion": version }))
}

pub(super) fn delete(world: &mut World, call: &Call) -> Outcome {
    let name = rpc::required(call, "PolicyName")?;
    let state = state(world, call);
    if !state.policies.contains_key(name) {
        return Err(missing(name));
    }
    if attachments(state, name) > 0 {
        let message = "The policy is attached to roles or users; detach it first.";
        return Err(Error::new(409, "DeleteConflict.Policy.Attachment", message));
    }
    let cascades = rpc::text(call, "CascadingDelete").is_some_and(|text| text.eq_ignore_ascii_case("true"));
    if !cascades && state.policies.get(name).is_some_and(|policy| !policy.older.is_empty()) {
        let message = "The policy has versions that do not hold; delete them first.";
        return Err(Error::new(409, "DeleteConflict.Policy.Version", message));
    }
    state.policies.remove(name);
    Ok(json!({}))
}

pub(super) fn list(world: &mut World, call: &Call) -> Outcome {
    let wanted = rpc::text(call, "PolicyType").map(|_| Kind::read(call)).transpose()?;
    let state = state(world, call);
    let custom = state.policies.iter().map(|(name, policy)| (name.as_str(), Some(policy)));
    let all = custom.chain(system::names().map(|name| (name, None)));
    let all = all.filter(|(_, policy)| wanted.is_none_or(|kind| policy.is_some() == (kind == Kind::Custom)));
    let all = all.map(|(name, policy)| describe(name, policy, attachments(state, name))).collect();
    super::page(call, all, |items| json!({ "Policies": { "Policy": items } }))
}

pub(super) fn attach(world: &mut World, call: &Call, holder: Holder) -> Outcome {
    let (kind, name) = named(world, call)?;
    let limited = world.switches.is(&QUOTAS, "on");
    let custom: Vec<String> = state(world, call).policies.keys().cloned().collect();
    let policies = holder.policies(world, call)?;
    if policies.contains(&name) {
        let message = format!("The policy {name} is attached already.");
        return Err(Error::new(409, format!("EntityAlreadyExists.{}.Policy", holder.name()), message));
    }
    let most = ATTACHED.iter().find(|(known, _)| *known == kind).map_or(usize::MAX, |(_, most)| *most);
    let has = policies.iter().filter(|known| custom.contains(known) == (kind == Kind::Custom)).count();
    if limited && has >= most {
        let message = format!("No more than {most} policies of the type {} can be attached.", kind.name());
        return Err(Error::new(409, format!("LimitExceeded.{}.Policy", holder.name()), message));
    }
    policies.push(name.clone());
    if holder == Holder::Role {
        roles::find(world, call)?.1.attach_dates.insert(name, call.now);
    }
    Ok(json!({}))
}

pub(super) fn detach(world: &mut World, call: &Call, holder: Holder) -> Outcome {
    let (_, name) = named(world, call)?;
    let policies = holder.policies(world, call)?;
    let Some(index) = policies.iter().position(|known| *known == name) else {
        let message = format!("The policy {name} is not attached.");
        return Err(Error::new(404, format!("EntityNotExist.{}.Policy", holder.name()), message));
    };
    policies.remove(index);
    Ok(json!({}))
}

pub(super) fn list_for(world: &mut World, call: &Call, holder: Holder) -> Outcome {
    let names = holder.policies(world, call)?.clone();
    let state = state(world, call);
    let elements: Vec<Value> = names
        .iter()
        .map(|name| {
            let policy = state.policies.get(name);
            json!({
                "PolicyName": name,
                "PolicyType": Kind::of(state, name).name(),
                "DefaultVersion": policy.map_or("v1".to_owned(), |policy| format!("v{}", policy.version)),
                "Description": policy.map_or("", |policy| policy.description.as_str()),
                "AttachDate": rpc::timestamp(call.now),
            })
        })
        .collect();
    Ok(json!({ "Policies": { "Policy": elements } }))
}

fn attachments(state: &State, name: &str) -> usize {
    let roles = state.roles.values().map(|role| &role.policies);
    roles
        .chain(state.users.values().map(|user| &user.policies))
        .filter(|list| list.iter().any(|known| known == name))
        .count()
}

fn describe(name: &str, policy: Option<&Policy>, attachments: usize) -> Value {
    // System policies are older than any mock.
    let created =
        policy.map_or(time::macros::datetime!(2015-01-01 00:00:00 UTC), |policy| policy.create_date);
    json!({
        "PolicyName": name,
        "PolicyType": if policy.is_some() { "Custom" } else { "System" },
        "Description": policy.map_or("", |policy| policy.description.as_str()),
        "DefaultVersion": format!("v{}", policy.map_or(1, |policy| policy.version)),
        "AttachmentCount": attachments,
        "CreateDate": rpc::timestamp(created),
        "UpdateDate": rpc::timestamp(policy.and_then(|policy| policy.update_date).unwrap_or(created)),
    })
}
