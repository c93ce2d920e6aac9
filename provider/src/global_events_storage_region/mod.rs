//! `alitrail_global_events_storage_region`: where an account stores the events of services that have no region.
//!
//! A setting that every account has: creating the resource chooses, destroying it leaves the choice as it is.

mod destructive_changes;
mod model;

use plugin::{Context, DeletionGuard, DestructiveChange, Diagnostic, Diagnostics, Plan};
use reconciler::Scope;
use reconciler::storage_region::StorageRegion;

use crate::config::Cloud;
use crate::reconciled::{Reconcile, Reconciled};
use crate::resource_scope;
pub use model::GlobalEventsStorageRegionModel;

/// The resource.
pub type GlobalEventsStorageRegionResource = Reconcile<Declaration>;

/// What Terraform needs to know about it.
#[derive(Debug)]
pub struct Declaration;

impl Reconciled for Declaration {
    type Model = GlobalEventsStorageRegionModel;
    type Object = StorageRegion;
    const TYPE: &'static str = "alitrail_global_events_storage_region";
    const NAMES_UNIQUE_WITHIN: &'static [&'static str] = &["account_id"];
    const INCOMPARABLE: &'static [&'static str] = &["storage_region"];
    const DESCRIPTION: &'static str = "The region in which an account stores the events of global services, such as RAM. \
        There is one such setting in an account; destroying the resource leaves it as it is. The vendor admits accounts to \
        the setting on request.";

    async fn plan(context: &Context<Cloud>, plan: &mut Plan<GlobalEventsStorageRegionModel>) {
        if plan.prior.is_none() {
            resource_scope::set(plan, "id", model::ID.to_owned());
            if let Some(now) = chosen(context, plan.planned()).await.filter(|_| !plan.replacing) {
                let destructive_changes =
                    destructive_changes::destructive_changes(&now, Some(plan.planned()));
                plan.destructive_changes.extend(destructive_changes);
            }
        }
    }

    fn deletion_guard(_model: &GlobalEventsStorageRegionModel) -> Option<DeletionGuard> {
        Some(DeletionGuard::unprotected("storage region of global events".to_owned()))
    }

    fn destructive_changes(
        prior: &GlobalEventsStorageRegionModel,
        planned: Option<&GlobalEventsStorageRegionModel>,
    ) -> Vec<DestructiveChange> {
        destructive_changes::destructive_changes(prior, planned)
    }

    fn stays(prior: &GlobalEventsStorageRegionModel) -> Option<Diagnostic> {
        Some(Diagnostic::warning(
            "The storage region of global events stays as it is",
            format!(
                "The account goes on storing them in {}: the setting can be changed, not taken back. It is no longer managed.",
                prior.wanted()
            ),
        ))
    }

    fn is_left(_prior: &GlobalEventsStorageRegionModel) -> bool {
        true
    }

    /// Whichever region is called: the setting is the same in all.
    async fn scope(
        context: &Context<Cloud>,
        model: &GlobalEventsStorageRegionModel,
    ) -> Result<Scope, Diagnostics> {
        let scope = resource_scope::resolve(context, model).await?;
        Ok(resource_scope::any_region(scope, context.client()?))
    }

    fn object(model: &GlobalEventsStorageRegionModel, scope: Scope) -> StorageRegion {
        StorageRegion::new(scope, model.wanted().to_owned())
    }

    fn settings(model: &GlobalEventsStorageRegionModel) -> String {
        model.wanted().to_owned()
    }

    fn read_from(
        model: &GlobalEventsStorageRegionModel,
        seen: &String,
        _scope: &Scope,
    ) -> GlobalEventsStorageRegionModel {
        let mut model =
            GlobalEventsStorageRegionModel { storage_region: seen.clone().into(), ..model.clone() };
        model.scope.id = model::ID.into();
        model
    }

    fn parse_id(id: &str) -> Result<GlobalEventsStorageRegionModel, Diagnostic> {
        let model: GlobalEventsStorageRegionModel = resource_scope::model_of_id(id)?;
        let name = model.scope.id.as_str().unwrap_or_default();
        if name != model::ID {
            return Err(Diagnostic::error(
                "Invalid import id",
                format!("The id of this setting is {:?}, not {name:?}.", model::ID),
            ));
        }
        Ok(model)
    }
}

/// The setting as it is now, as far as that can be learned for a plan.
async fn chosen(
    context: &Context<Cloud>,
    planned: &GlobalEventsStorageRegionModel,
) -> Option<GlobalEventsStorageRegionModel> {
    let cloud = context.client().ok()?;
    let look = |scope| async move {
        let scope = resource_scope::any_region(scope, cloud);
        scope.client.actiontrail(&scope.region).get_global_events_storage_region().await.ok()
    };
    let region = resource_scope::while_planning(context, planned, look).await?;
    Some(GlobalEventsStorageRegionModel { storage_region: region.into(), ..planned.clone() })
}

#[cfg(test)]
mod tests {
    use plugin::Resource;

    use super::*;

    #[test]
    fn import_ids() {
        let parse = GlobalEventsStorageRegionResource::parse_id;
        assert_eq!(
            parse("GlobalEventsStorageRegion@12345678").unwrap().scope.account_id.as_str(),
            Some("12345678")
        );
        assert!(parse("cn-hangzhou").unwrap_err().detail.contains("\"GlobalEventsStorageRegion\", not"));
    }
}
