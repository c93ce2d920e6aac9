//! Lifecycle rules: the whole rule language, and its XML both ways.
//!
//! Numbers, dates and classes are carried as the service has them; what makes sense together is for callers to judge.

use std::collections::BTreeMap;

use super::call::{Call, Oss};
use crate::error::Error;
use crate::xml::{Element, XmlError};

/// A rule.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LifecycleRule {
    /// Unique in the bucket; the service makes one up for an empty one.
    pub id: String,
    /// Objects whose key starts with it; empty for all.
    pub prefix: String,
    /// `Enabled` or `Disabled`.
    pub status: String,
    /// Objects with all of these tags.
    pub tags: BTreeMap<String, String>,
    /// Further conditions.
    pub filter: Option<Filter>,
    /// Deleting.
    pub expiration: Option<Expiration>,
    /// Moving to colder classes.
    pub transitions: Vec<Transition>,
    /// Deleting old versions.
    pub noncurrent_version_expiration: Option<NoncurrentVersionExpiration>,
    /// Moving old versions to colder classes.
    pub noncurrent_version_transitions: Vec<NoncurrentVersionTransition>,
    /// Giving up unfinished uploads.
    pub abort_multipart_upload: Option<AbortMultipartUpload>,
    /// From when objects without a recorded access count, in seconds since 1970. Only in answers.
    pub atime_base: Option<i64>,
}

/// Further conditions of a rule.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only larger objects, in bytes.
    pub object_size_greater_than: Option<i64>,
    /// Only smaller objects, in bytes.
    pub object_size_less_than: Option<i64>,
    /// What the rule leaves alone.
    pub not: Vec<Not>,
}

/// Objects that a rule leaves alone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Not {
    /// Their keys start with it.
    pub prefix: String,
    /// They have this tag.
    pub tag: Option<Tag>,
}

/// A tag of an object.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tag {
    /// The key.
    pub key: String,
    /// The value.
    pub value: String,
}

/// When objects are deleted: exactly one of its fields is set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expiration {
    /// Days after the last change.
    pub days: Option<i64>,
    /// Last changed before this midnight (UTC).
    pub created_before_date: Option<String>,
    /// The older form of the date, which the service still stores.
    pub date: Option<String>,
    /// Remove delete markers that are the only version left.
    pub expired_object_delete_marker: Option<bool>,
}

/// When objects move to a colder class.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Transition {
    /// Days after the last change, or after the last access.
    pub days: Option<i64>,
    /// Last changed before this midnight (UTC).
    pub created_before_date: Option<String>,
    /// The class: `IA`, `Archive`, `ColdArchive`, `DeepColdArchive`.
    pub storage_class: String,
    /// Count from the last access.
    pub is_access_time: Option<bool>,
    /// Come back to Standard when read.
    pub return_to_std_when_visit: Option<bool>,
    /// Also objects under 64 KB.
    pub allow_small_file: Option<bool>,
}

/// When old versions are deleted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NoncurrentVersionExpiration {
    /// Days after they became old.
    pub noncurrent_days: Option<i64>,
}

/// When old versions move to a colder class.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NoncurrentVersionTransition {
    /// Days after they became old.
    pub noncurrent_days: Option<i64>,
    /// The class: `IA`, `Archive`, `ColdArchive`, `DeepColdArchive`.
    pub storage_class: String,
    /// Count from the last access.
    pub is_access_time: Option<bool>,
    /// Come back to Standard when read.
    pub return_to_std_when_visit: Option<bool>,
    /// Also objects under 64 KB.
    pub allow_small_file: Option<bool>,
}

/// When unfinished uploads are given up: exactly one of its fields is set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AbortMultipartUpload {
    /// Days after they began.
    pub days: Option<i64>,
    /// Begun before this midnight (UTC).
    pub created_before_date: Option<String>,
}

impl LifecycleRule {
    fn write(&self) -> Element {
        let mut rule = Element::new("Rule");
        if !self.id.is_empty() {
            rule = rule.leaf("ID", &self.id);
        }
        rule = rule.leaf("Prefix", &self.prefix).leaf("Status", &self.status);
        for (key, value) in &self.tags {
            rule = rule.child(Element::new("Tag").leaf("Key", key).leaf("Value", value));
        }
        if let Some(filter) = &self.filter {
            rule = rule.child(filter.write());
        }
        for transition in &self.transitions {
            rule = rule.child(transition.write());
        }
        if let Some(expiration) = &self.expiration {
            rule = rule.child(expiration.write());
        }
        for transition in &self.noncurrent_version_transitions {
            rule = rule.child(transition.write());
        }
        if let Some(expiration) = &self.noncurrent_version_expiration {
            let days = expiration.noncurrent_days;
            rule = rule.child(Element::new("NoncurrentVersionExpiration").leaf_if("NoncurrentDays", days));
        }
        if let Some(abort) = &self.abort_multipart_upload {
            let element = Element::new("AbortMultipartUpload").leaf_if("Days", abort.days);
            rule = rule.child(element.leaf_if("CreatedBeforeDate", abort.created_before_date.as_ref()));
        }
        rule
    }

    fn read(rule: &Element) -> Result<Self, XmlError> {
        let tags = rule.all("Tag").map(Tag::read).map(|tag| (tag.key, tag.value));
        let noncurrent = rule.get("NoncurrentVersionExpiration");
        Ok(Self {
            id: rule.text("ID").unwrap_or_default(),
            prefix: rule.text("Prefix").unwrap_or_default(),
            status: rule.required("Status")?,
            tags: tags.collect(),
            filter: rule
                .get("Filter")
                .map(Filter::read)
                .transpose()?
                .filter(|filter| *filter != Filter::default()),
            expiration: rule.get("Expiration").map(Expiration::read).transpose()?,
            transitions: rule.all("Transition").map(Transition::read).collect::<Result<_, _>>()?,
            noncurrent_version_expiration: noncurrent
                .map(|element| {
                    Ok(NoncurrentVersionExpiration { noncurrent_days: element.number("NoncurrentDays")? })
                })
                .transpose()?,
            noncurrent_version_transitions: rule
                .all("NoncurrentVersionTransition")
                .map(NoncurrentVersionTransition::read)
                .collect::<Result<_, _>>()?,
            abort_multipart_upload: rule
                .get("AbortMultipartUpload")
                .map(|element| {
                    let created_before_date = element.text("CreatedBeforeDate");
                    Ok(AbortMultipartUpload { days: element.number("Days")?, created_before_date })
                })
                .transpose()?,
            atime_base: rule.number("AtimeBase")?,
        })
    }
}

impl Tag {
    fn read(tag: &Element) -> Self {
        Self { key: tag.text("Key").unwrap_or_default(), value: tag.text("Value").unwrap_or_default() }
    }
}

impl Filter {
    fn write(&self) -> Element {
        let filter = Element::new("Filter")
            .leaf_if("ObjectSizeGreaterThan", self.object_size_greater_than)
            .leaf_if("ObjectSizeLessThan", self.object_size_less_than);
        self.not.iter().fold(filter, |filter, not| {
            let mut element = Element::new("Not").leaf("Prefix", &not.prefix);
            if let Some(tag) = &not.tag {
                element = element.child(Element::new("Tag").leaf("Key", &tag.key).leaf("Value", &tag.value));
            }
            filter.child(element)
        })
    }

    fn read(filter: &Element) -> Result<Self, XmlError> {
        let not = |element: &Element| Not {
            prefix: element.text("Prefix").unwrap_or_default(),
            tag: element.get("Tag").map(Tag::read),
        };
        Ok(Self {
            object_size_greater_than: filter.number("ObjectSizeGreaterThan")?,
            object_size_less_than: filter.number("ObjectSizeLessThan")?,
            not: filter.all("Not").map(not).collect(),
        })
    }
}

impl Expiration {
    fn write(&self) -> Element {
        Element::new("Expiration")
            .leaf_if("Days", self.days)
            .leaf_if("CreatedBeforeDate", self.created_before_date.as_ref())
            .leaf_if("Date", self.date.as_ref())
            .leaf_if("ExpiredObjectDeleteMarker", self.expired_object_delete_marker)
    }

    fn read(expiration: &Element) -> Result<Self, XmlError> {
        Ok(Self {
            days: expiration.number("Days")?,
            created_before_date: expiration.text("CreatedBeforeDate"),
            date: expiration.text("Date"),
            expired_object_delete_marker: expiration.truth("ExpiredObjectDeleteMarker"),
        })
    }
}

impl Transition {
    fn write(&self) -> Element {
        Element::new("Transition")
            .leaf_if("Days", self.days)
            .leaf_if("CreatedBeforeDate", self.created_before_date.as_ref())
            .leaf("StorageClass", &self.storage_class)
            .leaf_if("IsAccessTime", self.is_access_time)
            .leaf_if("ReturnToStdWhenVisit", self.return_to_std_when_visit)
            .leaf_if("AllowSmallFile", self.allow_small_file)
    }

    fn read(transition: &Element) -> Result<Self, XmlError> {
        Ok(Self {
            days: transition.number("Days")?,
            created_before_date: transition.text("CreatedBeforeDate"),
            storage_class: transition.required("StorageClass")?,
            is_access_time: transition.truth("IsAccessTime"),
            return_to_std_when_visit: transition.truth("ReturnToStdWhenVisit"),
            allow_small_file: transition.truth("AllowSmallFile"),
        })
    }
}

impl NoncurrentVersionTransition {
    fn write(&self) -> Element {
        Element::new("NoncurrentVersionTransition")
            .leaf_if("NoncurrentDays", self.noncurrent_days)
            .leaf("StorageClass", &self.storage_class)
            .leaf_if("IsAccessTime", self.is_access_time)
            .leaf_if("ReturnToStdWhenVisit", self.return_to_std_when_visit)
            .leaf_if("AllowSmallFile", self.allow_small_file)
    }

    fn read(transition: &Element) -> Result<Self, XmlError> {
        Ok(Self {
            noncurrent_days: transition.number("NoncurrentDays")?,
            storage_class: transition.required("StorageClass")?,
            is_access_time: transition.truth("IsAccessTime"),
            return_to_std_when_visit: transition.truth("ReturnToStdWhenVisit"),
            allow_small_file: transition.truth("AllowSmallFile"),
        })
    }
}

/// Writes the document of a set of rules.
fn write_rules(rules: &[LifecycleRule]) -> Element {
    rules.iter().fold(Element::new("LifecycleConfiguration"), |root, rule| root.child(rule.write()))
}

fn read_rules(root: &Element) -> Result<Vec<LifecycleRule>, XmlError> {
    // A set without rules is said with an error code.
    root.child_of("Rule")?;
    root.all("Rule").map(LifecycleRule::read).collect()
}

impl Oss {
    /// The rules of the bucket, in the order of the service; none if there are none.
    pub async fn get_bucket_lifecycle(&self, bucket: &str) -> Result<Vec<LifecycleRule>, Error> {
        let call = Call::get("GetBucketLifecycle", bucket).query("lifecycle", "");
        Ok(self
            .read_if_set(call, "NoSuchLifecycle", "LifecycleConfiguration", read_rules)
            .await?
            .unwrap_or_default())
    }

    /// Replaces all rules of the bucket. `allow_same_action_overlap` holds for this request only: it lets rules of
    /// nested prefixes have the same action.
    pub async fn put_bucket_lifecycle(
        &self,
        bucket: &str,
        rules: &[LifecycleRule],
        allow_same_action_overlap: bool,
    ) -> Result<(), Error> {
        // The service refuses a set without rules.
        if rules.is_empty() {
            return self.delete_bucket_lifecycle(bucket).await;
        }
        let call = Call::put("PutBucketLifecycle", bucket)
            .query("lifecycle", "")
            .header_if("x-oss-allow-same-action-overlap", allow_same_action_overlap.then_some("true"))
            .body(write_rules(rules));
        self.write(call).await.map(drop)
    }

    /// Removes all rules; fine if there are none.
    pub async fn delete_bucket_lifecycle(&self, bucket: &str) -> Result<(), Error> {
        self.write(Call::delete("DeleteBucketLifecycle", bucket).query("lifecycle", "")).await.map(drop)
    }
}

#[cfg(test)]
#[path = "lifecycle_tests.rs"]
mod tests;
