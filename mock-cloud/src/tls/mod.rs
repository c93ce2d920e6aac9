//! TLS of the mock: a certificate authority of its own, and certificates for the hosts that it serves.
//!
//! Whoever trusts the authority trusts it for little: name constraints limit it to hosts of the cloud and names of this
//! machine, so that its key is of no use for anything else.

mod authority;
mod resolver;

use std::net::IpAddr;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use tokio_rustls::TlsAcceptor;

pub use self::authority::{Authority, AuthorityError};
use self::resolver::Resolver;

/// The first byte of every connection that begins with a TLS handshake (RFC 8446, section 5.1), and of no HTTP request.
pub(crate) const HANDSHAKE: u8 = 22;

/// What takes TLS connections, with certificates for a listener at this address.
pub(crate) fn acceptor(authority: &Authority, listen: IpAddr) -> Result<TlsAcceptor, AuthorityError> {
    let resolver = Resolver::new(authority.clone(), listen)?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(resolver));
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}
