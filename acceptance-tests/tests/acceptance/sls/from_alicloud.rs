//! The alicloud provider's documented examples of stores, indexes and alerts in the words of this provider: the guide shows
//! them, and this applies them. The guide's table of attributes is held against the schemas.

use acceptance_tests::guide::Section;
use acceptance_tests::{Fixture, full};
use serde_json::json;

const HEADING: &str = "Simple Log Service";

#[test]
fn what_their_examples_make_this_provider_makes_too() {
    let (configuration, count) = Section::of(HEADING).configuration();
    assert!(count >= 4, "the guide shows {count} configurations");
    let fixture = Fixture::new(&full());
    fixture.configure(&configuration);
    fixture.apply();
    fixture.assert_empty("after create");

    let project = fixture.cloud.get(&fixture.cloud.project("from-alicloud-example")).unwrap();
    for (pointer, value) in [
        ("/description", json!("made elsewhere before")),
        ("/logstores/example-store/ttl", json!(30)),
        ("/logstores/example-store/shardCount", json!(3)),
        ("/logstores/example-store/maxSplitShard", json!(60)),
        ("/logstores/encrypted-store/encrypt_conf/encrypt_type", json!("default")),
        (
            "/logstores/encrypted-store/encrypt_conf/user_cmk_info/cmk_key_id",
            json!("key-hzz0000000000000000"),
        ),
        ("/logstores/tiered-store/hot_ttl", json!(60)),
        ("/logstores/tiered-store/infrequentAccessTTL", json!(60)),
        ("/logstores/example-store/index/line/caseSensitive", json!(true)),
        ("/logstores/example-store/index/line/token", json!([" ", "#", "$", "^", "*", "\r", "\n", "\t"])),
        ("/logstores/example-store/index/keys/latency/type", json!("long")),
        ("/logstores/example-store/index/keys/request/json_keys/user.name/type", json!("text")),
        ("/alerts/from-alicloud-alert/status", json!("ENABLED")),
        ("/alerts/from-alicloud-alert/schedule/delay", json!(10)),
        ("/alerts/from-alicloud-alert/configuration/annotations/1/value", json!("${alert_name}")),
        (
            "/alerts/from-alicloud-alert/configuration/policyConfiguration/actionPolicyId",
            json!("from-alicloud-actions"),
        ),
        (
            "/alerts/from-alicloud-alert/configuration/severityConfigurations/0/evalCondition",
            json!({ "condition": "cnt > 3", "countCondition": "__count__ > 3" }),
        ),
    ] {
        assert_eq!(project.pointer(pointer), Some(&value), "{pointer} in {project}");
    }
    fixture.destroy();
    assert!(fixture.cloud.remains().is_empty());
}

#[test]
fn every_attribute_that_the_table_names_exists() {
    Section::of(HEADING).assert_attributes_exist(25);
}
