//! Checks of a project's configuration, before any call.

use std::collections::BTreeMap;

use crate::check::tag_key;

/// At most this many tags (SLS API reference, TagResources).
const MOST_TAGS: usize = 20;

/// At most this many bytes of description (SLS API reference, CreateProject).
const LONGEST_DESCRIPTION: usize = 512;

/// Tags of a project.
pub(super) fn tags(tags: &BTreeMap<String, String>) -> Result<(), String> {
    if tags.len() > MOST_TAGS {
        return Err(format!("There are {} tags; a project can have at most {MOST_TAGS}.", tags.len()));
    }
    for (key, value) in tags {
        if !(1..=128).contains(&key.chars().count()) {
            return Err(format!(
                "The tag key {key:?} has {} characters; keys have 1 to 128.",
                key.chars().count()
            ));
        }
        tag_key(key)?;
        if value.chars().count() > 128 {
            return Err(format!(
                "The value of the tag {key:?} has {} characters; values have at most 128.",
                value.chars().count()
            ));
        }
    }
    Ok(())
}

/// The description of a project.
pub(super) fn description(text: &str) -> Result<(), String> {
    if text.len() <= LONGEST_DESCRIPTION {
        return Ok(());
    }
    Err(format!(
        "The description has {} bytes; at most {LONGEST_DESCRIPTION} are stored. Shorten it.",
        text.len()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_keep_to_the_limits() {
        let one = |key: &str, value: &str| tags(&BTreeMap::from([(key.to_owned(), value.to_owned())]));
        assert_eq!(one("owner", ""), Ok(()));
        for (key, value) in [("", "x"), (&*"k".repeat(129), "x"), ("ACS:x", "x"), ("k", &*"v".repeat(129))] {
            assert!(one(key, value).is_err(), "{key}={value}");
        }
        let many = |count: usize| tags(&(0..count).map(|at| (format!("k{at}"), String::new())).collect());
        assert_eq!(many(20), Ok(()));
        assert!(many(21).unwrap_err().contains("at most 20"));
    }

    #[test]
    fn descriptions_are_counted_in_bytes() {
        assert_eq!(description(&"é".repeat(256)), Ok(()));
        assert!(description(&"é".repeat(257)).unwrap_err().contains("514 bytes"));
    }
}
