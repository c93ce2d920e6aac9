//! `alitrail_oss_buckets`: the buckets of an account, in all regions.

use std::collections::BTreeMap;

use alibaba::oss::BucketSummary;
use plugin::{Attr, Context, DataSource, Diagnostics, Model};

use crate::check;
use crate::config::Cloud;
use crate::failed_call::{failed_call, named};
use crate::resource_scope::{any_region, resolve};
use crate::scope::{GlobalQuery, Location};

/// The data source.
#[derive(Debug)]
pub struct BucketsSource;

/// Attributes of `alitrail_oss_buckets`.
#[derive(Debug, Clone, Default, Model)]
pub struct BucketsModel {
    /// `id` and `account_id`.
    #[attr(flatten)]
    pub scope: GlobalQuery,
    /// Only buckets whose name begins with it. Default: all.
    #[attr(optional)]
    pub prefix: Attr<String>,
    /// Only buckets of this resource group. Default: all.
    #[attr(optional, check = check::resource_group)]
    pub resource_group_id: Attr<String>,
    /// The buckets by name.
    #[attr(computed)]
    pub buckets: Attr<BTreeMap<String, BucketEntry>>,
}

/// One bucket of `alitrail_oss_buckets`.
#[derive(Debug, Clone, Default, Model)]
pub struct BucketEntry {
    /// Name.
    #[attr(computed)]
    pub bucket: Attr<String>,
    /// Region.
    #[attr(computed)]
    pub region: Attr<String>,
    /// The region as the service spells it: `oss-<region>`.
    #[attr(computed)]
    pub location: Attr<String>,
    /// Storage class of objects that are written without one.
    #[attr(computed)]
    pub storage_class: Attr<String>,
    /// Resource group.
    #[attr(computed)]
    pub resource_group_id: Attr<String>,
    /// Public host of the region, without the bucket.
    #[attr(computed)]
    pub extranet_endpoint: Attr<String>,
    /// Host of the region inside the vendor's network, without the bucket.
    #[attr(computed)]
    pub intranet_endpoint: Attr<String>,
    /// When the bucket was made.
    #[attr(computed)]
    pub creation_date: Attr<String>,
}

impl DataSource for BucketsSource {
    type Client = Cloud;
    type Model = BucketsModel;
    const TYPE: &'static str = "alitrail_oss_buckets";
    const DESCRIPTION: &'static str =
        "The OSS buckets of an account, in all regions: one call for every thousand of them.";

    async fn read(context: &Context<Cloud>, config: BucketsModel) -> Result<BucketsModel, Diagnostics> {
        let scope = any_region(resolve(context, &config).await?, context.client()?);
        let prefix = config.prefix.as_str().unwrap_or_default();
        let service = scope.client.oss(&scope.region);
        let listed = service.list_buckets(prefix, config.resource_group_id.as_str()).await;
        let doing = || format!("list the buckets of account {}", scope.account);
        let listed = listed.map_err(|error| named(failed_call(doing(), &error), &scope))?;
        let buckets: BTreeMap<_, _> =
            listed.into_iter().map(|bucket| (bucket.name.clone(), entry(bucket))).collect();
        Ok(BucketsModel {
            scope: GlobalQuery::located(scope.account.clone().into(), &scope),
            buckets: buckets.into(),
            ..config
        })
    }
}

fn entry(bucket: BucketSummary) -> BucketEntry {
    BucketEntry {
        bucket: bucket.name.into(),
        region: bucket.region.into(),
        location: bucket.location.into(),
        storage_class: bucket.storage_class.into(),
        resource_group_id: bucket.resource_group_id.into(),
        extranet_endpoint: bucket.extranet_endpoint.into(),
        intranet_endpoint: bucket.intranet_endpoint.into(),
        creation_date: bucket.creation_date.into(),
    }
}
