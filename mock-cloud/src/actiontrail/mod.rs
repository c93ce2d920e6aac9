//! ActionTrail: trails, their status and the checks on their destinations.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::switches::Switch;

/// Open points of the ActionTrail documentation.
pub const SWITCHES: &[Switch] = &[UPDATE_TRAIL];

/// Whether UpdateTrail keeps what is left out.
pub const UPDATE_TRAIL: Switch = Switch {
    name: "update_trail",
    values: &["merge", "replace"],
    doc: "UpdateTrail keeps the value of a parameter that is left out (merge) or clears it (replace).",
    source: "Not documented; clients have been seen to lose fields that they left out.",
};

/// The trails whose home is one region of one account.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct State {
    /// Trails by name.
    pub trails: BTreeMap<String, Trail>,
}

/// A trail.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trail {
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub create_time: OffsetDateTime,
}
