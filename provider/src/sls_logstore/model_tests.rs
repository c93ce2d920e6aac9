//! How descriptions of logstores become state, and the other way round.

use super::*;

fn place() -> Place {
    let config =
        alibaba::Config::new(alibaba::credentials::Chain::new(alibaba::credentials::Sources::default()));
    Place {
        client: alibaba::Client::new(config).unwrap(),
        account: "1234567890123456".into(),
        region: "cn-hangzhou".into(),
    }
}

fn wanted() -> LogstoreModel {
    LogstoreModel {
        project_name: "audit".into(),
        logstore_name: "events".into(),
        retention_period: 365.into(),
        auto_split: true.into(),
        max_split_shard_count: 64.into(),
        append_meta: true.into(),
        mode: "standard".into(),
        telemetry_type: "None".into(),
        enable_web_tracking: false.into(),
        adopted: false.into(),
        ..LogstoreModel::default()
    }
}

fn described() -> Logstore {
    Logstore {
        ttl: Some(365),
        shard_count: Some(2),
        auto_split: Some(true),
        max_split_shard_count: Some(64),
        append_meta: Some(true),
        enable_web_tracking: Some(false),
        mode: Some("standard".into()),
        telemetry_type: Some("None".into()),
        ..Logstore::default()
    }
}

fn read(model: &LogstoreModel, store: Logstore) -> LogstoreModel {
    model.read_from(&store, &place())
}

#[test]
fn an_untouched_store_reads_as_it_is_wanted() {
    assert_eq!(read(&wanted(), described()), wanted().at(&place()));
    assert_eq!(read(&wanted(), described()).id.as_str(), Some("audit:events"));
}

#[test]
fn always_hot_has_many_words() {
    for hot in [None, Some(-1), Some(0), Some(365), Some(400)] {
        let store = Logstore { hot_ttl: hot, ..described() };
        assert_eq!(read(&wanted(), store.clone()).hot_ttl, Attr::Null, "{hot:?}");
        let stated = LogstoreModel { hot_ttl: 365.into(), ..wanted() };
        assert_eq!(read(&stated, store).hot_ttl, 365.into(), "{hot:?}");
    }
    let cooled = Logstore { hot_ttl: Some(30), ..described() };
    assert_eq!(read(&wanted(), cooled.clone()).hot_ttl, 30.into());
    assert_eq!(read(&LogstoreModel { hot_ttl: 365.into(), ..wanted() }, cooled).hot_ttl, 30.into());
    let stated = LogstoreModel { hot_ttl: 60.into(), ..wanted() };
    assert_eq!(read(&stated, described()).hot_ttl, Attr::Null, "a tier that was taken away shows");
}

#[test]
fn a_retention_that_the_service_rounds_up_to_permanent_does_not_differ() {
    let stated = |days: i64| LogstoreModel { retention_period: days.into(), ..wanted() };
    let permanent = Logstore { ttl: Some(3650), ..described() };
    assert_eq!(read(&stated(3200), permanent.clone()).retention_period, 3200.into());
    assert_eq!(read(&stated(365), permanent).retention_period, 3650.into());
    let shorter = Logstore { ttl: Some(3100), ..described() };
    assert_eq!(read(&stated(3200), shorter).retention_period, 3100.into());
}

#[test]
fn shards_are_counted_only_while_nobody_splits_them() {
    let grown = Logstore { shard_count: Some(7), ..described() };
    assert_eq!(read(&wanted(), grown.clone()).shard_count, Attr::Null);
    let stated = LogstoreModel { shard_count: 2.into(), ..wanted() };
    assert_eq!(read(&stated, grown.clone()).shard_count, 2.into());
    let unsplit = Logstore { auto_split: Some(false), max_split_shard_count: Some(0), ..grown };
    let now = read(&stated, unsplit);
    assert_eq!(now.shard_count, 7.into());
    assert_eq!(now.max_split_shard_count, 64.into(), "without effect, so what was said is kept");
}

#[test]
fn encryption_that_was_never_on_is_none() {
    let bare = Logstore { encrypt_conf: Some(EncryptConf::default()), ..described() };
    assert_eq!(read(&wanted(), bare.clone()).encrypt_conf, Attr::Null);
    let off = EncryptConfModel {
        enable: false.into(),
        encrypt_type: "default".into(),
        ..EncryptConfModel::default()
    };
    let stated = LogstoreModel { encrypt_conf: off.clone().into(), ..wanted() };
    assert_eq!(read(&stated, bare).encrypt_conf, off.into());
    let on = EncryptConf {
        enable: true,
        encrypt_type: Some("aes_gcm".into()),
        user_cmk_info: Some(UserCmkInfo::default()),
    };
    let conf = read(&wanted(), Logstore { encrypt_conf: Some(on), ..described() }).encrypt_conf;
    assert_eq!(conf.get().unwrap().user_cmk_info, Attr::Null, "an empty key is none");
}

#[test]
fn an_imported_store_of_a_service_counts_as_adopted() {
    let imported = LogstoreModel { adopted: Attr::Null, ..wanted() };
    assert_eq!(read(&imported, described()).adopted, false.into());
    let theirs = Logstore { product_type: Some("actiontrail".into()), ..described() };
    assert_eq!(read(&imported, theirs.clone()).adopted, true.into());
    assert_eq!(read(&wanted(), theirs).adopted, false.into(), "what is known stays");
}

#[test]
fn a_change_says_what_it_has_to_and_no_more() {
    let now = LogstoreModel { hot_ttl: 30.into(), ..wanted() };
    let change = wanted().change_from(&now);
    assert_eq!(change.hot_ttl, Some(-1), "takes the tier back");
    assert_eq!((change.mode, change.shard_count, change.telemetry_type), (None, None, None));
    let query = LogstoreModel { mode: "query".into(), ..wanted() };
    assert_eq!(query.change_from(&wanted()).mode.as_deref(), Some("query"));
    assert_eq!(wanted().change_from(&wanted()).hot_ttl, None);
}

#[test]
fn a_new_store_has_shards_and_a_kind() {
    let settings = wanted().new_logstore();
    assert_eq!((settings.shard_count, settings.telemetry_type.as_deref()), (Some(2), Some("None")));
    let more = LogstoreModel { shard_count: 8.into(), ..wanted() };
    assert_eq!(more.new_logstore().shard_count, Some(8));
}
