//! `alitrail mock`: the mock of the cloud as a process of its own, or around one command; also how the demo starts one
//! inside itself.

mod announcement;
mod authority;
mod command;
pub(crate) mod environment;
mod files;
mod proxy_variables;
mod state;

use std::ffi::OsString;
use std::fs;
use std::io::{IsTerminal, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use mock_cloud::cloud::Secret;
use mock_cloud::{Handle, MockCloud, Options, Ready, StartError};
use serde::de::DeserializeOwned;
use tokio::runtime::Runtime;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use self::announcement::Format;
use self::authority::{CaFiles, Trust};
use self::environment::CredentialFiles;
use crate::failure::Failure;

/// The variable that has the token of the admin interface: for the mock itself and for a command that runs on it.
const ADMIN_TOKEN: &str = "ALITRAIL_MOCK_ADMIN_TOKEN";
/// The variables that say what the options say.
const OPTIONS: [&str; 11] = [
    "ALITRAIL_MOCK_LISTEN",
    "ALITRAIL_MOCK_ADMIN_LISTEN",
    "ALITRAIL_MOCK_TLS",
    "ALITRAIL_MOCK_CA_DIR",
    "ALITRAIL_MOCK_FORMAT",
    "ALITRAIL_MOCK_READY_FILE",
    "ALITRAIL_MOCK_STATE",
    "ALITRAIL_MOCK_FAULTS",
    "ALITRAIL_MOCK_SWITCHES",
    "ALITRAIL_MOCK_ACCOUNTS",
    "ALITRAIL_MOCK_QUOTAS",
];

/// Arguments of `alitrail mock`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Address of the services; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:0", env = "ALITRAIL_MOCK_LISTEN")]
    listen: SocketAddr,

    /// Address of the admin interface. On a loopback address it answers to programs of this machine, not to pages in a
    /// browser; on any other, requests need a token.
    #[arg(
        long,
        value_name = "ADDRESS:PORT",
        default_value = "127.0.0.1:0",
        env = "ALITRAIL_MOCK_ADMIN_LISTEN"
    )]
    admin_listen: SocketAddr,

    /// The token that requests to the admin interface need, in the header "Authorization: Bearer TOKEN". Without it, one
    /// is made where the admin interface listens beyond loopback, and is in the ready line. Other users of the machine
    /// see command lines, so better use the environment variable.
    #[arg(long, value_name = "TOKEN", env = ADMIN_TOKEN, hide_env_values = true)]
    admin_token: Option<String>,

    /// Also speak TLS at the address of the services, and be a proxy for tools that use the real host names: CONNECT
    /// leads to the mock, and nowhere else. Certificates are made for hosts of the cloud and of this machine only, by an
    /// authority of the mock's own.
    #[arg(long, env = "ALITRAIL_MOCK_TLS", value_parser = clap::builder::FalseyValueParser::new())]
    tls: bool,

    /// Keep the certificate authority of --tls in this directory, or use the one that is there: ca.pem is for tools to
    /// trust, ca-key.pem for nobody. Without it, a new one is made at each start and its key is never written.
    #[arg(long, value_name = "DIR", env = "ALITRAIL_MOCK_CA_DIR", requires = "tls")]
    ca_dir: Option<PathBuf>,

    /// Say for people (text) or for programs (json) on standard output that the mock is ready. By default for people on
    /// a terminal, and for programs elsewhere.
    #[arg(long, env = "ALITRAIL_MOCK_FORMAT")]
    format: Option<Format>,

    /// Also write the ready line, as JSON, to this file, once everything listens. Only its owner may read the file.
    #[arg(long, value_name = "PATH", env = "ALITRAIL_MOCK_READY_FILE")]
    ready_file: Option<PathBuf>,

    /// Begin with the state in this file, if there is one, and save the state there at the end. Only its owner may read
    /// the file. A symbolic link, or a file that is no state, is refused and stays as it is.
    #[arg(long, value_name = "FILE", env = "ALITRAIL_MOCK_STATE")]
    state: Option<PathBuf>,

    /// Fault rules in force from the start: a JSON list as `PUT /v1/faults` of the admin interface takes it.
    #[arg(long, value_name = "FILE", env = "ALITRAIL_MOCK_FAULTS")]
    faults: Option<PathBuf>,

    /// Decide an open point of the cloud's documentation; `GET /v1/switches` of the admin interface lists them. In the
    /// environment variable they are separated by commas.
    #[arg(
        long = "switch",
        value_name = "NAME=VALUE",
        value_parser = name_and_value,
        value_delimiter = ',',
        env = "ALITRAIL_MOCK_SWITCHES"
    )]
    switches: Vec<(String, String)>,

    /// Member accounts of the resource directory, besides the management account. A loaded state has its own.
    #[arg(long, value_name = "NUMBER", default_value_t = 0, env = "ALITRAIL_MOCK_ACCOUNTS", value_parser = clap::value_parser!(u32).range(..=10_000))]
    accounts: u32,

    /// Whether the cloud's limits on how many things an account may have hold.
    #[arg(long, value_name = "on|off", value_parser = ["on", "off"], env = "ALITRAIL_MOCK_QUOTAS")]
    quotas: Option<String>,

    /// Run this command on the mock and end with it, with its exit code: its environment has the mock's address
    /// (ALITRAIL_ENDPOINT_URL, ALITRAIL_MOCK_ADMIN_URL), keys, and a region if none is set, and nothing that leads to
    /// the real cloud. With --tls it also has the mock as its proxy and certificates to trust. Requests are logged when RUST_LOG says so.
    #[arg(last = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

impl Arguments {
    /// Says on standard error what other machines can do.
    fn warn(&self) {
        let mark = console::style("warning:").yellow().bold().for_stderr();
        if !is_loopback(self.listen) {
            eprintln!(
                "{mark} the services listen on {}, where other machines may reach them, with keys that are no secret.",
                self.listen
            );
        }
        if !is_loopback(self.admin_listen) {
            eprintln!(
                "{mark} the admin interface listens on {}, where other machines may reach it. Whoever has the token \
                 can read all keys, change everything and stop the mock.",
                self.admin_listen
            );
        }
    }

    fn format(&self) -> Format {
        let people = std::io::stdout().is_terminal();
        self.format.unwrap_or(if people { Format::Text } else { Format::Json })
    }

    fn options(&self, trust: Option<&Trust>) -> Result<Options, Failure> {
        let mut switches = self.switches.clone();
        switches.extend(self.quotas.iter().map(|value| ("quotas".to_owned(), value.clone())));
        Ok(Options {
            listen: self.listen,
            admin_listen: self.admin_listen,
            admin_token: self.admin_token.clone().map(Secret::new),
            members: self.accounts,
            state: self.state.as_deref().map(state::load).transpose()?.flatten(),
            faults: self.faults.as_deref().map(read_json).transpose()?.unwrap_or_default(),
            switches,
            tls: trust.map(|trust| trust.authority.clone()),
            ..Options::default()
        })
    }
}

/// Whether an address can be reached from this machine only.
fn is_loopback(address: SocketAddr) -> bool {
    address.ip().to_canonical().is_loopback()
}

/// Reads a file that holds one JSON document.
fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T, Failure> {
    let text =
        fs::read(path).map_err(|error| Failure::new(format!("cannot read {}: {error}", path.display())))?;
    serde_json::from_slice(&text)
        .map_err(|error| Failure::new(format!("{} is not what it should be: {error}", path.display())))
}

fn name_and_value(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("it takes NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

/// Serves until Ctrl-C, until the admin interface is told to stop, or until the command ends.
pub fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let alone = arguments.command.is_empty();
    log_to_stderr(if alone { LevelFilter::INFO } else { LevelFilter::WARN });
    let runtime = runtime()?;
    let trust = arguments.tls.then(|| Trust::prepare(arguments.ca_dir.as_deref())).transpose()?;
    let mock = Mock::start(&runtime, arguments.options(trust.as_ref())?)?;
    let trust = trust.as_ref().map(|trust| &trust.files);
    arguments.warn();
    let line = announcement::json(&mock.ready, trust)
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
    let saved = arguments.state.as_deref().map_or(Ok(()), |path| state::save(path, &mock.handle.save()));
    mock.stop(&runtime);
    let code = outcome?;
    saved.map(|()| ExitCode::from(code))
}

/// What people read when the mock is ready.
fn for_people(ready: &Ready, trust: Option<&CaFiles>) -> Result<String, Failure> {
    let files = CredentialFiles::write(ready)
        .map_err(|error| Failure::new(format!("cannot write credentials files: {error}")))?;
    let variables = environment::variables(ready, &files, trust, |name| std::env::var_os(name));
    Ok(announcement::text(ready, trust, &variables))
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
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        arguments: Arguments,
    }

    fn parse(line: &[&str]) -> Result<Arguments, clap::Error> {
        Line::try_parse_from(["mock"].iter().chain(line)).map(|line| line.arguments)
    }

    #[test]
    fn the_state_outlives_the_process() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cloud.json");
        let line = ["--state", path.to_str().unwrap(), "--accounts", "2", "--quotas", "off"];
        let arguments = parse(&line).unwrap();
        let runtime = runtime().unwrap();
        let mock = Mock::start(&runtime, arguments.options(None).unwrap()).unwrap();
        mock.handle.with_world(|world| world.clock.offset_seconds = 7);
        state::save(&path, &mock.handle.save()).unwrap();
        mock.stop(&runtime);

        let again = parse(&["--state", path.to_str().unwrap(), "--accounts", "9"]).unwrap();
        let world = again.options(None).unwrap().state.unwrap();
        assert_eq!((world.accounts.len(), world.clock.offset_seconds), (3, 7));
        assert_eq!(serde_json::to_value(&world.switches).unwrap()["quotas"], "off");
    }

    #[test]
    fn files_and_numbers_that_do_not_fit_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("faults.json");
        fs::write(&path, r#"[{ "kind": "throttle", "colour": "red" }]"#).unwrap();
        let refused = parse(&["--faults", path.to_str().unwrap()]).unwrap().options(None).unwrap_err();
        assert!(refused.to_string().contains("colour"), "{refused}");
        let missing = parse(&["--faults", "/nonexistent/faults.json"]).unwrap().options(None).unwrap_err();
        assert!(missing.to_string().contains("cannot read"), "{missing}");
        fs::write(&path, r#"[{ "kind": "throttle", "times": 2 }]"#).unwrap();
        let taken = parse(&["--faults", path.to_str().unwrap()]).unwrap().options(None).unwrap();
        assert_eq!(taken.faults.len(), 1);
        for line in [["--quotas", "maybe"], ["--accounts", "10001"], ["--switch", "quotas"]] {
            assert!(parse(&line).is_err(), "{line:?}");
        }
    }
}
