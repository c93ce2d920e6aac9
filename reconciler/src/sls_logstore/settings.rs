//! The settings of a logstore, and the other words that the service has for some of them.

use alibaba::sls::{EncryptConf, Logstore as Described, LogstoreSettings, UserCmkInfo};

use crate::failure::Fixed;

/// The retention that means for good, in days.
pub const PERMANENT: i64 = 3650;

/// Retentions above this are stored as permanent in some regions: the vendor's pages give both 3000 and 3650 as the
/// longest one.
const LONGEST_CERTAIN: i64 = 3000;

/// The settings of a logstore.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Settings {
    /// The project it is in.
    pub project: String,
    /// What create and update send. Shards and the kind of data are fixed at creation.
    pub sent: LogstoreSettings,
    /// Whether the store was there before it was managed; `None` where that is not known.
    pub adopted: Option<bool>,
    /// When it was made, in seconds since 1970, where the service says so.
    pub made_at: Option<i64>,
    /// How many shards it has, where it has been seen.
    pub shards_now: Option<i64>,
}

impl Settings {
    /// All that can be changed.
    fn changeable(&self) -> LogstoreSettings {
        LogstoreSettings { shard_count: None, telemetry_type: None, ..self.sent.clone() }
    }

    /// Whether all that can be changed is the same.
    pub(super) fn is_set_as(&self, other: &Self) -> bool {
        self.changeable() == other.changeable()
    }

    /// What makes this store out of the one it is now. Mode and encryption are not repeated: some stores refuse to be told
    /// what they are.
    pub(super) fn change_from(&self, now: &Self) -> LogstoreSettings {
        let mut change = self.changeable();
        if change.hot_ttl.is_none() && now.sent.hot_ttl.is_some() {
            // The service's word for "all days".
            change.hot_ttl = Some(-1);
        }
        if change.infrequent_access_ttl.is_none() && now.sent.infrequent_access_ttl.is_some() {
            // The service takes the tier away when it is told so together with where the logs are instead.
            change.infrequent_access_ttl = Some(0);
            change.hot_ttl = Some(self.sent.hot_ttl.unwrap_or(self.sent.ttl));
        }
        if change.mode == now.sent.mode {
            change.mode = None;
        }
        if change.encrypt_conf == now.sent.encrypt_conf {
            change.encrypt_conf = None;
        }
        change
    }

    /// The settings of a store as the service describes it. `self` is what is wanted: where the service says the same in
    /// other words, or decides for itself, that is kept.
    #[must_use]
    pub fn seen_as(&self, store: &Described) -> Self {
        let (stated, splits) = (&self.sent, store.auto_split.unwrap_or(false));
        let most_shards = match store.max_split_shard_count.filter(|_| splits) {
            // Without effect unless shards split, and then not always echoed.
            None => stated.max_split_shard_count.or(store.max_split_shard_count.filter(|most| *most > 0)),
            most => most,
        };
        let sent = LogstoreSettings {
            logstore_name: stated.logstore_name.clone(),
            ttl: retention(stated.ttl, store),
            hot_ttl: hot_days(stated.hot_ttl, store),
            infrequent_access_ttl: store.infrequent_access_ttl.filter(|days| *days > 0),
            // Under auto-split the number of shards is the service's own business.
            shard_count: if splits { stated.shard_count } else { store.shard_count },
            auto_split: Some(splits),
            max_split_shard_count: most_shards,
            append_meta: Some(store.append_meta.unwrap_or(false)),
            enable_web_tracking: Some(store.enable_web_tracking.unwrap_or(false)),
            mode: Some(store.mode.clone().unwrap_or_else(|| "standard".to_owned())),
            telemetry_type: Some(store.telemetry_type.clone().unwrap_or_else(|| "None".to_owned())),
            encrypt_conf: encryption(stated.encrypt_conf.as_ref(), store.encrypt_conf.as_ref()),
        };
        // One that a service of the vendor made was there before.
        let adopted = self.adopted.or(Some(store.product_type.is_some()));
        Self {
            project: self.project.clone(),
            sent,
            adopted,
            made_at: store.create_time,
            shards_now: store.shard_count,
        }
    }

    /// What of this existing store the service cannot make as `wanted`.
    #[must_use]
    pub fn fixed_against(&self, wanted: &Self) -> Vec<Fixed> {
        let mut found = Vec::new();
        let mut differs = |setting, has: String| found.push(Fixed { setting, has });
        let (now, wanted) = (&self.sent, &wanted.sent);
        if let (Some(kind), true) = (&now.telemetry_type, now.telemetry_type != wanted.telemetry_type) {
            differs("telemetry_type", format!("has the telemetry type {kind:?}"));
        }
        if let Some(conf) = &now.encrypt_conf {
            let kind = conf.encrypt_type.as_deref().unwrap_or_default();
            match &wanted.encrypt_conf {
                None => differs("encrypt_conf", format!("has an encryption of type {kind:?}")),
                Some(wanted) if wanted.encrypt_type != conf.encrypt_type => {
                    differs("encrypt_conf.encrypt_type", format!("has an encryption of type {kind:?}"));
                }
                // Switched off without naming the key changes no key.
                Some(wanted) if !wanted.enable && wanted.user_cmk_info.is_none() => {}
                Some(wanted) if wanted.user_cmk_info != conf.user_cmk_info => {
                    let has = match &conf.user_cmk_info {
                        Some(key) => format!("is encrypted with the key {:?}", key.cmk_key_id),
                        None => "is encrypted with a key of the service (leave it out)".to_owned(),
                    };
                    differs("encrypt_conf.user_cmk_info", has);
                }
                Some(_) => {}
            }
        }
        if now.mode.as_deref() == Some("standard") && wanted.mode.as_deref() == Some("lite") {
            differs("mode", "is a standard one".to_owned());
        }
        found
    }
}

/// Long retentions may be stored as permanent.
fn retention(stated: i64, store: &Described) -> i64 {
    match store.ttl.map(|days| days.min(PERMANENT)) {
        Some(PERMANENT) if stated > LONGEST_CERTAIN => stated,
        days => days.unwrap_or(stated),
    }
}

/// Unset, -1, 0 and as long as logs are kept all mean that they are always hot.
fn hot_days(stated: Option<i64>, store: &Described) -> Option<i64> {
    let kept = store.ttl.unwrap_or(PERMANENT);
    match store.hot_ttl.filter(|days| (1..kept).contains(days)) {
        None => stated.filter(|stated| *stated >= kept),
        hot => hot,
    }
}

fn encryption(stated: Option<&EncryptConf>, described: Option<&EncryptConf>) -> Option<EncryptConf> {
    let is_bare = |conf: &EncryptConf| !conf.enable && conf.encrypt_type.is_none();
    let Some(conf) = described.filter(|conf| !is_bare(conf)) else {
        // Never switched on: the service has nothing to say about it.
        return stated.filter(|stated| !stated.enable).cloned();
    };
    let is_named = |key: &&UserCmkInfo| !key.cmk_key_id.is_empty();
    Some(EncryptConf {
        enable: conf.enable,
        encrypt_type: Some(conf.encrypt_type.clone().unwrap_or_else(|| "default".to_owned())),
        user_cmk_info: conf.user_cmk_info.as_ref().filter(is_named).cloned(),
    })
}

#[cfg(test)]
#[path = "settings_tests.rs"]
mod tests;
