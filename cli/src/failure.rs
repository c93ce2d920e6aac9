//! How a subcommand fails: what could not be done and why, what to do about it, and with which exit code.

use std::fmt;

use test_kit::terraform;

/// The failure of a subcommand, written for the person who ran it.
#[derive(Debug)]
pub struct Failure {
    message: String,
    hint: Option<String>,
    exit_code: u8,
}

impl Failure {
    /// A failure with exit code 1. `message` says what could not be done and why.
    pub fn new(message: impl Into<String>) -> Self {
        Failure { message: message.into(), hint: None, exit_code: 1 }
    }

    /// Arguments or files that cannot be used: exit code 64, as sysexits.h has it.
    pub fn usage(message: impl Into<String>) -> Self {
        Failure { message: message.into(), hint: None, exit_code: 64 }
    }

    /// What was to be looked at could not be looked at: exit code 2.
    pub fn not_looked_at(message: impl Into<String>) -> Self {
        Failure { message: message.into(), hint: None, exit_code: 2 }
    }

    /// The person pressed Ctrl-C: exit code 130, as shells have it.
    pub fn interrupted() -> Self {
        Failure { message: "interrupted".into(), hint: None, exit_code: 130 }
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// The exit code of the process.
    pub fn exit_code(&self) -> u8 {
        self.exit_code
    }

    /// Whether the person ended it.
    pub fn is_interrupt(&self) -> bool {
        self.exit_code == 130
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl From<terraform::Error> for Failure {
    fn from(error: terraform::Error) -> Self {
        if matches!(error, terraform::Error::Interrupted) {
            return Failure::interrupted();
        }
        let failure = Failure::new(error.to_string());
        match error.hint() {
            Some(hint) => failure.with_hint(hint),
            None => failure,
        }
    }
}
