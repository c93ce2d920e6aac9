//! A sample of `cargo sweep`: one run of each kind in turn. The whole is run by `.ci/nightly`.

use acceptance_tests::sweep::{Kind, Options, Order, Phase, sweep};

/// Runs a sample of these kinds, of the apply that makes everything, with the module as it is.
fn loses_nothing(kinds: &[Kind], sample: usize) {
    let options = Options {
        kinds: kinds.to_vec(),
        sample: Some(sample),
        orders: vec![Order::CreateFirst],
        phases: vec![Phase::Create],
        ..Options::default()
    };
    let summary = sweep(&options, |_, _| ());
    let lost: Vec<String> = summary.lost.iter().map(|(trial, lost)| format!("{trial}\n{lost}")).collect();
    assert!(summary.is_good(), "{}\n{}", lost.join("\n\n"), summary.table());
    println!("{}", summary.table());
}

#[test]
fn faults_that_pass_cost_time_and_nothing_else() {
    let passing = [
        Kind::Throttle,
        Kind::ServerError,
        Kind::Reset,
        Kind::LostAnswer,
        Kind::Slow,
        Kind::DelayedVisibility,
    ];
    loses_nothing(&passing, 12);
}

#[test]
fn refusals_interrupts_and_kills_lose_nothing() {
    loses_nothing(&[Kind::Refusal, Kind::Denial, Kind::Interrupt, Kind::Kill], 28);
}
