//! Converting a bucket from one zone to several (LRS to ZRS): an asynchronous task, and the only way.

use http::Method;

use super::call::{Call, Oss};
use crate::error::Error;
use crate::xml::{Element, XmlError};

/// A conversion task.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RedundancyTransition {
    /// Its id.
    pub task_id: String,
    /// `Queueing`, `Processing` or `Finished`.
    pub status: Option<String>,
    /// When it was asked for.
    pub create_time: Option<String>,
    /// When it began.
    pub start_time: Option<String>,
    /// When it ended.
    pub end_time: Option<String>,
    /// How much is done, in percent.
    pub process_percentage: Option<String>,
    /// How many hours are left, as the service guesses.
    pub estimated_remaining_time: Option<String>,
}

impl RedundancyTransition {
    fn read(task: &Element) -> Result<Self, XmlError> {
        Ok(Self {
            task_id: task.required("TaskId")?,
            status: task.text("Status"),
            create_time: task.text("CreateTime"),
            start_time: task.text("StartTime"),
            end_time: task.text("EndTime"),
            process_percentage: task.text("ProcessPercentage"),
            estimated_remaining_time: task.text("EstimatedRemainingTime"),
        })
    }

    /// Whether the bucket is still being converted.
    pub fn is_under_way(&self) -> bool {
        self.status.as_deref() != Some("Finished")
    }
}

const LIST: &str = "ListBucketDataRedundancyTransition";
const TRANSITION: &str = "BucketDataRedundancyTransition";

const TASK_ID: &str = "x-oss-redundancy-transition-taskid";

/// A page of tasks that follows the token `before`, and the token of the next. One page is the rule: then the paging is
/// left out.
fn read_list(
    root: &Element,
    before: Option<&str>,
) -> Result<(Vec<RedundancyTransition>, Option<String>), XmlError> {
    let tasks = root.all(TRANSITION).map(RedundancyTransition::read).collect::<Result<_, _>>()?;
    if root.truth("IsTruncated") != Some(true) {
        return Ok((tasks, None));
    }
    let next = root.required("NextContinuationToken")?;
    if before == Some(next.as_str()) {
        return Err(XmlError::of("NextContinuationToken", "leads to no further page"));
    }
    Ok((tasks, Some(next)))
}

impl Oss {
    /// Asks for the conversion to ZRS; gives the id of the task. One task per bucket at a time.
    pub async fn create_bucket_redundancy_transition(&self, bucket: &str) -> Result<String, Error> {
        let call = Call::new("CreateBucketDataRedundancyTransition", Method::POST, Some(bucket))
            .once()
            .query("redundancyTransition", "")
            .query("x-oss-target-redundancy-type", "ZRS");
        let answer = self.write(call).await?;
        self.session.read_xml(answer, TRANSITION, |root| root.required("TaskId")).await
    }

    /// A task by its id.
    pub async fn get_bucket_redundancy_transition(
        &self,
        bucket: &str,
        task_id: &str,
    ) -> Result<RedundancyTransition, Error> {
        let call = Call::get("GetBucketDataRedundancyTransition", bucket)
            .query("redundancyTransition", "")
            .query(TASK_ID, task_id);
        let asked = task_id.to_owned();
        self.read(call, TRANSITION, move |root| {
            root.is_about("TaskId", &asked)?;
            RedundancyTransition::read(root)
        })
        .await
    }

    /// The tasks of the bucket.
    pub async fn list_bucket_redundancy_transitions(
        &self,
        bucket: &str,
    ) -> Result<Vec<RedundancyTransition>, Error> {
        let mut tasks = Vec::new();
        let mut token: Option<String> = None;
        loop {
            let mut call = Call::get(LIST, bucket).query("redundancyTransition", "");
            if let Some(token) = &token {
                call = call.query("continuation-token", token);
            }
            let before = token.take();
            let (page, next) = self.read(call, LIST, move |root| read_list(root, before.as_deref())).await?;
            tasks.extend(page);
            match next {
                Some(next) => token = Some(next),
                None => return Ok(tasks),
            }
        }
    }
}
