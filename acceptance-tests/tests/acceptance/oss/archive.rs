//! An archive bucket with all that belongs to it: what it costs to refresh, and what taking it over shows.

use std::collections::BTreeMap;

use acceptance_tests::{Fixture, full};
use serde_json::json;

use super::{BUCKET, bucket_with, holds, rules_with, said_in_plan};

/// What the alicloud provider calls when it refreshes one bucket, whatever of it is configured (the source of its
/// resource alicloud_oss_bucket): info, CORS, website, logging, referer, lifecycle, policy, tags, acceleration, group.
const THEIRS: usize = 10;

/// The archive with everything: rules, policy, access log, retention.
fn archive() -> String {
    let name = "bucket = alitrail_oss_bucket.this.bucket";
    let rules = rules_with("{ all = { expiration = { days = 400 } } }")
        .replace(&format!("bucket = {BUCKET:?}"), name);
    format!(
        "{}{rules}resource \"alitrail_oss_bucket_policy\" \"this\" {{\n  {name}\n  policy = jsonencode({{ Version = \"1\", \
         Statement = [{{ Effect = \"Deny\", Action = \"oss:*\", Principal = \"*\", Resource = [\"acs:oss:*:*:{BUCKET}\", \
         \"acs:oss:*:*:{BUCKET}/*\"], Condition = {{ Bool = {{ \"acs:SecureTransport\" = \"false\" }} }} }}] \
         }})\n}}\nresource \"alitrail_oss_bucket_logging\" \"this\" {{\n  {name}\n  target_bucket = \
         alitrail_oss_bucket.this.bucket\n}}\nresource \"alitrail_oss_bucket_worm\" \"this\" {{\n  {name}\n  \
         retention_period_in_days = 180\n  status = \"InProgress\"\n}}\n",
        bucket_with("  tags = { owner = \"security\" }")
    )
}

/// Calls about buckets in a refresh, by action.
fn refresh(fixture: &Fixture) -> BTreeMap<String, usize> {
    let mark = fixture.cloud.mark();
    fixture.plan(&["-refresh-only"]);
    let mut calls = BTreeMap::new();
    for request in fixture.cloud.requests_since(mark) {
        if request.action.contains("Bucket") {
            *calls.entry(request.action).or_default() += 1;
        }
    }
    calls
}

#[test]
fn a_refresh_takes_three_calls_and_one_for_each_resource_beside_the_bucket() {
    let fixture = Fixture::new(&full());
    fixture.configure(&bucket_with("  tags = { owner = \"security\" }"));
    fixture.apply();
    let alone: usize = refresh(&fixture).values().sum();
    // The rules cost a call of their own, where they are to be looked at.
    fixture.configure(&bucket_with("  tags = { owner = \"security\" }\n  minimum_retention_days = 365"));
    fixture.apply();
    let watched: usize = refresh(&fixture).values().sum();
    assert_eq!(watched, alone + 1);
    fixture.configure(&archive());
    fixture.apply();
    fixture.assert_empty("with all that belongs to it");
    let calls = refresh(&fixture);
    let all: usize = calls.values().sum();
    println!(
        "calls per refresh: {alone} for the bucket alone, {all} with rules, policy, access log and retention; the alicloud \
         provider makes {THEIRS} for every bucket, and one or two more for each resource beside it"
    );
    let once = |names: &[&str]| names.iter().map(|name| ((*name).to_owned(), 1)).collect::<BTreeMap<_, _>>();
    let bucket = ["GetBucketInfo", "GetBucketTags", "GetBucketHttpsConfig"];
    let beside = ["GetBucketLifecycle", "GetBucketPolicy", "GetBucketLogging", "GetBucketWorm"];
    assert_eq!(alone, bucket.len());
    assert_eq!(calls, once(&[&bucket[..], &beside[..]].concat()));
    assert!(all < THEIRS);
    // Terraform knows everything that it will be before it exists, and nothing of it goes wrong.
    fixture.destroy();
    assert!(fixture.cloud.remains().is_empty());
}

#[test]
fn settings_of_a_new_bucket_are_sent_side_by_side() {
    let fixture = Fixture::new(&full());
    // None of them is answered as long as the test runs, and still all of them are sent.
    let unanswered = |action: &str| json!({"action": action, "kind": "slow", "milliseconds": 600_000});
    let settings = [
        "PutBucketVersioning",
        "PutBucketHttpsConfig",
        "PutBucketAccessMonitor",
        "PutBucketPublicAccessBlock",
    ];
    fixture.cloud.set_faults(&json!(settings.map(unanswered)));
    fixture.configure(&bucket_with("  access_monitor = \"Enabled\""));
    let mark = fixture.cloud.mark();
    let apply = fixture.workspace.start(&["apply", "-no-color", "-input=false", "-auto-approve"]).unwrap();
    fixture.cloud.wait_for_requests(mark, &settings);
    apply.kill();
}

#[test]
fn what_the_first_apply_removes_from_a_bucket_that_exists_is_in_its_plan() {
    let fixture = Fixture::new(&full());
    fixture.configure(&bucket_with(""));
    fixture.apply();
    fixture.workspace.succeed(&["state", "rm", "alitrail_oss_bucket.this"]).unwrap();
    let path = fixture.cloud.bucket(BUCKET);
    let rule = json!({"Prefix": "", "Status": "Enabled", "Expiration": {"Days": 30}});
    let policy = r#"{"Version":"1","Statement":[{"Effect":"Deny","Action":"oss:DeleteObject","Principal":"*","Resource":"*"}]}"#;
    let by_hand = json!({
        "Tags": {"owner": "somebody", "cost": "7"}, "Lifecycle": {"Rules": {"by-hand": rule}}, "Policy": policy,
        "Logging": {"TargetBucket": "somewhere", "TargetPrefix": ""},
    });
    fixture.cloud.patch(&path, &by_hand).unwrap();
    fixture.configure(&archive());
    fixture
        .write("import.tf", &format!("import {{\n  to = alitrail_oss_bucket.this\n  id = {BUCKET:?}\n}}\n"));
    let shown = said_in_plan(&fixture);
    holds(
        &shown,
        &[
            // Tags are attributes of the bucket, so the difference itself is shown.
            "- \"cost\" = \"7\" -> null",
            "removes the rule \"by-hand\"",
            "has a policy already",
            "- Deny oss:deleteobject to * on *",
            "logs to another bucket",
        ],
    );
    fixture.apply();
    fixture.remove("import.tf");
    fixture.assert_empty("after the bucket was taken over");
}

#[test]
fn rules_of_a_cold_bucket_and_other_legal_rules_apply_and_settle() {
    let fixture = Fixture::new(&full());
    let bucket = bucket_with("  storage_class = \"DeepColdArchive\"");
    fixture.configure(&bucket);
    fixture.apply();
    let rules = r#"{
    warm = { prefix = "warm/", transitions = { IA = { days = 4 }, ColdArchive = { days = 31 } } }
    dated = {
      prefix = "dated/"
      transitions = { IA = { created_before_date = "2025-06-02" }, Archive = { created_before_date = "2025-06-01" } }
    }
    tagged = { prefix = "tagged/", transitions = { IA = { days = 4 } }, filter = { not = [{ prefix = "", tag = { key = "hold", value = "legal" } }] } }
  }"#;
    fixture.configure(&format!("{bucket}{}", rules_with(rules)));
    holds(&said_in_plan(&fixture), &["rule \"warm\" moves to a class that is not colder"]);
    fixture.apply();
    fixture.assert_empty("rules of a cold bucket");
    let whole = r#"{ all = { prefix = "", transitions = { IA = { days = 4 } }, filter = { not = [{ tag = { key = "hold", value = "legal" } }] } } }"#;
    fixture.configure(&format!("{bucket}{}", rules_with(whole)));
    fixture.apply();
    fixture.assert_empty("an exclusion by tag alone in a rule for the whole bucket");
}
