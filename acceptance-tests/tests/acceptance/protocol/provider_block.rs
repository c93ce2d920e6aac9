//! Whose credentials and which region are used, with empty arguments and profiles that are not meant.

use acceptance_tests::{Stage, full};
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
fn stage(current: &str) -> Stage {
    let mut stage = Stage::new(&full());
    let home = stage.path().join("home");
    std::fs::create_dir_all(home.join(".aliyun")).unwrap();
    let profiles = json!({"current": current, "profiles": [
        {"name": "default", "mode": "AK", "access_key_id": "LTAIsomebodyelse0000", "access_key_secret": "not-the-secret",
            "region_id": "eu-central-1"},
        {"name": "mine", "mode": "AK", "access_key_id": stage.cloud.access_key,
            "access_key_secret": stage.cloud.secret_key, "region_id": "cn-shanghai"},
    ]});
    std::fs::write(home.join(".aliyun/config.json"), profiles.to_string()).unwrap();
    stage.workspace.set("HOME", home);
    stage.configure(ME);
    stage
}

#[test]
fn empty_arguments_leave_everything_to_the_environment() {
    let stage = stage("default");
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
    stage.write("provider.tf", &provider(&arguments));
    stage.apply();
    let state = stage.workspace.state().unwrap();
    assert_eq!(state["data.alitrail_caller_identity.me"]["account_id"], json!(stage.cloud.account_id));
    assert_eq!(state["alitrail_sls_project.this"]["region"], json!(acceptance_tests::REGION));
    stage.assert_empty("with empty arguments");
}

#[test]
fn the_current_profile_brings_its_region() {
    let mut stage = stage("mine");
    for name in ["ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABA_CLOUD_REGION"] {
        // As scripts do that export what they do not have.
        stage.workspace.set(name, "");
    }
    stage.apply();
    let state = stage.workspace.state().unwrap();
    assert_eq!(state["data.alitrail_caller_identity.me"]["account_id"], json!(stage.cloud.account_id));
    assert_eq!(state["alitrail_sls_project.this"]["region"], json!("cn-shanghai"));
    stage.assert_empty("with a profile");
}

#[test]
fn a_profile_in_the_provider_block_goes_before_keys_in_the_environment() {
    let mut stage = stage("default");
    stage.workspace.set("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAIsomebodyelse0000");
    stage.workspace.set("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "not-the-secret");
    stage.write("provider.tf", &provider("  profile = \"mine\"\n"));
    stage.apply();
    let state = stage.workspace.state().unwrap();
    assert_eq!(state["data.alitrail_caller_identity.me"]["account_id"], json!(stage.cloud.account_id));
}
