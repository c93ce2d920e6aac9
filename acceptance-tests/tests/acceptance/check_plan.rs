//! `alitrail check-plan` over plans that real Terraform makes of this provider: a plan of the baseline passes, before it is applied
//! and afterwards, and one that stops the trail does not.

use std::path::Path;
use std::process::{Command, Output};

use acceptance_tests::{Fixture, artifacts, full};
use serde_json::Value;

/// Everything that the rules of a plan ask for.
const CONFIGURATION: &str = r#"
data "alitrail_caller_identity" "this" {}

resource "alitrail_trail" "audit" {
  trail_name      = "audit-trail"
  oss_bucket_name = alitrail_oss_bucket.archive.bucket
  sls_project_arn = alitrail_sls_project.events.arn
  status          = "Enable"
}

resource "alitrail_oss_bucket" "archive" {
  bucket                 = "check-plan-archive"
  server_side_encryption = { sse_algorithm = "KMS", kms_master_key_id = "9468da86-3509-4f8d-a61e-6eab1eac0001" }
}

resource "alitrail_oss_bucket" "access_log" {
  bucket = "check-plan-access-log"
}

resource "alitrail_oss_bucket_logging" "archive" {
  bucket        = alitrail_oss_bucket.archive.bucket
  target_bucket = alitrail_oss_bucket.access_log.bucket
}

resource "alitrail_oss_bucket_policy" "archive" {
  bucket = alitrail_oss_bucket.archive.bucket
  policy = jsonencode({ Version = "1", Statement = [{
    Effect    = "Deny"
    Action    = ["oss:*"]
    Principal = ["*"]
    Resource  = ["acs:oss:*:*:check-plan-archive", "acs:oss:*:*:check-plan-archive/*"]
    Condition = { Bool = { "acs:SecureTransport" = ["false"] } }
  }] })
}

resource "alitrail_oss_bucket_lifecycle" "archive" {
  bucket = alitrail_oss_bucket.archive.bucket
  rules  = { uploads = { abort_multipart_upload = { days = 7 } } }
}

resource "alitrail_oss_bucket_worm" "archive" {
  bucket                   = alitrail_oss_bucket.archive.bucket
  retention_period_in_days = 180
  status                   = "InProgress"
}

resource "alitrail_sls_project" "events" {
  project_name = "check-plan-events"
}
"#;

/// A plan as JSON and as it was saved.
struct Plan {
    json: String,
    saved: String,
}

fn plan(fixture: &Fixture, arguments: &[&str]) -> Plan {
    let save = [&["plan", "-no-color", "-input=false", "-out=checked.tfplan"], arguments].concat();
    fixture.workspace.succeed(&save).unwrap_or_else(|error| panic!("{error}"));
    let shown = fixture.workspace.json(&["show", "-json", "checked.tfplan"]).unwrap();
    let json = fixture.path().join("checked.json");
    std::fs::write(&json, shown.to_string()).unwrap();
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    Plan { json: text(&json), saved: text(&fixture.path().join("checked.tfplan")) }
}

fn check(fixture: &Fixture, arguments: &[&str]) -> Output {
    let mut command = Command::new(&artifacts().alitrail);
    // Plugins are found as Terraform finds them.
    command.arg("check-plan").args(arguments).envs(fixture.workspace.environment());
    command.output().unwrap()
}

/// What a run printed, with its exit code.
fn said(output: &Output) -> (Option<i32>, String) {
    let text = [&output.stdout[..], &output.stderr].map(String::from_utf8_lossy).concat();
    (output.status.code(), text)
}

/// The rules that fail, with the addresses of what fails.
fn failures(output: &Output) -> Vec<String> {
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut failures: Vec<String> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["verdict"] == "fail")
        .map(|finding| {
            format!(
                "{} {}",
                finding["rule"].as_str().unwrap(),
                finding["location"]["address"].as_str().unwrap()
            )
        })
        .collect();
    failures.sort();
    failures
}

/// A retention policy cannot be locked by a plan that is to be thrown away.
const BUT: [&str; 2] = ["--exclude-rule", "OS-08"];

#[test]
fn a_plan_of_the_baseline_passes_and_one_that_stops_the_trail_does_not() {
    let fixture = Fixture::new(&full());
    fixture.configure(CONFIGURATION);
    let created = plan(&fixture, &[]);
    let (code, text) = said(&check(&fixture, &[&BUT[..], &[&created.json]].concat()));
    assert_eq!(code, Some(0), "{text}");
    let (code, text) = said(&check(&fixture, &[&BUT[..], &["--fail-on-unknown", &created.json]].concat()));
    assert_eq!(code, Some(0), "{text}");

    fixture.apply();
    let unchanged = plan(&fixture, &[]);
    let (code, text) = said(&check(&fixture, &[&BUT[..], &["--fail-on-unknown", &unchanged.json]].concat()));
    assert_eq!(code, Some(0), "{text}");

    fixture.configure(&CONFIGURATION.replace("\"Enable\"", "\"Disable\""));
    let stopped = plan(&fixture, &[]);
    let output = check(&fixture, &[&BUT[..], &["--format", "json", &stopped.json]].concat());
    assert_eq!(output.status.code(), Some(1), "{}", said(&output).1);
    let trail = |rule: &str| format!("{rule} alitrail_trail.audit");
    assert_eq!(failures(&output), [trail("AT-01"), trail("AT-04"), trail("trail.logging_stopped")]);

    let sarif = check(&fixture, &[&BUT[..], &["--format", "sarif", &stopped.json]].concat());
    let sarif: Value = serde_json::from_slice(&sarif.stdout).unwrap();
    let run = &sarif["runs"][0];
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 3, "{sarif}");
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(run["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
        let location = &result["locations"][0];
        assert_eq!(location["logicalLocations"][0]["fullyQualifiedName"], "alitrail_trail.audit");
        assert_eq!(location["physicalLocation"]["artifactLocation"]["uri"], stopped.json.as_str());
    }

    // The saved plan is shown by Terraform itself.
    let program = fixture.workspace.terraform().executable().map(|path| path.to_str().unwrap().to_owned());
    if let Some(program) = program {
        let output = check(
            &fixture,
            &[&BUT[..], &["--format", "json", "--terraform", &program, &stopped.saved]].concat(),
        );
        assert_eq!(failures(&output).len(), 3, "{}", said(&output).1);
    }

    fixture.configure(CONFIGURATION);
    let destroyed = plan(&fixture, &["-destroy"]);
    let output = check(&fixture, &["--format", "json", &destroyed.json]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output).1);
    let failures = failures(&output);
    for failure in
        ["trail.deleted alitrail_trail.audit", "bucket.delivery_target_deleted alitrail_oss_bucket.archive"]
    {
        assert!(failures.iter().any(|found| found == failure), "{failures:?}");
    }
}

#[test]
fn the_commands_of_the_guide_work() {
    let directory = tempfile::tempdir().unwrap();
    // Nothing that matters here, written by hand.
    let plan =
        r#"{"format_version":"1.2","planned_values":{"root_module":{}},"configuration":{"root_module":{}}}"#;
    std::fs::write(directory.path().join("plan.json"), plan).unwrap();
    let run = |arguments: &[&str], input: Option<&Path>| {
        let mut command = Command::new(&artifacts().alitrail);
        command.args(arguments).current_dir(directory.path());
        if let Some(input) = input {
            command.stdin(std::fs::File::open(input).unwrap());
        }
        said(&command.output().unwrap())
    };
    let (code, text) = run(&["check-plan", "-"], Some(&directory.path().join("plan.json")));
    assert_eq!(code, Some(0), "{text}");
    let (code, text) = run(&["check-plan", "plan.json", "--expect-baseline"], None);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("The account has no trail"), "{text}");
    let (code, text) = run(&["check-plan", "plan.json", "--rule", "trail.*", "--rule", "bucket*"], None);
    assert_eq!(code, Some(0), "{text}");
    let (code, text) = run(&["rules", "--changes"], None);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("trail.logging_stopped"), "{text}");
    let (code, text) = run(&["check-plan", "plan.json", "--rule", "trails.*"], None);
    assert_eq!(code, Some(64), "{text}");
}

#[test]
fn what_is_no_plan_is_told() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("plan.json");
    let check = |text: &str| {
        std::fs::write(&path, text).unwrap();
        said(
            &Command::new(&artifacts().alitrail)
                .args(["check-plan", path.to_str().unwrap()])
                .output()
                .unwrap(),
        )
    };
    for (text, words) in [
        ("", "is not the JSON of a plan"),
        (r#"{"format_version":"2.0"}"#, "format_version \"2.0\" is not known"),
        (r#"{"version":4}"#, "no format_version"),
        (r#"{"format_version":"1.2","errored":true}"#, "ended with an error"),
    ] {
        let (code, said) = check(text);
        assert_eq!(code, Some(64), "{said}");
        assert!(said.contains(words), "{said}");
    }
}
