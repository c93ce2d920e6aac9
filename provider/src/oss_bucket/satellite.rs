//! What the resources beside a bucket share. Lifecycle, policy, access logging and retention belong to a bucket and have
//! one document each, which is sent, waited for, removed and looked up for a plan in the same way.

use std::time::Duration;

use alibaba::Error;
use alibaba::oss::Oss;
use plugin::{Attr, Cx, Diagnostics};
use reconciler::failure::Doing;
use reconciler::{Failure, Object, Problem};

use super::{SETTLING, bucket_fault};
use crate::config::Cloud;
use crate::patience::{patiently, settled};
use crate::place::{PLANNING, Place, Placed, enter};

/// How long a bucket that was just made may be missing from some front ends.
const APPEARING: Duration = Duration::from_secs(20);

/// A document that belongs to a bucket.
pub(crate) struct Satellite<'c> {
    pub(crate) cx: &'c Cx<Cloud>,
    pub(crate) place: &'c Place,
    pub(crate) bucket: &'c str,
    /// How messages name it, such as `lifecycle of bucket "audit"`.
    pub(crate) label: String,
}

impl Satellite<'_> {
    /// The error of an operation such as `create`.
    pub(crate) fn fault(&self, doing: &str, error: &Error) -> Diagnostics {
        bucket_fault(&format!("{doing} {}", self.label), self.bucket, self.place, error)
    }

    /// Sends it. A front end may not know a new bucket yet; a bucket that is not there at all is an error at once.
    pub(crate) async fn send<F, Fut>(&self, call: F) -> Result<(), Error>
    where
        F: Fn() -> Fut,
        Fut: Future<Output = Result<(), Error>>,
    {
        let oss = self.place.client.oss(&self.place.region);
        let sent = match call().await {
            Err(error) if is_no_bucket(&error) => oss.get_bucket_info(self.bucket).await.map(|_| false)?,
            other => other.map(|()| true)?,
        };
        if sent { Ok(()) } else { patiently(self.cx, APPEARING, is_no_bucket, call).await }
    }

    /// What the service shows once it is as `done` wants it; after a while, what it shows then.
    pub(crate) async fn shown<T, F, Fut>(&self, done: impl Fn(&T) -> bool, look: F) -> Result<T, Error>
    where
        F: FnMut() -> Fut,
        Fut: Future<Output = Result<Option<T>, Error>>,
    {
        settled(self.cx, &format!("{} to be shown", self.label), SETTLING, done, look).await
    }

    /// Waits until the service shows nothing any more.
    pub(crate) async fn gone<T, F, Fut>(&self, mut look: F) -> Result<(), Error>
    where
        F: FnMut() -> Fut,
        Fut: Future<Output = Result<Option<T>, Error>>,
    {
        let what = format!("{} to be gone", self.label);
        let mut gone = || {
            let looked = look();
            async move { Ok(looked.await?.is_none().then_some(())) }
        };
        settled(self.cx, &what, SETTLING, |()| true, &mut gone).await
    }
}

fn is_no_bucket(error: &Error) -> bool {
    error.is_code("NoSuchBucket")
}

/// What a read of a document gives, where no bucket is no document.
pub(crate) fn found<T>(read: Result<Option<T>, Error>) -> Result<Option<T>, Error> {
    match read {
        Err(error) if is_no_bucket(&error) => Ok(None),
        other => other,
    }
}

/// What a removal gives, where no bucket is as good as removed.
pub(crate) fn removed(delete: Result<(), Error>) -> Result<(), Error> {
    found(delete.map(Some)).map(drop)
}

/// A call that failed for something in a bucket, with the region that the bucket is in where the service tells it.
pub(crate) fn explain(
    object: &impl Object,
    bucket: &str,
    doing: Doing,
    problem: &Problem,
) -> Option<Diagnostics> {
    match &problem.failure {
        Failure::Call(error) => {
            Some(bucket_fault(&format!("{doing} {}", object.label()), bucket, object.scope(), error))
        }
        _ => None,
    }
}

/// Learns about a bucket for a plan, as far as that can be done in a few seconds: a courtesy, which fails no plan.
pub(crate) async fn learn<M, T, F, Fut>(cx: &Cx<Cloud>, model: &M, bucket: &Attr<String>, ask: F) -> Option<T>
where
    M: Placed,
    F: FnOnce(Oss, String) -> Fut,
    Fut: Future<Output = Result<T, Error>>,
{
    let bucket = bucket.get()?.clone();
    let asked = async {
        let place = enter(cx, model).await.ok()?;
        ask(place.client.oss(&place.region), bucket).await.ok()
    };
    tokio::time::timeout(PLANNING, asked).await.ok().flatten()
}
