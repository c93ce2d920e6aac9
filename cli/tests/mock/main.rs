//! `alitrail mock` as a process: what it gives a command, what it does with its state file, and what it says at the start.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on panics")]
#![cfg(unix)]

mod assert;
mod killed;
mod terminal;
mod tls;

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value;

/// Settings of the real cloud's tools.
const REAL: &[&str] = &[
    "ALICLOUD_ACCESS_KEY",
    "ALICLOUD_SECRET_KEY",
    "ALICLOUD_SECURITY_TOKEN",
    "ALICLOUD_ECS_ROLE_NAME",
    "ALICLOUD_ACCOUNT_ID",
    "ALICLOUD_ASSUME_ROLE_ARN",
    "ALICLOUD_ASSUME_ROLE_SESSION_NAME",
    "ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION",
    "ALICLOUD_CREDENTIALS_URI",
    "ALICLOUD_SHARED_CREDENTIALS_FILE",
    "ALICLOUD_PROFILE",
    "ALICLOUD_SOURCE_IP",
    "ALICLOUD_STS_TOKEN",
    "ALIBABA_CLOUD_ACCESS_KEY_ID",
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
    "ALIBABA_CLOUD_SECURITY_TOKEN",
    "ALIBABA_CLOUD_ACCOUNT_ID",
    "ALIBABA_CLOUD_ACCOUNT_TYPE",
    "ALIBABA_CLOUD_BEARER_TOKEN",
    "ALIBABA_CLOUD_CONFIG_FILE",
    "ALIBABA_CLOUD_CREDENTIALS_FILE",
    "ALIBABA_CLOUD_CREDENTIALS_URI",
    "ALIBABA_CLOUD_ECS_METADATA",
    "ALIBABA_CLOUD_ENDPOINT",
    "ALIBABA_CLOUD_ENDPOINT_ACTIONTRAIL",
    "ALIBABA_CLOUD_ENDPOINT_TYPE",
    "ALIBABA_CLOUD_OIDC_PROVIDER_ARN",
    "ALIBABA_CLOUD_OIDC_TOKEN",
    "ALIBABA_CLOUD_OIDC_TOKEN_FILE",
    "ALIBABA_CLOUD_PROFILE",
    "ALIBABA_CLOUD_ROLE_ARN",
    "ALIBABA_CLOUD_ROLE_SESSION_NAME",
    "ALIBABA_CLOUD_STS_ENDPOINT",
    "ALIBABA_CLOUD_STS_REGION",
    "ALIBABACLOUD_ACCESS_KEY_ID",
    "ALIBABACLOUD_ACCESS_KEY_SECRET",
    "ALIBABACLOUD_PROFILE",
    "ALIBABACLOUD_ROLE_ARN",
    "ALIYUN_LOG_CLI_ACCESSID",
    "ALIYUN_LOG_CLI_ACCESSKEY",
    "ALIYUN_LOG_CLI_ENDPOINT",
    "ALIYUN_LOG_CLI_STS_TOKEN",
    "OSS_ACCESS_KEY_ID",
    "OSS_ACCESS_KEY_SECRET",
    "OSS_ENDPOINT",
    "OSS_ROLE_ARN",
    "OSS_SESSION_TOKEN",
    "OSSUTIL_CONFIG_FILE",
    "OSSUTIL_PROFILE",
    "SLS_ENDPOINT",
    "LOG_ENDPOINT",
    "ACTIONTRAIL_ENDPOINT",
    "STS_ENDPOINT",
    "RAM_ENDPOINT",
    "RESOURCEMANAGER_ENDPOINT",
    "LOCATION_ENDPOINT",
    "CONFIG_ENDPOINT",
    "KMS_ENDPOINT",
    "R_KVSTORE_ENDPOINT",
    "TF_ENDPOINT_PATH",
    "ACCESS_KEY_ID",
    "ACCESS_KEY_SECRET",
    "SECURITY_TOKEN",
    "ENDPOINT_TYPE",
    "ALITRAIL_ENDPOINT_URL",
];

/// A value that nothing of the real cloud may keep.
const SENTINEL: &str = "of-the-real-cloud";

fn alitrail() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_alitrail"));
    command.arg("mock").env_remove("RUST_LOG").stdin(Stdio::null());
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("ALITRAIL_MOCK_") {
            command.env_remove(&name);
        }
    }
    command
}

/// The environment of a command on the mock.
fn environment(given: &[(&str, &str)]) -> BTreeMap<String, String> {
    environment_of(&[], given)
}

/// The same on a mock with options.
fn environment_of(options: &[&str], given: &[(&str, &str)]) -> BTreeMap<String, String> {
    let mut command = alitrail();
    command.args(options).args(["--", "env", "-0"]).envs(REAL.iter().map(|name| (name, SENTINEL)));
    let output = command.envs(given.iter().copied()).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    let pairs = text.split('\0').filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn nothing_of_the_real_cloud_reaches_a_command() {
    let environment =
        environment(&[("ALICLOUD_REGION", "cn-beijing"), ("ALICLOUD_SKIP_REGION_VALIDATION", "true")]);
    let left: Vec<_> = environment.iter().filter(|(_, value)| *value == SENTINEL).collect();
    assert!(left.is_empty(), "{left:?}");
    for name in
        ["ALICLOUD_ACCESS_KEY", "ALIBABA_CLOUD_ACCESS_KEY_ID", "OSS_ACCESS_KEY_ID", "ALIYUN_LOG_CLI_ACCESSID"]
    {
        assert_eq!(environment.get(name).map(String::as_str), Some("mock-access-key-id"), "{name}");
    }
    for name in ["ALICLOUD_SECRET_KEY", "ALIBABACLOUD_ACCESS_KEY_SECRET", "OSS_ACCESS_KEY_SECRET"] {
        assert_eq!(environment.get(name).map(String::as_str), Some("mock-access-key-secret"), "{name}");
    }
    assert!(environment["ALITRAIL_ENDPOINT_URL"].starts_with("http://127.0.0.1:"));
    assert_eq!(environment["ALICLOUD_REGION"], "cn-beijing", "a region is nobody's secret");
    assert_eq!(environment["ALICLOUD_SKIP_REGION_VALIDATION"], "true");
    assert_eq!(environment.get("HOME"), std::env::var("HOME").ok().as_ref(), "Terraform needs it");
}

#[test]
fn profiles_of_the_home_directory_are_out_of_reach() {
    let home = tempfile::tempdir().unwrap();
    let command = "test $ALIBABA_CLOUD_IGNORE_PROFILE = TRUE || exit 9
        test $ALIBABA_CLOUD_CLI_PROFILE_DISABLED = true || exit 9
        for file in ALICLOUD_SHARED_CREDENTIALS_FILE ALIBABA_CLOUD_CREDENTIALS_FILE ALIBABA_CLOUD_CONFIG_FILE; do
            eval path=\\$$file; cat $path || exit 8; echo
        done
        cat $OSSUTIL_CONFIG_FILE >&2; echo $OSSUTIL_CONFIG_FILE > $HOME/seen";
    let mut mock = alitrail();
    mock.args(["--", "sh", "-c", command]).env("HOME", home.path());
    let output = mock.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let out = String::from_utf8(output.stdout.clone()).unwrap();
    assert_eq!(out.lines().count(), 3, "{out}");
    for line in out.lines() {
        let profiles: Value = serde_json::from_str(line).unwrap();
        assert_eq!(profiles["current"], "default");
        assert_eq!(profiles["profiles"][0]["access_key_id"], "mock-access-key-id");
    }
    assert_eq!(said(&output), "[default]\n");
    let seen = fs::read_to_string(home.path().join("seen")).unwrap();
    assert!(!Path::new(seen.trim()).exists(), "the files end with the command: {seen}");
}

#[test]
fn a_proxy_is_not_asked_for_the_mock() {
    let environment = environment(&[("https_proxy", "http://127.0.0.1:1"), ("NO_PROXY", "intranet")]);
    assert_eq!(environment["https_proxy"], "http://127.0.0.1:1", "Terraform may need it for providers");
    for name in ["NO_PROXY", "no_proxy"] {
        let exceptions: Vec<&str> = environment[name].split(',').collect();
        let wanted = ["intranet", "127.0.0.1", "localhost"];
        assert!(wanted.iter().all(|host| exceptions.contains(host)), "{exceptions:?}");
    }
}

#[test]
fn a_file_that_is_no_state_is_refused_and_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cloud.json");
    for text in ["[]", "{}", r#"{"version": 4, "serial": 7}"#, "notes of mine", ""] {
        fs::write(&path, text).unwrap();
        let output = alitrail().arg("--state").arg(&path).args(["--", "true"]).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{text}");
        let said = said(&output);
        assert!(said.contains("as the state file") && said.contains("stays as it is"), "{said}");
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }
    // What comes into its place while the mock runs is not overwritten either.
    fs::remove_file(&path).unwrap();
    let script = format!("printf '[]' > '{}'", path.display());
    let output = alitrail().arg("--state").arg(&path).args(["--", "sh", "-c", &script]).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert_eq!(fs::read_to_string(&path).unwrap(), "[]");
}

#[test]
fn a_state_file_is_private_and_no_link_is_followed() {
    let folder = tempfile::tempdir().unwrap();
    let (path, link) = (folder.path().join("cloud.json"), folder.path().join("link.json"));
    let ready = folder.path().join("ready.json");
    let run = |state: &Path| {
        // No umask protects it.
        let mut command = Command::new("sh");
        command.args(["-c", "umask 0; exec \"$@\"", "sh", env!("CARGO_BIN_EXE_alitrail"), "mock"]);
        command.arg("--state").arg(state).arg("--ready-file").arg(&ready).args(["--", "true"]);
        command.stdin(Stdio::null()).output().unwrap()
    };
    assert!(run(&path).status.success());
    for file in [&path, &ready] {
        assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600, "{}", file.display());
    }
    let saved = fs::read(&path).unwrap();
    let text = String::from_utf8(saved.clone()).unwrap();
    assert!(text.contains("\"format_version\": 1"), "{text:.80}");
    assert!(run(&path).status.success(), "it is loaded again");
    symlink(&path, &link).unwrap();
    let output = run(&link);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("symbolic link"), "{output:?}");
    assert_eq!(fs::read(&path).unwrap(), saved);
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
}

#[test]
fn listening_beyond_loopback_warns_and_asks_for_a_token() {
    let quiet = alitrail().args(["--", "true"]).output().unwrap();
    assert_eq!(said(&quiet), "");
    let open = ["--listen", "0.0.0.0:0", "--admin-listen", "0.0.0.0:0"];
    let script = "echo ${#ALITRAIL_MOCK_ADMIN_TOKEN}";
    let output = alitrail().args(open).args(["--", "sh", "-c", script]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "64\n", "the command has the token");
    let warnings = said(&output);
    assert!(warnings.contains("warning: the services listen on 0.0.0.0:0"), "{warnings}");
    assert!(warnings.contains("warning: the admin interface listens on 0.0.0.0:0"), "{warnings}");

    let own = "a-token-of-my-own";
    let mut given = alitrail();
    given.args(["--", "sh", "-c", "echo $ALITRAIL_MOCK_ADMIN_TOKEN"]).env("ALITRAIL_MOCK_ADMIN_TOKEN", own);
    assert_eq!(String::from_utf8_lossy(&given.output().unwrap().stdout), format!("{own}\n"));
    for short in ["short", "with blanks, which no header has"] {
        let output = alitrail().args(["--admin-token", short, "--", "true"]).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{short}");
        assert!(said(&output).contains("at least 16 characters"), "{}", said(&output));
    }
    let mut serving = alitrail();
    serving.args(open).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut serving = serving.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(serving.stdout.take().unwrap()).read_line(&mut line).unwrap();
    serving.kill().unwrap();
    serving.wait().unwrap();
    let ready: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(ready["admin_token"].as_str().map(str::len), Some(64), "{line}");
}

#[test]
fn the_mock_outlives_a_ctrl_c_until_its_command_has_ended() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cloud.json");
    // A shell could not do this where the tests run with SIGINT ignored, as background jobs do.
    let script = "
import signal, sys, time
def tidy(*_):
    time.sleep(0.3)
    print('tidied', flush=True)
    sys.exit(7)
signal.signal(signal.SIGINT, tidy)
print('ready', flush=True)
while True:
    time.sleep(1)";
    let mut command = alitrail();
    command.arg("--state").arg(&path).args(["--", "python3", "-c", script]);
    // A terminal sends Ctrl-C to the whole group.
    let mut mock = command.process_group(0).stdout(Stdio::piped()).spawn().unwrap();
    let mut out = BufReader::new(mock.stdout.take().unwrap());
    let mut line = String::new();
    out.read_line(&mut line).unwrap();
    assert_eq!(line, "ready\n");
    std::thread::sleep(Duration::from_millis(100));
    let group = rustix::process::Pid::from_child(&mock);
    rustix::process::kill_process_group(group, rustix::process::Signal::INT).unwrap();
    let mut rest = String::new();
    out.read_to_string(&mut rest).unwrap();
    assert_eq!((rest.as_str(), mock.wait().unwrap().code()), ("tidied\n", Some(7)));
    assert!(path.exists(), "its state is saved");
}
