//! The edge: from a socket to a service and back.

mod dispatch;
pub(crate) mod listener;
pub(crate) mod local;
mod proxy;
pub(crate) mod request;
pub(crate) mod route;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

pub(crate) use self::dispatch::answer;
use self::route::Service;
use crate::auth::Nonces;
use crate::cloud::CloudState;
use crate::faults::Faults;
use crate::http::Reply;
use crate::instance::Tokens;
use crate::limits::Limits;
use crate::requests::RequestLog;

/// What the listener and the admin API share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) cloud: Mutex<CloudState>,
    pub(crate) faults: Mutex<Faults>,
    pub(crate) requests: Mutex<RequestLog>,
    nonces: Nonces,
    limits: Mutex<Limits>,
    tokens: Mutex<Tokens>,
    /// What reads see while writes are not visible yet, oldest first.
    stale: Mutex<Vec<Stale>>,
    default_region: String,
    /// Whether requests may name any host: the listener is not on a loopback address, where others have names for it.
    any_host: bool,
    /// Counts whatever may have changed the world.
    changes: AtomicU64,
}

#[derive(Debug)]
struct Stale {
    service: Service,
    cloud: Box<CloudState>,
    until: std::time::Instant,
}

impl Shared {
    pub(crate) fn new(cloud: CloudState, default_region: String, any_host: bool) -> Self {
        Self {
            cloud: Mutex::new(cloud),
            faults: Mutex::default(),
            requests: Mutex::default(),
            nonces: Nonces::default(),
            limits: Mutex::default(),
            tokens: Mutex::default(),
            stale: Mutex::default(),
            default_region,
            any_host,
            changes: AtomicU64::new(0),
        }
    }
}

impl Shared {
    /// Notes that the world may have changed. Reads count, too: what time brings about comes with the next look.
    pub(crate) fn note_change(&self) {
        self.changes.fetch_add(1, Ordering::Release);
    }

    /// How often the world may have changed.
    pub(crate) fn changes(&self) -> u64 {
        self.changes.load(Ordering::Acquire)
    }

    /// Makes all writes visible.
    pub(crate) fn catch_up(&self) {
        lock(&self.stale).clear();
    }
}

/// Locks, even after a panic elsewhere: a service that failed must not take the others with it.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What becomes of a request.
#[derive(Debug)]
pub(crate) struct DelayedReply {
    /// The answer; nothing when the connection is to be closed instead.
    pub(crate) reply: Option<Reply>,
    /// How long it is held back.
    pub(crate) delay: Duration,
}

impl From<Reply> for DelayedReply {
    fn from(reply: Reply) -> Self {
        Self { reply: Some(reply), delay: Duration::ZERO }
    }
}
