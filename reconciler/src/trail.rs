//! A trail of ActionTrail: created, made to log, and kept as it is set.
//!
//! The service creates trails that do not log. A trail counts as created when it is listed with its settings and the service
//! says that it logs (or does not, where that is wanted).

use std::time::Duration;

use alibaba::actiontrail::{ActionTrail, DescribeTrails, Trail as Described, TrailSettings, TrailStatus};
use alibaba::retry::Policy;
use alibaba::{Arn, Error};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::{Deletion, Failure, Freshness, Object, Phase, Scope};

/// How old the list of trails may be that a refresh reads from: one list serves all trails that are refreshed together.
const RECENT: Duration = Duration::from_secs(10);

/// How far this machine's clock may be ahead of the service's.
const CLOCKS: Duration = Duration::from_secs(60);

/// The settings of a trail.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// What create and update send, always all of it. Unset regions and event kinds are the service's own.
    pub sent: TrailSettings,
    /// Whether it records all accounts of the resource directory; fixed at creation.
    pub is_organization: bool,
    /// Whether it logs.
    pub is_logging: bool,
    /// The trail as the service describes it, where it has been seen.
    pub described: Option<Described>,
}

impl From<&Described> for Settings {
    fn from(trail: &Described) -> Self {
        let text = |value: &Option<String>| value.clone();
        Self {
            sent: TrailSettings {
                name: trail.name.clone(),
                oss_bucket_name: text(&trail.oss_bucket_name),
                oss_key_prefix: text(&trail.oss_key_prefix),
                oss_write_role_arn: text(&trail.oss_write_role_arn),
                sls_project_arn: text(&trail.sls_project_arn),
                sls_write_role_arn: text(&trail.sls_write_role_arn),
                max_compute_project_arn: text(&trail.max_compute_project_arn),
                max_compute_write_role_arn: text(&trail.max_compute_write_role_arn),
                event_rw: trail.event_rw.clone().unwrap_or_default(),
                // An empty region is stored for "all".
                trail_region: trail.trail_region.clone().unwrap_or_else(|| "All".to_owned()),
            },
            is_organization: trail.is_organization_trail,
            is_logging: trail.status.as_deref() == Some("Enable"),
            described: Some(trail.clone()),
        }
    }
}

impl Settings {
    /// Whether a trail of this account with these settings is one with those, logging aside.
    #[must_use]
    pub fn is_set_as(&self, other: &Self, account: &str) -> bool {
        self.meaning(account) == other.meaning(account)
    }

    /// What the settings mean in an account: the service may spell ARNs in its own way, and may or may not name its own
    /// role where none is given.
    fn meaning(&self, account: &str) -> TrailSettings {
        let mut sent = self.sent.clone();
        for arn in [
            &mut sent.oss_write_role_arn,
            &mut sent.sls_project_arn,
            &mut sent.sls_write_role_arn,
            &mut sent.max_compute_project_arn,
            &mut sent.max_compute_write_role_arn,
        ] {
            let folded = arn.take().map(|arn| arn.to_ascii_lowercase());
            *arn = folded.filter(|arn| !is_service_linked(arn, account));
        }
        sent
    }
}

/// The ARN of the role that ActionTrail has for itself in an account.
#[must_use]
pub fn service_linked_role(account: &str) -> String {
    Arn::global("ram", account, "role/AliyunServiceRoleForActionTrail").to_string()
}

/// Whether an ARN is that of the role that ActionTrail has for itself.
#[must_use]
pub fn is_service_linked(arn: &str, account: &str) -> bool {
    arn.eq_ignore_ascii_case(&service_linked_role(account))
}

/// What can be sent for a trail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// All settings in one call: what an update leaves out may be lost.
    Settings,
    /// Starts or stops logging.
    Logging,
}

/// One trail, and what is wanted of it.
#[derive(Debug)]
pub struct Trail {
    scope: Scope,
    wanted: Settings,
    begun: OffsetDateTime,
}

impl Trail {
    /// The trail of `wanted.sent.name` in this scope.
    #[must_use]
    pub fn new(scope: Scope, wanted: Settings) -> Self {
        Self { scope, wanted, begun: OffsetDateTime::now_utc() }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.wanted.sent.name
    }

    /// Whether it is to log.
    #[must_use]
    pub fn wants_logging(&self) -> bool {
        self.wanted.is_logging
    }

    fn service(&self) -> ActionTrail {
        self.scope.client.actiontrail(&self.scope.region)
    }

    /// The lists of a region: of the account's own trails, and of trails of the organization.
    fn list(organization: bool) -> DescribeTrails {
        DescribeTrails { include_organization_trail: organization, ..DescribeTrails::default() }
    }

    /// Whether a listed trail is this one: of this name, of this kind and of this account. Depending on the service, a list
    /// also has shadows, trails of the other kind and organization trails of other accounts.
    fn is_this(&self, trail: &Described, organization: bool) -> bool {
        trail.name == self.name()
            && trail.is_organization_trail == organization
            && trail.account_id().is_none_or(|account| account == self.scope.account)
    }

    /// The trail of this name, whichever its kind: an import does not say, and somebody may have made it anew as the other.
    async fn of_either_kind(&self, at_most: Duration) -> Result<Option<Described>, Error> {
        let organization = self.wanted.is_organization;
        for kind in [organization, !organization] {
            let listed = self.service().described_trails(Self::list(kind), at_most).await?;
            let mut at_home = listed.iter().filter(|trail| !trail.is_shadow());
            if let Some(found) = at_home.find(|trail| self.is_this(trail, kind)) {
                return Ok(Some(found.clone()));
            }
        }
        Ok(None)
    }

    /// How the deliveries of the trail go.
    ///
    /// # Errors
    /// Those of the call.
    pub async fn status(&self, trail: &Described) -> Result<TrailStatus, Error> {
        self.service().get_trail_status(&trail.name, trail.is_organization_trail).await
    }

    /// Sends all settings: what an update leaves out may be lost.
    async fn send_settings(&self) -> Result<(), Error> {
        let mut settings = self.wanted.sent.clone();
        let service = self.service();
        let answer = service.update_trail(&settings).await?;
        if settings.blank_what_was_kept(&Settings::from(&answer).meaning(&self.scope.account)) {
            service.update_trail(&settings).await?;
        }
        Ok(())
    }

    /// Starts or stops logging and waits until the service says so.
    async fn send_logging(&self) -> Result<(), Error> {
        let (service, name, wanted) = (self.service(), self.name(), self.wanted.is_logging);
        if wanted {
            service.start_logging(name).await?;
        } else {
            service.stop_logging(name).await?;
        }
        let what = format!("{} to {}", self.label(), if wanted { "log" } else { "stop logging" });
        let logs = || async {
            let status = service.get_trail_status(name, self.wanted.is_organization).await?;
            Ok((status.is_logging == wanted).then_some(()))
        };
        self.scope.client.wait(&Self::NEW, &what, logs).await
    }
}

impl Object for Trail {
    type Settings = Settings;
    type Step = Step;

    /// Roles and policies that were just made take a while to reach ActionTrail.
    const NEW: Policy = Policy::NEW_ROLE;
    const WRITTEN: Policy = Policy::NEW_ROLE;

    fn label(&self) -> String {
        format!("trail {:?}", self.name())
    }

    fn scope(&self) -> &Scope {
        &self.scope
    }

    async fn describe(&self, scope: &Scope, freshness: Freshness) -> Result<Option<Settings>, Error> {
        if freshness == Freshness::Recent {
            return Ok(self.of_either_kind(RECENT).await?.as_ref().map(Settings::from));
        }
        let organization = self.wanted.is_organization;
        let service = scope.client.actiontrail(&scope.region);
        let listed = service.describe_trails(Self::list(organization)).await?;
        let found = listed.iter().find(|trail| !trail.is_shadow() && self.is_this(trail, organization));
        Ok(found.map(Settings::from))
    }

    async fn find(&self) -> Result<Option<Settings>, Failure> {
        Ok(self.of_either_kind(Duration::ZERO).await?.as_ref().map(Settings::from))
    }

    fn adopt(&self, found: Settings) -> Result<Settings, Failure> {
        Err(Failure::Exists { region: found.described.and_then(|trail| trail.home_region) })
    }

    /// A multi-region trail throws shadows from its home into the other regions.
    async fn missing(&self) -> Result<(), Failure> {
        let organization = self.wanted.is_organization;
        let list = DescribeTrails { include_shadow_trails: true, ..Self::list(organization) };
        let listed = self.service().described_trails(list, RECENT).await?;
        match listed.iter().find(|trail| trail.is_shadow() && self.is_this(trail, organization)) {
            None => Ok(()),
            Some(shadow) => {
                Err(Failure::Elsewhere { region: shadow.home_region.clone().unwrap_or_default() })
            }
        }
    }

    async fn create(&self) -> Result<Settings, Error> {
        self.service().create_trail(&self.wanted.sent, self.wanted.is_organization).await?;
        Ok(Settings { is_logging: false, described: None, ..self.wanted.clone() })
    }

    /// One that is as it should be and newer than the request.
    async fn find_unanswered(&self, scope: &Scope) -> Result<Option<Settings>, Error> {
        let found = self.describe(scope, Freshness::Now).await?;
        Ok(found.filter(|found| {
            let is_new = found.described.as_ref().is_some_and(|trail| is_newer(trail, self.begun));
            is_new && !self.open(found).contains(&Step::Settings)
        }))
    }

    fn open(&self, now: &Settings) -> Vec<Step> {
        let is_set = now.is_set_as(&self.wanted, &self.scope.account);
        let settings = (!is_set).then_some(Step::Settings);
        let logging = (now.is_logging != self.wanted.is_logging).then_some(Step::Logging);
        settings.into_iter().chain(logging).collect()
    }

    async fn send(&self, step: Step, _now: &Settings) -> Result<(), Error> {
        match step {
            Step::Settings => self.send_settings().await,
            Step::Logging => self.send_logging().await,
        }
    }

    fn reach(&self, step: Step, now: &mut Settings) {
        match step {
            Step::Settings => now.sent.clone_from(&self.wanted.sent),
            Step::Logging => now.is_logging = self.wanted.is_logging,
        }
    }

    fn setting(step: Step) -> Option<&'static str> {
        (step == Step::Logging).then_some("status")
    }

    fn passes(&self, phase: Phase, _step: Option<Step>, error: &Error) -> bool {
        match phase {
            // A history delivery job that was just deleted holds the trail for up to a minute.
            Phase::Delete => error.is_conflict(),
            Phase::Create | Phase::Update => error.is_not_yet_visible(),
        }
    }

    async fn delete(&self) -> Result<Deletion, Error> {
        self.service().delete_trail(self.name()).await.map(|()| Deletion::Begun)
    }
}

/// Whether a trail was made after this moment.
fn is_newer(trail: &Described, than: OffsetDateTime) -> bool {
    let made = trail.create_time.as_deref().and_then(|time| OffsetDateTime::parse(time, &Rfc3339).ok());
    made.is_some_and(|made| made + CLOCKS >= than)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trail_that_was_there_before_the_request_is_not_its_work() {
        let request = OffsetDateTime::parse("2026-03-01T10:00:00Z", &Rfc3339).unwrap();
        let made = |time: &str| Described { create_time: Some(time.to_owned()), ..Described::default() };
        assert!(is_newer(&made("2026-03-01T10:00:01Z"), request));
        assert!(is_newer(&made("2026-03-01T09:59:20Z"), request), "clocks differ a little");
        assert!(!is_newer(&made("2026-03-01T09:58:59Z"), request));
        assert!(!is_newer(&Described::default(), request) && !is_newer(&made("lately"), request));
    }

    #[test]
    fn the_services_own_role_is_no_role_and_arns_have_no_case() {
        let set = |role: Option<&str>, project: &str| Settings {
            sent: TrailSettings {
                oss_write_role_arn: role.map(str::to_owned),
                sls_project_arn: Some(project.to_owned()),
                ..TrailSettings::default()
            },
            ..Settings::default()
        };
        let own = "acs:ram::1:role/aliyunserviceroleforactiontrail";
        assert_eq!(
            set(Some(own), "acs:log:x:1:project/P").meaning("1"),
            set(None, "acs:log:x:1:project/p").meaning("1")
        );
        assert_ne!(set(Some(own), "p").meaning("2"), set(None, "p").meaning("2"));
    }
}
