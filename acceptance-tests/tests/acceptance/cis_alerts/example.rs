//! The example that joins the baseline with the alerts, on the oldest Terraform.

use acceptance_tests::{Stage, oldest};
use serde_json::json;

#[test]
fn a_trail_and_its_alerts_are_made_together() {
    let stage = Stage::new(&oldest());
    stage.take_example("alerts");
    let variables =
        json!({"email": "security@example.com", "deletion_protection": false, "force_destroy": true});
    stage.write("terraform.tfvars.json", &variables.to_string());
    stage.apply();
    stage.assert_empty("after the first apply");
    let names = stage.workspace.succeed(&["output", "-json", "alerts"]).unwrap().stdout;
    let names: Vec<String> = serde_json::from_str(&names).unwrap();
    let made =
        stage.cloud.get(&format!("{}/sls/projects", stage.cloud.region(acceptance_tests::REGION))).unwrap();
    let project = made.as_object().unwrap().values().next().expect("the project");
    assert_eq!(
        project["alerts"].as_object().unwrap().keys().collect::<Vec<_>>(),
        names.iter().collect::<Vec<_>>()
    );
    assert!(
        project["logstores"]["actiontrail_audit-trail"]["index"]["keys"]["event"].is_object(),
        "{project}"
    );
    stage.destroy();
    assert!(stage.cloud.remains().is_empty(), "{:?}", stage.cloud.remains());
}
