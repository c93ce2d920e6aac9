//! `alitrail_service_linked_role`: the role that ActionTrail, or another service around it, works with.
//!
//! There is one per account and service, often made by the service itself, so creating takes over one that is there,
//! and destroying leaves it to whoever else needs it unless told otherwise.

mod destructive_changes;
mod model;

use alibaba::ram::Role;
use plugin::{Context, DeletionGuard, DestructiveChange, Diagnostic, Diagnostics, Path, Plan};
use reconciler::failure::Operation;
use reconciler::service_linked_role::{ServiceLinkedRole, role_of};
use reconciler::{Failure, Object, Problem, Scope};

use crate::config::Cloud;
use crate::failed_call::failed_call;
use crate::reconciled::{Reconcile, Reconciled};
use crate::resource_scope;
pub use model::ServiceLinkedRoleModel;

/// The resource.
pub type ServiceLinkedRoleResource = Reconcile<Declaration>;

/// What Terraform needs to know about it.
#[derive(Debug)]
pub struct Declaration;

impl Reconciled for Declaration {
    type Model = ServiceLinkedRoleModel;
    type Object = ServiceLinkedRole;
    const TYPE: &'static str = "alitrail_service_linked_role";
    const NAMES_UNIQUE_WITHIN: &'static [&'static str] = &["account_id"];
    const DESCRIPTION: &'static str = "The role that a service such as ActionTrail works with. A trail needs it before it \
        can deliver with the default role. The credentials that make it need `ram:CreateServiceLinkedRole`; those that \
        make trails then do not. A role that is there already is taken over, and left in the account on destroy unless \
        `delete_on_destroy` is set.";
    /// Whoever comes second takes over what is there, and lets go of it on destroy.
    const IS_SHARED: bool = true;

    async fn plan(_cx: &Context<Cloud>, plan: &mut Plan<ServiceLinkedRoleModel>) {
        if plan.prior.is_some() {
            return;
        }
        let service = plan.planned().service().to_owned();
        if let Some(role) = role_of(&service) {
            resource_scope::set(plan, "role_name", role.to_owned());
            resource_scope::set(plan, "id", format!("{service}:{role}"));
        }
    }

    fn deletion_guard(model: &ServiceLinkedRoleModel) -> Option<DeletionGuard> {
        Some(DeletionGuard::unprotected(model.label()))
    }

    fn destructive_changes(
        prior: &ServiceLinkedRoleModel,
        planned: Option<&ServiceLinkedRoleModel>,
    ) -> Vec<DestructiveChange> {
        destructive_changes::destructive_changes(prior, planned)
    }

    fn stays(prior: &ServiceLinkedRoleModel) -> Option<Diagnostic> {
        (prior.delete_on_destroy.get() != Some(&true)).then(|| {
            Diagnostic::warning(
                format!("the {} stays in the account", prior.label()),
                "Its delete_on_destroy is false, so it is only forgotten: whatever else uses the role goes on. To delete it, \
                 set delete_on_destroy = true, apply that, and destroy again.",
            )
            .at(Path::attribute("delete_on_destroy"))
        })
    }

    fn is_left(prior: &ServiceLinkedRoleModel) -> bool {
        prior.delete_on_destroy.get() != Some(&true)
    }

    fn object(model: &ServiceLinkedRoleModel, scope: Scope) -> ServiceLinkedRole {
        ServiceLinkedRole::new(scope, model.service().to_owned())
    }

    fn settings(_model: &ServiceLinkedRoleModel) -> Option<Role> {
        None
    }

    fn read_from(
        model: &ServiceLinkedRoleModel,
        seen: &Option<Role>,
        _scope: &Scope,
    ) -> ServiceLinkedRoleModel {
        seen.as_ref().map_or_else(|| model.clone(), |role| model.read_from(role))
    }

    fn located(model: ServiceLinkedRoleModel, scope: &Scope) -> ServiceLinkedRoleModel {
        model.at(scope)
    }

    fn explain(object: &ServiceLinkedRole, doing: Operation, problem: &Problem) -> Option<Diagnostics> {
        let doing = format!("{doing} the {}", object.label());
        match &problem.failure {
            Failure::InUse { message, users } => Some(refused(&doing, message, users)),
            Failure::Call(error) => Some(failed_call(doing, error)),
            _ => None,
        }
    }

    fn parse_id(id: &str) -> Result<ServiceLinkedRoleModel, Diagnostic> {
        let (name, account) = id.split_at(id.find('@').unwrap_or(id.len()));
        let service = name.split_once(':').map_or(name, |(service, _)| service);
        let model: ServiceLinkedRoleModel = resource_scope::model_of_id(&format!("{service}{account}"))?;
        match ServiceLinkedRoleModel::id_of(service) {
            Some(known) if name == known || name == service => Ok(model),
            Some(known) => Err(Diagnostic::error(
                "Invalid import id",
                format!("The id of this role is {known:?}, not {name:?}."),
            )),
            None => Err(Diagnostic::error(
                "Invalid import id",
                format!("The role of {service:?} cannot be managed. Such an id is \"{}\".", example()),
            )),
        }
    }
}

fn example() -> String {
    ServiceLinkedRoleModel::id_of("actiontrail.aliyuncs.com").unwrap_or_default()
}

fn refused(doing: &str, message: &str, users: &[String]) -> Diagnostics {
    let used = if users.is_empty() { String::new() } else { format!("\nUsed by:\n  {}", users.join("\n  ")) };
    Diagnostic::error(
        format!("Could not {doing}"),
        format!(
            "The service keeps it: {message}{used}\nRemove what uses the role first, or set delete_on_destroy = false \
             and apply, so that destroy leaves the role in the account."
        ),
    )
    .into()
}

#[cfg(test)]
mod tests {
    use plugin::Resource;

    use super::*;

    #[test]
    fn import_ids() {
        let parse = ServiceLinkedRoleResource::parse_id;
        for id in ["actiontrail.aliyuncs.com:AliyunServiceRoleForActionTrail", "actiontrail.aliyuncs.com"] {
            assert_eq!(parse(id).unwrap().service_name.as_str(), Some("actiontrail.aliyuncs.com"));
        }
        let role = parse("config.aliyuncs.com@12345678").unwrap();
        assert_eq!(role.scope.account_id.as_str(), Some("12345678"));
        assert!(parse("ecs.aliyuncs.com:X").unwrap_err().detail.contains("cannot be managed"));
        assert!(parse("config.aliyuncs.com:X").unwrap_err().detail.contains("AliyunServiceRoleForConfig"));
        assert!(parse("").unwrap_err().detail.contains("Write SERVICE_NAME, or SERVICE_NAME@ACCOUNT_ID;"));
    }
}
