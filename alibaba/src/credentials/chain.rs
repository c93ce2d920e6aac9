//! The usual sources in the usual order, and the roles that are taken on with what they give.

use std::sync::Arc;

use tokio::sync::OnceCell;
use url::Url;

use super::cloud_sso::CloudSso;
use super::external::External;
use super::family::Family;
use super::fetch::shown;
use super::found::{Base, Found, ProfileRegion, Role};
use super::metadata::{ADDRESS, Discovery, Metadata};
use super::oidc::{OidcSource, Token};
use super::refresh::Refreshing;
use super::role::RoleSource;
use super::sources::{OidcRole, SESSION_NAME, Sources};
use super::uri::{self, CredentialsUri};
use super::{
    ASSUME_ROLE, CREDENTIALS_URI, Credentials, CredentialsError, CredentialsProvider, ECS_ROLE_NAME,
    METADATA_DISABLED, METADATA_URL, OIDC, PROFILES_DISABLED, profile,
};
use crate::config::Config;
use crate::core::session::Session;
use crate::error::Error;
use crate::sts::{AssumeRole, AssumeRoleWithOidc};

/// The default chain: the first source that is set decides, and if it is unusable that is an error, never a reason to
/// quietly go on as somebody else. What is stated goes before every environment variable, and among variables keys go
/// before profiles:
///
/// 1. what the caller states, in this order: keys, a role by OIDC, a profile or its file, the role of the instance, a
///    credentials URI
/// 2. keys of the environment
/// 3. a role by OIDC of the environment
/// 4. the profile that the environment names, else the file's `current` one, else the one called `default`
/// 5. the role of the instance: the one that the environment names, else the one that the metadata service knows
/// 6. the credentials URI of the environment
///
/// On top of that come the roles that are to be taken on. Only the metadata service is a source that may be absent without
/// an error, when nobody named a role of it.
#[derive(Debug, Clone)]
pub struct Chain {
    sources: Sources,
    found: Arc<OnceCell<Found>>,
    /// How sources are reached that have to be called.
    settings: Option<Box<Config>>,
    provider: Arc<OnceCell<Arc<dyn CredentialsProvider>>>,
}

impl Chain {
    /// A chain over what the user set. Nothing is read before the first call.
    pub fn new(sources: Sources) -> Self {
        Self { sources, found: Arc::default(), settings: None, provider: Arc::default() }
    }

    /// The same chain, whose sources are called with these settings: endpoints, region, times, certificates. The credentials
    /// in them are not used.
    #[must_use]
    pub fn with_settings(&self, settings: &Config) -> Self {
        Self { settings: Some(Box::new(settings.clone())), provider: Arc::default(), ..self.clone() }
    }

    /// The region of the profile that the credentials are from; none when they are from elsewhere, because a profile that
    /// is not used says nothing about another account's region. Reads the environment and files, and calls nothing.
    ///
    /// # Errors
    /// When the settings cannot give credentials.
    pub async fn region(&self) -> Result<Option<ProfileRegion>, CredentialsError> {
        Ok(self.resolved().await?.region.clone())
    }

    /// Where the credentials come from and what is taken on with them, for people and logs. Calls nothing and shows no secret.
    ///
    /// # Errors
    /// When the settings cannot give credentials.
    pub async fn describe(&self) -> Result<String, CredentialsError> {
        let found = self.resolved().await?;
        let address = || self.metadata_address().map(|url| shown(&url));
        let mut text = match &found.base {
            Base::Keys(_) => "an access key".to_owned(),
            Base::Oidc { role, token, .. } => {
                let from = match token {
                    Token::Given(_) => "a token".to_owned(),
                    Token::File(path) => format!("the token in {}", path.display()),
                };
                let AssumeRoleWithOidc { role_arn, oidc_provider_arn, role_session_name, .. } = role;
                format!(
                    "{from} of {oidc_provider_arn}, with which the role {role_arn} is assumed as {role_session_name}"
                )
            }
            Base::Instance(Some(role)) => format!("the role {role} of the instance, from {}", address()?),
            Base::Instance(None) => format!("the role of the instance, from {}", address()?),
            Base::Discover { uri: None, .. } => {
                format!("the role of the instance, if it has one, from {}", address()?)
            }
            Base::Discover { uri: Some(uri), .. } => {
                format!(
                    "the role of the instance, if it has one, from {}, or else {}",
                    address()?,
                    shown(uri)
                )
            }
            Base::Uri(uri) => format!("the credentials URI {}", shown(uri)),
            Base::Command { profile, .. } => format!("the command of the {profile}"),
            Base::SignIn(sign_in) => format!("the CloudSSO sign-in of the profile {:?}", sign_in.profile),
        };
        for Role { role, .. } in &found.roles {
            text.push_str(&format!(", then the role {} as {}", role.role_arn, role.role_session_name));
            if let Some(seconds) = role.duration_seconds {
                text.push_str(&format!(" for {seconds} s"));
            }
        }
        Ok(text)
    }

    async fn resolved(&self) -> Result<&Found, CredentialsError> {
        self.found.get_or_try_init(|| self.find()).await
    }

    async fn find(&self) -> Result<Found, CredentialsError> {
        let mut found = self.find_base().await?;
        found.roles.extend(self.roles(&found)?);
        Ok(found)
    }

    async fn find_base(&self) -> Result<Found, CredentialsError> {
        let Sources { environment, names, .. } = &self.sources;
        let filled = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        if let Some(credentials) = self.stated().credentials()? {
            return Ok(Base::Keys(credentials).into());
        }
        if let Some(role) = &self.sources.oidc {
            return Ok(self.oidc(role, names.oidc)?.into());
        }
        if self.sources.names_profile() {
            return match profile::load(&self.sources).await? {
                profile::Loaded::Profile(found) => Ok(*found),
                profile::Loaded::Nothing(looked_at) => Err(not_found(&looked_at)),
            };
        }
        if let Some(role) = filled(&self.sources.ecs_role_name) {
            return Ok(Base::Instance(Some(role)).into());
        }
        if let Some(text) = filled(&self.sources.credentials_uri) {
            return Ok(Base::Uri(self.uri(names.credentials_uri, &text)?).into());
        }
        if let Some(credentials) = environment.credentials()? {
            return Ok(Base::Keys(credentials).into());
        }
        if environment.first(&OIDC[..3]).is_some() {
            return Ok(self.oidc(&OidcRole::default(), "OIDC in the environment")?.into());
        }
        let looked_at = if environment.is_true(PROFILES_DISABLED) {
            format!("for no profile, because {PROFILES_DISABLED} is true")
        } else {
            match profile::load(&self.sources).await? {
                profile::Loaded::Profile(found) => return Ok(*found),
                profile::Loaded::Nothing(looked_at) => looked_at,
            }
        };
        self.instance_or_uri(looked_at)
    }

    /// What comes after the profiles.
    fn instance_or_uri(&self, looked_at: String) -> Result<Found, CredentialsError> {
        let environment = &self.sources.environment;
        let uri = environment.first(&CREDENTIALS_URI);
        let uri = uri
            .map(|(name, text)| self.uri(&format!("the environment variable {name}"), &text))
            .transpose()?;
        let base = match (environment.is_true(METADATA_DISABLED), environment.first(&ECS_ROLE_NAME), uri) {
            (false, Some((_, role)), _) => Base::Instance(Some(role)),
            (false, None, uri) => Base::Discover { uri, looked_at },
            (true, _, Some(uri)) => Base::Uri(uri),
            (true, _, None) => return Err(not_found(&looked_at)),
        };
        Ok(base.into())
    }

    /// The keys among the arguments.
    fn stated(&self) -> Family {
        let names = self.sources.names;
        Family {
            id: self.sources.access_key_id.clone(),
            secret: self.sources.secret.clone(),
            token: self.sources.security_token.clone(),
            names: [names.access_key_id, names.secret, names.security_token].map(str::to_owned),
        }
    }

    /// A role by OIDC, what is unset of it from the environment.
    fn oidc(&self, role: &OidcRole, of: &str) -> Result<Base, CredentialsError> {
        let environment = &self.sources.environment;
        let text = |stated: &Option<String>, variable: &str| {
            stated.clone().filter(|text| !text.is_empty()).or_else(|| environment.get(variable))
        };
        let needed = |stated: &Option<String>, what: &str, variable: &str| {
            text(stated, variable).ok_or_else(|| CredentialsError::Missing {
                of: of.to_owned(),
                missing: format!("{what} ({variable} in the environment)"),
            })
        };
        let [provider, token, token_file, role_arn, session] = OIDC;
        let stated = role.token.clone().filter(|token| !token.is_empty()).map(Token::Given);
        let stated = stated.or_else(|| {
            let file = role.token_file.clone().filter(|path| !path.as_os_str().is_empty());
            file.map(|path| Token::File(profile::in_home(&path, &self.sources)))
        });
        let of_environment = || {
            let given = environment.get(token).map(|token| Token::Given(token.into()));
            given.or_else(|| environment.get(token_file).map(|path| Token::File(path.into())))
        };
        let found = stated.or_else(of_environment).ok_or_else(|| CredentialsError::Missing {
            of: of.to_owned(),
            missing: format!("a token or a file with it ({token} or {token_file} in the environment)"),
        })?;
        let role = AssumeRoleWithOidc {
            role_arn: needed(&role.role_arn, "the ARN of the role", role_arn)?,
            oidc_provider_arn: needed(&role.oidc_provider_arn, "the ARN of the OIDC IdP", provider)?,
            role_session_name: text(&role.session_name, session).unwrap_or_else(|| SESSION_NAME.to_owned()),
            duration_seconds: role.duration_seconds,
            policy: role.policy.clone().filter(|policy| !policy.is_empty()),
        };
        Ok(Base::Oidc { role, token: found, sts_region: None })
    }

    /// The roles that are taken on with the first credentials.
    fn roles(&self, found: &Found) -> Result<Vec<Role>, CredentialsError> {
        let environment = &self.sources.environment;
        let [arn, session, seconds] = ASSUME_ROLE;
        let session_name =
            || environment.first(session).map_or_else(|| SESSION_NAME.to_owned(), |(_, name)| name);
        let duration = match environment.first(seconds) {
            None => None,
            Some((name, text)) => Some(text.parse::<u32>().map_err(|_| CredentialsError::Invalid {
                setting: format!("the environment variable {name}"),
                detail: format!("is {text:?}, which is no number of seconds. Write one such as 3600."),
            })?),
        };
        let completed = |role: &AssumeRole| {
            let mut role = role.clone();
            if role.role_session_name.is_empty() {
                role.role_session_name = session_name();
            }
            role.duration_seconds = role.duration_seconds.or(duration);
            Role { role, sts_region: None }
        };
        if let Some(roles) = &self.sources.roles {
            return Ok(roles.iter().filter(|role| !role.role_arn.is_empty()).map(completed).collect());
        }
        // With an identity provider in the environment, the role there is the one that its token is for.
        let names = if environment.get(OIDC[0]).is_some() { &arn[..1] } else { arn };
        let of_environment = environment.first(names).map(|(_, role_arn)| role_arn);
        let is_taken_on =
            |role_arn: &String| matches!(&found.base, Base::Oidc { role, .. } if role.role_arn == *role_arn);
        let role = of_environment.filter(|role_arn| !is_taken_on(role_arn));
        Ok(role
            .map(|role_arn| completed(&AssumeRole { role_arn, ..AssumeRole::default() }))
            .into_iter()
            .collect())
    }

    fn uri(&self, setting: &str, text: &str) -> Result<Url, CredentialsError> {
        uri::check(setting, text, self.sources.allow_insecure_http)
    }

    fn metadata_address(&self) -> Result<Url, CredentialsError> {
        let environment = &self.sources.environment;
        let own = environment.get(METADATA_URL);
        let bad = |error: String| CredentialsError::Invalid {
            setting: format!("the environment variable {METADATA_URL}"),
            detail: format!("is not an address: {error}. Write one such as {ADDRESS}."),
        };
        let url = Url::parse(own.as_deref().unwrap_or(ADDRESS)).map_err(|error| bad(error.to_string()))?;
        match url.scheme() {
            "http" | "https" if url.has_host() => Ok(url),
            _ => Err(bad("only http:// and https:// are possible".to_owned())),
        }
    }

    async fn made(&self) -> Result<&Arc<dyn CredentialsProvider>, CredentialsError> {
        let found = self.resolved().await?;
        self.provider.get_or_try_init(|| async { self.make(found) }).await
    }

    /// Makes what gives the credentials. Calls nothing.
    fn make(&self, found: &Found) -> Result<Arc<dyn CredentialsProvider>, CredentialsError> {
        // Whose credentials these settings have is of no account: every source has its own.
        let nobody = || Config::new(Credentials::new("", ""));
        let settings = self.settings.as_deref().cloned().unwrap_or_else(nobody);
        let settings =
            Config { credentials: Arc::new(Credentials::new("", "")), account_id: None, ..settings };
        let unusable =
            |error| CredentialsError::call("the settings", "reading them", Error::Endpoint(error), "");
        let base: Arc<dyn CredentialsProvider> = match found.base.clone() {
            Base::Keys(credentials) => Arc::new(credentials),
            Base::Oidc { role, token, sts_region } => {
                let source =
                    OidcSource::new(&settings, sts_region.as_deref(), role, token).map_err(unusable)?;
                Arc::new(Refreshing::new(source))
            }
            Base::Instance(role) => {
                Arc::new(Refreshing::new(Metadata::new(&settings, self.metadata_address()?, role)))
            }
            Base::Discover { uri, looked_at } => {
                let metadata = Metadata::new(&settings, self.metadata_address()?, None);
                let next = uri.map(|url| -> Arc<dyn CredentialsProvider> {
                    Arc::new(Refreshing::new(CredentialsUri::new(&settings, url)))
                });
                Arc::new(Discovery::new(metadata, next, looked_at))
            }
            Base::Uri(url) => Arc::new(Refreshing::new(CredentialsUri::new(&settings, url))),
            Base::Command { profile, command } => {
                let source =
                    External::new(profile.clone(), &command).map_err(|detail| CredentialsError::Invalid {
                        setting: format!("process_command of the {profile}"),
                        detail: format!("is no command: {detail}. Correct it in the profile."),
                    })?;
                Arc::new(Refreshing::new(source))
            }
            Base::SignIn(sign_in) => Arc::new(Refreshing::new(CloudSso::new(&settings, *sign_in))),
        };
        found.roles.iter().try_fold(base, |credentials, Role { role, sts_region }| {
            let caller = Session::new(Config { credentials, ..settings.clone() }).map_err(unusable)?;
            let source = RoleSource::new(&caller, sts_region.as_deref(), role.clone());
            Ok(Arc::new(Refreshing::new(source)) as Arc<dyn CredentialsProvider>)
        })
    }
}

/// Nothing is set, and this was looked at last.
fn not_found(looked_at: &str) -> CredentialsError {
    CredentialsError::NotFound { looked_at: format!("and {looked_at}") }
}

#[async_trait::async_trait]
impl CredentialsProvider for Chain {
    async fn credentials(&self) -> Result<Credentials, CredentialsError> {
        self.made().await?.credentials().await
    }
}
