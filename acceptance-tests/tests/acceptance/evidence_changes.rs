//! Changes that lose evidence, of every resource, on a real Terraform: the plan warns of each, and where they are denied
//! nothing is written.

use acceptance_tests::{Fixture, full};
use serde_json::{Value, json};

const BUCKET: &str = r#"
resource "alitrail_oss_bucket" "archive" {
  bucket                 = "changes-archive"
  server_side_encryption = { sse_algorithm = "KMS", kms_master_key_id = "9468da86-3509-4f8d-a61e-6eab1eac0001" }
}
"#;

const PROJECT: &str = r#"
resource "alitrail_sls_project" "events" {
  project_name        = "changes-events"
  recycle_bin_enabled = true
  force_destroy       = true
}
"#;

const TRAIL: &str = r#"
resource "alitrail_trail" "this" {
  trail_name      = "changes-trail"
  oss_bucket_name = alitrail_oss_bucket.archive.bucket
  sls_project_arn = alitrail_sls_project.events.arn
}
"#;

/// What belongs to the bucket and the project, and whom alerts tell.
const AROUND: &str = r#"
resource "alitrail_oss_bucket_policy" "archive" {
  bucket = alitrail_oss_bucket.archive.bucket
  policy = jsonencode({ Version = "1", Statement = [{
    Effect = "Deny", Action = ["oss:DeleteObject"], Principal = ["2000000000000002"], Resource = ["acs:oss:*:*:changes-archive/*"]
  }] })
}

resource "alitrail_oss_account_public_access_block" "this" {
}

resource "alitrail_delivery_role" "other" {
  role_name          = "changes-delivery"
  trusted_account_id = "1000000000000001"
  oss_bucket_name    = "changes-archive"
  sls_project_arn    = alitrail_sls_project.events.arn
}

resource "alitrail_sls_logstore" "audit" {
  project_name  = alitrail_sls_project.events.project_name
  logstore_name = "audit"
}

resource "alitrail_sls_index" "audit" {
  project_name  = alitrail_sls_project.events.project_name
  logstore_name = alitrail_sls_logstore.audit.logstore_name
  field_search  = { user = { type = "text" }, action = { type = "text" } }
}

resource "alitrail_sls_user" "alex" {
  user_id   = "changes-alex"
  user_name = "Alex"
  email     = ["alex@example.com", "team@example.com"]
}

resource "alitrail_sls_user" "billie" {
  user_id   = "changes-billie"
  user_name = "Billie"
  email     = ["billie@example.com"]
}

resource "alitrail_sls_user_group" "team" {
  user_group_id   = "changes-team"
  user_group_name = "Team"
  members         = [alitrail_sls_user.alex.user_id, alitrail_sls_user.billie.user_id]
}

resource "alitrail_sls_action_policy" "team" {
  action_policy_id      = "changes-policy"
  action_policy_name    = "Team"
  primary_policy_script = "fire(type=\"email\", users=[\"${alitrail_sls_user.alex.user_id}\"], groups=[\"${alitrail_sls_user_group.team.user_group_id}\"], template_id=\"sls.builtin.en\", period=\"any\")"
}

resource "alitrail_sls_alert" "root" {
  project_name = alitrail_sls_project.events.project_name
  alert_name   = "root-login"
  display_name = "Root login"
  schedule     = { interval = "15m" }
  configuration = {
    query_list              = [{ store = "audit", query = "user: root | select count(1) as cnt", start = "-15m" }]
    severity_configurations = [{ severity = 8, eval_condition = { condition = "cnt > 0" } }]
    policy_configuration    = { action_policy_id = alitrail_sls_action_policy.team.action_policy_id }
  }
}
"#;

fn whole() -> String {
    format!("{BUCKET}{PROJECT}{TRAIL}{AROUND}")
}

/// Each change, and what the plan says of it.
const CHANGES: [(&str, &str, &[&str]); 16] = [
    (
        "sse_algorithm = \"KMS\", kms_master_key_id = \"9468da86-3509-4f8d-a61e-6eab1eac0001\"",
        "sse_algorithm = \"AES256\"",
        &["bucket \"changes-archive\" encrypts new objects with a key of the service"],
    ),
    (
        "  bucket                 = \"changes-archive\"\n",
        "  bucket = \"changes-archive\"\n  https_config = { tls_versions = [\"TLSv1.0\", \"TLSv1.2\"] }\n",
        &["bucket \"changes-archive\" accepts older versions of TLS"],
    ),
    (
        "recycle_bin_enabled = true",
        "recycle_bin_enabled = false",
        &["project \"changes-events\" can no longer be recovered once it is deleted"],
    ),
    (
        "Effect = \"Deny\", Action = [\"oss:DeleteObject\"]",
        "Effect = \"Allow\", Action = [\"oss:GetObject\", \"oss:DeleteObject\"]",
        &[
            "bucket \"changes-archive\" lets others delete evidence",
            "bucket \"changes-archive\" refuses less",
        ],
    ),
    (
        "\"this\" {\n}",
        "\"this\" {\n  block_public_access = false\n}",
        &["public access block of account 1000000000000001 is lifted"],
    ),
    (
        "  sls_project_arn    = alitrail_sls_project.events.arn\n}",
        "}",
        &["delivery role \"changes-delivery\" is no longer for project"],
    ),
    (
        "  logstore_name = \"audit\"\n",
        "  logstore_name = \"audit\"\n  append_meta = false\n  mode = \"query\"\n",
        &[
            "logstore \"changes-events:audit\" no longer notes who sent a log",
            "logstore \"changes-events:audit\" can no longer be analysed",
        ],
    ),
    (
        "action = { type = \"text\" }",
        "action = { type = \"text\", enable_analytics = false }",
        &["the index of logstore \"changes-events:audit\" finds less by the field \"action\""],
    ),
    (
        "[\"alex@example.com\", \"team@example.com\"]",
        "[\"alex@example.com\"]",
        &["alert user \"changes-alex\" loses an e-mail address"],
    ),
    (
        "[alitrail_sls_user.alex.user_id, alitrail_sls_user.billie.user_id]",
        "[alitrail_sls_user.alex.user_id]",
        &["alert user group \"changes-team\" loses members"],
    ),
    (
        "users=[\\\"${alitrail_sls_user.alex.user_id}\\\"], ",
        "",
        &["action policy \"changes-policy\" notifies fewer"],
    ),
    ("interval = \"15m\"", "interval = \"1h\"", &["alert \"changes-events:root-login\" runs at other times"]),
    (
        "user: root |",
        "user: root and not region: x |",
        &["alert \"changes-events:root-login\" searches for something else"],
    ),
    ("cnt > 0", "cnt > 100", &["alert \"changes-events:root-login\" may not fire as before"]),
    (
        "    policy_configuration    = { action_policy_id = alitrail_sls_action_policy.team.action_policy_id }\n",
        "    policy_configuration = {}\n    mute_until = 4102444800\n",
        &[
            "alert \"changes-events:root-login\" tells others than before",
            "alert \"changes-events:root-login\" is silenced",
        ],
    ),
    (
        "resource \"alitrail_sls_user\" \"billie\" {\n  user_id   = \"changes-billie\"",
        "resource \"alitrail_sls_user\" \"billie\" {\n  enabled = false\n  user_id   = \"changes-billie\"",
        &["alert user \"changes-billie\" is no longer notified"],
    ),
];

fn provider(evidence_changes: &str) -> String {
    format!(
        "terraform {{\n  required_providers {{\n    alitrail = {{\n      source = \"alitrail/alitrail\"\n    }}\n  }}\n}}\n\n\
         provider \"alitrail\" {{\n  evidence_changes = {evidence_changes:?}\n}}\n"
    )
}

/// The messages of a plan: severity and summary of each.
fn messages(fixture: &Fixture, arguments: &[&str]) -> Vec<(String, String)> {
    let output = fixture.workspace.run(arguments).unwrap_or_else(|error| panic!("{error}"));
    let lines = output.stdout.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let found = lines.filter_map(|line| {
        let message = line.get("diagnostic")?;
        Some((message["severity"].as_str()?.to_owned(), message["summary"].as_str()?.to_owned()))
    });
    // Terraform's own, about how the tests hand it the provider.
    found
        .filter(|(_, summary)| summary != "Provider development overrides are in effect")
        // What a destroy leaves is no loss.
        .filter(|(_, summary)| !summary.contains("is deleted only if"))
        .collect()
}

const PLAN: [&str; 3] = ["plan", "-json", "-input=false"];
const APPLY: [&str; 4] = ["apply", "-json", "-input=false", "-auto-approve"];

/// The plan warns of all that is expected and of nothing else.
fn warns(fixture: &Fixture, expected: &[&str]) {
    let told = messages(fixture, &PLAN);
    for wanted in expected {
        let warned =
            |(severity, summary): &(String, String)| severity == "warning" && summary.starts_with(wanted);
        assert!(told.iter().any(warned), "{wanted}: {told:#?}");
    }
    let is_expected = |summary: &str| expected.iter().any(|wanted| summary.starts_with(wanted));
    let other: Vec<_> = told.iter().filter(|(_, summary)| !is_expected(summary)).collect();
    assert!(other.is_empty(), "{other:#?}");
}

/// An apply is refused for all that is expected before anything is written.
fn denies(fixture: &Fixture, expected: &[&str]) {
    fixture.write("provider.tf", &provider("deny"));
    let mark = fixture.cloud.mark();
    let refused = messages(fixture, &APPLY);
    for wanted in expected {
        let denied =
            |(severity, summary): &(String, String)| severity == "error" && summary.starts_with(wanted);
        assert!(refused.iter().any(denied), "{wanted}: {refused:#?}");
    }
    assert!(fixture.cloud.writes_since(mark).is_empty());
    fixture.write("provider.tf", &provider("warn"));
}

fn warns_and_denies(fixture: &Fixture, expected: &[&str]) {
    warns(fixture, expected);
    denies(fixture, expected);
}

#[test]
fn every_weakening_change_warns_and_is_denied() {
    let fixture = Fixture::new(&full());
    fixture.configure(&whole());
    fixture.apply();
    assert_eq!(messages(&fixture, &PLAN), [], "nothing changes, and nothing is lost");
    let mut changed = whole();
    for (before, after, told) in CHANGES {
        assert!(changed.contains(before), "{before}");
        changed = changed.replacen(before, after, 1);
        // One at a time: what depends on a refused change is not planned.
        fixture.configure(&whole().replacen(before, after, 1));
        denies(&fixture, told);
    }
    fixture.configure(&changed);
    warns(&fixture, &CHANGES.iter().flat_map(|(_, _, told)| told.iter().copied()).collect::<Vec<_>>());
    fixture.apply();
    fixture.assert_unchanged("after what was meant is done");
}

#[test]
fn deleting_what_a_trail_delivers_to_warns_and_is_denied() {
    let fixture = Fixture::new(&full());
    fixture.configure(&format!("{BUCKET}{PROJECT}{TRAIL}"));
    fixture.apply();
    // A trail that is not in this configuration any more, and goes on.
    fixture
        .workspace
        .succeed(&["state", "rm", "alitrail_trail.this"])
        .unwrap_or_else(|error| panic!("{error}"));
    fixture.configure("");
    let bucket = "bucket \"changes-archive\" is deleted while trail \"changes-trail\" delivers to it";
    let project = "project \"changes-events\" is deleted while trail \"changes-trail\" delivers to it";
    let whole = "project \"changes-events\" is deleted with all logs in it";
    warns_and_denies(&fixture, &[bucket, project, whole]);
    // Replacing does the same, and what cannot be seen is not told and stops no plan.
    fixture.configure(
        &format!("{BUCKET}{PROJECT}")
            .replace("changes-archive", "changes-archive-2")
            .replace("changes-events", "changes-events-2"),
    );
    warns_and_denies(&fixture, &[bucket, project, whole]);
    let hidden = json!({"action": "DescribeTrails", "kind": "server_error", "status": 403, "code": "NoPermission", "message": "no"});
    fixture.cloud.set_faults(&json!([hidden]));
    fixture.configure("");
    assert_eq!(messages(&fixture, &PLAN), [("warning".to_owned(), whole.to_owned())]);
    fixture.cloud.set_faults(&json!([]));
    // A trail that does not log loses nothing.
    let trail = format!("{}/Status", fixture.cloud.trail("changes-trail"));
    fixture.cloud.put(&trail, &json!("Disable")).unwrap();
    assert_eq!(messages(&fixture, &PLAN), [("warning".to_owned(), whole.to_owned())]);
}

#[test]
fn the_first_rules_and_the_first_policy_of_a_bucket_warn_and_are_denied() {
    let fixture = Fixture::new(&full());
    fixture.configure(BUCKET);
    fixture.apply();
    let rules = |rules: &str| {
        format!(
            "{BUCKET}\nresource \"alitrail_oss_bucket_lifecycle\" \"archive\" {{\n  bucket = \"changes-archive\"\n  rules = {rules}\n}}\n"
        )
    };
    fixture.configure(&rules(
        "{ purge = { expiration = { days = 30 }, noncurrent_version_expiration = { days = 7 } } }",
    ));
    warns_and_denies(
        &fixture,
        &[
            "bucket \"changes-archive\" begins to delete objects early",
            "bucket \"changes-archive\" begins to delete old versions early",
        ],
    );
    fixture.configure(&rules(
        "{ keep = { transitions = { IA = { days = 30 } }, expiration = { days = 180 } } }",
    ));
    assert_eq!(messages(&fixture, &PLAN), [], "evidence is kept for long enough");
    fixture.apply();
    fixture.configure(&format!(
        "{}\nresource \"alitrail_oss_bucket_policy\" \"archive\" {{\n  bucket = \"changes-archive\"\n  policy = jsonencode({{ Version = \"1\", \
         Statement = [{{ Effect = \"Allow\", Action = [\"oss:*\"], Principal = [\"2000000000000002\"], Resource = [\"acs:oss:*:*:changes-archive*\"] }}] \
         }})\n}}\n",
        rules("{ keep = { transitions = { IA = { days = 30 } }, expiration = { days = 180 } } }")
    ));
    warns_and_denies(&fixture, &["bucket \"changes-archive\" lets others delete evidence"]);
}
