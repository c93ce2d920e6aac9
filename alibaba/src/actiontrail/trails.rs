//! Trails, their logging, and the regions there are.

use std::sync::Arc;
use std::time::Duration;

use super::call::{API, ActionTrail, action, named};
use super::types::{self, CreatedTrail, DescribeTrails, Region, Trail, TrailSettings, TrailStatus};
use crate::core::request::Idempotency;
use crate::core::rpc::{Action, Verb};
use crate::error::Error;

const CREATE_TRAIL: Action = action("CreateTrail", Idempotency::Once, 5);
const UPDATE_TRAIL: Action = action("UpdateTrail", Idempotency::Repeatable, 5);
const DELETE_TRAIL: Action = action("DeleteTrail", Idempotency::Repeatable, 5);
const START_LOGGING: Action = action("StartLogging", Idempotency::Repeatable, 5);
// The API describes this one, alone among the writes, as GET only.
const STOP_LOGGING: Action = Action {
    name: "StopLogging",
    method: Verb::Get,
    idempotency: Idempotency::Repeatable,
    per_second: Some(5),
};
const DESCRIBE_TRAILS: Action = action("DescribeTrails", Idempotency::Read, 100);
const GET_TRAIL_STATUS: Action = action("GetTrailStatus", Idempotency::Read, 100);
const DESCRIBE_REGIONS: Action = action("DescribeRegions", Idempotency::Read, 100);

impl ActionTrail {
    /// Makes a trail, whose home is this region. It does not log yet: see [`ActionTrail::start_logging`].
    ///
    /// Must not happen twice: [`Error::LostAnswer`] means that the trail may be there.
    pub async fn create_trail(
        &self,
        settings: &TrailSettings,
        organization: bool,
    ) -> Result<CreatedTrail, Error> {
        let mut parameters = settings.set_parameters();
        if organization {
            parameters.push(("IsOrganizationTrail".to_owned(), "true".to_owned()));
        }
        self.session.creates(API.service, &settings.name);
        self.write(CREATE_TRAIL, &settings.name, parameters, &settings.name).await
    }

    /// Gives a trail exactly these settings; what is unset is cleared. The answer has the settings as they are now, but
    /// neither status nor times.
    pub async fn update_trail(&self, settings: &TrailSettings) -> Result<Trail, Error> {
        self.write(UPDATE_TRAIL, &settings.name, settings.all_parameters(), &settings.name).await
    }

    /// Deletes a trail. What it delivered stays.
    pub async fn delete_trail(&self, name: &str) -> Result<(), Error> {
        self.write::<serde::de::IgnoredAny>(DELETE_TRAIL, name, named(name), name).await.map(drop)
    }

    /// Makes a trail log.
    pub async fn start_logging(&self, name: &str) -> Result<(), Error> {
        self.write::<serde::de::IgnoredAny>(START_LOGGING, name, named(name), name).await.map(drop)
    }

    /// Makes a trail stop logging.
    pub async fn stop_logging(&self, name: &str) -> Result<(), Error> {
        self.write::<serde::de::IgnoredAny>(STOP_LOGGING, name, named(name), name).await.map(drop)
    }

    /// All trails of the region. Callers at the same time share one request, which never began before our last write.
    pub async fn describe_trails(&self, which: DescribeTrails) -> Result<Arc<Vec<Trail>>, Error> {
        self.described_trails(which, Duration::ZERO).await
    }

    /// The same, content with an answer that is at most this old, so that a refresh of hundreds of trails one after
    /// another asks once. Never one from before our last write.
    pub async fn described_trails(
        &self,
        which: DescribeTrails,
        at_most: Duration,
    ) -> Result<Arc<Vec<Trail>>, Error> {
        let (session, region) = (self.session.detached(), self.region.clone());
        let read = self.reads.recent((region.clone(), which), at_most, || async move {
            let parameters = which.parameters();
            let answer = API.call(&session, Some(&region), DESCRIBE_TRAILS, parameters).await?;
            let list: types::TrailList = session.read_json(answer, "").await?;
            Ok(list.trail_list.unwrap_or_default())
        });
        self.session.scope.limit(API.service, DESCRIBE_TRAILS.name, read).await
    }

    /// Whether a trail logs, and how its deliveries go.
    pub async fn get_trail_status(&self, name: &str, organization: bool) -> Result<TrailStatus, Error> {
        let mut parameters = named(name);
        if organization {
            parameters.push(("IsOrganizationTrail".to_owned(), "true".to_owned()));
        }
        self.read(GET_TRAIL_STATUS, parameters, name).await
    }

    /// The regions that ActionTrail works in.
    pub async fn describe_regions(&self) -> Result<Vec<Region>, Error> {
        let regions: types::Regions = self.read(DESCRIBE_REGIONS, Vec::new(), "").await?;
        Ok(regions.regions.region.unwrap_or_default())
    }
}
