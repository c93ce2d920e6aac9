//! What an account has once, whatever its trails: the region of global events, and insights.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use time::Duration;

use super::history_jobs::Job;
use super::{home_of, lookup, trail_mut};
use crate::cloud::CloudState;
use crate::http::Call;
use crate::rpc::{self, Error, Outcome};
use crate::switches::Switch;

/// Where global events are stored unless something else was chosen.
pub(super) const GLOBAL_REGION: Switch = Switch {
    name: "default_global_events_region",
    values: &["ap-southeast-1", "cn-hangzhou"],
    doc: "Global events storage region of an account that never chose one.",
    source: "The English description says Singapore; accounts of the China site are said to have Hangzhou.",
};

/// Regions that can store them.
const REGIONS: &[&str] = &["cn-hangzhou", "ap-southeast-1"];
/// Kinds of insights.
const INSIGHTS: &[&str] = &[
    "IpInsight",
    "ApiCallRateInsight",
    "ApiErrorRateInsight",
    "AkInsight",
    "PolicyChangeInsight",
    "PasswordChangeInsight",
    "TrailConcealmentInsight",
];
/// How long insights are kept, and how long a query may span.
const INSIGHT_WINDOW: Duration = Duration::days(93);

/// Settings of an account.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Where events of global services are stored; the default when unset.
    pub global_events_storage_region: Option<String>,
    /// Kinds of insights that are on.
    pub insights: BTreeSet<String>,
    /// History delivery jobs by id.
    pub history_jobs: BTreeMap<u64, Job>,
}

fn settings<'w>(cloud: &'w mut CloudState, call: &Call) -> &'w mut Settings {
    &mut cloud.accounts.entry(call.caller.account.clone()).or_default().actiontrail
}

pub(super) fn global_region(cloud: &mut CloudState, call: &Call) -> Outcome {
    let default = cloud.switches.get(&GLOBAL_REGION);
    let chosen = settings(cloud, call).global_events_storage_region.clone();
    Ok(json!({ "StorageRegion": chosen.as_deref().unwrap_or(default) }))
}

pub(super) fn set_global_region(cloud: &mut CloudState, call: &Call) -> Outcome {
    let region = rpc::required(call, "StorageRegion")?;
    if !REGIONS.contains(&region) {
        let message = "StorageRegion must be cn-hangzhou or ap-southeast-1.";
        return Err(Error::new(400, "InvalidQueryParameter", message));
    }
    settings(cloud, call).global_events_storage_region = Some(region.to_owned());
    Ok(json!({}))
}

fn insight(call: &Call) -> Result<&str, Error> {
    let kind = rpc::required(call, "InsightType")?;
    if INSIGHTS.contains(&kind) {
        return Ok(kind);
    }
    Err(Error::new(400, "InsightTypeNotValid", "The specified insight type is not valid."))
}

pub(super) fn enable_insight(cloud: &mut CloudState, call: &Call) -> Outcome {
    let kind = insight(call)?.to_owned();
    settings(cloud, call).insights.insert(kind);
    Ok(json!({}))
}

pub(super) fn disable_insight(cloud: &mut CloudState, call: &Call) -> Outcome {
    let kind = insight(call)?;
    settings(cloud, call).insights.remove(kind);
    Ok(json!({}))
}

/// Which kinds there are and whether they are on (the form of the object is assumed).
pub(super) fn insight_types(cloud: &mut CloudState, call: &Call) -> Outcome {
    let on = &settings(cloud, call).insights;
    let kinds: serde_json::Map<String, Value> =
        INSIGHTS.iter().map(|kind| ((*kind).to_owned(), json!(on.contains(*kind)))).collect();
    Ok(json!({ "InsightTypes": kinds }))
}

pub(super) fn put_insight_selectors(cloud: &mut CloudState, call: &Call) -> Outcome {
    let name = rpc::required(call, "TrailName")?;
    let text = rpc::required(call, "InsightSelectors")?;
    let kinds: Vec<Value> = serde_json::from_str(text)
        .map_err(|_| Error::new(400, "InvalidQueryParameter", "InsightSelectors must be a JSON list."))?;
    let kinds: Vec<String> = kinds
        .iter()
        .filter_map(|kind| kind.as_str().or(kind["InsightType"].as_str()).map(str::to_owned))
        .collect();
    if kinds.iter().any(|kind| !INSIGHTS.contains(&kind.as_str())) {
        return Err(Error::new(400, "InsightTypeNotValid", "The specified insight type is not valid."));
    }
    let home = home_of(cloud, call, name)?;
    trail_mut(cloud, &call.caller.account, &home, name)?.insight_selectors = kinds;
    insight_selectors(cloud, call)
}

pub(super) fn insight_selectors(cloud: &mut CloudState, call: &Call) -> Outcome {
    let name = rpc::required(call, "TrailName")?;
    let home = home_of(cloud, call, name)?;
    let account = &call.caller.account;
    let kinds = trail_mut(cloud, account, &home, name)?.insight_selectors.clone();
    let arn = format!("acs:actiontrail:{home}:{account}:trail/{name}");
    Ok(json!({ "InsightSelectors": kinds, "TrailArn": arn }))
}

/// Nothing unusual ever happens in a mock: no insight is found, but parameters are checked.
pub(super) fn insight_events(call: &Call) -> Outcome {
    lookup::page_size(call, "MaxResults", 50, 20)?;
    lookup::window(call, INSIGHT_WINDOW, INSIGHT_WINDOW)?;
    Ok(json!({ "Events": [] }))
}

/// As above, by kind and region.
pub(super) fn insight_counts(call: &Call) -> Outcome {
    if rpc::text(call, "Date").is_none() {
        lookup::window(call, INSIGHT_WINDOW, INSIGHT_WINDOW)?;
    }
    Ok(json!({ "Data": [] }))
}
