//! When an alert falls silent.

use plugin::{Loss, Path};

use super::model::AlertModel;

/// What is no longer noticed once `prior` becomes `planned`, or is deleted.
pub(super) fn losses(prior: &AlertModel, planned: Option<&AlertModel>) -> Vec<Loss> {
    let detail = "What it looks for is still recorded, and nobody is told about it.".to_owned();
    let loss = |path: Path, what: &str| Loss {
        path,
        summary: format!("{} {what}", prior.label()),
        detail: detail.clone(),
    };
    match planned {
        None => vec![loss(Path::root(), "is deleted")],
        Some(planned) if prior.is_on() && !planned.is_on() => {
            vec![loss(Path::attribute("status"), "is switched off")]
        }
        Some(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_is_a_loss() {
        let on = AlertModel { status: "ENABLED".into(), ..AlertModel::default() };
        let off = AlertModel { status: "DISABLED".into(), ..AlertModel::default() };
        assert_eq!((losses(&on, Some(&off)).len(), losses(&on, None).len()), (1, 1));
        assert!(losses(&off, Some(&on)).is_empty() && losses(&off, Some(&off)).is_empty());
    }
}
