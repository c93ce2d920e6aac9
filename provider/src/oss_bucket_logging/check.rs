//! Checks of single values (OSS API reference, PutBucketLogging).

/// Beginning of log objects' names.
pub(super) fn target_prefix(prefix: &str) -> Result<(), String> {
    match prefix.len() {
        0 => Err("It is empty. Leave target_prefix out for none.".to_owned()),
        // The rest of a log object's name needs room too.
        1..=900 if !prefix.starts_with('/') && !prefix.starts_with('\\') => Ok(()),
        1..=900 => {
            Err(format!("{prefix:?} begins with a slash, which names of objects cannot. Write \"logs/\"."))
        }
        length => Err(format!("It has {length} bytes, which leaves no room for the rest of the names.")),
    }
}

/// The name of a role.
pub(super) fn role(name: &str) -> Result<(), String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    if (1..=64).contains(&name.len()) && name.chars().all(fits) {
        return Ok(());
    }
    Err(format!(
        "{name:?} is not the name of a RAM role. Give the name alone, such as \"AliyunOSSLoggingDefaultRole\", not the ARN."
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_and_roles() {
        assert_eq!(target_prefix("logs/archive-"), Ok(()));
        for wrong in ["", "/logs", &"p".repeat(901)] {
            assert!(target_prefix(wrong).is_err(), "{wrong}");
        }
        assert_eq!(role("AliyunOSSLoggingDefaultRole"), Ok(()));
        for wrong in ["", "acs:ram::1:role/x", &"r".repeat(65)] {
            assert!(role(wrong).is_err(), "{wrong}");
        }
    }
}
