//! What a resource directory remembers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// The policy that lets everything through and is attached everywhere from the start.
pub(super) const FULL_ACCESS: &str = "cp-FullAliyunAccess";

/// A resource directory.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Directory {
    /// The management account.
    pub master: String,
    /// Id of the folder above all others.
    pub root_folder: String,
    /// When it was enabled.
    #[serde(with = "time::serde::rfc3339::option")]
    pub create_time: Option<OffsetDateTime>,
    /// Folders by id, without the root.
    pub folders: BTreeMap<String, Folder>,
    /// Accounts by id, without the management account.
    pub members: BTreeMap<String, Member>,
    /// Whether control policies are in force.
    pub control_policies_enabled: bool,
    /// Control policies by id.
    pub control_policies: BTreeMap<String, ControlPolicy>,
    /// Ids of the policies attached to a folder or account, besides the one that allows everything.
    pub attachments: BTreeMap<String, Vec<String>>,
    /// Folders and accounts from which the policy that allows everything was taken away.
    pub without_full_access: Vec<String>,
    /// Delegated administrators: since when (Unix milliseconds), by service and account.
    pub delegated: BTreeMap<String, BTreeMap<String, i64>>,
}

impl Directory {
    /// A directory with nothing in it but its management account.
    pub fn new(master: &str, now: OffsetDateTime) -> Self {
        Self {
            master: master.to_owned(),
            root_folder: format!("r-{}", tail(master)),
            create_time: Some(now),
            ..Self::default()
        }
    }
}

/// The last six characters, of which ids of the mock are made.
pub(super) fn tail(text: &str) -> &str {
    text.get(text.len().saturating_sub(6)..).unwrap_or(text)
}

/// A folder.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Folder {
    /// Name, unique among its siblings.
    pub name: String,
    /// The folder it is in.
    pub parent: String,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub create_time: OffsetDateTime,
}

/// An account's place in the directory.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// The folder it is in.
    pub folder: String,
    /// When it was made or joined.
    #[serde(with = "time::serde::rfc3339")]
    pub join_time: OffsetDateTime,
}

impl Member {
    /// An account that joins now.
    pub fn new(folder: &str, now: OffsetDateTime) -> Self {
        Self { folder: folder.to_owned(), join_time: now }
    }
}

/// A control policy.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ControlPolicy {
    /// Name, unique in the directory.
    pub name: String,
    /// What it is for.
    #[serde(default)]
    pub description: String,
    /// What it says, as the text that was given.
    pub document: String,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub create_time: OffsetDateTime,
    /// When it was last changed.
    #[serde(with = "time::serde::rfc3339")]
    pub update_time: OffsetDateTime,
}
