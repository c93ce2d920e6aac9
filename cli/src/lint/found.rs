//! What is found in files.

use std::path::PathBuf;

use serde::Serialize;

/// A key that nothing declares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Unknown {
    pub(super) file: PathBuf,
    pub(super) line: usize,
    /// The block, such as `alitrail_trail.this`.
    pub(super) block: String,
    /// The path of the key within it.
    pub(super) path: String,
    /// The name that was most likely meant.
    pub(super) meant: Option<String>,
}

/// A value that is not written out, so that its keys are not seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct NotSeen {
    pub(super) file: PathBuf,
    pub(super) line: usize,
    pub(super) block: String,
    pub(super) path: String,
}

/// What was found.
#[derive(Debug, Default, Serialize)]
pub(super) struct Found {
    pub(super) unknown: Vec<Unknown>,
    pub(super) not_seen: Vec<NotSeen>,
    pub(super) unreadable: Vec<(PathBuf, String)>,
}
