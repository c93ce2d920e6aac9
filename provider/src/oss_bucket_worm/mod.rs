//! `alitrail_oss_bucket_worm`: a retention policy that keeps objects of a bucket from being overwritten and deleted.
//!
//! A policy begins in progress, which protects at once and can be taken back, and lapses after 24 hours unless it is
//! locked. Locked, it is for good: it can be extended and nothing else, so locking takes the user's explicit consent, and
//! destroying the resource forgets what cannot be removed.

mod calls;
mod check;
mod losses;
mod model;

use alibaba::oss::Oss;
use plugin::{Cx, Diagnostic, Diagnostics, Holding, Loss, Path, Plan, Resource};

use crate::config::Cloud;
use crate::oss_bucket::satellite::learn;
use crate::place::{self, enter};
use calls::Worms;
use model::IN_PROGRESS;
pub use model::WormModel;

/// The resource.
#[derive(Debug)]
pub struct WormResource;

impl Resource for WormResource {
    type Client = Cloud;
    type Model = WormModel;
    const TYPE: &'static str = "alitrail_oss_bucket_worm";
    const DESCRIPTION: &'static str = "The retention policy (WORM) of an OSS bucket: for a number of days after an object \
        was last changed, nobody can overwrite or delete it. Begun with `status = \"InProgress\"`, it protects at once and \
        lapses after 24 hours; `status = \"Locked\"` makes it final, which needs `lock_consent`. The versioning of the \
        bucket may not be suspended. Destroying a locked policy only forgets it.";

    fn validate(config: &WormModel, found: &mut Diagnostics) {
        check::consent(config, found);
    }

    async fn plan(cx: &Cx<Cloud>, plan: &mut Plan<WormModel>) {
        place::plan(cx, plan).await;
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
            let info = learn(cx, &planned, &planned.bucket, ask).await;
            if info.is_some_and(|info| info.versioning.as_deref() == Some("Suspended")) {
                plan.diagnostics.push(suspended(planned.name()));
            }
        }
    }

    fn holding(model: &WormModel) -> Option<Holding> {
        Some(Holding::known_by(model.label(), &[&model.bucket]))
    }

    fn losses(prior: &WormModel, planned: Option<&WormModel>) -> Vec<Loss> {
        losses::losses(prior, planned)
    }

    fn stays(prior: &WormModel) -> Option<Diagnostic> {
        check::stays(prior)
    }

    async fn create(cx: &Cx<Cloud>, planned: WormModel) -> Result<WormModel, Diagnostics> {
        Worms::enter(cx, planned).await?.create(Self::TYPE).await
    }

    async fn read(cx: &Cx<Cloud>, prior: WormModel) -> Result<Option<WormModel>, Diagnostics> {
        let worms = Worms::enter(cx, prior).await?;
        let now = worms.read().await?;
        if now.is_none() && worms.model.status.as_str() == Some(IN_PROGRESS) {
            cx.warn(check::lapsed(&worms.model));
        }
        Ok(now)
    }

    async fn update(cx: &Cx<Cloud>, prior: WormModel, planned: WormModel) -> Result<WormModel, Diagnostics> {
        let worms = Worms::enter(cx, planned).await?;
        if prior.is_as(&worms.model) {
            // What differs lives in the state only.
            let WormModel { id, worm_id, create_time, .. } = prior;
            return Ok(WormModel { id, worm_id, create_time, ..worms.model });
        }
        worms.update().await
    }

    async fn delete(cx: &Cx<Cloud>, prior: WormModel) -> Result<(), Diagnostics> {
        Worms::enter(cx, prior).await?.delete().await
    }

    /// Takes the bucket alone, or the bucket and the id of the policy.
    fn parse_id(id: &str) -> Result<WormModel, Diagnostic> {
        let with_policy = id.split('@').next().is_some_and(|names| names.contains(':'));
        let (bucket, region, account_id) = if with_policy {
            let ([bucket, _], region, account_id) = place::parse_id(id, ["bucket", "worm_id"])?;
            (bucket, region, account_id)
        } else {
            let ([bucket], region, account_id) = place::parse_id(id, ["bucket"])?;
            (bucket, region, account_id)
        };
        Ok(WormModel { bucket: bucket.into(), region, account_id, ..WormModel::default() })
    }

    async fn import(cx: &Cx<Cloud>, target: WormModel) -> Result<WormModel, Diagnostics> {
        let place = enter(cx, &target).await?;
        Ok(target.at(&place))
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
