//! Sending: one request at a time through pooled connections, with pacing, retry, cancellation and a deadline.
//!
//! Knows how each service signs and how it reports errors, and nothing about what the calls mean.

mod authorize;
mod fault;
mod http;
mod limit;
mod retry;

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use ::http::Method;
use bytes::Bytes;
use tokio_util::sync::CancellationToken;

use crate::client::{Config, SlsSignature};
use crate::endpoint::{EndpointError, Resolver, Service, Target};
use crate::error::Error;
use crate::sign::Pairs;

use http::HttpClients;
use limit::Limiter;
use retry::Failure;

/// What a call does to the world, which decides when it may be sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Only reads.
    Read,
    /// Changes something, and doing it twice is doing it once.
    Repeatable,
    /// Must not be sent twice.
    Once,
}

/// How a request is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    /// RPC style, with the version of the API.
    Acs3 {
        /// API version.
        version: &'static str,
    },
    /// OSS, version 4.
    OssV4,
    /// SLS, version 1 or 4 as configured.
    Sls,
}

/// A request before it is signed.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) service: Service,
    pub(crate) action: &'static str,
    pub(crate) scheme: Scheme,
    pub(crate) effect: Effect,
    /// Published limit of the API, in requests per second.
    pub(crate) per_second: Option<u32>,
    pub(crate) region: Option<String>,
    /// The bucket or project that becomes part of the host.
    pub(crate) label: Option<String>,
    pub(crate) method: Method,
    /// The path, decoded.
    pub(crate) path: String,
    pub(crate) query: Pairs,
    pub(crate) headers: Pairs,
    pub(crate) body: Bytes,
}

/// A good answer.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) body: Bytes,
    pub(crate) request_id: Option<String>,
}

/// Who may stop a call, and when it has to be over.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scope {
    pub(crate) cancel: CancellationToken,
    pub(crate) deadline: Option<Instant>,
}

impl Scope {
    /// Resolves when the deadline passes, never without one.
    pub(crate) async fn expired(&self) {
        match self.deadline {
            Some(at) => tokio::time::sleep_until(at.into()).await,
            None => std::future::pending().await,
        }
    }
}

/// The shared sender. Opens nothing before the first call.
#[derive(Debug)]
pub(crate) struct Transport {
    config: Config,
    resolver: Resolver,
    http: HttpClients,
    limiter: Limiter,
}

/// What is known about a call under way, for whoever stops it.
#[derive(Default)]
struct Progress {
    sent: AtomicBool,
    last: Mutex<Option<Error>>,
}

impl Transport {
    pub(crate) fn new(mut config: Config) -> Result<Self, EndpointError> {
        let resolver = Resolver::new(&config.endpoints)?;
        let accepted = if resolver.sls_is_dedicated() { SlsSignature::V4 } else { SlsSignature::V1 };
        config.sls_signature.get_or_insert(accepted);
        let http = HttpClients::new(&config);
        Ok(Self { config, resolver, http, limiter: Limiter::default() })
    }

    pub(crate) fn config(&self) -> &Config {
        &self.config
    }

    /// Sends a request until it is answered, refused for good, cancelled or out of time.
    pub(crate) async fn send(&self, request: &Request, scope: &Scope) -> Result<Response, Error> {
        let progress = Progress::default();
        let (service, action) = (request.service, request.action);
        let sent = || request.effect != Effect::Read && progress.sent.load(Ordering::Relaxed);
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
            self.limiter.ready(request).await;
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
            let Some(delay) = delay else { return Err(failure.error) };
            let delay = delay.max(failure.wait.unwrap_or(Duration::ZERO));
            if failure.throttled {
                self.limiter.cool_down(request, delay);
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
            .target(request.service, request.region.as_deref(), request.label.as_deref())
            .map_err(Failure::last)?;
        let credentials = self.config.credentials.credentials().await.map_err(Failure::last)?;
        let moment = authorize::Moment::now();
        let signing_region = self.signing_region(request);
        let signed =
            authorize::authorize(request, &self.config, &target, &signing_region, &credentials, &moment);
        let (url, headers) = signed.map_err(Failure::last)?;
        let client = self.http.client(&target).map_err(Failure::last)?;

        progress.sent.store(true, Ordering::Relaxed);
        let answer = async {
            let answer = client
                .request(request.method.clone(), url)
                .headers(headers)
                .body(request.body.clone())
                .send()
                .await?;
            let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
            Ok((status, headers, answer.bytes().await?))
        };
        let (status, headers, body) = match answer.await {
            Ok(answer) => answer,
            Err(error) => {
                let sent = !http::never_sent(&error);
                progress.sent.store(sent, Ordering::Relaxed);
                return Err(lost(request, &target, &error, sent));
            }
        };
        progress.sent.store(false, Ordering::Relaxed);
        if (200..300).contains(&status) {
            let request_id = fault::request_id(request.service, &headers);
            return Ok(Response { body, request_id });
        }
        let error = fault::parse(request, status, &headers, &body, &credentials, moment.at);
        Err(retry::judge(request, error, &headers))
    }

    fn signing_region(&self, request: &Request) -> String {
        let region = request.region.as_deref().unwrap_or_default();
        if request.scheme == Scheme::Sls {
            self.resolver.sls_signing_region(region)
        } else {
            region.to_owned()
        }
    }
}

/// A connection that was never made may always be tried again; one that broke only where the call may be repeated.
fn lost(request: &Request, target: &Target, error: &reqwest::Error, sent: bool) -> Failure {
    let (service, action) = (request.service, request.action);
    let detail = http::describe(error);
    if sent && request.effect == Effect::Once {
        return Failure::last(Error::LostAnswer { service, action, detail });
    }
    let address = target.origin.clone();
    Failure {
        error: Error::Unreachable { service, action, address, detail },
        again: true,
        wait: None,
        throttled: false,
    }
}

#[cfg(test)]
mod tests;
