//! The examples about data events and about the past, applied as a user applies them.

use acceptance_tests::{REGION, Stage, full};
use serde_json::{Value, json};

/// A stage whose configuration is an example, with these values of its variables.
fn example(name: &str, variables: &Value) -> Stage {
    let stage = Stage::new(&full());
    stage.take_example(name);
    stage.write("terraform.tfvars.json", &variables.to_string());
    stage
}

fn outputs(stage: &Stage) -> Value {
    serde_json::from_str(&stage.workspace.succeed(&["output", "-json"]).unwrap().stdout).unwrap()
}

#[test]
fn data_events_are_recorded_where_they_are_asked_for() {
    let variables = json!({"region": REGION, "project_name": "example-data-events",
        "force_destroy": true, "data_regions": [REGION, "cn-beijing"], "watched_buckets": ["customer-records", "customer-keys"]});
    let stage = example("data-events", &variables);
    stage.apply();
    stage.assert_empty("after the first apply");
    let projects = &outputs(&stage)["data_event_projects"]["value"];
    for region in [REGION, "cn-beijing"] {
        let name = format!("actiontrail-log-{}-{region}", stage.cloud.account_id);
        assert!(projects[region].as_str().unwrap().ends_with(&name), "{projects}");
        let made = format!("{}/sls/projects/{name}", stage.cloud.region(region));
        assert!(stage.cloud.find(&made).unwrap().is_some(), "{made}");
    }
    let selector =
        stage.cloud.get(&format!("{}/DataEventSelector", stage.cloud.trail("data-trail"))).unwrap();
    assert!(
        selector["EventSelectors"].as_str().unwrap().contains("acs:oss:*:*:customer-keys/*"),
        "{selector}"
    );
    stage.destroy();
    assert!(stage.cloud.remains().is_empty(), "{:?}", stage.cloud.remains());
}

#[test]
fn the_past_is_delivered_and_looked_up() {
    let names = json!({"region": REGION, "project_name": "example-backfill"});
    let stage = example("backfill", &names);
    stage.while_time_flies(20, || stage.apply());
    let project = stage.cloud.get(&stage.cloud.project("example-backfill")).unwrap();
    assert!(project["logstores"].get("actiontrail_audit-trail").is_some(), "{project}");
    let outputs = outputs(&stage);
    assert!(outputs["done_at"]["value"].is_string(), "{outputs}");
    let changes = outputs["changes_of_trails"]["value"].to_string();
    assert!(changes.contains("CreateTrail") && changes.contains("StartLogging"), "{changes}");
    // What was delivered stays, unless it is given up.
    let destroy = ["destroy", "-no-color", "-input=false", "-auto-approve"];
    let kept = stage.while_time_flies(20, || stage.fail(&destroy));
    assert!(kept.contains("\"actiontrail_audit-trail\" holds logs"), "{kept}");
    let mut forced = names;
    forced["force_destroy"] = json!(true);
    stage.write("terraform.tfvars.json", &forced.to_string());
    stage.while_time_flies(20, || {
        stage.apply();
        stage.destroy();
    });
    assert!(stage.cloud.remains().is_empty(), "{:?}", stage.cloud.remains());
}
