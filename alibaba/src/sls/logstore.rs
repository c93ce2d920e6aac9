//! Logstores.
//!
//! The mixed spelling of the fields (`hot_ttl` beside `autoSplit`) is the service's own.

use http::Method;
use serde::{Deserialize, Serialize};

use super::call::{Call, Sls, logstore_path};
use crate::core::answer::{Answer, Unexpected, is_last, names, there};
use crate::core::lenient;
use crate::error::Error;

/// What is sent to make or change a logstore. What is unset is not sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LogstoreSettings {
    /// The name, unique in the project.
    pub logstore_name: String,
    /// Days until logs are deleted; 3650 keeps them for good.
    pub ttl: i64,
    /// Days in hot storage.
    #[serde(rename = "hot_ttl", skip_serializing_if = "Option::is_none")]
    pub hot_ttl: Option<i64>,
    /// Days in infrequent-access storage. An update clears it with 0, together with the days in hot storage.
    #[serde(rename = "infrequentAccessTTL", skip_serializing_if = "Option::is_none")]
    pub infrequent_access_ttl: Option<i64>,
    /// Shards to begin with; ignored by an update.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shard_count: Option<i64>,
    /// Split shards under load.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_split: Option<bool>,
    /// How far to split.
    #[serde(rename = "maxSplitShard", skip_serializing_if = "Option::is_none")]
    pub max_split_shard_count: Option<i64>,
    /// Add the client's address and the time of receipt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub append_meta: Option<bool>,
    /// Accept anonymous writes.
    #[serde(rename = "enable_tracking", skip_serializing_if = "Option::is_none")]
    pub enable_web_tracking: Option<bool>,
    /// `standard`, `query` or `lite`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<String>,
    /// `None` for logs, `Metrics`, `Event`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub telemetry_type: Option<String>,
    /// Encryption.
    #[serde(rename = "encrypt_conf", skip_serializing_if = "Option::is_none")]
    pub encrypt_conf: Option<EncryptConf>,
}

/// Encryption of a logstore.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EncryptConf {
    /// Whether it is on.
    #[serde(deserialize_with = "lenient::truth")]
    pub enable: bool,
    /// The algorithm; fixed once set.
    #[serde(deserialize_with = "lenient::text_or_unset", skip_serializing_if = "Option::is_none")]
    pub encrypt_type: Option<String>,
    /// A key of the user's own; fixed once set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_cmk_info: Option<UserCmkInfo>,
}

/// A key of the user's own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct UserCmkInfo {
    /// The key.
    #[serde(deserialize_with = "lenient::text")]
    pub cmk_key_id: String,
    /// The role that lets SLS use it.
    #[serde(deserialize_with = "lenient::text")]
    pub arn: String,
    /// The region it is in.
    #[serde(deserialize_with = "lenient::text")]
    pub region_id: String,
}

/// A logstore as described by the service.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Logstore {
    /// The name.
    #[serde(deserialize_with = "lenient::text")]
    pub logstore_name: String,
    /// Days until logs are deleted; 3650 keeps them for good.
    #[serde(deserialize_with = "lenient::number_or_unset")]
    pub ttl: Option<i64>,
    /// Days in hot storage; -1 and 0 are other words for unset.
    #[serde(rename = "hot_ttl", deserialize_with = "lenient::number_or_unset")]
    pub hot_ttl: Option<i64>,
    /// Days in infrequent-access storage.
    #[serde(rename = "infrequentAccessTTL", deserialize_with = "lenient::number_or_unset")]
    pub infrequent_access_ttl: Option<i64>,
    /// Shards now.
    #[serde(deserialize_with = "lenient::number_or_unset")]
    pub shard_count: Option<i64>,
    /// Whether shards split under load.
    #[serde(deserialize_with = "lenient::truth_or_unset")]
    pub auto_split: Option<bool>,
    /// How far they split.
    #[serde(rename = "maxSplitShard", deserialize_with = "lenient::number_or_unset")]
    pub max_split_shard_count: Option<i64>,
    /// Whether the client's address and the time of receipt are added.
    #[serde(deserialize_with = "lenient::truth_or_unset")]
    pub append_meta: Option<bool>,
    /// Whether anonymous writes are accepted.
    #[serde(rename = "enable_tracking", deserialize_with = "lenient::truth_or_unset")]
    pub enable_web_tracking: Option<bool>,
    /// `standard`, `query` or `lite`.
    #[serde(deserialize_with = "lenient::text_or_unset")]
    pub mode: Option<String>,
    /// `None` for logs, `Metrics`, `Event`.
    #[serde(deserialize_with = "lenient::text_or_unset")]
    pub telemetry_type: Option<String>,
    /// Encryption, where it was ever set.
    #[serde(rename = "encrypt_conf")]
    pub encrypt_conf: Option<EncryptConf>,
    /// Whether single logs can be changed and deleted (row-level modification), which cannot be switched off.
    #[serde(deserialize_with = "lenient::truth_or_unset")]
    pub enable_modify: Option<bool>,
    /// The Alibaba Cloud product that made it.
    #[serde(deserialize_with = "lenient::text_or_unset")]
    pub product_type: Option<String>,
    /// When it was made, in seconds since 1970.
    #[serde(deserialize_with = "lenient::number_or_unset")]
    pub create_time: Option<i64>,
    /// When it last changed, in seconds since 1970.
    #[serde(deserialize_with = "lenient::number_or_unset")]
    pub last_modify_time: Option<i64>,
}

#[derive(Deserialize)]
struct LogstorePage {
    #[serde(default, deserialize_with = "lenient::list_or_unset")]
    logstores: Option<Vec<String>>,
    /// How many there are on all pages.
    #[serde(default, deserialize_with = "lenient::number_or_unset")]
    total: Option<i64>,
}

impl Answer for Logstore {
    fn check(&self, asked: &str) -> Result<(), Unexpected> {
        names("logstoreName", &self.logstore_name, asked)?;
        there("ttl", self.ttl.as_ref())
    }
}

impl Answer for LogstorePage {
    fn check(&self, _: &str) -> Result<(), Unexpected> {
        there("logstores", self.logstores.as_ref())
    }
}

/// How many names a page may hold.
const PAGE: usize = 500;

fn object(project: &str, logstore: &str) -> String {
    format!("logstore/{project}/{logstore}")
}

impl Sls {
    /// Makes a logstore. It has no index yet.
    ///
    /// Must not happen twice: [`Error::LostAnswer`] means that the logstore may be there.
    pub async fn create_logstore(&self, project: &str, settings: &LogstoreSettings) -> Result<(), Error> {
        let call =
            Call::new("CreateLogStore", Method::POST, Some(project), "/logstores").once().json(settings)?;
        self.write(&object(project, &settings.logstore_name), call).await
    }

    /// Describes a logstore.
    pub async fn get_logstore(&self, project: &str, logstore: &str) -> Result<Logstore, Error> {
        let call = Call::new("GetLogStore", Method::GET, Some(project), &logstore_path(logstore)?);
        self.read(call, logstore).await
    }

    /// Changes a logstore.
    pub async fn update_logstore(&self, project: &str, settings: &LogstoreSettings) -> Result<(), Error> {
        let path = logstore_path(&settings.logstore_name)?;
        let call = Call::new("UpdateLogStore", Method::PUT, Some(project), &path).json(settings)?;
        self.write(&object(project, &settings.logstore_name), call).await
    }

    /// Deletes a logstore with its logs.
    pub async fn delete_logstore(&self, project: &str, logstore: &str) -> Result<(), Error> {
        let call = Call::new("DeleteLogStore", Method::DELETE, Some(project), &logstore_path(logstore)?);
        self.write(&object(project, logstore), call).await
    }

    /// The names of all logstores of a project that contain `name`.
    pub async fn list_logstores(&self, project: &str, name: &str) -> Result<Vec<String>, Error> {
        let mut names: Vec<String> = Vec::new();
        loop {
            let call = Call::new("ListLogStores", Method::GET, Some(project), "/logstores")
                .query("logstoreName", name)
                .query("offset", names.len())
                .query("size", PAGE);
            let page: LogstorePage = self.read(call, name).await?;
            let found = page.logstores.unwrap_or_default();
            let got = found.len();
            names.extend(found);
            if is_last(got, PAGE, names.len(), page.total) {
                return Ok(names);
            }
        }
    }
}
