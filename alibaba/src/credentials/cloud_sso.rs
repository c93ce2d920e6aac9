//! CloudSSO: what somebody who signed in with a browser may exchange for credentials of an account, while the sign-in holds.

use std::time::Duration;

use http::Method;
use serde::Deserialize;
use time::OffsetDateTime;
use url::Url;

use super::fetch::{Ask, Fault, Fetcher, shown};
use super::refresh::{Source, Temporary};
use super::{Credentials, CredentialsError, document};
use crate::Secret;
use crate::config::Config;

const CONNECT: Duration = Duration::from_secs(5);
const SILENT: Duration = Duration::from_secs(10);

/// What a profile keeps of a sign-in.
#[derive(Debug, Clone)]
pub(super) struct SignIn {
    /// The profile, for messages and for the command that signs in again.
    pub(super) profile: String,
    /// The origin of the sign-in page, which also gives the credentials.
    pub(super) url: Url,
    pub(super) account: String,
    pub(super) access_configuration: String,
    pub(super) token: Secret,
    /// When the sign-in ends, in seconds since 1970.
    pub(super) token_ends: i64,
    /// The credentials that the command line fetched last.
    pub(super) kept: Option<Temporary>,
}

/// Exchanges the token of a sign-in.
#[derive(Debug)]
pub(super) struct CloudSso {
    fetcher: Fetcher,
    sign_in: SignIn,
}

/// The answer's only member that counts.
#[derive(Deserialize)]
struct Answer {
    #[serde(rename = "CloudCredential")]
    credential: document::Document,
}

impl CloudSso {
    pub(super) fn new(config: &Config, sign_in: SignIn) -> Self {
        Self { fetcher: Fetcher::new(config, CONNECT, SILENT), sign_in }
    }

    fn sign_in_again(&self) -> String {
        format!("Sign in again: aliyun configure --profile {} --mode CloudSSO", self.sign_in.profile)
    }
}

/// Whether credentials have some minutes left.
fn is_worth_using(kept: &Temporary) -> bool {
    kept.expiration.is_some_and(|end| end > OffsetDateTime::now_utc() + Duration::from_secs(300))
}

#[async_trait::async_trait]
impl Source for CloudSso {
    fn name(&self) -> String {
        format!("the CloudSSO sign-in of the profile {:?}", self.sign_in.profile)
    }

    async fn fetch(&self) -> Result<Temporary, CredentialsError> {
        let sign_in = &self.sign_in;
        if let Some(kept) = sign_in.kept.as_ref().filter(|kept| is_worth_using(kept)) {
            return Ok(kept.clone());
        }
        if sign_in.token_ends <= OffsetDateTime::now_utc().unix_timestamp() {
            let step = "using its access token";
            return Err(CredentialsError::told(
                self.name(),
                step,
                "the token has expired",
                self.sign_in_again(),
            ));
        }
        let mut url = sign_in.url.clone();
        url.set_path("/cloud-credentials");
        url.set_query(None);
        let shown = shown(&url);
        let bearer = Secret::new(format!("Bearer {}", sign_in.token.expose()));
        let body = serde_json::json!({
            "AccountId": sign_in.account,
            "AccessConfigurationId": sign_in.access_configuration,
        });
        let ask = Ask {
            method: Method::POST,
            direct: crate::endpoint::is_loopback_url(&url),
            url,
            header: Some(("authorization", &bearer)),
            json: Some(body.to_string()),
        };
        let answer = self.fetcher.ask(ask).await.map_err(|fault| {
            let remedy = match fault {
                Fault::Unreachable(_) => {
                    "Check the network and cloud_sso_sign_in_url of the profile.".to_owned()
                }
                Fault::Status(_) | Fault::TooLong => self.sign_in_again(),
            };
            CredentialsError::told(self.name(), "exchanging its access token", fault.text(&shown), remedy)
        })?;
        let step = "reading the answer";
        document::parse::<Answer>(&self.name(), step, &answer)?.credential.temporary(&self.name(), step)
    }
}

/// Credentials that the command line keeps in a profile, with their end in seconds since 1970.
pub(super) fn kept(credentials: Credentials, ends: i64) -> Option<Temporary> {
    let expiration = OffsetDateTime::from_unix_timestamp(ends).ok()?;
    Some(Temporary { credentials, expiration: Some(expiration) })
}
