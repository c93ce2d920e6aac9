//! The calls of `alitrail_sls_index`: looking, bringing about, taking away.

use std::time::Duration;

use alibaba::Error;
use alibaba::sls::Sls;
use plugin::{Cx, Diagnostics};
use serde_json::Value;

use super::model::IndexModel;
use super::wire;
use crate::config::Cloud;
use crate::fault::fault;
use crate::patience::{make, patiently, settled};
use crate::place::Place;
use crate::sls_project::{APPEARING, UNANSWERED, is_appearing, is_listed};

/// How long an index that was just written may still be described as it was.
const SETTLING: Duration = Duration::from_secs(60);

/// A logstore that was just made is not known to all front ends.
fn is_coming(error: &Error) -> bool {
    is_appearing(error) || error.is_code("LogStoreNotExist")
}

/// One index, where it is. `model` is what is wanted of it.
pub(super) struct Indexes<'c> {
    pub(super) cx: &'c Cx<Cloud>,
    pub(super) place: Place,
    pub(super) model: IndexModel,
}

impl Indexes<'_> {
    fn sls(&self) -> Sls {
        self.place.client.sls(&self.place.region)
    }

    /// The service's document, if there is an index.
    pub(super) async fn find(&self) -> Result<Option<Value>, Error> {
        self.sls().get_index(self.model.project(), self.model.logstore()).await
    }

    /// The index as far as it is managed. One whose logstore or project is gone is gone too.
    pub(super) async fn read(&self, everything: bool) -> Result<Option<IndexModel>, Error> {
        match self.find().await {
            Err(error) if error.is_not_found() => Ok(None),
            other => Ok(other?.map(|index| wire::read(&self.model, &index, &self.place, everything))),
        }
    }

    /// Fails at once if the project is not only new to the front end that was asked.
    pub(super) async fn has_a_project(&self, doing: &str) -> Result<(), Diagnostics> {
        match self.find().await {
            Err(error) if error.is_code("ProjectNotExist") => {
                is_listed(&self.place, doing, self.model.project(), error).await
            }
            _ => Ok(()),
        }
    }

    /// Gives the logstore the index, or takes over the one it has; whether it had one.
    pub(super) async fn make(&self) -> Result<bool, Error> {
        let (sls, project, logstore) = (self.sls(), self.model.project(), self.model.logstore());
        let existing = patiently(self.cx, APPEARING, is_coming, || self.find()).await?;
        let document = wire::document(&self.model, None, existing.as_ref());
        if existing.is_some() {
            self.put(existing, None).await?;
            return Ok(true);
        }
        let create =
            || patiently(self.cx, APPEARING, is_coming, || sls.create_index(project, logstore, &document));
        let find = |place: Place| async move {
            let found = place.client.sls(&place.region).get_index(project, logstore).await;
            Ok(found?.is_some())
        };
        match make(self.cx, &self.place, UNANSWERED, create, find).await {
            // Somebody was quicker, such as ActionTrail: nothing of ours had been sent before.
            Err(error) if error.is_already_exists() => {
                let existing = self.find().await?;
                self.put(existing, None).await.map(|()| true)
            }
            other => other.map(|()| false),
        }
    }

    /// Brings the index from how it is to what is wanted; `prior` is what was managed so far.
    pub(super) async fn change(&self, prior: &IndexModel) -> Result<(), Error> {
        let existing = self.find().await?;
        if existing.is_none() {
            return self.make().await.map(drop);
        }
        self.put(existing, Some(prior)).await
    }

    async fn put(&self, existing: Option<Value>, prior: Option<&IndexModel>) -> Result<(), Error> {
        let document = wire::document(&self.model, prior, existing.as_ref());
        let unchanged = existing.as_ref().is_some_and(|existing| {
            let as_it_is = wire::document(&IndexModel::default(), None, Some(existing));
            as_it_is == document
        });
        if unchanged {
            return Ok(());
        }
        let (sls, project, logstore) = (self.sls(), self.model.project(), self.model.logstore());
        patiently(self.cx, APPEARING, is_coming, || sls.update_index(project, logstore, &document)).await
    }

    /// The index as it is after a write, once it is described so.
    pub(super) async fn brought(&self, doing: &str) -> Result<IndexModel, Diagnostics> {
        let what = format!("the {} to be seen", self.model.label());
        // By what is sent: unset and empty are the same there.
        let sent = |model: &IndexModel| wire::document(model, None, None);
        let done = |seen: &IndexModel| {
            let mut wanted = self.model.clone();
            // What was left to the service is whatever it says.
            if wanted.max_text_len.get().is_none() {
                wanted.max_text_len = seen.max_text_len.clone();
            }
            if wanted.log_reduce.get().is_none() {
                wanted.log_reduce = seen.log_reduce.clone();
            }
            sent(seen) == sent(&wanted)
        };
        let seen = settled(self.cx, &what, SETTLING, done, || self.read(false)).await;
        seen.map_err(|error| fault(doing, &error))
    }

    /// Takes the index away; it is no error if it is gone.
    pub(super) async fn delete(&self) -> Result<(), Error> {
        match self.sls().delete_index(self.model.project(), self.model.logstore()).await {
            Err(error) if error.is_not_found() => Ok(()),
            // An index that is gone is a wrong parameter to the service.
            Err(error) if error.is_code("ParameterInvalid") && self.find().await?.is_none() => Ok(()),
            other => other,
        }
    }
}
