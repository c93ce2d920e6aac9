//! `alitrail mock`: the mock of the cloud as a process of its own, or around one command; also how the demo starts one
//! inside itself.

mod announcement;
mod arguments;
mod assert;
mod authority;
mod command;
pub(crate) mod environment;
mod files;
mod proxy_variables;
mod saver;
mod state;

use std::io::Write;
use std::process::ExitCode;

use mock_cloud::{Handle, MockCloud, Options, Ready, StartError};
use tokio::runtime::Runtime;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use self::announcement::Format;
pub use self::arguments::Arguments;
use self::arguments::{ADMIN_TOKEN, OPTIONS, Task};
use self::authority::{CaFiles, Trust};
use self::environment::CredentialFiles;
use self::saver::Saver;
use crate::failure::Failure;

/// Serves until Ctrl-C, until the admin interface is told to stop, or until the command ends.
pub fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    if let Some(Task::Assert(arguments)) = &arguments.task {
        return assert::run(arguments).map(|()| ExitCode::SUCCESS);
    }
    if arguments.list_switches {
        return list_switches(arguments.format()).map(|()| ExitCode::SUCCESS);
    }
    let alone = arguments.command.is_empty();
    log_to_stderr(if alone { LevelFilter::INFO } else { LevelFilter::WARN });
    let runtime = runtime()?;
    let trust = arguments.tls.then(|| Trust::prepare(arguments.ca_dir.as_deref())).transpose()?;
    let mock = Mock::start(&runtime, arguments.options(trust.as_ref())?)?;
    let trust = trust.as_ref().map(|trust| &trust.files);
    arguments.warn();
    let reader = mock.handle.state_reader();
    let saver = arguments.state.as_deref().map(|path| Saver::start(path, reader)).transpose()?;
    let line = announcement::ready_json(&mock.ready, trust)
        .map_err(|error| Failure::new(format!("cannot write the ready line: {error}")))?;
    if let Some(path) = &arguments.ready_file {
        files::replace(path, |file| file.write_all(line.as_bytes()))
            .map_err(|error| Failure::new(format!("cannot write {}: {error}", path.display())))?;
    }
    let outcome = if alone {
        let text = match arguments.format() {
            Format::Json => line,
            Format::Text => for_people(&mock.ready, trust)?,
        };
        serve(&runtime, &mock, &text).map(|()| 0)
    } else {
        runtime.block_on(async {
            let child = command::start(&arguments.command, &mock.ready, trust)?;
            command::wait(child, terminated()).await
        })
    };
    mock.stop(&runtime);
    let saved = saver.map_or(Ok(()), Saver::finish);
    let code = outcome?;
    saved.map(|()| ExitCode::from(code))
}

/// Prints all switches.
fn list_switches(format: Format) -> Result<(), Failure> {
    let text = match format {
        Format::Json => announcement::switches_json(),
        Format::Text => announcement::switches_text(),
    };
    // Whoever reads it may have seen enough.
    let _ = writeln!(std::io::stdout(), "{}", text.trim_end());
    Ok(())
}

/// What people read when the mock is ready.
fn for_people(ready: &Ready, trust: Option<&CaFiles>) -> Result<String, Failure> {
    let files = CredentialFiles::write(ready)
        .map_err(|error| Failure::new(format!("cannot write credentials files: {error}")))?;
    let variables = environment::variables(ready, &files, trust, |name| std::env::var_os(name));
    Ok(announcement::ready_text(ready, trust, &variables))
}

/// Says where it listens, and serves until it is told to end.
fn serve(runtime: &Runtime, mock: &Mock, text: &str) -> Result<(), Failure> {
    runtime.block_on(async {
        // Whoever reads the text may end the mock at once.
        let (interrupted, terminated) = (interrupted(), terminated());
        let mut out = std::io::stdout();
        writeln!(out, "{}", text.trim_end())
            .and_then(|()| out.flush())
            .map_err(|error| Failure::new(format!("cannot write the ready line: {error}")))?;
        tokio::select! {
            () = mock.handle.stopped() => {}
            () = interrupted => {}
            () = terminated => {}
        }
        Ok(())
    })
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

/// One line per request on standard error, at the level `info`; `RUST_LOG` overrides the level. Coloured on a terminal that
/// has colours, unless `NO_COLOR`, `CLICOLOR` or `CLICOLOR_FORCE` says otherwise, as all that this command prints.
fn log_to_stderr(level: LevelFilter) {
    let wanted = std::env::var("RUST_LOG").ok().and_then(|wanted| wanted.parse::<Targets>().ok());
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(console::colors_enabled_stderr())
        .with_target(false)
        .compact();
    let filter = wanted.unwrap_or_else(|| Targets::new().with_default(level));
    // A second logger in one process would be a mistake in here and is not the user's concern.
    let _ = tracing_subscriber::registry().with(filter).with(lines).try_init();
}

/// Resolves on Ctrl-C. Taken from the call on, which is in a runtime.
fn interrupted() -> impl Future<Output = ()> {
    #[cfg(unix)]
    return taken(tokio::signal::unix::SignalKind::interrupt());
    #[cfg(not(unix))]
    async {
        // Without a handler there is nothing to wait for: the process ends by itself.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// Resolves on the signal with which service managers end a process. Taken from the call on, which is in a runtime.
fn terminated() -> impl Future<Output = ()> {
    #[cfg(unix)]
    return taken(tokio::signal::unix::SignalKind::terminate());
    #[cfg(not(unix))]
    std::future::pending()
}

#[cfg(unix)]
fn taken(kind: tokio::signal::unix::SignalKind) -> impl Future<Output = ()> {
    let signal = tokio::signal::unix::signal(kind);
    async move {
        match signal {
            Ok(mut signal) => drop(signal.recv().await),
            // Without a handler the process ends by the signal itself.
            Err(_) => std::future::pending().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::arguments::tests::parse;
    use super::*;

    #[test]
    fn the_state_outlives_the_process() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cloud.json");
        let line = ["--state", path.to_str().unwrap(), "--accounts", "2", "--quotas", "off"];
        let arguments = parse(&line).unwrap();
        let runtime = runtime().unwrap();
        let mock = Mock::start(&runtime, arguments.options(None).unwrap()).unwrap();
        mock.handle.with_cloud(|cloud| cloud.clock.offset_seconds = 7);
        state::save(&path, &mock.handle.save()).unwrap();
        mock.stop(&runtime);

        let again = parse(&["--state", path.to_str().unwrap(), "--accounts", "9"]).unwrap();
        let cloud = again.options(None).unwrap().state.unwrap();
        assert_eq!((cloud.accounts.len(), cloud.clock.offset_seconds), (3, 7));
        assert_eq!(serde_json::to_value(&cloud.switches).unwrap()["quotas"], "off");
    }
}
