//! Where the host connects to: a unix socket that only its user can open, or a loopback port on Windows.

use std::{
    io,
    net::SocketAddr,
    path::PathBuf,
    pin::Pin,
    task::{Context, Poll},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tonic::transport::server::Connected;

use super::{Plugin, StartError, environment::Environment, lifetime::Open};

#[cfg(any(windows, test))]
mod tcp;
#[cfg(unix)]
mod unix;

#[cfg(windows)]
use tcp::Listener as Inner;
#[cfg(unix)]
use unix::Listener as Inner;

/// Where to connect to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Address {
    /// Path of a socket.
    #[cfg_attr(windows, expect(dead_code, reason = "Go programs on Windows do not use unix sockets"))]
    Unix(PathBuf),
    /// Loopback address and port.
    #[cfg_attr(
        not(any(windows, test)),
        expect(dead_code, reason = "unix sockets are safer where they exist")
    )]
    Tcp(SocketAddr),
}

impl Address {
    /// The network's name in handshakes.
    pub(super) fn network(&self) -> &'static str {
        match self {
            Self::Unix(_) => "unix",
            Self::Tcp(_) => "tcp",
        }
    }

    /// The address as hosts read it.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Unix(path) => path.to_string_lossy().into_owned(),
            Self::Tcp(address) => address.to_string(),
        }
    }
}

/// Accepts connections. Dropping it removes its socket.
pub(super) struct Listener {
    inner: Inner,
    pub(super) address: Address,
}

impl Listener {
    /// Starts to listen where the host wants it.
    pub(super) fn bind(plugin: &Plugin, environment: &Environment) -> Result<Self, StartError> {
        let (inner, address) = Inner::bind(plugin.name, environment)?;
        Ok(Self { inner, address })
    }

    pub(super) async fn accept(&self) -> io::Result<Box<dyn Stream>> {
        self.inner.accept().await
    }

    /// Removes what killed processes of this plugin left behind. Meant for the end of the process, where nobody
    /// waits for it.
    pub(super) fn sweep(&self, plugin: &Plugin) {
        #[cfg(unix)]
        if let Address::Unix(path) = &self.address {
            unix::sweep(plugin.name, path);
        }
        #[cfg(not(unix))]
        let _ = plugin;
    }
}

/// Bytes both ways.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// A connection to the host, encrypted or not, that is counted while it is open.
pub(super) struct Connection {
    pub(super) stream: Box<dyn Stream>,
    pub(super) _open: Open,
}

impl Connected for Connection {
    type ConnectInfo = ();

    fn connect_info(&self) {}
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buf)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests;
