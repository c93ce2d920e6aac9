//! The trail and what belongs to it.

use super::{Case, TRAIL};

pub(super) const CASES: &[Case] = &[
    Case::plan(
        "trail: name too short",
        "resource \"alitrail_trail\" \"this\" {\n  trail_name = \"audit\"\n  oss_bucket_name = \"existing-archive\"\n}",
    ),
    Case::plan(
        "trail: no destination",
        "resource \"alitrail_trail\" \"this\" {\n  trail_name = \"audit-trail\"\n}",
    ),
    Case::plan(
        "trail: prefix too short",
        "resource \"alitrail_trail\" \"this\" {\n  trail_name = \"audit-trail\"\n  oss_bucket_name = \
         \"existing-archive\"\n  oss_key_prefix = \"ab\"\n}",
    ),
    Case::plan(
        "trail: project given by name",
        "resource \"alitrail_trail\" \"this\" {\n  trail_name = \"audit-trail\"\n  sls_project_arn = \"events\"\n}",
    ),
    Case::plan(
        "trail: role given by name",
        "resource \"alitrail_trail\" \"this\" {\n  trail_name = \"audit-trail\"\n  oss_bucket_name = \
         \"existing-archive\"\n  oss_write_role_arn = \"writer\"\n}",
    ),
    Case::plan(
        "trail: unknown kind of events",
        "resource \"alitrail_trail\" \"this\" {\n  trail_name = \"audit-trail\"\n  oss_bucket_name = \
         \"existing-archive\"\n  event_rw = \"Reads\"\n}",
    ),
    Case::plan(
        "trail: not a region",
        "resource \"alitrail_trail\" \"this\" {\n  trail_name = \"audit-trail\"\n  oss_bucket_name = \
         \"existing-archive\"\n  region = \"hangzhou\"\n}",
    ),
    Case::apply("trail: bucket does not exist", TRAIL),
    Case::apply(
        "trail: another account",
        "resource \"alitrail_trail\" \"this\" {\n  trail_name = \"audit-trail\"\n  oss_bucket_name = \
         \"existing-archive\"\n  account_id = \"1000000000009999\"\n}",
    ),
    Case::plan(
        "trail: project of the wrong service",
        "resource \"alitrail_trail\" \"this\" {\n  trail_name = \"audit-trail\"\n  sls_project_arn = \
         \"acs:oss:cn-hangzhou:1000000000009999:project/events\"\n}",
    ),
    Case::plan(
        "trail: project of another account without a role there",
        "resource \"alitrail_trail\" \"this\" {\n  trail_name = \"audit-trail\"\n  sls_project_arn = \
         \"acs:log:cn-hangzhou:1000000000009999:project/events\"\n}",
    ),
    Case::plan(
        "trail: role in another account than the project",
        "resource \"alitrail_trail\" \"this\" {\n  trail_name = \"audit-trail\"\n  sls_project_arn = \
         \"acs:log:cn-hangzhou:1000000000009999:project/events\"\n  sls_write_role_arn = \
         \"acs:ram::1000000000008888:role/writer\"\n}",
    ),
    Case::plan(
        "trail: MaxCompute project of another name",
        "resource \"alitrail_trail\" \"this\" {\n  trail_name = \"audit-trail\"\n  max_compute_project_arn = \
         \"acs:odps:cn-hangzhou:1000000000009999:project/events\"\n}",
    ),
    Case::plan(
        "selectors: none",
        "resource \"alitrail_data_event_selector\" \"this\" {\n  trail_name = \"audit-trail\"\n  selectors = []\n}",
    ),
    Case::plan(
        "selectors: every region and one",
        "resource \"alitrail_data_event_selector\" \"this\" {\n  trail_name = \"audit-trail\"\n  selectors = [{ \
         service_name = \"Oss\" }]\n  all_regions = true\n  region_ids = [\"cn-hangzhou\"]\n}",
    ),
    Case::apply(
        "selectors: trail does not exist",
        "resource \"alitrail_data_event_selector\" \"this\" {\n  trail_name = \"audit-trail\"\n  selectors = [{ \
         service_name = \"Oss\" }]\n}",
    ),
    Case::plan(
        "global events: region that stores none",
        "resource \"alitrail_global_events_storage_region\" \"this\" {\n  storage_region = \"cn-beijing\"\n}",
    ),
    Case::apply(
        "history: trail does not exist",
        "resource \"alitrail_history_delivery_job\" \"this\" {\n  trail_name = \"audit-trail\"\n}",
    ),
    Case::plan(
        "events: unknown key",
        "data \"alitrail_events\" \"this\" {\n  lookup_attributes = { eventName = \"StopLogging\" }\n}",
    ),
    Case::plan(
        "events: half a time",
        "data \"alitrail_events\" \"this\" {\n  start_time = \"2026-03-01T00:00:00Z\"\n}",
    ),
    Case::plan(
        "trail: project's ARN with a blank",
        "resource \"alitrail_trail\" \"this\" {\n  trail_name = \"audit-trail\"\n  sls_project_arn = \"acs:log:cn-hangzhou:1000000000009999:project/events \"\n}",
    ),
    Case::plan(
        "trail: role's ARN in capitals and with a slash",
        "resource \"alitrail_trail\" \"this\" {\n  trail_name = \"audit-trail\"\n  oss_bucket_name = \"existing-archive\"\n  oss_write_role_arn = \"ACS:RAM::1000000000009999:role/writer/\"\n}",
    ),
    Case::plan(
        "data events: misspelt service",
        "resource \"alitrail_data_event_selector\" \"this\" {\n  trail_name = \"audit-trail\"\n  selectors = [{ service_name = \"oss\" }]\n}",
    ),
    Case::plan(
        "import: an id of another form",
        "import {\n  to = alitrail_trail.this\n  id = \"acs:actiontrail:cn-hangzhou:1:trail/audit-trail\"\n}\n\nresource \
         \"alitrail_trail\" \"this\" {\n  trail_name = \"audit-trail\"\n  oss_bucket_name = \"existing-archive\"\n}",
    ),
];
