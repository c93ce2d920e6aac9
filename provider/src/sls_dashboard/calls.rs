//! The calls of `alitrail_sls_dashboard`.

use std::time::Duration;

use alibaba::Error;
use alibaba::sls::Sls;
use plugin::{Attr, Cx, Diagnostics};
use serde_json::{Map, Value as Json};

use super::detail::covers;
use super::model::DashboardModel;
use crate::config::Cloud;
use crate::fault::{exists, fault};
use crate::patience::{make, patiently, settled};
use crate::place::{Place, enter};
use crate::sls_project::{APPEARING, UNANSWERED, is_appearing, is_listed};

/// How long a write may stay hidden from reads.
const SETTLING: Duration = Duration::from_secs(20);

type Document = Map<String, Json>;

/// One dashboard, where it is. `model` is what is wanted of it.
pub(super) struct Dashboards<'c> {
    cx: &'c Cx<Cloud>,
    place: Place,
    model: DashboardModel,
}

impl<'c> Dashboards<'c> {
    pub(super) async fn enter(cx: &'c Cx<Cloud>, model: DashboardModel) -> Result<Self, Diagnostics> {
        Ok(Self { cx, place: enter(cx, &model).await?, model })
    }

    fn sls(&self) -> Sls {
        self.place.client.sls(&self.place.region)
    }

    fn doing(&self, what: &str) -> String {
        format!("{what} {}", self.model.label())
    }

    fn fault(&self, what: &str, error: &Error) -> Diagnostics {
        fault(self.doing(what), error)
    }

    async fn find_with(&self, sls: &Sls) -> Result<Option<Document>, Error> {
        sls.get_dashboard(self.model.project(), self.model.name()).await
    }

    /// The dashboard. It is not there either when its project is not.
    async fn find(&self) -> Result<Option<Document>, Error> {
        match self.find_with(&self.sls()).await {
            Err(error) if error.is_not_found() => Ok(None),
            other => other,
        }
    }

    /// Fails if there is one of this name. A new project is waited for.
    async fn is_free(&self, resource: &str) -> Result<(), Diagnostics> {
        let sls = self.sls();
        let found = match self.find_with(&sls).await {
            Err(error) if is_appearing(&error) => {
                is_listed(&self.place, &self.doing("create"), self.model.project(), error).await?;
                patiently(self.cx, APPEARING, is_appearing, || self.find_with(&sls)).await
            }
            other => other,
        };
        match found.map_err(|error| self.fault("create", &error))? {
            None => Ok(()),
            Some(_) => {
                let import_id =
                    format!("{}:{}@{}", self.model.project(), self.model.name(), self.place.region);
                Err(exists(&self.model.label(), resource, &import_id))
            }
        }
    }

    /// Makes the dashboard. There was none of this name a moment ago, so if the answer is lost and there is one now, it is
    /// this one.
    pub(super) async fn create(&self, resource: &str) -> Result<DashboardModel, Diagnostics> {
        self.is_free(resource).await?;
        let (sls, document) = (self.sls(), self.model.document());
        let (project, name) = (self.model.project(), self.model.name());
        let create =
            || patiently(self.cx, APPEARING, is_appearing, || sls.create_dashboard(project, name, &document));
        let find = |place: Place| async move {
            Ok(place.client.sls(&place.region).get_dashboard(project, name).await?.is_some())
        };
        make(self.cx, &self.place, UNANSWERED, create, find)
            .await
            .map_err(|error| self.fault("create", &error))?;
        self.shown("create").await
    }

    /// The dashboard, if it is there.
    pub(super) async fn read(&self) -> Result<Option<DashboardModel>, Diagnostics> {
        let found = self.find().await.map_err(|error| self.fault("read", &error))?;
        Ok(found.map(|document| self.model.read_from(document, &self.place)))
    }

    /// Makes the dashboard what is wanted.
    pub(super) async fn update(&self) -> Result<DashboardModel, Diagnostics> {
        let (sls, document) = (self.sls(), self.model.document());
        sls.update_dashboard(self.model.project(), self.model.name(), &document)
            .await
            .map_err(|error| self.fault("update", &error))?;
        self.shown("update").await
    }

    /// The dashboard once it is as it is wanted; after a while, as it is then.
    async fn shown(&self, doing: &str) -> Result<DashboardModel, Diagnostics> {
        self.cx.keep(&DashboardModel { stored_detail: Attr::Null, ..self.model.clone() }.at(&self.place));
        let wanted = Json::Object(self.model.document());
        let done = |document: &Document| covers(&wanted, &Json::Object(document.clone()));
        let what = format!("{} to be seen", self.model.label());
        let shown = settled(self.cx, &what, SETTLING, done, || self.find()).await;
        let shown = shown.map_err(|error| self.fault(doing, &error))?;
        Ok(self.model.written(shown, &self.place))
    }

    /// Deletes the dashboard; it is no error if there is none, or no project.
    pub(super) async fn delete(&self) -> Result<(), Diagnostics> {
        let delete = async {
            match self.sls().delete_dashboard(self.model.project(), self.model.name()).await {
                Err(error) if !error.is_not_found() => return Err(error),
                _ => {}
            }
            let what = format!("{} to be gone", self.model.label());
            let gone = || async { Ok(self.find().await?.is_none().then_some(())) };
            settled(self.cx, &what, SETTLING, |()| true, gone).await
        };
        delete.await.map_err(|error| self.fault("delete", &error))
    }
}
