//! ActionTrail in one region: how its calls are sent.

use std::sync::Arc;

use super::types::{DescribeTrails, Trail};
use crate::coalesce::Coalescer;
use crate::core::answer::Answer;
use crate::core::request::Idempotency;
use crate::core::rpc::{Action, Api, Verb};
use crate::core::session::Session;
use crate::endpoint::Service;
use crate::error::Error;
use crate::sign::Pairs;

pub(super) const API: Api = Api { service: Service::ActionTrail, version: "2020-07-06" };

pub(super) const fn action(name: &'static str, idempotency: Idempotency, per_second: u32) -> Action {
    Action { name, method: Verb::Post, idempotency, per_second: Some(per_second) }
}

/// The lists of trails being read, by region and flags.
pub(crate) type TrailReads = Coalescer<(String, DescribeTrails), Vec<Trail>>;

/// ActionTrail in one region.
#[derive(Debug, Clone)]
pub struct ActionTrail {
    pub(super) session: Session,
    pub(super) reads: Arc<TrailReads>,
    pub(super) region: String,
}

/// Drops what was being read when a write ends, however it ends.
struct Written<'c>(&'c TrailReads);

impl Drop for Written<'_> {
    fn drop(&mut self) {
        // Of every region: a trail that changes at home changes its shadows too.
        self.0.written_all();
    }
}

impl ActionTrail {
    pub(crate) fn new(session: Session, reads: Arc<TrailReads>, region: &str) -> Self {
        Self { session, reads, region: region.to_owned() }
    }

    /// The region of this handle.
    pub fn region(&self) -> &str {
        &self.region
    }

    /// A call whose answer is about `asked`.
    pub(super) async fn read<T: Answer>(
        &self,
        action: Action,
        parameters: Pairs,
        asked: &str,
    ) -> Result<T, Error> {
        let answer = API.call(&self.session, Some(&self.region), action, parameters).await?;
        self.session.read_json(answer, asked).await
    }

    /// One write to a trail at a time. Names are unique in the account, so the region does not matter.
    pub(super) async fn write<T: Answer>(
        &self,
        action: Action,
        trail: &str,
        parameters: Pairs,
        asked: &str,
    ) -> Result<T, Error> {
        let _lock = self.session.write_lock(API.service, action.name, format!("trail/{trail}")).await?;
        let _written = Written(&self.reads);
        self.read(action, parameters, asked).await
    }
}

pub(super) fn named(name: &str) -> Pairs {
    vec![("Name".to_owned(), name.to_owned())]
}
