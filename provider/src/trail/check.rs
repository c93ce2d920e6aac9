//! What can be said of a trail's attributes together, before any call.

use alibaba::Arn;
use plugin::{Attr, Diagnostic, Diagnostics, Path};

use super::model::TrailModel;
use crate::scope::Scoped;

const DESTINATIONS: [&str; 3] = ["oss_bucket_name", "sls_project_arn", "max_compute_project_arn"];

/// Checks a configuration.
pub(super) fn config(config: &TrailModel, found: &mut Diagnostics) {
    let destinations = [&config.oss_bucket_name, &config.sls_project_arn, &config.max_compute_project_arn];
    if destinations.iter().all(|destination| destination.is_null()) {
        found.push(Diagnostic::error(
            "Trail without a destination",
            format!("A trail has to deliver somewhere. Set at least one of {}.", DESTINATIONS.join(", ")),
        ));
    }
    for (value, name, destination, destination_name) in [
        (&config.oss_key_prefix, "oss_key_prefix", &config.oss_bucket_name, "oss_bucket_name"),
        (&config.oss_write_role_arn, "oss_write_role_arn", &config.oss_bucket_name, "oss_bucket_name"),
        (&config.sls_write_role_arn, "sls_write_role_arn", &config.sls_project_arn, "sls_project_arn"),
        (
            &config.max_compute_write_role_arn,
            "max_compute_write_role_arn",
            &config.max_compute_project_arn,
            "max_compute_project_arn",
        ),
    ] {
        if value.get().is_some() && destination.is_null() {
            found.push(
                Diagnostic::error(
                    format!("{name} without {destination_name}"),
                    format!(
                        "{name} says how to deliver to {destination_name}, which is not set. Set it, or remove {name}."
                    ),
                )
                .at(Path::attribute(name)),
            );
        }
    }
}

/// Refuses to replace a trail by one that cannot be made while the old one is there: there would be a time in which
/// nothing records.
pub(super) fn replacement(prior: &TrailModel, planned: &TrailModel) -> Diagnostics {
    let both = |before: &Attr<String>, after: &Attr<String>| {
        Some((before.as_str()?.to_owned(), after.as_str()?.to_owned()))
    };
    let names = both(&prior.trail_name, &planned.trail_name).filter(|(before, after)| before != after);
    let buckets = both(&prior.oss_bucket_name, &planned.oss_bucket_name);
    let (Some((old, new)), Some((bucket, _))) = (names, buckets.filter(|(before, after)| before == after))
    else {
        return Diagnostics::new();
    };
    Diagnostic::error(
        format!("Trail {new:?} cannot have the bucket of trail {old:?} while that is there"),
        format!(
            "A trail cannot be renamed, only replaced, and a bucket takes the events of one trail. With the same bucket \
             {bucket:?} the old trail would have to go first, and nothing would be recorded until the new one logs. Take \
             two steps instead: give {new:?} another bucket (or only an SLS project) together with lifecycle {{ \
             create_before_destroy = true }}, and apply; once {old:?} is gone, a second apply may bring {new:?} back to \
             {bucket:?}."
        ),
    )
    .at(Path::attribute("oss_bucket_name"))
    .into()
}

/// Refuses destinations in an account that the role for them is not in: a role reaches what its own account has.
pub(super) fn reach(planned: &TrailModel) -> Diagnostics {
    let mut found = Vec::new();
    for (destination, destination_name, role, role_name) in [
        (&planned.sls_project_arn, "sls_project_arn", &planned.sls_write_role_arn, "sls_write_role_arn"),
        (
            &planned.max_compute_project_arn,
            "max_compute_project_arn",
            &planned.max_compute_write_role_arn,
            "max_compute_write_role_arn",
        ),
    ] {
        let Some(owner) = destination.as_str().and_then(account_of) else { continue };
        let (writer, whose) = match role {
            Attr::Known(role) => (account_of(role), "the role's account"),
            Attr::Null => {
                (planned.account_id().as_str(), "the trail's account, whose service-linked role would write,")
            }
            Attr::Unknown(_) => continue,
        };
        let Some(writer) = writer.filter(|writer| *writer != owner) else { continue };
        found.push(
            Diagnostic::error(
                format!("{} cannot deliver into account {owner}", planned.label()),
                format!(
                    "{destination_name} is in account {owner}, and {whose} is {writer}. To deliver into another account, \
                     make a role in account {owner} that trusts ActionTrail of the trail's account \
                     (alitrail_delivery_role does), and set {role_name} to its ARN. Otherwise correct the account id in \
                     the ARN."
                ),
            )
            .at(Path::attribute(if role.is_null() { destination_name } else { role_name })),
        );
    }
    found.into()
}

/// The account in an ARN.
fn account_of(arn: &str) -> Option<&str> {
    Arn::parse(arn).ok()?.account
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scope::{Global, Regional};

    fn of_account(account_id: Attr<String>) -> Regional {
        Regional { global: Global { account_id, ..Global::default() }, ..Regional::default() }
    }

    fn trail() -> TrailModel {
        TrailModel {
            trail_name: "audit-trail".into(),
            scope: of_account("1000000000000001".into()),
            oss_bucket_name: "audit-archive".into(),
            ..TrailModel::default()
        }
    }

    #[test]
    fn a_new_name_needs_a_bucket_of_its_own() {
        let named = |name: &str, bucket: Attr<String>| TrailModel {
            trail_name: name.into(),
            oss_bucket_name: bucket,
            ..trail()
        };
        let refused = replacement(&trail(), &named("audit-trail-2", "audit-archive".into()));
        assert!(refused.0[0].detail.contains("two steps"), "{refused:?}");
        for fine in [
            named("audit-trail", "audit-archive".into()),
            named("audit-trail-2", "audit-archive-2".into()),
            named("audit-trail-2", Attr::Null),
            named("audit-trail-2", Attr::UNKNOWN),
        ] {
            assert!(!replacement(&trail(), &fine).has_error(), "{fine:?}");
        }
    }

    #[test]
    fn a_role_reaches_its_own_account() {
        let to = |project: &str, role: Attr<String>| TrailModel {
            sls_project_arn: format!("acs:log:cn-hangzhou:{project}:project/audit").into(),
            sls_write_role_arn: role,
            ..trail()
        };
        let role = |account: &str| Attr::from(format!("acs:ram::{account}:role/writer"));
        for (account, writer) in [
            ("1000000000000001", Attr::Null),
            ("1000000000000002", role("1000000000000002")),
            ("1000000000000002", Attr::UNKNOWN),
        ] {
            assert!(!reach(&to(account, writer.clone())).has_error(), "{account} {writer:?}");
        }
        let refused = reach(&to("1000000000000002", Attr::Null));
        assert_eq!(refused.0[0].path, Path::attribute("sls_project_arn"));
        let refused = reach(&to("1000000000000002", role("1000000000000001")));
        assert_eq!(refused.0[0].path, Path::attribute("sls_write_role_arn"));
        let unknown = TrailModel { scope: of_account(Attr::UNKNOWN), ..to("1000000000000002", Attr::Null) };
        assert!(!reach(&unknown).has_error());
    }
}
