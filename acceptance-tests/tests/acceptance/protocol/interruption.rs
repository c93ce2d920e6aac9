//! Ctrl-C, a kill and a lost answer in the middle of an apply: nothing is lost, nothing is made twice, and the next apply
//! completes what was begun.

use std::time::{Duration, Instant};

use acceptance_tests::{Fixture, full, oldest};
use serde_json::json;
use test_kit::terraform::Terraform;

const BUCKET: &str = "resource \"alitrail_oss_bucket\" \"archive\" {\n  bucket = \"interrupted-archive\"\n  force_destroy = true\n}\n";

const TRAIL: &str = r#"
resource "alitrail_trail" "this" {
  trail_name      = "interrupted-trail"
  oss_bucket_name = alitrail_oss_bucket.archive.bucket
}
"#;

const ADDRESS: &str = "alitrail_trail.this";

/// A stage with the bucket, ready for the trail.
fn fixture(terraform: &Terraform) -> Fixture {
    let fixture = Fixture::new(terraform);
    fixture.configure(BUCKET);
    fixture.apply();
    fixture.configure(&format!("{BUCKET}{TRAIL}"));
    fixture
}

/// Answers of an action come so late that the test can do something in the meantime.
fn slow(fixture: &Fixture, action: &str) {
    fixture.cloud.set_faults(&json!([{"kind": "slow", "action": action, "milliseconds": 4000, "times": 1}]));
}

fn wait_for(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !holds() {
        assert!(Instant::now() < deadline, "{what} did not happen within 60 s");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn trail_exists(fixture: &Fixture) -> bool {
    fixture.cloud.find(&fixture.cloud.trail("interrupted-trail")).unwrap().is_some()
}

fn creations(fixture: &Fixture) -> usize {
    let requests = fixture.cloud.requests_since(0);
    requests.iter().filter(|request| request.action == "CreateTrail" && request.accepted).count()
}

fn ctrl_c(terraform: &Terraform) {
    let fixture = fixture(terraform);
    slow(&fixture, "StartLogging");
    let apply = fixture.workspace.start(&["apply", "-no-color", "-input=false", "-auto-approve"]).unwrap();
    wait_for("CreateTrail", || trail_exists(&fixture));
    apply.interrupt();
    let output = apply.wait(Duration::from_secs(90), None).unwrap();
    assert!(!output.success(), "an interrupted apply fails:\n{}", output.combined());
    let state = fixture.workspace.state().unwrap();
    assert!(state.contains_key(ADDRESS), "the trail is in the state:\n{}", output.combined());

    fixture.cloud.set_faults(&json!([]));
    let plan = fixture.plan(&[]);
    let change = plan.change(ADDRESS);
    let kept =
        change.is_none_or(|change| change.actions == ["update"] || change.actions == ["delete", "create"]);
    assert!(kept, "{}", plan.summary());
    fixture.apply();
    fixture.assert_empty("after the apply that completes");
    assert_eq!(creations(&fixture), 1, "the trail was made once");
    assert_eq!(fixture.cloud.get(&fixture.cloud.trail("interrupted-trail")).unwrap()["Status"], "Enable");
}

#[test]
fn ctrl_c_during_a_create_keeps_what_was_made() {
    ctrl_c(&full());
}

#[test]
fn ctrl_c_during_a_create_keeps_what_was_made_on_the_oldest() {
    ctrl_c(&oldest());
}

/// After a kill the state knows nothing of the trail: the next apply says so with an import block, and with it only what
/// was interrupted is planned.
fn recovers_by_import(fixture: &Fixture) {
    let refused = fixture.fail(&["apply", "-no-color", "-input=false", "-auto-approve"]);
    assert!(refused.contains("import {") && refused.contains("interrupted-trail"), "{refused}");
    fixture.write("import.tf", &format!("import {{\n  to = {ADDRESS}\n  id = \"interrupted-trail\"\n}}\n"));
    let plan = fixture.plan(&[]);
    assert_eq!(plan.changes.len(), 1, "{}", plan.summary());
    let change = &plan.changes[0];
    assert!(change.importing, "{}", plan.summary());
    let planned: Vec<String> = change.attributes().into_iter().map(|attribute| attribute.path).collect();
    assert!(planned.iter().all(|path| path == "status"), "only what was interrupted is planned: {planned:?}");
    fixture.workspace.apply_plan().unwrap_or_else(|error| panic!("{error}"));
    fixture.remove("import.tf");
    fixture.assert_empty("after the import");
    assert_eq!(creations(fixture), 1, "the trail was made once");
    assert_eq!(fixture.cloud.get(&fixture.cloud.trail("interrupted-trail")).unwrap()["Status"], "Enable");
}

/// Kills Terraform and its providers while an action's answer is on its way.
fn killed_during(action: &str) {
    let fixture = fixture(&full());
    slow(&fixture, action);
    let apply = fixture.workspace.start(&["apply", "-no-color", "-input=false", "-auto-approve"]).unwrap();
    wait_for("CreateTrail", || trail_exists(&fixture));
    apply.kill();
    drop(apply.wait(Duration::from_secs(30), None));
    fixture.cloud.set_faults(&json!([]));
    fixture.remove(".terraform.tfstate.lock.info");
    recovers_by_import(&fixture);
}

#[test]
fn a_kill_while_the_trail_is_made_is_recovered_by_import() {
    killed_during("CreateTrail");
}

#[test]
fn a_kill_before_logging_starts_is_recovered_by_import() {
    killed_during("StartLogging");
}

#[test]
fn a_provider_whose_terraform_was_killed_ends_what_it_began() {
    let fixture = fixture(&full());
    slow(&fixture, "CreateTrail");
    let mut apply =
        fixture.workspace.start(&["apply", "-no-color", "-input=false", "-auto-approve"]).unwrap();
    wait_for("CreateTrail", || trail_exists(&fixture));
    apply.kill_alone();
    let trail = fixture.cloud.trail("interrupted-trail");
    wait_for("the provider starts logging", || fixture.cloud.get(&trail).unwrap()["Status"] == "Enable");
    drop(apply);
    fixture.cloud.set_faults(&json!([]));
    fixture.remove(".terraform.tfstate.lock.info");
    recovers_by_import(&fixture);
}

#[test]
fn a_kill_before_anything_was_made_leaves_nothing_to_recover() {
    let fixture = fixture(&full());
    fixture.cloud.set_faults(&json!([{"kind": "slow", "action": "GetCallerIdentity", "milliseconds": 4000}]));
    let mark = fixture.cloud.mark();
    let apply = fixture.workspace.start(&["apply", "-no-color", "-input=false", "-auto-approve"]).unwrap();
    fixture.cloud.wait_for_requests(mark, &["GetCallerIdentity"]);
    apply.kill();
    drop(apply.wait(Duration::from_secs(30), None));
    assert!(!trail_exists(&fixture));
    fixture.cloud.set_faults(&json!([]));
    fixture.remove(".terraform.tfstate.lock.info");
    fixture.apply();
    fixture.assert_empty("after the second apply");
}

/// The cloud does what it was asked, but the answer never arrives.
fn survives_a_lost_answer(configuration: &str, actions: &[&str]) {
    for action in actions {
        let fixture = Fixture::new(&full());
        fixture.configure(configuration);
        fixture.cloud.set_faults(&json!([{"kind": "lost_answer", "action": action, "times": 1}]));
        fixture.apply();
        let injected = fixture
            .cloud
            .requests_since(0)
            .iter()
            .filter(|request| request.lost && request.action == *action)
            .count();
        assert_eq!(injected, 1, "{action} was sent and its answer was lost");
        fixture.assert_empty(&format!("after a lost answer of {action}"));
        fixture.cloud.set_faults(&json!([]));
        fixture.destroy();
        assert!(fixture.cloud.remains().is_empty(), "{action}: {:?}", fixture.cloud.remains());
    }
}

#[test]
fn a_lost_answer_while_a_trail_is_made_changes_nothing() {
    survives_a_lost_answer(&format!("{BUCKET}{TRAIL}"), &["CreateTrail", "StartLogging", "PutBucket"]);
}

#[test]
fn a_lost_answer_while_a_logstore_is_made_changes_nothing() {
    let configuration = r#"
resource "alitrail_sls_project" "audit" {
  project_name = "interrupted-events"
}

resource "alitrail_sls_logstore" "this" {
  project_name  = alitrail_sls_project.audit.project_name
  logstore_name = "investigations"
}
"#;
    survives_a_lost_answer(configuration, &["CreateProject", "CreateLogStore"]);
}

#[test]
fn throttling_and_server_errors_are_waited_out() {
    let fixture = Fixture::new(&full());
    fixture.configure(&format!("{BUCKET}{TRAIL}"));
    fixture.cloud.set_faults(&json!([
        {"kind": "throttle", "service": "actiontrail", "times": 2},
        {"kind": "server_error", "service": "oss", "action": "GetBucketInfo", "times": 1},
    ]));
    fixture.apply();
    fixture.assert_empty("after faults");
}
