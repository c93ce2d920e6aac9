//! Sending: one request at a time through pooled connections, with pacing, retry, cancellation and a deadline.
//!
//! Knows how each service signs and how it reports errors, and nothing about what the calls mean.

mod authorize;
mod fault;
pub(crate) mod http;
mod limit;
pub(crate) mod redact;
mod retry;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use tokio::time::Instant;

use crate::config::{Config, SlsSignature};
use crate::core::request::{Idempotency, Request, Response};
use crate::core::scope::Scope;
use crate::core::text;
use crate::credentials::CredentialsProvider;
use crate::endpoint::{EndpointError, Resolver, Target};
use crate::error::Error;
use crate::region::Region;

use http::HttpClients;
use limit::Limiter;
use redact::{Redactor, Redactors};
use retry::Failure;

/// How long an error answer may be, in bytes; what is longer is none of the service's.
const LONGEST_REFUSAL: usize = 256 * 1024;

/// The shared sender. Opens nothing before the first call.
#[derive(Debug)]
pub(crate) struct Transport {
    config: Config,
    resolver: Resolver,
    /// Connections and pacing, shared with the senders of other accounts that were made from this one.
    http: Arc<HttpClients>,
    limiter: Arc<Limiter>,
    redactors: Redactors,
}

/// What is known about a call under way, for whoever stops it.
#[derive(Default)]
struct Progress {
    /// A request is out that is not answered.
    sent: AtomicBool,
    /// An earlier attempt may have taken effect.
    unsure: AtomicBool,
    last: Mutex<Option<Error>>,
}

impl Progress {
    /// Whether the call may have taken effect, going by what was sent.
    fn may_have_been_applied(&self, request: &Request) -> bool {
        let sent = self.sent.load(Ordering::Relaxed) || self.unsure.load(Ordering::Relaxed);
        request.idempotency != Idempotency::Read && sent
    }
}

impl Transport {
    pub(crate) fn new(mut config: Config) -> Result<Self, EndpointError> {
        let resolver = Resolver::new(&config.endpoints)?;
        let accepted = if resolver.sls_is_dedicated() { SlsSignature::V4 } else { SlsSignature::V1 };
        config.sls_signature.get_or_insert(accepted);
        let http = Arc::new(HttpClients::new(&config));
        let (limiter, redactors) = (Arc::new(Limiter::new(config.quota_share)), Redactors::default());
        Ok(Self { config, resolver, http, limiter, redactors })
    }

    /// A sender with other credentials, which shares connections and pacing with this one.
    pub(crate) fn for_account(
        &self,
        credentials: Arc<dyn CredentialsProvider>,
        account: Option<String>,
    ) -> Result<Self, EndpointError> {
        let config = Config { credentials, account_id: account, ..self.config.clone() };
        let resolver = Resolver::new(&config.endpoints)?;
        let (http, limiter) = (Arc::clone(&self.http), Arc::clone(&self.limiter));
        Ok(Self { config, resolver, http, limiter, redactors: Redactors::default() })
    }

    /// The region that a caller means.
    pub(crate) fn region(&self, id: &str) -> Result<Region, EndpointError> {
        self.resolver.region(id)
    }

    pub(crate) fn config(&self) -> &Config {
        &self.config
    }

    /// The account whose quotas calls count against, as far as it is known without a call.
    fn account(&self) -> Option<&str> {
        self.config.account_id.as_deref()
    }

    /// Sends a request until it is answered, refused for good, cancelled or out of time.
    pub(crate) async fn send(&self, request: &Request, scope: &Scope) -> Result<Response, Error> {
        let progress = Progress::default();
        let (service, action) = (request.service, request.action);
        let sent = || progress.may_have_been_applied(request);
        tokio::select! {
            biased;
            () = scope.cancel.cancelled() => Err(Error::Cancelled { service, action, sent: sent() }),
            answer = self.attempts(request, &progress) => answer,
            () = scope.expired() => {
                let last = progress.last.lock().ok().and_then(|mut last| last.take()).map(Box::new);
                Err(Error::DeadlineExceeded { service, action, sent: sent(), last })
            }
        }
    }

    async fn attempts(&self, request: &Request, progress: &Progress) -> Result<Response, Error> {
        let mut delays = retry::delays(self.config.max_retries);
        loop {
            self.limiter.ready(self.account(), request).await;
            let begun = Instant::now();
            let failure = match self.attempt(request, progress).await {
                Ok(response) => {
                    let id = response.request_id.as_deref().unwrap_or("-");
                    tracing::debug!(
                        service = %request.service, action = request.action, request_id = id,
                        ms = begun.elapsed().as_millis(), "call answered"
                    );
                    return Ok(response);
                }
                Err(failure) => failure,
            };
            let delay = if failure.again { delays.next() } else { None };
            tracing::debug!(
                service = %request.service, action = request.action, ms = begun.elapsed().as_millis(),
                code = failure.error.code().unwrap_or("-"), retry = delay.is_some(), "call failed"
            );
            let Some(delay) = delay else {
                let unsure =
                    request.idempotency != Idempotency::Read && progress.unsure.load(Ordering::Relaxed);
                return Err(if unsure {
                    failure.error.after_unsure_attempt(request.service, request.action)
                } else {
                    failure.error
                });
            };
            if failure.error.may_have_been_applied() {
                progress.unsure.store(true, Ordering::Relaxed);
            }
            let delay = delay.max(failure.wait.unwrap_or(Duration::ZERO));
            if failure.throttled {
                self.limiter.cool_down(self.account(), request, delay);
            }
            if let Ok(mut last) = progress.last.lock() {
                *last = Some(failure.error);
            }
            tokio::time::sleep(delay).await;
        }
    }

    async fn attempt(&self, request: &Request, progress: &Progress) -> Result<Response, Failure> {
        let target = self
            .resolver
            .target(request.service, request.region.as_ref(), request.label.as_deref())
            .map_err(Failure::last)?;
        let credentials = self.config.credentials.credentials().await.map_err(Failure::last)?;
        let moment = authorize::SigningTime::now();
        let signed =
            authorize::authorize(request, &self.config, &self.resolver, &target, &credentials, &moment);
        let (url, headers, body) = signed.map_err(Failure::last)?;
        let redactor = self.redactors.of(&credentials, &headers);
        let client = self.http.client(&target).map_err(Failure::last)?;

        progress.sent.store(true, Ordering::Relaxed);
        let answer = async {
            let mut answer =
                client.request(request.method.clone(), url).headers(headers).body(body).send().await?;
            let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
            let good = (200..300).contains(&status);
            let most = if good { self.config.max_answer_bytes } else { LONGEST_REFUSAL };
            Ok((status, headers, http::body(&mut answer, most).await?))
        };
        let (status, headers, body) = match answer.await {
            Ok(answer) => answer,
            Err(error) => {
                let sent = !http::never_sent(&error);
                progress.sent.store(sent, Ordering::Relaxed);
                if http::is_not_tls(&error) {
                    return Err(Failure::last(not_tls(request, &target)));
                }
                let detail = redactor.text(&http::describe(&error), text::SHORT);
                return Err(lost(request, &target, detail, sent));
            }
        };
        progress.sent.store(false, Ordering::Relaxed);
        let request_id = fault::request_id(request.service, &headers);
        let request_id = request_id.map(|id| redactor.text(&id, text::SHORT));
        if (200..300).contains(&status) {
            return accept(request, body, request_id, &redactor, self.config.max_answer_bytes)
                .map_err(Failure::last);
        }
        let refusal =
            fault::parse(request, status, &headers, &body.unwrap_or_default(), &redactor, moment.at);
        Err(retry::judge(request, refusal, &headers))
    }
}

/// A good answer, if it is one that can be read.
fn accept(
    request: &Request,
    body: Option<Bytes>,
    request_id: Option<String>,
    redactor: &Redactor,
    most: usize,
) -> Result<Response, Error> {
    let (service, action) = (request.service, request.action);
    let Some(body) = body else { return Err(Error::AnswerTooLarge { service, action, most, request_id }) };
    if redactor.is_repeated_in(&body) {
        let detail = "it repeats a secret that the request was signed with".to_owned();
        return Err(Error::UnexpectedAnswer { service, action, detail, request_id });
    }
    Ok(Response { service, action, idempotency: request.idempotency, body, request_id })
}

/// Trying again would not help: the address is what is wrong.
fn not_tls(request: &Request, target: &Target) -> Error {
    let address = target.origin.trim_start_matches("https://").to_owned();
    Error::NotTls { service: request.service, action: request.action, address }
}

/// A connection that was never made may always be tried again; one that broke only where the call may be repeated.
fn lost(request: &Request, target: &Target, detail: String, sent: bool) -> Failure {
    let (service, action) = (request.service, request.action);
    if sent && request.idempotency == Idempotency::Once {
        return Failure::last(Error::LostAnswer { service, action, detail });
    }
    let address = target.origin.clone();
    Failure {
        error: Error::Unreachable {
            service,
            action,
            address,
            detail,
            sent: sent && request.idempotency != Idempotency::Read,
        },
        again: true,
        wait: None,
        throttled: false,
    }
}

#[cfg(test)]
mod echo_tests;
#[cfg(test)]
pub(crate) mod tests;
