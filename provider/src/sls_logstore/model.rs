//! The attributes of `alitrail_sls_logstore`, and what the service makes of them.

use alibaba::sls::{EncryptConf, LogstoreSettings, UserCmkInfo};
use plugin::value::{Object, Value};
use plugin::{Attr, Model};
use reconciler::sls_logstore::{PERMANENT, Settings};

use super::check::{hot_ttl, infrequent_access_ttl, key_id, retention, shard_count, split_limit};
use crate::check;
use crate::scope::Regional;

/// Attributes of `alitrail_sls_logstore`.
#[derive(Debug, Clone, Default, PartialEq, Model)]
#[model(
    remote = "accounts/{account_id}/regions/{region}/sls/projects/{project_name}/logstores/{logstore_name}"
)]
pub struct LogstoreModel {
    /// Project the store is in.
    #[attr(required, replace, identity, check = check::sls_project_name)]
    pub project_name: Attr<String>,
    /// Name: 2 to 63 lower-case letters, digits, hyphens and underscores, starting and ending with a letter or digit.
    /// ActionTrail calls the store of a trail `actiontrail_<trail name>`.
    #[attr(required, replace, identity, check = check::sls_logstore_name)]
    pub logstore_name: Attr<String>,
    /// `id`, `region` and `account_id`.
    #[attr(flatten)]
    pub scope: Regional,
    /// Days to keep logs, 1 to 3650; 3650 keeps them for good.
    #[attr(default = 3650, check = retention, samples(365, 30), remote = "/ttl")]
    pub retention_period: Attr<i64>,
    /// Days in hot storage, 7 to `retention_period`; unset is all of them. After that, logs go to infrequent-access
    /// storage if `infrequent_access_ttl` is set.
    #[attr(optional, zero_unset, unset_is = kept, check = hot_ttl, samples(30, 60), remote = "/hot_ttl")]
    pub hot_ttl: Attr<i64>,
    /// Days in infrequent-access storage after the hot ones, at least 30; unset or 0 is no such tier. What is left of
    /// `retention_period` is spent in archive storage, and has to be none or at least 60 days.
    #[attr(
        optional,
        zero_unset,
        check = infrequent_access_ttl,
        samples(30, 60),
        remote = "/infrequentAccessTTL"
    )]
    pub infrequent_access_ttl: Attr<i64>,
    /// Shards to make the store with, 1 to 100. Default: 2. Later their number is the service's: with `auto_split` the
    /// state keeps what the configuration said, or what an import found, and another number changes nothing; without it, it
    /// says how many there are.
    #[attr(keeps = "the service splits and merges shards after the store is made", replace, check = shard_count)]
    pub shard_count: Attr<i64>,
    /// Split shards under load.
    #[attr(default = true, samples(true, false), remote = "/autoSplit")]
    pub auto_split: Attr<bool>,
    /// How many shards splitting may make, 1 to 256; without `auto_split` it has no effect.
    #[attr(default = 64, check = split_limit, samples(64, 32), remote = "/maxSplitShard")]
    pub max_split_shard_count: Attr<i64>,
    /// Add the sender's address and the time of receipt to each log.
    #[attr(default = true, samples(true, false), remote = "/appendMeta")]
    pub append_meta: Attr<bool>,
    /// `standard` for queries and analysis, `query` for queries alone at a lower price, `lite` without an index. A
    /// `standard` store cannot become `lite`.
    #[attr(
        default = "standard",
        one_of("standard", "query", "lite"),
        samples("standard", "query"),
        remote = "/mode"
    )]
    pub mode: Attr<String>,
    /// What is stored: logs (`None`), metrics or events.
    #[attr(default = "None", replace, one_of("None", "Metrics", "Event"))]
    pub telemetry_type: Attr<String>,
    /// Encryption at rest. Algorithm and key stay what they were when it was first set; it can be switched on and off.
    #[attr(optional, lasting, empty_means = "encryption with its defaults")]
    pub encrypt_conf: Attr<EncryptConfModel>,
    /// Accept logs from anybody, without credentials (web tracking).
    #[attr(default = false, samples(false, true), remote = "/enable_tracking")]
    pub enable_web_tracking: Attr<bool>,
    /// Take over a store that exists, such as the one that ActionTrail makes for a trail (it is waited for a minute, then
    /// made). Otherwise a store that exists is an error.
    #[attr(default = false, state_only)]
    pub adopt_existing: Attr<bool>,
    /// Delete a store that was taken over when this resource is destroyed. Otherwise it is only forgotten, and stays.
    #[attr(default = false, state_only)]
    pub force_destroy: Attr<bool>,
    /// Refuse to destroy or replace the store. Lifting it takes an apply of its own.
    #[attr(default = false, state_only)]
    pub deletion_protection: Attr<bool>,
    /// Whether the store was there before this resource: taken over, or imported and made by a service of the vendor.
    #[attr(computed)]
    pub adopted: Attr<bool>,
}

/// Encryption at rest.
#[derive(Debug, Clone, Default, PartialEq, Model)]
#[model(unsupported_names(
    enabled, status = "Write `enable`.",
    algorithm, type, encryption_type, encrypt_algorithm, sse_algorithm = "Write `encrypt_type`.",
    kms_key_id, key_id, cmk_key_id, cmk_id, kms_master_key_id, role_arn, arn, region_id =
        "Write it in `user_cmk_info = { cmk_key_id = …, arn = …, region_id = … }`.",
    user_cmk: object, cmk_info: object, user_cmk_conf: object = "Write `user_cmk_info`."
))]
pub struct EncryptConfModel {
    /// Whether new logs are encrypted.
    #[attr(default = true, samples(true, false), remote = "/encrypt_conf/enable")]
    pub enable: Attr<bool>,
    /// Algorithm.
    #[attr(
        default = "default",
        replace,
        one_of(
            "default", "m4", "sm4_ecb", "sm4_cbc", "sm4_gcm", "aes_ecb", "aes_cbc", "aes_cfb", "aes_ofb",
            "aes_gcm"
        )
    )]
    pub encrypt_type: Attr<String>,
    /// A key of your own. Default: one that the service manages. A key that was set stays, also when it is left out.
    #[attr(keeps = "the service keeps the key that the encryption was first set with", replace)]
    pub user_cmk_info: Attr<UserCmkInfoModel>,
}

/// A key of the user's own.
#[derive(Debug, Clone, Default, PartialEq, Model)]
#[model(unsupported_names(
    kms_key_id,
    key_id,
    cmk_id,
    key = "Write `cmk_key_id`.",
    role_arn,
    role = "Write `arn`.",
    region = "Write `region_id`."
))]
pub struct UserCmkInfoModel {
    /// Id of the key in Key Management Service.
    #[attr(required, check = key_id)]
    pub cmk_key_id: Attr<String>,
    /// ARN of the RAM role that lets SLS use the key; it has to trust `log.aliyuncs.com`.
    #[attr(required, check = check::role_arn, same = check::same_arn)]
    pub arn: Attr<String>,
    /// Region of the key.
    #[attr(required, check = check::region)]
    pub region_id: Attr<String>,
}

fn is_set(flag: &Attr<bool>) -> bool {
    flag.get().copied().unwrap_or_default()
}

/// As long as logs are kept they are hot, where nothing else is said.
fn kept(store: &Object) -> Value {
    store.get("retention_period").cloned().unwrap_or_default()
}

impl LogstoreModel {
    /// How messages name the store.
    pub(super) fn label(&self) -> String {
        format!("logstore {:?}", self.key())
    }

    /// Project and store.
    pub(super) fn key(&self) -> String {
        format!("{}:{}", self.project(), self.name())
    }

    pub(super) fn project(&self) -> &str {
        self.project_name.as_str().unwrap_or_default()
    }

    pub(super) fn name(&self) -> &str {
        self.logstore_name.as_str().unwrap_or_default()
    }

    /// Whether a store that exists is to be taken over.
    pub(super) fn adopts(&self) -> bool {
        is_set(&self.adopt_existing)
    }

    /// Whether destroying it leaves the store where it is.
    pub(super) fn is_only_forgotten(&self) -> bool {
        is_set(&self.adopted) && !is_set(&self.force_destroy)
    }

    pub(super) fn is_protected(&self) -> bool {
        is_set(&self.deletion_protection)
    }

    pub(super) fn takes_anonymous_logs(&self) -> bool {
        is_set(&self.enable_web_tracking)
    }

    /// The settings that the model says.
    pub(super) fn settings(&self) -> Settings {
        let sent = LogstoreSettings {
            logstore_name: self.name().to_owned(),
            ttl: self.retention_period.get().copied().unwrap_or(PERMANENT),
            hot_ttl: self.hot_ttl.get().copied(),
            infrequent_access_ttl: self.infrequent_access_ttl.get().copied(),
            shard_count: self.shard_count.get().copied(),
            auto_split: self.auto_split.get().copied(),
            max_split_shard_count: self.max_split_shard_count.get().copied(),
            append_meta: self.append_meta.get().copied(),
            enable_web_tracking: self.enable_web_tracking.get().copied(),
            mode: self.mode.get().cloned(),
            telemetry_type: self.telemetry_type.get().cloned(),
            encrypt_conf: self.encrypt_conf.get().map(EncryptConfModel::wire),
        };
        Settings {
            project: self.project().to_owned(),
            sent,
            adopted: self.adopted.get().copied(),
            made_at: None,
            shards_now: None,
        }
    }

    /// The model of a store as it is seen. `self` is what the state has, or what is wanted.
    pub(super) fn read_from(&self, seen: &Settings) -> Self {
        let sent = &seen.sent;
        Self {
            retention_period: sent.ttl.into(),
            hot_ttl: sent.hot_ttl.into(),
            infrequent_access_ttl: sent.infrequent_access_ttl.into(),
            // What nobody said is what there is at first: the state of an import names nothing yet.
            shard_count: if self.retention_period.is_null() || self.shard_count.is_unknown() {
                seen.shards_now.into()
            } else {
                sent.shard_count.into()
            },
            auto_split: sent.auto_split.into(),
            max_split_shard_count: sent.max_split_shard_count.into(),
            append_meta: sent.append_meta.into(),
            mode: sent.mode.clone().into(),
            telemetry_type: sent.telemetry_type.clone().into(),
            encrypt_conf: sent.encrypt_conf.as_ref().map(EncryptConfModel::read_from).into(),
            enable_web_tracking: sent.enable_web_tracking.into(),
            adopted: seen.adopted.into(),
            ..self.clone()
        }
    }
}

impl EncryptConfModel {
    fn wire(&self) -> EncryptConf {
        let text = |value: &Attr<String>| value.get().cloned().unwrap_or_default();
        EncryptConf {
            enable: is_set(&self.enable),
            encrypt_type: self.encrypt_type.get().cloned(),
            user_cmk_info: self.user_cmk_info.get().map(|key| UserCmkInfo {
                cmk_key_id: text(&key.cmk_key_id),
                arn: text(&key.arn),
                region_id: text(&key.region_id),
            }),
        }
    }

    fn read_from(conf: &EncryptConf) -> Self {
        let key = conf.user_cmk_info.as_ref().map(|key| UserCmkInfoModel {
            cmk_key_id: key.cmk_key_id.clone().into(),
            arn: key.arn.clone().into(),
            region_id: key.region_id.clone().into(),
        });
        Self {
            enable: conf.enable.into(),
            encrypt_type: conf.encrypt_type.clone().into(),
            user_cmk_info: key.into(),
        }
    }
}
