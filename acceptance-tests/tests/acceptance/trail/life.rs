//! `alitrail_trail` through its whole life on a real Terraform.

use acceptance_tests::scenario::Scenario;
use acceptance_tests::{Fixture, REGION, full, others};
use serde_json::json;

const NAME: &str = "acceptance-trail";

const AROUND: &str = r#"
# On a slow machine the trail delivers before it is destroyed.
resource "alitrail_oss_bucket" "archive" {
  bucket        = "acceptance-trail-archive"
  force_destroy = true
}

resource "alitrail_sls_project" "audit" {
  project_name  = "acceptance-trail-events"
  force_destroy = true
}
"#;

fn scenario() -> Scenario {
    let text = |value: &str| format!("{value:?}");
    Scenario {
        resource: "alitrail_trail",
        around: AROUND.to_owned(),
        base: vec![
            ("trail_name", text(NAME)),
            ("oss_bucket_name", "alitrail_oss_bucket.archive.bucket".to_owned()),
        ],
        changes: vec![
            ("sls_project_arn", "alitrail_sls_project.audit.arn".to_owned()),
            ("oss_key_prefix", text("account-events")),
            ("event_rw", text("Write")),
            ("trail_region", text(REGION)),
            ("status", text("Disable")),
            ("status", text("Enable")),
            ("deletion_protection", "true".to_owned()),
            ("deletion_protection", "false".to_owned()),
        ],
        node: |cloud| cloud.trail(NAME),
        drift: (json!({"Status": "Disable"}), "status"),
        import_id: NAME.to_owned(),
        identity: vec![("trail_name", NAME.to_owned())],
        before_recreate: |_| {},
    }
}

#[test]
fn lives_through_everything() {
    scenario().full(&full());
}

#[test]
fn lives_on_the_other_versions() {
    for terraform in others() {
        scenario().short(&terraform);
    }
}

#[test]
fn is_logging_when_the_apply_ends_and_has_its_logstore() {
    let fixture = Fixture::new(&full());
    let trail = format!(
        "{AROUND}\nresource \"alitrail_trail\" \"this\" {{\n  trail_name = {NAME:?}\n  sls_project_arn = \
         alitrail_sls_project.audit.arn\n}}\n"
    );
    fixture.configure(&trail);
    fixture.apply();
    let document = fixture.cloud.get(&fixture.cloud.trail(NAME)).unwrap();
    assert_eq!((&document["Status"], &document["TrailRegion"]), (&json!("Enable"), &json!("All")));
    let project = fixture.cloud.get(&fixture.cloud.project("acceptance-trail-events")).unwrap();
    assert!(
        project["logstores"].as_object().unwrap().contains_key(&format!("actiontrail_{NAME}")),
        "{project}"
    );
}

#[test]
fn a_protected_trail_is_neither_destroyed_nor_replaced() {
    let fixture = Fixture::new(&full());
    let trail = |name: &str, protected: bool| {
        format!(
            "{AROUND}\nresource \"alitrail_trail\" \"this\" {{\n  trail_name = {name:?}\n  oss_bucket_name = \
             alitrail_oss_bucket.archive.bucket\n  deletion_protection = {protected}\n}}\n"
        )
    };
    fixture.configure(&trail(NAME, true));
    fixture.apply();

    let refused = fixture.fail(&["destroy", "-no-color", "-auto-approve"]);
    assert!(refused.contains("deletion_protection"), "{refused}");
    fixture.configure(&trail("another-trail", true));
    let refused = fixture.fail(&["apply", "-no-color", "-auto-approve"]);
    assert!(refused.contains("deletion_protection"), "{refused}");
    // Lifting it in the same apply as the replacement does not count.
    fixture.configure(&trail("another-trail", false));
    let refused = fixture.fail(&["apply", "-no-color", "-auto-approve"]);
    assert!(refused.contains("deletion_protection"), "{refused}");
    fixture.cloud.get(&fixture.cloud.trail(NAME)).expect("the trail is still there");

    fixture.configure(&trail(NAME, false));
    fixture.apply();
    // The same bucket cannot follow it to another name without a time in which nothing is recorded.
    fixture.configure(&trail("another-trail", false));
    let refused = fixture.fail(&["plan", "-no-color"]);
    assert!(refused.contains("oss_bucket_name") && refused.contains("two steps"), "{refused}");
    fixture.configure(&trail("another-trail", false).replace(
        "oss_bucket_name = alitrail_oss_bucket.archive.bucket",
        "sls_project_arn = alitrail_sls_project.audit.arn",
    ));
    fixture.apply();
    assert!(fixture.cloud.find(&fixture.cloud.trail(NAME)).unwrap().is_none());
    fixture.destroy();
    assert!(fixture.cloud.remains().is_empty());
}

#[test]
fn lives_in_another_region_than_the_providers() {
    let fixture = Fixture::new(&full());
    fixture.configure(
        r#"
resource "alitrail_oss_bucket" "archive" {
  bucket        = "acceptance-trail-archive"
  region        = "ap-southeast-1"
  force_destroy = true
}

resource "alitrail_trail" "this" {
  trail_name      = "acceptance-trail"
  region          = "ap-southeast-1"
  oss_bucket_name = alitrail_oss_bucket.archive.bucket
}
"#,
    );
    fixture.apply();
    fixture.assert_empty("after create in another region");
    let path = format!("{}/actiontrail/trails/{NAME}", fixture.cloud.region("ap-southeast-1"));
    fixture.cloud.get(&path).expect("the trail lives in its own region");
    fixture.workspace.succeed(&["state", "rm", "alitrail_trail.this"]).unwrap();
    fixture.write(
        "import.tf",
        "import {\n  to = alitrail_trail.this\n  id = \"acceptance-trail@ap-southeast-1\"\n}\n",
    );
    let plan = fixture.plan(&[]);
    assert!(plan.changes.len() == 1 && plan.changes[0].importing, "{}", plan.summary());
    assert_eq!(plan.changes[0].actions, ["no-op"], "{}", plan.summary());
    fixture.workspace.apply_plan().unwrap();
    fixture.remove("import.tf");
    fixture.destroy();
}
