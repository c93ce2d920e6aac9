//! The schema is accepted by old and new versions of Terraform, and the examples are valid and apply.

use std::fs;
use std::path::{Path, PathBuf};

use acceptance_tests::{Fixture, full, others};
use test_kit::terraform::{Terraform, Version};

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples")
}

fn versions() -> Vec<Terraform> {
    let mut all = others();
    all.push(full());
    all
}

#[test]
fn the_schema_is_accepted() {
    for terraform in versions() {
        let fixture = Fixture::new(&terraform);
        let schema = fixture
            .workspace
            .json(&["providers", "schema", "-json"])
            .unwrap_or_else(|error| panic!("{error}"));
        let provider = schema["provider_schemas"].as_object().and_then(|all| all.values().next()).unwrap();
        let names =
            |kind: &str| provider[kind].as_object().map(|all| all.keys().cloned().collect::<Vec<_>>());
        let resources = names("resource_schemas").unwrap();
        for name in [
            "alitrail_oss_bucket",
            "alitrail_oss_bucket_lifecycle",
            "alitrail_sls_logstore",
            "alitrail_sls_project",
            "alitrail_trail",
        ] {
            assert!(
                resources.iter().any(|found| found == name),
                "{terraform}: {name} is not in {resources:?}"
            );
        }
        let data_sources = names("data_source_schemas").unwrap();
        for name in ["alitrail_caller_identity", "alitrail_trail_status", "alitrail_trails"] {
            assert!(
                data_sources.iter().any(|found| found == name),
                "{terraform}: {name} is not in {data_sources:?}"
            );
        }
        if terraform.version() >= Version::new(12, 0) && !terraform.is_open_tofu() {
            let identities = names("resource_identity_schemas").unwrap();
            assert_eq!(identities, resources, "{terraform}: every resource has an identity");
        }
    }
}

#[test]
fn every_example_is_valid() {
    let mut found = 0;
    for terraform in versions() {
        for kind in ["resources", "data-sources"] {
            for entry in fs::read_dir(examples().join(kind)).unwrap() {
                let directory = entry.unwrap().path();
                let fixture = Fixture::new(&terraform);
                for file in fs::read_dir(&directory).unwrap() {
                    let path = file.unwrap().path();
                    let name = path.file_name().unwrap().to_str().unwrap();
                    let needs_identity = name == "import-by-identity.tf";
                    let can = terraform.version() >= Version::new(12, 0) && !terraform.is_open_tofu();
                    if name.ends_with(".tf") && (can || !needs_identity) {
                        fs::copy(&path, fixture.path().join(name)).unwrap();
                        found += 1;
                    }
                }
                let output = fixture.workspace.run(&["validate", "-no-color"]).unwrap();
                assert!(output.success(), "{terraform}: {}\n{}", directory.display(), output.combined());
            }
        }
    }
    assert!(found >= 3 * 8, "the examples were found");
}

#[test]
fn every_resource_example_applies() {
    for entry in fs::read_dir(examples().join("resources")).unwrap() {
        let directory = entry.unwrap().path();
        let fixture = Fixture::new(&full());
        let text = fs::read_to_string(directory.join("resource.tf")).unwrap();
        fixture.configure(&text);
        // History is delivered by the hour.
        fixture.while_time_flies(20, || fixture.apply());
        fixture.assert_empty(&format!("after the example {}", directory.display()));
    }
}
