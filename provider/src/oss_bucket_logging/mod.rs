//! `alitrail_oss_bucket_logging`: the log of all requests to a bucket, written into another one.

mod check;
mod destructive_changes;
mod model;

use alibaba::oss::{BucketLogging, Oss};
use plugin::{Context, DeletionGuard, DestructiveChange, Diagnostic, Diagnostics, Path, Plan};
use reconciler::bucket_document::BucketDocument;
use reconciler::failure::Operation;
use reconciler::{Problem, Scope};

use crate::config::Cloud;
use crate::oss_bucket::bucket_setting::{self, learn};
use crate::reconciled::{Reconcile, Reconciled};
pub use model::LoggingModel;

/// The resource.
pub type LoggingResource = Reconcile<Declaration>;

/// What Terraform needs to know about it.
#[derive(Debug)]
pub struct Declaration;

impl Reconciled for Declaration {
    type Model = LoggingModel;
    type Object = BucketDocument<BucketLogging>;
    const TYPE: &'static str = "alitrail_oss_bucket_logging";
    const INCOMPARABLE: &'static [&'static str] = &["target_bucket"];
    const DESCRIPTION: &'static str = "Access logging of an OSS bucket: who read, wrote and deleted what, as objects that \
        the service writes into another bucket every hour. Where a change stops or moves the log, the plan says so.";

    async fn plan(context: &Context<Cloud>, plan: &mut Plan<LoggingModel>) {
        let planned = plan.planned().clone();
        let target = planned.target_bucket.as_str();
        let moves = plan.prior.as_ref().is_none_or(|prior| prior.target_bucket != planned.target_bucket);
        if plan.replacing || !moves {
            return;
        }
        if target.is_some() && target == planned.bucket.as_str() {
            plan.diagnostics.push(to_itself(planned.name()));
        }
        if plan.prior.is_none() {
            let ask = async |oss: Oss, bucket: String| oss.get_bucket_logging(&bucket).await;
            let existing = learn(context, &planned, &planned.bucket, ask).await.flatten();
            plan.destructive_changes
                .extend(existing.and_then(|existing| destructive_changes::moved(&planned, &existing)));
        }
    }

    fn deletion_guard(model: &LoggingModel) -> Option<DeletionGuard> {
        Some(DeletionGuard::unprotected(model.label()))
    }

    fn destructive_changes(prior: &LoggingModel, planned: Option<&LoggingModel>) -> Vec<DestructiveChange> {
        destructive_changes::destructive_changes(prior, planned)
    }

    fn object(model: &LoggingModel, scope: Scope) -> Self::Object {
        BucketDocument::new(scope, model.name(), model.wanted())
    }

    fn settings(model: &LoggingModel) -> BucketLogging {
        model.wanted()
    }

    fn read_from(model: &LoggingModel, seen: &BucketLogging, _scope: &Scope) -> LoggingModel {
        model.read_from(seen.clone())
    }

    fn explain(object: &Self::Object, doing: Operation, problem: &Problem) -> Option<Diagnostics> {
        bucket_setting::explain(object, object.bucket(), "target_bucket", doing, problem)
    }
}

fn to_itself(bucket: &str) -> Diagnostic {
    Diagnostic::warning(
        format!("bucket {bucket:?} logs to itself"),
        "Each log object that is written is a request to the bucket and logged in turn, and whoever may delete evidence \
         may delete its log too. Send the log to a bucket of its own.",
    )
    .at(Path::attribute("target_bucket"))
}
