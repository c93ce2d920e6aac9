//! `alitrail_data_event_selector`: the data events that a trail records.
//!
//! The service knows the selectors of a trail as one set, so the resource owns the whole set; selectors that are there
//! already are imported, never overwritten.

mod check;
mod losses;
mod model;
#[cfg(test)]
mod tests;

use alibaba::Error;
use alibaba::actiontrail::{ActionTrail, DescribedDataEvents};
use plugin::{Cx, Diagnostic, Diagnostics, Holding, Loss, Path, Plan, Resource};

use crate::config::Cloud;
use crate::fault::{exists, fault};
use crate::place::{self, Place, enter};
pub use model::{DataEventSelectorModel, FilterModel, SelectorModel};

/// The resource.
#[derive(Debug)]
pub struct DataEventSelectorResource;

impl Resource for DataEventSelectorResource {
    type Client = Cloud;
    type Model = DataEventSelectorModel;
    const TYPE: &'static str = "alitrail_data_event_selector";
    const DESCRIPTION: &'static str = "The data events that a trail records besides management events, such as reads of \
        OSS objects. ActionTrail delivers them to SLS projects of its own making, one per region, and charges for them. \
        A trail has one such resource, which owns all its selectors.";

    fn validate(config: &DataEventSelectorModel, found: &mut Diagnostics) {
        check::check(config, found);
    }

    async fn plan(cx: &Cx<Cloud>, plan: &mut Plan<DataEventSelectorModel>) {
        place::plan(cx, plan).await;
    }

    fn holding(model: &DataEventSelectorModel) -> Option<Holding> {
        Some(Holding::known_by(model.label(), &[&model.trail_name]))
    }

    fn losses(prior: &DataEventSelectorModel, planned: Option<&DataEventSelectorModel>) -> Vec<Loss> {
        losses::losses(prior, planned)
    }

    async fn create(
        cx: &Cx<Cloud>,
        planned: DataEventSelectorModel,
    ) -> Result<DataEventSelectorModel, Diagnostics> {
        stands(&planned)?;
        let place = enter(cx, &planned).await?;
        let doing = format!("create the {}", planned.label());
        let service = place.client.actiontrail(&place.region);
        if find(&service, &planned).await.map_err(|error| fault(&doing, &error))?.is_some() {
            return Err(exists(
                &planned.label(),
                Self::TYPE,
                &format!("{}@{}", planned.trail(), place.region),
            ));
        }
        put(cx, &place, &planned).await.map_err(|error| fault(&doing, &error))
    }

    async fn read(
        cx: &Cx<Cloud>,
        prior: DataEventSelectorModel,
    ) -> Result<Option<DataEventSelectorModel>, Diagnostics> {
        let place = enter(cx, &prior).await?;
        let found = find(&place.client.actiontrail(&place.region), &prior).await;
        let found = found.map_err(|error| fault(format!("read the {}", prior.label()), &error))?;
        let Some(found) = found else { return Ok(None) };
        warnings(&prior, &found).into_iter().for_each(|warning| cx.warn(warning));
        Ok(Some(prior.read_from(&found, &place)))
    }

    async fn update(
        cx: &Cx<Cloud>,
        prior: DataEventSelectorModel,
        planned: DataEventSelectorModel,
    ) -> Result<DataEventSelectorModel, Diagnostics> {
        stands(&planned)?;
        let place = enter(cx, &planned).await?;
        if prior.is_as(&planned) {
            // What differs lives in the state only.
            return Ok(DataEventSelectorModel { sls_delivery: prior.sls_delivery, ..planned.at(&place) });
        }
        let put = put(cx, &place, &planned).await;
        put.map_err(|error| fault(format!("update the {}", planned.label()), &error))
    }

    async fn delete(cx: &Cx<Cloud>, prior: DataEventSelectorModel) -> Result<(), Diagnostics> {
        let place = enter(cx, &prior).await?;
        match place.client.actiontrail(&place.region).delete_data_event_selector(prior.trail()).await {
            Err(error) if !error.is_not_found() => {
                Err(fault(format!("delete the {}", prior.label()), &error))
            }
            _ => Ok(()),
        }
    }

    fn parse_id(id: &str) -> Result<DataEventSelectorModel, Diagnostic> {
        let (names, region, account_id) = place::parse_id(id, ["trail_name"])?;
        let [name] = names;
        Ok(DataEventSelectorModel {
            trail_name: name.into(),
            region,
            account_id,
            ..DataEventSelectorModel::default()
        })
    }

    async fn import(
        cx: &Cx<Cloud>,
        target: DataEventSelectorModel,
    ) -> Result<DataEventSelectorModel, Diagnostics> {
        let place = enter(cx, &target).await?;
        Ok(target.at(&place))
    }
}

/// Checks again before anything is written: at the plan, some of it may have been unknown.
fn stands(planned: &DataEventSelectorModel) -> Result<(), Diagnostics> {
    let mut found = Diagnostics::new();
    check::check(planned, &mut found);
    if found.has_error() { Err(found) } else { Ok(()) }
}

/// The selectors of the trail; a trail that is gone has none.
async fn find(
    service: &ActionTrail,
    model: &DataEventSelectorModel,
) -> Result<Option<DescribedDataEvents>, Error> {
    match service.get_data_event_selector(model.trail()).await {
        Err(error) if error.is_not_found() => Ok(None),
        other => other,
    }
}

/// Puts the selectors and waits until the service says that it has them.
async fn put(
    cx: &Cx<Cloud>,
    place: &Place,
    model: &DataEventSelectorModel,
) -> Result<DataEventSelectorModel, Error> {
    let service = place.client.actiontrail(&place.region);
    service.put_data_event_selector(model.trail(), &model.events()).await?;
    cx.keep(&model.clone().at(place));
    let what = format!("the {} to be as they were put", model.label());
    let settled = |found: DescribedDataEvents| {
        let read = model.read_from(&found, place);
        read.is_as(model).then_some(read)
    };
    place
        .client
        .wait(&alibaba::retry::Policy::NEW_OBJECT, &what, || async {
            Ok(find(&service, model).await?.and_then(settled))
        })
        .await
}

/// The regions whose data events arrive nowhere.
fn warnings(model: &DataEventSelectorModel, found: &DescribedDataEvents) -> Vec<Diagnostic> {
    let failed = found.deliveries.iter().filter(|delivery| delivery.status.as_deref() == Some("failure"));
    let warning = failed.map(|delivery| {
        let why = [&delivery.error_code, &delivery.error_message].map(|part| part.as_deref().unwrap_or_default());
        Diagnostic::warning(
            format!("data events of {} are not delivered for trail {:?}", delivery.region, model.trail()),
            format!(
                "The service says: {}. It delivers them to the project {}. Check that SLS is activated in the region and \
                 that nothing stands in the way of that project, such as a quota or a foreign project of its name.",
                why.join(" ").trim(),
                delivery.project_arn.as_deref().unwrap_or("that it makes there")
            ),
        )
        .at(Path::attribute("sls_delivery"))
    });
    warning.collect()
}
