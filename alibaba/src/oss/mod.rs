//! Object storage: buckets, their settings, and emptying them.
pub mod xml;
use crate::client::Client;
use crate::coalesce::Coalescer;
pub(crate) type BucketReads = Coalescer<String, String>;
/// Object storage in one region.
#[derive(Debug, Clone)]
pub struct Oss {
    client: Client,
    region: String,
}
impl Oss {
    pub(crate) fn new(client: Client, region: &str) -> Self {
        Self { client, region: region.to_owned() }
    }
}
