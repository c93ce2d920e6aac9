//! The attributes of `alitrail_service_linked_role`.

use alibaba::ram::Role;
use plugin::{Attr, Model};
use reconciler::Scope;
use reconciler::service_linked_role::role_of;

use crate::scope::{Global, Location};

/// Attributes of `alitrail_service_linked_role`.
#[derive(Debug, Clone, Default, PartialEq, Model)]
#[model(remote = "accounts/{account_id}/ram/roles/{role_name}")]
pub struct ServiceLinkedRoleModel {
    /// The service that works with the role.
    #[attr(
        default = "actiontrail.aliyuncs.com",
        replace,
        identity,
        one_of(
            "actiontrail.aliyuncs.com",
            "config.aliyuncs.com",
            "audit.log.aliyuncs.com",
            "alert.log.aliyuncs.com"
        )
    )]
    pub service_name: Attr<String>,
    /// `id` and `account_id`.
    #[attr(flatten, describe(id = "`<service_name>:<role_name>`."))]
    pub scope: Global,
    /// Delete the role on destroy. The service refuses while something uses it, such as a trail. Otherwise it is left
    /// in the account, where it does no harm and other trails may need it.
    #[attr(default = false, state_only)]
    pub delete_on_destroy: Attr<bool>,
    /// Name of the role, which the service decides.
    #[attr(computed)]
    pub role_name: Attr<String>,
    /// Id of the role.
    #[attr(computed)]
    pub role_id: Attr<String>,
    /// ARN of the role.
    #[attr(computed)]
    pub arn: Attr<String>,
    /// When the role was made.
    #[attr(computed)]
    pub create_date: Attr<String>,
}

impl ServiceLinkedRoleModel {
    /// How messages name the role.
    pub(super) fn label(&self) -> String {
        format!("service-linked role of {}", self.service())
    }

    pub(super) fn service(&self) -> &str {
        self.service_name.as_str().unwrap_or_default()
    }

    /// The id of the service's role.
    pub(super) fn id_of(service: &str) -> Option<String> {
        role_of(service).map(|role| format!("{service}:{role}"))
    }

    /// The model with what follows from where the role is.
    pub(super) fn at(self, scope: &Scope) -> Self {
        Self { scope: Global::located(Self::id_of(self.service()).into(), scope), ..self }
    }

    /// The model as the service describes the role.
    pub(super) fn read_from(&self, role: &Role) -> Self {
        Self {
            role_name: role.role_name.clone().into(),
            role_id: role.role_id.clone().into(),
            arn: role.arn.clone().into(),
            create_date: role.create_date.clone().into(),
            ..self.clone()
        }
    }
}
