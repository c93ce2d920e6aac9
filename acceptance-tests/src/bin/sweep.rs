//! Applies the single-account example again and again, each time with one fault, interrupt or kill, and counts how it was
//! recovered from: `cargo sweep`. See the module `sweep` of the harness for what a run has to show.

use std::env;
use std::process::ExitCode;
use std::time::Duration;

use acceptance_tests::sweep::{Kind, Options, sweep};
use anyhow::{Context as _, Result, anyhow, bail};

const USAGE: &str =
    "usage: sweep [--sample N] [--seed N] [--only KIND] [--trial KIND/ORDER/APPLY/NUMBER] [--minutes N]";

fn main() -> ExitCode {
    let options = match parse(env::args().skip(1)) {
        Ok(options) => options,
        Err(error) => {
            eprintln!("sweep: {error:#}");
            return ExitCode::from(2);
        }
    };
    let summary = sweep(&options, |trial, ended| match ended {
        Ok(()) => eprintln!("{trial}: good"),
        Err(lost) => eprintln!("{trial}: LOST: {}", lost.lines().next().unwrap_or_default()),
    });
    for (trial, lost) in &summary.lost {
        println!("\n{trial}\n{lost}\nAgain: cargo sweep --seed {} --trial {trial}", options.seed);
    }
    println!("\n{}", summary.table());
    if summary.is_good() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Options> {
    let mut options = Options::default();
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().with_context(|| format!("{argument} needs a value; {USAGE}"));
        match argument.as_str() {
            "--sample" => options.sample = Some(number(&argument, &value()?)?.try_into()?),
            "--seed" => options.seed = number(&argument, &value()?)?,
            "--only" => options.kinds = vec![value()?.parse::<Kind>().map_err(|error| anyhow!(error))?],
            "--trial" => options.trial = Some(value()?.parse().map_err(|error: String| anyhow!(error))?),
            "--minutes" => options.limit = Duration::from_secs(60 * number(&argument, &value()?)?),
            other => bail!("unknown option {other}; {USAGE}"),
        }
    }
    Ok(options)
}

fn number(option: &str, text: &str) -> Result<u64> {
    text.parse().with_context(|| format!("{option} needs a whole number, not {text:?}"))
}
