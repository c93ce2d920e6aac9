//! The names of resources: `acs:<service>:<region>:<account>:<resource>`.

use std::fmt;

/// A resource name, taken apart once. What it names need not exist.
///
/// Services spell the scheme and the kind of resource in letter cases of their own, so that those do not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Arn<'t> {
    /// The service, such as `log`.
    pub service: &'t str,
    /// The region; `None` for what is global, such as roles.
    pub region: Option<&'t str>,
    /// The account that owns the resource; `None` where names are unique without it.
    pub account: Option<&'t str>,
    /// The kind and the name, such as `project/audit`; colons may be part of it.
    pub resource: &'t str,
}

/// A text that is no resource name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ArnError {
    /// It has fewer parts than five.
    #[error("it has too few parts")]
    TooFewParts,
    /// It begins with something else than `acs:`.
    #[error("it does not begin with acs:")]
    OtherScheme,
}

impl<'t> Arn<'t> {
    /// A resource of a region and an account.
    #[must_use]
    pub const fn regional(service: &'t str, region: &'t str, account: &'t str, resource: &'t str) -> Self {
        Self { service, region: Some(region), account: Some(account), resource }
    }

    /// A resource of an account, in no region.
    #[must_use]
    pub const fn global(service: &'t str, account: &'t str, resource: &'t str) -> Self {
        Self { service, region: None, account: Some(account), resource }
    }

    /// Takes a text apart.
    ///
    /// # Errors
    /// When it has too few parts, or another scheme than `acs`.
    pub fn parse(text: &'t str) -> Result<Self, ArnError> {
        let parts: Vec<&str> = text.splitn(5, ':').collect();
        let [scheme, service, region, account, resource] = parts[..] else {
            return Err(ArnError::TooFewParts);
        };
        if !scheme.eq_ignore_ascii_case("acs") {
            return Err(ArnError::OtherScheme);
        }
        let given = |part: &'t str| Some(part).filter(|part| !part.is_empty());
        Ok(Self { service, region: given(region), account: given(account), resource })
    }

    /// The name of the resource, if it is of this kind: `audit` of `project/audit`.
    #[must_use]
    pub fn name_of(&self, kind: &str) -> Option<&'t str> {
        let (its_kind, name) = self.resource.split_once('/')?;
        (its_kind.eq_ignore_ascii_case(kind) && !name.is_empty()).then_some(name)
    }
}

impl fmt::Display for Arn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { service, region, account, resource } = self;
        write!(f, "acs:{service}:{}:{}:{resource}", region.unwrap_or_default(), account.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_taken_apart_and_written_as_it_was() {
        let project = Arn::parse("acs:log:cn-hangzhou:1234567890123456:project/audit").unwrap();
        assert_eq!(project, Arn::regional("log", "cn-hangzhou", "1234567890123456", "project/audit"));
        assert_eq!((project.name_of("project"), project.name_of("key")), (Some("audit"), None));
        let role = Arn::parse("acs:ram::1:role/Delivery/session").unwrap();
        assert_eq!(
            (role, role.name_of("role")),
            (Arn::global("ram", "1", role.resource), Some("Delivery/session"))
        );
        let bucket = Arn::parse("acs:oss:*:*:audit/a:b").unwrap();
        assert_eq!((bucket.account, bucket.resource), (Some("*"), "audit/a:b"));
        for text in [
            "acs:log:cn-hangzhou:1:project/audit",
            "acs:ram::1:role/x",
            "acs:oss:*:*:audit/a:b",
            "acs:oss:::b",
        ] {
            assert_eq!(Arn::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn letter_case_of_scheme_and_kind_does_not_count() {
        assert_eq!(Arn::parse("ACS:log:r:1:Project/audit").unwrap().name_of("project"), Some("audit"));
    }

    #[test]
    fn other_texts_are_no_names_of_resources() {
        for (text, why) in [
            ("", ArnError::TooFewParts),
            ("acs:ram::1", ArnError::TooFewParts),
            ("arn:ram::1:role/x", ArnError::OtherScheme),
            ("audit", ArnError::TooFewParts),
        ] {
            assert_eq!(Arn::parse(text), Err(why), "{text}");
        }
        assert_eq!(Arn::parse("acs:log:r:1:project/").unwrap().name_of("project"), None);
    }
}
