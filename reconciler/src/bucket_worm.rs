//! The retention policy (WORM) of a bucket: begun, locked, extended.
//!
//! In progress it can only be taken back; locked it can only be extended. It lapses after 24 hours in progress, so each step
//! looks at what there is before it writes.

use alibaba::Error;
use alibaba::oss::BucketWorm as Described;
use alibaba::retry::Policy;

use crate::bucket_document::{in_bucket, none_without_bucket, oss};
use crate::{Deletion, Freshness, Object, Phase, Scope};

/// The state of a policy that can still be taken back.
pub const IN_PROGRESS: &str = "InProgress";

/// The state of a policy that is final.
pub const LOCKED: &str = "Locked";

/// The settings of a retention policy.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// How many days objects are kept after they were last changed.
    pub days: i64,
    /// [`IN_PROGRESS`] or [`LOCKED`].
    pub state: String,
    /// The policy as the service describes it, where it has been seen.
    pub described: Option<Described>,
}

impl From<Described> for Settings {
    fn from(worm: Described) -> Self {
        Self { days: worm.retention_period_in_days, state: worm.state.clone(), described: Some(worm) }
    }
}

impl Settings {
    fn is_locked(&self) -> bool {
        self.state == LOCKED
    }
}

/// A step from one state of a policy to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Begins the policy, in place of one that is in progress.
    Begin,
    /// Makes it final.
    Lock,
    /// Makes a final one longer.
    Extend,
}

/// The retention policy of one bucket, and what is wanted of it.
#[derive(Debug)]
pub struct BucketWorm {
    scope: Scope,
    bucket: String,
    wanted: Settings,
}

impl BucketWorm {
    /// The policy of this bucket in this scope.
    #[must_use]
    pub fn new(scope: Scope, bucket: impl Into<String>, wanted: Settings) -> Self {
        Self { scope, bucket: bucket.into(), wanted }
    }

    /// The bucket's name.
    #[must_use]
    pub fn bucket(&self) -> &str {
        &self.bucket
    }

    /// The policy just after it was begun.
    fn begun(&self) -> Settings {
        Settings { days: self.wanted.days, state: IN_PROGRESS.to_owned(), described: None }
    }

    async fn look(&self, scope: &Scope) -> Result<Option<Described>, Error> {
        none_without_bucket(oss(scope).get_bucket_worm(&self.bucket).await)
    }

    /// The policy once it is as `done` wants it; after a while, as it is then.
    async fn shown(&self, done: impl Fn(&Described) -> bool) -> Result<Described, Error> {
        let what = format!("{} to be seen", self.label());
        self.scope.client.settle(&Self::WRITTEN, &what, done, || self.look(&self.scope)).await
    }

    /// Takes back the policy that is in progress.
    async fn abort(&self) -> Result<(), Error> {
        match oss(&self.scope).abort_bucket_worm(&self.bucket).await {
            // It lapsed at this moment, or the answer to the first try was lost.
            Err(error) if error.is_not_found() => Ok(()),
            other => other,
        }
    }

    async fn initiate(&self) -> Result<(), Error> {
        let oss = oss(&self.scope);
        in_bucket(&self.scope, &self.bucket, || oss.initiate_bucket_worm(&self.bucket, self.wanted.days))
            .await
    }

    /// Begins the policy in place of `now`, unless that is the one, and gives it as it is then.
    async fn begin(&self, now: Option<Described>) -> Result<Described, Error> {
        if let Some(now) = now {
            let is_as_wanted = now.retention_period_in_days == self.wanted.days && now.state == IN_PROGRESS;
            if is_as_wanted || now.state == LOCKED {
                return Ok(now);
            }
            self.abort().await?;
            let what = format!("{} to be gone", self.label());
            let gone = || async { Ok(self.look(&self.scope).await?.is_none().then_some(())) };
            self.scope.client.wait(&Self::DELETED, &what, gone).await?;
        }
        unless_applied(self.initiate().await)?;
        self.shown(|now| now.retention_period_in_days == self.wanted.days).await
    }

    async fn lock(&self) -> Result<(), Error> {
        let now = match self.look(&self.scope).await? {
            Some(now) if now.retention_period_in_days <= self.wanted.days => now,
            // It lapsed, or somebody began one that would be locked for longer than is wanted.
            other => self.begin(other).await?,
        };
        if now.state == LOCKED {
            return Ok(());
        }
        unless_applied(oss(&self.scope).complete_bucket_worm(&self.bucket, &now.worm_id).await)
    }

    async fn extend(&self) -> Result<(), Error> {
        let now = self.shown(|now| now.state == LOCKED).await?;
        if now.retention_period_in_days >= self.wanted.days {
            return Ok(());
        }
        let (oss, days) = (oss(&self.scope), self.wanted.days);
        unless_applied(oss.extend_bucket_worm(&self.bucket, &now.worm_id, days).await)
    }
}

impl Object for BucketWorm {
    type Settings = Settings;
    type Step = Step;

    /// Each step is final or ends the protection for a moment.
    const LOOKS_BEFORE_UPDATE: bool = true;
    const NEW: Policy = Policy::WRITTEN;
    const UNANSWERED: Policy = Policy::WRITTEN;
    const DELETED: Policy = Policy::WRITTEN;

    fn label(&self) -> String {
        format!("retention policy of bucket {:?}", self.bucket)
    }

    fn scope(&self) -> &Scope {
        &self.scope
    }

    async fn describe(&self, scope: &Scope, _freshness: Freshness) -> Result<Option<Settings>, Error> {
        Ok(self.look(scope).await?.map(Settings::from))
    }

    async fn create(&self) -> Result<Settings, Error> {
        self.initiate().await?;
        Ok(self.begun())
    }

    fn open(&self, now: &Settings) -> Vec<Step> {
        let (shorter, locks) = (now.days < self.wanted.days, self.wanted.is_locked() && !now.is_locked());
        let can_stay = now.days == self.wanted.days || locks && shorter;
        let begins = !(now.is_locked() || can_stay && now.state == IN_PROGRESS);
        // What is to be longer and locked is locked first, so that there is no moment without protection.
        let extends = shorter && self.wanted.is_locked() && !begins;
        [(begins, Step::Begin), (locks, Step::Lock), (extends, Step::Extend)]
            .into_iter()
            .filter_map(|(is_open, step)| is_open.then_some(step))
            .collect()
    }

    async fn send(&self, step: Step, _now: &Settings) -> Result<(), Error> {
        match step {
            Step::Begin => {
                let now = self.look(&self.scope).await?;
                self.begin(now).await.map(drop)
            }
            Step::Lock => self.lock().await,
            Step::Extend => self.extend().await,
        }
    }

    fn reach(&self, step: Step, now: &mut Settings) {
        match step {
            Step::Begin => *now = self.begun(),
            Step::Lock => now.state = LOCKED.to_owned(),
            Step::Extend => now.days = self.wanted.days,
        }
    }

    fn passes(&self, _phase: Phase, _step: Option<Step>, _error: &Error) -> bool {
        false
    }

    /// Takes back a policy that is in progress. A locked one stays.
    async fn delete(&self) -> Result<Deletion, Error> {
        match self.look(&self.scope).await? {
            Some(now) if now.state == IN_PROGRESS => self.abort().await.map(|()| Deletion::Begun),
            _ => Ok(Deletion::Done),
        }
    }
}

/// The result of a step whose answer may be lost: what became of it is looked at afterwards.
fn unless_applied(step: Result<(), Error>) -> Result<(), Error> {
    match step {
        Err(error) if error.may_have_been_applied() && !error.is_cancelled() => Ok(()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use alibaba::credentials::{Chain, Sources};
    use alibaba::{Client, Config};

    use super::*;

    fn settings(days: i64, state: &str) -> Settings {
        Settings { days, state: state.to_owned(), described: None }
    }

    #[test]
    fn a_policy_is_taken_back_only_where_nothing_else_can_bring_it_about() {
        let open = |now: Settings, wanted: Settings| {
            let client = Client::new(Config::new(Chain::new(Sources::default()))).unwrap();
            let scope = Scope { client, account: "1".into(), region: "cn-hangzhou".into() };
            BucketWorm::new(scope, "audit", wanted).open(&now)
        };
        for (now, wanted, steps) in [
            (settings(30, IN_PROGRESS), settings(30, IN_PROGRESS), &[][..]),
            (settings(30, IN_PROGRESS), settings(30, LOCKED), &[Step::Lock]),
            (settings(30, IN_PROGRESS), settings(40, LOCKED), &[Step::Lock, Step::Extend]),
            (settings(30, IN_PROGRESS), settings(20, LOCKED), &[Step::Begin, Step::Lock]),
            (settings(30, IN_PROGRESS), settings(40, IN_PROGRESS), &[Step::Begin]),
            (settings(30, IN_PROGRESS), settings(20, IN_PROGRESS), &[Step::Begin]),
            (settings(30, LOCKED), settings(40, LOCKED), &[Step::Extend]),
            (settings(30, LOCKED), settings(30, LOCKED), &[]),
            (settings(30, "Expired"), settings(30, LOCKED), &[Step::Begin, Step::Lock]),
            // What is final stays: nothing is sent that the service would refuse.
            (settings(30, LOCKED), settings(20, LOCKED), &[]),
            (settings(30, LOCKED), settings(30, IN_PROGRESS), &[]),
        ] {
            assert_eq!(open(now.clone(), wanted.clone()), steps, "{now:?} to {wanted:?}");
        }
    }
}
