//! Projects, logstores and what is in them.

use super::Case;

pub(super) const CASES: &[Case] = &[
    Case::plan(
        "project: name too short",
        "resource \"alitrail_sls_project\" \"this\" {\n  project_name = \"ab\"\n}",
    ),
    Case::plan(
        "logstore: kept for no time",
        "resource \"alitrail_sls_logstore\" \"this\" {\n  project_name = \"events\"\n  logstore_name = \"audit\"\n  \
         retention_period = 0\n}",
    ),
    Case::plan(
        "logstore: hot for longer than kept",
        "resource \"alitrail_sls_logstore\" \"this\" {\n  project_name = \"events\"\n  logstore_name = \"audit\"\n  \
         retention_period = 60\n  hot_ttl = 90\n}",
    ),
    Case::plan(
        "logstore: infrequent-access storage without hot storage",
        "resource \"alitrail_sls_logstore\" \"this\" {\n  project_name = \"events\"\n  logstore_name = \"audit\"\n  \
         infrequent_access_ttl = 30\n}",
    ),
    Case::plan(
        "logstore: tiers longer than the retention",
        "resource \"alitrail_sls_logstore\" \"this\" {\n  project_name = \"events\"\n  logstore_name = \"audit\"\n  \
         retention_period = 100\n  hot_ttl = 60\n  infrequent_access_ttl = 60\n}",
    ),
    Case::plan(
        "logstore: too few days for archive storage",
        "resource \"alitrail_sls_logstore\" \"this\" {\n  project_name = \"events\"\n  logstore_name = \"audit\"\n  \
         retention_period = 180\n  hot_ttl = 100\n  infrequent_access_ttl = 40\n}",
    ),
    Case::apply(
        "logstore: project does not exist",
        "resource \"alitrail_sls_logstore\" \"this\" {\n  project_name = \"no-such-project\"\n  logstore_name = \
         \"audit\"\n}",
    ),
    Case::plan(
        "import: an id without the logstore",
        "import {\n  to = alitrail_sls_logstore.this\n  id = \"events@cn-hangzhou\"\n}\n\nresource \"alitrail_sls_logstore\" \
         \"this\" {\n  project_name = \"events\"\n  logstore_name = \"audit\"\n}",
    ),
];
