//! History delivery jobs: the events of the last 90 days, delivered to the logstore of a trail.

use serde::Deserialize;

use super::call::{ActionTrail, action};
use crate::core::answer::{Answer, Unexpected, is_last, listed, named, names};
use crate::core::lenient;
use crate::core::request::Idempotency;
use crate::core::rpc::Action;
use crate::error::Error;
use crate::sign::Pairs;

// Repeatable because of the token: the service answers a repetition with the job that it made.
const CREATE: Action = action("CreateDeliveryHistoryJob", Idempotency::Repeatable, 5);
const GET: Action = action("GetDeliveryHistoryJob", Idempotency::Read, 10);
const LIST: Action = action("ListDeliveryHistoryJobs", Idempotency::Read, 10);
const DELETE: Action = action("DeleteDeliveryHistoryJob", Idempotency::Repeatable, 5);

/// A job.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct HistoryJob {
    /// Its id, a number.
    #[serde(deserialize_with = "lenient::text")]
    pub job_id: String,
    /// The trail whose logstore it fills.
    #[serde(deserialize_with = "lenient::text")]
    pub trail_name: String,
    /// Home region of the trail.
    #[serde(deserialize_with = "lenient::text_or_unset")]
    pub home_region: Option<String>,
    /// 0 initialising, 1 running, 2 done, 3 failed.
    #[serde(deserialize_with = "lenient::number_or_unset")]
    pub job_status: Option<i64>,
    /// How it goes in each region.
    #[serde(rename = "Status", deserialize_with = "lenient::list")]
    pub regions: Vec<RegionProgress>,
    /// When it was made.
    #[serde(deserialize_with = "lenient::text_or_unset")]
    pub created_time: Option<String>,
    /// When it began.
    #[serde(deserialize_with = "lenient::text_or_unset")]
    pub start_time: Option<String>,
    /// When it ended.
    #[serde(deserialize_with = "lenient::text_or_unset")]
    pub end_time: Option<String>,
}

/// How a job goes in a region.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct RegionProgress {
    /// The region.
    #[serde(deserialize_with = "lenient::text")]
    pub region: String,
    /// As of the job.
    #[serde(deserialize_with = "lenient::number_or_unset")]
    pub status: Option<i64>,
}

/// What tells one creation of a job from another, however often it is sent.
#[derive(Debug, Clone)]
pub struct CreationToken(String);

impl Default for CreationToken {
    fn default() -> Self {
        Self(uuid::Uuid::new_v4().simple().to_string())
    }
}

/// What [`HistoryJob::job_status`] says of a job that is done.
pub const DONE: i64 = 2;
/// What it says of one that failed.
pub const FAILED: i64 = 3;

/// How many jobs a page may hold.
const PAGE: usize = 100;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Created {
    #[serde(deserialize_with = "lenient::text")]
    job_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Page {
    #[serde(default, deserialize_with = "lenient::list_or_unset")]
    delivery_history_jobs: Option<Vec<HistoryJob>>,
    /// How many there are on all pages.
    #[serde(default, deserialize_with = "lenient::number_or_unset")]
    total_count: Option<i64>,
}

impl Answer for HistoryJob {
    fn check(&self, asked: &str) -> Result<(), Unexpected> {
        names("JobId", &self.job_id, asked)?;
        named("TrailName", &self.trail_name)
    }
}

impl Answer for Created {
    fn check(&self, _: &str) -> Result<(), Unexpected> {
        named("JobId", &self.job_id)
    }
}

impl Answer for Page {
    fn check(&self, _: &str) -> Result<(), Unexpected> {
        listed("DeliveryHistoryJobs", self.delivery_history_jobs.as_ref(), "JobId", |job| &job.job_id)
    }
}

impl HistoryJob {
    /// The regions in which it failed.
    pub fn failed_regions(&self) -> Vec<&str> {
        let failed = self.regions.iter().filter(|region| region.status == Some(FAILED));
        failed.map(|region| region.region.as_str()).collect()
    }
}

impl ActionTrail {
    /// Begins to deliver the history of an account to the logstore of a trail; gives the id of the job. Called again with
    /// the same token, it gives the id of the job that it made.
    pub async fn create_delivery_history_job(
        &self,
        trail: &str,
        token: &CreationToken,
    ) -> Result<String, Error> {
        let parameters =
            vec![("TrailName".to_owned(), trail.to_owned()), ("ClientToken".to_owned(), token.0.clone())];
        let created: Created = self.write(CREATE, trail, parameters, trail).await?;
        Ok(created.job_id)
    }

    /// A job.
    pub async fn get_delivery_history_job(&self, id: &str) -> Result<HistoryJob, Error> {
        self.read(GET, job(id), id).await
    }

    /// All jobs of the account in the region, without their regions.
    pub async fn list_delivery_history_jobs(&self) -> Result<Vec<HistoryJob>, Error> {
        let mut jobs = Vec::new();
        for page in 1_u32.. {
            let parameters =
                vec![("PageNumber".to_owned(), page.to_string()), ("PageSize".to_owned(), PAGE.to_string())];
            let page: Page = self.read(LIST, parameters, "").await?;
            let found = page.delivery_history_jobs.unwrap_or_default();
            let got = found.len();
            jobs.extend(found);
            if is_last(got, PAGE, jobs.len(), page.total_count) {
                break;
            }
        }
        Ok(jobs)
    }

    /// Deletes a job. What it delivered stays. The service answers 503 while the job is at work.
    pub async fn delete_delivery_history_job(&self, id: &str) -> Result<(), Error> {
        self.read::<serde::de::IgnoredAny>(DELETE, job(id), id).await.map(drop)
    }
}

fn job(id: &str) -> Pairs {
    vec![("JobId".to_owned(), id.to_owned())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_that_failed_names_its_regions() {
        let job: HistoryJob = serde_json::from_str(
            r#"{"RequestId":"R","JobId":16602,"TrailName":"audit-trail","JobStatus":3,"Status":[
                {"Region":"cn-beijing","Status":2},{"Region":"cn-hangzhou","Status":3}],"Future":{}}"#,
        )
        .unwrap();
        assert_eq!((job.job_id.as_str(), job.job_status), ("16602", Some(FAILED)));
        assert_eq!(job.failed_regions(), ["cn-hangzhou"]);
    }
}
