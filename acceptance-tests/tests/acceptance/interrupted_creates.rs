//! A creation that fails after the object was made leaves it in the state, and the next apply completes it. For every
//! resource, at every kind of call after the one that makes the object.

use std::collections::BTreeSet;

use acceptance_tests::resources::{AttributeTest, base, fill, merge, prepare, with_resource};
use acceptance_tests::{Fixture, REGION, for_each_resource, full};
use plugin::schema::Mode;
use serde_json::{Value, json};

const APPLY: [&str; 4] = ["apply", "-no-color", "-input=false", "-auto-approve"];

/// A job has no name by which it could be told from another one: not seen to end, it is deleted and begun again.
const BEGUN_AGAIN: &str = "alitrail_history_delivery_job";

/// A stage on which what the resource needs is made, and the configuration of both.
fn fixture(resource: &str) -> (Fixture, Value) {
    let fixture = Fixture::new(&full());
    prepare(&fixture.cloud);
    let (around, mut own) =
        base(resource, &AttributeTest { label: "this", region: REGION, path: &[], set: false });
    with_resource(resource, |managed| {
        for required in managed.schema().attributes.iter().filter(|one| one.mode == Mode::Required) {
            if let (None, Some(fixture)) = (own.get(required.name), &required.fixture) {
                let [sample, _] = (fixture.samples)();
                own[required.name] = sample;
            }
        }
    });
    let around = fill(&json!({ "resource": around }), &fixture.cloud, REGION);
    let mut all = around.clone();
    merge(&mut all, &json!({"resource": { resource: { "this": fill(&own, &fixture.cloud, REGION) } }}));
    // Without resources of the same type that are around, which would be made anew with it.
    if around["resource"].as_object().is_some_and(|types| !types.is_empty()) {
        fixture.write("main.tf.json", &around.to_string());
        fixture.apply();
    }
    (fixture, all)
}

/// Whichever call after the creation is refused, the state has the object, and the next apply completes it.
fn completed(resource: &str) {
    let (clean, all) = fixture(resource);
    let mark = clean.cloud.mark();
    clean.write("main.tf.json", &all.to_string());
    clean.while_time_flies(20, || clean.apply());
    let calls = clean.cloud.requests_since(mark);
    let made = calls.iter().position(|call| call.write && call.accepted).expect("a creation");
    let after: BTreeSet<&str> = calls[made + 1..].iter().map(|call| call.action.as_str()).collect();
    let mut failed = 0;
    for action in after {
        let before = calls[..=made].iter().filter(|call| call.action == action).count();
        let (fixture, all) = fixture(resource);
        fixture.write("main.tf.json", &all.to_string());
        fixture.cloud.set_faults(&json!([
            {"kind": "server_error", "action": action, "from": before + 1, "status": 403, "code": "AccessDenied"},
        ]));
        let output = fixture.workspace.run(&APPLY).unwrap();
        fixture.cloud.set_faults(&json!([]));
        let said = output.combined();
        let injected =
            fixture.cloud.requests_since(0).iter().any(|call| call.action == action && !call.accepted);
        assert!(injected, "{action} was refused");
        if output.success() {
            // A look for the sake of a warning.
            continue;
        }
        failed += 1;
        let mark = fixture.cloud.mark();
        let state = fixture.workspace.state().unwrap();
        assert!(
            state.contains_key(&format!("{resource}.this")),
            "{action} was refused, and what {} made is not in the state:\n{said}",
            calls[made].action
        );
        fixture.while_time_flies(20, || fixture.apply());
        fixture.assert_unchanged(&format!("after {action} was refused and an apply"));
        // Putting settings right may take something out of it, but the object is not made anew.
        let again =
            fixture.cloud.writes_since(mark).into_iter().filter(|call| call.action == calls[made].action);
        let is_begun_again = resource == BEGUN_AGAIN && action == "GetDeliveryHistoryJob";
        assert_eq!(
            again.count(),
            usize::from(is_begun_again),
            "{} is called once, although {action} was refused",
            calls[made].action
        );
    }
    assert!(failed > 0, "something that is needed comes after {}", calls[made].action);
}

for_each_resource!(completed);
