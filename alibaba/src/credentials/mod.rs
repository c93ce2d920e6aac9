//! Where access keys come from: what the user typed, the environment, a profile of the vendor's command line, a role, the
//! instance that the program runs on.
//!
//! Every source is a [`CredentialsProvider`]; [`Chain`] tries the usual ones in the usual order. Those that give temporary
//! credentials are refreshed before these end (`refresh`).
//!
//! A key id, its secret and its token always come from one place: the arguments, one naming family of environment
//! variables, or one profile. Mixed, they could belong to different accounts. An empty text is an unset one.

mod chain;
mod cloud_sso;
mod document;
mod environment;
mod error;
mod external;
mod family;
mod fault;
mod fetch;
mod found;
mod metadata;
mod oidc;
mod profile;
mod refresh;
mod role;
mod sources;
mod types;
mod uri;

pub use chain::Chain;
pub use environment::{
    ASSUME_ROLE, CREDENTIALS_FILE, CREDENTIALS_URI, ECS_ROLE_NAME, Environment, KEYS, METADATA_DISABLED,
    METADATA_URL, OIDC, PROFILE, PROFILES_DISABLED,
};
pub use error::{CredentialsError, Refusal};
pub use fault::CredentialsFault;
pub use found::ProfileRegion;
pub(crate) use refresh::{Refreshing, Temporary};
pub(crate) use role::RoleSource;
pub use sources::{OidcRole, SourceNames, Sources};

pub use types::{Credentials, CredentialsProvider};
pub(crate) use types::{SHORTEST_SESSION, parse_expiration};

#[cfg(test)]
mod source_tests;
#[cfg(test)]
mod tests;
