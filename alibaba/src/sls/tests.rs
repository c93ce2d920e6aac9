use super::call::logstore_path;
use super::*;

#[test]
fn a_logstore_is_written_in_the_services_spelling() {
    let settings = LogstoreSettings {
        logstore_name: "audit".into(),
        ttl: 180,
        hot_ttl: Some(30),
        infrequent_access_ttl: Some(30),
        shard_count: Some(2),
        auto_split: Some(true),
        max_split_shard_count: Some(64),
        append_meta: Some(true),
        enable_web_tracking: Some(false),
        mode: Some("standard".into()),
        telemetry_type: Some("None".into()),
        encrypt_conf: Some(EncryptConf {
            enable: true,
            encrypt_type: Some("default".into()),
            user_cmk_info: Some(UserCmkInfo {
                cmk_key_id: "key".into(),
                arn: "acs:ram::1:role/r".into(),
                region_id: "cn-hangzhou".into(),
            }),
        }),
    };
    let expected = serde_json::json!({"logstoreName":"audit","ttl":180,"hot_ttl":30,"infrequentAccessTTL":30,"shardCount":2,
        "autoSplit":true,"maxSplitShard":64,"appendMeta":true,"enable_tracking":false,"mode":"standard","telemetryType":"None",
        "encrypt_conf":{"enable":true,"encrypt_type":"default","user_cmk_info":{"cmk_key_id":"key","arn":"acs:ram::1:role/r","region_id":"cn-hangzhou"}}});
    assert_eq!(serde_json::to_value(&settings).unwrap(), expected);
    let small = LogstoreSettings { logstore_name: "a".into(), ttl: 3650, ..LogstoreSettings::default() };
    assert_eq!(serde_json::to_string(&small).unwrap(), r#"{"logstoreName":"a","ttl":3650}"#);
}

#[test]
fn a_logstore_is_read_whatever_the_types() {
    let text = r#"{"logstoreName":"audit","ttl":180,"hot_ttl":-1,"autoSplit":"true","maxSplitShard":64,"enable_tracking":false,
        "telemetryType":"","createTime":1705305600,"resourceQuota":{"storage":{}},"encrypt_conf":{},"new":[1]}"#;
    let logstore: Logstore = serde_json::from_str(text).unwrap();
    assert_eq!((logstore.ttl, logstore.hot_ttl, logstore.infrequent_access_ttl), (Some(180), Some(-1), None));
    assert_eq!((logstore.auto_split, logstore.telemetry_type), (Some(true), None));
    assert_eq!(logstore.encrypt_conf, Some(EncryptConf::default()));
}

#[test]
fn a_project_is_read_from_a_description_and_from_a_list() {
    for time in ["\"2024-01-15 16:00:00\"", "\"1705305600\"", "1705305600"] {
        let text = format!(
            r#"{{"projectName":"p","description":"","createTime":{time},"recycleBinEnabled":false,"quota":{{"shard":400}}}}"#
        );
        let project: Project = serde_json::from_str(&text).unwrap();
        assert_eq!((project.project_name.as_str(), project.recycle_bin_enabled), ("p", Some(false)));
        assert!(project.create_time.is_some());
    }
}

#[test]
fn a_wrong_logstore_name_makes_no_path() {
    assert_eq!(logstore_path("actiontrail_audit-1").unwrap(), "/logstores/actiontrail_audit-1");
    for name in ["a/../b", "", "a?b", "日志"] {
        let error = logstore_path(name).unwrap_err().to_string();
        assert!(error.contains("not a valid logstore name"), "{error}");
    }
}
