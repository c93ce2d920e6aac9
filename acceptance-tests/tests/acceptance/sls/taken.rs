//! Configurations that the service takes and a check could mistake for faults, and what is missing when it is said.

use acceptance_tests::{Fixture, full};
use serde_json::json;

use super::{PROJECT, around, store, store_path};

/// A rule in the project, with this schedule and configuration.
fn alert(name: &str, schedule: &str, configuration: &str) -> String {
    format!(
        r#"
resource "alitrail_sls_alert" "{name}" {{
  project_name = alitrail_sls_project.audit.project_name
  alert_name   = "{name}"
  display_name = "Rule {name}"
  schedule     = {{ {schedule} }}

  configuration = {{
{configuration}
  }}
}}
"#
    )
}

/// What a rule of queries has, with this query, condition and further lines.
fn looking(query: &str, condition: &str, more: &str) -> String {
    format!(
        "    query_list = [{{ store = \"investigations\", query = {query:?}, start = \"-15m\" }}]\n    \
         severity_configurations = [{{ severity = 6, eval_condition = {{ condition = {condition:?}, count_condition = \
         \"__count__ > 1\" }} }}]\n{more}"
    )
}

const TEMPLATE: &str = r#"
    template_configuration = {
      template_id = "sls.app.actiontrail.cis.at.trail_off"
      lang        = "en"
      version     = "1"
      tokens      = { "default.project" = "acceptance-events", "default.logstore" = "investigations" }
    }"#;

#[test]
fn rules_of_all_kinds_are_applied_and_settle() {
    let every = "interval = \"15m\"";
    let query = "* | select count(1) as cnt";
    let joins = r#"
    query_list = [
      { store = "investigations", query = "* | select 1 as a", start = "-15m" },
      { store = "investigations", query = "* | select 2 as a", start = "-15m" },
    ]
    severity_configurations = [{ severity = 6, eval_condition = { count_condition = "__count__ > 1" } }]
    join_configurations     = [{ type = "no_join", condition = "" }, { type = "left_join", condition = "$0.a == $1.a" }]"#;
    let meta = r#"
    query_list              = [{ store_type = "meta", store = "user.assets" }]
    severity_configurations = [{ severity = 4 }]"#;
    let like = "don't | select split(path, '\\') as parts from log where path like '%\\_%' escape '\\' -- it's all\n/* :) */";
    let rules = [
        alert("literals", every, &looking(like, "query == \"a=b\" && [a=b] > 1", "")),
        alert(
            "no-fields",
            every,
            &looking(query, "", "    group_configuration = { type = \"custom\" }\n    threshold = 0"),
        ),
        alert("joined", every, joins),
        alert("resources", every, meta),
        alert("from-template", every, TEMPLATE),
        alert("hourly", "type = \"Hourly\"", &looking(query, "cnt > 0", "")),
        alert("daily", "type = \"Daily\", hour = 0", &looking(query, "cnt > 0", "")),
        alert("weekly", "type = \"Weekly\", day_of_week = 0, hour = 23", &looking(query, "cnt > (-1)", "")),
    ];
    let fixture = Fixture::new(&full());
    fixture.configure(&format!("{}{}", store(""), rules.concat()));
    let plan = fixture.workspace.run(&["plan", "-no-color", "-input=false"]).unwrap();
    for warning in ["Doubtful", "may not fit", "There is no logstore"] {
        assert!(plan.success() && !plan.combined().contains(warning), "{}", plan.combined());
    }
    fixture.apply();
    fixture.assert_empty("after create");
    let project = fixture.cloud.get(&fixture.cloud.project(PROJECT)).unwrap();
    for (pointer, value) in [
        ("/alerts/from-template/configuration/type", json!("tpl")),
        ("/alerts/from-template/configuration/queryList", json!([])),
        ("/alerts/weekly/schedule/dayOfWeek", json!(0)),
        ("/alerts/daily/schedule/hour", json!(0)),
        ("/alerts/no-fields/configuration/threshold", json!(0)),
    ] {
        assert_eq!(project.pointer(pointer), Some(&value), "{pointer}");
    }
    // The plan of a destroy is not in the way either.
    fixture.destroy();
}

#[test]
fn a_rule_of_a_template_that_others_made_is_imported_as_it_is() {
    let fixture = Fixture::new(&full());
    fixture.configure(&around());
    fixture.apply();
    let theirs = json!({ "alerts": { "theirs": {
        "name": "theirs", "displayName": "Made by a console", "status": "ENABLED",
        "schedule": { "type": "FixedRate", "interval": "15m" },
        "configuration": { "version": "2.0", "type": "tpl", "queryList": [], "severityConfigurations": [],
            "dashboard": "internal-alert-analysis", "threshold": 0, "noDataSeverity": 0, "autoAnnotation": true,
            "policyConfiguration": { "alertPolicyId": "sls.builtin.dynamic", "actionPolicyId": "sls.builtin",
                "repeatInterval": "5m" },
            "sinkAlerthub": { "enabled": true },
            "templateConfiguration": { "id": "sls.app.actiontrail.cis.at.trail_off", "type": "sys", "version": "1",
                "lang": "en", "tokens": { "default.project": PROJECT } } },
    } } });
    fixture.cloud.patch(&fixture.cloud.project(PROJECT), &theirs).unwrap();
    let import = format!("import {{\n  to = alitrail_sls_alert.theirs\n  id = \"{PROJECT}:theirs\"\n}}\n");
    fixture.write("import.tf", &import);
    fixture.workspace.succeed(&["plan", "-generate-config-out=generated.tf"]).unwrap();
    let mark = fixture.cloud.mark();
    fixture.apply();
    assert!(fixture.cloud.writes_since(mark).is_empty());
    fixture.assert_empty("with the configuration that was generated");
}

#[test]
fn what_can_be_taken_from_a_logstore_is_taken_in_place() {
    let key = "user_cmk_info = { cmk_key_id = \"key-hzz0000000000000001\", arn = \
               \"acs:ram::1000000000000001:role/logs\", region_id = \"cn-hangzhou\" }";
    let fixture = Fixture::new(&full());
    let tiers = "  retention_period = 180\n  hot_ttl = 30\n  infrequent_access_ttl = 60\n";
    fixture.configure(&store(&format!("{tiers}  encrypt_conf = {{ encrypt_type = \"aes_gcm\", {key} }}\n")));
    fixture.apply();
    fixture.assert_empty("with tiers and encryption");
    for (attributes, stored) in [
        ("  retention_period = 180\n  hot_ttl = 0\n  encrypt_conf = { enable = false }\n", json!(false)),
        (
            "  retention_period = 180\n  encrypt_conf = { enable = true, encrypt_type = \"aes_gcm\" }\n",
            json!(true),
        ),
    ] {
        fixture.configure(&store(attributes));
        let plan = fixture.plan(&[]);
        assert_eq!(plan.changes[0].actions, ["update"], "{}", plan.summary());
        fixture.workspace.apply_plan().unwrap_or_else(|error| panic!("{error}"));
        fixture.assert_empty(attributes);
        let seen = fixture.cloud.get(&store_path(&fixture.cloud, super::STORE)).unwrap();
        assert_eq!((&seen["encrypt_conf"]["enable"], &seen["infrequentAccessTTL"]), (&stored, &json!(null)));
        assert_eq!(seen["encrypt_conf"]["user_cmk_info"]["cmk_key_id"], "key-hzz0000000000000001");
    }
}

#[test]
fn shards_of_an_imported_logstore_are_those_that_there_are() {
    let fixture = Fixture::new(&full());
    fixture.configure(&store("  shard_count = 3"));
    fixture.apply();
    let id = format!("{PROJECT}:{}", super::STORE);
    fixture.reimport("alitrail_sls_logstore.this", &id, &[]);
    // Split since then, and imported with the old number in the configuration.
    fixture.cloud.patch(&store_path(&fixture.cloud, super::STORE), &json!({ "shardCount": 5 })).unwrap();
    fixture.workspace.succeed(&["state", "rm", "alitrail_sls_logstore.this"]).unwrap();
    fixture.workspace.succeed(&["import", "alitrail_sls_logstore.this", &id]).unwrap();
    fixture.assert_unchanged("after the import");
}

#[test]
fn separators_of_all_fields_are_kept_in_their_order() {
    let index = |full_text: &str, field: &str| {
        format!(
            "{}\nresource \"alitrail_sls_index\" \"this\" {{\n  project_name = alitrail_sls_project.audit.project_name\n  \
             logstore_name = alitrail_sls_logstore.this.logstore_name\n  full_text = {{ {full_text} }}\n  field_search = \
             {{ latency = {{ type = \"long\"{field} }} }}\n}}\n",
            store("")
        )
    };
    let fixture = Fixture::new(&full());
    fixture.configure(&index("tokens = [\"tt\", \"a\", \" \"]", ", token = \"zya\""));
    fixture.apply();
    fixture.assert_empty("with words and letters");
    let path = format!("{}/index", store_path(&fixture.cloud, super::STORE));
    let stored = fixture.cloud.get(&path).unwrap();
    assert_eq!(stored["line"]["token"], json!(["tt", "a", " "]));
    assert_eq!(stored["keys"]["latency"]["token"], json!(["z", "y", "a"]));
    fixture.configure(&index("", ""));
    fixture.apply();
    // As other tools write what is left to the defaults.
    let mut usual = fixture.cloud.get(&path).unwrap()["line"]["token"].clone();
    usual.as_array_mut().unwrap().retain(|one| one != "\r");
    let theirs =
        json!({ "line": { "token": usual }, "keys": { "latency": { "token": usual } }, "max_text_len": 0 });
    fixture.cloud.patch(&path, &theirs).unwrap();
    fixture.assert_empty("with the usual separators in other words");
}

#[test]
fn a_logstore_that_nothing_makes_is_missed_at_once() {
    let index = |logstore: &str, more: &str| {
        format!(
            "{}\nresource \"alitrail_sls_index\" \"this\" {{\n  project_name = {PROJECT:?}\n  logstore_name = \
             {logstore}\n  full_text = {{}}\n{more}}}\n",
            around()
        )
    };
    let fixture = Fixture::new(&full());
    fixture.configure(&around());
    fixture.apply();
    fixture.configure(&index("\"no-such-store\"", ""));
    let plan = fixture.workspace.run(&["plan", "-no-color", "-input=false"]).unwrap();
    assert!(plan.success() && plan.combined().contains("There is no logstore"), "{}", plan.combined());
    let mark = fixture.cloud.mark();
    let errors = fixture.fail(&["apply", "-no-color", "-input=false", "-auto-approve"]);
    assert!(errors.contains("alitrail_sls_logstore.NAME.logstore_name"), "{errors}");
    let looks = fixture.cloud.requests_since(mark).iter().filter(|call| call.action == "GetIndex").count();
    assert!(looks <= 4, "{looks} looks for the index");

    let trail = "resource \"alitrail_trail\" \"this\" {\n  trail_name = \"new-trail\"\n  sls_project_arn = \
                 alitrail_sls_project.audit.arn\n}\n";
    let of_trail = index("\"actiontrail_${alitrail_trail.this.trail_name}\"", "");
    fixture.configure(&format!("{trail}{of_trail}"));
    let plan = fixture.workspace.run(&["plan", "-no-color", "-input=false"]).unwrap();
    assert!(plan.success() && plan.combined().contains("There is no logstore"), "{}", plan.combined());
    fixture.apply();
    fixture.assert_empty("with the logstore that ActionTrail made");
    // What is made in the same run is no reason to warn.
    fixture.configure(&index("alitrail_sls_logstore.this.logstore_name", "").replace(&around(), &store("")));
    let plan = fixture.workspace.run(&["plan", "-no-color", "-input=false"]).unwrap();
    assert!(plan.success() && !plan.combined().contains("There is no logstore"), "{}", plan.combined());
}
