//! What is shipped has nothing in it that only tests need: the values that declarations give for tests stay out of the
//! program that `cargo build --release --package alitrail-provider` makes.
//!
//! The programs that the other tests run are built together with the tests, whose feature `fixtures` Cargo then turns on for
//! all of them.

use std::fs;
use std::path::Path;
use std::process::Command;

use acceptance_tests::artifacts;
use plugin::Provider as _;
use plugin::schema::{Attribute, Kind};
use provider::Alitrail;

fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap());
    command
}

#[test]
fn the_shipped_program_is_built_without_values_for_tests() {
    let features = |package: &str| {
        let output = cargo()
            .args([
                "tree",
                "--offline",
                "--locked",
                "--edges",
                "normal,features",
                "--no-dedupe",
                "--prefix",
                "none",
            ])
            .args(["--package", package])
            .output()
            .expect("cargo tree");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    const FEATURE: &str = "alitrail-plugin feature \"fixtures\"";
    assert!(features("acceptance-tests").contains(FEATURE), "the tests need it");
    let shipped = features("alitrail-provider");
    assert!(
        shipped.contains("alitrail-plugin feature \"default\"") && !shipped.contains("feature \"fixtures\""),
        "{shipped}"
    );
}

/// Where a test double holds objects and their attributes: texts that occur in no other place.
fn pointers() -> Vec<&'static str> {
    fn walk(attributes: &[Attribute], found: &mut Vec<&'static str>) {
        for attribute in attributes {
            found.extend(attribute.fixture.as_ref().map(|fixture| fixture.remote));
            if let Kind::Nested(_, nested) = &attribute.kind {
                walk(nested, found);
            }
        }
    }
    let mut found = Vec::new();
    for resource in Alitrail::resources() {
        found.push(resource.remote());
        walk(&resource.schema().attributes, &mut found);
    }
    found.retain(|text| text.matches('/').count() > 1 && text.len() > 16);
    found.sort_unstable();
    found.dedup();
    found
}

fn contained(program: &Path, texts: &[&'static str]) -> Vec<&'static str> {
    let bytes = fs::read(program).unwrap_or_else(|error| panic!("{}: {error}", program.display()));
    let is_there = |text: &&str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    texts.iter().copied().filter(is_there).collect()
}

/// How large the shipped provider may be.
const MOST_BYTES: u64 = 15_000_000;

#[test]
#[ignore = "builds the release, which takes minutes"]
fn the_release_has_no_values_for_tests_in_it() {
    let pointers = pointers();
    assert!(pointers.len() > 20, "{pointers:?}");
    let built_with_tests = contained(&artifacts().plugin, &pointers);
    assert!(built_with_tests.len() * 10 > pointers.len() * 9, "found at all: {built_with_tests:?}");
    let target = &artifacts().target;
    let status = cargo()
        .args(["build", "--quiet", "--release", "--package", "alitrail-provider"])
        .env("CARGO_TARGET_DIR", target)
        .status();
    assert!(status.expect("cargo build").success());
    let program = format!("terraform-provider-alitrail{}", std::env::consts::EXE_SUFFIX);
    let program = target.join("release").join(program);
    assert_eq!(contained(&program, &pointers), [""; 0]);
    let size = fs::metadata(&program).expect("the program").len();
    assert!(size <= MOST_BYTES, "{size} bytes, and {MOST_BYTES} are allowed");
}
