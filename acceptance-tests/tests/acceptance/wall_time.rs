//! No test fails because a machine is busy: none asserts that something took less than some time. What has to come to an end
//! is waited for, with a limit far above what it takes.

use std::fs;
use std::path::{Path, PathBuf};

/// What such an assertion looks like, on one line.
fn is_asserted(line: &str) -> bool {
    let bound =
        ["elapsed() <", "took <", "elapsed().as_secs() <", "elapsed().as_millis() <", "as_secs_f64() <"];
    line.trim_start().starts_with("assert") && bound.iter().any(|bound| line.contains(bound))
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
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut found = Vec::new();
    for package in
        ["acceptance-tests", "alibaba", "cli", "mock-cloud", "plugin", "proto", "provider", "reconciler"]
    {
        sources(&root.join(package), &mut found);
    }
    assert!(found.len() > 300, "{}", found.len());
    let mut asserted = Vec::new();
    for path in found.iter().filter(|path| !path.ends_with("wall_time.rs")) {
        let text = fs::read_to_string(path).unwrap();
        let lines = text.lines().enumerate().filter(|(_, line)| is_asserted(line));
        asserted.extend(lines.map(|(at, line)| format!("{}:{}: {}", path.display(), at + 1, line.trim())));
    }
    assert!(asserted.is_empty(), "{}", asserted.join("\n"));
}
