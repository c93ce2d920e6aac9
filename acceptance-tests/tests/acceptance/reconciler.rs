//! What happens between two calls of one apply: answers that are lost, objects that others make at the same moment, front ends
//! that are behind, and plans that are older than the cloud.

use acceptance_tests::{Stage, full};
use serde_json::{Value, json};

const APPLY: [&str; 3] = ["apply", "-no-color", "-auto-approve"];

fn count(stage: &Stage, mark: u64, action: &str) -> usize {
    stage.cloud.requests_since(mark).iter().filter(|call| call.action == action).count()
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
    let stage = Stage::new(&full());
    stage.configure(&worm(30, "InProgress"));
    stage.apply();
    stage.configure(&worm(30, "Locked"));
    stage.plan(&[]);
    let node = format!("{}/Worm", stage.cloud.bucket(BUCKET));
    stage.cloud.patch(&node, &json!({"RetentionPeriodInDays": days, "WormId": "ANOTHER"})).unwrap();
    stage.workspace.apply_plan().unwrap_or_else(|error| panic!("{error}"));
    stage.assert_empty("after the lock");
    stage.cloud.get(&node).unwrap()
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
    let stage = Stage::new(&full());
    stage.configure(&format!("resource \"alitrail_oss_bucket\" \"this\" {{\n  bucket = {BUCKET:?}\n}}\n"));
    stage.cloud.set_faults(&json!([
        {"kind": "lost_answer", "action": "PutBucket", "times": 1},
        {"kind": "server_error", "action": "GetBucketTags", "times": 1, "status": 404, "code": "NoSuchBucket"},
    ]));
    let mark = stage.cloud.mark();
    stage.apply();
    assert_eq!(count(&stage, mark, "PutBucket"), 1, "it is not created twice");
    stage.assert_empty("after the creation");
}

#[test]
fn a_policy_that_somebody_makes_at_the_same_moment_is_not_written_over() {
    let stage = Stage::new(&full());
    let node = format!("accounts/{}/ram/policies/between-calls", stage.cloud.account_id);
    let foreign = json!({"document": r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"oss:*","Resource":"*"}]}"#,
        "create_date": "2026-01-01T00:00:00Z"});
    stage.cloud.put(&node, &foreign).unwrap();
    // The look before does not show it yet.
    stage
        .cloud
        .set_faults(&json!([{"kind": "server_error", "action": "GetPolicy", "times": 1, "status": 404,
        "code": "EntityNotExist.Policy"}]));
    stage.configure(
        "resource \"alitrail_delivery_role\" \"this\" {\n  role_name          = \"between-calls\"\n  \
         trusted_account_id = \"1000000000000002\"\n  oss_bucket_name    = \"audit-archive\"\n}\n",
    );
    let refused = stage.fail(&APPLY);
    assert!(refused.contains("EntityAlreadyExists.Policy"), "{refused}");
    assert_eq!(stage.cloud.get(&node).unwrap()["document"], foreign["document"]);
}

#[test]
fn a_project_is_gone_when_no_front_end_knows_it() {
    let stage = Stage::new(&full());
    stage.configure("resource \"alitrail_sls_project\" \"this\" {\n  project_name  = \"between-calls\"\n  force_destroy = true\n}\n");
    stage.apply();
    let seen_before = {
        let mark = stage.cloud.mark();
        stage.assert_empty("before");
        count(&stage, mark, "GetProject")
    };
    assert!(seen_before > 0);
    // The refresh of the destroy looks once; then the front end refuses twice before it knows.
    stage.cloud.set_faults(&json!([{"kind": "server_error", "action": "GetProject", "from": 2, "times": 2,
        "status": 403, "code": "ProjectForbidden"}]));
    let mark = stage.cloud.mark();
    stage.destroy();
    assert!(count(&stage, mark, "GetProject") >= 4, "{:?}", stage.cloud.requests_since(mark));
}

#[test]
fn a_job_that_fails_is_in_the_state_as_failed() {
    let stage = Stage::new(&full());
    let around = "resource \"alitrail_sls_project\" \"events\" {\n  project_name  = \"between-calls\"\n  force_destroy = true\n}\n\n\
        resource \"alitrail_trail\" \"this\" {\n  trail_name      = \"between-calls\"\n  sls_project_arn = \
        alitrail_sls_project.events.arn\n}\n";
    stage.configure(around);
    stage.apply();
    let logstore = format!("{}/logstores/actiontrail_between-calls", stage.cloud.project("between-calls"));
    stage.cloud.delete(&logstore).unwrap();
    stage.configure(&format!(
        "{around}\nresource \"alitrail_history_delivery_job\" \"this\" {{\n  trail_name = alitrail_trail.this.trail_name\n}}\n"
    ));
    stage.while_time_flies(20, || {
        let refused = stage.fail(&APPLY);
        assert!(refused.contains("has failed"), "{refused}");
    });
    let state = stage.workspace.state().unwrap();
    assert_eq!(state["alitrail_history_delivery_job.this"]["status"], 3);
}

/// Somebody empties what has a default: that is a change, and it is put back.
#[test]
fn what_somebody_empties_is_put_back() {
    let stage = Stage::new(&full());
    stage.configure(
        "resource \"alitrail_delivery_role\" \"this\" {\n  role_name          = \"between-calls\"\n  \
         trusted_account_id = \"1000000000000002\"\n  oss_bucket_name    = \"audit-archive\"\n}\n",
    );
    stage.apply();
    let node = format!("accounts/{}/ram/roles/between-calls", stage.cloud.account_id);
    stage.cloud.patch(&node, &json!({"description": ""})).unwrap();
    let plan = stage.plan(&[]);
    let change = plan.change("alitrail_delivery_role.this").unwrap_or_else(|| panic!("{}", plan.summary()));
    assert!(change.attributes().iter().any(|one| one.path == "description"), "{}", plan.summary());
    stage.workspace.apply_plan().unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(stage.cloud.get(&node).unwrap()["description"], "Delivers the events of audit trails");
    stage.assert_empty("after the repair");
}
