//! The provider under every value of every switch: whatever the cloud does where its documentation is open, a trail with
//! its bucket and its project can be made, changed, repaired, imported, removed and made again, and every plan in between
//! is empty. Switches of different services know nothing of each other, so one run turns several of them.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test has nobody to hand an error to"
)]

use acceptance_tests::{Cloud, Stage, full};
use serde_json::json;

/// Declares a test for each set of switches, and the list of all of them.
macro_rules! runs {
    ($($name:ident: [$($switch:literal = $value:literal),* $(,)?];)*) => {
        const RUNS: &[&[(&str, &str)]] = &[$(&[$(($switch, $value)),*]),*];
        $(
            #[test]
            fn $name() {
                whole_life(&[$(($switch, $value)),*]);
            }
        )*
    };
}

runs! {
    updates_replace_and_answers_are_spare: [
        "update_trail" = "replace",
        "echo_oss_write_role" = "false",
        "status_before_start" = "empty",
        "data_event_selector_text" = "normalised",
        "oss_lifecycle_order" = "by_id",
        "oss_policy_text" = "normalised",
        "oss_https_config_unset" = "disabled",
        "oss_encryption_unset_status" = "400",
        "sls_empty_policy" = "object",
    ];
    empty_parameters_keep_and_buckets_start_open: [
        "update_trail_empty" = "keep",
        "describe_organization" = "include",
        "default_event_rw" = "Write",
        "trail_region_list" = "refuse",
        "oss_public_access_block_default" = "false",
        "oss_repeated_put_bucket_acl" = "keep",
        "oss_put_acl_creates_bucket" = "true",
        "sls_project_policy" = "false",
    ];
    everything_answers_everywhere: [
        "describe_organization" = "always",
        "trail_from_other_regions" = "found",
        "stop_logging_method" = "any",
        "worm_delivery" = "refused",
        "oss_policy_denies_own" = "false",
        "oss_info_from_any_endpoint" = "true",
        "oss_resource_groups" = "false",
        "oss_worm_with_versioning" = "exclusive",
        "sls_alert_answer" = "normalised",
        "sls_dashboard_answer" = "filled",
        "sls_records_region" = "every",
    ];
    reads_lag_and_names_are_free_at_once: [
        "oss_config_lag" = "2s",
        "oss_name_hold" = "off",
        "oss_redundancy_transition_pace" = "seconds",
        "sls_project_lag" = "5s",
        "sls_logstore_lag" = "5s",
        "allow_trail_without_destination" = "true",
    ];
    reads_lag_and_names_are_held_for_long: [
        "ram_lag" = "5s",
        "oss_config_lag" = "5s",
        "oss_name_hold" = "8h",
        "sls_project_lag" = "60s",
        "sls_logstore_lag" = "60s",
    ];
    limits_and_refusals_are_others: [
        "quotas" = "off",
        "repeat_oss_bucket" = "accepted",
        "rate_limits" = "on",
        "denial_code" = "Forbidden.RAM",
        "missing_data_event_selector" = "not_found",
        "default_global_events_region" = "cn-hangzhou",
        "history_jobs" = "refused",
        "list_management_account" = "true",
    ];
}

#[test]
fn every_value_of_every_switch_is_run() {
    let mut missing = Vec::new();
    for switch in mock_cloud::switches::all() {
        for value in &switch.values[1..] {
            if !RUNS.iter().any(|run| run.contains(&(switch.name, value))) {
                missing.push(format!("{}={value}", switch.name));
            }
        }
    }
    assert!(missing.is_empty(), "no run has these: {}", missing.join(", "));
}

const BUCKET: &str = "switched-archive";
const KEPT: &str = "switched-kept";
const RETENTION: &str = "alitrail_oss_bucket_worm.kept";
const PROJECT: &str = "switched-events";
const TRAIL: &str = "switched-trail";
const WIDE: &str = "switched-organization";

/// What one resource is in the configuration before and after the change, what drifts, and what imports it.
struct Piece {
    address: &'static str,
    attributes: [&'static str; 2],
    node: fn(&Cloud) -> String,
    drift: serde_json::Value,
    id: &'static str,
}

fn pieces() -> Vec<Piece> {
    vec![
        Piece {
            address: "alitrail_oss_bucket.archive",
            attributes: [
                "bucket = \"switched-archive\"\nforce_destroy = true\ntags = { owner = \"security\" }\n\
                 server_side_encryption = { sse_algorithm = \"KMS\" }",
                "bucket = \"switched-archive\"\nforce_destroy = true\nversioning = \"Suspended\"",
            ],
            node: |cloud| cloud.bucket(BUCKET),
            drift: json!({"ACL": "public-read", "BlockPublicAccess": false, "ServerSideEncryptionRule": null, "HttpsConfiguration": null}),
            id: "switched-archive",
        },
        Piece {
            address: "alitrail_oss_bucket_lifecycle.archive",
            attributes: [
                "bucket = alitrail_oss_bucket.archive.bucket\n\
                 rules = { later = { prefix = \"b/\", expiration = { days = 900 } }, \
                 earlier = { prefix = \"a/\", expiration = { days = 400 } } }",
                "bucket = alitrail_oss_bucket.archive.bucket\n\
                 rules = { later = { prefix = \"b/\", expiration = { days = 900 } }, \
                 all = { prefix = \"a/\", transitions = { IA = { days = 30 } } } }",
            ],
            node: |cloud| format!("{}/Lifecycle/Rules/later", cloud.bucket(BUCKET)),
            drift: json!({"Expiration": {"Days": 1}}),
            id: "switched-archive",
        },
        Piece {
            address: "alitrail_oss_bucket.kept",
            attributes: ["bucket = \"switched-kept\"\nforce_destroy = true"; 2],
            node: |cloud| cloud.bucket(KEPT),
            drift: json!({"Tags": {"foreign": "tag"}}),
            id: KEPT,
        },
        Piece {
            address: "alitrail_oss_bucket_policy.kept",
            attributes: [
                "bucket = alitrail_oss_bucket.kept.bucket\npolicy = jsonencode({ Version = \"1\", Statement = [{ \
                 Effect = \"Deny\", Action = [\"oss:DeleteObject\"], Principal = [\"*\"], \
                 Resource = [\"acs:oss:*:*:switched-kept/*\"] }] })",
                "bucket = alitrail_oss_bucket.kept.bucket\npolicy = jsonencode({ Version = \"1\", Statement = [{ \
                 Effect = \"Allow\", Action = [\"oss:GetObject\"], Principal = [\"1234567890123456\"], \
                 Resource = [\"acs:oss:*:*:switched-kept/*\"] }] })",
            ],
            node: |cloud| cloud.bucket(KEPT),
            drift: json!({"Policy": "{\"Version\":\"1\",\"Statement\":[]}"}),
            id: KEPT,
        },
        Piece {
            address: "alitrail_oss_bucket_logging.kept",
            attributes: [
                "bucket = alitrail_oss_bucket.kept.bucket\ntarget_bucket = alitrail_oss_bucket.archive.bucket",
                "bucket = alitrail_oss_bucket.kept.bucket\ntarget_bucket = alitrail_oss_bucket.archive.bucket\n\
                 target_prefix = \"access/\"",
            ],
            node: |cloud| format!("{}/Logging", cloud.bucket(KEPT)),
            drift: json!({"TargetPrefix": "elsewhere/"}),
            id: KEPT,
        },
        Piece {
            address: RETENTION,
            attributes: [
                "bucket = alitrail_oss_bucket.kept.bucket\nretention_period_in_days = 30\nstatus = \"InProgress\"",
                "bucket = alitrail_oss_bucket.kept.bucket\nretention_period_in_days = 60\nstatus = \"InProgress\"",
            ],
            node: |cloud| format!("{}/Worm", cloud.bucket(KEPT)),
            drift: json!({"RetentionPeriodInDays": 1}),
            id: KEPT,
        },
        Piece {
            address: "alitrail_delivery_role.writer",
            attributes: [
                "role_name = \"SwitchedWriter\"\ntrusted_account_id = \"1000000000000001\"\n\
                 oss_bucket_name = alitrail_oss_bucket.archive.bucket",
                "role_name = \"SwitchedWriter\"\ntrusted_account_id = \"1000000000000001\"\n\
                 oss_bucket_name = alitrail_oss_bucket.archive.bucket\n\
                 sls_project_arn = alitrail_sls_project.events.arn",
            ],
            node: |cloud| format!("accounts/{}/ram/roles/SwitchedWriter", cloud.account_id),
            drift: json!({"policies": ["SwitchedWriter", "AdministratorAccess"]}),
            id: "SwitchedWriter",
        },
        Piece {
            address: "alitrail_sls_project.events",
            attributes: [
                "project_name = \"switched-events\"\ndescription = \"events\"",
                "project_name = \"switched-events\"\ntags = { owner = \"security\" }",
            ],
            node: |cloud| cloud.project(PROJECT),
            drift: json!({"description": "somebody was here"}),
            id: "switched-events",
        },
        Piece {
            address: "alitrail_sls_logstore.cases",
            attributes: [
                "project_name = alitrail_sls_project.events.project_name\nlogstore_name = \"cases\"\nretention_period = 400",
                "project_name = alitrail_sls_project.events.project_name\nlogstore_name = \"cases\"\nretention_period = 500",
            ],
            node: |cloud| format!("{}/logstores/cases", cloud.project(PROJECT)),
            drift: json!({"ttl": 30}),
            id: "switched-events:cases",
        },
        Piece {
            address: "alitrail_trail.account",
            attributes: [
                "trail_name = \"switched-trail\"\noss_bucket_name = alitrail_oss_bucket.archive.bucket\n\
                 oss_write_role_arn = alitrail_delivery_role.writer.arn\n\
                 oss_key_prefix = \"account-events\"\nsls_project_arn = alitrail_sls_project.events.arn",
                "trail_name = \"switched-trail\"\noss_bucket_name = alitrail_oss_bucket.archive.bucket\n\
                 event_rw = \"Write\"\ntrail_region = \"cn-hangzhou\"\nstatus = \"Disable\"",
            ],
            node: |cloud| cloud.trail(TRAIL),
            drift: json!({"Status": "Enable", "EventRW": "All", "OssKeyPrefix": "foreign-events"}),
            id: "switched-trail",
        },
        Piece {
            address: "alitrail_trail.organization",
            attributes: [
                "trail_name = \"switched-organization\"\nis_organization_trail = true\n\
                 oss_bucket_name = alitrail_oss_bucket.kept.bucket\n\
                 sls_project_arn = alitrail_sls_project.events.arn",
                "trail_name = \"switched-organization\"\nis_organization_trail = true\n\
                 oss_bucket_name = alitrail_oss_bucket.kept.bucket\n\
                 sls_project_arn = alitrail_sls_project.events.arn\nevent_rw = \"Write\"",
            ],
            node: |cloud| cloud.trail(WIDE),
            drift: json!({"Status": "Disable"}),
            id: "switched-organization",
        },
    ]
}

fn configuration(pieces: &[Piece], which: usize) -> String {
    pieces.iter().map(|piece| block(piece, which)).collect()
}

fn block(piece: &Piece, which: usize) -> String {
    let (kind, name) = piece.address.split_once('.').expect("an address");
    format!("resource \"{kind}\" \"{name}\" {{\n{}\n}}\n", piece.attributes[which])
}

fn whole_life(switches: &[(&str, &str)]) {
    let stage = Stage::with_cloud(&full(), Cloud::with_switches(switches));
    let mut pieces = pieces();
    if switches.contains(&("oss_worm_with_versioning", "exclusive")) {
        // Buckets of this provider keep versions, so there is no retention policy where the two exclude each other.
        refuses_retention(&stage, &pieces);
        pieces.retain(|piece| piece.address != RETENTION);
    }
    stage.while_time_flies(1, || live(&stage, &pieces));
}

/// The retention policy cannot be made, and the reason is told.
fn refuses_retention(stage: &Stage, pieces: &[Piece]) {
    let bucket = |piece: &Piece| ["alitrail_oss_bucket.kept", RETENTION].contains(&piece.address);
    let blocks = pieces.iter().filter(|piece| bucket(piece)).map(|piece| block(piece, 0));
    stage.configure(&blocks.collect::<String>());
    let said = stage.fail(&["apply", "-no-color", "-input=false", "-auto-approve"]);
    assert!(said.contains("InvalidBucketState") && said.contains("versioning"), "{said}");
    stage.destroy();
    stage.cloud.advance_clock(9 * 3600);
}

fn live(stage: &Stage, pieces: &[Piece]) {
    stage.configure(&configuration(pieces, 0));
    stage.apply();
    stage.assert_empty("after create");

    stage.configure(&configuration(pieces, 1));
    stage.apply();
    stage.assert_empty("after the change");

    for piece in pieces {
        stage.cloud.patch(&(piece.node)(&stage.cloud), &piece.drift).expect("drift");
    }
    let plan = stage.plan(&[]);
    for piece in pieces {
        let change = plan.change(piece.address).unwrap_or_else(|| panic!("{} drifted", piece.address));
        assert_eq!(change.actions, ["update"], "{}", plan.summary());
    }
    stage.workspace.apply_plan().unwrap_or_else(|error| panic!("{error}"));
    assert!(stage.plan(&[]).is_empty(), "the drift was repaired");

    let before = stage.workspace.state().expect("state");
    let addresses: Vec<&str> = pieces.iter().map(|piece| piece.address).collect();
    let forget = [&["state", "rm"][..], &addresses].concat();
    stage.workspace.succeed(&forget).unwrap_or_else(|error| panic!("{error}"));
    let imports = pieces
        .iter()
        .map(|piece| format!("import {{\n  to = {}\n  id = {:?}\n}}\n", piece.address, piece.id));
    stage.write("import.tf", &imports.collect::<String>());
    let plan = stage.plan(&[]);
    let kept = plan.changes.iter().filter(|change| change.importing && change.actions == ["no-op"]).count();
    // What only the state knows is no part of the object and cannot be imported.
    let state_only = plan.changes.iter().all(|change| {
        change.actions == ["no-op"] || change.attributes().iter().all(|change| change.path == "force_destroy")
    });
    let forced = pieces.iter().filter(|piece| piece.attributes[1].contains("force_destroy")).count();
    assert!(state_only && kept + forced == pieces.len(), "{}", plan.summary());
    stage.workspace.apply_plan().unwrap_or_else(|error| panic!("{error}"));
    stage.remove("import.tf");
    assert_eq!(stage.workspace.state().expect("state"), before, "the imported state");
    assert!(stage.plan(&[]).is_empty(), "after import");

    stage.destroy();
    assert_eq!(stage.cloud.remains(), Vec::<String>::new());
    stage.cloud.advance_clock(9 * 3600);
    stage.apply();
    stage.destroy();
    assert_eq!(stage.cloud.remains(), Vec::<String>::new());
}

#[test]
fn a_refusal_says_what_is_missing_whatever_its_code() {
    let stage = Stage::new(&full());
    let trail = "resource \"alitrail_trail\" \"this\" {\n  trail_name = \"refused-trail\"\n  \
                 oss_bucket_name = \"refused-archive\"\n}\n";
    stage.configure(trail);
    let users = format!("accounts/{}/ram/users", stage.cloud.account_id);
    let fewer = json!({"terraform": {"policies": ["ReadOnlyAccess"]}});
    stage.cloud.patch(&users, &fewer).expect("fewer policies");
    for code in ["NoPermission", "Forbidden.RAM"] {
        stage.cloud.put("switches", &json!({"denial_code": code})).expect("switch");
        let said = stage.fail(&["apply", "-no-color", "-input=false", "-auto-approve"]);
        assert!(said.contains(code) && said.contains("actiontrail:CreateTrail"), "{said}");
    }
}
