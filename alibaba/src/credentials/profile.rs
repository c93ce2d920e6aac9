//! Profiles in the file of the vendor's command line (`~/.aliyun/config.json`), in every mode that needs no browser.

use std::path::PathBuf;

use serde::Deserialize;
use url::Url;

use super::cloud_sso::{self, SignIn};
use super::environment::{CREDENTIALS_FILE, PROFILE};
use super::found::{Base, Found, ProfileRegion, Role};
use super::oidc::Token;
use super::sources::SESSION_NAME;
use super::{CREDENTIALS_URI, Credentials, CredentialsError, Sources, uri};
use crate::Secret;
use crate::sts::{AssumeRole, AssumeRoleWithOidc};

#[derive(Deserialize)]
struct File {
    /// The profile that `aliyun configure switch` chose.
    current: Option<String>,
    #[serde(default)]
    profiles: Vec<Profile>,
}

#[derive(Deserialize)]
struct Profile {
    #[serde(default)]
    name: String,
    #[serde(default)]
    mode: String,
    access_key_id: Option<String>,
    access_key_secret: Option<Secret>,
    sts_token: Option<Secret>,
    sts_region: Option<String>,
    /// Of the credentials that a sign-in gave last, in seconds since 1970.
    sts_expiration: Option<i64>,
    region_id: Option<String>,
    ram_role_name: Option<String>,
    ram_role_arn: Option<String>,
    ram_session_name: Option<String>,
    external_id: Option<String>,
    policy: Option<String>,
    expired_seconds: Option<u32>,
    source_profile: Option<String>,
    process_command: Option<String>,
    credentials_uri: Option<String>,
    oidc_provider_arn: Option<String>,
    oidc_token_file: Option<String>,
    cloud_sso_sign_in_url: Option<String>,
    cloud_sso_account_id: Option<String>,
    cloud_sso_access_config: Option<String>,
    access_token: Option<Secret>,
    cloud_sso_access_token_expire: Option<i64>,
}

/// The modes that are supported, as `aliyun configure --mode` takes them, in whatever letter case.
const MODES: &str =
    "AK, StsToken, RamRoleArn, ChainableRamRoleArn, EcsRamRole, External, OIDC, CredentialsURI and CloudSSO";

/// A setting and who made it, for error messages.
struct Named<T> {
    value: T,
    setting: String,
    explicit: bool,
}

/// What the file of profiles gave.
pub(super) enum Loaded {
    Profile(Box<Found>),
    /// There is none, and nobody named one; the text says what was looked for.
    Nothing(String),
}

/// Reads the profile that the settings or the environment name, else the file's current one, else `default`.
pub(super) async fn load(sources: &Sources) -> Result<Loaded, CredentialsError> {
    let named = profile_name(sources);
    let Some(file) = file_path(sources) else {
        return Ok(Loaded::Nothing("found no home directory to look for .aliyun/config.json in".to_owned()));
    };
    let path = file.value.display().to_string();
    let text = match tokio::fs::read(&file.value).await {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && !file.explicit && named.is_none() => {
            return Ok(Loaded::Nothing(format!("for a profile in {path}, which does not exist")));
        }
        Err(error) => {
            return Err(CredentialsError::File { path, setting: file.setting, detail: error.to_string() });
        }
    };
    let parsed: File = serde_json::from_slice(&text).map_err(|error| CredentialsError::File {
        path: path.clone(),
        setting: file.setting.clone(),
        // The parser's message may quote a value of the file, so only the place is told.
        detail: format!("not valid JSON of profiles at line {}, column {}", error.line(), error.column()),
    })?;
    let profile = named.unwrap_or_else(|| current(parsed.current.as_deref()));
    let existing: Vec<String> = parsed.profiles.iter().map(|profile| profile.name.clone()).collect();
    let file = Profiles { path: &path, all: &parsed.profiles, existing, sources };
    match file.all.iter().find(|candidate| candidate.name == profile.value) {
        Some(found) => file.found(found, &mut Vec::new()).map(|found| Loaded::Profile(Box::new(found))),
        None if profile.explicit => Err(file.unknown(profile.value, profile.setting)),
        None => Ok(Loaded::Nothing(format!(
            "for a profile named \"default\" in {path}, which has {}",
            if file.existing.is_empty() {
                "none".to_owned()
            } else {
                format!("only: {}", file.existing.join(", "))
            }
        ))),
    }
}

fn profile_name(sources: &Sources) -> Option<Named<String>> {
    if let Some(name) = sources.profile.clone().filter(|name| !name.is_empty()) {
        return Some(Named { value: name, setting: sources.names.profile.to_owned(), explicit: true });
    }
    let (variable, name) = sources.environment.first(&PROFILE)?;
    Some(Named { value: name, setting: format!("the environment variable {variable}"), explicit: true })
}

/// The profile that is used when nobody names one.
fn current(current: Option<&str>) -> Named<String> {
    match current.filter(|name| !name.is_empty()) {
        Some(name) => {
            Named { value: name.to_owned(), setting: "named as current there".to_owned(), explicit: true }
        }
        None => Named { value: "default".to_owned(), setting: "the default".to_owned(), explicit: false },
    }
}

fn file_path(sources: &Sources) -> Option<Named<PathBuf>> {
    if let Some(path) = sources.credentials_file.as_ref().filter(|path| !path.as_os_str().is_empty()) {
        let setting = sources.names.credentials_file.to_owned();
        return Some(Named { value: in_home(path, sources), setting, explicit: true });
    }
    if let Some((variable, path)) = sources.environment.first(&CREDENTIALS_FILE) {
        let setting = format!("the environment variable {variable}");
        return Some(Named { value: in_home(&PathBuf::from(path), sources), setting, explicit: true });
    }
    let path = home(sources)?.join(".aliyun").join("config.json");
    Some(Named { value: path, setting: "the default location".to_owned(), explicit: false })
}

fn home(sources: &Sources) -> Option<PathBuf> {
    sources.environment.first(&["HOME", "USERPROFILE"]).map(|(_, home)| PathBuf::from(home))
}

/// Replaces a leading `~/` by the home directory, as a shell would.
pub(super) fn in_home(path: &std::path::Path, sources: &Sources) -> PathBuf {
    match (path.strip_prefix("~"), home(sources)) {
        (Ok(rest), Some(home)) => home.join(rest),
        _ => path.to_owned(),
    }
}

/// The profiles of a file.
struct Profiles<'a> {
    path: &'a str,
    all: &'a [Profile],
    existing: Vec<String>,
    sources: &'a Sources,
}

impl Profiles<'_> {
    fn unknown(&self, profile: String, setting: String) -> CredentialsError {
        CredentialsError::UnknownProfile {
            profile,
            setting,
            path: self.path.to_owned(),
            existing: self.existing.clone(),
        }
    }

    fn unusable(&self, profile: &Profile, detail: impl Into<String>) -> CredentialsError {
        CredentialsError::Profile {
            profile: profile.name.clone(),
            path: self.path.to_owned(),
            detail: detail.into(),
        }
    }

    /// A member that the profile's mode cannot do without.
    fn needed(
        &self,
        profile: &Profile,
        member: &str,
        value: &Option<String>,
    ) -> Result<String, CredentialsError> {
        filled(value).ok_or_else(|| self.empty(profile, member))
    }

    fn empty(&self, profile: &Profile, member: &str) -> CredentialsError {
        let (name, mode) = (&profile.name, &profile.mode);
        let mode = if mode.is_empty() { "AK" } else { mode };
        self.unusable(
            profile,
            format!("{member} is empty. Run `aliyun configure --profile {name} --mode {mode}` for it."),
        )
    }

    /// What a profile says; `through` has the profiles that led to this one.
    fn found<'p>(
        &'p self,
        profile: &'p Profile,
        through: &mut Vec<&'p str>,
    ) -> Result<Found, CredentialsError> {
        through.push(&profile.name);
        let region = filled(&profile.region_id);
        let region =
            region.map(|id| ProfileRegion { id, profile: profile.name.clone(), path: self.path.to_owned() });
        let base = |base: Base| Found { base, roles: Vec::new(), region: region.clone() };
        Ok(match profile.mode.to_ascii_lowercase().as_str() {
            "" | "ak" => base(Base::Keys(self.keys(profile, None)?)),
            "ststoken" => {
                let token = profile.sts_token.clone().filter(|token| !token.is_empty());
                let token = token.ok_or_else(|| self.empty(profile, "sts_token"))?;
                base(Base::Keys(self.keys(profile, Some(token))?))
            }
            "ramrolearn" => {
                let token = profile.sts_token.clone().filter(|token| !token.is_empty());
                let role = self.role(profile)?;
                Found { roles: vec![role], ..base(Base::Keys(self.keys(profile, token)?)) }
            }
            "ramrolearnwithrolename" => {
                let role = self.role(profile)?;
                Found { roles: vec![role], ..base(Base::Instance(filled(&profile.ram_role_name))) }
            }
            "chainableramrolearn" => {
                let source = self.needed(profile, "source_profile", &profile.source_profile)?;
                let role = self.role(profile)?;
                let Some(next) = self.all.iter().find(|candidate| candidate.name == source) else {
                    return Err(self.unknown(source, format!("source_profile of {:?}", profile.name)));
                };
                if through.contains(&next.name.as_str()) {
                    let way = through.join(", ");
                    return Err(self.unusable(
                        profile,
                        format!("its source_profile {source:?} leads back to where it began ({way}). Name another one."),
                    ));
                }
                let mut found = self.found(next, through)?;
                found.roles.push(role);
                found.region = region.or(found.region);
                found
            }
            "ecsramrole" => base(Base::Instance(filled(&profile.ram_role_name))),
            "external" => {
                let command = self.needed(profile, "process_command", &profile.process_command)?;
                base(Base::Command { profile: format!("profile {:?}", profile.name), command })
            }
            "oidc" => base(self.oidc(profile)?),
            "credentialsuri" => {
                let own = filled(&profile.credentials_uri);
                let text =
                    own.or_else(|| self.sources.environment.first(&CREDENTIALS_URI).map(|(_, uri)| uri));
                let text = text.ok_or_else(|| self.empty(profile, "credentials_uri"))?;
                let setting = format!("credentials_uri of the profile {:?} in {}", profile.name, self.path);
                base(Base::Uri(uri::check(&setting, &text, self.sources.allow_insecure_http)?))
            }
            "cloudsso" => base(Base::SignIn(Box::new(self.sign_in(profile)?))),
            _ => {
                return Err(self.unusable(
                    profile,
                    format!(
                        "its mode {:?} is not supported here; {MODES} are. Use a profile of one of these modes, or put \
                         temporary credentials into the environment (ALIBABA_CLOUD_ACCESS_KEY_ID, \
                         ALIBABA_CLOUD_ACCESS_KEY_SECRET, ALIBABA_CLOUD_SECURITY_TOKEN).",
                        profile.mode
                    ),
                ));
            }
        })
    }

    fn keys(
        &self,
        profile: &Profile,
        security_token: Option<Secret>,
    ) -> Result<Credentials, CredentialsError> {
        let access_key_id = self.needed(profile, "access_key_id", &profile.access_key_id)?;
        let secret = profile.access_key_secret.clone().filter(|secret| !secret.is_empty());
        let secret = secret.ok_or_else(|| self.empty(profile, "access_key_secret"))?;
        Ok(Credentials { access_key_id, secret, security_token })
    }

    fn role(&self, profile: &Profile) -> Result<Role, CredentialsError> {
        let role = AssumeRole {
            role_arn: self.needed(profile, "ram_role_arn", &profile.ram_role_arn)?,
            role_session_name: session_name(profile),
            duration_seconds: profile.expired_seconds.filter(|seconds| *seconds > 0),
            policy: filled(&profile.policy),
            external_id: filled(&profile.external_id),
        };
        Ok(Role { role, sts_region: filled(&profile.sts_region) })
    }

    fn oidc(&self, profile: &Profile) -> Result<Base, CredentialsError> {
        let role = AssumeRoleWithOidc {
            role_arn: self.needed(profile, "ram_role_arn", &profile.ram_role_arn)?,
            oidc_provider_arn: self.needed(profile, "oidc_provider_arn", &profile.oidc_provider_arn)?,
            role_session_name: session_name(profile),
            duration_seconds: profile.expired_seconds.filter(|seconds| *seconds > 0),
            policy: filled(&profile.policy),
        };
        let file = self.needed(profile, "oidc_token_file", &profile.oidc_token_file)?;
        let token = Token::File(in_home(&PathBuf::from(file), self.sources));
        Ok(Base::Oidc { role, token, sts_region: filled(&profile.sts_region) })
    }

    fn sign_in(&self, profile: &Profile) -> Result<SignIn, CredentialsError> {
        let url = self.needed(profile, "cloud_sso_sign_in_url", &profile.cloud_sso_sign_in_url)?;
        let setting = format!("cloud_sso_sign_in_url of the profile {:?} in {}", profile.name, self.path);
        let url: Url = uri::check(&setting, &url, self.sources.allow_insecure_http)?;
        let token = profile.access_token.clone().filter(|token| !token.is_empty());
        let keys = self.keys(profile, profile.sts_token.clone().filter(|token| !token.is_empty())).ok();
        let keys = keys.filter(|keys| keys.security_token.is_some());
        Ok(SignIn {
            profile: profile.name.clone(),
            url,
            account: self.needed(profile, "cloud_sso_account_id", &profile.cloud_sso_account_id)?,
            access_configuration: self.needed(
                profile,
                "cloud_sso_access_config",
                &profile.cloud_sso_access_config,
            )?,
            token: token.ok_or_else(|| self.empty(profile, "access_token"))?,
            token_ends: profile.cloud_sso_access_token_expire.unwrap_or_default(),
            kept: keys.zip(profile.sts_expiration).and_then(|(keys, ends)| cloud_sso::kept(keys, ends)),
        })
    }
}

fn filled(text: &Option<String>) -> Option<String> {
    text.clone().filter(|text| !text.is_empty())
}

fn session_name(profile: &Profile) -> String {
    filled(&profile.ram_session_name).unwrap_or_else(|| SESSION_NAME.to_owned())
}
