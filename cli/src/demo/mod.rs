//! `alitrail demo`: the whole job on a mock of the cloud. Applies the single-account example with a real Terraform and
//! the real provider, lets somebody change the cloud behind its back, and shows that the plan names every change and
//! the apply repairs it; then takes everything down and looks whether anything is left.

mod drift;
mod example;
mod layout;
mod table;

use std::collections::BTreeMap;
use std::fs;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::time::Duration;

use console::style;
use serde_json::Value;

use crate::failure::Failure;
use crate::mock::Mock;
use crate::steps::Steps;
use drift::{DRIFTS, Made};
use layout::Layout;
use mock_cloud::Options;
use test_kit::admin::Admin;
use test_kit::terraform::{Installation, Interrupt, Plan, Terraform, Workspace};

const REGION: &str = "cn-hangzhou";

/// Arguments of `alitrail demo`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Stop after the first apply, print the environment to go on by hand, and wait for Ctrl-C.
    #[arg(long)]
    keep: bool,

    /// The Terraform or OpenTofu to run, instead of the one on PATH or a downloaded one.
    #[arg(long, value_name = "PATH", env = "ALITRAIL_TERRAFORM")]
    terraform: Option<PathBuf>,
}

/// Runs the demo.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    let interrupt = Interrupt::default();
    let runtime = crate::mock::runtime()?;
    runtime.spawn(watch_for_ctrl_c(interrupt.clone()));
    let mut steps = Steps::default();
    println!("An audit trail from nothing to torn down, on a mock of the cloud.\n");

    let layout = Layout::find()?;
    if layout.builds() && !std::io::stderr().is_terminal() {
        println!("  building the provider; the first time this takes some minutes");
    }
    let title = if layout.builds() { "the provider is built" } else { "the provider is there" };
    let commands = steps.commands().clone();
    let plugin = steps.step(title, || Ok((layout.plugin(&interrupt, &commands)?, String::new())))?;
    let terraform = steps.step("Terraform is there", || {
        let found = match &arguments.terraform {
            Some(path) => Terraform::at(path)?,
            None => Terraform::find_or_install(&layout.downloads())?,
        };
        let text = found.to_string();
        Ok((found, text))
    })?;
    let mock = steps.step("the mock cloud listens", || {
        let mock = Mock::start(&runtime, Options::default())?;
        let url = mock.ready().endpoint_url.clone();
        Ok((mock, url))
    })?;

    let directory = tempfile::Builder::new()
        .prefix("alitrail-demo-")
        .tempdir()
        .map_err(|error| Failure::new(format!("cannot make a working directory: {error}")))?;
    let outcome = Demo::new(&terraform, &plugin, &mock, directory.path(), &interrupt).and_then(|mut demo| {
        demo.workspace.set_command_log(commands);
        demo.play(&mut steps, arguments.keep)
    });
    mock.stop(&runtime);
    finish(outcome, &steps, directory)
}

fn finish(outcome: Result<(), Failure>, steps: &Steps, directory: tempfile::TempDir) -> Result<(), Failure> {
    match outcome {
        Ok(()) => {
            let seconds = steps.elapsed().as_secs_f64();
            let text = format!("All {} steps held, in {seconds:.1} s.", steps.held());
            println!("\n{}", style(text).green().bold());
            Ok(())
        }
        Err(failure) if failure.is_interrupt() => Err(failure),
        Err(failure) => {
            let kept = directory.keep();
            let kept_at = format!("The working directory is kept: {}", kept.display());
            let hint = failure.hint().map_or(kept_at.clone(), |hint| format!("{hint} {kept_at}"));
            Err(failure.with_hint(hint))
        }
    }
}

async fn watch_for_ctrl_c(interrupt: Interrupt) {
    if tokio::signal::ctrl_c().await.is_ok() {
        interrupt.set();
    }
}

/// A prepared workspace and the cloud it works on.
struct Demo {
    workspace: Workspace,
    admin: Admin,
    account_id: String,
    support: PathBuf,
    interrupt: Interrupt,
}

impl Demo {
    fn new(
        terraform: &Terraform,
        plugin: &Path,
        mock: &Mock,
        directory: &Path,
        interrupt: &Interrupt,
    ) -> Result<Self, Failure> {
        let support = directory.join("support");
        let prepare = fs::create_dir_all(&support).and_then(|()| example::write(directory));
        prepare.map_err(|error| Failure::new(format!("cannot write to {}: {error}", directory.display())))?;
        let installation = Installation::Mirror { plugin, version: env!("CARGO_PKG_VERSION") };
        let mut workspace =
            Workspace::new(terraform, &directory.join(example::ROOT), &support, installation)?;
        let ready = mock.ready();
        workspace.set("ALITRAIL_ENDPOINT_URL", &ready.endpoint_url);
        workspace.set("ALIBABA_CLOUD_ACCESS_KEY_ID", &ready.access_key);
        workspace.set("ALIBABA_CLOUD_ACCESS_KEY_SECRET", &ready.secret_key);
        workspace.set("ALIBABA_CLOUD_REGION", REGION);
        workspace.set_interrupt(interrupt.clone());
        Ok(Demo {
            workspace,
            admin: Admin::new(&ready.admin_url),
            account_id: ready.account_id.clone(),
            support,
            interrupt: interrupt.clone(),
        })
    }

    fn play(&self, steps: &mut Steps, keep: bool) -> Result<(), Failure> {
        let workspace = &self.workspace;
        steps.step("init finds the provider", || Ok((workspace.init()?, String::new())))?;
        let made = steps.step("apply makes the baseline", || {
            let plan = workspace.plan(&[])?;
            workspace.apply_plan()?;
            Ok((self.made()?, kinds(&plan)))
        })?;
        steps.step("plan again: nothing to do", || self.expect_empty())?;
        if keep {
            return self.keep(&made);
        }
        steps.step("somebody changes the cloud", || {
            for drift in &DRIFTS {
                drift.inject(&self.admin, &made).map_err(|error| Failure::new(error.to_string()))?;
            }
            Ok(((), format!("{} changes behind Terraform's back", DRIFTS.len())))
        })?;
        for drift in &DRIFTS {
            println!("      - {}", drift.what);
        }
        let rows = steps.step("plan names every change", || {
            let plan = workspace.plan(&[])?;
            let rows = drift::read(&plan).map_err(Failure::new)?;
            let detail = format!("{} attributes of {} resources", rows.len(), plan.changes.len());
            Ok((rows, detail))
        })?;
        println!("{}", table::rows(&rows));
        steps.step("apply puts them back", || Ok((workspace.apply_plan()?, String::new())))?;
        steps.step("plan again: nothing to do", || self.expect_empty())?;
        self.take_down(steps)
    }

    fn take_down(&self, steps: &mut Steps) -> Result<(), Failure> {
        const LIFTED: [&str; 2] = ["-var=deletion_protection=false", "-var=force_destroy=true"];
        steps.step("destroy is refused while protected", || {
            let output = self.workspace.run(&["destroy", "-no-color", "-input=false", "-auto-approve"])?;
            let refused = !output.success() && output.stderr.contains("deletion_protection");
            if refused { Ok(((), String::new())) } else { Err(unexpected("destroy", &output.combined())) }
        })?;
        steps.step("the protection is lifted", || {
            self.workspace.apply(&LIFTED)?;
            Ok(((), "in an apply of its own".to_owned()))
        })?;
        steps.step("destroy takes everything down", || {
            Ok((self.workspace.destroy(&LIFTED)?, String::new()))
        })?;
        steps.step("nothing is left in the cloud", || {
            let left = self.remains()?;
            if left.is_empty() {
                Ok(((), String::new()))
            } else {
                Err(Failure::new(format!("still there: {}", left.join(", "))))
            }
        })
    }

    fn expect_empty(&self) -> Result<((), String), Failure> {
        let plan = self.workspace.plan(&[])?;
        if plan.is_empty() {
            return Ok(((), String::new()));
        }
        Err(Failure::new(format!("the plan should be empty, but it holds:\n{}", plan.summary())))
    }

    /// Reads the names of what was made from the outputs.
    fn made(&self) -> Result<Made, Failure> {
        let outputs = self.workspace.json(&["output", "-json"])?;
        let text = |name: &str| {
            let value = outputs[name]["value"].as_str().map(str::to_owned);
            value.ok_or_else(|| Failure::new(format!("the example has no output {name}")))
        };
        Ok(Made {
            account_id: self.account_id.clone(),
            region: REGION.to_owned(),
            trail: text("trail_name")?,
            bucket: text("bucket_name")?,
            project: text("project_name")?,
            logstore: text("logstore_name")?,
        })
    }

    /// Every bucket, trail and project that the mock still holds.
    fn remains(&self) -> Result<Vec<String>, Failure> {
        let get = |path: &str| self.admin.get(path).map_err(|error| Failure::new(error.to_string()));
        let mut left = keys("bucket", &get("oss/buckets")?);
        let regions = get(&format!("accounts/{}/regions", self.account_id))?;
        for region in regions.as_object().into_iter().flat_map(|regions| regions.values()) {
            left.extend(keys("trail", &region["actiontrail"]["trails"]));
            left.extend(keys("log project", &region["sls"]["projects"]));
        }
        Ok(left)
    }

    /// Prints what is needed to go on by hand, and waits.
    fn keep(&self, made: &Made) -> Result<(), Failure> {
        let name = self.workspace.terraform().command_name();
        println!("\nThe mock cloud stays until Ctrl-C. In another terminal:\n");
        for (variable, value) in self.workspace.environment() {
            println!("  export {variable}='{}'", value.to_string_lossy());
        }
        if let Some(directory) = self.workspace.terraform().shim(&self.support)? {
            println!("  export PATH='{}':\"$PATH\"", directory.display());
        }
        println!("  cd '{}'\n  {name} plan\n", self.workspace.directory().display());
        println!("Change the cloud behind its back, for instance stop the trail, and plan again:\n");
        println!("  {}\n", stop_by_hand(&self.admin.url_of(&made.trail_path())));
        while !self.interrupt.is_set() {
            std::thread::sleep(Duration::from_millis(50));
        }
        println!();
        Ok(())
    }
}

/// A command that stops a trail through the admin interface.
fn stop_by_hand(trail: &str) -> String {
    format!("curl -X PATCH -H 'Content-Type: application/json' -d '{{\"Status\": \"Disable\"}}' {trail}")
}

fn unexpected(command: &str, output: &str) -> Failure {
    Failure::new(format!(
        "{command} should have been refused because of deletion_protection, but it said:\n{output}"
    ))
}

fn keys(kind: &str, map: &Value) -> Vec<String> {
    map.as_object().into_iter().flat_map(|map| map.keys()).map(|key| format!("{kind} {key}")).collect()
}

/// How many of which type a plan creates.
fn kinds(plan: &Plan) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for change in plan.changes.iter().filter(|change| change.actions == ["create"]) {
        // `alitrail_oss_bucket_lifecycle` is a lifecycle.
        let kind = change.resource_type.rsplit('_').next().unwrap_or_default();
        *counts.entry(kind).or_default() += 1;
    }
    let names: Vec<&str> = counts.keys().copied().collect();
    format!("{} resources: {}", counts.values().sum::<usize>(), names.join(", "))
}

#[cfg(test)]
mod tests {
    use mock_cloud::MockCloud;
    use serde_json::json;

    use super::*;

    #[test]
    fn the_command_to_stop_the_trail_by_hand_works() {
        let runtime = crate::mock::runtime().unwrap();
        let mock = runtime.block_on(MockCloud::start(Options::default())).unwrap();
        let admin = Admin::new(&mock.admin_url());
        let path = format!("accounts/{}/regions/{REGION}/actiontrail/trails/audit-trail", mock.account_id());
        let trail = json!({
            "Status": "Enable", "EventRW": "All", "TrailRegion": "All", "OssBucketName": "audit-bucket",
            "CreateTime": "2026-01-15T08:30:00Z", "UpdateTime": "2026-01-15T08:30:00Z",
        });
        admin.put(&path, &trail).unwrap();
        // Not every machine has curl, but what the tests need has Python.
        let curl = concat!(env!("CARGO_MANIFEST_DIR"), "/../acceptance-tests/sdk/curl.py");
        let command =
            format!("curl() {{ python3 -B '{curl}' \"$@\"; }}\n{}", stop_by_hand(&admin.url_of(&path)));
        let output = std::process::Command::new("sh").args(["-c", &command]).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        assert_eq!(admin.get(&path).unwrap()["Status"], "Disable");
    }
}
