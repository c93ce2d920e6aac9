//! Why a plugin could not start. Each message is all that the user gets to see, so it says what to do.

use std::{io, path::PathBuf};

use super::PROTOCOL_VERSION;

/// Why the process could not get as far as serving.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The host speaks other protocols only.
    #[error(
        "this plugin speaks protocol {PROTOCOL_VERSION}, but the program that started it offers only {offered}; \
         Terraform 1.0 or later, or OpenTofu, is needed"
    )]
    Protocol {
        /// The versions on offer, as the host wrote them.
        offered: String,
    },
    /// The socket could not be made.
    #[error("cannot listen on {}: {source}; is the directory for temporary files writable?", path.display())]
    Socket {
        /// Where it was to be.
        path: PathBuf,
        /// The reason.
        source: io::Error,
    },
    /// The path of the socket does not fit into a socket address.
    #[error(
        "the socket path {} is longer than the {limit} bytes the system allows; \
         set TMPDIR to a shorter directory",
        path.display()
    )]
    SocketPath {
        /// The shortest path that was tried.
        path: PathBuf,
        /// Longest path that fits.
        limit: usize,
    },
    /// No TCP port was free.
    #[error("cannot listen on any port of 127.0.0.1 from {} to {}", ports.0, ports.1)]
    Ports {
        /// First and last port tried.
        ports: (u16, u16),
    },
    /// The group that shall share the socket is not known.
    #[error("PLUGIN_UNIX_SOCKET_GROUP names the group {group:?}, which does not exist here")]
    Group {
        /// As the host wrote it.
        group: String,
    },
    /// The host's certificate could not be read.
    #[error("PLUGIN_CLIENT_CERT holds no PEM certificate: {reason}")]
    ClientCertificate {
        /// The reason.
        reason: String,
    },
    /// The plugin's own certificate could not be made.
    #[error("cannot make a certificate: {0}")]
    Certificate(#[from] rcgen::Error),
    /// TLS could not be set up.
    #[error("cannot set up TLS: {0}")]
    Tls(#[from] rustls::Error),
    /// Standard output is closed, so nobody can be told where to connect.
    #[error("cannot write to standard output: {0}")]
    Output(io::Error),
    /// Threads, timers or signals are not to be had.
    #[error("cannot start: {0}")]
    Runtime(io::Error),
}
