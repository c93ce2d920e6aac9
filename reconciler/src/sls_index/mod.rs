//! The index of a logstore: what is searchable in it.
//!
//! ActionTrail gives the logstore of a trail an index of its own, so one that is there is adopted: what is named is added to
//! it, and what is not named is kept.

mod document;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use alibaba::Error;
use alibaba::retry::Policy;
use alibaba::sls::{Index as Document, IndexKey, IndexLine, Sls};

use crate::creation::create_once;
use crate::sls::{find_in_logstore, logstore_is_new_to_front_end};
use crate::{Deletion, Failure, Freshness, Object, Phase, Scope};
pub use document::{LONGEST_TEXT, is_usual, separators};

/// The settings of an index, with all defaults written out. Members that are not known have no part in them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Settings {
    /// The project of the logstore.
    pub project: String,
    /// The logstore.
    pub logstore: String,
    /// Search in the whole text. Unset, it is not managed.
    pub line: Option<IndexLine>,
    /// The fields that are managed, by name. Leaves of a JSON field are managed where it names some.
    pub keys: BTreeMap<String, IndexKey>,
    /// The longest text that can be analysed, in bytes; unset is whatever it is.
    pub max_text_len: Option<i64>,
    /// Whether similar logs are grouped; unset is whatever it is.
    pub log_reduce: Option<bool>,
    /// Whether everything else is taken out.
    pub is_exclusive: bool,
    /// Whether the logstore had an index before it was managed; `None` where that is not known.
    pub adopted: Option<bool>,
    /// The index as the service describes it, where it has been seen.
    pub described: Option<Document>,
}

/// What can be sent for an index: all of it, in one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Update;

/// One index, and what is wanted of it.
#[derive(Debug)]
pub struct Index {
    scope: Scope,
    wanted: Settings,
    sees_all: bool,
    adopted: OnceLock<bool>,
}

impl Index {
    /// The index of `wanted.logstore` in `wanted.project`.
    #[must_use]
    pub fn new(scope: Scope, wanted: Settings) -> Self {
        let sees_all = wanted.is_exclusive;
        Self { scope, wanted, sees_all, adopted: OnceLock::new() }
    }

    /// The same index, looked at as a whole: not only at what is wanted of it.
    #[must_use]
    pub fn seeing_all(self) -> Self {
        Self { sees_all: true, ..self }
    }

    /// The project of the logstore.
    #[must_use]
    pub fn project(&self) -> &str {
        &self.wanted.project
    }

    fn sls(&self) -> Sls {
        self.scope.client.sls(&self.scope.region)
    }

    async fn get(&self, scope: &Scope) -> Result<Option<Settings>, Error> {
        let sls = scope.client.sls(&scope.region);
        let found = sls.get_index(&self.wanted.project, &self.wanted.logstore).await?;
        Ok(found.map(|index| self.with_origin(document::seen(&self.wanted, &index, self.sees_all))))
    }

    /// The settings with what is known about where the index came from.
    fn with_origin(&self, settings: Settings) -> Settings {
        Settings { adopted: self.wanted.adopted.or(self.adopted.get().copied()), ..settings }
    }
}

impl Object for Index {
    type Settings = Settings;
    type Step = Update;

    const UNANSWERED: Policy = Policy::UNANSWERED_IN_SLS;

    fn label(&self) -> String {
        format!("the index of logstore {:?}", format!("{}:{}", self.wanted.project, self.wanted.logstore))
    }

    fn scope(&self) -> &Scope {
        &self.scope
    }

    /// One whose logstore or project is gone is gone too.
    async fn describe(&self, scope: &Scope, _freshness: Freshness) -> Result<Option<Settings>, Error> {
        match self.get(scope).await {
            Err(error) if error.is_code("LogStoreNotExist") || error.is_code("ProjectNotExist") => Ok(None),
            other => other,
        }
    }

    async fn find(&self) -> Result<Option<Settings>, Failure> {
        let look = || self.get(&self.scope);
        find_in_logstore(&self.scope, &self.wanted.project, &self.wanted.logstore, look).await
    }

    fn adopt(&self, found: Settings) -> Result<Settings, Failure> {
        self.adopted.get_or_init(|| true);
        Ok(self.with_origin(found))
    }

    /// Such as by ActionTrail.
    async fn overtaken(&self) -> Result<Option<Settings>, Failure> {
        Ok(self.get(&self.scope).await?)
    }

    async fn create(&self) -> Result<Settings, Error> {
        let (project, logstore) = (&self.wanted.project, &self.wanted.logstore);
        let index = document::document(&self.wanted, &Settings::default(), None);
        self.sls().create_index(project, logstore, &index).await?;
        self.adopted.get_or_init(|| false);
        Ok(self.with_origin(self.wanted.clone()))
    }

    async fn find_unanswered(&self, scope: &Scope) -> Result<Option<Settings>, Error> {
        let found = self.get(scope).await?;
        Ok(found.map(|found| {
            self.adopted.get_or_init(|| false);
            self.with_origin(found)
        }))
    }

    fn open(&self, now: &Settings) -> Vec<Update> {
        let wanted = &self.wanted;
        let is_as_wanted = now.line == wanted.line
            && now.keys == wanted.keys
            && (wanted.max_text_len.is_none() || now.max_text_len == wanted.max_text_len)
            && (wanted.log_reduce.is_none() || now.log_reduce == wanted.log_reduce)
            && (now.is_exclusive || !wanted.is_exclusive);
        if is_as_wanted { Vec::new() } else { vec![Update] }
    }

    /// Starts from what is there, and writes nothing that is there already.
    async fn send(&self, _step: Update, now: &Settings) -> Result<(), Error> {
        let (project, logstore) = (&self.wanted.project, &self.wanted.logstore);
        let existing = match &now.described {
            Some(index) => Some(index.clone()),
            None => self.sls().get_index(project, logstore).await?,
        };
        let Some(existing) = existing else { return create_once(self).await.map(drop) };
        let index = document::document(&self.wanted, now, Some(&existing));
        if index == document::as_sent(existing) {
            return Ok(());
        }
        self.sls().update_index(project, logstore, &index).await
    }

    fn reach(&self, _step: Update, now: &mut Settings) {
        let wanted = self.wanted.clone();
        *now = Settings {
            max_text_len: wanted.max_text_len.or(now.max_text_len),
            log_reduce: wanted.log_reduce.or(now.log_reduce),
            adopted: now.adopted,
            ..wanted
        };
    }

    /// A logstore that was just made is not known to all front ends.
    fn passes(&self, phase: Phase, step: Option<Update>, error: &Error) -> bool {
        (phase == Phase::Create || step.is_some()) && logstore_is_new_to_front_end(error)
    }

    async fn delete(&self) -> Result<Deletion, Error> {
        let (project, logstore) = (&self.wanted.project, &self.wanted.logstore);
        match self.sls().delete_index(project, logstore).await {
            // An index that is gone is a wrong parameter to the service.
            Err(error) if error.is_code("ParameterInvalid") && self.get(&self.scope).await?.is_none() => {}
            other => other?,
        }
        Ok(Deletion::Done)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_scope;

    #[test]
    fn what_is_left_to_the_service_is_not_open() {
        let open = |wanted: Settings, now: &Settings| Index::new(test_scope(), wanted).open(now).len();
        let now = Settings { max_text_len: Some(2048), log_reduce: Some(false), ..Settings::default() };
        assert_eq!(open(Settings::default(), &now), 0);
        assert_eq!(open(Settings { max_text_len: Some(4096), ..Settings::default() }, &now), 1);
        assert_eq!(open(Settings { log_reduce: Some(true), ..Settings::default() }, &now), 1);
        assert_eq!(open(Settings { line: Some(IndexLine::default()), ..Settings::default() }, &now), 1);
        let exclusive = Settings { is_exclusive: true, ..now.clone() };
        assert_eq!(open(exclusive.clone(), &now), 1, "to be made exclusive");
        assert_eq!((open(exclusive.clone(), &exclusive), open(now, &exclusive)), (0, 0));
    }

    #[test]
    fn an_adopted_index_stays_adopted() {
        let index = Index::new(test_scope(), Settings::default());
        assert_eq!(index.adopt(Settings::default()).unwrap().adopted, Some(true));
        assert_eq!(index.with_origin(Settings::default()).adopted, Some(true));
        let known = Settings { adopted: Some(false), ..Settings::default() };
        assert_eq!(Index::new(test_scope(), known).adopt(Settings::default()).unwrap().adopted, Some(false));
    }
}
