//! No test fails because a machine is busy: none asserts that something took less than some time. What has to come to an end
//! is waited for, with a limit far above what it takes.

use std::fs;
use std::path::{Path, PathBuf};

/// What such an assertion looks like, on one line.
fn is_asserted(line: &str) -> bool {
    let bound = [
        "elapsed() <",
        "took <",
        "elapsed().as_secs() <",
        "elapsed().as_millis() <",
        "as_secs_f64() <",
        "< Duration::",
        "<= Duration::",
        "< std::time::Duration::",
    ];
    line.trim_start().starts_with("assert") && bound.iter().any(|bound| line.contains(bound))
}

/// The lines of a file that assert it; those of tests on a paused clock measure no wall time.
fn assertions(text: &str) -> Vec<(usize, &str)> {
    let mut paused = false;
    let mut found = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let code = line.trim_start();
        if code.starts_with("#[test") || code.starts_with("#[tokio::test") {
            paused = code.contains("start_paused = true");
        }
        if !paused && is_asserted(line) {
            found.push((at + 1, line.trim()));
        }
    }
    found
}

fn sources(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn no_test_asserts_how_long_something_took() {
    assert!(is_asserted("    assert!(begun.elapsed() < Duration::from_secs(20));"));
    assert!(is_asserted("    assert!(best < Duration::from_millis(15));"));
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut found = Vec::new();
    for package in [
        "acceptance-tests",
        "alibaba",
        "baseline",
        "remediator",
        "cli",
        "mock-cloud",
        "plan-check",
        "plugin",
        "proto",
        "provider",
        "reconciler",
    ] {
        sources(&root.join(package), &mut found);
    }
    assert!(found.len() > 300, "{}", found.len());
    let mut asserted = Vec::new();
    for path in found.iter().filter(|path| !path.ends_with("wall_time.rs")) {
        let text = fs::read_to_string(path).unwrap();
        let lines = assertions(&text).into_iter();
        asserted.extend(lines.map(|(at, line)| format!("{}:{at}: {line}", path.display())));
    }
    assert!(asserted.is_empty(), "{}", asserted.join("\n"));
}
