//! The state of the mock cloud: everything that a call can read or change, as plain data. Its JSON form is the
//! admin API's tree of documents and the state file, so field names here are path segments there:
//! `/v1/accounts/<id>/regions/<region>/sls/projects/<name>` is `cloud.accounts[id].regions[region].sls.projects[name]`.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use crate::events::History;
use crate::switches::Switches;
use crate::{actiontrail, oss, ram, resource_manager, sls};

/// All accounts and their resources.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CloudState {
    /// Accounts by id.
    pub accounts: BTreeMap<String, Account>,
    /// Access keys of every account by key id, temporary ones included.
    pub access_keys: BTreeMap<String, AccessKey>,
    /// Resource directories by id (`rd-…`).
    pub directories: BTreeMap<String, resource_manager::Directory>,
    /// Object storage: bucket names are unique over all accounts and regions.
    pub oss: oss::State,
    /// The service clock.
    pub clock: Clock,
    /// Open points of the documentation that are not at their default.
    pub switches: Switches,
    /// What was done lately; not part of the saved state.
    #[serde(skip)]
    pub events: History,
}

/// One account.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Account {
    /// Display name.
    pub name: String,
    /// Whether it may create organization trails: a management account or a delegated administrator.
    pub organization_admin: bool,
    /// The resource directory it belongs to (`rd-…`), if any.
    pub organization_id: Option<String>,
    /// Users and roles.
    pub ram: ram::State,
    /// What the account has of ActionTrail besides its trails.
    pub actiontrail: actiontrail::Settings,
    /// Regional resources by region id.
    pub regions: BTreeMap<String, Region>,
}

/// What one account has in one region.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Region {
    /// Trails whose home this region is.
    pub actiontrail: actiontrail::State,
    /// Log projects.
    pub sls: sls::State,
}

/// An access key.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessKey {
    /// The account it belongs to.
    pub account: String,
    /// The secret that signs.
    pub secret: Secret,
    /// Whom it speaks for.
    pub principal: Principal,
    /// False when the key was disabled.
    #[serde(default = "yes")]
    pub active: bool,
    /// The token that must accompany a temporary key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<Secret>,
    /// What a session was narrowed to, as a policy document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
    /// When it was made through the API.
    #[serde(default, with = "time::serde::rfc3339::option", skip_serializing_if = "Option::is_none")]
    pub created: Option<OffsetDateTime>,
    /// When a temporary key lapses, by the wall clock.
    #[serde(default, with = "time::serde::rfc3339::option", skip_serializing_if = "Option::is_none")]
    pub expires: Option<OffsetDateTime>,
}

fn yes() -> bool {
    true
}

/// Whom an access key speaks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Principal {
    /// The account itself.
    Root,
    /// A RAM user.
    User {
        /// User name.
        name: String,
    },
    /// An assumed role.
    Role {
        /// Role name.
        role: String,
        /// Session name.
        session: String,
    },
}

impl AccessKey {
    /// The ARN of the identity, as GetCallerIdentity spells it.
    pub fn arn(&self) -> String {
        let account = &self.account;
        match &self.principal {
            Principal::Root => format!("acs:ram::{account}:root"),
            Principal::User { name } => format!("acs:ram::{account}:user/{name}"),
            Principal::Role { role, session } => format!("acs:ram::{account}:assumed-role/{role}/{session}"),
        }
    }
}

/// A text that never shows in `Debug` output. It is part of the saved state: the keys of a mock are made up.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Wraps a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// The service clock: the wall clock plus what the admin API has advanced it by. Deliveries, retention and name
/// holds follow it; signatures, nonces and token expiry follow the wall clock.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Clock {
    /// Seconds that the service clock is ahead of the wall clock.
    pub offset_seconds: i64,
}

impl Clock {
    /// The service time, in whole seconds.
    pub fn now(self) -> OffsetDateTime {
        let wall = OffsetDateTime::now_utc();
        let now = wall.checked_add(Duration::seconds(self.offset_seconds)).unwrap_or(wall);
        now.replace_nanosecond(0).unwrap_or(now)
    }
}

impl CloudState {
    /// What an account has in a region, if anything.
    pub fn region(&self, account: &str, region: &str) -> Option<&Region> {
        self.accounts.get(account)?.regions.get(region)
    }

    /// What an account has in a region, made on first use.
    pub fn region_mut(&mut self, account: &str, region: &str) -> &mut Region {
        let account = self.accounts.entry(account.to_owned()).or_default();
        account.regions.entry(region.to_owned()).or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_the_admin_api_are_paths_of_the_json_form() {
        let mut cloud = CloudState::default();
        cloud.region_mut("1000000000000001", "cn-hangzhou");
        let tree = serde_json::to_value(&cloud).unwrap();
        for path in [
            "/accounts/1000000000000001/regions/cn-hangzhou/actiontrail/trails",
            "/accounts/1000000000000001/regions/cn-hangzhou/sls/projects",
            "/oss/buckets",
        ] {
            assert!(tree.pointer(path).is_some_and(serde_json::Value::is_object), "{path}");
        }
        let back: CloudState = serde_json::from_value(tree.clone()).unwrap();
        assert_eq!(serde_json::to_value(back).unwrap(), tree);
    }

    #[test]
    fn secrets_do_not_show() {
        let key = AccessKey {
            account: "1000000000000001".into(),
            secret: Secret::new("hidden-text"),
            principal: Principal::Root,
            active: true,
            token: Some(Secret::new("hidden-token")),
            policy: None,
            created: None,
            expires: None,
        };
        let shown = format!("{key:?}");
        assert!(!shown.contains("hidden"), "{shown}");
        assert!(shown.contains("***"));
    }
}
