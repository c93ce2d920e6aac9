//! Sharing reads and ordering writes.
//!
//! Hundreds of resources refreshed at once ask for the same list; one request answers them all. The rule that keeps
//! this honest: a read that began before our last write is never joined by anybody who asks after it, nor is its answer
//! given to anybody later.

use std::collections::HashMap;
use std::fmt;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use tokio::sync::{OwnedMutexGuard, watch};
use tokio::time::Instant;

use crate::error::Error;

type Answer<V> = Option<Result<Arc<V>, Error>>;

/// Reads under way, and the last answer with the moment its read began.
struct Reads<K, V> {
    running: HashMap<K, watch::Receiver<Answer<V>>>,
    answered: HashMap<K, (Instant, Arc<V>)>,
}

/// Reads under way, by what they read.
pub(crate) struct Coalescer<K, V> {
    reads: Arc<Mutex<Reads<K, V>>>,
}

impl<K, V> Default for Coalescer<K, V> {
    fn default() -> Self {
        let reads = Reads { running: HashMap::new(), answered: HashMap::new() };
        Self { reads: Arc::new(Mutex::new(reads)) }
    }
}

impl<K, V> fmt::Debug for Coalescer<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Coalescer")
    }
}

/// A panic elsewhere leaves a map of receivers that is as good as before.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<K, V> Coalescer<K, V>
where
    K: Clone + Eq + Hash + Send + 'static,
    V: Send + Sync + 'static,
{
    /// The last answer, if its read began at most this long ago, else that of [`Coalescer::read`].
    pub(crate) async fn recent<F>(
        &self,
        key: K,
        at_most: Duration,
        begin: impl FnOnce() -> F,
    ) -> Result<Arc<V>, Error>
    where
        F: Future<Output = Result<V, Error>> + Send + 'static,
    {
        let answered = lock(&self.reads).answered.get(&key).cloned();
        match answered {
            Some((begun, answer)) if begun.elapsed() < at_most => Ok(answer),
            _ => self.read(key, begin).await,
        }
    }

    /// Joins the read of this key that is under way, or begins one. The read runs in a task of its own, so that a
    /// caller who gives up takes nobody's answer away.
    pub(crate) async fn read<F>(&self, key: K, begin: impl FnOnce() -> F) -> Result<Arc<V>, Error>
    where
        F: Future<Output = Result<V, Error>> + Send + 'static,
    {
        let mut answer = {
            let mut reads = lock(&self.reads);
            match reads.running.get(&key) {
                Some(answer) => answer.clone(),
                None => {
                    let (done, answer) = watch::channel(None);
                    let (begun, read) = (Instant::now(), begin());
                    reads.running.insert(key.clone(), answer.clone());
                    let running = Running { all: Arc::clone(&self.reads), key, own: answer.clone() };
                    tokio::spawn(async move {
                        let result = read.await.map(Arc::new);
                        running.end(begun, result.as_ref().ok());
                        done.send_replace(Some(result));
                    });
                    answer
                }
            }
        };
        let answer = answer.wait_for(Option::is_some).await.ok().and_then(|answer| answer.clone());
        answer.unwrap_or_else(|| Err(Error::Internal("a shared read ended without an answer".to_owned())))
    }

    /// Something of this key was written: whoever asks from now on gets a read that begins from now on.
    pub(crate) fn written(&self, key: &K) {
        let mut reads = lock(&self.reads);
        reads.running.remove(key);
        reads.answered.remove(key);
    }

    /// The same for every key.
    pub(crate) fn written_all(&self) {
        let mut reads = lock(&self.reads);
        reads.running.clear();
        reads.answered.clear();
    }
}

/// A read under way. It is taken off the list when it ends, also by a panic: whoever waits for it then gets an error, and
/// whoever asks next a read that works.
struct Running<K: Eq + Hash, V> {
    all: Arc<Mutex<Reads<K, V>>>,
    key: K,
    own: watch::Receiver<Answer<V>>,
}

impl<K: Clone + Eq + Hash, V> Running<K, V> {
    /// Ends the read, and keeps its answer for those who are content with a recent one.
    fn end(self, begun: Instant, answer: Option<&Arc<V>>) {
        let mut reads = lock(&self.all);
        if self.take_off(&mut reads)
            && let Some(answer) = answer
        {
            reads.answered.insert(self.key.clone(), (begun, Arc::clone(answer)));
        }
    }
}

impl<K: Eq + Hash, V> Running<K, V> {
    /// Takes the read off the list, and says whether it was there: after a write, somebody else's newer read may be.
    fn take_off(&self, reads: &mut Reads<K, V>) -> bool {
        let there = reads.running.get(&self.key).is_some_and(|there| there.same_channel(&self.own));
        if there {
            reads.running.remove(&self.key);
        }
        there
    }
}

impl<K: Eq + Hash, V> Drop for Running<K, V> {
    fn drop(&mut self) {
        self.take_off(&mut lock(&self.all));
    }
}

/// Locks by name, which live only while somebody holds or awaits them.
#[derive(Default)]
pub(crate) struct KeyedLocks {
    locks: Mutex<HashMap<String, Weak<tokio::sync::Mutex<()>>>>,
}

impl fmt::Debug for KeyedLocks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyedLocks")
    }
}

impl KeyedLocks {
    /// Waits until nobody else holds this key.
    pub(crate) async fn hold(&self, key: String) -> OwnedMutexGuard<()> {
        let held = {
            let mut locks = lock(&self.locks);
            locks.retain(|_, held| held.strong_count() > 0);
            match locks.get(&key).and_then(Weak::upgrade) {
                Some(held) => held,
                None => {
                    let held = Arc::new(tokio::sync::Mutex::new(()));
                    locks.insert(key, Arc::downgrade(&held));
                    held
                }
            }
        };
        held.lock_owned().await
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    /// A store that counts how often it is read, and answers slowly with what it held when the read began.
    #[derive(Default)]
    struct Store {
        value: AtomicUsize,
        reads: AtomicUsize,
    }

    async fn slow_read(store: Arc<Store>) -> Result<usize, Error> {
        store.reads.fetch_add(1, Ordering::SeqCst);
        let value = store.value.load(Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(30)).await;
        Ok(value)
    }

    #[tokio::test(start_paused = true)]
    async fn concurrent_readers_share_one_read_per_key() {
        let (reads, store) = (Arc::new(Coalescer::default()), Arc::new(Store::default()));
        let mut tasks = tokio::task::JoinSet::new();
        for at in 0..40 {
            let (reads, store) = (Arc::clone(&reads), Arc::clone(&store));
            tasks.spawn(async move { reads.read(at % 2, || slow_read(store)).await });
        }
        while let Some(answer) = tasks.join_next().await {
            assert_eq!(*answer.unwrap().unwrap(), 0);
        }
        assert_eq!(store.reads.load(Ordering::SeqCst), 2);
        // What is finished is not an answer for later.
        store.value.store(7, Ordering::SeqCst);
        assert_eq!(*reads.read(0, || slow_read(Arc::clone(&store))).await.unwrap(), 7);
    }

    #[tokio::test(start_paused = true)]
    async fn a_read_from_before_a_write_answers_nobody_after_it() {
        let (reads, store) = (Arc::new(Coalescer::default()), Arc::new(Store::default()));
        let early = tokio::spawn({
            let (reads, store) = (Arc::clone(&reads), Arc::clone(&store));
            async move { reads.read(1, || slow_read(store)).await }
        });
        tokio::time::sleep(Duration::from_millis(5)).await;
        store.value.store(1, Ordering::SeqCst);
        reads.written(&1);
        assert_eq!(*reads.read(1, || slow_read(Arc::clone(&store))).await.unwrap(), 1);
        assert_eq!(*early.await.unwrap().unwrap(), 0);
        assert!(lock(&reads.reads).running.is_empty(), "no read is left");
    }

    #[tokio::test(start_paused = true)]
    async fn a_recent_answer_is_given_again_until_it_is_old_or_something_is_written() {
        let (reads, store) = (Arc::new(Coalescer::default()), Arc::new(Store::default()));
        let minute = Duration::from_secs(60);
        let ask = async |at_most| *reads.recent(1, at_most, || slow_read(Arc::clone(&store))).await.unwrap();
        assert_eq!(ask(minute).await, 0);
        store.value.store(1, Ordering::SeqCst);
        assert_eq!((ask(minute).await, store.reads.load(Ordering::SeqCst)), (0, 1));
        assert_eq!(ask(Duration::ZERO).await, 1);
        store.value.store(2, Ordering::SeqCst);
        reads.written_all();
        assert_eq!(ask(minute).await, 2);
        // A read that a write has overtaken leaves no answer behind.
        let early = tokio::spawn({
            let (reads, store) = (Arc::clone(&reads), Arc::clone(&store));
            async move { *reads.read(1, || slow_read(store)).await.unwrap() }
        });
        tokio::time::sleep(Duration::from_millis(5)).await;
        store.value.store(3, Ordering::SeqCst);
        reads.written(&1);
        assert_eq!(early.await.unwrap(), 2);
        assert_eq!(ask(minute).await, 3);
    }

    #[tokio::test(start_paused = true)]
    async fn giving_up_takes_nobodys_answer_away() {
        let (reads, store) = (Arc::new(Coalescer::default()), Arc::new(Store::default()));
        let first =
            tokio::time::timeout(Duration::from_millis(5), reads.read(1, || slow_read(Arc::clone(&store))));
        assert!(first.await.is_err());
        assert_eq!(*reads.read(1, || slow_read(Arc::clone(&store))).await.unwrap(), 0);
        assert_eq!(store.reads.load(Ordering::SeqCst), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_panic_is_an_error_for_those_who_wait_and_nothing_to_those_who_come_next() {
        let reads = Arc::new(Coalescer::<u8, u8>::default());
        let panicking = || async {
            tokio::time::sleep(Duration::from_millis(5)).await;
            panic!("a fault in a read")
        };
        let (first, second) = tokio::join!(reads.read(1, panicking), reads.read(1, panicking));
        assert!(first.is_err() && second.is_err());
        assert_eq!(*reads.read(1, || async { Ok(5) }).await.unwrap(), 5);
        // Before the read has begun, too.
        let begin = Arc::clone(&reads);
        let begun =
            tokio::spawn(
                async move { begin.read(1, || -> std::future::Ready<_> { panic!("no read") }).await },
            );
        assert!(begun.await.unwrap_err().is_panic());
        assert_eq!(*reads.read(1, || async { Ok(6) }).await.unwrap(), 6);
    }

    #[tokio::test(start_paused = true)]
    async fn errors_are_shared_and_not_kept() {
        let reads = Coalescer::<u8, u8>::default();
        let failed = reads.read(1, || async { Err(Error::Internal("no".into())) }).await;
        assert!(failed.is_err());
        assert_eq!(*reads.read(1, || async { Ok(5) }).await.unwrap(), 5);
    }

    #[tokio::test(start_paused = true)]
    async fn writes_to_one_key_come_one_after_the_other() {
        let locks = Arc::new(KeyedLocks::default());
        let (inside, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let (locks, inside, most) = (Arc::clone(&locks), Arc::clone(&inside), Arc::clone(&most));
            tasks.spawn(async move {
                let _held = locks.hold("a".into()).await;
                most.fetch_max(inside.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                tokio::time::sleep(Duration::from_millis(2)).await;
                inside.fetch_sub(1, Ordering::SeqCst);
            });
        }
        let other = tokio::time::timeout(Duration::from_millis(5), locks.hold("b".into())).await;
        assert!(other.is_ok(), "another key is free");
        while let Some(done) = tasks.join_next().await {
            done.unwrap();
        }
        assert_eq!(most.load(Ordering::SeqCst), 1);
        drop(other);
        drop(locks.hold("c".into()).await);
        assert!(lock(&locks.locks).len() <= 1, "unused keys are forgotten");
    }
}
