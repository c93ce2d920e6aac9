//! What is left of the state when the mock is killed: all of it but what came last, and never half of it.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use test_kit::admin::Admin;

use super::alitrail;

/// How long anything may take here.
const LIMIT: Duration = Duration::from_secs(30);

/// A mock with this state file, and its admin interface.
fn start(state: &Path) -> (Child, Admin) {
    let mut mock = alitrail();
    mock.arg("--state").arg(state).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut mock = mock.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(mock.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let ready: Value = serde_json::from_str(&line).unwrap();
    let admin = Admin::new(ready["admin_url"].as_str().unwrap());
    (mock, admin)
}

fn offset(document: &Value) -> u64 {
    document["offset_seconds"].as_u64().unwrap_or_default()
}

/// Waits until the file says that the clock is so far ahead, without a further request to the mock.
fn wait_for(state: &Path, seconds: u64) {
    let deadline = Instant::now() + LIMIT;
    loop {
        let text = fs::read(state).unwrap_or_default();
        let saved: Value = serde_json::from_slice(&text).unwrap_or_default();
        if offset(&saved["clock"]) == seconds {
            return;
        }
        assert!(Instant::now() < deadline, "not saved: {}", saved["clock"]);
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_killed_mock_goes_on_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("cloud.json");
    let mut saved = 0;
    for round in 0..4 {
        let (mut mock, admin) = start(&state);
        let clock = admin.get("clock").unwrap();
        assert!(offset(&clock) >= saved, "round {round}: {clock}, and {saved} was saved");
        let now = offset(&admin.post("clock", &json!({ "advance_seconds": 10 })).unwrap());
        wait_for(&state, now);
        saved = now;
        // It is killed in the midst of changes, at another moment each time.
        for _ in 0..100 + 150 * round {
            admin.post("clock", &json!({ "advance_seconds": 1 })).unwrap();
        }
        mock.kill().unwrap();
        mock.wait().unwrap();
    }
    let text = fs::read(&state).unwrap();
    let left: Value = serde_json::from_slice(&text).unwrap();
    assert!(left["format_version"].is_u64() && offset(&left["clock"]) >= saved);
}
