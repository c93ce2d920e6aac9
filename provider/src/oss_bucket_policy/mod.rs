//! `alitrail_oss_bucket_policy`: who may do what with a bucket, as one JSON document.
//!
//! The service keeps the policy as a whole, so the resource owns all of it. Documents are compared by meaning, and one
//! that lets the world in or shuts its own author out is refused in the plan unless the configuration asks for it.

mod check;
mod destructive_changes;
mod model;

use alibaba::sts::CallerIdentity;
use plugin::{Context, DeletionGuard, DestructiveChange, Diagnostic, Diagnostics, Path, Plan};
use reconciler::bucket_document::BucketDocument;
use reconciler::bucket_document::policy::{Document, PolicyText};
use reconciler::failure::Operation;
use reconciler::{Problem, Scope};

use crate::config::Cloud;
use crate::oss_bucket::bucket_setting::{self, learn};
use crate::reconciled::{Reconcile, Reconciled};
use crate::resource_scope;
use crate::scope::Scoped;
pub use model::PolicyModel;

/// The resource.
pub type PolicyResource = Reconcile<Declaration>;

/// What Terraform needs to know about it.
#[derive(Debug)]
pub struct Declaration;

impl Reconciled for Declaration {
    type Model = PolicyModel;
    type Object = BucketDocument<PolicyText>;
    const TYPE: &'static str = "alitrail_oss_bucket_policy";
    const DESCRIPTION: &'static str = "The policy of an OSS bucket, the whole of it. It is compared by meaning, so neither \
        the order of its parts nor what the service makes of its spelling is a difference. A policy that opens the bucket to \
        the world or locks out the caller is refused in the plan, unless the configuration says that it is meant.";

    fn validate(config: &PolicyModel, found: &mut Diagnostics) {
        check::check(config, found);
    }

    async fn plan(context: &Context<Cloud>, plan: &mut Plan<PolicyModel>) {
        let changes = plan.prior.as_ref().is_none_or(|prior| prior.policy != plan.planned().policy);
        if !changes || plan.replacing {
            return;
        }
        plan.diagnostics.extend(listed(check::addresses(plan.planned())));
        plan.diagnostics.extend(listed(check::size(plan.planned())));
        let caller = caller(context, plan.planned()).await;
        plan.diagnostics.extend(listed(check::lock_out(plan.planned(), caller.as_ref())));
        if plan.prior.is_some() {
            return;
        }
        let planned = plan.planned();
        let ask = async |oss: alibaba::oss::Oss, bucket: String| oss.get_bucket_policy(&bucket).await;
        let existing = learn(context, planned, &planned.bucket, ask).await.flatten();
        let Some(wanted) = planned.document() else { return };
        let existing = existing.and_then(|text| Document::parse(&text).ok()).unwrap_or_default();
        let (bucket, account) = (planned.name().to_owned(), planned.account_id().get().cloned());
        plan.destructive_changes.extend(destructive_changes::changes(
            &bucket,
            account.as_deref(),
            &existing,
            &wanted,
        ));
        plan.diagnostics.extend(listed(takes_over(&bucket, &existing, &wanted)));
    }

    fn deletion_guard(model: &PolicyModel) -> Option<DeletionGuard> {
        Some(DeletionGuard::unprotected(model.label()))
    }

    fn destructive_changes(prior: &PolicyModel, planned: Option<&PolicyModel>) -> Vec<DestructiveChange> {
        destructive_changes::destructive_changes(prior, planned)
    }

    fn object(model: &PolicyModel, scope: Scope) -> Self::Object {
        BucketDocument::new(scope, model.name(), model.text())
    }

    fn settings(model: &PolicyModel) -> PolicyText {
        model.text()
    }

    fn read_from(model: &PolicyModel, seen: &PolicyText, _scope: &Scope) -> PolicyModel {
        PolicyModel { policy: seen.0.clone().into(), ..model.clone() }
    }

    fn explain(object: &Self::Object, doing: Operation, problem: &Problem) -> Option<Diagnostics> {
        bucket_setting::explain(object, object.bucket(), "policy", doing, problem)
    }
}

fn listed(message: Option<Diagnostic>) -> Diagnostics {
    message.into_iter().collect::<Vec<_>>().into()
}

/// Who calls are made as in the account of the bucket, where that can be learned.
async fn caller(context: &Context<Cloud>, planned: &PolicyModel) -> Option<CallerIdentity> {
    let ask = |scope: Scope| async move { scope.client.caller_identity().await.ok().cloned() };
    resource_scope::while_planning(context, planned, ask).await
}

/// What the first apply does to a policy that exists.
fn takes_over(bucket: &str, existing: &Document, wanted: &Document) -> Option<Diagnostic> {
    let removed: Vec<String> = existing
        .statements
        .difference(&wanted.statements)
        .map(|statement| format!("\n  - {}", statement.describe()))
        .collect();
    if removed.is_empty() {
        return None;
    }
    let detail = format!(
        "This resource owns the whole policy of its bucket, and the bucket has one already. The first apply removes what \
         this configuration does not have:{}\nTo keep one, write it into policy; to see each difference first, import the policy with the id \
         {bucket:?}.",
        removed.concat()
    );
    let summary = format!("bucket {bucket:?} has a policy already");
    Some(Diagnostic::warning(summary, detail).at(Path::attribute("policy")))
}
