//! The calls of `alitrail_oss_bucket`: looking, making, waiting until a change shows, deleting.

use std::time::{Duration, Instant};

use alibaba::Error;
use alibaba::oss::Oss;
use plugin::{Cx, Diagnostics};

use super::fault::{bucket_fault, elsewhere, foreign, hidden};
use super::model::{BucketModel, Seen};
use super::settings::Setting;
use crate::config::Cloud;
use crate::fault::{exists, fault};
use crate::patience::make;
use crate::place::Place;

/// How long a write may take to show: the service's front ends cache settings for some seconds.
pub(crate) const SETTLING: Duration = Duration::from_secs(60);

/// How long a new bucket may be missing from some front ends.
const APPEARING: Duration = Duration::from_secs(120);

/// How long to look for a bucket whose creation was not answered.
const UNANSWERED: Duration = Duration::from_secs(5);

/// One bucket, where it is. `model` is what is wanted of it.
pub(super) struct Buckets<'c> {
    pub(super) cx: &'c Cx<Cloud>,
    pub(super) place: Place,
    pub(super) model: BucketModel,
}

impl Buckets<'_> {
    pub(super) fn oss(&self) -> Oss {
        self.place.client.oss(&self.place.region)
    }

    pub(super) fn fault(&self, doing: &str, error: &Error) -> Diagnostics {
        bucket_fault(doing, self.model.name(), &self.place, error)
    }

    /// Fails if there is a bucket of this name. Making a bucket that the caller has already is a success for the
    /// service, and overwrites its ACL: looking comes first.
    pub(super) async fn is_free(&self, doing: &str, resource: &str) -> Result<(), Diagnostics> {
        let name = self.model.name();
        match self.oss().get_bucket_info(name).await {
            Err(error) if error.is_not_found() => Ok(()),
            Ok(info) => {
                self.is_here(info.owner_id.as_deref(), info.location.as_deref())?;
                Err(exists(&self.model.label(), resource, &format!("{name}@{}", self.place.region)))
            }
            Err(error)
                if error.is_denied() && error.service_error().is_some_and(|e| e.endpoint.is_none()) =>
            {
                Err(hidden(doing, name, &error))
            }
            Err(error) => Err(self.fault(doing, &error)),
        }
    }

    /// Fails if the bucket that was found is somebody else's (whose policy lets this account look) or in another region
    /// (some endpoints answer for all).
    fn is_here(&self, owner: Option<&str>, location: Option<&str>) -> Result<(), Diagnostics> {
        let name = self.model.name();
        if let Some(owner) = owner.filter(|owner| *owner != self.place.account) {
            return Err(foreign(name, owner, &self.place).into());
        }
        match location.map(|location| location.strip_prefix("oss-").unwrap_or(location)) {
            Some(region) if region != self.place.region => Err(elsewhere(name, region, &self.place).into()),
            _ => Ok(()),
        }
    }

    /// Makes the bucket; gives it as it is then. Unless the redundancy type is given, several zones are tried first.
    pub(super) async fn make(&self) -> Result<BucketModel, Error> {
        let made = match self.model.redundancy_type.as_str() {
            Some(stated) => self.put(stated).await.map(|()| stated.to_owned()),
            None => match self.put("ZRS").await {
                Err(error) if is_not_offered(&error) => self.put("LRS").await.map(|()| "LRS".to_owned()),
                other => other.map(|()| "ZRS".to_owned()),
            },
        };
        made.map(|redundancy| self.model.just_made(&redundancy, &self.place))
    }

    /// Nobody had a bucket of this name a moment ago, so if the answer is lost and there is one of this account now, it
    /// is this one.
    async fn put(&self, redundancy: &str) -> Result<(), Error> {
        let (oss, settings) = (self.oss(), self.model.new_bucket(redundancy));
        let find = |place: Place| async move {
            match place.client.oss(&place.region).get_bucket_info(self.model.name()).await {
                Err(error) if error.is_not_found() => Ok(false),
                other => Ok(other?.owner_id.as_ref().is_none_or(|owner| *owner == place.account)),
            }
        };
        make(self.cx, &self.place, UNANSWERED, || oss.put_bucket(&settings), find).await
    }

    /// The bucket, if it is there: one call that tells most, and one each for what it leaves out.
    pub(super) async fn read(&self, doing: &str) -> Result<Option<BucketModel>, Diagnostics> {
        match self.look().await {
            Ok(None) => Ok(None),
            Ok(Some(seen)) => {
                self.is_here(seen.info.owner_id.as_deref(), seen.info.location.as_deref())?;
                Ok(Some(self.model.read_from(seen, &self.place)))
            }
            Err(error) => Err(self.fault(doing, &error)),
        }
    }

    async fn look(&self) -> Result<Option<Seen>, Error> {
        let (oss, name) = (self.oss(), self.model.name());
        let (info, tags, https) = tokio::join!(
            oss.get_bucket_info(name),
            oss.get_bucket_tags(name),
            oss.get_bucket_https_config(name),
        );
        match info {
            Err(error) if error.is_not_found() => Ok(None),
            info => Ok(Some(Seen { info: info?.as_ref().clone(), tags: tags?, https: https? })),
        }
    }

    /// The bucket once it shows all that was written to it; after a while, as it shows then.
    pub(super) async fn settled(&self, doing: &str) -> Result<BucketModel, Diagnostics> {
        let end = self.cx.deadline().min(Instant::now() + SETTLING);
        let mut pause = Duration::from_millis(200);
        loop {
            let late = Instant::now() + pause >= end;
            match self.look().await {
                Ok(Some(seen)) => {
                    self.is_here(seen.info.owner_id.as_deref(), seen.info.location.as_deref())?;
                    let now = self.model.read_from(seen, &self.place);
                    let missing = Setting::open(&now, &self.model);
                    if late || missing.is_empty() {
                        return Ok(now);
                    }
                    tracing::debug!(bucket = self.model.name(), ?missing, "not to be seen yet");
                }
                // Not every front end knows a new bucket at once.
                Ok(None) if !late => {}
                Err(error) if !late && error.is_not_found() => {}
                Ok(None) => {
                    let what = format!("{} to be seen", self.model.label());
                    return Err(fault(doing, &Error::WaitTimeout { what, waited: SETTLING }));
                }
                Err(error) => return Err(self.fault(doing, &error)),
            }
            self.rest(&mut pause).await.map_err(|error| fault(doing, &error))?;
        }
    }

    /// Makes a call again while its refusal is one that passes: right after the bucket was made, or after public access
    /// was unblocked.
    pub(super) async fn patiently<F, Fut>(&self, passes: fn(&Error) -> bool, mut call: F) -> Result<(), Error>
    where
        F: FnMut() -> Fut,
        Fut: Future<Output = Result<(), Error>>,
    {
        let end = self.cx.deadline().min(Instant::now() + APPEARING);
        let mut pause = Duration::from_millis(200);
        loop {
            match call().await {
                Err(error) if passes(&error) && Instant::now() + pause < end => self.rest(&mut pause).await?,
                other => return other,
            }
        }
    }

    pub(super) async fn rest(&self, pause: &mut Duration) -> Result<(), Error> {
        tokio::select! {
            () = self.cx.cancel().cancelled() => {
                return Err(Error::WaitCancelled { what: self.model.label() });
            }
            () = tokio::time::sleep(*pause) => {}
        }
        *pause = (*pause * 2).min(Duration::from_secs(5));
        Ok(())
    }

    /// Deletes the bucket, with everything in it if that is wanted; it is no error if it is gone already.
    pub(super) async fn delete(&self) -> Result<(), Error> {
        let (oss, name) = (self.oss(), self.model.name());
        let forced = BucketModel::is_set(&self.model.force_destroy);
        let mut pause = Duration::from_millis(200);
        loop {
            if forced && !self.empty().await? {
                return Ok(());
            }
            match oss.delete_bucket(name).await {
                Ok(()) => break,
                Err(error) if error.is_not_found() => return Ok(()),
                // Something was written meanwhile, such as by a trail that still delivers.
                Err(error)
                    if forced
                        && error.is_code("BucketNotEmpty")
                        && Instant::now() + pause < self.cx.deadline() =>
                {
                    self.rest(&mut pause).await?;
                }
                Err(error) => return Err(error),
            }
        }
        let what = format!("{} to be gone", self.model.label());
        let gone = || async {
            match oss.get_bucket_info(name).await {
                Err(error) if error.is_not_found() => Ok(Some(())),
                other => other.map(|_| None),
            }
        };
        self.place.client.wait(&alibaba::retry::Policy::NEW_OBJECT, &what, gone).await
    }
}

/// Whether a refusal may mean that the region or the class has no zone-redundant storage: which code says so is not
/// published. Any other wrong setting is refused again, and then reported.
fn is_not_offered(error: &Error) -> bool {
    error.service_error().is_some_and(|error| matches!(error.status, 400 | 501))
}
