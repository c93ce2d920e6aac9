//! Key pairs and settings in environment variables, under every name that users of the vendor's tools know.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use super::family::Family;
use super::{Credentials, CredentialsError};
use crate::Secret;

/// The naming families of keys, as `[id, secret, token]`; the first of which anything is set counts. Their order is that
/// of the alicloud provider.
pub const KEYS: [[&str; 3]; 3] = [
    ["ALICLOUD_ACCESS_KEY", "ALICLOUD_SECRET_KEY", "ALICLOUD_SECURITY_TOKEN"],
    ["ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABA_CLOUD_SECURITY_TOKEN"],
    ["ALIBABACLOUD_ACCESS_KEY_ID", "ALIBABACLOUD_ACCESS_KEY_SECRET", "ALIBABACLOUD_SECURITY_TOKEN"],
];
/// Names of the variable with the profile to use.
pub const PROFILE: [&str; 2] = ["ALICLOUD_PROFILE", "ALIBABA_CLOUD_PROFILE"];
/// Names of the variable with the path of the credentials file.
pub const CREDENTIALS_FILE: [&str; 2] =
    ["ALICLOUD_SHARED_CREDENTIALS_FILE", "ALIBABA_CLOUD_CREDENTIALS_FILE"];

/// Names of the variable with the role of the instance.
pub const ECS_ROLE_NAME: [&str; 2] = ["ALICLOUD_ECS_ROLE_NAME", "ALIBABA_CLOUD_ECS_METADATA"];
/// Names of the variable with the address that gives credentials.
pub const CREDENTIALS_URI: [&str; 2] = ["ALICLOUD_CREDENTIALS_URI", "ALIBABA_CLOUD_CREDENTIALS_URI"];
/// Names of the variables of a role to take on: its ARN, the session's name, and how many seconds it lasts.
pub const ASSUME_ROLE: [&[&str]; 3] = [
    &["ALICLOUD_ASSUME_ROLE_ARN", "ALIBABA_CLOUD_ROLE_ARN"],
    &["ALICLOUD_ASSUME_ROLE_SESSION_NAME", "ALIBABA_CLOUD_ROLE_SESSION_NAME"],
    &["ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION"],
];
/// The variables of a role that is taken on with an identity token: the identity provider, the token, the file with it, the
/// role and the session's name. The last two are also those of a role to take on otherwise.
pub const OIDC: [&str; 5] = [
    "ALIBABA_CLOUD_OIDC_PROVIDER_ARN",
    "ALIBABA_CLOUD_OIDC_TOKEN",
    "ALIBABA_CLOUD_OIDC_TOKEN_FILE",
    "ALIBABA_CLOUD_ROLE_ARN",
    "ALIBABA_CLOUD_ROLE_SESSION_NAME",
];
/// `true` in this variable keeps the metadata service of the instance from being asked.
pub const METADATA_DISABLED: &str = "ALIBABA_CLOUD_ECS_METADATA_DISABLED";
/// `true` in this variable keeps profiles from being looked for that nobody named.
pub const PROFILES_DISABLED: &str = "ALIBABA_CLOUD_CLI_PROFILE_DISABLED";
/// The variable with another address of the metadata service.
pub const METADATA_URL: &str = "ALITRAIL_ECS_METADATA_URL";

/// The environment that settings are read from: the process's own, or a given one in tests.
#[derive(Clone, Default)]
pub struct Environment(Option<Arc<HashMap<String, String>>>);

impl Environment {
    /// An environment with just these variables.
    pub fn of<K: Into<String>, V: Into<String>>(variables: impl IntoIterator<Item = (K, V)>) -> Self {
        Self(Some(Arc::new(variables.into_iter().map(|(name, value)| (name.into(), value.into())).collect())))
    }

    /// A variable's value; an empty one counts as unset.
    pub fn get(&self, name: &str) -> Option<String> {
        match &self.0 {
            Some(variables) => variables.get(name).cloned(),
            None => std::env::var(name).ok(),
        }
        .filter(|value| !value.is_empty())
    }

    /// The first of several names that is set, with its value.
    pub fn first<'n>(&self, names: &[&'n str]) -> Option<(&'n str, String)> {
        names.iter().find_map(|name| self.get(name).map(|value| (*name, value)))
    }

    /// Whether a switch is on.
    pub fn is_true(&self, name: &str) -> bool {
        self.get(name).is_some_and(|text| text.eq_ignore_ascii_case("true") || text == "1")
    }

    /// The keys of the environment, if any are set there: those of one naming family, never of several.
    ///
    /// # Errors
    /// When the first family of which anything is set lacks its key id or its secret. The keys of a later family may
    /// belong to another account, so they are not used instead.
    pub fn credentials(&self) -> Result<Option<Credentials>, CredentialsError> {
        for names in KEYS {
            let [id, secret, token] = names.map(|name| self.get(name));
            let family = Family {
                id,
                secret: secret.map(Secret::new),
                token: token.map(Secret::new),
                names: names.map(|name| format!("the environment variable {name}")),
            };
            if let Some(credentials) = family.credentials()? {
                return Ok(Some(credentials));
            }
        }
        Ok(None)
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Environment(given)" } else { "Environment(process)" })
    }
}
