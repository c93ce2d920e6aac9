//! Keys that are set together: an id, its secret and its token are of one place, or they may belong to different accounts.

use super::error::CredentialsError;
use super::types::Credentials;
use crate::Secret;

/// Keys of one place, as far as they are set there.
pub(super) struct Family {
    pub(super) id: Option<String>,
    pub(super) secret: Option<Secret>,
    pub(super) token: Option<Secret>,
    /// How messages name id, secret and token.
    pub(super) names: [String; 3],
}

impl Family {
    /// The credentials, if anything is set.
    pub(super) fn credentials(self) -> Result<Option<Credentials>, CredentialsError> {
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
