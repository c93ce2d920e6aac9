//! Pacing: no API is called more often than its published limit, and one that throttles is left alone for a while by
//! everybody, not just by the caller who was told.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use tokio::time::Instant;

use super::Request;
use crate::endpoint::Service;
use crate::retry::spread;

#[derive(Debug, Default)]
pub(crate) struct Limiter {
    apis: Mutex<HashMap<(Service, &'static str), Arc<Api>>>,
}

#[derive(Debug)]
struct Api {
    pace: Option<DefaultDirectRateLimiter>,
    quiet: Mutex<Option<Quiet>>,
}

/// A pause that an API asked for.
#[derive(Debug, Clone, Copy)]
struct Quiet {
    until: Instant,
    pause: Duration,
}

/// The bucket holds a fifth of a second's worth, so that any second stays close to the limit.
fn quota(per_second: u32) -> Option<Quota> {
    let rate = NonZeroU32::new(per_second)?;
    let burst = NonZeroU32::new((per_second / 5).max(1))?;
    Some(Quota::per_second(rate).allow_burst(burst))
}

impl Limiter {
    fn api(&self, request: &Request) -> Option<Arc<Api>> {
        let mut apis = self.apis.lock().ok()?;
        let api = apis.entry((request.service, request.action)).or_insert_with(|| {
            let pace = request.per_second.and_then(quota).map(RateLimiter::direct);
            Arc::new(Api { pace, quiet: Mutex::new(None) })
        });
        Some(Arc::clone(api))
    }

    /// Waits until the API may be called.
    pub(crate) async fn ready(&self, request: &Request) {
        let Some(api) = self.api(request) else { return };
        let quiet = api.quiet.lock().ok().and_then(|quiet| *quiet);
        if let Some(Quiet { until, pause }) = quiet.filter(|quiet| Instant::now() < quiet.until) {
            tokio::time::sleep_until(until + spread(pause)).await;
        }
        if let Some(pace) = &api.pace {
            pace.until_ready().await;
        }
    }

    /// Keeps everybody away from an API that throttled.
    pub(crate) fn cool_down(&self, request: &Request, pause: Duration) {
        let Some(api) = self.api(request) else { return };
        if let Ok(mut quiet) = api.quiet.lock() {
            let until = Instant::now() + pause;
            if quiet.is_none_or(|have| have.until < until) {
                *quiet = Some(Quiet { until, pause });
            }
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::tests::request;

    #[tokio::test]
    async fn calls_keep_to_the_pace_of_their_api() {
        let limiter = Limiter::default();
        let mut paced = request("CreateTrail");
        paced.per_second = Some(20);
        let begun = Instant::now();
        for _ in 0..10 {
            limiter.ready(&paced).await;
        }
        // Four at once, the other six at 50 ms each.
        assert!(begun.elapsed() >= Duration::from_millis(270), "{:?}", begun.elapsed());
        let begun = Instant::now();
        limiter.ready(&request("DescribeTrails")).await;
        assert!(begun.elapsed() < Duration::from_millis(40), "another API has its own pace");
    }

    #[tokio::test(start_paused = true)]
    async fn a_throttled_api_is_left_alone_by_everybody_and_called_by_one_after_another() {
        let limiter = Arc::new(Limiter::default());
        limiter.cool_down(&request("GetTrailStatus"), Duration::from_secs(10));
        limiter.cool_down(&request("GetTrailStatus"), Duration::from_millis(1));
        let begun = Instant::now();
        let waiting: Vec<_> = (0..20)
            .map(|_| {
                let limiter = Arc::clone(&limiter);
                tokio::spawn(async move {
                    limiter.ready(&request("GetTrailStatus")).await;
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
