//! Writing logs and reading them back, in both forms.

use http::{HeaderValue, Method};
use prost::Message;
use serde_json::{Value, json};
use time::Duration;

use super::super::append;
use super::super::put_logs::{LogGroup, Pair, WireLog};
use super::super::state::Log;
use super::{ACCOUNT, Cloud, PROJECT, Seen};

/// One log as the official encoder writes it, and the same after its compressor.
const PLAIN: &str = "0a4b0880cc93ad0612250a056576656e74121c7b226576656e744e616d65223a22437265617465506f6c696379227d121c0a086f776e65725f69641210313233343536373839303132333435361a17616374696f6e747261696c5f61756469745f6576656e74220b616374696f6e747261696c32060a016b120176";
const LZ4: &str = "f1060a4b0880cc93ad0612250a056576656e74121c7b220900f21e4e616d65223a22437265617465506f6c696379227d121c0a086f776e65725f69641210313233343536373839300a00f1051a17616374696f6e747261696c5f61756469745f4c0027220b19008032060a016b120176";

/// Five bytes, `hello`, as one zstd frame without compression; no log, but it unpacks.
const ZSTD: &str = "28b52ffd200529000068656c6c6f";

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

fn put(cloud: &mut Cloud, target: &str, body: Vec<u8>, headers: &[(&'static str, &str)]) -> Seen {
    let mut call = cloud.call(Method::POST, Some(PROJECT), target);
    call.body = body.into();
    for (name, value) in headers {
        call.headers.insert(*name, HeaderValue::from_str(value).unwrap());
    }
    cloud.send(&call)
}

fn index() -> Value {
    json!({ "keys": { "event": { "type": "json", "token": [" "], "doc_value": true, "index_all": true } } })
}

const QUERY: &str = "from=1705305000&to=1705305900";

#[test]
fn what_official_clients_write_is_read_back() {
    let mut cloud = Cloud::with_logstore();
    cloud.now = time::macros::datetime!(2024-01-15 08:05:00 UTC);
    cloud.put("/logstores/audit", json!({ "appendMeta": true })).ok();
    let lz4 = [("x-log-bodyrawsize", "123"), ("x-log-compresstype", "lz4")];
    put(&mut cloud, "/logstores/audit/shards/lb", bytes(LZ4), &lz4).ok();
    put(&mut cloud, "/logstores/audit", bytes(PLAIN), &[("x-log-bodyrawsize", "123")]).ok();
    put(&mut cloud, "/logstores/audit/shards/route?key=00", bytes(PLAIN), &[("x-log-bodyrawsize", "123")])
        .ok();
    let search = format!("/logstores/audit?type=log&{QUERY}");
    assert_eq!(cloud.get(&search).code(), (400, "IndexConfigNotExist"));
    cloud.post("/logstores/audit/index", index()).ok();
    let seen = cloud.get(&search).ok();
    assert_eq!(
        (seen.header("x-log-progress"), seen.header("x-log-count"), seen.header("x-log-has-sql")),
        ("Complete", "3", "false")
    );
    let row = &seen.body[0];
    for (name, value) in [
        ("__time__", "1705305600"),
        ("__source__", "actiontrail"),
        ("__topic__", "actiontrail_audit_event"),
        ("__tag__:k", "v"),
        ("__tag__:__receive_time__", "1705305900"),
        ("event", "{\"eventName\":\"CreatePolicy\"}"),
        ("owner_id", "1234567890123456"),
    ] {
        assert_eq!(row[name], value, "{name}");
    }
    let body = json!({ "from": 1_705_305_000, "to": 1_705_305_900, "query": "event.eventName: CreatePolicy | select count(1) as cnt", "line": 100, "offset": 0, "reverse": false });
    let seen = cloud.post("/logstores/audit/logs", body).ok();
    assert_eq!(seen.body["data"], json!([{ "cnt": "3" }]));
    assert_eq!(
        (&seen.body["meta"]["progress"], &seen.body["meta"]["count"], &seen.body["meta"]["hasSQL"]),
        (&json!("Complete"), &json!(1), &json!(true))
    );
    assert_eq!(cloud.get(&format!("{search}&topic=other")).ok().body, json!([]));
}

#[test]
fn broken_writes_are_refused() {
    let mut cloud = Cloud::with_logstore();
    let target = "/logstores/audit/shards/lb";
    for (body, headers, code) in [
        (bytes(PLAIN), vec![], "MissingBodyRawSize"),
        (bytes(PLAIN), vec![("x-log-bodyrawsize", "x")], "InvalidBodyRawSize"),
        (bytes(PLAIN), vec![("x-log-bodyrawsize", "99999999999")], "PostBodyTooLarge"),
        (bytes(PLAIN), vec![("x-log-bodyrawsize", "5")], "PostBodyUncompressError"),
        (
            bytes(PLAIN),
            vec![("x-log-bodyrawsize", "123"), ("x-log-compresstype", "lz4")],
            "PostBodyUncompressError",
        ),
        (
            bytes(PLAIN),
            vec![("x-log-bodyrawsize", "123"), ("x-log-compresstype", "brotli")],
            "InvalidCompressType",
        ),
        (
            bytes(PLAIN),
            vec![("x-log-bodyrawsize", "123"), ("x-log-compresstype", "zstd")],
            "PostBodyUncompressError",
        ),
        (bytes(ZSTD), vec![("x-log-bodyrawsize", "5"), ("x-log-compresstype", "zstd")], "PostBodyInvalid"),
        (vec![0xff; 4], vec![("x-log-bodyrawsize", "4")], "PostBodyInvalid"),
    ] {
        assert_eq!(put(&mut cloud, target, body, &headers).code(), (400, code));
    }
    let raw = [("x-log-bodyrawsize", "0")];
    assert_eq!(
        put(&mut cloud, "/logstores/none/shards/lb", Vec::new(), &raw).code(),
        (404, "LogStoreNotExist")
    );
    super::super::ensure_logstore(&mut cloud.cloud, ACCOUNT, "cn-hangzhou", PROJECT, "actiontrail_t");
    assert_eq!(
        put(&mut cloud, "/logstores/actiontrail_t/shards/lb", Vec::new(), &raw).code(),
        (401, "Unauthorized")
    );
}

#[test]
fn pages_order_and_limits_of_a_search() {
    let mut cloud = Cloud::with_logstore();
    cloud.post("/logstores/audit/index", index()).ok();
    let now = cloud.now.unix_timestamp();
    let logs = (0..150u32).map(|number| WireLog {
        time: u32::try_from(now).unwrap() + number,
        contents: vec![Pair { key: "event".into(), value: format!("{{\"n\":{number}}}") }],
        time_ns: None,
    });
    let group =
        LogGroup { logs: logs.collect(), topic: None, source: None, log_tags: Vec::new() }.encode_to_vec();
    let size = group.len().to_string();
    put(&mut cloud, "/logstores/audit", group, &[("x-log-bodyrawsize", &size)]).ok();
    let search = |rest: &str| format!("/logstores/audit?type=log&from={now}&to={}{rest}", now + 1000);
    assert_eq!(cloud.get(&search("")).ok().body.as_array().unwrap().len(), 100);
    let page = cloud.get(&search("&line=2&offset=149&reverse=true")).ok();
    assert_eq!((page.body.as_array().unwrap().len(), &page.body[0]["event"]), (1, &json!("{\"n\":0}")));
    assert_eq!(cloud.get(&search("&query=* | select count(1) as c")).ok().body, json!([{ "c": "150" }]));
    for (rest, code) in [
        ("&line=101", "InvalidLine"),
        ("&offset=-1", "InvalidOffset"),
        ("&reverse=maybe", "InvalidReverse"),
        ("&offset=1&query=* | select count(1) as c", "ParameterInvalid"),
        ("&query=event.none: x or", "InvalidQueryString"),
    ] {
        assert_eq!(cloud.get(&search(rest)).code(), (400, code), "{rest}");
    }
    assert_eq!(cloud.get("/logstores/audit?type=log&from=5&to=5").code(), (400, "InvalidTimeRange"));
    assert_eq!(cloud.get("/logstores/none?type=log&from=5&to=6").code(), (404, "LogStoreNotExist"));
    cloud.pass(Duration::days(181));
    assert_eq!(cloud.get(&search("")).ok().body, json!([]), "retention is 180 days");
}

#[test]
fn the_service_writes_where_users_cannot() {
    let mut cloud = Cloud::with_project();
    let log = Log {
        time: cloud.now.unix_timestamp(),
        fields: [("event".to_owned(), "{\"eventName\":\"A\"}".to_owned())].into(),
    };
    assert!(!append(&mut cloud.cloud, ACCOUNT, "cn-hangzhou", PROJECT, "actiontrail_t", vec![log.clone()]));
    super::super::ensure_logstore(&mut cloud.cloud, ACCOUNT, "cn-hangzhou", PROJECT, "actiontrail_t");
    assert!(append(&mut cloud.cloud, ACCOUNT, "cn-hangzhou", PROJECT, "actiontrail_t", vec![log]));
    let seen = cloud
        .get(&format!(
            "/logstores/actiontrail_t?type=log&from=0&to={}&query=event.eventName: A",
            i64::from(u32::MAX)
        ))
        .ok();
    assert_eq!(seen.body.as_array().unwrap().len(), 1);
    cloud.delete("/logstores/actiontrail_t").ok();
    assert!(cloud.cloud.region(ACCOUNT, "cn-hangzhou").unwrap().sls.logs[PROJECT].is_empty());
}

#[test]
fn what_a_logstore_remembers_is_bounded_by_time_and_number() {
    let log = |time| crate::sls::Log { time, fields: std::collections::BTreeMap::new() };
    let day = 86_400;
    let mut stored = vec![log(1)];
    crate::sls::put_logs::add(&mut stored, [log(40 * day), log(20 * day)], 30, 41 * day);
    assert_eq!(stored.iter().map(|log| log.time / day).collect::<Vec<_>>(), [20, 40]);
    crate::sls::put_logs::add(&mut stored, [log(0)], crate::sls::logstores::PERMANENT, 41 * day);
    assert_eq!(stored.len(), 3);
    crate::sls::put_logs::add(&mut stored, (0..60_000).map(|second| log(50 * day + second)), 3650, 51 * day);
    assert_eq!((stored.len(), stored[0].time), (50_000, 50 * day + 10_000));
}

#[test]
fn cursors_tell_whether_a_shard_holds_logs() {
    let mut cloud = Cloud::with_logstore();
    let cursor = |cloud: &mut Cloud, shard: i64, from: &str| {
        let target = format!("/logstores/audit/shards/{shard}?type=cursor&from={from}");
        cloud.get(&target).ok().body["cursor"].as_str().unwrap().to_owned()
    };
    let ends = |cloud: &mut Cloud, shard| (cursor(cloud, shard, "begin"), cursor(cloud, shard, "end"));
    for shard in [0, 1] {
        let (begin, end) = ends(&mut cloud, shard);
        assert_eq!(begin, end, "nothing was written yet");
    }
    let time = u32::try_from(cloud.now.unix_timestamp()).unwrap();
    let log = WireLog { time, contents: Vec::new(), time_ns: None };
    let group = LogGroup { logs: vec![log], topic: None, source: None, log_tags: Vec::new() }.encode_to_vec();
    let size = group.len().to_string();
    // Without an index.
    put(&mut cloud, "/logstores/audit", group, &[("x-log-bodyrawsize", &size)]).ok();
    let (begin, end) = ends(&mut cloud, 0);
    assert_ne!(begin, end);
    assert_eq!(cursor(&mut cloud, 0, &time.to_string()), begin, "the first log since then");
    assert_eq!(cursor(&mut cloud, 0, &(time + 1).to_string()), end);
    cloud.post("/logstores/audit/shards/0?action=split", Value::Null).ok();
    assert_eq!(ends(&mut cloud, 0), (begin, end.clone()), "a split moves nothing");
    cloud.pass(Duration::days(181));
    assert_eq!(ends(&mut cloud, 0), (end.clone(), end), "retention is 180 days");
    for (target, code) in [
        ("/logstores/audit/shards/0?type=cursor&from=soon", (400, "ParameterInvalid")),
        ("/logstores/audit/shards/0?type=cursor", (400, "ParameterInvalid")),
        ("/logstores/audit/shards/9?type=cursor&from=end", (404, "ShardNotExist")),
        ("/logstores/none/shards/0?type=cursor&from=end", (404, "LogStoreNotExist")),
    ] {
        assert_eq!(cloud.get(target).code(), code, "{target}");
    }
}
