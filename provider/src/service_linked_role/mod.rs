//! `alitrail_service_linked_role`: the role that ActionTrail, or another service around it, works with.
//!
//! There is one per account and service, often made by the service itself, so creating takes over one that is there,
//! and destroying leaves it to whoever else needs it unless told otherwise.

mod losses;
mod model;

use alibaba::Error;
use alibaba::ram::Role;
use alibaba::resource_manager::Deleted;
use plugin::{Cx, Diagnostic, Diagnostics, Holding, Loss, Plan, Resource};

use crate::config::Cloud;
use crate::fault::fault;
use crate::place::{self, Place, enter};
pub use model::ServiceLinkedRoleModel;

/// The resource.
#[derive(Debug)]
pub struct ServiceLinkedRoleResource;

impl Resource for ServiceLinkedRoleResource {
    type Client = Cloud;
    type Model = ServiceLinkedRoleModel;
    const TYPE: &'static str = "alitrail_service_linked_role";
    const DESCRIPTION: &'static str = "The role that a service such as ActionTrail works with. A trail needs it before it \
        can deliver with the default role. The credentials that make it need `ram:CreateServiceLinkedRole`; those that \
        make trails then do not. A role that is there already is taken over, and left in the account on destroy unless \
        `delete_on_destroy` is set.";

    async fn plan(cx: &Cx<Cloud>, plan: &mut Plan<ServiceLinkedRoleModel>) {
        place::plan(cx, plan).await;
        if plan.prior.is_some() {
            return;
        }
        let service = plan.planned().service().to_owned();
        if let Some(role) = model::role_of(&service) {
            place::set(plan, "role_name", role.to_owned());
            place::set(plan, "id", format!("{service}:{role}"));
        }
    }

    fn holding(model: &ServiceLinkedRoleModel) -> Option<Holding> {
        Some(Holding::known_by(model.label(), &[&model.service_name]))
    }

    fn losses(prior: &ServiceLinkedRoleModel, planned: Option<&ServiceLinkedRoleModel>) -> Vec<Loss> {
        losses::losses(prior, planned)
    }

    async fn create(
        cx: &Cx<Cloud>,
        planned: ServiceLinkedRoleModel,
    ) -> Result<ServiceLinkedRoleModel, Diagnostics> {
        let place = enter(cx, &planned).await?;
        let doing = format!("create the {}", planned.label());
        match place.client.resource_manager().create_service_linked_role(planned.service()).await {
            Ok(_) => {}
            // Taken over; and after a lost answer this one is as good as the one that was asked for.
            Err(error) if error.is_already_exists() || error.may_have_been_applied() => {
                tracing::debug!(%error, "looking for the role that may be there");
            }
            Err(error) => return Err(fault(doing, &error)),
        }
        let what = format!("the {} to be found", planned.label());
        let found =
            place.client.wait(&alibaba::retry::Policy::NEW_IN_RAM, &what, || find(&place, &planned)).await;
        Ok(planned.read_from(&found.map_err(|error| fault(doing, &error))?, &place))
    }

    async fn read(
        cx: &Cx<Cloud>,
        prior: ServiceLinkedRoleModel,
    ) -> Result<Option<ServiceLinkedRoleModel>, Diagnostics> {
        let place = enter(cx, &prior).await?;
        let found = find(&place, &prior).await;
        let found = found.map_err(|error| fault(format!("read the {}", prior.label()), &error))?;
        Ok(found.map(|role| prior.read_from(&role, &place)))
    }

    async fn update(
        cx: &Cx<Cloud>,
        _prior: ServiceLinkedRoleModel,
        planned: ServiceLinkedRoleModel,
    ) -> Result<ServiceLinkedRoleModel, Diagnostics> {
        // All that can change lives in the state.
        let place = enter(cx, &planned).await?;
        Ok(planned.at(&place))
    }

    async fn delete(cx: &Cx<Cloud>, prior: ServiceLinkedRoleModel) -> Result<(), Diagnostics> {
        let place = enter(cx, &prior).await?;
        if prior.delete_on_destroy.get() != Some(&true) {
            return Ok(());
        }
        let doing = format!("delete the {}", prior.label());
        let Some(role) = model::role_of(prior.service()) else { return Ok(()) };
        match place.client.resource_manager().delete_service_linked_role(role).await {
            Ok(Deleted::Done) => Ok(()),
            Ok(Deleted::Refused { message, users }) => Err(refused(&doing, &message, &users)),
            Err(error) if error.is_not_found() => Ok(()),
            Err(error) => Err(fault(doing, &error)),
        }
    }

    fn parse_id(id: &str) -> Result<ServiceLinkedRoleModel, Diagnostic> {
        let (name, account_id) = place::parse_global_id(id, "service_name>:<role_name")?;
        let service = name.split_once(':').map_or(name.as_str(), |(service, _)| service);
        match ServiceLinkedRoleModel::id_of(service) {
            Some(known) if name == known || name == service => Ok(ServiceLinkedRoleModel {
                service_name: service.into(),
                account_id,
                ..ServiceLinkedRoleModel::default()
            }),
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

    async fn import(
        cx: &Cx<Cloud>,
        target: ServiceLinkedRoleModel,
    ) -> Result<ServiceLinkedRoleModel, Diagnostics> {
        let place = enter(cx, &target).await?;
        Ok(target.at(&place))
    }
}

fn example() -> String {
    ServiceLinkedRoleModel::id_of("actiontrail.aliyuncs.com").unwrap_or_default()
}

async fn find(place: &Place, model: &ServiceLinkedRoleModel) -> Result<Option<Role>, Error> {
    let Some(name) = model::role_of(model.service()) else { return Ok(None) };
    match place.client.resource_manager().get_role(name).await {
        Err(error) if error.is_not_found() => Ok(None),
        other => other.map(Some),
    }
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
    use super::*;

    #[test]
    fn import_ids() {
        let parse = ServiceLinkedRoleResource::parse_id;
        for id in ["actiontrail.aliyuncs.com:AliyunServiceRoleForActionTrail", "actiontrail.aliyuncs.com"] {
            assert_eq!(parse(id).unwrap().service_name.as_str(), Some("actiontrail.aliyuncs.com"));
        }
        let role = parse("config.aliyuncs.com@12345678").unwrap();
        assert_eq!(role.account_id.as_str(), Some("12345678"));
        assert!(parse("ecs.aliyuncs.com:X").unwrap_err().detail.contains("cannot be managed"));
        assert!(parse("config.aliyuncs.com:X").unwrap_err().detail.contains("AliyunServiceRoleForConfig"));
        assert!(parse("").unwrap_err().detail.contains("<service_name>:<role_name>[@<account_id>]"));
    }
}
