//! What can be said of selectors before any call (ActionTrail API reference, PutDataEventSelector).

use plugin::{Attr, Diagnostic, Diagnostics, Path};

use super::model::{DataEventSelectorModel, FilterModel, SelectorModel};
use crate::check::{arn_spelling, misspelt};

/// Selectors of a trail.
const SELECTORS: usize = 20;
/// Values of one condition.
const VALUES: usize = 10;

/// Checks a configuration.
pub(super) fn check(config: &DataEventSelectorModel, found: &mut Diagnostics) {
    if config.all_regions.get() == Some(&true) && config.region_ids.get().is_some() {
        found.push(wrong(
            "region_ids",
            "all_regions covers every region. Remove region_ids, or set all_regions = false.",
        ));
    }
    let Some(selectors) = config.selectors.get() else { return };
    if selectors.is_empty() || selectors.len() > SELECTORS {
        let count = selectors.len();
        let why = format!(
            "A trail has 1 to {SELECTORS} selectors, and there are {count}. To record no data events, \
            remove the resource."
        );
        found.push(wrong("selectors", &why));
    }
    for (at, selector) in selectors.iter().enumerate() {
        check_selector(at, selector, found);
        if is_known(selector) && selectors[..at].contains(selector) {
            found.push(wrong("selectors", &format!("Selector {at} is there twice. Remove one.")));
        }
    }
}

/// Whether nothing of it is left open: two selectors that are still unknown look the same and may not be.
fn is_known(selector: &SelectorModel) -> bool {
    let filters = [&selector.event_name, &selector.resource_arn];
    !selector.service_name.is_unknown()
        && !selector.read_write_type.is_unknown()
        && filters.into_iter().all(|filter| match filter {
            Attr::Known(filter) => !filter.equals.is_unknown() && !filter.not_equals.is_unknown(),
            other => other.is_null(),
        })
}

/// Services whose spelling is certain; ListDataEventServices lists more, and more each year (ActionTrail API reference).
const SERVICES: [&str; 3] = ["Cms", "Oss", "Ots"];

/// A service with data events. Any name is taken but a misspelt one: which services have data events, the API tells.
pub(super) fn service_name(name: &str) -> Result<(), String> {
    let trimmed = name.trim();
    if trimmed.is_empty() {
        return Err("It must not be empty. Write a name such as \"Oss\".".into());
    }
    let known = SERVICES.into_iter().find(|known| known.eq_ignore_ascii_case(trimmed));
    let right = known.unwrap_or(trimmed);
    if right == name {
        return Ok(());
    }
    Err(format!("{name:?} is not how ActionTrail spells the service. Write {right:?}."))
}

/// The ARNs of a condition, which may have patterns in them.
pub(super) fn resource_arns(filter: &FilterModel) -> Option<String> {
    let all = filter.equals.get().into_iter().chain(filter.not_equals.get()).flatten();
    all.filter_map(|arn| {
        let start = |text: &str| text.splitn(3, ':').take(2).map(str::to_owned).collect::<Vec<_>>();
        let mut right = arn_spelling(arn);
        if arn.trim_end().ends_with('/') {
            right.push('/');
        }
        let same = arn.eq_ignore_ascii_case(&right) && start(arn) == start(&right);
        (!same).then(|| misspelt(arn, &right))
    })
    .next()
}

fn check_selector(at: usize, selector: &SelectorModel, found: &mut Diagnostics) {
    if let Some(why) = selector.resource_arn.get().and_then(resource_arns) {
        found.push(wrong("selectors", &format!("resource_arn of selector {at}: {why}")));
    }
    for (name, filter) in [("event_name", &selector.event_name), ("resource_arn", &selector.resource_arn)] {
        let Attr::Known(filter) = filter else { continue };
        if filter.equals.is_unknown() || filter.not_equals.is_unknown() {
            continue;
        }
        let whose = format!("{name} of selector {at}");
        match filter.count() {
            count if count > VALUES => found.push(wrong("selectors", &format!(
                "{whose} has {count} values, and {VALUES} are allowed in equals and not_equals together. Use patterns \
                 such as Get*, or split it into two selectors."
            ))),
            _ => contradicting(&whose, filter, found),
        }
    }
}

fn contradicting(whose: &str, filter: &FilterModel, found: &mut Diagnostics) {
    let (Some(equals), Some(not)) = (filter.equals.get(), filter.not_equals.get()) else { return };
    if let Some(both) = equals.intersection(not).next() {
        found.push(wrong(
            "selectors",
            &format!("{whose} has {both:?} in equals and in not_equals. Remove one."),
        ));
    }
}

fn wrong(attribute: &str, why: &str) -> Diagnostic {
    Diagnostic::error(format!("Invalid {attribute}"), why).at(Path::attribute(attribute))
}
