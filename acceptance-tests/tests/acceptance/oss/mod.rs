//! `alitrail_oss_bucket`, its lifecycle and all that belongs to it, through their whole life on a real Terraform.

// A test that cannot go on has nobody to hand an error to: it panics, and the panic is its report.
mod archive;
mod early_rules;
mod from_alicloud;
mod satellites;

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
fn said(stage: &Stage, arguments: &[&str]) -> String {
    let output = stage.workspace.run(arguments).unwrap();
    assert!(output.success(), "{}", output.combined());
    output.combined().split(['│', '╷', '╵']).flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
}

fn said_in_plan(stage: &Stage) -> String {
    said(stage, &PLAN)
}

fn holds(said: &str, parts: &[&str]) {
    for part in parts {
        assert!(said.contains(part), "{part:?} is not in:\n{said}");
    }
}

#[test]
fn a_bucket_that_was_made_by_half_is_completed_under_its_name() {
    let stage = Stage::new(&full());
    stage.configure(&bucket_with("  tags = { owner = \"security\" }"));
    let denied = json!({"kind": "server_error", "status": 403, "code": "AccessDenied", "message": "no"});
    let denied = |action: &str| {
        let mut fault = denied.clone();
        fault["action"] = json!(action);
        fault
    };
    stage.cloud.set_faults(&json!([denied("PutBucketVersioning"), denied("PutBucketHttpsConfig")]));
    let errors = stage.fail(&APPLY);
    // Each setting that failed is named, and those that did not are made.
    assert!(
        errors.contains("set versioning of bucket") && errors.contains("set https_config of bucket"),
        "{errors}"
    );
    let document = stage.cloud.get(&stage.cloud.bucket(BUCKET)).unwrap();
    assert_eq!(
        (&document["ACL"], &document["BlockPublicAccess"]),
        (&json!("private"), &json!(true)),
        "{document}"
    );

    stage.cloud.set_faults(&json!([]));
    let mark = stage.cloud.mark();
    stage.apply();
    let writes = stage.cloud.writes_since(mark);
    let mut writes: Vec<&str> = writes.iter().map(|write| write.action.as_str()).collect();
    writes.sort_unstable();
    assert_eq!(
        writes,
        ["PutBucketHttpsConfig", "PutBucketVersioning"],
        "only what was missing, and no deletion"
    );
    assert_eq!(
        stage.cloud.get(&stage.cloud.bucket(BUCKET)).unwrap()["CreationDate"],
        document["CreationDate"]
    );
    stage.assert_empty("after it was completed");
}

#[test]
fn what_the_front_ends_do_not_show_yet_is_waited_for() {
    let stage = Stage::new(&full());
    stage.cloud.put("switches", &json!({"oss_config_lag": "2s"})).unwrap();
    let around = rules_with("{ all = { expiration = { days = 400 } } }");
    let rules = around.replace(&format!("{BUCKET:?}"), "alitrail_oss_bucket.this.bucket");
    stage.configure(&format!("{}{rules}", bucket_with("")));
    stage.apply();
    stage.assert_empty("after create");
    stage.configure(&format!(
        "{}{}",
        bucket_with("  versioning = \"Suspended\""),
        rules.replace("400", "500")
    ));
    stage.apply();
    stage.assert_empty("after update");
}

#[test]
fn lost_answers_make_one_bucket_and_lose_nothing() {
    let stage = Stage::new(&full());
    let lost = |action: &str| json!({"action": action, "kind": "lost_answer", "times": 1});
    let actions =
        ["PutBucket", "PutBucketVersioning", "PutBucketLifecycle", "DeleteBucketLifecycle", "DeleteBucket"];
    stage.cloud.set_faults(&json!(actions.map(lost)));
    let rules = rules_with("{ all = { expiration = { days = 400 } } }");
    let rules = rules.replace(&format!("{BUCKET:?}"), "alitrail_oss_bucket.this.bucket");
    stage.configure(&format!("{}{rules}", bucket_with("")));
    let mark = stage.cloud.mark();
    stage.apply();
    stage.assert_empty("after answers were lost");
    stage.destroy();
    assert_eq!(stage.cloud.requests_since(mark).iter().filter(|request| request.lost).count(), actions.len());
    assert!(stage.cloud.remains().is_empty());
}

#[test]
fn a_name_that_cannot_be_had_is_explained() {
    let stage = Stage::new(&full());
    let path = stage.cloud.bucket(BUCKET);
    stage.configure(&bucket_with(""));
    stage.apply();
    stage.workspace.succeed(&["state", "rm", "alitrail_oss_bucket.this"]).unwrap();
    let mark = stage.cloud.mark();
    stage.configure(&bucket_with("  region = \"cn-shanghai\""));
    let errors = stage.fail(&APPLY);
    assert!(
        errors.contains("is in cn-hangzhou") && errors.contains(&format!("{BUCKET}@cn-hangzhou")),
        "{errors}"
    );
    stage.cloud.patch(&path, &json!({"Owner": "1999999999999999"})).unwrap();
    stage.configure(&bucket_with(""));
    let errors = stage.fail(&APPLY);
    assert!(
        errors.contains("belongs to another customer") && errors.contains("Nothing was written"),
        "{errors}"
    );
    assert!(stage.cloud.writes_since(mark).is_empty(), "looking comes first");
    // Where looking shows nothing, the refusal of the service is explained.
    let unseen = json!({"action": "GetBucketInfo", "kind": "server_error", "status": 404, "code": "NoSuchBucket",
        "message": "none", "times": 1});
    stage.cloud.set_faults(&json!([unseen]));
    let errors = stage.fail(&APPLY);
    holds(&errors, &["HTTP 409", "this one belongs to somebody else"]);

    stage.cloud.delete(&path).unwrap();
    stage.apply();
    stage.destroy();
    let errors = stage.fail(&APPLY);
    assert!(errors.contains("4 to 8 hours"), "{errors}");
}

#[test]
fn only_a_forced_destroy_deletes_what_is_in_a_bucket() {
    let stage = Stage::new(&full());
    stage.configure(&bucket_with(""));
    stage.apply();
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
    stage.cloud.put(&objects_at, &json!(objects)).unwrap();
    let upload = |at| (format!("{at:032x}"), json!({"Key": format!("half-{at}"), "Initiated": time}));
    let uploads: serde_json::Map<String, serde_json::Value> = (0..1100).map(upload).collect();
    stage.cloud.put(&format!("oss/uploads/{BUCKET}"), &json!(uploads)).unwrap();

    let errors = stage.fail(&["destroy", "-no-color", "-input=false", "-auto-approve"]);
    assert!(errors.contains("is not empty") && errors.contains("force_destroy = true"), "{errors}");
    assert_eq!(stage.cloud.get(&objects_at).unwrap().as_object().unwrap().len(), 1500);

    stage.configure(&bucket_with("  force_destroy = true"));
    stage.apply();
    let said = stage.destroy().combined();
    assert!(said.contains("is deleted with everything in it"), "{said}");
    assert!(stage.cloud.remains().is_empty());
}

#[test]
fn one_zone_becomes_several_in_place_and_never_one_again() {
    let stage = Stage::new(&full());
    stage.configure(&bucket_with("  redundancy_type = \"LRS\""));
    stage.apply();
    stage.configure(&bucket_with("  redundancy_type = \"ZRS\""));
    let plan = stage.plan(&[]);
    assert_eq!(plan.changes[0].actions, ["update"], "{}", plan.summary());
    stage.apply_plan_while_hours_pass();
    stage.assert_empty("after the conversion");
    for (attributes, said) in [
        ("  redundancy_type = \"LRS\"", "redundancy_type of bucket"),
        ("  storage_class = \"IA\"", "storage_class of bucket"),
    ] {
        stage.configure(&bucket_with(attributes));
        let errors = stage.fail(&["plan", "-no-color", "-input=false"]);
        assert!(errors.contains(said) && errors.contains("cannot be changed"), "{errors}");
    }
    // Not saying it keeps it.
    stage.configure(&bucket_with(""));
    stage.assert_empty("without a redundancy type");
}

#[test]
fn what_a_first_apply_does_to_rules_that_exist_is_told() {
    let stage = Stage::new(&full());
    stage.configure(&bucket_with(""));
    stage.apply();
    let rule = json!({"Prefix": "events/", "Status": "Enabled", "Expiration": {"Days": 400}});
    let uploads = json!({"Prefix": "", "Status": "Enabled", "AbortMultipartUpload": {"Days": 7}});
    let lifecycle = json!({"Rules": {"archive": rule, "by-hand": uploads}});
    stage.cloud.put(&format!("{}/Lifecycle", stage.cloud.bucket(BUCKET)), &lifecycle).unwrap();
    let rules = rules_with("{ archive = { prefix = \"events/\", expiration = { days = 200 } } }");
    stage.configure(&format!("{}{rules}", bucket_with("")));
    let said = said_in_plan(&stage);
    assert!(said.contains("removes the rule \"by-hand\" and replaces the rule \"archive\""), "{said}");
    assert!(said.contains("deleted after 200 days; before: after 400 days"), "{said}");
    stage.apply();
    stage.assert_empty("after taking over");
    stage.configure(&format!("{}{}", bucket_with(""), rules.replace("200", "100")));
    let said = said_in_plan(&stage);
    assert!(said.contains("deleted after 100 days; before: after 200 days"), "{said}");
    stage.configure(&format!("{}{}", bucket_with(""), rules.replace("200", "300")));
    let said = said_in_plan(&stage);
    assert!(!said.contains("earlier"), "keeping longer is no loss: {said}");
}
