//! `alitrail_oss_bucket_worm`: a retention policy that keeps objects of a bucket from being overwritten and deleted.
//!
//! A policy begins in progress, which protects at once and can be taken back, and lapses after 24 hours unless it is
//! locked. Locked, it is for good: it can be extended and nothing else, so locking takes the user's explicit consent, and
//! destroying the resource forgets what cannot be removed.

mod check;
mod destructive_changes;
mod model;

use alibaba::oss::Oss;
use plugin::{Context, DeletionGuard, DestructiveChange, Diagnostic, Diagnostics, Path, Plan};
use reconciler::bucket_worm::{BucketWorm, IN_PROGRESS, Settings};
use reconciler::failure::Operation;
use reconciler::{Problem, Scope};

use crate::config::Cloud;
use crate::oss_bucket::bucket_setting::{self, learn};
use crate::reconciled::{Reconcile, Reconciled};
use crate::resource_scope;
pub use model::WormModel;

/// The resource.
pub type WormResource = Reconcile<Declaration>;

/// What Terraform needs to know about it.
#[derive(Debug)]
pub struct Declaration;

impl Reconciled for Declaration {
    type Model = WormModel;
    type Object = BucketWorm;
    const TYPE: &'static str = "alitrail_oss_bucket_worm";
    const DESCRIPTION: &'static str = "The retention policy (WORM) of an OSS bucket: for a number of days after an object \
        was last changed, nobody can overwrite or delete it. Begun with `status = \"InProgress\"`, it protects at once and \
        lapses after 24 hours; `status = \"Locked\"` makes it final, which needs `lock_consent`. The versioning of the \
        bucket may not be suspended. Destroying a locked policy only forgets it.";

    fn validate(config: &WormModel, found: &mut Diagnostics) {
        check::consent(config, found);
    }

    async fn plan(context: &Context<Cloud>, plan: &mut Plan<WormModel>) {
        let planned = plan.planned().clone();
        if let Some(prior) = &plan.prior {
            check::change(prior, &planned, &mut plan.diagnostics);
        }
        let begins = plan.prior.as_ref().is_none_or(|prior| {
            !prior.is_locked() && prior.retention_period_in_days != planned.retention_period_in_days
        });
        if begins && !plan.replacing && planned.status.as_str() == Some(IN_PROGRESS) {
            plan.diagnostics.push(check::lapses(&planned));
        }
        if plan.prior.is_none() && !plan.replacing {
            let ask = async |oss: Oss, bucket: String| oss.get_bucket_info(&bucket).await;
            let info = learn(context, &planned, &planned.bucket, ask).await;
            if info.is_some_and(|info| info.versioning.as_deref() == Some("Suspended")) {
                plan.diagnostics.push(suspended(planned.name()));
            }
        }
    }

    fn deletion_guard(model: &WormModel) -> Option<DeletionGuard> {
        Some(DeletionGuard::unprotected(model.label()))
    }

    fn destructive_changes(prior: &WormModel, planned: Option<&WormModel>) -> Vec<DestructiveChange> {
        destructive_changes::destructive_changes(prior, planned)
    }

    fn stays(prior: &WormModel) -> Option<Diagnostic> {
        check::stays(prior)
    }

    fn object(model: &WormModel, scope: Scope) -> BucketWorm {
        BucketWorm::new(scope, model.name(), model.settings())
    }

    fn settings(model: &WormModel) -> Settings {
        model.settings()
    }

    fn read_from(model: &WormModel, seen: &Settings, _scope: &Scope) -> WormModel {
        model.read_from(seen)
    }

    fn gone(context: &Context<Cloud>, prior: &WormModel) {
        if prior.status.as_str() == Some(IN_PROGRESS) {
            context.warn(check::lapsed(prior));
        }
    }

    fn explain(object: &BucketWorm, doing: Operation, problem: &Problem) -> Option<Diagnostics> {
        bucket_setting::explain(object, object.bucket(), "retention_period_in_days", doing, problem)
    }

    /// Takes the bucket alone, or the bucket and the id of the policy.
    fn parse_id(id: &str) -> Result<WormModel, Diagnostic> {
        let (names, scope) = id.split_at(id.find('@').unwrap_or(id.len()));
        match names.split_once(':') {
            Some((bucket, policy)) if !policy.is_empty() && !policy.contains(':') => {
                resource_scope::model_of_id(&format!("{bucket}{scope}"))
            }
            _ => resource_scope::model_of_id(id),
        }
    }
}

fn suspended(bucket: &str) -> Diagnostic {
    Diagnostic::warning(
        format!("versioning of bucket {bucket:?} is suspended"),
        "A retention policy cannot begin while versioning is suspended. Unless this apply enables it first, set versioning = \
         \"Enabled\" on the bucket.",
    )
    .at(Path::attribute("bucket"))
}
