//! Where the demo runs from. In a checkout the plugin is built first, so that it is never older than its source; an
//! installed command takes the plugin that lies beside it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::failure::Failure;
use test_kit::command_log::CommandLog;
use test_kit::terraform::{Interrupt, Running};

const BUILD_LIMIT: Duration = Duration::from_secs(30 * 60);

/// The plugin is built as this command was: `cargo demo` is a release build, and so is the plugin it shows.
const RELEASE: bool = !cfg!(debug_assertions);

/// The two ways to be there.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// Run from a source tree with Cargo.
    Checkout { root: PathBuf, target: PathBuf },
    /// Installed somewhere.
    Installed { directory: PathBuf },
}

impl Layout {
    /// Finds out from where this process was started.
    pub(super) fn find() -> Result<Self, Failure> {
        let executable = std::env::current_exe()
            .map_err(|error| Failure::new(format!("cannot find out where this command lies: {error}")))?;
        // `cargo run` names the source tree; a binary started by hand out of a build directory knows it from its own build.
        let source = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let source = source.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")));
        Ok(Self::of(&executable, &source))
    }

    fn of(executable: &Path, package: &Path) -> Self {
        let target =
            executable.ancestors().skip(1).find(|directory| directory.join("CACHEDIR.TAG").is_file());
        match (target, package.parent()) {
            (Some(target), Some(root)) if root.join("provider/Cargo.toml").is_file() => {
                Layout::Checkout { root: root.to_owned(), target: target.to_owned() }
            }
            _ => Layout::Installed { directory: executable.parent().unwrap_or(Path::new(".")).to_owned() },
        }
    }

    /// Whether the plugin is built here.
    pub(super) fn builds(&self) -> bool {
        matches!(self, Layout::Checkout { .. })
    }

    /// Where downloaded programs are kept.
    pub(super) fn downloads(&self) -> PathBuf {
        match self {
            Layout::Checkout { target, .. } => target.join("terraform"),
            Layout::Installed { .. } => cache_directory().join("alitrail").join("terraform"),
        }
    }

    /// The plugin, up to date.
    pub(super) fn plugin(&self, interrupt: &Interrupt, commands: &CommandLog) -> Result<PathBuf, Failure> {
        let name = format!("terraform-provider-alitrail{}", std::env::consts::EXE_SUFFIX);
        match self {
            Layout::Checkout { root, target } => {
                build(root, target, interrupt, commands)?;
                let plugin = target.join(if RELEASE { "release" } else { "debug" }).join(&name);
                if plugin.is_file() {
                    return Ok(plugin);
                }
                Err(Failure::new(format!("cargo built the provider, but {} is not there", plugin.display())))
            }
            Layout::Installed { directory } => {
                let plugin = directory.join(&name);
                if plugin.is_file() {
                    return Ok(plugin);
                }
                let message = format!("the provider plugin is missing: there is no {}", plugin.display());
                Err(Failure::new(message).with_hint(format!(
                    "`cargo install --path provider --locked`, in a checkout of the same release, puts {name} beside the alitrail \
                     command."
                )))
            }
        }
    }
}

fn build(root: &Path, target: &Path, interrupt: &Interrupt, commands: &CommandLog) -> Result<(), Failure> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    let profile = if RELEASE { "release" } else { "dev" };
    let arguments = ["build", "--package", "alitrail-provider", "--profile", profile];
    command.args(arguments).current_dir(root).env("CARGO_TARGET_DIR", target);
    let label = format!("cargo {}", arguments.join(" "));
    commands.push(label.clone());
    let output = Running::start(command, &label)?.wait(BUILD_LIMIT, Some(interrupt))?;
    if output.success() {
        return Ok(());
    }
    Err(Failure::new(format!("the provider does not build:\n{}", output.stderr)))
}

/// The user's cache directory by the conventions of the platform.
fn cache_directory() -> PathBuf {
    let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    if cfg!(windows) {
        return variable("LOCALAPPDATA").unwrap_or_else(std::env::temp_dir);
    }
    let home = variable("HOME");
    let usual = if cfg!(target_os = "macos") { "Library/Caches" } else { ".cache" };
    variable("XDG_CACHE_HOME").or(home.map(|home| home.join(usual))).unwrap_or_else(std::env::temp_dir)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_binary_in_a_build_directory_belongs_to_its_checkout() {
        let build = tempfile::tempdir().unwrap();
        std::fs::write(build.path().join("CACHEDIR.TAG"), "").unwrap();
        let executable = build.path().join("release/alitrail");
        let package = Path::new(env!("CARGO_MANIFEST_DIR"));
        let expected =
            Layout::Checkout { root: package.parent().unwrap().to_owned(), target: build.path().to_owned() };
        assert_eq!(Layout::of(&executable, package), expected);
    }

    #[test]
    fn a_binary_elsewhere_is_installed() {
        let directory = tempfile::tempdir().unwrap();
        let layout = Layout::of(&directory.path().join("alitrail"), Path::new(env!("CARGO_MANIFEST_DIR")));
        assert_eq!(layout, Layout::Installed { directory: directory.path().to_owned() });
        let failure = layout.plugin(&Interrupt::default(), &CommandLog::default()).unwrap_err();
        assert!(failure.to_string().contains("terraform-provider-alitrail"), "{failure}");
        assert!(failure.hint().is_some());
    }
}
