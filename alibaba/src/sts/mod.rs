//! STS: who the caller is, and credentials of another role.

pub(crate) mod errors;

use serde::Deserialize;
use time::OffsetDateTime;

use crate::Secret;
use crate::core::answer::{Answer, Unexpected, named};
use crate::core::lenient;
use crate::core::request::Idempotency;
use crate::core::rpc::{Action, Api, Verb};
use crate::core::session::Session;
use crate::credentials::{self, Credentials, Temporary};
use crate::endpoint::Service;
use crate::error::Error;
use crate::sign::Pairs;

const API: Api = Api { service: Service::Sts, version: "2015-04-01" };

const fn action(name: &'static str) -> Action {
    Action { name, method: Verb::Post, idempotency: Idempotency::Read, per_second: Some(100) }
}

const GET_CALLER_IDENTITY: Action = action("GetCallerIdentity");
const ASSUME_ROLE: Action = action("AssumeRole");
const ASSUME_ROLE_WITH_OIDC: Action = action("AssumeRoleWithOIDC");

/// STS at one endpoint.
#[derive(Debug, Clone)]
pub struct Sts {
    session: Session,
    region: Option<String>,
}

/// Who the credentials belong to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct CallerIdentity {
    /// `Account`, `RAMUser` or `AssumedRoleUser`.
    #[serde(deserialize_with = "lenient::text")]
    pub identity_type: String,
    /// The account.
    #[serde(deserialize_with = "lenient::text")]
    pub account_id: String,
    /// The ARN, with `assumed-role/<role>/<session>` for a role.
    #[serde(deserialize_with = "lenient::text")]
    pub arn: String,
    /// The id of the principal.
    #[serde(deserialize_with = "lenient::text")]
    pub principal_id: String,
    /// The id of a user.
    #[serde(deserialize_with = "lenient::text_or_unset")]
    pub user_id: Option<String>,
    /// The id of a role.
    #[serde(deserialize_with = "lenient::text_or_unset")]
    pub role_id: Option<String>,
}

impl Answer for CallerIdentity {
    fn check(&self, _: &str) -> Result<(), Unexpected> {
        named("AccountId", &self.account_id)
    }
}

/// The role to take on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AssumeRole {
    /// `acs:ram::<account>:role/<name>`.
    pub role_arn: String,
    /// 2 to 64 characters, shown in the audit trail.
    pub role_session_name: String,
    /// How long the credentials live; the service's default is an hour.
    pub duration_seconds: Option<u32>,
    /// A policy that narrows what the role may do.
    pub policy: Option<String>,
    /// The id that the role's trust policy asks for.
    pub external_id: Option<String>,
}

/// The role that a Resource Directory makes in every account that it creates, and that its management account may assume.
pub const MEMBER_ROLE: &str = "ResourceDirectoryAccountAccessRole";

impl AssumeRole {
    /// A role of an account, by its name or ARN, in sessions of this name.
    #[must_use]
    pub fn of(account: &str, role: &str, session: &str) -> Self {
        let is_arn = role.starts_with("acs:ram::");
        let role_arn = if is_arn { role.to_owned() } else { format!("acs:ram::{account}:role/{role}") };
        Self { role_arn, role_session_name: session.to_owned(), ..Self::default() }
    }

    /// The account that the role is in.
    #[must_use]
    pub fn account(&self) -> Option<&str> {
        let (account, _) = self.role_arn.strip_prefix("acs:ram::")?.split_once(':')?;
        (!account.is_empty()).then_some(account)
    }
}

/// A role to take on with the token of an identity provider instead of an access key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AssumeRoleWithOidc {
    /// `acs:ram::<account>:role/<name>`.
    pub role_arn: String,
    /// `acs:ram::<account>:oidc-provider/<name>`.
    pub oidc_provider_arn: String,
    /// 2 to 64 characters, shown in the audit trail.
    pub role_session_name: String,
    /// How long the credentials live, in seconds; the service's default is an hour.
    pub duration_seconds: Option<u32>,
    /// A policy that narrows what the role may do.
    pub policy: Option<String>,
}

/// A role that was taken on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssumedRole {
    /// The temporary credentials.
    pub credentials: Credentials,
    /// When they end, as `YYYY-MM-DDThh:mm:ssZ`.
    pub expiration: String,
    /// `acs:ram::<account>:role/<role>/<session>`.
    pub arn: String,
    /// `<role id>:<session>`.
    pub assumed_role_id: String,
}

impl AssumedRole {
    /// The credentials with the moment they end. A session lasts 900 seconds at least, so that is what an end that cannot be
    /// read counts as.
    pub(crate) fn temporary(self) -> Temporary {
        let end = credentials::parse_expiration(&self.expiration);
        let end = end.unwrap_or_else(|| OffsetDateTime::now_utc() + credentials::SHORTEST_SESSION);
        Temporary { credentials: self.credentials, expiration: Some(end) }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct AssumeRoleAnswer {
    #[serde(default)]
    assumed_role_user: AssumedRoleUser,
    credentials: TemporaryKeys,
}

impl Answer for AssumeRoleAnswer {
    fn check(&self, _: &str) -> Result<(), Unexpected> {
        let keys = &self.credentials;
        named("Credentials.AccessKeyId", &keys.access_key_id)?;
        named("Credentials.AccessKeySecret", keys.access_key_secret.expose())?;
        named("Credentials.SecurityToken", keys.security_token.expose())
    }
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct AssumedRoleUser {
    #[serde(deserialize_with = "lenient::text")]
    arn: String,
    #[serde(deserialize_with = "lenient::text")]
    assumed_role_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct TemporaryKeys {
    access_key_id: String,
    access_key_secret: Secret,
    security_token: Secret,
    expiration: String,
}

impl From<AssumeRoleAnswer> for AssumedRole {
    fn from(answer: AssumeRoleAnswer) -> Self {
        let keys = answer.credentials;
        Self {
            credentials: Credentials::new(keys.access_key_id, keys.access_key_secret)
                .with_token(keys.security_token),
            expiration: keys.expiration,
            arn: answer.assumed_role_user.arn,
            assumed_role_id: answer.assumed_role_user.assumed_role_id,
        }
    }
}

impl Sts {
    pub(crate) fn new(session: Session, region: Option<&str>) -> Self {
        Self { session, region: region.map(str::to_owned) }
    }

    /// Who the credentials belong to. [`crate::Client::caller_identity`] remembers the answer.
    pub async fn get_caller_identity(&self) -> Result<CallerIdentity, Error> {
        self.call(GET_CALLER_IDENTITY, Vec::new()).await
    }

    /// Temporary credentials of a role. A repeated call just gives another set, so it may be retried.
    pub async fn assume_role(&self, role: &AssumeRole) -> Result<AssumedRole, Error> {
        let mut parameters: Pairs = vec![
            ("RoleArn".to_owned(), role.role_arn.clone()),
            ("RoleSessionName".to_owned(), role.role_session_name.clone()),
        ];
        let duration = role.duration_seconds.map(|seconds| seconds.to_string());
        for (name, value) in
            [("DurationSeconds", &duration), ("Policy", &role.policy), ("ExternalId", &role.external_id)]
        {
            parameters.extend(value.clone().map(|value| (name.to_owned(), value)));
        }
        let answer: AssumeRoleAnswer = self.call(ASSUME_ROLE, parameters).await?;
        Ok(answer.into())
    }

    /// Temporary credentials of a role for the holder of a token. The credentials of the client have to be that token, as
    /// [`IdentityToken`](credentials::IdentityToken) gives it: it is the only proof that the call carries.
    pub(crate) async fn assume_role_with_oidc(
        &self,
        role: &AssumeRoleWithOidc,
    ) -> Result<AssumedRole, Error> {
        let mut parameters: Pairs = vec![
            ("RoleArn".to_owned(), role.role_arn.clone()),
            ("OIDCProviderArn".to_owned(), role.oidc_provider_arn.clone()),
            ("RoleSessionName".to_owned(), role.role_session_name.clone()),
        ];
        let duration = role.duration_seconds.map(|seconds| seconds.to_string());
        for (name, value) in [("DurationSeconds", &duration), ("Policy", &role.policy)] {
            parameters.extend(value.clone().map(|value| (name.to_owned(), value)));
        }
        let region = self.region.as_deref();
        let answer = API.call_with_token(&self.session, region, ASSUME_ROLE_WITH_OIDC, parameters).await?;
        let answer: AssumeRoleAnswer = self.session.read_json(answer, "").await?;
        Ok(answer.into())
    }

    /// No answer of the service names what was asked for.
    async fn call<T: Answer>(&self, action: Action, parameters: Pairs) -> Result<T, Error> {
        let answer = API.call(&self.session, self.region.as_deref(), action, parameters).await?;
        self.session.read_json(answer, "").await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_and_their_secrets_stay_hidden() {
        let answer: AssumeRoleAnswer = serde_json::from_str(
            r#"{"RequestId":"R","AssumedRoleUser":{"Arn":"acs:ram::1:role/audit/terraform","AssumedRoleId":"3:terraform"},
                "Credentials":{"AccessKeyId":"STS.example","AccessKeySecret":"example-secret","SecurityToken":"CAIS","Expiration":"2025-01-02T04:04:05Z"}}"#,
        )
        .unwrap();
        assert_eq!(answer.credentials.access_key_secret.expose(), "example-secret");
        let shown = format!("{:?}", answer.credentials.access_key_secret);
        assert!(!shown.contains("example-secret"));
        let identity: CallerIdentity = serde_json::from_str(
            r#"{"IdentityType":"AssumedRoleUser","AccountId":1234567890123456,"Arn":"a","PrincipalId":"p","RoleId":"r"}"#,
        )
        .unwrap();
        assert_eq!(identity.account_id, "1234567890123456");
        assert_eq!(identity.user_id, None);
    }
}
