//! `alitrail_data_event_selector`: the data events that a trail records.
//!
//! The service knows the selectors of a trail as one set, so the resource owns the whole set; selectors that are there
//! already are imported, never overwritten.

mod check;
mod destructive_changes;
mod model;
#[cfg(test)]
mod tests;

use alibaba::actiontrail::DescribedDataEvents;
use plugin::{Context, DeletionGuard, DestructiveChange, Diagnostic, Diagnostics, Path};
use reconciler::Scope;
use reconciler::data_events::{self, DataEvents};

use crate::config::Cloud;
use crate::reconciled::{Reconcile, Reconciled};
pub use model::{DataEventSelectorModel, FilterModel, SelectorModel};

/// The resource.
pub type DataEventSelectorResource = Reconcile<Declaration>;

/// What Terraform needs to know about it.
#[derive(Debug)]
pub struct Declaration;

impl Reconciled for Declaration {
    type Model = DataEventSelectorModel;
    type Object = DataEvents;
    const TYPE: &'static str = "alitrail_data_event_selector";
    const NAMES_UNIQUE_WITHIN: &'static [&'static str] = &["account_id"];
    const DESCRIPTION: &'static str = "The data events that a trail records besides management events, such as reads of \
        OSS objects. ActionTrail delivers them to SLS projects of its own making, one per region, and charges for them. \
        A trail has one such resource, which owns all its selectors.";

    fn validate(config: &DataEventSelectorModel, found: &mut Diagnostics) {
        check::check(config, found);
    }

    fn deletion_guard(model: &DataEventSelectorModel) -> Option<DeletionGuard> {
        Some(DeletionGuard::unprotected(model.label()))
    }

    fn destructive_changes(
        prior: &DataEventSelectorModel,
        planned: Option<&DataEventSelectorModel>,
    ) -> Vec<DestructiveChange> {
        destructive_changes::destructive_changes(prior, planned)
    }

    fn object(model: &DataEventSelectorModel, scope: Scope) -> DataEvents {
        DataEvents::new(scope, model.trail().to_owned(), model.settings())
    }

    fn settings(model: &DataEventSelectorModel) -> data_events::Settings {
        model.settings()
    }

    fn read_from(
        model: &DataEventSelectorModel,
        seen: &data_events::Settings,
        scope: &Scope,
    ) -> DataEventSelectorModel {
        model.read_from(seen, scope)
    }

    /// Checks again before anything is written: at the plan, some of it may have been unknown.
    fn check(planned: &DataEventSelectorModel) -> Diagnostics {
        let mut found = Diagnostics::new();
        check::check(planned, &mut found);
        found
    }

    async fn refreshed(
        context: &Context<Cloud>,
        _object: &DataEvents,
        seen: &data_events::Settings,
        model: &DataEventSelectorModel,
    ) {
        let found = seen.described.iter().flat_map(|described| warnings(model, described));
        found.for_each(|warning| context.warn(warning));
    }
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
