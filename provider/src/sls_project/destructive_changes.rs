//! What the end of a project deletes.

use plugin::{DestructiveChange, Path};

use super::model::ProjectModel;

/// What is no longer kept once `prior` becomes `planned`, or is deleted.
pub(super) fn destructive_changes(
    prior: &ProjectModel,
    planned: Option<&ProjectModel>,
) -> Vec<DestructiveChange> {
    if let Some(planned) = planned {
        let stops = prior.recycles() && planned.recycle_bin_enabled.get() == Some(&false);
        return stops.then(|| unrecoverable(prior)).into_iter().collect();
    }
    // Unless it is forced, only a project without logs can go.
    if !prior.is_forced() {
        return Vec::new();
    }
    let detail = if prior.recycles() {
        "Its logstores with their logs, indexes, alerts and dashboards go to the recycle bin with it, and are deleted for \
         good when their time there is over. A trail that still delivers to it no longer can."
    } else {
        "Its logstores with their logs, indexes, alerts and dashboards are deleted with it, for good, whether or not they \
         are in this configuration. A trail that still delivers to it no longer can. To keep it, take it out of the \
         configuration with a removed block (lifecycle { destroy = false })."
    };
    vec![DestructiveChange {
        path: Path::root(),
        summary: format!("{} is deleted with all logs in it", prior.label()),
        detail: detail.to_owned(),
    }]
}

/// The recycle bin is switched off.
fn unrecoverable(project: &ProjectModel) -> DestructiveChange {
    DestructiveChange {
        path: Path::attribute("recycle_bin_enabled"),
        summary: format!("{} can no longer be recovered once it is deleted", project.label()),
        detail: "From the apply on, deleting the project deletes its logs for good. So far they are kept in the recycle bin \
                 for a while."
            .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_end_of_a_project_whose_destroy_is_forced_loses_logs() {
        let kept_with_logs = ProjectModel { project_name: "audit".into(), ..ProjectModel::default() };
        assert!(destructive_changes(&kept_with_logs, None).is_empty());
        let project = ProjectModel { force_destroy: true.into(), ..kept_with_logs };
        let described = ProjectModel { description: "x".into(), ..project.clone() };
        assert!(destructive_changes(&project, Some(&described)).is_empty());
        let [destructive_change] = destructive_changes(&project, None).try_into().unwrap();
        assert_eq!(destructive_change.summary, "project \"audit\" is deleted with all logs in it");
        assert!(
            destructive_change.detail.contains("for good, whether or not"),
            "{}",
            destructive_change.detail
        );
        let recycled = ProjectModel { recycle_bin_enabled: true.into(), ..project };
        assert!(destructive_changes(&recycled, None)[0].detail.contains("recycle bin"));
        let kept = ProjectModel { recycle_bin_enabled: false.into(), ..recycled.clone() };
        assert_eq!(
            destructive_changes(&recycled, Some(&kept))[0].path,
            Path::attribute("recycle_bin_enabled")
        );
        assert!(destructive_changes(&kept, Some(&recycled)).is_empty());
    }
}
