//! A role that is taken on with a token of an identity provider, as CI systems and clusters give it to their jobs.

use std::path::PathBuf;

use super::refresh::{Source, Temporary};
use super::{Credentials, CredentialsError, CredentialsProvider};
use crate::Secret;
use crate::config::Config;
use crate::core::session::Session;
use crate::endpoint::EndpointError;
use crate::kind::ErrorKind;
use crate::sts::{AssumeRoleWithOidc, Sts};

/// Where the token is.
#[derive(Debug, Clone)]
pub(super) enum Token {
    Given(Secret),
    /// Read anew for every request, because whoever writes it renews it.
    File(PathBuf),
}

/// The token as credentials: it is all that the one call has which is made with it.
#[derive(Debug)]
struct IdentityToken {
    token: Token,
    /// The role that it is for, for messages.
    role: String,
}

#[async_trait::async_trait]
impl CredentialsProvider for IdentityToken {
    async fn credentials(&self) -> Result<Credentials, CredentialsError> {
        let path = match &self.token {
            Token::Given(token) => return Ok(Credentials::new("", token.clone())),
            Token::File(path) => path,
        };
        let failed = |detail: String| {
            let step = format!("reading the OIDC token file {}", path.display());
            let remedy = "Whoever runs this job has to write the token there and to keep it there until the job ends. Check \
                          the path and that the file may be read.";
            CredentialsError::told(&self.role, step, detail, remedy)
        };
        let text = tokio::fs::read_to_string(path).await.map_err(|error| failed(error.to_string()))?;
        match text.trim() {
            "" => Err(failed("the file is empty".to_owned())),
            token => Ok(Credentials::new("", token)),
        }
    }
}

/// Takes on a role with a token.
#[derive(Debug)]
pub(super) struct OidcSource {
    sts: Sts,
    role: AssumeRoleWithOidc,
}

impl OidcSource {
    pub(super) fn new(
        config: &Config,
        region: Option<&str>,
        role: AssumeRoleWithOidc,
        token: Token,
    ) -> Result<Self, EndpointError> {
        let token = IdentityToken { token, role: name(&role) };
        let config = Config { credentials: std::sync::Arc::new(token), ..config.clone() };
        let region = region.map(str::to_owned).or_else(|| config.region.clone());
        Ok(Self { sts: Sts::new(Session::new(config)?, region.as_deref()), role })
    }
}

fn name(role: &AssumeRoleWithOidc) -> String {
    format!("the role {} by OIDC", role.role_arn)
}

#[async_trait::async_trait]
impl Source for OidcSource {
    fn name(&self) -> String {
        name(&self.role)
    }

    async fn fetch(&self) -> Result<Temporary, CredentialsError> {
        match self.sts.assume_role_with_oidc(&self.role).await {
            Ok(assumed) => Ok(assumed.temporary()),
            Err(error) => {
                let remedy = match (error.code(), error.kind()) {
                    (Some("EntityNotExist.Role"), _) => {
                        "There is no such role. Check its ARN, and that it was created."
                    }
                    (Some("InvalidParameter.OIDCToken"), _) => {
                        "The token is no JSON web token. Check where it comes from, and that it is complete."
                    }
                    (_, Some(ErrorKind::Denied)) => {
                        "The trust policy of the role has to name the OIDC IdP (Principal, Federated), and its \
                         conditions have to fit the issuer, audience and subject of the token."
                    }
                    _ => "",
                };
                Err(CredentialsError::call(self.name(), "assuming it", error, remedy))
            }
        }
    }
}
