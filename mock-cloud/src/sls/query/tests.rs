//! Searches and statements over a handful of audit events.

use serde_json::{Value, json};

use super::super::indexes;
use super::super::state::Log;
use super::{Filter, Statement, split};

fn event(time: i64, name: &str, service: &str, extra: Value) -> Log {
    let mut event =
        json!({ "eventName": name, "serviceName": service, "userIdentity": { "type": "ram-user" } });
    for (member, value) in extra.as_object().into_iter().flatten() {
        event[member] = value.clone();
    }
    let fields = [
        ("event", event.to_string()),
        ("owner_id", "1234567890123456".into()),
        ("__topic__", "actiontrail_audit_event".into()),
    ];
    Log { time, fields: fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect() }
}

fn events() -> Vec<Log> {
    vec![
        event(1, "CreatePolicy", "Ram", json!({})),
        event(
            2,
            "ConsoleSignin",
            "AasCustomer",
            json!({ "userIdentity": { "type": "root-account" }, "errorCode": "" }),
        ),
        event(3, "DeletePolicy", "Ram", json!({ "errorCode": "NoPermission.Policy", "size": 7 })),
        event(
            4,
            "PutBucketAcl",
            "Oss",
            json!({ "requestParameters": { "list": ["a"] }, "resourceName": "audit-logs/acl x" }),
        ),
    ]
}

fn times(query: &str) -> Result<Vec<i64>, String> {
    let index = indexes::actiontrail(0);
    let filter = Filter::parse(query, &index, false).map_err(|error| error.code().to_owned())?;
    Ok(events().iter().filter(|log| filter.matches(log)).map(|log| log.time).collect())
}

fn rows(query: &str) -> Result<Value, String> {
    let mut index = indexes::actiontrail(0);
    index["keys"]["event"]["json_keys"]["size"] = json!({ "type": "long", "doc_value": true });
    let (search, sql) = split(query);
    let show = |error: super::super::error::Error| format!("{error:?}");
    let filter = Filter::parse(search, &index, true).map_err(show)?;
    let statement = Statement::parse(sql.unwrap(), &index).map_err(show)?;
    let logs = events();
    let logs: Vec<&Log> = logs.iter().filter(|log| filter.matches(log)).collect();
    statement.run(&logs).map(|rows| json!(rows)).map_err(show)
}

#[test]
fn searches() {
    for (query, wanted) in [
        ("", vec![1, 2, 3, 4]),
        ("*", vec![1, 2, 3, 4]),
        ("event.eventName: CreatePolicy", vec![1]),
        ("event.eventName:createpolicy", vec![1]),
        ("\"event.eventName\": \"CreatePolicy\"", vec![1]),
        ("event.eventName: CreatePolicy or event.eventName: DeletePolicy", vec![1, 3]),
        ("event.serviceName: Ram and not event.eventName: DeletePolicy", vec![1]),
        ("event.serviceName: Ram not event.eventName: DeletePolicy", vec![1]),
        (
            "(\"event.serviceName\": \"Ram\" or \"event.serviceName\": \"Oss\") AND (\"event.eventName\": \"CreatePolicy\" or \"event.eventName\": \"PutBucketAcl\")",
            vec![1, 4],
        ),
        ("\"event.userIdentity.type\": \"root-account\"", vec![2]),
        ("event.errorCode: *", vec![2, 3]),
        ("not event.errorCode: *", vec![1, 4]),
        ("event.errorCode: \"\"", vec![2]),
        ("event.errorCode: NoPermission*", vec![3]),
        ("event.errorCode: NoPerm?ssion.Policy", vec![3]),
        ("event.errorCode: \"NoPermission*\"", vec![]),
        ("event.resourceName: acl", vec![4]),
        ("event.resourceName: \"x acl\"", vec![4]),
        ("event.resourceName: #\"acl x\"", vec![4]),
        ("event.resourceName: #\"x acl\"", vec![]),
        ("root-account", vec![2]),
        ("CreatePolicy or PutBucketAcl", vec![1, 4]),
        ("Ram DeletePolicy", vec![3]),
        ("owner_id: 1234567890123456 and __topic__: actiontrail_audit_event", vec![1, 2, 3, 4]),
        ("event.requestParameters.list: *", vec![]),
        ("__time__ >= 3", vec![3, 4]),
        ("__time__ in [2 4)", vec![2, 3]),
        ("__time__ = 3", vec![3]),
        ("a or event.eventName: CreatePolicy and event.serviceName: Oss", vec![4]),
    ] {
        assert_eq!(times(query), Ok(wanted), "{query}");
    }
}

#[test]
fn searches_that_are_refused() {
    let deep = format!("{}a{}", "(".repeat(10_000), ")".repeat(10_000));
    for (query, code) in [
        ("category: x", "ParameterInvalid"),
        ("select count(1)", "ParameterInvalid"),
        ("not #\"a b\"", "ParameterInvalid"),
        ("(a", "InvalidQueryString"),
        ("a)", "InvalidQueryString"),
        ("a or", "InvalidQueryString"),
        ("\"a", "InvalidQueryString"),
        ("event.eventName:", "InvalidQueryString"),
        ("event.eventName: *Policy", "InvalidQueryString"),
        ("?olicy", "InvalidQueryString"),
        (deep.as_str(), "InvalidQueryString"),
    ] {
        assert_eq!(times(query), Err(code.to_owned()), "{}", query.get(..20).unwrap_or(query));
    }
}

#[test]
fn statements() {
    for (query, wanted) in [
        ("event.serviceName: Ram | select count(1) as cnt", json!([{ "cnt": "2" }])),
        ("event.serviceName: Nothing | SELECT COUNT(*) AS cnt FROM log", json!([{ "cnt": "0" }])),
        ("* | select count(1)", json!([{ "_col0": "4" }])),
        ("* | set session parallel_sql=true; select count(1) as c", json!([{ "c": "4" }])),
        (
            "* | select \"event.serviceName\", count(*) as cnt group by \"event.serviceName\" order by cnt desc, \"event.serviceName\"",
            json!([{ "event.serviceName": "Ram", "cnt": "2" }, { "event.serviceName": "AasCustomer", "cnt": "1" }, { "event.serviceName": "Oss", "cnt": "1" }]),
        ),
        (
            "* | select \"event.serviceName\" as s, count(1) as c group by \"event.serviceName\" having c > 1",
            json!([{ "s": "Ram", "c": "2" }]),
        ),
        (
            "* | select approx_distinct(\"event.serviceName\") as d, max(__time__) as m, avg(__time__) as a",
            json!([{ "d": "3", "m": "4", "a": "2.5" }]),
        ),
        ("* | select sum(\"event.size\") as s, count(\"event.size\") as n", json!([{ "s": "7", "n": "1" }])),
        (
            "* | select \"event.eventName\" as e where \"event.errorCode\" is not null order by e limit 1",
            json!([{ "e": "ConsoleSignin" }]),
        ),
        (
            "* | select \"event.eventName\" as e where \"event.eventName\" like '%Policy' and \"event.serviceName\" in ('Ram', 'Oss') limit 1,5",
            json!([{ "e": "DeletePolicy" }]),
        ),
        (
            "* | select count(1) as c where not (\"event.eventName\" = 'CreatePolicy' or \"event.eventName\" <> 'DeletePolicy')",
            json!([{ "c": "1" }]),
        ),
        (
            "nothing-like-it | select \"event.eventName\", count(1) as c group by \"event.eventName\"",
            json!([]),
        ),
        ("\"a|b\" | select count(1) as c", json!([{ "c": "0" }])),
    ] {
        assert_eq!(rows(query), Ok(wanted), "{query}");
    }
}

#[test]
fn statements_that_are_refused() {
    let deep = format!("* | select count(1) where {}1=1{}", "(".repeat(10_000), ")".repeat(10_000));
    for (query, part) in [
        (
            "* | select nothing",
            "line 1:9: Column 'nothing' cannot be resolved;please add the column in the index attribute",
        ),
        ("* | select upper(\"event.eventName\")", "Function upper not registered"),
        ("* | select \"event.eventName\", count(1)", "must be an aggregate expression"),
        ("* | select", "mismatched input"),
        ("* | delete from log", "mismatched input"),
        ("* | select count(1) where count(1) > 1", "WHERE clause cannot contain aggregations"),
        ("* | select count(1) ; drop", "mismatched input ';'"),
        ("* | select 'open", "not closed"),
        ("#\"a b\" | select count(1)", "phrase"),
        (deep.as_str(), "nested too deeply"),
    ] {
        let refusal = rows(query).unwrap_err();
        assert!(refusal.contains(part) && refusal.contains("ParameterInvalid"), "{part}: {refusal}");
    }
}

#[test]
fn many_negations_are_no_danger() {
    let query = format!("* | select count(1) as c where {} 1=1", "not ".repeat(100_000));
    assert_eq!(rows(&query), Ok(json!([{ "c": "4" }])));
}
