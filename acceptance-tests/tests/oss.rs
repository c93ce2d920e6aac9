//! `alitrail_oss_bucket` and `alitrail_oss_bucket_lifecycle` through their whole life on a real Terraform.

use acceptance_tests::scenario::Scenario;
use acceptance_tests::{Stage, full, others};
use serde_json::json;

const BUCKET: &str = "acceptance-archive";

fn text(value: &str) -> String {
    format!("{value:?}")
}

fn bucket() -> Scenario {
    Scenario {
        resource: "alitrail_oss_bucket",
        around: String::new(),
        base: vec![("bucket", text(BUCKET))],
        changes: vec![
            ("tags", "{ owner = \"security\" }".to_owned()),
            ("tags", "{ owner = \"audit\", cost-centre = \"7\" }".to_owned()),
            ("versioning", text("Suspended")),
            ("versioning", text("Enabled")),
            ("server_side_encryption", "{ sse_algorithm = \"KMS\" }".to_owned()),
            ("https_config", "{ tls_versions = [\"TLSv1.3\"] }".to_owned()),
            ("access_monitor", text("Enabled")),
            ("block_public_access", "false".to_owned()),
            ("acl", text("public-read")),
            ("acl", text("private")),
            ("block_public_access", "true".to_owned()),
            ("force_destroy", "true".to_owned()),
            ("deletion_protection", "true".to_owned()),
            ("deletion_protection", "false".to_owned()),
            ("force_destroy", "false".to_owned()),
        ],
        node: |cloud| cloud.bucket(BUCKET),
        drift: (json!({"ACL": "public-read", "BlockPublicAccess": false}), "acl"),
        import_id: BUCKET.to_owned(),
        identity: vec![("bucket", BUCKET.to_owned())],
        before_recreate: |cloud| cloud.advance_clock(24 * 3600),
    }
}

fn lifecycle() -> Scenario {
    let rules = |archive: &str, days: u32| {
        format!(
            "{{ archive = {{ prefix = \"events/\", transitions = {{ IA = {{ days = 30 }}, {archive} }}, expiration = {{ days = {days} }} }}, \
             uploads = {{ abort_multipart_upload = {{ days = 7 }} }} }}"
        )
    };
    Scenario {
        resource: "alitrail_oss_bucket_lifecycle",
        around: format!("resource \"alitrail_oss_bucket\" \"archive\" {{\n  bucket = {BUCKET:?}\n}}\n"),
        base: vec![
            ("bucket", "alitrail_oss_bucket.archive.bucket".to_owned()),
            ("rules", rules("Archive = { days = 90 }", 400)),
        ],
        changes: vec![
            ("rules", rules("Archive = { days = 120 }", 400)),
            ("rules", rules("ColdArchive = { days = 120 }", 800)),
            ("rules", "{ all = { prefix = \"events/\", expiration = { days = 400 } } }".to_owned()),
            ("minimum_retention_days", "365".to_owned()),
            ("minimum_retention_days", "null".to_owned()),
        ],
        node: |cloud| format!("{}/Lifecycle", cloud.bucket(BUCKET)),
        drift: (
            json!({"Rules": {"foreign": {"ID": "foreign", "Prefix": "x/", "Status": "Enabled", "Expiration": {"Days": 1}}}}),
            "rules",
        ),
        import_id: BUCKET.to_owned(),
        identity: vec![("bucket", BUCKET.to_owned())],
        before_recreate: |_| {},
    }
}

#[test]
fn a_bucket_lives_through_everything() {
    bucket().full(&full());
}

#[test]
fn a_lifecycle_lives_through_everything() {
    lifecycle().full(&full());
}

#[test]
fn both_live_on_the_other_versions() {
    for terraform in others() {
        bucket().short(&terraform);
        lifecycle().short(&terraform);
    }
}

#[test]
fn a_bucket_is_closed_from_the_start() {
    let stage = Stage::new(&full());
    stage.configure(&format!("resource \"alitrail_oss_bucket\" \"this\" {{\n  bucket = {BUCKET:?}\n}}\n"));
    stage.apply();
    let document = stage.cloud.get(&stage.cloud.bucket(BUCKET)).unwrap();
    assert_eq!(document["ACL"], "private");
    assert_eq!(document["BlockPublicAccess"], true);
    assert_eq!(document["Versioning"], "Enabled");
    assert_eq!(document["ServerSideEncryptionRule"]["SSEAlgorithm"], "AES256", "{document}");
}

#[test]
fn a_bucket_that_exists_is_not_taken_over_quietly() {
    let stage = Stage::new(&full());
    let bucket = format!("resource \"alitrail_oss_bucket\" \"this\" {{\n  bucket = {BUCKET:?}\n}}\n");
    stage.configure(&bucket);
    stage.apply();
    stage.workspace.succeed(&["state", "rm", "alitrail_oss_bucket.this"]).unwrap();
    let before = stage.cloud.get(&stage.cloud.bucket(BUCKET)).unwrap();
    let refused = stage.fail(&["apply", "-no-color", "-auto-approve"]);
    assert!(refused.contains("import {") && refused.contains(BUCKET), "{refused}");
    assert_eq!(stage.cloud.get(&stage.cloud.bucket(BUCKET)).unwrap(), before, "nothing was written");
}

#[test]
fn a_rule_that_expires_too_early_is_refused_in_plan() {
    let stage = Stage::new(&full());
    let around = lifecycle().around;
    stage.configure(&format!(
        "{around}\nresource \"alitrail_oss_bucket_lifecycle\" \"this\" {{\n  bucket = \
         alitrail_oss_bucket.archive.bucket\n  minimum_retention_days = 365\n  rules = {{ all = {{ expiration = {{ \
         days = 180 }} }} }}\n}}\n"
    ));
    let refused = stage.fail(&["plan", "-no-color"]);
    assert!(refused.contains("365") && refused.contains("180"), "{refused}");
}
