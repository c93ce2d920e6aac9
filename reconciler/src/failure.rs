//! What can go wrong with an object, typed: whoever shows it to somebody finds the words.

use std::fmt;

use alibaba::Error;

/// Why an object could not be brought about.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// There is one of this name.
    #[error("it exists already")]
    Exists {
        /// The region it is in, where it is another one.
        region: Option<String>,
    },
    /// The one of this name belongs to somebody else.
    #[error("it belongs to account {owner}")]
    Foreign {
        /// The account it belongs to.
        owner: String,
    },
    /// The one of this name is in another region.
    #[error("it is in {region}")]
    Elsewhere {
        /// The region it is in.
        region: String,
    },
    /// Whether there is one cannot be seen.
    #[error("whether it exists cannot be seen: {0}")]
    Hidden(#[source] Error),
    /// The name is in use where it cannot be seen.
    #[error("the name is taken: {0}")]
    Taken(#[source] Error),
    /// There is one whose settings cannot all be changed to what is wanted.
    #[error("it exists, and {} of its settings cannot be changed", .0.len())]
    Unchangeable(Vec<Fixed>),
    /// What it belongs into does not exist.
    #[error("what it belongs into does not exist: {refused}")]
    NoContainer {
        /// The project that is missing.
        project: String,
        /// The refusal that says so.
        #[source]
        refused: Error,
    },
    /// The logstore that it belongs to does not exist, and nothing is known that will make it.
    #[error("the logstore that it belongs to does not exist: {refused}")]
    NoLogstore {
        /// The project and the logstore that is missing in it, with a colon between them.
        logstore: String,
        /// The refusal that says so.
        #[source]
        refused: Error,
    },
    /// The service keeps it.
    #[error("it is in use: {message}")]
    InUse {
        /// The service's own words.
        message: String,
        /// What uses it, where the service says so.
        users: Vec<String>,
    },
    /// A job of the service ended without success.
    #[error("the job {id} has failed")]
    JobFailed {
        /// The id of the job.
        id: String,
        /// Where it failed, as far as the service says.
        regions: Vec<String>,
    },
    /// Logs are in it, or may be, and it must not be deleted with them.
    #[error("it holds logs, or may hold some")]
    HoldsLogs {
        /// The logstores that hold logs.
        full: Vec<String>,
        /// The logstores of which that cannot be seen, and why.
        unseen: Vec<(String, Error)>,
    },
    /// What is in it cannot be seen, and it must not be deleted with logs.
    #[error("whether it holds logs cannot be seen: {0}")]
    HiddenLogs(#[source] Error),
    /// A call was refused, or not answered.
    #[error(transparent)]
    Call(#[from] Error),
    /// A rule of the object forbids it.
    #[error("{detail}")]
    Refused {
        /// What is refused, in one line.
        summary: String,
        /// Why, and what to do.
        detail: String,
    },
}

/// A setting that the service cannot change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fixed {
    /// The setting, by its name in the configuration; the name of a part comes after a point.
    pub setting: &'static str,
    /// What the object has, such as `keeps logs in infrequent-access storage for 30 days`.
    pub has: String,
}

/// What was being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// The object was to be created.
    Create,
    /// The object was to be read.
    Read,
    /// The object was to be updated.
    Update,
    /// The object was to be deleted.
    Delete,
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Create => "create",
            Self::Read => "read",
            Self::Update => "update",
            Self::Delete => "delete",
        })
    }
}

/// One thing that went wrong.
#[derive(Debug, Clone)]
pub struct Problem {
    /// The setting it is about, by its name in the configuration, where it is about one.
    pub setting: Option<&'static str>,
    /// What went wrong.
    pub failure: Failure,
}

impl<F: Into<Failure>> From<F> for Problem {
    fn from(failure: F) -> Self {
        Self { setting: None, failure: failure.into() }
    }
}

/// An operation that failed. What was reached before was told as it was reached.
#[derive(Debug, Clone)]
pub struct Failed {
    /// What was being done.
    pub doing: Operation,
    /// What went wrong; several settings can fail side by side.
    pub problems: Vec<Problem>,
}

impl Failed {
    pub(crate) fn new(doing: Operation, problem: impl Into<Problem>) -> Self {
        Self { doing, problems: vec![problem.into()] }
    }
}
