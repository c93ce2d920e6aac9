//! The alicloud provider's documented bucket examples, as far as they concern an archive, in the words of this provider:
//! the guide shows them, and this applies them. The guide's table of attributes is held against the schemas.

use acceptance_tests::guide::Section;
use acceptance_tests::{Fixture, full};
use serde_json::json;

const HEADING: &str = "Object Storage Service";

#[test]
fn what_their_examples_make_this_provider_makes_too() {
    let (configuration, count) = Section::of(HEADING).configuration();
    assert!(count >= 6, "the guide shows {count} configurations");
    let fixture = Fixture::new(&full());
    fixture.configure(&configuration);
    fixture.apply();
    fixture.assert_empty("after create");

    let bucket =
        |name: &str| fixture.cloud.get(&fixture.cloud.bucket(&format!("from-alicloud-{name}"))).unwrap();
    let example = bucket("example");
    for (pointer, value) in [
        ("/ACL", json!("private")),
        ("/Versioning", json!("Enabled")),
        ("/ServerSideEncryptionRule/SSEAlgorithm", json!("KMS")),
        ("/Logging/TargetBucket", json!("from-alicloud-access-logs")),
        ("/Logging/TargetPrefix", json!("log/")),
        ("/HttpsConfig/TLS/TLSVersion", json!(["TLSv1.2", "TLSv1.3"])),
        ("/Tags", json!({"key1": "value1", "key2": "value2"})),
    ] {
        assert_eq!(example.pointer(pointer), Some(&value), "{pointer} in {example}");
    }
    assert_eq!(bucket("public")["ACL"], "public-read");
    let cold = bucket("cold");
    assert_eq!((&cold["StorageClass"], &cold["DataRedundancyType"]), (&json!("IA"), &json!("ZRS")));
    let rules = &bucket("lifecycle")["Lifecycle"]["Rules"];
    assert_eq!(rules["rule-date"]["Expiration"]["CreatedBeforeDate"], "2025-01-12T00:00:00.000Z");
    assert_eq!(rules["rule-transitions"]["Transition"][1], json!({"Days": 60, "StorageClass": "Archive"}));
    let rules = &bucket("versions")["Lifecycle"]["Rules"];
    assert_eq!(rules["rule-old-versions"]["NoncurrentVersionTransition"][0]["StorageClass"], "IA");
    assert_eq!(rules["rule-filter"]["Filter"]["Not"][0]["Prefix"], "path4/keep/");
    assert_eq!(rules["rule-access"]["Transition"][0]["ReturnToStdWhenVisit"], true);
    assert_eq!(bucket("kept")["Worm"]["State"], "InProgress");
    fixture.destroy();
    assert!(fixture.cloud.remains().is_empty());
}

#[test]
fn every_attribute_that_the_table_names_exists() {
    Section::of(HEADING).assert_attributes_exist(21);
}
