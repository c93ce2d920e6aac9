//! Patience with a service whose front ends learn of a change one after another: calling again while a refusal is one
//! that passes, looking again until a change shows, and finding out what became of a creation that was not answered.

use std::time::{Duration, Instant};

use alibaba::Error;
use plugin::Cx;

use crate::config::Cloud;
use crate::place::Place;

/// Calls again while the refusal is one that passes, for `at_most` this long. When it does not pass, the service's own
/// refusal is the error.
///
/// # Errors
/// Those of the call, or the last refusal when the user interrupts.
pub async fn patiently<T, F, Fut>(
    cx: &Cx<Cloud>,
    at_most: Duration,
    passes: impl Fn(&Error) -> bool,
    mut call: F,
) -> Result<T, Error>
where
    F: FnMut() -> Fut,
    Fut: Future<Output = Result<T, Error>>,
{
    let end = cx.deadline().min(Instant::now() + at_most);
    let mut pause = FIRST;
    loop {
        match call().await {
            Err(error) if passes(&error) && Instant::now() + pause < end => {
                if rest(cx, &mut pause).await.is_err() {
                    return Err(error);
                }
            }
            other => return other,
        }
    }
}

/// Looks until what is seen is `done`, for `at_most` this long, and gives what was seen last: if that is not what was
/// wanted, the caller tells the user so. `None` is nothing to be seen yet.
///
/// # Errors
/// Those of the look, or that nothing was ever seen, or that the user interrupts.
pub async fn settled<T, F, Fut>(
    cx: &Cx<Cloud>,
    what: &str,
    at_most: Duration,
    done: impl Fn(&T) -> bool,
    mut look: F,
) -> Result<T, Error>
where
    F: FnMut() -> Fut,
    Fut: Future<Output = Result<Option<T>, Error>>,
{
    let begun = Instant::now();
    let end = cx.deadline().min(begun + at_most);
    let mut pause = FIRST;
    loop {
        let late = Instant::now() + pause >= end;
        match look().await? {
            Some(seen) if late || done(&seen) => return Ok(seen),
            None if late => {
                return Err(Error::WaitTimeout { what: what.to_owned(), waited: begun.elapsed() });
            }
            _ => rest(cx, &mut pause)
                .await
                .map_err(|Interrupted| Error::WaitCancelled { what: what.to_owned() })?,
        }
    }
}

/// Makes what must not be made twice. There was none a moment ago: when the answer to `create` is lost, or does not say
/// whether it was done, what `find` finds now is what was asked for. When it finds none, the call is made again.
///
/// `spreading` is how long an object that is there may stay hidden from `find`.
///
/// # Errors
/// Those of `create`. One that exists when nothing was tried before is somebody else's.
pub async fn make<C, CF, F, FF>(
    cx: &Cx<Cloud>,
    place: &Place,
    spreading: Duration,
    mut create: C,
    find: F,
) -> Result<(), Error>
where
    C: FnMut() -> CF,
    CF: Future<Output = Result<(), Error>>,
    F: Fn(Place) -> FF,
    FF: Future<Output = Result<bool, Error>>,
{
    let mut unsure = None;
    let mut pause = FIRST;
    for _ in 0..MOST_CREATIONS {
        let (error, at_most) = match create().await {
            Ok(()) => return Ok(()),
            // By the call before.
            Err(error) if unsure.is_some() && error.is_already_exists() => (error, spreading),
            // Called again soon, it would say that it exists.
            Err(error) if error.service_error().is_some() && error.may_have_been_applied() => {
                (error, spreading.min(GLANCE))
            }
            Err(error) if error.may_have_been_applied() => (error, spreading),
            Err(error) => return Err(error),
        };
        let afterwards = place.afterwards();
        let look = || async {
            let found = find(afterwards.clone()).await?;
            Ok(found.then_some(()))
        };
        let what = "what a call made that was not answered";
        if afterwards
            .client
            .wait(&alibaba::retry::Policy { at_most, ..alibaba::retry::Policy::UNANSWERED }, what, look)
            .await
            .is_ok()
        {
            return Ok(());
        }
        let late = cx.cancel().is_cancelled() || Instant::now() + pause >= cx.deadline();
        if late || rest(cx, &mut pause).await.is_err() {
            return Err(error);
        }
        unsure = Some(error);
    }
    Err(unsure.unwrap_or_else(|| Error::Internal("nothing was tried".to_owned())))
}

/// How often a creation is tried whose answer does not say whether it was done.
const MOST_CREATIONS: usize = 4;

/// How long to look for what a service's own fault probably kept it from making.
const GLANCE: Duration = Duration::from_secs(1);

const FIRST: Duration = Duration::from_millis(200);
const LONGEST: Duration = Duration::from_secs(5);

struct Interrupted;

async fn rest(cx: &Cx<Cloud>, pause: &mut Duration) -> Result<(), Interrupted> {
    tokio::select! {
        () = cx.cancel().cancelled() => return Err(Interrupted),
        () = tokio::time::sleep(*pause) => {}
    }
    *pause = (*pause * 2).min(LONGEST);
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use plugin::Diagnostic;
    use tokio_util::sync::CancellationToken;

    use super::*;

    fn cx(cancel: CancellationToken) -> std::sync::Arc<Cx<Cloud>> {
        Cx::new(Err(Diagnostic::error("no client", "none is needed")), cancel, Duration::from_secs(600))
    }

    fn passing(error: &Error) -> bool {
        matches!(error, Error::Internal(text) if text == "not yet")
    }

    #[tokio::test]
    async fn a_passing_refusal_is_waited_out_and_any_other_is_not() {
        let calls = Cell::new(0);
        let call = |third: &'static str| {
            calls.set(calls.get() + 1);
            let count = calls.get();
            async move {
                match count {
                    1 | 2 => Err(Error::Internal("not yet".into())),
                    _ if third.is_empty() => Ok(count),
                    _ => Err(Error::Internal(third.into())),
                }
            }
        };
        let cx = cx(CancellationToken::new());
        let minute = Duration::from_secs(60);
        assert_eq!(patiently(&cx, minute, passing, || call("")).await.unwrap(), 3);
        calls.set(0);
        assert_eq!(patiently(&cx, minute, passing, || call("no")).await.unwrap_err().to_string(), "no");
    }

    #[tokio::test]
    async fn patience_ends() {
        let cancel = CancellationToken::new();
        cancel.cancel();
        let refuse = || async { Err::<(), _>(Error::Internal("not yet".into())) };
        let error =
            patiently(&cx(cancel.clone()), Duration::from_secs(60), passing, refuse).await.unwrap_err();
        assert_eq!(error.to_string(), "not yet");
        let error =
            patiently(&cx(CancellationToken::new()), Duration::ZERO, passing, refuse).await.unwrap_err();
        assert_eq!(error.to_string(), "not yet");
        let nothing = || async { Ok(None::<u8>) };
        let error = settled(&cx(cancel), "x", Duration::from_secs(60), |_| true, nothing).await.unwrap_err();
        assert!(error.is_cancelled());
        let error = settled(&cx(CancellationToken::new()), "x", Duration::ZERO, |_| true, nothing).await;
        assert!(matches!(error, Err(Error::WaitTimeout { .. })));
        // What is not as wanted when time is up is what there is.
        let something = || async { Ok(Some(1)) };
        let seen = settled(&cx(CancellationToken::new()), "x", Duration::ZERO, |_| false, something).await;
        assert_eq!(seen.unwrap(), 1);
    }
}
