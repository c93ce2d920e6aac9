//! The HTTP clients underneath: made when first needed, because certificates cost time that most starts never use.

use std::collections::HashMap;
use std::error::Error as _;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::redirect::Policy;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::config::Config;
use crate::endpoint::{EndpointError, Target};

/// How long an unused connection is kept: less than the services do, so that they do not close it under a request.
const IDLE: Duration = Duration::from_secs(15);

/// How many unused connections to one host are kept: as many as Terraform has operations at a time by default.
const IDLE_CONNECTIONS: usize = 10;

/// What tells one client from another: whether it encrypts and whether it may use a proxy.
type Kind = (bool, bool);

#[derive(Debug)]
pub(crate) struct HttpClients {
    connect_timeout: Duration,
    read_timeout: Duration,
    custom_ca_bundle: Option<PathBuf>,
    made: Mutex<HashMap<Kind, reqwest::Client>>,
}

impl HttpClients {
    pub(crate) fn new(config: &Config) -> Self {
        Self {
            connect_timeout: config.connect_timeout,
            read_timeout: config.read_timeout,
            custom_ca_bundle: config.custom_ca_bundle.clone(),
            made: Mutex::new(HashMap::new()),
        }
    }

    /// The client to reach a target with.
    pub(crate) fn client(&self, target: &Target) -> Result<reqwest::Client, EndpointError> {
        // Through a proxy even a plain request may lead to an encrypted one, so only loopback goes without roots.
        let kind = (target.origin.starts_with("https:") || !target.loopback, target.loopback);
        let mut made =
            self.made.lock().map_err(|_| EndpointError::Setup("an earlier set-up failed".to_owned()))?;
        if let Some(client) = made.get(&kind) {
            return Ok(client.clone());
        }
        let client = self.build(kind)?;
        made.insert(kind, client.clone());
        Ok(client)
    }

    fn build(&self, (encrypted, loopback): Kind) -> Result<reqwest::Client, EndpointError> {
        let roots = if encrypted { self.roots()? } else { rustls::RootCertStore::empty() };
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let tls = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| EndpointError::Setup(error.to_string()))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let builder = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            // The host of the request is not always the address connected to, which only HTTP/1.1 can say.
            .http1_only()
            .redirect(Policy::none())
            .connect_timeout(self.connect_timeout)
            .read_timeout(self.read_timeout)
            .pool_idle_timeout(IDLE)
            .pool_max_idle_per_host(IDLE_CONNECTIONS);
        let builder = if loopback { builder.no_proxy() } else { builder };
        builder.build().map_err(|error| EndpointError::Setup(describe(&error)))
    }

    /// The system's certificates, or the built-in ones where the system has none (as in a bare container), and the
    /// user's own.
    fn roots(&self) -> Result<rustls::RootCertStore, EndpointError> {
        let mut roots = rustls::RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        if roots.is_empty() {
            roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        }
        let Some(bundle) = &self.custom_ca_bundle else { return Ok(roots) };
        let bad = |detail: String| EndpointError::CaBundle { path: bundle.display().to_string(), detail };
        let pem = std::fs::read(bundle).map_err(|error| bad(error.to_string()))?;
        let own: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
        let own = own.map_err(|error| bad(format!("it is not PEM: {error:?}")))?;
        if own.is_empty() {
            return Err(bad("there is no certificate in it".to_owned()));
        }
        for certificate in own {
            roots.add(certificate).map_err(|error| bad(error.to_string()))?;
        }
        Ok(roots)
    }
}

/// The body of an answer; `None` if it has more than `most` bytes, of which no more are read then. Nothing is ever
/// decompressed: no request offers to.
pub(crate) async fn body(
    answer: &mut reqwest::Response,
    most: usize,
) -> Result<Option<Bytes>, reqwest::Error> {
    let announced =
        answer.content_length().and_then(|length| usize::try_from(length).ok()).unwrap_or_default();
    if announced > most {
        return Ok(None);
    }
    let mut body = BytesMut::with_capacity(announced);
    while let Some(chunk) = answer.chunk().await? {
        if body.len() + chunk.len() > most {
            return Ok(None);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Some(body.freeze()))
}

/// Whether the request surely never left this machine.
pub(crate) fn never_sent(error: &reqwest::Error) -> bool {
    error.is_connect() || error.is_builder()
}

/// Whether a server answered the beginning of TLS in another protocol, which is plain HTTP.
pub(crate) fn is_not_tls(error: &reqwest::Error) -> bool {
    use rustls::{Error, InvalidMessage};
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(inner) = cause {
        if let Some(Error::InvalidMessage(InvalidMessage::InvalidContentType)) = inner.downcast_ref() {
            return true;
        }
        // What an I/O error wraps is not its source, which is the source of that.
        cause = match inner.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref) {
            Some(wrapped) => Some(wrapped),
            None => inner.source(),
        };
    }
    false
}

/// What went wrong with a connection, without the URL: its query may hold what nobody should log.
pub(crate) fn describe(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return if error.is_connect() { "connecting took too long" } else { "no answer in time" }.to_owned();
    }
    // The innermost cause is the one people understand ("connection refused").
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    if error.source().is_none() { "the request failed".to_owned() } else { cause.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credentials::Credentials;

    fn bundle(content: &str) -> Result<(), String> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ca.pem");
        std::fs::write(&path, content).unwrap();
        let config = Config { custom_ca_bundle: Some(path), ..Config::new(Credentials::new("id", "secret")) };
        HttpClients::new(&config).build((true, false)).map(drop).map_err(|error| error.to_string())
    }

    #[test]
    fn a_bad_bundle_says_what_to_give() {
        for content in
            ["", "not a certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
        {
            let error = bundle(content).unwrap_err();
            assert!(error.contains("custom_ca_bundle") && error.contains("PEM certificates"), "{error}");
        }
    }

    #[test]
    fn clients_are_made_once_per_kind() {
        let clients = HttpClients::new(&Config::new(Credentials::new("id", "secret")));
        let target = |origin: &str, loopback| Target { origin: origin.into(), host: "h".into(), loopback };
        assert!(clients.made.lock().unwrap().is_empty());
        clients.client(&target("http://127.0.0.1:1", true)).unwrap();
        clients.client(&target("http://127.0.0.1:2", true)).unwrap();
        assert_eq!(clients.made.lock().unwrap().len(), 1);
        clients.client(&target("https://a.example", false)).unwrap();
        assert_eq!(clients.made.lock().unwrap().len(), 2);
    }
}
