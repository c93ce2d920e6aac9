//! The settings of a client.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::credentials::CredentialsProvider;
use crate::endpoint::Endpoints;

/// Which signature SLS gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SlsSignature {
    /// Accepted by every public endpoint.
    V1,
    /// The only one that dedicated endpoints accept.
    V4,
}

/// Everything a client needs to know.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where keys come from.
    pub credentials: Arc<dyn CredentialsProvider>,
    /// Where requests go.
    pub endpoints: Endpoints,
    /// The region whose STS endpoint says who the caller is; the central endpoint if there is none.
    pub region: Option<String>,
    /// The account id, where the user stated it; it is trusted and saves a call.
    pub account_id: Option<String>,
    /// Signature version for SLS. Unset is what the endpoint is sure to accept: v4 for a dedicated one, else v1.
    pub sls_signature: Option<SlsSignature>,
    /// How long making a connection may take.
    pub connect_timeout: Duration,
    /// How long an answer may stay silent.
    pub read_timeout: Duration,
    /// How long a good answer may be, in bytes. The longest that the services give, pages of a thousand versions or fifty
    /// events, have a few hundred kilobytes.
    pub max_answer_bytes: usize,
    /// How often a failed call is tried again.
    pub max_retries: u32,
    /// The part of every quota that this process may use, more than 0 and at most 1: less where several run side by side.
    pub quota_share: f64,
    /// A file of PEM certificates to trust besides the system's.
    pub custom_ca_bundle: Option<PathBuf>,
    /// The `User-Agent` header.
    pub user_agent: String,
}

impl Config {
    /// The defaults with this source of credentials.
    pub fn new(credentials: impl CredentialsProvider + 'static) -> Self {
        Self {
            credentials: Arc::new(credentials),
            endpoints: Endpoints::default(),
            region: None,
            account_id: None,
            sls_signature: None,
            connect_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(60),
            max_answer_bytes: 16 * 1024 * 1024,
            max_retries: 6,
            quota_share: 1.0,
            custom_ca_bundle: None,
            user_agent: concat!("alitrail/", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }
}
