//! The calls of `alitrail_oss_bucket_lifecycle`.

use std::collections::BTreeMap;

use alibaba::Error;
use alibaba::oss::{LifecycleRule, Oss};
use plugin::{Attr, Cx, Diagnostics};

use super::model::{LifecycleModel, RuleModel, is_true};
use super::wire::{from_wire, to_wire};
use crate::config::Cloud;
use crate::oss_bucket::satellite::{Satellite, found, removed};
use crate::place::Place;

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

    fn satellite(&self) -> Satellite<'_> {
        let label = self.model.label();
        Satellite { cx: self.cx, place: &self.place, bucket: self.model.name(), label }
    }

    pub(super) fn fault(&self, doing: &str, error: &Error) -> Diagnostics {
        let mut diagnostics = self.satellite().fault(doing, error);
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
        let rules = found(self.oss().get_bucket_lifecycle(self.model.name()).await.map(Some))?;
        Ok(rules.map(from_wire).filter(|rules| !rules.is_empty()))
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
        let satellite = self.satellite();
        satellite.send(|| oss.put_bucket_lifecycle(name, &wanted, self.model.allows_overlap())).await?;
        self.cx.keep(&self.model.clone().at(&self.place));
        let rules = satellite.shown(|rules| to_wire(rules) == wanted, || self.find()).await?;
        Ok(self.with(rules))
    }

    /// Removes all rules; it is no error if there are none, or no bucket.
    pub(super) async fn delete(&self) -> Result<(), Error> {
        removed(self.oss().delete_bucket_lifecycle(self.model.name()).await)?;
        self.satellite().gone(|| self.find()).await
    }
}
