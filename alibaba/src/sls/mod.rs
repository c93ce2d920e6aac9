//! Simple Log Service: projects and logstores.
use crate::client::Client;
/// Simple Log Service in one region.
#[derive(Debug, Clone)]
pub struct Sls {
    client: Client,
    region: String,
}
impl Sls {
    pub(crate) fn new(client: Client, region: &str) -> Self {
        Self { client, region: region.to_owned() }
    }
}
