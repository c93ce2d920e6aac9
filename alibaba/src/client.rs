//! The client: settings in, service handles out.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OnceCell, OwnedMutexGuard};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::actiontrail::{ActionTrail, TrailReads};
use crate::answer::{self, Answer};
use crate::coalesce::KeyedLocks;
use crate::credentials::{CredentialsProvider, Refreshing, RoleSource};
use crate::endpoint::{EndpointError, Endpoints, Service};
use crate::error::Error;
use crate::oss::xml::{Element, XmlError};
use crate::oss::{BucketReads, Oss};
use crate::ram::Ram;
use crate::resource_manager::ResourceManager;
use crate::sls::Sls;
use crate::sts::{AssumeRole, CallerIdentity, Sts};
use crate::transport::{Request, Response, Scope, Transport};

/// Which signature SLS gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SlsSignature {
    /// Accepted by every public endpoint.
    V1,
    /// The only one that dedicated endpoints accept.
    V4,
}

/// Everything a client needs to know.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where keys come from.
    pub credentials: Arc<dyn CredentialsProvider>,
    /// Where requests go.
    pub endpoints: Endpoints,
    /// The region whose STS endpoint says who the caller is; the central endpoint if there is none.
    pub region: Option<String>,
    /// The account id, where the user stated it; it is trusted and saves a call.
    pub account_id: Option<String>,
    /// Signature version for SLS. Unset is what the endpoint is sure to accept: v4 for a dedicated one, else v1.
    pub sls_signature: Option<SlsSignature>,
    /// How long making a connection may take.
    pub connect_timeout: Duration,
    /// How long an answer may stay silent.
    pub read_timeout: Duration,
    /// How long a good answer may be, in bytes. The longest that the services give, pages of a thousand versions or fifty
    /// events, have a few hundred kilobytes.
    pub max_answer_bytes: usize,
    /// How often a failed call is tried again.
    pub max_retries: u32,
    /// The part of every quota that this process may use, more than 0 and at most 1: less where several run side by side.
    pub quota_share: f64,
    /// A file of PEM certificates to trust besides the system's.
    pub custom_ca_bundle: Option<PathBuf>,
    /// The `User-Agent` header.
    pub user_agent: String,
}

impl Config {
    /// The defaults with this source of credentials.
    pub fn new(credentials: impl CredentialsProvider + 'static) -> Self {
        Self {
            credentials: Arc::new(credentials),
            endpoints: Endpoints::default(),
            region: None,
            account_id: None,
            sls_signature: None,
            connect_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(60),
            max_answer_bytes: 16 * 1024 * 1024,
            max_retries: 6,
            quota_share: 1.0,
            custom_ca_bundle: None,
            user_agent: concat!("alitrail/", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }
}

/// A client of one identity. Cheap to clone; clones share connections, pacing, reads under way and the cached identity.
#[derive(Debug, Clone)]
pub struct Client {
    shared: Arc<Shared>,
    scope: Scope,
}

#[derive(Debug)]
struct Shared {
    transport: Transport,
    identity: OnceCell<CallerIdentity>,
    trail_reads: TrailReads,
    bucket_reads: BucketReads,
    writes: KeyedLocks,
    created: Mutex<BTreeSet<String>>,
}

impl Client {
    /// Checks the settings. Opens no connection and asks for no credentials.
    pub fn new(config: Config) -> Result<Self, EndpointError> {
        Ok(Self::over(Transport::new(config)?))
    }

    fn over(transport: Transport) -> Self {
        Self {
            shared: Arc::new(Shared {
                transport,
                identity: OnceCell::new(),
                trail_reads: TrailReads::default(),
                bucket_reads: BucketReads::default(),
                writes: KeyedLocks::default(),
                created: Mutex::default(),
            }),
            scope: Scope::default(),
        }
    }

    /// A client that acts as a role, in the account of the role, with the settings of this one. It shares connections and
    /// pacing with this client; what it has read, and the writes that wait for each other, are its own. The role is taken on
    /// with the credentials of this client when the first call is made, and again before the session ends.
    ///
    /// # Errors
    /// Never in practice: the settings were checked when this client was made.
    pub fn assuming(&self, role: AssumeRole) -> Result<Self, EndpointError> {
        let account = role.account().map(str::to_owned);
        let credentials = Arc::new(Refreshing::new(RoleSource::new(self, None, role)));
        Ok(Self::over(self.shared.transport.for_account(credentials, account)?))
    }

    /// Makes sure that there are credentials, which takes a call where they are temporary and none are there yet.
    pub async fn authenticate(&self) -> Result<(), Error> {
        let credentials =
            async { self.config().credentials.credentials().await.map(drop).map_err(Error::from) };
        self.stoppable(Service::Sts, "AssumeRole", credentials).await
    }

    /// The same client, whose calls and waits end when the token is cancelled.
    #[must_use]
    pub fn with_cancel(&self, cancel: CancellationToken) -> Self {
        Self { scope: Scope { cancel, ..self.scope.clone() }, ..self.clone() }
    }

    /// The same client, whose calls and waits end at this moment.
    #[must_use]
    pub fn with_deadline(&self, deadline: impl Into<Instant>) -> Self {
        Self { scope: Scope { deadline: Some(deadline.into()), ..self.scope.clone() }, ..self.clone() }
    }

    /// What ends the calls and waits of this client early.
    pub fn cancel(&self) -> &CancellationToken {
        &self.scope.cancel
    }

    /// When the calls and waits of this client end, if they have to.
    pub fn deadline(&self) -> Option<Instant> {
        self.scope.deadline
    }

    /// The same client without cancellation and deadline, for what others share and must not lose.
    #[must_use]
    pub fn detached(&self) -> Self {
        Self { scope: Scope::default(), ..self.clone() }
    }

    /// The settings it was made of.
    pub fn config(&self) -> &Config {
        self.shared.transport.config()
    }

    /// ActionTrail in a region.
    pub fn actiontrail(&self, region: &str) -> ActionTrail {
        ActionTrail::new(self.clone(), region)
    }

    /// Object storage in a region.
    pub fn oss(&self, region: &str) -> Oss {
        Oss::new(self.clone(), region)
    }

    /// Simple Log Service in a region.
    pub fn sls(&self, region: &str) -> Sls {
        Sls::new(self.clone(), region)
    }

    /// Roles and policies of the account.
    pub fn ram(&self) -> Ram {
        Ram::new(self.clone())
    }

    /// Service-linked roles and the organization of the account.
    pub fn resource_manager(&self) -> ResourceManager {
        ResourceManager::new(self.clone())
    }

    /// Security tokens in a region; the central endpoint without one.
    pub fn sts(&self, region: Option<&str>) -> Sts {
        Sts::new(self.clone(), region)
    }

    /// Who these credentials belong to. Asked once; a failure is not remembered. Whoever waits for somebody else's question
    /// keeps to its own limits.
    pub async fn caller_identity(&self) -> Result<&CallerIdentity, Error> {
        let ask = || async { self.sts(self.config().region.as_deref()).get_caller_identity().await };
        let identity = self.shared.identity.get_or_try_init(ask);
        self.stoppable(Service::Sts, "GetCallerIdentity", identity).await
    }

    /// The account id: the stated one, or else that of the caller.
    pub async fn account_id(&self) -> Result<String, Error> {
        match &self.config().account_id {
            Some(id) => Ok(id.clone()),
            None => Ok(self.caller_identity().await?.account_id.clone()),
        }
    }

    /// Reads an answer in JSON about `asked`, within the limits of this client.
    pub(crate) async fn read_json<T: Answer>(&self, answer: Response, asked: &str) -> Result<T, Error> {
        answer::json(&self.scope, answer, asked).await
    }

    /// Reads an answer in XML, whose root is called `root`, within the limits of this client.
    pub(crate) async fn read_xml<T: Send + 'static>(
        &self,
        answer: Response,
        root: &'static str,
        decode: impl FnOnce(&Element) -> Result<T, XmlError> + Send + 'static,
    ) -> Result<T, Error> {
        answer::xml(&self.scope, answer, root, decode).await
    }

    pub(crate) async fn send(&self, request: &Request) -> Result<Response, Error> {
        self.shared.transport.send(request, &self.scope).await
    }

    /// Waits for something that others share, but not past this client's own limits.
    pub(crate) async fn stoppable<T>(
        &self,
        service: Service,
        action: &'static str,
        shared: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        tokio::select! {
            biased;
            () = self.scope.cancel.cancelled() => Err(Error::Cancelled { service, action, sent: false }),
            done = shared => done,
            () = self.scope.expired() => Err(Error::DeadlineExceeded { service, action, sent: false, last: None }),
        }
    }

    /// Waits for the turn to write to an object.
    pub(crate) async fn turn(
        &self,
        service: Service,
        action: &'static str,
        object: String,
    ) -> Result<OwnedMutexGuard<()>, Error> {
        let turn = async { Ok(self.shared.writes.hold(format!("{service}/{object}")).await) };
        self.stoppable(service, action, turn).await
    }

    /// Whether this client, or one that it was made from, was asked to create the SLS project of this name.
    #[must_use]
    pub fn has_created_project(&self, name: &str) -> bool {
        self.has_created(Service::Sls, name)
    }

    /// Whether this client, or one that it was made from, was asked to create the trail of this name.
    #[must_use]
    pub fn has_created_trail(&self, name: &str) -> bool {
        self.has_created(Service::ActionTrail, name)
    }

    fn has_created(&self, service: Service, name: &str) -> bool {
        let created = self.shared.created.lock().unwrap_or_else(PoisonError::into_inner);
        created.contains(&format!("{service}/{name}"))
    }

    /// Notes a creation that begins: what it makes may be there from now on, also if nobody answers.
    pub(crate) fn creates(&self, service: Service, name: &str) {
        let mut created = self.shared.created.lock().unwrap_or_else(PoisonError::into_inner);
        created.insert(format!("{service}/{name}"));
    }

    pub(crate) fn trail_reads(&self) -> &TrailReads {
        &self.shared.trail_reads
    }

    pub(crate) fn bucket_reads(&self) -> &BucketReads {
        &self.shared.bucket_reads
    }
}
