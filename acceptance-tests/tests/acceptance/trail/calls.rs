//! How many calls a refresh of many trails makes, counted in the mock's request log.

use std::collections::BTreeMap;

use acceptance_tests::{Fixture, REGION, full};
use serde_json::{Map, json};

/// Trails that exist, of which every tenth is stopped and one is of the organization, and their import.
const CONFIGURATION: &str = r#"
variable "trails" {
  type = number
}

locals {
  numbers = { for number in range(var.trails) : tostring(number) => number }
}

import {
  for_each = local.numbers
  to       = alitrail_trail.this[each.key]
  id       = "counted-${each.key}"
}

resource "alitrail_trail" "this" {
  for_each              = local.numbers
  trail_name            = "counted-${each.key}"
  oss_bucket_name       = "counted-${each.key}"
  is_organization_trail = each.value == 1
  status                = each.value % 10 == 9 ? "Disable" : "Enable"
}
"#;

#[test]
fn a_refresh_of_many_trails_makes_two_calls_each_and_two_for_all() {
    let fixture = Fixture::new(&full());
    fixture.configure(CONFIGURATION);
    for count in [1, 10, 100] {
        let trails: Map<_, _> = (0..count)
            .map(|number| {
                let trail = json!({"Status": if number % 10 == 9 { "Disable" } else { "Enable" }, "EventRW": "All",
                    "TrailRegion": "All", "IsOrganizationTrail": number == 1,
                    "OssBucketName": format!("counted-{number}"), "CreateTime": "2026-01-01T00:00:00Z",
                    "UpdateTime": "2026-01-01T00:00:00Z"});
                (format!("counted-{number}"), trail)
            })
            .collect();
        let node = format!("{}/actiontrail", fixture.cloud.region(REGION));
        fixture.cloud.put(&node, &json!({ "trails": trails })).unwrap();
        let mark = fixture.cloud.mark();
        let plan = fixture.plan(&[&format!("-var=trails={count}")]);
        let kept = plan.changes.iter().filter(|change| change.importing && change.actions == ["no-op"]);
        assert_eq!(kept.count(), count, "{}", plan.summary());
        let mut calls: BTreeMap<String, usize> = BTreeMap::new();
        for request in fixture.cloud.requests_since(mark) {
            *calls.entry(request.action).or_default() += 1;
        }
        println!("{count} trails: {calls:?}");
        // Trails that are stopped on purpose deliver nothing, so that nobody has to ask how it goes.
        assert_eq!(calls.remove("GetTrailStatus"), Some(count - count / 10));
        assert!(calls.remove("DescribeTrails").is_some_and(|calls| calls <= 2));
        assert_eq!(calls.remove("GetBucketLifecycle"), Some(count), "what deletes delivered events early");
        assert_eq!(calls, BTreeMap::from([("GetCallerIdentity".to_owned(), 1)]), "and who is asking");
    }
}
