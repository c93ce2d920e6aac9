//! The calls of `alitrail_oss_bucket_lifecycle`.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use alibaba::Error;
use alibaba::oss::{LifecycleRule, Oss};
use plugin::{Attr, Cx, Diagnostics};

use super::model::{LifecycleModel, RuleModel, is_true};
use super::wire::{from_wire, to_wire};
use crate::config::Cloud;
use crate::oss_bucket::{SETTLING, bucket_fault};
use crate::place::Place;

/// How long a bucket that was just made may be missing from some front ends.
const APPEARING: Duration = Duration::from_secs(20);

/// The rules of one bucket, where it is. `model` is what is wanted.
pub(super) struct Lifecycles<'c> {
    pub(super) cx: &'c Cx<Cloud>,
    pub(super) place: Place,
    pub(super) model: LifecycleModel,
}

impl Lifecycles<'_> {
    fn oss(&self) -> Oss {
        self.place.client.oss(&self.place.region)
    }

    pub(super) fn fault(&self, doing: &str, error: &Error) -> Diagnostics {
        let mut diagnostics = bucket_fault(doing, self.model.name(), &self.place, error);
        if error.is_code("MalformedXML") && self.uses_access_time() {
            for diagnostic in &mut diagnostics.0 {
                diagnostic.detail.push_str(
                    "\nRules by access time need access_monitor = \"Enabled\" on the bucket: set that first.",
                );
            }
        }
        diagnostics
    }

    fn uses_access_time(&self) -> bool {
        let rules = self.model.rules.get().into_iter().flat_map(BTreeMap::values);
        rules.into_iter().any(|rule| {
            let moves = rule.transitions.get().into_iter().flat_map(BTreeMap::values);
            let old_moves = rule.noncurrent_version_transitions.get().into_iter().flat_map(BTreeMap::values);
            moves.map(|action| &action.is_access_time).any(is_true)
                || old_moves.map(|action| &action.is_access_time).any(is_true)
        })
    }

    /// The rules that the bucket has; `None` without a rule or a bucket.
    pub(super) async fn find(&self) -> Result<Option<BTreeMap<String, RuleModel>>, Error> {
        match self.oss().get_bucket_lifecycle(self.model.name()).await {
            Err(error) if error.is_code("NoSuchBucket") => Ok(None),
            rules => Ok(Some(from_wire(rules?)).filter(|rules| !rules.is_empty())),
        }
    }

    /// The model with these rules.
    pub(super) fn with(&self, rules: BTreeMap<String, RuleModel>) -> LifecycleModel {
        LifecycleModel { rules: Attr::Known(rules), ..self.model.clone() }.at(&self.place)
    }

    fn wanted(&self) -> Vec<LifecycleRule> {
        self.model.rules.get().map(to_wire).unwrap_or_default()
    }

    /// Replaces all rules and waits until the service shows the new ones; after a while, those that it shows.
    pub(super) async fn put(&self) -> Result<LifecycleModel, Error> {
        let (oss, name, wanted) = (self.oss(), self.model.name(), self.wanted());
        let sent = || async {
            match oss.put_bucket_lifecycle(name, &wanted, self.model.allows_overlap()).await {
                Err(error) if error.is_code("NoSuchBucket") => {
                    // A front end may not know a new bucket yet.
                    oss.get_bucket_info(name).await.map(|_| None)
                }
                other => other.map(Some),
            }
        };
        self.place.client.wait(&format!("{} to be accepted", self.model.label()), APPEARING, sent).await?;
        self.cx.keep(&self.model.clone().at(&self.place));
        let seen = Mutex::new(None);
        let shown = || async {
            let now = self.find().await?;
            let same = now.as_ref().is_some_and(|rules| to_wire(rules) == wanted);
            if let Ok(mut seen) = seen.lock() {
                seen.clone_from(&now);
            }
            Ok(now.filter(|_| same))
        };
        let what = format!("{} to be shown", self.model.label());
        match self.place.client.wait(&what, SETTLING, shown).await {
            Ok(rules) => Ok(self.with(rules)),
            Err(error @ Error::WaitTimeout { .. }) => {
                let seen = seen.into_inner().unwrap_or_default();
                seen.map(|rules| self.with(rules)).ok_or(error)
            }
            Err(error) => Err(error),
        }
    }

    /// Removes all rules; it is no error if there are none, or no bucket.
    pub(super) async fn delete(&self) -> Result<(), Error> {
        match self.oss().delete_bucket_lifecycle(self.model.name()).await {
            Err(error) if error.is_code("NoSuchBucket") => return Ok(()),
            other => other?,
        }
        let gone = || async { Ok(self.find().await?.is_none().then_some(())) };
        self.place.client.wait(&format!("{} to be gone", self.model.label()), SETTLING, gone).await
    }
}
