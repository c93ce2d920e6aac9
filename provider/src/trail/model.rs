//! The attributes of `alitrail_trail`, and what the service makes of them.

use alibaba::actiontrail::TrailSettings;
use plugin::value::{Object, Value};
use plugin::{Attr, Model};
use reconciler::Scope;
use reconciler::trail::{Settings, is_service_linked};

use crate::check;
use crate::scope::{Regional, Scoped};

/// Attributes of `alitrail_trail`.
#[derive(Debug, Clone, Default, PartialEq, Model)]
#[model(remote = "accounts/{account_id}/regions/{region}/actiontrail/trails/{trail_name}")]
pub struct TrailModel {
    /// Name: 6 to 36 lower-case letters, digits, hyphens and underscores, starting with a letter. Unique in the account.
    #[attr(required, replace, identity, check = check::trail_name)]
    pub trail_name: Attr<String>,
    /// `id`, `region` and `account_id`.
    #[attr(
        flatten,
        describe(
            region = "Region the trail is at home in. Default: the provider's. A trail records the regions of \
                `trail_region`, wherever its home is."
        )
    )]
    pub scope: Regional,
    /// OSS bucket that archives the events.
    #[attr(
        optional,
        empty_refused = "The trail would archive nothing in OSS, which nobody may notice. Leave oss_bucket_name out (null) if that is meant.",
        check = check::bucket_name,
        samples("audit-archive-one", "audit-archive-two"),
        remote = "/OssBucketName"
    )]
    pub oss_bucket_name: Attr<String>,
    /// Prefix of the delivered objects: 6 to 32 letters, digits, slashes, hyphens and underscores, starting with a
    /// letter.
    #[attr(optional, check = check::key_prefix, samples("audit-logs", "other-logs"), remote = "/OssKeyPrefix")]
    pub oss_key_prefix: Attr<String>,
    /// ARN of the RAM role that writes to the bucket. Default: ActionTrail's service-linked role. Needed when the bucket
    /// belongs to another account.
    #[attr(
        optional,
        check = check::role_arn,
        same = check::same_arn,
        unset_is = service_linked_role,
        samples("acs:ram::{account_id}:role/delivery-one", "acs:ram::{account_id}:role/delivery-two"),
        remote = "/OssWriteRoleArn"
    )]
    pub oss_write_role_arn: Attr<String>,
    /// ARN of the SLS project that receives the events, in the logstore `actiontrail_<trail name>` that ActionTrail
    /// makes there.
    #[attr(
        optional,
        empty_refused = "The trail would deliver nothing to SLS, which nobody may notice. Leave sls_project_arn out (null) if that is meant.",
        check = check::sls_project_arn,
        same = check::same_arn,
        samples("acs:log:{region}:{account_id}:project/audit-one", "acs:log:{region}:{account_id}:project/audit-two"),
        remote = "/SlsProjectArn"
    )]
    pub sls_project_arn: Attr<String>,
    /// ARN of the RAM role that writes to the SLS project. Default: ActionTrail's service-linked role.
    #[attr(
        optional,
        check = check::role_arn,
        same = check::same_arn,
        unset_is = service_linked_role,
        samples("acs:ram::{account_id}:role/delivery-one", "acs:ram::{account_id}:role/delivery-two"),
        remote = "/SlsWriteRoleArn"
    )]
    pub sls_write_role_arn: Attr<String>,
    /// ARN of the MaxCompute project that receives the events; its name has to begin with `actiontrail_`.
    #[attr(
        optional,
        empty_refused = "The trail would deliver nothing to MaxCompute, which nobody may notice. Leave max_compute_project_arn out (null) if that is meant.",
        check = check::max_compute_project_arn,
        same = check::same_arn,
        samples(
            "acs:odps:{region}:{account_id}:project/actiontrail_one",
            "acs:odps:{region}:{account_id}:project/actiontrail_two"
        ),
        remote = "/MaxComputeProjectArn"
    )]
    pub max_compute_project_arn: Attr<String>,
    /// ARN of the RAM role that writes to the MaxCompute project. Default: ActionTrail's service-linked role.
    #[attr(
        optional,
        check = check::role_arn,
        same = check::same_arn,
        unset_is = service_linked_role,
        samples("acs:ram::{account_id}:role/delivery-one", "acs:ram::{account_id}:role/delivery-two"),
        remote = "/MaxComputeWriteRoleArn"
    )]
    pub max_compute_write_role_arn: Attr<String>,
    /// Events to record.
    #[attr(default = "All", one_of("All", "Read", "Write"), samples("All", "Write"), remote = "/EventRW")]
    pub event_rw: Attr<String>,
    /// Regions to record: `All`, or one region id.
    #[attr(default = "All", check = trail_region, samples("All", "cn-beijing"), remote = "/TrailRegion")]
    pub trail_region: Attr<String>,
    /// Whether the trail logs.
    #[attr(
        default = "Enable",
        one_of("Enable", "Disable"),
        samples("Enable", "Disable"),
        remote = "/Status"
    )]
    pub status: Attr<String>,
    /// Record all accounts of the resource directory. Only its management account or a delegated administrator can make
    /// such a trail, and only when the trail is made.
    #[attr(default = false, replace)]
    pub is_organization_trail: Attr<bool>,
    /// Refuse to destroy or replace the trail. Lifting it takes an apply of its own.
    #[attr(default = false, state_only)]
    pub deletion_protection: Attr<bool>,
    /// ARN of the trail.
    #[attr(computed)]
    pub arn: Attr<String>,
    /// Region the trail was made in.
    #[attr(computed)]
    pub home_region: Attr<String>,
    /// When the trail was made.
    #[attr(computed)]
    pub create_time: Attr<String>,
}

fn trail_region(region: &String) -> Result<(), String> {
    if region == "All" {
        Ok(())
    } else {
        check::region(region).map_err(|why| format!("{why} For all regions, write \"All\"."))
    }
}

impl TrailModel {
    /// How messages name the trail.
    pub(super) fn label(&self) -> String {
        format!("trail {:?}", self.name())
    }

    pub(super) fn name(&self) -> &str {
        self.trail_name.as_str().unwrap_or_default()
    }

    pub(super) fn is_organization(&self) -> bool {
        self.is_organization_trail.get().copied().unwrap_or_default()
    }

    pub(super) fn wants_logging(&self) -> bool {
        self.status.as_str() == Some("Enable")
    }

    /// The settings that the model says.
    pub(super) fn settings(&self) -> Settings {
        let text = |value: &Attr<String>| value.get().cloned();
        let sent = TrailSettings {
            name: self.name().to_owned(),
            oss_bucket_name: text(&self.oss_bucket_name),
            oss_key_prefix: text(&self.oss_key_prefix),
            oss_write_role_arn: text(&self.oss_write_role_arn),
            sls_project_arn: text(&self.sls_project_arn),
            sls_write_role_arn: text(&self.sls_write_role_arn),
            max_compute_project_arn: text(&self.max_compute_project_arn),
            max_compute_write_role_arn: text(&self.max_compute_write_role_arn),
            event_rw: text(&self.event_rw).unwrap_or_default(),
            trail_region: text(&self.trail_region).unwrap_or_default(),
        };
        Settings {
            sent,
            is_organization: self.is_organization(),
            is_logging: self.wants_logging(),
            described: None,
        }
    }

    /// Whether a trail with these settings is one with those, logging aside.
    pub(super) fn is_set_as(&self, other: &Self) -> bool {
        let account = self.account_id().as_str().unwrap_or_default();
        self.settings().is_set_as(&other.settings(), account)
    }

    /// The model of a trail as it is seen. `self` is what the state has.
    pub(super) fn read_from(&self, seen: &Settings, scope: &Scope) -> Self {
        let role = |stated: &Attr<String>, echoed: &Option<String>| match (stated.as_str(), echoed) {
            // Unset and the service-linked role mean the same, and the service may or may not echo it.
            (Some(stated), None) if is_service_linked(stated, &scope.account) => Attr::from(stated),
            (Some(stated), Some(echoed)) if stated.eq_ignore_ascii_case(echoed) => Attr::from(stated),
            (_, Some(echoed)) if !is_service_linked(echoed, &scope.account) => echoed.clone().into(),
            _ => Attr::Null,
        };
        let sent = &seen.sent;
        let mut model = Self {
            trail_name: sent.name.clone().into(),
            oss_bucket_name: sent.oss_bucket_name.clone().into(),
            oss_key_prefix: sent.oss_key_prefix.clone().into(),
            oss_write_role_arn: role(&self.oss_write_role_arn, &sent.oss_write_role_arn),
            sls_project_arn: sent.sls_project_arn.clone().into(),
            sls_write_role_arn: role(&self.sls_write_role_arn, &sent.sls_write_role_arn),
            max_compute_project_arn: sent.max_compute_project_arn.clone().into(),
            max_compute_write_role_arn: role(
                &self.max_compute_write_role_arn,
                &sent.max_compute_write_role_arn,
            ),
            event_rw: sent.event_rw.clone().into(),
            trail_region: sent.trail_region.clone().into(),
            status: if seen.is_logging { "Enable".into() } else { "Disable".into() },
            is_organization_trail: seen.is_organization.into(),
            ..self.clone()
        };
        if let Some(trail) = &seen.described {
            model.arn = trail.trail_arn.clone().into();
            model.home_region = trail.home_region.clone().into();
            model.create_time = trail.create_time.clone().into();
        }
        model
    }
}

/// The role that ActionTrail writes with where none is named.
fn service_linked_role(trail: &Object) -> Value {
    let account = trail.get("account_id").and_then(Value::as_str);
    account.map_or(Value::Null, |account| reconciler::trail::service_linked_role(account).into())
}

#[cfg(test)]
#[path = "model_tests.rs"]
mod tests;
