//! The calls of `alitrail_trail`: in which order, and what to do when an answer does not come.

use std::time::Duration;

use alibaba::Error;
use alibaba::actiontrail::{ActionTrail, DescribeTrails, Trail};
use plugin::Cx;

use super::model::TrailModel;
use crate::config::Cloud;
use crate::patience::patiently;
use crate::place::Place;

/// How long roles and policies that were just made may take to reach ActionTrail.
const PROPAGATION: Duration = Duration::from_secs(120);

/// One trail, where it is.
pub(super) struct Trails<'c> {
    pub(super) cx: &'c Cx<Cloud>,
    pub(super) place: Place,
    pub(super) model: TrailModel,
}

impl Trails<'_> {
    fn service(&self) -> ActionTrail {
        self.place.client.actiontrail(&self.place.region)
    }

    /// Which list a trail is in: trails of the organization are in one of their own.
    fn list(&self) -> DescribeTrails {
        DescribeTrails {
            include_organization_trail: self.model.is_organization(),
            ..DescribeTrails::default()
        }
    }

    /// The trail, if this region is its home. One that was just imported may be an organization trail.
    pub(super) async fn find(&self) -> Result<Option<Trail>, Error> {
        self.find_with(&self.service(), self.model.is_organization_trail.is_null()).await
    }

    async fn find_with(&self, service: &ActionTrail, either: bool) -> Result<Option<Trail>, Error> {
        let at_home = |trail: &Trail| !trail.is_shadow();
        let found = service.find_trail(self.model.name(), self.list()).await?.filter(at_home);
        if found.is_some() || !either {
            return Ok(found);
        }
        let organization = DescribeTrails { include_organization_trail: true, ..DescribeTrails::default() };
        Ok(service.find_trail(self.model.name(), organization).await?.filter(at_home))
    }

    /// The shadow that a multi-region trail throws from its home into this region.
    pub(super) async fn find_shadow(&self) -> Result<Option<Trail>, Error> {
        let list = DescribeTrails { include_shadow_trails: true, ..self.list() };
        Ok(self.service().find_trail(self.model.name(), list).await?.filter(Trail::is_shadow))
    }

    /// Makes the trail. Nobody had one of this name a moment ago, so if the answer is lost and there is one now, it is
    /// this one.
    pub(super) async fn create(&self) -> Result<(), Error> {
        let settings = self.model.settings();
        let service = self.service();
        let organization = self.model.is_organization();
        let create = || service.create_trail(&settings, organization);
        let created = patiently(self.cx, PROPAGATION, Error::is_not_yet_visible, create).await;
        match created {
            Err(error) if error.may_have_been_applied() => {
                let afterwards = self.place.afterwards(self.cx.client().map_err(|_| error.clone())?);
                let service = afterwards.client.actiontrail(&afterwards.region);
                let settled = afterwards
                    .client
                    .wait("the trail whose creation was not answered", Duration::from_secs(5), || async {
                        self.find_with(&service, false).await
                    })
                    .await;
                if settled.is_ok() { Ok(()) } else { Err(error) }
            }
            other => other.map(drop),
        }
    }

    /// The trail as the service describes it, once it does.
    pub(super) async fn appeared(&self) -> Result<TrailModel, Error> {
        let what = format!("{} to be listed", self.model.label());
        let trail = self.place.client.wait(&what, PROPAGATION, || self.find()).await?;
        Ok(self.model.read_from(&trail, &self.place))
    }

    /// Sends all settings: what an update leaves out may be lost.
    pub(super) async fn update(&self) -> Result<(), Error> {
        let mut settings = self.model.settings();
        let service = self.service();
        let update = || service.update_trail(&settings);
        let answer = patiently(self.cx, PROPAGATION, Error::is_not_yet_visible, update).await?;
        let now = self.model.read_from(&answer, &self.place).settings();
        if settings.blank_what_was_kept(&now) {
            service.update_trail(&settings).await?;
        }
        Ok(())
    }

    /// Brings logging to where it should be and waits until the service says so; `reached` is how things are.
    pub(super) async fn log(&self, reached: &TrailModel) -> Result<TrailModel, Error> {
        let name = self.model.name();
        let service = self.service();
        if self.model.wants_logging() != reached.wants_logging() {
            let wanted = self.model.wants_logging();
            if wanted {
                let start = || service.start_logging(name);
                patiently(self.cx, PROPAGATION, Error::is_not_yet_visible, start).await?;
            } else {
                service.stop_logging(name).await?;
            }
            let what = format!("{} to {}", self.model.label(), if wanted { "log" } else { "stop logging" });
            let organization = self.model.is_organization();
            self.place
                .client
                .wait(&what, PROPAGATION, || async {
                    let status = service.get_trail_status(name, organization).await?;
                    Ok((status.is_logging == wanted).then_some(()))
                })
                .await?;
            self.cx.keep(&TrailModel { status: self.model.status.clone(), ..reached.clone() });
        }
        let what = format!("{} to be listed as it is now", self.model.label());
        let settled = |trail: Trail| {
            let now = self.model.read_from(&trail, &self.place);
            (now.is_set_as(&self.model) && now.status == self.model.status).then_some(now)
        };
        self.place
            .client
            .wait(&what, PROPAGATION, || async { Ok(self.find().await?.and_then(settled)) })
            .await
    }

    /// Deletes the trail; it is no error if it is gone already.
    pub(super) async fn delete(&self) -> Result<(), Error> {
        let service = self.service();
        match service.delete_trail(self.model.name()).await {
            Err(error) if error.is_not_found() => {}
            other => other?,
        }
        let what = format!("{} to be gone", self.model.label());
        let gone = || async { Ok(self.find().await?.is_none().then_some(())) };
        self.place.client.wait(&what, PROPAGATION, gone).await
    }
}
