//! What trails can no longer deliver once a role changes.

use alibaba::ram::AttachedPolicy;
use plugin::{DestructiveChange, Diagnostic, Path};
use reconciler::delivery_role::policy::Grants;

use super::model::{DeliveryRoleModel, names};

/// What is no longer delivered once `prior` becomes `planned`, or is deleted.
pub(super) fn destructive_changes(
    prior: &DeliveryRoleModel,
    planned: Option<&DeliveryRoleModel>,
) -> Vec<DestructiveChange> {
    let label = prior.label();
    let Some(planned) = planned else {
        return vec![DestructiveChange {
            path: Path::root(),
            summary: format!("{label} is deleted"),
            detail: "Trails that write with it can deliver nothing from then on. What they could not deliver is lost after \
                     a while; ActionTrail itself keeps events for 90 days."
                .to_owned(),
        }];
    };
    let destinations = [
        ("oss_bucket_name", "bucket", &prior.oss_bucket_name, &planned.oss_bucket_name),
        ("sls_project_arn", "project", &prior.sls_project_arn, &planned.sls_project_arn),
        ("trusted_account_id", "trails of account", &prior.trusted_account_id, &planned.trusted_account_id),
        ("kms_key_arn", "a bucket with the key", &prior.kms_key_arn, &planned.kms_key_arn),
    ];
    let lost = destinations.into_iter().filter_map(|(attribute, what, before, after)| {
        let before = before.as_str()?;
        let stays = after.is_unknown() || after.as_str().is_some_and(|after| after.eq_ignore_ascii_case(before));
        (!stays).then(|| DestructiveChange {
            path: Path::attribute(attribute),
            summary: format!("{label} is no longer for {what} {before:?}"),
            detail: format!(
                "From this apply on, what was delivered with this role for {what} {before:?} can no longer be. Move the \
                 trails that use it to another role or destination first."
            ),
        })
    });
    lost.collect()
}

/// What stays in the account when the role is deleted: policies that are not its own.
pub(super) fn stays(prior: &DeliveryRoleModel) -> Option<Diagnostic> {
    let own = names(&[AttachedPolicy::custom(prior.name())]);
    let mut staying: Vec<&str> =
        prior.attached_policies.get().into_iter().flatten().map(String::as_str).collect();
    // Only a policy that says what delivery roles may do is one of theirs.
    let is_changed = prior.policy_document.as_str().is_some_and(|document| Grants::read(document).is_none());
    staying.retain(|policy| is_changed || !own.iter().any(|own| own.eq_ignore_ascii_case(policy)));
    (!staying.is_empty()).then(|| {
        Diagnostic::warning(
            format!("Policies of {} stay in the account", prior.label()),
            format!(
                "{} {} detached from the role and not deleted: somebody else attached or changed {}. Delete what nobody \
                 needs.",
                staying.join(", "),
                if staying.len() == 1 { "is" } else { "are" },
                if staying.len() == 1 { "it" } else { "them" },
            ),
        )
        .at(Path::attribute("attached_policies"))
    })
}

/// The role's own policy, where a deletion finds that others have it too.
pub(super) fn still_attached(prior: &DeliveryRoleModel) -> Diagnostic {
    Diagnostic::warning(
        format!("The policy of {} stays in the account", prior.label()),
        format!(
            "The policy {:?} is attached to another role, user or group, so only the role was deleted. Detach it there, and \
             delete it if nobody needs it.",
            prior.name()
        ),
    )
}

#[cfg(test)]
mod tests {
    use plugin::Attr;

    use super::*;

    #[test]
    fn narrowing_and_deleting_are_losses_and_widening_is_none() {
        let role = DeliveryRoleModel {
            role_name: "delivery".into(),
            trusted_account_id: "1000000000000001".into(),
            oss_bucket_name: "archive".into(),
            ..DeliveryRoleModel::default()
        };
        let wider = DeliveryRoleModel { sls_project_arn: "acs:log:r:1:project/p".into(), ..role.clone() };
        assert!(destructive_changes(&role, Some(&wider)).is_empty());
        let narrower = DeliveryRoleModel { sls_project_arn: Attr::Null, ..wider.clone() };
        let [destructive_change] = destructive_changes(&wider, Some(&narrower)).try_into().unwrap();
        assert_eq!(destructive_change.path, Path::attribute("sls_project_arn"));
        let other = DeliveryRoleModel { trusted_account_id: "1000000000000002".into(), ..role.clone() };
        assert_eq!(destructive_changes(&role, Some(&other)).len(), 1);
        assert_eq!(destructive_changes(&role, None)[0].summary, "delivery role \"delivery\" is deleted");
    }
}
