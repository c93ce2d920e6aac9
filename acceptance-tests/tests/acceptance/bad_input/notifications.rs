//! Users, groups, action policies and dashboards, and lists of what a project holds.

use super::Case;

const USER: &str = r#"
resource "alitrail_sls_user" "this" {
  user_id      = "1alex"
  user_name    = "Alex <alex>"
  email        = ["alex at example.com"]
  phone        = "+86 138 0000"
  country_code = "+86"
}
resource "alitrail_sls_user" "nobody" {
  user_id       = "sls.builtin"
  user_name     = "Nobody"
  voice_enabled = true
}
resource "alitrail_sls_user" "abroad" {
  user_id       = "abroad"
  user_name     = "Abroad"
  phone         = "5550100"
  country_code  = "1"
  voice_enabled = true
}
"#;

const GROUP: &str = r#"
resource "alitrail_sls_user_group" "this" {
  user_group_id   = "security team"
  user_group_name = ""
  members         = []
}
"#;

const POLICY: &str = r#"
resource "alitrail_sls_action_policy" "silent" {
  action_policy_id         = "silent"
  action_policy_name       = "Silent"
  primary_policy_script    = "stop()"
  escalation_start_enabled = true
  escalation_timeout       = "soon"
}
resource "alitrail_sls_action_policy" "nobody" {
  action_policy_id      = "nobody"
  action_policy_name    = "Nobody"
  primary_policy_script = <<-EOT
    if alert.severity >= 8:
        fire(type="email", users=[], template_id="sls.builtin.en", period="any")
  EOT
}
resource "alitrail_sls_action_policy" "open" {
  action_policy_id      = "open"
  action_policy_name    = "Open"
  primary_policy_script = "fire(type=\"email\", users=[\"alex\"]"
}
"#;

const DASHBOARD: &str = r#"
resource "alitrail_sls_dashboard" "text" {
  project_name   = "events"
  dashboard_name = "over view"
  detail         = "charts: []"
}
resource "alitrail_sls_dashboard" "twice" {
  project_name   = "events"
  dashboard_name = "overview"
  display_name   = ""
  detail         = jsonencode({ charts = [{ title = "a" }, { title = "a" }] })
}
resource "alitrail_sls_dashboard" "named" {
  project_name   = "events"
  dashboard_name = "overview-2"
  detail         = jsonencode({ displayName = "D", charts = [] })
}
"#;

pub(super) const CASES: &[Case] = &[
    Case::plan("users: nothing about them is right", USER),
    Case::plan("group: empty and without a name", GROUP),
    Case::plan("action policies: notify nobody, or cannot be read", POLICY),
    Case::plan("dashboards: not JSON, a title twice, a name inside", DASHBOARD),
    Case::plan(
        "lists: parts that no name contains",
        "data \"alitrail_sls_projects\" \"this\" {\n  name_contains = \"Audit*\"\n}\ndata \"alitrail_sls_logstores\" \
         \"this\" {\n  project_name  = \"Events\"\n  name_contains = \"\"\n}",
    ),
    Case::apply(
        "user: a region that keeps no contacts",
        "resource \"alitrail_sls_user\" \"this\" {\n  user_id = \"alex\"\n  user_name = \"Alex\"\n  email = \
         [\"alex@example.com\"]\n  region = \"cn-beijing\"\n}",
    ),
    Case::apply(
        "dashboard: project does not exist",
        "resource \"alitrail_sls_dashboard\" \"this\" {\n  project_name = \"no-such-project\"\n  dashboard_name = \
         \"overview\"\n  detail = jsonencode({ charts = [] })\n}",
    ),
];
