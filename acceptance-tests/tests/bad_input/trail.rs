//! The trail.

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
    Case::plan(
        "trail: another account",
        "resource \"alitrail_trail\" \"this\" {\n  trail_name = \"audit-trail\"\n  oss_bucket_name = \
         \"existing-archive\"\n  account_id = \"1000000000009999\"\n}",
    ),
];
