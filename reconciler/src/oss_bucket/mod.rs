//! A bucket of Object Storage Service: private, closed to the world and encrypted from its first second where that is wanted.
//!
//! What the service takes along with the creation goes there, everything else straight after it, without a look in between.

mod empty;
mod redundancy;
mod settings;

use alibaba::Error;
use alibaba::oss::{BucketInfo, NewBucket, Oss};
use alibaba::retry::Policy;

use crate::{Deletion, Failure, Freshness, Object, Phase, Schedule, Scope};
pub use settings::{Seen, Setting, Settings};

/// One bucket, and what is wanted of it.
#[derive(Debug)]
pub struct Bucket {
    scope: Scope,
    name: String,
    wanted: Settings,
    empties: bool,
}

impl Bucket {
    /// The bucket of this name in this scope. `empties` says that a deletion deletes everything in it first.
    #[must_use]
    pub fn new(scope: Scope, name: impl Into<String>, wanted: Settings, empties: bool) -> Self {
        Self { scope, name: name.into(), wanted, empties }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether a deletion deletes everything in it first.
    #[must_use]
    pub fn empties(&self) -> bool {
        self.empties
    }

    fn oss(&self) -> Oss {
        self.scope.client.oss(&self.scope.region)
    }

    /// Creates it. The ACL is private at first: a public one is refused until the block that new buckets are born with is
    /// lifted.
    async fn put(&self, redundancy: &str) -> Result<(), Error> {
        let wanted = &self.wanted;
        let bucket = NewBucket {
            bucket: self.name.clone(),
            storage_class: wanted.storage_class.clone(),
            redundancy_type: Some(redundancy.to_owned()),
            acl: Some("private".to_owned()),
            resource_group_id: wanted.resource_group_id.clone(),
            tags: wanted.tags.clone().unwrap_or_default(),
            server_side_encryption: wanted.server_side_encryption.clone(),
        };
        self.oss().put_bucket(&bucket).await
    }

    /// Refuses a bucket that is somebody else's (whose policy lets this account look) or in another region (some endpoints
    /// answer for all).
    fn is_here(&self, info: &BucketInfo) -> Result<(), Failure> {
        if let Some(owner) = info.owner_id.as_ref().filter(|owner| **owner != self.scope.account) {
            return Err(Failure::Foreign { owner: owner.clone() });
        }
        match info.location.as_deref().map(alibaba::region::of_oss_location) {
            Some(region) if region != self.scope.region => {
                Err(Failure::Elsewhere { region: region.to_owned() })
            }
            _ => Ok(()),
        }
    }
}

impl Object for Bucket {
    type Settings = Settings;
    type Step = Setting;

    const SENDS_AT_ONCE: bool = true;
    /// What a trail still delivers while the bucket is emptied makes another round.
    const DELETED: Policy = Policy::JOB;
    /// What the service took without effect is sent once more.
    const ROUNDS: usize = 2;

    fn label(&self) -> String {
        format!("bucket {:?}", self.name)
    }

    fn scope(&self) -> &Scope {
        &self.scope
    }

    /// One call that tells most, and one each for what it leaves out.
    async fn describe(&self, scope: &Scope, _freshness: Freshness) -> Result<Option<Settings>, Error> {
        let oss = scope.client.oss(&scope.region);
        let (info, tags, https) = tokio::join!(
            oss.get_bucket_info(&self.name),
            oss.get_bucket_tags(&self.name),
            oss.get_bucket_https_config(&self.name),
        );
        match info {
            Err(error) if is_unknown(&error) => Ok(None),
            info => {
                let info = info?.as_ref().clone();
                Ok(Some(Seen { info, tags: tags?, https: https?.unwrap_or_default() }.into()))
            }
        }
    }

    fn accept(&self, seen: &Settings) -> Result<(), Failure> {
        seen.described.as_ref().map_or(Ok(()), |info| self.is_here(info))
    }

    /// Creating a bucket that the caller has already is a success for the service, and overwrites its ACL: looking comes
    /// first.
    async fn find(&self) -> Result<Option<Settings>, Failure> {
        match self.oss().get_bucket_info(&self.name).await {
            Err(error) if is_unknown(&error) => Ok(None),
            Ok(info) => {
                self.is_here(&info)?;
                Ok(Some(Settings::default()))
            }
            // One of the same account in another region is refused with the address of that region.
            Err(error)
                if error.is_denied() && error.service_error().is_some_and(|said| said.endpoint.is_none()) =>
            {
                Err(Failure::Hidden(error))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Unless the redundancy type is given, several zones are tried first.
    async fn create(&self) -> Result<Settings, Error> {
        let redundancy = match &self.wanted.redundancy_type {
            Some(stated) => self.put(stated).await.map(|()| stated.as_str())?,
            None => match self.put("ZRS").await {
                Err(error) if is_not_offered(&error) => self.put("LRS").await.map(|()| "LRS")?,
                other => other.map(|()| "ZRS")?,
            },
        };
        Ok(self.wanted.as_created(redundancy))
    }

    /// Nobody had a bucket of this name a moment ago: one of this account is this one. Only the look that a creation goes by
    /// counts, so that nothing else that may not be seen yet hides it.
    async fn find_unanswered(&self, scope: &Scope) -> Result<Option<Settings>, Error> {
        match scope.client.oss(&scope.region).get_bucket_info(&self.name).await {
            Err(error) if is_unknown(&error) => Ok(None),
            info => {
                let info = info?;
                let redundancy = info.redundancy_type.as_deref().unwrap_or("LRS");
                Ok(self.is_here(&info).is_ok().then(|| self.wanted.as_created(redundancy)))
            }
        }
    }

    /// Names are shared by all customers: what there is now belongs to somebody else.
    fn refused(&self, error: Error) -> Failure {
        error.into()
    }

    fn open(&self, now: &Settings) -> Vec<Setting> {
        Setting::open(now, &self.wanted)
    }

    fn schedule(&self, open: Vec<Setting>) -> Schedule<Setting> {
        settings::schedule(open, self.wanted.is_public())
    }

    async fn send(&self, setting: Setting, now: &Settings) -> Result<(), Error> {
        setting.send(self, now).await
    }

    fn reach(&self, setting: Setting, now: &mut Settings) {
        setting.reach(now, &self.wanted);
    }

    fn setting(setting: Setting) -> Option<&'static str> {
        Some(setting.name())
    }

    fn passes(&self, phase: Phase, setting: Option<Setting>, error: &Error) -> bool {
        // A bucket that is being changed exists: a front end that does not know it yet will. After a deletion it is gone.
        is_unknown(error)
            || phase == Phase::Delete && self.empties && error.is_code("BucketNotEmpty")
            || setting.is_some_and(|setting| setting.waits_for(error))
    }

    async fn remains(&self) -> Result<bool, Error> {
        match self.oss().get_bucket_info(&self.name).await {
            Err(error) if is_unknown(&error) => Ok(false),
            other => other.map(|_| true),
        }
    }

    async fn delete(&self) -> Result<Deletion, Error> {
        if self.empties && !self.empty().await? {
            return Ok(Deletion::Done);
        }
        match self.oss().delete_bucket(&self.name).await {
            Err(error) if is_unknown(&error) => Ok(Deletion::Done),
            other => other.map(|()| Deletion::Begun),
        }
    }
}

fn is_unknown(error: &Error) -> bool {
    error.is_code("NoSuchBucket")
}

/// Whether a refusal may mean that the region or the class has no zone-redundant storage: which code says so is not
/// published. Any other wrong setting is refused again, and then reported.
fn is_not_offered(error: &Error) -> bool {
    error.service_error().is_some_and(|error| matches!(error.status, 400 | 501))
}
