//! The calls of `alitrail_sls_alert`: looking, making, changing, switching, deleting.

use std::time::Duration;

use alibaba::Error;
use alibaba::sls::Sls;
use plugin::{Cx, Diagnostics};
use serde_json::Value;

use super::model::AlertModel;
use super::wire;
use crate::config::Cloud;
use crate::fault::{exists, fault};
use crate::patience::{make, patiently, settled};
use crate::place::Place;
use crate::sls_project::{APPEARING, UNANSWERED, is_appearing, is_listed};

/// How long a rule that was just written may still be described as it was.
const SETTLING: Duration = Duration::from_secs(60);

/// One rule, where it is. `model` is what is wanted of it.
pub(super) struct Alerts<'c> {
    pub(super) cx: &'c Cx<Cloud>,
    pub(super) place: Place,
    pub(super) model: AlertModel,
}

impl Alerts<'_> {
    fn sls(&self) -> Sls {
        self.place.client.sls(&self.place.region)
    }

    /// The service's document, if there is such a rule.
    async fn find(&self) -> Result<Option<Value>, Error> {
        self.sls().get_alert(self.model.project(), self.model.name()).await
    }

    /// The rule. One whose project is gone is gone too.
    pub(super) async fn read(&self) -> Result<Option<AlertModel>, Error> {
        match self.find().await {
            Err(error) if error.is_not_found() => Ok(None),
            other => Ok(other?.map(|rule| wire::read(&self.model, &rule, &self.place))),
        }
    }

    /// Makes the rule, which is enabled then.
    pub(super) async fn make(&self, doing: &str, resource: &str) -> Result<(), Diagnostics> {
        let (sls, project, name) = (self.sls(), self.model.project(), self.model.name());
        let taken = || {
            let id = format!("{}@{}", self.model.key(), self.place.region);
            exists(&self.model.label(), resource, &id)
        };
        let before = match self.find().await {
            Err(error) if is_appearing(&error) => {
                is_listed(&self.place, doing, project, error).await?;
                patiently(self.cx, APPEARING, is_appearing, || self.find()).await
            }
            other => other,
        };
        if before.map_err(|error| fault(doing, &error))?.is_some() {
            return Err(taken());
        }
        let rule = wire::document(&self.model, &self.place, None);
        let create =
            || patiently(self.cx, APPEARING, is_appearing, || sls.create_alert(project, name, &rule));
        let find = |place: Place| async move {
            Ok(place.client.sls(&place.region).get_alert(project, name).await?.is_some())
        };
        make(self.cx, &self.place, UNANSWERED, create, find)
            .await
            .map_err(|error| if error.is_already_exists() { taken() } else { fault(doing, &error) })
    }

    /// By what is sent: unset and empty are the same there.
    fn is_as_wanted(&self, seen: &AlertModel) -> bool {
        let sent = |model: &AlertModel| wire::document(model, &self.place, None);
        sent(seen) == sent(&self.model) && seen.is_on() == self.model.is_on()
    }

    /// Gives the rule the document it is to have.
    pub(super) async fn change(&self) -> Result<(), Error> {
        let existing = self.find().await?;
        let rule = wire::document(&self.model, &self.place, existing.as_ref());
        self.sls().update_alert(self.model.project(), self.model.name(), &rule).await
    }

    /// Switches the rule on or off.
    pub(super) async fn switch(&self) -> Result<(), Error> {
        self.sls().switch_alert(self.model.project(), self.model.name(), self.model.is_on()).await
    }

    /// The rule as it is after a write, once it is described so.
    pub(super) async fn brought(&self, doing: &str) -> Result<AlertModel, Diagnostics> {
        let what = format!("{} to be seen", self.model.label());
        let done = |seen: &AlertModel| self.is_as_wanted(seen);
        let seen = settled(self.cx, &what, SETTLING, done, || self.read()).await;
        seen.map_err(|error| fault(doing, &error))
    }

    /// Deletes the rule; it is no error if it is gone.
    pub(super) async fn delete(&self) -> Result<(), Error> {
        match self.sls().delete_alert(self.model.project(), self.model.name()).await {
            Err(error) if error.is_not_found() => Ok(()),
            other => other,
        }
    }
}
