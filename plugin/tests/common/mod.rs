//! What the tests of the process share: starting the minimal plugin as Terraform does.
#![allow(dead_code)] // Each test program uses its own part.
#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests fail like tests.

use std::{future::Future, time::Duration};

use plugin::serve::host::{HostError, Identity, Running, command};
use proto::tfplugin6::{get_provider_schema, provider_client::ProviderClient};
use tokio::process::Command;
use tonic::transport::Channel;

/// The executable under test.
pub(crate) const PLUGIN: &str = env!("CARGO_BIN_EXE_minimal-plugin");

/// Largest message a client takes.
pub(crate) const LIMIT: usize = 256 << 20;

/// The command without anything a developer's environment would add.
pub(crate) fn plugin(identity: Option<&Identity>) -> Command {
    let mut command = command(PLUGIN, identity);
    // Most tests end with a killed process, which leaves its socket behind.
    command.env("TMPDIR", env!("CARGO_TARGET_TMPDIR"));
    for name in ["TF_LOG", "TF_LOG_PROVIDER", "TF_LOG_PROVIDER_MINIMAL", "RUST_BACKTRACE"] {
        command.env_remove(name);
    }
    command
}

/// Starts the plugin with TLS and connects to it.
pub(crate) async fn connected() -> (Running, Channel) {
    let identity = Identity::new().unwrap();
    let running = Running::start(plugin(Some(&identity))).await.unwrap();
    let channel = running.connect(Some(&identity)).await.unwrap();
    (running, channel)
}

/// A client for the provider itself.
pub(crate) fn provider(channel: &Channel) -> ProviderClient<Channel> {
    ProviderClient::new(channel.clone()).max_decoding_message_size(LIMIT).max_encoding_message_size(LIMIT)
}

/// Whether the plugin answers.
pub(crate) async fn answers(channel: &Channel) -> bool {
    let mut provider = provider(channel);
    within(5_000, provider.get_provider_schema(get_provider_schema::Request {})).await.is_ok()
}

/// The result of something that must not take longer.
pub(crate) async fn within<T>(milliseconds: u64, future: impl Future<Output = T>) -> T {
    let limit = Duration::from_millis(milliseconds);
    tokio::time::timeout(limit, future).await.unwrap_or_else(|_| panic!("took longer than {limit:?}"))
}

/// Waits for the end of the process: exit code, further standard output, standard error.
pub(crate) async fn end(running: Running, milliseconds: u64) -> (Option<i32>, String, String) {
    within(milliseconds, running.end()).await.unwrap()
}

/// What the plugin said instead of a handshake line.
pub(crate) async fn refusal(command: Command) -> String {
    match Running::start(command).await {
        Err(HostError::NoHandshake(why)) => why,
        Err(other) => panic!("{other}"),
        Ok(running) => panic!("started: {}", running.handshake.line),
    }
}

/// Sends a signal to the process.
#[cfg(unix)]
pub(crate) fn signal(running: &Running, signal: nix::sys::signal::Signal) {
    let process = nix::unistd::Pid::from_raw(running.child.id().unwrap().try_into().unwrap());
    nix::sys::signal::kill(process, signal).unwrap();
}
