//! A module author's own tests, as the guide shows them: `alitrail mock -- terraform test` in the directory of a module.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use acceptance_tests::{Fixture, artifacts, full, others};
use test_kit::terraform::Terraform;

/// The module that comes with its tests, in a place of its own. The stage's own cloud stays unused.
fn module(terraform: &Terraform) -> Fixture {
    let fixture = Fixture::new(terraform);
    fixture.remove("provider.tf");
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/modules/secure-trail-baseline");
    fs::create_dir(fixture.path().join("tests")).unwrap();
    for directory in ["", "tests"] {
        for entry in fs::read_dir(from.join(directory)).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                let text = fs::read_to_string(&path).unwrap();
                fixture.write(&Path::new(directory).join(path.file_name().unwrap()).to_string_lossy(), &text);
            }
        }
    }
    fixture
}

/// `alitrail mock -- terraform test`, in an environment that has real credentials.
fn tested(fixture: &Fixture) -> Output {
    let terraform = fixture.workspace.terraform().command();
    let mut command = Command::new(&artifacts().alitrail);
    command.args(["mock", "--"]).arg(terraform.get_program()).args(terraform.get_args());
    command.args(["test", "-no-color"]).current_dir(fixture.path());
    command.envs(fixture.workspace.environment());
    for (name, value) in terraform.get_envs() {
        command.env(name, value.unwrap_or_default());
    }
    command.env_remove("ALITRAIL_ENDPOINT_URL");
    command.env("ALICLOUD_ACCESS_KEY", "a-real-key").env("ALICLOUD_SECRET_KEY", "a-real-secret");
    command.output().unwrap()
}

fn passes(terraform: &Terraform) {
    let output = tested(&module(terraform));
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("5 passed, 0 failed"),
        "{said}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn the_tests_of_the_module_pass_on_the_mock() {
    passes(&full());
}

#[test]
fn the_tests_of_the_module_pass_on_the_other_versions() {
    for terraform in others() {
        passes(&terraform);
    }
}

#[test]
fn a_module_that_forgets_to_log_fails_its_tests() {
    let fixture = module(&full());
    let main = fs::read_to_string(fixture.path().join("main.tf")).unwrap();
    let spoiled = main.replace(
        "  oss_key_prefix  = var.oss_key_prefix\n",
        "  oss_key_prefix  = var.oss_key_prefix\n  status          = \"Disable\"\n",
    );
    assert_ne!(main, spoiled, "the module's trail is found");
    fixture.write("main.tf", &spoiled);
    let output = tested(&fixture);
    assert_eq!(output.status.code(), Some(1), "the exit code is Terraform's own");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("A trail that does not log is no trail."), "{said}");
}
