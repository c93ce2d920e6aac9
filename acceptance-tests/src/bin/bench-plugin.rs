//! Measures what Terraform feels of a provider before any real work: time from start to handshake, resident memory,
//! size on disk.
//!
//! `cargo bench-plugin [--runs N] [PATH…]` starts each executable N times as Terraform would, with mutual TLS, takes
//! turns between them, and prints a table with ratios to the first. Without paths it builds this workspace's provider
//! in release mode and measures that; `--with-ours` puts it in front of the paths given.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
    time::Duration,
};

use anyhow::{Context as _, Result, bail, ensure};
use plugin::serve::host::{Identity, Running, command, resident_memory};

const OURS: &str = "terraform-provider-alitrail";
const USAGE: &str = "usage: bench-plugin [--runs N] [--with-ours] [PATH OF A PROVIDER EXECUTABLE]…";

/// First starts, which read the executable from disk, are not counted.
const WARM_UP: usize = 3;

struct BenchOptions {
    runs: usize,
    executables: Vec<PathBuf>,
}

/// One executable and what was measured.
struct Subject {
    path: PathBuf,
    size: u64,
    starts: Vec<Duration>,
    resident: Vec<(u64, u64)>,
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench-plugin: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let wish = parse(env::args().skip(1))?;
    let mut subjects = Vec::new();
    for path in wish.executables {
        let size = fs::metadata(&path).with_context(|| path.display().to_string())?.len();
        subjects.push(Subject { path, size, starts: Vec::new(), resident: Vec::new() });
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    for round in 0..WARM_UP + wish.runs {
        for subject in &mut subjects {
            let measured = runtime.block_on(once(&subject.path));
            let (start, resident) = measured.with_context(|| subject.path.display().to_string())?;
            if round >= WARM_UP {
                subject.starts.push(start);
                subject.resident.extend(resident);
            }
        }
    }
    print(&mut subjects, wish.runs);
    Ok(())
}

fn parse(mut arguments: impl Iterator<Item = String>) -> Result<BenchOptions> {
    let mut wish = BenchOptions { runs: 40, executables: Vec::new() };
    let mut ours = false;
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--runs" => {
                let number =
                    arguments.next().and_then(|n| n.parse().ok()).filter(|n| (1..=10_000).contains(n));
                wish.runs =
                    number.with_context(|| format!("--runs needs a number from 1 to 10000; {USAGE}"))?;
            }
            "--with-ours" => ours = true,
            option if option.starts_with('-') => bail!("unknown option {option}; {USAGE}"),
            // Without a directory it would be looked for in PATH.
            path => wish.executables.push(fs::canonicalize(path).with_context(|| path.to_owned())?),
        }
    }
    if ours || wish.executables.is_empty() {
        wish.executables.insert(0, build()?);
    }
    Ok(wish)
}

/// Builds the provider as it is released, by itself: together with the rest of the workspace its dependencies would
/// have more features.
fn build() -> Result<PathBuf> {
    let executable = env::current_exe()?;
    let target = executable.ancestors().find(|directory| directory.join("CACHEDIR.TAG").is_file());
    let target = target.context("not run from a build directory of Cargo; give the path of an executable")?;
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["build", "--quiet", "--release", "--package", "alitrail-provider", "--bin", OURS])
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
        .env("CARGO_TARGET_DIR", target)
        .status()?;
    ensure!(status.success(), "the provider does not build");
    Ok(target.join("release").join(format!("{OURS}{}", env::consts::EXE_SUFFIX)))
}

/// One life: time to the handshake line, and memory right after it and after the schema call, where the system tells.
async fn once(path: &Path) -> Result<(Duration, Option<(u64, u64)>)> {
    let identity = Identity::new()?;
    let mut command = command(path, Some(&identity));
    for (name, _) in env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("TF_LOG")) {
        command.env_remove(name);
    }
    let running = Running::start(command).await?;
    let memory = || running.child.id().and_then(resident_memory);
    let (start, before) = (running.start_up, memory());
    let channel = running.connect(Some(&identity)).await?;
    running.ask_for_schema(&channel).await?;
    let after = memory();
    running.shut_down(channel).await?;
    tokio::time::timeout(Duration::from_secs(10), running.end()).await.context("does not end")??;
    Ok((start, before.zip(after)))
}

fn print(subjects: &mut [Subject], runs: usize) {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    println!("{runs} starts each, {} {}, {cores} cores", env::consts::OS, env::consts::ARCH);
    println!(
        "ready: from start to handshake line; memory: resident, at the handshake and after the schema call"
    );
    println!();
    let name = |subject: &Subject| {
        subject.path.file_name().unwrap_or(subject.path.as_os_str()).to_string_lossy().into_owned()
    };
    let width = subjects.iter().map(|s| name(s).len()).max().unwrap_or(0).max("executable".len());
    println!(
        "{:width$}  {:>12}  {:>12}  {:>12}  {:>12}  {:>9}  ratio ready/memory/size",
        "executable", "ready median", "ready 95%", "memory start", "memory", "size"
    );
    let mut first = None;
    for subject in subjects {
        subject.starts.sort();
        let ms = |part: usize| {
            let index = (subject.starts.len() * part / 100).min(subject.starts.len() - 1);
            subject.starts[index].as_secs_f64() * 1000.0
        };
        let mib = |bytes: u64| bytes as f64 / f64::from(1 << 20);
        let median = |pick: fn(&(u64, u64)) -> u64| {
            let mut all: Vec<_> = subject.resident.iter().map(pick).collect();
            all.sort_unstable();
            all.get(all.len() / 2).map(|&bytes| mib(bytes))
        };
        let (ready, late, size) = (ms(50), ms(95), mib(subject.size));
        let (before, after) = (median(|m| m.0), median(|m| m.1));
        let (ready_1, after_1, size_1) = *first.get_or_insert((ready, after, size));
        let memory = |m: Option<f64>| m.map_or_else(|| "?".to_owned(), |m| format!("{m:.1} MiB"));
        let memory_ratio =
            after.zip(after_1).map_or_else(|| "?".to_owned(), |(a, b)| format!("{:.1}", a / b));
        println!(
            "{:width$}  {:>12}  {:>12}  {:>12}  {:>12}  {:>9}  {:.1} / {memory_ratio} / {:.1}",
            name(subject),
            format!("{ready:.1} ms"),
            format!("{late:.1} ms"),
            memory(before),
            memory(after),
            format!("{size:.1} MiB"),
            ready / ready_1,
            size / size_1,
        );
    }
}
