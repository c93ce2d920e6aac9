//! What a change of a bucket opens to others or stops keeping.

use std::collections::BTreeSet;

use plugin::{Attr, DestructiveChange, Path};

use super::model::BucketModel;

/// What is no longer closed or kept once `prior` becomes `planned`, or is deleted.
pub(super) fn destructive_changes(
    prior: &BucketModel,
    planned: Option<&BucketModel>,
) -> Vec<DestructiveChange> {
    let label = prior.label();
    let Some(planned) = planned else {
        // Otherwise only an empty bucket can go, and that holds nothing.
        if !BucketModel::is_set(&prior.force_destroy) {
            return Vec::new();
        }
        return vec![DestructiveChange {
            path: Path::root(),
            summary: format!("{label} is deleted with everything in it"),
            detail: "force_destroy is true: all objects, old versions and delete markers are deleted for good. The \
                     service keeps no copy."
                .to_owned(),
        }];
    };
    let mut destructive_changes = Vec::new();
    let mut lose = |attribute: &str, summary: String, detail: &str| {
        destructive_changes.push(DestructiveChange {
            path: Path::attribute(attribute),
            summary,
            detail: detail.to_owned(),
        });
    };
    if openness(planned) > openness(prior) {
        let acl = planned.acl.as_str().unwrap_or_default();
        let detail = if acl == "public-read" {
            "From the apply on, anybody can read every object."
        } else {
            "From the apply on, anybody can read, overwrite and delete every object."
        };
        lose("acl", format!("{label} is opened to the world ({acl})"), detail);
    }
    if prior.block_public_access.get() == Some(&true) && planned.block_public_access.get() == Some(&false) {
        lose(
            "block_public_access",
            format!("{label} no longer blocks public access"),
            "From the apply on, public ACLs and public policies can be set, and those that exist take effect.",
        );
    }
    if prior.versioning.as_str() == Some("Enabled") && planned.versioning.as_str() == Some("Suspended") {
        lose(
            "versioning",
            format!("{label} stops keeping old versions"),
            "From the apply on, what is overwritten or deleted is gone for good. Versions that exist stay.",
        );
    }
    if let (Some(before), Some(after)) = (key_control(prior), key_control(planned))
        && after < before
    {
        lose(
            "server_side_encryption",
            format!("{label} encrypts new objects with a key of the service"),
            "From the apply on, reading new objects takes no permission for a key of Key Management Service that you \
             control any more. Objects that exist keep their encryption.",
        );
    }
    if let (Some(before), Some(after)) = (known_tls(prior), known_tls(planned))
        && accepts_older(&before, &after)
    {
        let versions = if after.is_empty() {
            "all that the service knows".to_owned()
        } else {
            after.iter().cloned().collect::<Vec<_>>().join(", ")
        };
        let detail = format!(
            "From the apply on, the versions of TLS that the bucket accepts are: {versions}. Versions below TLSv1.2 no \
             longer count as safe."
        );
        lose("https_config", format!("{label} accepts older versions of TLS"), &detail);
    }
    destructive_changes
}

/// How much of a bucket an ACL gives to the world.
fn openness(model: &BucketModel) -> u8 {
    match model.acl.as_str() {
        Some("public-read-write") => 2,
        Some("public-read") => 1,
        _ => 0,
    }
}

/// How new objects are encrypted, from the weakest on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Encryption {
    /// With keys that the service has and uses for everybody who may read.
    OfService,
    /// With the service's key in Key Management Service.
    ManagedKey,
    /// With a key of the user's.
    OwnKey,
}

/// Who controls the key of new objects; `None` while that is not known. An encryption that is left out stays as it is.
fn key_control(model: &BucketModel) -> Option<Encryption> {
    let stated = model.server_side_encryption.get()?;
    match (stated.sse_algorithm.as_str()?, &stated.kms_master_key_id) {
        ("KMS", Attr::Null) => Some(Encryption::ManagedKey),
        ("KMS", _) => Some(Encryption::OwnKey),
        _ => Some(Encryption::OfService),
    }
}

/// The versions of TLS that are accepted, none for no restriction; `None` while that is not known or was never set.
fn known_tls(model: &BucketModel) -> Option<BTreeSet<String>> {
    model.https_config.get()?.tls_versions.get().cloned()
}

/// Whether one set of TLS versions has an older one than all of the other. Their names sort by age.
fn accepts_older(before: &BTreeSet<String>, after: &BTreeSet<String>) -> bool {
    match (before.first(), after.first()) {
        (None, _) => false,
        (Some(_), None) => true,
        (Some(before), Some(after)) => after < before,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn safe() -> BucketModel {
        BucketModel {
            bucket: "audit".into(),
            acl: "private".into(),
            block_public_access: true.into(),
            versioning: "Enabled".into(),
            force_destroy: false.into(),
            ..BucketModel::default()
        }
    }

    #[test]
    fn each_way_to_open_or_forget_is_named() {
        let open = BucketModel {
            acl: "public-read-write".into(),
            block_public_access: false.into(),
            versioning: "Suspended".into(),
            ..safe()
        };
        let summaries: Vec<_> = destructive_changes(&safe(), Some(&open))
            .into_iter()
            .map(|destructive_change| destructive_change.summary)
            .collect();
        assert_eq!(
            summaries,
            [
                "bucket \"audit\" is opened to the world (public-read-write)",
                "bucket \"audit\" no longer blocks public access",
                "bucket \"audit\" stops keeping old versions",
            ]
        );
        // Putting it right again loses nothing, and neither does leaving it as it is.
        assert!(destructive_changes(&open, Some(&safe())).is_empty());
        assert!(destructive_changes(&open, Some(&open)).is_empty());
    }

    #[test]
    fn an_acl_that_opens_less_is_no_loss() {
        let with = |acl: &str| BucketModel { acl: acl.into(), ..safe() };
        assert!(destructive_changes(&with("public-read-write"), Some(&with("public-read"))).is_empty());
        assert_eq!(destructive_changes(&with("public-read"), Some(&with("public-read-write"))).len(), 1);
    }

    #[test]
    fn only_a_forced_destroy_deletes_evidence() {
        assert!(destructive_changes(&safe(), None).is_empty());
        let forced = BucketModel { force_destroy: true.into(), ..safe() };
        assert_eq!(destructive_changes(&forced, None).len(), 1);
    }
}
