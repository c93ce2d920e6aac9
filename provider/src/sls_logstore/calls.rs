//! The calls of `alitrail_sls_logstore`: looking, making or taking over, waiting until a change shows, deleting.

use alibaba::Error;
use alibaba::sls::{Logstore, Sls};
use plugin::{Cx, Diagnostics};

use super::adopt::{made_here, may_be_coming, obstacles};
use super::model::LogstoreModel;
use crate::config::Cloud;
use crate::fault::{exists, fault};
use crate::patience::{make, patiently, settled};
use crate::place::Place;
use crate::sls_project::{APPEARING, UNANSWERED, is_appearing, is_listed};

/// One logstore, where it is. `model` is what is wanted of it.
pub(super) struct Logstores<'c> {
    pub(super) cx: &'c Cx<Cloud>,
    pub(super) place: Place,
    pub(super) model: LogstoreModel,
}

impl Logstores<'_> {
    fn sls(&self) -> Sls {
        self.place.client.sls(&self.place.region)
    }

    /// The store. It is not there either when its project is not.
    pub(super) async fn find(&self) -> Result<Option<Logstore>, Error> {
        match self.find_with(&self.sls()).await {
            Err(error) if error.is_code("ProjectNotExist") => Ok(None),
            other => other,
        }
    }

    async fn find_with(&self, sls: &Sls) -> Result<Option<Logstore>, Error> {
        match sls.get_logstore(self.model.project(), self.model.name()).await {
            Err(error) if error.is_code("LogStoreNotExist") => Ok(None),
            other => other.map(Some),
        }
    }

    /// What is there before the store is made. A new project is waited for, and so is a store that ActionTrail may be
    /// about to make.
    pub(super) async fn before(&self, doing: &str) -> Result<Option<Logstore>, Diagnostics> {
        let sls = self.sls();
        let found = match self.find_with(&sls).await {
            Err(error) if is_appearing(&error) => {
                is_listed(&self.place, doing, self.model.project(), error).await?;
                patiently(self.cx, APPEARING, is_appearing, || self.find_with(&sls)).await
            }
            other => other,
        };
        let found = found.map_err(|error| fault(doing, &error))?;
        if found.is_some() || !may_be_coming(&self.model) {
            return Ok(found);
        }
        let what = format!("ActionTrail to make {}", self.model.label());
        match self
            .place
            .client
            .wait(&alibaba::retry::Policy::NEW_OBJECT, &what, || self.find_with(&sls))
            .await
        {
            Ok(store) => Ok(Some(store)),
            Err(waited @ Error::WaitTimeout { .. }) => {
                self.cx.warn(made_here(&self.model, &waited));
                Ok(None)
            }
            Err(error) => Err(fault(doing, &error)),
        }
    }

    /// Makes the store; gives it as it is then. There was none of this name a moment ago, so if the answer is lost and
    /// there is one now, it is this one.
    pub(super) async fn make(&self, doing: &str, resource: &str) -> Result<LogstoreModel, Diagnostics> {
        let (sls, project) = (self.sls(), self.model.project());
        let settings = self.model.new_logstore();
        let create =
            || patiently(self.cx, APPEARING, is_appearing, || sls.create_logstore(project, &settings));
        let find = |place: Place| async move {
            Ok(self.find_with(&place.client.sls(&place.region)).await?.is_some())
        };
        match make(self.cx, &self.place, UNANSWERED, create, find).await {
            Ok(()) => {}
            // Somebody was quicker, such as ActionTrail.
            Err(error) if error.is_already_exists() => {
                return match self.find_with(&sls).await.map_err(|error| fault(doing, &error))? {
                    Some(store) => self.take_over(doing, resource, &store).await,
                    None => Err(fault(doing, &error)),
                };
            }
            Err(error) => return Err(fault(doing, &error)),
        }
        let made = LogstoreModel { adopted: false.into(), ..self.model.clone() }.at(&self.place);
        self.cx.keep(&made);
        self.seen(doing, &made).await
    }

    /// Makes an existing store what is wanted, if that is allowed and possible. Nothing of it is kept in the state before
    /// it is: a failed attempt leaves the store as it was, and the next apply tries again.
    pub(super) async fn take_over(
        &self,
        doing: &str,
        resource: &str,
        store: &Logstore,
    ) -> Result<LogstoreModel, Diagnostics> {
        if !self.model.adopts() {
            return Err(self.not_to_be_adopted(resource));
        }
        let wanted = LogstoreModel { adopted: true.into(), ..self.model.clone() };
        let existing = wanted.read_from(store, &self.place);
        let obstacles = obstacles(&existing, &wanted);
        if obstacles.has_error() {
            return Err(obstacles);
        }
        if existing.settings() == wanted.settings() {
            return Ok(existing);
        }
        self.change(doing, &existing, &wanted).await
    }

    fn not_to_be_adopted(&self, resource: &str) -> Diagnostics {
        let import_id = format!("{}@{}", self.model.key(), self.place.region);
        let mut diagnostics = exists(&self.model.label(), resource, &import_id);
        for diagnostic in &mut diagnostics.0 {
            diagnostic.detail.push_str(
                " To take over a store that ActionTrail made, set adopt_existing = true: such a store is not deleted on \
                 destroy.",
            );
        }
        diagnostics
    }

    /// Makes the store `wanted`, from how it is.
    pub(super) async fn change(
        &self,
        doing: &str,
        now: &LogstoreModel,
        wanted: &LogstoreModel,
    ) -> Result<LogstoreModel, Diagnostics> {
        let change = wanted.change_from(now);
        self.sls()
            .update_logstore(self.model.project(), &change)
            .await
            .map_err(|error| fault(doing, &error))?;
        let reached = wanted.clone().at(&self.place);
        self.cx.keep(&reached);
        self.seen(doing, &reached).await
    }

    /// The store once it is `wanted`; after a while, as it is then.
    async fn seen(&self, doing: &str, wanted: &LogstoreModel) -> Result<LogstoreModel, Diagnostics> {
        let settings = wanted.settings();
        let look = || async {
            match self.find().await {
                Err(error) if is_appearing(&error) => Ok(None),
                other => Ok(other?.map(|store| wanted.read_from(&store, &self.place))),
            }
        };
        let what = format!("{} to be seen", self.model.label());
        let done = |now: &LogstoreModel| now.settings() == settings;
        let mut now =
            settled(self.cx, &what, APPEARING, done, look).await.map_err(|error| fault(doing, &error))?;
        if let Some(stated) = wanted.shard_count.get() {
            // How many there are by now shows in the next plan, where it can be said why.
            now.shard_count = (*stated).into();
        }
        Ok(now)
    }

    /// Deletes the store; it is no error if it is gone already.
    pub(super) async fn delete(&self) -> Result<(), Error> {
        match self.sls().delete_logstore(self.model.project(), self.model.name()).await {
            Err(error) if error.is_not_found() => {
                return Ok(());
            }
            other => other?,
        }
        let what = format!("{} to be gone", self.model.label());
        let gone = || async { Ok(self.find().await?.is_none().then_some(())) };
        self.place.client.wait(&alibaba::retry::Policy::NEW_OBJECT, &what, gone).await
    }
}
