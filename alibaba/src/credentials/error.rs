//! Why there are no credentials.

use crate::error::Error;

/// Why there are no credentials. Names what to look at and never shows a value.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum CredentialsError {
    /// No source had any.
    #[error(
        "no credentials found: none were given; looked at the environment \
         (ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, and their older names), {looked_at}. \
         Set one of them."
    )]
    NotFound {
        /// What else was tried, and why it gave nothing.
        looked_at: String,
    },
    /// A part of a key pair, or of other settings that belong together, is missing.
    #[error(
        "{have} is set but {missing} is not. Key id, secret and token are only used together when their names belong \
         together, so that keys of two accounts are never mixed. Set {missing}, or remove {have}."
    )]
    Incomplete {
        /// The argument or variable that is there, of the same place as the missing one.
        have: String,
        /// The argument or variable that is not.
        missing: String,
    },
    /// A setting that a source cannot do without is missing.
    #[error("{of} needs {missing}, which is not set. Set it, or remove {of}.")]
    Missing {
        /// What it is a setting of.
        of: String,
        /// The argument, variable or both.
        missing: String,
    },
    /// A setting has a value that no source can work with.
    #[error("{setting} {detail}")]
    Invalid {
        /// The argument, variable or member of a profile.
        setting: String,
        /// What is wrong with it and what to do.
        detail: String,
    },
    /// The file of profiles cannot be read.
    #[error(
        "cannot read the credentials file {path} ({setting}): {detail}. Name an existing file in the format of the vendor's command line (`aliyun configure` writes one)."
    )]
    File {
        /// The path.
        path: String,
        /// The argument or variable that named it, or "default location".
        setting: String,
        /// What the system or the JSON parser said; no content.
        detail: String,
    },
    /// The profile asked for is not in the file.
    #[error("there is no profile {profile:?} ({setting}) in {path}; {}", list_profiles(.existing))]
    UnknownProfile {
        /// The name asked for.
        profile: String,
        /// The argument or variable that named it.
        setting: String,
        /// The file.
        path: String,
        /// The names that are there.
        existing: Vec<String>,
    },
    /// The profile is there but cannot be used.
    #[error("the profile {profile:?} in {path} cannot be used: {detail}")]
    Profile {
        /// The name of the profile.
        profile: String,
        /// The file.
        path: String,
        /// What is wrong and what to do.
        detail: String,
    },
    /// A source was asked for credentials and gave none.
    #[error(transparent)]
    Refused(Box<Refusal>),
    /// Another source failed; the text says what is wrong and what to do.
    #[error("{0}")]
    Source(String),
}

/// What went wrong when a source was asked.
#[derive(Debug, Clone, thiserror::Error)]
#[error("no credentials from {of}: {step} failed: {detail}{}", on_new_line(.remedy))]
pub struct Refusal {
    /// The source, such as `the role acs:ram::…`.
    pub of: String,
    /// The step that failed.
    pub step: String,
    /// What went wrong; nothing that the source answered.
    pub detail: String,
    /// What to do; empty where `detail` says so.
    pub remedy: String,
    /// The failure of the call, if it was one.
    pub cause: Option<Error>,
}

impl CredentialsError {
    /// A step of a source failed, and this is known about it.
    pub(crate) fn told(
        of: impl Into<String>,
        step: impl Into<String>,
        detail: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        let (of, step, detail, remedy) = (of.into(), step.into(), detail.into(), remedy.into());
        Self::Refused(Box::new(Refusal { of, step, detail, remedy, cause: None }))
    }

    /// A call of a source failed. What made the credentials fail that the call was to be signed with is told as it is.
    pub(crate) fn call(of: impl Into<String>, step: impl Into<String>, error: Error, remedy: &str) -> Self {
        match error {
            Error::Credentials(inner) => inner,
            error => Self::Refused(Box::new(Refusal {
                of: of.into(),
                step: step.into(),
                detail: error.to_string(),
                remedy: remedy.to_owned(),
                cause: Some(error),
            })),
        }
    }

    /// The failure of the call with which a source was asked, if that is what went wrong.
    pub fn cause(&self) -> Option<&Error> {
        match self {
            Self::Refused(refusal) => refusal.cause.as_ref(),
            _ => None,
        }
    }
}

fn on_new_line(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("\n{text}") }
}

fn list_profiles(names: &[String]) -> String {
    if names.is_empty() {
        "the file has no profiles. Create one with `aliyun configure`.".to_owned()
    } else {
        format!(
            "the profiles there are: {}. Use one of them or create it with `aliyun configure`.",
            names.join(", ")
        )
    }
}
