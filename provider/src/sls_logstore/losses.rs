//! What a change of a logstore stops keeping, or opens to others.

use plugin::{Loss, Path};

use super::model::LogstoreModel;
use super::tiers::PERMANENT;

/// What is no longer kept or closed once `prior` becomes `planned`, or is destroyed.
pub(super) fn losses(prior: &LogstoreModel, planned: Option<&LogstoreModel>) -> Vec<Loss> {
    let label = prior.label();
    let Some(planned) = planned else {
        if prior.is_only_forgotten() {
            return Vec::new();
        }
        return vec![Loss {
            path: Path::root(),
            summary: format!("{label} is deleted with its logs"),
            detail: "Its logs and its index are deleted for good. To keep them, take the logstore out of the configuration \
                     with a removed block (lifecycle { destroy = false })."
                .to_owned(),
        }];
    };
    let mut losses: Vec<Loss> = shortened(prior, planned).into_iter().collect();
    if !prior.takes_anonymous_logs() && planned.takes_anonymous_logs() {
        losses.push(Loss {
            path: Path::attribute("enable_web_tracking"),
            summary: format!("{label} is opened to anonymous writes"),
            detail: "From the apply on, anybody can write logs into it without credentials, so that what it holds proves \
                     nothing any more."
                .to_owned(),
        });
    }
    losses
}

/// The loss of keeping logs for a shorter time than `now`.
pub(super) fn shortened(now: &LogstoreModel, planned: &LogstoreModel) -> Option<Loss> {
    let (before, after) = (*now.retention_period.get()?, *planned.retention_period.get()?);
    if after >= before {
        return None;
    }
    let before =
        if before == PERMANENT { "for good (3650)".to_owned() } else { format!("for {before} days") };
    Some(Loss {
        path: Path::attribute("retention_period"),
        summary: format!("{} keeps logs for {after} days only", now.label()),
        detail: format!(
            "retention_period goes from {before} to {after} days: from the apply on, the service deletes all logs that are \
             older than {after} days, for good."
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept() -> LogstoreModel {
        LogstoreModel {
            project_name: "audit".into(),
            logstore_name: "events".into(),
            retention_period: 3650.into(),
            enable_web_tracking: false.into(),
            force_destroy: false.into(),
            adopted: false.into(),
            ..LogstoreModel::default()
        }
    }

    #[test]
    fn shortening_says_from_what_to_what() {
        let shorter = LogstoreModel { retention_period: 180.into(), ..kept() };
        let [loss] = losses(&kept(), Some(&shorter)).try_into().unwrap();
        assert_eq!(loss.path, Path::attribute("retention_period"));
        assert!(loss.detail.contains("from for good (3650) to 180 days"), "{}", loss.detail);
        assert!(losses(&shorter, Some(&kept())).is_empty(), "keeping longer loses nothing");
    }

    #[test]
    fn web_tracking_opens_the_store() {
        let open = LogstoreModel { enable_web_tracking: true.into(), ..kept() };
        assert_eq!(losses(&kept(), Some(&open))[0].path, Path::attribute("enable_web_tracking"));
        assert!(losses(&open, Some(&open)).is_empty());
    }

    #[test]
    fn only_what_is_deleted_is_lost() {
        assert_eq!(losses(&kept(), None).len(), 1);
        let adopted = LogstoreModel { adopted: true.into(), ..kept() };
        assert!(losses(&adopted, None).is_empty());
        assert_eq!(losses(&LogstoreModel { force_destroy: true.into(), ..adopted }, None).len(), 1);
    }
}
