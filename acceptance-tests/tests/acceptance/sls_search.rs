//! `alitrail_sls_index` and `alitrail_sls_alert` through their whole life on a real Terraform.

use acceptance_tests::scenario::Scenario;
use acceptance_tests::{Cloud, Fixture, full, others};
use serde_json::{Value, json};

const PROJECT: &str = "acceptance-search";
const STORE: &str = "investigations";

const AROUND: &str = r#"resource "alitrail_sls_project" "audit" {
  project_name = "acceptance-search"
}

resource "alitrail_sls_logstore" "cases" {
  project_name  = alitrail_sls_project.audit.project_name
  logstore_name = "investigations"
}
"#;

fn index_path(cloud: &Cloud) -> String {
    format!("{}/logstores/{STORE}/index", cloud.project(PROJECT))
}

fn index() -> Scenario {
    Scenario {
        resource: "alitrail_sls_index",
        around: AROUND.to_owned(),
        base: vec![
            ("project_name", "alitrail_sls_project.audit.project_name".to_owned()),
            ("logstore_name", "alitrail_sls_logstore.cases.logstore_name".to_owned()),
            ("field_search", "{ level = { type = \"text\" }, took = { type = \"long\" } }".to_owned()),
        ],
        changes: vec![
            ("full_text", "{}".to_owned()),
            ("full_text", "{ case_sensitive = true, token = \", ;\" }".to_owned()),
            (
                "field_search",
                "{ level = { type = \"text\", alias = \"lv\" }, event = { type = \"json\", json_keys = { \
                 \"userIdentity.type\" = { type = \"text\" } } } }"
                    .to_owned(),
            ),
            ("max_text_len", "4096".to_owned()),
            ("log_reduce", "true".to_owned()),
            ("exclusive", "true".to_owned()),
            ("exclusive", "false".to_owned()),
        ],
        node: index_path,
        drift: (json!({"keys": {"level": null}}), "field_search"),
        import_id: format!("{PROJECT}:{STORE}"),
        identity: vec![("project_name", PROJECT.to_owned()), ("logstore_name", STORE.to_owned())],
        before_recreate: |_| {},
    }
}

fn configuration(condition: &str, more: &str) -> String {
    format!(
        "{{\n    query_list = [{{ store = \"{STORE}\", query = \"* | select count(1) as cnt\", start = \"-15m\" }}]\n    \
         severity_configurations = [{{ severity = 8, eval_condition = {{ condition = \"{condition}\" }} }}]\n    {more}\n  }}"
    )
}

fn alert() -> Scenario {
    let text = |value: &str| format!("{value:?}");
    Scenario {
        resource: "alitrail_sls_alert",
        around: AROUND.to_owned(),
        base: vec![
            ("project_name", "alitrail_sls_project.audit.project_name".to_owned()),
            ("alert_name", text("root-login")),
            ("display_name", text("Root login")),
            ("schedule", "{ interval = \"15m\" }".to_owned()),
            ("configuration", configuration("cnt > 0", "")),
        ],
        changes: vec![
            ("display_name", text("Login of root")),
            ("description", text("somebody is root")),
            (
                "schedule",
                "{ type = \"Cron\", cron_expression = \"0/15 * * * *\", time_zone = \"+0000\" }".to_owned(),
            ),
            ("status", text("DISABLED")),
            ("status", text("ENABLED")),
            (
                "configuration",
                configuration(
                    "cnt > 9",
                    "labels = { env = \"prod\" }\n    annotations = { title = \"$${alert_name}\" }\n    tags = [\"cis\"]\n    \
                     template_configuration = { template_id = \"sls.one\", annotations = { title = \"x\" } }\n    \
                     policy_configuration = { action_policy_id = \"audit\" }",
                ),
            ),
            ("configuration", configuration("cnt > 9", "send_resolved = true")),
        ],
        node: |cloud| format!("{}/alerts/root-login", cloud.project(PROJECT)),
        drift: (json!({"status": "DISABLED"}), "status"),
        import_id: format!("{PROJECT}:root-login"),
        identity: vec![("project_name", PROJECT.to_owned()), ("alert_name", "root-login".to_owned())],
        before_recreate: |_| {},
    }
}

#[test]
fn an_alert_lives_through_everything() {
    alert().full(&full());
}

#[test]
fn an_index_lives_through_everything() {
    index().full(&full());
}

#[test]
fn both_live_on_the_other_versions() {
    for terraform in others() {
        index().short(&terraform);
        alert().short(&terraform);
    }
}

/// The index that ActionTrail makes is added to, and neither narrowed nor taken away; unless it is to be exclusive.
#[test]
fn the_index_of_a_trail_is_taken_over() {
    let fixture = Fixture::new(&full());
    let configuration = |more: &str| {
        format!(
            r#"
resource "alitrail_sls_project" "events" {{
  project_name  = "acceptance-search"
  force_destroy = true
}}

resource "alitrail_trail" "audit" {{
  trail_name      = "acceptance-search"
  sls_project_arn = alitrail_sls_project.events.arn
}}

resource "alitrail_sls_index" "events" {{
  project_name  = alitrail_sls_project.events.project_name
  logstore_name = "actiontrail_${{alitrail_trail.audit.trail_name}}"
  field_search  = {{ owner = {{ type = "text" }} }}
  {more}
}}
"#
        )
    };
    fixture.configure(&configuration(""));
    fixture.apply();
    fixture.assert_empty("after it was taken over");
    let path = format!("{}/logstores/actiontrail_acceptance-search/index", fixture.cloud.project(PROJECT));
    let index = fixture.cloud.get(&path).unwrap();
    let names: Vec<&String> = index["keys"].as_object().unwrap().keys().collect();
    assert!(["event", "owner"].iter().all(|name| names.iter().any(|known| known == name)), "{names:?}");
    assert!(index["line"].is_object() && index["max_text_len"] == 16384, "{index}");

    fixture.configure(&configuration("exclusive = true"));
    let said = fixture.apply().combined();
    assert!(said.contains("no longer covers the whole text") && said.contains("\"event\""), "{said}");
    fixture.assert_empty("after it became exclusive");
    let index = fixture.cloud.get(&path).unwrap();
    assert_eq!(index["keys"].as_object().unwrap().keys().collect::<Vec<_>>(), ["owner"], "{index}");

    fixture
        .workspace
        .succeed(&["destroy", "-no-color", "-auto-approve", "-target=alitrail_sls_index.events"])
        .unwrap();
    assert!(fixture.cloud.get(&path).unwrap().is_object(), "an index that was taken over is left");
    fixture.destroy();
    assert!(fixture.cloud.remains().is_empty(), "{:?}", fixture.cloud.remains());
}

/// The attributes of an alert in the configuration, and where the mock cloud has it.
fn rule(name: &str, attributes: &Value) -> String {
    let written: Vec<String> =
        attributes.as_object().unwrap().iter().map(|(name, value)| format!("  {name} = {value}")).collect();
    format!(
        "resource \"alitrail_sls_alert\" \"{name}\" {{\n  project_name = alitrail_sls_project.audit.project_name\n  \
         alert_name = \"{name}\"\n  display_name = \"Root login\"\n{}\n}}\n",
        written.join("\n")
    )
}

/// What is left out of the configuration is left out of what is sent: one thing after another goes, each with one call and
/// nothing left to do, until the rule is one that never had any of it.
#[test]
fn whatever_an_alert_no_longer_has_is_gone() {
    let texts = json!({ "one": "1", "two": "2" });
    let condition = json!({ "condition": "cnt > 0", "count_condition": "__count__ > 3" });
    let role = "acs:ram::1000000000000001:role/alerts";
    let mut attributes = json!({
        "description": "Somebody is root",
        "schedule": { "interval": "15m", "delay": 30, "run_immediately": false, "time_zone": "+0100" },
        "configuration": {
            "query_list": [{
                "store": STORE, "query": "* | select count(1) as cnt", "start": "-15m",
                "project": "acceptance-other", "region": "cn-beijing", "power_sql_mode": "enable", "role_arn": role,
            }],
            "join_configurations": [{ "type": "inner_join", "condition": "$0.a == $1.a" }],
            "severity_configurations": [{ "severity": 8, "eval_condition": condition }],
            "condition_configuration": condition,
            "group_configuration": { "type": "custom", "fields": ["user"] },
            "policy_configuration": { "alert_policy_id": "merging", "action_policy_id": "audit" },
            "labels": texts, "annotations": texts, "send_resolved": true, "threshold": 3, "dashboard": "another",
            "template_configuration": {
                "template_id": "sls.one", "version": "1", "lang": "en", "tokens": texts, "annotations": texts,
            },
            "sink_alerthub_enabled": false,
            "sink_event_store": { "event_store": "alerts", "project": "acceptance-other", "endpoint": "e", "role_arn": role },
            "tags": ["cis"],
        },
    });
    let least = json!({
        "schedule": { "interval": "15m" },
        "configuration": {
            "query_list": [{ "store": STORE, "query": "* | select count(1) as cnt", "start": "-15m" }],
            "severity_configurations": [{ "severity": 8 }],
        },
    });
    let twin = rule("twin", &least);
    let fixture = Fixture::new(&full());
    let configure = |attributes: &Value| {
        fixture.configure(&format!("{AROUND}\n{twin}\n{}", rule("this", attributes)));
    };
    configure(&attributes);
    fixture.apply();
    fixture.assert_empty("with everything");
    let document =
        |name: &str| fixture.cloud.get(&format!("{}/alerts/{name}", fixture.cloud.project(PROJECT))).unwrap();
    let path = format!("{}/alerts/this", fixture.cloud.project(PROJECT));
    fixture.cloud.patch(&path, &json!({ "configuration": { "of_the_console": { "kept": true } } })).unwrap();
    for pointer in [
        "/description",
        "/schedule/delay",
        "/schedule/run_immediately",
        "/schedule/time_zone",
        "/configuration/query_list/0/project",
        "/configuration/query_list/0/region",
        "/configuration/query_list/0/power_sql_mode",
        "/configuration/query_list/0/role_arn",
        "/configuration/join_configurations/0/condition",
        "/configuration/join_configurations",
        "/configuration/severity_configurations/0/eval_condition/count_condition",
        "/configuration/severity_configurations/0/eval_condition",
        "/configuration/condition_configuration/condition",
        "/configuration/condition_configuration",
        "/configuration/group_configuration",
        "/configuration/policy_configuration/action_policy_id",
        "/configuration/policy_configuration",
        "/configuration/labels/one",
        "/configuration/labels",
        "/configuration/annotations/two",
        "/configuration/annotations",
        "/configuration/send_resolved",
        "/configuration/threshold",
        "/configuration/dashboard",
        "/configuration/template_configuration/tokens/one",
        "/configuration/template_configuration/tokens",
        "/configuration/template_configuration/annotations",
        "/configuration/template_configuration/version",
        "/configuration/template_configuration",
        "/configuration/sink_alerthub_enabled",
        "/configuration/sink_event_store/endpoint",
        "/configuration/sink_event_store",
        "/configuration/tags",
    ] {
        let (holder, member) = pointer.rsplit_once('/').unwrap();
        let removed = attributes.pointer_mut(holder).unwrap().as_object_mut().unwrap().remove(member);
        assert!(removed.is_some(), "{pointer}");
        configure(&attributes);
        let mark = fixture.cloud.mark();
        fixture.apply();
        let writes: Vec<String> =
            fixture.cloud.writes_since(mark).into_iter().map(|call| call.action).collect();
        assert_eq!(writes, ["UpdateAlert"], "without {pointer}");
        fixture.assert_empty(&format!("without {pointer}"));
    }
    assert_eq!(attributes, least);
    let (mut this, twin) = (document("this"), document("twin"));
    let console = this["configuration"].as_object_mut().unwrap().remove("of_the_console");
    assert_eq!(console, Some(json!({ "kept": true })), "what is not known stays");
    for member in ["schedule", "configuration", "description"] {
        assert_eq!(this[member], twin[member], "{member}");
    }
}
