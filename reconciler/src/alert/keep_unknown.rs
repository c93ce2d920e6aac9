//! Members of a document that are not known here: kept with the part of the document that they belong to.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

/// Members that are not known here. Two parts of a document are the same whatever others keep in them.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UnknownMembers(pub(super) Map<String, Value>);

impl PartialEq for UnknownMembers {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// A part of a document that can take along what is not known here from the same part of another document.
pub(super) trait KeepUnknown {
    fn keep_unknown(&mut self, _existing: &Self) {}
}

impl KeepUnknown for String {}
impl KeepUnknown for i64 {}
impl KeepUnknown for bool {}

impl<T: KeepUnknown> KeepUnknown for Option<T> {
    fn keep_unknown(&mut self, existing: &Self) {
        if let (Some(part), Some(existing)) = (self, existing) {
            part.keep_unknown(existing);
        }
    }
}

/// Entries of a list have no names. The same entry is an equal one, wherever it stands, or else one that was changed where
/// it stands.
impl<T: KeepUnknown + PartialEq> KeepUnknown for Vec<T> {
    fn keep_unknown(&mut self, existing: &Self) {
        let mut left: Vec<Option<&T>> = existing.iter().map(Some).collect();
        let equal: Vec<Option<&T>> = self
            .iter()
            .map(|entry| left.iter_mut().find(|left| left.is_some_and(|left| left == entry))?.take())
            .collect();
        for (at, (entry, equal)) in self.iter_mut().zip(equal).enumerate() {
            if let Some(existing) = equal.or_else(|| left.get(at).copied().flatten()) {
                entry.keep_unknown(existing);
            }
        }
    }
}

/// A member, or its default where it is null or has another shape than it should: a document that cannot be read at all
/// could not be put right either.
pub(super) fn lenient<'de, D: Deserializer<'de>, T: DeserializeOwned + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(T::deserialize(Value::deserialize(deserializer)?).unwrap_or_default())
}
