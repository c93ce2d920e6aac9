//! What a rule knows about an account: plain data, wherever it comes from.

use serde::{Deserialize, Serialize};

/// What is known about one account.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// The id of the account.
    pub account: String,
    /// Its display name.
    pub account_name: Option<String>,
}
