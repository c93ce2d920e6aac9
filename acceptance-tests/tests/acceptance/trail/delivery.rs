//! Trails that are proven to log: nothing counts as done before the service says so, and an enabled trail that delivers
//! nothing is told at every refresh.

use acceptance_tests::{Fixture, full};
use serde_json::json;

const NAME: &str = "proven-trail";

const AROUND: &str = r#"
resource "alitrail_oss_bucket" "archive" {
  bucket        = "proven-trail-archive"
  force_destroy = true
}

resource "alitrail_sls_project" "events" {
  project_name = "proven-trail-events"
}
"#;

const TRAIL: &str = r#"
resource "alitrail_trail" "this" {
  trail_name      = "proven-trail"
  oss_bucket_name = "proven-trail-archive"
  sls_project_arn = alitrail_sls_project.events.arn
}
"#;

/// What the refresh of a plan that changes nothing says.
fn said(fixture: &Fixture) -> String {
    let output =
        fixture.workspace.run(&["plan", "-no-color", "-detailed-exitcode", "-target=alitrail_trail.this"]);
    let output = output.unwrap();
    assert_eq!(output.code(), Some(0), "a broken delivery is no change:\n{}", output.combined());
    output.combined().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_trail_is_created_when_its_status_says_that_it_logs() {
    let fixture = Fixture::new(&full());
    fixture.configure(AROUND);
    fixture.apply();
    fixture.configure(&format!("{AROUND}{TRAIL}"));
    // The service accepts the start, and its status does not show it for a while.
    fixture
        .cloud
        .set_faults(&json!([{"kind": "delay_visibility", "action": "StartLogging", "milliseconds": 1500}]));
    let mark = fixture.cloud.mark();
    fixture.apply();
    let requests = fixture.cloud.requests_since(mark);
    let asked = requests.iter().filter(|request| request.action == "GetTrailStatus").count();
    assert!(asked > 1, "it was asked again until it logged: {requests:?}");
    fixture.assert_empty("after create");

    // When it never does, the apply fails, and the state knows of the trail.
    fixture.configure(
        &format!("{AROUND}{TRAIL}").replace("sls_project_arn", "status = \"Disable\"\n  sls_project_arn"),
    );
    fixture.apply();
    fixture.cloud.set_faults(
        &json!([{"kind": "delay_visibility", "action": "StartLogging", "milliseconds": 600_000}]),
    );
    fixture.configure(&format!("{AROUND}{TRAIL}\n").replace(
        "sls_project_arn = alitrail",
        "timeouts {\n    update = \"2s\"\n  }\n  sls_project_arn = alitrail",
    ));
    let refused = fixture.fail(&["apply", "-no-color", "-auto-approve"]);
    assert!(refused.contains("s for trail \"proven-trail\" to log"), "{refused}");
    assert_eq!(fixture.workspace.state().unwrap()["alitrail_trail.this"]["status"], "Disable");
}

#[test]
fn a_trail_that_cannot_deliver_is_told_at_every_refresh() {
    let fixture = Fixture::new(&full());
    fixture.configure(
        &format!("{AROUND}{TRAIL}")
            .replace("\"proven-trail-archive\"\n  sls", "alitrail_oss_bucket.archive.bucket\n  sls"),
    );
    fixture.apply();
    fixture.configure(&format!("{AROUND}{TRAIL}"));
    assert!(!said(&fixture).contains("cannot deliver"));

    let role = json!({"role_id": "300000000000000001", "create_date": "2026-01-01T00:00:00Z", "policies": [],
        "assume_role_policy_document": json!({"Version": "1", "Statement": [{"Action": "sts:AssumeRole",
            "Effect": "Allow", "Principal": {"Service": ["actiontrail.aliyuncs.com"]}}]}).to_string()});
    let roles = format!("accounts/{}/ram/roles/archive-writer", fixture.cloud.account_id);
    let trail = fixture.cloud.trail(NAME);
    let before = fixture.cloud.get(&trail).unwrap();
    fixture.cloud.put(&roles, &role).unwrap();
    let denied = format!("acs:ram::{}:role/archive-writer", fixture.cloud.account_id);
    fixture.cloud.patch(&trail, &json!({"OssWriteRoleArn": denied})).unwrap();
    fixture.configure(
        &format!("{AROUND}{TRAIL}")
            .replace("  sls_project", &format!("  oss_write_role_arn = {denied:?}\n  sls_project")),
    );
    let told = said(&fixture);
    assert!(told.contains("cannot deliver to bucket \"proven-trail-archive\""), "{told}");
    assert!(
        told.contains("not allowed to write to the OSS bucket") && told.contains("archive-writer"),
        "{told}"
    );

    fixture.cloud.put(&trail, &before).unwrap();
    fixture.configure(&format!("{AROUND}{TRAIL}"));
    fixture.cloud.delete(&fixture.cloud.bucket("proven-trail-archive")).unwrap();
    let project = fixture.cloud.project("proven-trail-events");
    fixture.cloud.delete(&format!("{project}/logstores/actiontrail_{NAME}")).unwrap();
    let told = said(&fixture);
    for part in [
        "The specified OSS Bucket does not exist",
        "cannot deliver to SLS project",
        "The specified SLS logstore does not exist",
        "still has the logstore actiontrail_proven-trail",
    ] {
        assert!(told.contains(part), "{part}:\n{told}");
    }

    // Without the permission to look, a refresh is a refresh.
    let fault = json!([{"kind": "server_error", "action": "GetTrailStatus", "status": 403, "code": "NoPermission", "message": "no"}]);
    fixture.cloud.set_faults(&fault);
    assert!(!said(&fixture).contains("cannot deliver"));
}
