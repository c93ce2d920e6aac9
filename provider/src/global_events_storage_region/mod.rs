//! `alitrail_global_events_storage_region`: where an account stores the events of services that have no region.
//!
//! A setting that every account has: creating the resource chooses, destroying it leaves the choice as it is.

mod losses;
mod model;

use plugin::{Cx, Diagnostic, Diagnostics, Holding, Loss, Plan};
use reconciler::Scope;
use reconciler::storage_region::StorageRegion;

use crate::config::Cloud;
use crate::place;
use crate::reconciled::{Reconcile, Reconciled};
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
    const INCOMPARABLE: &'static [&'static str] = &["storage_region"];
    const DESCRIPTION: &'static str = "The region in which an account stores the events of global services, such as RAM. \
        There is one such setting in an account; destroying the resource leaves it as it is. The vendor admits accounts to \
        the setting on request.";

    async fn plan(cx: &Cx<Cloud>, plan: &mut Plan<GlobalEventsStorageRegionModel>) {
        if plan.prior.is_none() {
            place::set(plan, "id", model::ID.to_owned());
            if let Some(now) = chosen(cx, plan.planned()).await.filter(|_| !plan.replacing) {
                let losses = losses::losses(&now, Some(plan.planned()));
                plan.losses.extend(losses);
            }
        }
    }

    fn holding(_model: &GlobalEventsStorageRegionModel) -> Option<Holding> {
        Some(Holding::unprotected("storage region of global events".to_owned()))
    }

    fn losses(
        prior: &GlobalEventsStorageRegionModel,
        planned: Option<&GlobalEventsStorageRegionModel>,
    ) -> Vec<Loss> {
        losses::losses(prior, planned)
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
    async fn scope(cx: &Cx<Cloud>, model: &GlobalEventsStorageRegionModel) -> Result<Scope, Diagnostics> {
        let scope = place::enter(cx, model).await?;
        Ok(place::somewhere(scope, cx.client()?))
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
        let model: GlobalEventsStorageRegionModel = place::model_of_id(id)?;
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
    cx: &Cx<Cloud>,
    planned: &GlobalEventsStorageRegionModel,
) -> Option<GlobalEventsStorageRegionModel> {
    let cloud = cx.client().ok()?;
    let look = |scope| async move {
        let scope = place::somewhere(scope, cloud);
        scope.client.actiontrail(&scope.region).get_global_events_storage_region().await.ok()
    };
    let region = place::at_plan(cx, planned, look).await?;
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
