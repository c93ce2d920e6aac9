//! A logstore, made here or adopted.
//!
//! ActionTrail makes the store of a trail by itself, so managing its retention means adopting it. What the service cannot
//! change about a store is an error.

mod settings;

use std::sync::OnceLock;

use alibaba::Error;
use alibaba::retry::Policy;
use alibaba::sls::{Logstore as Described, LogstoreSettings, Sls};

use crate::sls::{STORE_OF_TRAIL, find_in_project, is_new_to_front_end};
use crate::{Deletion, Failure, Freshness, Object, Phase, Scope};
pub use settings::{PERMANENT, Settings};

/// Shards of a store for which no number is wanted.
const SHARDS: i64 = 2;

/// What can be sent for a logstore: all settings, in one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Update;

/// One logstore, and what is wanted of it.
#[derive(Debug)]
pub struct Logstore {
    scope: Scope,
    wanted: Settings,
    adopts: bool,
    adopted: OnceLock<bool>,
    waited: OnceLock<Error>,
}

impl Logstore {
    /// The logstore of `wanted.sent.logstore_name` in `wanted.project`. One that exists is adopted if it `adopts`.
    #[must_use]
    pub fn new(scope: Scope, wanted: Settings, adopts: bool) -> Self {
        Self { scope, wanted, adopts, adopted: OnceLock::new(), waited: OnceLock::new() }
    }

    /// The project it is in.
    #[must_use]
    pub fn project(&self) -> &str {
        &self.wanted.project
    }

    /// Project and name.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{}:{}", self.wanted.project, self.wanted.sent.logstore_name)
    }

    /// How long it was waited for, in vain, until it was made here instead of by ActionTrail.
    #[must_use]
    pub fn waited(&self) -> Option<&Error> {
        self.waited.get()
    }

    fn sls(&self) -> Sls {
        self.scope.client.sls(&self.scope.region)
    }

    async fn get(&self, scope: &Scope) -> Result<Option<Described>, Error> {
        let sls = scope.client.sls(&scope.region);
        match sls.get_logstore(&self.wanted.project, &self.wanted.sent.logstore_name).await {
            Err(error) if error.is_code("LogStoreNotExist") => Ok(None),
            other => other.map(Some),
        }
    }

    /// The settings of a store that was described. How many shards it has by now shows in the next refresh.
    fn seen(&self, store: &Described) -> Settings {
        let mut seen = self.wanted.seen_as(store);
        if let Some(adopted) = self.adopted.get() {
            seen.adopted = Some(*adopted);
        }
        if self.wanted.sent.shard_count.is_some() {
            seen.sent.shard_count = self.wanted.sent.shard_count;
        }
        seen
    }

    /// Whether ActionTrail may be about to make the store: it makes that of a trail on its own, shortly after the trail.
    fn may_be_coming(&self) -> bool {
        self.adopts && self.wanted.sent.logstore_name.starts_with(STORE_OF_TRAIL)
    }
}

impl Object for Logstore {
    type Settings = Settings;
    type Step = Update;

    const WRITTEN: Policy = Policy::NEW_OBJECT;
    const UNANSWERED: Policy = Policy::UNANSWERED_IN_SLS;

    fn label(&self) -> String {
        format!("logstore {:?}", self.key())
    }

    fn scope(&self) -> &Scope {
        &self.scope
    }

    /// It is not there either when its project is not.
    async fn describe(&self, scope: &Scope, freshness: Freshness) -> Result<Option<Settings>, Error> {
        let found = match self.get(scope).await {
            Err(error) if error.is_code("ProjectNotExist") => None,
            other => other?,
        };
        Ok(found.map(|store| match freshness {
            Freshness::Recent => self.wanted.seen_as(&store),
            Freshness::Now => self.seen(&store),
        }))
    }

    /// A new project is waited for, and so is a store that ActionTrail may be about to make.
    async fn find(&self) -> Result<Option<Settings>, Failure> {
        let look = || self.get(&self.scope);
        let mut found = find_in_project(&self.scope, &self.wanted.project, is_new_to_front_end, look).await?;
        if found.is_none() && self.may_be_coming() {
            let what = format!("ActionTrail to make {}", self.label());
            match self.scope.client.wait(&Policy::MADE_BY_SERVICE, &what, look).await {
                Err(waited @ Error::WaitTimeout { .. }) => drop(self.waited.set(waited)),
                other => found = Some(other?),
            }
        }
        Ok(found.map(|store| self.seen(&store)))
    }

    /// Nobody's logs are touched unasked, and what cannot be changed has to be as it is wanted.
    fn adopt(&self, found: Settings) -> Result<Settings, Failure> {
        if !self.adopts {
            return Err(Failure::Exists { region: None });
        }
        let fixed = found.fixed_against(&self.wanted);
        if !fixed.is_empty() {
            return Err(Failure::Unchangeable(fixed));
        }
        self.adopted.get_or_init(|| true);
        Ok(Settings { adopted: Some(true), ..found })
    }

    /// Such as by ActionTrail.
    async fn overtaken(&self) -> Result<Option<Settings>, Failure> {
        Ok(self.get(&self.scope).await?.map(|store| self.seen(&store)))
    }

    async fn create(&self) -> Result<Settings, Error> {
        let wanted = &self.wanted.sent;
        let shards = wanted.shard_count.or(Some(SHARDS));
        let store = LogstoreSettings { shard_count: shards, ..wanted.clone() };
        self.sls().create_logstore(&self.wanted.project, &store).await?;
        self.adopted.get_or_init(|| false);
        Ok(Settings { adopted: Some(false), shards_now: shards, ..self.wanted.clone() })
    }

    async fn find_unanswered(&self, scope: &Scope) -> Result<Option<Settings>, Error> {
        let found = self.get(scope).await?;
        Ok(found.map(|store| {
            self.adopted.get_or_init(|| false);
            self.seen(&store)
        }))
    }

    fn open(&self, now: &Settings) -> Vec<Update> {
        if now.is_set_as(&self.wanted) { Vec::new() } else { vec![Update] }
    }

    async fn send(&self, _step: Update, now: &Settings) -> Result<(), Error> {
        self.sls().update_logstore(&self.wanted.project, &self.wanted.change_from(now)).await
    }

    fn reach(&self, _step: Update, now: &mut Settings) {
        *now = Settings { adopted: now.adopted, made_at: now.made_at, ..self.wanted.clone() };
    }

    fn passes(&self, phase: Phase, step: Option<Update>, error: &Error) -> bool {
        phase != Phase::Delete && step.is_none() && is_new_to_front_end(error)
    }

    async fn delete(&self) -> Result<Deletion, Error> {
        let deleted = self.sls().delete_logstore(&self.wanted.project, &self.wanted.sent.logstore_name).await;
        deleted.map(|()| Deletion::Begun)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_scope;

    #[test]
    fn only_the_stores_of_trails_are_waited_for() {
        let may_be_coming = |name: &str, adopts: bool| {
            let sent = LogstoreSettings { logstore_name: name.into(), ..LogstoreSettings::default() };
            Logstore::new(test_scope(), Settings { sent, ..Settings::default() }, adopts).may_be_coming()
        };
        assert!(may_be_coming("actiontrail_audit", true));
        assert!(!may_be_coming("events", true) && !may_be_coming("actiontrail_audit", false));
    }

    #[test]
    fn an_existing_store_is_adopted_only_if_that_is_wanted() {
        let store = |adopts| Logstore::new(test_scope(), Settings::default(), adopts);
        let found = Settings { adopted: None, ..Settings::default() };
        assert!(matches!(store(false).adopt(found.clone()), Err(Failure::Exists { .. })));
        let adopting = store(true);
        assert_eq!(adopting.adopt(found).unwrap().adopted, Some(true));
        assert_eq!(adopting.seen(&Described::default()).adopted, Some(true), "and stays so");
    }
}
