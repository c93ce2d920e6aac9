//! No setting says where the cloud is: real Terraform goes by the real host names over TLS, to a mock that is its proxy.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use acceptance_tests::{Cloud, Fixture, REGION, artifacts, full};
use serde_json::Value;
use test_kit::terraform::{Output, Running};

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

/// Applies the configuration in a directory as the command of a mock with TLS.
pub(crate) fn apply_on_a_mock_with_tls(directory: &Path, cli_configuration: &Path) -> (Output, Value) {
    on_a_mock_with_tls("apply -no-color -auto-approve -input=false", directory, cli_configuration)
}

/// Runs Terraform as the command of a mock with TLS, without the address that would lead our
/// provider past the proxy. Gives what was printed and the mock's log of requests.
fn on_a_mock_with_tls(arguments: &str, directory: &Path, cli_configuration: &Path) -> (Output, Value) {
    let terraform = full();
    let script = format!(
        "unset ALITRAIL_ENDPOINT_URL
        {} {arguments}; code=$?
        curl -sS --noproxy '*' \"$ALITRAIL_MOCK_ADMIN_URL/v1/requests\" > requests.json
        exit $code",
        terraform.command_name()
    );
    let mut command = Command::new(&artifacts().alitrail);
    command.args(["mock", "--tls", "--", "sh", "-c", &script]).current_dir(directory);
    let bin = match terraform.shim(directory).unwrap() {
        Some(directory) => directory,
        None => terraform.executable().unwrap().parent().unwrap().to_owned(),
    };
    let path = std::env::var("PATH").unwrap_or_default();
    command.env("PATH", format!("{}:{path}", bin.display())).env("TF_CLI_CONFIG_FILE", cli_configuration);
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        let decides = name.starts_with("TF_") && name != "TF_CLI_CONFIG_FILE";
        if decides || name.starts_with("ALITRAIL_MOCK_") {
            command.env_remove(&*name);
        }
    }
    let running = Running::start(command, "alitrail mock --tls").unwrap();
    let output = running.wait(Duration::from_secs(180), None).unwrap();
    let log = fs::read_to_string(directory.join("requests.json")).unwrap_or_default();
    (output, serde_json::from_str(&log).unwrap_or_default())
}

#[test]
fn terraform_is_a_command_of_a_mock_with_tls() {
    let fixture = Fixture::new(&full());
    fixture.configure(&resources());
    let configuration = Path::new(&fixture.workspace.environment()["TF_CLI_CONFIG_FILE"]).to_owned();
    let (output, log) = apply_on_a_mock_with_tls(fixture.path(), &configuration);
    let said = output.combined();
    assert!(output.success() && said.contains("3 added"), "{said}");
    let host = format!("\"host\":\"actiontrail.{REGION}.aliyuncs.com\"");
    assert!(log.to_string().contains(&host), "{log}");
}

#[test]
fn terraform_init_is_refused_in_words() {
    let fixture = Fixture::new(&full());
    fixture.remove("provider.tf");
    fixture.configure(
        "terraform {\n  required_providers {\n    random = {\n      source = \"hashicorp/random\"\n    }\n  }\n}\n",
    );
    let configuration = Path::new(&fixture.workspace.environment()["TF_CLI_CONFIG_FILE"]).to_owned();
    let (output, log) = on_a_mock_with_tls("init -no-color", fixture.path(), &configuration);
    assert!(!output.success() && log["requests"] == Value::Array(Vec::new()), "{log}");
    let said = output.combined().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("such as terraform init, has to run outside of the mock's environment"), "{said}");
}
