//! Converting a bucket from one zone to several in place: a task of the service that takes its time.

use std::time::{Duration, Instant};

use alibaba::Error;
use alibaba::oss::RedundancyTransition;
use plugin::Diagnostics;

use super::calls::Buckets;
use crate::fault::fault_at;

const NO_TASK: &str = "BucketDataRedundancyTransitionTaskNotExist";
const UNDER_WAY: &str = "BucketDataRedundancyTransitionTaskAlreadyExist";

impl Buckets<'_> {
    /// Starts the conversion, or takes over one that is under way, and waits for its end as long as the operation may
    /// take.
    pub(super) async fn convert(&self) -> Result<(), Error> {
        let (oss, bucket) = (self.oss(), self.model.name());
        let task = match self.conversion().await? {
            Some(task) => task,
            None => match oss.create_bucket_redundancy_transition(bucket).await {
                Err(error) if error.is_code(UNDER_WAY) || error.may_have_been_applied() => {
                    self.conversion().await?.ok_or(error)?
                }
                other => other?,
            },
        };
        let begun = Instant::now();
        let mut pause = Duration::from_millis(200);
        let mut told = String::new();
        loop {
            let now = match oss.get_bucket_redundancy_transition(bucket, &task).await {
                // Either it is too new to be known everywhere, or somebody cleared it away when it was finished.
                Err(error) if error.is_code(NO_TASK) => {
                    let info = oss.get_bucket_info(bucket).await?;
                    if info.redundancy_type.as_deref() == Some("ZRS") {
                        return Ok(());
                    }
                    RedundancyTransition::default()
                }
                other => other?,
            };
            let part = |text: &Option<String>, unknown: &str| text.as_deref().unwrap_or(unknown).to_owned();
            let progress = format!("{} {}%", part(&now.status, "?"), part(&now.process_percentage, "0"));
            if progress != told {
                let hours_left = part(&now.estimated_remaining_time, "?");
                tracing::info!(bucket, progress, hours_left, "converting to ZRS");
                told = progress;
            }
            if !now.is_under_way() {
                return Ok(());
            }
            if Instant::now() + pause >= self.cx.deadline() {
                let what = format!("{} to be converted to ZRS ({told} by now)", self.model.label());
                return Err(Error::WaitTimeout { what, waited: begun.elapsed() });
            }
            self.rest(&mut pause).await?;
        }
    }

    /// The task under way, if there is one.
    async fn conversion(&self) -> Result<Option<String>, Error> {
        match self.oss().list_bucket_redundancy_transitions(self.model.name()).await {
            Err(error) if error.is_code(NO_TASK) => Ok(None),
            tasks => Ok(tasks?.into_iter().find(|task| task.is_under_way()).map(|task| task.task_id)),
        }
    }

    /// The error of a conversion that failed, or is not done.
    pub(super) fn conversion_fault(&self, error: &Error) -> Diagnostics {
        let doing = format!("convert {} to ZRS", self.model.label());
        let mut diagnostics = fault_at(doing, error, "redundancy_type");
        let goes_on = matches!(error, Error::WaitTimeout { .. } | Error::DeadlineExceeded { .. });
        for diagnostic in diagnostics.0.iter_mut().filter(|_| goes_on || error.is_cancelled()) {
            diagnostic.detail.push_str(
                "\nThe service goes on converting, and the bucket stays usable. Apply again later: a conversion under way \
                 is waited for, never started twice. To wait longer, raise timeouts.update; large buckets take hours.",
            );
        }
        diagnostics
    }
}
