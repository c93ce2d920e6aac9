//! The authority: made new, or read from what was kept of an earlier one.

use std::fmt;
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DistinguishedName, DnType, ExtendedKeyUsagePurpose,
    GeneralSubtree, IsCa, Issuer, KeyPair, KeyUsagePurpose, NameConstraints, PKCS_ECDSA_P256_SHA256,
    PublicKeyData, SanType, SerialNumber,
};
use rustls::RootCertStore;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use sha2::{Digest, Sha256};
use time::{Duration, OffsetDateTime};

use crate::cloud::Secret;
use crate::gateway::local::CLOUD_DOMAIN;

/// How long an authority lasts: one that is kept has to be trusted anew after that.
const AUTHORITY_DAYS: i64 = 730;
/// How long a certificate of a host lasts: longer than any mock runs, and no longer than strict clients accept.
const HOST_DAYS: i64 = 90;
/// How far clocks of clients may be behind.
const BACKDATED: Duration = Duration::hours(24);

/// A certificate authority of the mock. Its key signs certificates of hosts of the cloud and of this machine only.
#[derive(Clone)]
pub struct Authority(Arc<Inner>);

struct Inner {
    certificate: CertificateDer<'static>,
    pem: String,
    issuer: Issuer<'static, KeyPair>,
}

/// Why there is no authority.
#[derive(Debug, thiserror::Error)]
pub enum AuthorityError {
    /// The certificate is not one in PEM.
    #[error("the certificate is not PEM: {0}")]
    Certificate(rustls::pki_types::pem::Error),
    /// The key is not one in PEM. Says nothing of its text.
    #[error("the key is not a private key of the kind that this version makes, in PEM")]
    Key,
    /// A certificate that it signs does not hold.
    #[error(
        "what its key signs is not accepted on its certificate: {0}. The key belongs to another certificate, or the \
         certificate has expired, or was not made by alitrail"
    )]
    Unsuitable(rustls::Error),
    /// A certificate cannot be made.
    #[error("a certificate cannot be made: {0}")]
    Make(#[from] rcgen::Error),
    /// TLS cannot be set up.
    #[error("TLS cannot be set up: {0}")]
    Tls(#[from] rustls::Error),
}

impl Authority {
    /// Makes a new one.
    pub fn generate() -> Result<Self, AuthorityError> {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
        let parameters = parameters(&key);
        let certificate = parameters.self_signed(&key)?;
        Ok(Self(Arc::new(Inner {
            certificate: certificate.der().clone(),
            pem: certificate.pem(),
            issuer: Issuer::new(parameters, key),
        })))
    }

    /// Takes one that was kept, unless what it signs would not be accepted.
    pub fn from_pem(certificate: &str, key: &Secret) -> Result<Self, AuthorityError> {
        let key = KeyPair::from_pem(key.expose()).map_err(|_| AuthorityError::Key)?;
        let der = CertificateDer::from_pem_slice(certificate.as_bytes())
            .map_err(AuthorityError::Certificate)?
            .into_owned();
        let authority = Self(Arc::new(Inner {
            certificate: der,
            pem: certificate.to_owned(),
            issuer: Issuer::new(parameters(&key), key),
        }));
        authority.try_out()?;
        Ok(authority)
    }

    /// Its certificate, which clients have to trust.
    pub fn certificate_pem(&self) -> &str {
        &self.0.pem
    }

    /// Its key.
    pub fn key_pem(&self) -> Secret {
        Secret::new(self.0.issuer.key().serialize_pem())
    }

    /// A certificate for these names, with the given key.
    pub(super) fn sign(
        &self,
        names: Vec<SanType>,
        key: &impl PublicKeyData,
    ) -> Result<CertificateDer<'static>, AuthorityError> {
        let mut parameters = CertificateParams::default();
        parameters.subject_alt_names = names;
        parameters.distinguished_name = named("alitrail mock");
        parameters.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        parameters.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        parameters.use_authority_key_identifier_extension = true;
        // Of one issuer, no two have the same number; by default it would follow from the key, which all share.
        parameters.serial_number = Some(serial_number());
        last(&mut parameters, HOST_DAYS);
        Ok(parameters.signed_by(key, &self.0.issuer)?.der().clone())
    }

    /// Signs a certificate and checks it as a client would.
    fn try_out(&self) -> Result<(), AuthorityError> {
        let name = format!("sts.{CLOUD_DOMAIN}");
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
        let leaf = self.sign(vec![SanType::DnsName(name.as_str().try_into()?)], &key)?;
        let mut roots = RootCertStore::empty();
        roots.add(self.0.certificate.clone()).map_err(AuthorityError::Unsuitable)?;
        let provider = Arc::new(aws_lc_rs::default_provider());
        let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider)
            .build()
            .map_err(|error| AuthorityError::Unsuitable(rustls::Error::General(error.to_string())))?;
        let name = ServerName::try_from(name)
            .map_err(|error| AuthorityError::Unsuitable(rustls::Error::General(error.to_string())))?;
        let verified = verifier.verify_server_cert(&leaf, &[], &name, &[], UnixTime::now());
        verified.map(drop).map_err(AuthorityError::Unsuitable)
    }
}

impl fmt::Debug for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Authority")
    }
}

/// What the certificate of the authority with this key says. Its name follows from the key, so that clients that trust
/// several tell them apart, and so that an authority can be read again from its key.
fn parameters(key: &KeyPair) -> CertificateParams {
    let hash = Sha256::digest(key.der_bytes());
    let digits: String = hash.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    let mut parameters = CertificateParams::default();
    parameters.distinguished_name = named(&format!("alitrail mock CA {digits}"));
    parameters.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    parameters.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    parameters.name_constraints = Some(NameConstraints {
        permitted_subtrees: vec![
            GeneralSubtree::DnsName(CLOUD_DOMAIN.to_owned()),
            GeneralSubtree::DnsName("localhost".to_owned()),
            GeneralSubtree::IpAddress(CidrSubnet::V4([127, 0, 0, 0], [255, 0, 0, 0])),
            GeneralSubtree::IpAddress(CidrSubnet::V6(std::net::Ipv6Addr::LOCALHOST.octets(), [255; 16])),
        ],
        excluded_subtrees: Vec::new(),
    });
    parameters.serial_number = Some(serial_number());
    last(&mut parameters, AUTHORITY_DAYS);
    parameters
}

fn named(name: &str) -> DistinguishedName {
    let mut whole = DistinguishedName::new();
    whole.push(DnType::CommonName, name);
    whole
}

fn last(parameters: &mut CertificateParams, days: i64) {
    let now = OffsetDateTime::now_utc();
    parameters.not_before = now - BACKDATED;
    parameters.not_after = now + Duration::days(days);
}

fn serial_number() -> SerialNumber {
    let mut bytes: [u8; 16] = rand::random();
    // A positive number of full length.
    bytes[0] = bytes[0] & 0x7f | 0x40;
    SerialNumber::from_slice(&bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_authority_is_read_again_and_only_with_its_own_key() {
        let (one, other) = (Authority::generate().unwrap(), Authority::generate().unwrap());
        let again = Authority::from_pem(one.certificate_pem(), &one.key_pem()).unwrap();
        assert_eq!(again.certificate_pem(), one.certificate_pem());
        let mixed = Authority::from_pem(one.certificate_pem(), &other.key_pem()).unwrap_err();
        assert!(matches!(mixed, AuthorityError::Unsuitable(_)), "{mixed}");
        let no_key = Authority::from_pem(one.certificate_pem(), &Secret::new("hidden")).unwrap_err();
        assert!(matches!(no_key, AuthorityError::Key) && !no_key.to_string().contains("hidden"), "{no_key}");
        assert!(Authority::from_pem("", &one.key_pem()).is_err());
        assert_eq!(format!("{one:?}"), "Authority");
    }

    #[test]
    fn its_key_is_of_no_use_for_other_names() {
        let authority = Authority::generate().unwrap();
        let mut roots = RootCertStore::empty();
        roots.add(authority.0.certificate.clone()).unwrap();
        let provider = Arc::new(aws_lc_rs::default_provider());
        let verifier =
            WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap();
        let key = KeyPair::generate().unwrap();
        for (name, holds) in [
            ("b1.oss-cn-hangzhou.aliyuncs.com", true),
            ("localhost", true),
            ("p1.localhost", true),
            ("127.0.0.1", true),
            ("127.9.9.9", true),
            ("::1", true),
            ("registry.terraform.io", false),
            ("aliyuncs.com.example", false),
            ("notaliyuncs.com", false),
            ("10.0.0.1", false),
            ("::2", false),
        ] {
            let san =
                name.parse().map_or_else(|_| SanType::DnsName(name.try_into().unwrap()), SanType::IpAddress);
            let leaf = authority.sign(vec![san], &key).unwrap();
            let name = ServerName::try_from(name).unwrap();
            let verified = verifier.verify_server_cert(&leaf, &[], &name, &[], UnixTime::now());
            assert_eq!(verified.is_ok(), holds, "{name:?}: {verified:?}");
        }
    }
}
