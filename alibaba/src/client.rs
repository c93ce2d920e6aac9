//! The client: settings in, service handles out.

use std::sync::Arc;

use tokio::sync::OnceCell;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::actiontrail::{ActionTrail, TrailReads};
use crate::config::Config;
use crate::core::scope::Scope;
use crate::core::session::Session;
use crate::credentials::{Refreshing, RoleSource};
use crate::endpoint::{EndpointError, Service};
use crate::error::Error;
use crate::oss::{BucketReads, Oss};
use crate::ram::Ram;
use crate::resource_manager::ResourceManager;
use crate::retry::Policy;
use crate::sls::Sls;
use crate::sts::{AssumeRole, CallerIdentity, Sts};

/// A client of one identity. Cheap to clone; clones share connections, pacing, reads under way and the cached identity.
#[derive(Debug, Clone)]
pub struct Client {
    session: Session,
    identity: Arc<OnceCell<CallerIdentity>>,
    trail_reads: Arc<TrailReads>,
    bucket_reads: Arc<BucketReads>,
}

impl Client {
    /// Checks the settings. Opens no connection and asks for no credentials.
    pub fn new(config: Config) -> Result<Self, EndpointError> {
        Ok(Self::over(Session::new(config)?))
    }

    fn over(session: Session) -> Self {
        Self { session, identity: Arc::default(), trail_reads: Arc::default(), bucket_reads: Arc::default() }
    }

    /// A client that acts as a role, in the account of the role, with the settings of this one. It shares connections and
    /// pacing with this client; what it has read, and the writes that wait for each other, are its own. The role is assumed
    /// with the credentials of this client when the first call is made, and again before the session ends.
    ///
    /// # Errors
    /// Never in practice: the settings were checked when this client was made.
    pub fn assuming(&self, role: AssumeRole) -> Result<Self, EndpointError> {
        let account = role.account().map(str::to_owned);
        let credentials = Arc::new(Refreshing::new(RoleSource::new(&self.session, None, role)));
        Ok(Self::over(self.session.for_account(credentials, account)?))
    }

    /// Makes sure that there are credentials, which takes a call where they are temporary and none are there yet.
    pub async fn authenticate(&self) -> Result<(), Error> {
        let credentials =
            async { self.config().credentials.credentials().await.map(drop).map_err(Error::from) };
        self.session.scope.limit(Service::Sts, "AssumeRole", credentials).await
    }

    fn with_scope(&self, scope: Scope) -> Self {
        Self { session: self.session.with_scope(scope), ..self.clone() }
    }

    /// The same client, whose calls and waits end when the token is cancelled.
    #[must_use]
    pub fn with_cancel(&self, cancel: CancellationToken) -> Self {
        self.with_scope(Scope { cancel, ..self.session.scope.clone() })
    }

    /// The same client, whose calls and waits end at this moment.
    #[must_use]
    pub fn with_deadline(&self, deadline: impl Into<Instant>) -> Self {
        self.with_scope(Scope { deadline: Some(deadline.into()), ..self.session.scope.clone() })
    }

    /// What ends the calls and waits of this client early.
    pub fn cancel(&self) -> &CancellationToken {
        &self.session.scope.cancel
    }

    /// When the calls and waits of this client end, if they have to.
    pub fn deadline(&self) -> Option<Instant> {
        self.session.scope.deadline
    }

    /// The same client without cancellation and deadline, for what others share and must not lose.
    #[must_use]
    pub fn detached(&self) -> Self {
        self.with_scope(Scope::default())
    }

    /// The same client, whose reads are its own and go with it: for one that is kept for long and used now and then.
    #[must_use]
    pub fn with_own_reads(&self) -> Self {
        Self { trail_reads: Arc::default(), bucket_reads: Arc::default(), ..self.clone() }
    }

    /// The settings it was made of.
    pub fn config(&self) -> &Config {
        self.session.config()
    }

    /// ActionTrail in a region.
    pub fn actiontrail(&self, region: &str) -> ActionTrail {
        ActionTrail::new(self.session.clone(), Arc::clone(&self.trail_reads), region)
    }

    /// Object storage in a region.
    pub fn oss(&self, region: &str) -> Oss {
        Oss::new(self.session.clone(), Arc::clone(&self.bucket_reads), region)
    }

    /// Simple Log Service in a region.
    pub fn sls(&self, region: &str) -> Sls {
        Sls::new(self.session.clone(), region)
    }

    /// Roles and policies of the account.
    pub fn ram(&self) -> Ram {
        Ram::new(self.session.clone())
    }

    /// Service-linked roles and the organization of the account.
    pub fn resource_manager(&self) -> ResourceManager {
        ResourceManager::new(self.session.clone())
    }

    /// Security tokens in a region; the central endpoint without one.
    pub fn sts(&self, region: Option<&str>) -> Sts {
        Sts::new(self.session.clone(), region)
    }

    /// Who these credentials belong to. Asked once; a failure is not remembered. Whoever waits for somebody else's question
    /// keeps to its own limits.
    pub async fn caller_identity(&self) -> Result<&CallerIdentity, Error> {
        let ask = || async { self.sts(self.config().region.as_deref()).get_caller_identity().await };
        let identity = self.identity.get_or_try_init(ask);
        self.session.scope.limit(Service::Sts, "GetCallerIdentity", identity).await
    }

    /// The account id: the stated one, or else that of the caller.
    pub async fn account_id(&self) -> Result<String, Error> {
        match &self.config().account_id {
            Some(id) => Ok(id.clone()),
            None => Ok(self.caller_identity().await?.account_id.clone()),
        }
    }

    /// Whether this client, or one that it was made from, was asked to create the SLS project of this name.
    #[must_use]
    pub fn has_created_project(&self, name: &str) -> bool {
        self.session.has_created(Service::Sls, name)
    }

    /// Whether this client, or one that it was made from, was asked to create the trail of this name.
    #[must_use]
    pub fn has_created_trail(&self, name: &str) -> bool {
        self.session.has_created(Service::ActionTrail, name)
    }

    /// Waits for the first pause of a policy, whose next one is longer.
    ///
    /// # Errors
    /// [`Error::WaitCancelled`] and [`Error::WaitTimeout`], when the caller cancels or no time is left for another attempt.
    pub async fn pause(&self, policy: &mut Policy) -> Result<(), Error> {
        self.session.scope.pause(policy).await
    }

    /// Calls again while the refusal is one that `passes`. When it does not pass in time, or the caller cancels, the
    /// service's own refusal is the error.
    ///
    /// # Errors
    /// Those of the call.
    pub async fn retry<T, F, Fut>(
        &self,
        policy: &Policy,
        passes: impl Fn(&Error) -> bool,
        call: F,
    ) -> Result<T, Error>
    where
        F: FnMut() -> Fut,
        Fut: Future<Output = Result<T, Error>>,
    {
        self.session.scope.retry(policy, passes, call).await
    }

    /// Looks until there is something to be seen; `what` names it in errors. The first look is made at once, the last one
    /// when time is up.
    ///
    /// # Errors
    /// Those of the look, [`Error::WaitTimeout`] and [`Error::WaitCancelled`].
    pub async fn wait<T, F, Fut>(&self, policy: &Policy, what: &str, look: F) -> Result<T, Error>
    where
        F: FnMut() -> Fut,
        Fut: Future<Output = Result<Option<T>, Error>>,
    {
        self.session.scope.wait(policy, what, look).await
    }

    /// Looks until what is seen is `done`, and gives what was seen last: if that is not what was wanted when time is up, it
    /// is for the caller to say so. `None` is nothing to be seen yet.
    ///
    /// # Errors
    /// Those of the look, that nothing was ever seen ([`Error::WaitTimeout`]), and [`Error::WaitCancelled`].
    pub async fn settle<T, F, Fut>(
        &self,
        policy: &Policy,
        what: &str,
        done: impl Fn(&T) -> bool,
        look: F,
    ) -> Result<T, Error>
    where
        F: FnMut() -> Fut,
        Fut: Future<Output = Result<Option<T>, Error>>,
    {
        self.session.scope.settle(policy, what, done, look).await
    }

    /// Sends a request, for the tests of the transport.
    #[cfg(test)]
    pub(crate) async fn send(
        &self,
        request: &crate::core::request::Request,
    ) -> Result<crate::core::request::Response, Error> {
        self.session.send(request).await
    }
}
