//! What every service calls with: the transport, the limits of the caller, and the order of writes.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OwnedMutexGuard;

use crate::coalesce::KeyedLocks;
use crate::config::Config;
use crate::core::answer::{self, Answer};
use crate::core::request::{Request, Response};
use crate::core::scope::Scope;
use crate::core::transport::Transport;
use crate::credentials::CredentialsProvider;
use crate::endpoint::{EndpointError, Service};
use crate::error::Error;
use crate::region::Region;
use crate::xml::{Element, XmlError};

/// The sending side of a client. Cheap to clone; clones share connections, pacing and the order of writes.
#[derive(Debug, Clone)]
pub(crate) struct Session {
    shared: Arc<Shared>,
    pub(crate) scope: Scope,
}

#[derive(Debug)]
struct Shared {
    transport: Transport,
    writes: KeyedLocks,
    created: Mutex<BTreeSet<String>>,
}

impl Session {
    /// Checks the settings. Opens no connection and asks for no credentials.
    pub(crate) fn new(config: Config) -> Result<Self, EndpointError> {
        Ok(Self::over(Transport::new(config)?))
    }

    fn over(transport: Transport) -> Self {
        let shared = Shared { transport, writes: KeyedLocks::default(), created: Mutex::default() };
        Self { shared: Arc::new(shared), scope: Scope::default() }
    }

    /// A session with other credentials, which shares connections and pacing with this one.
    pub(crate) fn for_account(
        &self,
        credentials: Arc<dyn CredentialsProvider>,
        account: Option<String>,
    ) -> Result<Self, EndpointError> {
        Ok(Self::over(self.shared.transport.for_account(credentials, account)?))
    }

    /// The same session with other limits.
    pub(crate) fn with_scope(&self, scope: Scope) -> Self {
        Self { scope, ..self.clone() }
    }

    /// The same session without cancellation and deadline, for reads that others share and must not lose.
    pub(crate) fn detached(&self) -> Self {
        self.with_scope(Scope::default())
    }

    /// The settings it was made of.
    pub(crate) fn config(&self) -> &Config {
        self.shared.transport.config()
    }

    /// The region that a caller means.
    ///
    /// # Errors
    /// When there is no such region, or no host name can contain it.
    pub(crate) fn region(&self, id: &str) -> Result<Region, EndpointError> {
        self.shared.transport.region(id)
    }

    pub(crate) async fn send(&self, request: &Request) -> Result<Response, Error> {
        self.shared.transport.send(request, &self.scope).await
    }

    /// Reads an answer in JSON about `asked`, within the limits of this session.
    pub(crate) async fn read_json<T: Answer>(&self, answer: Response, asked: &str) -> Result<T, Error> {
        answer::json(&self.scope, answer, asked).await
    }

    /// Reads an answer in XML, whose root is called `root`, within the limits of this session.
    pub(crate) async fn read_xml<T: Send + 'static>(
        &self,
        answer: Response,
        root: &'static str,
        decode: impl FnOnce(&Element) -> Result<T, XmlError> + Send + 'static,
    ) -> Result<T, Error> {
        answer::xml(&self.scope, answer, root, decode).await
    }

    /// Waits for the write lock of an object: one write at a time.
    pub(crate) async fn write_lock(
        &self,
        service: Service,
        action: &'static str,
        object: String,
    ) -> Result<OwnedMutexGuard<()>, Error> {
        let lock = async { Ok(self.shared.writes.hold(format!("{service}/{object}")).await) };
        self.scope.limit(service, action, lock).await
    }

    /// Notes a creation that begins: what it makes may be there from now on, also if nobody answers.
    pub(crate) fn creates(&self, service: Service, name: &str) {
        let mut created = self.shared.created.lock().unwrap_or_else(PoisonError::into_inner);
        created.insert(format!("{service}/{name}"));
    }

    /// Whether the creation of an object of this name began.
    pub(crate) fn has_created(&self, service: Service, name: &str) -> bool {
        let created = self.shared.created.lock().unwrap_or_else(PoisonError::into_inner);
        created.contains(&format!("{service}/{name}"))
    }
}
