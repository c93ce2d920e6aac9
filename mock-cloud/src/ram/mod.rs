//! RAM: the users and roles of an account, as far as identities, trust and trails need them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

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
