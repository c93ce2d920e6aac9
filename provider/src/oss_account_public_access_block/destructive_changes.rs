//! What the end of the account's block opens.

use plugin::{DestructiveChange, Path};

use super::model::AccountBlockModel;

/// What is no longer closed once `prior` becomes `planned`, or is removed.
pub(super) fn destructive_changes(
    prior: &AccountBlockModel,
    planned: Option<&AccountBlockModel>,
) -> Vec<DestructiveChange> {
    let lifts = planned.is_none_or(|planned| planned.block_public_access.get() == Some(&false));
    if !prior.blocks() || !lifts {
        return Vec::new();
    }
    vec![lifted(prior, planned.is_none())]
}

/// The block is lifted.
pub(super) fn lifted(model: &AccountBlockModel, destroyed: bool) -> DestructiveChange {
    let keep = if destroyed {
        " To leave it on, take the resource out of the configuration with a removed block (lifecycle { destroy = false })."
    } else {
        ""
    };
    let path = if destroyed { Path::root() } else { Path::attribute("block_public_access") };
    DestructiveChange {
        path,
        summary: format!("{} is lifted", model.label()),
        detail: format!(
            "From the apply on, each bucket decides for itself, and public ACLs and policies that exist take effect where \
             the bucket does not block them.{keep}"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lifting_the_block_is_a_loss_and_setting_it_is_not() {
        let on = AccountBlockModel { block_public_access: true.into(), ..AccountBlockModel::default() };
        let off = AccountBlockModel { block_public_access: false.into(), ..AccountBlockModel::default() };
        assert_eq!(destructive_changes(&on, Some(&off)).len(), 1);
        assert!(destructive_changes(&on, None)[0].detail.contains("removed block"));
        assert!(
            destructive_changes(&off, None).is_empty() && destructive_changes(&off, Some(&on)).is_empty()
        );
        assert!(destructive_changes(&on, Some(&on)).is_empty());
    }
}
