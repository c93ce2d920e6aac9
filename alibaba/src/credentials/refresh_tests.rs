//! On a paused clock, against sources that count how often they are asked.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

const LIFE: u64 = 1000;

/// Gives a new key every time, slowly; or fails, when it is told to.
#[derive(Debug, Default)]
struct Counting {
    asked: AtomicUsize,
    fails: std::sync::atomic::AtomicBool,
    /// Seconds from now.
    life: Option<u64>,
}

#[derive(Debug)]
struct Shareable(Arc<Counting>);

#[async_trait::async_trait]
impl Source for Shareable {
    fn name(&self) -> String {
        "the test".to_owned()
    }

    async fn fetch(&self) -> Result<Temporary, CredentialsError> {
        let number = self.0.asked.fetch_add(1, Ordering::SeqCst) + 1;
        tokio::time::sleep(Duration::from_secs(1)).await;
        if self.0.fails.load(Ordering::SeqCst) {
            return Err(CredentialsError::told("the test", "asking", "it said no", "Ask again."));
        }
        let expiration = self.0.life.map(|life| OffsetDateTime::now_utc() + Duration::from_secs(life));
        let credentials = Credentials::new(format!("key-{number}"), "secret").with_token("token");
        Ok(Temporary { credentials, expiration })
    }
}

fn source(life: Option<u64>) -> (Arc<Counting>, Arc<Refreshing<Shareable>>) {
    let source = Arc::new(Counting { life, ..Counting::default() });
    (Arc::clone(&source), Arc::new(Refreshing::new(Shareable(source))))
}

/// Asks many times at once; gives the key ids or errors, each once.
async fn all(refreshing: &Arc<Refreshing<Shareable>>) -> Vec<Result<String, String>> {
    let asking = (0..50).map(|_| {
        let refreshing = Arc::clone(refreshing);
        tokio::spawn(async move { refreshing.credentials().await })
    });
    let mut found = Vec::new();
    for task in asking.collect::<Vec<_>>() {
        let got = task.await.unwrap();
        found.push(got.map(|keys| keys.access_key_id).map_err(|error| error.to_string()));
    }
    found.dedup();
    found
}

#[tokio::test(start_paused = true)]
async fn many_calls_share_one_fetch_and_one_refresh() {
    let (source, refreshing) = source(Some(LIFE));
    assert_eq!(all(&refreshing).await, [Ok("key-1".to_owned())]);
    assert_eq!(source.asked.load(Ordering::SeqCst), 1);
    // Nobody asks for more before three quarters of the life are over.
    tokio::time::advance(Duration::from_secs(LIFE * 3 / 4 - 10)).await;
    assert_eq!(all(&refreshing).await, [Ok("key-1".to_owned())]);
    assert_eq!(source.asked.load(Ordering::SeqCst), 1);
    // Then all wait for the new ones, and none goes on with the old.
    tokio::time::advance(Duration::from_secs(20)).await;
    assert_eq!(all(&refreshing).await, [Ok("key-2".to_owned())]);
    assert_eq!(source.asked.load(Ordering::SeqCst), 2);
}

#[tokio::test(start_paused = true)]
async fn a_failure_is_told_to_all_who_wait_and_is_not_kept() {
    let (source, refreshing) = source(Some(LIFE));
    source.fails.store(true, Ordering::SeqCst);
    let told = all(&refreshing).await;
    let expected = "no credentials from the test: asking failed: it said no\nAsk again.";
    assert_eq!(told, [Err(expected.to_owned())]);
    assert_eq!(source.asked.load(Ordering::SeqCst), 1, "one fetch for all of them");
    source.fails.store(false, Ordering::SeqCst);
    assert_eq!(all(&refreshing).await, [Ok("key-2".to_owned())]);
}

#[tokio::test(start_paused = true)]
async fn credentials_that_still_hold_outlive_a_failing_refresh_until_they_end() {
    let (source, refreshing) = source(Some(LIFE));
    refreshing.credentials().await.unwrap();
    source.fails.store(true, Ordering::SeqCst);
    tokio::time::advance(Duration::from_secs(LIFE * 3 / 4)).await;
    assert_eq!(all(&refreshing).await, [Ok("key-1".to_owned())]);
    assert_eq!(all(&refreshing).await, [Ok("key-1".to_owned())]);
    assert_eq!(source.asked.load(Ordering::SeqCst), 2, "not tried again at once");
    tokio::time::advance(PAUSE).await;
    assert_eq!(all(&refreshing).await, [Ok("key-1".to_owned())]);
    assert_eq!(source.asked.load(Ordering::SeqCst), 3);
    tokio::time::advance(Duration::from_secs(LIFE / 4)).await;
    assert!(all(&refreshing).await[0].is_err(), "they have ended");
    source.fails.store(false, Ordering::SeqCst);
    assert_eq!(all(&refreshing).await, [Ok("key-5".to_owned())]);
}

#[tokio::test(start_paused = true)]
async fn who_gives_up_takes_nobody_s_credentials_away() {
    let (source, refreshing) = source(Some(LIFE));
    let hasty = tokio::time::timeout(Duration::from_millis(100), refreshing.credentials()).await;
    assert!(hasty.is_err(), "gave up");
    assert_eq!(all(&refreshing).await, [Ok("key-1".to_owned())]);
    assert_eq!(source.asked.load(Ordering::SeqCst), 1);
}

#[tokio::test(start_paused = true)]
async fn what_does_not_end_is_fetched_once() {
    let (source, refreshing) = source(None);
    refreshing.credentials().await.unwrap();
    tokio::time::advance(Duration::from_secs(365 * 86_400)).await;
    refreshing.credentials().await.unwrap();
    assert_eq!(source.asked.load(Ordering::SeqCst), 1);
}

#[tokio::test(start_paused = true)]
async fn credentials_that_have_ended_already_are_refused() {
    let (_, refreshing) = source(Some(0));
    let told = refreshing.credentials().await.unwrap_err().to_string();
    assert!(told.contains("have expired already") && told.contains("Check the clock"), "{told}");
}

#[tokio::test(start_paused = true)]
async fn nothing_that_is_printed_has_a_secret() {
    let (_, refreshing) = source(Some(LIFE));
    refreshing.credentials().await.unwrap();
    let shown = format!("{refreshing:?} {:#?}", refreshing.shared.held());
    assert!(!shown.contains("key-1") && !shown.contains("secret\"") && !shown.contains("token\""), "{shown}");
}
