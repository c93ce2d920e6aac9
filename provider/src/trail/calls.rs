//! The calls of `alitrail_trail`: in which order, and what to do when an answer does not come.

use std::time::Duration;

use alibaba::Error;
use alibaba::actiontrail::{ActionTrail, DescribeTrails, Trail, TrailStatus};
use plugin::Cx;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::model::TrailModel;
use crate::config::Cloud;
use crate::patience::{make, patiently};
use crate::place::Place;

/// How long roles and policies that were just made may take to reach ActionTrail.
const PROPAGATION: Duration = Duration::from_secs(120);

/// How old the list of trails may be that a refresh reads from: one list serves all trails that are refreshed together.
pub(super) const REFRESH: Duration = Duration::from_secs(10);

/// How long a trail may take to show whose creation was not answered.
const LOST: Duration = Duration::from_secs(5);

/// How far this machine's clock may be ahead of the service's.
const CLOCKS: Duration = Duration::from_secs(60);

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

    /// The lists of a region: of the account's own trails, and of trails of the organization.
    fn list(organization: bool) -> DescribeTrails {
        DescribeTrails { include_organization_trail: organization, ..DescribeTrails::default() }
    }

    /// Whether a listed trail is this one: of this name, of this kind and of this account. Depending on the service, a list
    /// also has shadows, trails of the other kind and organization trails of other accounts.
    fn is_this(&self, trail: &Trail, organization: bool) -> bool {
        trail.name == self.model.name()
            && trail.is_organization_trail == organization
            && trail.account_id().is_none_or(|account| account == self.place.account)
    }

    /// The trail as it is now, if this region is its home.
    async fn find(&self, service: &ActionTrail) -> Result<Option<Trail>, Error> {
        let organization = self.model.is_organization();
        let listed = service.describe_trails(Self::list(organization)).await?;
        Ok(listed.iter().find(|trail| !trail.is_shadow() && self.is_this(trail, organization)).cloned())
    }

    /// The trail of this name, whichever its kind: an import does not say, and somebody may have made it anew as the other.
    /// Content with lists that are not quite new.
    pub(super) async fn look_up(&self, at_most: Duration) -> Result<Option<Trail>, Error> {
        let organization = self.model.is_organization();
        for kind in [organization, !organization] {
            let listed = self.service().described_trails(Self::list(kind), at_most).await?;
            let mut at_home = listed.iter().filter(|trail| !trail.is_shadow());
            if let Some(found) = at_home.find(|trail| self.is_this(trail, kind)) {
                return Ok(Some(found.clone()));
            }
        }
        Ok(None)
    }

    /// The shadow that a multi-region trail throws from its home into this region.
    pub(super) async fn find_shadow(&self) -> Result<Option<Trail>, Error> {
        let organization = self.model.is_organization();
        let list = DescribeTrails { include_shadow_trails: true, ..Self::list(organization) };
        let listed = self.service().described_trails(list, REFRESH).await?;
        Ok(listed.iter().find(|trail| trail.is_shadow() && self.is_this(trail, organization)).cloned())
    }

    /// How the deliveries of the trail go.
    pub(super) async fn status(&self, trail: &Trail) -> Result<TrailStatus, Error> {
        self.service().get_trail_status(&trail.name, trail.is_organization_trail).await
    }

    /// Makes the trail. If the answer is lost, a trail of this name that is as it should be and newer than the request is
    /// this one.
    pub(super) async fn create(&self) -> Result<(), Error> {
        let settings = self.model.settings();
        let service = self.service();
        let organization = self.model.is_organization();
        let begun = OffsetDateTime::now_utc();
        let call = || async { service.create_trail(&settings, organization).await.map(drop) };
        let create = || patiently(self.cx, PROPAGATION, Error::is_not_yet_visible, call);
        let find = |place: Place| async move {
            let found = self.find(&place.client.actiontrail(&place.region)).await?;
            Ok(found.is_some_and(|found| is_newer(&found, begun) && self.is_settled(&found)))
        };
        make(self.cx, &self.place, LOST, create, find).await
    }

    fn is_settled(&self, trail: &Trail) -> bool {
        self.model.read_from(trail, &self.place).is_set_as(&self.model)
    }

    /// The trail as the service describes it, once it does.
    pub(super) async fn appeared(&self) -> Result<TrailModel, Error> {
        let what = format!("{} to be listed", self.model.label());
        let service = self.service();
        let trail = self.place.client.wait(&what, PROPAGATION, || self.find(&service)).await?;
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
            .wait(&what, PROPAGATION, || async { Ok(self.find(&service).await?.and_then(settled)) })
            .await
    }

    /// Deletes the trail; it is no error if it is gone already.
    pub(super) async fn delete(&self) -> Result<(), Error> {
        let service = self.service();
        // A history delivery job that was just deleted holds the trail for up to a minute.
        let held = |error: &Error| error.is_conflict();
        match patiently(self.cx, PROPAGATION, held, || service.delete_trail(self.model.name())).await {
            Err(error) if error.is_not_found() => {}
            other => other?,
        }
        let what = format!("{} to be gone", self.model.label());
        let gone = || async { Ok(self.find(&service).await?.is_none().then_some(())) };
        self.place.client.wait(&what, PROPAGATION, gone).await
    }
}

/// Whether a trail was made after this moment.
fn is_newer(trail: &Trail, than: OffsetDateTime) -> bool {
    let made = trail.create_time.as_deref().and_then(|time| OffsetDateTime::parse(time, &Rfc3339).ok());
    made.is_some_and(|made| made + CLOCKS >= than)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trail_that_was_there_before_the_request_is_not_its_work() {
        let request = OffsetDateTime::parse("2026-03-01T10:00:00Z", &Rfc3339).unwrap();
        let made = |time: &str| Trail { create_time: Some(time.to_owned()), ..Trail::default() };
        assert!(is_newer(&made("2026-03-01T10:00:01Z"), request));
        assert!(is_newer(&made("2026-03-01T09:59:20Z"), request), "clocks differ a little");
        assert!(!is_newer(&made("2026-03-01T09:58:59Z"), request));
        assert!(!is_newer(&Trail::default(), request) && !is_newer(&made("lately"), request));
    }
}
