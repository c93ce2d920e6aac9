//! `alitrail_trails`: the trails at home in a region.

use std::collections::BTreeMap;

use alibaba::actiontrail::{DescribeTrails, Trail};
use plugin::{Attr, Context, DataSource, Diagnostics, Model};

use crate::config::Cloud;
use crate::failed_call::{failed_call, named};
use crate::resource_scope::resolve;
use crate::scope::{Location, RegionalQuery};

/// The data source.
#[derive(Debug)]
pub struct TrailsSource;

/// Attributes of `alitrail_trails`.
#[derive(Debug, Clone, Default, Model)]
pub struct TrailsModel {
    /// `id`, `region` and `account_id`.
    #[attr(flatten)]
    pub scope: RegionalQuery,
    /// Also list multi-region trails that are at home in another region.
    #[attr(default = false)]
    pub include_shadow_trails: Attr<bool>,
    /// List trails of the organization.
    #[attr(default = false)]
    pub include_organization_trail: Attr<bool>,
    /// The trails by name.
    #[attr(computed)]
    pub trails: Attr<BTreeMap<String, TrailEntry>>,
}

/// One trail of `alitrail_trails`.
#[derive(Debug, Clone, Default, Model)]
pub struct TrailEntry {
    /// Name.
    #[attr(computed)]
    pub trail_name: Attr<String>,
    /// ARN.
    #[attr(computed)]
    pub arn: Attr<String>,
    /// Region the trail is at home in.
    #[attr(computed)]
    pub home_region: Attr<String>,
    /// Whether it is at home in another region than the one listed.
    #[attr(computed)]
    pub is_shadow_trail: Attr<bool>,
    /// Whether it is a trail of the organization.
    #[attr(computed)]
    pub is_organization_trail: Attr<bool>,
    /// `Enable`, `Disable`, or `Fresh` for a trail that was never enabled.
    #[attr(computed)]
    pub status: Attr<String>,
    /// Events it records.
    #[attr(computed)]
    pub event_rw: Attr<String>,
    /// Regions it records: `All`, or a region id.
    #[attr(computed)]
    pub trail_region: Attr<String>,
    /// OSS bucket that archives the events.
    #[attr(computed)]
    pub oss_bucket_name: Attr<String>,
    /// Prefix of the delivered objects.
    #[attr(computed)]
    pub oss_key_prefix: Attr<String>,
    /// ARN of the role that writes to the bucket.
    #[attr(computed)]
    pub oss_write_role_arn: Attr<String>,
    /// ARN of the SLS project that receives the events.
    #[attr(computed)]
    pub sls_project_arn: Attr<String>,
    /// ARN of the role that writes to the project.
    #[attr(computed)]
    pub sls_write_role_arn: Attr<String>,
    /// ARN of the MaxCompute project that receives the events.
    #[attr(computed)]
    pub max_compute_project_arn: Attr<String>,
    /// When it was made.
    #[attr(computed)]
    pub create_time: Attr<String>,
}

impl DataSource for TrailsSource {
    type Client = Cloud;
    type Model = TrailsModel;
    const TYPE: &'static str = "alitrail_trails";
    const DESCRIPTION: &'static str = "The trails of an account in a region.";

    async fn read(context: &Context<Cloud>, config: TrailsModel) -> Result<TrailsModel, Diagnostics> {
        let scope = resolve(context, &config).await?;
        let which = DescribeTrails {
            include_shadow_trails: config.include_shadow_trails.get().copied().unwrap_or_default(),
            include_organization_trail: config.include_organization_trail.get().copied().unwrap_or_default(),
        };
        let service = scope.client.actiontrail(&scope.region);
        let listed = service.describe_trails(which).await;
        let listed = listed.map_err(|error| {
            named(failed_call(format!("list the trails of {}", scope.region), &error), &scope)
        })?;
        let trails: BTreeMap<_, _> = listed.iter().map(|trail| (trail.name.clone(), entry(trail))).collect();
        Ok(TrailsModel {
            scope: RegionalQuery::located(scope.region.clone().into(), &scope),
            trails: trails.into(),
            ..config
        })
    }
}

fn entry(trail: &Trail) -> TrailEntry {
    TrailEntry {
        trail_name: trail.name.clone().into(),
        arn: trail.trail_arn.clone().into(),
        home_region: trail.home_region.clone().into(),
        is_shadow_trail: trail.is_shadow().into(),
        is_organization_trail: trail.is_organization_trail.into(),
        status: trail.status.clone().into(),
        event_rw: trail.event_rw.clone().into(),
        trail_region: trail.trail_region.clone().into(),
        oss_bucket_name: trail.oss_bucket_name.clone().into(),
        oss_key_prefix: trail.oss_key_prefix.clone().into(),
        oss_write_role_arn: trail.oss_write_role_arn.clone().into(),
        sls_project_arn: trail.sls_project_arn.clone().into(),
        sls_write_role_arn: trail.sls_write_role_arn.clone().into(),
        max_compute_project_arn: trail.max_compute_project_arn.clone().into(),
        create_time: trail.create_time.clone().into(),
    }
}
