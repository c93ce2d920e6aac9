//! Which certificate a client gets: one for the host that it asks for, made when first asked for.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::{Arc, Mutex};

use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256, SanType};
use rustls::crypto::aws_lc_rs::sign::any_ecdsa_type;
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::{CertifiedKey, SigningKey};

use super::authority::{Authority, AuthorityError};
use crate::gateway::local::{is_below_cloud, is_loopback};
use crate::gateway::lock;

/// Certificates kept at a time. Whoever asks for more hosts than that has them made again.
const KEPT: usize = 4096;

/// The certificates of a listener. All have one key.
pub(super) struct Resolver {
    authority: Authority,
    key: KeyPair,
    signing: Arc<dyn SigningKey>,
    /// For clients that name no host, since it is an address.
    local: Arc<CertifiedKey>,
    made: Mutex<HashMap<String, Arc<CertifiedKey>>>,
}

impl Resolver {
    pub(super) fn new(authority: Authority, listen: IpAddr) -> Result<Self, AuthorityError> {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
        let signing = any_ecdsa_type(&PrivatePkcs8KeyDer::from(key.serialize_der()).into())?;
        let mut names = vec![SanType::DnsName("localhost".try_into()?)];
        let mut addresses = vec![IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];
        if is_loopback(listen) && !addresses.contains(&listen) {
            addresses.push(listen);
        }
        names.extend(addresses.into_iter().map(SanType::IpAddress));
        let local = Arc::new(CertifiedKey::new(vec![authority.sign(names, &key)?], Arc::clone(&signing)));
        Ok(Self { authority, key, signing, local, made: Mutex::default() })
    }

    fn certificate(&self, name: &str) -> Option<Arc<CertifiedKey>> {
        let name = name.to_ascii_lowercase();
        if name == "localhost" {
            return Some(Arc::clone(&self.local));
        }
        if !is_below_cloud(&name) && !name.ends_with(".localhost") {
            tracing::warn!(host = name, "TLS refused: the mock has no certificate for this host");
            return None;
        }
        if let Some(known) = lock(&self.made).get(&name) {
            return Some(Arc::clone(known));
        }
        let names = vec![SanType::DnsName(name.as_str().try_into().ok()?)];
        let certificate = match self.authority.sign(names, &self.key) {
            Ok(certificate) => certificate,
            Err(error) => {
                tracing::warn!(host = name, %error, "no certificate for this host");
                return None;
            }
        };
        let made = Arc::new(CertifiedKey::new(vec![certificate], Arc::clone(&self.signing)));
        let mut all = lock(&self.made);
        if all.len() >= KEPT {
            all.clear();
        }
        all.insert(name, Arc::clone(&made));
        Some(made)
    }
}

impl std::fmt::Debug for Resolver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Resolver")
    }
}

impl ResolvesServerCert for Resolver {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        match hello.server_name() {
            Some(name) => self.certificate(name),
            None => Some(Arc::clone(&self.local)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn certificates_are_made_once_and_for_hosts_of_the_cloud_only() {
        let authority = Authority::generate().unwrap();
        let resolver = Resolver::new(authority, Ipv4Addr::LOCALHOST.into()).unwrap();
        let one = resolver.certificate("STS.aliyuncs.com").unwrap();
        assert!(Arc::ptr_eq(&one, &resolver.certificate("sts.aliyuncs.com").unwrap()));
        assert_ne!(one.cert, resolver.certificate("ram.aliyuncs.com").unwrap().cert);
        assert!(resolver.certificate("p1.localhost").is_some());
        for foreign in ["registry.terraform.io", "aliyuncs.com", "aliyuncs.com.example", ".aliyuncs.com", ""]
        {
            assert!(resolver.certificate(foreign).is_none(), "{foreign}");
        }
        for number in 0..=KEPT {
            resolver.certificate(&format!("b{number}.oss-cn-hangzhou.aliyuncs.com")).unwrap();
        }
        assert!(lock(&resolver.made).len() <= KEPT);
    }
}
