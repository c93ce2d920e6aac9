//! The mock cloud judged by those who know the real one: official SDKs make its calls, each successfully and refused with
//! the documented errors, signed by their own code. What the documentation says of each call is in `sdk/calls`; the
//! guide page of calls says what was seen, and is held against it.

mod facts;
mod page;
mod rules;
mod scripts;

use std::collections::BTreeSet;

use self::facts::Facts;

/// One test, because rules and page are about all scripts together.
#[test]
fn sdks_make_the_calls_that_the_guide_lists() {
    let facts = Facts::read();
    let seen = scripts::run_all();
    let broken = rules::broken(&facts, &seen);
    assert!(broken.is_empty(), "{} points are open:\n{}", broken.len(), broken.join("\n"));

    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/guides/mock-cloud-calls.md");
    let wanted = page::page(&facts, &seen);
    if std::env::var_os("UPDATE_MOCK_CLOUD_CALLS").is_some() {
        std::fs::write(path, &wanted).unwrap();
    }
    let found = std::fs::read_to_string(path).unwrap_or_default();
    let found: BTreeSet<&str> = found.lines().collect();
    let wanted: BTreeSet<&str> = wanted.lines().collect();
    let differ: Vec<_> = wanted.symmetric_difference(&found).collect();
    assert!(differ.is_empty(), "not current, set UPDATE_MOCK_CLOUD_CALLS=1 and run again: {differ:#?}");
}
