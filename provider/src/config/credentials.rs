//! Where the provider block says that credentials come from: its blocks for roles, and all of it as sources.

use alibaba::Secret;
use alibaba::credentials::{Environment, OidcRole, SourceNames, Sources};
use alibaba::sts::AssumeRole;
use plugin::{Attr, Model};
use std::path::PathBuf;

use super::ProviderConfig;

/// A role to take on.
#[derive(Debug, Clone, Default, Model)]
pub struct AssumeRoleBlock {
    /// ARN of the role, `acs:ram::<account id>:role/<name>`. An empty text takes on no role, also none of the environment.
    #[attr(
        required,
        check = role_arn
    )]
    pub role_arn: Attr<String>,
    /// Name of the session, which the audit trail shows. Also `ALICLOUD_ASSUME_ROLE_SESSION_NAME` or
    /// `ALIBABA_CLOUD_ROLE_SESSION_NAME`. Default: `terraform`.
    #[attr(optional, check = session_name)]
    pub session_name: Attr<String>,
    /// Seconds that a session lasts, 900 at least and the role's maximum session duration at most; before it ends, the role
    /// is taken on anew. Also `ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION`. Default: 3600.
    #[attr(optional, check = session_expiration)]
    pub session_expiration: Attr<i64>,
    /// External id that the role's trust policy asks for.
    #[attr(optional, check = external_id)]
    pub external_id: Attr<String>,
    /// Policy document in JSON that narrows what the session may do; at most 2048 characters.
    #[attr(optional, check = policy)]
    pub policy: Attr<String>,
}

/// A role to take on with the token of an identity provider.
#[derive(Debug, Clone, Default, Model)]
pub struct AssumeRoleWithOidcBlock {
    /// ARN of the role. Also `ALIBABA_CLOUD_ROLE_ARN`.
    #[attr(optional, check = role_arn)]
    pub role_arn: Attr<String>,
    /// ARN of the identity provider, `acs:ram::<account id>:oidc-provider/<name>`. Also `ALIBABA_CLOUD_OIDC_PROVIDER_ARN`.
    #[attr(optional, check = oidc_provider_arn)]
    pub oidc_provider_arn: Attr<String>,
    /// The token. It goes before `oidc_token_file`. Also `ALIBABA_CLOUD_OIDC_TOKEN`.
    #[attr(optional, sensitive)]
    pub oidc_token: Attr<String>,
    /// File with the token, which is read again whenever the role is taken on. Also `ALIBABA_CLOUD_OIDC_TOKEN_FILE`.
    #[attr(optional)]
    pub oidc_token_file: Attr<String>,
    /// Name of the session, which the audit trail shows. Also `ALIBABA_CLOUD_ROLE_SESSION_NAME`. Default: `terraform`.
    #[attr(optional, check = session_name)]
    pub role_session_name: Attr<String>,
    /// Seconds that a session lasts, 900 at least and the role's maximum session duration at most. Default: 3600.
    #[attr(optional, check = session_expiration)]
    pub session_expiration: Attr<i64>,
    /// Policy document in JSON that narrows what the session may do; at most 2048 characters.
    #[attr(optional, check = policy)]
    pub policy: Attr<String>,
}

/// Parts of an ARN of RAM, if it is one of this kind.
fn arn_of<'t>(text: &'t str, kind: &str) -> Option<(&'t str, &'t str)> {
    let (account, rest) = text.strip_prefix("acs:ram::")?.split_once(':')?;
    let name = rest.strip_prefix(kind)?.strip_prefix('/')?;
    let is_account = !account.is_empty() && account.bytes().all(|byte| byte.is_ascii_digit());
    (is_account && !name.is_empty()).then_some((account, name))
}

fn role_arn(text: &str) -> Result<(), String> {
    if text.is_empty() || arn_of(text, "role").is_some() {
        return Ok(());
    }
    Err(format!(
        "{text:?} is not the ARN of a role. Write acs:ram::<account id>:role/<role name>, as the RAM console shows it."
    ))
}

/// A role of an account: its name, or an ARN in that account.
pub(super) fn role_name_or_arn(role: &str, account: &str) -> Result<(), String> {
    if !role.starts_with("acs:") {
        return super::role_name(role);
    }
    role_arn(role)?;
    match arn_of(role, "role") {
        Some((of, _)) if of != account => {
            Err(format!("The role {role:?} is in account {of}, and it is the entry of account {account}."))
        }
        _ => Ok(()),
    }
}

fn oidc_provider_arn(text: &str) -> Result<(), String> {
    if arn_of(text, "oidc-provider").is_some() {
        return Ok(());
    }
    Err(format!(
        "{text:?} is not the ARN of an identity provider. Write acs:ram::<account id>:oidc-provider/<name>, as the RAM \
         console shows it."
    ))
}

/// The rules of STS for RoleSessionName.
fn session_name(text: &str) -> Result<(), String> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b".@_-".contains(&byte);
    if (2..=64).contains(&text.len()) && text.bytes().all(allowed) {
        return Ok(());
    }
    Err(format!(
        "{text:?} is no session name. Use 2 to 64 letters, digits, periods, at signs, hyphens and underscores."
    ))
}

/// The longest session that a role can be set to allow is twelve hours.
fn session_expiration(seconds: &i64) -> Result<(), String> {
    if (900..=43_200).contains(seconds) {
        return Ok(());
    }
    Err(format!(
        "A session cannot last {seconds} seconds. Use 900 to 43200, and no more than the role allows."
    ))
}

/// The rules of STS for ExternalId.
fn external_id(text: &str) -> Result<(), String> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=,.@:/-".contains(&byte);
    if (2..=1224).contains(&text.len()) && text.bytes().all(allowed) {
        return Ok(());
    }
    Err("An external id has 2 to 1224 characters: letters, digits and _ + = , . @ : / -.".to_owned())
}

fn policy(text: &str) -> Result<(), String> {
    if text.chars().count() > 2048 {
        return Err(format!("The policy has {} characters. STS takes 2048 at most.", text.chars().count()));
    }
    match serde_json::from_str::<serde_json::Value>(text) {
        Ok(document) if document["Statement"].is_array() => Ok(()),
        Ok(_) => {
            Err("The policy has no list of statements (Statement). Use jsonencode() on a policy document."
                .to_owned())
        }
        Err(error) => {
            Err(format!("The policy is not JSON ({error}). Use jsonencode() on a policy document."))
        }
    }
}

fn seconds(value: &Attr<i64>) -> Option<u32> {
    value.get().and_then(|seconds| u32::try_from(*seconds).ok())
}

impl ProviderConfig {
    pub(super) fn sources(&self, environment: &Environment) -> Sources {
        let text = |value: &Attr<String>| value.as_str().map(str::to_owned);
        let secret = |value: &Attr<String>| value.as_str().map(Secret::from);
        let roles = self.assume_role.get().filter(|blocks| !blocks.is_empty());
        Sources {
            names: SourceNames {
                access_key_id: "the argument access_key",
                secret: "the argument secret_key",
                security_token: "the argument security_token",
                profile: "the argument profile",
                credentials_file: "the argument shared_credentials_file",
                oidc: "the block assume_role_with_oidc",
                credentials_uri: "the argument credentials_uri",
            },
            access_key_id: text(&self.access_key),
            secret: secret(&self.secret_key),
            security_token: secret(&self.security_token),
            profile: text(&self.profile),
            credentials_file: self.shared_credentials_file.as_str().map(PathBuf::from),
            oidc: self.assume_role_with_oidc.get().map(|block| OidcRole {
                role_arn: text(&block.role_arn),
                oidc_provider_arn: text(&block.oidc_provider_arn),
                token: secret(&block.oidc_token),
                token_file: block.oidc_token_file.as_str().map(PathBuf::from),
                session_name: text(&block.role_session_name),
                duration_seconds: seconds(&block.session_expiration),
                policy: text(&block.policy),
            }),
            ecs_role_name: text(&self.ecs_role_name),
            credentials_uri: text(&self.credentials_uri),
            roles: roles.map(|blocks| blocks.iter().map(AssumeRoleBlock::role).collect()),
            allow_insecure_http: self.allows_insecure_http(),
            environment: environment.clone(),
        }
    }
}

impl AssumeRoleBlock {
    fn role(&self) -> AssumeRole {
        let text = |value: &Attr<String>| value.as_str().map(str::to_owned);
        AssumeRole {
            role_arn: text(&self.role_arn).unwrap_or_default(),
            role_session_name: text(&self.session_name).unwrap_or_default(),
            duration_seconds: seconds(&self.session_expiration),
            policy: text(&self.policy),
            external_id: text(&self.external_id),
        }
    }
}
