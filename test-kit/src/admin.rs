//! A client of the mock cloud's admin interface: the way in which the demo and the tests look at the cloud and change
//! it behind Terraform's back. Documents are addressed by their path, as in `oss/buckets/NAME`.

use std::time::Duration;

use serde_json::Value;
use ureq::SendBody;
use ureq::http::header::AUTHORIZATION;
use ureq::http::{HeaderValue, Request};
use ureq::middleware::MiddlewareNext;

/// A call to the admin interface that did not work.
#[derive(Debug, thiserror::Error)]
#[error("the mock cloud's admin interface did not take {method} {url}: {reason}")]
pub struct Error {
    method: &'static str,
    url: String,
    reason: String,
}

/// The client.
#[derive(Debug, Clone)]
pub struct Admin {
    agent: ureq::Agent,
    url: String,
}

impl Admin {
    /// A client for the `admin_url` of a mock cloud.
    pub fn new(admin_url: &str) -> Self {
        Self::with_token(admin_url, None)
    }

    /// The same with the token that the admin interface needs, if it needs one.
    pub fn with_token(admin_url: &str, token: Option<&str>) -> Self {
        let authorization = token.map(|token| format!("Bearer {token}"));
        let authorize = move |mut request: Request<SendBody<'_>>, next: MiddlewareNext<'_>| {
            let value = authorization.as_deref().and_then(|text| HeaderValue::from_str(text).ok());
            if let Some(mut value) = value {
                value.set_sensitive(true);
                request.headers_mut().insert(AUTHORIZATION, value);
            }
            next.handle(request)
        };
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(20)))
            .http_status_as_error(false)
            .proxy(None)
            .middleware(authorize)
            .build();
        Admin { agent: config.into(), url: admin_url.trim_end_matches('/').to_owned() }
    }

    /// The document at a path; `None` when there is none.
    pub fn find(&self, path: &str) -> Result<Option<Value>, Error> {
        let url = self.address(path);
        let response = self.agent.get(&url).call();
        match self.answer("GET", &url, response) {
            Ok(value) => Ok(Some(value)),
            Err((Some(404), _)) => Ok(None),
            Err((_, error)) => Err(error),
        }
    }

    /// The document at a path, which must exist.
    pub fn get(&self, path: &str) -> Result<Value, Error> {
        let url = self.address(path);
        let response = self.agent.get(&url).call();
        self.answer("GET", &url, response).map_err(|(_, error)| error)
    }

    /// Merges a patch into the document at a path; `null` removes a member (RFC 7396).
    pub fn patch(&self, path: &str, patch: &Value) -> Result<Value, Error> {
        let url = self.address(path);
        let response = self.agent.patch(&url).send_json(patch);
        self.answer("PATCH", &url, response).map_err(|(_, error)| error)
    }

    /// Replaces the document at a path.
    pub fn put(&self, path: &str, document: &Value) -> Result<Value, Error> {
        let url = self.address(path);
        let response = self.agent.put(&url).send_json(document);
        self.answer("PUT", &url, response).map_err(|(_, error)| error)
    }

    /// Sends a document to a path that does something with it.
    pub fn post(&self, path: &str, document: &Value) -> Result<Value, Error> {
        let url = self.address(path);
        let response = self.agent.post(&url).send_json(document);
        self.answer("POST", &url, response).map_err(|(_, error)| error)
    }

    /// Removes the document at a path.
    pub fn delete(&self, path: &str) -> Result<(), Error> {
        let url = self.address(path);
        let response = self.agent.delete(&url).call();
        self.answer("DELETE", &url, response).map(drop).map_err(|(_, error)| error)
    }

    /// The address of a document, to be shown to people.
    pub fn url_of(&self, path: &str) -> String {
        self.address(path)
    }

    fn address(&self, path: &str) -> String {
        format!("{}/v1/{}", self.url, path.trim_start_matches('/'))
    }

    fn answer(
        &self,
        method: &'static str,
        url: &str,
        response: Result<ureq::http::Response<ureq::Body>, ureq::Error>,
    ) -> Result<Value, (Option<u16>, Error)> {
        let fail = |status, reason: String| (status, Error { method, url: url.to_owned(), reason });
        let mut response = response.map_err(|error| fail(None, error.to_string()))?;
        let status = response.status().as_u16();
        let text = response.body_mut().with_config().limit(64 << 20).read_to_string();
        let text = text.map_err(|error| fail(Some(status), error.to_string()))?;
        if !(200..300).contains(&status) {
            return Err(fail(Some(status), format!("HTTP {status}: {}", text.trim())));
        }
        if text.trim().is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_str(&text).map_err(|error| fail(Some(status), error.to_string()))
    }
}
