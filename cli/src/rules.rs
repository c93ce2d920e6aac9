//! `alitrail rules`: what the rules of a profile ask for, why, and how it is put right.

use std::process::ExitCode;

use baseline::{Profile, Rule};
use comfy_table::Table;

use crate::failure::Failure;

/// Arguments of `alitrail rules`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Rules to show in full, such as AT-01; a list of all without one.
    #[arg(value_name = "RULE")]
    rules: Vec<String>,

    /// The rules of this profile: cis-2.0-l1, cis-2.0-l2, mlps-2.0-l3 or baseline.
    #[arg(long, value_name = "PROFILE", default_value = "baseline")]
    profile: Profile,

    /// Those about changes instead, which `check-plan` judges plans by, whatever the profile.
    #[arg(long)]
    changes: bool,

    /// Form of the output.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

/// Form of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people.
    Table,
    /// For machines.
    Json,
    /// As a page of documentation.
    Markdown,
}

/// Prints the rules.
///
/// # Errors
/// A rule that does not exist.
pub fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let mut rules: Vec<&'static Rule> = arguments.profile.rules().collect();
    if arguments.changes {
        rules = baseline::change::rules().collect();
    }
    if !arguments.rules.is_empty() {
        let find = |id: &String| {
            baseline::rule(id).ok_or_else(|| {
                Failure::usage(format!("there is no rule {id:?}")).with_hint("`alitrail rules` lists all.")
            })
        };
        rules = arguments.rules.iter().map(find).collect::<Result<_, _>>()?;
    }
    match arguments.format {
        Format::Json => {
            let text =
                serde_json::to_string_pretty(&rules).map_err(|error| Failure::new(error.to_string()))?;
            println!("{text}");
        }
        Format::Markdown => rules.iter().for_each(|rule| print!("{}", rule.markdown())),
        Format::Table if arguments.rules.is_empty() => println!("{}", table(&rules)),
        Format::Table => rules.iter().for_each(|rule| println!("{}", full(rule))),
    }
    Ok(ExitCode::SUCCESS)
}

fn table(rules: &[&Rule]) -> Table {
    let mut table = crate::table::new(["Rule", "Severity", "Asks for", "Controls"], false);
    for rule in rules {
        table.add_row([rule.id, rule.severity.as_str(), rule.title, &rule.controls_text()]);
    }
    table
}

fn full(rule: &Rule) -> String {
    let lines = [
        ("Why", rule.rationale.to_owned()),
        ("Reads", rule.reads.to_owned()),
        ("Passes", rule.passes_when.to_owned()),
        ("Fails", rule.fails_when.to_owned()),
        ("Fix", rule.fix.to_owned()),
        ("Automatic", if rule.safe_to_automate { "yes" } else { "no, a person decides" }.to_owned()),
        ("Actions", rule.actions.join(", ")),
        ("Controls", rule.controls_text()),
    ];
    let body: Vec<String> = lines
        .iter()
        .filter(|(_, text)| !text.is_empty())
        .map(|(name, text)| format!("  {name:<10} {text}"))
        .collect();
    format!("{}  {}  ({})\n{}\n", rule.id, rule.title, rule.severity, body.join("\n"))
}
