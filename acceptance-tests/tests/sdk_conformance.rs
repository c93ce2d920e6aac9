//! The mock cloud judged by those who know the real one: official SDKs make its calls, each successfully and refused with
//! a documented error, signed by their own code. The guide page of calls says what they made, and is held against it.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test has nobody to hand an error to"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use acceptance_tests::{Cloud, Python, REGION};

/// The scripts and the SDK that each speaks with.
const SCRIPTS: &[(&str, &str)] = &[
    ("sts.py", "sts20150401"),
    ("actiontrail.py", "actiontrail20200706"),
    ("actiontrail_account.py", "actiontrail20200706"),
    ("ram.py", "ram20150501"),
    ("resource_manager.py", "resourcemanager20200331"),
    ("oss.py", "oss2"),
    ("oss_v2.py", "oss_v2"),
    ("oss_v2_settings.py", "oss_v2"),
    ("oss_v2_objects.py", "oss_v2"),
    ("sls.py", "aliyun-log"),
    ("sls_contents.py", "aliyun-log"),
];

/// What became of a call: which SDKs made it with success, and which errors were provoked.
#[derive(Default)]
struct Seen {
    sdks: BTreeSet<&'static str>,
    errors: BTreeSet<String>,
}

type Calls = BTreeMap<(String, String), Seen>;

/// Runs a script on a cloud of its own, and gives the calls it made: service, action, error code if refused.
fn conforms(script: &str) -> Vec<(String, String, Option<String>)> {
    let python = Python::with(include_str!("../sdk/requirements.txt"));
    let cloud = Cloud::with(&["--accounts", "2"]);
    let environment = [
        ("http_proxy", cloud.endpoint_url.as_str()),
        ("ACCOUNT_ID", cloud.account_id.as_str()),
        ("ACCESS_KEY", cloud.access_key.as_str()),
        ("SECRET_KEY", cloud.secret_key.as_str()),
        ("REGION", REGION),
    ];
    let output = python.run(script, &environment);
    assert!(output.success(), "{script}:\n{}", output.combined());
    let log = cloud.get("requests").expect("request log");
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let entries = log["requests"].as_array().expect("a list").iter();
    entries
        .map(|entry| {
            let refused = entry["status"].as_u64().is_none_or(|status| status >= 400);
            (text(&entry["service"]), text(&entry["action"]), refused.then(|| text(&entry["code"])))
        })
        .collect()
}

fn page(calls: &Calls) -> String {
    let mut page = "# Calls of the mock cloud\n\nWritten by the conformance suite (`acceptance-tests/tests/sdk_conformance.rs`) \
        from the request log of `alitrail mock` while the scripts in `acceptance-tests/sdk` run. A call is checked when an \
        official Python SDK made it with success; the errors are those that an SDK was refused with.\n\n\
        | Service | Call | Checked by | Errors provoked |\n|---|---|---|---|\n"
        .to_owned();
    let list =
        |items: Vec<&str>, none: &str| if items.is_empty() { none.to_owned() } else { items.join(", ") };
    let mut missing = 0;
    for (service, action) in mock_cloud::calls::all() {
        let seen = calls.get(&(service.to_owned(), action.to_owned()));
        let sdks = seen.map(|seen| seen.sdks.iter().copied().collect()).unwrap_or_default();
        let errors = seen.map(|seen| seen.errors.iter().map(String::as_str).collect()).unwrap_or_default();
        missing += usize::from(seen.is_none_or(|seen| seen.sdks.is_empty()));
        let (sdks, errors) = (list(sdks, "**no SDK: assumed**"), list(errors, ""));
        writeln!(page, "| {service} | {action} | {sdks} | {errors} |").unwrap();
    }
    let total = mock_cloud::calls::all().len();
    writeln!(
        page,
        "\n{} of {total} calls are checked; the rest is as the documentation reads.",
        total - missing
    )
    .unwrap();
    page.push_str(
        "\n## Switches\n\nOpen points of the cloud's documentation; the first value is the default.\n\n",
    );
    page.push_str("| Switch | Values | Decides | Source |\n|---|---|---|---|\n");
    for switch in mock_cloud::switches::all() {
        let cell = |text: &str| text.replace('|', "\\|");
        let (doc, source) = (cell(switch.doc), cell(switch.source));
        writeln!(page, "| `{}` | {} | {doc} | {source} |", switch.name, switch.values.join(", ")).unwrap();
    }
    page
}

/// One test, because the page is about all scripts: a call that nobody makes any more, or a new call of the mock that no
/// script makes, shows in the page, which then is not current.
#[test]
fn sdks_make_the_calls_that_the_guide_lists() {
    let mut calls = Calls::new();
    for pair in SCRIPTS.chunks(2) {
        let made = std::thread::scope(|scope| {
            let runs: Vec<_> =
                pair.iter().map(|(script, sdk)| (*sdk, scope.spawn(|| conforms(script)))).collect();
            let join = |(sdk, run): (_, std::thread::ScopedJoinHandle<'_, _>)| {
                (sdk, run.join().unwrap_or_else(|cause| std::panic::resume_unwind(cause)))
            };
            runs.into_iter().map(join).collect::<Vec<_>>()
        });
        for (sdk, log) in made {
            for (service, action, error) in log {
                let seen = calls.entry((service, action)).or_default();
                match error {
                    None => _ = seen.sdks.insert(sdk),
                    Some(code) => _ = (!code.is_empty()).then(|| seen.errors.insert(code)),
                }
            }
        }
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/guides/mock-cloud-calls.md");
    let wanted = page(&calls);
    if std::env::var_os("UPDATE_MOCK_CLOUD_CALLS").is_some() {
        std::fs::write(path, &wanted).unwrap();
    }
    let found = std::fs::read_to_string(path).unwrap_or_default();
    let found: BTreeSet<&str> = found.lines().collect();
    let wanted: BTreeSet<&str> = wanted.lines().collect();
    let differ: Vec<_> = wanted.symmetric_difference(&found).collect();
    assert!(differ.is_empty(), "not current, set UPDATE_MOCK_CLOUD_CALLS=1 and run again: {differ:#?}");
}
