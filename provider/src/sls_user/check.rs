//! Checks of a user's configuration, before any call.

use std::collections::BTreeSet;

use plugin::{Attr, Diagnostic, Diagnostics, Path};

use super::model::UserModel;

/// The only country whose numbers the service calls (SLS alerting, notification methods).
const CALLED: &str = "86";

/// Checks across attributes.
pub(super) fn check(model: &UserModel, found: &mut Diagnostics) {
    let mut wrong = |attribute: &str, summary: &str, detail: String| {
        found.push(Diagnostic::error(summary, detail).at(Path::attribute(attribute)));
    };
    if model.email.is_null() && model.phone.is_null() {
        let detail = "A user has an e-mail address or a phone number, and this one has neither: nothing would ever reach \
                      them. Set email or phone."
            .to_owned();
        wrong("email", "A user whom nothing reaches", detail);
    }
    if !model.phone.is_null() && model.country_code.is_null() {
        let detail = "A phone number needs its country. Set country_code, such as \"86\".".to_owned();
        wrong("country_code", "phone without country_code", detail);
    }
    for (attribute, flag) in [("sms_enabled", &model.sms_enabled), ("voice_enabled", &model.voice_enabled)] {
        if flag == &Attr::Known(true) && model.phone.is_null() {
            let detail =
                format!("{attribute} is true, but there is no number to reach. Set phone and country_code.");
            wrong(attribute, &format!("{attribute} without phone"), detail);
        }
    }
    if let (Attr::Known(true), Some(code)) = (&model.voice_enabled, model.country_code.as_str())
        && code != CALLED
    {
        let detail = format!(
            "The service calls numbers of the country code {CALLED} only, and this one is in {code}. Leave voice_enabled out \
             and use text messages or e-mail."
        );
        wrong("voice_enabled", "A number that cannot be called", detail);
    }
}

/// E-mail addresses.
pub(super) fn email(addresses: &BTreeSet<String>) -> Result<(), String> {
    if addresses.is_empty() {
        return Err("It is empty. Leave email out for none.".to_owned());
    }
    addresses.iter().try_for_each(|address| one_email(address))
}

fn one_email(address: &str) -> Result<(), String> {
    let wrong = |why: &str| {
        Err(format!("{address:?} is not an e-mail address: {why}. Write it like \"security@example.com\"."))
    };
    let Some((local, domain)) = address.split_once('@') else { return wrong("it has no @") };
    let local_fits = |c: char| c.is_ascii_alphanumeric() || ".!#$%&'*+/=?^_`{|}~-".contains(c);
    let label_fits = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    if !(1..=64).contains(&local.len()) || !local.chars().all(local_fits) {
        return wrong("what is before the @ is no mailbox");
    }
    if domain.len() > 253 || !domain.contains('.') || !domain.split('.').all(label_fits) {
        return wrong("what is after the @ is no domain");
    }
    Ok(())
}

/// A phone number: with its country code, at most 15 digits (ITU-T E.164).
pub(super) fn phone(number: &str) -> Result<(), String> {
    if (4..=14).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(());
    }
    Err(format!(
        "{number:?} is not a phone number. Write 4 to 14 digits without blanks, hyphens, plus sign or country code, such as \
         \"13800000000\"; the country goes into country_code."
    ))
}

/// A country code.
pub(super) fn country_code(code: &str) -> Result<(), String> {
    if (1..=3).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_digit()) && !code.starts_with('0') {
        return Ok(());
    }
    Err(format!(
        "{code:?} is not a country code. Write its digits without plus sign or zeros before them, such as \"86\"."
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(model: &UserModel) -> Vec<String> {
        let mut found = Diagnostics::new();
        check(model, &mut found);
        found.0.into_iter().map(|error| error.path.to_string()).collect()
    }

    #[test]
    fn somebody_has_to_be_reachable() {
        let nobody = UserModel::default();
        assert_eq!(wrong(&nobody), ["email"]);
        let unknown = UserModel { phone: Attr::UNKNOWN, country_code: Attr::UNKNOWN, ..nobody.clone() };
        assert!(wrong(&unknown).is_empty());
        let phone = UserModel { phone: "6512345".into(), ..nobody.clone() };
        assert_eq!(wrong(&phone), ["country_code"]);
        let called = UserModel { country_code: "65".into(), voice_enabled: true.into(), ..phone };
        assert_eq!(wrong(&called), ["voice_enabled"]);
        assert!(wrong(&UserModel { country_code: "86".into(), ..called }).is_empty());
        let mail = BTreeSet::from(["a@example.com".to_owned()]);
        assert_eq!(
            wrong(&UserModel { email: mail.into(), sms_enabled: true.into(), ..nobody }),
            ["sms_enabled"]
        );
    }

    #[test]
    fn addresses_and_numbers() {
        let one = |address: &str| email(&BTreeSet::from([address.to_owned()]));
        for good in ["security@example.com", "a.b+c@x-y.example.co", "o'neil@example.com", "a@bücher.example"]
        {
            assert_eq!(one(good), Ok(()), "{good}");
        }
        for bad in [
            "",
            "security",
            "@example.com",
            "a@b",
            "a b@example.com",
            "a@@example.com",
            "a@-x.com",
            "a@x..com",
        ] {
            assert!(one(bad).is_err(), "{bad}");
        }
        assert!(email(&BTreeSet::new()).is_err());
        assert_eq!((phone("13800000000"), country_code("852")), (Ok(()), Ok(())));
        for bad in ["", "+8613800000000", "138 0000", "123", "123456789012345"] {
            assert!(phone(bad).is_err(), "{bad}");
        }
        for bad in ["", "+86", "086", "8600"] {
            assert!(country_code(bad).is_err(), "{bad}");
        }
    }
}
