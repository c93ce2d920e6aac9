//! Trails, their data events, and where global events are stored.

use super::*;
use crate::data_event_selector::DataEventSelectorResource as Selectors;
use crate::global_events_storage_region::GlobalEventsStorageRegionResource as Storage;
use crate::trail::TrailResource as Trail;

pub(super) fn scenarios() -> Vec<Scenario> {
    let trail = json!({
        "trail_name": "audit-trail",
        "oss_bucket_name": "archive",
        "sls_project_arn": "acs:log:cn-hangzhou:1:project/events",
        "max_compute_project_arn": "acs:odps:cn-hangzhou:1:project/actiontrail_a",
    });
    let selectors = json!({
        "trail_name": "audit-trail",
        "all_regions": true,
        "selectors": [{ "service_name": "Oss", "read_write_type": "All" }],
    });
    let some_regions = json!({
        "trail_name": "audit-trail",
        "region_ids": ["cn-beijing", "cn-hangzhou"],
        "selectors": [{ "service_name": "Oss", "read_write_type": "All" }],
    });
    let storage = json!({ "storage_region": "cn-hangzhou" });
    vec![
        change::<Trail>(
            "trail.regions_narrowed",
            "trail_region",
            &trail,
            &json!({ "trail_region": "cn-beijing" }),
        ),
        change::<Trail>("trail.event_kinds_narrowed", "event_rw", &trail, &json!({ "event_rw": "Write" })),
        change::<Trail>(
            "trail.bucket_changed",
            "oss_bucket_name",
            &trail,
            &json!({ "oss_bucket_name": "other" }),
        ),
        change::<Trail>(
            "trail.project_changed",
            "sls_project_arn",
            &trail,
            &json!({ "sls_project_arn": null }),
        ),
        change::<Trail>(
            "trail.max_compute_changed",
            "max_compute_project_arn",
            &trail,
            &json!({ "max_compute_project_arn": null }),
        ),
        end::<Trail>("trail.deleted", &trail),
        change::<Trail>("trail.logging_stopped", "status", &trail, &json!({ "status": "Disable" })),
        change::<Selectors>(
            "data_events.selectors_narrowed",
            "selectors",
            &selectors,
            &json!({ "selectors": [{ "service_name": "Oss", "read_write_type": "Write" }] }),
        ),
        change::<Selectors>(
            "data_events.regions_narrowed",
            "region_ids",
            &some_regions,
            &json!({ "region_ids": ["cn-hangzhou"] }),
        ),
        change::<Selectors>(
            "data_events.regions_narrowed",
            "all_regions",
            &selectors,
            &json!({ "all_regions": null, "region_ids": ["cn-hangzhou"] }),
        ),
        end::<Selectors>("data_events.deleted", &selectors),
        change::<Storage>(
            "global_events.region_changed",
            "storage_region",
            &storage,
            &json!({ "storage_region": "ap-southeast-1" }),
        ),
    ]
}
