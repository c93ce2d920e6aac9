//! Policies of an account and what they are attached to (RAM API reference, version 2015-05-01).

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Policy, State, evaluate, limited, roles, system, tags, users};
use crate::cloud::CloudState;
use crate::http::Call;
use crate::rpc::{self, Error, Outcome};
use crate::switches::QUOTAS;

/// System and custom policies that one role or user may have (RAM documentation, "Limits").
const ATTACHED: [(Kind, usize); 2] = [(Kind::System, 20), (Kind::Custom, 5)];

/// Policies that an account may make for itself (RAM documentation, "Limits").
const POLICIES: usize = 1500;
/// Characters of a policy document (RAM API reference, CreatePolicy).
const DOCUMENT: usize = 6144;

/// Who provides a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
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

    pub(super) fn read(call: &Call) -> Result<Self, Error> {
        match rpc::required(call, "PolicyType")? {
            "System" => Ok(Self::System),
            "Custom" => Ok(Self::Custom),
            _ => Err(Error::new(400, "InvalidParameter.PolicyType", "PolicyType must be System or Custom.")),
        }
    }
}

/// What policies are attached to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Attachment {
    Role,
    User,
}

impl Attachment {
    const fn name(self) -> &'static str {
        match self {
            Self::Role => "Role",
            Self::User => "User",
        }
    }

    /// How many of the kind have a policy.
    fn attached(self, state: &State, policy: &str) -> usize {
        let has = |list: &Vec<String>| list.iter().any(|known| known == policy);
        match self {
            Self::Role => state.roles.values().filter(|role| has(&role.policies)).count(),
            Self::User => state.users.values().filter(|user| has(&user.policies)).count(),
        }
    }

    /// The policies of the role or user that a call names.
    fn policies<'w>(self, cloud: &'w mut CloudState, call: &Call) -> Result<&'w mut Vec<String>, Error> {
        match self {
            Self::Role => roles::find(cloud, call).map(|(_, role)| &mut role.policies),
            Self::User => {
                let name = users::user_name(call)?;
                let user = state(cloud, call).users.get_mut(name);
                user.map(|user| &mut user.policies).ok_or_else(|| users::missing(name))
            }
        }
    }
}

pub(super) fn state<'w>(cloud: &'w mut CloudState, call: &Call) -> &'w mut State {
    &mut cloud.accounts.entry(call.caller.account.clone()).or_default().ram
}

pub(super) fn missing(name: &str) -> Error {
    Error::new(404, "EntityNotExist.Policy", format!("The policy does not exist: {name}."))
}

/// Whether the policy exists, and of which kind the call says it is.
fn named(cloud: &mut CloudState, call: &Call) -> Result<(Kind, String), Error> {
    let kind = Kind::read(call)?;
    let name = policy_name(call)?;
    let exists = match kind {
        Kind::System => system::document(name).is_some() && !state(cloud, call).policies.contains_key(name),
        Kind::Custom => state(cloud, call).policies.contains_key(name),
    };
    if exists { Ok((kind, name.to_owned())) } else { Err(missing(name)) }
}

/// 1 to 128 letters, digits and hyphens.
pub(super) fn policy_name(call: &Call) -> Result<&str, Error> {
    let name = rpc::required(call, "PolicyName")?;
    limited(call, "PolicyName", 128)?;
    if !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        let message = "PolicyName may contain letters, digits and hyphens.";
        return Err(Error::new(400, "InvalidParameter.PolicyName.InvalidChars", message));
    }
    Ok(name)
}

/// What a policy is to say.
pub(super) fn policy_document(call: &Call) -> Result<&str, Error> {
    let document = rpc::required(call, "PolicyDocument")?;
    limited(call, "PolicyDocument", DOCUMENT)?;
    if !evaluate::is_document(document) {
        return Err(Error::new(400, "MalformedPolicyDocument", "PolicyDocument is not a policy document."));
    }
    Ok(document)
}

pub(super) fn create(cloud: &mut CloudState, call: &Call) -> Outcome {
    let name = policy_name(call)?;
    let document = policy_document(call)?;
    let description = limited(call, "Description", 1024)?.unwrap_or_default();
    let tags = tags::of_new(call)?;
    let quotas = cloud.switches.is(&QUOTAS, "on");
    let state = state(cloud, call);
    // Attachments are kept by name, so that a policy of the vendor which is attached keeps its name for itself. Assumed.
    let is_taken = attachments(state, name) > 0 || system::names().any(|known| known == name);
    let policies = &mut state.policies;
    if policies.contains_key(name) || is_taken {
        let message = format!("The policy already exists: {name}.");
        return Err(Error::new(409, "EntityAlreadyExists.Policy", message));
    }
    if quotas && policies.len() >= POLICIES {
        return Err(Error::new(409, "LimitExceeded.Policy", "The number of policies has reached its limit."));
    }
    let policy = Policy { tags, ..Policy::new(document, description, call.now) };
    let answer = json!({ "Policy": describe(name, Some(&policy), 0) });
    policies.insert(name.to_owned(), policy);
    Ok(answer)
}

pub(super) fn get(cloud: &mut CloudState, call: &Call) -> Outcome {
    let (kind, name) = named(cloud, call)?;
    let state = state(cloud, call);
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

pub(super) fn delete(cloud: &mut CloudState, call: &Call) -> Outcome {
    let name = policy_name(call)?;
    let state = state(cloud, call);
    if !state.policies.contains_key(name) {
        return Err(missing(name));
    }
    for holder in [Attachment::User, Attachment::Role] {
        if holder.attached(state, name) > 0 {
            let message = "The policy is attached to roles or users; detach it first.";
            return Err(Error::new(409, format!("DeleteConflict.Policy.{}", holder.name()), message));
        }
    }
    let cascades = rpc::text(call, "CascadingDelete").is_some_and(|text| text.eq_ignore_ascii_case("true"));
    if !cascades && state.policies.get(name).is_some_and(|policy| !policy.older.is_empty()) {
        let message = "The policy has versions that do not hold; delete them first.";
        return Err(Error::new(409, "DeleteConflict.Policy.Version", message));
    }
    state.policies.remove(name);
    Ok(json!({}))
}

pub(super) fn list(cloud: &mut CloudState, call: &Call) -> Outcome {
    let wanted = rpc::text(call, "PolicyType").map(|_| Kind::read(call)).transpose()?;
    let tagged = tags::given(call)?;
    let none = tags::Tags::new();
    let state: &State = state(cloud, call);
    let custom = state.policies.iter().map(|(name, policy)| (name.as_str(), Some(policy)));
    // Those of the vendor that are known here, and those that are attached.
    let mut vendors: BTreeSet<String> = system::names().map(str::to_owned).collect();
    vendors.extend(state.roles.values().flat_map(|role| role.policies.clone()));
    vendors.extend(state.users.values().flat_map(|user| user.policies.clone()));
    vendors.retain(|name| !state.policies.contains_key(name));
    let all = custom.chain(vendors.iter().map(|name| (name.as_str(), None)));
    let all = all.filter(|(_, policy)| wanted.is_none_or(|kind| policy.is_some() == (kind == Kind::Custom)));
    let all = all.map(|(name, policy)| (name, policy, policy.map_or(&none, |policy| &policy.tags)));
    let all = all.filter(|(_, _, tags)| tags::match_all(tags, &tagged)).map(|(name, policy, tags)| {
        let mut element = describe(name, policy, attachments(state, name));
        element["Tags"] = tags::describe(tags);
        element
    });
    let all = all.collect();
    super::page(call, all, |items| json!({ "Policies": { "Policy": items } }))
}

pub(super) fn attach(cloud: &mut CloudState, call: &Call, holder: Attachment) -> Outcome {
    let (kind, name) = named(cloud, call)?;
    let quotas = cloud.switches.is(&QUOTAS, "on");
    let custom: Vec<String> = state(cloud, call).policies.keys().cloned().collect();
    let policies = holder.policies(cloud, call)?;
    if policies.contains(&name) {
        let message = format!("The policy {name} is attached already.");
        return Err(Error::new(409, format!("EntityAlreadyExists.{}.Policy", holder.name()), message));
    }
    let most = ATTACHED.iter().find(|(known, _)| *known == kind).map_or(usize::MAX, |(_, most)| *most);
    let has = policies.iter().filter(|known| custom.contains(known) == (kind == Kind::Custom)).count();
    if quotas && has >= most {
        let message = format!("No more than {most} policies of the type {} can be attached.", kind.name());
        return Err(Error::new(409, format!("LimitExceeded.{}.Policy", holder.name()), message));
    }
    policies.push(name.clone());
    if holder == Attachment::Role {
        roles::find(cloud, call)?.1.attach_dates.insert(name, call.now);
    }
    Ok(json!({}))
}

pub(super) fn detach(cloud: &mut CloudState, call: &Call, holder: Attachment) -> Outcome {
    let (_, name) = named(cloud, call)?;
    let policies = holder.policies(cloud, call)?;
    let Some(index) = policies.iter().position(|known| *known == name) else {
        let message = format!("The policy {name} is not attached.");
        return Err(Error::new(404, format!("EntityNotExist.{}.Policy", holder.name()), message));
    };
    policies.remove(index);
    Ok(json!({}))
}

pub(super) fn list_for(cloud: &mut CloudState, call: &Call, holder: Attachment) -> Outcome {
    let names = holder.policies(cloud, call)?.clone();
    let state = state(cloud, call);
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
    Attachment::Role.attached(state, name) + Attachment::User.attached(state, name)
}

fn describe(name: &str, policy: Option<&Policy>, attachments: usize) -> Value {
    let created = policy.map_or(system::CREATED, |policy| policy.create_date);
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
