//! `alitrail_global_events_storage_region`, the one setting of ActionTrail that an account has whatever its trails.

use acceptance_tests::{Fixture, full, newest};
use serde_json::json;
use test_kit::terraform::Terraform;

const ADDRESS: &str = "alitrail_global_events_storage_region.this";

fn configuration(region: &str) -> String {
    format!(
        "resource \"alitrail_global_events_storage_region\" \"this\" {{\n  storage_region = {region:?}\n}}\n"
    )
}

#[test]
fn the_storage_region_of_global_events_lives_through_everything() {
    lives(&full());
}

#[test]
fn the_storage_region_of_global_events_lives_on_the_newest() {
    lives(&newest());
}

fn lives(terraform: &Terraform) {
    let fixture = Fixture::new(terraform);
    let node = format!("accounts/{}/actiontrail", fixture.cloud.account_id);
    let chosen = || fixture.cloud.get(&node).unwrap()["global_events_storage_region"].clone();
    fixture.configure(&configuration("cn-hangzhou"));
    // A read right after the change says what was.
    fixture
        .cloud
        .set_faults(&json!([{"kind": "delay_visibility", "action": "UpdateGlobalEventsStorageRegion",
        "milliseconds": 700}]));
    fixture.apply();
    fixture.cloud.set_faults(&json!([]));
    assert_eq!(chosen(), "cn-hangzhou");
    fixture.assert_empty("after create");
    let mark = fixture.cloud.mark();
    fixture.apply();
    assert!(fixture.cloud.writes_since(mark).is_empty(), "a second apply writes nothing");

    fixture.configure(&configuration("ap-southeast-1"));
    let plan = fixture.plan(&[]);
    assert_eq!(plan.change(ADDRESS).unwrap().actions, ["update"], "{}", plan.summary());
    fixture.workspace.apply_plan().unwrap();
    assert_eq!(chosen(), "ap-southeast-1");

    fixture.cloud.patch(&node, &json!({"global_events_storage_region": "cn-hangzhou"})).unwrap();
    let plan = fixture.plan(&[]);
    assert!(
        plan.change(ADDRESS).unwrap().attributes()[0].path.starts_with("storage_region"),
        "{}",
        plan.summary()
    );
    fixture.workspace.apply_plan().unwrap();
    assert_eq!(chosen(), "ap-southeast-1", "the drift is repaired");

    fixture.reimport(ADDRESS, "GlobalEventsStorageRegion", &[("id", "GlobalEventsStorageRegion")]);

    let mark = fixture.cloud.mark();
    let said = fixture.destroy().combined();
    assert!(said.contains("stays as it is"), "{said}");
    assert!(fixture.cloud.writes_since(mark).is_empty(), "there is nothing to delete");
    // One that is as it should be already is not chosen again.
    fixture.apply();
    assert!(fixture.cloud.writes_since(mark).is_empty());

    let fault = json!([{"kind": "server_error", "action": "UpdateGlobalEventsStorageRegion", "status": 403,
        "code": "NoPermission", "message": "no"}]);
    fixture.cloud.set_faults(&fault);
    fixture.configure(&configuration("cn-hangzhou"));
    let refused = fixture.fail(&["apply", "-no-color", "-auto-approve"]);
    assert!(refused.contains("actiontrail:UpdateGlobalEventsStorageRegion"), "{refused}");
    fixture.configure(&configuration("cn-beijing"));
    let refused = fixture.fail(&["plan", "-no-color"]);
    assert!(refused.contains("storage_region") && refused.contains("ap-southeast-1"), "{refused}");
}
