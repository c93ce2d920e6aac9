//! `alitrail_history_delivery_job`: the events of the last 90 days, delivered to the logstore of a trail, once.
//!
//! The service has failed jobs and jobs that are not done; here a job counts as created when it is done.

mod model;

use alibaba::actiontrail::HistoryJob as Described;
use plugin::{Diagnostic, Diagnostics};
use reconciler::failure::Operation;
use reconciler::history_job::HistoryJob;
use reconciler::{Failure, Object, Problem, Scope};

use crate::failed_call::failed_call;
use crate::reconciled::{Reconcile, Reconciled};
use crate::resource_scope;
pub use model::HistoryDeliveryJobModel;

/// The resource.
pub type HistoryDeliveryJobResource = Reconcile<Declaration>;

/// What Terraform needs to know about it.
#[derive(Debug)]
pub struct Declaration;

impl Reconciled for Declaration {
    type Model = HistoryDeliveryJobModel;
    type Object = HistoryJob;
    const TYPE: &'static str = "alitrail_history_delivery_job";
    const NAMES_UNIQUE_WITHIN: &'static [&'static str] = &["account_id"];
    const DESCRIPTION: &'static str = "Delivers the events of the last 90 days to the logstore of a trail, once. The resource \
        is created when the job is done; raise `timeouts { create }` for accounts with many events. An account runs one job \
        at a time, and the vendor admits accounts to the feature on request. Destroying the resource deletes the job and \
        leaves what it delivered.";

    fn object(model: &HistoryDeliveryJobModel, scope: Scope) -> HistoryJob {
        HistoryJob::new(scope, model.trail().to_owned(), model.scope.global.id.get().cloned())
    }

    fn settings(model: &HistoryDeliveryJobModel) -> Described {
        Described {
            job_id: model.job().to_owned(),
            trail_name: model.trail().to_owned(),
            ..Described::default()
        }
    }

    fn read_from(
        model: &HistoryDeliveryJobModel,
        seen: &Described,
        _scope: &Scope,
    ) -> HistoryDeliveryJobModel {
        model.read_from(seen)
    }

    fn explain(object: &HistoryJob, doing: Operation, problem: &Problem) -> Option<Diagnostics> {
        let label = object.label();
        let doing = if label.contains("of trail") {
            format!("{doing} the {label}")
        } else {
            format!("{doing} {label}")
        };
        match &problem.failure {
            Failure::JobFailed { id, regions } => Some(failed(&doing, object.trail(), id, regions)),
            Failure::Call(error) => Some(failed_call(doing, error)),
            _ => None,
        }
    }

    fn parse_id(id: &str) -> Result<HistoryDeliveryJobModel, Diagnostic> {
        let model: HistoryDeliveryJobModel = resource_scope::model_of_id(id)?;
        let job = model.job();
        if !job.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Diagnostic::error(
                "Invalid import id",
                format!("{job:?} is not the id of a history delivery job, which is a number such as 16602."),
            ));
        }
        Ok(model)
    }
}

fn failed(doing: &str, trail: &str, id: &str, regions: &[String]) -> Diagnostics {
    let regions = match regions {
        [] => "The service does not say in which region.".to_owned(),
        regions => format!("It failed in {}.", regions.join(", ")),
    };
    Diagnostic::error(
        format!("Could not {doing}"),
        format!(
            "Job {id} of trail {trail:?} has failed. {regions} Check that the SLS project of the trail exists and still has the \
             logstore actiontrail_{trail}, then apply again: the failed job is replaced by a new one."
        ),
    )
    .into()
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use plugin::Resource;

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
                "GetDeliveryHistoryJob" => {
                    let id = query.split("JobId=").nth(1).unwrap().split('&').next().unwrap();
                    good(format!(r#"{{"JobId":{id},"TrailName":"audit-trail","JobStatus":2}}"#))
                }
                other => panic!("{other} is not called"),
            }
        })
        .await;
        (service, jobs)
    }

    async fn created(service: &Service) -> Result<String, Failure> {
        let job = HistoryJob::new(service.scope.clone(), "audit-trail".to_owned(), None);
        let created = reconciler::create(&job, &|_| {}).await;
        created.map(|job| job.job_id).map_err(|mut failed| failed.problems.remove(0).failure)
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
            let id = created(&service).await.unwrap();
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
        let error = created(&service).await.unwrap_err();
        assert!(error.to_string().contains("NotSupportDeliveryHistoryJob"), "{error}");
        assert_eq!((jobs.lock().unwrap().len(), service.asked("CreateDeliveryHistoryJob").len()), (1, 1));
    }

    #[test]
    fn import_ids() {
        let parse = HistoryDeliveryJobResource::parse_id;
        let job = parse("16602@cn-beijing").unwrap();
        assert_eq!((job.job(), job.scope.region.as_str()), ("16602", Some("cn-beijing")));
        assert!(parse("audit-trail").unwrap_err().detail.contains("a number such as 16602"));
    }
}
