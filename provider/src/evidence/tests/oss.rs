//! Buckets and what belongs to them.

use super::*;
use crate::oss_account_public_access_block::AccountBlockResource as Block;
use crate::oss_bucket::BucketResource as Bucket;
use crate::oss_bucket_lifecycle::{LifecycleModel, LifecycleResource as Lifecycle, first_rules};
use crate::oss_bucket_logging::LoggingResource as Logging;
use crate::oss_bucket_policy::PolicyResource as Policy;
use crate::oss_bucket_worm::WormResource as Worm;
use crate::trail::destinations;

pub(super) fn scenarios() -> Vec<Scenario> {
    [buckets(), policies(), settings(), vec![first_early_expiry()]].into_iter().flatten().collect()
}

fn buckets() -> Vec<Scenario> {
    let bucket = json!({
        "bucket": "archive",
        "server_side_encryption": { "sse_algorithm": "KMS", "kms_master_key_id": "key" },
    });
    let with = |condition, attribute, value: Json| {
        let mut changed = json!({});
        changed[attribute] = value;
        change::<Bucket>(condition, attribute, &bucket, &changed)
    };
    let mut target = end::<Bucket>("bucket.delivery_target_deleted", &bucket);
    assert_eq!(target.destructive_changes, [], "only a look at the cloud shows it");
    target.destructive_changes = vec![destinations::destructive_change("bucket \"archive\"", "audit")];
    vec![
        target,
        with("bucket.acl_opened", "acl", json!("public-read")),
        with("bucket.public_access_unblocked", "block_public_access", json!(false)),
        with("bucket.versioning_suspended", "versioning", json!("Suspended")),
        with(
            "bucket.encryption_weakened",
            "server_side_encryption",
            json!({ "sse_algorithm": "AES256", "kms_master_key_id": null }),
        ),
        with("bucket.tls_lowered", "https_config", json!({ "tls_versions": ["TLSv1.1", "TLSv1.2"] })),
        end::<Bucket>("objects.deleted", &merged(&bucket, &json!({ "force_destroy": true }))),
    ]
}

fn policies() -> Vec<Scenario> {
    let statement = |effect: &str, action: &str, principal: &str| json!({ "Effect": effect, "Action": [action], "Principal": [principal], "Resource": ["acs:oss:*:1:archive/*"] });
    let policy = |statements: &[Json]| json!({ "bucket": "archive", "policy": json!({ "Version": "1", "Statement": statements }).to_string() });
    let guard = statement("Deny", "oss:DeleteObject", "2");
    let base = policy(std::slice::from_ref(&guard));
    let with =
        |condition, statements: &[Json]| change::<Policy>(condition, "policy", &base, &policy(statements));
    vec![
        with("bucket_policy.public", &[guard.clone(), statement("Allow", "oss:GetObject", "*")]),
        with("bucket_policy.deletion_allowed", &[guard.clone(), statement("Allow", "oss:Delete*", "2")]),
        with("bucket_policy.denial_removed", &[statement("Allow", "oss:GetObject", "2")]),
        end::<Policy>("bucket_policy.denial_removed", &base),
        with("bucket_policy.delivery_denied", &[guard.clone(), statement("Deny", "oss:Put*", "*")]),
    ]
}

fn settings() -> Vec<Scenario> {
    let block = json!({});
    let logging = json!({ "bucket": "archive", "target_bucket": "logs" });
    let worm = json!({ "bucket": "archive", "status": "InProgress", "retention_period_in_days": 30 });
    let rules =
        |days: i64| json!({ "bucket": "archive", "rules": { "all": { "expiration": { "days": days } } } });
    vec![
        change::<Block>(
            "account.public_access_unblocked",
            "block_public_access",
            &block,
            &json!({ "block_public_access": false }),
        ),
        end::<Block>("account.public_access_unblocked", &block),
        change::<Logging>(
            "access_log.moved",
            "target_bucket",
            &logging,
            &json!({ "target_bucket": "other" }),
        ),
        end::<Logging>("access_log.stopped", &logging),
        change::<Worm>(
            "worm.shortened",
            "retention_period_in_days",
            &worm,
            &json!({ "retention_period_in_days": 7 }),
        ),
        end::<Worm>("worm.removed", &worm),
        change::<Lifecycle>("lifecycle.earlier_expiry", "rules", &rules(365), &rules(180)),
    ]
}

fn first_early_expiry() -> Scenario {
    let today = time::macros::date!(2027 - 01 - 01);
    let notified = |rule: Json| {
        let config = json!({ "bucket": "archive", "rules": { "all": rule } });
        let rules = planned::<LifecycleModel>(&config).rules.into_option().unwrap();
        first_rules("archive", &rules, today)
    };
    for late in [
        json!({ "expiration": { "days": 180 } }),
        json!({ "expiration": { "created_before_date": "2026-01-01" } }),
        json!({ "transitions": { "IA": { "days": 30 } } }),
        json!({ "expiration": { "days": 1 }, "status": "Disabled" }),
    ] {
        assert_eq!(notified(late.clone()), [], "{late}");
    }
    for early in [
        json!({ "noncurrent_version_expiration": { "days": 30 } }),
        json!({ "expiration": { "created_before_date": "2027-01-01" } }),
    ] {
        assert_eq!(notified(early.clone()).len(), 1, "{early}");
    }
    Scenario {
        condition: "lifecycle.first_early_expiry",
        resource: Lifecycle::TYPE,
        attribute: Some("rules"),
        destructive_changes: notified(json!({ "expiration": { "days": 179 } })),
        unchanged: Vec::new(),
    }
}
