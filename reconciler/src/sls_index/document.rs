//! Between the settings of an index and the service's document of it.
//!
//! An update replaces the document, and the service fills in defaults: what is sent starts from what is there and changes
//! what is managed, and what is looked at is what is managed only. What was managed and no longer is goes.

use std::collections::BTreeMap;

use alibaba::sls::{Index, IndexKey, IndexLine};

use super::Settings;

/// What the service adds on reading and does not take.
const ADDED: [&str; 4] = ["index_mode", "storage", "ttl", "lastModifyTime"];

/// The longest text that the service analyses unless told otherwise, in bytes. It answers nothing or 0 then.
pub const LONGEST_TEXT: i64 = 2048;

/// The separators of an index for which none are named: those that the console proposes.
const SEPARATORS: &str = ", '\";=()[]{}?@&<>/:\n\t\r";

/// The default separators as the service takes them, one text each.
#[must_use]
pub fn separators() -> Vec<String> {
    SEPARATORS.chars().map(String::from).collect()
}

/// Whether separators are the usual ones: in whichever order, and with or without the carriage return, which the console of
/// some regions leaves out.
#[must_use]
pub fn is_usual(separators: &[String]) -> bool {
    let is_one = |c: char, of: &[String]| of.iter().any(|one| one.chars().eq([c]));
    let all_usual = separators.iter().all(|one| {
        let mut characters = one.chars();
        matches!((characters.next(), characters.next()), (Some(c), None) if SEPARATORS.contains(c))
    });
    all_usual && SEPARATORS.chars().all(|c| c == '\r' || is_one(c, separators))
}

/// The separators of something that is wanted with those of `wanted`. What leaves them to the defaults has the usual ones,
/// however the service writes them.
fn tokens(seen: Option<&Vec<String>>, wanted: Option<&Vec<String>>) -> Vec<String> {
    let usual = separators();
    match seen {
        Some(seen) if wanted.is_none_or(|wanted| *wanted == usual) && is_usual(seen) => usual,
        Some(seen) => seen.clone(),
        None => usual,
    }
}

/// A document without what only the service adds.
pub(super) fn as_sent(mut index: Index) -> Index {
    index.others.retain(|name, _| !ADDED.contains(&name.as_str()));
    index
}

/// The document that brings an index from `existing` to what is wanted. What `before` has, as far as it was managed, and
/// `wanted` has not is taken out.
pub(super) fn document(wanted: &Settings, before: &Settings, existing: Option<&Index>) -> Index {
    let existing = existing.filter(|_| !wanted.is_exclusive);
    let mut index = as_sent(existing.cloned().unwrap_or_default());
    match &wanted.line {
        Some(line) => {
            let others = index.line.take().map(|existing| existing.others).unwrap_or_default();
            index.line = Some(IndexLine { others, ..line.clone() });
        }
        None if before.line.is_some() => index.line = None,
        None => {}
    }
    let mut keys = index.keys.take().unwrap_or_default();
    keys.retain(|name, _| wanted.keys.contains_key(name) || !before.keys.contains_key(name));
    for (name, key) in &wanted.keys {
        let key = over(key, before.keys.get(name), keys.remove(name));
        keys.insert(name.clone(), key);
    }
    index.keys = Some(keys).filter(|keys| !keys.is_empty());
    // The length that the service takes anyway is not written where none was set.
    let is_usual = index.max_text_len.is_none() && wanted.max_text_len == Some(LONGEST_TEXT);
    index.max_text_len = wanted.max_text_len.filter(|_| !is_usual).or(index.max_text_len);
    index.log_reduce = wanted.log_reduce.or(index.log_reduce);
    index
}

/// A field or leaf in the place of an existing one; of the same type, it keeps what is not managed, such as an embedding,
/// or leaves that nobody named.
fn over(key: &IndexKey, before: Option<&IndexKey>, existing: Option<IndexKey>) -> IndexKey {
    let Some(existing) = existing.filter(|existing| existing.kind == key.kind) else { return key.clone() };
    let owned = before.is_some_and(|before| before.json_keys.is_some());
    let mut leaves = existing.json_keys;
    let json_keys = match &key.json_keys {
        None => leaves.filter(|_| !owned),
        Some(wanted) => {
            let mut take = |path| leaves.as_mut().and_then(|leaves| leaves.remove(path));
            Some(wanted.iter().map(|(path, leaf)| (path.clone(), over(leaf, None, take(path)))).collect())
        }
    };
    IndexKey { json_keys, others: existing.others, ..key.clone() }
}

/// The settings that a document says, as far as they are managed by `wanted`: `all` of them, or those that it names.
pub(super) fn seen(wanted: &Settings, index: &Index, all: bool) -> Settings {
    let is_something = |line: &&IndexLine| **line != IndexLine::default();
    let line = index.line.as_ref().filter(is_something).filter(|_| all || wanted.line.is_some());
    let managed = |name: &String| all || wanted.keys.contains_key(name);
    let keys = index.keys.iter().flatten().filter(|(name, _)| managed(name));
    let keys = keys.map(|(name, key)| (name.clone(), seen_key(key, wanted.keys.get(name), all)));
    Settings {
        line: line.map(|line| IndexLine {
            case_sensitive: Some(line.case_sensitive.unwrap_or(false)),
            chn: Some(line.chn.unwrap_or(false)),
            token: Some(tokens(
                line.token.as_ref(),
                wanted.line.as_ref().and_then(|line| line.token.as_ref()),
            )),
            ..IndexLine::default()
        }),
        keys: keys.collect(),
        max_text_len: Some(index.max_text_len.filter(|length| *length > 0).unwrap_or(LONGEST_TEXT)),
        log_reduce: Some(index.log_reduce.unwrap_or(false)),
        described: Some(index.clone()),
        ..wanted.clone()
    }
}

fn seen_key(key: &IndexKey, wanted: Option<&IndexKey>, all: bool) -> IndexKey {
    let (is_json, is_text) = (key.kind == "json", matches!(key.kind.as_str(), "json" | "text"));
    // Leaves that nobody names are not looked at.
    let named = all || wanted.is_none_or(|wanted| wanted.json_keys.is_some());
    let leaves = key.json_keys.iter().flatten().map(|(path, leaf)| (path.clone(), seen_leaf(leaf)));
    let leaves: BTreeMap<_, _> = leaves.collect();
    // What says nothing about a number is nothing; anything else is what somebody wrote.
    let flag = |flag: Option<bool>| {
        if is_text { Some(flag.unwrap_or(false)) } else { flag.filter(|is_set| *is_set) }
    };
    let stated = wanted.and_then(|wanted| wanted.token.as_ref());
    let says_nothing = |seen: &Vec<String>| stated.is_none() && (seen.is_empty() || is_usual(seen));
    let of_number = key.token.as_ref().filter(|seen| !says_nothing(seen)).cloned();
    IndexKey {
        case_sensitive: flag(key.case_sensitive),
        chn: flag(key.chn),
        token: if is_text { Some(tokens(key.token.as_ref(), stated)) } else { of_number },
        index_all: is_json.then(|| key.index_all.unwrap_or(false)),
        max_depth: is_json.then(|| key.max_depth.unwrap_or(-1)),
        json_keys: Some(leaves).filter(|leaves| is_json && named && !leaves.is_empty()),
        ..seen_leaf(key)
    }
}

fn seen_leaf(leaf: &IndexKey) -> IndexKey {
    IndexKey {
        kind: leaf.kind.clone(),
        alias: Some(leaf.alias.clone().unwrap_or_default()),
        doc_value: Some(leaf.doc_value.unwrap_or(true)),
        ..IndexKey::default()
    }
}

#[cfg(test)]
#[path = "document_tests.rs"]
mod tests;
