//! What a person is told about wrong input. Every case is planned and, where the plan cannot know, applied; the error
//! has to name the attribute or argument, say what is wrong and what to do, and come before any write to the cloud.
//! The texts are held in one snapshot; `INSTA_UPDATE=always cargo test --test bad_input` writes it anew.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test has nobody to hand an error to"
)]

use std::fmt::Write;
use std::sync::Mutex;

use acceptance_tests::{Stage, full};
use serde_json::json;

/// One wrong input.
struct Case {
    name: &'static str,
    /// Replaces the provider block's contents.
    provider: &'static str,
    configuration: &'static str,
    /// Prepares the stage further: environment, files, faults.
    prepare: fn(&mut Stage),
    /// Whether the plan has to find it; otherwise the apply.
    in_plan: bool,
}

impl Case {
    const fn plan(name: &'static str, configuration: &'static str) -> Self {
        Case { name, provider: "", configuration, prepare: |_| {}, in_plan: true }
    }

    const fn provider(name: &'static str, provider: &'static str, prepare: fn(&mut Stage)) -> Self {
        Case { name, provider, configuration: TRAIL, prepare, in_plan: false }
    }

    const fn apply(name: &'static str, configuration: &'static str) -> Self {
        Case { name, provider: "", configuration, prepare: |_| {}, in_plan: false }
    }
}

const TRAIL: &str = r#"
resource "alitrail_trail" "this" {
  trail_name      = "audit-trail"
  oss_bucket_name = "existing-archive"
}
"#;

const CASES: &[Case] = &[
    // The provider block and what it finds around it.
    Case::provider("region: missing", "", |stage| stage.workspace.unset("ALIBABA_CLOUD_REGION")),
    Case::provider("region: not a region", "region = \"hangzhou\"", |_| {}),
    Case::provider("access key: unknown", "", |stage| {
        stage.workspace.set("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAInosuchkey0000000");
    }),
    Case::provider("access key: wrong secret", "", |stage| {
        stage.workspace.set("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "not-the-secret");
    }),
    Case::provider("access key: secret missing", "", |stage| {
        stage.workspace.unset("ALIBABA_CLOUD_ACCESS_KEY_SECRET");
    }),
    Case::provider("credentials: none at all", "", |stage| {
        stage.workspace.unset("ALIBABA_CLOUD_ACCESS_KEY_ID");
        stage.workspace.unset("ALIBABA_CLOUD_ACCESS_KEY_SECRET");
        let home = stage.path().to_owned();
        stage.workspace.set("HOME", home);
    }),
    Case::provider("profile: unknown", "profile = \"no-such-profile\"", |stage| {
        stage.workspace.unset("ALIBABA_CLOUD_ACCESS_KEY_ID");
        stage.workspace.unset("ALIBABA_CLOUD_ACCESS_KEY_SECRET");
        let profiles = json!({"current": "default", "profiles": [{"name": "default", "mode": "AK"}]});
        stage.write("profiles.json", &profiles.to_string());
        stage.workspace.set("ALIBABA_CLOUD_CREDENTIALS_FILE", "profiles.json");
    }),
    Case::provider("profile: the file is not JSON", "profile = \"default\"", |stage| {
        stage.write("profiles.json", "{\"profiles\": [");
        stage.workspace.set("ALIBABA_CLOUD_CREDENTIALS_FILE", "profiles.json");
    }),
    Case::provider(
        "endpoint: plain http to another host",
        "endpoint_url = \"http://192.0.2.1:8080\"",
        |_| {},
    ),
    Case::provider(
        "endpoint: nobody listens",
        "endpoint_url = \"http://127.0.0.1:9\"\n  max_retries = 0",
        |_| {},
    ),
    Case::provider("endpoint: not an address", "endpoint_url = \"no address\"", |_| {}),
    Case::provider("account: not allowed", "allowed_account_ids = [\"1000000000009999\"]", |_| {}),
    Case::provider("clock: a quarter of an hour off", "", |stage| {
        // The mock shares this machine's clock, so its answer to a wrong one is ordered.
        stage
            .cloud
            .set_faults(&json!([{"kind": "server_error", "status": 400, "code": "InvalidTimeStamp.Expired",
            "message": "Specified time stamp or date value is expired."}]));
    }),
    // The trail.
    Case::plan(
        "trail: name too short",
        "resource \"alitrail_trail\" \"this\" {\n  trail_name = \"audit\"\n  oss_bucket_name = \"existing-archive\"\n}",
    ),
    Case::plan(
        "trail: no destination",
        "resource \"alitrail_trail\" \"this\" {\n  trail_name = \"audit-trail\"\n}",
    ),
    Case::plan(
        "trail: prefix too short",
        "resource \"alitrail_trail\" \"this\" {\n  trail_name = \"audit-trail\"\n  oss_bucket_name = \
         \"existing-archive\"\n  oss_key_prefix = \"ab\"\n}",
    ),
    Case::plan(
        "trail: project given by name",
        "resource \"alitrail_trail\" \"this\" {\n  trail_name = \"audit-trail\"\n  sls_project_arn = \"events\"\n}",
    ),
    Case::plan(
        "trail: role given by name",
        "resource \"alitrail_trail\" \"this\" {\n  trail_name = \"audit-trail\"\n  oss_bucket_name = \
         \"existing-archive\"\n  oss_write_role_arn = \"writer\"\n}",
    ),
    Case::plan(
        "trail: unknown kind of events",
        "resource \"alitrail_trail\" \"this\" {\n  trail_name = \"audit-trail\"\n  oss_bucket_name = \
         \"existing-archive\"\n  event_rw = \"Reads\"\n}",
    ),
    Case::plan(
        "trail: not a region",
        "resource \"alitrail_trail\" \"this\" {\n  trail_name = \"audit-trail\"\n  oss_bucket_name = \
         \"existing-archive\"\n  region = \"hangzhou\"\n}",
    ),
    Case::apply("trail: bucket does not exist", TRAIL),
    Case::plan(
        "trail: another account",
        "resource \"alitrail_trail\" \"this\" {\n  trail_name = \"audit-trail\"\n  oss_bucket_name = \
         \"existing-archive\"\n  account_id = \"1000000000009999\"\n}",
    ),
    // The bucket and its lifecycle.
    Case::plan(
        "bucket: capital letters",
        "resource \"alitrail_oss_bucket\" \"this\" {\n  bucket = \"Archive\"\n}",
    ),
    Case::plan(
        "bucket: public although public access is blocked",
        "resource \"alitrail_oss_bucket\" \"this\" {\n  bucket = \"an-archive\"\n  acl = \"public-read\"\n}",
    ),
    Case::plan(
        "bucket: key without KMS",
        "resource \"alitrail_oss_bucket\" \"this\" {\n  bucket = \"an-archive\"\n  server_side_encryption = {\n    \
         sse_algorithm = \"AES256\"\n    kms_master_key_id = \"0000-1111\"\n  }\n}",
    ),
    Case::plan(
        "lifecycle: days in the wrong order",
        "resource \"alitrail_oss_bucket_lifecycle\" \"this\" {\n  bucket = \"an-archive\"\n  rules = {\n    all = {\n      \
         transitions = { IA = { days = 90 }, Archive = { days = 30 } }\n      expiration = { days = 365 }\n    }\n  }\n}",
    ),
    Case::plan(
        "lifecycle: expires before it moves",
        "resource \"alitrail_oss_bucket_lifecycle\" \"this\" {\n  bucket = \"an-archive\"\n  rules = {\n    all = {\n      \
         transitions = { IA = { days = 90 } }\n      expiration = { days = 60 }\n    }\n  }\n}",
    ),
    Case::plan(
        "lifecycle: overlapping rules",
        "resource \"alitrail_oss_bucket_lifecycle\" \"this\" {\n  bucket = \"an-archive\"\n  rules = {\n    all = { \
         expiration = { days = 400 } }\n    part = { prefix = \"a/\", expiration = { days = 500 } }\n  }\n}",
    ),
    Case::plan(
        "lifecycle: shorter than the minimum",
        "resource \"alitrail_oss_bucket_lifecycle\" \"this\" {\n  bucket = \"an-archive\"\n  minimum_retention_days = \
         365\n  rules = {\n    all = { expiration = { days = 180 } }\n  }\n}",
    ),
    Case::apply(
        "lifecycle: bucket does not exist",
        "resource \"alitrail_oss_bucket_lifecycle\" \"this\" {\n  bucket = \"an-archive\"\n  rules = {\n    all = { \
         expiration = { days = 400 } }\n  }\n}",
    ),
    // Project and logstore.
    Case::plan(
        "project: name too short",
        "resource \"alitrail_sls_project\" \"this\" {\n  project_name = \"ab\"\n}",
    ),
    Case::plan(
        "logstore: kept for no time",
        "resource \"alitrail_sls_logstore\" \"this\" {\n  project_name = \"events\"\n  logstore_name = \"audit\"\n  \
         retention_period = 0\n}",
    ),
    Case::plan(
        "logstore: hot for longer than kept",
        "resource \"alitrail_sls_logstore\" \"this\" {\n  project_name = \"events\"\n  logstore_name = \"audit\"\n  \
         retention_period = 60\n  hot_ttl = 90\n}",
    ),
    Case::apply(
        "logstore: project does not exist",
        "resource \"alitrail_sls_logstore\" \"this\" {\n  project_name = \"no-such-project\"\n  logstore_name = \
         \"audit\"\n}",
    ),
];

/// What Terraform says about a case, and which writes reached the cloud.
fn ask(case: &Case) -> (String, Vec<String>) {
    let mut stage = Stage::new(&full());
    stage.write(
        "provider.tf",
        &format!(
            "terraform {{\n  required_providers {{\n    alitrail = {{\n      source = \"alitrail/alitrail\"\n    \
             }}\n  }}\n}}\n\nprovider \"alitrail\" {{\n  {}\n}}\n",
            case.provider
        ),
    );
    stage.configure(case.configuration);
    let mark = stage.cloud.mark();
    (case.prepare)(&mut stage);
    let said = if case.in_plan {
        stage.fail(&["plan", "-no-color", "-input=false"])
    } else {
        stage.fail(&["apply", "-no-color", "-input=false", "-auto-approve"])
    };
    let mut hidden = said.replace(&*stage.path().to_string_lossy(), "<directory>");
    for (secret, name) in [
        (stage.cloud.account_id.as_str(), "<account>"),
        (stage.cloud.access_key.as_str(), "<access key>"),
        (stage.cloud.endpoint_url.as_str(), "<endpoint>"),
    ] {
        hidden = hidden.replace(secret, name);
    }
    assert!(!hidden.contains(&stage.cloud.secret_key), "{}: the secret is shown", case.name);
    assert!(!hidden.contains("not-the-secret"), "{}: the secret is shown", case.name);
    let accepted = stage.cloud.writes_since(mark).into_iter().filter(|write| write.accepted);
    let written = accepted.map(|write| write.action).collect();
    (without_chance(&hidden), written)
}

/// Request ids and times differ from run to run.
fn without_chance(text: &str) -> String {
    let is_id = |word: &str| {
        word.len() >= 24
            && word.chars().all(|c| c.is_ascii_hexdigit() || c == '-')
            && word.contains(|c: char| c.is_ascii_digit())
    };
    let is_time =
        |word: &str| word.len() == 20 && word.starts_with("20") && word.ends_with('Z') && word.contains('T');
    let belongs = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == ':';
    let mut plain = String::new();
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(|c| !belongs(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        plain.push_str(match word.trim_end_matches(':') {
            id if is_id(id) => "<request id>",
            time if is_time(time) => "<time>",
            _ => word,
        });
        let next = after.find(belongs).unwrap_or(after.len());
        plain.push_str(&after[..next]);
        rest = &after[next..];
    }
    plain
}

#[test]
fn every_wrong_input_is_explained_before_any_write() {
    let results = Mutex::new(vec![None; CASES.len()]);
    let next = Mutex::new(0..CASES.len());
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                loop {
                    let Some(index) = next.lock().unwrap().next() else { return };
                    let answer = ask(&CASES[index]);
                    results.lock().unwrap()[index] = Some(answer);
                }
            });
        }
    });
    let mut texts = String::new();
    let mut writes = Vec::new();
    for (case, result) in CASES.iter().zip(results.into_inner().unwrap()) {
        let (said, written) = result.expect("every case was asked");
        writeln!(texts, "## {}\n{said}\n", case.name).unwrap();
        writes.extend(written.into_iter().map(|action| format!("{}: {action}", case.name)));
    }
    assert!(writes.is_empty(), "wrong input led to writes: {writes:?}");
    insta::assert_snapshot!("texts", texts);
}
