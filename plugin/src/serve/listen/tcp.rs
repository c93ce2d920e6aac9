//! A loopback port, for systems whose hosts do not use unix sockets.
//!
//! Any user of the machine can connect to it; the pinned certificate keeps them out.

use std::{io, net::Ipv4Addr};

use tokio::net::TcpListener;

use super::{Address, Environment, StartError, Stream};

pub(super) struct Listener(TcpListener);

impl Listener {
    /// Takes the first free port of the range that the host gives.
    pub(super) fn bind(_name: &str, environment: &Environment) -> Result<(Self, Address), StartError> {
        let ports = environment.ports;
        for port in ports.0..=ports.1 {
            let Ok(listener) = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port)) else { continue };
            let bound = || -> io::Result<_> {
                listener.set_nonblocking(true)?;
                let listener = TcpListener::from_std(listener)?;
                let address = Address::Tcp(listener.local_addr()?);
                Ok((Self(listener), address))
            };
            return bound().map_err(StartError::Runtime);
        }
        Err(StartError::Ports { ports })
    }

    pub(super) async fn accept(&self) -> io::Result<Box<dyn Stream>> {
        let (stream, _) = self.0.accept().await?;
        stream.set_nodelay(true)?;
        Ok(Box::new(stream))
    }
}
