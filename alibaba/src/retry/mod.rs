//! Calling and looking again: which pauses, for how long, and when to stop.
//!
//! Every pause between two attempts at the same thing comes from here, by a [`Policy`] with a name. All of them end at the
//! deadline of the client that waits and when its caller cancels, whatever their own limit is. Time is tokio's, so that
//! tests run on a paused clock and count attempts.

mod policy;

use std::time::Duration;

use tokio::time::Instant;

pub use policy::Policy;

use crate::client::Client;
use crate::error::Error;

/// How far apart the calls may be that were waiting for one pause, as a share of the pause.
const SPREAD: f64 = 0.2;

/// Something between nothing and a share of a pause, to be added to it by everybody who waits for its end: they do not all
/// call in the same moment.
pub(crate) fn spread(pause: Duration) -> Duration {
    use rand::Rng;
    pause.mul_f64(rand::rng().random_range(0.0..=SPREAD))
}

/// Why no further attempt is made.
enum Stop {
    Cancelled,
    Late,
}

/// The attempts at one thing.
struct Attempts<'c> {
    client: &'c Client,
    pauses: backon::ExponentialBackoff,
    begun: Instant,
    end: Instant,
}

impl<'c> Attempts<'c> {
    fn new(client: &'c Client, policy: &Policy) -> Self {
        let begun = Instant::now();
        let end = begun + policy.at_most;
        let end = client.deadline().map_or(end, |own| own.min(end));
        Self { client, pauses: policy.pauses(), begun, end }
    }

    /// Waits until the next look is due. The last one is made when time is up.
    async fn next(&mut self) -> Result<(), Stop> {
        let due = Instant::now() + self.pauses.next().unwrap_or_default();
        if due < self.end {
            return self.sleep(due).await;
        }
        if Instant::now() >= self.end {
            return Err(Stop::Late);
        }
        self.sleep(self.end).await
    }

    /// Waits until the next call is due. One that could not be answered in time is not made: it might take effect.
    async fn next_call(&mut self) -> Result<(), Stop> {
        let due = Instant::now() + self.pauses.next().unwrap_or_default();
        if due >= self.end { Err(Stop::Late) } else { self.sleep(due).await }
    }

    async fn sleep(&self, until: Instant) -> Result<(), Stop> {
        tokio::select! {
            biased;
            () = self.client.cancel().cancelled() => Err(Stop::Cancelled),
            () = tokio::time::sleep_until(until) => Ok(()),
        }
    }

    /// The error of a wait that ended without what it waited for.
    fn ended(&self, stop: Stop, what: &str) -> Error {
        match stop {
            Stop::Cancelled => Error::WaitCancelled { what: what.to_owned() },
            Stop::Late => self.late(what),
        }
    }

    fn late(&self, what: &str) -> Error {
        Error::WaitTimeout { what: what.to_owned(), waited: self.begun.elapsed() }
    }
}

impl Client {
    /// Waits for the first pause of a policy, whose next one is longer.
    ///
    /// # Errors
    /// [`Error::WaitCancelled`] and [`Error::WaitTimeout`], when the caller cancels or no time is left for another attempt.
    pub async fn pause(&self, policy: &mut Policy) -> Result<(), Error> {
        let what = "another attempt";
        let mut attempts = Attempts::new(self, policy);
        attempts.next_call().await.map_err(|stop| attempts.ended(stop, what))?;
        policy.first = policy.first.mul_f32(policy.factor).min(policy.longest);
        Ok(())
    }

    /// Calls again while the refusal is one that `passes`. When it does not pass in time, or the caller cancels, the
    /// service's own refusal is the error.
    ///
    /// # Errors
    /// Those of the call.
    pub async fn retry<T, F, Fut>(
        &self,
        policy: &Policy,
        passes: impl Fn(&Error) -> bool,
        mut call: F,
    ) -> Result<T, Error>
    where
        F: FnMut() -> Fut,
        Fut: Future<Output = Result<T, Error>>,
    {
        let mut attempts = Attempts::new(self, policy);
        loop {
            match call().await {
                Err(error) if passes(&error) => {
                    if attempts.next_call().await.is_err() {
                        return Err(error);
                    }
                }
                other => return other,
            }
        }
    }

    /// Looks until there is something to be seen; `what` names it in errors. The first look is made at once, the last one
    /// when time is up.
    ///
    /// # Errors
    /// Those of the look, [`Error::WaitTimeout`] and [`Error::WaitCancelled`].
    pub async fn wait<T, F, Fut>(&self, policy: &Policy, what: &str, mut look: F) -> Result<T, Error>
    where
        F: FnMut() -> Fut,
        Fut: Future<Output = Result<Option<T>, Error>>,
    {
        let mut attempts = Attempts::new(self, policy);
        loop {
            let found = tokio::select! {
                biased;
                () = self.cancel().cancelled() => return Err(attempts.ended(Stop::Cancelled, what)),
                found = look() => match found {
                    // Time was up in the middle of a look.
                    Err(Error::DeadlineExceeded { last: None, .. }) => return Err(attempts.late(what)),
                    found => found?,
                },
            };
            if let Some(found) = found {
                return Ok(found);
            }
            attempts.next().await.map_err(|stop| attempts.ended(stop, what))?;
        }
    }

    /// Looks until what is seen is `done`, and gives what was seen last: if that is not what was wanted when time is up, it
    /// is for the caller to say so. `None` is nothing to be seen yet.
    ///
    /// # Errors
    /// Those of the look, that nothing was ever seen ([`Error::WaitTimeout`]), and [`Error::WaitCancelled`].
    pub async fn settle<T, F, Fut>(
        &self,
        policy: &Policy,
        what: &str,
        done: impl Fn(&T) -> bool,
        mut look: F,
    ) -> Result<T, Error>
    where
        F: FnMut() -> Fut,
        Fut: Future<Output = Result<Option<T>, Error>>,
    {
        let mut attempts = Attempts::new(self, policy);
        let mut last = None;
        loop {
            let looked = tokio::select! {
                biased;
                () = self.cancel().cancelled() => return Err(attempts.ended(Stop::Cancelled, what)),
                looked = look() => looked,
            };
            match looked {
                Ok(Some(seen)) if done(&seen) => return Ok(seen),
                Ok(Some(seen)) => last = Some(seen),
                Ok(None) => {}
                // Time was up in the middle of a look.
                Err(Error::DeadlineExceeded { last: None, .. }) => {
                    return last.ok_or_else(|| attempts.late(what));
                }
                Err(error) => return Err(error),
            }
            match (attempts.next().await, last.take()) {
                (Ok(()), seen) => last = seen,
                (Err(Stop::Late), Some(seen)) => return Ok(seen),
                (Err(stop), _) => return Err(attempts.ended(stop, what)),
            }
        }
    }
}

#[cfg(test)]
mod tests;
