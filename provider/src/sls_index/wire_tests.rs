use super::*;

fn place() -> Place {
    let keys = alibaba::credentials::Chain::new(alibaba::credentials::Sources::default());
    Place {
        client: alibaba::Client::new(alibaba::Config::new(keys)).unwrap(),
        account: "1000000000000001".to_owned(),
        region: "cn-hangzhou".to_owned(),
    }
}

fn text_field() -> FieldModel {
    FieldModel {
        r#type: "text".into(),
        case_sensitive: false.into(),
        include_chinese: false.into(),
        enable_analytics: true.into(),
        index_all: true.into(),
        max_depth: (-1).into(),
        ..FieldModel::default()
    }
}

fn index(fields: &[(&str, FieldModel)]) -> IndexModel {
    let fields: BTreeMap<_, _> =
        fields.iter().map(|(name, field)| ((*name).to_owned(), field.clone())).collect();
    IndexModel {
        project_name: "events".into(),
        logstore_name: "audit".into(),
        field_search: fields.into(),
        exclusive: false.into(),
        ..IndexModel::default()
    }
}

/// What another tool put there: a field, full text, and settings that are not managed here.
fn theirs() -> Value {
    json!({
        "line": {"token": [","], "caseSensitive": true, "chn": false, "include_keys": ["a"]},
        "keys": {
            "theirs": {"type": "long", "alias": "", "doc_value": true},
            "both": {"type": "text", "alias": "", "doc_value": false, "token": [","], "caseSensitive": false, "chn": false,
                "embedding": "x"},
        },
        "max_text_len": 16384, "log_reduce": true, "scan_index": true,
        "index_mode": "v2", "storage": "pg", "ttl": 30, "lastModifyTime": 1,
    })
}

#[test]
fn what_is_not_managed_is_kept() {
    let wanted = index(&[("both", text_field()), ("ours", text_field())]);
    let document = document(&wanted, None, Some(&theirs()));
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
    let seen = read(&wanted, &document, &place(), false);
    assert_eq!(seen.field_search, wanted.field_search, "and not looked at");
    assert_eq!(seen.full_text, Attr::Null);
}

#[test]
fn exclusive_takes_out_the_rest() {
    let wanted = IndexModel { exclusive: true.into(), ..index(&[("ours", text_field())]) };
    let seen = read(&wanted, &theirs(), &place(), false);
    assert!(seen.full_text.get().is_some() && seen.field_search.get().unwrap().contains_key("theirs"));
    let document = document(&wanted, Some(&seen), Some(&theirs()));
    assert_eq!(document.as_object().unwrap().keys().collect::<Vec<_>>(), ["keys"]);
    assert_eq!(document["keys"].as_object().unwrap().keys().collect::<Vec<_>>(), ["ours"]);
}

#[test]
fn what_was_managed_and_is_no_longer_named_goes() {
    let full_text = FullTextModel { case_sensitive: true.into(), ..FullTextModel::default() };
    let prior = IndexModel {
        full_text: full_text.into(),
        ..index(&[("theirs", text_field()), ("both", text_field())])
    };
    let document = document(&index(&[("both", text_field())]), Some(&prior), Some(&theirs()));
    assert!(document.get("line").is_none() && document["keys"].get("theirs").is_none(), "{document}");
}

#[test]
fn the_defaults_of_the_service_are_no_difference() {
    let leaf = JsonKeyModel { r#type: "text".into(), alias: Attr::Null, doc_value: true.into() };
    let json_field = FieldModel {
        r#type: "json".into(),
        json_keys: BTreeMap::from([("a.b".to_owned(), leaf)]).into(),
        ..text_field()
    };
    let long = FieldModel { r#type: "long".into(), ..text_field() };
    let wanted =
        index(&[("j", json_field), ("l", long), ("t", FieldModel { token: ",;".into(), ..text_field() })]);
    let mut stored = document(&wanted, None, None);
    assert_eq!(stored["keys"]["l"].get("token"), None, "numbers are not cut into words");
    for name in ["alias", "caseSensitive", "chn"] {
        stored["keys"]["j"]["json_keys"]["a.b"][name] =
            if name == "alias" { json!("") } else { json!(false) };
    }
    stored["lastModifyTime"] = json!(7);
    assert_eq!(read(&wanted, &stored, &place(), false).field_search, wanted.field_search);
    let imported = read(&IndexModel { field_search: Attr::Null, ..wanted.clone() }, &stored, &place(), true);
    assert_eq!(imported.field_search, wanted.field_search, "imported, everything is managed");
}
