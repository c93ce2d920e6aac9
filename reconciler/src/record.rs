//! A notification object of alerting: a user, a user group or an action policy. Each is a record of the account, a row of
//! the service's own tables with an id, a name and a JSON value, which one region keeps for the whole account.
//!
//! An update replaces a record. The members of its value that are known go as they are wanted and are gone when they are
//! not; others, such as what the console adds, stay.

use alibaba::Error;
use alibaba::retry::Policy;
use alibaba::sls::{Record as Row, Sls};
use serde_json::{Map, Value};

use crate::{Deletion, Freshness, Object, Phase, Scope};

/// The region that keeps the notification objects of an account (SLS SDK tests and vendor examples use it).
pub const HOME: &str = "cn-heyuan";

/// The table of users.
pub const USERS: &str = "sls.common.user";

/// The table of user groups.
pub const GROUPS: &str = "sls.common.user_group";

/// The table of action policies.
pub const ACTION_POLICIES: &str = "sls.alert.action_policy";

/// The settings of a record.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Settings {
    /// Name that people see.
    pub tag: String,
    /// Members of the value. Wanted, those that are known, where null is one that is not to be there; seen, all there are.
    pub members: Map<String, Value>,
}

impl Settings {
    /// A value that is no object has no members: everything in it differs from what is wanted.
    fn read(row: Row) -> Self {
        Self { tag: row.tag, members: serde_json::from_str(&row.value).unwrap_or_default() }
    }

    /// These settings, with the members of what is there that are not known.
    fn over(&self, mut there: Map<String, Value>) -> Map<String, Value> {
        there.extend(self.members.clone());
        there.retain(|name, member| !(member.is_null() && self.members.contains_key(name)));
        there
    }

    /// Whether a record with the settings `now` is one with these.
    #[must_use]
    pub fn are_in(&self, now: &Self) -> bool {
        let is_in =
            |(name, wanted): (&String, &Value)| now.members.get(name).unwrap_or(&Value::Null) == wanted;
        self.tag == now.tag && self.members.iter().all(is_in)
    }
}

/// What can be sent for a record: all of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WholeRecord;

/// One record, and what is wanted of it.
#[derive(Debug)]
pub struct Record {
    scope: Scope,
    table: &'static str,
    id: String,
    label: String,
    wanted: Settings,
}

impl Record {
    /// The record of this id in a table. The scope's region is the one that keeps it; `label` is how messages name it.
    #[must_use]
    pub fn new(scope: Scope, table: &'static str, id: String, label: String, wanted: Settings) -> Self {
        Self { scope, table, id, label, wanted }
    }

    fn sls(&self, scope: &Scope) -> Sls {
        scope.client.sls(&scope.region)
    }

    /// The record to send, laid over what is there.
    fn row(&self, there: Map<String, Value>) -> Row {
        let value = Value::Object(self.wanted.over(there)).to_string();
        Row { id: self.id.clone(), tag: self.wanted.tag.clone(), value }
    }
}

impl Object for Record {
    type Settings = Settings;
    type Step = WholeRecord;

    const WRITTEN: Policy = Policy::WRITTEN_RECORD;
    const UNANSWERED: Policy = Policy::UNANSWERED_IN_SLS;
    const DELETED: Policy = Policy::WRITTEN_RECORD;

    fn label(&self) -> String {
        self.label.clone()
    }

    fn scope(&self) -> &Scope {
        &self.scope
    }

    async fn describe(&self, scope: &Scope, _freshness: Freshness) -> Result<Option<Settings>, Error> {
        Ok(self.sls(scope).get_record(self.table, &self.id).await?.map(Settings::read))
    }

    async fn create(&self) -> Result<Settings, Error> {
        self.sls(&self.scope).create_record(self.table, &self.row(Map::new())).await?;
        Ok(self.wanted.clone())
    }

    fn open(&self, now: &Settings) -> Vec<WholeRecord> {
        if self.wanted.are_in(now) { Vec::new() } else { vec![WholeRecord] }
    }

    async fn send(&self, _step: WholeRecord, _now: &Settings) -> Result<(), Error> {
        let there = self.describe(&self.scope, Freshness::Now).await?.unwrap_or_default();
        self.sls(&self.scope).update_record(self.table, &self.row(there.members)).await
    }

    fn reach(&self, _step: WholeRecord, now: &mut Settings) {
        now.clone_from(&self.wanted);
    }

    /// The tables show a write at once, or within seconds.
    fn passes(&self, _phase: Phase, _step: Option<WholeRecord>, _error: &Error) -> bool {
        false
    }

    async fn delete(&self) -> Result<Deletion, Error> {
        self.sls(&self.scope).delete_record(self.table, &self.id).await.map(|()| Deletion::Begun)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn settings(value: &Value) -> Settings {
        Settings::read(Row { id: "a".into(), tag: "A".into(), value: value.to_string() })
    }

    #[test]
    fn what_is_not_known_stays_and_what_is_not_wanted_goes() {
        let there = settings(&json!({"a": 1, "phone": "5", "new": {"x": []}, "odd": null}));
        let wanted = settings(&json!({"a": 2, "phone": null, "b": []}));
        assert!(!wanted.are_in(&there));
        let members = wanted.over(there.members);
        assert_eq!(Value::Object(members.clone()), json!({"a": 2, "new": {"x": []}, "b": [], "odd": null}));
        assert!(wanted.are_in(&Settings { members, ..wanted.clone() }));
        assert!(wanted.are_in(&wanted), "what is applied is what is wanted");
        assert!(settings(&json!([1])).members.is_empty() && settings(&json!("no")).members.is_empty());
    }

    #[test]
    fn each_known_member_counts_and_so_does_the_name() {
        let wanted = settings(&json!({"a": {"x": 1, "y": 2}, "gone": null}));
        for (now, same) in [
            (json!({"a": {"x": 1, "y": 2}}), true),
            (json!({"a": {"x": 1, "y": 2}, "gone": null, "more": 1}), true),
            (json!({"a": {"x": 1}}), false),
            (json!({"a": {"x": 1, "y": 2, "z": 3}}), false),
            (json!({"a": {"x": 1, "y": 2}, "gone": "no"}), false),
            (json!({}), false),
        ] {
            assert_eq!(wanted.are_in(&settings(&now)), same, "{now}");
        }
        assert!(!wanted.are_in(&Settings { tag: "B".into(), ..wanted.clone() }));
    }
}
