//! What a rule knows about an account: plain data, wherever it comes from.
//!
//! Every fact is a [`Fact`]: known, absent, not to be looked at, or unknown. What nobody filled in is unknown, so that a rule
//! never takes missing knowledge for a setting.

mod archive;
mod logs;
mod organization;
mod trail;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::judgement::Judgement;

pub use archive::{Bucket, Encryption, Expiry, LifecycleRule, Transition, When, Worm};
pub use logs::{Alert, AlertQuery, Index, Logstore};
pub use organization::{
    ControlPolicies, ControlPolicy, Coverage, DelegatedAdministrator, Member, OrganizationFacts,
};
pub use trail::{Delivery, ProjectOfArn, Role, RolePolicy, Trail, project_of_arn};

/// One fact.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact<T> {
    /// It was read, and is this.
    Known(T),
    /// It was read, and there is none.
    Absent,
    /// It could not be read.
    CouldNotLook {
        /// The RAM action that is missing, if the service refused.
        action: Option<String>,
        /// What the service or the connection said, in one line.
        reason: String,
    },
    /// It was not read, or cannot be known yet. Why.
    Unknown(String),
}

impl<T> Default for Fact<T> {
    fn default() -> Self {
        Self::Unknown("it was not read".to_owned())
    }
}

impl<T> Fact<T> {
    /// The value, if it is known.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            _ => None,
        }
    }

    /// The value, or none if there is none.
    ///
    /// # Errors
    /// The judgement that follows from not knowing: could not look, or unknown.
    pub fn read(&self) -> Result<Option<&T>, Judgement> {
        match self {
            Self::Known(value) => Ok(Some(value)),
            Self::Absent => Ok(None),
            Self::CouldNotLook { action, reason } => {
                Err(Judgement::CouldNotLook { action: action.clone(), reason: reason.clone() })
            }
            Self::Unknown(why) => Err(Judgement::unknown(why.clone())),
        }
    }

    /// The same fact about a part of the value.
    pub fn map<U>(self, part: impl FnOnce(T) -> U) -> Fact<U> {
        self.and_then(|value| Fact::Known(part(value)))
    }

    /// The same fact about something that follows from the value, and may be absent or unknown itself.
    pub fn and_then<U>(self, next: impl FnOnce(T) -> Fact<U>) -> Fact<U> {
        match self {
            Self::Known(value) => next(value),
            Self::Absent => Fact::Absent,
            Self::CouldNotLook { action, reason } => Fact::CouldNotLook { action, reason },
            Self::Unknown(why) => Fact::Unknown(why),
        }
    }
}

impl<T> From<Option<T>> for Fact<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Absent, Self::Known)
    }
}

/// A region that could not be looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegionNotLookedAt {
    /// The region.
    pub region: String,
    /// The RAM action that is missing, if the service refused.
    pub action: Option<String>,
    /// What the service or the connection said, in one line.
    pub reason: String,
}

/// What is known about one account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Facts {
    /// The id of the account.
    pub account: String,
    /// Its display name.
    pub account_name: Option<String>,
    /// When it was looked at: ages are counted from here.
    #[serde(with = "time::serde::rfc3339")]
    pub observed_at: OffsetDateTime,
    /// Its trails, and those of its organization that it can see; each once, shadows left out.
    pub trails: Fact<Vec<Trail>>,
    /// Regions whose trails could not be listed, while others could.
    pub regions_not_looked_at: Vec<RegionNotLookedAt>,
    /// The buckets that its trails deliver to, by name; absent for one that does not exist.
    pub buckets: BTreeMap<String, Fact<Bucket>>,
    /// Whether public access is blocked for all buckets of the account.
    pub account_public_access_block: Fact<bool>,
    /// The logstores that its trails deliver to, by [`Trail::logstore_id`]; absent for one that does not exist.
    pub logstores: BTreeMap<String, Fact<Logstore>>,
    /// The alert rules of the projects that its trails deliver to, by project.
    pub alerts: BTreeMap<String, Fact<Vec<Alert>>>,
    /// Whether the alert centre of Simple Log Service was initialised, for the account or for the project of the trail.
    pub alert_center: Fact<bool>,
    /// The roles that its trails deliver with, by ARN in lower case; absent for one that does not exist.
    pub roles: BTreeMap<String, Fact<Role>>,
    /// Where the events of global services are stored.
    pub global_events_region: Fact<String>,
    /// The documents of the control policies that hold for the account; absent without an organization.
    pub control_policies: Fact<Vec<String>>,
}

impl Default for Facts {
    fn default() -> Self {
        Self {
            account: String::new(),
            account_name: None,
            observed_at: OffsetDateTime::UNIX_EPOCH,
            trails: Fact::default(),
            regions_not_looked_at: Vec::new(),
            buckets: BTreeMap::new(),
            account_public_access_block: Fact::default(),
            logstores: BTreeMap::new(),
            alerts: BTreeMap::new(),
            alert_center: Fact::default(),
            roles: BTreeMap::new(),
            global_events_region: Fact::default(),
            control_policies: Fact::default(),
        }
    }
}

/// What a map of facts has under a key; unknown if it has nothing.
pub(crate) fn entry<'m, T>(
    map: &'m BTreeMap<String, Fact<T>>,
    key: &str,
) -> Result<Option<&'m T>, Judgement> {
    map.get(key).map_or_else(|| Err(Judgement::unknown("it was not read")), Fact::read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_written_and_read_back() {
        let mut facts = crate::fixtures::account();
        facts.global_events_region =
            Fact::CouldNotLook { action: Some("actiontrail:X".into()), reason: "no".into() };
        facts.alert_center = Fact::Absent;
        let text = serde_json::to_string(&facts).unwrap();
        assert_eq!(serde_json::from_str::<Facts>(&text).unwrap(), facts);
        // What is left out is unknown, and no setting.
        let bare: Facts = serde_json::from_str(r#"{"account":"1"}"#).unwrap();
        assert!(matches!(bare.trails, Fact::Unknown(_)));
    }
}
