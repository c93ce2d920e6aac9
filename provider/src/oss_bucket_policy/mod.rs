//! `alitrail_oss_bucket_policy`: who may do what with a bucket, as one JSON document.
//!
//! The service keeps the policy as a whole, so the resource owns all of it. Documents are compared by meaning, and one
//! that lets the world in or shuts its own author out is refused in the plan unless the configuration asks for it.

mod calls;
mod check;
mod deletion;
mod document;
mod losses;
mod model;

use alibaba::sts::CallerIdentity;
use plugin::{Cx, Diagnostic, Diagnostics, Holding, Loss, Path, Plan, Resource};

use crate::config::Cloud;
use crate::oss_bucket::satellite::learn;
use crate::place::{self, enter};
use calls::Policies;
use document::Document;
pub use model::PolicyModel;

/// The resource.
#[derive(Debug)]
pub struct PolicyResource;

impl Resource for PolicyResource {
    type Client = Cloud;
    type Model = PolicyModel;
    const TYPE: &'static str = "alitrail_oss_bucket_policy";
    const DESCRIPTION: &'static str = "The policy of an OSS bucket, the whole of it. It is compared by meaning, so neither \
        the order of its parts nor what the service makes of its spelling is a difference. A policy that opens the bucket to \
        the world or locks out the caller is refused in the plan, unless the configuration says that it is meant.";

    fn validate(config: &PolicyModel, found: &mut Diagnostics) {
        check::check(config, found);
    }

    async fn plan(cx: &Cx<Cloud>, plan: &mut Plan<PolicyModel>) {
        place::plan(cx, plan).await;
        let changes = plan.prior.as_ref().is_none_or(|prior| prior.policy != plan.planned().policy);
        if !changes || plan.replacing {
            return;
        }
        let caller = caller(cx).await;
        plan.diagnostics.extend(listed(check::lock_out(plan.planned(), caller.as_ref())));
        if plan.prior.is_some() {
            return;
        }
        let planned = plan.planned();
        let ask = async |oss: alibaba::oss::Oss, bucket: String| oss.get_bucket_policy(&bucket).await;
        let existing = learn(cx, planned, &planned.bucket, ask).await.flatten();
        let Some(wanted) = planned.document() else { return };
        let existing = existing.and_then(|text| Document::parse(&text).ok()).unwrap_or_default();
        let (bucket, account) = (planned.name().to_owned(), planned.account_id.get().cloned());
        plan.losses.extend(losses::changes(&bucket, account.as_deref(), &existing, &wanted));
        plan.diagnostics.extend(listed(takes_over(&bucket, &existing, &wanted)));
    }

    fn holding(model: &PolicyModel) -> Option<Holding> {
        Some(Holding::known_by(model.label(), &[&model.bucket]))
    }

    fn losses(prior: &PolicyModel, planned: Option<&PolicyModel>) -> Vec<Loss> {
        losses::losses(prior, planned)
    }

    async fn create(cx: &Cx<Cloud>, planned: PolicyModel) -> Result<PolicyModel, Diagnostics> {
        Policies::enter(cx, planned).await?.put("create").await
    }

    async fn read(cx: &Cx<Cloud>, prior: PolicyModel) -> Result<Option<PolicyModel>, Diagnostics> {
        Policies::enter(cx, prior).await?.read().await
    }

    async fn update(
        cx: &Cx<Cloud>,
        prior: PolicyModel,
        planned: PolicyModel,
    ) -> Result<PolicyModel, Diagnostics> {
        let policies = Policies::enter(cx, planned).await?;
        if prior.policy == policies.model.policy {
            // What differs lives in the state only.
            return Ok(policies.model.clone().at(&policies.place));
        }
        policies.put("update").await
    }

    async fn delete(cx: &Cx<Cloud>, prior: PolicyModel) -> Result<(), Diagnostics> {
        Policies::enter(cx, prior).await?.delete().await
    }

    fn parse_id(id: &str) -> Result<PolicyModel, Diagnostic> {
        let (names, region, account_id) = place::parse_id(id, ["bucket"])?;
        let [bucket] = names;
        Ok(PolicyModel { bucket: bucket.into(), region, account_id, ..PolicyModel::default() })
    }

    async fn import(cx: &Cx<Cloud>, target: PolicyModel) -> Result<PolicyModel, Diagnostics> {
        let place = enter(cx, &target).await?;
        Ok(target.at(&place))
    }
}

fn listed(message: Option<Diagnostic>) -> Diagnostics {
    message.into_iter().collect::<Vec<_>>().into()
}

/// Who the credentials belong to, where that can be learned.
async fn caller(cx: &Cx<Cloud>) -> Option<CallerIdentity> {
    let cloud = cx.client().ok()?;
    let client = cloud.client.with_cancel(cx.cancel().clone());
    client.caller_identity().await.ok().cloned()
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
        "This resource owns the whole policy of its bucket, and there is one already. The first apply removes these \
         statements:{}\nTo keep one, write it into policy; to see each difference first, import the policy with the id \
         {bucket:?}.",
        removed.concat()
    );
    let summary = format!("bucket {bucket:?} has a policy already");
    Some(Diagnostic::warning(summary, detail).at(Path::attribute("policy")))
}
