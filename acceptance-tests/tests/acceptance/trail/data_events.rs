//! `alitrail_data_event_selector` through its whole life.

use acceptance_tests::scenario::Scenario;
use acceptance_tests::{Fixture, full, others};
use serde_json::json;

const NAME: &str = "eventful-trail";

const AROUND: &str = r#"
resource "alitrail_sls_project" "events" {
  project_name  = "eventful-trail-events"
  # Events may have been delivered by the time of the destroy.
  force_destroy = true
}

resource "alitrail_trail" "this" {
  trail_name      = "eventful-trail"
  sls_project_arn = alitrail_sls_project.events.arn
}
"#;

fn scenario() -> Scenario {
    Scenario {
        resource: "alitrail_data_event_selector",
        around: AROUND.to_owned(),
        base: vec![
            ("trail_name", "alitrail_trail.this.trail_name".to_owned()),
            (
                "selectors",
                "[{ service_name = \"Oss\", event_name = { equals = [\"PutObject\", \"GetObject\"] } }]"
                    .to_owned(),
            ),
        ],
        changes: vec![
            (
                "selectors",
                "[{ service_name = \"Oss\", read_write_type = \"Write\", resource_arn = { not_equals = \
                 [\"acs:oss:*:*:logs/*\"] } }, { service_name = \"Cms\" }]"
                    .to_owned(),
            ),
            ("region_ids", "[\"cn-hangzhou\", \"cn-beijing\"]".to_owned()),
            ("region_ids", "null".to_owned()),
            ("all_regions", "true".to_owned()),
            ("all_regions", "false".to_owned()),
        ],
        node: |cloud| format!("{}/DataEventSelector", cloud.trail(NAME)),
        drift: (json!({"IsTrailAllRegion": true}), "all_regions"),
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
fn selectors_that_are_there_are_imported_and_those_that_go_are_told() {
    let fixture = Fixture::new(&full());
    let configuration = |selectors: &str| {
        format!(
            "{AROUND}\nresource \"alitrail_data_event_selector\" \"this\" {{\n  trail_name = \
             alitrail_trail.this.trail_name\n  selectors = {selectors}\n}}\n"
        )
    };
    let wide = "[{ service_name = \"Oss\" }]";
    fixture.configure(AROUND);
    fixture.apply();
    let foreign = json!({"DataEventSelector": {"EventSelectors": "[{\"ServiceName\":\"Oss\"}]",
        "CreateTime": "2026-01-01T00:00:00Z"}});
    fixture.cloud.patch(&fixture.cloud.trail(NAME), &foreign).unwrap();
    fixture.configure(&configuration(wide));
    let mark = fixture.cloud.mark();
    let refused = fixture.fail(&["apply", "-no-color", "-auto-approve"]);
    assert!(
        refused.contains("exists already") && refused.contains("eventful-trail@cn-hangzhou"),
        "{refused}"
    );
    assert!(fixture.cloud.writes_since(mark).is_empty(), "nothing is overwritten");
    fixture.write(
        "import.tf",
        "import {\n  to = alitrail_data_event_selector.this\n  id = \"eventful-trail\"\n}\n",
    );
    let plan = fixture.plan(&[]);
    assert!(plan.changes[0].importing && plan.changes[0].actions == ["no-op"], "{}", plan.summary());
    fixture.workspace.apply_plan().unwrap();
    fixture.remove("import.tf");

    fixture.configure(&configuration("[{ service_name = \"Oss\", read_write_type = \"Write\" }]"));
    let said = fixture.workspace.succeed(&["plan", "-no-color"]).unwrap().combined();
    assert!(said.contains("records fewer data events of Oss"), "{said}");
    fixture.configure(&configuration("[{ service_name = \"NoSuchService\" }]"));
    let refused = fixture.fail(&["apply", "-no-color", "-auto-approve"]);
    assert!(refused.contains("ServiceName must be one"), "{refused}");
}
