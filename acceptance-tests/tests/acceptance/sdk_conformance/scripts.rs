//! Runs the scripts of `sdk`, each on a cloud of its own, and gathers what they saw.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::mpsc;

use acceptance_tests::{Cloud, Python, REGION};
use serde::Deserialize;

/// An SDK of each service.
const OF_ALL: &[&str] =
    &["actiontrail20200706", "ram20150501", "resourcemanager20200331", "sts20150401", "oss2", "aliyun-log"];

/// The scripts, and the SDKs that each speaks with.
const SCRIPTS: &[(&str, &[&str])] = &[
    ("auth.py", OF_ALL),
    ("endpoint.py", OF_ALL),
    ("auth_links.py", &["oss2", "oss_v2"]),
    ("sts.py", &["sts20150401", "ram20150501"]),
    ("sts_sessions.py", OF_ALL),
    ("actiontrail.py", &["actiontrail20200706", "oss2", "aliyun-log"]),
    ("actiontrail_account.py", &["actiontrail20200706", "aliyun-log", "oss2"]),
    ("actiontrail_delivery.py", &["actiontrail20200706", "ram20150501", "oss2", "aliyun-log"]),
    ("actiontrail_events.py", &["actiontrail20200706"]),
    ("actiontrail_refusals.py", &["actiontrail20200706", "aliyun-log", "oss2", "ram20150501", "sts20150401"]),
    ("ram_users.py", &["ram20150501"]),
    ("ram_roles.py", &["ram20150501"]),
    ("ram_policies.py", &["ram20150501"]),
    ("ram_attachments.py", &["ram20150501"]),
    ("ram_limits.py", &["ram20150501"]),
    ("ram_tags.py", &["ram20150501"]),
    ("resource_manager_roles.py", &["resourcemanager20200331", "actiontrail20200706", "oss2"]),
    ("resource_manager_accounts.py", &["resourcemanager20200331"]),
    ("resource_manager_folders.py", &["resourcemanager20200331"]),
    ("resource_manager_policies.py", &["resourcemanager20200331", "actiontrail20200706", "sts20150401"]),
    ("resource_manager_access.py", &["resourcemanager20200331", "ram20150501", "sts20150401"]),
    ("resource_directory.py", &["resourcedirectorymaster20220419"]),
    ("oss.py", &["oss2"]),
    ("oss_v2.py", &["oss_v2"]),
    ("oss_v2_settings.py", &["oss_v2"]),
    ("oss_v2_missing.py", &["oss_v2", "ram20150501", "sts20150401"]),
    ("oss_v2_objects.py", &["oss_v2"]),
    ("oss_v2_object_calls.py", &["oss_v2"]),
    ("oss_v2_refusals.py", &["oss_v2"]),
    ("oss_v2_retention.py", &["oss_v2"]),
    ("oss_presigned.py", &["oss_v2"]),
    ("sls.py", &["aliyun-log"]),
    ("sls_projects.py", &["sls20201230"]),
    ("sls_logstores.py", &["sls20201230"]),
    ("sls_index.py", &["aliyun-log"]),
    ("sls_put_logs.py", &["sls20201230"]),
    ("sls_logs.py", &["aliyun-log"]),
    ("sls_query.py", &["aliyun-log"]),
    ("sls_documents.py", &["aliyun-log"]),
    ("sls_alerts.py", &["sls20201230"]),
    ("sls_jobs.py", &["aliyun-log"]),
    ("sls_tags.py", &["aliyun-log"]),
    ("sls_resources.py", &["aliyun-log"]),
    ("sls_records.py", &["sls20201230"]),
    ("sls_missing.py", &["sls20201230"]),
    ("sls_quotas.py", &["aliyun-log"]),
    ("sls_lag.py", &["aliyun-log"]),
    ("sls_access.py", &["aliyun-log", "ram20150501", "sts20150401"]),
    ("sls_cli.py", &["aliyun-log-cli"]),
];

/// The SDKs by the name that the page gives them, and the service that each is for.
const SDKS: &[(&str, &str)] = &[
    ("actiontrail20200706", "actiontrail"),
    ("aliyun-log", "sls"),
    ("aliyun-log-cli", "sls"),
    ("oss2", "oss"),
    ("oss_v2", "oss"),
    ("ram20150501", "ram"),
    ("resourcedirectorymaster20220419", "resourcemanager"),
    ("resourcemanager20200331", "resourcemanager"),
    ("sls20201230", "sls"),
    ("sts20150401", "sts"),
];

/// What a machine in the cloud finds beside it is no API, and has no calls to list.
const BESIDE: &str = "instance";

/// How many scripts run at a time.
const AT_ONCE: usize = 3;

/// What was seen of a call.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// The SDKs that made it with success.
    pub(crate) sdks: BTreeSet<&'static str>,
    /// The errors that an SDK was refused with.
    pub(crate) errors: BTreeSet<String>,
    /// The behaviours that scripts checked, and whether each is assumed.
    pub(crate) behaviours: BTreeMap<String, bool>,
    /// Whether a script walked through its pages.
    pub(crate) paged: bool,
}

/// What was seen, by service and call.
pub(crate) type Calls = BTreeMap<(String, String), Seen>;

/// A line of a script's standard output: a check that passed.
#[derive(Debug, Deserialize)]
struct Check {
    service: String,
    call: String,
    what: String,
    assumed: bool,
    paged: bool,
}

/// Runs all scripts.
pub(crate) fn run_all() -> Calls {
    let python = Python::with(include_str!("../../../sdk/requirements.txt"));
    let waiting = Mutex::new(SCRIPTS.iter());
    let (sender, done) = mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            let (sender, python, waiting) = (sender.clone(), &python, &waiting);
            scope.spawn(move || {
                loop {
                    let next = waiting.lock().unwrap().next();
                    let Some((script, sdks)) = next else { break };
                    sender.send(run(python, script, sdks)).unwrap();
                }
            });
        }
    });
    drop(sender);
    let mut calls = Calls::new();
    for (key, seen) in done.into_iter().flatten() {
        let all: &mut Seen = calls.entry(key).or_default();
        all.sdks.extend(seen.sdks);
        all.errors.extend(seen.errors);
        all.behaviours.extend(seen.behaviours);
        all.paged |= seen.paged;
    }
    calls
}

fn run(python: &Python, script: &str, sdks: &[&'static str]) -> Calls {
    let cloud = Cloud::with(&["--accounts", "2"]);
    let environment = [
        ("http_proxy", cloud.endpoint_url.as_str()),
        ("MOCK_ADMIN_URL", cloud.admin_url.as_str()),
        ("ACCOUNT_ID", cloud.account_id.as_str()),
        ("ACCESS_KEY", cloud.access_key.as_str()),
        ("SECRET_KEY", cloud.secret_key.as_str()),
        ("REGION", REGION),
    ];
    let output = python.run(script, &environment);
    assert!(output.success(), "{script}:\n{}", output.combined());

    let mut calls = Calls::new();
    let log = cloud.get("requests").expect("request log");
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    for entry in log["requests"].as_array().expect("a list") {
        let (service, action, code) = (text(&entry["service"]), text(&entry["action"]), text(&entry["code"]));
        if service == BESIDE {
            continue;
        }
        let speaks = |sdk: &&str| SDKS.contains(&(sdk, service.as_str()));
        let sdk = sdks.iter().copied().find(speaks);
        let sdk = sdk.unwrap_or_else(|| panic!("{script} is not said to speak with {service} ({action})"));
        let seen = calls.entry((service, action)).or_default();
        if entry["status"].as_u64().is_some_and(|status| status < 400) {
            seen.sdks.insert(sdk);
        } else if !code.is_empty() {
            seen.errors.insert(code);
        }
    }
    for line in output.stdout.lines().filter(|line| line.starts_with('{')) {
        let check: Check =
            serde_json::from_str(line).unwrap_or_else(|error| panic!("{script}: {error}: {line}"));
        let seen = calls.entry((check.service, check.call)).or_default();
        seen.behaviours.insert(check.what, check.assumed);
        seen.paged |= check.paged;
    }
    calls
}

/// SDKs and the credentials library in their usual settings, over TLS.
#[test]
fn sdks_need_no_setting_for_a_mock_with_tls() {
    let python = Python::with(include_str!("../../../sdk/requirements.txt"));
    let environment = [
        ("ACCOUNT_ID", "1000000000000001"),
        ("ACCESS_KEY", "mock-access-key-id"),
        ("SECRET_KEY", "mock-access-key-secret"),
        ("REGION", REGION),
    ];
    let output = python.run_on_mock(&["--tls", "--accounts", "2"], "real_hosts.py", &environment);
    assert!(output.success(), "{}", output.combined());
}
