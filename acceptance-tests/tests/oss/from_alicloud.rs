//! The alicloud provider's documented bucket examples, as far as they concern an archive, in the words of this provider:
//! the guide shows them, and this applies them. The guide's table of attributes is held against the schemas.

use std::collections::BTreeSet;

use acceptance_tests::{Stage, full};
use plugin::Provider as _;
use plugin::schema::{Attribute, Kind};
use provider::Alitrail;
use serde_json::json;

const GUIDE: &str = include_str!("../../../docs/guides/coming-from-alicloud.md");

/// The part of the guide about this service.
fn section() -> &'static str {
    let (_, rest) = GUIDE.split_once("\n## Object Storage Service\n").expect("the section");
    rest.split_once("\n## ").map_or(rest, |(section, _)| section)
}

#[test]
fn what_their_examples_make_this_provider_makes_too() {
    let blocks: Vec<&str> =
        section().split("```terraform\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(blocks.len() >= 6, "the guide shows {} configurations", blocks.len());
    let stage = Stage::new(&full());
    stage.configure(&blocks.join("\n"));
    stage.apply();
    stage.assert_empty("after create");

    let bucket = |name: &str| stage.cloud.get(&stage.cloud.bucket(&format!("from-alicloud-{name}"))).unwrap();
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
    stage.destroy();
    assert!(stage.cloud.remains().is_empty());
}

/// Whether these attributes have the path, through maps and lists of objects too.
fn has(attributes: &[Attribute], path: &[&str]) -> bool {
    let [name, rest @ ..] = path else { return true };
    attributes.iter().find(|attribute| attribute.name == *name).is_some_and(|attribute| {
        rest.is_empty() || matches!(&attribute.kind, Kind::Nested(_, nested) if has(nested, rest))
    })
}

#[test]
fn every_attribute_that_the_table_names_exists() {
    let (resources, data) = (Alitrail::resources(), Alitrail::data_sources());
    let schemas = resources.iter().map(|resource| (resource.name(), resource.schema()));
    let schemas: Vec<_> = schemas.chain(data.iter().map(|source| (source.name(), source.schema()))).collect();
    let named: BTreeSet<&str> = section()
        .lines()
        .filter(|line| line.starts_with("| `") || line.starts_with("| data"))
        .filter_map(|line| line.split('|').nth(2))
        .flat_map(|cell| cell.split('`').skip(1).step_by(2))
        .collect();
    assert!(named.len() > 20, "{named:?}");
    for name in named {
        let mut path = name.split('.');
        let kind = path.next().unwrap();
        let (_, schema) =
            schemas.iter().find(|(name, _)| *name == kind).unwrap_or_else(|| panic!("no {kind}"));
        let path: Vec<&str> = path.collect();
        assert!(!path.is_empty() && has(&schema.attributes, &path), "{name} does not exist");
    }
}
