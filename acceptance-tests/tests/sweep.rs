//! A sample of `cargo sweep`: one run of each kind in turn. The whole is run by `.ci/nightly`.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test has nobody to hand an error to"
)]

use acceptance_tests::expected::case;
use acceptance_tests::sweep::{Options, Phase, sweep};

#[test]
fn a_sample_of_the_sweep_loses_nothing() {
    case("a_sample_of_the_sweep_loses_nothing", || {
        let options = Options { sample: Some(20), phases: vec![Phase::Create], ..Options::default() };
        let summary = sweep(&options, |_, _| ());
        let lost: Vec<String> = summary.lost.iter().map(|(trial, lost)| format!("{trial}\n{lost}")).collect();
        assert!(summary.is_good(), "{}\n{}", lost.join("\n\n"), summary.table());
        println!("{}", summary.table());
    });
}
