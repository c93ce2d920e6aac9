//! `alitrail_history_delivery_job`: the events of the last 90 days, delivered to the logstore of a trail, once.
//!
//! The service has failed jobs and jobs that are not done; here a job counts as created when it is done.

mod model;

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use alibaba::Error;
use alibaba::actiontrail::HistoryJob;
use alibaba::actiontrail::history::{CreationToken, DONE, FAILED};
use alibaba::retry::Policy;
use plugin::{Cx, Diagnostic, Diagnostics, Plan, Resource};

use crate::config::Cloud;
use crate::fault::fault;
use crate::patience::{make, patiently};
use crate::place::{self, Place, enter};
pub use model::HistoryDeliveryJobModel;

/// How long a job whose creation was not answered may stay out of the list.
const UNANSWERED: Duration = Duration::from_secs(5);

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
        let id = begin(cx, &place, planned.trail()).await.map_err(|error| fault(&doing, &error))?;
        let made = HistoryDeliveryJobModel { id: id.clone().into(), ..planned.at(&place) };
        cx.keep(&made);
        let what = format!("the {} to be done", made.label());
        let ended = place.client.wait(&Policy::JOB, &what, || async {
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

/// Begins a job, and gives its id: of one job, however often the answer is lost. The service knows a repeated creation by
/// its token; a job whose creation cannot be repeated any more (after a Ctrl-C, or when the service stays away too long)
/// is found in the list, as the one that was not there before.
async fn begin(cx: &Cx<Cloud>, place: &Place, trail: &str) -> Result<String, Error> {
    // Best effort: without it, only the list is of no use.
    let before = jobs_of(place, trail).await.ok();
    let (service, token) = (place.client.actiontrail(&place.region), CreationToken::default());
    let (service, token) = (&service, &token);
    let id = Mutex::new(None);
    let learn = |found: Option<String>| {
        let known = found.is_some();
        if let Ok(mut id) = id.lock() {
            *id = found.or(id.take());
        }
        known
    };
    let create = || async {
        learn(Some(service.create_delivery_history_job(trail, token).await?));
        Ok(())
    };
    let find = |place: Place| {
        let (before, learn) = (&before, &learn);
        async move {
            let Some(before) = before else { return Ok(false) };
            let jobs = jobs_of(&place, trail).await?;
            Ok(learn(jobs.difference(before).next().cloned()))
        }
    };
    make(cx, place, UNANSWERED, create, find).await?;
    let id = id.into_inner().ok().flatten();
    id.ok_or_else(|| Error::Internal("a history delivery job was made that has no id".to_owned()))
}

/// The ids of the jobs of a trail.
async fn jobs_of(place: &Place, trail: &str) -> Result<BTreeSet<String>, Error> {
    let jobs = place.client.actiontrail(&place.region).list_delivery_history_jobs().await?;
    Ok(jobs.into_iter().filter(|job| job.trail_name == trail).map(|job| job.job_id).collect())
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
    use std::sync::Arc;

    use super::*;
    use crate::test_service::{Reply, Service, good};

    /// A service that loses the answers to the first creations in this way, after the job was made or not; and how many
    /// jobs there are with one that was there before.
    async fn losing(lost: Vec<(bool, Reply)>) -> (Service, Arc<Mutex<Vec<(String, String)>>>) {
        let jobs = Arc::new(Mutex::new(vec![("16001".to_owned(), "an older one".to_owned())]));
        let (made, mut lost) = (Arc::clone(&jobs), lost.into_iter());
        let service = Service::start(move |action, query| {
            let mut jobs = made.lock().unwrap();
            match action {
                "ListDeliveryHistoryJobs" => {
                    let list: Vec<String> = jobs
                        .iter()
                        .map(|(id, _)| format!(r#"{{"JobId":{id},"TrailName":"audit-trail","JobStatus":2}}"#))
                        .collect();
                    let count = list.len();
                    good(format!(r#"{{"DeliveryHistoryJobs":[{}],"TotalCount":{count}}}"#, list.join(",")))
                }
                "CreateDeliveryHistoryJob" => {
                    let token =
                        query.split("ClientToken=").nth(1).unwrap().split('&').next().unwrap().to_owned();
                    let reply = lost.next();
                    let makes = reply.as_ref().is_none_or(|(makes, _)| *makes);
                    if makes && !jobs.iter().any(|(_, known)| *known == token) {
                        let id = (16_001 + jobs.len()).to_string();
                        jobs.push((id, token.clone()));
                    }
                    let id = jobs.iter().find(|(_, known)| *known == token).map(|(id, _)| id.clone());
                    match reply {
                        Some((_, reply)) => reply,
                        None => good(format!(r#"{{"JobId":{}}}"#, id.unwrap())),
                    }
                }
                other => panic!("{other} is not called"),
            }
        })
        .await;
        (service, jobs)
    }

    #[tokio::test]
    async fn a_job_whose_creation_was_not_answered_is_not_made_twice() {
        let busy = || Reply::Answer(503, r#"{"Code":"ServiceUnavailable","Message":"m"}"#.to_owned());
        let garbled = || good("{}");
        for (lost, creations) in [
            (vec![], 1),
            (vec![(true, Reply::Lost)], 1),
            (vec![(true, busy())], 1),
            (vec![(true, garbled())], 1),
            // Nothing was made: the same creation is sent again.
            (vec![(false, busy())], 2),
            (vec![(false, busy()), (true, Reply::Lost)], 2),
        ] {
            let (service, jobs) = losing(lost).await;
            let id = begin(&service.cx, &service.place, "audit-trail").await.unwrap();
            assert_eq!(id, "16002");
            assert_eq!(jobs.lock().unwrap().len(), 2, "one job more than before");
            let asked = service.asked("CreateDeliveryHistoryJob");
            assert_eq!(asked.len(), creations, "{asked:?}");
            assert!(asked.iter().all(|query| *query == asked[0]), "with one token: {asked:?}");
        }
    }

    #[tokio::test]
    async fn a_refusal_is_an_error_at_once() {
        let refused =
            Reply::Answer(400, r#"{"Code":"NotSupportDeliveryHistoryJob","Message":"m"}"#.to_owned());
        let (service, jobs) = losing(vec![(false, refused)]).await;
        let error = begin(&service.cx, &service.place, "audit-trail").await.unwrap_err();
        assert!(error.is_code("NotSupportDeliveryHistoryJob"), "{error}");
        assert_eq!((jobs.lock().unwrap().len(), service.asked("CreateDeliveryHistoryJob").len()), (1, 1));
    }

    #[test]
    fn import_ids() {
        let parse = HistoryDeliveryJobResource::parse_id;
        let job = parse("16602@cn-beijing").unwrap();
        assert_eq!((job.job(), job.region.as_str()), ("16602", Some("cn-beijing")));
        assert!(parse("audit-trail").unwrap_err().detail.contains("a number such as 16602"));
    }
}
