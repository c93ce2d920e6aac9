//! Which fields an index makes searchable or readable for SQL, and the value that a log has for one.

use serde_json::Value;

use super::super::state::Log;

/// Separators where an index names none (SLS developer guide, "Index types").
const SEPARATORS: &str = ", '\";=()[]{}?@&<>/:\n\t\r";

/// How values of a field are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// By words.
    Text,
    /// As numbers.
    Number,
}

/// A searchable field.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Field {
    /// The field of the log that holds it.
    pub(super) holder: String,
    /// The way to a leaf of the JSON in it; empty for the field itself.
    pub(super) path: Vec<String>,
    /// How it is compared.
    pub(super) kind: Kind,
    /// How its text is cut into words.
    pub(super) words: Words,
    /// Whether SQL can read it.
    pub(super) analytics: bool,
}

/// How a text is cut into words and compared.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Words {
    separators: Vec<char>,
    case_sensitive: bool,
}

impl Words {
    /// As a part of an index says it.
    pub(super) fn of(part: &Value) -> Words {
        let tokens = part.get("token").and_then(Value::as_array);
        let separators = match tokens {
            Some(tokens) => tokens.iter().filter_map(Value::as_str).flat_map(str::chars).collect(),
            None => SEPARATORS.chars().collect(),
        };
        let case_sensitive = part.get("caseSensitive").and_then(Value::as_bool).unwrap_or(false);
        Words { separators, case_sensitive }
    }

    /// The words of a text, made equal in case where that does not matter.
    pub(super) fn cut(&self, text: &str) -> Vec<String> {
        self.cut_at(text, |letter| self.separators.contains(&letter))
    }

    /// The words of a text in which `*` and `?` are wildcards, so that they do not separate.
    pub(super) fn cut_pattern(&self, text: &str) -> Vec<String> {
        self.cut_at(text, |letter| !matches!(letter, '*' | '?') && self.separators.contains(&letter))
    }

    fn cut_at(&self, text: &str, separates: impl Fn(char) -> bool) -> Vec<String> {
        let text = if self.case_sensitive { text.to_owned() } else { text.to_lowercase() };
        if self.separators.is_empty() {
            return vec![text];
        }
        let words = text.split(separates);
        words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
    }
}

impl Field {
    /// The value that a log has for the field, if any. Only leaves of JSON count, and no arrays.
    pub(super) fn value(&self, log: &Log) -> Option<String> {
        if self.holder == "__time__" {
            return Some(log.time.to_string());
        }
        let text = log.fields.get(&self.holder)?;
        if self.path.is_empty() {
            return Some(text.clone());
        }
        let json: Value = serde_json::from_str(text).ok()?;
        let leaf = self.path.iter().try_fold(&json, |value, name| value.get(name))?;
        match leaf {
            Value::String(text) => Some(text.clone()),
            Value::Number(_) | Value::Bool(_) => Some(leaf.to_string()),
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        }
    }
}

/// The field that a name means under an index: a key, an alias, a leaf below a JSON key, or a reserved field.
pub(super) fn find(index: &Value, name: &str) -> Option<Field> {
    let plain = |kind, part: &Value| Field {
        holder: name.to_owned(),
        path: Vec::new(),
        kind,
        words: Words::of(part),
        analytics: part.get("doc_value").and_then(Value::as_bool).unwrap_or(false),
    };
    let keys = index.get("keys").and_then(Value::as_object);
    if let Some(part) = keys.and_then(|keys| keys.get(name)) {
        return Some(plain(kind(part), part));
    }
    match name {
        "__topic__" | "__source__" => {
            return Some(Field { analytics: true, ..plain(Kind::Text, &Value::Null) });
        }
        "source" => {
            return find(index, "__source__").map(|field| Field { holder: "__source__".to_owned(), ..field });
        }
        "__time__" => return Some(Field { analytics: true, ..plain(Kind::Number, &Value::Null) }),
        _ if name.starts_with("__tag__:") => return Some(plain(Kind::Text, &Value::Null)),
        _ => {}
    }
    let keys = keys?;
    let alias = |part: &Value| part.get("alias").and_then(Value::as_str) == Some(name);
    if let Some((holder, _)) = keys.iter().find(|(_, part)| alias(part)) {
        return find(index, holder);
    }
    // `event.userIdentity.type` is the leaf `userIdentity.type` below the JSON key `event`.
    name.match_indices('.').find_map(|(at, _)| {
        let (holder, leaf) = (&name[..at], &name[at + 1..]);
        let part =
            keys.get(holder).filter(|part| part.get("type").and_then(Value::as_str) == Some("json"))?;
        let entry = part.get("json_keys").and_then(|leaves| leaves.get(leaf));
        let all = part.get("index_all").and_then(Value::as_bool).unwrap_or(false);
        if entry.is_none() && !all {
            return None;
        }
        let readable = |part: &Value| part.get("doc_value").and_then(Value::as_bool);
        Some(Field {
            holder: holder.to_owned(),
            path: leaf.split('.').map(str::to_owned).collect(),
            kind: entry.map_or(Kind::Text, kind),
            words: Words::of(part),
            analytics: entry.and_then(readable).or(readable(part)).unwrap_or(false),
        })
    })
}

fn kind(part: &Value) -> Kind {
    match part.get("type").and_then(Value::as_str) {
        Some("long" | "double") => Kind::Number,
        _ => Kind::Text,
    }
}
