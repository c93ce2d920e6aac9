//! How descriptions of logstores become settings, and what a change sends.

use super::*;

fn wanted() -> Settings {
    Settings {
        project: "audit".into(),
        sent: LogstoreSettings {
            logstore_name: "events".into(),
            ttl: 365,
            auto_split: Some(true),
            max_split_shard_count: Some(64),
            append_meta: Some(true),
            mode: Some("standard".into()),
            telemetry_type: Some("None".into()),
            enable_web_tracking: Some(false),
            ..LogstoreSettings::default()
        },
        adopted: Some(false),
        made_at: None,
        shards_now: None,
    }
}

fn with(change: impl FnOnce(&mut LogstoreSettings)) -> Settings {
    let mut settings = wanted();
    change(&mut settings.sent);
    settings
}

fn described() -> Described {
    Described {
        ttl: Some(365),
        shard_count: Some(2),
        auto_split: Some(true),
        max_split_shard_count: Some(64),
        append_meta: Some(true),
        enable_web_tracking: Some(false),
        mode: Some("standard".into()),
        telemetry_type: Some("None".into()),
        ..Described::default()
    }
}

#[test]
fn an_untouched_store_is_seen_as_it_is_wanted() {
    assert_eq!(wanted().seen_as(&described()), Settings { shards_now: Some(2), ..wanted() });
}

#[test]
fn always_hot_has_many_words() {
    for hot in [None, Some(-1), Some(0), Some(365), Some(400)] {
        let store = Described { hot_ttl: hot, ..described() };
        assert_eq!(wanted().seen_as(&store).sent.hot_ttl, None, "{hot:?}");
        let stated = with(|sent| sent.hot_ttl = Some(365));
        assert_eq!(stated.seen_as(&store).sent.hot_ttl, Some(365), "{hot:?}");
    }
    let cooled = Described { hot_ttl: Some(30), ..described() };
    assert_eq!(wanted().seen_as(&cooled).sent.hot_ttl, Some(30));
    assert_eq!(with(|sent| sent.hot_ttl = Some(365)).seen_as(&cooled).sent.hot_ttl, Some(30));
    let taken_away = with(|sent| sent.hot_ttl = Some(60)).seen_as(&described());
    assert_eq!(taken_away.sent.hot_ttl, None, "a tier that was taken away shows");
}

#[test]
fn a_retention_that_the_service_rounds_up_to_permanent_does_not_differ() {
    let seen = |stated: i64, ttl: i64| {
        with(|sent| sent.ttl = stated).seen_as(&Described { ttl: Some(ttl), ..described() }).sent.ttl
    };
    assert_eq!(seen(3200, 3650), 3200);
    assert_eq!(seen(365, 3650), 3650);
    assert_eq!(seen(3200, 3100), 3100);
}

#[test]
fn shards_are_counted_only_while_nobody_splits_them() {
    let grown = Described { shard_count: Some(7), ..described() };
    let stated = with(|sent| sent.shard_count = Some(2));
    assert_eq!(wanted().seen_as(&grown).sent.shard_count, None);
    assert_eq!(wanted().seen_as(&grown).shards_now, Some(7), "as an import finds it");
    assert_eq!(stated.seen_as(&grown).sent.shard_count, Some(2));
    let unsplit = Described { auto_split: Some(false), max_split_shard_count: Some(0), ..grown };
    let now = stated.seen_as(&unsplit).sent;
    assert_eq!(now.shard_count, Some(7));
    assert_eq!(now.max_split_shard_count, Some(64), "without effect, so what was said is kept");
}

#[test]
fn encryption_that_was_never_on_is_none() {
    let conf = |conf| Described { encrypt_conf: Some(conf), ..described() };
    assert_eq!(wanted().seen_as(&conf(EncryptConf::default())).sent.encrypt_conf, None);
    let off = EncryptConf { encrypt_type: Some("default".into()), ..EncryptConf::default() };
    let stated = with(|sent| sent.encrypt_conf = Some(off.clone()));
    assert_eq!(stated.seen_as(&conf(EncryptConf::default())).sent.encrypt_conf, Some(off));
    let on = EncryptConf {
        enable: true,
        encrypt_type: Some("aes_gcm".into()),
        user_cmk_info: Some(UserCmkInfo::default()),
    };
    let seen = wanted().seen_as(&conf(on)).sent.encrypt_conf.unwrap();
    assert_eq!(seen.user_cmk_info, None, "an empty key is none");
}

#[test]
fn a_store_of_a_service_counts_as_adopted() {
    let unknown = Settings { adopted: None, ..wanted() };
    assert_eq!(unknown.seen_as(&described()).adopted, Some(false));
    let theirs = Described { product_type: Some("actiontrail".into()), ..described() };
    assert_eq!(unknown.seen_as(&theirs).adopted, Some(true));
    assert_eq!(wanted().seen_as(&theirs).adopted, Some(false), "what is known stays");
}

#[test]
fn a_change_says_what_it_has_to_and_no_more() {
    let change = wanted().change_from(&with(|sent| sent.hot_ttl = Some(30)));
    assert_eq!(change.hot_ttl, Some(-1), "takes the tier back");
    assert_eq!((change.mode, change.shard_count, change.telemetry_type), (None, None, None));
    let query = with(|sent| sent.mode = Some("query".into()));
    assert_eq!(query.change_from(&wanted()).mode.as_deref(), Some("query"));
    assert_eq!(wanted().change_from(&wanted()).hot_ttl, None);
    let tiered = with(|sent| (sent.hot_ttl, sent.infrequent_access_ttl) = (Some(30), Some(30)));
    let change = wanted().change_from(&tiered);
    assert_eq!((change.hot_ttl, change.infrequent_access_ttl), (Some(wanted().sent.ttl), Some(0)));
    let change = with(|sent| sent.hot_ttl = Some(60)).change_from(&tiered);
    assert_eq!(
        (change.hot_ttl, change.infrequent_access_ttl),
        (Some(60), Some(0)),
        "it is hot for that long"
    );
}

fn encrypted(kind: &str, key: Option<&str>) -> Settings {
    let key = key.map(|key| UserCmkInfo { cmk_key_id: key.into(), ..UserCmkInfo::default() });
    let conf = EncryptConf { enable: true, encrypt_type: Some(kind.into()), user_cmk_info: key };
    with(|sent| sent.encrypt_conf = Some(conf))
}

fn fixed(existing: &Settings, wanted: &Settings) -> Vec<&'static str> {
    existing.fixed_against(wanted).into_iter().map(|fixed| fixed.setting).collect()
}

#[test]
fn what_cannot_change_is_fixed_and_the_rest_is_not() {
    assert!(fixed(&wanted(), &with(|sent| sent.mode = Some("query".into()))).is_empty());
    let tiered = with(|sent| sent.infrequent_access_ttl = Some(30));
    assert!(fixed(&tiered, &wanted()).is_empty(), "a tier can be taken away");
    assert!(fixed(&wanted(), &tiered).is_empty());
    assert_eq!(fixed(&wanted(), &with(|sent| sent.mode = Some("lite".into()))), ["mode"]);
    let metrics = with(|sent| sent.telemetry_type = Some("Metrics".into()));
    assert_eq!(fixed(&metrics, &wanted()), ["telemetry_type"]);
}

#[test]
fn encryption_stays_as_it_is() {
    let existing = encrypted("aes_gcm", Some("key"));
    assert_eq!(fixed(&existing, &wanted()), ["encrypt_conf"]);
    assert_eq!(fixed(&existing, &encrypted("default", Some("key"))), ["encrypt_conf.encrypt_type"]);
    assert_eq!(fixed(&existing, &encrypted("aes_gcm", None)), ["encrypt_conf.user_cmk_info"]);
    assert!(fixed(&existing, &existing).is_empty() && fixed(&wanted(), &existing).is_empty());
    let mut off = encrypted("aes_gcm", None);
    off.sent.encrypt_conf.iter_mut().for_each(|conf| conf.enable = false);
    assert!(fixed(&existing, &off).is_empty(), "leaving the key out changes no key");
}
