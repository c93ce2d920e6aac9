//! Attributes that hold a JSON document as text: checked before any call, and compared by meaning.

use plugin::value::Value;
use serde_json::Value as Json;

/// Checks that a text is a JSON object, and says where it is not.
///
/// # Errors
/// A sentence with the place of the mistake and the fix.
pub fn object(text: &str) -> Result<(), String> {
    match serde_json::from_str(text) {
        Ok(Json::Object(_)) => Ok(()),
        Ok(other) => Err(format!(
            "This must be a JSON object, got {}. Write it with jsonencode({{ … }}).",
            kind(&other)
        )),
        Err(error) => {
            Err(format!("This is not JSON: {error}. Write it with jsonencode({{ … }}) or check the file."))
        }
    }
}

/// Whether two texts are the same document: white space, the order of keys and escapes say nothing.
pub fn same(one: &Value, other: &Value) -> bool {
    let parse = |value: &Value| value.as_str().and_then(|text| serde_json::from_str::<Json>(text).ok());
    matches!((parse(one), parse(other)), (Some(one), Some(other)) if one == other)
}

fn kind(json: &Json) -> &'static str {
    match json {
        Json::Null => "null",
        Json::Bool(_) => "a boolean",
        Json::Number(_) => "a number",
        Json::String(_) => "a string",
        Json::Array(_) => "a list",
        Json::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_where_a_text_stops_being_json() {
        let error = object("{\"a\": 1,\n}").unwrap_err();
        assert!(error.contains("line 2"), "{error}");
        assert!(object("[1]").unwrap_err().contains("got a list"));
        assert_eq!(object("{}"), Ok(()));
    }

    #[test]
    fn compares_by_meaning() {
        let value = |text: &str| Value::String(text.to_owned());
        assert!(same(&value(r#"{"a":1,"b":"\u00e9"}"#), &value("{ \"b\": \"é\", \"a\": 1 }")));
        assert!(!same(&value(r#"{"a":1}"#), &value(r#"{"a":2}"#)));
        assert!(!same(&value("no"), &value("no")), "what is not JSON has no meaning to share");
    }
}
