//! What belongs to a bucket and has a resource of its own: policy, access logging, retention; and the switch that closes
//! all buckets of an account. Each through its whole life on a real Terraform.

use acceptance_tests::scenario::Scenario;
use acceptance_tests::{Fixture, full, others};
use serde_json::{Value, json};

use super::{APPLY, BUCKET, PLAN, holds, said};

/// The bucket that everything here belongs to.
fn bucket() -> String {
    format!("resource \"alitrail_oss_bucket\" \"archive\" {{\n  bucket = {BUCKET:?}\n}}\n")
}

fn bucket_name() -> (&'static str, String) {
    ("bucket", "alitrail_oss_bucket.archive.bucket".to_owned())
}

/// A policy of one statement, as configuration.
fn policy(effect: &str, action: &str, principal: &str) -> String {
    format!(
        "jsonencode({{ Version = \"1\", Statement = [{{ Effect = {effect:?}, Action = [{action:?}], Principal = \
         [{principal:?}], Resource = [\"acs:oss:*:*:{BUCKET}/*\"] }}] }})"
    )
}

fn policies() -> Scenario {
    Scenario {
        resource: "alitrail_oss_bucket_policy",
        around: bucket(),
        base: vec![bucket_name(), ("policy", policy("Deny", "oss:DeleteObject", "*"))],
        changes: vec![
            ("policy", policy("Allow", "oss:GetObject", "1234567890123456")),
            ("allow_lockout", "true".to_owned()),
            ("policy", policy("Deny", "oss:DeleteObject*", "*")),
            ("allow_lockout", "false".to_owned()),
            ("allow_public_access", "true".to_owned()),
            ("allow_public_access", "false".to_owned()),
        ],
        node: |cloud| format!("{}/Policy", cloud.bucket(BUCKET)),
        drift: (
            json!(
                "{\"Version\":\"1\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"oss:*\",\"Principal\":\"1\",\"Resource\":\"*\"}]}"
            ),
            "policy",
        ),
        import_id: BUCKET.to_owned(),
        identity: vec![("bucket", BUCKET.to_owned())],
        before_recreate: |_| {},
    }
}

fn logging() -> Scenario {
    let target = |name: &str| {
        format!("resource \"alitrail_oss_bucket\" {name:?} {{\n  bucket = \"access-{name}\"\n}}\n")
    };
    Scenario {
        resource: "alitrail_oss_bucket_logging",
        around: format!("{}{}{}", bucket(), target("logs-one"), target("logs-two")),
        base: vec![bucket_name(), ("target_bucket", "alitrail_oss_bucket.logs-one.bucket".to_owned())],
        changes: vec![
            ("target_prefix", "\"archive/\"".to_owned()),
            ("target_bucket", "alitrail_oss_bucket.logs-two.bucket".to_owned()),
            ("logging_role", "\"AliyunOSSLoggingDefaultRole\"".to_owned()),
            ("logging_role", "null".to_owned()),
            ("target_prefix", "null".to_owned()),
        ],
        node: |cloud| format!("{}/Logging", cloud.bucket(BUCKET)),
        drift: (json!({"TargetBucket": "access-logs-one", "TargetPrefix": "x/"}), "target_prefix"),
        import_id: BUCKET.to_owned(),
        identity: vec![("bucket", BUCKET.to_owned())],
        before_recreate: |_| {},
    }
}

fn retention() -> Scenario {
    Scenario {
        resource: "alitrail_oss_bucket_worm",
        around: bucket(),
        base: vec![
            bucket_name(),
            ("retention_period_in_days", "30".to_owned()),
            ("status", "\"InProgress\"".to_owned()),
        ],
        changes: vec![
            ("retention_period_in_days", "60".to_owned()),
            ("retention_period_in_days", "20".to_owned()),
            ("lock_consent", format!("{BUCKET:?}")),
            ("lock_consent", "null".to_owned()),
        ],
        node: |cloud| format!("{}/Worm", cloud.bucket(BUCKET)),
        drift: (json!({"RetentionPeriodInDays": 1}), "retention_period_in_days"),
        import_id: BUCKET.to_owned(),
        identity: vec![("bucket", BUCKET.to_owned())],
        before_recreate: |_| {},
    }
}

#[test]
fn a_policy_lives_through_everything() {
    policies().full(&full());
}

#[test]
fn access_logging_lives_through_everything() {
    logging().full(&full());
}

#[test]
fn a_retention_policy_in_progress_lives_through_everything() {
    retention().full(&full());
}

/// The other versions see the one that differs from a bucket's lifecycle: text that is compared by meaning.
#[test]
fn a_policy_lives_on_the_other_versions() {
    for terraform in others() {
        policies().short(&terraform);
    }
}

fn with_bucket(resource: &str, attributes: &str) -> String {
    let bucket_name = bucket_name().1;
    format!("{}resource {resource:?} \"this\" {{\n  bucket = {bucket_name}\n{attributes}\n}}\n", bucket())
}

#[test]
fn a_policy_is_its_meaning_and_what_it_replaces_is_told() {
    let fixture = Fixture::new(&full());
    fixture.configure(&bucket());
    fixture.apply();
    let node = format!("{}/Policy", fixture.cloud.bucket(BUCKET));
    let guard =
        json!({"Effect": "Deny", "Principal": ["*"], "Action": ["oss:DeleteObject"], "Resource": ["*"]});
    let by_hand = json!({"Version": "1", "Statement": [guard]}).to_string();
    fixture.cloud.put(&node, &Value::from(by_hand.as_str())).unwrap();

    // The first apply on a bucket that has a policy says what goes.
    let read = policy("Allow", "oss:GetObject", "1234567890123456");
    fixture.configure(&with_bucket("alitrail_oss_bucket_policy", &format!("  policy = {read}")));
    let warned = said(&fixture, &PLAN);
    holds(
        &warned,
        &[
            "has a policy already",
            "- Deny oss:deleteobject to * on *",
            "refuses less",
            "import the policy with the id",
        ],
    );
    fixture.apply();

    // What the service may make of the text is no difference.
    let stored = fixture.cloud.get(&node).unwrap();
    let respelled = stored.as_str().unwrap().replace("[\"oss:GetObject\"]", "\"oss:getobject\"");
    assert_ne!(stored.as_str(), Some(respelled.as_str()));
    fixture.cloud.put(&node, &Value::from(respelled)).unwrap();
    fixture.assert_empty("after the service wrote the policy differently");

    // Removing it says what is refused no longer.
    let guard = policy("Deny", "oss:DeleteObject", "*");
    fixture.configure(&with_bucket("alitrail_oss_bucket_policy", &format!("  policy = {guard}")));
    fixture.apply();
    fixture.configure(&bucket());
    holds(&said(&fixture, &PLAN), &["refuses less", "no longer says: Deny oss:deleteobject"]);
}

#[test]
fn a_policy_that_opens_or_locks_out_is_refused_until_it_is_meant() {
    let fixture = Fixture::new(&full());
    let open = policy("Allow", "oss:GetObject", "*");
    let lock = policy("Deny", "oss:*", "*").replace("/*\"]", "\"]");
    fixture.configure(&with_bucket("alitrail_oss_bucket_policy", &format!("  policy = {open}")));
    holds(&fixture.fail(&PLAN), &["opens the bucket to the world", "allow_public_access = true"]);
    fixture.configure(&with_bucket("alitrail_oss_bucket_policy", &format!("  policy = {lock}")));
    holds(&fixture.fail(&PLAN), &["locks out the caller", "allow_lockout = true"]);

    // Meant, but the bucket blocks it: the service refuses, in words that say what to do.
    let meant = format!("  policy = {open}\n  allow_public_access = true");
    fixture.configure(&with_bucket("alitrail_oss_bucket_policy", &meant));
    holds(
        &fixture.fail(&APPLY),
        &["create policy of bucket", "Block Public Access is on", "policy = jsonencode"],
    );
    let unblocked = with_bucket("alitrail_oss_bucket_policy", &meant).replace(
        &format!("bucket = {BUCKET:?}"),
        &format!("bucket = {BUCKET:?}\n  block_public_access = false"),
    );
    fixture.configure(&unblocked);
    holds(&said(&fixture, &APPLY), &["is opened to the world", "no longer blocks public access"]);
}

#[test]
fn a_policy_that_is_too_large_is_told_in_the_plan_and_refused_with_the_reason() {
    let fixture = Fixture::new(&full());
    let statements = "[for at in range(220) : { Effect = \"Allow\", Action = [\"oss:GetObject\"], Principal = \
                      [\"1000000000009999\"], Resource = [\"acs:oss:*:*:archive-of-all/part-${at}/*\"] }]";
    let policy = format!("  policy = jsonencode({{ Version = \"1\", Statement = {statements} }})");
    fixture.configure(&with_bucket("alitrail_oss_bucket_policy", &policy));
    holds(&said(&fixture, &PLAN), &["The policy may be too large", "at most 16384 (16 KB)"]);
    let refused = fixture.fail(&APPLY);
    holds(&refused, &["larger than 16 KB", "Merge statements", "policy = jsonencode"]);
    assert!(!refused.contains("The grammar of bucket policies"), "{refused}");
}

#[test]
fn one_bucket_has_one_resource_of_each_kind() {
    let fixture = Fixture::new(&full());
    let rules = |name: &str, id: &str| {
        let bucket = bucket_name().1;
        format!(
            "resource \"alitrail_oss_bucket_lifecycle\" {name:?} {{\n  bucket = {bucket}\n  rules = {{ {id} = {{ prefix = \
             \"{id}/\", expiration = {{ days = 500 }} }} }}\n}}\n"
        )
    };
    let twice = ["lifecycle of bucket", "is managed twice", "alitrail_oss_bucket_lifecycle"];
    // Both are new: the apply keeps to the one that came first.
    let second =
        rules("two", "b").replace("  rules", "  depends_on = [alitrail_oss_bucket_lifecycle.one]\n  rules");
    fixture.configure(&format!("{}{}{second}", bucket(), rules("one", "a")));
    holds(&fixture.fail(&APPLY), &twice);
    holds(&fixture.fail(&PLAN), &twice);
    fixture.configure(&format!("{}{}", bucket(), rules("one", "a")));
    fixture.assert_empty("the second one was never made");
    fixture.workspace.succeed(&["plan", "-refresh-only", "-no-color", "-input=false"]).unwrap();
    // One resource at a new address is still one.
    let moved =
        "moved {\n  from = alitrail_oss_bucket_lifecycle.one\n  to = alitrail_oss_bucket_lifecycle.two\n}\n";
    fixture.configure(&format!("{}{}{moved}", bucket(), rules("two", "a")));
    fixture.apply();
    // So is one that is made again, before or after the old one goes.
    let replace =
        ["apply", "-auto-approve", "-no-color", "-input=false", "-replace=alitrail_oss_bucket_lifecycle.two"];
    fixture.workspace.succeed(&replace).unwrap();
    let first =
        rules("two", "a").replace("  rules", "  lifecycle {\n    create_before_destroy = true\n  }\n  rules");
    fixture.configure(&format!("{}{first}{moved}", bucket()));
    fixture.workspace.succeed(&replace).unwrap();
    fixture.assert_empty("after one resource was moved and made again");
}

#[test]
fn where_a_log_ends_is_told() {
    let fixture = Fixture::new(&full());
    let logging =
        |target: &str| with_bucket("alitrail_oss_bucket_logging", &format!("  target_bucket = {target:?}"));
    fixture.configure(&logging("no-such-bucket"));
    holds(
        &fixture.fail(&APPLY),
        &["create access log of bucket", "existing bucket of the same account and region"],
    );
    fixture.configure(&logging(BUCKET));
    holds(&said(&fixture, &APPLY), &["logs to itself"]);
    fixture.workspace.succeed(&["state", "rm", "alitrail_oss_bucket_logging.this"]).unwrap();
    fixture.configure(&logging("elsewhere"));
    holds(&said(&fixture, &PLAN), &["logs to another bucket", &format!("no longer to {BUCKET:?}")]);
    fixture.configure(&logging(BUCKET));
    fixture.apply();
    fixture.configure(&bucket());
    holds(&said(&fixture, &PLAN), &["are no longer logged", "nobody records who reads"]);
}

#[test]
fn a_retention_policy_is_tried_locked_extended_and_never_undone() {
    let fixture = Fixture::new(&full());
    let node = format!("{}/Worm", fixture.cloud.bucket(BUCKET));
    let worm = |days: u32, more: &str| {
        with_bucket("alitrail_oss_bucket_worm", &format!("  retention_period_in_days = {days}\n{more}"))
    };
    let trial = "  status = \"InProgress\"";
    let locked = format!("  status = \"Locked\"\n  lock_consent = {BUCKET:?}");
    fixture.configure(&worm(30, trial));
    holds(&said(&fixture, &APPLY), &["lapses after 24 hours", "set status = \"Locked\" and lock_consent"]);
    let begun = fixture.cloud.get(&node).unwrap();
    assert_eq!((&begun["State"], &begun["RetentionPeriodInDays"]), (&json!("InProgress"), &json!(30)));

    // Nobody locked it in time.
    fixture.cloud.advance_clock(25 * 3600);
    holds(&said(&fixture, &PLAN), &["is gone", "not locked within 24 hours lapses", "1 to add"]);
    fixture.apply();

    // The versioning that it needs cannot be suspended.
    let suspend = |configuration: &str| {
        configuration.replacen(
            &format!("bucket = {BUCKET:?}"),
            &format!("bucket = {BUCKET:?}\n  versioning = \"Suspended\""),
            1,
        )
    };
    fixture.configure(&suspend(&worm(30, trial)));
    holds(&fixture.fail(&PLAN), &["versioning of bucket", "cannot be suspended", "retention policy"]);

    fixture.configure(&worm(40, "  status = \"Locked\""));
    holds(&fixture.fail(&PLAN), &["needs consent", "lock_consent is not set", BUCKET]);
    // Longer and locked at once: locked first and extended then, so that it is never taken back.
    let mark = fixture.cloud.mark();
    fixture.configure(&worm(40, &locked));
    fixture.apply();
    let steps: Vec<String> = fixture.cloud.writes_since(mark).into_iter().map(|write| write.action).collect();
    assert_eq!(steps, ["CompleteBucketWorm", "ExtendBucketWorm"]);
    fixture.assert_empty("after it was locked");

    fixture.configure(&worm(39, &locked));
    holds(&fixture.fail(&PLAN), &["cannot be shortened", "locked at 40 days"]);
    fixture.configure(&worm(40, trial));
    holds(&fixture.fail(&PLAN), &["is locked", "stays locked for good"]);
    fixture.configure(&worm(50, &locked));
    fixture.apply();
    fixture.assert_empty("after it was extended");
    assert_eq!(fixture.cloud.get(&node).unwrap()["RetentionPeriodInDays"], 50);

    // Destroying it warns, forgets, and makes no call.
    fixture.configure(&bucket());
    let mark = fixture.cloud.mark();
    holds(&said(&fixture, &APPLY), &["retention policy of bucket", "stays", "Terraform forgets the policy"]);
    assert!(fixture.cloud.writes_since(mark).is_empty());
    assert_eq!(fixture.cloud.get(&node).unwrap()["State"], "Locked");
    // Where the plan cannot see the policy, the service's refusal to suspend versioning under it is explained.
    let hidden = json!({"action": "GetBucketWorm", "kind": "server_error", "status": 403, "code": "AccessDenied", "message": "no"});
    fixture.cloud.set_faults(&json!([hidden]));
    fixture.configure(&suspend(&bucket()));
    holds(&fixture.fail(&APPLY), &["set versioning of bucket", "suspended versioning exclude each other"]);
    fixture.cloud.set_faults(&json!([]));
    // One that is there already is not begun again.
    fixture.configure(&worm(50, &locked));
    holds(&fixture.fail(&APPLY), &["exists already", "import {"]);
    fixture.configure(&bucket());
    fixture.destroy();
    assert!(fixture.cloud.remains().is_empty(), "a bucket without objects goes with its policy");
}

#[test]
fn lost_answers_make_one_of_each_and_lose_nothing() {
    let fixture = Fixture::new(&full());
    let actions = [
        "PutBucketPolicy",
        "PutBucketLogging",
        "InitiateBucketWorm",
        "AbortBucketWorm",
        "DeleteBucketPolicy",
        "DeleteBucketLogging",
        "PutBucketRequestPayment",
        "PutPublicAccessBlock",
        "DeletePublicAccessBlock",
    ];
    let lost = |action: &str| json!({"action": action, "kind": "lost_answer", "times": 1});
    fixture.cloud.set_faults(&json!(actions.map(lost)));
    fixture.cloud.put("switches", &json!({"oss_config_lag": "2s"})).unwrap();
    let name = bucket_name().1;
    fixture.configure(&format!(
        "{}resource \"alitrail_oss_bucket_policy\" \"this\" {{\n  bucket = {name}\n  policy = {}\n}}\nresource \
         \"alitrail_oss_bucket_logging\" \"this\" {{\n  bucket = {name}\n  target_bucket = {BUCKET:?}\n}}\nresource \
         \"alitrail_oss_bucket_worm\" \"this\" {{\n  bucket = {name}\n  retention_period_in_days = 1\n  status = \
         \"InProgress\"\n}}\nresource \"alitrail_oss_bucket_request_payment\" \"this\" {{\n  bucket = {name}\n  payer = \
         \"Requester\"\n}}\nresource \"alitrail_oss_account_public_access_block\" \"this\" {{}}\n",
        bucket(),
        policy("Deny", "oss:DeleteObject", "*"),
    ));
    let mark = fixture.cloud.mark();
    fixture.apply();
    fixture.assert_empty("after answers were lost and came late");
    fixture.destroy();
    assert_eq!(
        fixture.cloud.requests_since(mark).iter().filter(|request| request.lost).count(),
        actions.len()
    );
    assert!(fixture.cloud.remains().is_empty());
}

#[test]
fn an_account_is_closed_and_opened_only_with_a_warning() {
    let fixture = Fixture::new(&full());
    let account = fixture.cloud.account_id.clone();
    let node = format!("oss/account_public_access_block/{account}");
    let address = "alitrail_oss_account_public_access_block.this";
    let block = |attributes: &str| {
        format!("resource \"alitrail_oss_account_public_access_block\" \"this\" {{\n{attributes}\n}}\n")
    };
    fixture.configure(&block(""));
    fixture.apply();
    assert_eq!(fixture.cloud.get(&node).unwrap(), true);
    fixture.assert_empty("after create");

    // Switched off and forgotten are the same to the service, and both are put right.
    fixture.cloud.delete(&node).unwrap();
    let plan = fixture.plan(&[]);
    let change = plan.change(address).unwrap();
    assert_eq!(
        (change.actions.as_slice(), change.attributes()[0].path.as_str()),
        (&["update".to_owned()][..], "block_public_access")
    );
    fixture.workspace.apply_plan().unwrap();
    fixture.assert_empty("after the drift was repaired");

    fixture.configure(&block("  block_public_access = false"));
    holds(&said(&fixture, &APPLY), &["is lifted", "each bucket decides for itself"]);
    fixture.assert_empty("after the block was lifted");
    fixture.configure(&block(""));
    fixture.apply();

    fixture.workspace.succeed(&["state", "rm", address]).unwrap();
    fixture.configure(&block("  block_public_access = false"));
    holds(&said(&fixture, &PLAN), &["is lifted"]);
    fixture.configure(&block(""));
    fixture.write("import.tf", &format!("import {{\n  to = {address}\n  id = {account:?}\n}}\n"));
    let plan = fixture.plan(&[]);
    assert!(plan.changes[0].importing && plan.changes[0].actions == ["no-op"], "{}", plan.summary());
    fixture.workspace.apply_plan().unwrap();
    fixture.remove("import.tf");
    fixture.assert_empty("after import");
    fixture.configure("");
    holds(&said(&fixture, &APPLY), &["is lifted", "removed block"]);
    assert!(fixture.cloud.find(&node).unwrap().is_none());
}

#[test]
fn whoever_asks_pays_until_the_resource_is_destroyed() {
    let fixture = Fixture::new(&full());
    let node = fixture.cloud.bucket(BUCKET);
    let pays = || fixture.cloud.get(&node).unwrap()["RequestPayment"].clone();
    let payment = |payer: &str| {
        format!(
            "{}resource \"alitrail_oss_bucket_request_payment\" \"this\" {{\n  bucket = \
             alitrail_oss_bucket.archive.bucket\n  payer = {payer:?}\n}}\n",
            bucket()
        )
    };
    fixture.configure(&payment("Requester"));
    fixture.apply();
    assert_eq!(pays(), "Requester");
    fixture.assert_empty("after create");

    fixture.cloud.patch(&node, &json!({"RequestPayment": "BucketOwner"})).unwrap();
    let change = fixture.plan(&[]);
    assert_eq!((change.changes.len(), change.changes[0].actions.as_slice()), (1, &["update".to_owned()][..]));
    fixture.workspace.apply_plan().unwrap();
    assert_eq!(pays(), "Requester");

    fixture.configure(&payment("BucketOwner"));
    fixture.apply();
    assert_eq!(pays(), "BucketOwner");
    fixture.assert_empty("after the owner pays");
    fixture.configure(&payment("Requester"));
    fixture.apply();
    fixture.configure(&bucket());
    fixture.apply();
    assert_eq!(pays(), "BucketOwner", "what the destroyed resource leaves");

    // A bucket that somebody deleted has no payer.
    fixture.configure(&payment("Requester"));
    fixture.apply();
    fixture.cloud.delete(&node).unwrap();
    let plan = fixture.plan(&[]);
    assert!(plan.changes.iter().all(|change| change.actions == ["create"]), "{}", plan.summary());
}

#[test]
fn all_buckets_are_listed_page_by_page() {
    let fixture = Fixture::new(&full());
    fixture.configure("resource \"alitrail_oss_bucket\" \"this\" {\n  bucket = \"many-0000\"\n  region = \"cn-shanghai\"\n}\n");
    fixture.apply();
    let one = fixture.cloud.get(&fixture.cloud.bucket("many-0000")).unwrap();
    let mut many: serde_json::Map<String, Value> =
        (0..2100).map(|at| (format!("many-{at:04}"), one.clone())).collect();
    many.insert("other".to_owned(), one);
    fixture.cloud.put("oss/buckets", &json!(many)).unwrap();
    fixture.configure(
        "data \"alitrail_oss_buckets\" \"all\" {}\ndata \"alitrail_oss_buckets\" \"some\" {\n  prefix = \"many-20\"\n}\noutput \
         \"counts\" {\n  value = [length(data.alitrail_oss_buckets.all.buckets), length(data.alitrail_oss_buckets.some.buckets)]\n}\n\
         output \"region\" {\n  value = data.alitrail_oss_buckets.some.buckets[\"many-2099\"].region\n}\nremoved {\n  from = \
         alitrail_oss_bucket.this\n  lifecycle {\n    destroy = false\n  }\n}\n",
    );
    let mark = fixture.cloud.mark();
    let shown = said(&fixture, &PLAN);
    holds(&shown, &["2101", "100", "region = \"cn-shanghai\""]);
    let pages = fixture
        .cloud
        .requests_since(mark)
        .into_iter()
        .filter(|request| request.action == "ListBuckets")
        .count();
    assert_eq!(pages, 3 + 1);
}
