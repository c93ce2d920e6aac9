//! The JSON form of values, in which Terraform hands over stored state.
//!
//! Numbers are taken from their text, never through a float. An attribute that the text lacks is null and one
//! that the type lacks is passed over: stored state may be older than the schema.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::{Number, ShapeError, Type, Value};
use crate::Step;

/// Reads a value of the given type from stored state.
///
/// # Errors
/// When the text is not JSON, or holds something else than the type asks for; the error's path says where.
pub fn read(text: &[u8], ty: &Type) -> Result<Value, ShapeError> {
    let raw: &RawValue = serde_json::from_slice(text).map_err(broken)?;
    read_value(raw, ty)
}

fn broken(error: serde_json::Error) -> ShapeError {
    ShapeError::new(format!("malformed JSON ({error})"))
}

fn read_value(raw: &RawValue, ty: &Type) -> Result<Value, ShapeError> {
    let text = raw.get();
    if text == "null" {
        return Ok(Value::Null);
    }
    let required = |_| ShapeError::new(format!("{} is required", ty.name()));
    match ty {
        Type::Bool => serde_json::from_str(text).map(Value::Bool).map_err(required),
        Type::String => serde_json::from_str(text).map(Value::String).map_err(required),
        Type::Number => {
            // Old states hold some numbers as text.
            let digits = serde_json::from_str::<String>(text).unwrap_or_else(|_| text.to_owned());
            Number::parse(&digits).map(Value::Number).ok_or_else(|| ShapeError::new("number is required"))
        }
        Type::List(element) => read_list(text, ty, |_| Some(&**element)).map(Value::List),
        Type::Set(element) => {
            let mut items = read_list(text, ty, |_| Some(&**element))?;
            items.sort();
            items.dedup();
            Ok(Value::List(items))
        }
        Type::Tuple(elements) => read_list(text, ty, |index| elements.get(index)).map(Value::List),
        Type::Map(element) => {
            let entries: BTreeMap<String, &RawValue> = serde_json::from_str(text).map_err(required)?;
            entries
                .into_iter()
                .map(|(key, raw)| match read_value(raw, element) {
                    Ok(value) => Ok((key, value)),
                    Err(error) => Err(error.within(Step::Key(key))),
                })
                .collect::<Result<_, _>>()
                .map(Value::Map)
        }
        Type::Object(attributes) => {
            let entries: BTreeMap<String, &RawValue> = serde_json::from_str(text).map_err(required)?;
            attributes
                .iter()
                .map(|(name, ty)| {
                    let value = entries.get(name).map_or(Ok(Value::Null), |raw| read_value(raw, ty));
                    match value {
                        Ok(value) => Ok((name.clone(), value)),
                        Err(error) => Err(error.within(Step::Attribute(name.clone()))),
                    }
                })
                .collect::<Result<_, _>>()
                .map(Value::Map)
        }
        Type::Dynamic => read_dynamic(text),
    }
}

fn read_list<'t>(
    text: &str,
    ty: &Type,
    element: impl Fn(usize) -> Option<&'t Type>,
) -> Result<Vec<Value>, ShapeError> {
    let items: Vec<&RawValue> =
        serde_json::from_str(text).map_err(|_| ShapeError::new(format!("{} is required", ty.name())))?;
    items
        .into_iter()
        .enumerate()
        .map(|(index, raw)| {
            let element = element(index).ok_or_else(|| ShapeError::new("too many elements"))?;
            read_value(raw, element)
                .map_err(|error| error.within(Step::Index(i64::try_from(index).unwrap_or(i64::MAX))))
        })
        .collect()
}

fn read_dynamic(text: &str) -> Result<Value, ShapeError> {
    #[derive(serde::Deserialize)]
    struct Typed<'a> {
        #[serde(borrow)]
        value: &'a RawValue,
        r#type: serde_json::Value,
    }
    let typed: Typed<'_> = serde_json::from_str(text).map_err(broken)?;
    let ty = Type::from_json(&typed.r#type)
        .ok_or_else(|| ShapeError::new("a dynamic value has a type that does not exist"))?;
    let value = read_value(typed.value, &ty)?;
    Ok(Value::Dynamic(Box::new((ty, value))))
}

#[cfg(test)]
mod tests {
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
        assert_eq!(
            value,
            Value::Dynamic(Box::new((Type::List(Box::new(Type::Number)), Value::from([1_i64]))))
        );
    }
}
