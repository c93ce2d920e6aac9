//! Logstores, shards, indexes, and what ActionTrail makes.

use http::Method;
use serde_json::{Value, json};
use time::Duration;

use super::super::{ensure_logstore, has_logstore};
use super::{ACCOUNT, Cloud, PROJECT};

#[test]
fn a_logstore_is_made_read_changed_and_deleted() {
    let mut cloud = Cloud::with_project();
    let body = json!({ "logstoreName": "audit", "ttl": 180, "hot_ttl": 30, "infrequentAccessTTL": 30, "shardCount": 2, "autoSplit": true,
        "maxSplitShard": 64, "appendMeta": true, "enable_tracking": false, "mode": "standard", "telemetryType": "None",
        "encrypt_conf": { "enable": true, "encrypt_type": "default" } });
    cloud.post("/logstores", body.clone()).ok();
    let seen = cloud.get("/logstores/audit").ok();
    for (member, value) in body.as_object().unwrap() {
        assert_eq!(&seen.body[member], value, "{member}");
    }
    assert_eq!(
        (&seen.body["createTime"], &seen.body["archiveSeconds"]),
        (&json!(1_768_465_800), &json!(120 * 86_400))
    );
    assert_eq!(
        cloud.post("/logstores", body).error(),
        (400, "LogStoreAlreadyExist", "logstore audit already exists")
    );
    cloud.put("/logstores/audit", json!({ "logstoreName": "audit", "ttl": 3650, "hot_ttl": -1, "infrequentAccessTTL": -1, "shardCount": 9 })).code();
    cloud
        .put(
            "/logstores/audit",
            json!({ "logstoreName": "audit", "ttl": 365, "shardCount": 9, "maxSplitShard": 10 }),
        )
        .ok();
    let seen = cloud.get("/logstores/audit").ok();
    assert_eq!(
        (&seen.body["ttl"], &seen.body["shardCount"], &seen.body["maxSplitShard"]),
        (&json!(365), &json!(2), &json!(10))
    );
    assert_eq!(seen.body["infrequentAccessTTL"], 30, "an infrequent tier cannot be taken back");
    cloud.delete("/logstores/audit").ok();
    assert_eq!(
        cloud.get("/logstores/audit").error(),
        (404, "LogStoreNotExist", "logstore audit does not exist")
    );
}

#[test]
fn unset_members_stay_away() {
    let mut cloud = Cloud::with_logstore();
    let seen = cloud.get("/logstores/audit").ok();
    for member in ["hot_ttl", "infrequentAccessTTL", "encrypt_conf"] {
        assert!(seen.body.get(member).is_none(), "{member}");
    }
    assert_eq!((&seen.body["mode"], &seen.body["telemetryType"]), (&json!("standard"), &json!("")));
    cloud.put("/logstores/audit", json!({ "telemetryType": "None" })).ok();
    assert_eq!(cloud.get("/logstores/audit").ok().body["telemetryType"], "", "it says the same");
    assert_eq!(cloud.get("/logstores?telemetryType=None").ok().body["logstores"], json!(["audit"]));
}

#[test]
fn logs_can_be_changed_only_where_that_was_asked_for() {
    let mut cloud = Cloud::with_logstore();
    assert_eq!(cloud.get("/logstores/audit").ok().body["enableModify"], false);
    cloud.put("/logstores/audit", json!({ "enableModify": true })).ok();
    assert_eq!(cloud.get("/logstores/audit").ok().body["enableModify"], true);
    assert_eq!(
        cloud.put("/logstores/audit", json!({ "enableModify": false })).code(),
        (400, "LogStoreInfoInvalid")
    );
}

#[test]
fn an_infrequent_tier_is_taken_away_by_no_days() {
    let mut cloud = Cloud::with_project();
    let body = json!({ "logstoreName": "cold", "ttl": 180, "hot_ttl": 30, "infrequentAccessTTL": 30, "shardCount": 1 });
    cloud.post("/logstores", body).ok();
    cloud.put("/logstores/cold", json!({ "ttl": 180, "hot_ttl": 180, "infrequentAccessTTL": 0 })).ok();
    let seen = cloud.get("/logstores/cold").ok();
    assert_eq!((&seen.body["hot_ttl"], seen.body.get("infrequentAccessTTL")), (&json!(180), None));
}

#[test]
fn impossible_logstores_are_refused() {
    let mut cloud = Cloud::with_project();
    let base = json!({ "logstoreName": "audit", "ttl": 180, "shardCount": 2 });
    let info = "LogStoreInfoInvalid";
    for (change, code, message) in [
        (json!({ "logstoreName": "" }), info, "logstore name  is invalid"),
        (json!({ "logstoreName": "Audit" }), info, "logstore name Audit is invalid"),
        (json!({ "ttl": 0 }), info, "ttl value is out of range"),
        (json!({ "ttl": 3651 }), info, "ttl value is out of range"),
        (json!({ "shardCount": 101 }), info, "shardCount is missing or out of range"),
        (json!({ "hot_ttl": 6 }), info, "hot_ttl value is out of range"),
        (json!({ "hot_ttl": 181 }), info, "hot_ttl value is out of range"),
        (json!({ "hot_ttl": 30, "infrequentAccessTTL": 20 }), info, "infrequentAccessTTL must large than 30"),
        (json!({ "hot_ttl": 30, "infrequentAccessTTL": 110 }), info, "archiveTTL must large than 60"),
        (
            json!({ "autoSplit": true, "maxSplitShard": 257 }),
            info,
            "maxSplitShard must be within range [1, 256]",
        ),
        (
            json!({ "encrypt_conf": { "enable": true } }),
            info,
            "The encrypt_conf is invalid, [encrypt_type] key is missing or not supported",
        ),
        (json!({ "mode": "fast" }), "ParameterInvalid", "The logstore mode is invalid: fast"),
        (json!({ "telemetryType": "Logs" }), "ParameterInvalid", "The telemetryType is invalid: Logs"),
    ] {
        let mut body = base.clone();
        for (member, value) in change.as_object().unwrap() {
            body[member] = value.clone();
        }
        assert_eq!(cloud.post("/logstores", body).error(), (400, code, message), "{change}");
    }
    cloud.post("/logstores", json!({ "logstoreName": "audit", "ttl": 180, "hot_ttl": 60, "infrequentAccessTTL": 60, "shardCount": 1 })).ok();
    assert_eq!(
        cloud.put("/logstores/audit", json!({ "ttl": 160 })).error(),
        (400, "ParameterInvalid", "archiveTtl must larger than 60")
    );
    assert_eq!(cloud.put("/logstores/audit", json!({ "mode": "lite" })).code(), (400, "NotSupported"));
    assert_eq!(
        cloud.put("/logstores/audit", json!({ "telemetryType": "Metrics" })).code(),
        (400, "NotSupported")
    );
    assert_eq!(cloud.put("/logstores/none", json!({ "ttl": 1 })).code(), (404, "LogStoreNotExist"));
}

#[test]
fn an_encryption_type_that_pages_disagree_on_is_a_switch() {
    let mut cloud = Cloud::with_project();
    let store = |name: &str| {
        json!({ "logstoreName": name, "ttl": 30, "shardCount": 1,
            "encrypt_conf": { "enable": true, "encrypt_type": "aes_ofb" } })
    };
    cloud.post("/logstores", store("audit")).ok();
    assert_eq!(cloud.get("/logstores/audit").ok().body["encrypt_conf"]["encrypt_type"], "aes_ofb");
    cloud.cloud.switches.set("sls_aes_ofb", "refused").unwrap();
    assert_eq!(cloud.post("/logstores", store("other")).code(), (400, "LogStoreInfoInvalid"));
    cloud.post("/logstores", json!({ "logstoreName": "plain", "ttl": 30, "shardCount": 1 })).ok();
    let (later, classic) = (json!({ "enable": true, "encryptType": "aes_ofb" }), store("plain"));
    assert_eq!(cloud.put("/logstores/plain/encryption", later).code(), (400, "LogStoreInfoInvalid"));
    assert_eq!(cloud.put("/logstores/plain", classic).code(), (400, "LogStoreInfoInvalid"));
}

#[test]
fn only_the_switch_of_an_encryption_changes() {
    let mut cloud = Cloud::with_logstore();
    let key = json!({ "cmk_key_id": "key-1", "arn": "acs:ram::1234567890123456:role/aliyunlogkms", "region_id": "cn-hangzhou" });
    cloud
        .put(
            "/logstores/audit",
            json!({ "encrypt_conf": { "enable": true, "encrypt_type": "sm4_gcm", "user_cmk_info": key } }),
        )
        .ok();
    cloud
        .put("/logstores/audit", json!({ "encrypt_conf": { "enable": false, "encrypt_type": "sm4_gcm" } }))
        .ok();
    let seen = cloud.get("/logstores/audit").ok();
    assert_eq!(
        seen.body["encrypt_conf"],
        json!({ "enable": false, "encrypt_type": "sm4_gcm", "user_cmk_info": key })
    );
    assert_eq!(
        cloud
            .put("/logstores/audit", json!({ "encrypt_conf": { "enable": true, "encrypt_type": "default" } }))
            .code(),
        (400, "LogStoreInfoInvalid")
    );
    let other = json!({ "enable": true, "encryptType": "sm4_gcm", "userCmkInfo": { "keyId": "key-2", "regionId": "cn-hangzhou", "roleArn": "a" } });
    assert_eq!(cloud.put("/logstores/audit/encryption", other).code(), (400, "LogStoreInfoInvalid"));
    cloud.put("/logstores/audit/encryption", json!({ "enable": true })).ok();
}

#[test]
fn lists_metering_and_config() {
    let mut cloud = Cloud::with_logstore();
    cloud
        .post("/logstores", json!({ "logstoreName": "other", "ttl": 1, "shardCount": 1, "mode": "query" }))
        .ok();
    let seen = cloud.get("/logstores").ok();
    assert_eq!(seen.body, json!({ "count": 2, "total": 2, "logstores": ["audit", "other"] }));
    assert_eq!(cloud.get("/logstores?logstoreName=the").body["logstores"], json!(["other"]));
    assert_eq!(cloud.get("/logstores?mode=query").body["logstores"], json!(["other"]));
    assert_eq!(cloud.get("/logstores?mode=nonsense").body["count"], 0);
    assert_eq!(cloud.get("/logstores?size=1&offset=1").body["logstores"], json!(["other"]));
    assert_eq!(
        cloud.get("/logstores/audit/meteringmode").ok().body,
        json!({ "meteringMode": "ChargeByFunction" })
    );
    cloud.put("/logstores/audit/meteringmode", json!({ "meteringMode": "ChargeByDataIngest" })).ok();
    assert_eq!(cloud.get("/logstores/audit/meteringmode").body["meteringMode"], "ChargeByDataIngest");
    assert_eq!(cloud.put("/logstores/audit/meteringmode", json!({})).code(), (400, "ParameterInvalid"));
    cloud.put("/logstores/audit/config", json!({ "clientIpHeaders": ["x"] })).ok();
    assert_eq!(cloud.get("/logstores/audit/config").body, json!({ "clientIpHeaders": ["x"] }));
}

#[test]
fn projects_are_limited() {
    let mut cloud = Cloud::with_project();
    for number in 0..4 {
        cloud
            .post(
                "/logstores",
                json!({ "logstoreName": format!("big-{number}"), "ttl": 1, "shardCount": 100 }),
            )
            .ok();
    }
    let one = json!({ "logstoreName": "one-more", "ttl": 1, "shardCount": 1 });
    assert_eq!(
        cloud.post("/logstores", one.clone()).error(),
        (400, "ProjectQuotaExceed", "Project Quota Exceed")
    );
    cloud.cloud.switches.set("quotas", "off").unwrap();
    cloud.post("/logstores", one).ok();
}

#[test]
fn shards_split_and_merge() {
    let mut cloud = Cloud::with_logstore();
    let shards = cloud.get("/logstores/audit/shards").ok();
    assert_eq!(shards.body[0]["exclusiveEndKey"], "80000000000000000000000000000000");
    let split = cloud.post("/logstores/audit/shards/0?action=split", Value::Null).ok();
    let states: Vec<_> =
        split.body.as_array().unwrap().iter().map(|s| (s["shardID"].clone(), s["status"].clone())).collect();
    assert_eq!(
        states,
        [(json!(0), json!("readonly")), (json!(2), json!("readwrite")), (json!(3), json!("readwrite"))]
    );
    assert_eq!(split.body[1]["exclusiveEndKey"], "40000000000000000000000000000000");
    assert_eq!(cloud.get("/logstores/audit").body["shardCount"], 3);
    assert_eq!(
        cloud.post("/logstores/audit/shards/0?action=split", Value::Null).code(),
        (400, "ParameterInvalid")
    );
    assert_eq!(
        cloud.post("/logstores/audit/shards/77?action=split", Value::Null).code(),
        (404, "ShardNotExist")
    );
    let merged = cloud.post("/logstores/audit/shards/2?action=merge", Value::Null).ok();
    assert_eq!(merged.body[0]["inclusiveBeginKey"], "00000000000000000000000000000000");
    assert_eq!(merged.body[0]["exclusiveEndKey"], "80000000000000000000000000000000");
    assert_eq!(cloud.get("/logstores/audit").body["shardCount"], 2);
    assert_eq!(
        cloud.post("/logstores/audit/shards/1?action=merge", Value::Null).code(),
        (400, "ParameterInvalid")
    );
}

fn index() -> Value {
    json!({
        "line": { "token": [",", " "], "caseSensitive": false, "chn": false },
        "keys": { "event": { "type": "json", "token": [","], "doc_value": true, "json_keys": { "eventName": { "type": "text" } } },
                  "size": { "type": "long", "doc_value": true, "json_keys": {} } },
    })
}

#[test]
fn indexes_are_kept_with_the_defaults_filled_in() {
    let mut cloud = Cloud::with_logstore();
    assert_eq!(
        cloud.get("/logstores/audit/index").error(),
        (400, "IndexConfigNotExist", "index config doesn't exist")
    );
    assert_eq!(
        cloud.put("/logstores/audit/index", index()).error(),
        (400, "ParameterInvalid", "log store index is not created")
    );
    cloud.post("/logstores/audit/index", index()).ok();
    assert_eq!(cloud.post("/logstores/audit/index", index()).code(), (400, "IndexAlreadyExist"));
    let seen = cloud.get("/logstores/audit/index").ok();
    let event = &seen.body["keys"]["event"];
    assert_eq!(
        (&event["alias"], &event["caseSensitive"], &event["chn"]),
        (&json!(""), &json!(false), &json!(false))
    );
    assert!(
        seen.body["keys"]["size"].get("chn").is_none()
            && seen.body["keys"]["size"].get("json_keys").is_none()
    );
    assert_eq!(
        (&seen.body["index_mode"], &seen.body["ttl"], seen.body.get("max_text_len")),
        (&json!("v2"), &json!(180), None)
    );
    let words = json!({ "line": { "token": ["a", "tt", " "] }, "max_text_len": 0,
        "keys": { "size": { "type": "long", "token": ["b"], "doc_value": false },
            "more": { "type": "json", "token": ["z", "a"], "chn": true, "alias": "", "doc_value": false } } });
    cloud.put("/logstores/audit/index", words.clone()).ok();
    let seen = cloud.get("/logstores/audit/index").ok();
    assert_eq!((&seen.body["line"], seen.body.get("max_text_len")), (&words["line"], None));
    assert_eq!(seen.body["keys"]["size"], words["keys"]["size"]);
    for (member, value) in words["keys"]["more"].as_object().unwrap() {
        assert_eq!(&seen.body["keys"]["more"][member], value, "{member}");
    }
    cloud.put("/logstores/audit/index", json!({ "line": { "token": [" "] } })).ok();
    assert!(cloud.get("/logstores/audit/index").body.get("keys").is_none());
    cloud.delete("/logstores/audit/index").ok();
    assert_eq!(cloud.delete("/logstores/audit/index").code(), (400, "ParameterInvalid"));
}

#[test]
fn impossible_indexes_are_refused() {
    let mut cloud = Cloud::with_logstore();
    for (body, code) in [
        (json!({}), "IndexInfoInvalid"),
        (json!({ "line": {} }), "IndexInfoInvalid"),
        (json!({ "line": { "token": [""] } }), "IndexInfoInvalid"),
        (json!({ "line": { "caseSensitive": true } }), "IndexInfoInvalid"),
        (
            json!({ "line": { "token": [" "], "include_keys": ["a"], "exclude_keys": ["b"] } }),
            "IndexInfoInvalid",
        ),
        (json!({ "keys": { "a": { "doc_value": true } } }), "ParameterInvalid"),
        (json!({ "keys": { "a": { "type": "word" } } }), "IndexInfoInvalid"),
        (json!({ "keys": { "a": { "type": "text" } } }), "IndexInfoInvalid"),
        (
            json!({ "keys": { "a": { "type": "json", "token": [], "json_keys": { "b": { "type": "json" } } } } }),
            "IndexInfoInvalid",
        ),
        (json!({ "line": { "token": [] }, "max_text_len": 63 }), "ParameterInvalid"),
    ] {
        assert_eq!(cloud.post("/logstores/audit/index", body.clone()).code(), (400, code), "{body}");
    }
}

#[test]
fn what_depends_on_a_new_logstore_can_be_late() {
    let mut cloud = Cloud::with_project();
    cloud.cloud.switches.set("sls_logstore_lag", "60s").unwrap();
    cloud.post("/logstores", json!({ "logstoreName": "audit", "ttl": 1, "shardCount": 1 })).ok();
    cloud.get("/logstores/audit").ok();
    assert_eq!(cloud.post("/logstores/audit/index", index()).code(), (404, "LogStoreNotExist"));
    cloud.pass(Duration::seconds(60));
    cloud.post("/logstores/audit/index", index()).ok();
}

#[test]
fn actiontrail_makes_its_logstore_once() {
    let mut cloud = Cloud::with_project();
    assert!(!ensure_logstore(&mut cloud.cloud, ACCOUNT, "cn-hangzhou", "none-there", "actiontrail_t"));
    assert!(ensure_logstore(&mut cloud.cloud, ACCOUNT, "cn-hangzhou", PROJECT, "actiontrail_t"));
    assert!(has_logstore(&cloud.cloud, ACCOUNT, "cn-hangzhou", PROJECT, "actiontrail_t"));
    let store = cloud.get("/logstores/actiontrail_t").ok();
    assert_eq!((&store.body["ttl"], &store.body["productType"]), (&json!(3650), &json!("actiontrail")));
    assert_eq!(cloud.get("/logstores/actiontrail_t/index").ok().body["keys"]["event"]["type"], "json");
    cloud.put("/logstores/actiontrail_t", json!({ "ttl": 400 })).ok();
    assert!(ensure_logstore(&mut cloud.cloud, ACCOUNT, "cn-hangzhou", PROJECT, "actiontrail_t"));
    assert_eq!(cloud.get("/logstores/actiontrail_t").body["ttl"], 400, "an existing one is left alone");
    for number in 1..200 {
        assert!(ensure_logstore(&mut cloud.cloud, ACCOUNT, "cn-hangzhou", PROJECT, &format!("t{number}")));
    }
    assert!(!ensure_logstore(&mut cloud.cloud, ACCOUNT, "cn-hangzhou", PROJECT, "one-too-many"));
    assert!(ensure_logstore(&mut cloud.cloud, ACCOUNT, "cn-hangzhou", PROJECT, "actiontrail_t"));
    let call = cloud.call(Method::GET, Some("none-there"), "/logstores");
    assert_eq!(cloud.send(&call).code(), (404, "ProjectNotExist"));
}
