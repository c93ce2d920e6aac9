//! The alicloud provider, as it is released, on the mock: real host names, TLS, no setting but those of the environment. The
//! program is given by whoever has it: `ALICLOUD_PROVIDER=/path/to/terraform-provider-alicloud_v1.2.3`.

use std::fs;
use std::path::PathBuf;

use acceptance_tests::REGION;

use crate::real_hosts::apply_on_a_mock_with_tls;

const PROGRAM: &str = "ALICLOUD_PROVIDER";

/// The region is not looked up, because the mock has no ECS.
const CONFIGURATION: &str = r#"
terraform {
  required_providers {
    alicloud = {
      source = "aliyun/alicloud"
    }
  }
}

provider "alicloud" {
  skip_region_validation = true
}

data "alicloud_caller_identity" "me" {}

resource "alicloud_oss_bucket" "archive" {
  bucket = "alicloud-on-the-mock"
}

resource "alicloud_actiontrail_trail" "audit" {
  trail_name      = "alicloud-on-the-mock"
  oss_bucket_name = alicloud_oss_bucket.archive.bucket
}

output "account" {
  value = data.alicloud_caller_identity.me.account_id
}
"#;

#[test]
fn a_trail_is_applied_with_the_alicloud_provider() {
    let Some(program) = std::env::var_os(PROGRAM).filter(|path| !path.is_empty()).map(PathBuf::from) else {
        println!("NOT RUN: {PROGRAM} does not name the program of the alicloud provider");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let (directory, plugins) = (folder.path().join("configuration"), folder.path().join("plugins"));
    fs::create_dir(&directory).unwrap();
    fs::create_dir(&plugins).unwrap();
    fs::write(directory.join("main.tf"), CONFIGURATION).unwrap();
    let program = fs::canonicalize(&program).unwrap_or_else(|error| panic!("{}: {error}", program.display()));
    fs::copy(&program, plugins.join("terraform-provider-alicloud")).unwrap();
    let overrides = format!(
        "disable_checkpoint = true\nprovider_installation {{\n  dev_overrides {{\n    \"aliyun/alicloud\" = {plugins:?}\n  \
         }}\n  direct {{}}\n}}\n"
    );
    let configuration = folder.path().join("terraform.tfrc");
    fs::write(&configuration, overrides).unwrap();
    let (output, log) = apply_on_a_mock_with_tls(&directory, &configuration);
    let said = output.combined();
    assert!(output.success() && said.contains("account = \"1000000000000001\""), "{said}\n{log:#}");
    let host = format!("\"host\":\"actiontrail.{REGION}.aliyuncs.com\"");
    assert!(log.to_string().contains(&host), "{log:#}");
}
