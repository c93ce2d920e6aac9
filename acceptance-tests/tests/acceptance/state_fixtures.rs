//! State files of older versions go on working: for every resource there are state files and the cloud that they belong to,
//! as they were written once, and every plan with them is empty. See `fixtures/README.md`; these files are never written
//! anew. `ALITRAIL_TEST_RECORD=1` writes those that do not exist yet, for a new resource.

use std::fs;
use std::path::{Path, PathBuf};

use acceptance_tests::resources::{entries, matrix, prepare, with_resource};
use acceptance_tests::{Cloud, Fixture, for_each_resource, full, oldest};
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

const STATE: &str = "terraform.tfstate";

/// Where the fixtures of a resource are: its configuration, its state and its cloud.
fn folder(kind: &str, resource: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(kind).join(resource)
}

/// Every attribute of the resource, set and left out, each in an object of its own.
fn matrix_of(resource: &str, cloud: &Cloud) -> (&'static str, String) {
    prepare(cloud);
    let (entries, _) = with_resource(resource, |managed| entries(&managed.schema().attributes));
    let (configuration, _) = matrix(resource, &entries, cloud);
    ("main.tf.json", format!("{configuration:#}\n"))
}

/// The example of the documentation.
fn example_of(resource: &str) -> (&'static str, String) {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/resources");
    ("main.tf", fs::read_to_string(examples.join(resource).join("resource.tf")).unwrap())
}

/// Applies a configuration and writes down what it left. Only the oldest Terraform's state can be read by all.
fn record(folder: &Path, configuration: impl FnOnce(&Cloud) -> (&'static str, String)) {
    let fixture = Fixture::new(&oldest());
    let (name, text) = configuration(&fixture.cloud);
    fixture.write(name, &text);
    fixture.while_time_flies(20, || fixture.apply());
    fixture.assert_empty("before it is recorded");
    let mut cloud = fixture.cloud.get("").unwrap();
    cloud["format_version"] = json!(1);
    let clock = fixture.cloud.get("clock").unwrap();
    let state: Value = serde_json::from_slice(&fs::read(fixture.path().join(STATE)).unwrap()).unwrap();
    fs::create_dir_all(folder).unwrap();
    fs::write(folder.join(name), text).unwrap();
    fs::write(folder.join("state.json"), format!("{state:#}\n")).unwrap();
    fs::write(folder.join("cloud.json"), format!("{cloud:#}\n")).unwrap();
    fs::write(folder.join("time"), format!("{}\n", clock["now"].as_str().unwrap())).unwrap();
}

/// The state is read with every plan empty, and with the cloud as it was at that time.
fn reads(folder: &Path) {
    let text = |name: &str| {
        fs::read_to_string(folder.join(name))
            .unwrap_or_else(|error| panic!("{}/{name}: {error}", folder.display()))
    };
    let mut cloud_state: Value = serde_json::from_str(&text("cloud.json")).unwrap();
    // The clock goes back, since some objects change with time, such as a retention policy that nobody locks.
    let then = OffsetDateTime::parse(text("time").trim(), &Rfc3339).unwrap();
    cloud_state["clock"]["offset_seconds"] = json!((then - OffsetDateTime::now_utc()).whole_seconds());
    let files = tempfile::tempdir().unwrap();
    let path = files.path().join("cloud.json");
    fs::write(&path, cloud_state.to_string()).unwrap();
    let fixture = Fixture::with_cloud(&full(), Cloud::with(&["--state", path.to_str().unwrap()]));
    for name in ["main.tf", "main.tf.json"] {
        if folder.join(name).exists() {
            fs::copy(folder.join(name), fixture.path().join(name)).unwrap();
        }
    }
    fs::copy(folder.join("state.json"), fixture.path().join(STATE)).unwrap();
    fixture.assert_empty("with a state of an older version");
}

fn holds(resource: &str) {
    let (matrix, example) = (folder("matrix", resource), folder("example", resource));
    if std::env::var_os("ALITRAIL_TEST_RECORD").is_some() {
        if !matrix.exists() {
            record(&matrix, |cloud| matrix_of(resource, cloud));
        }
        if !example.exists() {
            record(&example, |_| example_of(resource));
        }
    }
    reads(&matrix);
    reads(&example);
}

for_each_resource!(holds);
