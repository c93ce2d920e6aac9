//! RAM (API version 2015-05-01): the users, roles and policies of an account, as far as identities, trust and trails
//! need them, and what the policies let whom do.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use time::OffsetDateTime;

use self::policies::Attachment;
use crate::cloud::CloudState;
use crate::http::{Call, Reply};
use crate::rpc::{self, Error, Outcome};
use crate::switches::Switch;

pub(crate) mod evaluate;
mod policies;
pub(crate) mod roles;
mod system;
pub(crate) mod tags;
pub(crate) mod trust;
mod users;
mod versions;

/// How long other services do not know what was just made.
pub(crate) const LAG: Switch = Switch {
    name: "ram_lag",
    values: &["0s", "5s"],
    doc: "How long other services do not see a new role or what was just attached to it, by the service clock.",
    source: "Documented as eventually consistent; no figure is given.",
};

/// Users and roles of one account.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct State {
    /// Users by name.
    pub users: BTreeMap<String, User>,
    /// Roles by name, in the spelling of their creation.
    pub roles: BTreeMap<String, Role>,
    /// Policies that the account made for itself, by name.
    pub policies: BTreeMap<String, Policy>,
}

/// A policy of an account.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// What it says, as the text that was given.
    pub document: String,
    /// What it is for.
    #[serde(default)]
    pub description: String,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub create_date: OffsetDateTime,
    /// Number of the version that holds, whose text is the document.
    #[serde(default = "versions::first")]
    pub version: u32,
    /// When that version was made, if it is not the first.
    #[serde(default, with = "time::serde::rfc3339::option", skip_serializing_if = "Option::is_none")]
    pub update_date: Option<OffsetDateTime>,
    /// The other versions, by number.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub older: Vec<versions::Version>,
    /// Tags by key.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, String>,
}

impl Policy {
    /// A policy with one version.
    pub fn new(document: impl Into<String>, description: impl Into<String>, now: OffsetDateTime) -> Self {
        Self {
            document: document.into(),
            description: description.into(),
            create_date: now,
            version: versions::first(),
            update_date: None,
            older: Vec::new(),
            tags: BTreeMap::new(),
        }
    }
}

/// A RAM user.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct User {
    /// Numeric id.
    pub user_id: String,
    /// Names of the attached policies; everything is allowed to a user for whom none are given.
    #[serde(default = "administrator")]
    pub policies: Vec<String>,
    /// Name for people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub display_name: String,
    /// What the user is for.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub comments: String,
    /// Address for mail.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub email: String,
    /// Phone number with its country code.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub mobile_phone: String,
    /// When it was made, if it was made through the API.
    #[serde(default, with = "time::serde::rfc3339::option", skip_serializing_if = "Option::is_none")]
    pub create_date: Option<OffsetDateTime>,
}

fn administrator() -> Vec<String> {
    vec!["AdministratorAccess".to_owned()]
}

impl User {
    /// A user to whom everything is allowed.
    pub fn new(user_id: String) -> Self {
        Self {
            user_id,
            policies: administrator(),
            display_name: String::new(),
            comments: String::new(),
            email: String::new(),
            mobile_phone: String::new(),
            create_date: None,
        }
    }
}

/// A RAM role.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// Numeric id.
    pub role_id: String,
    /// Who may assume it, as the policy document's text.
    pub assume_role_policy_document: String,
    /// What it is for.
    #[serde(default)]
    pub description: String,
    /// Longest session in seconds.
    #[serde(default = "hour")]
    pub max_session_duration: i64,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub create_date: OffsetDateTime,
    /// When it was last changed.
    #[serde(default, with = "time::serde::rfc3339::option", skip_serializing_if = "Option::is_none")]
    pub update_date: Option<OffsetDateTime>,
    /// Whether a service made it for itself.
    #[serde(default)]
    pub service_linked: bool,
    /// Names of the attached policies.
    #[serde(default)]
    pub policies: Vec<String>,
    /// When those were attached that were attached through the API.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attach_dates: BTreeMap<String, OffsetDateTime>,
    /// Tags by key.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, String>,
}

/// The actions it has; none else is let through to the code behind them.
pub(crate) const ACTIONS: &[&str] = &[
    "CreateRole",
    "GetRole",
    "UpdateRole",
    "DeleteRole",
    "ListRoles",
    "CreateUser",
    "GetUser",
    "DeleteUser",
    "ListUsers",
    "CreateAccessKey",
    "ListAccessKeys",
    "UpdateAccessKey",
    "DeleteAccessKey",
    "CreatePolicy",
    "GetPolicy",
    "DeletePolicy",
    "CreatePolicyVersion",
    "ListPolicyVersions",
    "GetPolicyVersion",
    "SetDefaultPolicyVersion",
    "DeletePolicyVersion",
    "ListPolicies",
    "AttachPolicyToRole",
    "DetachPolicyFromRole",
    "ListPoliciesForRole",
    "AttachPolicyToUser",
    "DetachPolicyFromUser",
    "ListPoliciesForUser",
    "TagResources",
    "UntagResources",
    "ListTagResources",
];

/// Answers a RAM call.
pub fn handle(cloud: &mut CloudState, call: &Call) -> Reply {
    let outcome = match call.action.as_str() {
        action if !ACTIONS.contains(&action) => Err(rpc::unknown_action()),
        "CreateRole" => roles::create(cloud, call),
        "GetRole" => roles::get(cloud, call),
        "UpdateRole" => roles::update(cloud, call),
        "DeleteRole" => roles::delete(cloud, call),
        "ListRoles" => roles::list(cloud, call),
        "CreateUser" => users::create(cloud, call),
        "GetUser" => users::get(cloud, call),
        "DeleteUser" => users::delete(cloud, call),
        "ListUsers" => users::list(cloud, call),
        "CreateAccessKey" => users::create_key(cloud, call),
        "ListAccessKeys" => users::list_keys(cloud, call),
        "UpdateAccessKey" => users::update_key(cloud, call),
        "DeleteAccessKey" => users::delete_key(cloud, call),
        "CreatePolicy" => policies::create(cloud, call),
        "GetPolicy" => policies::get(cloud, call),
        "DeletePolicy" => policies::delete(cloud, call),
        "CreatePolicyVersion" => versions::create(cloud, call),
        "ListPolicyVersions" => versions::list(cloud, call),
        "GetPolicyVersion" => versions::get(cloud, call),
        "SetDefaultPolicyVersion" => versions::set_default(cloud, call),
        "DeletePolicyVersion" => versions::delete(cloud, call),
        "ListPolicies" => policies::list(cloud, call),
        "AttachPolicyToRole" => policies::attach(cloud, call, Attachment::Role),
        "DetachPolicyFromRole" => policies::detach(cloud, call, Attachment::Role),
        "ListPoliciesForRole" => policies::list_for(cloud, call, Attachment::Role),
        "AttachPolicyToUser" => policies::attach(cloud, call, Attachment::User),
        "DetachPolicyFromUser" => policies::detach(cloud, call, Attachment::User),
        "ListPoliciesForUser" => policies::list_for(cloud, call, Attachment::User),
        "TagResources" => tags::tag(cloud, call),
        "UntagResources" => tags::untag(cloud, call),
        "ListTagResources" => tags::list_tags(cloud, call),
        _ => Err(rpc::unknown_action()),
    };
    rpc::reply(call, outcome)
}

/// A text of limited length; `None` when it is missing or empty.
pub(crate) fn limited<'c>(call: &'c Call, name: &str, most: usize) -> Result<Option<&'c str>, Error> {
    let text = rpc::text(call, name);
    if text.is_some_and(|text| text.chars().count() > most) {
        // Parameters that change something have its name and are refused by it.
        let code = format!("InvalidParameter.{}.Length", name.strip_prefix("New").unwrap_or(name));
        return Err(Error::new(400, code, format!("{name} is longer than {most} characters.")));
    }
    Ok(text)
}

/// One page of a list: `Marker` says where it begins, `MaxItems` (1 to 1000, default 100) how long it is.
fn page(call: &Call, all: Vec<Value>, wrap: impl Fn(Vec<Value>) -> Value) -> Outcome {
    let bad =
        |name: &str| Error::new(400, format!("InvalidParameter.{name}"), format!("{name} is not valid."));
    let most = match rpc::text(call, "MaxItems") {
        None => 100,
        Some(text) => {
            text.parse().ok().filter(|most| (1..=1000).contains(most)).ok_or_else(|| bad("MaxItems"))?
        }
    };
    let start: usize = rpc::text(call, "Marker").map_or(Ok(0), str::parse).map_err(|_| bad("Marker"))?;
    let total = all.len();
    let items: Vec<Value> = all.into_iter().skip(start).take(most).collect();
    let next = start.saturating_add(items.len());
    let mut answer = wrap(items);
    answer["IsTruncated"] = json!(next < total);
    if next < total {
        answer["Marker"] = json!(next.to_string());
    }
    Ok(answer)
}

/// The documents of policies by name. A name without a document is from a state that was edited by hand and allows
/// everything.
pub(crate) fn documents(cloud: &CloudState, account: &str, names: &[String]) -> Vec<String> {
    let custom = cloud.accounts.get(account).map(|account| &account.ram.policies);
    let document = |name: &String| {
        let own = custom.and_then(|policies| policies.get(name)).map(|policy| policy.document.clone());
        own.or_else(|| system::document(name)).or_else(|| system::document("AdministratorAccess"))
    };
    names.iter().filter_map(document).collect()
}

/// The ARN of a role, in the lower case in which services spell it.
pub(crate) fn role_arn(account: &str, name: &str) -> String {
    format!("acs:ram::{account}:role/{}", name.to_lowercase())
}

fn hour() -> i64 {
    3600
}

/// A role as an ARN names it.
pub(crate) struct Named<'w> {
    /// The account it is in.
    pub(crate) account: &'w str,
    /// Its name in the spelling of its creation.
    pub(crate) name: &'w str,
    pub(crate) role: &'w Role,
}

/// Whether services other than RAM have not heard yet of what was made at a time.
fn is_news(cloud: &CloudState, since: OffsetDateTime) -> bool {
    let lag = cloud.switches.get(&LAG).trim_end_matches('s').parse().unwrap_or(0);
    lag > 0 && since + time::Duration::seconds(lag) > cloud.clock.now()
}

/// The documents of a role's policies, as far as other services have heard of them.
pub(crate) fn role_documents(cloud: &CloudState, account: &str, role: &Role) -> Vec<String> {
    let known = |name: &&String| !role.attach_dates.get(*name).is_some_and(|since| is_news(cloud, *since));
    let names: Vec<String> = role.policies.iter().filter(known).cloned().collect();
    documents(cloud, account, &names)
}

/// The role that an ARN names, for services other than RAM. ARNs are compared in lower case, in which services spell them.
pub(crate) fn role_by_arn<'w>(cloud: &'w CloudState, arn: &str) -> Option<Named<'w>> {
    let (account, name) = arn.strip_prefix("acs:ram::")?.split_once(":role/")?;
    let (account, state) = cloud.accounts.get_key_value(account)?;
    let mut roles = state.ram.roles.iter();
    let (name, role) = roles.find(|(known, _)| known.eq_ignore_ascii_case(name))?;
    if is_news(cloud, role.create_date) && !role.service_linked {
        return None;
    }
    Some(Named { account, name, role })
}

/// Makes the role that a service uses for itself, unless it is there.
pub(crate) fn ensure_service_linked_role(
    cloud: &mut CloudState,
    account: &str,
    name: &str,
    service: &str,
    now: OffsetDateTime,
) {
    let roles = &mut cloud.accounts.entry(account.to_owned()).or_default().ram.roles;
    roles.entry(name.to_owned()).or_insert_with(|| Role {
        role_id: numeric_id(account, name),
        assume_role_policy_document: serde_json::json!({
            "Version": "1",
            "Statement": [{
                "Action": "sts:AssumeRole",
                "Effect": "Allow",
                "Principal": { "Service": [service] },
            }],
        })
        .to_string(),
        description: String::new(),
        max_session_duration: hour(),
        create_date: now,
        update_date: None,
        service_linked: true,
        policies: vec![name.replacen("ServiceRoleFor", "ServiceRolePolicyFor", 1)],
        attach_dates: BTreeMap::new(),
        tags: BTreeMap::new(),
    });
}

/// An 18-digit id as RAM gives out, the same for the same name in every run.
pub(crate) fn numeric_id(account: &str, name: &str) -> String {
    let digest = crate::auth::crypto::sha256_hex(format!("{account}/{name}").as_bytes());
    let number = u64::from_str_radix(&digest[..15], 16).unwrap_or_default();
    format!("3{:017}", number % 100_000_000_000_000_000)
}

#[cfg(test)]
mod tests;
