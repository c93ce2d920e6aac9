//! A project that holds logs is not deleted, unless that was asked for in an apply of its own.

use acceptance_tests::{Cloud, Fixture, REGION, full};
use serde_json::json;

use super::{PROJECT, STORE, around, store_path};

const DESTROY: [&str; 4] = ["destroy", "-no-color", "-input=false", "-auto-approve"];

fn forced() -> String {
    around().replace("\n}\n", "\n  force_destroy = true\n}\n")
}

/// Puts a log into a logstore of the project, which is made by hand if need be.
fn put_log(cloud: &Cloud, store: &str) {
    let path = store_path(cloud, store);
    if cloud.find(&path).unwrap().is_none() {
        cloud.put(&path, &json!({"ttl": 3650})).unwrap();
    }
    let logs = format!("{}/sls/logs", cloud.region(REGION));
    let log = json!([{"__time__": 1_700_000_000, "event": "{}"}]);
    cloud.patch(&logs, &json!({PROJECT: {store: log}})).unwrap();
}

/// Fails to destroy, deletes nothing of the project, and says this.
fn refuses(fixture: &Fixture, parts: &[&str]) {
    let mark = fixture.cloud.mark();
    let said = fixture.fail(&DESTROY).split_whitespace().collect::<Vec<_>>().join(" ");
    for part in parts {
        assert!(said.contains(part), "{part}:\n{said}");
    }
    let writes: Vec<_> = fixture.cloud.writes_since(mark).into_iter().map(|write| write.action).collect();
    assert!(!writes.iter().any(|action| action == "DeleteProject"), "{writes:?}");
    fixture.cloud.get(&fixture.cloud.project(PROJECT)).expect("the project is there");
}

#[test]
fn a_project_is_kept_while_any_logstore_in_it_holds_logs() {
    for store in [STORE, "actiontrail_some-trail", "internal-alert-history"] {
        let fixture = Fixture::new(&full());
        fixture.configure(&around());
        fixture.apply();
        // Made by nobody in this configuration, and beside one that is empty.
        fixture.cloud.put(&store_path(&fixture.cloud, "empty"), &json!({"ttl": 30})).unwrap();
        put_log(&fixture.cloud, store);
        let planned = fixture.workspace.succeed(&["plan", "-no-color", "-destroy"]).unwrap().combined();
        assert!(
            planned.contains(&format!("Warning: project {PROJECT:?} is deleted only if it holds no logs")),
            "{planned}"
        );
        refuses(
            &fixture,
            &[
                &format!("Error: project {PROJECT:?} holds logs and is not deleted"),
                &format!("The logstore {store:?} holds logs."),
                "set force_destroy = true on alitrail_sls_project, apply that, and destroy again",
            ],
        );
        // What is only written down does not count.
        fixture.configure(&forced());
        refuses(&fixture, &["holds logs and is not deleted"]);
        fixture.apply();
        let said = fixture.destroy().combined();
        assert!(said.contains(&format!("project {PROJECT:?} is deleted with all logs in it")), "{said}");
        assert!(fixture.cloud.remains().is_empty());
    }
}

#[test]
fn a_project_without_logs_goes() {
    let fixture = Fixture::new(&full());
    fixture.configure(&around());
    fixture.apply();
    fixture.cloud.put(&store_path(&fixture.cloud, "empty"), &json!({"ttl": 30})).unwrap();
    let said = fixture.destroy().combined();
    assert!(!said.contains("with all logs in it"), "{said}");
    assert!(fixture.cloud.remains().is_empty());
}

#[test]
fn logs_that_cannot_be_looked_for_keep_the_project() {
    let fixture = Fixture::new(&full());
    fixture.configure(&around());
    fixture.apply();
    fixture.cloud.put(&store_path(&fixture.cloud, "hidden"), &json!({"ttl": 30})).unwrap();
    let denied = |action: &str| {
        json!([{"kind": "server_error", "action": action, "status": 401, "code": "Unauthorized",
            "message": "denied by sts or ram"}])
    };
    for action in ["ListShards", "GetCursor"] {
        fixture.cloud.set_faults(&denied(action));
        refuses(
            &fixture,
            &["may hold logs and is not deleted", "\"hidden\" cannot be seen", "log:GetCursorOrData", action],
        );
    }
    fixture.cloud.set_faults(&denied("ListLogStores"));
    refuses(&fixture, &["may hold logs and is not deleted", "cannot be listed (log:ListLogStores)"]);
    // Who may delete everything need not look.
    fixture.cloud.set_faults(&json!([]));
    fixture.configure(&forced());
    fixture.apply();
    fixture.cloud.set_faults(&denied("ListLogStores"));
    fixture.destroy();
    assert!(fixture.cloud.remains().is_empty());
}

#[test]
fn a_project_that_is_gone_is_destroyed() {
    let fixture = Fixture::new(&full());
    fixture.configure(&around());
    fixture.apply();
    fixture.cloud.delete(&fixture.cloud.project(PROJECT)).unwrap();
    fixture.workspace.destroy(&["-refresh=false"]).unwrap_or_else(|error| panic!("{error}"));
}
