//! Mutual TLS with certificates that live only as long as the process.
//!
//! The host hands over a certificate in the environment and presents it when connecting; the plugin makes one of its
//! own and sends it in the handshake line. Each side accepts exactly the other's certificate and nothing else, so
//! neither authority nor name nor lifetime matters: only that the peer holds the key.

use std::sync::Arc;

use rcgen::{
    CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, KeyPair, PKCS_ECDSA_P256_SHA256,
};
use rustls::{
    CertificateError, DigitallySignedStruct, DistinguishedName as Subject, ServerConfig, SignatureScheme,
    client::danger::HandshakeSignatureValid,
    crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, PrivatePkcs8KeyDer, UnixTime, pem::PemObject as _},
    server::{
        NoServerSessionStorage,
        danger::{ClientCertVerified, ClientCertVerifier},
    },
};
use tokio_rustls::TlsAcceptor;

use super::StartError;

/// This side of the handshake.
pub(super) struct Tls {
    /// Takes connections from the one host whose certificate is pinned.
    pub(super) acceptor: TlsAcceptor,
    /// The plugin's certificate, DER.
    pub(super) certificate: Vec<u8>,
}

impl Tls {
    /// Makes a key and a certificate and pins the host's, given as PEM.
    pub(super) fn new(common_name: &str, host_certificate: &str) -> Result<Self, StartError> {
        let pinned = CertificateDer::from_pem_slice(host_certificate.as_bytes())
            .map_err(|e| StartError::ClientCertificate { reason: e.to_string() })?;
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
        // Hosts connect to "localhost", whatever the socket.
        let mut parameters = CertificateParams::new(["localhost".to_owned()])?;
        parameters.distinguished_name = DistinguishedName::new();
        parameters.distinguished_name.push(DnType::CommonName, common_name);
        parameters.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let certificate = parameters.self_signed(&key)?.der().to_vec();

        let provider = Arc::new(aws_lc_rs::default_provider());
        let verifier = Arc::new(PinnedCertificate { certificate: pinned, provider: provider.clone() });
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_client_cert_verifier(verifier)
            .with_single_cert(
                vec![CertificateDer::from(certificate.clone())],
                PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
            )?;
        // Newer gRPC clients hang up on a server that does not agree on HTTP/2 in the TLS handshake.
        config.alpn_protocols = vec![b"h2".to_vec()];
        // One connection per process: there is nothing to resume.
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
        Ok(Self { acceptor: TlsAcceptor::from(Arc::new(config)), certificate })
    }
}

/// Accepts one certificate, byte for byte.
///
/// The usual verifier cannot be used: hosts present a certificate authority's certificate as their own, which it
/// rejects by the book. The signature, which proves possession of the key, is checked as always; host keys are on
/// curve P-521.
#[derive(Debug)]
struct PinnedCertificate {
    certificate: CertificateDer<'static>,
    provider: Arc<CryptoProvider>,
}

impl ClientCertVerifier for PinnedCertificate {
    fn root_hint_subjects(&self) -> &[Subject] {
        &[]
    }

    fn verify_client_cert(
        &self,
        presented: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        if *presented == self.certificate {
            return Ok(ClientCertVerified::assertion());
        }
        Err(CertificateError::ApplicationVerificationFailure.into())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(
            message,
            certificate,
            signature,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(
            message,
            certificate,
            signature,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
