//! The calls of `alitrail_oss_bucket_policy`.

use alibaba::Error;
use alibaba::oss::Oss;
use plugin::value::Value;
use plugin::{Cx, Diagnostics};

use super::document::same;
use super::model::PolicyModel;
use crate::config::Cloud;
use crate::oss_bucket::satellite::{Satellite, found, removed};
use crate::place::{Place, enter};

/// The policy of one bucket, where it is. `model` is what is wanted.
pub(super) struct Policies<'c> {
    cx: &'c Cx<Cloud>,
    pub(super) place: Place,
    pub(super) model: PolicyModel,
}

impl<'c> Policies<'c> {
    pub(super) async fn enter(cx: &'c Cx<Cloud>, model: PolicyModel) -> Result<Self, Diagnostics> {
        Ok(Self { cx, place: enter(cx, &model).await?, model })
    }

    fn oss(&self) -> Oss {
        self.place.client.oss(&self.place.region)
    }

    fn satellite(&self) -> Satellite<'_> {
        let label = self.model.label();
        Satellite { cx: self.cx, place: &self.place, bucket: self.model.name(), label }
    }

    async fn find(&self) -> Result<Option<String>, Error> {
        found(self.oss().get_bucket_policy(self.model.name()).await)
    }

    fn with(&self, policy: String) -> PolicyModel {
        PolicyModel { policy: policy.into(), ..self.model.clone() }.at(&self.place)
    }

    /// The policy that the bucket has.
    pub(super) async fn read(&self) -> Result<Option<PolicyModel>, Diagnostics> {
        let policy = self.find().await.map_err(|error| self.satellite().fault("read", &error))?;
        Ok(policy.map(|policy| self.with(policy)))
    }

    /// Replaces the policy and waits until the service shows it.
    pub(super) async fn put(&self, doing: &str) -> Result<PolicyModel, Diagnostics> {
        let (oss, satellite) = (self.oss(), self.satellite());
        let wanted = self.model.policy.get().cloned().unwrap_or_default();
        let put = async {
            satellite.send(|| oss.put_bucket_policy(self.model.name(), &wanted)).await?;
            self.cx.keep(&self.model.clone().at(&self.place));
            let value = Value::from(wanted.as_str());
            satellite.shown(|text: &String| same(&Value::from(text.as_str()), &value), || self.find()).await
        };
        put.await.map(|policy| self.with(policy)).map_err(|error| satellite.fault(doing, &error))
    }

    /// Removes the policy; it is no error if there is none, or no bucket.
    pub(super) async fn delete(&self) -> Result<(), Diagnostics> {
        let delete = async {
            removed(self.oss().delete_bucket_policy(self.model.name()).await)?;
            self.satellite().gone(|| self.find()).await
        };
        delete.await.map_err(|error| self.satellite().fault("delete", &error))
    }
}
