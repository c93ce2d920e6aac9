//! The public access block of an account: one switch for all of its buckets. Any region answers for the account as a whole.
//!
//! The service cannot tell "never set" from "off", so there is always one: creating it sends it, whatever is there.

use alibaba::Error;
use alibaba::oss::Oss;

use crate::{Deletion, Failure, Freshness, Object, Scope};

/// The block of one account, and whether it is wanted.
#[derive(Debug)]
pub struct AccountBlock {
    scope: Scope,
    wanted: bool,
}

impl AccountBlock {
    /// The block of the scope's account; the region is the one to call.
    #[must_use]
    pub fn new(scope: Scope, wanted: bool) -> Self {
        Self { scope, wanted }
    }

    fn oss(&self) -> Oss {
        self.scope.client.oss(&self.scope.region)
    }
}

impl Object for AccountBlock {
    /// Whether public access is blocked.
    type Settings = bool;
    type Step = ();

    fn label(&self) -> String {
        format!("public access block of account {}", self.scope.account)
    }

    fn scope(&self) -> &Scope {
        &self.scope
    }

    async fn describe(&self, scope: &Scope, _freshness: Freshness) -> Result<Option<bool>, Error> {
        scope.client.oss(&scope.region).get_public_access_block().await.map(Some)
    }

    async fn find(&self) -> Result<Option<bool>, Failure> {
        Ok(None)
    }

    async fn create(&self) -> Result<bool, Error> {
        self.oss().put_public_access_block(self.wanted).await.map(|()| self.wanted)
    }

    fn is_created(&self, blocked: &bool) -> bool {
        *blocked == self.wanted
    }

    fn open(&self, blocked: &bool) -> Vec<()> {
        if *blocked == self.wanted { Vec::new() } else { vec![()] }
    }

    async fn send(&self, (): (), _now: &bool) -> Result<(), Error> {
        self.oss().put_public_access_block(self.wanted).await
    }

    fn reach(&self, (): (), blocked: &mut bool) {
        *blocked = self.wanted;
    }

    /// Forgets the setting, which lifts the block, and waits until that shows.
    async fn delete(&self) -> Result<Deletion, Error> {
        self.oss().delete_public_access_block().await?;
        let what = format!("{} to be lifted", self.label());
        let look = || self.describe(&self.scope, Freshness::Now);
        self.scope.client.settle(&Self::WRITTEN, &what, |blocked| !blocked, look).await?;
        Ok(Deletion::Done)
    }
}
