//! The registry pages are what the declarations say.

use std::process::Command;

#[test]
fn pages_are_current() {
    let output = Command::new(env!("CARGO_BIN_EXE_generate-docs")).arg("--check").output().unwrap();
    let stale = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "not current, run `cargo generate-docs`:\n{stale}");
}
