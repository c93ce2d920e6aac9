//! What a change of a bucket opens to others or stops keeping.

use plugin::{Loss, Path};

use super::model::BucketModel;

/// What is no longer closed or kept once `prior` becomes `planned`, or is deleted.
pub(super) fn losses(prior: &BucketModel, planned: Option<&BucketModel>) -> Vec<Loss> {
    let label = prior.label();
    let Some(planned) = planned else {
        // Otherwise only an empty bucket can go, and that holds nothing.
        if !BucketModel::is_set(&prior.force_destroy) {
            return Vec::new();
        }
        return vec![Loss {
            path: Path::root(),
            summary: format!("{label} is deleted with everything in it"),
            detail: "force_destroy is true: all objects, old versions and delete markers are deleted for good. The \
                     service keeps no copy."
                .to_owned(),
        }];
    };
    let mut losses = Vec::new();
    let mut lose = |attribute: &str, summary: String, detail: &str| {
        losses.push(Loss { path: Path::attribute(attribute), summary, detail: detail.to_owned() });
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
    losses
}

/// How much of a bucket an ACL gives to the world.
fn openness(model: &BucketModel) -> u8 {
    match model.acl.as_str() {
        Some("public-read-write") => 2,
        Some("public-read") => 1,
        _ => 0,
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
        let summaries: Vec<_> = losses(&safe(), Some(&open)).into_iter().map(|loss| loss.summary).collect();
        assert_eq!(
            summaries,
            [
                "bucket \"audit\" is opened to the world (public-read-write)",
                "bucket \"audit\" no longer blocks public access",
                "bucket \"audit\" stops keeping old versions",
            ]
        );
        // Putting it right again loses nothing, and neither does leaving it as it is.
        assert!(losses(&open, Some(&safe())).is_empty());
        assert!(losses(&open, Some(&open)).is_empty());
    }

    #[test]
    fn an_acl_that_opens_less_is_no_loss() {
        let with = |acl: &str| BucketModel { acl: acl.into(), ..safe() };
        assert!(losses(&with("public-read-write"), Some(&with("public-read"))).is_empty());
        assert_eq!(losses(&with("public-read"), Some(&with("public-read-write"))).len(), 1);
    }

    #[test]
    fn only_a_forced_destroy_deletes_evidence() {
        assert!(losses(&safe(), None).is_empty());
        let forced = BucketModel { force_destroy: true.into(), ..safe() };
        assert_eq!(losses(&forced, None).len(), 1);
    }
}
