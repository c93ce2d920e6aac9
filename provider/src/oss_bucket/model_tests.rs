//! How descriptions of buckets become state.

use alibaba::oss::{BucketInfo, HttpsConfig};
use reconciler::oss_bucket::{Seen, Setting};

use super::*;

fn scope() -> Scope {
    let config =
        alibaba::Config::new(alibaba::credentials::Chain::new(alibaba::credentials::Sources::default()));
    Scope {
        client: alibaba::Client::new(config).unwrap(),
        account: "1234567890123456".into(),
        region: "cn-hangzhou".into(),
    }
}

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn seen() -> Settings {
    let seen = Seen {
        info: BucketInfo {
            name: "audit".into(),
            location: text("oss-cn-hangzhou"),
            creation_date: text("2026-01-15T08:30:00.000Z"),
            storage_class: text("Standard"),
            redundancy_type: text("ZRS"),
            versioning: text("Enabled"),
            acl: text("private"),
            owner_id: text("1234567890123456"),
            resource_group_id: text("rg-acfmw3ty5yaaaaa"),
            access_monitor: text("Disabled"),
            block_public_access: Some(true),
            server_side_encryption: Some(Encryption {
                sse_algorithm: "AES256".into(),
                ..Encryption::default()
            }),
            ..BucketInfo::default()
        },
        https: HttpsConfig { tls_versions: vec!["TLSv1.3".into(), "TLSv1.2".into()], cipher_suite: None },
        ..Seen::default()
    };
    seen.into()
}

#[test]
fn a_safe_bucket_reads_as_the_defaults() {
    let bucket = BucketModel { bucket: "audit".into(), ..BucketModel::default() };
    let read = bucket.read_from(&seen(), &scope());
    let planned = plugin::planning::object(&BucketModel::attributes(), None, &plugin::value::Object::new());
    let planned = BucketModel::from_object(planned).unwrap();
    assert_eq!(read.acl, planned.acl);
    assert_eq!(read.block_public_access, planned.block_public_access);
    assert_eq!(read.versioning, planned.versioning);
    assert_eq!(read.server_side_encryption, planned.server_side_encryption);
    assert_eq!(read.https_config, planned.https_config);
    assert_eq!(read.access_monitor, planned.access_monitor);
    assert_eq!(read.transfer_acceleration, planned.transfer_acceleration);
    assert_eq!(read.storage_class, planned.storage_class);
    assert_eq!(read.tags, Attr::Null);
    assert_eq!(read.location.as_str(), Some("oss-cn-hangzhou"));
    assert_eq!(read.arn.as_str(), Some("acs:oss:*:1234567890123456:audit"));
}

#[test]
fn what_was_never_set_differs_from_the_defaults() {
    let read = BucketModel::default().read_from(&Seen::default().into(), &scope());
    assert_eq!(read.versioning, Attr::Null);
    assert_eq!(read.server_side_encryption, Attr::Null);
    assert_eq!(read.block_public_access, Attr::Known(false));
    assert_eq!(read.https_config.get().unwrap().tls_versions, Attr::Known(BTreeSet::new()));
}

#[test]
fn settings_are_named_like_attributes_and_survive_the_model() {
    let attributes = BucketModel::attributes();
    for setting in Setting::all() {
        assert!(attributes.iter().any(|attribute| attribute.name == setting.name()), "{setting:?}");
    }
    let again = BucketModel::default().read_from(&seen(), &scope()).settings();
    assert_eq!(format!("{again:?}"), format!("{:?}", Settings { described: None, ..seen() }));
}

#[test]
fn no_tags_are_wanted_where_none_are_stated() {
    assert_eq!(BucketModel::default().settings().tags, Some(BTreeMap::new()));
}
