//! The region in which an account stores the events of services that have no region: a setting that every account has, which
//! can be changed and not taken back.

use alibaba::Error;
use alibaba::actiontrail::ActionTrail;

use crate::{Deletion, Failure, Freshness, Object, Scope};

/// The setting of one account.
#[derive(Debug)]
pub struct StorageRegion {
    scope: Scope,
    wanted: String,
}

impl StorageRegion {
    /// The setting of the scope's account. Its region is the one that is called: the setting is the same in all.
    #[must_use]
    pub fn new(scope: Scope, wanted: String) -> Self {
        Self { scope, wanted }
    }

    fn service(&self) -> ActionTrail {
        self.scope.client.actiontrail(&self.scope.region)
    }
}

impl Object for StorageRegion {
    type Settings = String;
    type Step = ();

    fn label(&self) -> String {
        "storage region of global events".to_owned()
    }

    fn scope(&self) -> &Scope {
        &self.scope
    }

    async fn describe(&self, scope: &Scope, _freshness: Freshness) -> Result<Option<String>, Error> {
        scope.client.actiontrail(&scope.region).get_global_events_storage_region().await.map(Some)
    }

    fn adopt(&self, found: String) -> Result<String, Failure> {
        Ok(found)
    }

    /// There is always one to adopt; setting it is creating it.
    async fn create(&self) -> Result<String, Error> {
        self.send((), &self.wanted).await.map(|()| self.wanted.clone())
    }

    fn open(&self, now: &String) -> Vec<()> {
        if *now == self.wanted { Vec::new() } else { vec![()] }
    }

    async fn send(&self, _step: (), _now: &String) -> Result<(), Error> {
        self.service().update_global_events_storage_region(&self.wanted).await
    }

    fn reach(&self, _step: (), now: &mut String) {
        now.clone_from(&self.wanted);
    }

    fn setting(_step: ()) -> Option<&'static str> {
        Some("storage_region")
    }

    async fn delete(&self) -> Result<Deletion, Error> {
        Ok(Deletion::Done)
    }
}
