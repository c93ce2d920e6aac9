//! Carries steps out, and undoes them.

use alibaba::Client;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::change::{Change, Step};
use crate::state;

/// What became of a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// It was made, and reads as it is to be.
    Done,
    /// It was so already.
    AlreadyDone,
    /// The value is another one than when the step was planned, so nothing was written.
    Changed {
        /// What is there.
        now: Value,
    },
    /// It was not made, for this reason.
    Refused {
        /// The RAM action that is missing, if the caller lacks a permission.
        action: Option<String>,
        /// What the service said, in one line.
        reason: String,
    },
    /// Nothing was written, for this reason.
    Kept {
        /// Why.
        reason: String,
    },
}

impl Outcome {
    /// Whether the object is as the step wants it.
    #[must_use]
    pub const fn is_good(&self) -> bool {
        matches!(self, Self::Done | Self::AlreadyDone)
    }

    fn refused(error: &alibaba::Error, change: &Change) -> Self {
        let reason = error.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
        Self::Refused { action: error.is_denied().then(|| change.action().to_owned()), reason }
    }
}

/// Carries a step out, unless the value changed since it was planned. `note` is called before the write; what it refuses is
/// not written.
pub async fn apply(client: &Client, step: &Step, note: impl AsyncFnOnce() -> Result<(), String>) -> Outcome {
    let change = &step.change;
    let now = match state::read(client, &step.region, change).await {
        Ok(now) => now,
        Err(error) => return Outcome::refused(&error, change),
    };
    if now == step.after {
        return Outcome::AlreadyDone;
    }
    if now != step.before {
        return Outcome::Changed { now };
    }
    write(client, step, &step.after, &now, note).await
}

/// Restores what a step found, where the value still is what the step wrote. What received data stays, and what cannot be
/// taken back says so.
pub async fn undo(
    client: &Client,
    step: &Step,
    with_weakening: bool,
    note: impl AsyncFnOnce() -> Result<(), String>,
) -> Outcome {
    let change = &step.change;
    if let Some(reason) = stays(change) {
        return Outcome::Kept { reason: reason.to_owned() };
    }
    if !with_weakening {
        let reason = "It would weaken the audit trail: --include-weakening undoes it.".to_owned();
        return Outcome::Kept { reason };
    }
    let now = match state::read(client, &step.region, change).await {
        Ok(now) => now,
        Err(error) => return Outcome::refused(&error, change),
    };
    if now == step.before {
        return Outcome::AlreadyDone;
    }
    if now != step.after {
        return Outcome::Changed { now };
    }
    if let Change::StartLogging { trail } = change {
        match state::has_delivered(client, &step.region, trail).await {
            Ok(false) => {}
            Ok(true) => {
                let reason = "The trail has delivered events, and is not stopped.".to_owned();
                return Outcome::Kept { reason };
            }
            // Where that cannot be read, it is not stopped either.
            Err(error) => return Outcome::refused(&error, change),
        }
    }
    write(client, step, &step.before, &now, note).await
}

/// Why a change is never undone.
const fn stays(change: &Change) -> Option<&'static str> {
    match change {
        Change::EnableVersioning { .. } => {
            Some("Versioning is never suspended: old versions may be evidence.")
        }
        Change::KeepLogs { .. } | Change::KeepObjects { .. } => {
            Some("A shorter retention would delete what is kept now.")
        }
        Change::LockArchive { .. } => Some("A lock in progress lapses by itself after 24 hours."),
        _ => None,
    }
}

async fn write(
    client: &Client,
    step: &Step,
    value: &Value,
    now: &Value,
    note: impl AsyncFnOnce() -> Result<(), String>,
) -> Outcome {
    if let Err(reason) = note().await {
        return Outcome::Kept { reason: format!("The journal cannot be written: {reason}") };
    }
    let change = &step.change;
    if let Err(error) = state::write(client, &step.region, change, value, now).await {
        // A write without an answer may have been made: what is there says so.
        let is_there = state::read(client, &step.region, change).await.is_ok_and(|now| now == *value);
        return if is_there { Outcome::Done } else { Outcome::refused(&error, change) };
    }
    match state::read(client, &step.region, change).await {
        Ok(seen) if seen == *value => Outcome::Done,
        Ok(seen) => Outcome::Refused {
            action: None,
            reason: format!("{} was accepted, and the value still reads {seen}", change.call()),
        },
        Err(error) => Outcome::refused(&error, change),
    }
}
