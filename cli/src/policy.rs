//! `alitrail policy`: the least RAM policy that a command needs, from what its rules declare to read.

use std::collections::BTreeSet;
use std::process::ExitCode;

use baseline::Judge;
use serde_json::json;

use crate::failure::Failure;
use crate::selection;

/// Actions that finding the accounts of an organization takes, besides those of the rules.
const ORGANIZATION: [&str; 7] = [
    "resourcemanager:GetControlPolicy",
    "resourcemanager:GetControlPolicyEnablementStatus",
    "resourcemanager:GetResourceDirectory",
    "resourcemanager:ListAccounts",
    "resourcemanager:ListControlPolicies",
    "resourcemanager:ListDelegatedAdministrators",
    "resourcemanager:ListTargetAttachmentsForControlPolicy",
];

const DIRECTORY: &str = "resourcemanager:GetResourceDirectory";

/// Arguments of `alitrail policy`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// What the policy is for.
    #[arg(long = "for", value_enum, value_name = "COMMAND")]
    purpose: Purpose,

    /// Also allow what --organization needs: reading the directory, and assuming the role of members.
    #[arg(long)]
    organization: bool,

    /// Name of the role that is assumed in member accounts.
    #[arg(long, value_name = "NAME", default_value = alibaba::sts::MEMBER_ROLE)]
    member_role: String,

    #[command(flatten)]
    selection: selection::Arguments,
}

/// What a policy is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Purpose {
    /// `alitrail audit`.
    Audit,
}

/// Prints the policy.
///
/// # Errors
/// A profile, rule or file that cannot be used.
pub fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let Purpose::Audit = arguments.purpose;
    let mut selection = arguments.selection.read()?;
    if !arguments.organization {
        selection.rules.retain(|rule| !matches!(rule.judge, Judge::Organization(_)));
    }
    let mut actions: BTreeSet<&str> = selection.actions();
    if arguments.organization {
        actions.extend(ORGANIZATION);
    } else {
        // An account of its own asks only whether it is in an organization.
        let needless = |action: &&str| ORGANIZATION.contains(action) && *action != DIRECTORY;
        actions.retain(|action| !needless(action));
    }
    let mut statements = vec![json!({"Effect": "Allow", "Action": actions, "Resource": "*"})];
    if arguments.organization {
        statements.push(json!({
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Resource": format!("acs:ram::*:role/{}", arguments.member_role),
        }));
    }
    let document = json!({"Version": "1", "Statement": statements});
    let text = serde_json::to_string_pretty(&document).map_err(|error| Failure::new(error.to_string()))?;
    println!("{text}");
    Ok(ExitCode::SUCCESS)
}
