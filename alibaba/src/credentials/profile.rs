//! Profiles in the file of the vendor's command line (`~/.aliyun/config.json`).

use std::path::PathBuf;

use serde::Deserialize;

use super::environment::{CREDENTIALS_FILE, PROFILE};
use super::{Credentials, CredentialsError, Found, ProfileRegion, Sources};
use crate::Secret;

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
    region_id: Option<String>,
}

/// A setting and who made it, for error messages.
struct Named<T> {
    value: T,
    setting: String,
    explicit: bool,
}

/// Reads the profile that the settings or the environment name, else the file's current one, else `default`.
pub(super) async fn load(sources: &Sources) -> Result<Found, CredentialsError> {
    let named = profile_name(sources);
    let Some(file) = file_path(sources) else {
        return Err(CredentialsError::NotFound {
            profile: "found no home directory to look for .aliyun/config.json in".to_owned(),
        });
    };
    let path = file.value.display().to_string();
    let text = match tokio::fs::read(&file.value).await {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && !file.explicit && named.is_none() => {
            return Err(CredentialsError::NotFound {
                profile: format!("for a profile in {path}, which does not exist"),
            });
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
    match parsed.profiles.into_iter().find(|candidate| candidate.name == profile.value) {
        Some(found) => found.found(&path),
        None if profile.explicit => Err(CredentialsError::UnknownProfile {
            profile: profile.value,
            setting: profile.setting,
            path,
            existing,
        }),
        None => Err(CredentialsError::NotFound {
            profile: format!(
                "for a profile named \"default\" in {path}, which has {}",
                if existing.is_empty() {
                    "none".to_owned()
                } else {
                    format!("only: {}", existing.join(", "))
                }
            ),
        }),
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
fn in_home(path: &std::path::Path, sources: &Sources) -> PathBuf {
    match (path.strip_prefix("~"), home(sources)) {
        (Ok(rest), Some(home)) => home.join(rest),
        _ => path.to_owned(),
    }
}

impl Profile {
    fn found(self, path: &str) -> Result<Found, CredentialsError> {
        let region = self.region_id.clone().filter(|id| !id.is_empty());
        let region = region.map(|id| ProfileRegion { id, profile: self.name.clone(), path: path.to_owned() });
        Ok(Found { credentials: self.credentials(path)?, region })
    }

    fn credentials(self, path: &str) -> Result<Credentials, CredentialsError> {
        let unusable = |detail: String| CredentialsError::Profile {
            profile: self.name.clone(),
            path: path.to_owned(),
            detail,
        };
        let token = match self.mode.as_str() {
            "" | "AK" => None,
            "StsToken" => Some(self.sts_token.clone().filter(|token| !token.is_empty()).ok_or_else(|| {
                unusable("its mode is StsToken but sts_token is empty. Run `aliyun configure --mode StsToken`.".to_owned())
            })?),
            mode => {
                return Err(unusable(format!(
                    "its mode {mode:?} is not supported here; AK and StsToken are. Use a profile of one of these modes, \
                     or put temporary credentials into the environment (ALIBABA_CLOUD_ACCESS_KEY_ID, \
                     ALIBABA_CLOUD_ACCESS_KEY_SECRET, ALIBABA_CLOUD_SECURITY_TOKEN)."
                )));
            }
        };
        let id = self.access_key_id.clone().filter(|id| !id.is_empty());
        let secret = self.access_key_secret.clone().filter(|secret| !secret.is_empty());
        match (id, secret) {
            (Some(access_key_id), Some(secret)) => {
                Ok(Credentials { access_key_id, secret, security_token: token })
            }
            (None, _) => Err(unusable("access_key_id is empty. Run `aliyun configure` for it.".to_owned())),
            (_, None) => {
                Err(unusable("access_key_secret is empty. Run `aliyun configure` for it.".to_owned()))
            }
        }
    }
}
