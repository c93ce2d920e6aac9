//! What happens between two calls of one apply: answers that are lost, objects that others make at the same moment, front ends
//! that are behind, and plans that are older than the cloud.

use acceptance_tests::{Fixture, full};
use serde_json::{Value, json};

const APPLY: [&str; 3] = ["apply", "-no-color", "-auto-approve"];

fn count(fixture: &Fixture, mark: u64, action: &str) -> usize {
    fixture.cloud.requests_since(mark).iter().filter(|call| call.action == action).count()
}

const BUCKET: &str = "between-calls";

fn worm(days: u32, status: &str) -> String {
    format!(
        "resource \"alitrail_oss_bucket\" \"this\" {{\n  bucket = {BUCKET:?}\n}}\n\nresource \"alitrail_oss_bucket_worm\" \"this\" \
         {{\n  bucket                   = alitrail_oss_bucket.this.bucket\n  retention_period_in_days = {days}\n  \
         status                   = {status:?}\n  lock_consent             = {BUCKET:?}\n}}\n"
    )
}

/// A plan that locks 30 days, applied after somebody began a policy of `days`: the policy that there is then.
fn locked_after(days: u32) -> Value {
    let fixture = Fixture::new(&full());
    fixture.configure(&worm(30, "InProgress"));
    fixture.apply();
    fixture.configure(&worm(30, "Locked"));
    fixture.plan(&[]);
    let node = format!("{}/Worm", fixture.cloud.bucket(BUCKET));
    fixture.cloud.patch(&node, &json!({"RetentionPeriodInDays": days, "WormId": "ANOTHER"})).unwrap();
    fixture.workspace.apply_plan().unwrap_or_else(|error| panic!("{error}"));
    fixture.assert_empty("after the lock");
    fixture.cloud.get(&node).unwrap()
}

#[test]
fn nothing_is_locked_for_longer_or_shorter_than_was_planned() {
    for days in [3650, 10] {
        let worm = locked_after(days);
        assert_eq!(
            (&worm["State"], &worm["RetentionPeriodInDays"]),
            (&json!("Locked"), &json!(30)),
            "{days}"
        );
    }
}

#[test]
fn a_bucket_whose_creation_was_not_answered_is_found_by_what_shows_first() {
    let fixture = Fixture::new(&full());
    fixture.configure(&format!("resource \"alitrail_oss_bucket\" \"this\" {{\n  bucket = {BUCKET:?}\n}}\n"));
    fixture.cloud.set_faults(&json!([
        {"kind": "lost_answer", "action": "PutBucket", "times": 1},
        {"kind": "server_error", "action": "GetBucketTags", "times": 1, "status": 404, "code": "NoSuchBucket"},
    ]));
    let mark = fixture.cloud.mark();
    fixture.apply();
    assert_eq!(count(&fixture, mark, "PutBucket"), 1, "it is not created twice");
    fixture.assert_empty("after the creation");
}

#[test]
fn a_policy_that_somebody_makes_at_the_same_moment_is_not_written_over() {
    let fixture = Fixture::new(&full());
    let node = format!("accounts/{}/ram/policies/between-calls", fixture.cloud.account_id);
    let foreign = json!({"document": r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"oss:*","Resource":"*"}]}"#,
        "create_date": "2026-01-01T00:00:00Z"});
    fixture.cloud.put(&node, &foreign).unwrap();
    // The look before does not show it yet.
    fixture
        .cloud
        .set_faults(&json!([{"kind": "server_error", "action": "GetPolicy", "times": 1, "status": 404,
        "code": "EntityNotExist.Policy"}]));
    fixture.configure(
        "resource \"alitrail_delivery_role\" \"this\" {\n  role_name          = \"between-calls\"\n  \
         trusted_account_id = \"1000000000000002\"\n  oss_bucket_name    = \"audit-archive\"\n}\n",
    );
    let refused = fixture.fail(&APPLY);
    assert!(refused.contains("EntityAlreadyExists.Policy"), "{refused}");
    assert_eq!(fixture.cloud.get(&node).unwrap()["document"], foreign["document"]);
}

#[test]
fn a_project_is_gone_when_no_front_end_knows_it() {
    let fixture = Fixture::new(&full());
    fixture.configure("resource \"alitrail_sls_project\" \"this\" {\n  project_name  = \"between-calls\"\n  force_destroy = true\n}\n");
    fixture.apply();
    let seen_before = {
        let mark = fixture.cloud.mark();
        fixture.assert_empty("before");
        count(&fixture, mark, "GetProject")
    };
    assert!(seen_before > 0);
    // The refresh of the destroy looks once; then the front end refuses twice before it knows.
    fixture.cloud.set_faults(&json!([{"kind": "server_error", "action": "GetProject", "from": 2, "times": 2,
        "status": 403, "code": "ProjectForbidden"}]));
    let mark = fixture.cloud.mark();
    fixture.destroy();
    assert!(count(&fixture, mark, "GetProject") >= 4, "{:?}", fixture.cloud.requests_since(mark));
}

#[test]
fn a_job_that_fails_is_in_the_state_as_failed() {
    let fixture = Fixture::new(&full());
    let around = "resource \"alitrail_sls_project\" \"events\" {\n  project_name  = \"between-calls\"\n  force_destroy = true\n}\n\n\
        resource \"alitrail_trail\" \"this\" {\n  trail_name      = \"between-calls\"\n  sls_project_arn = \
        alitrail_sls_project.events.arn\n}\n";
    fixture.configure(around);
    fixture.apply();
    let logstore = format!("{}/logstores/actiontrail_between-calls", fixture.cloud.project("between-calls"));
    fixture.cloud.delete(&logstore).unwrap();
    fixture.configure(&format!(
        "{around}\nresource \"alitrail_history_delivery_job\" \"this\" {{\n  trail_name = alitrail_trail.this.trail_name\n}}\n"
    ));
    fixture.while_time_flies(20, || {
        let refused = fixture.fail(&APPLY);
        assert!(refused.contains("has failed"), "{refused}");
    });
    let state = fixture.workspace.state().unwrap();
    assert_eq!(state["alitrail_history_delivery_job.this"]["status"], 3);
}

/// Somebody empties what has a default: that is a change, and it is put back.
#[test]
fn what_somebody_empties_is_put_back() {
    let fixture = Fixture::new(&full());
    fixture.configure(
        "resource \"alitrail_delivery_role\" \"this\" {\n  role_name          = \"between-calls\"\n  \
         trusted_account_id = \"1000000000000002\"\n  oss_bucket_name    = \"audit-archive\"\n}\n",
    );
    fixture.apply();
    let node = format!("accounts/{}/ram/roles/between-calls", fixture.cloud.account_id);
    fixture.cloud.patch(&node, &json!({"description": ""})).unwrap();
    let plan = fixture.plan(&[]);
    let change = plan.change("alitrail_delivery_role.this").unwrap_or_else(|| panic!("{}", plan.summary()));
    assert!(change.attributes().iter().any(|one| one.path == "description"), "{}", plan.summary());
    fixture.workspace.apply_plan().unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(fixture.cloud.get(&node).unwrap()["description"], "Delivers the events of audit trails");
    fixture.assert_empty("after the repair");
}
