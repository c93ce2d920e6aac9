//! What a change of a trail stops recording.

use plugin::{Attr, DestructiveChange, Path};

use super::model::TrailModel;

/// What is no longer recorded or delivered once `prior` becomes `planned`, or is deleted.
pub(super) fn destructive_changes(
    prior: &TrailModel,
    planned: Option<&TrailModel>,
) -> Vec<DestructiveChange> {
    // A trail that does not log has nothing to lose.
    if !prior.wants_logging() {
        return Vec::new();
    }
    let label = prior.label();
    let destructive_change = |attribute: Option<&str>, summary: String, detail: String| DestructiveChange {
        path: attribute.map_or_else(Path::root, Path::attribute),
        summary,
        detail,
    };
    let Some(planned) = planned else {
        return vec![destructive_change(
            None,
            format!("{label} stops recording"),
            "It is deleted: from then on it records and delivers no events. What it has delivered stays."
                .to_owned(),
        )];
    };
    let mut destructive_changes = Vec::new();
    if planned.status.as_str() == Some("Disable") {
        let detail =
            "From the apply on, no events are recorded and delivered until it is enabled again.".to_owned();
        destructive_changes.push(destructive_change(
            Some("status"),
            format!("{label} stops logging"),
            detail,
        ));
    }
    let changed = |before: &Attr<String>, after: &Attr<String>| {
        let (before, after) = (before.as_str()?.to_owned(), after.as_str()?.to_owned());
        (before != after).then_some((before, after))
    };
    if let Some((before, after)) = changed(&prior.trail_region, &planned.trail_region)
        && after != "All"
    {
        let lost = if before == "All" {
            "events of all other regions".to_owned()
        } else {
            format!("events of {before}")
        };
        destructive_changes.push(destructive_change(
            Some("trail_region"),
            format!("{label} records {after} only"),
            format!("From the apply on, {lost} are no longer recorded."),
        ));
    }
    if let Some((before, after)) = changed(&prior.event_rw, &planned.event_rw)
        && after != "All"
    {
        let lost = if after == "Write" { "read" } else { "write" };
        destructive_changes.push(destructive_change(
            Some("event_rw"),
            format!("{label} records {} events only", after.to_lowercase()),
            format!("event_rw goes from {before} to {after}: from the apply on, {lost} events are no longer recorded."),
        ));
    }
    for (attribute, before, after) in [
        ("oss_bucket_name", &prior.oss_bucket_name, &planned.oss_bucket_name),
        ("sls_project_arn", &prior.sls_project_arn, &planned.sls_project_arn),
        ("max_compute_project_arn", &prior.max_compute_project_arn, &planned.max_compute_project_arn),
    ] {
        let Some(before) = before.as_str() else { continue };
        let now = match after {
            Attr::Null => "nowhere".to_owned(),
            Attr::Known(after) if !after.eq_ignore_ascii_case(before) => after.clone(),
            _ => continue,
        };
        destructive_changes.push(destructive_change(
            Some(attribute),
            format!("{label} no longer delivers to {before}"),
            format!("From the apply on, new events go to {now} instead. What was delivered to {before} stays there."),
        ));
    }
    destructive_changes
}
