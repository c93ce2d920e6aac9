//! `alitrail_sls_project` and `alitrail_sls_logstore` through their whole life on a real Terraform.

use acceptance_tests::scenario::Scenario;
use acceptance_tests::{Cloud, Stage, full, others};
use serde_json::json;

const PROJECT: &str = "acceptance-events";
const STORE: &str = "investigations";

fn text(value: &str) -> String {
    format!("{value:?}")
}

fn project() -> Scenario {
    Scenario {
        resource: "alitrail_sls_project",
        around: String::new(),
        base: vec![("project_name", text(PROJECT)), ("description", text("events of a test"))],
        changes: vec![
            ("description", text("changed")),
            ("tags", "{ owner = \"security\" }".to_owned()),
            ("tags", "{ owner = \"audit\", stage = \"test\" }".to_owned()),
            ("deletion_protection", "true".to_owned()),
            ("deletion_protection", "false".to_owned()),
        ],
        node: |cloud| cloud.project(PROJECT),
        drift: (json!({"description": "somebody was here"}), "description"),
        import_id: PROJECT.to_owned(),
        identity: vec![("project_name", PROJECT.to_owned())],
        before_recreate: |_| {},
    }
}

fn store_path(cloud: &Cloud, store: &str) -> String {
    format!("{}/logstores/{store}", cloud.project(PROJECT))
}

fn around() -> String {
    format!("resource \"alitrail_sls_project\" \"audit\" {{\n  project_name = {PROJECT:?}\n}}\n")
}

fn logstore() -> Scenario {
    Scenario {
        resource: "alitrail_sls_logstore",
        around: around(),
        base: vec![
            ("project_name", "alitrail_sls_project.audit.project_name".to_owned()),
            ("logstore_name", text(STORE)),
            ("retention_period", "365".to_owned()),
        ],
        changes: vec![
            ("retention_period", "400".to_owned()),
            ("hot_ttl", "60".to_owned()),
            ("max_split_shard_count", "32".to_owned()),
            ("append_meta", "false".to_owned()),
            ("enable_web_tracking", "true".to_owned()),
            ("enable_web_tracking", "false".to_owned()),
            ("deletion_protection", "true".to_owned()),
            ("deletion_protection", "false".to_owned()),
        ],
        node: |cloud| store_path(cloud, STORE),
        drift: (json!({"ttl": 30}), "retention_period"),
        import_id: format!("{PROJECT}:{STORE}"),
        identity: vec![("project_name", PROJECT.to_owned()), ("logstore_name", STORE.to_owned())],
        before_recreate: |_| {},
    }
}

#[test]
fn a_project_lives_through_everything() {
    project().full(&full());
}

#[test]
fn a_logstore_lives_through_everything() {
    logstore().full(&full());
}

#[test]
fn both_live_on_the_other_versions() {
    for terraform in others() {
        project().short(&terraform);
        logstore().short(&terraform);
    }
}

/// A trail's own logstore, taken over.
fn adopted(retention: u32, extra: &str) -> String {
    format!(
        r#"{}
resource "alitrail_trail" "this" {{
  trail_name      = "acceptance-trail"
  sls_project_arn = alitrail_sls_project.audit.arn
}}

resource "alitrail_sls_logstore" "events" {{
  project_name     = alitrail_sls_project.audit.project_name
  logstore_name    = "actiontrail_${{alitrail_trail.this.trail_name}}"
  retention_period = {retention}
  adopt_existing   = true
  {extra}
}}
"#,
        around()
    )
}

#[test]
fn the_logstore_of_a_trail_is_taken_over_and_only_forgotten_by_destroy() {
    let stage = Stage::new(&full());
    stage.configure(&adopted(3650, ""));
    stage.apply();
    stage.assert_empty("after adopting");
    let path = store_path(&stage.cloud, "actiontrail_acceptance-trail");
    assert_eq!(stage.cloud.get(&path).unwrap()["ttl"], 3650);
    stage.workspace.destroy(&["-target=alitrail_sls_logstore.events"]).unwrap();
    stage.cloud.get(&path).expect("the store is still there");
}

#[test]
fn shortening_what_is_kept_warns() {
    let stage = Stage::new(&full());
    stage.configure(&adopted(3650, ""));
    stage.apply();
    stage.configure(&adopted(400, ""));
    let output = stage.workspace.run(&["plan", "-no-color"]).unwrap();
    assert!(output.success(), "{}", output.combined());
    let said = output.combined();
    assert!(said.contains("Warning:") && said.contains("retention_period"), "{said}");
    stage.apply();
    stage.assert_empty("after shortening");
}

#[test]
fn an_adopted_logstore_is_deleted_when_that_is_asked_for() {
    let stage = Stage::new(&full());
    stage.configure(&adopted(3650, "force_destroy = true"));
    stage.apply();
    let path = store_path(&stage.cloud, "actiontrail_acceptance-trail");
    stage.workspace.destroy(&["-target=alitrail_sls_logstore.events"]).unwrap();
    assert!(stage.cloud.find(&path).unwrap().is_none());
}
