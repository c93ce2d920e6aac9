//! Checks of single values, before any call: each error says what is wrong with the value and what to write instead.

use alibaba::Arn;
use plugin::value::Value;
pub use reconciler::tags::is_system_tag;

/// Whether text consists of `first` followed by `rest` characters, `length` of them in all.
fn shaped(
    text: &str,
    length: std::ops::RangeInclusive<usize>,
    first: fn(char) -> bool,
    rest: fn(char) -> bool,
) -> bool {
    length.contains(&text.chars().count())
        && text.chars().enumerate().all(|(at, c)| if at == 0 { first(c) } else { rest(c) })
}

/// A trail's name (ActionTrail API reference, CreateTrail).
///
/// # Errors
/// When the service would refuse the name.
pub fn trail_name(name: &str) -> Result<(), String> {
    let rest = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    if shaped(name, 6..=36, |c| c.is_ascii_lowercase(), rest) {
        return Ok(());
    }
    Err(format!(
        "{name:?} is not a trail name. Use 6 to 36 lower-case letters, digits, hyphens and underscores, starting with a \
         letter, such as \"audit-trail\"."
    ))
}

/// A prefix of delivered objects (ActionTrail API reference, CreateTrail).
///
/// # Errors
/// When the service would refuse the prefix.
pub fn key_prefix(prefix: &str) -> Result<(), String> {
    let rest = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_');
    if shaped(prefix, 6..=32, |c| c.is_ascii_alphabetic(), rest) {
        return Ok(());
    }
    Err(format!(
        "{prefix:?} is not a delivery prefix. Use 6 to 32 letters, digits, slashes, hyphens and underscores, starting \
         with a letter, such as \"audit-logs\"; leave the attribute out for no prefix."
    ))
}

/// A bucket's name (OSS developer guide, bucket naming conventions).
///
/// # Errors
/// When the service would refuse the name.
pub fn bucket_name(name: &str) -> Result<(), String> {
    let edge = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if shaped(name, 3..=63, edge, inner) && name.chars().last().is_some_and(edge) {
        return Ok(());
    }
    Err(format!(
        "{name:?} is not a bucket name. Use 3 to 63 lower-case letters, digits and hyphens, starting and ending with a \
         letter or digit, such as \"acme-audit-archive\"."
    ))
}

/// An SLS project's name (SLS API reference, CreateProject).
///
/// # Errors
/// When the service would refuse the name.
pub fn sls_project_name(name: &str) -> Result<(), String> {
    let edge = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if shaped(name, 3..=63, edge, inner) && name.chars().last().is_some_and(edge) {
        return Ok(());
    }
    Err(format!(
        "{name:?} is not a project name. Use 3 to 63 lower-case letters, digits and hyphens, starting and ending with a \
         letter or digit, such as \"acme-audit-events\"."
    ))
}

/// A logstore's name (SLS API reference, CreateLogStore).
///
/// # Errors
/// When the service would refuse the name.
pub fn sls_logstore_name(name: &str) -> Result<(), String> {
    let edge = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    if shaped(name, 2..=63, edge, inner) && name.chars().last().is_some_and(edge) {
        return Ok(());
    }
    Err(format!(
        "{name:?} is not a logstore name. Use 2 to 63 lower-case letters, digits, hyphens and underscores, starting and \
         ending with a letter or digit, such as \"actiontrail_audit-trail\"."
    ))
}

/// A part of the name of an SLS project or logstore, to look for.
///
/// # Errors
/// When no name can contain it.
pub fn part_of_sls_name(part: &str) -> Result<(), String> {
    let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    if shaped(part, 1..=63, inner, inner) {
        return Ok(());
    }
    Err(format!(
        "No name contains {part:?}: names consist of lower-case letters, digits, hyphens and underscores. Leave the \
         attribute out for all."
    ))
}

/// A region id.
///
/// # Errors
/// When it could not be part of a host name.
pub fn region(region: &str) -> Result<(), String> {
    let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if shaped(region, 3..=40, |c| c.is_ascii_lowercase(), inner) && region.contains('-') {
        return Ok(());
    }
    Err(format!("{region:?} is not a region id. Region ids look like \"cn-hangzhou\" or \"ap-southeast-1\"."))
}

/// An account id.
///
/// # Errors
/// When it is not all digits.
pub fn account_id(id: &str) -> Result<(), String> {
    if (8..=20).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(());
    }
    Err(format!(
        "{id:?} is not an account id. It is the number that the console shows, such as \"1234567890123456\"."
    ))
}

/// The ARN of an SLS project.
///
/// # Errors
/// When it does not name one.
pub fn sls_project_arn(arn: &str) -> Result<(), String> {
    arn_of(
        arn,
        "log",
        true,
        "project",
        "an SLS project",
        "acs:log:cn-hangzhou:1234567890123456:project/audit",
    )
}

/// The ARN of a MaxCompute project.
///
/// # Errors
/// When it does not name one, or one that ActionTrail would not write to.
pub fn max_compute_project_arn(arn: &str) -> Result<(), String> {
    let example = "acs:odps:cn-hangzhou:1234567890123456:project/actiontrail_events";
    arn_of(arn, "odps", true, "project", "a MaxCompute project", example)?;
    if arn.contains(":project/actiontrail_") {
        return Ok(());
    }
    Err(format!(
        "{arn:?} names a MaxCompute project that ActionTrail cannot use: its name has to begin with actiontrail_."
    ))
}

/// The ARN of a RAM role.
///
/// # Errors
/// When it does not name one.
pub fn role_arn(arn: &str) -> Result<(), String> {
    arn_of(arn, "ram", false, "role", "a RAM role", "acs:ram::1234567890123456:role/audit-delivery")
}

/// The ARN of a KMS key.
///
/// # Errors
/// When it is not one.
pub fn kms_key_arn(arn: &str) -> Result<(), String> {
    arn_of(arn, "kms", true, "key", "a KMS key", "acs:kms:cn-hangzhou:1234567890123456:key/key-hzz1234")
}

/// How an ARN is spelt, where a text differs from one only by blanks around it, slashes at its end or capitals in the names
/// of scheme, service and kind of resource. The service takes such a text for the name of something else.
#[must_use]
pub fn arn_spelling(text: &str) -> String {
    let trimmed = text.trim();
    // Not `Arn::parse`: principals of bucket policies begin with arn:.
    let parts: Vec<&str> = trimmed.splitn(5, ':').collect();
    let [scheme, service, region, account, resource] = parts.as_slice() else {
        return trimmed.to_owned();
    };
    let lower = str::to_ascii_lowercase;
    let resource = match resource.split_once('/') {
        Some((kind, name)) => format!("{}/{}", lower(kind), name.trim_end_matches('/')),
        None => (*resource).to_owned(),
    };
    format!("{}:{}:{}:{account}:{resource}", lower(scheme), lower(service), lower(region))
}

fn arn_of(
    arn: &str,
    service: &str,
    regional: bool,
    kind: &str,
    what: &str,
    example: &str,
) -> Result<(), String> {
    let wrong =
        |why: &str| Err(format!("{arn:?} is not the ARN of {what}: {why}. It looks like {example:?}."));
    let spelt = arn_spelling(arn);
    let parts = match Arn::parse(&spelt) {
        Ok(parts) => parts,
        Err(error) => return wrong(&error.to_string()),
    };
    if parts.service != service {
        return wrong(&format!("it belongs to the service {:?}", parts.service));
    }
    if regional != parts.region.is_some() {
        return wrong(if regional { "it has no region" } else { "roles have no region" });
    }
    if !parts.account.is_some_and(|account| account.bytes().all(|byte| byte.is_ascii_digit())) {
        return wrong("its account id is not a number");
    }
    let Some(name) = parts.name_of(kind) else {
        return wrong(&format!("it does not end with {kind}/ and a name"));
    };
    if name.contains(|c: char| c.is_whitespace() || c == '/') {
        return wrong(&format!("the name after {kind}/ has a blank or a slash in it"));
    }
    if spelt != arn {
        return Err(misspelt(arn, &spelt));
    }
    Ok(())
}

/// What to say of a text that is nearly right.
#[must_use]
pub fn misspelt(text: &str, right: &str) -> String {
    format!(
        "{text:?} would name something else than was meant: check it for blanks at its ends, a slash at its end and \
         capital letters. Write {right:?}."
    )
}

/// A key of a tag that users may set. Tags that begin like those of the vendor are kept to the vendor's own services (OSS
/// API reference, PutBucketTags; SLS API reference, TagResources).
///
/// # Errors
/// When only the vendor's services can set it.
pub fn tag_key(key: &str) -> Result<(), String> {
    if is_system_tag(key) {
        return Err(format!(
            "The tag key {key:?} is one that only the vendor's services set: it begins with \"acs:\" or \"aliyun\". Use \
             another key."
        ));
    }
    let lower = key.to_ascii_lowercase();
    if let Some(start) = ["http://", "https://"].into_iter().find(|start| lower.starts_with(start)) {
        return Err(format!("The tag key {key:?} begins with {start:?}, which the service keeps to itself."));
    }
    Ok(())
}

/// The id of a resource group.
///
/// # Errors
/// When it does not look like one.
pub fn resource_group(id: &str) -> Result<(), String> {
    if id.strip_prefix("rg-").is_some_and(|rest| !rest.is_empty()) {
        return Ok(());
    }
    Err(format!(
        "{id:?} is not the id of a resource group, which looks like \"rg-acfmw3ty5y1234\". Leave the attribute out to \
         stay in the account's default group."
    ))
}

/// Whether two ARNs name the same thing: the service writes some of them in lower case.
#[must_use]
pub fn same_arn(one: &Value, other: &Value) -> bool {
    matches!((one.as_str(), other.as_str()), (Some(one), Some(other)) if one.eq_ignore_ascii_case(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> String {
        text.to_owned()
    }

    #[test]
    fn names() {
        for good in ["audit-trail", "a23456", "audit_trail_1"] {
            assert_eq!(trail_name(&text(good)), Ok(()));
        }
        for bad in ["audit", "Audit-trail", "1audit-trail", "audit.trail", &"a".repeat(37), ""] {
            assert!(trail_name(&text(bad)).is_err(), "{bad}");
        }
        assert_eq!(bucket_name(&text("a-b")), Ok(()));
        for bad in ["ab", "-ab", "ab-", "a_b", "A-b"] {
            assert!(bucket_name(&text(bad)).is_err(), "{bad}");
        }
        assert_eq!(key_prefix(&text("audit/logs")), Ok(()));
        for bad in ["", "audit", "/audit-logs", "audit logs"] {
            assert!(key_prefix(&text(bad)).is_err(), "{bad}");
        }
    }

    #[test]
    fn names_of_log_projects_and_logstores() {
        for good in ["abc", "acme-audit-events", "0-1"] {
            assert_eq!(sls_project_name(&text(good)), Ok(()));
        }
        for bad in ["ab", "-abc", "abc-", "a_b", "Abc", &"a".repeat(64), ""] {
            assert!(sls_project_name(&text(bad)).is_err(), "{bad}");
        }
        for good in ["ab", "actiontrail_audit-trail"] {
            assert_eq!(sls_logstore_name(&text(good)), Ok(()));
        }
        for bad in ["a", "_ab", "ab_", "a b", "aB", &"a".repeat(64)] {
            assert!(sls_logstore_name(&text(bad)).is_err(), "{bad}");
        }
        assert_eq!(part_of_sls_name("actiontrail_"), Ok(()));
        for bad in ["", "*", "Audit", &"a".repeat(64)] {
            assert!(part_of_sls_name(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn arns_of_the_wrong_service_are_named() {
        assert_eq!(sls_project_arn(&text("acs:log:cn-hangzhou:1234567890123456:project/audit")), Ok(()));
        let error = sls_project_arn(&text("acs:oss:cn-hangzhou:1234567890123456:project/audit")).unwrap_err();
        assert!(error.contains("belongs to the service \"oss\""), "{error}");
        assert_eq!(role_arn(&text("acs:ram::1234567890123456:role/x")), Ok(()));
        for bad in [
            "x",
            "acs:ram:cn-hangzhou:1:role/x",
            "acs:ram::abc:role/x",
            "acs:ram::1:user/x",
            "acs:ram::1:role/",
        ] {
            assert!(role_arn(&text(bad)).is_err(), "{bad}");
        }
        for (nearly, right) in [
            ("acs:ram::1234567890123456:role/x ", "acs:ram::1234567890123456:role/x"),
            ("\tacs:ram::1234567890123456:role/x/", "acs:ram::1234567890123456:role/x"),
            ("ACS:RAM::1234567890123456:Role/Writer", "acs:ram::1234567890123456:role/Writer"),
        ] {
            let error = role_arn(nearly).unwrap_err();
            assert!(error.contains(&format!("Write {right:?}.")), "{error}");
        }
        let project = "acs:log:cn-hangzhou:1234567890123456:project/audit";
        for nearly in [
            format!("{project} "),
            format!("{project}/"),
            project.replace("log", "LOG"),
            format!(" {project}"),
        ] {
            assert!(
                sls_project_arn(&nearly).unwrap_err().contains(&format!("Write {project:?}.")),
                "{nearly}"
            );
        }
        let key = "acs:kms:cn-hangzhou:1234567890123456:key/key-hzz1";
        assert!(kms_key_arn(&format!("{key}\n")).unwrap_err().contains(&format!("Write {key:?}.")));
        assert!(
            role_arn("acs:ram::1234567890123456:role/a b").unwrap_err().contains("has a blank or a slash")
        );
        assert!(max_compute_project_arn(&text("acs:odps:cn-hangzhou:1:project/other")).is_err());
    }

    #[test]
    fn resource_groups_and_tags_of_the_vendor() {
        assert_eq!(resource_group("rg-acfmw3ty5y1234"), Ok(()));
        for bad in ["default", "rg-", ""] {
            assert!(resource_group(bad).is_err(), "{bad}");
        }
        assert!(is_system_tag("acs:rm:rgId") && is_system_tag("Aliyun-x") && !is_system_tag("owner"));
        for bad in ["acs:team", "ACS:x", "Aliyun-x", "HTTP://x", "https://x"] {
            assert!(tag_key(bad).is_err(), "{bad}");
        }
        assert_eq!(tag_key("owner"), Ok(()));
    }

    #[test]
    fn arns_compare_whatever_their_case() {
        let upper = Value::from("acs:ram::1:role/AliyunServiceRoleForActionTrail");
        assert!(same_arn(&upper, &Value::from("acs:ram::1:role/aliyunserviceroleforactiontrail")));
        assert!(!same_arn(&upper, &Value::Null));
    }
}
