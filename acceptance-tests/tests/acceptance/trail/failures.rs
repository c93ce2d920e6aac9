//! Creations that the service refuses or leaves unanswered: what the service says is explained, and whatever was made is in
//! the state.

use acceptance_tests::{Fixture, REGION, full};
use serde_json::{Value, json};

const AROUND: &str = r#"
resource "alitrail_oss_bucket" "used" {
  bucket = "failing-trail-used"
}

resource "alitrail_sls_project" "events" {
  project_name = "failing-trail-events"
}

resource "alitrail_trail" "first" {
  trail_name      = "failing-first"
  oss_bucket_name = alitrail_oss_bucket.used.bucket
}

resource "alitrail_trail" "wide" {
  trail_name            = "failing-wide"
  sls_project_arn       = alitrail_sls_project.events.arn
  is_organization_trail = true
}

resource "alitrail_trail" "more" {
  count           = 2
  trail_name      = "failing-more-${count.index}"
  sls_project_arn = alitrail_sls_project.events.arn
}
"#;

fn trail(lines: &str) -> String {
    format!(
        "{AROUND}\nresource \"alitrail_trail\" \"this\" {{\n  trail_name = \"failing-trail\"\n  {lines}\n  timeouts {{\n    \
         create = \"3s\"\n  }}\n}}\n"
    )
}

/// The trails in the cloud and in the state are the same ones.
fn recorded(fixture: &Fixture) -> usize {
    let trails = fixture.cloud.get(&format!("{}/actiontrail/trails", fixture.cloud.region(REGION))).unwrap();
    let mut made: Vec<String> = trails.as_object().unwrap().keys().cloned().collect();
    let state = fixture.workspace.state().unwrap();
    let known = state.iter().filter(|(address, _)| address.starts_with("alitrail_trail."));
    let mut known: Vec<String> =
        known.map(|(_, trail)| trail["trail_name"].as_str().unwrap().to_owned()).collect();
    made.sort();
    known.sort();
    assert_eq!(made, known, "nothing is made and not recorded");
    made.len()
}

#[test]
fn refusals_are_explained_and_leave_nothing_unrecorded() {
    let fixture = Fixture::new(&full());
    fixture.configure(AROUND);
    fixture.apply();
    let foreign = "acs:ram::1000000000009999:role/writer";
    let own = format!("acs:ram::{}:role/no-such-role", fixture.cloud.account_id);
    let cases: [(&str, &str, &str); 5] = [
        (
            "oss_bucket_name = alitrail_oss_bucket.used.bucket",
            "RepeatOssBucket",
            "Give each trail a bucket of its own",
        ),
        (
            "oss_bucket_name = \"failing-no-bucket\"",
            "BucketDoesNotExistException",
            "create it before the trail",
        ),
        (
            "sls_project_arn = alitrail_sls_project.events.arn\n  is_organization_trail = true",
            "MaximumNumberOfOrganizationTrailExceeded",
            "Use that one",
        ),
        (
            &format!("sls_project_arn = alitrail_sls_project.events.arn\n  sls_write_role_arn = {own:?}"),
            "NeedSlsRamAuthorize",
            "Check its ARN and its trust policy",
        ),
        (
            &format!(
                "oss_bucket_name = alitrail_oss_bucket.used.bucket\n  sls_project_arn = \
                alitrail_sls_project.events.arn\n  sls_write_role_arn = {foreign:?}"
            ),
            "cannot deliver into account",
            "alitrail_delivery_role",
        ),
    ];
    for (lines, code, advice) in cases {
        fixture.configure(&trail(lines));
        let refused = fixture.fail(&["apply", "-no-color", "-auto-approve"]);
        assert!(refused.contains(code) && refused.contains(advice), "{lines}:\n{refused}");
        assert_eq!(recorded(&fixture), 4, "{code}");
    }

    // The fifth is made, started in vain, and recorded; the next apply completes it.
    fixture.configure(&trail("sls_project_arn = alitrail_sls_project.events.arn"));
    let fault = |action: &str, kind: Value| {
        let mut rule = json!({"service": "actiontrail", "action": action});
        rule.as_object_mut().unwrap().extend(kind.as_object().unwrap().clone());
        fixture.cloud.set_faults(&json!([rule]));
    };
    fault(
        "StartLogging",
        json!({"kind": "server_error", "status": 403, "code": "NoPermission", "message": "no"}),
    );
    let refused = fixture.fail(&["apply", "-no-color", "-auto-approve"]);
    assert!(refused.contains("start logging of trail \"failing-trail\""), "{refused}");
    assert_eq!(recorded(&fixture), 5);
    fixture.cloud.set_faults(&json!([]));
    fixture.apply();
    fixture.assert_empty("after the apply that completes");
    assert_eq!(fixture.cloud.get(&fixture.cloud.trail("failing-trail")).unwrap()["Status"], "Enable");

    // The sixth is one too many.
    let sixth = trail("sls_project_arn = alitrail_sls_project.events.arn")
        .replace("count           = 2", "count = 3");
    fixture.configure(&sixth);
    let refused = fixture.fail(&["apply", "-no-color", "-auto-approve"]);
    assert!(refused.contains("MaximumNumberOfTrailsExceededException"), "{refused}");
    assert!(refused.contains("use another home region"), "{refused}");
    assert_eq!(recorded(&fixture), 5);
}

#[test]
fn passing_refusals_are_waited_out_and_a_lost_answer_is_found() {
    let fixture = Fixture::new(&full());
    fixture.configure(
        &AROUND
            .replace("resource \"alitrail_trail\" \"wide\"", "resource \"alitrail_trail\" \"late\"")
            .replace("is_organization_trail = true", ""),
    );
    let passing = |code: &str, from: u64| {
        json!({"kind": "server_error", "service": "actiontrail", "action": "CreateTrail", "status": 403, "code": code,
            "message": "not yet", "from": from, "times": 1})
    };
    fixture.cloud.set_faults(&json!([
        passing("NeedServiceLinkedRole", 1),
        passing("InsufficientBucketPolicyException", 2),
        passing("InsufficientSlsPolicyException", 3),
        {"kind": "lost_answer", "service": "actiontrail", "action": "CreateTrail", "from": 5, "times": 1},
    ]));
    fixture.apply();
    assert_eq!(recorded(&fixture), 4);
    fixture.cloud.set_faults(&json!([]));
    fixture.assert_empty("after create");
}
