//! The attributes of `alitrail_global_events_storage_region`.

use plugin::{Attr, Model};

use crate::scope::Global;

/// The id of the one setting that an account has.
pub(super) const ID: &str = "GlobalEventsStorageRegion";

/// Attributes of `alitrail_global_events_storage_region`.
#[derive(Debug, Clone, Default, PartialEq, Model)]
#[model(remote = "accounts/{account_id}/actiontrail")]
pub struct GlobalEventsStorageRegionModel {
    /// `id` and `account_id`.
    #[attr(
        flatten,
        identity(id),
        describe(id = "Always `GlobalEventsStorageRegion`: an account has one such setting.")
    )]
    pub scope: Global,
    /// Region that stores the events of global services such as RAM.
    #[attr(
        required,
        one_of("cn-hangzhou", "ap-southeast-1"),
        samples("cn-hangzhou", "ap-southeast-1"),
        remote = "/global_events_storage_region"
    )]
    pub storage_region: Attr<String>,
}

impl GlobalEventsStorageRegionModel {
    pub(super) fn wanted(&self) -> &str {
        self.storage_region.as_str().unwrap_or_default()
    }
}
