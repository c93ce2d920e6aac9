//! What is sent for an index, and what is seen of one.

use serde_json::{Value, json};

use super::*;

fn index(document: Value) -> Index {
    serde_json::from_value(document).unwrap()
}

fn value(index: &Index) -> Value {
    serde_json::to_value(index).unwrap()
}

fn field(kind: &str) -> IndexKey {
    seen_key(&IndexKey { kind: kind.into(), index_all: Some(true), ..IndexKey::default() }, None, true)
}

fn naming(fields: &[(&str, IndexKey)]) -> Settings {
    let keys = fields.iter().map(|(name, field)| ((*name).to_owned(), field.clone())).collect();
    Settings { project: "events".into(), logstore: "audit".into(), keys, ..Settings::default() }
}

/// What another tool put there: a field, full text, and settings that are not managed here.
fn theirs() -> Value {
    json!({
        "line": {"token": [","], "caseSensitive": true, "chn": false, "include_keys": ["a"]},
        "keys": {
            "theirs": {"type": "long", "alias": "", "doc_value": true},
            "both": {"type": "text", "alias": "", "doc_value": false, "token": [","], "caseSensitive": false, "chn": false,
                "embedding": "x"},
            "event": {"type": "json", "doc_value": true, "json_keys": {"a.b": {"type": "text", "more": 1}}},
        },
        "max_text_len": 16384, "log_reduce": true, "scan_index": true,
        "index_mode": "v2", "storage": "pg", "ttl": 30, "lastModifyTime": 1,
    })
}

#[test]
fn what_is_not_managed_is_kept() {
    let wanted = naming(&[("both", field("text")), ("ours", field("text"))]);
    let sent = document(&wanted, &Settings::default(), Some(&index(theirs())));
    let document = value(&sent);
    assert_eq!(document["line"], theirs()["line"]);
    assert_eq!(document["keys"]["theirs"], theirs()["keys"]["theirs"]);
    assert_eq!(
        (&document["keys"]["both"]["embedding"], &document["keys"]["both"]["doc_value"]),
        (&json!("x"), &json!(true))
    );
    assert_eq!((&document["max_text_len"], &document["scan_index"]), (&json!(16384), &json!(true)));
    for added in ADDED {
        assert!(document.get(added).is_none(), "{added} is the service's");
    }
    let seen = seen(&wanted, &sent, false);
    assert_eq!((seen.keys, seen.line), (wanted.keys, None), "and not looked at");
}

#[test]
fn leaves_that_nobody_named_are_kept_and_those_that_were_named_go() {
    let wanted = naming(&[("event", field("json"))]);
    let existing = index(theirs());
    let kept = document(&wanted, &wanted, Some(&existing));
    assert_eq!(value(&kept)["keys"]["event"]["json_keys"], theirs()["keys"]["event"]["json_keys"]);
    assert_eq!(seen(&wanted, &kept, false).keys, wanted.keys, "and not looked at");

    let mut named = wanted.clone();
    let leaves = BTreeMap::from([(
        "a.b".to_owned(),
        seen_leaf(&IndexKey { kind: "text".into(), ..IndexKey::default() }),
    )]);
    named.keys.get_mut("event").unwrap().json_keys = Some(leaves);
    let owned = document(&named, &wanted, Some(&existing));
    assert_eq!(value(&owned)["keys"]["event"]["json_keys"]["a.b"]["more"], 1, "what is in a leaf stays");
    assert_eq!(seen(&named, &owned, false).keys, named.keys);
    let gone = document(&wanted, &named, Some(&existing));
    assert_eq!(value(&gone)["keys"]["event"].get("json_keys"), None);
    let exclusive = Settings { is_exclusive: true, ..wanted.clone() };
    assert_eq!(
        value(&document(&exclusive, &wanted, Some(&existing)))["keys"]["event"].get("json_keys"),
        None
    );
}

#[test]
fn separators_that_are_left_to_the_service_are_no_difference() {
    let usual = || separators().into_iter().rev().filter(|one| one != "\r").collect::<Vec<_>>();
    let wanted = Settings {
        line: Some(IndexLine {
            case_sensitive: Some(false),
            chn: Some(false),
            token: Some(separators()),
            ..IndexLine::default()
        }),
        ..naming(&[("l", field("long")), ("t", field("text"))])
    };
    let mut stored = value(&document(&wanted, &Settings::default(), None));
    for token in ["/line/token", "/keys/t/token"] {
        *stored.pointer_mut(token).unwrap() = json!(usual());
    }
    for token in [json!(usual()), json!([])] {
        stored["keys"]["l"]["token"] = token;
        stored["keys"]["l"]["caseSensitive"] = json!(false);
        stored["max_text_len"] = json!(0);
        let seen = seen(&wanted, &index(stored.clone()), false);
        assert_eq!((&seen.line, &seen.keys), (&wanted.line, &wanted.keys));
        assert_eq!(seen.max_text_len, Some(LONGEST_TEXT));
    }
    // What somebody named is told apart by its order, and other ones differ.
    let named = |token: &[&str]| IndexKey {
        token: Some(token.iter().map(|one| (*one).to_owned()).collect()),
        ..field("long")
    };
    let stated = Settings { line: None, ..naming(&[("l", named(&["tt", "a"]))]) };
    let mut stored = value(&document(&stated, &Settings::default(), None));
    assert_eq!(seen(&stated, &index(stored.clone()), false).keys, stated.keys);
    stored["keys"]["l"]["token"] = json!(["a", "tt"]);
    assert_ne!(seen(&stated, &index(stored.clone()), false).keys, stated.keys);
    assert_ne!(seen(&wanted, &index(stored), false).keys["l"], wanted.keys["l"]);
    assert!(is_usual(&usual()) && !is_usual(&[]) && !is_usual(&["tt".to_owned()]));
}

#[test]
fn exclusive_takes_out_the_rest() {
    let wanted = Settings { is_exclusive: true, ..naming(&[("ours", field("text"))]) };
    let seen = seen(&wanted, &index(theirs()), true);
    assert!(seen.line.is_some() && seen.keys.contains_key("theirs"));
    let document = value(&document(&wanted, &seen, Some(&index(theirs()))));
    assert_eq!(document.as_object().unwrap().keys().collect::<Vec<_>>(), ["keys"]);
    assert_eq!(document["keys"].as_object().unwrap().keys().collect::<Vec<_>>(), ["ours"]);
}

#[test]
fn what_was_managed_and_is_no_longer_named_goes() {
    let before = Settings {
        line: Some(IndexLine { case_sensitive: Some(true), ..IndexLine::default() }),
        ..naming(&[("theirs", field("long")), ("both", field("text"))])
    };
    let document = value(&document(&naming(&[("both", field("text"))]), &before, Some(&index(theirs()))));
    assert!(document.get("line").is_none() && document["keys"].get("theirs").is_none(), "{document}");
}

#[test]
fn the_defaults_of_the_service_are_no_difference() {
    let leaves = BTreeMap::from([(
        "a.b".to_owned(),
        seen_leaf(&IndexKey { kind: "text".into(), ..IndexKey::default() }),
    )]);
    let wanted = naming(&[
        ("j", IndexKey { json_keys: Some(leaves), ..field("json") }),
        ("l", field("long")),
        ("t", IndexKey { token: Some(vec![",".into(), ";".into()]), ..field("text") }),
    ]);
    let mut stored = value(&document(&wanted, &Settings::default(), None));
    assert_eq!(stored["keys"]["l"].get("token"), None, "numbers are not cut into words");
    for name in ["alias", "caseSensitive", "chn"] {
        stored["keys"]["j"]["json_keys"]["a.b"][name] =
            if name == "alias" { json!("") } else { json!(false) };
    }
    stored["lastModifyTime"] = json!(7);
    let stored = index(stored);
    assert_eq!(seen(&wanted, &stored, false).keys, wanted.keys);
    let imported = Settings { keys: BTreeMap::new(), ..wanted.clone() };
    assert_eq!(seen(&imported, &stored, true).keys, wanted.keys, "imported, everything is managed");
}
