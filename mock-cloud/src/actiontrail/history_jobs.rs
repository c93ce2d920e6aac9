//! History delivery jobs: the events of the last 90 days into the logstore of a trail. A job takes two minutes of the
//! service clock (assumed).

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

use super::{delivery, destinations, home_of, lookup, trail_mut};
use crate::cloud::CloudState;
use crate::http::Call;
use crate::rpc::{self, Error, Outcome};
use crate::sls::Log;
use crate::switches::Switch;

/// Whether accounts may use the feature.
pub(super) const HISTORY_JOBS: Switch = Switch {
    name: "history_jobs",
    values: &["supported", "refused"],
    doc: "CreateDeliveryHistoryJob works, or answers NotSupportDeliveryHistoryJob as for accounts that are not admitted.",
    source: "The feature is open to admitted accounts only; real accounts have met the refusal.",
};

/// How long a job prepares, and when it is done.
const PREPARES: Duration = Duration::seconds(10);
const DONE: Duration = Duration::minutes(2);
/// Ids begin after this one.
const FIRST_ID: u64 = 16_000;

/// A job.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Job {
    /// The trail whose logstore it fills.
    pub trail_name: String,
    /// Region of the trail.
    pub home_region: String,
    /// The token that makes the creation repeatable.
    #[serde(default)]
    pub client_token: String,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_time: OffsetDateTime,
    /// Whether its events have been delivered.
    #[serde(default)]
    pub delivered: bool,
    /// Whether they could not be.
    #[serde(default)]
    pub failed: bool,
}

impl Job {
    /// 0 initialising, 1 running, 2 done, 3 failed.
    fn status(&self, now: OffsetDateTime) -> u8 {
        match now - self.created_time {
            _ if self.failed => 3,
            age if self.delivered || age >= DONE => 2,
            age if age >= PREPARES => 1,
            _ => 0,
        }
    }
}

/// Whether a job of an account is at work for a trail, or for any.
pub(super) fn is_running(
    cloud: &CloudState,
    account: &str,
    trail: Option<&str>,
    now: OffsetDateTime,
) -> bool {
    let jobs =
        cloud.accounts.get(account).into_iter().flat_map(|state| state.actiontrail.history_jobs.values());
    jobs.filter(|job| trail.is_none_or(|name| job.trail_name == name)).any(|job| job.status(now) < 2)
}

/// Delivers for the jobs that are done. One whose logstore cannot be reached then has failed (assumed).
pub(super) fn advance(cloud: &mut CloudState, now: OffsetDateTime) {
    let mut due = Vec::new();
    for (account, state) in &mut cloud.accounts {
        for (id, job) in &mut state.actiontrail.history_jobs {
            if !job.delivered && !job.failed && now - job.created_time >= DONE {
                job.delivered = true;
                due.push((account.clone(), *id, job.clone()));
            }
        }
    }
    for (account, id, job) in due {
        let Ok(trail) = trail_mut(cloud, &account, &job.home_region, &job.trail_name).cloned() else {
            continue;
        };
        if destinations::reach_logstore(cloud, &account, &job.trail_name, &trail).is_err() {
            let jobs = cloud.accounts.get_mut(&account).map(|state| &mut state.actiontrail.history_jobs);
            if let Some(job) = jobs.and_then(|jobs| jobs.get_mut(&id)) {
                (job.delivered, job.failed) = (false, true);
            }
            continue;
        }
        let oldest = job.created_time - Duration::days(90);
        let events = cloud.events.iter().filter(|event| {
            event.account == account && event.time >= oldest && event.time < job.created_time
        });
        let logs: Vec<Log> = events.map(|event| delivery::log(&event.value)).collect();
        delivery::append(cloud, &trail, &job.trail_name, logs);
    }
}

pub(super) fn create(cloud: &mut CloudState, call: &Call) -> Outcome {
    let name = rpc::required(call, "TrailName")?;
    if cloud.switches.is(&HISTORY_JOBS, "refused") {
        let message = "The account does not support history delivery jobs.";
        return Err(Error::new(400, "NotSupportDeliveryHistoryJob", message));
    }
    let home = home_of(cloud, call, name)?;
    let account = call.caller.account.clone();
    let trail = trail_mut(cloud, &account, &home, name)?;
    if trail.sls_project_arn.is_empty() || trail.is_organization_trail {
        let message = "History is delivered to the log project of a single-account trail only.";
        return Err(Error::new(400, "NotSupportDeliveryHistoryJob", message));
    }
    let token = rpc::text(call, "ClientToken").unwrap_or("").to_owned();
    if token.len() > 64 || !token.is_ascii() {
        return Err(Error::new(400, "InvalidQueryParameter", "ClientToken has at most 64 ASCII characters."));
    }
    let running = is_running(cloud, &account, None, call.now);
    let jobs = &mut cloud.accounts.entry(account).or_default().actiontrail.history_jobs;
    if let Some((id, _)) = jobs.iter().find(|(_, job)| !token.is_empty() && job.client_token == token) {
        return Ok(json!({ "JobId": id }));
    }
    if running {
        let message = "Another history delivery job of the account is running.";
        return Err(Error::new(400, "MaximumNumberOfDeliveryHistoryJobsExceededException", message));
    }
    let id = jobs.keys().max().copied().unwrap_or(FIRST_ID) + 1;
    let job = Job {
        trail_name: name.to_owned(),
        home_region: home,
        client_token: token,
        created_time: call.now,
        delivered: false,
        failed: false,
    };
    jobs.insert(id, job);
    Ok(json!({ "JobId": id }))
}

pub(super) fn get(cloud: &mut CloudState, call: &Call) -> Outcome {
    let (id, job) = find(cloud, call)?;
    let mut element = describe(id, &job, call.now);
    element["Status"] = json!([{ "Region": job.home_region, "Status": job.status(call.now) }]);
    Ok(element)
}

pub(super) fn list(cloud: &mut CloudState, call: &Call) -> Outcome {
    let page = lookup::page_size(call, "PageNumber", 1_000_000, 1)?;
    let size = lookup::page_size(call, "PageSize", 100, 20)?;
    let jobs = cloud.accounts.get(&call.caller.account).map(|state| &state.actiontrail.history_jobs);
    let all = jobs.into_iter().flatten().rev().map(|(id, job)| describe(*id, job, call.now));
    let all: Vec<Value> = all.collect();
    let total = all.len();
    let jobs: Vec<Value> = all.into_iter().skip((page - 1) * size).take(size).collect();
    Ok(json!({ "DeliveryHistoryJobs": jobs, "TotalCount": total, "PageNumber": page, "PageSize": size }))
}

/// A job at work cannot be removed yet (assumed; the code is documented for the action).
pub(super) fn delete(cloud: &mut CloudState, call: &Call) -> Outcome {
    let (id, job) = find(cloud, call)?;
    if job.status(call.now) == 1 {
        return Err(Error::new(503, "ServiceUnavailable", "The job is running; try again later."));
    }
    let jobs = cloud.accounts.get_mut(&call.caller.account).map(|state| &mut state.actiontrail.history_jobs);
    jobs.and_then(|jobs| jobs.remove(&id));
    Ok(json!({}))
}

fn find(cloud: &CloudState, call: &Call) -> Result<(u64, Job), Error> {
    let id = rpc::required(call, "JobId")?;
    let id: u64 =
        id.parse().map_err(|_| Error::new(400, "InvalidQueryParameter", "JobId must be a number."))?;
    let jobs = cloud.accounts.get(&call.caller.account).map(|state| &state.actiontrail.history_jobs);
    jobs.and_then(|jobs| jobs.get(&id)).map(|job| (id, job.clone())).ok_or_else(|| {
        Error::new(404, "DeliveryHistoryJobNotFound", "The specified history delivery job does not exist.")
    })
}

fn describe(id: u64, job: &Job, now: OffsetDateTime) -> Value {
    let status = job.status(now);
    let mut element = json!({
        "JobId": id,
        "TrailName": job.trail_name,
        "HomeRegion": job.home_region,
        "JobStatus": status,
        "CreatedTime": rpc::timestamp(job.created_time),
        "UpdatedTime": rpc::timestamp(now.min(job.created_time + DONE)),
    });
    if status >= 1 {
        element["StartTime"] = json!(rpc::timestamp(job.created_time + PREPARES));
    }
    if status >= 2 {
        element["EndTime"] = json!(rpc::timestamp(job.created_time + DONE));
    }
    element
}
