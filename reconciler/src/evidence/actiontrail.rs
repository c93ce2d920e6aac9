//! The writing calls of ActionTrail.

use super::{Condition, Weakening, WritingCall};
use alibaba::endpoint::Service;

const REGIONS: Condition = Condition {
    id: "trail.regions_narrowed",
    when: "the trail records one region instead of all, or another one",
    loss: "events of the other regions are no longer recorded",
};
const KINDS: Condition = Condition {
    id: "trail.event_kinds_narrowed",
    when: "the trail records only read or only write events",
    loss: "events of the other kind are no longer recorded",
};
const TO_BUCKET: Condition = Condition {
    id: "trail.bucket_changed",
    when: "the trail delivers to another bucket or to none",
    loss: "new events no longer arrive in the bucket",
};
const TO_PROJECT: Condition = Condition {
    id: "trail.project_changed",
    when: "the trail delivers to another log project or to none",
    loss: "new events no longer arrive in the log project",
};
const TO_MAX_COMPUTE: Condition = Condition {
    id: "trail.max_compute_changed",
    when: "the trail delivers to another MaxCompute project or to none",
    loss: "new events no longer arrive in the MaxCompute project",
};
const DELETED: Condition = Condition {
    id: "trail.deleted",
    when: "the trail is deleted",
    loss: "events are no longer recorded and delivered",
};
const STOPPED: Condition = Condition {
    id: "trail.logging_stopped",
    when: "the trail stops logging",
    loss: "events are no longer recorded and delivered until it logs again",
};
const SELECTORS: Condition = Condition {
    id: "data_events.selectors_narrowed",
    when: "a data event selector goes, or covers fewer events or resources",
    loss: "data events that no selector covers are no longer recorded",
};
const DATA_REGIONS: Condition = Condition {
    id: "data_events.regions_narrowed",
    when: "data events are recorded in fewer regions",
    loss: "data events of the other regions are no longer recorded",
};
const DATA_DELETED: Condition = Condition {
    id: "data_events.deleted",
    when: "all data event selectors of a trail are deleted",
    loss: "data events are no longer recorded",
};
const STORAGE: Condition = Condition {
    id: "global_events.region_changed",
    when: "events of global services are stored in another region",
    loss: "whoever looks for new global events in the old region finds none",
};

const fn call(action: &'static str, function: &'static str, weakens: Weakening) -> WritingCall {
    WritingCall { service: Service::ActionTrail, action, function, weakens }
}

pub(super) const CALLS: &[WritingCall] = &[
    call(
        "CreateTrail",
        "ActionTrail::create_trail",
        Weakening::Never("a new trail records in addition to those that exist"),
    ),
    call(
        "UpdateTrail",
        "ActionTrail::update_trail",
        Weakening::When(&[&REGIONS, &KINDS, &TO_BUCKET, &TO_PROJECT, &TO_MAX_COMPUTE]),
    ),
    call("DeleteTrail", "ActionTrail::delete_trail", Weakening::When(&[&DELETED])),
    call("StartLogging", "ActionTrail::start_logging", Weakening::Never("a trail that logs records more")),
    call("StopLogging", "ActionTrail::stop_logging", Weakening::When(&[&STOPPED])),
    call(
        "PutDataEventSelector",
        "ActionTrail::put_data_event_selector",
        Weakening::When(&[&SELECTORS, &DATA_REGIONS]),
    ),
    call(
        "DeleteDataEventSelector",
        "ActionTrail::delete_data_event_selector",
        Weakening::When(&[&DATA_DELETED]),
    ),
    call(
        "CreateDeliveryHistoryJob",
        "ActionTrail::create_delivery_history_job",
        Weakening::Never("it delivers events in addition to those of the trail"),
    ),
    call(
        "DeleteDeliveryHistoryJob",
        "ActionTrail::delete_delivery_history_job",
        Weakening::Never("what the job delivered stays, and the service deletes no job that is at work"),
    ),
    call(
        "UpdateGlobalEventsStorageRegion",
        "ActionTrail::update_global_events_storage_region",
        Weakening::When(&[&STORAGE]),
    ),
];
