//! `minimum_retention_days` of a bucket: rules that delete earlier are told, whoever made them.

use acceptance_tests::{Fixture, full};
use serde_json::{Value, json};

use super::{BUCKET, bucket_with, holds, said, said_in_plan};

const TOO_EARLY: &str = "Warning: bucket \"acceptance-archive\" deletes objects or old versions too early";

/// Puts a rule behind Terraform's back, and no other.
fn put_rule(fixture: &Fixture, rule: &Value) {
    let mut rule = rule.clone();
    let fixed = json!({"ID": "purge", "Prefix": ""});
    for (key, value) in fixed.as_object().unwrap() {
        rule.as_object_mut().unwrap().entry(key.clone()).or_insert(value.clone());
    }
    rule.as_object_mut().unwrap().entry("Status").or_insert(json!("Enabled"));
    fixture.cloud.patch(&fixture.cloud.bucket(BUCKET), &json!({"Lifecycle": null})).unwrap();
    fixture
        .cloud
        .patch(&fixture.cloud.bucket(BUCKET), &json!({"Lifecycle": {"Rules": {"purge": rule}}}))
        .unwrap();
}

#[test]
fn a_rule_that_deletes_too_early_is_told_by_refresh_and_plan() {
    let fixture = Fixture::new(&full());
    fixture.configure(&bucket_with("  minimum_retention_days = 365"));
    fixture.apply();
    let told = [
        (json!({"Expiration": {"Days": 1}}), "rule \"purge\" deletes objects 1 day after"),
        (json!({"Prefix": "some/", "Expiration": {"Days": 364}}), "objects 364 days after"),
        (json!({"Tag": [{"Key": "k", "Value": "v"}], "Expiration": {"Days": 30}}), "objects 30 days after"),
        (
            json!({"Expiration": {"CreatedBeforeDate": "2100-01-01T00:00:00.000Z"}}),
            "last changed before 2100-01-01",
        ),
        (json!({"NoncurrentVersionExpiration": {"NoncurrentDays": 7}}), "deletes old versions after 7 days"),
    ];
    for (rule, part) in &told {
        put_rule(&fixture, rule);
        holds(&said_in_plan(&fixture), &[TOO_EARLY, "minimum_retention_days is 365", part]);
        holds(&said(&fixture, &["plan", "-no-color", "-refresh-only"]), &[TOO_EARLY, part]);
        // It is no change.
        fixture.assert_empty("with a rule that is told");
    }
    for quiet in [
        json!({"Expiration": {"Days": 365}}),
        json!({"Status": "Disabled", "Expiration": {"Days": 1}}),
        json!({"Expiration": {"ExpiredObjectDeleteMarker": true}}),
        json!({"AbortMultipartUpload": {"Days": 1}}),
        json!({"Expiration": {"CreatedBeforeDate": "2001-01-01T00:00:00.000Z"}}),
    ] {
        put_rule(&fixture, &quiet);
        let said = said_in_plan(&fixture);
        assert!(!said.contains(TOO_EARLY), "{quiet}:\n{said}");
    }

    // A warning also where losses are errors: an error would stand in the way of the repair.
    put_rule(&fixture, &told[0].0);
    let provider = "terraform {\n  required_providers {\n    alitrail = {\n      source = \"alitrail/alitrail\"\n    }\n  }\n}\n\n\
                    provider \"alitrail\" {\n  evidence_changes = \"deny\"\n}\n";
    fixture.write("provider.tf", provider);
    holds(&said_in_plan(&fixture), &[TOO_EARLY]);

    // Without the permission that is said, and fails nothing.
    let denied = json!([{"kind": "server_error", "action": "GetBucketLifecycle", "status": 403, "code": "AccessDenied", "message": "no"}]);
    fixture.cloud.set_faults(&denied);
    holds(&said_in_plan(&fixture), &["Warning: The lifecycle rules of bucket", "oss:GetBucketLifecycle"]);
}

#[test]
fn a_bucket_that_is_to_be_watched_from_now_on_is_looked_at_in_the_plan() {
    let fixture = Fixture::new(&full());
    fixture.configure(&bucket_with(""));
    fixture.apply();
    put_rule(&fixture, &json!({"Expiration": {"Days": 30}}));
    let said = said_in_plan(&fixture);
    assert!(!said.contains(TOO_EARLY), "nobody asked for it:\n{said}");
    fixture.configure(&bucket_with("  minimum_retention_days = 365"));
    holds(&said_in_plan(&fixture), &[TOO_EARLY, "objects 30 days after"]);
    fixture.apply();
    let said = said_in_plan(&fixture);
    assert_eq!(said.matches("too early").count(), 1, "and afterwards by each refresh, once:\n{said}");
    // Lived with: what is asked for is less.
    fixture.configure(&bucket_with("  minimum_retention_days = 30"));
    fixture.apply();
    let said = said_in_plan(&fixture);
    assert!(!said.contains(TOO_EARLY), "{said}");
}
