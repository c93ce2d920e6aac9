//! A project that holds logs is not deleted, unless that was asked for in an apply of its own.

use acceptance_tests::{Cloud, REGION, Stage, full};
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
fn refuses(stage: &Stage, parts: &[&str]) {
    let mark = stage.cloud.mark();
    let said = stage.fail(&DESTROY).split_whitespace().collect::<Vec<_>>().join(" ");
    for part in parts {
        assert!(said.contains(part), "{part}:\n{said}");
    }
    let writes: Vec<_> = stage.cloud.writes_since(mark).into_iter().map(|write| write.action).collect();
    assert!(!writes.iter().any(|action| action == "DeleteProject"), "{writes:?}");
    stage.cloud.get(&stage.cloud.project(PROJECT)).expect("the project is there");
}

#[test]
fn a_project_is_kept_while_any_logstore_in_it_holds_logs() {
    for store in [STORE, "actiontrail_some-trail", "internal-alert-history"] {
        let stage = Stage::new(&full());
        stage.configure(&around());
        stage.apply();
        // Made by nobody in this configuration, and beside one that is empty.
        stage.cloud.put(&store_path(&stage.cloud, "empty"), &json!({"ttl": 30})).unwrap();
        put_log(&stage.cloud, store);
        let planned = stage.workspace.succeed(&["plan", "-no-color", "-destroy"]).unwrap().combined();
        assert!(
            planned.contains(&format!("Warning: project {PROJECT:?} is deleted only if it holds no logs")),
            "{planned}"
        );
        refuses(
            &stage,
            &[
                &format!("Error: project {PROJECT:?} holds logs and is not deleted"),
                &format!("The logstore {store:?} holds logs."),
                "set force_destroy = true on alitrail_sls_project, apply that, and destroy again",
            ],
        );
        // What is only written down does not count.
        stage.configure(&forced());
        refuses(&stage, &["holds logs and is not deleted"]);
        stage.apply();
        let said = stage.destroy().combined();
        assert!(said.contains(&format!("project {PROJECT:?} is deleted with all logs in it")), "{said}");
        assert!(stage.cloud.remains().is_empty());
    }
}

#[test]
fn a_project_without_logs_goes() {
    let stage = Stage::new(&full());
    stage.configure(&around());
    stage.apply();
    stage.cloud.put(&store_path(&stage.cloud, "empty"), &json!({"ttl": 30})).unwrap();
    let said = stage.destroy().combined();
    assert!(!said.contains("with all logs in it"), "{said}");
    assert!(stage.cloud.remains().is_empty());
}

#[test]
fn logs_that_cannot_be_looked_for_keep_the_project() {
    let stage = Stage::new(&full());
    stage.configure(&around());
    stage.apply();
    stage.cloud.put(&store_path(&stage.cloud, "hidden"), &json!({"ttl": 30})).unwrap();
    let denied = |action: &str| {
        json!([{"kind": "server_error", "action": action, "status": 401, "code": "Unauthorized",
            "message": "denied by sts or ram"}])
    };
    for action in ["ListShards", "GetCursor"] {
        stage.cloud.set_faults(&denied(action));
        refuses(
            &stage,
            &["may hold logs and is not deleted", "\"hidden\" cannot be seen", "log:GetCursorOrData", action],
        );
    }
    stage.cloud.set_faults(&denied("ListLogStores"));
    refuses(&stage, &["may hold logs and is not deleted", "cannot be listed (log:ListLogStores)"]);
    // Who may delete everything need not look.
    stage.cloud.set_faults(&json!([]));
    stage.configure(&forced());
    stage.apply();
    stage.cloud.set_faults(&denied("ListLogStores"));
    stage.destroy();
    assert!(stage.cloud.remains().is_empty());
}

#[test]
fn a_project_that_is_gone_is_destroyed() {
    let stage = Stage::new(&full());
    stage.configure(&around());
    stage.apply();
    stage.cloud.delete(&stage.cloud.project(PROJECT)).unwrap();
    stage.workspace.destroy(&["-refresh=false"]).unwrap_or_else(|error| panic!("{error}"));
}
