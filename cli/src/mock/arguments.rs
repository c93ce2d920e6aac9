//! The command line of `alitrail mock`.

use std::ffi::OsString;
use std::fs;
use std::io::IsTerminal;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use mock_cloud::Options;
use mock_cloud::cloud::Secret;
use serde::de::DeserializeOwned;

use super::announcement::Format;
use super::authority::Trust;
use super::{assert, state};
use crate::failure::Failure;

/// The variable that has the token of the admin interface: for the mock itself and for a command that runs on it.
pub(super) const ADMIN_TOKEN: &str = "ALITRAIL_MOCK_ADMIN_TOKEN";
/// The variables that say what the options say.
pub(super) const OPTIONS: [&str; 11] = [
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

/// What else there is to do with a mock than to serve one.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Task {
    /// Check which requests a running mock has seen.
    ///
    /// Exit codes: 0 all expectations hold, 1 one does not, 2 the command line is wrong, 3 the mock cannot be asked.
    Assert(assert::Arguments),
}

/// Arguments of `alitrail mock`.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Arguments {
    #[command(subcommand)]
    pub(super) task: Option<Task>,

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
    pub(super) tls: bool,

    /// Keep the certificate authority of --tls in this directory, or use the one that is there: ca.pem is for tools to
    /// trust, ca-key.pem for nobody. Without it, a new one is made at each start and its key is never written.
    #[arg(long, value_name = "DIR", env = "ALITRAIL_MOCK_CA_DIR", requires = "tls")]
    pub(super) ca_dir: Option<PathBuf>,

    /// Say for people (text) or for programs (json) on standard output that the mock is ready. By default for people on
    /// a terminal, and for programs elsewhere.
    #[arg(long, env = "ALITRAIL_MOCK_FORMAT")]
    format: Option<Format>,

    /// Also write the ready line, as JSON, to this file, once everything listens. Only its owner may read the file.
    #[arg(long, value_name = "PATH", env = "ALITRAIL_MOCK_READY_FILE")]
    pub(super) ready_file: Option<PathBuf>,

    /// Begin with the state in this file, if there is one, and save the state there whenever it has changed. Only its owner may read
    /// the file. A symbolic link, or a file that is no state, is refused and stays as it is.
    #[arg(long, value_name = "FILE", env = "ALITRAIL_MOCK_STATE")]
    pub(super) state: Option<PathBuf>,

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

    /// List all switches with their values, of which the first is the default, and end. As JSON with --format json.
    #[arg(long)]
    pub(super) list_switches: bool,

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
    pub(super) command: Vec<OsString>,
}

impl Arguments {
    /// Says on standard error what other machines can do.
    pub(super) fn warn(&self) {
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

    pub(super) fn format(&self) -> Format {
        let people = std::io::stdout().is_terminal();
        self.format.unwrap_or(if people { Format::Text } else { Format::Json })
    }

    pub(super) fn options(&self, trust: Option<&Trust>) -> Result<Options, Failure> {
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

#[cfg(test)]
pub(super) mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        arguments: Arguments,
    }

    /// Reads a command line after `mock`.
    pub(crate) fn parse(line: &[&str]) -> Result<Arguments, clap::Error> {
        Line::try_parse_from(["mock"].iter().chain(line)).map(|line| line.arguments)
    }

    #[test]
    fn every_option_has_a_variable() {
        use clap::CommandFactory;
        let line = Line::command();
        let options = line.get_arguments().filter(|argument| argument.get_long().is_some());
        for option in options.filter(|option| option.get_long() != Some("list-switches")) {
            let variable = option.get_env().and_then(|name| name.to_str());
            let known = variable.is_some_and(|name| name == ADMIN_TOKEN || OPTIONS.contains(&name));
            assert!(known, "{:?}: {variable:?}", option.get_long());
        }
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
