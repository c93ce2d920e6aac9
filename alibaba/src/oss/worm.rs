//! The retention policy (WORM) of a bucket: in progress for 24 hours, then locked for good or lapsed.

use http::Method;

use super::call::{Call, Oss};
use crate::error::Error;
use crate::xml::{Element, XmlError};

/// A retention policy.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BucketWorm {
    /// Its id.
    pub worm_id: String,
    /// `InProgress` or `Locked`.
    pub state: String,
    /// How many days objects are kept after they were last changed.
    pub retention_period_in_days: i64,
    /// When it was begun.
    pub creation_date: Option<String>,
}

impl BucketWorm {
    pub(super) fn read(root: &Element) -> Result<Self, XmlError> {
        let days = root.number("RetentionPeriodInDays")?;
        Ok(Self {
            worm_id: root.required("WormId")?,
            state: root.required("State")?,
            retention_period_in_days: days
                .ok_or_else(|| XmlError::of("RetentionPeriodInDays", "is missing"))?,
            creation_date: root.text("CreationDate"),
        })
    }
}

fn days(root: &str, days: i64) -> Element {
    Element::new(root).leaf("RetentionPeriodInDays", days)
}

impl Oss {
    /// The retention policy, if there is one; one that lapsed is none.
    pub async fn get_bucket_worm(&self, bucket: &str) -> Result<Option<BucketWorm>, Error> {
        let call = Call::get("GetBucketWorm", bucket).query("worm", "");
        self.read_if_set(call, "NoSuchWORMConfiguration", "WormConfiguration", BucketWorm::read).await
    }

    /// Begins a retention policy, which protects objects at once and lapses after 24 hours unless it is completed.
    /// Its id is read afterwards.
    pub async fn initiate_bucket_worm(&self, bucket: &str, retention: i64) -> Result<(), Error> {
        let call = Call::new("InitiateBucketWorm", Method::POST, Some(bucket))
            .once()
            .query("worm", "")
            .body(days("InitiateWormConfiguration", retention));
        self.write(call).await.map(drop)
    }

    /// Takes back a retention policy that is in progress.
    pub async fn abort_bucket_worm(&self, bucket: &str) -> Result<(), Error> {
        self.write(Call::delete("AbortBucketWorm", bucket).query("worm", "")).await.map(drop)
    }

    /// Locks the retention policy, for good.
    pub async fn complete_bucket_worm(&self, bucket: &str, worm_id: &str) -> Result<(), Error> {
        let call = Call::new("CompleteBucketWorm", Method::POST, Some(bucket)).once();
        self.write(call.query("wormId", worm_id)).await.map(drop)
    }

    /// Lengthens the retention of a locked policy.
    pub async fn extend_bucket_worm(&self, bucket: &str, worm_id: &str, retention: i64) -> Result<(), Error> {
        let call = Call::new("ExtendBucketWorm", Method::POST, Some(bucket))
            .once()
            .query("wormId", worm_id)
            .query("wormExtend", "")
            .body(days("ExtendWormConfiguration", retention));
        self.write(call).await.map(drop)
    }
}
