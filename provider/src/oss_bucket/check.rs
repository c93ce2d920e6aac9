//! Checks of a bucket's configuration, before any call.

use std::collections::{BTreeMap, BTreeSet};

use alibaba::Arn;
use alibaba::oss::BucketWorm;
use plugin::{Attr, Diagnostic, Diagnostics, Path};

use super::model::BucketModel;
use crate::check::{arn_spelling, misspelt, tag_key};

/// At most this many tags (OSS API reference, PutBucketTags).
const MOST_TAGS: usize = 20;

const TLS_VERSIONS: [&str; 4] = ["TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"];

/// Tags of a bucket (OSS API reference, PutBucketTags).
pub(super) fn tags(tags: &BTreeMap<String, String>) -> Result<(), String> {
    if tags.len() > MOST_TAGS {
        return Err(format!("There are {} tags; a bucket can have at most {MOST_TAGS}.", tags.len()));
    }
    for (key, value) in tags {
        if !(1..=64).contains(&key.len()) {
            return Err(format!("The tag key {key:?} has {} bytes; keys have 1 to 64.", key.len()));
        }
        tag_key(key)?;
        if value.len() > 128 {
            return Err(format!(
                "The value of the tag {key:?} has {} bytes; values have at most 128.",
                value.len()
            ));
        }
    }
    Ok(())
}

/// TLS versions (OSS API reference, PutBucketHttpsConfig).
pub(super) fn tls_versions(versions: &BTreeSet<String>) -> Result<(), String> {
    match versions.iter().find(|version| !TLS_VERSIONS.contains(&version.as_str())) {
        Some(unknown) => {
            Err(format!("{unknown:?} is not a version of TLS. Use {}.", plugin::check::list(&TLS_VERSIONS)))
        }
        None => Ok(()),
    }
}

/// The id of a key.
pub(super) fn key_id(id: &str) -> Result<(), String> {
    if id.is_empty() {
        return Err(
            "It is empty. Leave kms_master_key_id out for the key that the service manages.".to_owned()
        );
    }
    // A key can be given by its ARN, and an ARN has only one spelling.
    let right = arn_spelling(id);
    if right != id {
        return Err(misspelt(id, &right));
    }
    Ok(())
}

/// Checks across attributes.
pub(super) fn check(config: &BucketModel, found: &mut Diagnostics) {
    // Unset plans true.
    let blocks = match &config.block_public_access {
        Attr::Null => Some(true),
        stated => stated.get().copied(),
    };
    if config.is_public() && blocks == Some(true) {
        let acl = config.acl.as_str().unwrap_or_default();
        found.push(
            Diagnostic::error(
                "Public ACL behind a public access block",
                format!(
                    "acl is {acl:?}, but block_public_access is true, so the service would refuse it. Keep the bucket \
                     private, or set block_public_access = false if the world is really meant to reach it."
                ),
            )
            .at(Path::attribute("acl")),
        );
    }
    let class = config.storage_class.as_str().unwrap_or_default();
    if config.redundancy_type.as_str() == Some("ZRS") && matches!(class, "ColdArchive" | "DeepColdArchive") {
        found.push(
            Diagnostic::error(
                "ZRS is not offered for this storage class",
                format!("A {class} bucket is stored in one zone. Use a warmer storage_class, or leave redundancy_type out."),
            )
            .at(Path::attribute("redundancy_type")),
        );
    }
    check_encryption(config, found);
}

/// The attributes that only make sense together with KMS.
fn check_encryption(config: &BucketModel, found: &mut Diagnostics) {
    let Some(encryption) = config.server_side_encryption.get() else { return };
    let key = encryption.kms_master_key_id.as_str().unwrap_or_default();
    if key.starts_with("alias/") || key.contains(":alias/") {
        found.push(
            Diagnostic::warning(
                "kms_master_key_id is an alias",
                format!(
                    "{key:?} is the alias of a key, and the service asks for the key's id (OSS API reference, \
                     PutBucketEncryption). Whether it takes an alias is not documented; if it does, what the alias stands \
                     for can change behind Terraform's back. Write the id, such as \"key-hzz65f1ef5d1f4ah12345\"."
                ),
            )
            .at(Path::attribute("server_side_encryption").child("kms_master_key_id")),
        );
    }
    // Unset plans AES256.
    if encryption.sse_algorithm.is_unknown() || encryption.sse_algorithm.as_str() == Some("KMS") {
        return;
    }
    let algorithm = encryption.sse_algorithm.as_str().unwrap_or("AES256");
    for (attribute, value) in [
        ("kms_master_key_id", &encryption.kms_master_key_id),
        ("kms_data_encryption", &encryption.kms_data_encryption),
    ] {
        if value.get().is_some() {
            found.push(
                Diagnostic::error(
                    format!("{attribute} without KMS"),
                    format!(
                        "{attribute} has a meaning only with sse_algorithm = \"KMS\", which is {algorithm:?} here. Set \
                         that, or remove {attribute}."
                    ),
                )
                .at(Path::attribute("server_side_encryption").child(attribute)),
            );
        }
    }
}

/// A key that is given by ARN has to be in the region of the bucket.
pub(super) fn key_region(planned: &BucketModel) -> Option<Diagnostic> {
    let key = planned.server_side_encryption.get()?.kms_master_key_id.as_str()?;
    let region = planned.scope.region.as_str()?;
    let its_region = Arn::parse(key).ok().filter(|arn| arn.service == "kms")?.region?;
    (its_region != region).then(|| {
        Diagnostic::error(
            "KMS key in another region",
            format!(
                "The key {key:?} is in {its_region:?} and the bucket in {region:?}. Objects can be encrypted only with a key \
                 of the bucket's own region."
            ),
        )
        .at(Path::attribute("server_side_encryption").child("kms_master_key_id"))
    })
}

/// Versioning cannot be suspended under a retention policy.
pub(super) fn kept(planned: &BucketModel, worm: &BucketWorm) -> Diagnostic {
    Diagnostic::error(
        format!("versioning of {} cannot be suspended", planned.label()),
        format!(
            "The bucket has a retention policy ({}, {} days), and the service suspends no versioning under one. Keep \
             versioning = \"Enabled\"; a policy that is in progress can be removed first, in an apply of its own.",
            worm.state, worm.retention_period_in_days
        ),
    )
    .at(Path::attribute("versioning"))
}

#[cfg(test)]
mod tests {
    use super::super::model::EncryptionModel;
    use super::*;
    use crate::scope::Regional;

    fn summaries(config: &BucketModel) -> Vec<String> {
        let mut found = Diagnostics::new();
        check(config, &mut found);
        found.0.into_iter().map(|diagnostic| diagnostic.summary).collect()
    }

    #[test]
    fn a_public_acl_needs_the_block_lifted() {
        let open = BucketModel { acl: "public-read".into(), ..BucketModel::default() };
        assert_eq!(summaries(&open), ["Public ACL behind a public access block"]);
        for lifted in [Attr::Known(false), Attr::UNKNOWN] {
            assert!(summaries(&BucketModel { block_public_access: lifted, ..open.clone() }).is_empty());
        }
    }

    #[test]
    fn keys_need_kms() {
        let with = |algorithm: Attr<String>| {
            let encryption = EncryptionModel {
                sse_algorithm: algorithm,
                kms_master_key_id: "key".into(),
                kms_data_encryption: "SM4".into(),
            };
            summaries(&BucketModel { server_side_encryption: encryption.into(), ..BucketModel::default() })
        };
        let refused = ["kms_master_key_id without KMS", "kms_data_encryption without KMS"];
        assert_eq!(with(Attr::Null), refused);
        assert_eq!(with("SM4".into()), refused);
        assert!(with("KMS".into()).is_empty());
        assert!(with(Attr::UNKNOWN).is_empty());
    }

    #[test]
    fn a_key_of_another_region_is_named() {
        let planned = |key: &str| BucketModel {
            scope: Regional { region: "cn-hangzhou".into(), ..Regional::default() },
            server_side_encryption: EncryptionModel {
                kms_master_key_id: key.into(),
                ..EncryptionModel::default()
            }
            .into(),
            ..BucketModel::default()
        };
        let error = key_region(&planned("acs:kms:cn-shanghai:1234567890123456:key/abc")).unwrap();
        assert!(
            error.detail.contains("cn-shanghai") && error.detail.contains("cn-hangzhou"),
            "{}",
            error.detail
        );
        assert_eq!(key_region(&planned("acs:kms:cn-hangzhou:1234567890123456:key/abc")), None);
        assert_eq!(key_region(&planned("9468da86-3509-4f8d-a61e-6eab1eac0001")), None);
    }

    #[test]
    fn the_alias_of_a_key_is_a_doubt() {
        let notified = |key: &str| {
            let encryption = super::super::model::EncryptionModel {
                sse_algorithm: "KMS".into(),
                kms_master_key_id: key.into(),
                ..Default::default()
            };
            let config = BucketModel { server_side_encryption: encryption.into(), ..BucketModel::default() };
            let mut found = Diagnostics::new();
            check(&config, &mut found);
            assert!(!found.has_error());
            found.0.into_iter().map(|one| one.summary).collect::<Vec<_>>()
        };
        for alias in ["alias/audit", "acs:kms:cn-hangzhou:1234567890123456:alias/audit"] {
            assert_eq!(notified(alias), ["kms_master_key_id is an alias"]);
        }
        assert_eq!(notified("key-hzz65f1ef5d1f4ah12345"), [""; 0]);
        assert!(
            key_id("key-hzz65f1ef5d1f4ah12345 ").unwrap_err().contains("Write \"key-hzz65f1ef5d1f4ah12345\"")
        );
    }

    #[test]
    fn tags_keep_to_the_limits() {
        let one = |key: &str, value: &str| tags(&BTreeMap::from([(key.to_owned(), value.to_owned())]));
        assert_eq!(one("owner", ""), Ok(()));
        for (key, value) in [
            ("", "x"),
            (&*"k".repeat(65), "x"),
            ("Aliyun-x", "x"),
            ("acs:team", "x"),
            ("k", &*"v".repeat(129)),
        ] {
            assert!(one(key, value).is_err(), "{key}={value}");
        }
        let many = |count: usize| tags(&(0..count).map(|at| (format!("k{at}"), String::new())).collect());
        assert_eq!(many(20), Ok(()));
        assert!(many(21).unwrap_err().contains("at most 20"));
    }

    #[test]
    fn storage_classes_and_redundancy_go_together() {
        let cold = BucketModel {
            storage_class: "ColdArchive".into(),
            redundancy_type: "ZRS".into(),
            ..BucketModel::default()
        };
        assert_eq!(summaries(&cold), ["ZRS is not offered for this storage class"]);
        assert!(summaries(&BucketModel { storage_class: "Archive".into(), ..cold }).is_empty());
        assert!(tls_versions(&BTreeSet::from(["TLSv1.4".to_owned()])).unwrap_err().contains("\"TLSv1.0\""));
    }
}
