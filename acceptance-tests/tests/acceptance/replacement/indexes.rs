//! Whose index it is: one that this resource made is deleted with it, also when its creation was interrupted; one that
//! ActionTrail made is left, also when it was made at the same moment.

use std::time::{Duration, Instant};

use acceptance_tests::{Fixture, full};
use serde_json::{Value, json};

use super::APPLY;
use super::interrupted::before_it_is_made;
use super::subjects::Order::DestroyFirst;
use super::subjects::{self, Subject};

/// A stage with the logstore, and with the index in the configuration only.
fn before(subject: &Subject) -> Fixture {
    let fixture = Fixture::new(&full());
    fixture.configure(&subject.around);
    fixture.apply();
    fixture.configure(&subject.configuration(DestroyFirst));
    fixture
}

fn wait_for(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !holds() {
        assert!(Instant::now() < deadline, "{what} did not happen within 60 s");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The index once its resource is gone and its logstore is not.
fn after_its_resource(fixture: &Fixture, subject: &Subject) -> Value {
    fixture.apply();
    fixture.assert_unchanged("with the index");
    fixture.configure(&subject.around);
    fixture.apply();
    subject.document(fixture)
}

#[test]
fn an_index_whose_creation_was_interrupted_is_deleted_with_its_resource() {
    let subject = subjects::index();
    let fixture = before(&subject);
    fixture.cloud.set_faults(&json!([{"kind": "slow", "action": "CreateIndex", "milliseconds": 20000}]));
    let apply = fixture.workspace.start(&APPLY).unwrap();
    wait_for("CreateIndex", || !subject.document(&fixture).is_null());
    apply.interrupt();
    let output = apply.wait(Duration::from_secs(90), None).unwrap();
    assert!(!output.success(), "an interrupted apply fails:\n{}", output.combined());
    fixture.cloud.set_faults(&json!([]));
    let left = after_its_resource(&fixture, &subject);
    assert!(left.is_null(), "the index is gone: {left}");
}

#[test]
fn an_index_whose_creation_failed_half_way_is_deleted_with_its_resource() {
    let subject = subjects::index();
    let fixture = before(&subject);
    super::refuse(&fixture, "GetIndex", before_it_is_made(&subject) + 1);
    fixture.fail(&APPLY);
    fixture.cloud.set_faults(&json!([]));
    assert!(!subject.document(&fixture).is_null(), "it was made");
    let left = after_its_resource(&fixture, &subject);
    assert!(left.is_null(), "the index is gone: {left}");
}

#[test]
fn an_index_whose_answer_was_lost_is_deleted_with_its_resource() {
    let subject = subjects::index();
    let fixture = before(&subject);
    fixture.cloud.set_faults(&json!([{"kind": "lost_answer", "action": "CreateIndex", "times": 1}]));
    fixture.apply();
    fixture.cloud.set_faults(&json!([]));
    let left = after_its_resource(&fixture, &subject);
    assert!(left.is_null(), "the index is gone: {left}");
}

#[test]
fn an_index_made_by_the_service_in_the_meantime_is_left() {
    let subject = subjects::index();
    let fixture = before(&subject);
    // The last look is the one that the creation goes by. Its answer says that there is none, and comes late.
    let last = before_it_is_made(&subject);
    fixture.cloud.set_faults(
        &json!([{"kind": "slow", "action": "GetIndex", "from": last, "times": 1, "milliseconds": 8000}]),
    );
    let apply = fixture.workspace.start(&APPLY).unwrap();
    wait_for("the look", || fixture.cloud.get("faults").unwrap()[0]["injected"] == 1);
    let made = json!({"line": {"token": [",", " "], "caseSensitive": false, "chn": false}, "ttl": 30,
        "keys": {"event": {"type": "json", "token": [",", " "], "caseSensitive": false, "chn": false,
            "doc_value": true, "index_all": true, "max_depth": -1}}});
    fixture.cloud.put(&(subject.node)(&fixture.cloud), &made).unwrap();
    let output = apply.wait(Duration::from_secs(90), None).unwrap();
    assert!(output.success(), "{}", output.combined());
    let calls = fixture.cloud.requests_since(0);
    assert!(
        calls.iter().any(|call| call.action == "CreateIndex" && !call.accepted),
        "it came too late to make it"
    );
    fixture.cloud.set_faults(&json!([]));
    let left = after_its_resource(&fixture, &subject);
    assert!(!left.is_null(), "the index of the service is left");
}
