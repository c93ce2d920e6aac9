//! Logstores: what they may be, and making, reading, changing, listing and deleting them.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::error::Error;
use super::request::{Answer, Request, answer, done};
use super::shards;
use super::state::Logstore;
use super::switches::AES_OFB;
use crate::switches::QUOTAS;

/// Logstores and shards per project (SLS developer guide, "Basic resource limits").
pub(super) const QUOTA: usize = 200;
const SHARD_QUOTA: i64 = 400;

/// Most shards that a logstore can be made with through the API.
pub(super) const MAX_SHARDS: i64 = 100;

/// The retention that means for ever, also the longest one.
pub(super) const PERMANENT: i64 = 3650;

/// Encryption at rest, in the spelling of CreateLogStore.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EncryptConf {
    /// Whether it is on.
    #[serde(default)]
    pub enable: bool,
    /// Algorithm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encrypt_type: Option<String>,
    /// The customer's own key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_cmk_info: Option<UserCmkInfo>,
}

/// A customer's key.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserCmkInfo {
    /// Key id.
    #[serde(default)]
    pub cmk_key_id: String,
    /// The role that uses it.
    #[serde(default)]
    pub arn: String,
    /// Its region.
    #[serde(default)]
    pub region_id: String,
}

/// Algorithms of the classic and the newer encryption API.
const ENCRYPT_TYPES: [&str; 10] =
    ["default", "m4", "sm4_ecb", "sm4_cbc", "sm4_gcm", "aes_ecb", "aes_cbc", "aes_cfb", "aes_ofb", "aes_gcm"];

/// The body of CreateLogStore and UpdateLogStore.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Wanted {
    logstore_name: String,
    ttl: Option<i64>,
    #[serde(rename = "hot_ttl")]
    hot_ttl: Option<i64>,
    #[serde(rename = "infrequentAccessTTL")]
    infrequent_access_ttl: Option<i64>,
    shard_count: Option<i64>,
    auto_split: Option<bool>,
    max_split_shard: Option<i64>,
    append_meta: Option<bool>,
    #[serde(rename = "enable_tracking")]
    enable_tracking: Option<bool>,
    mode: Option<String>,
    telemetry_type: Option<String>,
    enable_modify: Option<bool>,
    #[serde(rename = "encrypt_conf")]
    encrypt_conf: Option<EncryptConf>,
}

fn invalid(message: impl Into<String>) -> Error {
    Error::bad("LogStoreInfoInvalid", message)
}

/// 2 to 63 of `a-z0-9-_`, first and last alphanumeric (SLS API reference, CreateLogStore).
fn check_name(name: &str) -> Result<(), Error> {
    let alphanumeric = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = name.as_bytes();
    let valid = (2..=63).contains(&bytes.len())
        && bytes.iter().all(|byte| alphanumeric(byte) || matches!(byte, b'-' | b'_'))
        && bytes.first().is_some_and(alphanumeric)
        && bytes.last().is_some_and(alphanumeric);
    if valid { Ok(()) } else { Err(invalid(format!("logstore name {name} is invalid"))) }
}

/// Retention and its tiers: hot from 7 days, infrequent access from 30, archive from 60 or not at all
/// (SLS API reference, CreateLogStore; lower bounds and wording as SDK tests assert them).
fn check_tiers(store: &Logstore, archive_refusal: Error) -> Result<(), Error> {
    if !(1..=PERMANENT).contains(&store.ttl) {
        return Err(invalid("ttl value is out of range"));
    }
    if store.hot_ttl.is_some_and(|hot| !(7..=store.ttl).contains(&hot)) {
        return Err(invalid("hot_ttl value is out of range"));
    }
    let Some(infrequent) = store.infrequent_access_ttl else { return Ok(()) };
    if infrequent < 30 {
        return Err(invalid("infrequentAccessTTL must large than 30"));
    }
    let Some(hot) = store.hot_ttl else {
        // Assumed: without an end of the hot tier nothing is left for the next one.
        return Err(invalid("hot_ttl must be set when infrequentAccessTTL is set"));
    };
    let archive = store.ttl - hot - infrequent;
    if archive < 0 || (1..60).contains(&archive) {
        return Err(archive_refusal);
    }
    Ok(())
}

fn check_split(store: &Logstore) -> Result<(), Error> {
    if store.auto_split && !(1..=256).contains(&store.max_split_shard) {
        return Err(invalid("maxSplitShard must be within range [1, 256]"));
    }
    Ok(())
}

fn check_encryption(request: &Request<'_>, conf: &EncryptConf) -> Result<(), Error> {
    let takes_ofb = request.cloud.switches.is(&AES_OFB, "accepted");
    let is_known = |kind: &str| ENCRYPT_TYPES.contains(&kind) && (takes_ofb || kind != "aes_ofb");
    let known = conf.encrypt_type.as_deref().is_some_and(is_known);
    if conf.enable && !known {
        return Err(invalid("The encrypt_conf is invalid, [encrypt_type] key is missing or not supported"));
    }
    Ok(())
}

fn check_mode(mode: &str) -> Result<(), Error> {
    if matches!(mode, "standard" | "query" | "lite") {
        return Ok(());
    }
    Err(Error::parameter(format!("The logstore mode is invalid: {mode}")))
}

/// -1 and 0 are how clients say that a tier is not set.
fn tier(days: Option<i64>) -> Option<i64> {
    days.filter(|days| !matches!(days, -1 | 0))
}

/// The kind of data of a store; the empty one is that of logs.
fn telemetry(kind: &str) -> &str {
    if kind.is_empty() { "None" } else { kind }
}

/// Shards of the whole project, with `more` on top, must stay within its limit.
pub(super) fn check_shard_quota(request: &mut Request<'_>, more: i64) -> Result<(), Error> {
    let quotas = request.cloud.switches.is(&QUOTAS, "on");
    let project = request.project()?;
    let used: i64 = project.logstores.values().map(|store| store.shard_count).sum();
    if quotas && used + more > SHARD_QUOTA {
        return Err(Error::bad("ProjectQuotaExceed", "Project Quota Exceed"));
    }
    Ok(())
}

/// CreateLogStore (SLS API reference). A new logstore has no index.
pub(super) fn create(request: &mut Request<'_>) -> Answer {
    let wanted: Wanted = request.json()?;
    let (name, now) = (wanted.logstore_name, request.now());
    check_name(&name)?;
    let Some(shard_count) = wanted.shard_count.filter(|count| (1..=MAX_SHARDS).contains(count)) else {
        return Err(invalid("shardCount is missing or out of range"));
    };
    let mode = wanted.mode.filter(|mode| !mode.is_empty()).unwrap_or_else(|| "standard".to_owned());
    check_mode(&mode)?;
    // One that is not sent is empty on read too (acceptance tests of the vendor's own provider).
    let telemetry = wanted.telemetry_type.unwrap_or_default();
    if !matches!(telemetry.as_str(), "" | "None" | "Metrics" | "Event") {
        return Err(Error::parameter(format!("The telemetryType is invalid: {telemetry}")));
    }
    let auto_split = wanted.auto_split.unwrap_or(false);
    let store = Logstore {
        ttl: wanted.ttl.unwrap_or(0),
        hot_ttl: tier(wanted.hot_ttl),
        infrequent_access_ttl: tier(wanted.infrequent_access_ttl),
        shard_count,
        auto_split,
        // Assumed default: the figure that the console proposes.
        max_split_shard: wanted.max_split_shard.unwrap_or(if auto_split { 64 } else { 0 }),
        append_meta: wanted.append_meta.unwrap_or(false),
        enable_tracking: wanted.enable_tracking.unwrap_or(false),
        mode,
        telemetry_type: telemetry,
        enable_modify: wanted.enable_modify.unwrap_or(false),
        encrypt_conf: wanted.encrypt_conf,
        create_time: now,
        last_modify_time: now,
        shards: shards::even(shard_count, now),
        ..Logstore::default()
    };
    check_tiers(&store, invalid("archiveTTL must large than 60"))?;
    check_split(&store)?;
    store.encrypt_conf.as_ref().map_or(Ok(()), |conf| check_encryption(request, conf))?;
    let quotas = request.cloud.switches.is(&QUOTAS, "on");
    let project = request.project()?;
    if project.logstores.contains_key(&name) {
        return Err(Error::bad("LogStoreAlreadyExist", format!("logstore {name} already exists")));
    }
    if quotas && project.logstores.len() >= QUOTA {
        return Err(Error::bad("ProjectQuotaExceed", "Project Quota Exceed"));
    }
    check_shard_quota(request, shard_count)?;
    request.project()?.logstores.insert(name, store);
    done()
}

/// GetLogStore: what was set, with the tiers only when they are (SLS API reference).
pub(super) fn get(request: &mut Request<'_>) -> Answer {
    let name = request.name(0);
    let store = request.logstore()?;
    let archive = store
        .infrequent_access_ttl
        .map_or(0, |infrequent| store.ttl - store.hot_ttl.unwrap_or(0) - infrequent);
    let mut body = json!({
        "logstoreName": name,
        "ttl": store.ttl,
        "shardCount": store.shard_count,
        "autoSplit": store.auto_split,
        "maxSplitShard": store.max_split_shard,
        "appendMeta": store.append_meta,
        "enable_tracking": store.enable_tracking,
        "mode": store.mode,
        "telemetryType": store.telemetry_type,
        "createTime": store.create_time,
        "lastModifyTime": store.last_modify_time,
        "productType": store.product_type,
        "archiveSeconds": archive * 86_400,
        "enableModify": store.enable_modify,
        "resourceQuota": { "storage": { "preserved": -1, "used": 0 } },
    });
    let tiers = [("hot_ttl", store.hot_ttl), ("infrequentAccessTTL", store.infrequent_access_ttl)];
    for (name, days) in tiers {
        if let Some(days) = days {
            body[name] = json!(days);
        }
    }
    if let Some(conf) = &store.encrypt_conf {
        body["encrypt_conf"] = json!(conf);
    }
    answer(&body)
}

/// UpdateLogStore: what is missing keeps its value, the shard count is ignored, and encryption is fixed but for its switch
/// (SLS API reference and developer guide; transitions of the mode other than the refused one are let through, assumed).
/// An infrequent tier of 0 days is taken away, one of -1 stays (acceptance tests of the vendor's own provider and SDKs).
pub(super) fn update(request: &mut Request<'_>) -> Answer {
    let wanted: Wanted = request.json()?;
    let (name, now) = (request.name(0), request.now());
    if !wanted.logstore_name.is_empty() && wanted.logstore_name != name {
        return Err(invalid(format!("logstore name {} is invalid", wanted.logstore_name)));
    }
    let mut store = request.logstore()?.clone();
    store.ttl = wanted.ttl.unwrap_or(store.ttl);
    if let Some(hot) = wanted.hot_ttl {
        store.hot_ttl = tier(Some(hot));
    }
    let keeps_infrequent = matches!(wanted.infrequent_access_ttl, None | Some(-1));
    if !keeps_infrequent {
        store.infrequent_access_ttl = tier(wanted.infrequent_access_ttl);
    }
    store.auto_split = wanted.auto_split.unwrap_or(store.auto_split);
    store.max_split_shard = wanted.max_split_shard.unwrap_or(store.max_split_shard);
    store.append_meta = wanted.append_meta.unwrap_or(store.append_meta);
    store.enable_tracking = wanted.enable_tracking.unwrap_or(store.enable_tracking);
    if let Some(mode) = wanted.mode.filter(|mode| !mode.is_empty() && *mode != store.mode) {
        check_mode(&mode)?;
        if store.mode == "standard" && mode == "lite" {
            return Err(unsupported());
        }
        store.mode = mode;
    }
    if wanted.telemetry_type.is_some_and(|kind| telemetry(&kind) != telemetry(&store.telemetry_type)) {
        return Err(unsupported());
    }
    match wanted.enable_modify {
        // It cannot be switched off (refusal's wording assumed).
        Some(false) if store.enable_modify => return Err(invalid("enableModify cannot be disabled")),
        Some(enable) => store.enable_modify = enable,
        None => {}
    }
    if let Some(conf) = wanted.encrypt_conf {
        store.encrypt_conf = Some(changed_encryption(request, store.encrypt_conf.as_ref(), conf)?);
    }
    let refusal = if keeps_infrequent {
        Error::parameter("archiveTtl must larger than 60")
    } else {
        invalid("archiveTTL must large than 60")
    };
    check_tiers(&store, refusal)?;
    check_split(&store)?;
    store.last_modify_time = now;
    *request.logstore()? = store;
    done()
}

fn unsupported() -> Error {
    Error::bad(
        "NotSupported",
        "The logstore mode or telemetryType is not supported for current metering mode.",
    )
}

/// Only the switch of an encryption that is there can change (refusal's wording assumed).
fn changed_encryption(
    request: &Request<'_>,
    stored: Option<&EncryptConf>,
    wanted: EncryptConf,
) -> Result<EncryptConf, Error> {
    match stored {
        Some(stored) => {
            let algorithm = wanted.encrypt_type.is_some() && wanted.encrypt_type != stored.encrypt_type;
            let key = wanted.user_cmk_info.is_some() && wanted.user_cmk_info != stored.user_cmk_info;
            if algorithm || key {
                return Err(invalid("The encrypt_conf is invalid, only [enable] can be changed"));
            }
            Ok(EncryptConf { enable: wanted.enable, ..stored.clone() })
        }
        None => {
            check_encryption(request, &wanted)?;
            Ok(wanted)
        }
    }
}

/// DeleteLogStore: with its index, shards and logs; the name can be used again.
pub(super) fn delete(request: &mut Request<'_>) -> Answer {
    let (project, name) = (request.project, request.name(0));
    request.logstore()?;
    request.project()?.logstores.remove(name);
    if let Some(logs) = request.region().logs.get_mut(project) {
        logs.remove(name);
    }
    done()
}

/// ListLogStores: names only (SLS API reference); an unknown mode lists nothing.
pub(super) fn list(request: &mut Request<'_>) -> Answer {
    let call = request.call;
    let text = |name| call.param(name).unwrap_or("");
    let (mode, telemetry) = (text("mode"), text("telemetryType"));
    let found: Vec<String> = request
        .project()?
        .logstores
        .iter()
        .filter(|(name, store)| {
            name.contains(text("logstoreName"))
                && (mode.is_empty() || store.mode == mode)
                && (telemetry.is_empty() || self::telemetry(&store.telemetry_type) == telemetry)
        })
        .map(|(name, _)| name.clone())
        .collect();
    let (page, total) = request.page(found, 200, 500)?;
    answer(&json!({ "count": page.len(), "total": total, "logstores": page }))
}

/// UpdateLogStoreEncryption, with other names than CreateLogStore (SLS API reference).
pub(super) fn update_encryption(request: &mut Request<'_>) -> Answer {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Wanted {
        enable: bool,
        encrypt_type: Option<String>,
        user_cmk_info: Option<Key>,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Key {
        key_id: String,
        region_id: String,
        role_arn: String,
    }
    let wanted: Wanted = request.json()?;
    let key = wanted.user_cmk_info;
    let conf = EncryptConf {
        enable: wanted.enable,
        encrypt_type: wanted.encrypt_type,
        user_cmk_info: key.map(|key| UserCmkInfo {
            cmk_key_id: key.key_id,
            arn: key.role_arn,
            region_id: key.region_id,
        }),
    };
    let stored = request.logstore()?.encrypt_conf.clone();
    let changed = changed_encryption(request, stored.as_ref(), conf)?;
    request.logstore()?.encrypt_conf = Some(changed);
    done()
}

/// GetLogStoreMeteringMode.
pub(super) fn get_metering(request: &mut Request<'_>) -> Answer {
    answer(&json!({ "meteringMode": request.logstore()?.metering_mode }))
}

/// UpdateLogStoreMeteringMode.
pub(super) fn update_metering(request: &mut Request<'_>) -> Answer {
    let wanted: Map<String, Value> = request.json()?;
    let mode = wanted.get("meteringMode").and_then(Value::as_str).unwrap_or("");
    if !matches!(mode, "ChargeByFunction" | "ChargeByDataIngest") {
        return Err(Error::parameter(format!("The metering mode is invalid: {mode}")));
    }
    request.logstore()?.metering_mode = mode.to_owned();
    done()
}

/// GetLogStoreConfig: an empty object when nothing was put (assumed).
pub(super) fn get_config(request: &mut Request<'_>) -> Answer {
    let config = request.logstore()?.config.clone();
    answer(&config.unwrap_or_else(|| json!({})))
}

/// PutLogStoreConfig.
pub(super) fn put_config(request: &mut Request<'_>) -> Answer {
    let config: Map<String, Value> = request.json()?;
    request.logstore()?.config = Some(Value::Object(config));
    done()
}
