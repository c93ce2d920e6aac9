//! Reports of `audit` and `check-plan`: their formats, what is left out because it was known before, and the exit code.

mod csv;
mod document;
pub mod json;
mod junit;
mod markdown;
mod ocsf;
mod sarif;
mod table;

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufWriter, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::str::FromStr;

use baseline::{Finding, Report, Severity, Verdict};

pub(crate) use document::plural;
use document::unwritable;
pub use document::{Document, Shard};

use crate::failure::Failure;

/// Which reports are written, and when the command fails.
#[derive(Debug, Clone, clap::Args)]
#[group(skip)]
#[command(next_help_heading = "Report")]
pub struct Arguments {
    /// Format of standard output.
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Table)]
    format: Format,

    /// Also write the report to a file: FORMAT=FILE, or FILE alone where its ending says the format (.json, .sarif,
    /// .ocsf.json, .xml, .md, .csv, .txt). Repeatable.
    #[arg(long = "output", value_name = "[FORMAT=]FILE")]
    outputs: Vec<Output>,

    /// Exit with 1 for findings of this severity and above: low, medium, high or critical.
    #[arg(long, value_name = "SEVERITY", default_value = "low")]
    fail_on: Severity,

    /// Exit with 2 also for what was read and cannot be judged.
    #[arg(long)]
    fail_on_unknown: bool,

    /// An earlier report in the JSON format: failures that are in it are left out.
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
}

/// The form of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people.
    Table,
    /// Everything, with a schema that stays.
    Json,
    /// For code-scanning hosts.
    Sarif,
    /// Compliance findings for security lakes.
    Ocsf,
    /// For CI systems that show tests.
    Junit,
    /// For comments on pull requests.
    Markdown,
    /// For spreadsheets.
    Csv,
}

/// A file that a report is written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    format: Format,
    path: PathBuf,
}

impl FromStr for Output {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some((format, path)) = text.split_once('=')
            && let Ok(format) = <Format as clap::ValueEnum>::from_str(format, true)
        {
            if path.is_empty() {
                return Err("there is no file after the equals sign".to_owned());
            }
            return Ok(Self { format, path: path.into() });
        }
        let endings = [
            (".ocsf.json", Format::Ocsf),
            (".sarif.json", Format::Sarif),
            (".sarif", Format::Sarif),
            (".json", Format::Json),
            (".xml", Format::Junit),
            (".md", Format::Markdown),
            (".csv", Format::Csv),
            (".txt", Format::Table),
        ];
        let format = endings.iter().find(|(ending, _)| text.ends_with(ending)).map(|(_, format)| *format);
        let format = format.ok_or_else(|| {
            format!("the ending of {text:?} says no format; write FORMAT=FILE, such as sarif={text}")
        })?;
        Ok(Self { format, path: text.into() })
    }
}

impl Document {
    /// Writes the report. The JSON form of many accounts is long, and is never in memory as a whole.
    fn write(&self, format: Format, to_file: bool, out: impl std::io::Write) -> Result<(), Failure> {
        let mut out = BufWriter::new(out);
        let text = match format {
            Format::Table => table::write(self, to_file),
            Format::Json => return sent(json::write(self, out)),
            Format::Sarif => sarif::write(self)?,
            Format::Ocsf => ocsf::write(self)?,
            Format::Junit => junit::write(self)?,
            Format::Markdown => markdown::write(self),
            Format::Csv => csv::write(self)?,
        };
        sent(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
    }
}

impl Arguments {
    /// Checks what has to be right before the work begins: the earlier report, and that files can be written.
    ///
    /// # Errors
    /// A file that cannot be used.
    pub fn prepare(&self) -> Result<Prepared<'_>, Failure> {
        let known = match &self.baseline {
            Some(path) => json::read(path)?
                .report
                .findings
                .into_iter()
                .filter(|finding| finding.verdict == Verdict::Fail)
                .map(|finding| finding.fingerprint())
                .collect(),
            None => BTreeSet::new(),
        };
        for Output { path, .. } in &self.outputs {
            let existed = path.exists();
            let file = fs::OpenOptions::new().create(true).append(true).open(path);
            file.map_err(|error| Failure::usage(format!("cannot write {}: {error}", path.display())))?;
            // Who comes to no report leaves no empty one.
            if !existed {
                let _ = fs::remove_file(path);
            }
        }
        Ok(Prepared { arguments: self, known })
    }
}

/// Arguments whose files were read.
#[derive(Debug)]
pub struct Prepared<'a> {
    arguments: &'a Arguments,
    /// Fingerprints of failures that are known.
    known: BTreeSet<String>,
}

impl Prepared<'_> {
    /// Writes the reports. The exit code: 2 for anything that could not be looked at, else 1 for failures that are severe enough,
    /// else 0.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn finish(&self, mut document: Document) -> Result<ExitCode, Failure> {
        let findings = &mut document.report.findings;
        let before = findings.len();
        findings.retain(|finding| {
            finding.verdict != Verdict::Fail || !self.known.contains(&finding.fingerprint())
        });
        document.known_before = before - findings.len();
        for Output { format, path } in &self.arguments.outputs {
            let file = fs::File::create(path)
                .map_err(|error| Failure::new(format!("cannot write {}: {error}", path.display())))?;
            document.write(*format, true, file)?;
        }
        document.write(self.arguments.format, false, std::io::stdout().lock())?;
        Ok(ExitCode::from(self.exit_code(&document.report)))
    }

    /// The exit code that a report would give, without writing it.
    #[must_use]
    pub fn exit_code_of(&self, report: &Report) -> ExitCode {
        ExitCode::from(self.exit_code(report))
    }

    fn exit_code(&self, report: &Report) -> u8 {
        let any = |verdict: Verdict| report.findings.iter().any(|finding| finding.verdict == verdict);
        let incomplete = report.interrupted
            || !report.accounts_not_looked_at.is_empty()
            || any(Verdict::CouldNotLook)
            || self.arguments.fail_on_unknown && any(Verdict::Unknown);
        let is_severe = |finding: &Finding| {
            finding.verdict == Verdict::Fail && finding.severity >= self.arguments.fail_on
        };
        match incomplete {
            true => 2,
            false => u8::from(report.findings.iter().any(is_severe)),
        }
    }
}

/// What became of writing. Whoever reads only the beginning, such as head, has what it wants.
fn sent(written: std::io::Result<()>) -> Result<(), Failure> {
    match written {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(unwritable(error)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
