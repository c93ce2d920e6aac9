//! Whose credentials and which region are used, with empty arguments and profiles that are not meant.

use acceptance_tests::{Fixture, full};
use serde_json::json;

const ME: &str = r#"
data "alitrail_caller_identity" "me" {}

resource "alitrail_sls_project" "this" {
  project_name = "provider-block"
}
"#;

fn provider(arguments: &str) -> String {
    format!(
        "terraform {{\n  required_providers {{\n    alitrail = {{\n      source = \"alitrail/alitrail\"\n    }}\n  \
         }}\n}}\n\nprovider \"alitrail\" {{\n{arguments}}}\n"
    )
}

/// A stage whose home has profiles: one of the mock's account, and one of somebody else.
fn fixture(current: &str) -> Fixture {
    let mut fixture = Fixture::new(&full());
    let home = fixture.path().join("home");
    std::fs::create_dir_all(home.join(".aliyun")).unwrap();
    let profiles = json!({"current": current, "profiles": [
        {"name": "default", "mode": "AK", "access_key_id": "LTAIsomebodyelse0000", "access_key_secret": "not-the-secret",
            "region_id": "eu-central-1"},
        {"name": "mine", "mode": "AK", "access_key_id": fixture.cloud.access_key,
            "access_key_secret": fixture.cloud.secret_key, "region_id": "cn-shanghai"},
    ]});
    std::fs::write(home.join(".aliyun/config.json"), profiles.to_string()).unwrap();
    fixture.workspace.set("HOME", home);
    fixture.configure(ME);
    fixture
}

#[test]
fn empty_arguments_leave_everything_to_the_environment() {
    let fixture = fixture("default");
    let texts = [
        "access_key",
        "secret_key",
        "security_token",
        "profile",
        "shared_credentials_file",
        "region",
        "endpoint_url",
        "custom_ca_bundle",
        "evidence_changes",
    ];
    let mut arguments: String = texts.iter().map(|name| format!("  {name} = \"\"\n")).collect();
    arguments.push_str("  endpoints {\n    oss = \"\"\n    log = \"\"\n    sts = \"\"\n  }\n  sign_version {\n    sls = \"\"\n  }\n");
    fixture.write("provider.tf", &provider(&arguments));
    fixture.apply();
    let state = fixture.workspace.state().unwrap();
    assert_eq!(state["data.alitrail_caller_identity.me"]["account_id"], json!(fixture.cloud.account_id));
    assert_eq!(state["alitrail_sls_project.this"]["region"], json!(acceptance_tests::REGION));
    fixture.assert_empty("with empty arguments");
}

#[test]
fn the_current_profile_brings_its_region() {
    let mut fixture = fixture("mine");
    for name in ["ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABA_CLOUD_REGION"] {
        // As scripts do that export what they do not have.
        fixture.workspace.set(name, "");
    }
    fixture.apply();
    let state = fixture.workspace.state().unwrap();
    assert_eq!(state["data.alitrail_caller_identity.me"]["account_id"], json!(fixture.cloud.account_id));
    assert_eq!(state["alitrail_sls_project.this"]["region"], json!("cn-shanghai"));
    fixture.assert_empty("with a profile");
}

#[test]
fn a_profile_in_the_provider_block_goes_before_keys_in_the_environment() {
    let mut fixture = fixture("default");
    fixture.workspace.set("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAIsomebodyelse0000");
    fixture.workspace.set("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "not-the-secret");
    fixture.write("provider.tf", &provider("  profile = \"mine\"\n"));
    fixture.apply();
    let state = fixture.workspace.state().unwrap();
    assert_eq!(state["data.alitrail_caller_identity.me"]["account_id"], json!(fixture.cloud.account_id));
}
