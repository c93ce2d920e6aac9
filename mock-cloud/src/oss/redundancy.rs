//! Data redundancy transition, the way from LRS to ZRS: a task that waits, works and finishes by the service clock.

use http::StatusCode;
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use super::error::Error;
use super::info;
use super::request::{Answer, Request, gone, random_id};
use super::state::State;
use super::timestamp::Timestamp;
use super::{switches, xml};

/// Regions with zone-redundant storage (OSS developer guide, "Change the redundancy type of a bucket").
const ZONED_REGIONS: [&str; 11] = [
    "cn-hangzhou",
    "cn-shanghai",
    "cn-beijing",
    "cn-zhangjiakou",
    "cn-wulanchabu",
    "cn-shenzhen",
    "cn-hongkong",
    "ap-northeast-1",
    "ap-southeast-1",
    "ap-southeast-5",
    "eu-central-1",
];

/// Whether a region stores across zones.
pub(super) fn has_zones(region: &str) -> bool {
    ZONED_REGIONS.contains(&region)
}

/// A transition task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Transition {
    /// Task id, 32 lower-case hexadecimal digits.
    pub task_id: String,
    /// Queueing, Processing or Finished.
    pub status: String,
    /// When it was asked for.
    pub create_time: Timestamp,
    /// When work began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_time: Option<Timestamp>,
    /// When work ends or ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_time: Option<Timestamp>,
}

impl Transition {
    /// Whether it is not finished yet.
    pub(super) fn is_running(&self) -> bool {
        self.status != "Finished"
    }

    /// Brings the task to where it is at `now`: how long it waits and works is given. True once it is finished.
    pub(super) fn advance(&mut self, now: OffsetDateTime, wait: Duration, work: Duration) -> bool {
        let start = self.create_time.0 + wait;
        let end = start + work;
        if self.is_running() && now >= start {
            self.start_time = Some(Timestamp(start));
            self.status = "Processing".to_owned();
            if now >= end {
                self.end_time = Some(Timestamp(end));
                self.status = "Finished".to_owned();
            }
        }
        !self.is_running()
    }
}

/// How long a task waits and works.
pub(super) fn pace(value: &str) -> (Duration, Duration) {
    match value {
        "seconds" => (Duration::seconds(2), Duration::seconds(3)),
        _ => (Duration::minutes(1), Duration::hours(2)),
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Task {
    #[serde(skip_serializing_if = "Option::is_none")]
    bucket: Option<String>,
    task_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    create_time: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_time: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_time: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    process_percentage: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    estimated_remaining_time: Option<i64>,
}

const ROOT: &str = "BucketDataRedundancyTransition";

fn describe(bucket: &str, task: &Transition, now: OffsetDateTime, work: Duration) -> Task {
    let done = match (task.status.as_str(), task.start_time) {
        ("Finished", _) => Some(work),
        (_, Some(start)) => Some(now - start.0),
        _ => None,
    };
    let total = work.whole_seconds().max(1);
    let left = done.map(|done| (total - done.whole_seconds()).max(0));
    Task {
        bucket: Some(bucket.to_owned()),
        task_id: task.task_id.clone(),
        status: Some(task.status.clone()),
        create_time: Some(task.create_time),
        start_time: task.start_time,
        end_time: task.end_time,
        process_percentage: left.map(|left| (total - left) * 100 / total),
        estimated_remaining_time: left.map(|left| (left + 3599) / 3600),
    }
}

/// CreateBucketDataRedundancyTransition: one task at a time, LRS to ZRS only (OSS API reference).
pub(super) fn create(request: &mut Request<'_>) -> Answer {
    let target = request.call.param("x-oss-target-redundancy-type").unwrap_or("");
    if target != "ZRS" {
        // Assumed code: a wrong target is not documented.
        return Err(Error::argument(
            "x-oss-target-redundancy-type",
            target,
            "The target redundancy type must be ZRS.",
        ));
    }
    let now = request.call.now;
    let bucket = request.owned()?;
    if !has_zones(bucket.region()) {
        let message = "Bucket data redundancy transition is disabled.";
        return Err(Error::denied(message).ec("0052-00000101"));
    }
    if bucket.data_redundancy_type != "LRS"
        || !matches!(bucket.storage_class.as_str(), "Standard" | "IA" | "Archive")
    {
        return Err(Error::new(
            StatusCode::BAD_REQUEST,
            "BucketDataRedundancyTransitionTaskNotSupport",
            "The bucket does not support data redundancy transition.",
        ));
    }
    if bucket.redundancy_transitions.iter().any(Transition::is_running) {
        return Err(Error::new(
            StatusCode::CONFLICT,
            "BucketDataRedundancyTransitionTaskAlreadyExist",
            "A data redundancy transition task already exists for the bucket.",
        ));
    }
    let task_id = random_id();
    bucket.redundancy_transitions.push(Transition {
        task_id: task_id.clone(),
        status: "Queueing".to_owned(),
        create_time: Timestamp(now),
        start_time: None,
        end_time: None,
    });
    let answer = Task {
        bucket: None,
        task_id,
        status: None,
        create_time: None,
        start_time: None,
        end_time: None,
        process_percentage: None,
        estimated_remaining_time: None,
    };
    xml::reply(ROOT, &answer)
}

fn no_such_task() -> Error {
    Error::new(
        StatusCode::NOT_FOUND,
        "BucketDataRedundancyTransitionTaskNotExist",
        "The data redundancy transition task does not exist.",
    )
}

/// GetBucketDataRedundancyTransition.
pub(super) fn get(request: &mut Request<'_>) -> Answer {
    let (name, now) = (request.bucket, request.call.now);
    let id = request.call.param("x-oss-redundancy-transition-taskid").unwrap_or("");
    let (_, work) = pace(request.switches.get(&switches::TRANSITION_PACE));
    let bucket = request.owned()?;
    let task =
        bucket.redundancy_transitions.iter().find(|task| task.task_id == id).ok_or_else(no_such_task)?;
    xml::reply(ROOT, &describe(name, task, now, work))
}

/// DeleteBucketDataRedundancyTransition: takes back a queued task or clears a finished one.
pub(super) fn delete(request: &mut Request<'_>) -> Answer {
    let id = request.call.param("x-oss-redundancy-transition-taskid").unwrap_or("");
    let tasks = &mut request.owned()?.redundancy_transitions;
    let index = tasks.iter().position(|task| task.task_id == id).ok_or_else(no_such_task)?;
    if tasks.get(index).is_some_and(|task| task.status == "Processing") {
        return Err(Error::new(
            StatusCode::CONFLICT,
            "BucketDataRedundancyTransitionTaskStatusConflict",
            "The data redundancy transition task is being processed.",
        ));
    }
    tasks.remove(index);
    gone()
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct TaskList {
    is_truncated: bool,
    next_continuation_token: String,
    bucket_data_redundancy_transition: Vec<Task>,
}

const LIST_ROOT: &str = "ListBucketDataRedundancyTransition";

/// ListBucketDataRedundancyTransition; an empty list without tasks (assumed).
pub(super) fn list(request: &mut Request<'_>) -> Answer {
    let (name, now) = (request.bucket, request.call.now);
    let (_, work) = pace(request.switches.get(&switches::TRANSITION_PACE));
    let tasks = request.owned()?.redundancy_transitions.iter();
    let tasks = tasks.map(|task| describe(name, task, now, work)).collect();
    let list = TaskList {
        is_truncated: false,
        next_continuation_token: String::new(),
        bucket_data_redundancy_transition: tasks,
    };
    xml::reply(LIST_ROOT, &list)
}

/// ListUserDataRedundancyTransition: the tasks of all buckets of the caller, paged by an opaque token.
pub(super) fn list_account(request: &mut Request<'_>) -> Answer {
    let limit = info::limit(request.call.param("max-keys"), 100, 100)?;
    let after = request.call.param("continuation-token").unwrap_or("");
    let (_, work) = pace(request.switches.get(&switches::TRANSITION_PACE));
    let (account, now) = (request.account(), request.call.now);
    let state: &State = request.state;
    let buckets = state.buckets.iter().filter(|(_, bucket)| bucket.owner == account);
    let tasks = buckets.flat_map(|(name, bucket)| {
        bucket.redundancy_transitions.iter().map(move |task| (format!("{name}:{}", task.task_id), name, task))
    });
    let mut tasks: Vec<_> = tasks.filter(|(token, ..)| token.as_str() > after).collect();
    tasks.sort_by(|one, other| one.0.cmp(&other.0));
    let is_truncated = tasks.len() > limit;
    tasks.truncate(limit);
    let next = tasks.last().filter(|_| is_truncated).map(|(token, ..)| token.clone()).unwrap_or_default();
    let list = TaskList {
        is_truncated,
        next_continuation_token: next,
        bucket_data_redundancy_transition: tasks
            .into_iter()
            .map(|(_, name, task)| describe(name, task, now, work))
            .collect(),
    };
    xml::reply(LIST_ROOT, &list)
}
