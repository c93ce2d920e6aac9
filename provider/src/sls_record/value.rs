//! The value of a record: a JSON object as text, of which a resource owns some members.

use std::collections::BTreeSet;

use plugin::Attr;
use serde_json::{Map, Value as Json};

/// The members of a value. One that is no object has none: everything in it differs from what is wanted.
pub(super) fn object(text: &str) -> Map<String, Json> {
    serde_json::from_str(text).unwrap_or_default()
}

/// A value with these members in it; null takes a member out.
pub(super) fn overlay(mut value: Map<String, Json>, members: Map<String, Json>) -> Map<String, Json> {
    for (name, member) in members {
        match member {
            Json::Null => drop(value.remove(&name)),
            member => drop(value.insert(name, member)),
        }
    }
    value
}

/// A text member; missing and empty are unset.
pub(crate) fn text(value: &Map<String, Json>, member: &str) -> Attr<String> {
    value.get(member).and_then(Json::as_str).filter(|text| !text.is_empty()).map(str::to_owned).into()
}

/// A truth member; missing is false.
pub(crate) fn truth(value: &Map<String, Json>, member: &str) -> Attr<bool> {
    value.get(member).and_then(Json::as_bool).unwrap_or_default().into()
}

/// A member that is a list of texts, whose order says nothing; missing is empty.
pub(crate) fn names(value: &Map<String, Json>, member: &str) -> BTreeSet<String> {
    let items = value.get(member).and_then(Json::as_array);
    items.into_iter().flatten().filter_map(Json::as_str).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_not_owned_stays_and_what_is_null_goes() {
        let there = object(r#"{"a": 1, "phone": "5", "new": {"x": []}}"#);
        let members = object(r#"{"a": 2, "phone": null, "b": []}"#);
        assert_eq!(Json::Object(overlay(there, members)), json!({"a": 2, "new": {"x": []}, "b": []}));
        assert!(object("[1]").is_empty() && object("no").is_empty());
    }

    #[test]
    fn members_are_read_whatever_is_there() {
        let value = object(r#"{"t": "x", "e": "", "n": 5, "y": true, "l": ["b", "a", 7]}"#);
        assert_eq!(
            (text(&value, "t"), text(&value, "e"), text(&value, "n")),
            ("x".into(), Attr::Null, Attr::Null)
        );
        assert_eq!((truth(&value, "y"), truth(&value, "gone")), (true.into(), false.into()));
        assert_eq!(names(&value, "l"), BTreeSet::from(["a".to_owned(), "b".to_owned()]));
        assert!(names(&value, "gone").is_empty());
    }
}
