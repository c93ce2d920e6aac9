//! JSON pointers into the documents of the mock, which go on inside of a text that is a document of its own.

use serde_json::{Value, json};

/// A text that is a document of its own, as records hold their values, and the rest of a pointer into it.
fn inside<'p>(document: &Value, pointer: &'p str) -> Option<(String, Value, &'p str)> {
    let holds = |at: usize| {
        let (above, rest) = pointer.split_at(at);
        let text = document.pointer(above).and_then(Value::as_str)?;
        Some((
            above.to_owned(),
            serde_json::from_str(text).expect("a text below which a pointer goes is JSON"),
            rest,
        ))
    };
    pointer.match_indices('/').skip(1).find_map(|(at, _)| holds(at))
}

/// The value at a pointer.
pub fn value_at(document: &Value, pointer: &str) -> Value {
    match inside(document, pointer) {
        Some((_, inner, rest)) => value_at(&inner, rest),
        None => document.pointer(pointer).cloned().unwrap_or(Value::Null),
    }
}

/// Sets or removes the value at a pointer.
pub fn set(document: &mut Value, pointer: &str, value: &Value) {
    if let Some((above, mut inner, rest)) = inside(document, pointer) {
        set(&mut inner, rest, value);
        return set(document, &above, &json!(inner.to_string()));
    }
    let (above, name) = pointer.rsplit_once('/').expect("a pointer begins with a slash");
    let mut place = document;
    for step in above.split('/').skip(1) {
        if place.get(step).is_none_or(Value::is_null) {
            place[step] = json!({});
        }
        place = place.get_mut(step).expect("just made");
    }
    match (place, value) {
        (Value::Object(map), Value::Null) if !map.contains_key(name) => {}
        (Value::Object(map), value) => drop(map.insert(name.to_owned(), value.clone())),
        (place, value) => place[name.parse::<usize>().expect("an index")] = value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_sets_what_is_not_there_yet() {
        let mut document = json!({"A": null});
        set(&mut document, "/A/B", &json!(1));
        set(&mut document, "/C", &Value::Null);
        assert_eq!(document, json!({"A": {"B": 1}}));
    }

    #[test]
    fn a_pointer_goes_on_inside_of_a_text() {
        let mut document = json!({"value": "{\"email\": [\"a\"]}", "tag": "t"});
        assert_eq!(value_at(&document, "/value/email/0"), json!("a"));
        set(&mut document, "/value/phone", &json!("5"));
        assert_eq!(value_at(&document, "/value"), json!("{\"email\":[\"a\"],\"phone\":\"5\"}"));
        assert_eq!(value_at(&document, "/tag"), json!("t"));
        assert_eq!(value_at(&document, "/value/none"), Value::Null);
    }
}
