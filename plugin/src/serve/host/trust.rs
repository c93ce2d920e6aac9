//! Trusting one certificate, as far as Terraform goes with it.

use std::sync::Arc;

use rustls::{
    CertificateError, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
    client::{
        WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, ServerName, UnixTime},
};

/// Checks name, purpose and dates by the book, with the one certificate as its own authority.
///
/// Plugins written in Go present a certificate authority as their own certificate. That is against the book and hosts
/// accept it all the same, so it is accepted here when it is exactly the expected one.
#[derive(Debug)]
pub(super) struct Only {
    certificate: CertificateDer<'static>,
    strict: Arc<WebPkiServerVerifier>,
}

impl Only {
    pub(super) fn new(certificate: CertificateDer<'static>) -> Result<Self, Error> {
        let mut roots = RootCertStore::empty();
        roots.add(certificate.clone())?;
        let provider = Arc::new(aws_lc_rs::default_provider());
        let strict = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider)
            .build()
            .map_err(|e| Error::General(e.to_string()))?;
        Ok(Self { certificate, strict })
    }
}

impl ServerCertVerifier for Only {
    fn verify_server_cert(
        &self,
        presented: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        match self.strict.verify_server_cert(presented, intermediates, name, ocsp, now) {
            Err(Error::InvalidCertificate(CertificateError::Other(other)))
                if *presented == self.certificate && other.to_string().contains("CaUsedAsEndEntity") =>
            {
                Ok(ServerCertVerified::assertion())
            }
            verdict => verdict,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.strict.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.strict.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.strict.supported_verify_schemes()
    }
}

#[cfg(test)]
mod tests {
    use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyPair, PKCS_ECDSA_P521_SHA512};

    use super::*;

    fn certificate(name: &str, authority: bool) -> CertificateDer<'static> {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P521_SHA512).unwrap();
        let mut parameters = CertificateParams::new([name.to_owned()]).unwrap();
        if authority {
            parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        }
        parameters.self_signed(&key).unwrap().der().clone()
    }

    fn accepts(expected: &CertificateDer<'static>, presented: &CertificateDer<'static>) -> bool {
        let only = Only::new(expected.clone()).unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        only.verify_server_cert(presented, &[], &name, &[], UnixTime::now()).is_ok()
    }

    #[test]
    fn one_certificate_is_trusted_authority_or_not() {
        for authority in [true, false] {
            let expected = certificate("localhost", authority);
            assert!(accepts(&expected, &expected));
            assert!(!accepts(&expected, &certificate("localhost", authority)));
        }
        let misnamed = certificate("elsewhere", false);
        assert!(!accepts(&misnamed, &misnamed));
    }
}
