//! Waiting for the cloud: poll quickly at first, ever less often, until something is there, time is up or the caller
//! stops it.

use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use crate::error::Error;

/// How often to look.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pace {
    /// The pause after the first look.
    pub first: Duration,
    /// How much longer each pause is than the one before.
    pub factor: f64,
    /// The longest pause.
    pub longest: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self { first: Duration::from_millis(200), factor: 1.6, longest: Duration::from_secs(5) }
    }
}

/// Calls `probe` until it gives something. It is called at once, and a last time when the deadline is reached.
pub async fn until<T, F, Fut>(
    what: &str,
    cancel: &CancellationToken,
    deadline: Instant,
    pace: Pace,
    mut probe: F,
) -> Result<T, Error>
where
    F: FnMut() -> Fut,
    Fut: Future<Output = Result<Option<T>, Error>>,
{
    let begun = Instant::now();
    let mut pause = pace.first;
    loop {
        let looked_at = Instant::now();
        let found = tokio::select! {
            biased;
            () = cancel.cancelled() => return Err(Error::WaitCancelled { what: what.to_owned() }),
            found = probe() => match found {
                // Time was up in the middle of a look.
                Err(Error::DeadlineExceeded { last: None, .. }) => {
                    return Err(Error::WaitTimeout { what: what.to_owned(), waited: begun.elapsed() });
                }
                found => found?,
            },
        };
        if let Some(found) = found {
            return Ok(found);
        }
        if looked_at >= deadline {
            return Err(Error::WaitTimeout { what: what.to_owned(), waited: begun.elapsed() });
        }
        let next = (Instant::now() + pause).min(deadline);
        tokio::select! {
            biased;
            () = cancel.cancelled() => return Err(Error::WaitCancelled { what: what.to_owned() }),
            () = tokio::time::sleep_until(next.into()) => {}
        }
        pause = pause.mul_f64(pace.factor).min(pace.longest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUICK: Pace =
        Pace { first: Duration::from_millis(2), factor: 2.0, longest: Duration::from_millis(10) };

    fn soon(ms: u64) -> Instant {
        Instant::now() + Duration::from_millis(ms)
    }

    #[tokio::test]
    async fn gives_what_the_probe_finds() {
        let mut looks = 0;
        let cancel = CancellationToken::new();
        let found = until("a trail", &cancel, soon(1000), QUICK, || {
            looks += 1;
            let found = (looks == 4).then_some("there");
            async move { Ok(found) }
        });
        assert_eq!(found.await.unwrap(), "there");
        assert_eq!(looks, 4);
    }

    #[tokio::test]
    async fn ends_at_the_deadline_after_a_last_look() {
        let begun = Instant::now();
        let mut looks: Vec<Instant> = Vec::new();
        let deadline = soon(35);
        let cancel = CancellationToken::new();
        let error = until::<(), _, _>("the moon", &cancel, deadline, QUICK, || {
            looks.push(Instant::now());
            async { Ok(None) }
        });
        let error = error.await.unwrap_err();
        assert!(matches!(&error, Error::WaitTimeout { what, .. } if what == "the moon"), "{error}");
        assert!(begun.elapsed() < Duration::from_millis(500));
        assert!(looks.len() >= 4 && looks.last().unwrap() >= &deadline, "{looks:?}");
    }

    #[tokio::test]
    async fn stops_when_cancelled_even_in_a_slow_probe() {
        let cancel = CancellationToken::new();
        let begun = Instant::now();
        let waiting = until::<(), _, _>("x", &cancel, soon(60_000), QUICK, || async {
            tokio::time::sleep(Duration::from_secs(60)).await;
            Ok(None)
        });
        let (result, ()) = tokio::join!(waiting, async {
            tokio::time::sleep(Duration::from_millis(10)).await;
            cancel.cancel();
        });
        assert!(result.unwrap_err().is_cancelled());
        assert!(begun.elapsed() < Duration::from_secs(5));
    }

    #[tokio::test]
    async fn an_error_of_the_probe_ends_it() {
        let failed: Result<(), _> = until("x", &CancellationToken::new(), soon(1000), QUICK, || async {
            Err(Error::Internal("no".into()))
        })
        .await;
        assert_eq!(failed.unwrap_err().to_string(), "no");
    }

    #[tokio::test]
    async fn a_look_that_time_ends_is_the_end_of_the_wait() {
        let over = || async {
            Err(Error::DeadlineExceeded {
                service: crate::endpoint::Service::ActionTrail,
                action: "GetTrailStatus",
                sent: false,
                last: None,
            })
        };
        let failed: Result<(), _> =
            until("a trail", &CancellationToken::new(), soon(1000), QUICK, over).await;
        assert!(matches!(failed, Err(Error::WaitTimeout { what, .. }) if what == "a trail"));
    }
}
