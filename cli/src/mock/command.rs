//! `alitrail mock -- COMMAND`: a command that finds the mock where it would look for the cloud.
//!
//! Knows the variables by which the provider and the vendor's tools find endpoint, keys and region. Every name that a
//! tool may read is set or removed, so that no real credentials of the environment are used by mistake.

use std::ffi::{OsStr, OsString};
use std::process::{ExitStatus, Stdio};

use mock_cloud::Ready;
use tokio::process::{Child, Command};

use crate::failure::Failure;

const ACCESS_KEY_ID: [&str; 3] =
    ["ALICLOUD_ACCESS_KEY", "ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABACLOUD_ACCESS_KEY_ID"];
const SECRET: [&str; 3] =
    ["ALICLOUD_SECRET_KEY", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABACLOUD_ACCESS_KEY_SECRET"];
const REGION: [&str; 2] = ["ALICLOUD_REGION", "ALIBABA_CLOUD_REGION"];
/// Other ways to real credentials.
const REMOVED: [&str; 8] = [
    "ALICLOUD_SECURITY_TOKEN",
    "ALIBABA_CLOUD_SECURITY_TOKEN",
    "ALIBABACLOUD_SECURITY_TOKEN",
    "ALICLOUD_PROFILE",
    "ALIBABA_CLOUD_PROFILE",
    "ALIBABA_CLOUD_ROLE_ARN",
    "ALIBABA_CLOUD_ECS_METADATA",
    "ALIBABA_CLOUD_CREDENTIALS_URI",
];
/// The region where none is set.
const DEFAULT_REGION: &str = "cn-hangzhou";

/// Starts the command.
pub(super) fn start(command: &[OsString], ready: &Ready) -> Result<Child, Failure> {
    let (program, arguments) =
        command.split_first().ok_or_else(|| Failure::new("there is no command after --"))?;
    let mut child = Command::new(program);
    child.args(arguments).stdin(Stdio::inherit());
    for name in REMOVED {
        child.env_remove(name);
    }
    for (name, value) in variables(ready, |name| std::env::var_os(name)) {
        child.env(name, value);
    }
    child.spawn().map_err(|error| {
        Failure::new(format!("cannot start {}: {error}", program.to_string_lossy())).with_hint(
            "What follows -- is a program with its arguments, such as: alitrail mock -- terraform test",
        )
    })
}

/// What the command's environment says about the mock; `given` is the environment that there is.
fn variables(ready: &Ready, given: impl Fn(&str) -> Option<OsString>) -> Vec<(&'static str, &OsStr)> {
    let mut all = vec![
        ("ALITRAIL_ENDPOINT_URL", ready.endpoint_url.as_str()),
        ("ALITRAIL_MOCK_ADMIN_URL", ready.admin_url.as_str()),
    ];
    all.extend(ACCESS_KEY_ID.map(|name| (name, ready.access_key.as_str())));
    all.extend(SECRET.map(|name| (name, ready.secret_key.as_str())));
    if REGION.iter().all(|name| given(name).is_none_or(|value| value.is_empty())) {
        all.extend(REGION.map(|name| (name, DEFAULT_REGION)));
    }
    all.into_iter().map(|(name, value)| (name, OsStr::new(value))).collect()
}

/// Waits for the command, which a Ctrl-C reaches by itself and a request to end is handed on to.
pub(super) async fn wait(mut child: Child, end: impl Future<Output = ()>) -> Result<u8, Failure> {
    let ended = tokio::select! {
        status = child.wait() => status,
        () = end => {
            terminate(&child);
            child.wait().await
        }
    };
    ended.map(exit_code).map_err(|error| Failure::new(format!("cannot wait for the command: {error}")))
}

#[cfg(unix)]
fn terminate(child: &Child) {
    use rustix::process::{Pid, Signal, kill_process};
    let id = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
    if let Some(id) = id {
        // It may have ended in this moment.
        let _ = kill_process(id, Signal::TERM);
    }
}

#[cfg(not(unix))]
fn terminate(_child: &Child) {}

/// The command's exit code; 128 and the signal's number if one ended it, as shells have it.
fn exit_code(status: ExitStatus) -> u8 {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return u8::try_from(128 + signal).unwrap_or(1);
    }
    status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ready() -> Ready {
        let text = |text: &str| text.to_owned();
        Ready {
            endpoint_url: text("http://127.0.0.1:1"),
            access_key: text("mock-id"),
            secret_key: text("mock-secret"),
            account_id: text("1"),
            admin_url: text("http://127.0.0.1:2"),
        }
    }

    #[test]
    fn a_region_of_the_environment_is_kept() {
        let ready = ready();
        let region = |given: &[&str]| {
            let given: Vec<String> = given.iter().map(|name| (*name).to_owned()).collect();
            let all = variables(&ready, move |name| {
                given.iter().any(|one| one == name).then(|| "cn-beijing".into())
            });
            all.iter()
                .find(|(name, _)| *name == "ALIBABA_CLOUD_REGION")
                .map(|(_, value)| value.to_os_string())
        };
        assert_eq!(region(&[]), Some("cn-hangzhou".into()));
        assert_eq!(region(&["ALICLOUD_REGION"]), None);
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn the_command_gets_the_keys_of_the_mock_and_gives_its_exit_code() {
        let script = r#"test "$ALICLOUD_ACCESS_KEY/$ALIBABA_CLOUD_ACCESS_KEY_SECRET" = mock-id/mock-secret || exit 9; exit 7"#;
        let command = ["sh", "-c", script].map(OsString::from);
        let child = start(&command, &ready()).unwrap();
        assert_eq!(wait(child, std::future::pending()).await.unwrap(), 7);
        let sleeper = start(&["sleep", "30"].map(OsString::from), &ready()).unwrap();
        assert_eq!(wait(sleeper, std::future::ready(())).await.unwrap(), 128 + 15, "told to end");
        let missing = start(&["/nonexistent/program".into()], &ready()).unwrap_err();
        assert!(missing.to_string().contains("cannot start /nonexistent/program"), "{missing}");
    }
}
