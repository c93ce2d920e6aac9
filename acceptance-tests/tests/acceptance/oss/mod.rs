//! `alitrail_oss_bucket`, its lifecycle and all that belongs to it, through their whole life on a real Terraform.

// A test that cannot go on has nobody to hand an error to: it panics, and the panic is its report.
mod archive;
mod bucket_settings;
mod early_rules;
mod from_alicloud;

use acceptance_tests::scenario::Scenario;
use acceptance_tests::{Fixture, full, others};
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
            ("transfer_acceleration", "true".to_owned()),
            ("transfer_acceleration", "false".to_owned()),
            ("block_public_access", "false".to_owned()),
            ("acl", text("public-read")),
            ("acl", text("private")),
            ("block_public_access", "true".to_owned()),
            ("minimum_retention_days", "365".to_owned()),
            ("minimum_retention_days", "null".to_owned()),
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
    let fixture = Fixture::new(&full());
    fixture.configure(&format!("resource \"alitrail_oss_bucket\" \"this\" {{\n  bucket = {BUCKET:?}\n}}\n"));
    fixture.apply();
    let document = fixture.cloud.get(&fixture.cloud.bucket(BUCKET)).unwrap();
    assert_eq!(document["ACL"], "private");
    assert_eq!(document["BlockPublicAccess"], true);
    assert_eq!(document["Versioning"], "Enabled");
    assert_eq!(document["ServerSideEncryptionRule"]["SSEAlgorithm"], "AES256", "{document}");
}

#[test]
fn a_bucket_that_exists_is_not_taken_over_quietly() {
    let fixture = Fixture::new(&full());
    let bucket = format!("resource \"alitrail_oss_bucket\" \"this\" {{\n  bucket = {BUCKET:?}\n}}\n");
    fixture.configure(&bucket);
    fixture.apply();
    fixture.workspace.succeed(&["state", "rm", "alitrail_oss_bucket.this"]).unwrap();
    let before = fixture.cloud.get(&fixture.cloud.bucket(BUCKET)).unwrap();
    let refused = fixture.fail(&["apply", "-no-color", "-auto-approve"]);
    assert!(refused.contains("import {") && refused.contains(BUCKET), "{refused}");
    assert_eq!(fixture.cloud.get(&fixture.cloud.bucket(BUCKET)).unwrap(), before, "nothing was written");
}

#[test]
fn a_rule_that_expires_too_early_is_refused_in_plan() {
    let fixture = Fixture::new(&full());
    let around = lifecycle().around;
    fixture.configure(&format!(
        "{around}\nresource \"alitrail_oss_bucket_lifecycle\" \"this\" {{\n  bucket = \
         alitrail_oss_bucket.archive.bucket\n  minimum_retention_days = 365\n  rules = {{ all = {{ expiration = {{ \
         days = 180 }} }} }}\n}}\n"
    ));
    let refused = fixture.fail(&["plan", "-no-color"]);
    assert!(refused.contains("365") && refused.contains("180"), "{refused}");
}

const PLAN: [&str; 3] = ["plan", "-no-color", "-input=false"];
const APPLY: [&str; 4] = ["apply", "-no-color", "-input=false", "-auto-approve"];

/// The bucket with these attributes besides its name.
fn bucket_with(attributes: &str) -> String {
    format!("resource \"alitrail_oss_bucket\" \"this\" {{\n  bucket = {BUCKET:?}\n{attributes}\n}}\n")
}

/// Rules for a bucket that is there already.
fn rules_with(rules: &str) -> String {
    format!(
        "resource \"alitrail_oss_bucket_lifecycle\" \"this\" {{\n  bucket = {BUCKET:?}\n  rules = {rules}\n}}\n"
    )
}

/// Everything Terraform says in a command that succeeds, on one line and without the boxes around it.
fn said(fixture: &Fixture, arguments: &[&str]) -> String {
    let output = fixture.workspace.run(arguments).unwrap();
    assert!(output.success(), "{}", output.combined());
    output.combined().split(['│', '╷', '╵']).flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
}

fn said_in_plan(fixture: &Fixture) -> String {
    said(fixture, &PLAN)
}

fn holds(said: &str, parts: &[&str]) {
    for part in parts {
        assert!(said.contains(part), "{part:?} is not in:\n{said}");
    }
}

#[test]
fn a_bucket_that_was_made_by_half_is_completed_under_its_name() {
    let fixture = Fixture::new(&full());
    fixture.configure(&bucket_with("  tags = { owner = \"security\" }"));
    let denied = json!({"kind": "server_error", "status": 403, "code": "AccessDenied", "message": "no"});
    let denied = |action: &str| {
        let mut fault = denied.clone();
        fault["action"] = json!(action);
        fault
    };
    fixture.cloud.set_faults(&json!([denied("PutBucketVersioning"), denied("PutBucketHttpsConfig")]));
    let errors = fixture.fail(&APPLY);
    // Each setting that failed is named, and those that did not are made.
    assert!(
        errors.contains("set versioning of bucket") && errors.contains("set https_config of bucket"),
        "{errors}"
    );
    let document = fixture.cloud.get(&fixture.cloud.bucket(BUCKET)).unwrap();
    assert_eq!(
        (&document["ACL"], &document["BlockPublicAccess"]),
        (&json!("private"), &json!(true)),
        "{document}"
    );

    fixture.cloud.set_faults(&json!([]));
    let mark = fixture.cloud.mark();
    fixture.apply();
    let writes = fixture.cloud.writes_since(mark);
    let mut writes: Vec<&str> = writes.iter().map(|write| write.action.as_str()).collect();
    writes.sort_unstable();
    assert_eq!(
        writes,
        ["PutBucketHttpsConfig", "PutBucketVersioning"],
        "only what was missing, and no deletion"
    );
    assert_eq!(
        fixture.cloud.get(&fixture.cloud.bucket(BUCKET)).unwrap()["CreationDate"],
        document["CreationDate"]
    );
    fixture.assert_empty("after it was completed");
}

#[test]
fn what_the_front_ends_do_not_show_yet_is_waited_for() {
    let fixture = Fixture::new(&full());
    fixture.cloud.put("switches", &json!({"oss_config_lag": "2s"})).unwrap();
    let around = rules_with("{ all = { expiration = { days = 400 } } }");
    let rules = around.replace(&format!("{BUCKET:?}"), "alitrail_oss_bucket.this.bucket");
    fixture.configure(&format!("{}{rules}", bucket_with("")));
    fixture.apply();
    fixture.assert_empty("after create");
    fixture.configure(&format!(
        "{}{}",
        bucket_with("  versioning = \"Suspended\""),
        rules.replace("400", "500")
    ));
    fixture.apply();
    fixture.assert_empty("after update");
}

#[test]
fn lost_answers_make_one_bucket_and_lose_nothing() {
    let fixture = Fixture::new(&full());
    let lost = |action: &str| json!({"action": action, "kind": "lost_answer", "times": 1});
    let actions =
        ["PutBucket", "PutBucketVersioning", "PutBucketLifecycle", "DeleteBucketLifecycle", "DeleteBucket"];
    fixture.cloud.set_faults(&json!(actions.map(lost)));
    let rules = rules_with("{ all = { expiration = { days = 400 } } }");
    let rules = rules.replace(&format!("{BUCKET:?}"), "alitrail_oss_bucket.this.bucket");
    fixture.configure(&format!("{}{rules}", bucket_with("")));
    let mark = fixture.cloud.mark();
    fixture.apply();
    fixture.assert_empty("after answers were lost");
    fixture.destroy();
    assert_eq!(
        fixture.cloud.requests_since(mark).iter().filter(|request| request.lost).count(),
        actions.len()
    );
    assert!(fixture.cloud.remains().is_empty());
}

#[test]
fn a_name_that_cannot_be_had_is_explained() {
    let fixture = Fixture::new(&full());
    let path = fixture.cloud.bucket(BUCKET);
    fixture.configure(&bucket_with(""));
    fixture.apply();
    fixture.workspace.succeed(&["state", "rm", "alitrail_oss_bucket.this"]).unwrap();
    let mark = fixture.cloud.mark();
    fixture.configure(&bucket_with("  region = \"cn-shanghai\""));
    let errors = fixture.fail(&APPLY);
    assert!(
        errors.contains("is in cn-hangzhou") && errors.contains(&format!("{BUCKET}@cn-hangzhou")),
        "{errors}"
    );
    fixture.cloud.patch(&path, &json!({"Owner": "1999999999999999"})).unwrap();
    fixture.configure(&bucket_with(""));
    let errors = fixture.fail(&APPLY);
    assert!(
        errors.contains("belongs to another customer") && errors.contains("Nothing was written"),
        "{errors}"
    );
    assert!(fixture.cloud.writes_since(mark).is_empty(), "looking comes first");
    // Where looking shows nothing, the refusal of the service is explained.
    let unseen = json!({"action": "GetBucketInfo", "kind": "server_error", "status": 404, "code": "NoSuchBucket",
        "message": "none", "times": 1});
    fixture.cloud.set_faults(&json!([unseen]));
    let errors = fixture.fail(&APPLY);
    holds(&errors, &["HTTP 409", "this one belongs to somebody else"]);

    fixture.cloud.delete(&path).unwrap();
    fixture.apply();
    fixture.destroy();
    let errors = fixture.fail(&APPLY);
    assert!(errors.contains("4 to 8 hours"), "{errors}");
}

#[test]
fn only_a_forced_destroy_deletes_what_is_in_a_bucket() {
    let fixture = Fixture::new(&full());
    fixture.configure(&bucket_with(""));
    fixture.apply();
    let time = "2026-01-01T00:00:00.000Z";
    let version =
        |id: String, marker: bool| json!({"VersionId": id, "DeleteMarker": marker, "LastModified": time});
    let objects: serde_json::Map<String, serde_json::Value> = (0..1500)
        .map(|at| {
            (
                format!("k & <{at}>"),
                json!([version(format!("m{at}"), true), version(format!("v{at}"), false)]),
            )
        })
        .collect();
    let objects_at = format!("oss/objects/{BUCKET}");
    fixture.cloud.put(&objects_at, &json!(objects)).unwrap();
    let upload = |at| (format!("{at:032x}"), json!({"Key": format!("half-{at}"), "Initiated": time}));
    let uploads: serde_json::Map<String, serde_json::Value> = (0..1100).map(upload).collect();
    fixture.cloud.put(&format!("oss/uploads/{BUCKET}"), &json!(uploads)).unwrap();

    let errors = fixture.fail(&["destroy", "-no-color", "-input=false", "-auto-approve"]);
    assert!(errors.contains("is not empty") && errors.contains("force_destroy = true"), "{errors}");
    assert_eq!(fixture.cloud.get(&objects_at).unwrap().as_object().unwrap().len(), 1500);

    fixture.configure(&bucket_with("  force_destroy = true"));
    fixture.apply();
    let said = fixture.destroy().combined();
    assert!(said.contains("is deleted with everything in it"), "{said}");
    assert!(fixture.cloud.remains().is_empty());
}

#[test]
fn one_zone_becomes_several_in_place_and_never_one_again() {
    let fixture = Fixture::new(&full());
    fixture.configure(&bucket_with("  redundancy_type = \"LRS\""));
    fixture.apply();
    fixture.configure(&bucket_with("  redundancy_type = \"ZRS\""));
    let plan = fixture.plan(&[]);
    assert_eq!(plan.changes[0].actions, ["update"], "{}", plan.summary());
    fixture.apply_plan_while_hours_pass();
    fixture.assert_empty("after the conversion");
    for (attributes, said) in [
        ("  redundancy_type = \"LRS\"", "redundancy_type of bucket"),
        ("  storage_class = \"IA\"", "storage_class of bucket"),
    ] {
        fixture.configure(&bucket_with(attributes));
        let errors = fixture.fail(&["plan", "-no-color", "-input=false"]);
        assert!(errors.contains(said) && errors.contains("cannot be changed"), "{errors}");
    }
    // Not saying it keeps it.
    fixture.configure(&bucket_with(""));
    fixture.assert_empty("without a redundancy type");
}

#[test]
fn what_a_first_apply_does_to_rules_that_exist_is_told() {
    let fixture = Fixture::new(&full());
    fixture.configure(&bucket_with(""));
    fixture.apply();
    let rule = json!({"Prefix": "events/", "Status": "Enabled", "Expiration": {"Days": 400}});
    let uploads = json!({"Prefix": "", "Status": "Enabled", "AbortMultipartUpload": {"Days": 7}});
    let lifecycle = json!({"Rules": {"archive": rule, "by-hand": uploads}});
    fixture.cloud.put(&format!("{}/Lifecycle", fixture.cloud.bucket(BUCKET)), &lifecycle).unwrap();
    let rules = rules_with("{ archive = { prefix = \"events/\", expiration = { days = 200 } } }");
    fixture.configure(&format!("{}{rules}", bucket_with("")));
    let said = said_in_plan(&fixture);
    assert!(said.contains("removes the rule \"by-hand\" and replaces the rule \"archive\""), "{said}");
    assert!(said.contains("deleted after 200 days; before: after 400 days"), "{said}");
    fixture.apply();
    fixture.assert_empty("after taking over");
    fixture.configure(&format!("{}{}", bucket_with(""), rules.replace("200", "100")));
    let said = said_in_plan(&fixture);
    assert!(said.contains("deleted after 100 days; before: after 200 days"), "{said}");
    fixture.configure(&format!("{}{}", bucket_with(""), rules.replace("200", "300")));
    let said = said_in_plan(&fixture);
    assert!(!said.contains("earlier"), "keeping longer is no loss: {said}");
}
