//! The harness of the acceptance tests: real Terraform and official SDKs against the real plugin and a mock cloud that
//! runs as the process a user would start. Every test has its own mock, its own directory and its own CLI
//! configuration, so that all of them run side by side; everything waits for a bounded time only.
//!
//! `cargo sweep` runs the single-account example against every fault at every call, and against interrupts and kills: see
//! [`sweep`](mod@sweep).
//!
//! | variable | meaning |
//! |---|---|
//! | `ALITRAIL_TEST_TERRAFORM=all` | run the short scenarios on all nine packaged versions, not only the oldest and newest |
//! | `ALITRAIL_TEST_SWITCHES=a=b,c=d` | run everything with these switches of the mock; some tests are about a default |
//! | `ALICLOUD_PROVIDER=/path` | also apply a configuration with this program, the alicloud provider, on the mock |
//! | `ALITRAIL_TEST_KEEP=1` | keep every working directory; without it only those of failed tests are kept |

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test has nobody to hand an error to"
)]

mod artifacts;
mod cloud;
pub mod evidence_guide;
mod fixture;
pub mod guide;
pub mod organization;
pub mod pointer;
mod python;
pub mod recovery;
pub mod resources;
pub mod rules_guide;
pub mod scenario;
pub mod sweep;
mod terraforms;

pub use artifacts::{Artifacts, artifacts, example_provider};
pub use cloud::{Cloud, REGION, Request};
pub use fixture::Fixture;
pub use python::Python;
pub use terraforms::{full, newest, oldest, others, packaged};
