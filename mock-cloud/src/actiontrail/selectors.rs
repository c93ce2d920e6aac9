//! Data events: which a trail also records, and the projects they go to. Of the services of the mock only OSS has any.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use time::OffsetDateTime;

use super::{Status, Trail, delivery, destinations, home_of, lookup, trail_mut};
use crate::cloud::CloudState;
use crate::http::Call;
use crate::ram::evaluate::matches;
use crate::regions;
use crate::rpc::{self, Error, Outcome};
use crate::sls;
use crate::switches::Switch;

/// What GetDataEventSelector answers for a trail without one.
pub(super) const MISSING_SELECTOR: Switch = Switch {
    name: "missing_data_event_selector",
    values: &["empty", "not_found"],
    doc: "GetDataEventSelector on a trail without selector answers without one (empty) or TrailNotFoundException.",
    source: "Not documented; other clients are prepared for both.",
};

/// Whether the text of selectors comes back as it was put.
pub(super) const SELECTOR_TEXT: Switch = Switch {
    name: "data_event_selector_text",
    values: &["kept", "normalised"],
    doc: "The JSON text of data event selectors comes back as it was put, or with other blanks and order of members.",
    source: "Not documented.",
};

/// Services with data events and some of their events, as ListDataEventServices names them; the events of PDS and Push are
/// assumed.
const SERVICES: &[(&str, &[&str])] = &[
    ("Cms", &["PutCustomMetric", "PutCustomEvent"]),
    ("Oss", &["GetObject", "PutObject", "DeleteObject", "HeadObject", "CopyObject", "ListObjects"]),
    ("Ots", &["GetRow", "PutRow", "DeleteRow"]),
    ("PDS", &["GetFile", "CreateFile", "DeleteFile"]),
    ("Push", &["Push", "MassPush"]),
];

/// Services whose spelling no page settles: tests of the vendor's own provider write `PDS` and its pages `Pds`. Any letter
/// case of them is taken.
const LOOSELY_SPELT: [&str; 2] = ["PDS", "Push"];

/// The selector of a trail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Selector {
    /// JSON list of selectors, as it was put.
    pub event_selectors: String,
    /// Whether every region is covered.
    #[serde(default)]
    pub is_trail_all_region: bool,
    /// Regions that are covered otherwise; without any, the home region.
    #[serde(default)]
    pub trail_region_ids: Vec<String>,
    /// When it was put.
    #[serde(with = "time::serde::rfc3339")]
    pub create_time: OffsetDateTime,
}

pub(super) fn put(cloud: &mut CloudState, call: &Call) -> Outcome {
    let name = rpc::required(call, "TrailName")?;
    let text = rpc::required(call, "EventSelectors")?;
    check(text)?;
    let home = home_of(cloud, call, name)?;
    let regions: Vec<String> = rpc::text(call, "TrailRegionIds")
        .map(|list| list.split(',').map(|id| id.trim().to_owned()).collect())
        .unwrap_or_default();
    if !regions.iter().all(|id| regions::exists(id)) {
        return Err(invalid("TrailRegionIds must be ids of regions."));
    }
    let normalised = serde_json::from_str::<Value>(text).unwrap_or_default().to_string();
    let kept = cloud.switches.is(&SELECTOR_TEXT, "kept");
    let text = if kept { text } else { normalised.as_str() };
    let selector = Selector {
        event_selectors: text.to_owned(),
        is_trail_all_region: rpc::flag(call, "IsTrailAllRegion", "InvalidQueryParameter")?,
        trail_region_ids: regions,
        create_time: call.now,
    };
    let account = call.caller.account.clone();
    for region in covered(&selector, &home) {
        let project = project(&account, region);
        cloud.region_mut(&account, region).sls.projects.entry(project.clone()).or_default();
        sls::ensure_logstore(cloud, &account, region, &project, &destinations::logstore(name));
    }
    trail_mut(cloud, &account, &home, name)?.data_event_selector = Some(selector);
    let arn = arn(&account, &home, name);
    Ok(json!({ "DataEventSelectors": text, "TrailArn": arn }))
}

pub(super) fn get(cloud: &mut CloudState, call: &Call) -> Outcome {
    let name = rpc::required(call, "TrailName")?;
    let home = home_of(cloud, call, name)?;
    let strict = cloud.switches.is(&MISSING_SELECTOR, "not_found");
    let account = call.caller.account.clone();
    let trail = trail_mut(cloud, &account, &home, name)?;
    let arn = arn(&account, &home, name);
    match &trail.data_event_selector {
        Some(selector) => {
            let mut answer = describe(&account, &home, selector);
            answer["DataEventSelectors"] = json!(selector.event_selectors);
            answer["TrailArn"] = json!(arn);
            Ok(answer)
        }
        None if strict => Err(super::not_found()),
        None => Ok(json!({ "DataEventSelectors": "", "TrailArn": arn })),
    }
}

pub(super) fn delete(cloud: &mut CloudState, call: &Call) -> Outcome {
    let name = rpc::required(call, "TrailName")?;
    let home = home_of(cloud, call, name)?;
    trail_mut(cloud, &call.caller.account, &home, name)?.data_event_selector = None;
    Ok(json!({}))
}

pub(super) fn list(cloud: &mut CloudState, call: &Call) -> Outcome {
    let account = &call.caller.account;
    let trails = cloud.region_mut(account, &call.region).actiontrail.trails.iter();
    let infos = trails.filter_map(|(name, trail)| {
        let selector = trail.data_event_selector.as_ref()?;
        let mut info = describe(account, &call.region, selector);
        info["TrailName"] = json!(name);
        info["TrailArn"] = json!(arn(account, &call.region, name));
        info["EventSelectors"] = json!(selector.event_selectors);
        Some(info)
    });
    page(call, infos.collect(), "DataEventSelectorInfos")
}

pub(super) fn services(call: &Call) -> Outcome {
    let infos = SERVICES.iter().map(|(name, events)| json!({ "ServiceName": name, "EventNames": events }));
    page(call, infos.collect(), "ServiceInfos")
}

fn page(call: &Call, all: Vec<Value>, name: &str) -> Outcome {
    let size = lookup::page_size(call, "MaxResults", 100, 20)?;
    let start: usize = rpc::text(call, "NextToken")
        .map_or(Ok(0), str::parse)
        .map_err(|_| Error::new(400, "InvalidNextToken", "NextToken is not one that was given out."))?;
    let total = all.len();
    let items: Vec<Value> = all.into_iter().skip(start).take(size).collect();
    let next = start.saturating_add(items.len());
    let mut data = json!({ name: items, "MaxResults": size });
    if next < total {
        data["NextToken"] = json!(next.to_string());
    }
    Ok(json!({ "Data": data }))
}

fn covered<'s>(selector: &'s Selector, home: &'s str) -> Vec<&'s str> {
    if selector.is_trail_all_region {
        return regions::REGIONS.iter().map(|region| region.id).collect();
    }
    if selector.trail_region_ids.is_empty() {
        return vec![home];
    }
    selector.trail_region_ids.iter().map(String::as_str).collect()
}

/// An operation on contents, as selectors choose it.
pub(crate) struct DataEvent<'e> {
    /// Whose contents they are.
    pub(crate) account: &'e str,
    pub(crate) region: &'e str,
    /// Name of the service in selectors.
    pub(crate) service: &'e str,
    pub(crate) name: &'e str,
    pub(crate) write: bool,
    /// ARN of what was operated on.
    pub(crate) resource: &'e str,
}

impl DataEvent<'_> {
    /// Whether a logging trail that is at home in `home` records it.
    fn is_taken(&self, home: &str, trail: &Trail) -> bool {
        let Some(selector) = trail.data_event_selector.as_ref() else { return false };
        let list: Vec<Value> = serde_json::from_str(&selector.event_selectors).unwrap_or_default();
        trail.status == Status::Enable
            && covered(selector, home).contains(&self.region)
            && list.iter().any(|one| self.is_chosen(one))
    }

    fn is_chosen(&self, selector: &Value) -> bool {
        let kind = match selector["ReadWriteType"].as_str() {
            Some("Read") => !self.write,
            Some("Write") => self.write,
            _ => true,
        };
        let any = |field: &str, operator: &str, text: &str| {
            let patterns = selector[field][operator].as_array().filter(|patterns| !patterns.is_empty())?;
            Some(patterns.iter().filter_map(Value::as_str).any(|pattern| matches(pattern, text)))
        };
        let fits = |field: &str, text: &str| {
            any(field, "Equals", text).unwrap_or(true) && !any(field, "NotEquals", text).unwrap_or(false)
        };
        selector["ServiceName"] == self.service
            && kind
            && fits("EventName", self.name)
            && fits("ResourceArn", self.resource)
    }
}

/// Delivers a data event to the trails of the account that select it: at once, into the logstore of the trail in the
/// region's own project (the name of the logstore is assumed). `describe` makes the event where one is needed.
pub(crate) fn deliver(
    cloud: &mut CloudState,
    event: &DataEvent<'_>,
    describe: impl FnOnce(&CloudState) -> Value,
) {
    let regions = cloud.accounts.get(event.account).into_iter().flat_map(|account| &account.regions);
    let trails =
        regions.flat_map(|(home, region)| region.actiontrail.trails.iter().map(move |trail| (home, trail)));
    let taking = trails.filter(|(home, (_, trail))| event.is_taken(home, trail));
    let names: Vec<String> = taking.map(|(_, (name, _))| name.clone()).collect();
    if names.is_empty() {
        return;
    }
    let value = describe(cloud);
    let project = project(event.account, event.region);
    for name in names {
        let logstore = destinations::logstore(&name);
        sls::append(cloud, event.account, event.region, &project, &logstore, vec![delivery::log(&value)]);
    }
}

/// The project that the service makes for the data events of a region.
fn project(account: &str, region: &str) -> String {
    format!("actiontrail-log-{account}-{region}")
}

fn arn(account: &str, home: &str, name: &str) -> String {
    format!("acs:actiontrail:{home}:{account}:trail/{name}")
}

fn describe(account: &str, home: &str, selector: &Selector) -> Value {
    let configs: Vec<Value> = covered(selector, home)
        .into_iter()
        .map(|region| {
            json!({
                "TrailRegion": region,
                "RegionSlsProjectArn": format!("acs:log:{region}:{account}:project/{}", project(account, region)),
                "Status": "success",
                "CreateTime": rpc::timestamp(selector.create_time),
            })
        })
        .collect();
    json!({ "IsTrailAllRegion": selector.is_trail_all_region, "SlsDeliveryConfigs": configs })
}

fn invalid(message: &str) -> Error {
    Error::new(400, "InvalidQueryParameter", message)
}

/// A list of at most 20 selectors; codes of the refusals are assumed, none is published.
fn check(text: &str) -> Result<(), Error> {
    let list: Vec<Value> =
        serde_json::from_str(text).map_err(|_| invalid("EventSelectors must be a JSON list."))?;
    if list.is_empty() || list.len() > 20 {
        return Err(invalid("EventSelectors must have between 1 and 20 elements."));
    }
    for selector in &list {
        let service = selector["ServiceName"].as_str().unwrap_or_default();
        let is_known = SERVICES.iter().any(|(name, _)| service == *name)
            || LOOSELY_SPELT.iter().any(|name| service.eq_ignore_ascii_case(name));
        if !is_known {
            return Err(invalid("ServiceName must be one that ListDataEventServices lists."));
        }
        let kind = selector
            .get("ReadWriteType")
            .is_none_or(|kind| ["Read", "Write", "All"].iter().any(|known| kind == known));
        if !kind {
            return Err(invalid("ReadWriteType must be Read, Write or All."));
        }
        for field in ["EventName", "ResourceArn"] {
            let count = |operator: &str| selector[field][operator].as_array().map_or(0, Vec::len);
            if count("Equals") + count("NotEquals") > 10 {
                return Err(invalid("EventName and ResourceArn take at most 10 values."));
            }
        }
    }
    Ok(())
}
