//! The examples of data sources, read as a user reads them, in an account that has what they are about.

use std::fs;
use std::path::Path;

use acceptance_tests::{Cloud, Fixture, full};
use serde_json::{Value, json};

/// What the examples take for granted.
const ACCOUNT: &str = r#"
resource "alitrail_oss_bucket" "archive" {
  bucket = "audit-trail-archive"
}

resource "alitrail_sls_project" "events" {
  project_name = "audit-trail-events"
}

resource "alitrail_trail" "audit" {
  trail_name      = "audit-trail"
  oss_bucket_name = alitrail_oss_bucket.archive.bucket
  sls_project_arn = alitrail_sls_project.events.arn
}
"#;

/// The outputs of the examples, where they are not just there.
fn expected(fixture: &Fixture, output: &str) -> Option<Value> {
    let account = &fixture.cloud.account_id;
    Some(match output {
        "account_id" => json!(account),
        "buckets_by_region" => json!({"cn-hangzhou": ["audit-trail-archive"]}),
        "project_arns" => json!([format!("acs:log:cn-hangzhou:{account}:project/audit-trail-events")]),
        "stores_of_trails" => json!(["actiontrail_audit-trail"]),
        "trail_names" => json!(["audit-trail"]),
        _ => return None,
    })
}

#[test]
fn the_findings_of_the_baseline_make_a_check() {
    let fixture = Fixture::new(&full());
    fixture.configure(ACCOUNT);
    fixture.apply();
    let example = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../examples/data-sources/alitrail_baseline_findings/data-source.tf");
    fixture.write("example.tf", &fs::read_to_string(example).unwrap());
    let mark = fixture.cloud.mark();
    let output = fixture.apply().combined();
    assert!(!output.contains("Check block"), "{output}");
    assert!(fixture.cloud.writes_since(mark).is_empty(), "a data source only reads");

    let trail = fixture.cloud.trail("audit-trail");
    fixture.cloud.patch(&trail, &json!({ "Status": "Disable" })).unwrap();
    let plan = fixture.workspace.succeed(&["plan", "-no-color", "-input=false"]).unwrap().combined();
    assert!(plan.contains("Check block assertion failed"), "{plan}");
    assert!(plan.contains("trail/audit-trail is"), "{plan}");
    fixture.write("wrong.tf", "data \"alitrail_baseline_findings\" \"wrong\" {\n  rules = [\"XX-*\"]\n}\n");
    let refused = fixture.fail(&["plan", "-no-color", "-input=false"]);
    assert!(refused.contains("there is no rule"), "{refused}");
}

#[test]
fn every_data_source_example_is_read() {
    let cloud = Cloud::with(&["--accounts", "2"]);
    let directories = cloud.get("directories").unwrap();
    let (id, directory) = directories.as_object().unwrap().iter().next().unwrap();
    let folder = json!({"name": "production", "parent": directory["root_folder"], "create_time": "2026-01-15T08:30:00Z"});
    cloud.patch(&format!("directories/{id}"), &json!({"folders": {"fd-examplefolder": folder}})).unwrap();
    let fixture = Fixture::with_cloud(&full(), cloud);
    fixture.configure(ACCOUNT);
    fixture.apply();
    fixture.cloud.advance_clock(600);

    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/data-sources");
    let mut found = Vec::new();
    for entry in fs::read_dir(examples).unwrap() {
        let directory = entry.unwrap().path();
        let name = directory.file_name().unwrap().to_string_lossy().into_owned();
        fixture.write("example.tf", &fs::read_to_string(directory.join("data-source.tf")).unwrap());
        let output = fixture.apply().combined();
        assert!(!output.contains("Check block"), "{name}: {output}");
        let outputs = fixture.workspace.json(&["output", "-json"]).unwrap();
        for (output, value) in outputs.as_object().unwrap() {
            if let Some(expected) = expected(&fixture, output) {
                assert_eq!(value["value"], expected, "{name}");
                found.push(output.clone());
            }
        }
    }
    assert_eq!(found.len(), 5, "{found:?}");
}
