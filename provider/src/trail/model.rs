//! The attributes of `alitrail_trail`, and what the service makes of them.

use alibaba::actiontrail::{Trail, TrailSettings};
use plugin::{Attr, Model};

use crate::check;
use crate::place::Place;

/// Attributes of `alitrail_trail`.
#[derive(Debug, Clone, Default, PartialEq, Model)]
#[model(remote = "accounts/{account_id}/regions/{region}/actiontrail/trails/{trail_name}")]
pub struct TrailModel {
    /// Same as `trail_name`.
    #[attr(computed)]
    pub id: Attr<String>,
    /// Name: 6 to 36 lower-case letters, digits, hyphens and underscores, starting with a letter. Unique in the account.
    #[attr(required, replace, identity, check = check::trail_name)]
    pub trail_name: Attr<String>,
    /// Region the trail is at home in. Default: the provider's. A trail records the regions of `trail_region`,
    /// wherever its home is.
    #[attr(keeps = "a trail stays where it was made", replace, identity_optional, check = check::region)]
    pub region: Attr<String>,
    /// Account the trail is in. Default: the account of the provider's credentials.
    #[attr(keeps = "a trail stays where it was made", replace, identity_optional, check = check::account_id)]
    pub account_id: Attr<String>,
    /// OSS bucket that archives the events.
    #[attr(optional, check = check::bucket_name, samples("audit-archive-one", "audit-archive-two"), remote = "/OssBucketName")]
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
        samples("acs:ram::{account_id}:role/delivery-one", "acs:ram::{account_id}:role/delivery-two"),
        remote = "/OssWriteRoleArn"
    )]
    pub oss_write_role_arn: Attr<String>,
    /// ARN of the SLS project that receives the events, in the logstore `actiontrail_<trail name>` that ActionTrail
    /// makes there.
    #[attr(
        optional,
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
        samples("acs:ram::{account_id}:role/delivery-one", "acs:ram::{account_id}:role/delivery-two"),
        remote = "/SlsWriteRoleArn"
    )]
    pub sls_write_role_arn: Attr<String>,
    /// ARN of the MaxCompute project that receives the events; its name has to begin with `actiontrail_`.
    #[attr(
        optional,
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

    /// The settings that create and update send, always all of them.
    pub(super) fn settings(&self) -> TrailSettings {
        let text = |value: &Attr<String>| value.get().cloned();
        TrailSettings {
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
        }
    }

    /// Whether a trail with these settings is one with those: the service may spell ARNs in its own way.
    pub(super) fn is_set_as(&self, other: &Self) -> bool {
        let folded = |model: &Self| {
            let mut settings = model.settings();
            for arn in [
                &mut settings.oss_write_role_arn,
                &mut settings.sls_project_arn,
                &mut settings.sls_write_role_arn,
                &mut settings.max_compute_project_arn,
                &mut settings.max_compute_write_role_arn,
            ] {
                *arn = arn.take().map(|arn| arn.to_ascii_lowercase());
            }
            settings
        };
        folded(self) == folded(other)
    }

    /// The model with what follows from where the trail is.
    pub(super) fn at(self, place: &Place) -> Self {
        Self {
            id: self.trail_name.clone(),
            region: place.region.clone().into(),
            account_id: place.account.clone().into(),
            ..self
        }
    }

    /// The model as the service describes the trail. `self` is what the state has.
    pub(super) fn read_from(&self, trail: &Trail, place: &Place) -> Self {
        let role = |stated: &Attr<String>, echoed: &Option<String>| match (stated.as_str(), echoed) {
            // Unset and the service-linked role mean the same, and the service may or may not echo it.
            (Some(stated), None) if is_service_linked(stated, place) => Attr::from(stated),
            (Some(stated), Some(echoed)) if stated.eq_ignore_ascii_case(echoed) => Attr::from(stated),
            (_, Some(echoed)) if !is_service_linked(echoed, place) => echoed.clone().into(),
            _ => Attr::Null,
        };
        Self {
            trail_name: trail.name.clone().into(),
            oss_bucket_name: trail.oss_bucket_name.clone().into(),
            oss_key_prefix: trail.oss_key_prefix.clone().into(),
            oss_write_role_arn: role(&self.oss_write_role_arn, &trail.oss_write_role_arn),
            sls_project_arn: trail.sls_project_arn.clone().into(),
            sls_write_role_arn: role(&self.sls_write_role_arn, &trail.sls_write_role_arn),
            max_compute_project_arn: trail.max_compute_project_arn.clone().into(),
            max_compute_write_role_arn: role(
                &self.max_compute_write_role_arn,
                &trail.max_compute_write_role_arn,
            ),
            event_rw: trail.event_rw.clone().into(),
            // An empty region is stored for "all".
            trail_region: trail.trail_region.clone().unwrap_or_else(|| "All".to_owned()).into(),
            status: if trail.status.as_deref() == Some("Enable") {
                "Enable".into()
            } else {
                "Disable".into()
            },
            is_organization_trail: trail.is_organization_trail.into(),
            arn: trail.trail_arn.clone().into(),
            home_region: trail.home_region.clone().into(),
            create_time: trail.create_time.clone().into(),
            ..self.clone()
        }
        .at(place)
    }
}

fn is_service_linked(arn: &str, place: &Place) -> bool {
    arn.eq_ignore_ascii_case(&format!("acs:ram::{}:role/AliyunServiceRoleForActionTrail", place.account))
}

#[cfg(test)]
#[path = "model_tests.rs"]
mod tests;
