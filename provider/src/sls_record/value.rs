//! The value of a record: a JSON object as text, of which a resource owns some members.

use std::collections::BTreeSet;

use plugin::Attr;
use serde_json::{Map, Value as Json};

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
    fn members_are_read_whatever_is_there() {
        let Json::Object(value) = json!({"t": "x", "e": "", "n": 5, "y": true, "l": ["b", "a", 7]}) else {
            unreachable!()
        };
        assert_eq!(
            (text(&value, "t"), text(&value, "e"), text(&value, "n")),
            ("x".into(), Attr::Null, Attr::Null)
        );
        assert_eq!((truth(&value, "y"), truth(&value, "gone")), (true.into(), false.into()));
        assert_eq!(names(&value, "l"), BTreeSet::from(["a".to_owned(), "b".to_owned()]));
        assert!(names(&value, "gone").is_empty());
    }
}
