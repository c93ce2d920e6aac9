//! The provider under every value of every switch: whatever the cloud does where its documentation is open, a trail with
//! its bucket and its project can be made, changed, repaired, imported, removed and made again, and every plan in between
//! is empty. Switches of different services know nothing of each other, so one run turns several of them.

mod switch_cases;

use acceptance_tests::resources::RESOURCES;
use acceptance_tests::{Cloud, Fixture, full};
use serde_json::json;

use self::switch_cases::{RETENTION, SwitchCase, switch_cases};

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
        "echo_oss_write_role" = "true",
        "describe_organization" = "selector",
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
        "default_event_rw" = "All",
        "folder_name_length" = "24",
        "trusted_services" = "known",
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
        "sls_aes_ofb" = "refused",
    ];
    reads_lag_and_names_are_free_at_once: [
        "oss_config_lag" = "2s",
        "oss_name_hold" = "off",
        "oss_redundancy_transition_pace" = "seconds",
        "sls_project_lag" = "5s",
        "sls_logstore_lag" = "5s",
        "allow_trail_without_destination" = "false",
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

/// Resources that no switch is about, and why.
const WITHOUT: [(&str, &str); 4] = [
    (
        "alitrail_global_events_storage_region",
        "trail/account.rs chooses each region, whichever is the default",
    ),
    ("alitrail_history_delivery_job", "trail/history.rs has its one switch"),
    (
        "alitrail_oss_account_public_access_block",
        "no switch is about it, and it blocks the public bucket here",
    ),
    ("alitrail_service_linked_role", "no switch is about it; roles.rs makes and adopts it"),
];

#[test]
fn every_resource_lives_under_every_switch() {
    let switch_cases = switch_cases();
    let is_piece = |resource: &str| {
        switch_cases.iter().any(|switch_case| switch_case.address.starts_with(&format!("{resource}.")))
    };
    let is_without = |resource: &str| WITHOUT.iter().any(|(without, _)| *without == resource);
    let missing: Vec<&&str> =
        RESOURCES.iter().filter(|resource| !is_piece(resource) && !is_without(resource)).collect();
    assert!(missing.is_empty(), "no piece: {missing:?}");
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

fn configuration(switch_cases: &[SwitchCase], which: usize) -> String {
    switch_cases.iter().map(|switch_case| block(switch_case, which)).collect()
}

fn block(switch_case: &SwitchCase, which: usize) -> String {
    let (kind, name) = switch_case.address.split_once('.').expect("an address");
    format!("resource \"{kind}\" \"{name}\" {{\n{}\n}}\n", switch_case.attributes[which])
}

fn whole_life(switches: &[(&str, &str)]) {
    let fixture = Fixture::with_cloud(&full(), Cloud::with_switches(switches));
    let mut switch_cases = switch_cases();
    if switches.contains(&("oss_worm_with_versioning", "exclusive")) {
        // Buckets of this provider keep versions, so there is no retention policy where the two exclude each other.
        refuses_retention(&fixture, &switch_cases);
        switch_cases.retain(|switch_case| switch_case.address != RETENTION);
    }
    fixture.while_time_flies(1, || live(&fixture, &switch_cases));
}

/// The retention policy cannot be made, and the reason is told.
fn refuses_retention(fixture: &Fixture, switch_cases: &[SwitchCase]) {
    let bucket =
        |switch_case: &SwitchCase| ["alitrail_oss_bucket.kept", RETENTION].contains(&switch_case.address);
    let blocks = switch_cases
        .iter()
        .filter(|switch_case| bucket(switch_case))
        .map(|switch_case| block(switch_case, 0));
    fixture.configure(&blocks.collect::<String>());
    let said = fixture.fail(&["apply", "-no-color", "-input=false", "-auto-approve"]);
    assert!(said.contains("InvalidBucketState") && said.contains("versioning"), "{said}");
    fixture.destroy();
    fixture.cloud.advance_clock(9 * 3600);
}

fn live(fixture: &Fixture, switch_cases: &[SwitchCase]) {
    fixture.configure(&configuration(switch_cases, 0));
    fixture.apply();
    fixture.assert_empty("after create");

    fixture.configure(&configuration(switch_cases, 1));
    fixture.apply();
    fixture.assert_empty("after the change");

    for switch_case in switch_cases {
        fixture.cloud.patch(&(switch_case.node)(&fixture.cloud), &switch_case.drift).expect("drift");
    }
    let plan = fixture.plan(&[]);
    for switch_case in switch_cases {
        let change =
            plan.change(switch_case.address).unwrap_or_else(|| panic!("{} drifted", switch_case.address));
        assert_eq!(change.actions, ["update"], "{}", plan.summary());
    }
    fixture.workspace.apply_plan().unwrap_or_else(|error| panic!("{error}"));
    assert!(fixture.plan(&[]).is_empty(), "the drift was repaired");

    let before = fixture.meaning();
    let addresses: Vec<&str> = switch_cases.iter().map(|switch_case| switch_case.address).collect();
    let forget = [&["state", "rm"][..], &addresses].concat();
    fixture.workspace.succeed(&forget).unwrap_or_else(|error| panic!("{error}"));
    let imports = switch_cases.iter().map(|switch_case| {
        format!("import {{\n  to = {}\n  id = {:?}\n}}\n", switch_case.address, switch_case.id)
    });
    fixture.write("import.tf", &imports.collect::<String>());
    let plan = fixture.plan(&[]);
    let kept = plan.changes.iter().filter(|change| change.importing && change.actions == ["no-op"]).count();
    // What only the state knows is no part of the object and cannot be imported.
    let state_only = plan.changes.iter().all(|change| {
        change.actions == ["no-op"] || change.attributes().iter().all(|change| change.path == "force_destroy")
    });
    let forced =
        switch_cases.iter().filter(|switch_case| switch_case.attributes[1].contains("force_destroy")).count();
    assert!(state_only && kept + forced == switch_cases.len(), "{}", plan.summary());
    fixture.workspace.apply_plan().unwrap_or_else(|error| panic!("{error}"));
    fixture.remove("import.tf");
    assert_eq!(fixture.meaning(), before, "the imported state");
    assert!(fixture.plan(&[]).is_empty(), "after import");

    fixture.destroy();
    assert_eq!(fixture.cloud.remains(), Vec::<String>::new());
    fixture.cloud.advance_clock(9 * 3600);
    fixture.apply();
    fixture.destroy();
    assert_eq!(fixture.cloud.remains(), Vec::<String>::new());
}

#[test]
fn a_refusal_says_what_is_missing_whatever_its_code() {
    let fixture = Fixture::new(&full());
    let trail = "resource \"alitrail_trail\" \"this\" {\n  trail_name = \"refused-trail\"\n  \
                 oss_bucket_name = \"refused-archive\"\n}\n";
    fixture.configure(trail);
    let users = format!("accounts/{}/ram/users", fixture.cloud.account_id);
    let fewer = json!({"terraform": {"policies": ["ReadOnlyAccess"]}});
    fixture.cloud.patch(&users, &fewer).expect("fewer policies");
    for code in ["NoPermission", "Forbidden.RAM"] {
        fixture.cloud.put("switches", &json!({"denial_code": code})).expect("switch");
        let said = fixture.fail(&["apply", "-no-color", "-input=false", "-auto-approve"]);
        assert!(said.contains(code) && said.contains("actiontrail:CreateTrail"), "{said}");
    }
}
