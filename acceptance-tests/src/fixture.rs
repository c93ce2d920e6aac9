//! One test's world: a mock cloud, a working directory and Terraform.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use plugin::value::Object;
use tempfile::TempDir;
use test_kit::terraform::{Installation, Output, Plan, Terraform, Version, Workspace};

use crate::{Cloud, REGION, artifacts, resources};

/// A mock, a working directory with a provider block, and the commands to run in it.
#[derive(Debug)]
pub struct Fixture {
    /// The cloud.
    pub cloud: Cloud,
    /// The commands.
    pub workspace: Workspace,
    directory: Option<TempDir>,
}

const PROVIDER: &str = r#"terraform {
  required_providers {
    alitrail = {
      source = "alitrail/alitrail"
    }
  }
}

provider "alitrail" {}
"#;

impl Fixture {
    /// A fresh cloud and an empty configuration.
    pub fn new(terraform: &Terraform) -> Self {
        Self::with_cloud(terraform, Cloud::start())
    }

    /// An empty configuration on a given cloud.
    pub fn with_cloud(terraform: &Terraform, cloud: Cloud) -> Self {
        let directory =
            tempfile::Builder::new().prefix("alitrail-test-").tempdir().expect("temporary directory");
        let configuration = directory.path().join("configuration");
        fs::create_dir(&configuration).expect("configuration directory");
        let installation = Installation::DevOverride { directory: &artifacts().plugin_directory };
        let workspace = Workspace::new(terraform, &configuration, directory.path(), installation);
        let mut workspace = workspace.expect("workspace");
        workspace.set("ALITRAIL_ENDPOINT_URL", &cloud.endpoint_url);
        workspace.set("ALIBABA_CLOUD_ACCESS_KEY_ID", &cloud.access_key);
        workspace.set("ALIBABA_CLOUD_ACCESS_KEY_SECRET", &cloud.secret_key);
        workspace.set("ALIBABA_CLOUD_REGION", REGION);
        // No test asks the metadata service of the machine that it runs on.
        workspace.set("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true");
        let fixture = Fixture { cloud, workspace, directory: Some(directory) };
        fixture.write("provider.tf", PROVIDER);
        fixture
    }

    /// Writes a file of the configuration.
    pub fn write(&self, name: &str, text: &str) {
        let path = self.workspace.directory().join(name);
        fs::write(&path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }

    /// Replaces everything but the provider block.
    pub fn configure(&self, text: &str) {
        self.write("main.tf", text);
    }

    /// Takes an example as the configuration, with the modules where it looks for them.
    pub fn take_example(&self, name: &str) {
        self.remove("provider.tf");
        copy(&examples().join(name), self.path());
        self.take_modules();
        self.workspace.get().unwrap_or_else(|error| panic!("{error}"));
    }

    /// Puts the modules where the configuration finds them as `../modules/NAME`.
    pub fn take_modules(&self) {
        for module in fs::read_dir(examples().join("modules")).expect("modules") {
            let from = module.expect("a module").path();
            copy(&from, &self.path().join("../modules").join(from.file_name().expect("a name")));
        }
    }

    /// Takes over the configuration of another stage, with its modules and its state.
    pub fn take_copy(&self, other: &Self) {
        copy_all(other.path(), self.path());
        copy_all(&other.path().join("../modules"), &self.path().join("../modules"));
    }

    /// Removes a file of the configuration if it is there.
    pub fn remove(&self, name: &str) {
        let _ = fs::remove_file(self.workspace.directory().join(name));
    }

    /// A path in the working directory.
    pub fn path(&self) -> &Path {
        self.workspace.directory()
    }

    /// Plans; a failure ends the test with Terraform's own words.
    pub fn plan(&self, arguments: &[&str]) -> Plan {
        self.workspace.plan(arguments).unwrap_or_else(|error| panic!("{error}"))
    }

    /// Applies; a failure ends the test with Terraform's own words.
    pub fn apply(&self) -> Output {
        self.workspace.apply(&[]).unwrap_or_else(|error| panic!("{error}"))
    }

    /// Destroys; a failure ends the test with Terraform's own words.
    pub fn destroy(&self) -> Output {
        self.workspace.destroy(&[]).unwrap_or_else(|error| panic!("{error}"))
    }

    /// Applies the saved plan while the service clock runs fast, for what takes hours in the cloud.
    pub fn apply_plan_while_hours_pass(&self) {
        let mut apply = self.workspace.start_apply_plan().unwrap_or_else(|error| panic!("{error}"));
        let deadline = Instant::now() + Duration::from_secs(120);
        while !apply.has_ended() && Instant::now() < deadline {
            self.cloud.advance_clock(3600);
            std::thread::sleep(Duration::from_millis(200));
        }
        let output = apply.wait(Duration::from_secs(1), None).unwrap_or_else(|error| panic!("{error}"));
        assert!(output.success(), "apply failed:\n{}", output.combined());
    }

    /// What the resources in the state are, whichever way the state says what is unset: an import writes that out.
    pub fn meaning(&self) -> BTreeMap<String, Object> {
        let state = self.workspace.state().expect("state").into_iter();
        let managed = state.filter(|(address, _)| !address.contains("data.alitrail_"));
        managed
            .map(|(address, values)| {
                let named = address.find("alitrail_").map(|at| &address[at..]).unwrap_or_default();
                let meaning = resources::meaning(named.split('.').next().unwrap_or_default(), &values);
                (address, meaning)
            })
            .collect()
    }

    /// Forgets a resource and imports it, by id and, where Terraform can, by identity: nothing else is planned, and the
    /// state is what it was.
    pub fn reimport(&self, address: &str, id: &str, identity: &[(&str, &str)]) {
        let mut blocks = vec![format!("  id = {id:?}\n")];
        let terraform = self.workspace.terraform();
        if terraform.version() >= Version::new(12, 0) && !terraform.is_open_tofu() {
            let lines: String =
                identity.iter().map(|(name, value)| format!("    {name} = {value:?}\n")).collect();
            blocks.push(format!("  identity = {{\n{lines}  }}\n"));
        }
        for block in blocks {
            let before = self.meaning()[address].clone();
            self.workspace.succeed(&["state", "rm", address]).unwrap_or_else(|error| panic!("{error}"));
            self.write("import.tf", &format!("import {{\n  to = {address}\n{block}}}\n"));
            let plan = self.plan(&[]);
            let imports = plan.changes.len() == 1 && plan.changes[0].importing;
            assert!(imports && plan.changes[0].actions == ["no-op"], "{block}:\n{}", plan.summary());
            self.workspace.apply_plan().unwrap_or_else(|error| panic!("{error}"));
            self.remove("import.tf");
            assert_eq!(self.meaning()[address], before, "the state after {block}");
        }
    }

    /// Lets the service clock run on, these many seconds every tenth of a second, for what lags or takes long in the cloud.
    pub fn while_time_flies<R>(&self, seconds: u64, act: impl FnOnce() -> R) -> R {
        struct Stop<'s>(&'s AtomicBool);
        impl Drop for Stop<'_> {
            fn drop(&mut self) {
                self.0.store(true, Ordering::Relaxed);
            }
        }
        let stop = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    self.cloud.advance_clock(seconds);
                    std::thread::sleep(Duration::from_millis(100));
                }
            });
            let _stop = Stop(&stop);
            act()
        })
    }

    /// Runs a command that must fail; gives its standard error as one line per paragraph, without the box around it.
    pub fn fail(&self, arguments: &[&str]) -> String {
        let output = self.workspace.run(arguments).unwrap_or_else(|error| panic!("{error}"));
        assert!(!output.success(), "should have failed: {}\n{}", arguments.join(" "), output.combined());
        plain(&output.stderr)
    }

    /// Nothing is planned: neither after a refresh, nor without one, nor by a refresh alone.
    pub fn assert_empty(&self, when: &str) {
        for arguments in [&[][..], &["-refresh=false"], &["-refresh-only"]] {
            self.assert_nothing(arguments, when);
        }
    }

    /// Nothing is planned after a refresh: what follows every single change, where three plans would take too long.
    pub fn assert_unchanged(&self, when: &str) {
        self.assert_nothing(&[], when);
    }

    fn assert_nothing(&self, arguments: &[&str], when: &str) {
        let plan = self.workspace.plan_if_any(arguments).unwrap_or_else(|error| panic!("{error}"));
        let Some(plan) = plan else { return };
        let drift: Vec<String> = plan.drift.iter().map(test_kit::terraform::Change::summary).collect();
        assert!(
            plan.is_empty() && drift.is_empty(),
            "{when}, plan {arguments:?} should be empty:\n{}\ndrift:\n{}",
            plan.summary(),
            drift.join("\n")
        );
    }
}

impl Drop for Fixture {
    fn drop(&mut self) {
        let failed = std::thread::panicking();
        let keep = failed || std::env::var_os("ALITRAIL_TEST_KEEP").is_some();
        if let Some(directory) = self.directory.take().filter(|_| keep) {
            eprintln!("working directory kept: {}", directory.keep().display());
        }
    }
}

/// Terraform's diagnostics as a person reads them: without the drawn box, each paragraph on one line.
pub(crate) fn plain(text: &str) -> String {
    let unboxed = text.lines().map(|line| line.trim_start_matches(['╷', '│', '╵']).trim());
    let mut paragraphs: Vec<String> = vec![String::new()];
    for line in unboxed {
        match (line.is_empty(), paragraphs.last_mut()) {
            (true, Some(last)) if !last.is_empty() => paragraphs.push(String::new()),
            (false, Some(last)) => {
                if !last.is_empty() {
                    last.push(' ');
                }
                last.push_str(line);
            }
            _ => {}
        }
    }
    paragraphs.join("\n").trim().to_owned()
}

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples")
}

/// Copies the configuration files of a directory.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("directory");
    for entry in fs::read_dir(from).unwrap_or_else(|error| panic!("{}: {error}", from.display())) {
        let path = entry.expect("entry").path();
        if path.extension().is_some_and(|extension| extension == "tf") {
            fs::copy(&path, to.join(path.file_name().expect("a name"))).expect("copy");
        }
    }
}

/// Copies a directory with everything in it.
fn copy_all(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("directory");
    for entry in fs::read_dir(from).unwrap_or_else(|error| panic!("{}: {error}", from.display())) {
        let entry = entry.expect("entry");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            copy_all(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target).expect("copy");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn diagnostics_are_unwrapped() {
        let text = "╷\n│ Error: Invalid name\n│ \n│   with alitrail_trail.this,\n│   on main.tf line 3:\n│ \n│ It must have\n│ six characters.\n╵\n";
        let expected =
            "Error: Invalid name\nwith alitrail_trail.this, on main.tf line 3:\nIt must have six characters.";
        assert_eq!(plain(text), expected);
    }
}
