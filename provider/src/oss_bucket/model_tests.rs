//! How descriptions of buckets become state.

use alibaba::oss::{BucketInfo, Encryption, HttpsConfig};

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

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn seen() -> Seen {
    Seen {
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
        tags: BTreeMap::new(),
        https: Some(HttpsConfig {
            tls_versions: vec!["TLSv1.3".into(), "TLSv1.2".into()],
            cipher_suite: None,
        }),
    }
}

#[test]
fn a_safe_bucket_reads_as_the_defaults() {
    let read = BucketModel::default().read_from(seen(), &place());
    let planned = plugin::planning::object(&BucketModel::attributes(), None, &plugin::value::Object::new());
    let planned = BucketModel::from_object(planned).unwrap();
    assert_eq!(read.acl, planned.acl);
    assert_eq!(read.block_public_access, planned.block_public_access);
    assert_eq!(read.versioning, planned.versioning);
    assert_eq!(read.server_side_encryption, planned.server_side_encryption);
    assert_eq!(read.https_config, planned.https_config);
    assert_eq!(read.access_monitor, planned.access_monitor);
    assert_eq!(read.storage_class, planned.storage_class);
    assert_eq!(read.tags, Attr::Null);
    assert_eq!(read.arn.as_str(), Some("acs:oss:*:1234567890123456:audit"));
}

#[test]
fn what_was_never_set_differs_from_the_defaults() {
    let bare = Seen {
        info: BucketInfo {
            versioning: None,
            server_side_encryption: None,
            block_public_access: None,
            ..seen().info
        },
        https: None,
        ..seen()
    };
    let read = BucketModel::default().read_from(bare, &place());
    assert_eq!(read.versioning, Attr::Null);
    assert_eq!(read.server_side_encryption, Attr::Null);
    assert_eq!(read.block_public_access, Attr::Known(false));
    assert!(read.tls().is_empty());
}

#[test]
fn tags_of_the_vendor_are_not_ours() {
    let tags = ["acs:rm:rgId", "AliyunBackup", "owner"].map(|key| (key.to_owned(), "x".to_owned()));
    let read = BucketModel::default().read_from(Seen { tags: tags.into(), ..seen() }, &place());
    assert_eq!(read.all_tags().into_keys().collect::<Vec<_>>(), ["owner"]);
}

#[test]
fn a_bucket_is_made_private_even_if_it_is_to_be_public() {
    let wanted = BucketModel {
        bucket: "audit".into(),
        acl: "public-read".into(),
        block_public_access: false.into(),
        ..BucketModel::default()
    };
    assert_eq!(wanted.new_bucket("LRS").acl.as_deref(), Some("private"));
    let made = wanted.just_made("LRS", &place());
    assert_eq!(made.acl.as_str(), Some("private"));
    // Not known before it is set or read.
    assert_eq!(made.block_public_access, Attr::Null);
}
