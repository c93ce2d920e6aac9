//! `alitrail audit` over an organization on the mock: it finds what was broken and nothing else, in parts as in one, and says
//! what it could not look at.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Command, Output};

use acceptance_tests::organization::{self, Break, LEFT};
use acceptance_tests::{Cloud, Python, REGION, artifacts};
use rand::prelude::*;
use serde_json::{Value, json};

pub(crate) const MANAGEMENT: &str = "1000000000000001";
pub(crate) const FIRST: &str = "1000000000000002";

/// The command with the keys of a mock.
pub(crate) fn alitrail(cloud: &Cloud, arguments: &[&str]) -> Command {
    let mut command = Command::new(&artifacts().alitrail);
    command.args(arguments).envs([
        ("ALITRAIL_ENDPOINT_URL", cloud.endpoint_url.as_str()),
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", &cloud.access_key),
        ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", &cloud.secret_key),
        ("ALIBABA_CLOUD_REGION", REGION),
        ("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true"),
        ("ALIBABA_CLOUD_CLI_PROFILE_DISABLED", "true"),
    ]);
    command
}

pub(crate) fn run(cloud: &Cloud, arguments: &[&str]) -> Output {
    alitrail(cloud, arguments).output().unwrap()
}

/// What a run printed, with its exit code.
pub(crate) fn said(output: &Output) -> (Option<i32>, String) {
    let text = [&output.stdout[..], &output.stderr].map(String::from_utf8_lossy).concat();
    (output.status.code(), text)
}

pub(crate) fn read(path: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// The rules of a report by account, that have this verdict.
pub(crate) fn rules(report: &Value, verdict: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut rules: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for finding in report["findings"].as_array().unwrap() {
        if finding["verdict"] == verdict {
            let text = |name: &str| finding[name].as_str().unwrap().to_owned();
            rules.entry(text("account")).or_default().insert(text("rule"));
        }
    }
    rules
}

/// Members with everything that the baseline asks for, some of them broken; what has to fail in each.
pub(crate) fn broken(cloud: &Cloud, members: u64, seed: u64) -> BTreeMap<String, BTreeSet<String>> {
    let mut random = StdRng::seed_from_u64(seed);
    let client = organization::client(cloud);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let mut expected = BTreeMap::new();
    runtime.block_on(async {
        let mut tasks = tokio::task::JoinSet::new();
        for number in 0..members {
            let account = (1_000_000_000_000_002 + number).to_string();
            let count = random.random_range(0..=3);
            let breaks: BTreeSet<Break> = Break::ALL.choose_multiple(&mut random, count).copied().collect();
            let rules = breaks.iter().flat_map(|one| one.rules()).chain(&LEFT);
            expected.insert(account.clone(), rules.map(|rule| (*rule).to_owned()).collect());
            let member = organization::member(&client, &account);
            tasks.spawn(async move {
                organization::build(&member, &account).await.unwrap();
                organization::damage(&member, &account, &breaks).await.unwrap();
            });
        }
        tasks.join_all().await;
    });
    cloud.advance_clock(600);
    expected
}

#[test]
fn exactly_what_was_broken_is_found_also_in_parts() {
    let cloud = Cloud::with(&["--accounts", "12"]);
    let expected = broken(&cloud, 12, 17);
    let directory = tempfile::tempdir().unwrap();
    let whole = directory.path().join("whole.json");
    let mark = cloud.mark();
    let arguments =
        ["audit", "--organization", "--exclude-rule", "OR-*", "--exclude-account", MANAGEMENT, "--output"];
    let output = run(&cloud, &[&arguments[..], &[whole.to_str().unwrap()]].concat());
    let (code, text) = said(&output);
    assert_eq!(code, Some(1), "{text}");
    assert!(cloud.writes_since(mark).is_empty(), "an audit only reads");
    let report = read(&whole);
    assert_eq!(rules(&report, "fail"), expected, "{text}");
    assert_eq!(rules(&report, "could_not_look"), BTreeMap::new(), "{text}");

    let mut parts: Vec<String> = Vec::new();
    for part in 1..=4 {
        let path = directory.path().join(format!("part-{part}.json"));
        let path = path.to_str().unwrap().to_owned();
        let shard = format!("{part}/4");
        let more = [path.as_str(), "--shard", &shard, "--format", "csv"];
        let (code, text) = said(&run(&cloud, &[&arguments[..], &more].concat()));
        assert!(matches!(code, Some(0 | 1)), "{text}");
        parts.push(path);
    }
    let merged = directory.path().join("merged.json");
    let merge = ["report", "merge", "--output", merged.to_str().unwrap()];
    let paths: Vec<&str> = parts.iter().map(String::as_str).collect();
    let (code, text) = said(&run(&cloud, &[&merge[..], &paths].concat()));
    assert_eq!(code, Some(1), "{text}");
    assert_eq!(rules(&read(&merged), "fail"), expected);
    let (code, text) = said(&run(&cloud, &[&merge[..], &paths[..3]].concat()));
    assert!(code == Some(2) && text.contains("part 4"), "{text}");
    let (code, text) = said(&run(&cloud, &[&merge[..], &[whole.to_str().unwrap()]].concat()));
    assert!(code == Some(64) && text.contains("all of it"), "{text}");

    // What is known is left out, and nothing new is found.
    let known = [&arguments[..], &[merged.to_str().unwrap(), "--baseline", whole.to_str().unwrap()]].concat();
    let (code, text) = said(&run(&cloud, &known));
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("known before"), "{text}");
}

#[test]
fn an_account_that_nobody_can_enter_is_named_and_the_others_are_judged() {
    let cloud = Cloud::with(&["--accounts", "3"]);
    cloud.delete(&format!("accounts/{FIRST}/ram/roles/ResourceDirectoryAccountAccessRole")).unwrap();
    let output = run(&cloud, &["audit", "--organization", "--profile", "cis-2.0-l1"]);
    let (code, text) = said(&output);
    assert_eq!(code, Some(2), "{text}");
    for part in [
        "EntityNotExist.Role",
        "Accounts that could not be looked at",
        "3 accounts of 4",
        "The account has no trail.",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn the_policy_that_it_prints_is_enough_and_no_action_of_it_is_too_much() {
    let cloud = Cloud::with(&["--accounts", "1"]);
    let client = organization::client(&cloud);
    let member = organization::member(&client, FIRST);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(organization::build(&member, FIRST)).unwrap();
    cloud.advance_clock(600);
    let output = run(&cloud, &["policy", "--for", "audit"]);
    let policy: Value = serde_json::from_slice(&output.stdout).unwrap();
    let actions: Vec<String> = serde_json::from_value(policy["Statement"][0]["Action"].clone()).unwrap();
    let directory = tempfile::tempdir().unwrap();
    let report = directory.path().join("report.json");
    let role = format!("accounts/{FIRST}/ram/roles/ResourceDirectoryAccountAccessRole");
    let could_not_look = |actions: &[String]| {
        let document = json!({"Version": "1", "Statement": [
            {"Effect": "Allow", "Action": actions, "Resource": "*"}]});
        allow(&cloud, &document);
        let output = run(&cloud, &["audit", "--account", FIRST, "--output", report.to_str().unwrap()]);
        let report = read(&report);
        let findings = report["findings"].as_array().unwrap();
        let missing: BTreeSet<String> =
            findings.iter().filter_map(|finding| finding["action"].as_str().map(str::to_owned)).collect();
        (said(&output), missing)
    };
    cloud.get(&role).unwrap();
    let ((_, text), missing) = could_not_look(&actions);
    assert_eq!(missing, BTreeSet::new(), "{text}");
    let mut unnamed: Vec<String> = Vec::new();
    for action in &actions {
        let less: Vec<String> = actions.iter().filter(|other| *other != action).cloned().collect();
        let ((code, text), missing) = could_not_look(&less);
        if missing.is_empty() {
            unnamed.push(action.clone());
            continue;
        }
        assert_eq!((code, &missing), (Some(2), &BTreeSet::from([action.clone()])), "{action}: {text}");
    }
    assert_eq!(unnamed, NO_OCCASION);
}

/// Actions that the account of the test gives no occasion for: deliveries are fresh, the logstore has its usual name, the archive has
/// a block of its own against public access and a policy that needs no control policy, and the trail delivers without a role of the
/// account's own.
const NO_OCCASION: [&str; 7] = [
    "actiontrail:LookupEvents",
    "log:ListLogStores",
    "oss:GetPublicAccessBlock",
    "ram:GetPolicy",
    "ram:GetRole",
    "ram:ListPoliciesForRole",
    "resourcemanager:GetResourceDirectory",
];

/// Lets the member role do just this.
fn allow(cloud: &Cloud, document: &Value) {
    let account = format!("accounts/{FIRST}/ram");
    let policy = json!({"document": document.to_string(), "create_date": "2026-01-01T00:00:00Z"});
    cloud.put(&format!("{account}/policies/audit"), &policy).unwrap();
    let role = format!("{account}/roles/ResourceDirectoryAccountAccessRole");
    cloud.patch(&role, &json!({"policies": ["audit"]})).unwrap();
}

#[test]
fn what_cannot_be_used_is_refused_before_any_call() {
    let cloud = Cloud::start();
    let directory = tempfile::tempdir().unwrap();
    let broken = directory.path().join("exceptions.toml");
    std::fs::write(&broken, "[[exception]]\nid = \"a\"\nrules = [\"ZZ-1\"]\n").unwrap();
    let broken = broken.to_str().unwrap();
    let mark = cloud.mark();
    for (arguments, part) in [
        (&["--rule", "AT-99"][..], "there is no rule \"AT-99\""),
        (&["--profile", "cis"], "there is no profile \"cis\""),
        (&["--exceptions", broken], "exceptions.toml:1"),
        (&["--exceptions", "none.toml"], "none.toml"),
        (&["--shard", "5/4"], "I from 1 to N"),
        (&["--account", "me"], "digits only"),
        (&["--format", "pdf"], "invalid value 'pdf'"),
        (&["--output", "report"], "says no format"),
        (&["--output", "none/report.json"], "cannot write none/report.json"),
        (&["--baseline", broken], "no report in the JSON format"),
        (&["--region", "cn-hangzou"], "did you mean cn-hangzhou?"),
        (&["--bogus"], "unexpected argument"),
    ] {
        let (code, text) = said(&run(&cloud, &[&["audit"][..], arguments].concat()));
        assert!(code == Some(64) && text.contains(part), "{arguments:?} {code:?}: {text}");
    }
    assert_eq!(cloud.requests_since(mark).len(), 0);
    // A full disk is told, and somebody who has read enough is not.
    if Path::new("/dev/full").exists() {
        let script = "\"$A\" audit --format json > /dev/full";
        let mut command = alitrail(&cloud, &[]);
        let variables: Vec<_> =
            command.get_envs().map(|(name, value)| (name.to_owned(), value.unwrap().to_owned())).collect();
        command = Command::new("sh");
        command.args(["-c", script]).envs(variables).env("A", &artifacts().alitrail);
        let (code, text) = said(&command.output().unwrap());
        assert!(code == Some(1) && text.contains("the report cannot be written"), "{text}");
    }
    let unwritten = directory.path().join("unwritten.json");
    run(&cloud, &["audit", "--output", unwritten.to_str().unwrap(), "--folder", "fd-none"]);
    assert!(!unwritten.exists(), "a run without a report leaves no empty one");
    let (code, text) = said(&alitrail(&cloud, &["audit"]).env("JOB_COMPLETION_INDEX", "0").output().unwrap());
    assert!(code == Some(64) && text.contains("ALITRAIL_SHARDS"), "{text}");
    let (code, text) = said(
        &alitrail(&cloud, &["audit"])
            .env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "no-secret-of-it")
            .output()
            .unwrap(),
    );
    assert!(
        code == Some(2) && text.contains("SignatureDoesNotMatch") && !text.contains("no-secret-of-it"),
        "{text}"
    );
    let (code, text) = said(&run(&cloud, &["audit", "--folder", "fd-none"]));
    assert!(code == Some(64) && text.contains("no account is in a folder \"fd-none\""), "{text}");
}

#[test]
fn ocsf_events_are_read_by_the_models_of_the_format() {
    let cloud = Cloud::with(&["--accounts", "2"]);
    let directory = tempfile::tempdir().unwrap();
    let events = directory.path().join("events.ocsf.json");
    run(&cloud, &["audit", "--organization", "--output", events.to_str().unwrap()]);
    let python = Python::with("py-ocsf-models==0.10.0\n");
    let output = python.run("ocsf_findings.py", &[("EVENTS", events.to_str().unwrap())]);
    let text = output.combined();
    assert!(output.success() && text.trim().parse::<usize>().unwrap() > 10, "{text}");
}

#[test]
fn the_doctor_says_what_is_wrong_and_what_to_do() {
    let cloud = Cloud::with(&["--accounts", "1"]);
    let (code, text) = said(&run(&cloud, &["doctor"]));
    assert_eq!(code, Some(0), "{text}");
    for part in ["credentials", MANAGEMENT, "clock", "region", "actiontrail", "oss", "sls", "permissions"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let wrong = alitrail(&cloud, &["doctor"])
        .env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "no-secret-of-it")
        .output()
        .unwrap();
    let (code, text) = said(&wrong);
    assert!(code == Some(1) && text.contains("identity") && !text.contains("no-secret-of-it"), "{text}");
    let none = alitrail(&cloud, &["doctor"]).env_remove("ALIBABA_CLOUD_ACCESS_KEY_ID").output().unwrap();
    let (code, text) = said(&none);
    assert!(code == Some(1) && text.contains("credentials"), "{text}");
}

#[test]
fn a_folder_is_the_accounts_in_it() {
    let cloud = Cloud::with(&["--accounts", "3"]);
    let directories = cloud.get("directories").unwrap();
    let (id, directory) = directories.as_object().unwrap().iter().next().unwrap();
    let folder =
        json!({"name": "prod", "parent": directory["root_folder"], "create_time": "2026-01-01T00:00:00Z"});
    cloud.put(&format!("directories/{id}/folders/fd-prod"), &folder).unwrap();
    cloud.patch(&format!("directories/{id}/members/{FIRST}"), &json!({"folder": "fd-prod"})).unwrap();
    let directory = tempfile::tempdir().unwrap();
    let report = directory.path().join("report.json");
    let output = run(&cloud, &["audit", "--folder", "fd-prod", "--output", report.to_str().unwrap()]);
    let found = rules(&read(&report), "fail");
    assert_eq!(found.keys().collect::<Vec<_>>(), [FIRST], "{}", said(&output).1);
    assert!(!found[FIRST].contains("OR-01"), "the organization is judged where the whole of it is asked for");
}

#[cfg(unix)]
#[test]
fn an_interrupted_audit_reports_what_there_is() {
    use std::process::Stdio;

    let cloud = Cloud::with(&["--accounts", "40"]);
    // Every answer takes a while, so that the audit is under way when it is interrupted.
    cloud.set_faults(&json!([{"kind": "slow", "milliseconds": 200, "times": 100_000}]));
    let directory = tempfile::tempdir().unwrap();
    let report = directory.path().join("report.json");
    let mark = cloud.mark();
    let mut command = alitrail(
        &cloud,
        &["audit", "--organization", "--parallel", "1", "--output", report.to_str().unwrap()],
    );
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // The organization has been read, and the first member is entered.
    cloud.wait_for_requests(mark, &["AssumeRole"]);
    let process = rustix::process::Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    rustix::process::kill_process(process, rustix::process::Signal::INT).unwrap();
    let (code, text) = said(&child.wait_with_output().unwrap());
    assert_eq!(code, Some(2), "{text}");
    let report = read(&report);
    assert_eq!(report["interrupted"], true, "{text}");
    let missing = report["accounts_not_looked_at"].as_array().unwrap().len();
    assert!(missing > 0 && text.contains("Interrupted: this is a part of the report"), "{missing}: {text}");
}

/// The parts of the Kubernetes Job are run as its manifest says, each with the index that an indexed Job gives it.
#[test]
fn the_job_for_kubernetes_audits_in_parts() {
    let cloud = Cloud::with(&["--accounts", "5"]);
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/ci/kubernetes-audit.yaml");
    let python = Python::with("pyyaml==6.0.2\n");
    let job = python.run("yaml_document.py", &[("FILE", manifest.to_str().unwrap())]);
    let job: Value = serde_json::from_str(&job.stdout).unwrap_or_else(|_| panic!("{}", job.combined()));
    let (spec, container) = (&job["spec"], &job["spec"]["template"]["spec"]["containers"][0]);
    assert_eq!(
        (&spec["completionMode"], &container["command"]),
        (&json!("Indexed"), &json!(["/bin/sh", "-c"]))
    );
    let directory = tempfile::tempdir().unwrap();
    let reports = directory.path().to_str().unwrap();
    let script = container["args"][0].as_str().unwrap().replace("/reports", reports);
    let programs = artifacts().alitrail.parent().unwrap();
    let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap());
    let mut files: Vec<String> = Vec::new();
    for index in 0..spec["completions"].as_u64().unwrap() {
        let mut command = alitrail(&cloud, &[]);
        let variables: Vec<_> =
            command.get_envs().map(|(name, value)| (name.to_owned(), value.unwrap().to_owned())).collect();
        command = Command::new("sh");
        command.args(["-c", &script]).envs(variables).env("PATH", &path);
        for variable in container["env"].as_array().unwrap() {
            command.env(variable["name"].as_str().unwrap(), variable["value"].as_str().unwrap());
        }
        let (code, text) = said(&command.env("JOB_COMPLETION_INDEX", index.to_string()).output().unwrap());
        assert!(matches!(code, Some(0 | 1)), "{text}");
        files.push(format!("{reports}/part-{index}.json"));
    }
    let merged = directory.path().join("merged.json");
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let merge = ["report", "merge", "--output", merged.to_str().unwrap()];
    let (code, text) = said(&run(&cloud, &[&merge[..], &files].concat()));
    assert_eq!(code, Some(1), "{text}");
    assert_eq!(read(&merged)["accounts_looked_at"], 6, "{text}");
}
