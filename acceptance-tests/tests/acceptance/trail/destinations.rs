//! Every combination of destinations: a trail with it logs, and can be given another.

use std::collections::BTreeSet;
use std::fmt::Write;

use acceptance_tests::{Cloud, Fixture, full};

/// A region is home to at most five trails.
const REGIONS: [&str; 2] = ["cn-hangzhou", "cn-shanghai"];

fn name(number: u8) -> String {
    format!("destination-{number}")
}

/// Seven trails, each with another of the seven combinations; `shift` moves them on.
fn configuration(shift: u8) -> String {
    let mut text = String::new();
    for number in 1..=7_u8 {
        let (name, region) = (name(number), REGIONS[usize::from(number) / 4]);
        let combination = (number - 1 + shift) % 7 + 1;
        let mut lines = String::new();
        if combination & 1 != 0 {
            lines.push_str("  oss_bucket_name = alitrail_oss_bucket.this[each.key].bucket\n");
        }
        if combination & 2 != 0 {
            lines.push_str("  sls_project_arn = alitrail_sls_project.this[each.key].arn\n");
        }
        if combination & 4 != 0 {
            lines.push_str(
                "  max_compute_project_arn = \"acs:odps:${each.value}:${data.alitrail_caller_identity.me.account_id}:project/actiontrail_events\"\n",
            );
        }
        let lines =
            lines.replace("each.key", &format!("{name:?}")).replace("each.value", &format!("{region:?}"));
        writeln!(
            text,
            "resource \"alitrail_trail\" \"this_{number}\" {{\n  trail_name = {name:?}\n  region = {region:?}\n{lines}}}"
        )
        .unwrap();
    }
    let places: Vec<String> = (1..=7)
        .map(|number| format!("{:?} = {:?}", name(number), REGIONS[usize::from(number) / 4]))
        .collect();
    format!(
        "data \"alitrail_caller_identity\" \"me\" {{}}\n\nlocals {{\n  places = {{ {} }}\n}}\n\nresource \
         \"alitrail_oss_bucket\" \"this\" {{\n  for_each = local.places\n  bucket = each.key\n  region = \
         each.value\n}}\n\nresource \"alitrail_sls_project\" \"this\" {{\n  for_each = local.places\n  project_name = \
         each.key\n  region = each.value\n}}\n\n{text}",
        places.join(", ")
    )
}

fn all_log(fixture: &Fixture) {
    for number in 1..=7 {
        let region = fixture.cloud.region(REGIONS[usize::from(number) / 4]);
        let trail = fixture.cloud.get(&format!("{region}/actiontrail/trails/{}", name(number))).unwrap();
        assert_eq!(trail["Status"], "Enable", "{trail}");
    }
}

#[test]
fn every_combination_logs_and_becomes_any_other_in_place() {
    let careless = [("update_trail", "replace"), ("echo_oss_write_role", "true")];
    let stubborn = [("update_trail_empty", "keep")];
    for switches in [&[][..], &careless, &stubborn] {
        let fixture = Fixture::with_cloud(&full(), Cloud::with_switches(switches));
        fixture.configure(&configuration(0));
        fixture.apply();
        all_log(&fixture);
        fixture.assert_empty("after create");
        fixture.configure(&configuration(3));
        let plan = fixture.plan(&[]);
        let actions: BTreeSet<String> =
            plan.changes.iter().flat_map(|change| change.actions.clone()).collect();
        assert_eq!(
            (plan.changes.len(), actions),
            (7, BTreeSet::from(["update".to_owned()])),
            "{}",
            plan.summary()
        );
        fixture.workspace.apply_plan().unwrap_or_else(|error| panic!("{error}"));
        all_log(&fixture);
        assert!(fixture.plan(&[]).is_empty(), "after the update");
    }
}
