//! No setting says where the cloud is: real Terraform goes by the real host names over TLS, to a mock that is its proxy.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use acceptance_tests::{Cloud, Fixture, REGION, artifacts, full};

const NAME: &str = "real-hosts-audit";

fn provider(arguments: &str) -> String {
    format!(
        "terraform {{\n  required_providers {{\n    alitrail = {{\n      source = \"alitrail/alitrail\"\n    }}\n  \
         }}\n}}\n\nprovider \"alitrail\" {{\n{arguments}}}\n"
    )
}

fn resources() -> String {
    format!(
        r#"
resource "alitrail_oss_bucket" "archive" {{
  bucket        = "{NAME}"
  force_destroy = true
}}

resource "alitrail_sls_project" "events" {{
  project_name  = "{NAME}"
  force_destroy = true
}}

resource "alitrail_trail" "audit" {{
  trail_name      = "{NAME}"
  oss_bucket_name = alitrail_oss_bucket.archive.bucket
  sls_project_arn = "acs:log:{REGION}:${{alitrail_sls_project.events.account_id}}:project/${{alitrail_sls_project.events.project_name}}"
}}
"#
    )
}

/// The hosts that requests were for.
fn hosts(cloud: &Cloud) -> BTreeSet<String> {
    let log = cloud.get("requests").unwrap();
    let requests = log["requests"].as_array().unwrap();
    requests.iter().map(|entry| entry["host"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_trail_is_applied_over_tls_by_the_real_host_names() {
    for by_argument in [true, false] {
        let cloud = Cloud::with(&["--tls"]);
        let (certificate, bundle) = (cloud.ca_certificate.clone().unwrap(), cloud.ca_bundle.clone().unwrap());
        let mut fixture = Fixture::with_cloud(&full(), cloud);
        fixture.workspace.unset("ALITRAIL_ENDPOINT_URL");
        fixture.workspace.set("HTTPS_PROXY", &fixture.cloud.endpoint_url);
        fixture.workspace.set("NO_PROXY", "127.0.0.1,localhost");
        if by_argument {
            fixture.write("provider.tf", &provider(&format!("  custom_ca_bundle = {certificate:?}\n")));
        } else {
            fixture.workspace.set("SSL_CERT_FILE", bundle);
        }
        fixture.configure(&resources());
        fixture.apply();
        let trail = fixture.cloud.get(&fixture.cloud.trail(NAME)).unwrap();
        assert_eq!((&trail["Status"], &trail["OssBucketName"]), (&"Enable".into(), &NAME.into()));
        let hosts = hosts(&fixture.cloud);
        for host in [
            format!("actiontrail.{REGION}.aliyuncs.com"),
            format!("{NAME}.oss-{REGION}.aliyuncs.com"),
            format!("{NAME}.{REGION}.log.aliyuncs.com"),
        ] {
            assert!(hosts.contains(&host), "{host} is not among {hosts:?}");
        }
        assert!(hosts.iter().all(|host| host.ends_with(".aliyuncs.com")), "{hosts:?}");
        fixture.assert_empty("over TLS");
        fixture.destroy();
        assert!(fixture.cloud.remains().is_empty());
    }
}

#[test]
fn a_provider_that_does_not_trust_the_authority_says_so() {
    let mut fixture = Fixture::with_cloud(&full(), Cloud::with(&["--tls"]));
    fixture.workspace.unset("ALITRAIL_ENDPOINT_URL");
    fixture.workspace.set("HTTPS_PROXY", &fixture.cloud.endpoint_url);
    fixture.write("provider.tf", &provider("  max_retries = 0\n"));
    fixture.configure("data \"alitrail_caller_identity\" \"me\" {}\n");
    let said = fixture.fail(&["plan", "-no-color"]);
    assert!(said.to_lowercase().contains("certificate"), "{said}");
    assert!(hosts(&fixture.cloud).is_empty(), "nothing was sent");
}

#[test]
fn terraform_is_a_command_of_a_mock_with_tls() {
    let fixture = Fixture::new(&full());
    fixture.configure(&resources());
    // The environment that a command gets, but for the address that would lead the provider past the proxy.
    let script = "unset ALITRAIL_ENDPOINT_URL; terraform apply -no-color -auto-approve -input=false && curl -sS --noproxy '*' \
                  \"$ALITRAIL_MOCK_ADMIN_URL/v1/requests\" > requests.json";
    let mut command = Command::new(&artifacts().alitrail);
    command.args(["mock", "--tls", "--", "sh", "-c", script]).current_dir(fixture.path());
    let terraform = full();
    let bin = match terraform.shim(fixture.path()).unwrap() {
        Some(directory) => directory,
        None => terraform.executable().unwrap().parent().unwrap().to_owned(),
    };
    let path = std::env::var("PATH").unwrap_or_default();
    command.env("PATH", format!("{}:{path}", bin.display()));
    command.env("TF_CLI_CONFIG_FILE", &fixture.workspace.environment()["TF_CLI_CONFIG_FILE"]);
    for name in ["TF_CLI_ARGS", "TF_DATA_DIR", "TF_WORKSPACE", "TF_LOG", "ALITRAIL_MOCK_ADMIN_TOKEN"] {
        command.env_remove(name);
    }
    let output = command.output().unwrap();
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("3 added"), "{said}");
    let log = fs::read_to_string(fixture.path().join("requests.json")).unwrap();
    assert!(log.contains(&format!("\"host\":\"actiontrail.{REGION}.aliyuncs.com\"")), "{log:.500}");
}
