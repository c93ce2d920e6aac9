//! `alitrail_oss_bucket_lifecycle`: the rules by which a bucket's objects move to colder classes and expire.
//!
//! The service knows rules only as a set per bucket, so the resource owns the whole set: a rule that the configuration
//! does not have goes. What the service would refuse is refused in the plan, and a change that deletes anything earlier
//! than before is told.

mod check;
mod class_check;
mod destructive_changes;
mod model;
mod overlap;
mod registry;
mod retention;
mod rule_check;
mod wire;

use std::collections::BTreeMap;

use alibaba::Error;
use alibaba::oss::Oss;
use plugin::{Attr, Context, DeletionGuard, DestructiveChange, Diagnostic, Diagnostics, Path, Plan};
use reconciler::bucket_document::BucketDocument;
use reconciler::bucket_document::lifecycle::Lifecycle;
use reconciler::failure::Operation;
use reconciler::{Failure, Problem, Scope};
use time::OffsetDateTime;

use crate::config::Cloud;
use crate::oss_bucket::bucket_setting::{self, learn};
use crate::reconciled::{Reconcile, Reconciled};
pub(crate) use check::retention_days;
#[cfg(test)]
pub(crate) use destructive_changes::first_rules;
pub use model::{
    AbortModel, ExpirationModel, FilterModel, LifecycleModel, NoncurrentExpirationModel,
    NoncurrentTransitionModel, NotModel, RuleModel, TagModel, TransitionModel,
};
pub use registry::RetentionRegistry;
use retention::shortened;
pub(crate) use retention::{EarlyDeletion, concerns, early_deletions};
use wire::from_wire;

/// The resource.
pub type LifecycleResource = Reconcile<Declaration>;

/// What Terraform needs to know about it.
#[derive(Debug)]
pub struct Declaration;

impl Reconciled for Declaration {
    type Model = LifecycleModel;
    type Object = BucketDocument<Lifecycle>;
    const TYPE: &'static str = "alitrail_oss_bucket_lifecycle";
    const DESCRIPTION: &'static str = "The lifecycle rules of an OSS bucket, all of them: a rule that is not in the \
        configuration is removed. `minimum_retention_days` refuses to plan rules that would delete evidence too early, and \
        a change that deletes anything earlier than before is a warning.";

    fn validate(config: &LifecycleModel, found: &mut Diagnostics) {
        check::check(config, found);
    }

    async fn plan(context: &Context<Cloud>, plan: &mut Plan<LifecycleModel>) {
        let planned = plan.planned().clone();
        look_after(context, &planned);
        let changes = plan.prior.as_ref().is_none_or(|prior| prior.rules != planned.rules);
        let Some(rules) = planned.rules.get().filter(|_| changes && !plan.replacing) else { return };
        plan.diagnostics.extend(class_check::approvals(rules).into_iter().collect::<Vec<_>>().into());
        let ask = async |oss: Oss, bucket: String| oss.get_bucket_info(&bucket).await;
        let info = learn(context, &planned, &planned.bucket, ask).await;
        if let Some(class) = info.as_ref().and_then(|info| info.storage_class.as_deref()) {
            class_check::check(planned.name(), class, rules, &mut plan.diagnostics);
        }
        if plan.prior.is_none() && info.is_some() {
            let ask = async |oss: Oss, bucket: String| rules_of(&oss, &bucket).await;
            let existing = learn(context, &planned, &planned.bucket, ask).await;
            if existing.as_ref().is_some_and(BTreeMap::is_empty) {
                let today = OffsetDateTime::now_utc().date();
                plan.destructive_changes.extend(destructive_changes::first_rules(
                    planned.name(),
                    rules,
                    today,
                ));
            }
            let existing = existing.unwrap_or_default();
            if !existing.is_empty() {
                let earlier = shortened(&existing, rules);
                plan.destructive_changes.extend(
                    earlier
                        .iter()
                        .map(|change| destructive_changes::destructive_change(planned.name(), change)),
                );
                let warning = takes_over(planned.name(), &existing, rules);
                plan.diagnostics.extend(warning.into_iter().collect::<Vec<_>>().into());
            }
        }
    }

    fn deletion_guard(model: &LifecycleModel) -> Option<DeletionGuard> {
        Some(DeletionGuard::unprotected(model.label()))
    }

    fn destructive_changes(
        prior: &LifecycleModel,
        planned: Option<&LifecycleModel>,
    ) -> Vec<DestructiveChange> {
        destructive_changes::destructive_changes(prior, planned)
    }

    fn object(model: &LifecycleModel, scope: Scope) -> Self::Object {
        BucketDocument::new(scope, model.name(), model.settings())
    }

    fn settings(model: &LifecycleModel) -> Lifecycle {
        model.settings()
    }

    fn read_from(model: &LifecycleModel, seen: &Lifecycle, _scope: &Scope) -> LifecycleModel {
        let rules = Attr::Known(from_wire(seen.rules.clone()));
        LifecycleModel { rules, ..model.clone() }
    }

    fn refreshing(context: &Context<Cloud>, prior: &LifecycleModel) {
        look_after(context, prior);
    }

    fn explain(object: &Self::Object, doing: Operation, problem: &Problem) -> Option<Diagnostics> {
        let mut diagnostics = bucket_setting::explain(object, object.bucket(), "rules", doing, problem)?;
        let refused = matches!(&problem.failure, Failure::Call(error) if error.is_code("MalformedXML"));
        if refused && object.wanted().uses_access_time() {
            for diagnostic in &mut diagnostics.0 {
                diagnostic.detail.push_str(
                    "\nRules by access time need access_monitor = \"Enabled\" on the bucket: set that first.",
                );
            }
        }
        Some(diagnostics)
    }
}

/// Tells others that the rules of the bucket are this resource's business.
fn look_after(context: &Context<Cloud>, model: &LifecycleModel) {
    if let Ok(cloud) = context.client() {
        cloud.retention.resolve(&model.bucket);
    }
}

/// The rules that a bucket has, by id, for resources that only look at them.
pub(crate) async fn rules_of(oss: &Oss, bucket: &str) -> Result<BTreeMap<String, RuleModel>, Error> {
    oss.get_bucket_lifecycle(bucket).await.map(from_wire)
}

/// What the first apply does to rules that exist.
fn takes_over(
    bucket: &str,
    existing: &BTreeMap<String, RuleModel>,
    planned: &BTreeMap<String, RuleModel>,
) -> Option<Diagnostic> {
    let list = |ids: Vec<&String>| {
        let noun = if ids.len() == 1 { "rule" } else { "rules" };
        format!("{noun} {}", ids.iter().map(|id| format!("{id:?}")).collect::<Vec<_>>().join(", "))
    };
    let removed: Vec<&String> = existing.keys().filter(|id| !planned.contains_key(*id)).collect();
    let replaced = existing.iter().filter(|(id, rule)| planned.get(*id).is_some_and(|new| new != *rule));
    let replaced: Vec<&String> = replaced.map(|(id, _)| id).collect();
    let mut parts = Vec::new();
    if !removed.is_empty() {
        parts.push(format!("removes the {}", list(removed)));
    }
    if !replaced.is_empty() {
        parts.push(format!("replaces the {}", list(replaced)));
    }
    if parts.is_empty() {
        return None;
    }
    let detail = format!(
        "This resource owns all lifecycle rules of its bucket, and the bucket has others than it declares: the first apply \
         {}. To keep a rule, write it into rules; to see each difference first, import the rules with the id {bucket:?}.",
        parts.join(" and ")
    );
    let summary = format!("bucket {bucket:?} has lifecycle rules already");
    Some(Diagnostic::warning(summary, detail).at(Path::attribute("rules")))
}

#[cfg(test)]
mod tests;
