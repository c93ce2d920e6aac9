//! Simple Log Service in one region: how its calls are sent.

use bytes::Bytes;
use http::Method;
use serde::Serialize;

use crate::core::answer::Answer;
use crate::core::request::{Idempotency, Request, Response, Scheme};
use crate::core::session::Session;
use crate::endpoint::{EndpointError, Service};
use crate::error::Error;
use crate::sign::Pairs;

/// Simple Log Service in one region.
#[derive(Debug, Clone)]
pub struct Sls {
    pub(super) session: Session,
    region: String,
}

/// One call, before it is made a request.
pub(super) struct Call<'c> {
    action: &'static str,
    method: Method,
    idempotency: Idempotency,
    /// The project, for calls on its own host.
    project: Option<&'c str>,
    path: String,
    query: Pairs,
    body: Bytes,
}

impl<'c> Call<'c> {
    pub(super) fn new(action: &'static str, method: Method, project: Option<&'c str>, path: &str) -> Self {
        let idempotency = if method == Method::GET { Idempotency::Read } else { Idempotency::Repeatable };
        Self {
            action,
            method,
            idempotency,
            project,
            path: path.to_owned(),
            query: Vec::new(),
            body: Bytes::new(),
        }
    }

    pub(super) fn query(mut self, name: &str, value: impl ToString) -> Self {
        self.query.push((name.to_owned(), value.to_string()));
        self
    }

    pub(super) fn once(mut self) -> Self {
        self.idempotency = Idempotency::Once;
        self
    }

    pub(super) fn json(mut self, body: &impl Serialize) -> Result<Self, Error> {
        let body = serde_json::to_vec(body);
        self.body =
            body.map_err(|error| Error::Internal(format!("{} makes no JSON: {error}", self.action)))?.into();
        Ok(self)
    }
}

impl Sls {
    pub(crate) fn new(session: Session, region: &str) -> Self {
        Self { session, region: region.to_owned() }
    }

    /// The region of this handle.
    pub fn region(&self) -> &str {
        &self.region
    }

    pub(super) async fn send(&self, call: Call<'_>) -> Result<Response, Error> {
        let mut headers = Vec::new();
        if !call.body.is_empty() {
            headers.push(("content-type".to_owned(), "application/json".to_owned()));
        }
        let request = Request {
            service: Service::Sls,
            action: call.action,
            scheme: Scheme::Sls,
            idempotency: call.idempotency,
            per_second: None,
            region: Some(self.session.region(&self.region)?),
            label: call.project.map(str::to_owned),
            method: call.method,
            path: call.path,
            query: call.query,
            headers,
            body: call.body,
        };
        self.session.send(&request).await
    }

    /// A call whose answer is about `asked`.
    pub(super) async fn read<T: Answer>(&self, call: Call<'_>, asked: &str) -> Result<T, Error> {
        let answer = self.send(call).await?;
        self.session.read_json(answer, asked).await
    }

    /// A call that changes something in a project: one at a time for each object.
    pub(super) async fn write(&self, object: &str, call: Call<'_>) -> Result<(), Error> {
        let _lock = self.session.write_lock(Service::Sls, call.action, object.to_owned()).await?;
        self.send(call).await.map(drop)
    }
}

/// The path of a logstore. Other characters than those of a name could lead to another object.
pub(super) fn logstore_path(logstore: &str) -> Result<String, Error> {
    let fine = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    if logstore.is_empty() || !logstore.bytes().all(fine) {
        return Err(EndpointError::MalformedLogstore(logstore.to_owned()).into());
    }
    Ok(format!("/logstores/{logstore}"))
}

/// An id that is to be part of a path or a list, if it cannot lead to another object.
pub(super) fn safe<'i>(kind: &'static str, id: &'i str) -> Result<&'i str, Error> {
    let fine = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    if id.bytes().all(|b| b == b'.') || !id.bytes().all(fine) {
        return Err(EndpointError::MalformedId(id.to_owned(), kind).into());
    }
    Ok(id)
}
