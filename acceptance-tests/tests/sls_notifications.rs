//! Whom alerts notify, through its whole life on a real Terraform: `alitrail_sls_user`, `alitrail_sls_user_group` and
//! `alitrail_sls_action_policy`.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test has nobody to hand an error to"
)]

use acceptance_tests::scenario::Scenario;
use acceptance_tests::{Cloud, Stage, full, others};
use serde_json::{Value, json};

/// The region that keeps the records of the account.
const HOME: &str = "cn-heyuan";

fn text(value: &str) -> String {
    format!("{value:?}")
}

fn record(cloud: &Cloud, table: &str, id: &str) -> String {
    format!("{}/sls/resources/{table}/records/{id}", cloud.region(HOME))
}

/// What the value of a record says.
fn value(cloud: &Cloud, table: &str, id: &str) -> Value {
    let record = cloud.get(&record(cloud, table, id)).unwrap();
    serde_json::from_str(record["value"].as_str().unwrap()).unwrap()
}

fn user() -> Scenario {
    Scenario {
        resource: "alitrail_sls_user",
        around: String::new(),
        base: vec![
            ("user_id", text("alex")),
            ("user_name", text("Alex")),
            ("email", "[\"alex@example.com\"]".to_owned()),
        ],
        changes: vec![
            ("user_name", text("Alex (nights)")),
            ("email", "[\"nights@example.com\", \"alex@example.com\"]".to_owned()),
            ("phone", "\"13800000000\"\n  country_code = \"86\"".to_owned()),
            ("sms_enabled", "true".to_owned()),
            ("voice_enabled", "true".to_owned()),
            ("enabled", "false".to_owned()),
        ],
        node: |cloud| record(cloud, "sls.common.user", "alex"),
        drift: (json!({"tag": "Somebody else"}), "user_name"),
        import_id: "alex".to_owned(),
        identity: vec![("user_id", "alex".to_owned())],
        before_recreate: |_| {},
    }
}

const MEMBER: &str = r#"resource "alitrail_sls_user" "member" {
  user_id   = "billie"
  user_name = "Billie"
  email     = ["billie@example.com"]
}
"#;

fn group() -> Scenario {
    Scenario {
        resource: "alitrail_sls_user_group",
        around: MEMBER.to_owned(),
        base: vec![
            ("user_group_id", text("security-team")),
            ("user_group_name", text("Security team")),
            ("members", "[alitrail_sls_user.member.user_id]".to_owned()),
        ],
        changes: vec![
            ("user_group_name", text("Everybody")),
            ("members", "[alitrail_sls_user.member.user_id, \"not-here-yet\"]".to_owned()),
            ("enabled", "false".to_owned()),
        ],
        node: |cloud| record(cloud, "sls.common.user_group", "security-team"),
        drift: (json!({"value": "{\"members\": [\"intruder\"], \"enabled\": true}"}), "members"),
        import_id: format!("security-team@{HOME}"),
        identity: vec![("user_group_id", "security-team".to_owned()), ("region", HOME.to_owned())],
        before_recreate: |_| {},
    }
}

fn script(kind: &str) -> String {
    text(&format!(
        "fire(type=\"{kind}\", users=[\"billie\"], template_id=\"sls.builtin.en\", period=\"any\")"
    ))
}

fn action_policy() -> Scenario {
    Scenario {
        resource: "alitrail_sls_action_policy",
        around: MEMBER.to_owned(),
        base: vec![
            ("action_policy_id", text("cis.actions")),
            ("action_policy_name", text("CIS actions")),
            ("primary_policy_script", script("email")),
            ("depends_on", "[alitrail_sls_user.member]".to_owned()),
        ],
        changes: vec![
            ("action_policy_name", text("Changed")),
            ("primary_policy_script", script("sms")),
            ("labels", "{ team = \"security\" }".to_owned()),
            ("secondary_policy_script", script("voice")),
            ("escalation_timeout", text("4h")),
            ("escalation_enabled", "true".to_owned()),
            ("escalation_start_timeout", "\"10m\"\n  escalation_start_enabled = true".to_owned()),
        ],
        node: |cloud| record(cloud, "sls.alert.action_policy", "cis.actions"),
        drift: (json!({"value": "{\"primary_policy_script\": \"stop()\"}"}), "primary_policy_script"),
        import_id: "cis.actions".to_owned(),
        identity: vec![("action_policy_id", "cis.actions".to_owned())],
        before_recreate: |_| {},
    }
}

#[test]
fn a_user_lives_through_everything() {
    user().full(&full());
}

#[test]
fn a_group_lives_through_everything() {
    group().full(&full());
}

#[test]
fn an_action_policy_lives_through_everything() {
    action_policy().full(&full());
}

#[test]
fn they_live_on_the_other_versions() {
    for terraform in others() {
        user().short(&terraform);
        group().short(&terraform);
        action_policy().short(&terraform);
    }
}

const ALL: &str = r#"
resource "alitrail_sls_user" "this" {
  user_id   = "alex"
  user_name = "Alex"
  email     = ["alex@example.com"]
}

resource "alitrail_sls_user_group" "this" {
  user_group_id   = "security-team"
  user_group_name = "Security team"
  members         = [alitrail_sls_user.this.user_id]
}

resource "alitrail_sls_action_policy" "this" {
  action_policy_id      = "cis.actions"
  action_policy_name    = "CIS actions"
  primary_policy_script = <<-EOT
    if alert.severity >= 8:
        fire(type="sms", groups=["${alitrail_sls_user_group.this.user_group_id}"], template_id="sls.builtin.en", period="any")
        stop()
    fire(type="email", groups=["${alitrail_sls_user_group.this.user_group_id}"], template_id="sls.builtin.en", period="any")
  EOT
}
"#;

#[test]
fn what_somebody_else_wrote_stays_and_lost_answers_leave_nothing_behind() {
    let stage = Stage::new(&full());
    stage.configure(ALL);
    let lost = json!({"action": "CreateResourceRecord", "kind": "lost_answer", "times": 3});
    stage.cloud.set_faults(&json!([lost]));
    let mark = stage.cloud.mark();
    let said = stage.apply().combined();
    assert!(!said.contains("does not exist"), "all of them exist when they are named: {said}");
    let requests = stage.cloud.requests_since(mark);
    assert_eq!(requests.iter().filter(|request| request.lost).count(), 3);
    assert_eq!(requests.iter().filter(|request| request.write).count(), 3, "none is made twice");
    stage.assert_empty("after answers were lost");

    // Members that the provider does not know.
    let path = record(&stage.cloud, "sls.common.user", "alex");
    let mut known = value(&stage.cloud, "sls.common.user", "alex");
    known["calendar"] = json!("nights");
    stage.cloud.patch(&path, &json!({"value": known.to_string()})).unwrap();
    stage.assert_unchanged("after the console added something of its own");
    stage.configure(&ALL.replace("\"Alex\"", "\"Alexandra\""));
    stage.apply();
    let after = value(&stage.cloud, "sls.common.user", "alex");
    assert_eq!((&after["calendar"], &after["user_name"]), (&json!("nights"), &json!("Alexandra")));
}

#[test]
fn an_object_that_exists_and_one_that_does_not_are_told() {
    let stage = Stage::new(&full());
    stage.configure(
        &ALL.replace(
            "groups=[\"${alitrail_sls_user_group.this.user_group_id}\"]",
            "groups=[\"night-shift\"]",
        ),
    );
    let said = stage.apply().combined().replace(['\n', '│', '╷', '╵'], " ");
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("has no user group \"night-shift\"") && said.contains("reach nobody"), "{said}");
    stage
        .workspace
        .succeed(&["state", "rm", "alitrail_sls_user.this"])
        .unwrap_or_else(|error| panic!("{error}"));
    let errors = stage.fail(&["apply", "-no-color", "-input=false", "-auto-approve"]);
    assert!(errors.contains("exists already") && errors.contains("id = \"alex@cn-heyuan\""), "{errors}");
}

#[test]
fn another_region_keeps_them_where_the_service_lets_it() {
    let stage = Stage::new(&full());
    let elsewhere = ALL.replace("user_name = \"Alex\"", "user_name = \"Alex\"\n  region = \"cn-shanghai\"");
    stage.configure(&elsewhere);
    let errors = stage.fail(&["apply", "-no-color", "-input=false", "-auto-approve"]);
    assert!(errors.contains("cn-shanghai does not keep notification objects"), "{errors}");
    stage.cloud.put("switches", &json!({"sls_records_region": "every"})).unwrap();
    stage.apply();
    stage.assert_unchanged("where every region serves them");
    stage.destroy();
    assert!(stage.cloud.remains().is_empty(), "{:?}", stage.cloud.remains());
}
