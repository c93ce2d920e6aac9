//! OSS: buckets and their settings.

use std::collections::BTreeMap;

use http::StatusCode;
use serde::{Deserialize, Serialize};

use crate::http::{Call, Reply};
use crate::switches::Switch;
use crate::world::World;

/// Open points of the OSS documentation.
pub const SWITCHES: &[Switch] = &[];

/// All buckets of all accounts.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct State {
    /// Buckets by name.
    pub buckets: BTreeMap<String, Bucket>,
}

/// A bucket.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Bucket {
    /// Account id of the owner.
    pub owner: String,
    /// Region id, without `oss-`.
    pub region: String,
}

impl State {
    /// The bucket of that name, if it exists.
    pub fn bucket(&self, name: &str) -> Option<&Bucket> {
        self.buckets.get(name)
    }
}

/// The API action that a request names by its method, path and query, e.g. `PutBucketLifecycle`.
pub fn action(_call: &Call) -> String {
    String::new()
}

/// Answers an OSS call.
pub fn handle(_world: &mut World, _call: &Call) -> Reply {
    Reply::empty(StatusCode::NOT_IMPLEMENTED)
}
