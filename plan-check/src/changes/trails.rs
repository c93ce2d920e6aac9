//! Changes of trails. A trail that does not log has nothing to lose.

use std::collections::BTreeSet;

use baseline::Fact;
use baseline::facts::project_of_arn;
use serde_json::Value;

use super::found::{Changes, Subject};
use crate::planned::{Planned, Selectors, TrailView};

pub(super) fn compare(before: &Planned, after: &Planned, changes: &mut Changes<'_>) {
    for (key, old) in &before.trails {
        let subject = Subject {
            kind: "trail",
            id: &old.trail.name,
            account: &old.trail.account,
            region: old.trail.home_region.known().map(String::as_str),
            location: old.trail.location.as_ref(),
        };
        if old.trail.is_logging.known() != Some(&true) {
            continue;
        }
        match after.trails.get(key) {
            None => changes.weakens("trail.deleted", subject, "is deleted"),
            Some(new) if new.is_created => {
                changes.weakens("trail.deleted", subject, "is deleted, and made again");
            }
            Some(new) => trail(old, new, subject, changes),
        }
    }
    for (key, old) in &before.selectors {
        let subject = Subject {
            kind: "data event selector",
            id: &old.trail,
            account: &old.account,
            region: old.region.as_deref(),
            location: Some(&old.location),
        };
        match after.selectors.get(key) {
            None => changes.weakens("data_events.deleted", subject, "is deleted"),
            Some(new) => selectors(old, new, subject, changes),
        }
    }
}

fn trail(old: &TrailView, new: &TrailView, subject: Subject<'_>, changes: &mut Changes<'_>) {
    let (trail, planned) = (&old.trail, &new.trail);
    changes.flag(
        "trail.logging_stopped",
        subject,
        true,
        (&trail.is_logging, &planned.is_logging),
        "stops logging",
    );
    let wider = |before: &str, after: Option<&str>| after == Some("All") || after == Some(before);
    changes.text(
        "trail.regions_narrowed",
        subject,
        (&trail.trail_region, &planned.trail_region),
        wider,
        |before, after| format!("records {} instead of {before}", after.unwrap_or("its home region")),
    );
    changes.text(
        "trail.event_kinds_narrowed",
        subject,
        (&trail.event_rw, &planned.event_rw),
        wider,
        |before, after| format!("records {} events instead of {before}", after.unwrap_or("other")),
    );
    let elsewhere = |before: &str, after: Option<&str>| match after {
        Some(after) => format!("delivers to {after} instead of {before}"),
        None => format!("no longer delivers to {before}"),
    };
    let same =
        |before: &str, after: Option<&str>| after.is_some_and(|after| after.eq_ignore_ascii_case(before));
    changes.text("trail.bucket_changed", subject, (&trail.oss_bucket, &planned.oss_bucket), same, elsewhere);
    changes.text(
        "trail.project_changed",
        subject,
        (&trail.sls_project_arn, &planned.sls_project_arn),
        |before, after| after.is_some_and(|after| is_same_project(before, after)),
        elsewhere,
    );
    changes.text("trail.max_compute_changed", subject, (&old.max_compute, &new.max_compute), same, elsewhere);
    inline_selectors(old, new, subject, changes);
}

/// Whether two ARNs are of the same project. One that is not made yet has no account or region.
fn is_same_project(before: &str, after: &str) -> bool {
    let (Some(old), Some(new)) = (project_of_arn(before), project_of_arn(after)) else {
        return before.eq_ignore_ascii_case(after);
    };
    let is_account = |account: &str| account.bytes().all(|byte| byte.is_ascii_digit()) && !account.is_empty();
    let fits = |old: &str, new: &str| new.is_empty() || old.eq_ignore_ascii_case(new);
    old.name.eq_ignore_ascii_case(new.name)
        && fits(old.region, new.region)
        && (!is_account(new.account) || old.account == new.account)
}

fn selectors(old: &Selectors, new: &Selectors, subject: Subject<'_>, changes: &mut Changes<'_>) {
    match (&old.selectors, &new.selectors) {
        (Some(before), Some(after)) if before.iter().any(|selector| !covers(after, selector)) => {
            changes.weakens("data_events.selectors_narrowed", subject, "selects fewer events");
        }
        (Some(_), None) => changes.unknown("data_events.selectors_narrowed", subject, "the selectors"),
        _ => {}
    }
    let narrowed = match (&old.regions, &new.regions) {
        (None, Some(_)) => true,
        (Some(before), Some(after)) => !before.is_subset(after),
        (_, None) => false,
    };
    if narrowed {
        changes.weakens("data_events.regions_narrowed", subject, "is for fewer regions");
    }
}

/// Whether one of these selectors records what another one did. One is wider if it says less than the other, or All of it.
fn covers(selectors: &BTreeSet<String>, before: &str) -> bool {
    let parse = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
    let old = parse(before);
    selectors.iter().any(|selector| {
        let new = parse(selector);
        let (Value::Object(new), Value::Object(old)) = (&new, &old) else { return new == old };
        new.iter().all(|(name, value)| {
            let is_wide = value.is_null() || ["All", "*"].iter().any(|all| value == all);
            is_wide || old.get(name) == Some(value)
        })
    })
}

/// The selectors that the trail of alicloud has itself.
fn inline_selectors(old: &TrailView, new: &TrailView, subject: Subject<'_>, changes: &mut Changes<'_>) {
    let list = |text: &str| -> BTreeSet<String> {
        let list: Value = serde_json::from_str(text).unwrap_or_default();
        list.as_array().into_iter().flatten().map(Value::to_string).collect()
    };
    if let Some(before) = old.selectors.known() {
        let before = list(before);
        match &new.selectors {
            Fact::Unknown(why) => changes.unknown("data_events.selectors_narrowed", subject, why),
            after => {
                let after = after.known().map(|after| list(after)).unwrap_or_default();
                if before.iter().any(|selector| !covers(&after, selector)) {
                    changes.weakens("data_events.selectors_narrowed", subject, "selects fewer data events");
                }
            }
        }
    }
    changes.text(
        "data_events.regions_narrowed",
        subject,
        (&old.selector_regions, &new.selector_regions),
        |before, after| {
            let regions =
                |text: &str| text.split(',').map(|region| region.trim().to_owned()).collect::<BTreeSet<_>>();
            after.is_some_and(|after| after == "All" || regions(before).is_subset(&regions(after)))
        },
        |before, _| format!("records data events in fewer regions than {before}"),
    );
}
