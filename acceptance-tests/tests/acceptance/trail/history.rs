//! `alitrail_history_delivery_job`: done when the job is, failed when it failed.

use acceptance_tests::{Fixture, full, newest};
use serde_json::json;
use test_kit::terraform::Terraform;

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

fn id(fixture: &Fixture) -> String {
    fixture.workspace.state().unwrap()[JOB]["id"].as_str().unwrap().to_owned()
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
    let fixture = Fixture::new(terraform);
    fixture.configure(&format!("{AROUND}{CONFIGURATION}"));
    fixture.while_time_flies(20, || {
        fixture.apply();
        let first = id(&fixture);
        let jobs = format!("accounts/{}/actiontrail/history_jobs", fixture.cloud.account_id);
        let job = fixture.cloud.get(&format!("{jobs}/{first}")).unwrap();
        assert_eq!(job["Delivered"], true, "the apply ended when the job was done: {job}");
        fixture.assert_empty("after create");
        let mark = fixture.cloud.mark();
        fixture.apply();
        assert!(fixture.cloud.writes_since(mark).is_empty(), "a second apply writes nothing");

        fixture.reimport(JOB, &first, &[("id", &first)]);

        fixture.cloud.delete(&format!("{jobs}/{first}")).unwrap();
        let plan = fixture.plan(&[]);
        assert_eq!(plan.change(JOB).unwrap().actions, ["create"], "{}", plan.summary());
        fixture.apply();

        // A job that fails is an error that says where, and the next apply begins a new one.
        let logstore = format!(
            "{}/logstores/actiontrail_historic-trail",
            fixture.cloud.project("historic-trail-events")
        );
        let kept = fixture.cloud.get(&logstore).unwrap();
        fixture.cloud.delete(&logstore).unwrap();
        let refused = fixture.fail(&["apply", "-no-color", "-auto-approve", &format!("-replace={JOB}")]);
        assert!(refused.contains("has failed. It failed in cn-hangzhou."), "{refused}");
        fixture.cloud.put(&logstore, &kept).unwrap();
        fixture.apply();
        let job = fixture.cloud.get(&format!("{jobs}/{}", id(&fixture))).unwrap();
        assert_eq!(job["Delivered"], true, "a new job is done: {job}");
        fixture.assert_empty("after the job that is done");
        fixture.destroy();
        assert!(fixture.cloud.remains().is_empty(), "{:?}", fixture.cloud.remains());
    });
}

#[test]
fn refusals_say_what_to_do() {
    let fixture = Fixture::new(&full());
    fixture.configure(&format!(
        "{AROUND}\nresource \"alitrail_history_delivery_job\" \"this\" {{\n  trail_name = \"no-such-trail\"\n}}\n"
    ));
    let refused = fixture.fail(&["apply", "-no-color", "-auto-approve"]);
    assert!(refused.contains("TrailNotFoundException"), "{refused}");
    fixture.configure(&format!("{AROUND}{CONFIGURATION}"));
    fixture.cloud.put("switches", &json!({"history_jobs": "refused"})).unwrap();
    let refused = fixture.fail(&["apply", "-no-color", "-auto-approve"]);
    assert!(
        refused.contains("NotSupportDeliveryHistoryJob") && refused.contains("the vendor has admitted"),
        "{refused}"
    );
}
