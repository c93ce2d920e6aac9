//! Lifecycle rules that delete delivered events early, in a bucket whose rules nobody in the configuration looks after.

use acceptance_tests::{Stage, full};
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

fn put_rule(stage: &Stage, bucket: &str, prefix: &str, days: u32) {
    let rule = json!({"ID": "purge", "Prefix": prefix, "Status": "Enabled", "Expiration": {"Days": days}});
    let rules = json!({"Lifecycle": {"Rules": {"purge": rule}}});
    stage.cloud.patch(&stage.cloud.bucket(bucket), &rules).unwrap();
}

fn said(stage: &Stage) -> String {
    let output = stage.workspace.run(&["plan", "-no-color", "-input=false"]).unwrap();
    assert!(output.success(), "{}", output.combined());
    output.combined().split_whitespace().collect::<Vec<_>>().join(" ")
}

const TOLD: &str =
    "Warning: bucket \"early-rules-archive\" deletes events of trail \"early-rules\" within 180 days";

#[test]
fn a_rule_that_somebody_adds_to_an_archive_without_a_lifecycle_is_told() {
    let stage = Stage::new(&full());
    let minimal =
        format!("{}{}", bucket(""), trail(BUCKET, "  depends_on = [alitrail_oss_bucket.archive]\n"));
    stage.configure(&minimal);
    stage.apply();
    assert!(!said(&stage).contains("Warning: bucket"));
    put_rule(&stage, BUCKET, "", 1);
    let told = said(&stage);
    assert!(told.contains(TOLD), "{told}");
    assert!(told.contains("rule \"purge\" deletes objects 1 day after their last change"), "{told}");
    stage.assert_empty("with a rule that is told");
    for (prefix, days, is_told) in
        [("AliyunLogs/", 179, true), ("AliyunLogs/", 180, false), ("elsewhere/", 1, false)]
    {
        put_rule(&stage, BUCKET, prefix, days);
        assert_eq!(said(&stage).contains(TOLD), is_told, "{prefix} {days}");
    }

    // Without the permission nothing is said, and nothing fails.
    put_rule(&stage, BUCKET, "", 1);
    let denied = json!([{"kind": "server_error", "action": "GetBucketLifecycle", "status": 403, "code": "AccessDenied", "message": "no"}]);
    stage.cloud.set_faults(&denied);
    assert!(!said(&stage).contains("Warning: bucket"));
    stage.cloud.set_faults(&json!([]));

    // A new trail is told before it is made.
    stage.workspace.destroy(&["-target=alitrail_trail.this"]).unwrap_or_else(|error| panic!("{error}"));
    let told = said(&stage);
    assert!(told.contains(TOLD), "{told}");
}

#[test]
fn rules_that_a_resource_looks_after_are_its_business() {
    let stage = Stage::new(&full());
    let after = "  depends_on = [alitrail_oss_bucket.archive]\n";
    let declared = "resource \"alitrail_oss_bucket_lifecycle\" \"archive\" {\n  bucket = \
                    alitrail_oss_bucket.archive.bucket\n  rules = { purge = { expiration = { days = 30 } } }\n}\n";
    // The lifecycle and the trail are planned in any order.
    stage.configure(&format!("{}{declared}{}", bucket(""), trail(BUCKET, after)));
    stage.apply();
    for _ in 0..5 {
        let told = said(&stage);
        assert!(!told.contains("Warning: bucket"), "{told}");
    }
    // Told by the bucket, and once.
    stage.workspace.succeed(&["state", "rm", "alitrail_oss_bucket_lifecycle.archive"]).unwrap();
    stage.configure(&format!("{}{}", bucket("  minimum_retention_days = 365\n"), trail(BUCKET, after)));
    stage.apply();
    let told = said(&stage);
    assert_eq!(told.matches("Warning: bucket").count(), 1, "{told}");
    assert!(!told.contains(TOLD), "{told}");
}

#[test]
fn a_bucket_in_another_region_is_found() {
    let stage = Stage::new(&full());
    let elsewhere = bucket("  region = \"cn-beijing\"\n");
    stage.configure(&format!(
        "{elsewhere}{}",
        trail(BUCKET, "  depends_on = [alitrail_oss_bucket.archive]\n")
    ));
    stage.apply();
    put_rule(&stage, BUCKET, "", 1);
    let told = said(&stage);
    assert!(told.contains(TOLD), "{told}");
}
