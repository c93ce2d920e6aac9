//! `alitrail_oss_bucket_logging`: the log of all requests to a bucket, written into another one.

mod calls;
mod check;
mod losses;
mod model;

use alibaba::oss::Oss;
use plugin::{Cx, Diagnostic, Diagnostics, Holding, Loss, Path, Plan, Resource};

use crate::config::Cloud;
use crate::oss_bucket::satellite::learn;
use crate::place::{self, enter};
use calls::Loggings;
pub use model::LoggingModel;

/// The resource.
#[derive(Debug)]
pub struct LoggingResource;

impl Resource for LoggingResource {
    type Client = Cloud;
    type Model = LoggingModel;
    const TYPE: &'static str = "alitrail_oss_bucket_logging";
    const INCOMPARABLE: &'static [&'static str] = &["target_bucket"];
    const DESCRIPTION: &'static str = "Access logging of an OSS bucket: who read, wrote and deleted what, as objects that \
        the service writes into another bucket every hour. Where a change stops or moves the log, the plan says so.";

    async fn plan(cx: &Cx<Cloud>, plan: &mut Plan<LoggingModel>) {
        place::plan(cx, plan).await;
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
            let existing = learn(cx, &planned, &planned.bucket, ask).await.flatten();
            plan.losses.extend(existing.and_then(|existing| losses::moved(&planned, &existing)));
        }
    }

    fn holding(model: &LoggingModel) -> Option<Holding> {
        Some(Holding::known_by(model.label(), &[&model.bucket]))
    }

    fn losses(prior: &LoggingModel, planned: Option<&LoggingModel>) -> Vec<Loss> {
        losses::losses(prior, planned)
    }

    async fn create(cx: &Cx<Cloud>, planned: LoggingModel) -> Result<LoggingModel, Diagnostics> {
        Loggings::enter(cx, planned).await?.put("create").await
    }

    async fn read(cx: &Cx<Cloud>, prior: LoggingModel) -> Result<Option<LoggingModel>, Diagnostics> {
        Loggings::enter(cx, prior).await?.read().await
    }

    async fn update(
        cx: &Cx<Cloud>,
        _prior: LoggingModel,
        planned: LoggingModel,
    ) -> Result<LoggingModel, Diagnostics> {
        Loggings::enter(cx, planned).await?.put("update").await
    }

    async fn delete(cx: &Cx<Cloud>, prior: LoggingModel) -> Result<(), Diagnostics> {
        Loggings::enter(cx, prior).await?.delete().await
    }

    fn parse_id(id: &str) -> Result<LoggingModel, Diagnostic> {
        let (names, region, account_id) = place::parse_id(id, ["bucket"])?;
        let [bucket] = names;
        Ok(LoggingModel { bucket: bucket.into(), region, account_id, ..LoggingModel::default() })
    }

    async fn import(cx: &Cx<Cloud>, target: LoggingModel) -> Result<LoggingModel, Diagnostics> {
        let place = enter(cx, &target).await?;
        Ok(target.at(&place))
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
