//! Object storage in one region: how its calls are sent.

use std::sync::Arc;

use bytes::Bytes;
use http::Method;

use super::bucket_info::BucketInfo;
use crate::coalesce::Coalescer;
use crate::core::request::{Idempotency, Request, Response, Scheme};
use crate::core::session::Session;
use crate::endpoint::Service;
use crate::error::Error;
use crate::sign::Pairs;
use crate::xml::{Element, XmlError};

/// The descriptions of buckets being read, by region and bucket.
pub(crate) type BucketReads = Coalescer<(String, String), BucketInfo>;

/// Object storage in one region.
#[derive(Debug, Clone)]
pub struct Oss {
    pub(super) session: Session,
    pub(super) reads: Arc<BucketReads>,
    region: String,
}

/// One call, before it is made a request.
pub(super) struct Call<'c> {
    pub(super) action: &'static str,
    method: Method,
    idempotency: Idempotency,
    bucket: Option<&'c str>,
    pub(super) key: &'c str,
    query: Pairs,
    headers: Pairs,
    body: String,
}

impl<'c> Call<'c> {
    pub(super) fn new(action: &'static str, method: Method, bucket: Option<&'c str>) -> Self {
        let idempotency = if method == Method::GET { Idempotency::Read } else { Idempotency::Repeatable };
        let (query, headers) = (Vec::new(), Vec::new());
        Self { action, method, idempotency, bucket, key: "", query, headers, body: String::new() }
    }

    pub(super) fn get(action: &'static str, bucket: &'c str) -> Self {
        Self::new(action, Method::GET, Some(bucket))
    }

    pub(super) fn put(action: &'static str, bucket: &'c str) -> Self {
        Self::new(action, Method::PUT, Some(bucket))
    }

    pub(super) fn delete(action: &'static str, bucket: &'c str) -> Self {
        Self::new(action, Method::DELETE, Some(bucket))
    }

    /// The sub-resource, or another query parameter.
    pub(super) fn query(mut self, name: &str, value: &str) -> Self {
        self.query.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(super) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(super) fn header_if(self, name: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.header(name, value),
            None => self,
        }
    }

    pub(super) fn body(mut self, body: Element) -> Self {
        self.body = body.document();
        self
    }

    /// A body that is JSON. The official SDKs label it like all others, and the service takes it so.
    pub(super) fn json(mut self, body: &str) -> Self {
        body.clone_into(&mut self.body);
        self
    }

    /// What writes have to wait for each other: those to one setting, or to one object, of one bucket.
    pub(super) fn write_lock(&self) -> String {
        let setting = self.query.first().map_or("", |(name, _)| name);
        format!("bucket/{}/{}?{setting}", self.bucket.unwrap_or_default(), self.key)
    }

    pub(super) fn once(mut self) -> Self {
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
    pub(crate) fn new(session: Session, reads: Arc<BucketReads>, region: &str) -> Self {
        Self { session, reads, region: region.to_owned() }
    }

    /// The region of this handle.
    pub fn region(&self) -> &str {
        &self.region
    }

    /// The same handle without cancellation and deadline.
    pub(super) fn detached(&self) -> Self {
        Self { session: self.session.detached(), ..self.clone() }
    }

    pub(super) fn reads_of(&self, bucket: &str) -> (String, String) {
        (self.region.clone(), bucket.to_owned())
    }

    pub(super) async fn send(&self, call: Call<'_>) -> Result<Response, Error> {
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
            region: Some(self.session.region(&self.region)?),
            label: call.bucket.map(str::to_owned),
            method: call.method,
            path: format!("/{}", call.key),
            query: call.query,
            headers,
            body: Bytes::from(body),
        };
        self.session.send(&request).await
    }

    /// A call whose answer is a document of this root, read by `decode`.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        call: Call<'_>,
        root: &'static str,
        decode: impl FnOnce(&Element) -> Result<T, XmlError> + Send + 'static,
    ) -> Result<T, Error> {
        let answer = self.send(call).await?;
        self.session.read_xml(answer, root, decode).await
    }

    /// The same where the service has an error code for "never set".
    pub(super) async fn read_if_set<T: Send + 'static>(
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
    pub(super) async fn write(&self, call: Call<'_>) -> Result<Response, Error> {
        let bucket = call.bucket.unwrap_or_default();
        let _lock = self.session.write_lock(Service::Oss, call.action, call.write_lock()).await?;
        let _written = Written(&self.reads, self.reads_of(bucket));
        self.send(call).await
    }
}
