//! One run: a world, an apply in which something goes wrong, what a user does then, and what is left.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};
use tempfile::TempDir;
use test_kit::terraform::Output;

use super::cloud_state::{self, Existing};
use super::trial::{Kind, Order, Phase, Trial};
use crate::recovery::{self, APPLY, Recovery};
use crate::{Cloud, Fixture, full};

/// How long any command may take, retries of the provider included.
const LIMIT: Duration = Duration::from_secs(150);

/// The file with the state of the mock.
const CLOUD: &str = "cloud.json";

/// How a run ended, when nothing was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// The apply succeeded all the same.
    AtOnce,
    /// The next apply alone put it right.
    NextApply,
    /// The step that the next apply named did.
    NamedStep,
}

/// An apply in which nothing goes wrong, and the world in which it begins.
#[derive(Debug)]
pub(super) struct Clean {
    phase: Phase,
    fixture: Fixture,
    /// The mock's state before the apply; none for a cloud that is empty.
    cloud_state: Option<TempDir>,
    /// How many calls it makes.
    pub(super) calls: u64,
    /// How long it takes when all calls are as slow as they are for interrupts.
    slow: Duration,
    settings: Value,
    names: BTreeSet<String>,
    removals: BTreeSet<String>,
    may_go: BTreeSet<String>,
}

impl Clean {
    /// Makes the world before the apply, and applies twice from there: once to see what comes out, once to time it.
    pub(super) fn new(order: Order, phase: Phase) -> Self {
        let (fixture, cloud_state) = prepared(order, phase);
        let mut clean = Self {
            phase,
            fixture,
            cloud_state,
            calls: 0,
            slow: Duration::ZERO,
            settings: Value::Null,
            names: BTreeSet::new(),
            removals: BTreeSet::new(),
            may_go: BTreeSet::new(),
        };
        let fixture = clean.begin();
        let before = Existing::now(&fixture.cloud);
        let mark = fixture.cloud.mark();
        let output = run(&fixture, phase);
        assert!(output.success(), "the clean apply fails:\n{}", output.combined());
        clean.calls = fixture.cloud.mark() - mark;
        clean.settings = cloud_state::settings(&fixture.cloud);
        let after = Existing::with_evidence(&fixture.cloud, "after");
        assert!(after.has_evidence("after"), "no evidence was put: {after:?}");
        assert!(after.is_whole(), "the baseline lacks something: {after:?}");
        clean.names = after.names();
        clean.removals = cloud_state::removals(&fixture.cloud, mark).into_iter().collect();
        clean.may_go = before.names().difference(&clean.names).cloned().collect();

        let fixture = clean.begin();
        fixture.cloud.set_faults(&json!([Kind::Interrupt.rule(0)]));
        let started = Instant::now();
        let output = run(&fixture, phase);
        assert!(output.success(), "the slow apply fails:\n{}", output.combined());
        clean.slow = started.elapsed();
        let differences = cloud_state::differences(&clean.settings, &cloud_state::settings(&fixture.cloud));
        assert!(differences.is_empty(), "two clean applies end differently: {differences:#?}");
        clean
    }

    /// A stage of its own, as it is before the apply.
    fn begin(&self) -> Fixture {
        let cloud = match &self.cloud_state {
            None => Cloud::start(),
            Some(state) => Cloud::with(&["--state", &state.path().join(CLOUD).to_string_lossy()]),
        };
        let mut fixture = Fixture::with_cloud(&full(), cloud);
        fixture.remove("provider.tf");
        fixture.take_copy(&self.fixture);
        fixture.workspace.set_limit(LIMIT);
        fixture
    }
}

/// The example and, if anything was there before the apply, the state of Terraform and that of the cloud.
fn prepared(order: Order, phase: Phase) -> (Fixture, Option<TempDir>) {
    let directory = tempfile::Builder::new().prefix("alitrail-sweep-").tempdir().expect("directory");
    let file = directory.path().join(CLOUD);
    let fixture = Fixture::with_cloud(&full(), Cloud::with(&["--state", &file.to_string_lossy()]));
    fixture.take_example("single-account");
    if order == Order::DestroyFirst {
        let module = fixture.path().join("../modules/secure-trail-baseline/main.tf");
        let text = fs::read_to_string(&module).expect("the module");
        let changed = text.replace("create_before_destroy = true", "create_before_destroy = false");
        assert_ne!(text, changed, "the module creates the new trail first");
        fs::write(&module, changed).expect("the module");
    }
    let Some(variables) = phase.before() else {
        return (fixture, None);
    };
    fixture.workspace.apply(variables).unwrap_or_else(|error| panic!("{error}"));
    if phase == Phase::Change {
        let drift = json!({"Status": "Disable", "TrailRegion": "cn-hangzhou"});
        fixture.cloud.patch(&fixture.cloud.trail("audit-trail"), &drift).expect("a trail");
    }
    Existing::with_evidence(&fixture.cloud, "before");
    fixture.cloud.post("stop", &Value::Null).expect("the mock stops");
    let deadline = Instant::now() + Duration::from_secs(30);
    while serde_json::from_slice::<Value>(&fs::read(&file).unwrap_or_default()).is_err() {
        assert!(Instant::now() < deadline, "the mock does not save its state");
        std::thread::sleep(Duration::from_millis(20));
    }
    (fixture, Some(directory))
}

fn arguments(phase: Phase) -> Vec<&'static str> {
    APPLY.into_iter().chain(phase.variables().iter().copied()).collect()
}

fn run(fixture: &Fixture, phase: Phase) -> Output {
    fixture.workspace.run(&arguments(phase)).unwrap_or_else(|error| panic!("{error}"))
}

/// Runs a trial.
///
/// # Errors
/// What was lost, or why it did not end well.
pub(super) fn trial(clean: &Clean, trial: Trial, seed: u64) -> Result<End, String> {
    let fixture = clean.begin();
    let before = Existing::now(&fixture.cloud);
    let start = fixture.cloud.mark();
    fixture.cloud.set_faults(&json!([trial.kind.rule(trial.number)]));
    let output = injected(&fixture, clean, trial, seed)?;
    fixture.cloud.set_faults(&json!([]));
    let said = recovery::told(&output);
    let crashed =
        ["panicked", "The provider failed while"].iter().any(|sign| output.combined().contains(sign));
    if crashed {
        return Err(format!("a crash:\n{}", output.combined()));
    }
    let between = Existing::with_evidence(&fixture.cloud, "between");
    let mut end = End::AtOnce;
    if !output.success() {
        let recovered = recovery::recover(&fixture.workspace, clean.phase.variables(), &output);
        end = match recovered.map_err(|error| format!("{error}\nthe apply before that said:\n{said}"))? {
            Recovery::Apply => End::NextApply,
            Recovery::Step(_) => End::NamedStep,
        };
    }
    let now = Existing::now(&fixture.cloud);
    let mut wrong = before.lost(&now, &clean.may_go);
    wrong.extend(between.lost(&now, &clean.may_go));
    let taken = cloud_state::removals(&fixture.cloud, start)
        .into_iter()
        .filter(|action| !clean.removals.contains(action));
    wrong.extend(taken.map(|action| format!("taken away for a while: {action}")));
    wrong.extend(cloud_state::differences(&clean.settings, &cloud_state::settings(&fixture.cloud)));
    wrong.extend(left_to_do(&fixture, clean.phase));
    if wrong.is_empty() { Ok(end) } else { Err(format!("{}\nthe apply said:\n{said}", wrong.join("\n"))) }
}

/// The apply in which something goes wrong.
fn injected(fixture: &Fixture, clean: &Clean, trial: Trial, seed: u64) -> Result<Output, String> {
    if trial.kind.moments().is_none() {
        return fixture.workspace.run(&arguments(clean.phase)).map_err(|error| error.to_string());
    }
    let mut random = StdRng::seed_from_u64(seed ^ trial.number.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    let moment = clean.slow.mul_f64(random.random_range(0.1..1.0));
    let mut apply = fixture.workspace.start(&arguments(clean.phase)).map_err(|error| error.to_string())?;
    let end = Instant::now() + moment;
    while Instant::now() < end && !apply.has_ended() {
        std::thread::sleep(Duration::from_millis(5));
    }
    if trial.kind == Kind::Interrupt {
        apply.interrupt();
        return apply.wait(LIMIT, None).map_err(|error| error.to_string());
    }
    let group = apply.id();
    match random.random_range(0..3) {
        0 => apply.kill(),
        1 => apply.kill_alone(),
        _ => kill_provider(group),
    }
    let output = apply.wait(LIMIT, None).map_err(|error| error.to_string())?;
    // A provider whose Terraform is gone ends what it began.
    let deadline = Instant::now() + LIMIT;
    while !members(group).is_empty() {
        if Instant::now() > deadline {
            return Err("the provider outlives its Terraform".to_owned());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    fixture.remove(".terraform.tfstate.lock.info");
    Ok(output)
}

/// The processes of a group, by id and name.
fn members(group: u32) -> Vec<(u32, String)> {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    processes
        .filter_map(|entry| {
            let id: u32 = entry.file_name().to_str()?.parse().ok()?;
            let stat = fs::read_to_string(entry.path().join("stat")).ok()?;
            let (name, rest) = stat.split_once('(')?.1.rsplit_once(')')?;
            let fields: Vec<&str> = rest.split_whitespace().collect();
            let lives = !matches!(*fields.first()?, "Z" | "X");
            (lives && fields.get(2)?.parse() == Ok(group)).then(|| (id, name.to_owned()))
        })
        .collect()
}

/// Kills the provider and leaves Terraform.
fn kill_provider(group: u32) {
    for (id, _) in
        members(group).into_iter().filter(|(id, name)| *id != group && name.starts_with("terraform-pro"))
    {
        let id = i32::try_from(id).ok().and_then(rustix::process::Pid::from_raw);
        if let Some(id) = id {
            // It may have ended by itself.
            let _ = rustix::process::kill_process(id, rustix::process::Signal::KILL);
        }
    }
}

/// What a plan would still do, and what the state still has to get rid of.
fn left_to_do(fixture: &Fixture, phase: Phase) -> Vec<String> {
    let mut plan = vec!["plan", "-no-color", "-input=false", "-detailed-exitcode"];
    plan.extend(phase.variables());
    let mut left = Vec::new();
    match fixture.workspace.run(&plan) {
        Ok(output) if output.code() == Some(0) => {}
        Ok(output) => left.push(format!("the final plan is not empty:\n{}", output.combined())),
        Err(error) => left.push(error.to_string()),
    }
    if deposed(fixture.path()) {
        left.push("the state holds a deposed object".to_owned());
    }
    left
}

fn deposed(directory: &Path) -> bool {
    let text = fs::read(directory.join("terraform.tfstate")).unwrap_or_default();
    let state: Value = serde_json::from_slice(&text).unwrap_or_default();
    let instances = state["resources"]
        .as_array()
        .into_iter()
        .flatten()
        .flat_map(|resource| resource["instances"].as_array().into_iter().flatten());
    instances.into_iter().any(|instance| instance.get("deposed").is_some())
}
