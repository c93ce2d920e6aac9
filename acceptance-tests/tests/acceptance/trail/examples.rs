//! The examples about data events and about the past, applied as a user applies them.

use acceptance_tests::{Fixture, REGION, full};
use serde_json::{Value, json};

/// A stage whose configuration is an example, with these values of its variables.
fn example(name: &str, variables: &Value) -> Fixture {
    let fixture = Fixture::new(&full());
    fixture.take_example(name);
    fixture.write("terraform.tfvars.json", &variables.to_string());
    fixture
}

fn outputs(fixture: &Fixture) -> Value {
    serde_json::from_str(&fixture.workspace.succeed(&["output", "-json"]).unwrap().stdout).unwrap()
}

#[test]
fn data_events_are_recorded_where_they_are_asked_for() {
    let variables = json!({"region": REGION, "project_name": "example-data-events",
        "force_destroy": true, "data_regions": [REGION, "cn-beijing"], "watched_buckets": ["customer-records", "customer-keys"]});
    let fixture = example("data-events", &variables);
    fixture.apply();
    fixture.assert_empty("after the first apply");
    let projects = &outputs(&fixture)["data_event_projects"]["value"];
    for region in [REGION, "cn-beijing"] {
        let name = format!("actiontrail-log-{}-{region}", fixture.cloud.account_id);
        assert!(projects[region].as_str().unwrap().ends_with(&name), "{projects}");
        let made = format!("{}/sls/projects/{name}", fixture.cloud.region(region));
        assert!(fixture.cloud.find(&made).unwrap().is_some(), "{made}");
    }
    let selector =
        fixture.cloud.get(&format!("{}/DataEventSelector", fixture.cloud.trail("data-trail"))).unwrap();
    assert!(
        selector["EventSelectors"].as_str().unwrap().contains("acs:oss:*:*:customer-keys/*"),
        "{selector}"
    );
    fixture.destroy();
    assert!(fixture.cloud.remains().is_empty(), "{:?}", fixture.cloud.remains());
}

#[test]
fn the_past_is_delivered_and_looked_up() {
    let names = json!({"region": REGION, "project_name": "example-backfill"});
    let fixture = example("backfill", &names);
    fixture.while_time_flies(20, || fixture.apply());
    let project = fixture.cloud.get(&fixture.cloud.project("example-backfill")).unwrap();
    assert!(project["logstores"].get("actiontrail_audit-trail").is_some(), "{project}");
    let outputs = outputs(&fixture);
    assert!(outputs["done_at"]["value"].is_string(), "{outputs}");
    let changes = outputs["changes_of_trails"]["value"].to_string();
    assert!(changes.contains("CreateTrail") && changes.contains("StartLogging"), "{changes}");
    // What was delivered stays, unless it is given up.
    let destroy = ["destroy", "-no-color", "-input=false", "-auto-approve"];
    let kept = fixture.while_time_flies(20, || fixture.fail(&destroy));
    assert!(kept.contains("\"actiontrail_audit-trail\" holds logs"), "{kept}");
    let mut forced = names;
    forced["force_destroy"] = json!(true);
    fixture.write("terraform.tfvars.json", &forced.to_string());
    fixture.while_time_flies(20, || {
        fixture.apply();
        fixture.destroy();
    });
    assert!(fixture.cloud.remains().is_empty(), "{:?}", fixture.cloud.remains());
}
