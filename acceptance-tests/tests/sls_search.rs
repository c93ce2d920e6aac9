//! `alitrail_sls_index` and `alitrail_sls_alert` through their whole life on a real Terraform.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test has nobody to hand an error to"
)]

use acceptance_tests::scenario::Scenario;
use acceptance_tests::{Cloud, Stage, full, others};
use serde_json::json;

const PROJECT: &str = "acceptance-search";
const STORE: &str = "investigations";

const AROUND: &str = r#"resource "alitrail_sls_project" "audit" {
  project_name = "acceptance-search"
}

resource "alitrail_sls_logstore" "cases" {
  project_name  = alitrail_sls_project.audit.project_name
  logstore_name = "investigations"
}
"#;

fn index_path(cloud: &Cloud) -> String {
    format!("{}/logstores/{STORE}/index", cloud.project(PROJECT))
}

fn index() -> Scenario {
    Scenario {
        resource: "alitrail_sls_index",
        around: AROUND.to_owned(),
        base: vec![
            ("project_name", "alitrail_sls_project.audit.project_name".to_owned()),
            ("logstore_name", "alitrail_sls_logstore.cases.logstore_name".to_owned()),
            ("field_search", "{ level = { type = \"text\" }, took = { type = \"long\" } }".to_owned()),
        ],
        changes: vec![
            ("full_text", "{}".to_owned()),
            ("full_text", "{ case_sensitive = true, token = \", ;\" }".to_owned()),
            (
                "field_search",
                "{ level = { type = \"text\", alias = \"lv\" }, event = { type = \"json\", json_keys = { \
                 \"userIdentity.type\" = { type = \"text\" } } } }"
                    .to_owned(),
            ),
            ("max_text_len", "4096".to_owned()),
            ("log_reduce", "true".to_owned()),
            ("exclusive", "true".to_owned()),
            ("exclusive", "false".to_owned()),
        ],
        node: index_path,
        drift: (json!({"keys": {"level": null}}), "field_search"),
        import_id: format!("{PROJECT}:{STORE}"),
        identity: vec![("project_name", PROJECT.to_owned()), ("logstore_name", STORE.to_owned())],
        before_recreate: |_| {},
    }
}

fn configuration(condition: &str, more: &str) -> String {
    format!(
        "{{\n    query_list = [{{ store = \"{STORE}\", query = \"* | select count(1) as cnt\", start = \"-15m\" }}]\n    \
         severity_configurations = [{{ severity = 8, eval_condition = {{ condition = \"{condition}\" }} }}]\n    {more}\n  }}"
    )
}

fn alert() -> Scenario {
    let text = |value: &str| format!("{value:?}");
    Scenario {
        resource: "alitrail_sls_alert",
        around: AROUND.to_owned(),
        base: vec![
            ("project_name", "alitrail_sls_project.audit.project_name".to_owned()),
            ("alert_name", text("root-login")),
            ("display_name", text("Root login")),
            ("schedule", "{ interval = \"15m\" }".to_owned()),
            ("configuration", configuration("cnt > 0", "")),
        ],
        changes: vec![
            ("display_name", text("Login of root")),
            ("description", text("somebody is root")),
            (
                "schedule",
                "{ type = \"Cron\", cron_expression = \"0/15 * * * *\", time_zone = \"+0000\" }".to_owned(),
            ),
            ("status", text("DISABLED")),
            ("status", text("ENABLED")),
            (
                "configuration",
                configuration(
                    "cnt > 9",
                    "labels = { env = \"prod\" }\n    annotations = { title = \"$${alert_name}\" }\n    tags = [\"cis\"]\n    \
                     template_configuration = { template_id = \"sls.one\", annotations = { title = \"x\" } }\n    \
                     policy_configuration = { action_policy_id = \"audit\" }",
                ),
            ),
            ("configuration", configuration("cnt > 9", "send_resolved = true")),
        ],
        node: |cloud| format!("{}/alerts/root-login", cloud.project(PROJECT)),
        drift: (json!({"status": "DISABLED"}), "status"),
        import_id: format!("{PROJECT}:root-login"),
        identity: vec![("project_name", PROJECT.to_owned()), ("alert_name", "root-login".to_owned())],
        before_recreate: |_| {},
    }
}

#[test]
fn an_alert_lives_through_everything() {
    alert().full(&full());
}

#[test]
fn an_index_lives_through_everything() {
    index().full(&full());
}

#[test]
fn both_live_on_the_other_versions() {
    for terraform in others() {
        index().short(&terraform);
        alert().short(&terraform);
    }
}

/// The index that ActionTrail makes is added to, and neither narrowed nor taken away; unless it is to be exclusive.
#[test]
fn the_index_of_a_trail_is_taken_over() {
    let stage = Stage::new(&full());
    let configuration = |more: &str| {
        format!(
            r#"
resource "alitrail_sls_project" "events" {{
  project_name = "acceptance-search"
}}

resource "alitrail_trail" "audit" {{
  trail_name      = "acceptance-search"
  sls_project_arn = alitrail_sls_project.events.arn
}}

resource "alitrail_sls_index" "events" {{
  project_name  = alitrail_sls_project.events.project_name
  logstore_name = "actiontrail_${{alitrail_trail.audit.trail_name}}"
  field_search  = {{ owner = {{ type = "text" }} }}
  {more}
}}
"#
        )
    };
    stage.configure(&configuration(""));
    stage.apply();
    stage.assert_empty("after it was taken over");
    let path = format!("{}/logstores/actiontrail_acceptance-search/index", stage.cloud.project(PROJECT));
    let index = stage.cloud.get(&path).unwrap();
    let names: Vec<&String> = index["keys"].as_object().unwrap().keys().collect();
    assert!(["event", "owner"].iter().all(|name| names.iter().any(|known| known == name)), "{names:?}");
    assert!(index["line"].is_object() && index["max_text_len"] == 16384, "{index}");

    stage.configure(&configuration("exclusive = true"));
    let said = stage.apply().combined();
    assert!(said.contains("no longer covers the whole text") && said.contains("\"event\""), "{said}");
    stage.assert_empty("after it became exclusive");
    let index = stage.cloud.get(&path).unwrap();
    assert_eq!(index["keys"].as_object().unwrap().keys().collect::<Vec<_>>(), ["owner"], "{index}");

    stage
        .workspace
        .succeed(&["destroy", "-no-color", "-auto-approve", "-target=alitrail_sls_index.events"])
        .unwrap();
    assert!(stage.cloud.get(&path).unwrap().is_object(), "an index that was taken over is left");
    stage.destroy();
    assert!(stage.cloud.remains().is_empty(), "{:?}", stage.cloud.remains());
}
