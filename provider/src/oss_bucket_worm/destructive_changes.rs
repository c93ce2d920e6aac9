//! What a change of a retention policy stops keeping. A locked one loses nothing.

use plugin::{DestructiveChange, Path};

use super::model::WormModel;

/// What is no longer protected once `prior` becomes `planned`, or is taken back.
pub(super) fn destructive_changes(prior: &WormModel, planned: Option<&WormModel>) -> Vec<DestructiveChange> {
    if prior.is_locked() {
        return Vec::new();
    }
    let Some(planned) = planned else {
        return vec![DestructiveChange {
            path: Path::root(),
            summary: format!("objects of bucket {:?} are no longer protected", prior.name()),
            detail: format!(
                "Its retention policy is taken back: from the apply on, objects can be overwritten and deleted before they \
                 are {} days old.",
                prior.days()
            ),
        }];
    };
    if planned.days() >= prior.days() || planned.retention_period_in_days.is_unknown() {
        return Vec::new();
    }
    vec![DestructiveChange {
        path: Path::attribute("retention_period_in_days"),
        summary: format!("objects of bucket {:?} are protected less long", prior.name()),
        detail: format!(
            "From the apply on, they can be overwritten and deleted {} days after their last change; before: {} days.",
            planned.days(),
            prior.days()
        ),
    }]
}

#[cfg(test)]
mod tests {
    use reconciler::bucket_worm::{IN_PROGRESS, LOCKED};

    use super::*;

    #[test]
    fn taking_back_and_shortening_are_losses_and_locked_is_safe() {
        let model = |status: &str, days: i64| WormModel {
            bucket: "audit".into(),
            status: status.into(),
            retention_period_in_days: days.into(),
            ..WormModel::default()
        };
        let trial = model(IN_PROGRESS, 30);
        assert!(destructive_changes(&trial, None)[0].detail.contains("30 days old"));
        assert!(destructive_changes(&trial, Some(&model(LOCKED, 20)))[0].detail.contains("20 days"));
        assert!(destructive_changes(&trial, Some(&model(LOCKED, 30))).is_empty());
        assert!(destructive_changes(&model(LOCKED, 30), None).is_empty(), "it stays");
    }
}
