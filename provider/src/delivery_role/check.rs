//! Checks of a delivery role's configuration, before any call.

use alibaba::Arn;
use plugin::{Diagnostic, Diagnostics, Path};

use super::model::DeliveryRoleModel;

/// A name that both a role and a policy can have (RAM API reference, CreateRole and CreatePolicy).
pub(super) fn role_name(name: &str) -> Result<(), String> {
    let fits = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if (1..=64).contains(&name.len()) && fits {
        return Ok(());
    }
    Err(format!("{name:?} cannot name a role and its policy. Use 1 to 64 letters, digits and hyphens."))
}

/// A description that the service keeps.
pub(super) fn description(text: &str) -> Result<(), String> {
    let count = text.chars().count();
    if (1..=1024).contains(&count) {
        return Ok(());
    }
    Err(format!("The description has {count} characters. Use 1 to 1024."))
}

/// What goes across attributes.
pub(super) fn configuration(config: &DeliveryRoleModel, found: &mut Diagnostics) {
    if config.oss_bucket_name.is_null() && config.sls_project_arn.is_null() {
        found.push(Diagnostic::error(
            "Delivery role for nothing",
            "A delivery role has to be able to write somewhere. Set oss_bucket_name, sls_project_arn or both.",
        ));
    }
    if !config.kms_key_arn.is_null() && config.oss_bucket_name.is_null() {
        found.push(
            Diagnostic::error(
                "kms_key_arn without oss_bucket_name",
                "The key is the one that a bucket is encrypted with. Set oss_bucket_name, or remove kms_key_arn.",
            )
            .at(Path::attribute("kms_key_arn")),
        );
    }
}

/// A role can only give access to what its own account owns.
pub(super) fn account(planned: &DeliveryRoleModel, found: &mut Diagnostics) {
    let Some(account) = planned.scope.account_id.as_str() else { return };
    for (name, arn) in [("sls_project_arn", &planned.sls_project_arn), ("kms_key_arn", &planned.kms_key_arn)]
    {
        let owner = arn.as_str().and_then(|arn| Arn::parse(arn).ok()?.account);
        if let Some(owner) = owner.filter(|owner| *owner != account) {
            found.push(
                Diagnostic::error(
                    format!("{name} belongs to another account"),
                    format!(
                        "It belongs to account {owner}, the role to account {account}. A role gives access to what its \
                         own account has: make the role in account {owner}, with a provider block that has credentials \
                         of it."
                    ),
                )
                .at(Path::attribute(name)),
            );
        }
    }
}

/// The policy document of a role that may write to one thing; a sample for tests of drift.
#[cfg(feature = "fixtures")]
pub(super) fn sample(what: &str) -> String {
    let mut grants = reconciler::delivery_role::policy::Grants::default();
    let scope = match what {
        arn if arn.starts_with("acs:log:") => &mut grants.project_arn,
        arn if arn.starts_with("acs:kms:") => &mut grants.key_arn,
        _ => &mut grants.bucket,
    };
    *scope = Some(what.to_owned());
    grants.document()
}

#[cfg(test)]
mod tests {
    use plugin::Attr;

    use super::*;
    use crate::scope::Global;

    fn role() -> DeliveryRoleModel {
        DeliveryRoleModel {
            role_name: "delivery".into(),
            scope: Global { account_id: "1000000000000001".into(), ..Global::default() },
            oss_bucket_name: "archive".into(),
            ..DeliveryRoleModel::default()
        }
    }

    #[test]
    fn names_and_descriptions() {
        assert_eq!(role_name("Audit-delivery-1"), Ok(()));
        for bad in ["", "a.b", "a_b", &*"a".repeat(65)] {
            assert!(role_name(bad).is_err(), "{bad}");
        }
        assert!(description("").is_err() && description(&"x".repeat(1025)).is_err());
    }

    #[test]
    fn it_has_to_write_somewhere() {
        let check = |config: DeliveryRoleModel| {
            let mut found = Diagnostics::new();
            configuration(&config, &mut found);
            found.0.iter().map(|one| one.summary.clone()).collect::<Vec<_>>()
        };
        assert!(check(role()).is_empty());
        let nothing = DeliveryRoleModel { oss_bucket_name: Attr::Null, ..role() };
        assert_eq!(check(nothing.clone()), ["Delivery role for nothing"]);
        let key = DeliveryRoleModel { kms_key_arn: "acs:kms:r:1:key/k".into(), ..nothing };
        assert_eq!(check(key), ["Delivery role for nothing", "kms_key_arn without oss_bucket_name"]);
    }

    #[test]
    fn it_writes_to_its_own_account() {
        let check = |arn: &str| {
            let mut found = Diagnostics::new();
            account(&DeliveryRoleModel { sls_project_arn: arn.into(), ..role() }, &mut found);
            found.0.len()
        };
        assert_eq!(check("acs:log:cn-hangzhou:1000000000000001:project/p"), 0);
        assert_eq!(check("acs:log:cn-hangzhou:1000000000000002:project/p"), 1);
    }
}
