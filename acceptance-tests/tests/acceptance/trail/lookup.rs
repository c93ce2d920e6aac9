//! `alitrail_events` and `alitrail_regions`.

use acceptance_tests::{Fixture, full};
use serde_json::Value;

const CONFIGURATION: &str = r#"
data "alitrail_regions" "all" {}

data "alitrail_events" "few" {
  max_events = 120
  direction  = "FORWARD"
}

data "alitrail_events" "creations" {
  lookup_attributes = {
    EventName = "CreateProject"
    EventRW   = "Write"
  }
}

output "regions" {
  value = data.alitrail_regions.all
}

output "few" {
  value = data.alitrail_events.few
}

output "creations" {
  value = data.alitrail_events.creations
}
"#;

#[test]
fn events_are_looked_up_page_by_page_and_regions_listed() {
    let fixture = Fixture::new(&full());
    fixture.configure(
        "resource \"alitrail_sls_project\" \"this\" {\n  count = 45\n  project_name = \"looked-up-${count.index}\"\n}\n",
    );
    fixture.apply();
    fixture.write("lookup.tf", CONFIGURATION);
    let mark = fixture.cloud.mark();
    fixture.apply();
    let pages =
        fixture.cloud.requests_since(mark).iter().filter(|call| call.action == "LookupEvents").count();
    let output = fixture.workspace.succeed(&["output", "-json"]).unwrap();
    let outputs: Value = serde_json::from_str(&output.stdout).unwrap();
    let few = &outputs["few"]["value"];
    let events = few["events"].as_array().unwrap();
    assert_eq!((events.len(), few["truncated"].as_bool()), (120, Some(true)), "a cap, and it is said");
    assert_eq!(pages, 3 + 1, "three pages of the one, one of the other");
    let ids: std::collections::BTreeSet<&str> =
        events.iter().map(|one| one["event_id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), 120, "no event twice");
    let times: Vec<&str> = events.iter().map(|one| one["event_time"].as_str().unwrap()).collect();
    assert!(times.is_sorted(), "the oldest first");

    let creations = &outputs["creations"]["value"];
    let found = creations["events"].as_array().unwrap();
    assert_eq!((found.len(), creations["truncated"].as_bool()), (45, Some(false)), "{creations}");
    assert!(found.iter().all(|one| one["event_name"] == "CreateProject"), "{creations}");
    let whole: Value = serde_json::from_str(found[0]["json"].as_str().unwrap()).unwrap();
    assert_eq!((&whole["eventName"], &whole["eventId"]), (&found[0]["event_name"], &found[0]["event_id"]));

    let regions = &outputs["regions"]["value"];
    let ids = regions["ids"].as_array().unwrap();
    assert!(ids.len() > 20 && ids.iter().any(|id| id == "ap-southeast-6"), "{ids:?}");
    assert_eq!(regions["regions"]["cn-hangzhou"]["endpoint"], "actiontrail.cn-hangzhou.aliyuncs.com");
}
