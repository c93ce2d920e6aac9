//! `alitrail exceptions`: the accepted failures of a file, with the days that are left, and the schema of such files.

use std::path::PathBuf;
use std::process::ExitCode;

use baseline::Exceptions;
use time::OffsetDateTime;

use crate::failure::Failure;

/// Arguments of `alitrail exceptions`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// List the exceptions of a file with the days that are left. Exits with 1 where one has expired.
    List {
        /// TOML file.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Print the JSON schema of such a file, for editors.
    Schema,
}

/// Runs it.
///
/// # Errors
/// A file with a mistake, with its line and column.
pub fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let (file, json) = match &arguments.command {
        Command::Schema => {
            println!("{}", baseline::exceptions::SCHEMA.trim_end());
            return Ok(ExitCode::SUCCESS);
        }
        Command::List { file, json } => (file, *json),
    };
    let exceptions = Exceptions::load(file).map_err(|error| Failure::usage(error.to_string()))?;
    let listed = exceptions.list(OffsetDateTime::now_utc().date());
    if json {
        let text = serde_json::to_string_pretty(&listed).map_err(|error| Failure::new(error.to_string()))?;
        println!("{text}");
    } else {
        let mut table =
            crate::table::new(["Id", "Rules", "Accounts", "Owner", "Ticket", "Expires", "Days left"], false);
        for exception in &listed {
            table.add_row([
                exception.id.clone(),
                exception.rules.join(", "),
                exception.accounts.join(", "),
                exception.owner.clone(),
                exception.ticket.clone().unwrap_or_default(),
                exception.expires.clone(),
                exception.days_left.to_string(),
            ]);
        }
        println!("{table}");
    }
    Ok(ExitCode::from(u8::from(listed.iter().any(|exception| exception.days_left < 0))))
}
