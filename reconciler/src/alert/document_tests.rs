//! What of an existing document goes along with an update, and what does not.

use super::*;

fn wanted() -> Rule {
    let document = json!({
        "name": "root-login",
        "displayName": "Root login",
        "schedule": { "type": "FixedRate", "interval": "15m" },
        "configuration": {
            "queryList": [query("a"), query("b")],
            "severityConfigurations": [{ "severity": 8, "evalCondition": { "condition": "cnt > 0" } }],
            "labels": [{ "key": "env", "value": "prod" }, { "key": "team", "value": "audit" }],
            "annotations": [{ "key": "title", "value": "one" }],
            "groupConfiguration": { "type": "custom", "fields": ["user"] },
            "conditionConfiguration": { "condition": "cnt > 0" },
            "policyConfiguration": { "actionPolicyId": "audit", "repeatInterval": "4h" },
            "templateConfiguration": {
                "id": "sls.one", "tokens": { "limit": "1", "store": "s" }, "annotations": { "title": "x" }
            },
            "sinkEventStore": { "enabled": true, "eventStore": "events", "project": "p", "endpoint": "e" },
            "tags": ["cis"],
        }
    });
    Rule::read(document)
}

fn query(text: &str) -> Value {
    json!({ "store": "events", "query": text, "start": "-15m", "project": "p", "region": "r" })
}

/// The document of a rule, to be sent.
fn sent(rule: &Rule) -> Value {
    serde_json::to_value(rule).unwrap()
}

/// What an update sends that is to make `change` of the rule above, when `existing` is there.
fn update(existing: Value, change: impl FnOnce(&mut Configuration)) -> Value {
    let mut rule = wanted();
    change(&mut rule.configuration);
    sent(&rule.complete().update_of(Rule::read(existing)))
}

#[test]
fn a_document_that_is_sent_reads_as_it_was() {
    let rule = wanted();
    assert_eq!(Rule::read(sent(&rule)), rule);
    assert_eq!(sent(&rule)["configuration"]["templateConfiguration"]["aonotations"]["title"], "x");
    let plain = Rule::default().complete();
    let document = sent(&plain);
    assert_eq!(Rule::read(document.clone()), plain);
    let configuration = &document["configuration"];
    assert_eq!((&configuration["version"], &configuration["type"]), (&json!("2.0"), &json!("default")));
    assert_eq!(configuration["sinkEventStore"], json!({ "enabled": false }));
    for absent in ["templateConfiguration", "conditionConfiguration"] {
        assert!(configuration.get(absent).is_none(), "{absent}");
    }
}

#[test]
fn answers_may_leave_out_what_is_empty_spell_it_as_null_and_list_in_another_order() {
    let mut document = sent(&wanted());
    document["description"] = Value::Null;
    document["schedule"].as_object_mut().unwrap().remove("delay");
    let configuration = document["configuration"].as_object_mut().unwrap();
    configuration.insert("threshold".to_owned(), Value::Null);
    configuration.insert("muteUntil".to_owned(), json!({ "new": "shape" }));
    configuration.retain(|_, value| !value.as_array().is_some_and(Vec::is_empty));
    configuration["labels"].as_array_mut().unwrap().reverse();
    configuration["queryList"][0].as_object_mut().unwrap().remove("roleArn");
    assert_eq!(Rule::read(document), wanted());
    for empty in ["templateConfiguration", "conditionConfiguration", "sinkEventStore"] {
        let mut document = sent(&Rule::default().complete());
        document["configuration"][empty] = json!({});
        assert_eq!(Rule::read(document), Rule::default().complete(), "{empty}");
    }
}

#[test]
fn both_spellings_of_the_templates_annotations_are_read() {
    for name in ["annotations", "aonotations"] {
        let template = json!({ "id": "sls.one", name: { "title": "x" }, "tokens": { "limit": 5 } });
        let rule = Rule::read(json!({ "configuration": { "templateConfiguration": template } }));
        let template = rule.configuration.template_configuration.unwrap();
        assert_eq!(
            (&template.annotations.0["title"], &template.aonotations.0["title"]),
            (&"x".into(), &"x".into())
        );
        assert_eq!(template.tokens.0["limit"], "5");
    }
}

type Change = fn(&mut Configuration);

#[test]
fn what_is_left_out_is_not_sent() {
    let left_out: [(&str, Change); 14] = [
        ("labels", |it| it.labels.0.clear()),
        ("labels", |it| drop(it.labels.0.remove("env"))),
        ("annotations", |it| it.annotations = BTreeMap::from([("desc".to_owned(), "two".to_owned())]).into()),
        ("groupConfiguration", |it| it.group_configuration = Group::default()),
        ("conditionConfiguration", |it| it.condition_configuration = None),
        ("policyConfiguration", |it| it.policy_configuration.action_policy_id.clear()),
        ("policyConfiguration", |it| it.policy_configuration = Policy::default()),
        ("templateConfiguration", |it| it.template_configuration = None),
        ("templateConfiguration", |it| {
            it.template_configuration.iter_mut().for_each(|template| drop(template.tokens.0.remove("limit")));
        }),
        ("templateConfiguration", |it| {
            if let Some(template) = &mut it.template_configuration {
                template.annotations.0.clear();
                template.aonotations.0.clear();
            }
        }),
        ("sinkEventStore", |it| it.sink_event_store = None),
        ("sinkEventStore", |it| it.sink_event_store.iter_mut().for_each(|store| store.endpoint.clear())),
        ("queryList", |it| drop(it.query_list.pop())),
        ("tags", |it| it.tags.clear()),
    ];
    for (member, change) in left_out {
        let mut without = wanted();
        change(&mut without.configuration);
        without.name.clear();
        let update = update(sent(&wanted()), change);
        assert_ne!(update["configuration"][member], sent(&wanted())["configuration"][member], "{member}");
        assert_eq!(update, sent(&without.complete()), "{member}");
    }
}

#[test]
fn what_is_not_known_here_goes_along_with_the_part_it_belongs_to() {
    let mut existing = sent(&wanted());
    existing["owner"] = json!("console");
    existing["schedule"]["jitter"] = json!(5);
    let configuration = &mut existing["configuration"];
    configuration["internalVersion"] = json!(1);
    configuration["sinkAlerthub"]["queue"] = json!("q");
    configuration["queryList"][0]["chartTitle"] = json!("of a");
    configuration["queryList"][1]["chartTitle"] = json!("of b");
    configuration["labels"][0]["color"] = json!("red");
    configuration["templateConfiguration"]["offered"] = json!("by the console");
    configuration["sinkEventStore"]["kind"] = json!("k");
    let kept = update(existing.clone(), |_| ());
    assert_eq!((&kept["owner"], &kept["schedule"]["jitter"]), (&json!("console"), &json!(5)));
    let titles = |document: &Value| {
        let queries = document["configuration"]["queryList"].as_array().unwrap();
        queries
            .iter()
            .map(|query| query["chartTitle"].as_str().unwrap_or("none").to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(titles(&kept), ["of a", "of b"]);
    let kept = &kept["configuration"];
    assert_eq!(kept["internalVersion"], 1);
    assert_eq!(kept["sinkAlerthub"]["queue"], "q");
    assert_eq!(kept["labels"][0], json!({ "key": "env", "value": "prod", "color": "red" }));
    assert_eq!(kept["templateConfiguration"]["offered"], "by the console");

    assert_eq!(titles(&update(existing.clone(), |it| drop(it.query_list.remove(0)))), ["of b"]);
    assert_eq!(titles(&update(existing.clone(), |it| it.query_list.swap(0, 1))), ["of b", "of a"]);
    let changed = |it: &mut Configuration| it.query_list[0].query = "c".to_owned();
    assert_eq!(
        titles(&update(existing.clone(), changed)),
        ["of a", "of b"],
        "it was changed where it stands"
    );
    let inserted = |it: &mut Configuration| {
        let new = Query { query: "new".to_owned(), ..it.query_list[0].clone() };
        it.query_list.insert(0, new);
    };
    assert_eq!(titles(&update(existing.clone(), inserted)), ["none", "of a", "of b"]);

    let gone = update(existing, |it| {
        it.sink_event_store = None;
        it.labels = BTreeMap::from([("other".to_owned(), "label".to_owned())]).into();
        it.template_configuration.iter_mut().for_each(|template| template.id = "sls.two".to_owned());
    });
    let gone = &gone["configuration"];
    assert_eq!(gone["sinkEventStore"], json!({ "enabled": false }));
    assert_eq!(gone["labels"], json!([{ "key": "other", "value": "label" }]));
    assert!(gone["templateConfiguration"].get("offered").is_none(), "it is another template");
}

#[test]
fn what_only_answers_have_is_not_sent_back() {
    let mut existing = sent(&wanted());
    for member in ONLY_ANSWERED {
        existing[member] = json!("x");
    }
    let update = update(existing, |_| ());
    for member in ONLY_ANSWERED.iter().chain(&["name"]) {
        assert!(update.get(*member).is_none(), "{member}");
    }
    assert_eq!(update["configuration"]["type"], "tpl");
}
