//! The framework knows nothing of the product that is built with it, not even in its texts.

#![allow(clippy::unwrap_used, reason = "a test has nobody to hand an error to")]

use std::fs;
use std::path::Path;

/// Words that only a provider of one product would use.
const FOREIGN: [&str; 8] =
    ["alitrail", "actiontrail", "alibaba", "evidence", "mock", "bucket", "logstore", "fault injection"];

fn check(directory: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            check(&path, found);
            continue;
        }
        for (number, line) in (1..).zip(fs::read_to_string(&path).unwrap().lines()) {
            let line = line.to_lowercase();
            for word in FOREIGN.iter().filter(|word| line.contains(**word)) {
                found.push(format!("{}:{number}: {word}", path.display()));
            }
        }
    }
}

#[test]
fn the_framework_has_no_word_of_the_product() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for directory in ["src", "derive/src"] {
        check(&root.join(directory), &mut found);
    }
    assert_eq!(found, [""; 0], "words of the product in the framework");
}
