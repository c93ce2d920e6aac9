//! The role of the instance that the program runs on, from its metadata service in version 2: every request carries a token
//! that was asked for before, so that no forged request of a browser or proxy gets credentials.

use std::time::Duration;

use bytes::Bytes;
use http::Method;
use tokio::sync::OnceCell;
use url::Url;

use super::fetch::{Ask, Fault, Fetcher, shown};
use super::refresh::{Refreshing, Source, Temporary};
use super::{Credentials, CredentialsError, CredentialsProvider, METADATA_DISABLED, METADATA_URL, document};
use crate::Secret;
use crate::config::Config;

/// Where every instance finds its metadata.
pub(super) const ADDRESS: &str = "http://100.100.100.200";
const ROLES: &str = "/latest/meta-data/ram/security-credentials/";
/// How many seconds a token of the service is to hold.
const TOKEN_SECONDS: &str = "21600";
/// The service is on the very host, so whoever does not answer at once is not there.
const CONNECT: Duration = Duration::from_secs(1);
const SILENT: Duration = Duration::from_secs(5);

/// The metadata service.
#[derive(Debug)]
pub(super) struct Metadata {
    fetcher: Fetcher,
    address: Url,
    /// The role, where it was named.
    role: Option<String>,
}

/// What a request to the service ended in.
type Asked = Result<Bytes, (&'static str, Fault)>;

impl Metadata {
    pub(super) fn new(config: &Config, address: Url, role: Option<String>) -> Self {
        Self { fetcher: Fetcher::new(config, CONNECT, SILENT), address, role }
    }

    async fn get(
        &self,
        step: &'static str,
        method: Method,
        path: &str,
        header: (&'static str, &Secret),
    ) -> Asked {
        let mut url = self.address.clone();
        url.set_path(path);
        let ask = Ask { method, url, direct: true, header: Some(header), json: None };
        self.fetcher.ask(ask).await.map_err(|fault| (step, fault))
    }

    async fn token(&self) -> Result<Secret, (&'static str, Fault)> {
        let lifetime = Secret::from(TOKEN_SECONDS);
        let header = ("x-aliyun-ecs-metadata-token-ttl-seconds", &lifetime);
        let token = self.get("asking for a token", Method::PUT, "/latest/api/token", header).await?;
        Ok(Secret::new(String::from_utf8_lossy(&token).trim()))
    }

    /// The role of the instance: the one that was named, or the one that there is.
    async fn role(&self, token: &Secret) -> Result<String, (&'static str, Fault)> {
        if let Some(role) = &self.role {
            return Ok(role.clone());
        }
        let header = ("x-aliyun-ecs-metadata-token", token);
        let role = self.get("looking for the role", Method::GET, ROLES, header).await?;
        Ok(String::from_utf8_lossy(&role).lines().next().unwrap_or_default().trim().to_owned())
    }

    async fn credentials(&self) -> Result<(String, Bytes), (&'static str, Fault)> {
        let token = self.token().await?;
        let role = self.role(&token).await?;
        let header = ("x-aliyun-ecs-metadata-token", &token);
        let path = format!("{ROLES}{role}");
        let document = self.get("fetching the credentials", Method::GET, &path, header).await?;
        Ok((role, document))
    }

    fn refused(&self, step: &str, fault: &Fault) -> CredentialsError {
        let remedy = match fault {
            Fault::Unreachable(_) => format!(
                "Only instances of ECS and their containers have this service. Elsewhere, use other credentials; where it has \
                 another address, set {METADATA_URL}."
            ),
            Fault::Status(404) => {
                "The instance has no role, or another one. Attach a RAM role to the instance, or correct \
                                   the name of the role."
                    .to_owned()
            }
            Fault::Status(_) | Fault::TooLong => {
                format!("Check that {} is the metadata service of the instance.", shown(&self.address))
            }
        };
        CredentialsError::told(self.name(), step, fault.text(&shown(&self.address)), remedy)
    }

    /// Whether the service is there and knows a role.
    async fn has_role(&self) -> Result<bool, CredentialsError> {
        let found = async {
            let token = self.token().await?;
            self.role(&token).await
        };
        match found.await {
            Ok(role) => Ok(!role.is_empty()),
            Err((_, Fault::Unreachable(_) | Fault::Status(404))) => Ok(false),
            Err((step, fault)) => Err(self.refused(step, &fault)),
        }
    }
}

#[async_trait::async_trait]
impl Source for Metadata {
    fn name(&self) -> String {
        match &self.role {
            Some(role) => format!("the role {role} of this ECS instance"),
            None => "the role of this ECS instance".to_owned(),
        }
    }

    async fn fetch(&self) -> Result<Temporary, CredentialsError> {
        match self.credentials().await {
            Ok((_, document)) => document::read(&self.name(), "reading the answer", &document),
            Err((step, fault)) => Err(self.refused(step, &fault)),
        }
    }
}

/// The role of the instance, if there is one, else what comes next. Which of them it is, is found out once.
#[derive(Debug)]
pub(super) struct Discovery {
    metadata: Refreshing<Metadata>,
    address: String,
    next: Option<std::sync::Arc<dyn CredentialsProvider>>,
    /// What was looked at before, for the message that there is nothing.
    looked_at: String,
    is_there: OnceCell<bool>,
}

impl Discovery {
    pub(super) fn new(
        metadata: Metadata,
        next: Option<std::sync::Arc<dyn CredentialsProvider>>,
        looked_at: String,
    ) -> Self {
        let address = shown(&metadata.address).trim_end_matches('/').to_owned();
        Self { metadata: Refreshing::new(metadata), address, next, looked_at, is_there: OnceCell::new() }
    }
}

#[async_trait::async_trait]
impl CredentialsProvider for Discovery {
    async fn credentials(&self) -> Result<Credentials, CredentialsError> {
        let is_there = self.is_there.get_or_try_init(|| self.metadata.source().has_role()).await?;
        match &self.next {
            _ if *is_there => self.metadata.credentials().await,
            Some(next) => next.credentials().await,
            None => Err(CredentialsError::NotFound {
                looked_at: format!(
                    "{}, and for a role of this machine, whose metadata service ({}) is not there or knows none \
                     ({METADATA_DISABLED}=true keeps it from being asked)",
                    self.looked_at, self.address
                ),
            }),
        }
    }
}
