//! Everything that real Terraform, official SDKs and the programs themselves prove, in one program: tests wait for other
//! processes most of the time, so that all of them share one set of threads. `cargo test --test acceptance NAME::` runs
//! the tests of one module.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test has nobody to hand an error to"
)]

mod admin_guide;
mod alicloud_provider;
mod audit;
mod bad_input;
mod baseline;
mod check_plan;
mod cis_alerts;
mod convergence;
mod data_source_examples;
mod destroy_plan;
mod docs;
mod documented_commands;
mod drift_matrix;
mod evidence_changes;
#[cfg(unix)] // Files have modes.
mod example_provider;
mod golden;
mod interrupted_creates;
mod lifecycle_rules;
mod members;
mod module_tests;
mod oss;
mod protocol;
mod provider_credentials;
mod real_hosts;
mod reconciler;
mod remediate;
mod replacement;
mod roles;
mod sdk_conformance;
mod shipped;
mod sls;
mod sls_notifications;
mod sls_search;
mod state_fixtures;
mod sweep;
mod switches;
mod trail;
mod two_addresses;
mod unset_values;
mod wall_time;
mod words;
