//! What is wrong with credentials that a service refuses: each fault has another remedy.

use crate::error::ServiceError;
use crate::kind::ErrorKind;

/// Why a service refused the credentials of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CredentialsFault {
    /// There is no access key of this id.
    UnknownKey,
    /// The access key exists and is disabled.
    DisabledKey,
    /// The signature was made with another secret than that of the access key id.
    WrongSecret,
    /// The security token has expired.
    ExpiredToken,
    /// The access key is a temporary one, and its security token is missing.
    MissingToken,
    /// The security token is malformed, or belongs to another access key.
    InvalidToken,
    /// The token of an identity provider has expired, for which a role was to be assumed.
    ExpiredIdentityToken,
    /// The token of an identity provider is malformed, or not one that is trusted.
    InvalidIdentityToken,
    /// What is wrong cannot be told from the code.
    Other,
}

impl CredentialsFault {
    /// The fault that a refusal tells of, from the codes of STS, of the gateway that the RPC services share, of OSS and of SLS.
    pub(crate) fn of(error: &ServiceError) -> Option<Self> {
        let kind = error.class().kind;
        if kind == ErrorKind::Denied && error.code == "Unauthorized" && error.message.is_empty() {
            return Some(Self::UnknownKey);
        }
        if kind != ErrorKind::Credentials {
            return None;
        }
        let code = error.code.as_str();
        let is = |part: &str| code.contains(part);
        Some(if is("OIDCToken") {
            if is("Expired") { Self::ExpiredIdentityToken } else { Self::InvalidIdentityToken }
        } else if is("Token") {
            match () {
                () if is("Expired") => Self::ExpiredToken,
                () if is("Missing") => Self::MissingToken,
                () => Self::InvalidToken,
            }
        } else if is("Signature") {
            Self::WrongSecret
        } else if is("Inactive") || is("Disabled") {
            Self::DisabledKey
        } else if is("AccessKey") {
            Self::UnknownKey
        } else {
            Self::Other
        })
    }

    /// What it means and what to do about it.
    pub(crate) fn advice(self) -> &'static str {
        match self {
            Self::UnknownKey => {
                "The cloud does not know this access key. Check the access key id for typing errors, and in the RAM console whether the key was \
                 deleted. Temporary keys, whose ids begin with STS., need their security token as well."
            }
            Self::DisabledKey => {
                "The access key is disabled. Enable it in the RAM console, or use another one."
            }
            Self::WrongSecret => {
                "The secret does not belong to the access key id. Check the secret: it has to be complete, without blanks or line \
                 ends around it. If it is right, something between here and the service changed the request: check the proxy \
                 and endpoint settings."
            }
            Self::ExpiredToken => {
                "The temporary credentials have expired. Get new temporary credentials: key id, secret and token."
            }
            Self::MissingToken => {
                "The access key is a temporary one, which needs its security token. Give the token that came with it."
            }
            Self::InvalidToken => {
                "The security token is incomplete or does not belong to the access key. Take key id, secret and token from \
                 the same set of temporary credentials."
            }
            Self::ExpiredIdentityToken => {
                "The OIDC token has expired. Get a new one from the IdP that issues it; a file with the token is read again at \
                 every attempt, so whoever writes it has to renew it in time."
            }
            Self::InvalidIdentityToken => {
                "The OIDC token is refused. Check that it is complete, and that the OIDC IdP in RAM has the issuer, \
                 the fingerprint and the client id (audience) of the token."
            }
            Self::Other => {
                "The credentials were refused. Check in the RAM console that the access key is enabled and may be used from \
                 this network."
            }
        }
    }
}
