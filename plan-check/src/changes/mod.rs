//! What a plan weakens: objects before and after, compared, and what no longer holds named by the list of
//! `reconciler::evidence`. Whether the change would be made by one provider or the other makes no difference.

mod alerts;
mod buckets;
mod found;
mod logs;
mod others;
mod trails;

use baseline::{Finding, Selection};
use time::OffsetDateTime;

use crate::planned::Planned;
use found::Changes;

/// Compares what there is with what there will be.
pub(crate) fn judge(
    before: &Planned,
    after: &Planned,
    selection: &Selection,
    now: OffsetDateTime,
) -> Vec<Finding> {
    let mut changes = Changes::new(selection);
    trails::compare(before, after, &mut changes);
    buckets::compare(before, after, &mut changes, now);
    logs::compare(before, after, &mut changes);
    alerts::compare(before, after, &mut changes, now);
    others::compare(before, after, &mut changes);
    changes.into_findings()
}
