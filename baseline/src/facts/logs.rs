//! The logstores that trails deliver to, and the alerts over them.

use serde::{Deserialize, Serialize};

use super::Fact;
use crate::finding::Location;

/// A logstore.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Logstore {
    /// The project that it is in.
    pub project: String,
    /// The name.
    pub name: String,
    /// The region.
    pub region: Option<String>,
    /// Days until logs are deleted; 3650 keeps them for good.
    pub ttl: Fact<i64>,
    /// Days in hot storage; absent if all of them are.
    pub hot_ttl: Fact<i64>,
    /// Days in infrequent-access storage; absent for none.
    pub infrequent_access_ttl: Fact<i64>,
    /// Whether logs are encrypted; absent if that was never set.
    pub encrypted: Fact<bool>,
    /// Whether single logs can be changed and deleted (row-level modification); absent where the service does not say.
    pub modifiable: Fact<bool>,
    /// How many soft deletions hide logs of it; absent where that was not looked for.
    pub soft_deletions: Fact<u64>,
    /// Its index: whether it searches full text, and how many fields it has; absent for no index.
    pub index: Fact<Index>,
    /// Where it is declared, for what was read from a file.
    pub location: Option<Location>,
}

/// The index of a logstore.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Index {
    /// Whether the whole text can be searched.
    pub full_text: bool,
    /// How many fields can be searched.
    pub keys: usize,
}

/// An alert rule.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Alert {
    /// Its name in the project.
    pub name: String,
    /// Whether it runs.
    pub enabled: bool,
    /// What it looks for.
    pub queries: Vec<AlertQuery>,
    /// The id of the vendor's template that it is made of.
    pub template: Option<String>,
}

/// A query of an alert rule.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AlertQuery {
    /// The logstore that it reads.
    pub logstore: String,
    /// Search, and after `|` SQL.
    pub query: String,
}
