//! `alitrail mock`: the mock of the cloud as a process of its own; also how the demo starts one inside itself.

use std::fs;
use std::io::{IsTerminal, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use mock_cloud::{Handle, MockCloud, Options, Ready, StartError};
use tokio::runtime::Runtime;
use tracing_subscriber::EnvFilter;

use crate::failure::Failure;

/// Arguments of `alitrail mock`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Address of the services; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:0")]
    listen: SocketAddr,

    /// Address of the admin interface, which asks for no credentials.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:0")]
    admin_listen: SocketAddr,

    /// Also write the ready line to this file, once everything listens.
    #[arg(long, value_name = "PATH")]
    ready_file: Option<PathBuf>,

    /// Decide an open point of the cloud's documentation; `GET /v1/switches` of the admin interface lists them.
    #[arg(long = "switch", value_name = "NAME=VALUE", value_parser = name_and_value)]
    switches: Vec<(String, String)>,
}

fn name_and_value(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("it takes NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

/// Serves until Ctrl-C, or until the admin interface is told to stop.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    log_to_stderr();
    let runtime = runtime()?;
    let options = Options {
        listen: arguments.listen,
        admin_listen: arguments.admin_listen,
        switches: arguments.switches.clone(),
        ..Options::default()
    };
    let mock = Mock::start(&runtime, options)?;
    let line = serde_json::to_string(&mock.ready)
        .map_err(|error| Failure::new(format!("cannot write the ready line: {error}")))?;
    if let Some(path) = &arguments.ready_file {
        write_whole(path, &line)
            .map_err(|error| Failure::new(format!("cannot write {}: {error}", path.display())))?;
    }
    println!("{line}");
    std::io::stdout()
        .flush()
        .map_err(|error| Failure::new(format!("cannot write the ready line: {error}")))?;
    runtime.block_on(async {
        tokio::select! {
            () = mock.handle.stopped() => {}
            () = asked_to_end() => {}
        }
    });
    mock.stop(&runtime);
    Ok(())
}

/// A mock inside this process.
#[derive(Debug)]
pub struct Mock {
    handle: Handle,
    ready: Ready,
}

impl Mock {
    /// Starts it.
    pub fn start(runtime: &Runtime, options: Options) -> Result<Self, Failure> {
        let handle = runtime.block_on(MockCloud::start(options)).map_err(|error| {
            let failure = Failure::new(format!("the mock cloud does not start: {error}"));
            match error {
                StartError::Bind { .. } => {
                    failure.with_hint("Choose another port, or port 0 for a free one.")
                }
                _ => failure,
            }
        })?;
        let ready = handle.ready();
        Ok(Mock { handle, ready })
    }

    /// Where it is and how to sign for it.
    pub fn ready(&self) -> &Ready {
        &self.ready
    }

    /// Stops it and waits until it is down.
    pub fn stop(self, runtime: &Runtime) {
        runtime.block_on(self.handle.shutdown());
    }
}

/// The runtime that a mock runs on.
pub(crate) fn runtime() -> Result<Runtime, Failure> {
    Runtime::new().map_err(|error| Failure::new(format!("cannot start threads: {error}")))
}

/// Writes a file in one step, so that who waits for it never reads half of it.
fn write_whole(path: &Path, line: &str) -> std::io::Result<()> {
    let part = path.with_extension(format!("part-{}", std::process::id()));
    fs::write(&part, format!("{line}\n"))?;
    fs::rename(&part, path)
}

/// One line per request on standard error; `RUST_LOG` shows more or less.
fn log_to_stderr() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let colours = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(colours)
        .with_target(false)
        .compact();
    // A second logger in one process would be a mistake in here and is not the user's concern.
    let _ = subscriber.try_init();
}

/// Resolves on Ctrl-C, and on the signal with which service managers end a process.
async fn asked_to_end() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    // Without a handler there is nothing to wait for: the process ends by the signal itself.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
