//! What the end of a project deletes.

use plugin::{Loss, Path};

use super::model::ProjectModel;

/// What is no longer kept once `prior` becomes `planned`, or is deleted.
pub(super) fn losses(prior: &ProjectModel, planned: Option<&ProjectModel>) -> Vec<Loss> {
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
    vec![Loss {
        path: Path::root(),
        summary: format!("{} is deleted with all logs in it", prior.label()),
        detail: detail.to_owned(),
    }]
}

/// The recycle bin is switched off.
fn unrecoverable(project: &ProjectModel) -> Loss {
    Loss {
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
        assert!(losses(&kept_with_logs, None).is_empty());
        let project = ProjectModel { force_destroy: true.into(), ..kept_with_logs };
        let described = ProjectModel { description: "x".into(), ..project.clone() };
        assert!(losses(&project, Some(&described)).is_empty());
        let [loss] = losses(&project, None).try_into().unwrap();
        assert_eq!(loss.summary, "project \"audit\" is deleted with all logs in it");
        assert!(loss.detail.contains("for good, whether or not"), "{}", loss.detail);
        let recycled = ProjectModel { recycle_bin_enabled: true.into(), ..project };
        assert!(losses(&recycled, None)[0].detail.contains("recycle bin"));
        let kept = ProjectModel { recycle_bin_enabled: false.into(), ..recycled.clone() };
        assert_eq!(losses(&recycled, Some(&kept))[0].path, Path::attribute("recycle_bin_enabled"));
        assert!(losses(&kept, Some(&recycled)).is_empty());
    }
}
