//! What an operation is given besides its values: the configured client, the time it has, and a place for partial
//! results and warnings.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use crate::value::Object;
use crate::{Diagnostic, Diagnostics, Model};

/// The context of one operation.
#[derive(Debug)]
pub struct Context<C> {
    client: Result<C, Diagnostic>,
    cancel: CancellationToken,
    deadline: Instant,
    warnings: Mutex<Diagnostics>,
    kept: Mutex<Option<Object>>,
}

impl<C> Context<C> {
    /// A context around a client, or around the reason why there is none.
    pub fn new(client: Result<C, Diagnostic>, cancel: CancellationToken, time: Duration) -> Arc<Self> {
        Arc::new(Self {
            client,
            cancel,
            deadline: Instant::now() + time,
            warnings: Mutex::default(),
            kept: Mutex::default(),
        })
    }

    /// The configured client.
    ///
    /// # Errors
    /// When the provider's configuration is not known yet.
    pub fn client(&self) -> Result<&C, Diagnostics> {
        self.client.as_ref().map_err(|why| why.clone().into())
    }

    /// Cancelled when the user interrupts Terraform.
    pub fn cancel(&self) -> &CancellationToken {
        &self.cancel
    }

    /// When the operation has to be done, from the `timeouts` block.
    pub fn deadline(&self) -> Instant {
        self.deadline
    }

    /// Tells the user something without failing the operation.
    pub fn warn(&self, warning: Diagnostic) {
        lock(&self.warnings).push(warning);
    }

    /// Records what the cloud holds by now. If the operation fails later, this is what the state will say, so call
    /// it after every step that changed something.
    pub fn keep<M: Model>(&self, reached: &M) {
        *lock(&self.kept) = Some(reached.to_object());
    }

    /// Keeps what an operation found so far for its answer, whatever becomes of the operation.
    pub(crate) fn collect(&self, found: Diagnostics) {
        lock(&self.warnings).extend(found);
    }

    pub(crate) fn take_warnings(&self) -> Diagnostics {
        std::mem::take(&mut *lock(&self.warnings))
    }

    pub(crate) fn take_kept(&self) -> Option<Object> {
        lock(&self.kept).take()
    }
}

/// Locks; a panic elsewhere does not make the data unusable, since every change under these locks is one assignment.
pub(crate) fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
