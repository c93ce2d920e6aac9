//! `alitrail_regions`: the regions that ActionTrail works in.

use std::collections::BTreeMap;

use plugin::{Attr, Context, DataSource, Diagnostics, Model};

use crate::config::Cloud;
use crate::failed_call::{failed_call, named};
use crate::resource_scope::resolve;
use crate::scope::{Location, RegionalQuery};

/// The data source.
#[derive(Debug)]
pub struct RegionsSource;

/// Attributes of `alitrail_regions`.
#[derive(Debug, Clone, Default, Model)]
pub struct RegionsModel {
    /// `id`, `region` and `account_id`.
    #[attr(flatten)]
    pub scope: RegionalQuery,
    /// Ids of the regions, in order.
    #[attr(computed)]
    pub ids: Attr<Vec<String>>,
    /// The regions by id.
    #[attr(computed)]
    pub regions: Attr<BTreeMap<String, RegionEntry>>,
}

/// One region of `alitrail_regions`.
#[derive(Debug, Clone, Default, Model)]
pub struct RegionEntry {
    /// Id, such as `cn-hangzhou`.
    #[attr(computed)]
    pub region_id: Attr<String>,
    /// Host of ActionTrail there.
    #[attr(computed)]
    pub endpoint: Attr<String>,
    /// Name for people.
    #[attr(computed)]
    pub local_name: Attr<String>,
}

impl DataSource for RegionsSource {
    type Client = Cloud;
    type Model = RegionsModel;
    const TYPE: &'static str = "alitrail_regions";
    const DESCRIPTION: &'static str =
        "The regions that ActionTrail works in: those that a trail can be at home in.";

    async fn read(context: &Context<Cloud>, config: RegionsModel) -> Result<RegionsModel, Diagnostics> {
        let scope = resolve(context, &config).await?;
        let listed = scope.client.actiontrail(&scope.region).describe_regions().await;
        let listed =
            listed.map_err(|error| named(failed_call("list the regions of ActionTrail", &error), &scope))?;
        let regions: BTreeMap<_, _> = listed
            .into_iter()
            .map(|region| {
                let entry = RegionEntry {
                    region_id: region.region_id.clone().into(),
                    endpoint: region.region_endpoint.into(),
                    local_name: region.local_name.into(),
                };
                (region.region_id, entry)
            })
            .collect();
        Ok(RegionsModel {
            scope: RegionalQuery::located(scope.region.clone().into(), &scope),
            ids: regions.keys().cloned().collect::<Vec<_>>().into(),
            regions: regions.into(),
        })
    }
}
