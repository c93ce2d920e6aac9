//! Which trails deliver to a bucket or project: deleting one takes the destination of their events away.

use std::collections::BTreeSet;
use std::time::Duration;

use alibaba::actiontrail::{DescribeTrails, Trail};
use plugin::{Context, DestructiveChange, Path};
use reconciler::Scope;

use crate::config::Cloud;
use crate::resource_scope::while_planning;
use crate::scope::Scoped;

/// How old a list of trails may be: one serves all buckets and projects that are planned together.
const RECENT: Duration = Duration::from_secs(10);

/// The losses of deleting `label`, one for each trail of the account that logs and delivers to it. Looks in the region of
/// the object and in that of the provider, as far as that is allowed and takes a few seconds: what cannot be seen there is
/// not told.
pub(crate) async fn destructive_changes_of_deleting<M: Scoped>(
    context: &Context<Cloud>,
    model: &M,
    label: &str,
    is_destination: impl Fn(&Trail) -> bool,
) -> Vec<DestructiveChange> {
    let own = context.client().ok().and_then(|cloud| cloud.region.clone());
    let is_destination = &is_destination;
    let look = |scope: Scope| async move {
        let mut found = BTreeSet::new();
        let mut regions = vec![scope.region.clone()];
        regions.extend(own.filter(|own| *own != scope.region));
        for region in regions.iter().filter(|region| !region.is_empty()) {
            // By one reading of the vendor's texts the flag selects the trails of the organization instead of adding them.
            for include_organization_trail in [false, true] {
                let which = DescribeTrails { include_shadow_trails: true, include_organization_trail };
                let listed = scope.client.actiontrail(region).described_trails(which, RECENT).await;
                let listed = listed.map(|listed| listed.to_vec()).unwrap_or_default();
                found.extend(delivering(listed, &scope.account, is_destination));
            }
        }
        Some(found)
    };
    let found = while_planning(context, model, look).await.unwrap_or_default();
    found.into_iter().map(|trail| destructive_change(label, &trail)).collect()
}

/// The names of those trails of the account that log and deliver there.
fn delivering(
    listed: Vec<Trail>,
    account: &str,
    is_destination: impl Fn(&Trail) -> bool,
) -> BTreeSet<String> {
    let delivers = |trail: &Trail| {
        trail.status.as_deref() == Some("Enable")
            && trail.account_id().is_none_or(|owner| owner == account)
            && is_destination(trail)
    };
    listed.into_iter().filter(delivers).map(|trail| trail.name).collect()
}

/// A trail loses its destination.
pub(crate) fn destructive_change(label: &str, trail: &str) -> DestructiveChange {
    DestructiveChange {
        path: Path::root(),
        summary: format!("{label} is deleted while trail {trail:?} delivers to it"),
        detail: format!(
            "Trail {trail:?} logs and delivers its events to {label}. Unless this plan moves, stops or deletes the trail as \
             well, they can no longer be delivered there, and are lost when ActionTrail's own 90 days are over. Move the \
             trail to another destination first."
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trails_that_log_and_deliver_there_are_found() {
        let trail = |name: &str, status: &str, bucket: &str, account: &str| Trail {
            name: name.to_owned(),
            status: Some(status.to_owned()),
            oss_bucket_name: Some(bucket.to_owned()),
            trail_arn: Some(format!("acs:actiontrail:cn-hangzhou:{account}:trail/{name}")),
            ..Trail::default()
        };
        let listed = vec![
            trail("audit", "Enable", "archive", "1"),
            trail("stopped", "Disable", "archive", "1"),
            trail("fresh", "Fresh", "archive", "1"),
            trail("elsewhere", "Enable", "other", "1"),
            trail("theirs", "Enable", "archive", "2"),
        ];
        let to_archive = |trail: &Trail| trail.oss_bucket_name.as_deref() == Some("archive");
        assert_eq!(delivering(listed, "1", to_archive).into_iter().collect::<Vec<_>>(), ["audit"]);
    }
}
