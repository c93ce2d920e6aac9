//! Where a user is no longer told of alerts.

use std::collections::BTreeSet;

use plugin::{Attr, DestructiveChange, Path};

use super::model::UserModel;
use crate::sls_record::Row;

/// Where the user is no longer reached once `prior` becomes `planned`, or is deleted.
pub(super) fn destructive_changes(prior: &UserModel, planned: Option<&UserModel>) -> Vec<DestructiveChange> {
    let label = prior.label();
    let is_on = |flag: &Attr<bool>| flag.get() == Some(&true);
    let is_off = |flag: &Attr<bool>| flag.get() == Some(&false);
    if !is_on(&prior.enabled) {
        return Vec::new();
    }
    let destructive_change = |path: Path, what: String, detail: String| DestructiveChange {
        path,
        summary: format!("{label} {what}"),
        detail,
    };
    let Some(planned) = planned else {
        let detail = "Groups and action policies that name the user reach nobody by that name from then on.";
        return vec![destructive_change(Path::root(), "is deleted".to_owned(), detail.to_owned())];
    };
    if is_off(&planned.enabled) {
        let detail = "From the apply on, no alert reaches the user.".to_owned();
        return vec![destructive_change(
            Path::attribute("enabled"),
            "is no longer notified".to_owned(),
            detail,
        )];
    }
    let mut found = Vec::new();
    if !planned.email.is_unknown() {
        let addresses = |user: &UserModel| user.email.get().cloned().unwrap_or_default();
        let gone: BTreeSet<String> = addresses(prior).difference(&addresses(planned)).cloned().collect();
        if !gone.is_empty() {
            let gone = gone.into_iter().collect::<Vec<_>>().join(", ");
            let detail = format!("From the apply on, no alert is sent to {gone}.");
            found.push(destructive_change(
                Path::attribute("email"),
                "loses an e-mail address".to_owned(),
                detail,
            ));
        }
    }
    for (attribute, way, before, after) in [
        ("sms_enabled", "text messages", &prior.sms_enabled, &planned.sms_enabled),
        ("voice_enabled", "calls", &prior.voice_enabled, &planned.voice_enabled),
    ] {
        if is_on(before) && is_off(after) {
            let detail = format!("From the apply on, no alert reaches the user by {way}.");
            found.push(destructive_change(
                Path::attribute(attribute),
                format!("no longer gets {way}"),
                detail,
            ));
        }
    }
    let is_called = is_on(&prior.sms_enabled) || is_on(&prior.voice_enabled);
    let other = |before: &Attr<String>, after: &Attr<String>| !after.is_unknown() && before != after;
    let changes = other(&prior.phone, &planned.phone) || other(&prior.country_code, &planned.country_code);
    if is_called && prior.phone.get().is_some() && changes {
        let detail = "From the apply on, alerts no longer reach the number that the user has now.".to_owned();
        found.push(destructive_change(Path::attribute("phone"), "loses a phone number".to_owned(), detail));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user() -> UserModel {
        UserModel {
            user_id: "alex".into(),
            email: BTreeSet::from(["a@example.com".to_owned(), "b@example.com".to_owned()]).into(),
            phone: "13800000001".into(),
            country_code: "86".into(),
            enabled: true.into(),
            sms_enabled: true.into(),
            voice_enabled: true.into(),
            ..UserModel::default()
        }
    }

    fn paths(prior: &UserModel, planned: &UserModel) -> Vec<String> {
        destructive_changes(prior, Some(planned))
            .into_iter()
            .map(|destructive_change| destructive_change.path.to_string())
            .collect()
    }

    #[test]
    fn each_way_that_goes_is_a_loss_and_each_that_comes_is_none() {
        let one = BTreeSet::from(["a@example.com".to_owned()]);
        let less = UserModel {
            email: one.into(),
            phone: "13800000002".into(),
            sms_enabled: false.into(),
            voice_enabled: false.into(),
            ..user()
        };
        assert_eq!(paths(&user(), &less), ["email", "sms_enabled", "voice_enabled", "phone"]);
        assert!(destructive_changes(&user(), Some(&less))[0].detail.contains("sent to b@example.com."));
        assert_eq!(paths(&less, &user()), [""; 0], "nobody was called on the other number");
        assert_eq!(paths(&user(), &UserModel { email: Attr::Null, ..user() }), ["email"]);
        assert_eq!(
            paths(&user(), &UserModel { email: Attr::UNKNOWN, phone: Attr::UNKNOWN, ..user() }),
            [""; 0]
        );
        assert_eq!(paths(&user(), &user()), [""; 0]);
    }

    #[test]
    fn who_was_not_notified_loses_nothing() {
        let off = UserModel { enabled: false.into(), ..user() };
        assert_eq!(paths(&user(), &off), ["enabled"]);
        assert_eq!(destructive_changes(&user(), None)[0].summary, "alert user \"alex\" is deleted");
        assert!(
            destructive_changes(&off, None).is_empty() && destructive_changes(&off, Some(&user())).is_empty()
        );
    }
}
