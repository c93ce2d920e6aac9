//! What a change of access logging stops recording.

use alibaba::oss::BucketLogging;
use plugin::{DestructiveChange, Path};

use super::model::LoggingModel;

/// What is no longer recorded once `prior` becomes `planned`, or logging stops.
pub(super) fn destructive_changes(
    prior: &LoggingModel,
    planned: Option<&LoggingModel>,
) -> Vec<DestructiveChange> {
    let before = prior.wanted();
    match planned {
        None => vec![DestructiveChange {
            path: Path::root(),
            summary: format!("requests to bucket {:?} are no longer logged", prior.name()),
            detail: format!(
                "Its access log goes to {:?} now. From the apply on, nobody records who reads, writes and deletes its \
                 objects. Logs that were written stay.",
                before.target_bucket
            ),
        }],
        Some(planned) => moved(planned, &before).into_iter().collect(),
    }
}

/// The log goes to another bucket than `before`.
pub(super) fn moved(planned: &LoggingModel, before: &BucketLogging) -> Option<DestructiveChange> {
    let target = planned.target_bucket.as_str().filter(|target| *target != before.target_bucket)?;
    Some(DestructiveChange {
        path: Path::attribute("target_bucket"),
        summary: format!("bucket {:?} logs to another bucket", planned.name()),
        detail: format!(
            "From the apply on, its access log goes to {target:?} and no longer to {:?}: whoever evaluates it there sees \
             nothing new. Logs that were written stay where they are.",
            before.target_bucket
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_log_and_another_place_for_it_are_told() {
        let one = LoggingModel {
            bucket: "audit".into(),
            target_bucket: "logs".into(),
            target_prefix: "a/".into(),
            ..LoggingModel::default()
        };
        let two = LoggingModel { target_bucket: "elsewhere".into(), ..one.clone() };
        let summary = |planned| {
            destructive_changes(&one, planned)
                .into_iter()
                .map(|destructive_change| destructive_change.summary)
                .collect::<Vec<_>>()
        };
        assert_eq!(summary(None), ["requests to bucket \"audit\" are no longer logged"]);
        assert_eq!(summary(Some(&two)), ["bucket \"audit\" logs to another bucket"]);
        let renamed = LoggingModel { target_prefix: "b/".into(), ..one.clone() };
        assert!(summary(Some(&renamed)).is_empty() && summary(Some(&one)).is_empty());
    }
}
