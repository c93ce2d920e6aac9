//! Where access keys come from: what the user typed, the environment, a profile of the vendor's command line.
//!
//! Every source is a [`CredentialsProvider`]; [`Chain`] tries the usual ones in the usual order. A source that
//! refreshes itself (roles, OIDC, instance metadata) is one more implementation of the trait.

mod environment;
mod profile;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::OnceCell;

pub use environment::{ACCESS_KEY_ID, CREDENTIALS_FILE, Environment, PROFILE, SECRET, SECURITY_TOKEN};

use crate::Secret;

/// A key pair and, for temporary credentials, the token that goes with it.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The access key id.
    pub access_key_id: String,
    /// The access key secret.
    pub secret: Secret,
    /// The token of temporary credentials.
    pub security_token: Option<Secret>,
}

impl Credentials {
    /// A long-lived key pair.
    pub fn new(access_key_id: impl Into<String>, secret: impl Into<Secret>) -> Self {
        Self { access_key_id: access_key_id.into(), secret: secret.into(), security_token: None }
    }

    /// The same with the token of temporary credentials.
    #[must_use]
    pub fn with_token(mut self, token: impl Into<Secret>) -> Self {
        self.security_token = Some(token.into());
        self
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.security_token.is_some() { "temporary" } else { "long-lived" };
        write!(f, "Credentials({kind}, [redacted])")
    }
}

/// A source of credentials. It is asked before every request, so it keeps what it has while that is good and
/// refreshes it in time.
#[async_trait::async_trait]
pub trait CredentialsProvider: Send + Sync + fmt::Debug {
    /// Credentials that are valid now.
    async fn credentials(&self) -> Result<Credentials, CredentialsError>;
}

#[async_trait::async_trait]
impl CredentialsProvider for Credentials {
    async fn credentials(&self) -> Result<Credentials, CredentialsError> {
        Ok(self.clone())
    }
}

#[async_trait::async_trait]
impl<P: CredentialsProvider + ?Sized> CredentialsProvider for Arc<P> {
    async fn credentials(&self) -> Result<Credentials, CredentialsError> {
        (**self).credentials().await
    }
}

/// Why there are no credentials. Names what to look at and never shows a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CredentialsError {
    /// No source had any.
    #[error(
        "no credentials found: looked at the arguments access_key and secret_key, at the environment \
         (ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, and their older names), and {profile}. \
         Set one of them."
    )]
    NotFound {
        /// What was tried as the profile, and why it gave nothing.
        profile: String,
    },
    /// One half of a key pair is missing.
    #[error(
        "{have} is set but {missing} is not: both halves of the key pair are needed. Set {missing}, or remove {have}."
    )]
    Incomplete {
        /// The argument or variable that is there.
        have: String,
        /// The argument or variable that is not.
        missing: String,
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
    /// Another source failed; the text says what is wrong and what to do.
    #[error("{0}")]
    Source(String),
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

/// What the user set about credentials.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// `access_key`.
    pub access_key_id: Option<String>,
    /// `secret_key`.
    pub secret: Option<Secret>,
    /// `security_token`.
    pub security_token: Option<Secret>,
    /// `profile`: a profile that is named here goes before key variables of the environment.
    pub profile: Option<String>,
    /// `shared_credentials_file`.
    pub credentials_file: Option<PathBuf>,
    /// The environment to read; the process's own by default.
    pub environment: Environment,
}

/// The default chain: typed keys, a profile named by argument, keys of the environment, then the profile that the
/// environment names or the one called `default`. The first source that is set decides; if it is unusable that is an
/// error, never a reason to quietly go on as somebody else.
#[derive(Debug)]
pub struct Chain {
    sources: Sources,
    found: OnceCell<Credentials>,
}

impl Chain {
    /// A chain over what the user set. Nothing is read before the first call.
    pub fn new(sources: Sources) -> Self {
        Self { sources, found: OnceCell::new() }
    }

    async fn find(&self) -> Result<Credentials, CredentialsError> {
        let Sources { access_key_id, secret, security_token, profile, .. } = &self.sources;
        let id = access_key_id.as_deref().filter(|id| !id.is_empty());
        let secret = secret.as_ref().filter(|secret| !secret.is_empty());
        match (id, secret) {
            (Some(id), Some(secret)) => {
                let token = security_token.clone().filter(|token| !token.is_empty());
                return Ok(Credentials {
                    access_key_id: id.to_owned(),
                    secret: secret.clone(),
                    security_token: token,
                });
            }
            (Some(_), None) => return Err(incomplete("the argument access_key", "the argument secret_key")),
            (None, Some(_)) => return Err(incomplete("the argument secret_key", "the argument access_key")),
            (None, None) => {}
        }
        if profile.is_none()
            && let Some(credentials) = self.sources.environment.credentials()?
        {
            return Ok(credentials);
        }
        profile::load(&self.sources).await
    }
}

fn incomplete(have: &str, missing: &str) -> CredentialsError {
    CredentialsError::Incomplete { have: have.to_owned(), missing: missing.to_owned() }
}

#[async_trait::async_trait]
impl CredentialsProvider for Chain {
    async fn credentials(&self) -> Result<Credentials, CredentialsError> {
        self.found.get_or_try_init(|| self.find()).await.cloned()
    }
}

#[cfg(test)]
mod tests;
