//! Indexes and alerts.

use super::Case;

pub(super) const CASES: &[Case] = &[
    Case::plan(
        "index: of nothing",
        "resource \"alitrail_sls_index\" \"this\" {\n  project_name = \"events\"\n  logstore_name = \"audit\"\n}",
    ),
    Case::plan(
        "index: separators in two ways",
        "resource \"alitrail_sls_index\" \"this\" {\n  project_name = \"events\"\n  logstore_name = \"audit\"\n  full_text = { \
         token = \", a\", tokens = [\"tt\"] }\n}",
    ),
    Case::plan(
        "index: the same alias twice",
        "resource \"alitrail_sls_index\" \"this\" {\n  project_name = \"events\"\n  logstore_name = \"audit\"\n  field_search \
         = {\n    a = { type = \"text\", alias = \"x\" }\n    b = { type = \"text\", alias = \"x\" }\n  }\n}",
    ),
    Case::plan(
        "alert: schedule, conditions and severities that cannot be",
        "resource \"alitrail_sls_alert\" \"this\" {\n  project_name = \"events\"\n  alert_name = \"root login\"\n  display_name \
         = \"Root login\"\n  schedule = { type = \"Cron\", cron_expression = \"61 * * * *\", time_zone = \"UTC\" }\n  \
         configuration = {\n    query_list = [{ store = \"audit\", query = \"* | select count(1\", start = \"-3d\" }]\n    \
         severity_configurations = [{ severity = 7, eval_condition = { condition = \"cnt = 0\" } }]\n    threshold = -1\n  }\n}",
    ),
    Case::plan(
        "alert: an interval is missing, and what it looks for",
        "resource \"alitrail_sls_alert\" \"this\" {\n  project_name = \"events\"\n  alert_name = \"root-login\"\n  display_name \
         = \"Root login\"\n  schedule = {}\n  configuration = {\n    query_list = [\n      { store = \"a\", query = \"x\", start = \
         \"-15m\" },\n      { store = \"b\" },\n    ]\n    severity_configurations = [{ severity = 8 \
         }]\n    group_configuration = { type = \"custom\" }\n  }\n}",
    ),
];
