//! Names that do not exist in nested attributes: what Terraform makes of their declarations. That each is refused is a test
//! of the provider's own; here they stay out of states, plans, and the configuration that Terraform generates.

use acceptance_tests::{Fixture, full};
use plugin::Provider;
use plugin::schema::{Attribute, Kind};
use provider::Alitrail;
use serde_json::Value;

const ARCHIVE: &str = r#"
resource "alitrail_oss_bucket" "archive" {
  bucket = "unknown-keys-archive"
}
"#;

const RULES: &str = r#"
resource "alitrail_oss_bucket_lifecycle" "archive" {
  bucket = alitrail_oss_bucket.archive.bucket
  rules = {
    events = {
      prefix      = "events/"
      transitions = { IA = { days = 30 } }
      expiration  = { days = 400 }
      filter      = { not = [{ prefix = "events/keep/" }] }
    }
    uploads = {
      abort_multipart_upload = { days = 7 }
    }
  }
}
"#;

/// Every name that does not exist in some nested attribute of these resources, and exists nowhere in them.
fn unsupported_names(resources: &[&str]) -> Vec<&'static str> {
    fn walk(attributes: &[Attribute], dead: &mut Vec<&'static str>, alive: &mut Vec<&'static str>) {
        for attribute in attributes {
            if attribute.unsupported_name.is_some() { &mut *dead } else { &mut *alive }.push(attribute.name);
            if let Kind::Nested(_, inner) = &attribute.kind {
                walk(inner, dead, alive);
            }
        }
    }
    let (mut dead, mut alive) = (Vec::new(), Vec::new());
    for managed in Alitrail::resources().iter().filter(|one| resources.contains(&one.name())) {
        walk(&managed.schema().attributes, &mut dead, &mut alive);
    }
    dead.retain(|name| !alive.contains(name));
    for known in ["enabled", "transition", "kms_key_id", "min_tls"] {
        assert!(dead.contains(&known), "{dead:?}");
    }
    dead
}

/// Asserts that none of these names has a value.
fn all_null(names: &[&str], value: &Value) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                assert!(!names.contains(&name.as_str()) || member.is_null(), "{name}: {member}");
                all_null(names, member);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| all_null(names, item)),
        _ => {}
    }
}

#[test]
fn generated_configuration_has_none_of_them() {
    let fixture = Fixture::new(&full());
    fixture.configure(&[ARCHIVE, RULES].concat());
    fixture.apply();
    let lifecycle = "alitrail_oss_bucket_lifecycle.archive";
    let names = unsupported_names(&["alitrail_oss_bucket", "alitrail_oss_bucket_lifecycle"]);
    fixture.workspace.state().unwrap().values().for_each(|state| all_null(&names, state));
    fixture.workspace.succeed(&["state", "rm", lifecycle]).unwrap();
    fixture.workspace.succeed(&["state", "rm", "alitrail_oss_bucket.archive"]).unwrap();

    let import = |to: &str| format!("import {{\n  to = {to}\n  id = \"unknown-keys-archive\"\n}}\n");
    fixture.configure(&[import("alitrail_oss_bucket.archive"), import(lifecycle)].concat());
    fixture.workspace.succeed(&["plan", "-generate-config-out=generated.tf"]).unwrap();
    let generated = std::fs::read_to_string(fixture.path().join("generated.tf")).unwrap();
    assert!(generated.contains("expiration = {") && generated.contains("sse_algorithm"), "{generated}");
    for name in names {
        let is_written = |line: &str| line.split_whitespace().next() == Some(name);
        assert!(!generated.lines().any(is_written), "{name} in {generated}");
    }
    let plan = fixture.plan(&[]);
    assert!(
        plan.changes.iter().all(|change| change.importing && change.actions == ["no-op"]),
        "{}",
        plan.summary()
    );
    fixture.workspace.apply_plan().unwrap();
    fixture.assert_empty("after the import");
}
