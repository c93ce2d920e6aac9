//! The limits of a call: who may stop it, and when it has to be over.

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::endpoint::Service;
use crate::error::Error;

/// Who may stop a call, and when it has to be over.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scope {
    pub(crate) cancel: CancellationToken,
    pub(crate) deadline: Option<Instant>,
}

impl Scope {
    /// Resolves when the deadline passes, never without one.
    pub(crate) async fn expired(&self) {
        match self.deadline {
            Some(at) => tokio::time::sleep_until(at).await,
            None => std::future::pending().await,
        }
    }

    /// Waits for something that others share, but not past these limits.
    pub(crate) async fn limit<T>(
        &self,
        service: Service,
        action: &'static str,
        shared: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        tokio::select! {
            biased;
            () = self.cancel.cancelled() => Err(Error::Cancelled { service, action, sent: false }),
            done = shared => done,
            () = self.expired() => Err(Error::DeadlineExceeded { service, action, sent: false, last: None }),
        }
    }
}
