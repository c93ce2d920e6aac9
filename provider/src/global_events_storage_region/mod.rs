//! `alitrail_global_events_storage_region`: where an account stores the events of services that have no region.
//!
//! A setting that every account has: creating the resource chooses, destroying it leaves the choice as it is.

mod losses;
mod model;

use alibaba::Error;
use alibaba::actiontrail::ActionTrail;
use plugin::{Cx, Diagnostic, Diagnostics, Holding, Loss, Plan, Resource};

use crate::config::Cloud;
use crate::fault::fault;
use crate::place::{self, Place, enter};
pub use model::GlobalEventsStorageRegionModel;

const CHOOSE: &str = "choose the storage region of global events";

/// The resource.
#[derive(Debug)]
pub struct GlobalEventsStorageRegionResource;

impl Resource for GlobalEventsStorageRegionResource {
    type Client = Cloud;
    type Model = GlobalEventsStorageRegionModel;
    const TYPE: &'static str = "alitrail_global_events_storage_region";
    const INCOMPARABLE: &'static [&'static str] = &["storage_region"];
    const DESCRIPTION: &'static str = "The region in which an account stores the events of global services, such as RAM. \
        There is one such setting in an account; destroying the resource leaves it as it is. The vendor admits accounts to \
        the setting on request.";

    async fn plan(cx: &Cx<Cloud>, plan: &mut Plan<GlobalEventsStorageRegionModel>) {
        place::plan(cx, plan).await;
        if plan.prior.is_none() {
            place::set(plan, "id", model::ID.to_owned());
            if let Some(now) = chosen(cx, plan.planned()).await.filter(|_| !plan.replacing) {
                let losses = losses::losses(&now, Some(plan.planned()));
                plan.losses.extend(losses);
            }
        }
    }

    fn holding(_model: &GlobalEventsStorageRegionModel) -> Option<Holding> {
        // There is one in the account of the provider.
        let label = "storage region of global events".to_owned();
        Some(Holding { key: Some(String::new()), label, protected: false })
    }

    fn losses(
        prior: &GlobalEventsStorageRegionModel,
        planned: Option<&GlobalEventsStorageRegionModel>,
    ) -> Vec<Loss> {
        losses::losses(prior, planned)
    }

    async fn create(
        cx: &Cx<Cloud>,
        planned: GlobalEventsStorageRegionModel,
    ) -> Result<GlobalEventsStorageRegionModel, Diagnostics> {
        choose(cx, planned).await
    }

    async fn read(
        cx: &Cx<Cloud>,
        prior: GlobalEventsStorageRegionModel,
    ) -> Result<Option<GlobalEventsStorageRegionModel>, Diagnostics> {
        let place = enter(cx, &prior).await?;
        let found = service(cx, &place, &prior)?.get_global_events_storage_region().await;
        let found = found.map_err(|error| fault("read the storage region of global events", &error))?;
        Ok(Some(GlobalEventsStorageRegionModel { storage_region: found.into(), ..prior }.at(&place)))
    }

    async fn update(
        cx: &Cx<Cloud>,
        _prior: GlobalEventsStorageRegionModel,
        planned: GlobalEventsStorageRegionModel,
    ) -> Result<GlobalEventsStorageRegionModel, Diagnostics> {
        choose(cx, planned).await
    }

    async fn delete(cx: &Cx<Cloud>, prior: GlobalEventsStorageRegionModel) -> Result<(), Diagnostics> {
        enter(cx, &prior).await?;
        cx.warn(Diagnostic::warning(
            "The storage region of global events stays as it is",
            format!(
                "The account goes on storing them in {}: the setting can be changed, not taken back. It is no longer managed.",
                prior.wanted()
            ),
        ));
        Ok(())
    }

    fn parse_id(id: &str) -> Result<GlobalEventsStorageRegionModel, Diagnostic> {
        let (name, account_id) = place::parse_global_id(id, model::ID)?;
        if name != model::ID {
            return Err(Diagnostic::error(
                "Invalid import id",
                format!("The id of this setting is {:?}, not {name:?}.", model::ID),
            ));
        }
        Ok(GlobalEventsStorageRegionModel {
            id: name.into(),
            account_id,
            ..GlobalEventsStorageRegionModel::default()
        })
    }

    async fn import(
        cx: &Cx<Cloud>,
        target: GlobalEventsStorageRegionModel,
    ) -> Result<GlobalEventsStorageRegionModel, Diagnostics> {
        let place = enter(cx, &target).await?;
        Ok(target.at(&place))
    }
}

/// The setting as it is now, as far as that can be learned for a plan.
async fn chosen(
    cx: &Cx<Cloud>,
    planned: &GlobalEventsStorageRegionModel,
) -> Option<GlobalEventsStorageRegionModel> {
    let read = async {
        let place = enter(cx, planned).await.ok()?;
        let service = service(cx, &place, planned).ok()?;
        service.get_global_events_storage_region().await.ok()
    };
    let region = tokio::time::timeout(place::PLANNING, read).await.ok().flatten()?;
    Some(GlobalEventsStorageRegionModel { storage_region: region.into(), ..planned.clone() })
}

/// ActionTrail in whichever region: the setting is the same in all.
fn service(
    cx: &Cx<Cloud>,
    place: &Place,
    model: &GlobalEventsStorageRegionModel,
) -> Result<ActionTrail, Diagnostics> {
    let region = cx.client()?.region.clone();
    let region = region.or_else(|| model.storage_region.get().cloned());
    Ok(place.client.actiontrail(region.as_deref().unwrap_or("cn-hangzhou")))
}

/// Chooses the region, unless it is chosen, and waits until the service says so.
async fn choose(
    cx: &Cx<Cloud>,
    planned: GlobalEventsStorageRegionModel,
) -> Result<GlobalEventsStorageRegionModel, Diagnostics> {
    let place = enter(cx, &planned).await?;
    let service = service(cx, &place, &planned)?;
    let wanted = planned.wanted();
    let is_there = async || -> Result<Option<()>, Error> {
        let found = service.get_global_events_storage_region().await?;
        Ok((found == wanted).then_some(()))
    };
    if is_there().await.map_err(|error| fault(CHOOSE, &error))?.is_none() {
        service.update_global_events_storage_region(wanted).await.map_err(|error| fault(CHOOSE, &error))?;
        let what = format!("global events to be stored in {wanted}");
        place
            .client
            .wait(&alibaba::retry::Policy::WRITTEN, &what, is_there)
            .await
            .map_err(|error| fault(CHOOSE, &error))?;
    }
    Ok(planned.at(&place))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn import_ids() {
        let parse = GlobalEventsStorageRegionResource::parse_id;
        assert_eq!(
            parse("GlobalEventsStorageRegion@12345678").unwrap().account_id.as_str(),
            Some("12345678")
        );
        assert!(parse("cn-hangzhou").unwrap_err().detail.contains("\"GlobalEventsStorageRegion\", not"));
    }
}
