//! `alitrail check-plan`: judges a plan before it is applied, by the rules of the audit and by what it would weaken. It calls
//! nothing but the program that made the plan, and that only for a plan that is not JSON yet.

use std::env;
use std::fs;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use plan_check::{Error, Options};
use time::OffsetDateTime;

use crate::failure::Failure;
use crate::report::{self, Document, plural};
use crate::selection;

/// What a plan that is not JSON begins with: it is an archive.
const ARCHIVE: &[u8] = b"PK\x03\x04";

/// Arguments of `alitrail check-plan`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The plan or state: JSON of `terraform show -json` or `tofu show -json`, or a plan file as it was saved; - for standard
    /// input.
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// The plan is to declare the whole baseline: what is not in it is missing. Without it, only what is in the plan is judged.
    #[arg(long)]
    expect_baseline: bool,

    /// Program that shows a plan file that is not JSON. Default: terraform, or else tofu, on PATH.
    #[arg(long, value_name = "PROGRAM")]
    terraform: Option<PathBuf>,

    #[command(flatten)]
    selection: selection::Arguments,
    #[command(flatten)]
    report: report::Arguments,
}

/// Judges a plan. The exit code is that of the report.
///
/// # Errors
/// Bad arguments or files, or a plan that cannot be shown or read.
pub fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let selection = arguments.selection.read_for_plan()?;
    let report = arguments.report.prepare()?;
    let is_standard_input = arguments.file == Path::new("-");
    let name = if is_standard_input { "plan.json".to_owned() } else { arguments.file.display().to_string() };
    let mut content = if is_standard_input { standard_input()? } else { file(&arguments.file)? };
    if content.starts_with(ARCHIVE) {
        let directory = tempfile::tempdir()
            .map_err(|error| Failure::new(format!("no temporary directory can be made: {error}")))?;
        let saved = if is_standard_input {
            let path = directory.path().join("plan");
            fs::write(&path, &content)
                .map_err(|error| Failure::new(format!("cannot write {}: {error}", path.display())))?;
            path
        } else {
            arguments.file.clone()
        };
        content = show(&saved, arguments.terraform.as_deref())?;
    }
    let text = text(content).map_err(|why| Failure::usage(format!("{name}: {why}")))?;
    let options = Options {
        file: name.clone(),
        expect_baseline: arguments.expect_baseline,
        now: OffsetDateTime::now_utc(),
    };
    let checked =
        plan_check::check(&text, &selection, &options).map_err(|error| unreadable(&name, &error))?;
    let count = checked.resources;
    eprintln!("{name}: {count} {} of alitrail and alicloud that matter here", plural(count, "resource"));
    if checked.is_incomplete {
        eprintln!(
            "{name} is a part of what is to be planned (deferred changes): check the plans that follow as well"
        );
    }
    report.finish(Document::new("check-plan", checked.report))
}

fn file(path: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(|error| Failure::usage(format!("cannot read {}: {error}", path.display())))
}

fn standard_input() -> Result<Vec<u8>, Failure> {
    let mut content = Vec::new();
    std::io::stdin()
        .lock()
        .read_to_end(&mut content)
        .map_err(|error| Failure::usage(format!("cannot read standard input: {error}")))?;
    Ok(content)
}

/// The text of a document, which shells of Windows write in UTF-16.
fn text(content: Vec<u8>) -> Result<String, &'static str> {
    let wide = |read: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = content[2..].chunks_exact(2).map(|pair| read([pair[0], pair[1]])).collect();
        String::from_utf16(&units).map_err(|_| "it is no text")
    };
    match content.as_slice() {
        [0xFF, 0xFE, ..] => wide(u16::from_le_bytes),
        [0xFE, 0xFF, ..] => wide(u16::from_be_bytes),
        _ => String::from_utf8(content).map_err(|_| "it is neither JSON nor a plan file"),
    }
}

fn unreadable(name: &str, error: &Error) -> Failure {
    let failure = Failure::usage(format!("{name}: {error}"));
    match error {
        Error::Version { .. } => failure.with_hint("a newer release of alitrail may know that format."),
        Error::Errored => failure.with_hint("plan again until it succeeds, and check that plan."),
        _ => failure.with_hint(
            "save a plan with `terraform plan -out=plan.tfplan`, and give that file or the output of `terraform show -json plan.tfplan`.",
        ),
    }
}

/// The JSON of a plan file, by the program that made it.
fn show(plan: &Path, program: Option<&Path>) -> Result<Vec<u8>, Failure> {
    let programs: Vec<PathBuf> = match program {
        Some(program) => vec![program.to_owned()],
        None => ["terraform", "tofu"].into_iter().filter_map(on_path).collect(),
    };
    if programs.is_empty() {
        return Err(Failure::usage(format!(
            "{} is a plan file, and neither terraform nor tofu is on PATH to show it",
            plan.display()
        ))
        .with_hint("give the output of `terraform show -json`, or --terraform PROGRAM."));
    }
    let plan = plan.canonicalize().unwrap_or_else(|_| plan.to_owned());
    let mut refused = String::new();
    for program in &programs {
        let mut command = Command::new(program);
        command.args(["show", "-json", "-no-color"]).arg(&plan).stdin(Stdio::null());
        // Plugins are found in the directory that was initialised.
        if let Some(directory) = plan.parent().filter(|directory| directory.join(".terraform").is_dir()) {
            command.current_dir(directory);
        }
        let output = command
            .output()
            .map_err(|error| Failure::usage(format!("cannot run {}: {error}", program.display())))?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        // What it says goes to standard error, where it says it itself.
        if refused.is_empty() {
            refused = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        }
    }
    let _ = writeln!(std::io::stderr(), "{refused}");
    Err(Failure::usage(format!("{} cannot show {}", programs[0].display(), plan.display()))
        .with_hint("run it in the directory that was initialised and planned in, with the same version."))
}

fn on_path(program: &str) -> Option<PathBuf> {
    let name = format!("{program}{}", env::consts::EXE_SUFFIX);
    env::split_paths(&env::var_os("PATH")?).map(|directory| directory.join(&name)).find(|path| path.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_other_shells_are_read() {
        let wide: Vec<u8> = "\u{feff}{\"é\":1}".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(text(wide).unwrap(), "{\"é\":1}");
        assert_eq!(text(b"{}".to_vec()).unwrap(), "{}");
        assert!(text(vec![0xC0, 0x00]).is_err());
    }
}
