//! The JSON form of values, in which Terraform hands over stored state.
//!
//! Numbers are taken from their text, never through a float. An attribute that the text lacks is null and one
//! that the type lacks is passed over: stored state may be older than the schema.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::{MAX_DEPTH, Number, ShapeError, Type, Value};
use crate::Step;

/// Reads a value of the given type from stored state.
///
/// # Errors
/// When the text is not JSON, or holds something else than the type asks for; the error's path says where.
pub fn read(text: &[u8], ty: &Type) -> Result<Value, ShapeError> {
    let raw: &RawValue = serde_json::from_slice(text).map_err(broken)?;
    read_value(raw, ty, 0)
}

fn broken(error: serde_json::Error) -> ShapeError {
    ShapeError::new(format!("malformed JSON ({error})"))
}

fn read_value(raw: &RawValue, ty: &Type, depth: usize) -> Result<Value, ShapeError> {
    if depth > MAX_DEPTH {
        return Err(ShapeError::new("nested too deeply"));
    }
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
        Type::List(element) => read_list(text, ty, |_| Some(&**element), depth).map(Value::List),
        Type::Set(element) => {
            let mut items = read_list(text, ty, |_| Some(&**element), depth)?;
            items.sort();
            items.dedup();
            Ok(Value::List(items))
        }
        Type::Tuple(elements) => {
            super::whole_tuple(read_list(text, ty, |index| elements.get(index), depth)?, elements)
        }
        Type::Map(element) => {
            let entries: BTreeMap<String, &RawValue> = serde_json::from_str(text).map_err(required)?;
            entries
                .into_iter()
                .map(|(key, raw)| match read_value(raw, element, depth + 1) {
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
                    let value =
                        entries.get(name).map_or(Ok(Value::Null), |raw| read_value(raw, ty, depth + 1));
                    match value {
                        Ok(value) => Ok((name.clone(), value)),
                        Err(error) => Err(error.within(Step::Attribute(name.clone()))),
                    }
                })
                .collect::<Result<_, _>>()
                .map(Value::Map)
        }
        Type::Dynamic => read_dynamic(text, depth),
    }
}

fn read_list<'t>(
    text: &str,
    ty: &Type,
    element: impl Fn(usize) -> Option<&'t Type>,
    depth: usize,
) -> Result<Vec<Value>, ShapeError> {
    let items: Vec<&RawValue> =
        serde_json::from_str(text).map_err(|_| ShapeError::new(format!("{} is required", ty.name())))?;
    items
        .into_iter()
        .enumerate()
        .map(|(index, raw)| {
            let element = element(index).ok_or_else(|| ShapeError::new("too many elements"))?;
            read_value(raw, element, depth + 1)
                .map_err(|error| error.within(Step::Index(i64::try_from(index).unwrap_or(i64::MAX))))
        })
        .collect()
}

fn read_dynamic(text: &str, depth: usize) -> Result<Value, ShapeError> {
    #[derive(serde::Deserialize)]
    struct Typed<'a> {
        #[serde(borrow)]
        value: &'a RawValue,
        r#type: serde_json::Value,
    }
    let typed: Typed<'_> = serde_json::from_str(text).map_err(broken)?;
    let ty = Type::from_json(&typed.r#type)
        .ok_or_else(|| ShapeError::new("a dynamic value has a type that does not exist"))?;
    let value = read_value(typed.value, &ty, depth + 1)?;
    Ok(Value::Dynamic(Box::new((ty, value))))
}

#[cfg(test)]
#[path = "json_tests.rs"]
mod tests;
