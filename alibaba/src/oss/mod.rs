//! Object storage: buckets, their settings, and emptying them.
//!
//! Every read of a setting that may be absent gives `None` for "never set"; a bucket that is not there is an error.

mod bucket;
pub(crate) mod errors;
mod lifecycle;
mod logging;
mod objects;
mod policy;
mod redundancy;
mod settings;
mod worm;
pub mod xml;

use bytes::Bytes;
use http::Method;

use crate::client::Client;
use crate::coalesce::Coalescer;
use crate::endpoint::Service;
use crate::error::Error;
use crate::sign::Pairs;
use crate::transport::{Idempotency, Request, Response, Scheme};

pub use bucket::{BucketInfo, BucketSummary, NewBucket};
pub use lifecycle::{
    AbortMultipartUpload, Expiration, Filter, LifecycleRule, NoncurrentVersionExpiration,
    NoncurrentVersionTransition, Not, Tag, Transition,
};
pub use logging::BucketLogging;
pub use objects::{ObjectVersion, Upload, VersionPage};
pub use redundancy::RedundancyTransition;
pub use settings::{CipherSuite, Encryption, HttpsConfig};
pub use worm::BucketWorm;

use xml::{Element, XmlError};

/// The descriptions of buckets being read, by region and bucket.
pub(crate) type BucketReads = Coalescer<(String, String), BucketInfo>;

/// Object storage in one region.
#[derive(Debug, Clone)]
pub struct Oss {
    client: Client,
    region: String,
}

/// One call, before it is made a request.
struct Call<'c> {
    action: &'static str,
    method: Method,
    idempotency: Idempotency,
    bucket: Option<&'c str>,
    key: &'c str,
    query: Pairs,
    headers: Pairs,
    body: String,
}

impl<'c> Call<'c> {
    fn new(action: &'static str, method: Method, bucket: Option<&'c str>) -> Self {
        let idempotency = if method == Method::GET { Idempotency::Read } else { Idempotency::Repeatable };
        let (query, headers) = (Vec::new(), Vec::new());
        Self { action, method, idempotency, bucket, key: "", query, headers, body: String::new() }
    }

    fn get(action: &'static str, bucket: &'c str) -> Self {
        Self::new(action, Method::GET, Some(bucket))
    }

    fn put(action: &'static str, bucket: &'c str) -> Self {
        Self::new(action, Method::PUT, Some(bucket))
    }

    fn delete(action: &'static str, bucket: &'c str) -> Self {
        Self::new(action, Method::DELETE, Some(bucket))
    }

    /// The sub-resource, or another query parameter.
    fn query(mut self, name: &str, value: &str) -> Self {
        self.query.push((name.to_owned(), value.to_owned()));
        self
    }

    fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    fn header_if(self, name: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.header(name, value),
            None => self,
        }
    }

    fn body(mut self, body: Element) -> Self {
        self.body = body.document();
        self
    }

    /// A body that is JSON. The official SDKs label it like all others, and the service takes it so.
    fn json(mut self, body: &str) -> Self {
        body.clone_into(&mut self.body);
        self
    }

    /// What writes have to wait for each other: those to one setting, or to one object, of one bucket.
    fn turn(&self) -> String {
        let setting = self.query.first().map_or("", |(name, _)| name);
        format!("bucket/{}/{}?{setting}", self.bucket.unwrap_or_default(), self.key)
    }

    fn once(mut self) -> Self {
        self.idempotency = Idempotency::Once;
        self
    }
}

/// Drops what was being read about a bucket when a write to it ends, however it ends.
struct Written<'c>(&'c BucketReads, (String, String));

impl Drop for Written<'_> {
    fn drop(&mut self) {
        self.0.written(&self.1);
    }
}

impl Oss {
    pub(crate) fn new(client: Client, region: &str) -> Self {
        Self { client, region: region.to_owned() }
    }

    /// The region of this handle.
    pub fn region(&self) -> &str {
        &self.region
    }

    /// The same handle without cancellation and deadline.
    fn detached(&self) -> Self {
        Self { client: self.client.detached(), region: self.region.clone() }
    }

    fn reads_of(&self, bucket: &str) -> (String, String) {
        (self.region.clone(), bucket.to_owned())
    }

    async fn send(&self, call: Call<'_>) -> Result<Response, Error> {
        let mut headers = call.headers;
        let body = call.body;
        if !body.is_empty() {
            headers.push(("content-type".to_owned(), "application/xml".to_owned()));
        }
        let request = Request {
            service: Service::Oss,
            action: call.action,
            scheme: Scheme::OssV4,
            idempotency: call.idempotency,
            per_second: None,
            region: Some(self.region.clone()),
            label: call.bucket.map(str::to_owned),
            method: call.method,
            path: format!("/{}", call.key),
            query: call.query,
            headers,
            body: Bytes::from(body),
        };
        self.client.send(&request).await
    }

    /// A call whose answer is a document of this root, read by `decode`.
    async fn read<T: Send + 'static>(
        &self,
        call: Call<'_>,
        root: &'static str,
        decode: impl FnOnce(&Element) -> Result<T, XmlError> + Send + 'static,
    ) -> Result<T, Error> {
        let answer = self.send(call).await?;
        self.client.read_xml(answer, root, decode).await
    }

    /// The same where the service has an error code for "never set".
    async fn read_if_set<T: Send + 'static>(
        &self,
        call: Call<'_>,
        unset: &str,
        root: &'static str,
        decode: impl FnOnce(&Element) -> Result<T, XmlError> + Send + 'static,
    ) -> Result<Option<T>, Error> {
        match self.read(call, root, decode).await {
            Ok(value) => Ok(Some(value)),
            Err(error) if error.is_code(unset) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// A call that changes a bucket: one at a time for each of its settings, and no read from before it answers anybody
    /// after it.
    async fn write(&self, call: Call<'_>) -> Result<Response, Error> {
        let bucket = call.bucket.unwrap_or_default();
        let _turn = self.client.turn(Service::Oss, call.action, call.turn()).await?;
        let _written = Written(self.client.bucket_reads(), self.reads_of(bucket));
        self.send(call).await
    }
}

#[cfg(test)]
mod tests;
