//! Where access keys come from: what the user typed, the environment, a profile of the vendor's command line.
//!
//! Every source is a [`CredentialsProvider`]; [`Chain`] tries the usual ones in the usual order. A source that
//! refreshes itself (roles, OIDC, instance metadata) is one more implementation of the trait.
//!
//! A key id, its secret and its token always come from one place: the arguments, one naming family of environment
//! variables, or one profile. Mixed, they could belong to different accounts. An empty text is an unset one.

mod environment;
mod fault;
mod profile;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::OnceCell;

pub use environment::{CREDENTIALS_FILE, Environment, KEYS, PROFILE};
pub use fault::CredentialsFault;

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
        "no credentials found: none were given; looked at the environment \
         (ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, and their older names), and {profile}. \
         Set one of them."
    )]
    NotFound {
        /// What was tried as the profile, and why it gave nothing.
        profile: String,
    },
    /// A part of a key pair is missing.
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

/// How messages name what a caller may set about credentials: a caller with names of its own gives those.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SourceNames {
    /// [`Sources::access_key_id`].
    pub access_key_id: &'static str,
    /// [`Sources::secret`].
    pub secret: &'static str,
    /// [`Sources::security_token`].
    pub security_token: &'static str,
    /// [`Sources::profile`].
    pub profile: &'static str,
    /// [`Sources::credentials_file`].
    pub credentials_file: &'static str,
}

impl Default for SourceNames {
    fn default() -> Self {
        Self {
            access_key_id: "the access key id",
            secret: "the access key secret",
            security_token: "the security token",
            profile: "the name given for it",
            credentials_file: "the path given for it",
        }
    }
}

/// What the user set about credentials; an empty text is an unset one.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// The access key id.
    pub access_key_id: Option<String>,
    /// The access key secret.
    pub secret: Option<Secret>,
    /// The token of temporary credentials.
    pub security_token: Option<Secret>,
    /// The profile of the vendor's command line.
    pub profile: Option<String>,
    /// The file with the profiles.
    pub credentials_file: Option<PathBuf>,
    /// The environment to read; the process's own by default.
    pub environment: Environment,
    /// How messages name the others.
    pub names: SourceNames,
}

impl Sources {
    /// Whether the user said by argument, and not in the environment, that a profile is to be used.
    fn names_profile(&self) -> bool {
        self.profile.as_ref().is_some_and(|name| !name.is_empty())
            || self.credentials_file.as_ref().is_some_and(|path| !path.as_os_str().is_empty())
    }
}

/// Keys of one place, as far as they are set there.
struct Family {
    id: Option<String>,
    secret: Option<Secret>,
    token: Option<Secret>,
    /// How messages name id, secret and token.
    names: [String; 3],
}

impl Family {
    /// The credentials, if anything is set.
    fn credentials(self) -> Result<Option<Credentials>, CredentialsError> {
        let id = self.id.filter(|id| !id.is_empty());
        let secret = self.secret.filter(|secret| !secret.is_empty());
        let security_token = self.token.filter(|token| !token.is_empty());
        let [id_name, secret_name, token_name] = self.names;
        let (have, missing) = match (id, secret) {
            (Some(access_key_id), Some(secret)) => {
                return Ok(Some(Credentials { access_key_id, secret, security_token }));
            }
            (Some(_), None) => (id_name, secret_name),
            (None, Some(_)) => (secret_name, id_name),
            (None, None) if security_token.is_some() => (token_name, id_name),
            (None, None) => return Ok(None),
        };
        Err(CredentialsError::Incomplete { have, missing })
    }
}

/// What the chain ended at.
#[derive(Debug, Clone)]
struct Found {
    credentials: Credentials,
    /// The region that came with them.
    region: Option<ProfileRegion>,
}

impl Found {
    /// Keys alone.
    fn keys(credentials: Credentials) -> Self {
        Self { credentials, region: None }
    }
}

/// The region of the profile that the credentials are from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileRegion {
    /// The region id, as it is written there.
    pub id: String,
    /// The profile's name.
    pub profile: String,
    /// The file it is in.
    pub path: String,
}

/// The default chain: the first source that is set decides, and if it is unusable that is an error, never a reason to
/// quietly go on as somebody else. What is stated goes before every environment variable, and among variables keys go
/// before profiles:
///
/// 1. keys that the caller states
/// 2. a profile, when the caller names one, or its file
/// 3. keys of the environment
/// 4. the profile that the environment names, else the file's `current` one, else the one called `default`
#[derive(Debug)]
pub struct Chain {
    sources: Sources,
    found: OnceCell<Found>,
}

impl Chain {
    /// A chain over what the user set. Nothing is read before the first call.
    pub fn new(sources: Sources) -> Self {
        Self { sources, found: OnceCell::new() }
    }

    /// The region of the profile that the credentials are from; none when they are from elsewhere, because a profile that
    /// is not used says nothing about another account's region.
    ///
    /// # Errors
    /// When there are no usable credentials.
    pub async fn region(&self) -> Result<Option<ProfileRegion>, CredentialsError> {
        Ok(self.resolved().await?.region.clone())
    }

    async fn resolved(&self) -> Result<&Found, CredentialsError> {
        self.found.get_or_try_init(|| self.find()).await
    }

    async fn find(&self) -> Result<Found, CredentialsError> {
        if let Some(credentials) = self.stated().credentials()? {
            return Ok(Found::keys(credentials));
        }
        if !self.sources.names_profile()
            && let Some(credentials) = self.sources.environment.credentials()?
        {
            return Ok(Found::keys(credentials));
        }
        // What the environment says about OIDC belongs here; roles of instances and credential URIs come after profiles.
        profile::load(&self.sources).await
    }

    /// The keys among the arguments.
    fn stated(&self) -> Family {
        let names = self.sources.names;
        Family {
            id: self.sources.access_key_id.clone(),
            secret: self.sources.secret.clone(),
            token: self.sources.security_token.clone(),
            names: [names.access_key_id, names.secret, names.security_token].map(str::to_owned),
        }
    }
}

#[async_trait::async_trait]
impl CredentialsProvider for Chain {
    async fn credentials(&self) -> Result<Credentials, CredentialsError> {
        Ok(self.resolved().await?.credentials.clone())
    }
}

#[cfg(test)]
mod tests;
