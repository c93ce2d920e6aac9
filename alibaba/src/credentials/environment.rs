//! Key pairs and settings in environment variables, under every name that users of the vendor's tools know.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use super::{Credentials, CredentialsError, incomplete};
use crate::Secret;

/// Names of the variable with the access key id; the first one that is set counts.
pub const ACCESS_KEY_ID: [&str; 3] =
    ["ALICLOUD_ACCESS_KEY", "ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABACLOUD_ACCESS_KEY_ID"];
/// Names of the variable with the access key secret.
pub const SECRET: [&str; 3] =
    ["ALICLOUD_SECRET_KEY", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABACLOUD_ACCESS_KEY_SECRET"];
/// Names of the variable with the token of temporary credentials.
pub const SECURITY_TOKEN: [&str; 3] =
    ["ALICLOUD_SECURITY_TOKEN", "ALIBABA_CLOUD_SECURITY_TOKEN", "ALIBABACLOUD_SECURITY_TOKEN"];
/// Names of the variable with the profile to use.
pub const PROFILE: [&str; 2] = ["ALICLOUD_PROFILE", "ALIBABA_CLOUD_PROFILE"];
/// Names of the variable with the path of the credentials file.
pub const CREDENTIALS_FILE: [&str; 2] =
    ["ALICLOUD_SHARED_CREDENTIALS_FILE", "ALIBABA_CLOUD_CREDENTIALS_FILE"];

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

    /// The key pair of the environment, if one is set there.
    pub fn credentials(&self) -> Result<Option<Credentials>, CredentialsError> {
        let (id, secret) = match (self.first(&ACCESS_KEY_ID), self.first(&SECRET)) {
            (None, None) => return Ok(None),
            (Some((_, id)), Some((_, secret))) => (id, secret),
            (Some((name, _)), None) => return Err(self.half(name, &ACCESS_KEY_ID, &SECRET)),
            (None, Some((name, _))) => return Err(self.half(name, &SECRET, &ACCESS_KEY_ID)),
        };
        let security_token = self.first(&SECURITY_TOKEN).map(|(_, token)| Secret::new(token));
        Ok(Some(Credentials { access_key_id: id, secret: Secret::new(secret), security_token }))
    }

    /// Names the missing half in the same spelling as the half that is there.
    fn half(&self, have: &str, names: &[&str], partners: &[&str]) -> CredentialsError {
        let partner = names
            .iter()
            .position(|name| *name == have)
            .and_then(|at| partners.get(at))
            .unwrap_or(&partners[0]);
        incomplete(
            &format!("the environment variable {have}"),
            &format!("the environment variable {partner}"),
        )
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Environment(given)" } else { "Environment(process)" })
    }
}
