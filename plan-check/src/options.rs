//! How a plan is judged.

use time::OffsetDateTime;

/// What is expected of a plan.
#[derive(Debug, Clone)]
pub struct Options {
    /// What findings call the file.
    pub file: String,
    /// The plan is to declare the whole baseline: what it does not declare is missing.
    pub expect_baseline: bool,
    /// Now: ages are counted from here, and exceptions hold until then.
    pub now: OffsetDateTime,
}
