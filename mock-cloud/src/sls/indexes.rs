//! Indexes: what is searchable in a logstore. Kept as the document that was put, with the defaults that the service
//! fills in.

use serde_json::{Map, Value, json};

use super::error::Error;
use super::request::{Answer, Request, answer, done};
use super::state::Logstore;

/// The index that ActionTrail gives its logstores (SLS developer guide, "ActionTrail"; the exact list of separators is
/// not documented).
pub(super) fn actiontrail(now: i64) -> Value {
    let tokens = json!([
        ",", " ", "'", "\"", ";", "=", "(", ")", "[", "]", "{", "}", "?", "@", "&", "<", ">", "/", ":", "\n",
        "\t", "\r"
    ]);
    let text = json!({ "type": "text", "alias": "", "caseSensitive": false, "chn": false, "doc_value": true, "token": tokens });
    let mut event = text.clone();
    event["type"] = json!("json");
    event["index_all"] = json!(true);
    event["max_depth"] = json!(-1);
    let leaves = [
        "acsRegion",
        "apiVersion",
        "errorCode",
        "errorMessage",
        "eventCategory",
        "eventId",
        "eventName",
        "eventRW",
        "eventSource",
        "eventTime",
        "eventType",
        "eventVersion",
        "recipientAccountId",
        "requestId",
        "resourceName",
        "resourceType",
        "serviceName",
        "sourceIpAddress",
        "userAgent",
        "userIdentity.accessKeyId",
        "userIdentity.accountId",
        "userIdentity.principalId",
        "userIdentity.type",
        "userIdentity.userName",
    ];
    let leaves =
        leaves.map(|leaf| (leaf.to_owned(), json!({ "type": "text", "alias": "", "doc_value": true })));
    event["json_keys"] = Value::Object(leaves.into_iter().collect());
    json!({
        "line": { "token": tokens, "caseSensitive": false, "chn": false },
        "keys": { "event": event, "owner_id": text, "__topic__": text, "__source__": text },
        "log_reduce": false,
        "max_text_len": 16384,
        "lastModifyTime": now,
    })
}

fn invalid(message: impl Into<String>) -> Error {
    Error::bad("IndexInfoInvalid", message)
}

/// Checks an index document and fills in the defaults that come back on read (SLS API reference, CreateIndex).
fn checked(request: &Request<'_>) -> Result<Value, Error> {
    let mut index: Map<String, Value> = request.json()?;
    let line = index.get("line").filter(|line| line.as_object().is_some_and(|line| !line.is_empty()));
    let has_keys = index.get("keys").and_then(Value::as_object).is_some_and(|keys| !keys.is_empty());
    if line.is_none() && !has_keys {
        return Err(invalid("neither line nor keys is configured"));
    }
    if let Some(line) = line {
        check_token(line, "line")?;
        if line.get("include_keys").is_some_and(is_filled) && line.get("exclude_keys").is_some_and(is_filled)
        {
            return Err(invalid("include_keys and exclude_keys cannot both be configured"));
        }
    } else {
        index.remove("line");
    }
    if let Some(keys) = index.get_mut("keys") {
        let keys = keys.as_object_mut().ok_or_else(|| invalid("keys must be an object"))?;
        for (name, key) in keys.iter_mut() {
            check_key(name, key)?;
        }
    }
    // One that is not set is not there on read either (acceptance tests of the vendor's own provider); 0 is not set.
    index.retain(|member, value| member != "max_text_len" || *value != json!(0));
    let length = index.get("max_text_len").map(Value::as_i64);
    if length.is_some_and(|length| length.is_none_or(|length| !(64..=16_384).contains(&length))) {
        return Err(Error::parameter("max_text_len must be between 64 and 16384"));
    }
    index.entry("log_reduce").or_insert(json!(false));
    index.insert("lastModifyTime".to_owned(), json!(request.now()));
    Ok(Value::Object(index))
}

fn is_filled(value: &Value) -> bool {
    value.as_array().is_some_and(|list| !list.is_empty())
}

/// Separators may be letters and whole words, and are kept in their order (acceptance tests of the vendor's own provider).
fn check_token(holder: &Value, name: &str) -> Result<(), Error> {
    let tokens = holder.get("token").and_then(Value::as_array);
    let valid = tokens.is_some_and(|tokens| {
        tokens.iter().all(|token| token.as_str().is_some_and(|token| !token.is_empty()))
    });
    if valid { Ok(()) } else { Err(invalid(format!("{name} must have a token list of texts"))) }
}

fn check_key(name: &str, key: &mut Value) -> Result<(), Error> {
    let fields = key.as_object_mut().ok_or_else(|| invalid(format!("key {name} must be an object")))?;
    let kind = fields.get("type").and_then(Value::as_str).map(str::to_owned);
    let Some(kind) = kind else { return Err(Error::parameter("key config must has type")) };
    match kind.as_str() {
        "long" | "double" => {}
        "text" | "json" => {
            fields.entry("caseSensitive").or_insert(json!(false));
            fields.entry("chn").or_insert(json!(false));
            fields.entry("alias").or_insert(json!(""));
        }
        other => return Err(invalid(format!("key {name} has an unknown type {other}"))),
    }
    // One SDK sends empty collections for members that were not set.
    if kind != "json" && fields.get("json_keys").and_then(Value::as_object).is_some_and(Map::is_empty) {
        fields.remove("json_keys");
    }
    if let Some(leaves) = fields.get("json_keys") {
        let leaves =
            leaves.as_object().ok_or_else(|| invalid(format!("json_keys of {name} must be an object")))?;
        let known = |leaf: &Value| {
            matches!(leaf.get("type").and_then(Value::as_str), Some("text" | "long" | "double"))
        };
        if kind != "json" || !leaves.values().all(known) {
            return Err(invalid(format!("json_keys of {name} are invalid")));
        }
    }
    if matches!(kind.as_str(), "text" | "json") {
        check_token(key, &format!("key {name}"))?;
    }
    Ok(())
}

/// CreateIndex.
pub(super) fn create(request: &mut Request<'_>) -> Answer {
    let index = checked(request)?;
    let store = request.settled_logstore()?;
    if store.index.is_some() {
        return Err(Error::bad("IndexAlreadyExist", "log store index is already created"));
    }
    store.index = Some(index);
    done()
}

/// GetIndex: 400 when there is none, unlike every other missing thing (SLS API reference).
pub(super) fn get(request: &mut Request<'_>) -> Answer {
    let store = request.settled_logstore()?;
    let Some(mut index) = store.index.clone() else {
        return Err(Error::bad("IndexConfigNotExist", "index config doesn't exist"));
    };
    index["index_mode"] = json!("v2");
    index["storage"] = json!("pg");
    index["ttl"] = json!(store.ttl);
    answer(&index)
}

fn existing<'s>(request: &'s mut Request<'_>) -> Result<&'s mut Logstore, Error> {
    let store = request.settled_logstore()?;
    if store.index.is_none() {
        return Err(Error::parameter("log store index is not created"));
    }
    Ok(store)
}

/// UpdateIndex: replaces the whole index.
pub(super) fn update(request: &mut Request<'_>) -> Answer {
    let index = checked(request)?;
    existing(request)?.index = Some(index);
    done()
}

/// DeleteIndex.
pub(super) fn delete(request: &mut Request<'_>) -> Answer {
    existing(request)?.index = None;
    done()
}
