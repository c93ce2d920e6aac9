//! Tests of what does not work yet. They run with all others, so that nobody forgets them: one that fails is reported as
//! an expected failure, and one that passes fails the run until it is taken off the list.

use std::cell::Cell;
use std::io::Write;
use std::panic::{self, AssertUnwindSafe};

/// The tests that are expected to fail, and why.
pub const EXPECTED_FAILURES: &[(&str, &str)] = &[];

thread_local! {
    static EXPECTED: Cell<bool> = const { Cell::new(false) };
}

/// Whether the test of this thread is expected to fail.
pub(crate) fn is_expected() -> bool {
    EXPECTED.get()
}

/// Runs a test that may be in [`EXPECTED_FAILURES`].
///
/// # Panics
/// When the test fails and is not in the list, or passes and is in it.
pub fn case(name: &str, test: impl FnOnce()) {
    let listed = EXPECTED_FAILURES.iter().find(|(listed, _)| *listed == name);
    let Some((_, why)) = listed else { return test() };
    EXPECTED.set(true);
    let outcome = panic::catch_unwind(AssertUnwindSafe(test));
    EXPECTED.set(false);
    assert!(outcome.is_err(), "{name} passes: take it off EXPECTED_FAILURES");
    // The standard error itself, because what print macros write is shown for failed tests only.
    let _ = writeln!(std::io::stderr(), "expected failure: {name}: {why}");
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    fn sources(directory: &Path, into: &mut String) {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, into);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                into.push_str(&fs::read_to_string(&path).unwrap());
            }
        }
    }

    #[test]
    fn every_expected_failure_is_a_test() {
        let mut text = String::new();
        sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests"), &mut text);
        for (name, why) in EXPECTED_FAILURES {
            assert!(text.contains(&format!("fn {name}()")), "there is no test {name}");
            assert!(!why.is_empty(), "{name} needs a reason");
        }
    }

    #[test]
    fn a_test_that_is_not_listed_fails_as_usual() {
        assert!(panic::catch_unwind(|| case("not listed", || panic!("it fails"))).is_err());
        case("not listed", || ());
    }
}
