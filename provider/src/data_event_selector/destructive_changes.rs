//! What a change of data event selectors stops recording.

use std::collections::BTreeSet;

use plugin::{Attr, DestructiveChange, Path};

use super::model::{DataEventSelectorModel, FilterModel, SelectorModel};

/// What is no longer recorded once `prior` becomes `planned`, or is deleted.
pub(super) fn destructive_changes(
    prior: &DataEventSelectorModel,
    planned: Option<&DataEventSelectorModel>,
) -> Vec<DestructiveChange> {
    let trail = prior.trail();
    let destructive_change = |attribute: Option<&str>, summary: String, detail: String| DestructiveChange {
        path: attribute.map_or_else(Path::root, Path::attribute),
        summary,
        detail,
    };
    let Some(planned) = planned else {
        return vec![destructive_change(
            None,
            format!("trail {trail:?} stops recording data events"),
            "Its selectors are deleted: from then on no data events are recorded. What was delivered stays."
                .to_owned(),
        )];
    };
    let mut destructive_changes = Vec::new();
    let (Some(before), Some(after)) = (prior.selectors.get(), planned.selectors.get()) else {
        return destructive_changes;
    };
    for selector in before.iter().filter(|selector| !after.iter().any(|other| covers(other, selector))) {
        let service = selector.service_name.as_str().unwrap_or_default();
        destructive_changes.push(destructive_change(
            Some("selectors"),
            format!("trail {trail:?} records fewer data events of {service}"),
            "No selector covers any longer all that one of its selectors covers now: from the apply on, such events are no \
             longer recorded."
                .to_owned(),
        ));
    }
    if !planned.region_ids.is_unknown() && !planned.all_regions.is_unknown() {
        let gone = regions_lost(prior, planned);
        if let Some(gone) = gone.filter(|gone| !gone.is_empty()) {
            let attribute = if prior.covers_all_regions() { "all_regions" } else { "region_ids" };
            destructive_changes.push(destructive_change(
                Some(attribute),
                format!("trail {trail:?} records data events of fewer regions"),
                format!("From the apply on, data events of {gone} are no longer recorded."),
            ));
        }
    }
    destructive_changes
}

/// The regions that are no longer covered, in words.
fn regions_lost(prior: &DataEventSelectorModel, planned: &DataEventSelectorModel) -> Option<String> {
    if planned.covers_all_regions() {
        return None;
    }
    let covered = |model: &DataEventSelectorModel| match model.region_ids.get() {
        Some(ids) => ids.clone(),
        None => model.scope.region.as_str().map(str::to_owned).into_iter().collect::<BTreeSet<_>>(),
    };
    let after = covered(planned);
    if prior.covers_all_regions() {
        let stay: Vec<&str> = after.iter().map(String::as_str).collect();
        return Some(format!("all regions but {}", stay.join(", ")));
    }
    let gone: Vec<String> = covered(prior).difference(&after).cloned().collect();
    Some(gone.join(", "))
}

/// Whether a selector selects all that another one does. Patterns are not looked into.
fn covers(wide: &SelectorModel, narrow: &SelectorModel) -> bool {
    let kinds =
        wide.read_write_type.as_str() == Some("All") || wide.read_write_type == narrow.read_write_type;
    let whole = |wide: &Attr<FilterModel>, narrow: &Attr<FilterModel>| match (wide.get(), narrow.get()) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(wide), Some(narrow)) => {
            let set = |values: &Attr<BTreeSet<String>>| values.get().cloned().unwrap_or_default();
            let (wide_in, narrow_in) = (set(&wide.equals), set(&narrow.equals));
            let takes = wide_in.is_empty() || !narrow_in.is_empty() && narrow_in.is_subset(&wide_in);
            takes && set(&wide.not_equals).is_subset(&set(&narrow.not_equals))
        }
    };
    wide.service_name == narrow.service_name
        && kinds
        && whole(&wide.event_name, &narrow.event_name)
        && whole(&wide.resource_arn, &narrow.resource_arn)
}
