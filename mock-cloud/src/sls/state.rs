//! What the SLS service remembers of one account in one region. Members carry the names of the wire, so the admin API
//! shows and takes projects and logstores in the spelling of the API reference.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::logging::Logging;
use super::logstores::EncryptConf;
use super::records::Resource;
use super::shards::{self, Shard};

/// The log projects of one account in one region.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct State {
    /// Projects by name.
    pub projects: BTreeMap<String, Project>,
    /// Logs by project and logstore, oldest first.
    pub logs: BTreeMap<String, BTreeMap<String, Vec<Log>>>,
    /// Tables of notification objects and the like, by name.
    pub resources: BTreeMap<String, Resource>,
}

/// A project.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Project {
    /// Free text.
    pub description: String,
    /// LRS or ZRS.
    pub data_redundancy_type: String,
    /// The resource group it belongs to; empty is the account's default group.
    pub resource_group_id: String,
    /// Whether a deleted project is kept for a while. Only remembered: deletion is final here.
    pub recycle_bin_enabled: bool,
    /// Normal or Disable.
    pub status: String,
    /// Unix seconds.
    pub create_time: i64,
    /// Unix seconds.
    pub last_modify_time: i64,
    /// Tags.
    pub tags: BTreeMap<String, String>,
    /// Project policy, as the text that was put.
    pub policy: Option<String>,
    /// Service logging.
    pub logging: Option<Logging>,
    /// Logstores by name.
    pub logstores: BTreeMap<String, Logstore>,
    /// Dashboards by name.
    pub dashboards: BTreeMap<String, Value>,
    /// Tags of dashboards by dashboard name.
    pub dashboard_tags: BTreeMap<String, BTreeMap<String, String>>,
    /// Saved searches by name.
    #[serde(rename = "savedsearches")]
    pub saved_searches: BTreeMap<String, Value>,
    /// Alert rules by name.
    pub alerts: BTreeMap<String, Value>,
}

impl Default for Project {
    fn default() -> Project {
        Project {
            description: String::new(),
            data_redundancy_type: "LRS".to_owned(),
            resource_group_id: String::new(),
            recycle_bin_enabled: false,
            status: "Normal".to_owned(),
            create_time: 0,
            last_modify_time: 0,
            tags: BTreeMap::new(),
            policy: None,
            logging: None,
            logstores: BTreeMap::new(),
            dashboards: BTreeMap::new(),
            dashboard_tags: BTreeMap::new(),
            saved_searches: BTreeMap::new(),
            alerts: BTreeMap::new(),
        }
    }
}

/// A logstore. Its wire names mix two spellings, and so do these.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Logstore {
    /// Days to keep logs; 3650 is for ever.
    pub ttl: i64,
    /// Days in the hot tier; nothing is all of them.
    #[serde(rename = "hot_ttl")]
    pub hot_ttl: Option<i64>,
    /// Days in the infrequent-access tier after the hot one.
    #[serde(rename = "infrequentAccessTTL")]
    pub infrequent_access_ttl: Option<i64>,
    /// Number of writable shards.
    pub shard_count: i64,
    /// Whether shards split by themselves.
    pub auto_split: bool,
    /// How many shards splitting may make.
    pub max_split_shard: i64,
    /// Whether the client's address and the time of receipt are added to logs.
    pub append_meta: bool,
    /// Whether anonymous web tracking may write.
    #[serde(rename = "enable_tracking")]
    pub enable_tracking: bool,
    /// standard, query or lite.
    pub mode: String,
    /// None, Metrics or Event; empty when it was never said.
    pub telemetry_type: String,
    /// Whether single logs may be changed and deleted.
    pub enable_modify: bool,
    /// Encryption at rest.
    #[serde(rename = "encrypt_conf")]
    pub encrypt_conf: Option<EncryptConf>,
    /// Unix seconds.
    pub create_time: i64,
    /// Unix seconds.
    pub last_modify_time: i64,
    /// The service that made it, when one did.
    pub product_type: String,
    /// ChargeByFunction or ChargeByDataIngest.
    pub metering_mode: String,
    /// Index, as it was put.
    pub index: Option<Value>,
    /// Shards.
    pub shards: Vec<Shard>,
    /// Tags.
    pub tags: BTreeMap<String, String>,
    /// Further configuration, as it was put.
    pub config: Option<Value>,
}

impl Default for Logstore {
    fn default() -> Logstore {
        Logstore {
            ttl: 30,
            hot_ttl: None,
            infrequent_access_ttl: None,
            shard_count: 2,
            auto_split: false,
            max_split_shard: 0,
            append_meta: false,
            enable_tracking: false,
            mode: "standard".to_owned(),
            telemetry_type: String::new(),
            enable_modify: false,
            encrypt_conf: None,
            create_time: 0,
            last_modify_time: 0,
            product_type: String::new(),
            metering_mode: "ChargeByFunction".to_owned(),
            index: None,
            shards: shards::even(2, 0),
            tags: BTreeMap::new(),
            config: None,
        }
    }
}

/// One stored log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Log {
    /// Unix seconds.
    #[serde(rename = "__time__")]
    pub time: i64,
    /// Everything else: contents, `__topic__`, `__source__` and `__tag__:<name>`.
    #[serde(flatten)]
    pub fields: BTreeMap<String, String>,
}
