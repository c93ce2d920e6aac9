//! The environment of a command that runs on the mock: nothing in it leads to the real cloud, neither to its hosts nor to
//! anybody's keys, roles or credentials files, and everything that tools look for says the keys of the mock.
//!
//! The names are those that the provider, the alicloud provider, the vendor's SDKs, `aliyun`, `ossutil` and `aliyunlog`
//! read, from their documentation and source.

use std::ffi::OsString;
use std::fs;
use std::io;

use mock_cloud::Ready;
use serde_json::json;
use tempfile::TempDir;
use test_kit::cloud_variables::is_of_the_cloud;

use super::authority::CaFiles;
use super::proxy_variables::{self, NO_PROXY, exceptions};

/// Settings that are as good on the mock: a region, and whether regions are checked.
const KEPT: [&str; 7] = [
    "ALICLOUD_REGION",
    "ALIBABA_CLOUD_REGION",
    "ALICLOUD_REGION_ID",
    "ALIBABA_CLOUD_REGION_ID",
    "ALIBABACLOUD_REGION_ID",
    "OSS_REGION",
    "ALICLOUD_SKIP_REGION_VALIDATION",
];

const ACCESS_KEY_ID: [&str; 6] = [
    "ALICLOUD_ACCESS_KEY",
    "ALICLOUD_ACCESS_KEY_ID",
    "ALIBABA_CLOUD_ACCESS_KEY_ID",
    "ALIBABACLOUD_ACCESS_KEY_ID",
    "OSS_ACCESS_KEY_ID",
    "ALIYUN_LOG_CLI_ACCESSID",
];
const SECRET: [&str; 6] = [
    "ALICLOUD_SECRET_KEY",
    "ALICLOUD_ACCESS_KEY_SECRET",
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
    "ALIBABACLOUD_ACCESS_KEY_SECRET",
    "OSS_ACCESS_KEY_SECRET",
    "ALIYUN_LOG_CLI_ACCESSKEY",
];
const REGION: [&str; 2] = ["ALICLOUD_REGION", "ALIBABA_CLOUD_REGION"];
/// The region where none is set.
const DEFAULT_REGION: &str = "cn-hangzhou";
/// No other credentials after the environment: not the profiles in the home directory, not the role of the machine.
const SWITCHES: [(&str, &str); 3] = [
    ("ALIBABA_CLOUD_IGNORE_PROFILE", "TRUE"),
    ("ALIBABA_CLOUD_CLI_PROFILE_DISABLED", "true"),
    ("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true"),
];
/// Where tools look for a file of profiles instead of the home directory, which has to stay as it is.
const PROFILES: [&str; 3] =
    ["ALICLOUD_SHARED_CREDENTIALS_FILE", "ALIBABA_CLOUD_CREDENTIALS_FILE", "ALIBABA_CLOUD_CONFIG_FILE"];
const PROXY: [&str; 6] = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"];

/// Whether a variable can lead to the real cloud, as its settings do but for the harmless ones.
pub(super) fn leads_to_the_cloud(name: &str) -> bool {
    is_of_the_cloud(name) && !KEPT.contains(&name)
}

/// Files that stand in for those of the home directory; removed when dropped.
#[derive(Debug)]
pub(super) struct CredentialFiles(TempDir);

impl CredentialFiles {
    /// Writes them: profiles in the form of `aliyun`, of which `default` has the mock's keys, and a configuration of
    /// `ossutil` that says nothing.
    pub(super) fn write(ready: &Ready) -> io::Result<Self> {
        let folder = tempfile::Builder::new().prefix("alitrail-mock-").tempdir()?;
        let profile = json!({
            "name": "default",
            "mode": "AK",
            "access_key_id": ready.access_key,
            "access_key_secret": ready.secret_key,
            "region_id": DEFAULT_REGION,
        });
        let files = Self(folder);
        fs::write(files.profiles(), json!({ "current": "default", "profiles": [profile] }).to_string())?;
        fs::write(files.ossutil(), "[default]\n")?;
        Ok(files)
    }

    fn profiles(&self) -> OsString {
        self.0.path().join("config.json").into()
    }

    fn ossutil(&self) -> OsString {
        self.0.path().join("ossutilconfig").into()
    }
}

/// What the command's environment says about the mock; `given` is the environment that there is.
pub(super) fn variables(
    ready: &Ready,
    files: &CredentialFiles,
    trust: Option<&CaFiles>,
    given: impl Fn(&str) -> Option<OsString>,
) -> Vec<(&'static str, OsString)> {
    let given = |name: &str| given(name).filter(|value| !value.is_empty());
    let mut all: Vec<(&'static str, OsString)> = vec![
        ("ALITRAIL_ENDPOINT_URL", ready.endpoint_url.clone().into()),
        ("ALITRAIL_MOCK_ADMIN_URL", ready.admin_url.clone().into()),
        ("OSSUTIL_CONFIG_FILE", files.ossutil()),
    ];
    let token = ready.admin_token.iter().map(|token| (super::ADMIN_TOKEN, token.expose().into()));
    all.extend(token);
    all.extend(ACCESS_KEY_ID.map(|name| (name, ready.access_key.clone().into())));
    all.extend(SECRET.map(|name| (name, ready.secret_key.clone().into())));
    all.extend(SWITCHES.map(|(name, value)| (name, value.into())));
    all.extend(PROFILES.map(|name| (name, files.profiles())));
    if REGION.iter().all(|name| given(name).is_none()) {
        all.extend(REGION.map(|name| (name, DEFAULT_REGION.into())));
    }
    if let Some(trust) = trust {
        all.extend(proxy_variables::variables(ready, trust, given));
    } else if PROXY.iter().any(|name| given(name).is_some()) {
        let without = exceptions(ready, NO_PROXY.iter().filter_map(|name| given(name)).collect());
        all.extend(NO_PROXY.map(|name| (name, without.clone())));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ready() -> Ready {
        Ready {
            endpoint_url: "http://127.0.0.1:1".into(),
            access_key: "mock-id".into(),
            secret_key: "mock-secret".into(),
            account_id: "1".into(),
            admin_url: "http://0.0.0.0:2".into(),
            admin_token: None,
        }
    }

    /// The value of a variable where some are given.
    fn value(name: &str, given: &[(&str, &str)]) -> Option<String> {
        let files = CredentialFiles::write(&ready()).unwrap();
        let given = |name: &str| given.iter().find(|(key, _)| *key == name).map(|(_, value)| value.into());
        let all = variables(&ready(), &files, None, given);
        all.into_iter().find(|(key, _)| *key == name).map(|(_, value)| value.into_string().unwrap())
    }

    #[test]
    fn a_region_of_the_environment_is_kept() {
        assert_eq!(value("ALIBABA_CLOUD_REGION", &[]), Some("cn-hangzhou".into()));
        assert_eq!(value("ALIBABA_CLOUD_REGION", &[("ALICLOUD_REGION", "cn-beijing")]), None);
        assert!(KEPT.iter().all(|name| !leads_to_the_cloud(name)));
    }

    #[test]
    fn the_mock_is_not_asked_through_a_proxy() {
        assert_eq!(value("NO_PROXY", &[("NO_PROXY", "intranet")]), None, "no proxy, no exceptions");
        let proxied = [("https_proxy", "http://proxy:3128"), ("no_proxy", "intranet")];
        for name in NO_PROXY {
            let exceptions = value(name, &proxied);
            assert_eq!(exceptions.as_deref(), Some("intranet,127.0.0.1,localhost,::1,0.0.0.0"), "{name}");
        }
    }

    #[test]
    fn other_programs_keep_their_variables() {
        for name in
            ["HOME", "PATH", "AWS_ENDPOINT_URL", "VAULT_ENDPOINT", "TF_VAR_region", "TF_DATA_DIR", "OSSIFY"]
        {
            assert!(!leads_to_the_cloud(name), "{name}");
        }
    }
}
