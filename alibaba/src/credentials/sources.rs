//! What the user set about credentials.

use std::path::PathBuf;

use super::Environment;
use crate::Secret;
use crate::sts::AssumeRole;

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
    /// [`Sources::oidc`].
    pub oidc: &'static str,
    /// [`Sources::credentials_uri`].
    pub credentials_uri: &'static str,
}

impl Default for SourceNames {
    fn default() -> Self {
        Self {
            access_key_id: "the access key id",
            secret: "the access key secret",
            security_token: "the security token",
            profile: "the name given for it",
            credentials_file: "the path given for it",
            oidc: "the OIDC role",
            credentials_uri: "the credentials URI",
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
    /// A role that is taken on with the token of an identity provider.
    pub oidc: Option<OidcRole>,
    /// The role of the instance that this program runs on.
    pub ecs_role_name: Option<String>,
    /// An address that gives temporary credentials.
    pub credentials_uri: Option<String>,
    /// Roles to take on one after the other, the first with the credentials of the other sources. One with an empty ARN is
    /// left out; without a session name it has that of the environment, or else `terraform`. `None` leaves the role to
    /// the environment.
    pub roles: Option<Vec<AssumeRole>>,
    /// Lets a credentials URI be fetched over plain HTTP from another machine.
    pub allow_insecure_http: bool,
    /// The environment to read; the process's own by default.
    pub environment: Environment,
    /// How messages name the others.
    pub names: SourceNames,
}

/// The session name of roles for which none is set.
pub(super) const SESSION_NAME: &str = "terraform";

/// A role that is taken on with the token of an identity provider; what is unset is taken from the environment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OidcRole {
    /// `acs:ram::<account>:role/<name>`.
    pub role_arn: Option<String>,
    /// `acs:ram::<account>:oidc-provider/<name>`.
    pub oidc_provider_arn: Option<String>,
    /// The token. It goes before a file.
    pub token: Option<Secret>,
    /// A file with the token, which is read for every request.
    pub token_file: Option<PathBuf>,
    /// The session's name in the audit trail.
    pub session_name: Option<String>,
    /// How long the credentials live, in seconds.
    pub duration_seconds: Option<u32>,
    /// A policy that narrows what the role may do.
    pub policy: Option<String>,
}

impl Sources {
    /// Whether the user said by argument, and not in the environment, that a profile is to be used.
    pub(super) fn names_profile(&self) -> bool {
        self.profile.as_ref().is_some_and(|name| !name.is_empty())
            || self.credentials_file.as_ref().is_some_and(|path| !path.as_os_str().is_empty())
    }
}
