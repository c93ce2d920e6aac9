//! The `alitrail` command: reads the command line, runs one subcommand, turns its outcome into text and an exit code.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use cli::{
    audit, check_plan, demo, doctor, exceptions, failure::Failure, lint, merge, mock, policy, remediate,
    rules,
};

/// Declare, prove and keep the secure multi-region audit trail of an Alibaba Cloud account.
///
/// Exit codes: 0 everything is as it should be, 1 something is not or failed, 2 something could not be looked at,
/// 64 arguments or files are wrong, 130 interrupted; of a command run on the mock, its own.
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
    /// Look at an account, several, or an organization, and say what is not as the controls ask.
    ///
    /// Only reads. Exit codes: 0 nothing was found, 1 something of the severity of --fail-on or above, 2 something could
    /// not be looked at (also beside findings and after Ctrl-C), 64 arguments or files are wrong.
    Audit(Box<audit::Arguments>),
    /// Put right what an audit finds: show the changes, ask, make them with a journal, and audit again.
    ///
    /// Makes only changes that are safe without a person's decision, unless --include names a rule. Exit codes are those of
    /// the audit afterwards.
    Remediate(Box<remediate::Arguments>),
    /// Judge a plan of Terraform or OpenTofu before it is applied: by the rules of the audit, and by what it would weaken.
    ///
    /// Reads the plan and nothing else. Exit codes: 0 nothing was found, 1 something of the severity of --fail-on or above,
    /// 2 something is unknown and --fail-on-unknown was given, 64 arguments or files are wrong.
    CheckPlan(Box<check_plan::Arguments>),
    /// List the rules of the audit, or show some in full.
    Rules(rules::Arguments),
    /// List accepted failures with the days that are left.
    Exceptions(exceptions::Arguments),
    /// Say what stands in the way of working with an account: credentials, clock, endpoints, permissions.
    ///
    /// Only reads. Exit codes: 0 all is good, 1 something is missing, 64 arguments are wrong.
    Doctor(doctor::Arguments),
    /// Print the least RAM policy that a command needs.
    Policy(policy::Arguments),
    /// Find keys of objects in HCL that nothing declares: Terraform drops them without a message.
    ///
    /// Exit codes: 0 none, 1 some, 2 a file cannot be read, 64 arguments are wrong.
    Lint(lint::Arguments),
    /// Work with reports that were written before.
    Report(merge::Arguments),
}

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print();
            // Help and version are answers; 2 is taken by what could not be looked at.
            return if error.use_stderr() { ExitCode::from(64) } else { ExitCode::SUCCESS };
        }
    };
    let outcome = match arguments.command {
        Task::Demo(arguments) => demo::run(&arguments).map(|()| ExitCode::SUCCESS),
        Task::Mock(arguments) => mock::run(&arguments),
        Task::Audit(arguments) => audit::run(&arguments),
        Task::Remediate(arguments) => remediate::run(&arguments),
        Task::CheckPlan(arguments) => check_plan::run(&arguments),
        Task::Rules(arguments) => rules::run(&arguments),
        Task::Exceptions(arguments) => exceptions::run(&arguments),
        Task::Doctor(arguments) => doctor::run(&arguments),
        Task::Policy(arguments) => policy::run(&arguments),
        Task::Lint(arguments) => lint::run(&arguments),
        Task::Report(arguments) => merge::run(&arguments),
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
