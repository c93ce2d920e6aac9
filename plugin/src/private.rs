//! What the provider hands itself through Terraform's private bytes.
//!
//! In the state they say where the object is and how it got there; from plan to apply they also say what kind of delete is
//! coming. See [`crate::resource`] for the rules that need it.

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::resource::{Instance, Key};

/// The private bytes of a state or a plan.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Private {
    /// State: which place of the state this is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) instance: Instance,
    /// State: the object was imported and has not been applied since.
    #[serde(skip_serializing_if = "is_false")]
    pub(crate) imported: bool,
    /// State: a younger place of the state has the object, as the last refresh saw.
    #[serde(skip_serializing_if = "is_false")]
    pub(crate) superseded: bool,
    /// State: what the last apply was for, as a digest; see [`crate::planning::digest`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) applied: Option<String>,
    /// Plan: the object that this plan creates; a delete that carries the key of its own object makes way for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) creates: Option<Key>,
    /// Plan: the object that the first planning call of a replacement saw.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) replaces: Option<Replaced>,
    /// Plan: this is a destroy, not one half of a replacement.
    #[serde(skip_serializing_if = "is_false")]
    pub(crate) destroys: bool,
    /// Plan: the object stays in the cloud, because another place of the state keeps it.
    #[serde(skip_serializing_if = "is_false")]
    pub(crate) forgets: bool,
}

/// What the second planning call of a replacement has to know of the first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Replaced {
    /// What the cloud knows the object by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) key: Option<Key>,
    /// How messages name the object.
    pub(crate) label: String,
    /// Whether its prior state is protected against deletion.
    pub(crate) protected: bool,
    /// Whether the plan keeps it where it is, so that only `-replace` or the like can ask for another one.
    #[serde(skip_serializing_if = "is_false")]
    pub(crate) stays: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_false(flag: &bool) -> bool {
    !flag
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

    /// The part that the state keeps.
    pub(crate) fn of_state(&self) -> Self {
        Self {
            instance: self.instance.clone(),
            imported: self.imported,
            superseded: self.superseded,
            applied: self.applied.clone(),
            ..Self::default()
        }
    }
}
