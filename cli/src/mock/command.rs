//! `alitrail mock -- COMMAND`: a command that finds the mock where it would look for the cloud.
//!
//! What it finds in its environment says [`super::environment`].

use std::ffi::OsString;
use std::process::{ExitStatus, Stdio};

use mock_cloud::Ready;
use tokio::process::{Child, Command};

use super::authority::CaFiles;
use super::environment::{self, CredentialFiles};
use super::{OPTIONS, proxy_variables};
use crate::failure::Failure;

/// A command on the mock, and what it needs for as long as it runs.
#[derive(Debug)]
pub(super) struct Running {
    child: Child,
    _files: CredentialFiles,
}

/// Starts the command; on a mock with TLS, it goes by the mock as its proxy.
pub(super) fn start(
    command: &[OsString],
    ready: &Ready,
    trust: Option<&CaFiles>,
) -> Result<Running, Failure> {
    let (program, arguments) =
        command.split_first().ok_or_else(|| Failure::new("there is no command after --"))?;
    let files = CredentialFiles::write(ready)
        .map_err(|error| Failure::new(format!("cannot write the command's credentials files: {error}")))?;
    let mut child = Command::new(program);
    child.args(arguments).stdin(Stdio::inherit());
    for (name, _) in std::env::vars_os() {
        if environment::leads_to_the_cloud(&name.to_string_lossy()) {
            child.env_remove(&name);
        }
    }
    // Another mock in the command is one of its own.
    for name in OPTIONS {
        child.env_remove(name);
    }
    if trust.is_some() {
        for name in proxy_variables::REMOVED {
            child.env_remove(name);
        }
    }
    child.envs(environment::variables(ready, &files, trust, |name| std::env::var_os(name)));
    let child = child.spawn().map_err(|error| {
        Failure::new(format!("cannot start {}: {error}", program.to_string_lossy())).with_hint(
            "What follows -- is a program with its arguments, such as: alitrail mock -- terraform test",
        )
    })?;
    Ok(Running { child, _files: files })
}

/// Waits for the command, which a Ctrl-C reaches by itself and a request to end is handed on to. The mock outlives a
/// Ctrl-C until the command, which may still have to tidy up in the cloud, has ended.
pub(super) async fn wait(mut running: Running, end: impl Future<Output = ()>) -> Result<u8, Failure> {
    let child = &mut running.child;
    let ended = tokio::select! {
        status = child.wait() => status,
        () = outlive_interrupts() => child.wait().await,
        () = end => {
            terminate(child);
            child.wait().await
        }
    };
    ended.map(exit_code).map_err(|error| Failure::new(format!("cannot wait for the command: {error}")))
}

/// Takes Ctrl-C for as long as it is awaited, or ends where it cannot be taken.
async fn outlive_interrupts() {
    while tokio::signal::ctrl_c().await.is_ok() {}
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
            admin_token: None,
        }
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn the_command_gets_the_keys_of_the_mock_and_gives_its_exit_code() {
        let script = r#"test "$ALICLOUD_ACCESS_KEY/$ALIBABA_CLOUD_ACCESS_KEY_SECRET" = mock-id/mock-secret || exit 9; exit 7"#;
        let command = ["sh", "-c", script].map(OsString::from);
        let child = start(&command, &ready(), None).unwrap();
        assert_eq!(wait(child, std::future::pending()).await.unwrap(), 7);
        let sleeper = start(&["sleep", "30"].map(OsString::from), &ready(), None).unwrap();
        assert_eq!(wait(sleeper, std::future::ready(())).await.unwrap(), 128 + 15, "told to end");
        let missing = start(&["/nonexistent/program".into()], &ready(), None).unwrap_err();
        assert!(missing.to_string().contains("cannot start /nonexistent/program"), "{missing}");
    }
}
