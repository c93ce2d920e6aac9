//! The calls of `alitrail_oss_bucket_logging`.

use alibaba::Error;
use alibaba::oss::{BucketLogging, Oss};
use plugin::{Cx, Diagnostics};

use super::model::LoggingModel;
use crate::config::Cloud;
use crate::oss_bucket::satellite::{Satellite, found, removed};
use crate::place::{Place, enter};

/// Access logging of one bucket, where it is. `model` is what is wanted.
pub(super) struct Loggings<'c> {
    cx: &'c Cx<Cloud>,
    place: Place,
    model: LoggingModel,
}

impl<'c> Loggings<'c> {
    pub(super) async fn enter(cx: &'c Cx<Cloud>, model: LoggingModel) -> Result<Self, Diagnostics> {
        Ok(Self { cx, place: enter(cx, &model).await?, model })
    }

    fn oss(&self) -> Oss {
        self.place.client.oss(&self.place.region)
    }

    fn satellite(&self) -> Satellite<'_> {
        let label = self.model.label();
        Satellite { cx: self.cx, place: &self.place, bucket: self.model.name(), label }
    }

    async fn find(&self) -> Result<Option<BucketLogging>, Error> {
        found(self.oss().get_bucket_logging(self.model.name()).await)
    }

    /// Where the log goes, if there is one.
    pub(super) async fn read(&self) -> Result<Option<LoggingModel>, Diagnostics> {
        let logging = self.find().await.map_err(|error| self.satellite().fault("read", &error))?;
        Ok(logging.map(|logging| self.model.read_from(logging, &self.place)))
    }

    /// Sends the log where it is wanted and waits until the service shows it.
    pub(super) async fn put(&self, doing: &str) -> Result<LoggingModel, Diagnostics> {
        let (oss, satellite, wanted) = (self.oss(), self.satellite(), self.model.wanted());
        let put = async {
            satellite.send(|| oss.put_bucket_logging(self.model.name(), &wanted)).await?;
            self.cx.keep(&self.model.clone().at(&self.place));
            satellite.shown(|now| *now == wanted, || self.find()).await
        };
        let shown = put.await.map_err(|error| satellite.fault(doing, &error))?;
        Ok(self.model.read_from(shown, &self.place))
    }

    /// Stops the log; it is no error if there is none, or no bucket.
    pub(super) async fn delete(&self) -> Result<(), Diagnostics> {
        let delete = async {
            removed(self.oss().delete_bucket_logging(self.model.name()).await)?;
            self.satellite().gone(|| self.find()).await
        };
        delete.await.map_err(|error| self.satellite().fault("delete", &error))
    }
}
