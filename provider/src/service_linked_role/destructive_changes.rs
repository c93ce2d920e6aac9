//! What a service can no longer do once its role is gone.

use plugin::{DestructiveChange, Path};

use super::model::ServiceLinkedRoleModel;

/// What is no longer delivered or told once `prior` is deleted. No change deletes the role, and destroying the resource
/// leaves it unless `delete_on_destroy` was applied.
pub(super) fn destructive_changes(
    prior: &ServiceLinkedRoleModel,
    planned: Option<&ServiceLinkedRoleModel>,
) -> Vec<DestructiveChange> {
    if planned.is_some() || prior.delete_on_destroy.get() != Some(&true) {
        return Vec::new();
    }
    vec![DestructiveChange {
        path: Path::root(),
        summary: format!("the {} is deleted", prior.label()),
        detail: format!(
            "delete_on_destroy is true: {} can deliver nothing and notify nobody with the role from then on. To leave it \
             in the account, set delete_on_destroy = false and apply that first.",
            prior.service()
        ),
    }]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_role_that_is_deleted_is_a_loss() {
        let role = ServiceLinkedRoleModel {
            service_name: "actiontrail.aliyuncs.com".into(),
            delete_on_destroy: true.into(),
            ..ServiceLinkedRoleModel::default()
        };
        assert_eq!(
            destructive_changes(&role, None)[0].summary,
            "the service-linked role of actiontrail.aliyuncs.com is deleted"
        );
        assert!(destructive_changes(&role, Some(&role)).is_empty());
        let left = ServiceLinkedRoleModel { delete_on_destroy: false.into(), ..role };
        assert!(destructive_changes(&left, None).is_empty());
    }
}
