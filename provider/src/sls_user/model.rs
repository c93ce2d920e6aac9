//! The attributes of `alitrail_sls_user`, and the record they make.

use std::collections::BTreeSet;

use plugin::{Attr, DestructiveChange, Diagnostics, Model};
use serde_json::{Map, Value as Json, json};

use super::check::{self, country_code, email, phone};
use super::destructive_changes;
use crate::sls_record::{self, Named, RecordScope, Row, USERS, names, text, truth};

/// Attributes of `alitrail_sls_user`.
#[derive(Debug, Clone, Default, PartialEq, Model)]
#[model(remote = "accounts/{account_id}/regions/{region}/sls/resources/sls.common.user/records/{user_id}")]
pub struct UserModel {
    /// Id by which groups and action policies name the user: 1 to 60 letters, digits, underscores, hyphens and dots,
    /// starting with a letter.
    #[attr(required, replace, identity, check = sls_record::id)]
    pub user_id: Attr<String>,
    /// `id`, `region` and `account_id`.
    #[attr(flatten)]
    pub scope: RecordScope,
    /// Name that people see.
    #[attr(required, check = sls_record::name, samples("Security", "Somebody"), remote = "/tag")]
    pub user_name: Attr<String>,
    /// E-mail addresses. A user has one of these or a `phone`.
    #[attr(
        optional,
        check = email,
        samples(["one@example.com"], ["one@example.com", "two@example.com"]),
        remote = "/value/email"
    )]
    pub email: Attr<BTreeSet<String>>,
    /// Phone number without the country code: digits only.
    #[attr(optional, check = phone, samples("13800000001", "13800000002"), remote = "/value/phone")]
    pub phone: Attr<String>,
    /// Country code of the phone number, such as `"86"`.
    #[attr(optional, check = country_code, samples("86", "65"), remote = "/value/country_code")]
    pub country_code: Attr<String>,
    /// Whether the user is notified at all.
    #[attr(default = true, samples(true, false), remote = "/value/enabled")]
    pub enabled: Attr<bool>,
    /// Whether the user may get text messages.
    #[attr(default = false, samples(true, false), remote = "/value/sms_enabled")]
    pub sms_enabled: Attr<bool>,
    /// Whether the user may be called. Only numbers of the country code 86 can be.
    #[attr(default = false, samples(true, false), remote = "/value/voice_enabled")]
    pub voice_enabled: Attr<bool>,
}

fn is_set(flag: &Attr<bool>) -> bool {
    flag.get().copied().unwrap_or_default()
}

impl Row for UserModel {
    const TABLE: &'static str = USERS;
    const TYPE: &'static str = "alitrail_sls_user";
    const DESCRIPTION: &'static str = "Somebody whom the alerts of Simple Log Service can notify, by e-mail, text message or \
        call: a contact, not an identity of RAM. Contacts belong to the account, not to a project.";
    const INCOMPARABLE: &'static [&'static str] = &["email", "phone"];

    fn label(&self) -> String {
        format!("alert user {:?}", self.user_id.as_str().unwrap_or_default())
    }

    fn record_id(&self) -> &Attr<String> {
        &self.user_id
    }

    fn tag(&self) -> &str {
        self.user_name.as_str().unwrap_or_default()
    }

    fn members(&self) -> Map<String, Json> {
        Map::from_iter(
            [
                ("user_id", json!(self.user_id.as_str())),
                ("user_name", json!(self.tag())),
                ("email", json!(self.email.get().cloned().unwrap_or_default())),
                ("country_code", json!(self.country_code.as_str())),
                ("phone", json!(self.phone.as_str())),
                ("enabled", json!(is_set(&self.enabled))),
                ("sms_enabled", json!(is_set(&self.sms_enabled))),
                ("voice_enabled", json!(is_set(&self.voice_enabled))),
            ]
            .map(|(name, value)| (name.to_owned(), value)),
        )
    }

    fn read_from(&self, tag: &str, value: &Map<String, Json>) -> Self {
        Self {
            user_name: tag.into(),
            email: Some(names(value, "email")).filter(|email| !email.is_empty()).into(),
            phone: text(value, "phone"),
            country_code: text(value, "country_code"),
            enabled: truth(value, "enabled"),
            sms_enabled: truth(value, "sms_enabled"),
            voice_enabled: truth(value, "voice_enabled"),
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
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_written_as_the_service_has_it_and_read_back() {
        let user = UserModel {
            user_id: "sec-oncall".into(),
            user_name: "Security".into(),
            email: BTreeSet::from(["sec@example.com".to_owned()]).into(),
            enabled: true.into(),
            sms_enabled: false.into(),
            voice_enabled: false.into(),
            ..UserModel::default()
        };
        let members = user.members();
        assert_eq!(
            Json::Object(members.clone()),
            json!({"user_id": "sec-oncall", "user_name": "Security", "email": ["sec@example.com"], "country_code": null,
                "phone": null, "enabled": true, "sms_enabled": false, "voice_enabled": false})
        );
        assert_eq!(user.read_from("Security", &members), user);
    }

    #[test]
    fn an_empty_number_is_none() {
        let Json::Object(value) = json!({"email": [], "phone": "", "country_code": "86"}) else {
            unreachable!()
        };
        let user = UserModel::default().read_from("Alex", &value);
        assert_eq!((user.email, user.phone, user.country_code), (Attr::Null, Attr::Null, "86".into()));
        assert_eq!(user.enabled, false.into(), "who is not enabled is not notified");
    }
}
