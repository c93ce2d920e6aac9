//! What a change of a logstore stops keeping, or opens to others.

use plugin::{Attr, DestructiveChange, Path};
use reconciler::sls_logstore::PERMANENT;

use super::model::LogstoreModel;

/// What is no longer kept or closed once `prior` becomes `planned`, or is destroyed.
pub(super) fn destructive_changes(
    prior: &LogstoreModel,
    planned: Option<&LogstoreModel>,
) -> Vec<DestructiveChange> {
    let label = prior.label();
    let Some(planned) = planned else {
        if prior.is_only_forgotten() {
            return Vec::new();
        }
        return vec![DestructiveChange {
            path: Path::root(),
            summary: format!("{label} is deleted with its logs"),
            detail: "Its logs and its index are deleted for good. To keep them, take the logstore out of the configuration \
                     with a removed block (lifecycle { destroy = false })."
                .to_owned(),
        }];
    };
    let mut destructive_changes: Vec<DestructiveChange> = shortened(prior, planned).into_iter().collect();
    if !prior.takes_anonymous_logs() && planned.takes_anonymous_logs() {
        destructive_changes.push(DestructiveChange {
            path: Path::attribute("enable_web_tracking"),
            summary: format!("{label} is opened to anonymous writes"),
            detail: "From the apply on, anybody can write logs into it without credentials, so that what it holds proves \
                     nothing any more."
                .to_owned(),
        });
    }
    if prior.append_meta.get() == Some(&true) && planned.append_meta.get() == Some(&false) {
        destructive_changes.push(DestructiveChange {
            path: Path::attribute("append_meta"),
            summary: format!("{label} no longer notes who sent a log"),
            detail: "From the apply on, the sender's address and the time of receipt are no longer added to new logs."
                .to_owned(),
        });
    }
    let encrypts = |model: &LogstoreModel| match &model.encrypt_conf {
        Attr::Null => Some(false),
        conf => conf.get()?.enable.get().copied(),
    };
    if encrypts(prior) == Some(true) && encrypts(planned) == Some(false) {
        destructive_changes.push(DestructiveChange {
            path: Path::attribute("encrypt_conf"),
            summary: format!("{label} no longer encrypts its logs"),
            detail: "From the apply on, new logs are stored unencrypted. Logs that exist stay as they are."
                .to_owned(),
        });
    }
    if let (Some(before), Some(after)) = (powers(prior), powers(planned))
        && after < before
    {
        let lost = if after == 0 {
            "new logs cannot be searched or analysed"
        } else {
            "logs can be searched, and no longer analysed with SQL"
        };
        destructive_changes.push(DestructiveChange {
            path: Path::attribute("mode"),
            summary: format!("{label} can no longer be analysed"),
            detail: format!(
                "From the apply on, {lost}: alerts and dashboards that need it no longer find anything."
            ),
        });
    }
    destructive_changes
}

/// How much can be done with the logs of a store, by its mode.
fn powers(model: &LogstoreModel) -> Option<u8> {
    match model.mode.as_str()? {
        "lite" => Some(0),
        "query" => Some(1),
        _ => Some(2),
    }
}

/// The loss of keeping logs for a shorter time than `now`.
pub(super) fn shortened(now: &LogstoreModel, planned: &LogstoreModel) -> Option<DestructiveChange> {
    let (before, after) = (*now.retention_period.get()?, *planned.retention_period.get()?);
    if after >= before {
        return None;
    }
    let before =
        if before == PERMANENT { "for good (3650)".to_owned() } else { format!("for {before} days") };
    Some(DestructiveChange {
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
        let [destructive_change] = destructive_changes(&kept(), Some(&shorter)).try_into().unwrap();
        assert_eq!(destructive_change.path, Path::attribute("retention_period"));
        assert!(
            destructive_change.detail.contains("from for good (3650) to 180 days"),
            "{}",
            destructive_change.detail
        );
        assert!(destructive_changes(&shorter, Some(&kept())).is_empty(), "keeping longer loses nothing");
    }

    #[test]
    fn web_tracking_opens_the_store() {
        let open = LogstoreModel { enable_web_tracking: true.into(), ..kept() };
        assert_eq!(destructive_changes(&kept(), Some(&open))[0].path, Path::attribute("enable_web_tracking"));
        assert!(destructive_changes(&open, Some(&open)).is_empty());
    }

    #[test]
    fn only_what_is_deleted_is_lost() {
        assert_eq!(destructive_changes(&kept(), None).len(), 1);
        let adopted = LogstoreModel { adopted: true.into(), ..kept() };
        assert!(destructive_changes(&adopted, None).is_empty());
        assert_eq!(
            destructive_changes(&LogstoreModel { force_destroy: true.into(), ..adopted }, None).len(),
            1
        );
    }
}
