//! A directory with a configuration and its state, and the commands that run in it.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::Value;

use super::{Error, Interrupt, Output, Plan, Running, Terraform, process};
use crate::command_log::CommandLog;

/// How Terraform finds the provider.
#[derive(Debug, Clone, Copy)]
pub enum Installation<'a> {
    /// As a user installs it: copied into a filesystem mirror, found by `init`, recorded in the lock file.
    Mirror {
        /// The plugin's executable.
        plugin: &'a Path,
        /// Its version.
        version: &'a str,
    },
    /// As a developer uses it: the directory that holds the executable, no `init` needed.
    DevOverride {
        /// The directory.
        directory: &'a Path,
    },
}

/// A working directory of Terraform. Its environment has nothing of ours that could reach a real cloud.
#[derive(Debug, Clone)]
pub struct Workspace {
    terraform: Terraform,
    directory: PathBuf,
    environment: BTreeMap<String, OsString>,
    limit: Duration,
    interrupt: Option<Interrupt>,
    commands: Option<CommandLog>,
}

const PLAN_FILE: &str = "plan.tfplan";
const PLAN_OPTION: &str = "-out=plan.tfplan";
const APPLY_PLAN: [&str; 4] = ["apply", "-no-color", "-input=false", PLAN_FILE];
/// Options that change neither what a command does nor what it answers, only how it prints that and ends.
const FOR_PROGRAMS: [&str; 3] = ["-no-color", "-input=false", "-detailed-exitcode"];
const CLI_CONFIG: &str = "terraform.tfrc";

impl Workspace {
    /// A workspace in an existing directory. Files that make the provider findable are written to `support`, which
    /// must exist and should not be the directory itself.
    pub fn new(
        terraform: &Terraform,
        directory: &Path,
        support: &Path,
        installation: Installation<'_>,
    ) -> Result<Self, Error> {
        let config = match installation {
            Installation::Mirror { plugin, version } => mirror(support, plugin, version)?,
            Installation::DevOverride { directory } => format!(
                "provider_installation {{\n  dev_overrides {{\n    \"alitrail/alitrail\" = {}\n  }}\n  direct {{}}\n}}\n",
                Value::from(directory.to_string_lossy())
            ),
        };
        let path = support.join(CLI_CONFIG);
        fs::write(&path, format!("disable_checkpoint = true\n{config}"))
            .map_err(|source| file_error(&path, source))?;
        let mut workspace = Workspace {
            terraform: terraform.clone(),
            directory: directory.to_owned(),
            environment: BTreeMap::new(),
            limit: Duration::from_secs(180),
            interrupt: None,
            commands: None,
        };
        workspace.set("TF_CLI_CONFIG_FILE", path);
        Ok(workspace)
    }

    /// Sets a variable for every command.
    pub fn set(&mut self, name: &str, value: impl Into<OsString>) {
        self.environment.insert(name.to_owned(), value.into());
    }

    /// Takes a variable back.
    pub fn unset(&mut self, name: &str) {
        self.environment.remove(name);
    }

    /// The variables that every command gets.
    pub fn environment(&self) -> &BTreeMap<String, OsString> {
        &self.environment
    }

    /// Bounds every command.
    pub fn set_limit(&mut self, limit: Duration) {
        self.limit = limit;
    }

    /// Passes an interrupt on to running commands.
    pub fn set_interrupt(&mut self, interrupt: Interrupt) {
        self.interrupt = Some(interrupt);
    }

    /// Notes every command there, without the options that only shape what it prints.
    pub fn set_command_log(&mut self, commands: CommandLog) {
        self.commands = Some(commands);
    }

    /// The directory.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The Terraform that runs here.
    pub fn terraform(&self) -> &Terraform {
        &self.terraform
    }

    /// Starts a command without waiting for it.
    pub fn start(&self, arguments: &[&str]) -> Result<Running, Error> {
        let mut command = self.command();
        command.args(arguments);
        if let Some(commands) = &self.commands {
            let typed: Vec<&str> =
                arguments.iter().copied().filter(|argument| !FOR_PROGRAMS.contains(argument)).collect();
            commands.push(self.label(&typed));
        }
        Running::start(command, &self.label(arguments))
    }

    /// Runs a command to its end, whatever its exit code.
    pub fn run(&self, arguments: &[&str]) -> Result<Output, Error> {
        self.start(arguments)?.wait(self.limit, self.interrupt.as_ref())
    }

    /// Runs a command that must end with exit code 0.
    pub fn succeed(&self, arguments: &[&str]) -> Result<Output, Error> {
        let output = self.run(arguments)?;
        if output.success() { Ok(output) } else { Err(self.failed(arguments, &output)) }
    }

    /// `init`, without asking a network.
    pub fn init(&self) -> Result<Output, Error> {
        self.succeed(&["init", "-no-color", "-input=false"])
    }

    /// `get`: installs local modules, which is all that a dev override leaves to do.
    pub fn get(&self) -> Result<Output, Error> {
        self.succeed(&["get", "-no-color"])
    }

    /// `plan` with further arguments, read back from the saved plan file. An error when planning fails or when the exit
    /// code of `-detailed-exitcode` and the plan contradict each other.
    pub fn plan(&self, arguments: &[&str]) -> Result<Plan, Error> {
        let (all, code) = self.run_plan(arguments)?;
        self.judged(arguments, &all, code)
    }

    /// The same, for who expects nothing: `None` when Terraform's exit code already says that nothing changes, which
    /// spares the reading back.
    pub fn plan_if_any(&self, arguments: &[&str]) -> Result<Option<Plan>, Error> {
        match self.run_plan(arguments)? {
            (_, 0) => Ok(None),
            (all, code) => self.judged(arguments, &all, code).map(Some),
        }
    }

    /// The saved plan, when the exit code says the same as it does.
    fn judged(&self, arguments: &[&str], all: &[&str], code: i32) -> Result<Plan, Error> {
        let plan = self.saved_plan()?;
        let refresh_only = arguments.contains(&"-refresh-only");
        let nothing = plan.is_empty() && (plan.drift.is_empty() || !refresh_only);
        // Terraform 1.15.5 has been seen to exit with 2 after a refresh alone for any configuration with a data source, of
        // which the plan then says nothing.
        let excused = refresh_only && nothing && code == 2;
        if nothing != (code == 0) && !excused {
            let reason = format!("exit code {code}, but the plan holds:\n{}", plan.summary());
            return Err(Error::Answer { command: self.label(all), reason });
        }
        Ok(plan)
    }

    /// Plans into the plan file; gives the whole command and its exit code, 0 for no changes or 2 for some.
    fn run_plan<'a>(&self, arguments: &[&'a str]) -> Result<(Vec<&'a str>, i32), Error> {
        let mut all = vec!["plan", "-no-color", "-input=false", "-detailed-exitcode", PLAN_OPTION];
        all.extend(arguments);
        let output = self.run(&all)?;
        match output.code() {
            Some(code @ (0 | 2)) => Ok((all, code)),
            _ => Err(self.failed(&all, &output)),
        }
    }

    fn saved_plan(&self) -> Result<Plan, Error> {
        Ok(Plan::from_json(self.json(&["show", "-json", PLAN_FILE])?))
    }

    /// Applies the plan that [`Workspace::plan`] saved.
    pub fn apply_plan(&self) -> Result<Output, Error> {
        self.succeed(&APPLY_PLAN)
    }

    /// Starts what [`Workspace::apply_plan`] does without waiting for it.
    pub fn start_apply_plan(&self) -> Result<Running, Error> {
        self.start(&APPLY_PLAN)
    }

    /// Plans and applies in one go.
    pub fn apply(&self, arguments: &[&str]) -> Result<Output, Error> {
        let mut all = vec!["apply", "-no-color", "-input=false", "-auto-approve"];
        all.extend(arguments);
        self.succeed(&all)
    }

    /// Destroys everything in the state.
    pub fn destroy(&self, arguments: &[&str]) -> Result<Output, Error> {
        let mut all = vec!["destroy", "-no-color", "-input=false", "-auto-approve"];
        all.extend(arguments);
        self.succeed(&all)
    }

    /// Runs a command that prints JSON.
    pub fn json(&self, arguments: &[&str]) -> Result<Value, Error> {
        let output = self.succeed(arguments)?;
        serde_json::from_str(&output.stdout)
            .map_err(|error| Error::Answer { command: self.label(arguments), reason: error.to_string() })
    }

    /// The values of every managed resource and data source in the state, by address.
    pub fn state(&self) -> Result<BTreeMap<String, Value>, Error> {
        fn collect(module: &Value, into: &mut BTreeMap<String, Value>) {
            for resource in module["resources"].as_array().into_iter().flatten() {
                if let Some(address) = resource["address"].as_str() {
                    into.insert(address.to_owned(), resource["values"].clone());
                }
            }
            module["child_modules"].as_array().into_iter().flatten().for_each(|child| collect(child, into));
        }
        let mut found = BTreeMap::new();
        collect(&self.json(&["show", "-json"])?["values"]["root_module"], &mut found);
        Ok(found)
    }

    fn command(&self) -> Command {
        let mut command = self.terraform.command();
        process::quiet_environment(&mut command);
        command.current_dir(&self.directory).envs(&self.environment);
        command
    }

    fn label(&self, arguments: &[&str]) -> String {
        format!("{} {}", self.terraform.command_name(), arguments.join(" "))
    }

    fn failed(&self, arguments: &[&str], output: &Output) -> Error {
        let status = match output.code() {
            Some(code) => format!("exit code {code}"),
            None => output.status.to_string(),
        };
        Error::Failed { command: self.label(arguments), status, output: output.combined() }
    }
}

/// Lays out a filesystem mirror for Terraform's and OpenTofu's default registry hosts; gives the installation block.
fn mirror(support: &Path, plugin: &Path, version: &str) -> Result<String, Error> {
    let root = support.join("mirror");
    let (system, machine) = platform();
    for host in ["registry.terraform.io", "registry.opentofu.org"] {
        let place = format!("{host}/alitrail/alitrail/{version}/{system}_{machine}");
        let directory = root.join(place);
        fs::create_dir_all(&directory).map_err(|source| file_error(&directory, source))?;
        let name = format!("terraform-provider-alitrail_v{version}{}", std::env::consts::EXE_SUFFIX);
        let target = directory.join(name);
        if fs::hard_link(plugin, &target).is_err() {
            fs::copy(plugin, &target).map_err(|source| file_error(plugin, source))?;
        }
    }
    let path = Value::from(root.to_string_lossy());
    Ok(format!("provider_installation {{\n  filesystem_mirror {{\n    path = {path}\n  }}\n}}\n"))
}

/// The platform in the registry's words.
fn platform() -> (&'static str, &'static str) {
    let system = match std::env::consts::OS {
        "macos" => "darwin",
        other => other,
    };
    let machine = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "x86" => "386",
        other => other,
    };
    (system, machine)
}

fn file_error(path: &Path, source: std::io::Error) -> Error {
    Error::File { path: path.to_owned(), source }
}
