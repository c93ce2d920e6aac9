//! The lifecycle rules of a bucket, in one form for all that means the same.

use alibaba::Error;
use alibaba::oss::{Filter, LifecycleRule, Oss};
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Date, OffsetDateTime, Time, UtcOffset};

use super::Document;

/// Storage classes that objects can move to, from warm to cold.
pub const CLASSES: [&str; 4] = ["IA", "Archive", "ColdArchive", "DeepColdArchive"];

/// How cold a class is.
#[must_use]
pub fn rank(class: &str) -> usize {
    CLASSES.iter().position(|known| *known == class).unwrap_or(CLASSES.len())
}

/// All rules of a bucket.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lifecycle {
    /// The rules, [`normalized`].
    pub rules: Vec<LifecycleRule>,
    /// Whether rules of nested prefixes may have the same action, which the service asks with each write and does not keep.
    pub allow_same_action_overlap: bool,
}

impl Lifecycle {
    /// These rules, in whatever form.
    #[must_use]
    pub fn new(rules: Vec<LifecycleRule>, allow_same_action_overlap: bool) -> Self {
        Self { rules: normalized(rules), allow_same_action_overlap }
    }

    /// Whether a rule counts from the last access.
    #[must_use]
    pub fn uses_access_time(&self) -> bool {
        self.rules.iter().any(|rule| {
            let moves = rule.transitions.iter().map(|action| action.is_access_time);
            let old_moves = rule.noncurrent_version_transitions.iter().map(|action| action.is_access_time);
            moves.chain(old_moves).any(|is_access_time| is_access_time == Some(true))
        })
    }
}

impl Document for Lifecycle {
    const NAME: &'static str = "lifecycle";

    async fn get(&self, oss: &Oss, bucket: &str) -> Result<Option<Self>, Error> {
        let rules = oss.get_bucket_lifecycle(bucket).await?;
        Ok((!rules.is_empty()).then(|| Self::new(rules, self.allow_same_action_overlap)))
    }

    async fn put(&self, oss: &Oss, bucket: &str) -> Result<(), Error> {
        oss.put_bucket_lifecycle(bucket, &self.rules, self.allow_same_action_overlap).await
    }

    async fn delete(oss: &Oss, bucket: &str) -> Result<(), Error> {
        oss.delete_bucket_lifecycle(bucket).await
    }

    fn is_as(&self, other: &Self) -> bool {
        self == other
    }
}

/// The rules in one form: by id, classes in the order in which objects pass through them, days as the moments at which they
/// begin, and flags only where they say something.
#[must_use]
pub fn normalized(mut rules: Vec<LifecycleRule>) -> Vec<LifecycleRule> {
    rules.sort_by(|one, other| one.id.cmp(&other.id));
    for rule in &mut rules {
        rule.atime_base = None;
        rule.filter = rule.filter.take().filter(|filter| *filter != Filter::default());
        if let Some(action) = &mut rule.expiration {
            // Both names of the element mean the same.
            let date = action.created_before_date.take().or(action.date.take());
            action.created_before_date = date.map(midnight);
            action.date = None;
            keep_if_true(&mut action.expired_object_delete_marker);
        }
        rule.transitions.sort_by_key(|action| rank(&action.storage_class));
        for action in &mut rule.transitions {
            action.created_before_date = action.created_before_date.take().map(midnight);
            keep_if_true(&mut action.is_access_time);
            keep_if_true(&mut action.return_to_std_when_visit);
        }
        rule.noncurrent_version_transitions.sort_by_key(|action| rank(&action.storage_class));
        for action in &mut rule.noncurrent_version_transitions {
            keep_if_true(&mut action.is_access_time);
            keep_if_true(&mut action.return_to_std_when_visit);
        }
        if let Some(action) = &mut rule.abort_multipart_upload {
            action.created_before_date = action.created_before_date.take().map(midnight);
        }
    }
    rules
}

fn keep_if_true(flag: &mut Option<bool>) {
    *flag = flag.filter(|flag| *flag);
}

/// The day that a text names: `2027-01-01`, or the moment at which it begins.
#[must_use]
pub fn day(text: &str) -> Option<Date> {
    if let Ok(day) = Date::parse(text, format_description!("[year]-[month]-[day]")) {
        return Some(day);
    }
    let moment = OffsetDateTime::parse(text, &Rfc3339).ok()?.to_offset(UtcOffset::UTC);
    (moment.time() == Time::MIDNIGHT).then(|| moment.date())
}

/// The moment at which a day begins, as the service writes it; anything else as it is.
fn midnight(text: String) -> String {
    day(&text).map_or(text, |day| format!("{day}T00:00:00.000Z"))
}
