//! The attributes of `alitrail_sls_action_policy`, and the record they make.

use std::collections::BTreeMap;

use plugin::{Attr, DestructiveChange, Diagnostics, Model};
use serde_json::{Map, Value as Json, json};

use super::check::{self, labels};
use super::{destructive_changes, duration, script};
use crate::sls_record::{self, ACTION_POLICIES, GROUPS, Named, RecordScope, Row, USERS, text, truth};

/// Attributes of `alitrail_sls_action_policy`.
#[derive(Debug, Clone, Default, PartialEq, Model)]
#[model(
    remote = "accounts/{account_id}/regions/{region}/sls/resources/sls.alert.action_policy/records/{action_policy_id}"
)]
pub struct ActionPolicyModel {
    /// Id by which alerts name the policy: 1 to 60 letters, digits, underscores, hyphens and dots, starting with a letter.
    #[attr(required, replace, identity, check = sls_record::id)]
    pub action_policy_id: Attr<String>,
    /// `id`, `region` and `account_id`.
    #[attr(flatten)]
    pub scope: RecordScope,
    /// Name that people see.
    #[attr(required, check = sls_record::name, samples("Security actions", "Something else"), remote = "/tag")]
    pub action_policy_name: Attr<String>,
    /// Whom to notify and how, in the service's small script language: `fire(type="email", groups=["security-team"],
    /// template_id="sls.app.actiontrail.builtin.en", period="any")`, also inside of conditions such as
    /// `if alert.severity >= 8:`. Each `fire` needs a type, receivers, a template and a period.
    #[attr(
        required,
        check = script::check,
        samples(
            "fire(type=\"email\", groups=[\"one\"], template_id=\"sls.builtin.en\", period=\"any\")",
            "fire(type=\"sms\", users=[\"two\"], template_id=\"sls.builtin.en\", period=\"any\")"
        ),
        remote = "/value/primary_policy_script"
    )]
    pub primary_policy_script: Attr<String>,
    /// The same for alerts that escalate, because nobody reacted in time.
    #[attr(
        optional,
        check = script::check,
        samples(
            "fire(type=\"voice\", groups=[\"one\"], template_id=\"sls.builtin.en\", period=\"any\")",
            "fire(type=\"voice\", users=[\"two\"], template_id=\"sls.builtin.en\", period=\"any\")"
        ),
        remote = "/value/secondary_policy_script"
    )]
    pub secondary_policy_script: Attr<String>,
    /// Labels of the policy.
    #[attr(optional, check = labels, samples({"team": "security"}, {"team": "audit", "tier": "1"}), remote = "/value/labels")]
    pub labels: Attr<BTreeMap<String, String>>,
    /// Whether an alert escalates that nobody has taken up within `escalation_start_timeout`.
    #[attr(default = false, samples(true, false), remote = "/value/escalation_start_enabled")]
    pub escalation_start_enabled: Attr<bool>,
    /// How long nobody may take an alert up, such as `10m`.
    #[attr(
        optional,
        check = duration::check,
        same = duration::same,
        samples("10m0s", "20m0s"),
        remote = "/value/escalation_start_timeout"
    )]
    pub escalation_start_timeout: Attr<String>,
    /// Whether an alert escalates that was taken up and is not done within `escalation_inprogress_timeout`.
    #[attr(default = false, samples(true, false), remote = "/value/escalation_inprogress_enabled")]
    pub escalation_inprogress_enabled: Attr<bool>,
    /// How long an alert may be in progress, such as `1h30m`.
    #[attr(
        optional,
        check = duration::check,
        same = duration::same,
        samples("1h0m0s", "2h0m0s"),
        remote = "/value/escalation_inprogress_timeout"
    )]
    pub escalation_inprogress_timeout: Attr<String>,
    /// Whether an alert escalates that is not done within `escalation_timeout`, taken up or not.
    #[attr(default = false, samples(true, false), remote = "/value/escalation_enabled")]
    pub escalation_enabled: Attr<bool>,
    /// How long an alert may last in all, such as `4h`.
    #[attr(
        optional,
        check = duration::check,
        same = duration::same,
        samples("4h0m0s", "8h0m0s"),
        remote = "/value/escalation_timeout"
    )]
    pub escalation_timeout: Attr<String>,
}

impl Row for ActionPolicyModel {
    const TABLE: &'static str = ACTION_POLICIES;
    const TYPE: &'static str = "alitrail_sls_action_policy";
    const DESCRIPTION: &'static str = "An action policy of the alerts of Simple Log Service: whom an alert notifies and how. \
        Alerts name it by its id. Policies belong to the account, not to a project. The service takes a policy that \
        notifies nobody and says so only when an alert fires; here the plan says it. Users and groups that do not exist are \
        warned of when the policy is applied.";
    const INCOMPARABLE: &'static [&'static str] = &["primary_policy_script", "secondary_policy_script"];

    fn label(&self) -> String {
        format!("action policy {:?}", self.action_policy_id.as_str().unwrap_or_default())
    }

    fn record_id(&self) -> &Attr<String> {
        &self.action_policy_id
    }

    fn tag(&self) -> &str {
        self.action_policy_name.as_str().unwrap_or_default()
    }

    fn members(&self) -> Map<String, Json> {
        let flag = |flag: &Attr<bool>| json!(flag.get().copied().unwrap_or_default());
        Map::from_iter(
            [
                ("action_policy_id", json!(self.action_policy_id.as_str())),
                ("action_policy_name", json!(self.tag())),
                // Only the service's own policies are.
                ("is_default", json!(false)),
                ("labels", json!(self.labels.get().cloned().unwrap_or_default())),
                ("primary_policy_script", json!(self.primary_policy_script.as_str())),
                ("secondary_policy_script", json!(self.secondary_policy_script.as_str())),
                ("escalation_start_enabled", flag(&self.escalation_start_enabled)),
                ("escalation_start_timeout", json!(self.escalation_start_timeout.as_str())),
                ("escalation_inprogress_enabled", flag(&self.escalation_inprogress_enabled)),
                ("escalation_inprogress_timeout", json!(self.escalation_inprogress_timeout.as_str())),
                ("escalation_enabled", flag(&self.escalation_enabled)),
                ("escalation_timeout", json!(self.escalation_timeout.as_str())),
            ]
            .map(|(name, value)| (name.to_owned(), value)),
        )
    }

    fn read_from(&self, tag: &str, value: &Map<String, Json>) -> Self {
        let labels = value.get("labels").and_then(Json::as_object);
        let labels: BTreeMap<String, String> = labels
            .into_iter()
            .flatten()
            .filter_map(|(name, label)| Some((name.clone(), label.as_str()?.to_owned())))
            .collect();
        Self {
            action_policy_name: tag.into(),
            primary_policy_script: text(value, "primary_policy_script"),
            secondary_policy_script: text(value, "secondary_policy_script"),
            labels: Some(labels).filter(|labels| !labels.is_empty()).into(),
            escalation_start_enabled: truth(value, "escalation_start_enabled"),
            escalation_start_timeout: text(value, "escalation_start_timeout"),
            escalation_inprogress_enabled: truth(value, "escalation_inprogress_enabled"),
            escalation_inprogress_timeout: text(value, "escalation_inprogress_timeout"),
            escalation_enabled: truth(value, "escalation_enabled"),
            escalation_timeout: text(value, "escalation_timeout"),
            ..self.clone()
        }
    }

    fn check(&self, found: &mut Diagnostics) {
        check::check(self, found);
    }

    fn destructive_changes(&self, planned: Option<&Self>) -> Vec<DestructiveChange> {
        destructive_changes::destructive_changes(self, planned)
    }

    fn named(&self) -> Vec<Named> {
        let scripts = [
            ("primary_policy_script", &self.primary_policy_script),
            ("secondary_policy_script", &self.secondary_policy_script),
        ];
        let named = scripts.into_iter().flat_map(|(attribute, text)| {
            let fires = text.as_str().and_then(|text| script::parse(text).ok()).unwrap_or_default();
            [("users", USERS, "user"), ("groups", GROUPS, "user group")].map(|(argument, table, kind)| {
                let ids = fires.iter().flat_map(|fire| fire.list(argument)).cloned().collect();
                Named { attribute, table, kind, ids }
            })
        });
        named.filter(|named| !named.ids.is_empty()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_is_written_as_the_service_has_it_and_read_back() {
        let policy = ActionPolicyModel {
            action_policy_id: "cis.actions".into(),
            action_policy_name: "CIS actions".into(),
            primary_policy_script: "fire(x)".into(),
            labels: BTreeMap::from([("team".to_owned(), "security".to_owned())]).into(),
            escalation_enabled: true.into(),
            escalation_timeout: "4h".into(),
            escalation_start_enabled: false.into(),
            escalation_inprogress_enabled: false.into(),
            ..ActionPolicyModel::default()
        };
        let members = policy.members();
        assert_eq!(
            (&members["is_default"], &members["secondary_policy_script"]),
            (&json!(false), &Json::Null)
        );
        assert_eq!(members["labels"], json!({"team": "security"}));
        assert_eq!(policy.read_from("CIS actions", &members), policy);
    }

    #[test]
    fn a_policy_with_the_fewest_members_reads_as_one_without_escalation() {
        let Json::Object(value) = json!({"primary_policy_script": "fire(x)", "labels": {}}) else {
            unreachable!()
        };
        let policy = ActionPolicyModel::default().read_from("A", &value);
        assert_eq!((policy.labels, policy.secondary_policy_script), (Attr::Null, Attr::Null));
        assert_eq!((policy.escalation_enabled, policy.escalation_timeout), (false.into(), Attr::Null));
    }
}
