//! The numbers and names that rules compare with.

use serde::{Deserialize, Serialize};

/// What a user may set about the rules.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Parameters {}
