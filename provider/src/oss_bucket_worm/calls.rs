//! The calls of `alitrail_oss_bucket_worm`: the steps from one state of a policy to another.

use alibaba::Error;
use alibaba::oss::{BucketWorm, Oss};
use plugin::{Cx, Diagnostics};

use super::model::{IN_PROGRESS, LOCKED, WormModel};
use crate::config::Cloud;
use crate::fault::exists;
use crate::oss_bucket::satellite::{Satellite, found, removed};
use crate::place::{Place, enter};

/// The retention policy of one bucket, where it is. `model` is what is wanted.
pub(super) struct Worms<'c> {
    cx: &'c Cx<Cloud>,
    place: Place,
    pub(super) model: WormModel,
}

impl<'c> Worms<'c> {
    pub(super) async fn enter(cx: &'c Cx<Cloud>, model: WormModel) -> Result<Self, Diagnostics> {
        Ok(Self { cx, place: enter(cx, &model).await?, model })
    }

    fn oss(&self) -> Oss {
        self.place.client.oss(&self.place.region)
    }

    fn satellite(&self) -> Satellite<'_> {
        let label = self.model.label();
        Satellite { cx: self.cx, place: &self.place, bucket: self.model.name(), label }
    }

    async fn find(&self) -> Result<Option<BucketWorm>, Error> {
        found(self.oss().get_bucket_worm(self.model.name()).await)
    }

    /// The policy, if there is one; one that lapsed is none.
    pub(super) async fn read(&self) -> Result<Option<WormModel>, Diagnostics> {
        let worm = self.find().await.map_err(|error| self.satellite().fault("read", &error))?;
        Ok(worm.map(|worm| self.model.read_from(worm, &self.place)))
    }

    /// Begins the policy where there is none, and locks it if that is wanted.
    pub(super) async fn create(&self, resource: &str) -> Result<WormModel, Diagnostics> {
        let fault = |error: Error| self.satellite().fault("create", &error);
        if self.find().await.map_err(fault)?.is_some() {
            let id = format!("{}@{}", self.model.name(), self.place.region);
            return Err(exists(&self.model.label(), resource, &id));
        }
        let begun = self.begin().await.map_err(fault)?;
        self.lock(begun).await.map_err(fault)
    }

    /// Brings the policy from where it is to what is wanted.
    pub(super) async fn update(&self) -> Result<WormModel, Diagnostics> {
        self.bring().await.map_err(|error| self.satellite().fault("update", &error))
    }

    async fn bring(&self) -> Result<WormModel, Error> {
        let (oss, name) = (self.oss(), self.model.name());
        let now = match self.find().await? {
            Some(now) if now.state == LOCKED => now,
            // In progress nothing but the end can change: what is to be longer is locked first, so that there is no
            // moment without protection, and anything else begins anew.
            Some(now) if now.retention_period_in_days == self.model.days() => now,
            Some(now) if self.model.is_locked() && now.retention_period_in_days < self.model.days() => now,
            Some(_) => {
                removed(oss.abort_bucket_worm(name).await)?;
                self.satellite().gone(|| self.find()).await?;
                self.begin().await?
            }
            None => self.begin().await?,
        };
        let id = now.worm_id.clone();
        let reached = self.lock(now).await?;
        if reached.is_locked() && reached.days() < self.model.days() {
            once(oss.extend_bucket_worm(name, &id, self.model.days()).await)?;
            return self.shown(LOCKED).await;
        }
        Ok(reached)
    }

    /// Begins the policy. There was none a moment ago, so what there is after a lost answer is this one.
    async fn begin(&self) -> Result<BucketWorm, Error> {
        let (oss, name, days) = (self.oss(), self.model.name(), self.model.days());
        self.satellite().send(async || once(oss.initiate_bucket_worm(name, days).await)).await?;
        let begun = |now: &BucketWorm| now.retention_period_in_days == days;
        let begun = self.satellite().shown(begun, || self.find()).await?;
        self.cx.keep(&self.model.read_from(begun.clone(), &self.place));
        Ok(begun)
    }

    /// Locks the policy if that is wanted and it is not locked yet.
    async fn lock(&self, now: BucketWorm) -> Result<WormModel, Error> {
        if !self.model.is_locked() || now.state == LOCKED {
            return Ok(self.model.read_from(now, &self.place));
        }
        once(self.oss().complete_bucket_worm(self.model.name(), &now.worm_id).await)?;
        let seen = self.satellite().shown(|now: &BucketWorm| now.state == LOCKED, || self.find()).await?;
        let reached = self.model.read_from(seen, &self.place);
        self.cx.keep(&reached);
        Ok(reached)
    }

    async fn shown(&self, state: &str) -> Result<WormModel, Error> {
        let days = self.model.days();
        let done = |now: &BucketWorm| now.state == state && now.retention_period_in_days == days;
        let seen = self.satellite().shown(done, || self.find()).await?;
        Ok(self.model.read_from(seen, &self.place))
    }

    /// Takes back a policy that is in progress. A locked one stays, and is forgotten.
    pub(super) async fn delete(&self) -> Result<(), Diagnostics> {
        let delete = async {
            match self.find().await? {
                Some(now) if now.state == IN_PROGRESS => {}
                _ => return Ok(()),
            }
            match removed(self.oss().abort_bucket_worm(self.model.name()).await) {
                // It lapsed at this moment, or the answer to the first try was lost.
                Err(error) if error.is_code("NoSuchWORMConfiguration") => return Ok(()),
                other => other?,
            }
            self.satellite().gone(|| self.find()).await
        };
        delete.await.map_err(|error: Error| self.satellite().fault("delete", &error))
    }
}

/// A step whose answer may be lost: what became of it is looked at afterwards.
fn once(step: Result<(), Error>) -> Result<(), Error> {
    match step {
        Err(error) if error.may_have_been_applied() && !error.is_cancelled() => Ok(()),
        other => other,
    }
}
