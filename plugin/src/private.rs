//! What the provider hands itself through Terraform's private bytes.
//!
//! From plan to apply it says what kind of delete is coming; into the state nothing goes yet. See
//! [`crate::resource`] for the rules that need it.

use bytes::Bytes;
use serde::{Deserialize, Serialize};

/// The private bytes of a plan.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Private {
    /// The object that this plan creates; a delete that carries the key of its own object makes way for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) creates: Option<String>,
    /// The object that the first planning call of a replacement saw.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) replaces: Option<Replaced>,
    /// This is the plan of a destroy.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) destroys: bool,
}

/// What the second planning call of a replacement has to know of the first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Replaced {
    /// How messages name the object.
    pub(crate) label: String,
    /// Whether its prior state is protected against deletion.
    pub(crate) protected: bool,
}

impl Private {
    /// Reads private bytes; what is not ours counts as empty.
    pub(crate) fn read(bytes: &[u8]) -> Self {
        serde_json::from_slice(bytes).unwrap_or_default()
    }

    pub(crate) fn write(&self) -> Bytes {
        if *self == Self::default() {
            return Bytes::new();
        }
        serde_json::to_vec(self).map(Bytes::from).unwrap_or_default()
    }
}
