//! `alitrail_history_delivery_job`: the events of the last 90 days, delivered to the logstore of a trail, once.
//!
//! The service has failed jobs and jobs that are not done; here a job counts as created when it is done.

mod model;

use std::time::Instant;

use alibaba::Error;
use alibaba::actiontrail::HistoryJob;
use alibaba::actiontrail::history::{DONE, FAILED};
use plugin::{Cx, Diagnostic, Diagnostics, Plan, Resource};

use crate::config::Cloud;
use crate::fault::fault;
use crate::patience::patiently;
use crate::place::{self, Place, enter};
pub use model::HistoryDeliveryJobModel;

/// The resource.
#[derive(Debug)]
pub struct HistoryDeliveryJobResource;

impl Resource for HistoryDeliveryJobResource {
    type Client = Cloud;
    type Model = HistoryDeliveryJobModel;
    const TYPE: &'static str = "alitrail_history_delivery_job";
    const DESCRIPTION: &'static str = "Delivers the events of the last 90 days to the logstore of a trail, once. The resource \
        is created when the job is done; raise `timeouts { create }` for accounts with many events. An account runs one job \
        at a time, and the vendor admits accounts to the feature on request. Destroying the resource deletes the job and \
        leaves what it delivered.";

    async fn plan(cx: &Cx<Cloud>, plan: &mut Plan<HistoryDeliveryJobModel>) {
        place::plan(cx, plan).await;
    }

    async fn create(
        cx: &Cx<Cloud>,
        planned: HistoryDeliveryJobModel,
    ) -> Result<HistoryDeliveryJobModel, Diagnostics> {
        let place = enter(cx, &planned).await?;
        let doing = format!("create the {}", planned.label());
        let service = place.client.actiontrail(&place.region);
        let id = service.create_delivery_history_job(planned.trail()).await;
        let id = id.map_err(|error| fault(&doing, &error))?;
        let made = HistoryDeliveryJobModel { id: id.clone().into(), ..planned.at(&place) };
        cx.keep(&made);
        let what = format!("the {} to be done", made.label());
        let left = cx.deadline().saturating_duration_since(Instant::now());
        let ended = place.client.wait(&what, left, || async {
            let job = find(&place, &id).await?;
            Ok(job.filter(|job| matches!(job.job_status, Some(DONE | FAILED))))
        });
        let job = ended.await.map_err(|error| fault(&doing, &error))?;
        let reached = made.read_from(&job, &place);
        cx.keep(&reached);
        if job.job_status == Some(FAILED) { Err(failed(&doing, &job)) } else { Ok(reached) }
    }

    async fn read(
        cx: &Cx<Cloud>,
        prior: HistoryDeliveryJobModel,
    ) -> Result<Option<HistoryDeliveryJobModel>, Diagnostics> {
        let place = enter(cx, &prior).await?;
        let found = find(&place, prior.job()).await;
        let found =
            found.map_err(|error| fault(format!("read history delivery job {}", prior.job()), &error))?;
        Ok(found.map(|job| prior.read_from(&job, &place)))
    }

    async fn update(
        cx: &Cx<Cloud>,
        _prior: HistoryDeliveryJobModel,
        planned: HistoryDeliveryJobModel,
    ) -> Result<HistoryDeliveryJobModel, Diagnostics> {
        // Only the timeouts can change without a new job.
        let place = enter(cx, &planned).await?;
        Ok(planned.at(&place))
    }

    async fn delete(cx: &Cx<Cloud>, prior: HistoryDeliveryJobModel) -> Result<(), Diagnostics> {
        let place = enter(cx, &prior).await?;
        let service = place.client.actiontrail(&place.region);
        // A job at work cannot be deleted until it has ended.
        let busy = |error: &Error| error.is_code("ServiceUnavailable");
        let left = cx.deadline().saturating_duration_since(Instant::now());
        let delete = || service.delete_delivery_history_job(prior.job());
        match patiently(cx, left, busy, delete).await {
            Err(error) if !error.is_not_found() => {
                Err(fault(format!("delete history delivery job {}", prior.job()), &error))
            }
            _ => Ok(()),
        }
    }

    fn parse_id(id: &str) -> Result<HistoryDeliveryJobModel, Diagnostic> {
        let (names, region, account_id) = place::parse_id(id, ["job_id"])?;
        let [job] = names;
        if !job.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Diagnostic::error(
                "Invalid import id",
                format!("{job:?} is not the id of a history delivery job, which is a number such as 16602."),
            ));
        }
        Ok(HistoryDeliveryJobModel {
            id: job.into(),
            region,
            account_id,
            ..HistoryDeliveryJobModel::default()
        })
    }

    async fn import(
        cx: &Cx<Cloud>,
        target: HistoryDeliveryJobModel,
    ) -> Result<HistoryDeliveryJobModel, Diagnostics> {
        let place = enter(cx, &target).await?;
        Ok(target.at(&place))
    }
}

async fn find(place: &Place, id: &str) -> Result<Option<HistoryJob>, Error> {
    match place.client.actiontrail(&place.region).get_delivery_history_job(id).await {
        Err(error) if error.is_not_found() => Ok(None),
        other => other.map(Some),
    }
}

fn failed(doing: &str, job: &HistoryJob) -> Diagnostics {
    let regions = match job.failed_regions().as_slice() {
        [] => "The service does not say in which region.".to_owned(),
        regions => format!("It failed in {}.", regions.join(", ")),
    };
    Diagnostic::error(
        format!("Could not {doing}"),
        format!(
            "Job {} of trail {:?} has failed. {regions} Check that the SLS project of the trail exists and still has the \
             logstore actiontrail_{}, then apply again: the failed job is replaced by a new one.",
            job.job_id, job.trail_name, job.trail_name
        ),
    )
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn import_ids() {
        let parse = HistoryDeliveryJobResource::parse_id;
        let job = parse("16602@cn-beijing").unwrap();
        assert_eq!((job.job(), job.region.as_str()), ("16602", Some("cn-beijing")));
        assert!(parse("audit-trail").unwrap_err().detail.contains("a number such as 16602"));
    }
}
