//! What every source of credentials gives, and how it is asked.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::error::CredentialsError;
use crate::Secret;

/// The shortest session that STS gives.
pub(crate) const SHORTEST_SESSION: Duration = Duration::from_secs(900);

/// Reads the end of credentials, as `YYYY-MM-DDThh:mm:ssZ`.
pub(crate) fn parse_expiration(text: &str) -> Option<OffsetDateTime> {
    OffsetDateTime::parse(text, &Rfc3339).ok()
}

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
