//! Which settings are open, reached and read, and in which order they are sent.

use super::*;

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn names(open: &[Setting]) -> Vec<&'static str> {
    open.iter().map(|setting| setting.name()).collect()
}

#[test]
fn only_what_differs_is_open() {
    let have = Settings {
        acl: text("private"),
        block_public_access: Some(true),
        tags: Some(BTreeMap::new()),
        redundancy_type: text("LRS"),
        ..Settings::default()
    };
    // What is not decided is nothing to do.
    let want = Settings { versioning: text("Enabled"), redundancy_type: None, acl: None, ..have.clone() };
    assert_eq!(names(&Setting::open(&have, &want)), ["versioning"]);
}

#[test]
fn every_setting_is_noticed_and_reached() {
    let want = Settings {
        acl: text("public-read"),
        block_public_access: Some(false),
        versioning: text("Suspended"),
        server_side_encryption: Some(Encryption::default()),
        tls_versions: Some(BTreeSet::new()),
        access_monitor: text("Enabled"),
        transfer_acceleration: Some(true),
        tags: Some(BTreeMap::from([("k".to_owned(), "v".to_owned())])),
        resource_group_id: text("rg-1"),
        redundancy_type: text("ZRS"),
        ..Settings::default()
    };
    let all: Vec<Setting> = Setting::all().collect();
    assert_eq!(Setting::open(&Settings::default(), &want), all);
    for setting in &all {
        let mut reached = Settings::default();
        setting.reach(&mut reached, &want);
        let open = Setting::open(&reached, &want);
        assert_eq!((open.len(), open.contains(setting)), (all.len() - 1, false), "{setting:?}");
    }
}

#[test]
fn what_was_never_set_differs_from_what_is_off() {
    let never = Settings::from(Seen::default());
    assert_eq!((&never.versioning, &never.server_side_encryption), (&None, &None));
    assert_eq!((never.block_public_access, never.tls_versions), (Some(false), Some(BTreeSet::new())));
}

#[test]
fn tags_of_the_vendor_are_not_ours() {
    let tags = ["acs:rm:rgId", "AliyunBackup", "owner"].map(|key| (key.to_owned(), "x".to_owned()));
    let seen = Settings::from(Seen { tags: tags.into(), ..Seen::default() });
    assert_eq!(seen.tags.unwrap().into_keys().collect::<Vec<_>>(), ["owner"]);
}

#[test]
fn a_bucket_is_created_private_even_if_it_is_to_be_public() {
    let wanted =
        Settings { acl: text("public-read"), block_public_access: Some(false), ..Settings::default() };
    let created = wanted.as_created("LRS");
    assert_eq!((created.acl.as_deref(), created.is_public()), (Some("private"), false));
    // Not known before it is set or read.
    assert_eq!(created.block_public_access, None);
}

#[test]
fn access_is_opened_and_closed_in_the_only_order_that_works() {
    let open = |opens: bool| {
        let named = ["block_public_access", "acl", "tags", "redundancy_type"];
        let schedule =
            schedule(Setting::all().filter(|setting| named.contains(&setting.name())).collect(), opens);
        (schedule.lanes.iter().map(|lane| names(lane)).collect::<Vec<_>>(), names(&schedule.last))
    };
    let last = vec!["redundancy_type"];
    assert_eq!(open(true), (vec![vec!["block_public_access", "acl"], vec!["tags"]], last.clone()));
    assert_eq!(open(false), (vec![vec!["acl", "block_public_access"], vec!["tags"]], last));
}
