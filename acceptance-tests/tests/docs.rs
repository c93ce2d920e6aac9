//! The registry pages are what the declarations say.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test has nobody to hand an error to"
)]

use std::process::Command;

#[test]
fn pages_are_current() {
    let output = Command::new(env!("CARGO_BIN_EXE_generate-docs")).arg("--check").output().unwrap();
    let stale = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "not current, run `cargo generate-docs`:\n{stale}");
}
