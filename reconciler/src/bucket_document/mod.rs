//! What belongs to a bucket and is one document: access log, policy, lifecycle rules, who pays for requests. A document is sent
//! as a whole, which replaces what was there, and shows a while later. Removing it leaves none, or the service's default.

pub mod deletion;
pub mod exposure;
pub mod lifecycle;
mod logging;
mod payment;
pub mod policy;

use alibaba::Error;
use alibaba::oss::Oss;
use alibaba::retry::Policy;

use crate::{Deletion, Failure, Freshness, Object, Phase, Scope};
pub use payment::Payer;

/// A document that a bucket has or has not.
pub trait Document: Clone + std::fmt::Debug + Send + Sync {
    /// What messages call it, such as `policy`.
    const NAME: &'static str;

    /// The document that the bucket has; `self` is the one that is wanted.
    ///
    /// # Errors
    /// Those of the call.
    fn get(&self, oss: &Oss, bucket: &str) -> impl Future<Output = Result<Option<Self>, Error>> + Send;

    /// Gives it to the bucket, in place of what is there.
    ///
    /// # Errors
    /// Those of the call.
    fn put(&self, oss: &Oss, bucket: &str) -> impl Future<Output = Result<(), Error>> + Send;

    /// Removes what the bucket has.
    ///
    /// # Errors
    /// Those of the call.
    fn delete(oss: &Oss, bucket: &str) -> impl Future<Output = Result<(), Error>> + Send;

    /// Whether both say the same.
    fn is_as(&self, other: &Self) -> bool;

    /// Whether it is the one that a bucket has where it was never given one, or where that was removed.
    fn is_default(&self) -> bool {
        false
    }
}

/// The document of one bucket, and what is wanted of it.
#[derive(Debug)]
pub struct BucketDocument<D> {
    scope: Scope,
    bucket: String,
    wanted: D,
}

impl<D: Document> BucketDocument<D> {
    /// The document of this bucket in this scope.
    #[must_use]
    pub fn new(scope: Scope, bucket: impl Into<String>, wanted: D) -> Self {
        Self { scope, bucket: bucket.into(), wanted }
    }

    /// The bucket's name.
    #[must_use]
    pub fn bucket(&self) -> &str {
        &self.bucket
    }

    /// What is wanted.
    #[must_use]
    pub fn wanted(&self) -> &D {
        &self.wanted
    }

    async fn put(&self) -> Result<(), Error> {
        let oss = oss(&self.scope);
        in_bucket(&self.scope, &self.bucket, || self.wanted.put(&oss, &self.bucket)).await
    }
}

impl<D: Document> Object for BucketDocument<D> {
    type Settings = D;
    /// There is one: all of it.
    type Step = ();

    const NEW: Policy = Policy::WRITTEN;
    const DELETED: Policy = Policy::WRITTEN;

    fn label(&self) -> String {
        format!("{} of bucket {:?}", D::NAME, self.bucket)
    }

    fn scope(&self) -> &Scope {
        &self.scope
    }

    async fn describe(&self, scope: &Scope, _freshness: Freshness) -> Result<Option<D>, Error> {
        none_without_bucket(self.wanted.get(&oss(scope), &self.bucket).await)
    }

    /// Nothing is in the way: what is there is replaced.
    async fn find(&self) -> Result<Option<D>, Failure> {
        Ok(None)
    }

    async fn create(&self) -> Result<D, Error> {
        self.put().await.map(|()| self.wanted.clone())
    }

    fn is_created(&self, seen: &D) -> bool {
        seen.is_as(&self.wanted)
    }

    fn open(&self, now: &D) -> Vec<()> {
        if now.is_as(&self.wanted) { Vec::new() } else { vec![()] }
    }

    async fn send(&self, _step: (), _now: &D) -> Result<(), Error> {
        self.put().await
    }

    fn reach(&self, _step: (), now: &mut D) {
        now.clone_from(&self.wanted);
    }

    fn passes(&self, _phase: Phase, _step: Option<()>, _error: &Error) -> bool {
        false
    }

    async fn delete(&self) -> Result<Deletion, Error> {
        D::delete(&oss(&self.scope), &self.bucket).await.map(|()| Deletion::Begun)
    }

    async fn remains(&self) -> Result<bool, Error> {
        let seen = self.describe(&self.scope, Freshness::Now).await?;
        Ok(seen.is_some_and(|seen| !seen.is_default()))
    }
}

pub(crate) fn oss(scope: &Scope) -> Oss {
    scope.client.oss(&scope.region)
}

/// Makes a call for something in a bucket. A front end may not know a new bucket yet; a bucket that is not there at all is
/// an error at once.
pub(crate) async fn in_bucket<F, Fut>(scope: &Scope, bucket: &str, call: F) -> Result<(), Error>
where
    F: Fn() -> Fut,
    Fut: Future<Output = Result<(), Error>>,
{
    match call().await {
        Err(error) if is_no_bucket(&error) => {
            oss(scope).get_bucket_info(bucket).await?;
            scope.client.retry(&Policy::NEW_OBJECT, is_no_bucket, call).await
        }
        other => other,
    }
}

/// What a look gives, where no bucket is none of what belongs to it.
pub(crate) fn none_without_bucket<T>(looked: Result<Option<T>, Error>) -> Result<Option<T>, Error> {
    match looked {
        Err(error) if is_no_bucket(&error) => Ok(None),
        other => other,
    }
}

fn is_no_bucket(error: &Error) -> bool {
    error.is_code("NoSuchBucket")
}

#[cfg(test)]
mod tests;
