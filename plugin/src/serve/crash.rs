//! The last words of a panicking thread, in a form that Terraform shows to the user.

use std::{
    backtrace::Backtrace,
    panic::{self, PanicHookInfo},
};

/// Terraform keeps about this many lines of a crash report.
const LINES: usize = 90;

/// Makes panics report to standard error in the way of a Go program: Terraform collects a line that starts with
/// `panic: ` and what follows, and prints it when the command fails. The usual Rust text would only be logged.
pub(super) fn install_hook() {
    panic::set_hook(Box::new(|info| {
        crate::log::to_stderr(&report(info, &Backtrace::force_capture().to_string()))
    }));
}

fn report(info: &PanicHookInfo<'_>, backtrace: &str) -> String {
    let message = info.payload_as_str().unwrap_or("(no message)");
    let place = info.location().map(|l| format!("at {l}\n")).unwrap_or_default();
    let mut report = format!("panic: {message}\n{place}\n");
    for line in backtrace.lines().take(LINES) {
        report.push_str(line);
        report.push('\n');
    }
    report
}
