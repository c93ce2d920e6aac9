//! The `alitrail` command: reads the command line, runs one subcommand, turns its outcome into text and an exit code.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use cli::{demo, failure::Failure, mock};

/// Declare, prove and keep the secure multi-region audit trail of an Alibaba Cloud account.
///
/// Exit codes: 0 everything held, 1 something failed or did not hold, 2 the command line is wrong,
/// 3 what was to be asked gave no answer, 130 interrupted; of a command run on the mock, its own.
#[derive(Debug, Parser)]
#[command(name = "alitrail", version, propagate_version = true, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Show the whole job on a mock of the cloud: apply, drift, plan, repair, destroy.
    ///
    /// Needs no account and no network besides the first download of Terraform, if none is on PATH.
    Demo(demo::Arguments),
    /// Serve a mock of the cloud on a local address.
    ///
    /// ActionTrail, OSS, SLS, RAM, STS and Resource Directory, with signatures checked. Prints one line of JSON on
    /// standard output when it is ready (endpoint_url, access_key, secret_key, account_id, admin_url); Ctrl-C stops it.
    /// With a command after --, runs that on the mock instead: alitrail mock -- terraform test. On a terminal it prints
    /// lines to copy instead of JSON.
    Mock(Box<mock::Arguments>),
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Task::Demo(arguments) => demo::run(&arguments).map(|()| ExitCode::SUCCESS),
        Task::Mock(arguments) => mock::run(&arguments),
    };
    match outcome {
        Ok(code) => code,
        Err(failure) => {
            report(&failure);
            ExitCode::from(failure.exit_code())
        }
    }
}

fn report(failure: &Failure) {
    let mark = console::style("error:").red().bold().for_stderr();
    eprintln!("{mark} {failure}");
    if let Some(hint) = failure.hint() {
        let mark = console::style("hint:").cyan().bold().for_stderr();
        eprintln!("{mark} {hint}");
    }
}
