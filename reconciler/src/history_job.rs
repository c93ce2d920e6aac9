//! A delivery of the events of the last 90 days to the logstore of a trail. The service has failed jobs and jobs that are
//! not done; a job counts as created when it is done.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use alibaba::Error;
use alibaba::actiontrail::HistoryJob as Described;
use alibaba::actiontrail::history::{CreationToken, DONE, FAILED};
use alibaba::retry::Policy;

use crate::{Deletion, Failure, Freshness, Object, Phase, Scope};

/// One job: of a trail, and of an id once it has one. The service knows a repeated creation by its token; a job whose creation
/// cannot be repeated any more (after a cancellation, or when the service stays away too long) is found in the list, as the
/// one that was not there before.
#[derive(Debug)]
pub struct HistoryJob {
    scope: Scope,
    trail: String,
    id: OnceLock<String>,
    token: CreationToken,
    /// The jobs before the creation, once somebody has looked; `None` if they could not be listed.
    before: OnceLock<Option<BTreeSet<String>>>,
}

impl HistoryJob {
    /// The job of this id, or a new one of this trail.
    #[must_use]
    pub fn new(scope: Scope, trail: String, id: Option<String>) -> Self {
        let id = id.map(OnceLock::from).unwrap_or_default();
        Self { scope, trail, id, token: CreationToken::default(), before: OnceLock::new() }
    }

    /// The trail that it is of.
    #[must_use]
    pub fn trail(&self) -> &str {
        &self.trail
    }

    /// The token makes all creations of this object one job.
    fn is_made(&self, id: String) -> Described {
        let id = self.id.get_or_init(|| id).clone();
        Described { job_id: id, trail_name: self.trail.clone(), ..Described::default() }
    }

    /// Whether it is this object that creates it.
    fn is_created_here(&self) -> bool {
        self.before.get().is_some()
    }

    /// The ids of the jobs of the trail.
    async fn list(&self, scope: &Scope) -> Result<BTreeSet<String>, Error> {
        let jobs = scope.client.actiontrail(&scope.region).list_delivery_history_jobs().await?;
        Ok(jobs.into_iter().filter(|job| job.trail_name == self.trail).map(|job| job.job_id).collect())
    }
}

impl Object for HistoryJob {
    type Settings = Described;
    type Step = ();

    /// A job may take hours.
    const WRITTEN: Policy = Policy::JOB;
    /// A job at work cannot be deleted until it has ended.
    const DELETED: Policy = Policy::JOB;

    fn label(&self) -> String {
        match self.id.get() {
            Some(id) if self.trail.is_empty() => format!("history delivery job {id}"),
            _ => format!("history delivery job of trail {:?}", self.trail),
        }
    }

    fn scope(&self) -> &Scope {
        &self.scope
    }

    async fn describe(&self, scope: &Scope, _freshness: Freshness) -> Result<Option<Described>, Error> {
        let Some(id) = self.id.get() else { return Ok(None) };
        match scope.client.actiontrail(&scope.region).get_delivery_history_job(id).await {
            Err(error) if error.is_not_found() => Ok(None),
            other => other.map(Some),
        }
    }

    /// Jobs have no name that could be taken. Which ones there are tells which one an unanswered creation made; that is best
    /// effort.
    async fn find(&self) -> Result<Option<Described>, Failure> {
        let before = self.list(&self.scope).await.ok();
        self.before.get_or_init(|| before);
        Ok(None)
    }

    fn accept_reached(&self, seen: &Described) -> Result<(), Failure> {
        if seen.job_status == Some(FAILED) {
            let regions = seen.failed_regions().into_iter().map(str::to_owned).collect();
            return Err(Failure::JobFailed { id: seen.job_id.clone(), regions });
        }
        Ok(())
    }

    async fn create(&self) -> Result<Described, Error> {
        let service = self.scope.client.actiontrail(&self.scope.region);
        service.create_delivery_history_job(&self.trail, &self.token).await.map(|id| self.is_made(id))
    }

    async fn find_unanswered(&self, scope: &Scope) -> Result<Option<Described>, Error> {
        let Some(Some(before)) = self.before.get() else { return Ok(None) };
        let new = self.list(scope).await?.difference(before).next().cloned();
        Ok(new.map(|id| self.is_made(id)))
    }

    /// A job that runs is open until it has ended; there is nothing to send.
    fn open(&self, now: &Described) -> Vec<()> {
        if !self.is_created_here() || matches!(now.job_status, Some(DONE | FAILED)) {
            Vec::new()
        } else {
            vec![()]
        }
    }

    async fn send(&self, _step: (), _now: &Described) -> Result<(), Error> {
        Ok(())
    }

    fn reach(&self, _step: (), _now: &mut Described) {}

    fn passes(&self, phase: Phase, _step: Option<()>, error: &Error) -> bool {
        phase == Phase::Delete && error.is_code("ServiceUnavailable")
    }

    async fn delete(&self) -> Result<Deletion, Error> {
        let service = self.scope.client.actiontrail(&self.scope.region);
        let id = self.id.get().map(String::as_str).unwrap_or_default();
        service.delete_delivery_history_job(id).await.map(|()| Deletion::Done)
    }
}
