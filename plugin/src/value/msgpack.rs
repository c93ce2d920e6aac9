//! The MessagePack form of values, in which Terraform sends configuration, plans and states.
//!
//! Reading is driven by the type: numbers may arrive as text, sets are put in order, objects must have exactly
//! their attributes, tuples exactly their elements, and nothing may follow the value. Every extension type is an unknown; code 12 carries refinements.

use std::collections::BTreeMap;

use rmp::{Marker, decode, encode};

use super::{MAX_DEPTH, Number, Object, Refinement, ShapeError, Type, Value};
use crate::Step;

/// The extension code of unknown values with refinements.
const REFINED: i8 = 12;

type Reader<'a> = &'a [u8];

/// Reads one value of the given type.
///
/// # Errors
/// When the bytes are not one MessagePack value, or hold something else than the type asks for; the error's path says
/// where.
pub fn read(bytes: &[u8], ty: &Type) -> Result<Value, ShapeError> {
    let mut reader = bytes;
    let value = read_value(&mut reader, ty, 0)?;
    if !reader.is_empty() {
        return Err(broken(format!("{} bytes too many", reader.len())));
    }
    Ok(value)
}

fn broken<E: std::fmt::Display>(error: E) -> ShapeError {
    ShapeError::new(format!("malformed MessagePack ({error})"))
}

fn required(ty: &Type) -> ShapeError {
    ShapeError::new(format!("{} is required", ty.name()))
}

fn read_value(reader: &mut Reader<'_>, ty: &Type, depth: usize) -> Result<Value, ShapeError> {
    if depth > MAX_DEPTH {
        return Err(ShapeError::new("nested too deeply"));
    }
    let mut ahead = *reader;
    let marker = decode::read_marker(&mut ahead).map_err(|_| broken("ends too early"))?;
    match marker {
        Marker::Null => {
            *reader = ahead;
            return Ok(Value::Null);
        }
        Marker::FixExt1
        | Marker::FixExt2
        | Marker::FixExt4
        | Marker::FixExt8
        | Marker::FixExt16
        | Marker::Ext8
        | Marker::Ext16
        | Marker::Ext32 => return read_unknown(reader).map(Value::Unknown),
        _ => {}
    }
    match ty {
        Type::Bool => decode::read_bool(reader).map(Value::Bool).map_err(|_| required(ty)),
        Type::String => read_text(reader).map(Value::String).map_err(|_| required(ty)),
        Type::Number => read_number(reader, marker).map(Value::Number),
        Type::List(element) => read_list(reader, ty, |_| Some(element), depth).map(Value::List),
        Type::Set(element) => {
            let mut items = read_list(reader, ty, |_| Some(element), depth)?;
            items.sort();
            items.dedup();
            Ok(Value::List(items))
        }
        Type::Tuple(elements) => {
            let items = read_list(reader, ty, |index| elements.get(index), depth)?;
            super::whole_tuple(items, elements)
        }
        Type::Map(element) => read_entries(reader, ty, |_| Some(element), Step::Key, depth).map(Value::Map),
        Type::Object(attributes) => {
            let object = read_entries(reader, ty, |name| attributes.get(name), Step::Attribute, depth)?;
            match attributes.keys().find(|name| !object.contains_key(*name)) {
                None => Ok(Value::Map(object)),
                Some(missing) => {
                    Err(ShapeError::new("attribute is missing").within(Step::Attribute(missing.clone())))
                }
            }
        }
        Type::Dynamic => read_dynamic(reader, depth),
    }
}

fn read_text(reader: &mut Reader<'_>) -> Result<String, ShapeError> {
    let length = decode::read_str_len(reader).map_err(broken)?;
    let bytes = take(reader, length as usize)?;
    String::from_utf8(bytes.to_vec()).map_err(broken)
}

fn take<'a>(reader: &mut Reader<'a>, length: usize) -> Result<&'a [u8], ShapeError> {
    let (taken, rest) = reader.split_at_checked(length).ok_or_else(|| broken("ends too early"))?;
    *reader = rest;
    Ok(taken)
}

fn read_number(reader: &mut Reader<'_>, marker: Marker) -> Result<Number, ShapeError> {
    let no_number = |_| required(&Type::Number);
    match marker {
        Marker::F32 => decode::read_f32(reader).map(|value| f64::from(value).into()).map_err(broken),
        Marker::F64 => decode::read_f64(reader).map(Number::from).map_err(broken),
        Marker::U64 => decode::read_u64(reader)
            .map(|value| {
                i64::try_from(value).map_or_else(|_| Number::Decimal(value.to_string()), Number::Int)
            })
            .map_err(broken),
        Marker::FixStr(_) | Marker::Str8 | Marker::Str16 | Marker::Str32 => {
            let text = read_text(reader)?;
            Number::parse(&text).ok_or_else(|| required(&Type::Number))
        }
        _ => decode::read_int(reader).map(Number::Int).map_err(|error| no_number(error.to_string())),
    }
}

fn read_list<'t>(
    reader: &mut Reader<'_>,
    ty: &Type,
    element: impl Fn(usize) -> Option<&'t Type>,
    depth: usize,
) -> Result<Vec<Value>, ShapeError> {
    let length = decode::read_array_len(reader).map_err(|_| required(ty))? as usize;
    // Never trust a length with memory: the elements themselves show whether it is true.
    let mut items = Vec::with_capacity(length.min(1024));
    for index in 0..length {
        let element = element(index).ok_or_else(|| ShapeError::new("too many elements"))?;
        items.push(
            read_value(reader, element, depth + 1)
                .map_err(|error| error.within(Step::Index(i64::try_from(index).unwrap_or(i64::MAX))))?,
        );
    }
    Ok(items)
}

fn read_entries<'t>(
    reader: &mut Reader<'_>,
    ty: &Type,
    element: impl Fn(&str) -> Option<&'t Type>,
    step: impl Fn(String) -> Step,
    depth: usize,
) -> Result<Object, ShapeError> {
    let length = decode::read_map_len(reader).map_err(|_| required(ty))?;
    let mut entries = BTreeMap::new();
    for _ in 0..length {
        let key = read_text(reader)?;
        let Some(element) = element(&key) else {
            return Err(ShapeError::new("unsupported attribute").within(step(key)));
        };
        let value =
            read_value(reader, element, depth + 1).map_err(|error| error.within(step(key.clone())))?;
        if entries.insert(key.clone(), value).is_some() {
            return Err(ShapeError::new("key is there twice").within(step(key)));
        }
    }
    Ok(entries)
}

fn read_dynamic(reader: &mut Reader<'_>, depth: usize) -> Result<Value, ShapeError> {
    let pair = decode::read_array_len(reader).map_err(|_| required(&Type::Dynamic))?;
    if pair != 2 {
        return Err(ShapeError::new("a dynamic value is a pair of type and value"));
    }
    let mut as_text = *reader;
    let ty = match decode::read_bin_len(reader) {
        Ok(length) => take(reader, length as usize)?.to_vec(),
        Err(_) => {
            let text = read_text(&mut as_text)?.into_bytes();
            *reader = as_text;
            text
        }
    };
    let ty = serde_json::from_slice(&ty)
        .ok()
        .and_then(|json| Type::from_json(&json))
        .ok_or_else(|| ShapeError::new("a dynamic value has a type that does not exist"))?;
    let value = read_value(reader, &ty, depth + 1)?;
    Ok(Value::Dynamic(Box::new((ty, value))))
}

fn read_unknown(reader: &mut Reader<'_>) -> Result<Refinement, ShapeError> {
    let extension = decode::read_ext_meta(reader).map_err(broken)?;
    let body = take(reader, extension.size as usize)?;
    if extension.typeid == REFINED { Ok(read_refinement(body)) } else { Ok(Refinement::default()) }
}

/// Refinements only make an unknown more precise, so what cannot be read of them is left out.
fn read_refinement(body: &[u8]) -> Refinement {
    let mut refinement = Refinement::default();
    let mut reader = body;
    let entries = decode::read_map_len(&mut reader).unwrap_or(0);
    for _ in 0..entries {
        match decode::read_int::<i64, _>(&mut reader) {
            Ok(1) => match decode::read_bool(&mut reader) {
                Ok(null) => refinement.not_null = !null,
                Err(_) => break,
            },
            Ok(2) => match read_text(&mut reader) {
                Ok(prefix) => refinement.prefix = Some(prefix),
                Err(_) => break,
            },
            // Bounds and lengths come after these keys and no provider decision hangs on them.
            _ => break,
        }
    }
    refinement
}

/// Writes one value of the given type.
///
/// # Errors
/// When the value does not have the type's shape: such a value would make Terraform drop the whole answer.
pub fn write(value: &Value, ty: &Type) -> Result<Vec<u8>, ShapeError> {
    let mut bytes = Vec::with_capacity(256);
    write_value(&mut bytes, value, ty)?;
    Ok(bytes)
}

fn write_value(out: &mut Vec<u8>, value: &Value, ty: &Type) -> Result<(), ShapeError> {
    match (value, ty) {
        (Value::Null, _) => encode::write_nil(out).map_err(broken),
        (Value::Unknown(refinement), _) => write_unknown(out, refinement),
        (Value::Dynamic(inner), Type::Dynamic) => {
            encode::write_array_len(out, 2).map_err(broken)?;
            encode::write_bin(out, inner.0.to_json().to_string().as_bytes()).map_err(broken)?;
            write_value(out, &inner.1, &inner.0)
        }
        (Value::Bool(value), Type::Bool) => encode::write_bool(out, *value).map_err(broken),
        // Text is read by Terraform as it reads its state file, binary numbers are not: Terraform 1.11 takes the two for
        // different and says with -detailed-exitcode that something was changed where nothing was.
        (Value::Number(Number::Int(value)), Type::Number) => {
            encode::write_str(out, &value.to_string()).map_err(broken)
        }
        (Value::Number(Number::Decimal(text)), Type::Number) | (Value::String(text), Type::String) => {
            encode::write_str(out, text).map_err(broken)
        }
        (Value::List(items), Type::List(element) | Type::Set(element)) => {
            write_list(out, items.iter().map(|item| (item, &**element)))
        }
        (Value::List(items), Type::Tuple(elements)) if items.len() == elements.len() => {
            write_list(out, items.iter().zip(elements))
        }
        (Value::Map(entries), Type::Map(element)) => {
            write_length(out, entries.len())?;
            for (key, value) in entries {
                encode::write_str(out, key).map_err(broken)?;
                write_value(out, value, element).map_err(|error| error.within(Step::Key(key.clone())))?;
            }
            Ok(())
        }
        (Value::Map(entries), Type::Object(attributes)) => write_object(out, entries, attributes),
        _ => Err(required(ty)),
    }
}

fn write_list<'v>(
    out: &mut Vec<u8>,
    items: impl ExactSizeIterator<Item = (&'v Value, &'v Type)>,
) -> Result<(), ShapeError> {
    let length = u32::try_from(items.len()).map_err(broken)?;
    encode::write_array_len(out, length).map_err(broken)?;
    for (index, (item, ty)) in items.enumerate() {
        write_value(out, item, ty)
            .map_err(|error| error.within(Step::Index(i64::try_from(index).unwrap_or(i64::MAX))))?;
    }
    Ok(())
}

fn write_object(
    out: &mut Vec<u8>,
    entries: &Object,
    attributes: &BTreeMap<String, Type>,
) -> Result<(), ShapeError> {
    if let Some(extra) = entries.keys().find(|name| !attributes.contains_key(*name)) {
        return Err(ShapeError::new("unsupported attribute").within(Step::Attribute(extra.clone())));
    }
    // Every attribute is a key on the wire, set or not: Terraform rejects an object that lacks one.
    write_length(out, attributes.len())?;
    for (name, ty) in attributes {
        encode::write_str(out, name).map_err(broken)?;
        write_value(out, entries.get(name).unwrap_or(&Value::Null), ty)
            .map_err(|error| error.within(Step::Attribute(name.clone())))?;
    }
    Ok(())
}

fn write_length(out: &mut Vec<u8>, length: usize) -> Result<(), ShapeError> {
    encode::write_map_len(out, u32::try_from(length).map_err(broken)?).map(|_| ()).map_err(broken)
}

fn write_unknown(out: &mut Vec<u8>, refinement: &Refinement) -> Result<(), ShapeError> {
    let entries = u32::from(refinement.not_null) + u32::from(refinement.prefix.is_some());
    if entries == 0 {
        out.extend_from_slice(&[0xd4, 0, 0]);
        return Ok(());
    }
    let mut body = Vec::new();
    encode::write_map_len(&mut body, entries).map_err(broken)?;
    if refinement.not_null {
        encode::write_uint(&mut body, 1).map_err(broken)?;
        encode::write_bool(&mut body, false).map_err(broken)?;
    }
    if let Some(prefix) = &refinement.prefix {
        encode::write_uint(&mut body, 2).map_err(broken)?;
        encode::write_str(&mut body, prefix).map_err(broken)?;
    }
    encode::write_ext_meta(out, u32::try_from(body.len()).map_err(broken)?, REFINED).map_err(broken)?;
    out.extend_from_slice(&body);
    Ok(())
}

#[cfg(test)]
#[path = "msgpack_tests.rs"]
mod tests;
