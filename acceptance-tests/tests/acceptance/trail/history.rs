//! `alitrail_history_delivery_job`: done when the job is, failed when it failed.

use acceptance_tests::{Stage, full, newest};
use cli::terraform::Terraform;
use serde_json::json;

const JOB: &str = "alitrail_history_delivery_job.this";

const AROUND: &str = r#"
resource "alitrail_sls_project" "events" {
  project_name  = "historic-trail-events"
  force_destroy = true
}

resource "alitrail_trail" "this" {
  trail_name      = "historic-trail"
  sls_project_arn = alitrail_sls_project.events.arn
}
"#;

const CONFIGURATION: &str = r#"
resource "alitrail_history_delivery_job" "this" {
  trail_name = alitrail_trail.this.trail_name
}
"#;

fn id(stage: &Stage) -> String {
    stage.workspace.state().unwrap()[JOB]["id"].as_str().unwrap().to_owned()
}

#[test]
fn lives_through_everything() {
    lives(&full());
}

#[test]
fn lives_on_the_newest() {
    lives(&newest());
}

fn lives(terraform: &Terraform) {
    let stage = Stage::new(terraform);
    stage.configure(&format!("{AROUND}{CONFIGURATION}"));
    stage.while_time_flies(20, || {
        stage.apply();
        let first = id(&stage);
        let jobs = format!("accounts/{}/actiontrail/history_jobs", stage.cloud.account_id);
        let job = stage.cloud.get(&format!("{jobs}/{first}")).unwrap();
        assert_eq!(job["Delivered"], true, "the apply ended when the job was done: {job}");
        stage.assert_empty("after create");
        let mark = stage.cloud.mark();
        stage.apply();
        assert!(stage.cloud.writes_since(mark).is_empty(), "a second apply writes nothing");

        stage.reimport(JOB, &first, &[("id", &first)]);

        stage.cloud.delete(&format!("{jobs}/{first}")).unwrap();
        let plan = stage.plan(&[]);
        assert_eq!(plan.change(JOB).unwrap().actions, ["create"], "{}", plan.summary());
        stage.apply();

        // A job that fails is an error that says where, and the next apply begins a new one.
        let logstore =
            format!("{}/logstores/actiontrail_historic-trail", stage.cloud.project("historic-trail-events"));
        let kept = stage.cloud.get(&logstore).unwrap();
        stage.cloud.delete(&logstore).unwrap();
        let refused = stage.fail(&["apply", "-no-color", "-auto-approve", &format!("-replace={JOB}")]);
        assert!(refused.contains("has failed. It failed in cn-hangzhou."), "{refused}");
        stage.cloud.put(&logstore, &kept).unwrap();
        stage.apply();
        let job = stage.cloud.get(&format!("{jobs}/{}", id(&stage))).unwrap();
        assert_eq!(job["Delivered"], true, "a new job is done: {job}");
        stage.assert_empty("after the job that is done");
        stage.destroy();
        assert!(stage.cloud.remains().is_empty(), "{:?}", stage.cloud.remains());
    });
}

#[test]
fn refusals_say_what_to_do() {
    let stage = Stage::new(&full());
    stage.configure(&format!(
        "{AROUND}\nresource \"alitrail_history_delivery_job\" \"this\" {{\n  trail_name = \"no-such-trail\"\n}}\n"
    ));
    let refused = stage.fail(&["apply", "-no-color", "-auto-approve"]);
    assert!(refused.contains("TrailNotFoundException"), "{refused}");
    stage.configure(&format!("{AROUND}{CONFIGURATION}"));
    stage.cloud.put("switches", &json!({"history_jobs": "refused"})).unwrap();
    let refused = stage.fail(&["apply", "-no-color", "-auto-approve"]);
    assert!(
        refused.contains("NotSupportDeliveryHistoryJob") && refused.contains("the vendor has admitted"),
        "{refused}"
    );
}
