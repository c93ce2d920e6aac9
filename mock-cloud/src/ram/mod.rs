//! RAM: the users and roles of an account, as far as identities, trust and trails need them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::world::World;

pub(crate) mod trust;

/// Users and roles of one account.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct State {
    /// Users by name.
    pub users: BTreeMap<String, User>,
    /// Roles by name, in the spelling of their creation.
    pub roles: BTreeMap<String, Role>,
}

/// A RAM user.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct User {
    /// Numeric id.
    pub user_id: String,
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
    /// Whether a service made it for itself.
    #[serde(default)]
    pub service_linked: bool,
    /// Names of the attached policies.
    #[serde(default)]
    pub policies: Vec<String>,
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

/// The role that an ARN names. ARNs are compared in lower case, in which services spell them.
pub(crate) fn role_by_arn<'w>(world: &'w World, arn: &str) -> Option<Named<'w>> {
    let (account, name) = arn.strip_prefix("acs:ram::")?.split_once(":role/")?;
    let (account, state) = world.accounts.get_key_value(account)?;
    let mut roles = state.ram.roles.iter();
    let (name, role) = roles.find(|(known, _)| known.eq_ignore_ascii_case(name))?;
    Some(Named { account, name, role })
}

/// Makes the role that a service uses for itself, unless it is there.
pub(crate) fn ensure_service_linked_role(
    world: &mut World,
    account: &str,
    name: &str,
    service: &str,
    now: OffsetDateTime,
) {
    let roles = &mut world.accounts.entry(account.to_owned()).or_default().ram.roles;
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
        service_linked: true,
        policies: vec![name.replacen("ServiceRoleFor", "ServiceRolePolicyFor", 1)],
    });
}

/// An 18-digit id as RAM gives out, the same for the same name in every run.
pub(crate) fn numeric_id(account: &str, name: &str) -> String {
    let digest = crate::auth::crypto::sha256_hex(format!("{account}/{name}").as_bytes());
    let number = u64::from_str_radix(&digest[..15], 16).unwrap_or_default();
    format!("3{:017}", number % 100_000_000_000_000_000)
}
