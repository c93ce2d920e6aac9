//! Nothing goes dark quietly: what would no longer be recorded is said in the plan, and refused where that is wished.

use acceptance_tests::{Fixture, full};

const AROUND: &str = r#"
resource "alitrail_oss_bucket" "archive" {
  bucket = "evident-trail-archive"
}

resource "alitrail_sls_project" "events" {
  project_name = "evident-trail-events"
}
"#;

const TRAIL: &str = r#"
resource "alitrail_trail" "this" {
  trail_name      = "evident-trail"
  oss_bucket_name = alitrail_oss_bucket.archive.bucket
  sls_project_arn = alitrail_sls_project.events.arn
}
"#;

#[test]
fn every_loss_is_a_warning_or_is_denied_before_any_write() {
    let fixture = Fixture::new(&full());
    fixture.configure(&format!("{AROUND}{TRAIL}"));
    fixture.apply();
    let with = |line: &str| {
        format!("{AROUND}{}", TRAIL.replace("  sls_project_arn", &format!("  {line}\n  sls_project_arn")))
    };
    let without = |line: &str| format!("{AROUND}{TRAIL}").replace(line, "");
    let changes = [
        ("stops logging", with("status = \"Disable\"")),
        ("records cn-hangzhou only", with("trail_region = \"cn-hangzhou\"")),
        ("records write events only", with("event_rw = \"Write\"")),
        ("records read events only", with("event_rw = \"Read\"")),
        (
            "no longer delivers to evident-trail-archive",
            without("  oss_bucket_name = alitrail_oss_bucket.archive.bucket\n"),
        ),
        ("no longer delivers to acs:log", without("  sls_project_arn = alitrail_sls_project.events.arn\n")),
        // Replaced: a new name with a destination of its own.
        (
            "stops recording",
            without("  oss_bucket_name = alitrail_oss_bucket.archive.bucket\n")
                .replace("\"evident-trail\"", "\"evident-trail-2\""),
        ),
        ("stops recording", AROUND.to_owned()),
    ];
    for (said, configuration) in &changes {
        fixture.configure(configuration);
        let output =
            fixture.workspace.succeed(&["plan", "-no-color"]).unwrap_or_else(|error| panic!("{error}"));
        let text = output.combined().split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            text.contains(&format!("Warning: trail \"evident-trail\" {said}")),
            "{said}:\n{}",
            output.combined()
        );
        fixture.write(
            "provider.tf",
            "terraform {\n  required_providers {\n    alitrail = {\n      source = \"alitrail/alitrail\"\n    }\n  }\n}\n\n\
             provider \"alitrail\" {\n  evidence_changes = \"deny\"\n}\n",
        );
        let mark = fixture.cloud.mark();
        let refused = fixture.fail(&["apply", "-no-color", "-auto-approve"]);
        assert!(
            refused.contains(said) && refused.contains("evidence_changes is \"deny\""),
            "{said}:\n{refused}"
        );
        assert!(fixture.cloud.writes_since(mark).is_empty(), "{said}");
        let lifted = std::fs::read_to_string(fixture.path().join("provider.tf"))
            .unwrap()
            .replace("\"deny\"", "\"warn\"");
        fixture.write("provider.tf", &lifted);
    }
}

#[test]
fn the_organization_flag_cannot_change_under_the_same_name() {
    let fixture = Fixture::new(&full());
    fixture.configure(&format!("{AROUND}{TRAIL}"));
    fixture.apply();
    fixture.configure(
        &format!("{AROUND}{TRAIL}")
            .replace("  sls_project_arn", "  is_organization_trail = true\n  sls_project_arn"),
    );
    let mark = fixture.cloud.mark();
    let refused = fixture.fail(&["apply", "-no-color", "-auto-approve"]);
    assert!(
        refused.contains("is_organization_trail of trail \"evident-trail\" cannot be changed"),
        "{refused}"
    );
    assert!(refused.contains("two steps"), "{refused}");
    assert!(fixture.cloud.writes_since(mark).is_empty());
}
