//! Which buckets have their lifecycle rules looked after by a resource of the configuration, as far as one run of
//! Terraform has shown.
//!
//! A resource cannot see the configuration of another one. What a provider process can see is which resources it was asked
//! to refresh and plan since it was configured. A bucket is entered by its `alitrail_oss_bucket_lifecycle`, whose refresh
//! and plan show every rule that somebody adds, and by an `alitrail_oss_bucket` with `minimum_retention_days`, which warns
//! of rules itself. Resources of another provider block are in another process and stay unseen.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use plugin::Attr;
use tokio::sync::watch;

/// The buckets. Lives as long as the provider's configuration, so that each run of Terraform begins with none.
#[derive(Debug, Clone)]
pub struct RetentionRegistry(Arc<watch::Sender<BTreeSet<String>>>);

impl Default for RetentionRegistry {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(BTreeSet::new())))
    }
}

impl RetentionRegistry {
    /// Enters a bucket, if its name is known.
    pub(crate) fn resolve(&self, bucket: &Attr<String>) {
        if let Some(bucket) = bucket.get() {
            self.0.send_modify(|buckets| {
                buckets.insert(bucket.clone());
            });
        }
    }

    /// Whether a bucket is entered, or will be within this time: Terraform asks for resources that do not depend on each
    /// other in any order.
    pub(crate) async fn has(&self, bucket: &str, at_most: Duration) -> bool {
        let mut buckets = self.0.subscribe();
        let entered = buckets.wait_for(|buckets| buckets.contains(bucket));
        tokio::time::timeout(at_most, entered).await.is_ok_and(|entered| entered.is_ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_bucket_may_be_entered_before_and_while_it_is_asked_for() {
        let registry = RetentionRegistry::default();
        registry.resolve(&"early".into());
        registry.resolve(&Attr::UNKNOWN);
        assert!(registry.has("early", Duration::ZERO).await);
        assert!(!registry.has("never", Duration::from_millis(20)).await);
        let other = registry.clone();
        let minute = Duration::from_secs(60);
        let (late, ()) = tokio::join!(registry.has("late", minute), async {
            tokio::task::yield_now().await;
            other.resolve(&"late".into());
        });
        assert!(late);
    }
}
