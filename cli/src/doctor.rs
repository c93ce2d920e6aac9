//! `alitrail doctor`: what stands between a newcomer and a working setup, a line each, with what to do about it.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::time::Duration;

use alibaba::endpoint::Service;
use alibaba::{Client, Error};
use baseline::{Profile, Selection, Verdict};
use console::style;
use serde::Serialize;

use crate::cloud::{self, Connection};
use crate::failure::Failure;
use crate::mock;

/// The longest that a service may take to answer.
const TIMEOUT: Duration = Duration::from_secs(15);

/// Arguments of `alitrail doctor`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Print JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    cloud: cloud::Arguments,
}

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    Good,
    /// Something does not work that only some commands need.
    Partly,
    Bad,
}

/// A line of the answer.
#[derive(Debug, Serialize)]
struct Line {
    check: String,
    outcome: Outcome,
    detail: String,
    remedy: Option<String>,
}

impl Line {
    fn good(check: &str, detail: impl Into<String>) -> Self {
        Self { check: check.to_owned(), outcome: Outcome::Good, detail: detail.into(), remedy: None }
    }

    fn not(check: &str, outcome: Outcome, error: &Error) -> Self {
        let text = error.to_string();
        let mut lines = text.lines();
        let detail = lines.next().unwrap_or_default().to_owned();
        let rest: Vec<&str> = lines.map(str::trim).filter(|line| !line.is_empty()).collect();
        let advice = error.service_error().and_then(alibaba::ServiceError::advice);
        let remedy = advice.or_else(|| (!rest.is_empty()).then(|| rest.join(" ")));
        Self { check: check.to_owned(), outcome, detail, remedy }
    }
}

/// Runs the checks. Exit code 0 where all is good, 1 where something is missing.
///
/// # Errors
/// Bad arguments.
pub fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let runtime = mock::runtime()?;
    let lines = runtime.block_on(async {
        match arguments.cloud.connect().await {
            Ok(connection) => Ok(look(&connection).await),
            Err(failure) if failure.exit_code() == 64 => Err(failure),
            Err(failure) => Ok(vec![Line {
                check: "credentials".to_owned(),
                outcome: Outcome::Bad,
                detail: failure.to_string(),
                remedy: failure.hint().map(str::to_owned),
            }]),
        }
    })?;
    if arguments.json {
        let text = serde_json::to_string_pretty(&lines).map_err(|error| Failure::new(error.to_string()))?;
        println!("{text}");
    } else {
        lines.iter().for_each(print);
    }
    let good = lines.iter().all(|line| line.outcome == Outcome::Good);
    Ok(ExitCode::from(u8::from(!good)))
}

fn print(line: &Line) {
    let mark = match line.outcome {
        Outcome::Good => style("✓").green(),
        Outcome::Partly => style("!").yellow(),
        Outcome::Bad => style("✗").red().bold(),
    };
    println!("{mark} {:<12} {}", line.check, line.detail);
    if let Some(remedy) = &line.remedy {
        println!("{:15}{remedy}", "");
    }
}

async fn look(connection: &Connection) -> Vec<Line> {
    let Connection { client, region, source } = connection;
    let mut lines = vec![Line::good("credentials", source.clone())];
    let identity = tokio::time::timeout(TIMEOUT, client.caller_identity()).await;
    let account = match identity {
        Ok(Ok(identity)) => {
            lines.push(Line::good("identity", format!("account {}, {}", identity.account_id, identity.arn)));
            // A request whose time is wrong is refused.
            lines.push(Line::good("clock", "within 15 minutes of the services' time"));
            identity.account_id.clone()
        }
        Ok(Err(error)) => {
            let is_clock = error.kind() == Some(alibaba::ErrorKind::Clock);
            let check = if is_clock { "clock" } else { "identity" };
            lines.push(Line::not(check, Outcome::Bad, &error));
            return lines;
        }
        Err(_) => {
            lines.push(Line {
                check: "identity".to_owned(),
                outcome: Outcome::Bad,
                detail: format!("STS did not answer within {} seconds", TIMEOUT.as_secs()),
                remedy: Some("Check the network, the proxy (HTTPS_PROXY) and the endpoint.".to_owned()),
            });
            return lines;
        }
    };
    lines.push(Line::good("region", region.clone()));
    lines.extend(services(client, region).await);
    lines.extend(permissions(client, region, &account).await);
    lines
}

/// Whether each service answers, and is activated.
async fn services(client: &Client, region: &str) -> Vec<Line> {
    let (trails, oss, sls) = (client.actiontrail(region), client.oss(region), client.sls(region));
    let directory = client.resource_manager();
    let (trails, oss, sls, directory) = tokio::join!(
        trails.describe_regions(),
        oss.get_public_access_block(),
        sls.list_projects(""),
        directory.get_resource_directory()
    );
    let line = |check: &str, service: Service, error: Option<Error>| match error {
        None => Line::good(check, format!("{service} answers")),
        // Which permission is missing is told below.
        Some(error) if error.is_denied() && error.code() != Some("UserDisable") => {
            Line::good(check, format!("{service} answers"))
        }
        Some(error) => Line::not(check, Outcome::Bad, &error),
    };
    let mut lines = vec![
        line("actiontrail", Service::ActionTrail, trails.err()),
        line("oss", Service::Oss, oss.err()),
        line("sls", Service::Sls, sls.err()),
    ];
    lines.push(match directory {
        Ok(directory) => Line::good(
            "organization",
            format!(
                "{}, managed by account {}",
                directory.resource_directory_id, directory.master_account_id
            ),
        ),
        Err(error) if baseline::collect::is_no_directory(&error) => {
            Line::good("organization", "the account is in no Resource Directory")
        }
        Err(error) => Line::not("organization", Outcome::Partly, &error),
    });
    lines
}

/// The actions that an audit of the account needs and may not call.
async fn permissions(client: &Client, region: &str, account: &str) -> Vec<Line> {
    let options =
        baseline::collect::Options { region: region.to_owned(), ..baseline::collect::Options::default() };
    let facts = baseline::collect::account(client, account, None, &options).await;
    let mut missing: BTreeMap<String, Vec<&'static str>> = BTreeMap::new();
    for finding in Selection::new(Profile::Baseline).judge_account(&facts) {
        if let (Verdict::CouldNotLook, Some(action)) = (finding.verdict, finding.action) {
            let rules = missing.entry(action).or_default();
            if !rules.contains(&finding.rule) {
                rules.push(finding.rule);
            }
        }
    }
    if missing.is_empty() {
        return vec![Line::good("permissions", "the account can be audited")];
    }
    let line = |(action, rules): (String, Vec<&str>)| Line {
        check: "permissions".to_owned(),
        outcome: Outcome::Partly,
        detail: format!("{action} is refused, which {} need", rules.join(", ")),
        remedy: Some(
            "Attach the policy that `alitrail policy --for audit` prints to the identity.".to_owned(),
        ),
    };
    missing.into_iter().map(line).collect()
}
