//! The role that a service works with, of which an account has one per service. It is often made by the service itself, so
//! that one that is there is adopted.

use alibaba::Error;
use alibaba::ram::Role;
use alibaba::resource_manager::Deleted;
use alibaba::retry::Policy;

use crate::{Deletion, Failure, Freshness, Object, Scope};

/// Services around audit trails that have a role for themselves, and its name (RAM user guide, services that support
/// service-linked roles).
const ROLES: [(&str, &str); 4] = [
    ("actiontrail.aliyuncs.com", "AliyunServiceRoleForActionTrail"),
    ("config.aliyuncs.com", "AliyunServiceRoleForConfig"),
    ("audit.log.aliyuncs.com", "AliyunServiceRoleForSLSAudit"),
    ("alert.log.aliyuncs.com", "AliyunServiceRoleForSLSAlert"),
];

/// The name of a service's role.
#[must_use]
pub fn role_of(service: &str) -> Option<&'static str> {
    ROLES.iter().find(|(known, _)| *known == service).map(|(_, role)| *role)
}

/// The role of one service. It has no settings: `Settings` is the role as the service describes it, once it does.
#[derive(Debug)]
pub struct ServiceLinkedRole {
    scope: Scope,
    service: String,
}

impl ServiceLinkedRole {
    /// The role of a service, such as `actiontrail.aliyuncs.com`.
    #[must_use]
    pub fn new(scope: Scope, service: String) -> Self {
        Self { scope, service }
    }
}

impl Object for ServiceLinkedRole {
    type Settings = Option<Role>;
    type Step = ();

    const NEW: Policy = Policy::NEW_IN_RAM;

    fn label(&self) -> String {
        format!("service-linked role of {}", self.service)
    }

    fn scope(&self) -> &Scope {
        &self.scope
    }

    async fn describe(&self, scope: &Scope, _freshness: Freshness) -> Result<Option<Option<Role>>, Error> {
        let Some(name) = role_of(&self.service) else { return Ok(None) };
        match scope.client.resource_manager().get_role(name).await {
            Err(error) if error.is_not_found() => Ok(None),
            other => other.map(|role| Some(Some(role))),
        }
    }

    fn adopt(&self, found: Option<Role>) -> Result<Option<Role>, Failure> {
        Ok(found)
    }

    async fn create(&self) -> Result<Option<Role>, Error> {
        match self.scope.client.resource_manager().create_service_linked_role(&self.service).await {
            // The service was quicker.
            Err(error) if error.is_already_exists() => Ok(None),
            other => other.map(Some),
        }
    }

    fn open(&self, _now: &Option<Role>) -> Vec<()> {
        Vec::new()
    }

    async fn send(&self, _step: (), _now: &Option<Role>) -> Result<(), Error> {
        Ok(())
    }

    fn reach(&self, _step: (), _now: &mut Option<Role>) {}

    async fn delete(&self) -> Result<Deletion, Error> {
        let Some(name) = role_of(&self.service) else { return Ok(Deletion::Done) };
        Ok(match self.scope.client.resource_manager().delete_service_linked_role(name).await? {
            Deleted::Done => Deletion::Done,
            Deleted::Refused { message, users } => Deletion::Refused(Failure::InUse { message, users }),
        })
    }
}
