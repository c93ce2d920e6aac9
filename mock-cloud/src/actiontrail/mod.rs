//! ActionTrail (API version 2020-07-06): trails, their status and the checks on their destinations. What the API
//! reference leaves open is a switch, see [`SWITCHES`], or marked as assumed where it is decided.

mod account;
mod delivery;
mod describe;
mod destinations;
mod history_jobs;
mod logging;
mod lookup;
mod selectors;
mod switches;
mod trails;

use std::collections::BTreeMap;

use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::json;
use time::OffsetDateTime;

pub use self::account::Settings;
pub(crate) use self::delivery::advance;
pub use self::history_jobs::Job;
pub use self::selectors::Selector;
pub(crate) use self::selectors::{DataEvent, deliver as deliver_data_event};
pub use self::switches::SWITCHES;
use crate::cloud::CloudState;
use crate::http::{Call, Reply};
use crate::regions;
use crate::rpc::{self, Error, Outcome};

/// The trails whose home is one region of one account.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct State {
    /// Trails by name.
    pub trails: BTreeMap<String, Trail>,
}

/// A trail. Its name and home region are the keys under which it is kept; unset texts are empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Trail {
    /// Whether it delivers.
    pub status: Status,
    /// `All`, `Read` or `Write`.
    #[serde(rename = "EventRW")]
    pub event_rw: String,
    /// `All` or region ids separated by commas.
    pub trail_region: String,
    /// Whether it covers the resource directory.
    #[serde(default)]
    pub is_organization_trail: bool,
    /// Bucket that it delivers to.
    #[serde(default)]
    pub oss_bucket_name: String,
    /// Start of the keys in the bucket.
    #[serde(default)]
    pub oss_key_prefix: String,
    /// Role for the bucket, as it was given.
    #[serde(default)]
    pub oss_write_role_arn: String,
    /// Log project that it delivers to.
    #[serde(default)]
    pub sls_project_arn: String,
    /// Role for the project, as it was given.
    #[serde(default)]
    pub sls_write_role_arn: String,
    /// MaxCompute project that it delivers to.
    #[serde(default)]
    pub max_compute_project_arn: String,
    /// Role for that, as it was given.
    #[serde(default)]
    pub max_compute_write_role_arn: String,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub create_time: OffsetDateTime,
    /// When it was last changed.
    #[serde(with = "time::serde::rfc3339")]
    pub update_time: OffsetDateTime,
    /// When it last began to deliver.
    #[serde(default, with = "time::serde::rfc3339::option")]
    pub start_logging_time: Option<OffsetDateTime>,
    /// When it was last stopped.
    #[serde(default, with = "time::serde::rfc3339::option")]
    pub stop_logging_time: Option<OffsetDateTime>,
    /// Last delivery to the bucket.
    #[serde(default, with = "time::serde::rfc3339::option")]
    pub latest_delivery_time: Option<OffsetDateTime>,
    /// Last delivery to the logstore.
    #[serde(default, with = "time::serde::rfc3339::option")]
    pub latest_delivery_log_service_time: Option<OffsetDateTime>,
    /// Which data events it also records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_event_selector: Option<Selector>,
    /// Kinds of insights that it delivers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub insight_selectors: Vec<String>,
}

/// Whether a trail delivers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// It never did.
    Fresh,
    /// It does.
    Enable,
    /// It did.
    Disable,
}

impl Status {
    const fn name(self) -> &'static str {
        match self {
            Self::Fresh => "Fresh",
            Self::Enable => "Enable",
            Self::Disable => "Disable",
        }
    }
}

/// The actions it has; none else is let through to the code behind them.
pub(crate) const ACTIONS: &[&str] = &[
    "CreateTrail",
    "UpdateTrail",
    "DeleteTrail",
    "DescribeTrails",
    "GetTrailStatus",
    "StartLogging",
    "StopLogging",
    "DescribeRegions",
    "LookupEvents",
    "PutDataEventSelector",
    "GetDataEventSelector",
    "ListDataEventSelectors",
    "DeleteDataEventSelector",
    "ListDataEventServices",
    "CreateDeliveryHistoryJob",
    "GetDeliveryHistoryJob",
    "ListDeliveryHistoryJobs",
    "DeleteDeliveryHistoryJob",
    "GetGlobalEventsStorageRegion",
    "UpdateGlobalEventsStorageRegion",
    "EnableInsight",
    "DisableInsight",
    "GetInsightTypes",
    "PutInsightSelectors",
    "GetInsightSelectors",
    "GetInsightsEventsCount",
    "LookupInsightEvents",
];

/// Answers an ActionTrail call.
pub fn handle(cloud: &mut CloudState, call: &Call) -> Reply {
    let outcome = act(cloud, call);
    if !["Describe", "Get", "List", "Lookup"].iter().any(|verb| call.action.starts_with(verb)) {
        cloud.events.trails = None;
    }
    rpc::reply(call, outcome)
}

fn act(cloud: &mut CloudState, call: &Call) -> Outcome {
    if !regions::exists(&call.region) {
        return Err(Error::new(404, "InvalidRegion.NotFound", "The specified region is not found."));
    }
    match call.action.as_str() {
        action if !ACTIONS.contains(&action) => Err(rpc::unknown_action()),
        "CreateTrail" => trails::create(cloud, call),
        "UpdateTrail" => trails::update(cloud, call),
        "DeleteTrail" => trails::delete(cloud, call),
        "DescribeTrails" => describe::describe(cloud, call),
        "GetTrailStatus" => logging::status(cloud, call),
        "StartLogging" => logging::start(cloud, call),
        "StopLogging"
            if call.method != Method::GET && cloud.switches.is(&switches::STOP_LOGGING_METHOD, "get") =>
        {
            // The API description names GET as the only method of this one action.
            Err(Error::new(400, "UnsupportedHTTPMethod", "The action supports the method GET only."))
        }
        "StopLogging" => logging::stop(cloud, call),
        "DescribeRegions" => describe_regions(call),
        "LookupEvents" => lookup::lookup(cloud, call),
        "PutDataEventSelector" => selectors::put(cloud, call),
        "GetDataEventSelector" => selectors::get(cloud, call),
        "ListDataEventSelectors" => selectors::list(cloud, call),
        "DeleteDataEventSelector" => selectors::delete(cloud, call),
        "ListDataEventServices" => selectors::services(call),
        "CreateDeliveryHistoryJob" => history_jobs::create(cloud, call),
        "GetDeliveryHistoryJob" => history_jobs::get(cloud, call),
        "ListDeliveryHistoryJobs" => history_jobs::list(cloud, call),
        "DeleteDeliveryHistoryJob" => history_jobs::delete(cloud, call),
        "GetGlobalEventsStorageRegion" if call.method != Method::GET => {
            Err(Error::new(400, "UnsupportedHTTPMethod", "The action supports the method GET only."))
        }
        "GetGlobalEventsStorageRegion" => account::global_region(cloud, call),
        "UpdateGlobalEventsStorageRegion" => account::set_global_region(cloud, call),
        "EnableInsight" => account::enable_insight(cloud, call),
        "DisableInsight" => account::disable_insight(cloud, call),
        "GetInsightTypes" => account::insight_types(cloud, call),
        "PutInsightSelectors" => account::put_insight_selectors(cloud, call),
        "GetInsightSelectors" => account::insight_selectors(cloud, call),
        "GetInsightsEventsCount" => account::insight_counts(call),
        "LookupInsightEvents" => account::insight_events(call),
        _ => Err(rpc::unknown_action()),
    }
}

fn describe_regions(call: &Call) -> Outcome {
    let chinese = match rpc::text(call, "AcceptLanguage") {
        None | Some("en-US") => false,
        Some("zh-CN") => true,
        Some(_) => {
            return Err(Error::new(400, "InvalidAcceptLanguage", "AcceptLanguage must be zh-CN or en-US."));
        }
    };
    let regions: Vec<_> = regions::REGIONS
        .iter()
        .map(|region| {
            json!({
                "RegionId": region.id,
                "RegionEndpoint": format!("actiontrail.{}.aliyuncs.com", region.id),
                "LocalName": if chinese { region.chinese } else { region.name },
            })
        })
        .collect();
    Ok(json!({ "Regions": { "Region": regions } }))
}

/// The home region of a trail that this call may act on, by name.
fn home_of(cloud: &CloudState, call: &Call, name: &str) -> Result<String, Error> {
    let regions = cloud.accounts.get(&call.caller.account).map(|account| &account.regions);
    let home = regions.into_iter().flatten().find(|(_, region)| region.actiontrail.trails.contains_key(name));
    let anywhere = cloud.switches.is(&switches::TRAIL_FROM_OTHER_REGIONS, "found");
    home.map(|(id, _)| id.clone()).filter(|id| *id == call.region || anywhere).ok_or_else(not_found)
}

fn not_found() -> Error {
    Error::new(404, "TrailNotFoundException", "The specified Trail does not exist.")
}

/// A trail of an account by home region and name.
fn trail_mut<'w>(
    cloud: &'w mut CloudState,
    account: &str,
    home: &str,
    name: &str,
) -> Result<&'w mut Trail, Error> {
    cloud.region_mut(account, home).actiontrail.trails.get_mut(name).ok_or_else(not_found)
}

#[cfg(test)]
mod tests;
