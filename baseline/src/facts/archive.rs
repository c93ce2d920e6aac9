//! The buckets that trails deliver to.

use std::fmt;

use serde::{Deserialize, Serialize};
use time::Date;

use super::Fact;
use crate::finding::Location;

/// A bucket.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Bucket {
    /// The name.
    pub name: String,
    /// The region that it is in.
    pub region: Option<String>,
    /// The account that it belongs to.
    pub owner: Fact<String>,
    /// `private`, `public-read` or `public-read-write`.
    pub acl: Fact<String>,
    /// Whether public access is blocked for the bucket.
    pub block_public_access: Fact<bool>,
    /// The document of its policy.
    pub policy: Fact<String>,
    /// The bucket that receives its access log.
    pub log_bucket: Fact<String>,
    /// Default encryption.
    pub encryption: Fact<Encryption>,
    /// `Enabled` or `Suspended`; absent if it was never set.
    pub versioning: Fact<String>,
    /// Its lifecycle rules; absent or empty for none.
    pub lifecycle: Fact<Vec<LifecycleRule>>,
    /// Its retention policy.
    pub worm: Fact<Worm>,
    /// Where it is declared, for what was read from a file.
    pub location: Option<Location>,
}

/// Default encryption of a bucket.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Encryption {
    /// `AES256`, `SM4` or `KMS`.
    pub algorithm: String,
    /// The key of the account's own, with `KMS`.
    pub key: Option<String>,
    /// Whether that key is enabled, where it was read.
    pub key_enabled: Option<bool>,
}

/// A retention policy.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Worm {
    /// `InProgress` (lapses after 24 hours) or `Locked`.
    pub state: String,
    /// For how many days objects are kept after their last change.
    pub days: i64,
}

/// A lifecycle rule, as far as retention depends on it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LifecycleRule {
    /// Its id.
    pub id: String,
    /// Whether it is in force.
    pub enabled: bool,
    /// It is for objects whose names begin with this; empty for all.
    pub prefix: String,
    /// It is for objects with certain tags only. A trail gives its objects none.
    pub has_tags: bool,
    /// It leaves objects alone whose names begin with one of these.
    pub except_prefixes: Vec<String>,
    /// When it deletes objects.
    pub expiration: Option<Expiry>,
    /// For how many days it keeps old versions.
    pub noncurrent_expiration_days: Option<i64>,
    /// When it moves objects to colder classes.
    pub transitions: Vec<Transition>,
    /// Whether it gives up uploads that were never finished.
    pub aborts_uploads: bool,
}

impl LifecycleRule {
    /// Whether it is for untagged objects whose names begin with `prefix`, or for some of them.
    #[must_use]
    pub fn concerns(&self, prefix: &str) -> bool {
        let overlaps = prefix.starts_with(&self.prefix) || self.prefix.starts_with(prefix);
        let is_excepted =
            self.except_prefixes.iter().any(|except| !except.is_empty() && prefix.starts_with(except));
        self.enabled && overlaps && !self.has_tags && !is_excepted
    }
}

/// When objects are deleted.
pub type Expiry = When;

/// A moment in the life of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// Days after its last change.
    Days(i64),
    /// At once, if its last change was before this date (UTC).
    Before(Date),
}

impl When {
    /// How many days what it deletes has lived at least, when it is deleted on `today` or later.
    #[must_use]
    pub fn least_days(self, today: Date) -> i64 {
        match self {
            Self::Days(days) => days,
            // The youngest of those objects was written on the day before. A date to come deletes what was written yesterday.
            Self::Before(date) => (today - date).whole_days().max(0),
        }
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Days(1) => f.write_str("after 1 day"),
            Self::Days(days) => write!(f, "after {days} days"),
            Self::Before(date) => write!(f, "if last changed before {date}"),
        }
    }
}

/// When objects move to a colder class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transition {
    /// The class: `IA`, `Archive`, `ColdArchive`, `DeepColdArchive`.
    pub class: String,
    /// When.
    pub when: When,
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn rules_concern_what_they_may_delete() {
        let rule =
            |prefix: &str| LifecycleRule { enabled: true, prefix: prefix.into(), ..LifecycleRule::default() };
        for prefix in ["", "AliyunLogs/", "Aliyun", "AliyunLogs/Actiontrail/cn-hangzhou/"] {
            assert!(rule(prefix).concerns("AliyunLogs/"), "{prefix}");
        }
        assert!(!rule("backups/").concerns("AliyunLogs/"));
        assert!(!LifecycleRule { enabled: false, ..rule("") }.concerns("AliyunLogs/"));
        assert!(!LifecycleRule { has_tags: true, ..rule("") }.concerns("AliyunLogs/"));
        let excepted = |prefix: &str| LifecycleRule { except_prefixes: vec![prefix.into()], ..rule("") };
        assert!(!excepted("Aliyun").concerns("AliyunLogs/"));
        assert!(excepted("AliyunLogs/Actiontrail/").concerns("AliyunLogs/"), "the rest is deleted");
    }

    #[test]
    fn a_date_deletes_what_was_written_the_day_before() {
        let today = date!(2026 - 12 - 01);
        assert_eq!(When::Days(30).least_days(today), 30);
        assert_eq!(When::Before(date!(2026 - 11 - 01)).least_days(today), 30);
        assert_eq!(When::Before(date!(2027 - 11 - 01)).least_days(today), 0);
    }
}
