//! Whatever the cloud does, applying again gets there: the whole baseline is made, repaired and removed while requests are
//! throttled, fail, are cut off, lose their answers or show late. Each seed is another run of bad luck, the same every
//! time; `ALITRAIL_TEST_SEEDS=50` tries more of them.

use std::sync::atomic::{AtomicU64, Ordering};

use acceptance_tests::{Cloud, Fixture, full};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};

/// Applies that bad luck may cost. A single one is enough when the provider's own retries are.
const MOST_APPLIES: usize = 8;

const BASELINE: &str = r#"
resource "alitrail_oss_bucket" "archive" {
  bucket        = "convergent-archive"
  force_destroy = true
  tags          = { owner = "security" }
}

resource "alitrail_oss_bucket_lifecycle" "archive" {
  bucket = alitrail_oss_bucket.archive.bucket
  rules  = { old = { expiration = { days = 1095 } } }
}

resource "alitrail_sls_project" "events" {
  project_name  = "convergent-events"
  description   = "events"
  force_destroy = true
  tags          = { owner = "security" }
}

resource "alitrail_delivery_role" "writer" {
  role_name          = "convergent-writer"
  trusted_account_id = "1000000000000002"
  oss_bucket_name    = alitrail_oss_bucket.archive.bucket
}

resource "alitrail_trail" "audit" {
  trail_name      = "convergent-trail"
  oss_bucket_name = alitrail_oss_bucket.archive.bucket
  sls_project_arn = alitrail_sls_project.events.arn
  depends_on      = [alitrail_oss_bucket_lifecycle.archive]
}

resource "alitrail_sls_logstore" "events" {
  project_name   = alitrail_sls_project.events.project_name
  logstore_name  = "actiontrail_${alitrail_trail.audit.trail_name}"
  adopt_existing = true
  force_destroy  = true
}
"#;

/// What goes wrong in a run: every kind of fault, each now and then.
fn bad_luck(random: &mut impl Rng) -> Value {
    let mut rule = |kind: &str, more: Value| {
        let mut rule = json!({"kind": kind, "probability": random.random_range(0.02..0.12), "seed": random.random::<u32>()});
        for (key, value) in more.as_object().into_iter().flatten() {
            rule[key] = value.clone();
        }
        rule
    };
    json!([
        rule("throttle", json!({})),
        rule("server_error", json!({"status": 503, "code": "ServiceUnavailable"})),
        rule("server_error", json!({"status": 500, "code": "InternalError"})),
        rule("reset", json!({})),
        rule("lost_answer", json!({})),
        rule("slow", json!({"milliseconds": 50})),
        rule("delay_visibility", json!({"milliseconds": 1000})),
    ])
}

/// Ways to spoil the baseline, by document.
fn drifts(cloud: &Cloud) -> Vec<(String, Value)> {
    let bucket = cloud.bucket("convergent-archive");
    let project = cloud.project("convergent-events");
    let trail = cloud.trail("convergent-trail");
    let role = format!("accounts/{}/ram/roles/convergent-writer", cloud.account_id);
    vec![
        (trail.clone(), json!({"Status": "Disable"})),
        (trail, json!({"TrailRegion": "cn-hangzhou", "EventRW": "Read"})),
        (bucket.clone(), json!({"ACL": "public-read", "BlockPublicAccess": false})),
        (bucket.clone(), json!({"Versioning": "Suspended", "Tags": {"owner": "nobody"}})),
        (bucket, json!({"Lifecycle": null})),
        (project.clone(), json!({"description": "somebody was here", "tags": {}})),
        (format!("{project}/logstores/actiontrail_convergent-trail"), json!({"ttl": 7})),
        (role, json!({"policies": ["AdministratorAccess"]})),
    ]
}

/// Runs a command until it succeeds; gives how often that took.
fn insist(fixture: &Fixture, seed: u64, arguments: &[&str]) -> usize {
    let mut said = String::new();
    for attempt in 1..=MOST_APPLIES {
        let output = fixture.workspace.run(arguments).unwrap_or_else(|error| panic!("{error}"));
        if output.success() {
            return attempt;
        }
        said = output.combined();
        assert!(!said.contains("panicked") && !said.contains("plugin crashed"), "seed {seed}:\n{said}");
    }
    panic!("seed {seed}: no success in {MOST_APPLIES} times {}:\n{said}", arguments.join(" "));
}

fn converges(seed: u64) {
    let mut random = StdRng::seed_from_u64(seed);
    let fixture = Fixture::new(&full());
    fixture.configure(BASELINE);
    let apply = ["apply", "-no-color", "-input=false", "-auto-approve"];

    fixture.cloud.set_faults(&bad_luck(&mut random));
    let made = insist(&fixture, seed, &apply);
    fixture.cloud.set_faults(&json!([]));
    fixture.assert_empty(&format!("seed {seed}, made in {made}"));
    assert_eq!(fixture.cloud.get(&fixture.cloud.trail("convergent-trail")).unwrap()["Status"], "Enable");

    for (node, patch) in drifts(&fixture.cloud) {
        if random.random_bool(0.5) {
            fixture.cloud.patch(&node, &patch).unwrap();
        }
    }
    fixture.cloud.set_faults(&bad_luck(&mut random));
    let repaired = insist(&fixture, seed, &apply);
    fixture.cloud.set_faults(&json!([]));
    fixture.assert_empty(&format!("seed {seed}, repaired in {repaired}"));

    fixture.cloud.set_faults(&bad_luck(&mut random));
    let removed = insist(&fixture, seed, &["destroy", "-no-color", "-input=false", "-auto-approve"]);
    fixture.cloud.set_faults(&json!([]));
    assert!(
        fixture.cloud.remains().is_empty(),
        "seed {seed}, removed in {removed}: {:?}",
        fixture.cloud.remains()
    );
    println!("seed {seed}: made in {made}, repaired in {repaired}, removed in {removed}");
}

#[test]
fn bad_luck_costs_time_and_nothing_else() {
    let seeds = std::env::var("ALITRAIL_TEST_SEEDS").ok().and_then(|count| count.parse().ok()).unwrap_or(4);
    let next = AtomicU64::new(0);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(seed) = Some(next.fetch_add(1, Ordering::Relaxed)).filter(|seed| *seed < seeds)
                {
                    converges(seed);
                }
            });
        }
    });
}
