//! Who is no longer told of alerts through a group.

use plugin::{DestructiveChange, Path};

use super::model::UserGroupModel;
use crate::sls_record::Row;

/// Who is no longer reached once `prior` becomes `planned`, or is deleted.
pub(super) fn destructive_changes(
    prior: &UserGroupModel,
    planned: Option<&UserGroupModel>,
) -> Vec<DestructiveChange> {
    let label = prior.label();
    if prior.enabled.get() == Some(&false) {
        return Vec::new();
    }
    let destructive_change = |path: Path, what: String, detail: String| DestructiveChange {
        path,
        summary: format!("{label} {what}"),
        detail,
    };
    let Some(planned) = planned else {
        let detail = "Action policies that name the group reach nobody by that name from then on.".to_owned();
        return vec![destructive_change(Path::root(), "is deleted".to_owned(), detail)];
    };
    if planned.enabled.get() == Some(&false) {
        let detail = "From the apply on, no alert reaches its members through it.".to_owned();
        return vec![destructive_change(
            Path::attribute("enabled"),
            "is no longer notified".to_owned(),
            detail,
        )];
    }
    let (Some(before), Some(after)) = (prior.members.get(), planned.members.get()) else { return Vec::new() };
    let gone: Vec<String> = before.difference(after).map(|member| format!("{member:?}")).collect();
    if gone.is_empty() {
        return Vec::new();
    }
    let detail =
        format!("From the apply on, alerts that notify the group no longer reach {}.", gone.join(", "));
    vec![destructive_change(Path::attribute("members"), "loses members".to_owned(), detail)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_that_go_are_losses_and_members_that_come_are_none() {
        let group = |members: &[&str], enabled: bool| UserGroupModel {
            user_group_id: "team".into(),
            members: members
                .iter()
                .map(|member| (*member).to_owned())
                .collect::<std::collections::BTreeSet<_>>()
                .into(),
            enabled: enabled.into(),
            ..UserGroupModel::default()
        };
        let both = group(&["alex", "billie"], true);
        let [destructive_change] =
            destructive_changes(&both, Some(&group(&["alex"], true))).try_into().unwrap();
        assert!(
            destructive_change.detail.contains("no longer reach \"billie\"."),
            "{}",
            destructive_change.detail
        );
        assert!(destructive_changes(&group(&["alex"], true), Some(&both)).is_empty());
        let off = group(&["alex", "billie"], false);
        assert_eq!(destructive_changes(&both, Some(&off))[0].path, Path::attribute("enabled"));
        assert_eq!(destructive_changes(&both, None).len(), 1);
        assert!(
            destructive_changes(&off, None).is_empty() && destructive_changes(&off, Some(&both)).is_empty()
        );
    }
}
