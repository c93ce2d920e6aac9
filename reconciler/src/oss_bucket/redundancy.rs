//! Converting a bucket from one zone to several in place: a task of the service that takes its time.

use std::sync::{Mutex, PoisonError};

use alibaba::Error;
use alibaba::oss::RedundancyTransition;
use alibaba::retry::Policy;

use super::Bucket;
use crate::Object;

const NO_TASK: &str = "BucketDataRedundancyTransitionTaskNotExist";
const UNDER_WAY: &str = "BucketDataRedundancyTransitionTaskAlreadyExist";

impl Bucket {
    /// Starts the conversion, or takes over one that is under way, and waits for its end as long as the operation may
    /// take.
    pub(super) async fn convert(&self) -> Result<(), Error> {
        let task = match self.conversion().await? {
            Some(task) => task,
            None => match self.oss().create_bucket_redundancy_transition(&self.name).await {
                Err(error) if error.is_code(UNDER_WAY) || error.may_have_been_applied() => {
                    self.conversion().await?.ok_or(error)?
                }
                other => other?,
            },
        };
        let told = Mutex::new(String::new());
        let look = || async { Ok((!self.is_converting(&task, &told).await?).then_some(())) };
        let what = format!("{} to be converted to ZRS", self.label());
        self.scope.client.wait(&Policy::JOB, &what, look).await.map_err(|error| match error {
            Error::WaitTimeout { what, waited } => {
                let told = told.lock().unwrap_or_else(PoisonError::into_inner);
                Error::WaitTimeout { what: format!("{what} ({told} by now)"), waited }
            }
            other => other,
        })
    }

    /// Whether the task is still under way; tells of its progress.
    async fn is_converting(&self, task: &str, told: &Mutex<String>) -> Result<bool, Error> {
        let (oss, bucket) = (self.oss(), &self.name);
        let now = match oss.get_bucket_redundancy_transition(bucket, task).await {
            // Either it is too new to be known everywhere, or somebody cleared it away when it was finished.
            Err(error) if error.is_code(NO_TASK) => {
                let info = oss.get_bucket_info(bucket).await?;
                if info.redundancy_type.as_deref() == Some("ZRS") {
                    return Ok(false);
                }
                RedundancyTransition::default()
            }
            other => other?,
        };
        let part = |text: &Option<String>, unknown: &str| text.as_deref().unwrap_or(unknown).to_owned();
        let progress = format!("{} {}%", part(&now.status, "?"), part(&now.process_percentage, "0"));
        let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
        if progress != *told {
            let hours_left = part(&now.estimated_remaining_time, "?");
            tracing::info!(bucket, progress, hours_left, "converting to ZRS");
            *told = progress;
        }
        Ok(now.is_under_way())
    }

    /// The task under way, if there is one.
    async fn conversion(&self) -> Result<Option<String>, Error> {
        match self.oss().list_bucket_redundancy_transitions(&self.name).await {
            Err(error) if error.is_code(NO_TASK) => Ok(None),
            tasks => Ok(tasks?.into_iter().find(|task| task.is_under_way()).map(|task| task.task_id)),
        }
    }
}
