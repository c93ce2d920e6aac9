//! What stored state may look like, and the promise that no text makes the reader panic.

use proptest::prelude::*;

use super::super::arbitrary::{arb_type, arb_value};
use super::*;

fn object(attributes: &[(&str, Type)]) -> Type {
    Type::Object(attributes.iter().map(|(name, ty)| ((*name).to_owned(), ty.clone())).collect())
}

#[test]
fn reads_pretty_printed_state_with_missing_and_surplus_attributes() {
    let ty = object(&[("name", Type::String), ("days", Type::Number), ("added", Type::Bool)]);
    let value =
        read(b"{\n  \"name\": \"a\",\n  \"days\": 12345678901234567890,\n \"gone\": []}", &ty).unwrap();
    let Value::Map(object) = value else { panic!("an object") };
    assert_eq!(object["name"], Value::from("a"));
    assert_eq!(object["days"], Value::Number(Number::Decimal("12345678901234567890".into())));
    assert_eq!(object["added"], Value::Null);
    assert!(!object.contains_key("gone"));
}

#[test]
fn says_where_a_value_has_the_wrong_shape() {
    let ty = object(&[("tags", Type::Map(Box::new(Type::String)))]);
    let error = read(br#"{"tags":{"a":["x"]}}"#, &ty).unwrap_err();
    assert_eq!(error.to_string(), r#"tags["a"]: string is required"#);
}

#[test]
fn reads_sets_in_one_order_and_dynamic_values_with_their_type() {
    let set = Type::Set(Box::new(Type::String));
    assert_eq!(read(br#"["b","a","b"]"#, &set).unwrap(), Value::from(["a", "b"]));
    let value = read(br#"{"value":[1],"type":["list","number"]}"#, &Type::Dynamic).unwrap();
    assert_eq!(value, Value::Dynamic(Box::new((Type::List(Box::new(Type::Number)), Value::from([1_i64])))));
}

#[test]
fn a_tuple_has_exactly_its_elements() {
    let ty = Type::Tuple(vec![Type::String, Type::Bool]);
    assert_eq!(read(br#"["a",true]"#, &ty).unwrap(), Value::List(vec!["a".into(), true.into()]));
    for (text, message) in [
        (r#"["a"]"#, "a tuple of 2 elements is required"),
        ("[]", "a tuple of 2 elements is required"),
        (r#"["a",true,1]"#, "too many elements"),
    ] {
        assert_eq!(read(text.as_bytes(), &ty).unwrap_err().to_string(), message, "{text}");
    }
}

#[test]
fn nothing_may_follow_the_value() {
    for text in ["true false", "true,", "truex", "[] []"] {
        assert!(read(text.as_bytes(), &Type::Bool).is_err(), "{text}");
    }
    assert_eq!(read(b" true\n", &Type::Bool).unwrap(), Value::Bool(true));
}

#[test]
fn dynamic_values_in_dynamic_values_end_somewhere() {
    let mut text = r#"{"value":1,"type":"number"}"#.to_owned();
    for _ in 0..20_000 {
        text = format!(r#"{{"value":{text},"type":"dynamic"}}"#);
        if text.len() > 500_000 {
            break;
        }
    }
    assert!(read(text.as_bytes(), &Type::Dynamic).unwrap_err().to_string().contains("nested too deeply"));
}

/// A value as Terraform stores it; `None` for what is never stored.
fn stored(value: &Value, ty: &Type) -> Option<serde_json::Value> {
    use serde_json::Value as Json;
    Some(match (value, ty) {
        (Value::Unknown(_), _) => return None,
        (Value::Null, _) => Json::Null,
        (Value::Bool(flag), _) => Json::from(*flag),
        (Value::Number(number), _) => serde_json::from_str(&number.to_string()).ok()?,
        (Value::String(text), _) => Json::from(text.as_str()),
        (Value::List(items), Type::Tuple(elements)) => {
            items.iter().zip(elements).map(|(item, ty)| stored(item, ty)).collect::<Option<_>>()?
        }
        (Value::List(items), Type::List(element) | Type::Set(element)) => {
            // Terraform keeps the order of sets to itself.
            items.iter().rev().map(|item| stored(item, element)).collect::<Option<Vec<_>>>().map(
                |mut items| {
                    if matches!(ty, Type::List(_)) {
                        items.reverse();
                    }
                    Json::Array(items)
                },
            )?
        }
        (Value::Map(entries), Type::Map(element)) => Json::Object(
            entries
                .iter()
                .map(|(key, item)| Some((key.clone(), stored(item, element)?)))
                .collect::<Option<_>>()?,
        ),
        (Value::Map(entries), Type::Object(attributes)) => Json::Object(
            entries
                .iter()
                .map(|(key, item)| Some((key.clone(), stored(item, attributes.get(key)?)?)))
                .collect::<Option<_>>()?,
        ),
        (Value::Dynamic(inner), _) => {
            serde_json::json!({"value": stored(&inner.1, &inner.0)?, "type": inner.0.to_json()})
        }
        _ => return None,
    })
}

/// The value with its sets in order again.
fn in_order(value: Value, ty: &Type) -> Value {
    match (value, ty) {
        (Value::List(items), Type::Set(element)) => {
            let items: std::collections::BTreeSet<_> =
                items.into_iter().map(|item| in_order(item, element)).collect();
            Value::List(items.into_iter().collect())
        }
        (Value::List(items), Type::List(element)) => {
            Value::List(items.into_iter().map(|item| in_order(item, element)).collect())
        }
        (Value::List(items), Type::Tuple(elements)) => {
            Value::List(items.into_iter().zip(elements).map(|(item, ty)| in_order(item, ty)).collect())
        }
        (Value::Map(items), Type::Map(element)) => {
            Value::Map(items.into_iter().map(|(key, item)| (key, in_order(item, element))).collect())
        }
        (Value::Map(items), Type::Object(attributes)) => Value::Map(
            items.into_iter().map(|(key, item)| (key.clone(), in_order(item, &attributes[&key]))).collect(),
        ),
        (Value::Dynamic(inner), _) => {
            let (ty, value) = *inner;
            let value = in_order(value, &ty);
            Value::Dynamic(Box::new((ty, value)))
        }
        (value, _) => value,
    }
}

proptest! {
    #[test]
    fn what_terraform_stores_is_read_back((ty, value) in arb_type().prop_flat_map(|ty| {
        let value = arb_value(&ty);
        (Just(ty), value)
    })) {
        // What is unknown is never stored.
        let value = in_order(value.without_unknowns(), &ty);
        let text = stored(&value, &ty).unwrap().to_string();
        prop_assert_eq!(read(text.as_bytes(), &ty).unwrap(), value, "{}", text);
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "[\\[\\]{}\",:a-c0-9.enultrfs ]{0,64}", ty in arb_type()) {
        let _ = read(text.as_bytes(), &ty);
    }
}
