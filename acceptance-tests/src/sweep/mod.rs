//! The sweep: the single-account example is applied again and again, and each time one thing goes wrong. Every call of
//! the apply meets every kind of fault, and Ctrl-C and `kill -9` come at many moments; with `create_before_destroy`, as
//! the module has it, and without. A run has to end with the next apply, or with the one step that its message names,
//! and no object of the cloud, no rule and no line of a log may be lost, nor be away for a while.

mod cloud_state;
mod run;
mod trial;

use std::collections::BTreeMap;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;

use run::{Clean, End};
pub use trial::{Kind, Order, Phase, Trial};

/// What to run.
#[derive(Debug, Clone)]
pub struct Options {
    /// This many runs, taken evenly from all kinds; all of them without.
    pub sample: Option<usize>,
    /// Start of the random numbers: which runs a sample has, and when interrupts and kills come.
    pub seed: u64,
    /// Which kinds.
    pub kinds: Vec<Kind>,
    /// One run only.
    pub trial: Option<Trial>,
    /// In which orders of replacement.
    pub orders: Vec<Order>,
    /// Which applies.
    pub phases: Vec<Phase>,
    /// When to stop beginning runs.
    pub limit: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            sample: None,
            seed: 1,
            kinds: Kind::ALL.to_vec(),
            trial: None,
            orders: Order::ALL.to_vec(),
            phases: Phase::ALL.to_vec(),
            limit: Duration::from_secs(3 * 3600),
        }
    }
}

/// How runs of a kind ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// Runs.
    pub runs: usize,
    /// Those whose apply succeeded all the same.
    pub at_once: usize,
    /// Those that the next apply alone put right.
    pub next_apply: usize,
    /// Those that the named step put right.
    pub named_step: usize,
    /// Those that lost something, or did not end well.
    pub lost: usize,
}

/// How all runs ended.
#[derive(Debug, Clone, Default)]
pub struct Summary {
    /// By kind.
    pub counts: BTreeMap<Kind, Count>,
    /// The runs that lost something, and what.
    pub lost: Vec<(Trial, String)>,
    /// Runs that were not begun, because time was up.
    pub left: usize,
    /// How long it took.
    pub took: Duration,
}

impl Summary {
    /// Whether every run ended as it must.
    pub fn is_good(&self) -> bool {
        self.lost.is_empty() && self.left == 0 && self.counts.values().any(|count| count.runs > 0)
    }

    /// The table, and below it what was lost.
    pub fn table(&self) -> String {
        let mut lines = vec![format!(
            "{:<20}{:>8}{:>10}{:>14}{:>14}{:>8}",
            "kind", "runs", "at once", "next apply", "named step", "lost"
        )];
        let mut all = Count::default();
        let line = |name: &str, count: &Count| {
            let Count { runs, at_once, next_apply, named_step, lost } = count;
            format!("{name:<20}{runs:>8}{at_once:>10}{next_apply:>14}{named_step:>14}{lost:>8}")
        };
        for (kind, count) in &self.counts {
            lines.push(line(kind.name(), count));
            all.runs += count.runs;
            all.at_once += count.at_once;
            all.next_apply += count.next_apply;
            all.named_step += count.named_step;
            all.lost += count.lost;
        }
        lines.push(line("all", &all));
        if self.left > 0 {
            lines.push(format!("time was up: {} runs were not begun", self.left));
        }
        lines.push(format!("in {:.0} s", self.took.as_secs_f64()));
        lines.join("\n")
    }
}

/// Runs the sweep, two runs at a time. `report` is told of every run that ended.
///
/// # Panics
/// When an apply in which nothing goes wrong fails.
pub fn sweep(options: &Options, report: impl Fn(Trial, Result<(), &str>) + Sync) -> Summary {
    let begun = Instant::now();
    let phases: Vec<Phase> = options.trial.map_or_else(|| options.phases.clone(), |trial| vec![trial.phase]);
    let orders: Vec<Order> = options.trial.map_or_else(|| options.orders.clone(), |trial| vec![trial.order]);
    let wanted: Vec<(Order, Phase)> =
        orders.iter().flat_map(|order| phases.iter().map(|phase| (*order, *phase))).collect();
    let cleans = Mutex::new(BTreeMap::new());
    in_pairs(&wanted, |(order, phase)| {
        let clean = Clean::new(*order, *phase);
        lock(&cleans).insert((*order, *phase), clean);
    });
    let cleans = cleans.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    let trials = trials(options, &cleans);
    let summary = Mutex::new(Summary::default());
    in_pairs(&trials, |trial| {
        if begun.elapsed() > options.limit {
            lock(&summary).left += 1;
            return;
        }
        let clean = &cleans[&(trial.order, trial.phase)];
        let ran = panic::catch_unwind(AssertUnwindSafe(|| run::trial(clean, *trial, options.seed)));
        let ended = ran.unwrap_or_else(|panic| Err(said(panic.as_ref())));
        report(*trial, ended.as_ref().map(|_| ()).map_err(String::as_str));
        let mut summary = lock(&summary);
        let count = summary.counts.entry(trial.kind).or_default();
        count.runs += 1;
        match ended {
            Ok(End::AtOnce) => count.at_once += 1,
            Ok(End::NextApply) => count.next_apply += 1,
            Ok(End::NamedStep) => count.named_step += 1,
            Err(lost) => {
                count.lost += 1;
                summary.lost.push((*trial, lost));
            }
        }
    });
    let mut summary = summary.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    summary.lost.sort();
    summary.took = begun.elapsed();
    summary
}

/// All runs, or the sample of them.
fn trials(options: &Options, cleans: &BTreeMap<(Order, Phase), Clean>) -> Vec<Trial> {
    if let Some(trial) = options.trial {
        return vec![trial];
    }
    let mut random = StdRng::seed_from_u64(options.seed);
    let mut decks: Vec<Vec<Trial>> = Vec::new();
    for kind in options.kinds.iter().copied() {
        let mut of_kind = Vec::new();
        for ((order, phase), clean) in cleans {
            let share = kind.moments().map(|moments| moments.div_ceil(cleans.len() as u64));
            let numbers = 1..=share.unwrap_or(clean.calls);
            of_kind.extend(numbers.map(|number| Trial { kind, order: *order, phase: *phase, number }));
        }
        if options.sample.is_some() {
            of_kind.shuffle(&mut random);
        }
        decks.push(of_kind);
    }
    let Some(most) = options.sample else { return decks.concat() };
    // One of each kind in turn.
    let mut sample = Vec::new();
    while sample.len() < most && decks.iter().any(|deck| !deck.is_empty()) {
        sample.extend(decks.iter_mut().filter_map(Vec::pop));
    }
    sample.truncate(most);
    sample
}

/// Goes through a list with two threads.
fn in_pairs<T: Sync>(items: &[T], act: impl Fn(&T) + Sync) {
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
                    act(item);
                }
            });
        }
    });
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// What a panic said.
fn said(panic: &(dyn std::any::Any + Send)) -> String {
    let text =
        panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or("a panic").to_owned()
}
