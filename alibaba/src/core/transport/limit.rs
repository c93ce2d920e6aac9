//! Pacing: no API is called more often than its published limit, and one that throttles is left alone for a while by
//! everybody, not just by the caller who was told, and called less often after that.
//!
//! OSS and SLS publish no limits for the calls that manage buckets, projects and what belongs to them. What is assumed for
//! them here is far below what their data planes take, and gives way to whatever the service says.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::time::Instant;

use crate::core::request::{Idempotency, Request};
use crate::endpoint::Service;
use crate::retry::spread;

/// Calls in a second of an API that reads and whose limit is not published: what ActionTrail and STS publish for theirs.
const ASSUMED_READS: u32 = 100;

/// Calls in a second of an API that changes something and whose limit is not published.
const ASSUMED_WRITES: u32 = 50;

/// The slowest pace that throttling leads to, in calls per second.
const SLOWEST: f64 = 1.0;

/// How long after the last throttling an API is called at its full pace again.
const RECOVERY: Duration = Duration::from_secs(30);

#[derive(Debug)]
pub(crate) struct Limiter {
    /// The part of every quota that this process may use.
    share: f64,
    apis: Mutex<Apis>,
}

/// By account, service and action: the vendor counts the calls of an account, whoever makes them.
type Apis = HashMap<(Option<String>, Service, &'static str), Arc<Mutex<Api>>>;

#[derive(Debug)]
struct Api {
    /// Calls per second when nothing was throttled lately.
    full: f64,
    /// The pace right after the last throttling, and when that was.
    slowed: Option<(f64, Instant)>,
    /// When the next call would come if calls came evenly.
    next: Instant,
    quiet: Option<Pause>,
}

/// A pause that an API asked for.
#[derive(Debug, Clone, Copy)]
struct Pause {
    until: Instant,
    pause: Duration,
}

impl Api {
    fn new(request: &Request, share: f64) -> Self {
        let assumed = if request.idempotency == Idempotency::Read { ASSUMED_READS } else { ASSUMED_WRITES };
        let full = f64::from(request.per_second.unwrap_or(assumed).max(1)) * share;
        // As after a pause, so that the first calls may come at once.
        let now = Instant::now();
        Self { full, slowed: None, next: now.checked_sub(Duration::from_secs(1)).unwrap_or(now), quiet: None }
    }

    /// Calls per second: after throttling half as many, and then evenly more until all is as before.
    fn pace(&self, now: Instant) -> f64 {
        let Some((slowed, at)) = self.slowed else { return self.full };
        let part = (now - at).as_secs_f64() / RECOVERY.as_secs_f64();
        (slowed + (self.full - slowed) * part).min(self.full)
    }

    /// Takes the next turn; when it comes. A fifth of a second's worth may come at once, so that any second stays close to
    /// the limit.
    fn slot(&mut self, now: Instant) -> Instant {
        let pace = self.pace(now);
        let interval = Duration::from_secs_f64(1.0 / pace);
        let at_once = Duration::from_secs_f64(((pace / 5.0).max(1.0) - 1.0) / pace);
        // Turns that were not taken are gone, but for those that may come at once.
        self.next = self.next.max(now.checked_sub(at_once).unwrap_or(now));
        let slot = self.next.max(now);
        self.next += interval;
        slot
    }

    fn slow_down(&mut self, now: Instant) {
        self.slowed = Some(((self.pace(now) / 2.0).max(SLOWEST), now));
    }
}

impl Limiter {
    /// With this part of the quotas, more than 0 and at most 1.
    pub(crate) fn new(share: f64) -> Self {
        Self { share, apis: Mutex::default() }
    }

    fn api(&self, account: Option<&str>, request: &Request) -> Option<Arc<Mutex<Api>>> {
        let mut apis = self.apis.lock().ok()?;
        let api = apis.entry((account.map(str::to_owned), request.service, request.action));
        Some(Arc::clone(api.or_insert_with(|| Arc::new(Mutex::new(Api::new(request, self.share))))))
    }

    /// Waits until the API may be called.
    pub(crate) async fn ready(&self, account: Option<&str>, request: &Request) {
        let Some(api) = self.api(account, request) else { return };
        let quiet = api.lock().ok().and_then(|api| api.quiet);
        if let Some(Pause { until, pause }) = quiet.filter(|quiet| Instant::now() < quiet.until) {
            tokio::time::sleep_until(until + spread(pause)).await;
        }
        let slot = api.lock().ok().map(|mut api| api.slot(Instant::now()));
        if let Some(slot) = slot {
            tokio::time::sleep_until(slot).await;
        }
    }

    /// Keeps everybody away from an API that throttled, and has it called less often afterwards.
    pub(crate) fn cool_down(&self, account: Option<&str>, request: &Request, pause: Duration) {
        let Some(api) = self.api(account, request) else { return };
        if let Ok(mut api) = api.lock() {
            let now = Instant::now();
            let until = now + pause;
            // Calls that were under way together are throttled together: that is one reason to slow down, not many.
            if api.quiet.is_none_or(|quiet| quiet.until <= now) {
                api.slow_down(now);
            }
            if api.quiet.is_none_or(|have| have.until < until) {
                api.quiet = Some(Pause { until, pause });
            }
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::transport::tests::request;

    #[tokio::test(start_paused = true)]
    async fn calls_keep_to_the_pace_of_their_api() {
        let limiter = Limiter::new(1.0);
        let mut paced = request("CreateTrail");
        paced.per_second = Some(20);
        let begun = Instant::now();
        for _ in 0..10 {
            limiter.ready(None, &paced).await;
        }
        // Four at once, the other six at 50 ms each.
        assert!((300..310).contains(&begun.elapsed().as_millis()), "{:?}", begun.elapsed());
        let begun = Instant::now();
        limiter.ready(None, &request("DescribeTrails")).await;
        assert_eq!(begun.elapsed(), Duration::ZERO, "another API has its own pace");
    }

    /// How long this many calls take, one after another.
    async fn took(limiter: &Limiter, request: &Request, calls: u32) -> Duration {
        let begun = Instant::now();
        for _ in 0..calls {
            limiter.ready(None, request).await;
        }
        begun.elapsed()
    }

    fn unpublished(service: Service, idempotency: Idempotency) -> Request {
        Request { service, idempotency, ..request("PutSomething") }
    }

    #[tokio::test(start_paused = true)]
    async fn what_has_no_published_limit_has_an_assumed_one() {
        for service in [Service::Oss, Service::Sls] {
            for (idempotency, pace) in
                [(Idempotency::Read, 100), (Idempotency::Repeatable, 50), (Idempotency::Once, 50)]
            {
                let limiter = Limiter::new(1.0);
                let spent = took(&limiter, &unpublished(service, idempotency), pace * 10).await.as_millis();
                assert!(
                    (9_700..=10_000).contains(&spent),
                    "{service} {idempotency:?}: {spent} ms for ten seconds' worth"
                );
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_api_that_throttled_is_called_half_as_often_and_recovers() {
        let limiter = Limiter::new(1.0);
        let put = unpublished(Service::Oss, Idempotency::Repeatable);
        for _ in 0..5 {
            // Calls that were under way together.
            limiter.cool_down(None, &put, Duration::from_secs(3));
        }
        let begun = Instant::now();
        limiter.ready(None, &put).await;
        assert!(begun.elapsed() >= Duration::from_secs(3), "the pause that the service asked for");
        let spent = took(&limiter, &put, 50).await;
        assert!((1_200..2_000).contains(&spent.as_millis()), "at about half of fifty a second: {spent:?}");
        for _ in 0..10 {
            tokio::time::advance(Duration::from_secs(2)).await;
            limiter.cool_down(None, &put, Duration::from_millis(1));
        }
        tokio::time::advance(Duration::from_secs(1)).await;
        let spent = took(&limiter, &put, 10).await;
        assert!(spent > Duration::from_secs(1), "it is called ever less often: {spent:?}");
        tokio::time::advance(RECOVERY).await;
        let spent = took(&limiter, &put, 60).await;
        assert!(spent <= Duration::from_millis(1_100), "and as before in the end: {spent:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_throttled_api_is_left_alone_by_everybody_and_called_by_one_after_another() {
        let limiter = Arc::new(Limiter::new(1.0));
        limiter.cool_down(None, &request("GetTrailStatus"), Duration::from_secs(10));
        limiter.cool_down(None, &request("GetTrailStatus"), Duration::from_millis(1));
        let begun = Instant::now();
        let waiting: Vec<_> = (0..20)
            .map(|_| {
                let limiter = Arc::clone(&limiter);
                tokio::spawn(async move {
                    limiter.ready(None, &request("GetTrailStatus")).await;
                    begun.elapsed().as_millis()
                })
            })
            .collect();
        let mut moments = std::collections::BTreeSet::new();
        for ready in waiting {
            moments.insert(ready.await.unwrap());
        }
        let (first, last) = (moments.first().unwrap(), moments.last().unwrap());
        assert!((10_000..=10_100 * 2).contains(first) && *last <= 12_100, "{moments:?}");
        assert!(moments.len() > 10, "not in one moment: {moments:?}");
    }
}
