//! The attributes of `alitrail_global_events_storage_region`.

use plugin::{Attr, Model};

use crate::check;
use crate::place::global;

/// The id of the one setting that an account has.
pub(super) const ID: &str = "GlobalEventsStorageRegion";

/// Attributes of `alitrail_global_events_storage_region`.
#[derive(Debug, Clone, Default, PartialEq, Model)]
#[model(remote = "accounts/{account_id}/actiontrail")]
pub struct GlobalEventsStorageRegionModel {
    /// Always `GlobalEventsStorageRegion`: an account has one such setting.
    #[attr(computed, identity)]
    pub id: Attr<String>,
    /// Account whose setting it is. Default: the account of the provider's credentials.
    #[attr(keeps = "a setting stays in its account", replace, identity_optional, check = check::account_id)]
    pub account_id: Attr<String>,
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

global!(GlobalEventsStorageRegionModel);
