//! What another storage region of global events hides.

use plugin::{DestructiveChange, Path};

use super::model::GlobalEventsStorageRegionModel;

/// What is no longer found once `prior` becomes `planned`. Destroying the resource leaves the setting as it is.
pub(super) fn destructive_changes(
    prior: &GlobalEventsStorageRegionModel,
    planned: Option<&GlobalEventsStorageRegionModel>,
) -> Vec<DestructiveChange> {
    let regions =
        planned.and_then(|planned| Some((prior.storage_region.as_str()?, planned.storage_region.as_str()?)));
    let Some((before, after)) = regions.filter(|(before, after)| before != after) else { return Vec::new() };
    vec![DestructiveChange {
        path: Path::attribute("storage_region"),
        summary: format!("global events are no longer stored in {before}"),
        detail: format!(
            "From the apply on, events of services without a region, such as RAM, are stored in {after}: searches, alerts \
             and trails of {before} alone no longer find them. Events that were stored stay where they are."
        ),
    }]
}

#[cfg(test)]
mod tests {
    use plugin::Attr;

    use super::*;

    #[test]
    fn another_region_is_a_loss_and_leaving_it_is_none() {
        let model = |region: &str| GlobalEventsStorageRegionModel {
            storage_region: region.into(),
            ..GlobalEventsStorageRegionModel::default()
        };
        let [destructive_change] =
            destructive_changes(&model("cn-hangzhou"), Some(&model("ap-southeast-1"))).try_into().unwrap();
        assert!(
            destructive_change.detail.contains("alerts and trails of cn-hangzhou alone"),
            "{}",
            destructive_change.detail
        );
        assert!(destructive_changes(&model("cn-hangzhou"), Some(&model("cn-hangzhou"))).is_empty());
        assert!(destructive_changes(&model("cn-hangzhou"), None).is_empty());
        let unset = GlobalEventsStorageRegionModel { storage_region: Attr::Null, ..model("x") };
        assert!(destructive_changes(&unset, Some(&model("cn-hangzhou"))).is_empty());
    }
}
