//! On a paused clock: attempts are counted, and no test takes time.

use std::cell::Cell;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::policy::SPREAD;
use super::*;
use crate::client::Client;
use crate::config::Config;
use crate::credentials::Credentials;
use crate::endpoint::Service;

fn client() -> Client {
    Client::new(Config::new(Credentials::new("id", "secret"))).unwrap()
}

fn cancelled() -> Client {
    let cancel = CancellationToken::new();
    cancel.cancel();
    client().with_cancel(cancel)
}

fn not_yet() -> Error {
    Error::Internal("not yet".into())
}

fn passes(error: &Error) -> bool {
    matches!(error, Error::Internal(text) if text == "not yet")
}

/// The attempts of a policy whose pauses grow from 0.2 s by 1.6 up to 5 s: when they are made, in milliseconds.
const FIRST_ATTEMPTS: [u128; 6] = [0, 200, 520, 1032, 1851, 3161];

#[tokio::test(start_paused = true)]
async fn a_passing_refusal_is_waited_out_and_any_other_is_not() {
    let calls = Cell::new(0);
    for (third, result) in [(None, Ok(3)), (Some("no"), Err("no".to_owned()))] {
        calls.set(0);
        let call = || {
            calls.set(calls.get() + 1);
            async {
                match (calls.get(), third) {
                    (1 | 2, _) => Err(not_yet()),
                    (count, None) => Ok(count),
                    (_, Some(why)) => Err(Error::Internal(why.into())),
                }
            }
        };
        let ended = client().retry(&Policy::NEW_OBJECT, passes, call).await;
        assert_eq!(ended.map_err(|error| error.to_string()), result);
        assert_eq!(calls.get(), 3);
    }
}

#[tokio::test(start_paused = true)]
async fn calls_come_ever_less_often_and_none_when_time_is_up() {
    let (begun, times) = (Instant::now(), std::cell::RefCell::new(Vec::new()));
    let refuse = || {
        times.borrow_mut().push(begun.elapsed().as_millis());
        async { Err::<(), _>(not_yet()) }
    };
    let error = client().retry(&Policy::UNANSWERED, passes, refuse).await.unwrap_err();
    assert_eq!(error.to_string(), "not yet");
    let times = times.into_inner();
    for (at, expected) in FIRST_ATTEMPTS.iter().enumerate() {
        assert!(times[at].abs_diff(*expected) <= 5, "{times:?}");
    }
    assert_eq!(times.len(), FIRST_ATTEMPTS.len(), "{times:?}");
}

#[tokio::test(start_paused = true)]
async fn no_wait_outlives_the_deadline_of_the_operation() {
    let looks = Cell::new(0);
    let begun = Instant::now();
    let look = || {
        looks.set(looks.get() + 1);
        async { Ok(None::<()>) }
    };
    let client = client().with_deadline(begun + Duration::from_secs(2));
    let error = client.wait(&Policy::NEW_OBJECT, "the moon", look).await.unwrap_err();
    assert!(matches!(&error, Error::WaitTimeout { what, .. } if what == "the moon"), "{error}");
    assert_eq!((begun.elapsed(), looks.get()), (Duration::from_secs(2), 6));
}

#[tokio::test(start_paused = true)]
async fn a_wait_gives_what_is_found_and_passes_errors_on() {
    let looks = Cell::new(0);
    let look = || {
        looks.set(looks.get() + 1);
        async { Ok((looks.get() == 4).then_some("there")) }
    };
    assert_eq!(client().wait(&Policy::WRITTEN, "x", look).await.unwrap(), "there");
    assert_eq!(looks.get(), 4);
    let failing = || async { Err::<Option<()>, _>(Error::Internal("no".into())) };
    assert_eq!(client().wait(&Policy::WRITTEN, "x", failing).await.unwrap_err().to_string(), "no");
    let over = || async {
        Err::<Option<()>, _>(Error::DeadlineExceeded {
            service: Service::ActionTrail,
            action: "GetTrailStatus",
            sent: false,
            last: None,
        })
    };
    let ended = client().wait(&Policy::WRITTEN, "a trail", over).await;
    assert!(matches!(ended, Err(Error::WaitTimeout { what, .. }) if what == "a trail"));
}

#[tokio::test(start_paused = true)]
async fn cancelling_ends_every_kind_of_wait_even_in_a_slow_look() {
    let cancel = CancellationToken::new();
    let client_to_stop = client().with_cancel(cancel.clone());
    let begun = Instant::now();
    let slow = || async {
        tokio::time::sleep(Duration::from_secs(60)).await;
        Ok(None::<()>)
    };
    let (ended, ()) = tokio::join!(client_to_stop.wait(&Policy::NEW_OBJECT, "x", slow), async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        cancel.cancel();
    });
    assert!(ended.unwrap_err().is_cancelled());
    assert_eq!(begun.elapsed(), Duration::from_secs(1));
    let refuse = || async { Err::<(), _>(not_yet()) };
    let error = cancelled().retry(&Policy::NEW_OBJECT, passes, refuse).await.unwrap_err();
    assert_eq!(error.to_string(), "not yet", "the service's own refusal");
    let nothing = || async { Ok(None::<u8>) };
    let error = cancelled().settle(&Policy::WRITTEN, "x", |_| true, nothing).await.unwrap_err();
    assert!(error.is_cancelled());
}

#[tokio::test(start_paused = true)]
async fn what_is_not_as_wanted_when_time_is_up_is_what_there_is() {
    let begun = Instant::now();
    let something = || async { Ok(Some(1)) };
    assert_eq!(client().settle(&Policy::WRITTEN, "x", |_| false, something).await.unwrap(), 1);
    assert_eq!(begun.elapsed(), Policy::WRITTEN.at_most);
    let nothing = || async { Ok(None::<u8>) };
    let ended = client().settle(&Policy::WRITTEN, "x", |_| true, nothing).await;
    assert!(matches!(ended, Err(Error::WaitTimeout { .. })));
}

#[test]
fn who_waited_for_one_pause_does_not_call_in_one_moment() {
    let pause = Duration::from_secs(1);
    let spreads: std::collections::BTreeSet<_> = (0..50).map(|_| spread(pause)).collect();
    assert!(
        spreads.len() > 10 && spreads.iter().all(|spread| *spread <= pause.mul_f64(SPREAD)),
        "{spreads:?}"
    );
}
