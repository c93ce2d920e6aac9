//! What the host tells a plugin through environment variables.

use std::{ffi::OsString, path::PathBuf};

use super::{PROTOCOL_VERSION, StartError};

/// Set by hosts so that a plugin notices being started by hand. A marker, not a secret.
pub(super) const COOKIE: (&str, &str) =
    ("TF_PLUGIN_MAGIC_COOKIE", "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2");

/// The host's wishes.
#[derive(Debug, Clone, Default)]
pub(super) struct Environment {
    cookie: bool,
    /// Protocol versions on offer, as written. `None`: the host does not negotiate.
    offered: Option<String>,
    /// The certificate the host will present. `None`: it wants no TLS.
    pub(super) client_certificate: Option<String>,
    /// Where the socket has to be.
    pub(super) socket_dir: Option<PathBuf>,
    /// Name or number of a group that may use the socket, too.
    pub(super) socket_group: Option<String>,
    /// The host knows brokered connections over one socket and expects an answer to that in the handshake.
    pub(super) multiplex: bool,
    /// First and last TCP port to try, where there are no unix sockets.
    pub(super) ports: (u16, u16),
}

impl Environment {
    /// Collects the variables; `get` looks one up. Empty counts as not set.
    pub(super) fn read(get: impl Fn(&str) -> Option<OsString>) -> Self {
        let raw = |name: &str| get(name).filter(|value| !value.is_empty());
        let text = |name: &str| raw(name).map(|value| value.to_string_lossy().into_owned());
        let port = |name: &str, default| text(name).and_then(|p| p.parse().ok()).unwrap_or(default);
        Self {
            cookie: text(COOKIE.0).as_deref() == Some(COOKIE.1),
            offered: text("PLUGIN_PROTOCOL_VERSIONS"),
            client_certificate: text("PLUGIN_CLIENT_CERT"),
            socket_dir: raw("PLUGIN_UNIX_SOCKET_DIR").map(PathBuf::from),
            socket_group: text("PLUGIN_UNIX_SOCKET_GROUP"),
            multiplex: text("PLUGIN_MULTIPLEX_GRPC").is_some(),
            ports: (port("PLUGIN_MIN_PORT", 10_000), port("PLUGIN_MAX_PORT", 25_000)),
        }
    }

    /// Whether a plugin host started this process.
    pub(super) fn is_host(&self) -> bool {
        self.cookie
    }

    /// The same for a process started by hand: whatever a host may have left behind in the environment is not meant.
    pub(super) fn for_debugging(&self) -> Self {
        Self { ports: self.ports, ..Self::default() }
    }

    /// Fails when the host names the protocols it speaks and ours is not among them. A host that names none reads the
    /// version in the handshake line and judges for itself.
    pub(super) fn check_protocol(&self) -> Result<(), StartError> {
        let Some(offered) = &self.offered else { return Ok(()) };
        if offered.split(',').any(|v| v.trim().parse() == Ok(PROTOCOL_VERSION)) {
            return Ok(());
        }
        Err(StartError::Protocol { offered: offered.clone() })
    }
}
