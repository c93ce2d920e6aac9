//! Lifecycle rules that delete delivered events early, in a bucket whose rules nobody in the configuration looks after.

use acceptance_tests::{Fixture, full};
use serde_json::json;

const BUCKET: &str = "early-rules-archive";

fn bucket(attributes: &str) -> String {
    format!("resource \"alitrail_oss_bucket\" \"archive\" {{\n  bucket = {BUCKET:?}\n{attributes}}}\n")
}

/// A trail that does not depend on the resources of its bucket.
fn trail(bucket: &str, attributes: &str) -> String {
    format!(
        "resource \"alitrail_trail\" \"this\" {{\n  trail_name = \"early-rules\"\n  oss_bucket_name = \
         {bucket:?}\n{attributes}}}\n"
    )
}

fn put_rule(fixture: &Fixture, bucket: &str, prefix: &str, days: u32) {
    let rule = json!({"ID": "purge", "Prefix": prefix, "Status": "Enabled", "Expiration": {"Days": days}});
    let rules = json!({"Lifecycle": {"Rules": {"purge": rule}}});
    fixture.cloud.patch(&fixture.cloud.bucket(bucket), &rules).unwrap();
}

fn said(fixture: &Fixture) -> String {
    let output = fixture.workspace.run(&["plan", "-no-color", "-input=false"]).unwrap();
    assert!(output.success(), "{}", output.combined());
    output.combined().split_whitespace().collect::<Vec<_>>().join(" ")
}

const TOLD: &str =
    "Warning: bucket \"early-rules-archive\" deletes events of trail \"early-rules\" within 180 days";

#[test]
fn a_rule_that_somebody_adds_to_an_archive_without_a_lifecycle_is_told() {
    let fixture = Fixture::new(&full());
    let minimal =
        format!("{}{}", bucket(""), trail(BUCKET, "  depends_on = [alitrail_oss_bucket.archive]\n"));
    fixture.configure(&minimal);
    fixture.apply();
    assert!(!said(&fixture).contains("Warning: bucket"));
    put_rule(&fixture, BUCKET, "", 1);
    let told = said(&fixture);
    assert!(told.contains(TOLD), "{told}");
    assert!(told.contains("rule \"purge\" deletes objects 1 day after their last change"), "{told}");
    fixture.assert_empty("with a rule that is told");
    for (prefix, days, is_told) in
        [("AliyunLogs/", 179, true), ("AliyunLogs/", 180, false), ("elsewhere/", 1, false)]
    {
        put_rule(&fixture, BUCKET, prefix, days);
        assert_eq!(said(&fixture).contains(TOLD), is_told, "{prefix} {days}");
    }

    // Without the permission nothing is said, and nothing fails.
    put_rule(&fixture, BUCKET, "", 1);
    let denied = json!([{"kind": "server_error", "action": "GetBucketLifecycle", "status": 403, "code": "AccessDenied", "message": "no"}]);
    fixture.cloud.set_faults(&denied);
    assert!(!said(&fixture).contains("Warning: bucket"));
    fixture.cloud.set_faults(&json!([]));

    // A new trail is told before it is made.
    fixture.workspace.destroy(&["-target=alitrail_trail.this"]).unwrap_or_else(|error| panic!("{error}"));
    let told = said(&fixture);
    assert!(told.contains(TOLD), "{told}");
}

#[test]
fn rules_that_a_resource_looks_after_are_its_business() {
    let fixture = Fixture::new(&full());
    let after = "  depends_on = [alitrail_oss_bucket.archive]\n";
    let declared = "resource \"alitrail_oss_bucket_lifecycle\" \"archive\" {\n  bucket = \
                    alitrail_oss_bucket.archive.bucket\n  rules = { purge = { expiration = { days = 30 } } }\n}\n";
    // The lifecycle and the trail are planned in any order.
    fixture.configure(&format!("{}{declared}{}", bucket(""), trail(BUCKET, after)));
    fixture.apply();
    for _ in 0..5 {
        let told = said(&fixture);
        assert!(!told.contains("Warning: bucket"), "{told}");
    }
    // Told by the bucket, and once.
    fixture.workspace.succeed(&["state", "rm", "alitrail_oss_bucket_lifecycle.archive"]).unwrap();
    fixture.configure(&format!("{}{}", bucket("  minimum_retention_days = 365\n"), trail(BUCKET, after)));
    fixture.apply();
    let told = said(&fixture);
    assert_eq!(told.matches("Warning: bucket").count(), 1, "{told}");
    assert!(!told.contains(TOLD), "{told}");
}

#[test]
fn a_bucket_in_another_region_is_found() {
    let fixture = Fixture::new(&full());
    let elsewhere = bucket("  region = \"cn-beijing\"\n");
    fixture.configure(&format!(
        "{elsewhere}{}",
        trail(BUCKET, "  depends_on = [alitrail_oss_bucket.archive]\n")
    ));
    fixture.apply();
    put_rule(&fixture, BUCKET, "", 1);
    let told = said(&fixture);
    assert!(told.contains(TOLD), "{told}");
}
