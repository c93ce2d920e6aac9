//! Measures an audit and a remediation of an organization on the mock: time against the bounds that calls and quotas set, and the
//! memory of the command.
//!
//! `cargo bench-audit [ACCOUNTS]` builds so many accounts (default 500), breaks each at random, audits them, puts them right, and
//! audits again. The mock keeps to the documented rate limits; whatever it throttles is counted.

use std::collections::{BTreeMap, BTreeSet};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use acceptance_tests::organization::{self, Break, LEFT};
use acceptance_tests::{Cloud, REGION, artifacts};
use anyhow::{Context as _, Result, ensure};
use rand::prelude::*;
use serde_json::Value;
use tokio::task::JoinSet;

const FIRST: u64 = 1_000_000_000_000_002;
/// AssumeRole calls a second of one main account.
const ASSUME_ROLES: f64 = 100.0;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench-audit: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let accounts: u64 = match std::env::args().nth(1) {
        Some(text) => text.parse().context("usage: bench-audit [ACCOUNTS]")?,
        None => 500,
    };
    let cloud = Cloud::with(&["--accounts", &accounts.to_string(), "--switch", "rate_limits=on"]);
    let expected = build(&cloud, accounts)?;
    cloud.advance_clock(600);
    let directory = tempfile::tempdir()?;
    let report = directory.path().join("report.json");
    let scope = ["--organization", "--exclude-account", "1000000000000001", "--exclude-rule", "OR-*"];
    let output = ["--output", report.to_str().context("path")?];

    let before = measure(&cloud, &[&["audit"], &scope[..], &output].concat())?;
    let found = failures(&report)?;
    ensure!(found == expected, "the audit found something else than what was broken");
    let first = before.print("audit", accounts);

    let journal = directory.path().join("journal");
    let remediate = ["--yes", "--batch-size", "64", "--journal", journal.to_str().context("path")?];
    let mended = measure(&cloud, &[&["remediate"], &scope[..], &remediate].concat())?;
    let second = mended.print("remediate", accounts);
    let after = measure(&cloud, &[&["audit"], &scope[..], &output].concat())?;
    after.print("audit again", accounts);
    let left: usize = failures(&report)?.values().map(BTreeSet::len).sum();
    let broken: usize = expected.values().map(BTreeSet::len).sum();
    println!("failures: {broken} before, {left} after");
    println!("ratio of remediate to audit: {:.2}", second / first);
    Ok(())
}

/// Builds and breaks the members; the rules that fail in each.
fn build(cloud: &Cloud, accounts: u64) -> Result<BTreeMap<String, BTreeSet<String>>> {
    let mut random = StdRng::seed_from_u64(1);
    let client = organization::client(cloud);
    let mut expected = BTreeMap::new();
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let mut tasks = JoinSet::new();
        for number in 0..accounts {
            let account = (FIRST + number).to_string();
            let count = random.random_range(0..=3);
            let breaks: BTreeSet<Break> = Break::ALL.choose_multiple(&mut random, count).copied().collect();
            let rules = breaks.iter().flat_map(|one| one.rules()).chain(&LEFT);
            expected.insert(account.clone(), rules.map(|rule| (*rule).to_owned()).collect());
            let member = organization::member(&client, &account);
            tasks.spawn(async move {
                organization::build(&member, &account).await?;
                organization::damage(&member, &account, &breaks).await
            });
        }
        while let Some(built) = tasks.join_next().await {
            built??;
        }
        Ok(expected)
    })
}

/// What a run of the command took.
struct Measured {
    time: Duration,
    /// Peak resident memory in KiB, where the system says.
    memory: Option<u64>,
    calls: usize,
    assumed: usize,
    throttled: usize,
}

fn measure(cloud: &Cloud, arguments: &[&str]) -> Result<Measured> {
    cloud.delete("requests").ok();
    let mark = cloud.mark();
    let began = Instant::now();
    let mut child = Command::new(&artifacts().alitrail)
        .args(arguments)
        .envs([
            ("ALITRAIL_ENDPOINT_URL", cloud.endpoint_url.as_str()),
            ("ALIBABA_CLOUD_ACCESS_KEY_ID", &cloud.access_key),
            ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", &cloud.secret_key),
            ("ALIBABA_CLOUD_REGION", REGION),
        ])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let mut memory = None;
    while child.try_wait()?.is_none() {
        ensure!(began.elapsed() < Duration::from_secs(1_200), "no end after 20 minutes");
        memory = memory.max(peak(child.id()));
        std::thread::sleep(Duration::from_millis(50));
    }
    let time = began.elapsed();
    let log: Value = cloud.get(&format!("requests?since={mark}"))?;
    let last = log["last"].as_u64().unwrap_or_default();
    let requests = log["requests"].as_array().cloned().unwrap_or_default();
    let is_throttled = |request: &&Value| {
        request["code"].as_str().is_some_and(|code| code.to_ascii_lowercase().contains("throttl"))
    };
    Ok(Measured {
        time,
        memory,
        calls: usize::try_from(last.saturating_sub(mark))?,
        assumed: requests.iter().filter(|request| request["action"] == "AssumeRole").count(),
        throttled: requests.iter().filter(is_throttled).count(),
    })
}

/// The peak of a process's resident memory in KiB (proc(5)).
fn peak(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}

impl Measured {
    /// Prints it, and gives the seconds.
    #[expect(clippy::cast_precision_loss, reason = "counts of calls are small")]
    fn print(&self, what: &str, accounts: u64) -> f64 {
        let seconds = self.time.as_secs_f64();
        let by_roles = accounts as f64 / ASSUME_ROLES;
        println!(
            "{what}: {seconds:.1} s for {accounts} accounts; {} calls ({:.0} a second), of the {} last ones in the log {} AssumeRole \
             and {} throttled; AssumeRole alone takes {by_roles:.1} s ({:.2} times that)",
            self.calls,
            self.calls as f64 / seconds,
            self.calls.min(10_000),
            self.assumed,
            self.throttled,
            seconds / by_roles,
        );
        match self.memory {
            Some(memory) => println!("{what}: {:.1} MiB at most", memory as f64 / 1024.0),
            None => println!("{what}: this system does not say how much memory"),
        }
        seconds
    }
}

fn failures(report: &std::path::Path) -> Result<BTreeMap<String, BTreeSet<String>>> {
    let report: Value = serde_json::from_str(&std::fs::read_to_string(report)?)?;
    let mut failures: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for finding in report["findings"].as_array().into_iter().flatten() {
        if finding["verdict"] == "fail" {
            let text = |name: &str| finding[name].as_str().unwrap_or_default().to_owned();
            failures.entry(text("account")).or_default().insert(text("rule"));
        }
    }
    Ok(failures)
}
