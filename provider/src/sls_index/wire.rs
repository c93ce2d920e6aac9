//! Between the attributes of an index and the service's document of it.
//!
//! An update replaces the document, and the service fills in defaults: writing starts from what is there and changes what
//! is managed, reading looks at what is managed only.

use std::collections::BTreeMap;

use plugin::Attr;
use serde_json::{Map, Value, json};

use super::check::separators;
use super::model::{FieldModel, FullTextModel, IndexModel, JsonKeyModel};
use crate::place::Place;

/// What the service adds on reading and does not take.
const ADDED: [&str; 4] = ["index_mode", "storage", "ttl", "lastModifyTime"];

type Document = Map<String, Value>;

/// The document that brings an index from `existing` to what is wanted. `prior` is what was managed so far: what it has
/// and `wanted` has not is taken out.
pub(super) fn document(wanted: &IndexModel, prior: Option<&IndexModel>, existing: Option<&Value>) -> Value {
    let mut index = match existing {
        Some(Value::Object(existing)) if !wanted.is_exclusive() => existing.clone(),
        _ => Document::new(),
    };
    for added in ADDED {
        index.remove(added);
    }
    match wanted.full_text.get() {
        Some(full_text) => {
            let mut line = take(&mut index, "line");
            line.insert("caseSensitive".to_owned(), json!(truth(&full_text.case_sensitive, false)));
            line.insert("chn".to_owned(), json!(truth(&full_text.include_chinese, false)));
            line.insert("token".to_owned(), tokens(&full_text.token));
            index.insert("line".to_owned(), Value::Object(line));
        }
        None if prior.is_some_and(|prior| prior.full_text.get().is_some()) => drop(index.remove("line")),
        None => {}
    }
    let nothing = BTreeMap::new();
    let fields = wanted.field_search.get().unwrap_or(&nothing);
    let before = prior.and_then(|prior| prior.field_search.get()).unwrap_or(&nothing);
    let mut keys = take(&mut index, "keys");
    keys.retain(|name, _| fields.contains_key(name) || !before.contains_key(name));
    for (name, field) in fields {
        let existing = keys.get(name).and_then(Value::as_object).cloned();
        keys.insert(name.clone(), key(field, existing));
    }
    if !keys.is_empty() {
        index.insert("keys".to_owned(), Value::Object(keys));
    }
    if let Some(length) = wanted.max_text_len.get() {
        index.insert("max_text_len".to_owned(), json!(length));
    }
    if let Some(reduce) = wanted.log_reduce.get() {
        index.insert("log_reduce".to_owned(), json!(reduce));
    }
    Value::Object(index)
}

/// Takes the object at a name out of the document; an empty one if there is none.
fn take(document: &mut Document, name: &str) -> Document {
    match document.remove(name) {
        Some(Value::Object(object)) => object,
        _ => Document::new(),
    }
}

fn truth(value: &Attr<bool>, default: bool) -> bool {
    value.get().copied().unwrap_or(default)
}

fn tokens(token: &Attr<String>) -> Value {
    match token.as_str() {
        Some(token) => json!(token.chars().map(String::from).collect::<Vec<_>>()),
        None => json!(separators()),
    }
}

/// A field; of the same type, it keeps what is not managed here, such as an embedding.
fn key(field: &FieldModel, existing: Option<Document>) -> Value {
    let kind = field.r#type.as_str().unwrap_or_default();
    let same = existing.filter(|existing| existing.get("type").and_then(Value::as_str) == Some(kind));
    let mut key = same.unwrap_or_default();
    let mut set = |name: &str, value: Value| drop(key.insert(name.to_owned(), value));
    set("type", json!(kind));
    set("alias", json!(field.alias.as_str().unwrap_or_default()));
    set("doc_value", json!(truth(&field.enable_analytics, true)));
    if matches!(kind, "text" | "json") {
        set("caseSensitive", json!(truth(&field.case_sensitive, false)));
        set("chn", json!(truth(&field.include_chinese, false)));
        set("token", tokens(&field.token));
    }
    if kind == "json" {
        set("index_all", json!(truth(&field.index_all, true)));
        set("max_depth", json!(field.max_depth.get().copied().unwrap_or(-1)));
        let before = key.remove("json_keys");
        let leaves = field.json_keys.get().into_iter().flatten().map(|(path, leaf)| {
            let existing = before.as_ref().and_then(|before| before.get(path)).and_then(Value::as_object);
            (path.clone(), json_key(leaf, existing.cloned()))
        });
        key.insert("json_keys".to_owned(), Value::Object(leaves.collect()));
    }
    Value::Object(key)
}

fn json_key(leaf: &JsonKeyModel, existing: Option<Document>) -> Value {
    let kind = leaf.r#type.as_str().unwrap_or_default();
    let same = existing.filter(|existing| existing.get("type").and_then(Value::as_str) == Some(kind));
    let mut key = same.unwrap_or_default();
    key.insert("type".to_owned(), json!(kind));
    key.insert("alias".to_owned(), json!(leaf.alias.as_str().unwrap_or_default()));
    key.insert("doc_value".to_owned(), json!(truth(&leaf.doc_value, true)));
    Value::Object(key)
}

/// The model as the service describes the index. `model` is what the state has, and says what is managed; an import
/// manages everything.
pub(super) fn read(model: &IndexModel, index: &Value, place: &Place, everything: bool) -> IndexModel {
    let all = everything || model.is_exclusive();
    let line = index.get("line").filter(|line| line.as_object().is_some_and(|line| !line.is_empty()));
    let before = model.full_text.get();
    let full_text = match line {
        Some(line) if all || before.is_some() => Attr::Known(FullTextModel {
            case_sensitive: flag(line, "caseSensitive", false),
            include_chinese: flag(line, "chn", false),
            token: token(line),
        }),
        _ => Attr::Null,
    };
    let managed = model.field_search.get();
    let keys = index.get("keys").and_then(Value::as_object);
    let fields: BTreeMap<String, FieldModel> = keys
        .into_iter()
        .flatten()
        .filter(|(name, _)| all || managed.is_some_and(|managed| managed.contains_key(*name)))
        .map(|(name, key)| (name.clone(), field(key)))
        .collect();
    let none = fields.is_empty() && managed.is_none();
    IndexModel {
        full_text,
        field_search: if none { Attr::Null } else { fields.into() },
        max_text_len: index.get("max_text_len").and_then(Value::as_i64).unwrap_or(2048).into(),
        log_reduce: flag(index, "log_reduce", false),
        // Imported, it is one's own.
        adopted: model.is_adopted().into(),
        ..model.clone()
    }
    .at(place)
}

fn flag(holder: &Value, name: &str, default: bool) -> Attr<bool> {
    holder.get(name).and_then(Value::as_bool).unwrap_or(default).into()
}

fn text(holder: &Value, name: &str) -> Attr<String> {
    holder.get(name).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned).into()
}

/// Separators as one text; unset where they are the usual ones.
fn token(holder: &Value) -> Attr<String> {
    let Some(list) = holder.get("token").and_then(Value::as_array) else { return Attr::Null };
    let list: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
    if list == separators() { Attr::Null } else { list.concat().into() }
}

fn field(key: &Value) -> FieldModel {
    let kind = text(key, "type");
    let is_json = kind.as_str() == Some("json");
    let leaves = key.get("json_keys").and_then(Value::as_object);
    let leaves: BTreeMap<String, JsonKeyModel> = leaves
        .into_iter()
        .flatten()
        .map(|(path, leaf)| {
            let leaf = JsonKeyModel {
                r#type: text(leaf, "type"),
                alias: text(leaf, "alias"),
                doc_value: flag(leaf, "doc_value", true),
            };
            (path.clone(), leaf)
        })
        .collect();
    FieldModel {
        case_sensitive: flag(key, "caseSensitive", false),
        include_chinese: flag(key, "chn", false),
        token: token(key),
        alias: text(key, "alias"),
        enable_analytics: flag(key, "doc_value", true),
        // Of other types, the defaults, which mean nothing there.
        index_all: if is_json { flag(key, "index_all", false) } else { true.into() },
        max_depth: key.get("max_depth").and_then(Value::as_i64).filter(|_| is_json).unwrap_or(-1).into(),
        json_keys: Some(leaves).filter(|leaves| !leaves.is_empty()).into(),
        r#type: kind,
    }
}

#[cfg(test)]
#[path = "wire_tests.rs"]
mod tests;
