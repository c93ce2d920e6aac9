//! Credentials that end, and are fetched anew before they do.
//!
//! Every temporary source goes through [`Refreshing`]: it keeps what was fetched, fetches anew when three quarters of its
//! life are over, once for all calls that wait, and holds those back meanwhile. The fetch runs in a task of its own, so
//! that a caller who gives up takes nobody's credentials away.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use time::OffsetDateTime;
use tokio::time::Instant;

use super::{Credentials, CredentialsError, CredentialsProvider};
use crate::coalesce::Coalescer;
use crate::error::Error;

/// After this part of their life credentials are fetched anew.
const REFRESHED_AFTER: f64 = 0.75;
/// How long a refresh that failed is not tried again, while the credentials that there are still hold.
const PAUSE: Duration = Duration::from_secs(30);

/// Credentials and the moment from which they are void.
#[derive(Debug, Clone)]
pub(crate) struct Temporary {
    pub(crate) credentials: Credentials,
    /// None for those that do not end.
    pub(crate) expiration: Option<OffsetDateTime>,
}

/// Something that gives credentials when it is asked. It keeps nothing.
#[async_trait::async_trait]
pub(crate) trait Source: Send + Sync + std::fmt::Debug + 'static {
    /// How messages name it, such as `the role acs:ram::…`.
    fn name(&self) -> String;

    /// New credentials.
    async fn fetch(&self) -> Result<Temporary, CredentialsError>;
}

/// A source whose credentials are kept and refreshed.
#[derive(Debug)]
pub(crate) struct Refreshing<S> {
    shared: Arc<Shared<S>>,
    fetches: Coalescer<(), Credentials>,
}

#[derive(Debug)]
struct Shared<S> {
    source: S,
    held: Mutex<Option<Held>>,
}

/// What was fetched last. A machine that sleeps stops the monotonic clock and not the other one, so both count.
#[derive(Debug, Clone)]
struct Held {
    credentials: Credentials,
    /// When it is fetched anew and when it ends; never without.
    life: Option<(SigningTime, SigningTime)>,
}

#[derive(Debug, Clone, Copy)]
struct SigningTime {
    monotonic: Instant,
    wall: OffsetDateTime,
}

impl SigningTime {
    /// In this time from now.
    fn after(time: Duration) -> Self {
        Self { monotonic: Instant::now() + time, wall: OffsetDateTime::now_utc() + time }
    }

    fn has_passed(&self) -> bool {
        Instant::now() >= self.monotonic || OffsetDateTime::now_utc() >= self.wall
    }
}

impl Held {
    /// Whether it is used as it is.
    fn is_fresh(&self) -> bool {
        self.life.is_none_or(|(due, _)| !due.has_passed())
    }

    /// Whether a service still accepts it.
    fn holds(&self) -> bool {
        self.life.is_none_or(|(_, end)| !end.has_passed())
    }
}

impl<S: Source> Refreshing<S> {
    pub(crate) fn new(source: S) -> Self {
        Self { shared: Arc::new(Shared { source, held: Mutex::default() }), fetches: Coalescer::default() }
    }

    /// What is asked.
    pub(super) fn source(&self) -> &S {
        &self.shared.source
    }
}

impl<S: Source> Shared<S> {
    fn held(&self) -> MutexGuard<'_, Option<Held>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn fresh(&self) -> Option<Credentials> {
        self.held().as_ref().filter(|held| held.is_fresh()).map(|held| held.credentials.clone())
    }

    async fn refresh(&self) -> Result<Credentials, CredentialsError> {
        // Somebody else's fetch may have ended since the caller looked.
        if let Some(credentials) = self.fresh() {
            return Ok(credentials);
        }
        let fetched = match self.source.fetch().await {
            Ok(temporary) => self.judge(temporary),
            Err(error) => Err(error),
        };
        let error = match fetched {
            Ok(held) => {
                let credentials = held.credentials.clone();
                *self.held() = Some(held);
                tracing::debug!(source = %self.source.name(), "credentials fetched");
                return Ok(credentials);
            }
            Err(error) => error,
        };
        let mut held = self.held();
        let Some(kept) = held.as_mut().filter(|held| held.holds()) else { return Err(error) };
        tracing::warn!(source = %self.source.name(), %error, "credentials could not be refreshed and still hold");
        if let Some((due, _)) = &mut kept.life {
            *due = SigningTime::after(PAUSE);
        }
        Ok(kept.credentials.clone())
    }

    fn judge(&self, temporary: Temporary) -> Result<Held, CredentialsError> {
        let Temporary { credentials, expiration } = temporary;
        let Some(end) = expiration else { return Ok(Held { credentials, life: None }) };
        let left = Duration::try_from(end - OffsetDateTime::now_utc()).unwrap_or_default();
        if left.is_zero() {
            return Err(CredentialsError::told(
                self.source.name(),
                "reading the answer",
                "the credentials in it have expired already",
                "Check the clock of this machine, and whether the source is up to date.",
            ));
        }
        let due = SigningTime::after(left.mul_f64(REFRESHED_AFTER));
        Ok(Held { credentials, life: Some((due, SigningTime::after(left))) })
    }
}

#[async_trait::async_trait]
impl<S: Source> CredentialsProvider for Refreshing<S> {
    async fn credentials(&self) -> Result<Credentials, CredentialsError> {
        if let Some(credentials) = self.shared.fresh() {
            return Ok(credentials);
        }
        let shared = Arc::clone(&self.shared);
        let fetch = || async move { shared.refresh().await.map_err(Error::from) };
        match self.fetches.read((), fetch).await {
            Ok(credentials) => Ok((*credentials).clone()),
            Err(Error::Credentials(error)) => Err(error),
            Err(other) => Err(CredentialsError::call(self.shared.source.name(), "the refresh", other, "")),
        }
    }
}

#[cfg(test)]
#[path = "refresh_tests.rs"]
mod tests;
