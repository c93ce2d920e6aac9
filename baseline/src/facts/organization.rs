//! An organization of accounts.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Fact, Trail};

/// What is known about an organization, by its management account or a delegated administrator.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct OrganizationFacts {
    /// `rd-…`.
    pub id: String,
    /// The account that manages all others.
    pub management_account: String,
    /// The folder at the top, `r-…`.
    pub root_folder: String,
    /// Its member accounts, without the management account.
    pub members: Fact<Vec<Member>>,
    /// Its organization trails.
    pub trails: Fact<Vec<Trail>>,
    /// The delegated administrators of ActionTrail.
    pub delegated_administrators: Fact<Vec<DelegatedAdministrator>>,
    /// Its control policies; absent if they are switched off.
    pub control_policies: Fact<ControlPolicies>,
    /// The accounts of this part of an audit that is done in parts; the others are judged elsewhere. Unset for all.
    pub part: Option<BTreeSet<String>>,
    /// Accounts that were found to be covered by a trail or not, one by one.
    pub coverage: BTreeMap<String, Coverage>,
}

impl OrganizationFacts {
    /// The documents that hold for an account, from the root folder down to the account itself. The management account has
    /// none: control policies do not reach it.
    pub fn documents_for(&self, account: &str) -> Fact<Vec<String>> {
        if account == self.management_account {
            return Fact::Absent;
        }
        let member = self.members.known().and_then(|members| {
            members.iter().find(|member| member.account == account).map(|member| &member.folders)
        });
        self.control_policies.clone().map(|policies| {
            let mut targets: Vec<&str> = vec![&self.root_folder, account];
            targets.extend(member.into_iter().flatten().map(String::as_str));
            let holds =
                |policy: &&ControlPolicy| targets.iter().any(|target| policy.targets.contains(*target));
            policies.custom.iter().filter(holds).map(|policy| policy.document.clone()).collect()
        })
    }
}

/// How an account is covered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Coverage {
    /// By this trail.
    By(String),
    /// By none. What is missing.
    No(String),
    /// It cannot be said. Why.
    Unknown(String),
    /// It could not be looked at.
    CouldNotLook {
        /// The RAM action that is missing, if the service refused.
        action: Option<String>,
        /// What the service or the connection said, in one line.
        reason: String,
    },
}

/// A member account.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Member {
    /// Its id.
    pub account: String,
    /// Its display name.
    pub name: Option<String>,
    /// The folders that it is in, from the top; empty where they were not read.
    pub folders: Vec<String>,
}

/// An account that may manage the trails of the organization.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DelegatedAdministrator {
    /// Its id.
    pub account: String,
    /// Its display name.
    pub name: Option<String>,
}

/// The control policies of an organization.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ControlPolicies {
    /// Those that are not the vendor's, which allows everything.
    pub custom: Vec<ControlPolicy>,
}

/// A control policy.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ControlPolicy {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its document.
    pub document: String,
    /// The folders and accounts that it is attached to.
    pub targets: BTreeSet<String>,
}
