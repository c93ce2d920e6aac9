//! The attributes of `alitrail_data_event_selector`, and what the service makes of them.

use std::collections::{BTreeMap, BTreeSet};

use alibaba::actiontrail::{DataEventSelector, DataEvents, ValueFilter};
use plugin::value::{Object, Value};
use plugin::{Attr, Model};
use reconciler::Scope;
use reconciler::data_events::{Settings, select_the_same};

use super::check::service_name;
use crate::check;
use crate::scope::Regional;

/// Attributes of `alitrail_data_event_selector`.
#[derive(Debug, Clone, Default, PartialEq, Model)]
#[model(remote = "accounts/{account_id}/regions/{region}/actiontrail/trails/{trail_name}/DataEventSelector")]
pub struct DataEventSelectorModel {
    /// Name of the trail.
    #[attr(required, replace, identity, check = check::trail_name)]
    pub trail_name: Attr<String>,
    /// `id`, `region` and `account_id`.
    #[attr(flatten, describe(region = "Region the trail is at home in. Default: the provider's."))]
    pub scope: Regional,
    /// What to record, 1 to 20 selectors: an event is recorded when one of them selects it. Data events are charged.
    #[attr(
        required,
        samples(
            [{"service_name": "Oss", "event_name": {"equals": ["GetObject"]}}],
            [{"service_name": "Oss", "read_write_type": "Write"}]
        ),
        remote = "/EventSelectors",
        wire(
            "[{\"ServiceName\":\"Oss\",\"ReadWriteType\":\"All\",\"EventName\":{\"Equals\":[\"GetObject\"]}}]",
            "[{\"ServiceName\":\"Oss\",\"ReadWriteType\":\"Write\"}]"
        )
    )]
    pub selectors: Attr<Vec<SelectorModel>>,
    /// Record in every region.
    #[attr(default = false, samples(true, false), remote = "/IsTrailAllRegion")]
    pub all_regions: Attr<bool>,
    /// Record in these regions. Default: the trail's home region, unless `all_regions` is set.
    #[attr(
        optional,
        check = regions,
        unset_is = home_region,
        empty_refused = "An empty set of regions means nothing. Leave region_ids out (null) for the trail's home region.",
        samples(["ap-northeast-1", "eu-central-1"], ["me-east-1"]),
        remote = "/TrailRegionIds"
    )]
    pub region_ids: Attr<BTreeSet<String>>,
    /// ARN of the SLS project that receives the data events of a region, by region. ActionTrail makes these projects, and
    /// they stay when the selectors go. The destinations of the trail receive no data events.
    #[attr(computed, volatile)]
    pub sls_delivery: Attr<BTreeMap<String, String>>,
}

/// Data events of one service.
#[derive(Debug, Clone, Default, PartialEq, Model)]
#[model(unsupported_names(
    service, services, service_names, product = "A selector is for one service: write `service_name`.",
    event_rw, rw_type, read_write, event_type = "Write `read_write_type`.",
    event_names: strings, events: strings, actions: strings = "Write `event_name = { equals = [ … ] }`.",
    resource_arns: strings, resources: strings, resource: object = "Write `resource_arn = { equals = [ … ] }`.",
    resource_name, resource_type = "Write `resource_arn = { equals = [ … ] }`.",
    field_selector: objects, data_resource: objects = "Write `event_name` and `resource_arn`.",
    enabled = "A selector that is written is in force; leave it out of `selectors` otherwise.",
    region_ids: strings, regions: strings = "Write `region_ids` beside `selectors`."
))]
pub struct SelectorModel {
    /// Service, spelt as ActionTrail does: `Oss`, `Ots`, `Cms`, `PDS`, `Push` and whatever else its API lists
    /// (ListDataEventServices).
    #[attr(required, check = service_name)]
    pub service_name: Attr<String>,
    /// Events to record.
    #[attr(default = "All", one_of("All", "Read", "Write"))]
    pub read_write_type: Attr<String>,
    /// Only events of some names, such as `GetObject` or `Get*`.
    #[attr(
        optional,
        empty_refused = "Without equals and not_equals it would select the events of every name. Give it values, or leave \
            event_name out (null) to select everything."
    )]
    pub event_name: Attr<FilterModel>,
    /// Only events about some resources, by ARN.
    #[attr(
        optional,
        empty_refused = "Without equals and not_equals it would select the events about every resource. Give it values, or \
            leave resource_arn out (null) to select everything."
    )]
    pub resource_arn: Attr<FilterModel>,
}

/// A condition on a value.
#[derive(Debug, Clone, Default, PartialEq, Model)]
#[model(unsupported_names(
    equal: strings, eq: strings, in: strings, values: strings, include: strings = "Write `equals`.",
    not_equal: strings, neq: strings, not_in: strings, exclude: strings = "Write `not_equals`.",
    starts_with: strings, ends_with: strings, like: strings = "Write `equals`, where `*` stands for any text.",
    not_starts_with: strings, not_ends_with: strings, not_like: strings =
        "Write `not_equals`, where `*` stands for any text."
))]
pub struct FilterModel {
    /// It is one of these.
    #[attr(optional)]
    pub equals: Attr<BTreeSet<String>>,
    /// It is none of these.
    #[attr(optional)]
    pub not_equals: Attr<BTreeSet<String>>,
}

/// Where events are recorded when no region is named.
fn home_region(selector: &Object) -> Value {
    let is_everywhere = selector.get("all_regions") == Some(&Value::Bool(true));
    match selector.get("region") {
        Some(Value::String(home)) if !is_everywhere => Value::from([home.as_str()]),
        _ => Value::Null,
    }
}

fn regions(ids: &BTreeSet<String>) -> Result<(), String> {
    ids.iter().try_for_each(|id| check::region(id))
}

impl DataEventSelectorModel {
    /// How messages name it.
    pub(super) fn label(&self) -> String {
        format!("data event selectors of trail {:?}", self.trail())
    }

    pub(super) fn trail(&self) -> &str {
        self.trail_name.as_str().unwrap_or_default()
    }

    pub(super) fn covers_all_regions(&self) -> bool {
        self.all_regions.get().copied().unwrap_or_default()
    }

    /// What the model says.
    pub(super) fn settings(&self) -> Settings {
        let events = DataEvents {
            selectors: self.selectors.get().into_iter().flatten().map(SelectorModel::to_wire).collect(),
            all_regions: self.covers_all_regions(),
            region_ids: self.region_ids.get().into_iter().flatten().cloned().collect(),
        };
        Settings { events, described: None }
    }

    /// The model of the selectors as they are seen. `self` is what the state has.
    pub(super) fn read_from(&self, seen: &Settings, scope: &Scope) -> Self {
        let Some(found) = &seen.described else {
            return self.clone();
        };
        let stated = self.settings().events.selectors;
        let selectors = if !stated.is_empty() && select_the_same(&stated, &found.selectors) {
            // Their order says nothing, and the service may have its own.
            self.selectors.clone()
        } else {
            found.selectors.iter().map(SelectorModel::from_wire).collect::<Vec<_>>().into()
        };
        let covered: BTreeSet<String> =
            found.deliveries.iter().map(|delivery| delivery.region.clone()).collect();
        let home = BTreeSet::from([scope.region.clone()]);
        let region_ids = match self.region_ids.get() {
            _ if found.all_regions || covered.is_empty() => {
                self.region_ids.clone().into_option().filter(|_| {
                    // The service says nothing of single regions then, so that what is stated holds.
                    !found.all_regions
                })
            }
            None if covered == home => None,
            _ => Some(covered),
        };
        let deliveries = found.deliveries.iter();
        let deliveries =
            deliveries.filter_map(|one| Some((one.region.clone(), one.project_arn.clone()?))).collect();
        Self {
            selectors,
            all_regions: found.all_regions.into(),
            region_ids: region_ids.into(),
            sls_delivery: Attr::Known(deliveries),
            ..self.clone()
        }
    }
}

impl SelectorModel {
    fn to_wire(&self) -> DataEventSelector {
        DataEventSelector {
            service_name: self.service_name.as_str().unwrap_or_default().to_owned(),
            read_write_type: self.read_write_type.get().cloned(),
            event_name: self.event_name.get().map(FilterModel::to_wire),
            resource_arn: self.resource_arn.get().map(FilterModel::to_wire),
        }
    }

    fn from_wire(wire: &DataEventSelector) -> Self {
        Self {
            service_name: wire.service_name.clone().into(),
            read_write_type: wire.read_write_type.clone().unwrap_or_else(|| "All".to_owned()).into(),
            event_name: wire.event_name.as_ref().and_then(FilterModel::from_wire).into(),
            resource_arn: wire.resource_arn.as_ref().and_then(FilterModel::from_wire).into(),
        }
    }
}

impl FilterModel {
    /// How many values it has.
    pub(super) fn count(&self) -> usize {
        self.equals.get().map_or(0, BTreeSet::len) + self.not_equals.get().map_or(0, BTreeSet::len)
    }

    fn to_wire(&self) -> ValueFilter {
        let list = |values: &Attr<BTreeSet<String>>| values.get().into_iter().flatten().cloned().collect();
        ValueFilter { equals: list(&self.equals), not_equals: list(&self.not_equals) }
    }

    fn from_wire(wire: &ValueFilter) -> Option<Self> {
        let set = |values: &[String]| {
            Attr::from((!values.is_empty()).then(|| values.iter().cloned().collect::<BTreeSet<_>>()))
        };
        let filter = Self { equals: set(&wire.equals), not_equals: set(&wire.not_equals) };
        (filter != Self::default()).then_some(filter)
    }
}
