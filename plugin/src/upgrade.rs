//! Stored state of earlier versions, and how it becomes state of the current one.
//!
//! A resource lists its upgrades in order, see [`Resource::UPGRADES`](crate::Resource::UPGRADES): the first one makes
//! version 1 of version 0, the second one version 2 of version 1, and the version of the state is how many there are. So
//! a version without an upgrade to it cannot be declared. Identities have a list of their own.
//!
//! An upgrade works on the attributes as they are stored and changes only what is different in the next version. What it
//! does not touch is carried over as it was written, numbers to the last digit, and is read by the current schema in the
//! end; names that the current schema does not have are passed over then, as in state of the current version.
//!
//! ```
//! use plugin::upgrade::{StoredState, Upgrade};
//! use plugin::value::ShapeError;
//!
//! /// Version 1 calls the attribute `retention_days`, and counts in days what version 0 counted in weeks.
//! fn days_instead_of_weeks(state: &mut StoredState) -> Result<(), ShapeError> {
//!     let weeks = state.take::<i64>("retention_weeks")?;
//!     state.set("retention_days", weeks.map(|weeks| weeks * 7));
//!     Ok(())
//! }
//!
//! const UPGRADES: &[Upgrade] = &[days_instead_of_weeks];
//! ```

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use crate::value::{Object, ShapeError, Type, Value, json};
use crate::{Attr, Field, Step};

/// Makes the next version of stored state.
pub type Upgrade = fn(&mut StoredState) -> Result<(), ShapeError>;

/// The top-level attributes of a stored object, by name.
#[derive(Debug)]
pub struct StoredState {
    attributes: BTreeMap<String, Stored>,
}

#[derive(Debug)]
enum Stored {
    /// As Terraform stored it.
    Written(Box<RawValue>),
    /// As an upgrade set it.
    Set(Value),
}

impl StoredState {
    /// Whether the attribute is there; it may be null.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.attributes.contains_key(name)
    }

    /// Takes an attribute out; one that is not there is null.
    ///
    /// # Errors
    /// When its value does not have the shape of the Rust type.
    pub fn take<T: Field>(&mut self, name: &str) -> Result<Option<T>, ShapeError> {
        let value = match self.attributes.remove(name) {
            Some(stored) => stored.read(&T::kind().ty()),
            None => Ok(Value::Null),
        };
        value
            .and_then(Attr::decode)
            .map(Attr::into_option)
            .map_err(|error| error.within(Step::Attribute(name.to_owned())))
    }

    /// Sets an attribute, or makes it null.
    pub fn set<T: Field>(&mut self, name: &str, value: Option<T>) {
        self.attributes
            .insert(name.to_owned(), Stored::Set(value.as_ref().map_or(Value::Null, Field::encode)));
    }

    /// Gives an attribute another name; one that is not there stays away.
    pub fn rename(&mut self, from: &str, to: &str) {
        if let Some(stored) = self.attributes.remove(from) {
            self.attributes.insert(to.to_owned(), stored);
        }
    }

    /// Drops an attribute.
    pub fn remove(&mut self, name: &str) {
        self.attributes.remove(name);
    }

    fn parse(text: &[u8]) -> Result<Self, String> {
        let attributes: Option<BTreeMap<String, Box<RawValue>>> =
            serde_json::from_slice(text).map_err(|error| format!("malformed JSON ({error})"))?;
        let attributes = attributes.ok_or("it is empty")?;
        let written = |(name, raw)| (name, Stored::Written(raw));
        Ok(Self { attributes: attributes.into_iter().map(written).collect() })
    }

    /// What is not there was added to the current version without an upgrade: it is what leaving it out gives.
    fn into_object(mut self, ty: &Type, default: impl Fn(&str) -> Value) -> Result<Object, ShapeError> {
        let Type::Object(attributes) = ty else { return Err(ShapeError::new("object is required")) };
        let read = |(name, ty): (&String, &Type)| {
            let value =
                self.attributes.remove(name).map_or_else(|| Ok(default(name)), |stored| stored.read(ty));
            match value {
                Ok(value) => Ok((name.clone(), value)),
                Err(error) => Err(error.within(Step::Attribute(name.clone()))),
            }
        };
        attributes.iter().map(read).collect()
    }
}

impl Stored {
    fn read(self, ty: &Type) -> Result<Value, ShapeError> {
        match self {
            Self::Written(raw) => json::read(raw.get().as_bytes(), ty),
            Self::Set(value) => Ok(value),
        }
    }
}

/// Reads stored state of any version up to the current one. The error says why it cannot be read, as a sentence.
pub(crate) fn read(
    text: &[u8],
    version: i64,
    upgrades: &[Upgrade],
    ty: &Type,
    default: impl Fn(&str) -> Value,
) -> Result<Object, String> {
    if text.is_empty() {
        return Err("It is not in JSON, as Terraform has written it since version 0.12.".to_owned());
    }
    let current = current_version(upgrades);
    let pending = usize::try_from(version).ok().and_then(|version| upgrades.get(version..));
    let Some(pending) = pending else {
        return Err(format!(
            "It has version {version}, and this version of the provider knows versions up to {current} only: a newer \
             version of the provider wrote it. Upgrade the provider, to at least the version that was last used here \
             (raise its version in required_providers, and run terraform init -upgrade)."
        ));
    };
    let mut state = StoredState::parse(text).map_err(|why| format!("It cannot be read: {why}."))?;
    for (from, upgrade) in (version..).zip(pending) {
        upgrade(&mut state).map_err(|error| {
            format!("It cannot be upgraded from version {from} to {}: {error}.", from + 1)
        })?;
    }
    state.into_object(ty, default).map_err(|error| format!("{error}."))
}

/// The version that the provider writes.
pub(crate) fn current_version(upgrades: &[Upgrade]) -> i64 {
    i64::try_from(upgrades.len()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rename(state: &mut StoredState) -> Result<(), ShapeError> {
        state.rename("size", "bytes");
        Ok(())
    }

    fn join(state: &mut StoredState) -> Result<(), ShapeError> {
        let words = state.take::<Vec<String>>("words")?;
        state.set("text", words.map(|words| words.join(" ")));
        Ok(())
    }

    fn current() -> Type {
        let attributes = [("bytes", Type::Number), ("text", Type::String), ("kept", Type::Bool)];
        Type::Object(attributes.map(|(name, ty)| (name.to_owned(), ty)).into())
    }

    fn upgraded(version: i64, text: &str) -> Result<Object, String> {
        read(text.as_bytes(), version, &[rename, join], &current(), |_| Value::Null)
    }

    fn object(text: &str) -> Object {
        match json::read(text.as_bytes(), &current()).unwrap() {
            Value::Map(object) => object,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_version_becomes_the_current_one_and_the_rest_is_carried_over() {
        let wanted = object(r#"{"bytes": 123456789012345678901234567890, "text": "a b", "kept": true}"#);
        for (version, text) in [
            (0, r#"{"size":123456789012345678901234567890,"words":["a","b"],"kept":true,"gone":{"a":1}}"#),
            (1, r#"{"bytes":123456789012345678901234567890,"words":["a","b"],"kept":true}"#),
            (2, r#"{"bytes":123456789012345678901234567890,"text":"a b","kept":true,"gone":1}"#),
        ] {
            assert_eq!(upgraded(version, text), Ok(wanted.clone()), "version {version}");
        }
    }

    #[test]
    fn what_is_not_there_is_null() {
        assert_eq!(upgraded(0, "{}"), Ok(object("{}")));
        assert_eq!(upgraded(0, r#"{"size":null,"words":null}"#), Ok(object("{}")));
    }

    #[test]
    fn state_that_cannot_be_read_says_why() {
        for (version, text, why) in [
            (3, "{}", "Upgrade the provider"),
            (-1, "{}", "It has version -1"),
            (0, "", "since version 0.12"),
            (0, "null", "it is empty"),
            (0, "[1]", "malformed JSON"),
            (0, r#"{"words":[[]]}"#, "from version 1 to 2: words[0]: string is required"),
            (0, r#"{"size":"x"}"#, "bytes: number is required"),
        ] {
            let error = upgraded(version, text).unwrap_err();
            assert!(error.contains(why), "{version} {text}: {error}");
        }
    }
}
