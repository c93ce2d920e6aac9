//! `alitrail remediate`: shows what it would change in which order, asks, changes it with a journal, and audits again.

mod managed;
mod plan;
mod run;

use std::collections::BTreeMap;
use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use baseline::audit::{Options, Progress as Event, Target};
use baseline::{OrganizationFacts, Report, Selection, Verdict};
use futures_util::StreamExt as _;
use futures_util::stream;
use remediator::{Journal, Proposal, Step, state};

use crate::audit::progress::Progress;
use crate::audit::scope::{self, Members};
use crate::failure::Failure;
use crate::report::{self, Document, Shard};
use crate::{cloud, mock, selection};
use managed::Managed;
use plan::{Left, Plan};
use run::Runner;

/// Every account is entered four times: for the audit, the plan, the changes, and the audit afterwards.
const SESSIONS: scope::Sessions = scope::Sessions { name: "alitrail-remediate", kept: usize::MAX };

/// Arguments of `alitrail remediate`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// A plan to carry out, which --plan-out wrote. Needs --digest.
    #[arg(value_name = "PLAN", requires = "digest")]
    plan: Option<PathBuf>,

    /// The digest that was printed for the plan.
    #[arg(long, value_name = "SHA256", requires = "plan")]
    digest: Option<String>,

    /// Show what would be done, and change nothing.
    #[arg(long)]
    dry_run: bool,

    /// Write the plan to a file, print its digest, and change nothing.
    #[arg(long, value_name = "FILE")]
    plan_out: Option<PathBuf>,

    /// Do not ask.
    #[arg(long)]
    yes: bool,

    /// Also make the changes of a rule that need a person's decision, such as OS-06 or OS-08. Repeatable.
    #[arg(long, value_name = "RULE")]
    include: Vec<String>,

    /// Leave to Terraform what it manages, by a state file or the output of terraform show -json. Repeatable.
    #[arg(long, value_name = "STATE")]
    skip_managed: Vec<PathBuf>,

    /// File that says what was done, before each write. Default: alitrail-journal.jsonl.
    #[arg(long, value_name = "FILE", default_value = "alitrail-journal.jsonl")]
    journal: PathBuf,

    /// Go on with a run that was stopped, from its journal.
    #[arg(long, value_name = "JOURNAL", conflicts_with_all = ["plan", "undo", "plan_out", "dry_run"])]
    resume: Option<PathBuf>,

    /// Restore what a run found, from its journal, where it still is what the run wrote.
    #[arg(long, value_name = "JOURNAL", conflicts_with_all = ["plan", "plan_out", "dry_run"])]
    undo: Option<PathBuf>,

    /// With --undo: also restore what weakens the audit trail.
    #[arg(long, requires = "undo")]
    include_weakening: bool,

    /// How many accounts are changed at the same time.
    #[arg(long, value_name = "NUMBER", default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=256))]
    batch_size: u16,

    /// Stop after the batch in which more accounts than this did not come out well. Default: go on to the end.
    #[arg(long, value_name = "NUMBER")]
    max_failures: Option<usize>,

    /// Seconds to wait between batches.
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    pause: u64,

    /// Change this account first and alone, and stop if it does not come out well.
    #[arg(long, value_name = "ID")]
    canary: Option<String>,

    #[command(flatten)]
    scope: scope::Arguments,
    #[command(flatten)]
    selection: selection::Arguments,
    #[command(flatten)]
    report: report::Arguments,
    #[command(flatten)]
    cloud: cloud::Arguments,
}

/// What was found before anything was changed.
struct Found {
    report: Report,
    plan: Plan,
}

/// The scope of a run, which is audited twice.
struct Scope {
    targets: Vec<Target>,
    organization: Option<OrganizationFacts>,
    shard: Option<Shard>,
    members: Members,
    options: Options,
}

/// Runs it. The exit code is that of the audit afterwards.
///
/// # Errors
/// Bad arguments or files, or a caller or directory that cannot be read.
pub fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let selection = arguments.selection.read()?;
    for rule in &arguments.include {
        if baseline::rule(rule).is_none() {
            return Err(Failure::usage(format!("there is no rule {rule:?}"))
                .with_hint("`alitrail rules` lists all rules."));
        }
    }
    let report = arguments.report.prepare()?;
    let managed = Managed::read(&arguments.skip_managed)?;
    let read_plan = match (&arguments.plan, &arguments.digest) {
        (Some(path), Some(digest)) => Some(Plan::load(path, digest)?),
        _ => None,
    };
    let opened = match arguments.resume.as_ref().or(arguments.undo.as_ref()) {
        Some(path) => Some(Journal::open(path).map_err(|error| Failure::usage(error.to_string()))?),
        None => None,
    };
    let runtime = mock::runtime()?;
    runtime.block_on(async {
        let connection = arguments.cloud.connect().await?;
        let collect = baseline::collect::Options {
            region: connection.region.clone(),
            oss_freshness_minutes: selection.parameters.oss_freshness_minutes,
            sls_freshness_minutes: selection.parameters.sls_freshness_minutes,
            ..baseline::collect::Options::default()
        };
        let resolved = arguments.scope.resolve(&connection, &collect, SESSIONS).await?;
        let cancel = crate::audit::cancelled_by_interrupt();
        let scope = Scope {
            targets: resolved.targets,
            organization: resolved.organization,
            shard: resolved.shard,
            members: resolved.members,
            options: Options { concurrency: resolved.parallel, collect, cancel: cancel.clone() },
        };
        let journal = match opened {
            Some(journal) => journal,
            None => {
                let plan = match read_plan {
                    Some(plan) => plan,
                    None => {
                        let found = find(&scope, &selection, arguments, &managed).await;
                        print(&found.plan.show());
                        if let Some(path) = &arguments.plan_out {
                            let digest = found.plan.save(path)?;
                            println!("{}: digest {digest}", path.display());
                        }
                        if arguments.dry_run || arguments.plan_out.is_some() || found.plan.steps.is_empty() {
                            return Ok(report.exit_code_of(&found.report));
                        }
                        found.plan
                    }
                };
                if !arguments.yes && !confirmed(plan.steps.len())? {
                    return Err(Failure::new("nothing was changed"));
                }
                Journal::create(&arguments.journal, plan.steps)
                    .map_err(|error| Failure::usage(error.to_string()))?
            }
        };
        let path = arguments.resume.as_ref().or(arguments.undo.as_ref()).unwrap_or(&arguments.journal);
        carry_out(arguments, &scope, journal, path).await?;
        let after = audit(&scope, &selection, &mut |_| {}).await;
        let document = Document { shard: scope.shard, ..Document::new("remediate", after) };
        report.finish(document)
    })
}

async fn carry_out(
    arguments: &Arguments,
    scope: &Scope,
    journal: Journal,
    path: &Path,
) -> Result<(), Failure> {
    let runner = Runner {
        members: scope.members.clone(),
        journal: Arc::new(Mutex::new(journal)),
        batch_size: arguments.batch_size.into(),
        max_failures: arguments.max_failures,
        pause: Duration::from_secs(arguments.pause),
        canary: arguments.canary.is_some(),
        cancel: scope.options.cancel.clone(),
        undo: arguments.undo.is_some(),
        with_weakening: arguments.include_weakening,
    };
    let result = runner.run().await;
    for (step, why) in &result.bad {
        let change = &step.change;
        eprintln!("Account {}: {} of {} was not made: {why}", step.account, change.call(), change.object());
    }
    match result.stopped {
        Some(why) => Err(Failure::not_looked_at(format!("stopped: {why}"))
            .with_hint(format!("alitrail remediate --resume {} goes on.", path.display()))),
        None => Ok(()),
    }
}

/// Audits the scope.
async fn audit(scope: &Scope, selection: &Selection, each: &mut dyn FnMut(&Event<'_>)) -> Report {
    let mut progress = Progress::new(scope.targets.len());
    let report = baseline::audit(
        scope.targets.clone(),
        |target| scope.members.connect(target),
        scope.organization.clone(),
        selection,
        &scope.options,
        |event| {
            each(&event);
            progress.show(event);
        },
    )
    .await;
    progress.finish();
    report
}

/// Audits the scope, and plans what its failures ask for.
async fn find(scope: &Scope, selection: &Selection, arguments: &Arguments, managed: &Managed) -> Found {
    let mut proposals: Vec<(String, Proposal)> = Vec::new();
    let mut reasons: BTreeMap<String, String> = BTreeMap::new();
    let report = audit(scope, selection, &mut |event| {
        if let Event::LookedAt(target, facts, findings) = event {
            let (found, not_automatic) =
                remediator::propose(facts, findings, &selection.parameters, &arguments.include);
            proposals.extend(found.into_iter().map(|proposal| (target.account.clone(), proposal)));
            reasons.extend(not_automatic.into_iter().map(|left| (left.finding, left.reason)));
        }
    })
    .await;
    // Exceptions are applied at the end of an audit: what one covers is left alone.
    let failing: BTreeMap<String, usize> = report
        .findings
        .iter()
        .enumerate()
        .filter(|(_, finding)| finding.verdict == Verdict::Fail)
        .map(|(index, finding)| (finding.fingerprint(), index))
        .collect();
    proposals.retain(|(_, proposal)| proposal.findings.iter().any(|finding| failing.contains_key(finding)));
    let mut left = Vec::new();
    for (fingerprint, index) in &failing {
        let finding = &report.findings[*index];
        let is_answered = proposals.iter().any(|(_, proposal)| proposal.findings.contains(fingerprint));
        if !is_answered {
            let reason = reasons.get(fingerprint).cloned();
            let reason =
                reason.unwrap_or_else(|| "It is about the organization: a person decides.".to_owned());
            left.push(Left::new(finding, reason));
        }
    }
    proposals.retain(|(account, proposal)| {
        let object = proposal.change.object();
        let Some(address) = managed.address(&object) else { return true };
        left.push(Left {
            account: account.clone(),
            rule: proposal.rules.join(", "),
            resource: object,
            reason: format!("Terraform manages it as {address}: correct the configuration."),
        });
        false
    });
    let mut steps = Vec::new();
    let mut reads = stream::iter(proposals.into_iter().map(|(account, proposal)| async {
        let read = value(scope, &account, &proposal).await;
        (account, proposal, read)
    }))
    .buffer_unordered(scope.options.concurrency);
    while let Some((account, proposal, read)) = reads.next().await {
        match read {
            Ok(before) => {
                let after = state::wanted(&proposal.change, &before);
                if before == after {
                    continue;
                }
                let rules = proposal.rules.iter().map(|rule| (*rule).to_owned()).collect();
                let (region, change) = (proposal.region, proposal.change);
                steps.push(Step { account, region, rules, change, before, after });
            }
            Err(reason) => left.push(Left {
                account,
                rule: proposal.rules.join(", "),
                resource: proposal.change.object(),
                reason,
            }),
        }
    }
    drop(reads);
    let plan = Plan::new(steps, left, &report.findings, arguments.canary.as_deref());
    Found { report, plan }
}

async fn value(scope: &Scope, account: &str, proposal: &Proposal) -> Result<serde_json::Value, String> {
    let target = Target { account: account.to_owned(), name: None };
    let client = scope.members.connect(target).await?;
    state::read(&client, &proposal.region, &proposal.change).await.map_err(|error| error.to_string())
}

fn confirmed(steps: usize) -> Result<bool, Failure> {
    if !std::io::stdin().is_terminal() {
        return Err(Failure::usage("there is nobody to ask whether to make these changes")
            .with_hint("--yes makes them, --plan-out writes them to a file to look at."));
    }
    eprint!("Make these {steps} changes? Only \"yes\" does: ");
    let _ = std::io::stderr().flush();
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer).map_err(|error| Failure::new(error.to_string()))?;
    Ok(answer.trim() == "yes")
}

fn print(text: &str) {
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
}
