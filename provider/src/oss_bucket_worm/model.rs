//! The attributes of `alitrail_oss_bucket_worm`: a bucket, how long its objects are kept, and whether that is final.

use alibaba::oss::BucketWorm;
use plugin::{Attr, Model};
use reconciler::bucket_worm::{LOCKED, Settings};

use super::check::retention;
use crate::check;
use crate::scope::Regional;

/// Attributes of `alitrail_oss_bucket_worm`.
#[derive(Debug, Clone, Default, PartialEq, Model)]
#[model(remote = "oss/buckets/{bucket}")]
pub struct WormModel {
    /// Bucket whose objects are kept.
    #[attr(required, replace, identity, check = check::bucket_name)]
    pub bucket: Attr<String>,
    /// `id`, `region` and `account_id`.
    #[attr(flatten, volatile(id), describe(id = "Bucket and id of the policy, separated by a colon."))]
    pub scope: Regional,
    /// How many days an object cannot be overwritten or deleted after it was last changed: 1 to 25550 (70 years). Once
    /// locked it can only be extended. While in progress a change begins the policy, and its 24 hours, anew.
    #[attr(required, check = retention, samples(30, 20), remote = "/Worm/RetentionPeriodInDays")]
    pub retention_period_in_days: Attr<i64>,
    /// `InProgress` protects objects at once, can be taken back, and lapses 24 hours after it began, when nothing is
    /// protected any more. `Locked` is for good: nobody can shorten or remove the policy, neither its owner nor the
    /// vendor, and the bucket cannot be deleted before the last object has expired.
    #[attr(
        required,
        one_of("InProgress", "Locked"),
        samples("Locked", "InProgress"),
        remote = "/Worm/State"
    )]
    pub status: Attr<String>,
    /// Consent to what cannot be undone: the name of the bucket, needed with `status = "Locked"`.
    #[attr(optional, state_only)]
    pub lock_consent: Attr<String>,
    /// Id of the policy.
    #[attr(computed, volatile)]
    pub worm_id: Attr<String>,
    /// When the policy began.
    #[attr(computed, volatile)]
    pub create_time: Attr<String>,
}

impl WormModel {
    /// How messages name the policy.
    pub(super) fn label(&self) -> String {
        format!("retention policy of bucket {:?}", self.name())
    }

    pub(super) fn name(&self) -> &str {
        self.bucket.as_str().unwrap_or_default()
    }

    pub(super) fn is_locked(&self) -> bool {
        self.status.as_str() == Some(LOCKED)
    }

    pub(super) fn days(&self) -> i64 {
        self.retention_period_in_days.get().copied().unwrap_or_default()
    }

    /// The settings that the model says.
    pub(super) fn settings(&self) -> Settings {
        let (days, state) = (self.days(), self.status.get().cloned().unwrap_or_default());
        let described = self.worm_id.get().map(|id| BucketWorm {
            worm_id: id.clone(),
            state: state.clone(),
            retention_period_in_days: days,
            creation_date: self.create_time.get().cloned(),
        });
        Settings { days, state, described }
    }

    /// The model of a policy as it is seen.
    pub(super) fn read_from(&self, seen: &Settings) -> Self {
        let mut model = Self {
            status: seen.state.clone().into(),
            retention_period_in_days: seen.days.into(),
            ..self.clone()
        };
        if let Some(worm) = &seen.described {
            model.scope.global.id = format!("{}:{}", self.name(), worm.worm_id).into();
            model.worm_id = worm.worm_id.clone().into();
            model.create_time = worm.creation_date.clone().into();
        }
        model
    }
}
