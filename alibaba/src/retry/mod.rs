//! Calling and looking again: which pauses, for how long, and when to stop.
//!
//! Every pause between two attempts at the same thing comes from here, by a [`Policy`] with a name. All of them end at the
//! deadline of the client that waits and when its caller cancels, whatever their own limit is. Time is tokio's, so that
//! tests run on a paused clock and count attempts.

mod policy;

use tokio::time::Instant;

pub use policy::Policy;
pub(crate) use policy::spread;

use crate::core::scope::Scope;
use crate::error::Error;

/// Why no further attempt is made.
enum Stop {
    Cancelled,
    Late,
}

/// The attempts at one thing.
struct Attempts<'s> {
    scope: &'s Scope,
    pauses: backon::ExponentialBackoff,
    begun: Instant,
    end: Instant,
}

impl<'s> Attempts<'s> {
    fn new(scope: &'s Scope, policy: &Policy) -> Self {
        let begun = Instant::now();
        let end = begun + policy.at_most;
        let end = scope.deadline.map_or(end, |own| own.min(end));
        Self { scope, pauses: policy.pauses(), begun, end }
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
            () = self.scope.cancel.cancelled() => Err(Stop::Cancelled),
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

/// How the client waits, within its limits: see its methods of the same names.
impl Scope {
    pub(crate) async fn pause(&self, policy: &mut Policy) -> Result<(), Error> {
        let what = "another attempt";
        let mut attempts = Attempts::new(self, policy);
        attempts.next_call().await.map_err(|stop| attempts.ended(stop, what))?;
        policy.first = policy.first.mul_f32(policy.factor).min(policy.longest);
        Ok(())
    }

    pub(crate) async fn retry<T, F, Fut>(
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

    pub(crate) async fn wait<T, F, Fut>(&self, policy: &Policy, what: &str, mut look: F) -> Result<T, Error>
    where
        F: FnMut() -> Fut,
        Fut: Future<Output = Result<Option<T>, Error>>,
    {
        let mut attempts = Attempts::new(self, policy);
        loop {
            let found = tokio::select! {
                biased;
                () = self.cancel.cancelled() => return Err(attempts.ended(Stop::Cancelled, what)),
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

    pub(crate) async fn settle<T, F, Fut>(
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
                () = self.cancel.cancelled() => return Err(attempts.ended(Stop::Cancelled, what)),
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
