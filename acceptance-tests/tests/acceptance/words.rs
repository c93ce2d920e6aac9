//! Names are those of the field: no identifier and no file has one of the words that CONTRIBUTING lists as old.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The old words of the table in CONTRIBUTING.
fn old_words(contributing: &str) -> BTreeSet<String> {
    let rows = contributing.lines().skip_while(|line| !line.starts_with("| old | new |")).skip(2);
    let cells = rows.take_while(|line| line.starts_with('|')).filter_map(|row| row.split('|').nth(1));
    cells.flat_map(|cell| cell.split(',')).map(|word| word.trim().trim_matches('`').to_owned()).collect()
}

/// The identifiers of a line: not what is in a comment or in a text on the line.
fn identifiers(line: &str) -> impl Iterator<Item = &str> {
    let code = line.split("//").next().unwrap_or_default();
    // Every other part is between quotation marks.
    let parts = code.split('"').step_by(2);
    parts
        .flat_map(|part| part.split(|c: char| !c.is_alphanumeric() && c != '_'))
        .filter(|word| !word.is_empty())
}

fn sources(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() && name != "target" && !name.starts_with('.') {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn no_old_word_is_an_identifier_or_a_file() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let words = old_words(&fs::read_to_string(root.join("CONTRIBUTING.md")).unwrap());
    assert!(words.contains("with_world") && words.len() > 20, "{words:?}");
    let sample = "let cx = fate(\"cx\"); // cx";
    assert_eq!(identifiers(sample).collect::<Vec<_>>(), ["let", "cx", "fate"]);
    let mut files = Vec::new();
    sources(root, &mut files);
    assert!(files.len() > 500, "{}", files.len());
    let mut found = Vec::new();
    for path in files {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if words.contains(&stem) {
            found.push(path.display().to_string());
        }
        for (number, line) in (1..).zip(fs::read_to_string(&path).unwrap().lines()) {
            let old = identifiers(line).filter(|word| words.contains(*word));
            found.extend(old.map(|word| format!("{}:{number}: {word}", path.display())));
        }
    }
    // The lines of a text that is longer than one are no code.
    found.retain(|place| !place.contains("words.rs:"));
    assert!(found.is_empty(), "{}", found.join("\n"));
}
