//! What a declaration may not say is an error of the compiler, at the word that is wrong.
//!
//! `TRYBUILD=overwrite cargo test -p alitrail-plugin --test declarations` writes the messages anew.

#[path = "declarations/valid.rs"]
mod valid;

#[test]
fn what_is_allowed_compiles() {
    valid::main();
}

#[test]
fn declarations_are_checked_by_the_compiler() {
    let cases = trybuild::TestCases::new();
    for case in [
        "blocks",
        "choices",
        "default_types",
        "defaults_of_sets",
        "effects",
        "flattened",
        "flattened_options",
        "flattened_types",
        "modes",
        "names",
        "options",
        "test_values",
    ] {
        cases.compile_fail(format!("tests/declarations/{case}.rs"));
    }
}
