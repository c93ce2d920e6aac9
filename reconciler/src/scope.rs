//! The account and region that an object belongs to.

use std::time::Duration;

use alibaba::Client;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// How long the look may take that finds out what became of a write.
const AFTERWARDS: Duration = Duration::from_secs(30);

/// Where an operation works, with a client that ends when the operation has to.
#[derive(Debug, Clone)]
pub struct Scope {
    /// The client.
    pub client: Client,
    /// The account.
    pub account: String,
    /// The region; empty for global services.
    pub region: String,
}

impl Scope {
    /// The same scope, with a client that neither a cancellation nor the deadline of the operation stops: for the look that
    /// finds out what became of a write whose answer was lost.
    #[must_use]
    pub fn afterwards(&self) -> Self {
        let client = self.client.with_cancel(CancellationToken::new());
        Self { client: client.with_deadline(Instant::now() + AFTERWARDS), ..self.clone() }
    }
}
