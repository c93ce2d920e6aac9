//! The attributes of `alitrail_sls_project`, and what the service makes of them.

use std::collections::BTreeMap;

use alibaba::sls::ProjectChange;
use plugin::{Attr, Model};
use reconciler::sls_project::Settings;

use super::check::{description, tags};
use crate::check;
use crate::scope::Regional;

/// Attributes of `alitrail_sls_project`.
#[derive(Debug, Clone, Default, PartialEq, Model)]
#[model(remote = "accounts/{account_id}/regions/{region}/sls/projects/{project_name}")]
pub struct ProjectModel {
    /// Name: 3 to 63 lower-case letters, digits and hyphens, starting and ending with a letter or digit. Unique among
    /// all customers of the service.
    #[attr(required, replace, identity, check = check::sls_project_name)]
    pub project_name: Attr<String>,
    /// `id`, `region` and `account_id`.
    #[attr(flatten)]
    pub scope: Regional,
    /// What the project is for, in at most 512 bytes.
    #[attr(
        optional,
        check = description,
        samples("Events of the audit trail", "Something else"),
        remote = "/description"
    )]
    pub description: Attr<String>,
    /// Whether logs are stored in one zone (`LRS`) or across several (`ZRS`). Decided when the project is made; unset, the
    /// service decides, which is `LRS`.
    #[attr(keeps = "it is decided when the project is made", replace, one_of("LRS", "ZRS"))]
    pub data_redundancy_type: Attr<String>,
    /// Resource group. Unset, the project stays in the group it is in, which is the account's default group unless
    /// somebody moves it.
    #[attr(
        keeps = "only the service knows the id of the account's default group",
        check = check::resource_group,
        samples("rg-acfmw3ty5yaaaaa", "rg-acfmw3ty5ybbbbb"),
        remote = "/resourceGroupId"
    )]
    pub resource_group_id: Attr<String>,
    /// Tags, at most 20. All others are removed, except those that the vendor's services set (`acs:…`, `aliyun…`).
    #[attr(optional, check = tags, samples({"owner": "security"}, {"owner": "somebody", "extra": ""}), remote = "/tags")]
    pub tags: Attr<BTreeMap<String, String>>,
    /// Keep the project for a while when it is deleted, so that it can be recovered. It is billed for until then.
    #[attr(default = false, samples(false, true), remote = "/recycleBinEnabled")]
    pub recycle_bin_enabled: Attr<bool>,
    /// On destroy, delete the logs in the project too. Otherwise a project is destroyed only while none of its logstores
    /// holds logs, whoever made them: ActionTrail's, other people's and the service's own (`internal-…`) count as well, and
    /// so does a logstore whose logs cannot be looked for. Logstores that are resources themselves go before, by their own
    /// rules. It takes effect once it has been applied.
    #[attr(default = false, state_only)]
    pub force_destroy: Attr<bool>,
    /// Refuse to destroy or replace the project. Lifting it takes an apply of its own.
    #[attr(default = false, state_only)]
    pub deletion_protection: Attr<bool>,
    /// ARN of the project, as trails take it: `acs:log:<region>:<account>:project/<name>`.
    #[attr(computed)]
    pub arn: Attr<String>,
}

impl ProjectModel {
    /// How messages name the project.
    pub(super) fn label(&self) -> String {
        format!("project {:?}", self.name())
    }

    pub(super) fn name(&self) -> &str {
        self.project_name.as_str().unwrap_or_default()
    }

    pub(super) fn recycles(&self) -> bool {
        self.recycle_bin_enabled.get().copied().unwrap_or_default()
    }

    /// Whether a destroy may delete logs.
    pub(super) fn is_forced(&self) -> bool {
        self.force_destroy.get().copied().unwrap_or_default()
    }

    /// The settings that the model says.
    pub(super) fn settings(&self) -> Settings {
        Settings {
            sent: ProjectChange {
                description: self.description.get().cloned().unwrap_or_default(),
                recycle_bin_enabled: Some(self.recycles()),
            },
            redundancy: self.data_redundancy_type.get().cloned(),
            resource_group: self.resource_group_id.get().cloned(),
            tags: self.tags.get().cloned().unwrap_or_default(),
            deletes_logs: self.is_forced(),
            owner: None,
        }
    }

    /// The model of a project as it is seen. `self` is what the state has.
    pub(super) fn read_from(&self, seen: &Settings) -> Self {
        Self {
            description: Some(seen.sent.description.clone()).filter(|text| !text.is_empty()).into(),
            data_redundancy_type: seen.redundancy.as_deref().unwrap_or("LRS").into(),
            resource_group_id: seen.resource_group.clone().into(),
            tags: Some(seen.tags.clone()).filter(|tags| !tags.is_empty()).into(),
            recycle_bin_enabled: seen.sent.recycle_bin_enabled.unwrap_or(false).into(),
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_empty_is_unset() {
        let named = ProjectModel { project_name: "audit".into(), ..ProjectModel::default() };
        let read = named.read_from(&Settings::default());
        assert_eq!((read.description, read.tags), (Attr::Null, Attr::Null));
    }
}
