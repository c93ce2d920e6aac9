//! The baseline module as a user applies it: the single-account example on the oldest, the usual and the newest
//! Terraform, and the variables that it refuses.

use std::fs;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use acceptance_tests::{Fixture, REGION, full, others};
use test_kit::terraform::Terraform;

/// A stage whose configuration is the example.
fn example(terraform: &Terraform) -> Fixture {
    let fixture = Fixture::new(terraform);
    fixture.take_example("single-account");
    fixture
}

fn lives(terraform: &Terraform) {
    let fixture = example(terraform);
    let output = fixture.apply();
    assert!(!output.combined().contains("Check block assertion failed"), "{}", output.combined());
    fixture.assert_empty("after the first apply");
    let trail = fixture.cloud.get(&fixture.cloud.trail("audit-trail")).unwrap();
    assert_eq!((&trail["Status"], &trail["TrailRegion"]), (&"Enable".into(), &"All".into()), "{trail}");

    let refused = fixture.fail(&["destroy", "-no-color", "-auto-approve"]);
    assert!(refused.contains("deletion_protection"), "{refused}");
    let lifted = ["-var=deletion_protection=false", "-var=force_destroy=true"];
    fixture.workspace.apply(&lifted).unwrap_or_else(|error| panic!("{error}"));
    fixture.workspace.destroy(&lifted).unwrap_or_else(|error| panic!("{error}"));
    assert!(fixture.cloud.remains().is_empty(), "{:?}", fixture.cloud.remains());
}

#[test]
fn the_example_lives() {
    lives(&full());
}

#[test]
fn the_example_lives_on_the_other_versions() {
    for terraform in others() {
        lives(&terraform);
    }
}

/// What the module's README promises: without `force_destroy`, evidence stays, and can be built upon again.
#[test]
fn a_destroy_keeps_the_evidence_unless_it_is_told_otherwise() {
    let fixture = example(&full());
    let lifted = "-var=deletion_protection=false";
    fixture.workspace.apply(&[lifted]).unwrap_or_else(|error| panic!("{error}"));
    let name = format!("audit-trail-{}", fixture.cloud.account_id);
    let (project, bucket) = (fixture.cloud.project(&name), fixture.cloud.bucket(&name));
    let logs = format!("{}/sls/logs", fixture.cloud.region(REGION));
    let log = serde_json::json!([{"__time__": 1_700_000_000, "event": "{}"}]);
    fixture.cloud.patch(&logs, &serde_json::json!({&name: {"actiontrail_audit-trail": log}})).unwrap();
    let version = serde_json::json!({"VersionId": "v", "DeleteMarker": false, "LastModified": "2026-01-01T00:00:00.000Z"});
    let objects = format!("oss/objects/{name}");
    fixture.cloud.put(&objects, &serde_json::json!({"AliyunLogs/one.gz": [version]})).unwrap();

    let refused = fixture.fail(&["destroy", "-no-color", "-auto-approve", lifted]);
    let said = refused.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in [
        format!("bucket {name:?} is not empty"),
        format!("project {name:?} holds logs and is not deleted"),
        "The logstore \"actiontrail_audit-trail\" holds logs.".to_owned(),
        "set force_destroy = true".to_owned(),
    ] {
        assert!(said.contains(&part), "{part}:\n{said}");
    }
    let kept = || fixture.cloud.get(&format!("{logs}/{name}/actiontrail_audit-trail")).unwrap();
    assert_eq!(kept()[0]["__time__"], 1_700_000_000);
    assert!(fixture.cloud.find(&format!("{project}/logstores/actiontrail_audit-trail")).unwrap().is_some());

    fixture.workspace.apply(&[lifted]).unwrap_or_else(|error| panic!("{error}"));
    assert!(fixture.plan(&[lifted]).is_empty(), "after it was built up again");
    assert_eq!(kept()[0]["__time__"], 1_700_000_000, "the logs are still there");
    assert!(fixture.cloud.find(&objects).unwrap().is_some_and(|held| held["AliyunLogs/one.gz"].is_array()));

    let forced = [lifted, "-var=force_destroy=true"];
    fixture.workspace.apply(&forced).unwrap_or_else(|error| panic!("{error}"));
    fixture.workspace.destroy(&forced).unwrap_or_else(|error| panic!("{error}"));
    assert!(fixture.cloud.remains().is_empty(), "{:?}", fixture.cloud.remains());
    assert!(fixture.cloud.find(&bucket).unwrap().is_none());
}

#[test]
fn a_rule_that_somebody_adds_to_the_archive_is_told() {
    let fixture = example(&full());
    fixture.apply();
    let bucket = fixture.cloud.bucket(&format!("audit-trail-{}", fixture.cloud.account_id));
    let rule = serde_json::json!({"ID": "purge", "Prefix": "AliyunLogs/", "Status": "Enabled", "Expiration": {"Days": 1}});
    fixture.cloud.patch(&bucket, &serde_json::json!({"Lifecycle": {"Rules": {"purge": rule}}})).unwrap();
    let output = fixture.workspace.run(&["plan", "-no-color"]).unwrap();
    let said = output.combined().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("rule \"purge\" deletes objects 1 day after their last change"), "{said}");
    // Once, by the bucket; the trail leaves it to that.
    assert_eq!(said.matches("Warning: bucket").count(), 1, "{said}");
    fixture.apply();
    fixture.assert_empty("after the rule was removed");
}

#[test]
fn a_stopped_trail_is_told_by_every_plan_with_its_time() {
    let fixture = example(&full());
    fixture.apply();
    let stopped = serde_json::json!({"Status": "Disable", "StopLoggingTime": "2026-03-01T10:00:00Z"});
    fixture.cloud.patch(&fixture.cloud.trail("audit-trail"), &stopped).unwrap();
    for arguments in [&["plan", "-no-color"][..], &["plan", "-no-color", "-refresh-only"]] {
        let output = fixture.workspace.run(arguments).unwrap();
        assert!(output.success(), "{}", output.combined());
        let said = output.combined().split_whitespace().collect::<Vec<_>>().join(" ");
        // Once, and nothing beside it; that a development override is in effect is Terraform's own business.
        let warnings =
            said.matches("Warning:").count() - said.matches("Warning: Provider development").count();
        assert_eq!(warnings, 1, "{said}");
        assert!(said.contains("Warning: trail \"audit-trail\" has been stopped"), "{said}");
        assert!(said.contains("2026-03-01T10:00:00Z, and the events since then are missing"), "{said}");
    }
    fixture.apply();
    fixture.assert_empty("after logging was started");
}

/// Between any two requests of a change of generation, some trail logs. A bucket takes one trail (RepeatOssBucket), so
/// that a trail with the bucket of the old one could not have been made.
#[test]
fn a_new_generation_leaves_no_instant_without_a_logging_trail() {
    let fixture = example(&full());
    let lifted = ["-var=deletion_protection=false", "-var=force_destroy=true"];
    fixture.workspace.apply(&lifted).unwrap_or_else(|error| panic!("{error}"));
    let old = fixture.cloud.get(&fixture.cloud.trail("audit-trail")).unwrap();
    let mark = fixture.cloud.mark();
    let next = [lifted[0], lifted[1], "-var=generation=2"];
    // The world is looked at as often as it can be while it changes, and each look counts the trails that log.
    let (done, looks) = (AtomicBool::new(false), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        let watch = scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                let trails = fixture
                    .cloud
                    .get(&format!("{}/actiontrail/trails", fixture.cloud.region(REGION)))
                    .unwrap();
                let logging =
                    trails.as_object().unwrap().values().filter(|trail| trail["Status"] == "Enable");
                assert!(logging.count() >= 1, "nothing is recorded: {trails}");
                looks.fetch_add(1, Ordering::Relaxed);
                std::thread::sleep(Duration::from_millis(5));
            }
        });
        let applied = fixture.workspace.apply(&next);
        done.store(true, Ordering::Relaxed);
        watch.join().expect("some trail logs at every look");
        applied.unwrap_or_else(|error| panic!("{error}"));
    });

    let log = fixture.cloud.get(&format!("requests?service=actiontrail&since={mark}")).unwrap();
    let mut logging = 1;
    let mut steps = Vec::new();
    for request in log["requests"].as_array().unwrap().iter().filter(|request| request["status"] == 200) {
        let change = match request["action"].as_str().unwrap() {
            "StartLogging" => 1,
            "StopLogging" | "DeleteTrail" => -1,
            _ => 0,
        };
        logging += change;
        assert!(logging >= 1, "after {request} no trail logs");
        if change != 0 {
            steps.push(format!("{} {}: {logging} logging", request["time"], request["action"]));
        }
    }
    println!("{} looks;\n{}", looks.load(Ordering::Relaxed), steps.join("\n"));
    assert!(steps.len() == 2 && logging == 1, "one begins and then one goes: {steps:?}");

    // By the service's clock, the new one began before the old one went.
    let new = fixture.cloud.get(&fixture.cloud.trail("audit-trail-2")).unwrap();
    assert!(fixture.cloud.find(&fixture.cloud.trail("audit-trail")).unwrap().is_none());
    assert_ne!(new["OssBucketName"], old["OssBucketName"]);
    let kept = fixture.cloud.bucket(old["OssBucketName"].as_str().unwrap());
    assert!(fixture.cloud.find(&kept).unwrap().is_some(), "the evidence of the old one stays");
    assert!(fixture.plan(&next).is_empty(), "after the change of generation");

    // The bucket of the old one would have been refused, before anything is done.
    let main = fixture.path().join("../modules/secure-trail-baseline/main.tf");
    let text = fs::read_to_string(&main).unwrap();
    fs::write(&main, text.replace("archive[local.current].bucket", "archive[\"1\"].bucket")).unwrap();
    fixture.workspace.apply(&next).unwrap_or_else(|error| panic!("{error}"));
    let refused = fixture.fail(&["plan", "-no-color", next[0], next[1], "-var=generation=3"]);
    assert!(refused.contains("cannot have the bucket") && refused.contains("two steps"), "{refused}");
}

#[test]
fn wrong_variables_are_refused_with_the_reason() {
    let fixture = example(&full());
    let cases = [
        ("-var=name=Audit", "The name must have 6 to 36 lower-case letters"),
        ("-var=retention_days=90", "The archive must be kept for at least 180 days"),
        ("-var=log_retention_days=30", "The logstore must keep events for 180 to 3650 days"),
        ("-var=kms_key_id=no key", "The KMS key must be given by its id"),
        ("-var=tags={\"acs:x\"=\"y\"}", "There may be up to 20 tags"),
    ];
    for (argument, expected) in cases {
        let refused = fixture.fail(&["plan", "-no-color", argument]);
        assert!(refused.contains(expected), "{argument}:\n{refused}");
    }
}
