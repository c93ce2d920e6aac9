//! The example that joins the baseline with the alerts, on the oldest Terraform.

use acceptance_tests::{Fixture, oldest};
use serde_json::json;

#[test]
fn a_trail_and_its_alerts_are_made_together() {
    let fixture = Fixture::new(&oldest());
    fixture.take_example("alerts");
    let variables =
        json!({"email": "security@example.com", "deletion_protection": false, "force_destroy": true});
    fixture.write("terraform.tfvars.json", &variables.to_string());
    fixture.apply();
    fixture.assert_empty("after the first apply");
    let names = fixture.workspace.succeed(&["output", "-json", "alerts"]).unwrap().stdout;
    let names: Vec<String> = serde_json::from_str(&names).unwrap();
    let made = fixture
        .cloud
        .get(&format!("{}/sls/projects", fixture.cloud.region(acceptance_tests::REGION)))
        .unwrap();
    let project = made.as_object().unwrap().values().next().expect("the project");
    assert_eq!(
        project["alerts"].as_object().unwrap().keys().collect::<Vec<_>>(),
        names.iter().collect::<Vec<_>>()
    );
    assert!(
        project["logstores"]["actiontrail_audit-trail"]["index"]["keys"]["event"].is_object(),
        "{project}"
    );
    fixture.destroy();
    assert!(fixture.cloud.remains().is_empty(), "{:?}", fixture.cloud.remains());
}
