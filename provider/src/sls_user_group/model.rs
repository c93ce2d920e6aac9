//! The attributes of `alitrail_sls_user_group`, and the record they make.

use std::collections::BTreeSet;

use plugin::{Attr, DestructiveChange, Diagnostic, Diagnostics, Model, Path};
use serde_json::{Map, Value as Json, json};

use super::check::members;
use super::destructive_changes;
use crate::sls_record::{self, GROUPS, Named, RecordScope, Row, USERS, names, truth};

/// Attributes of `alitrail_sls_user_group`.
#[derive(Debug, Clone, Default, PartialEq, Model)]
#[model(
    remote = "accounts/{account_id}/regions/{region}/sls/resources/sls.common.user_group/records/{user_group_id}"
)]
pub struct UserGroupModel {
    /// Id by which action policies name the group: 1 to 60 letters, digits, underscores, hyphens and dots, starting with a
    /// letter.
    #[attr(required, replace, identity, check = sls_record::id)]
    pub user_group_id: Attr<String>,
    /// `id`, `region` and `account_id`.
    #[attr(flatten)]
    pub scope: RecordScope,
    /// Name that people see.
    #[attr(required, check = sls_record::name, samples("Security team", "Somebody"), remote = "/tag")]
    pub user_group_name: Attr<String>,
    /// Ids of the users in it. An alert that is sent to a group without any reaches nobody.
    #[attr(required, check = members, samples(["alex"], ["alex", "billie"]), remote = "/value/members")]
    pub members: Attr<BTreeSet<String>>,
    /// Whether the group is notified at all.
    #[attr(default = true, samples(true, false), remote = "/value/enabled")]
    pub enabled: Attr<bool>,
}

impl Row for UserGroupModel {
    const TABLE: &'static str = GROUPS;
    const TYPE: &'static str = "alitrail_sls_user_group";
    const DESCRIPTION: &'static str = "A group of users whom the alerts of Simple Log Service notify together. Groups belong \
        to the account, not to a project. The service takes ids of users that do not exist; the apply warns of them.";
    const INCOMPARABLE: &'static [&'static str] = &["members"];

    fn label(&self) -> String {
        format!("alert user group {:?}", self.user_group_id.as_str().unwrap_or_default())
    }

    fn record_id(&self) -> &Attr<String> {
        &self.user_group_id
    }

    fn tag(&self) -> &str {
        self.user_group_name.as_str().unwrap_or_default()
    }

    fn members(&self) -> Map<String, Json> {
        Map::from_iter(
            [
                ("user_group_id", json!(self.user_group_id.as_str())),
                ("user_group_name", json!(self.tag())),
                ("enabled", json!(self.enabled.get().copied().unwrap_or_default())),
                ("members", json!(self.members.get().cloned().unwrap_or_default())),
            ]
            .map(|(name, value)| (name.to_owned(), value)),
        )
    }

    fn read_from(&self, tag: &str, value: &Map<String, Json>) -> Self {
        Self {
            user_group_name: tag.into(),
            members: names(value, "members").into(),
            enabled: truth(value, "enabled"),
            ..self.clone()
        }
    }

    fn check(&self, found: &mut Diagnostics) {
        if self.members.get().is_some_and(BTreeSet::is_empty) {
            found.push(
                Diagnostic::warning(
                    "A group without members",
                    "An alert that is sent to the group reaches nobody until it has members.",
                )
                .at(Path::attribute("members")),
            );
        }
    }

    fn destructive_changes(&self, planned: Option<&Self>) -> Vec<DestructiveChange> {
        destructive_changes::destructive_changes(self, planned)
    }

    fn named(&self) -> Vec<Named> {
        let ids = self.members.get().cloned().unwrap_or_default();
        vec![Named { attribute: "members", table: USERS, kind: "user", ids }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_written_as_the_service_has_it_and_read_back() {
        let group = UserGroupModel {
            user_group_id: "sec-team".into(),
            user_group_name: "Security team".into(),
            members: BTreeSet::from(["sec-oncall".to_owned()]).into(),
            enabled: true.into(),
            ..UserGroupModel::default()
        };
        let members = group.members();
        assert_eq!(
            Json::Object(members.clone()),
            json!({"user_group_id": "sec-team", "user_group_name": "Security team", "enabled": true,
                "members": ["sec-oncall"]})
        );
        assert_eq!(group.read_from("Security team", &members), group);
        let warned = |group: &UserGroupModel| {
            let mut found = Diagnostics::new();
            group.check(&mut found);
            assert!(!found.has_error());
            found.0.len()
        };
        let empty = UserGroupModel { members: BTreeSet::new().into(), ..group.clone() };
        assert_eq!((warned(&group), warned(&empty)), (0, 1));
        assert_eq!(empty.read_from("Security team", &empty.members()), empty);
    }
}
