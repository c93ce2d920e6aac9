//! GetLogs in its old form (parameters in the query, a plain array back) and its new one (JSON both ways).

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::error::Error;
use super::logstores;
use super::query::{self, Row};
use super::request::{Answer, Request, answer};
use super::state::{Log, Logstore};
use crate::http::Reply;

/// What a client asks for.
struct Wanted {
    from: i64,
    to: i64,
    query: String,
    line: usize,
    offset: usize,
    reverse: bool,
}

/// Reads the parameters from wherever they are (SLS API reference, GetLogs, "Error codes").
fn wanted(text: impl Fn(&str) -> Option<String>) -> Result<Wanted, Error> {
    let number = |name: &str| text(name).filter(|value| !value.is_empty());
    let time = |name: &str| {
        number(name)
            .and_then(|value| value.parse::<i64>().ok())
            .ok_or_else(|| Error::parameter(format!("parameter {name} is missing or invalid")))
    };
    let (from, to) = (time("from")?, time("to")?);
    if from >= to {
        return Err(Error::bad("InvalidTimeRange", "request time range is invalid"));
    }
    let line = match number("line") {
        None => 100,
        Some(line) => line
            .parse::<usize>()
            .ok()
            .filter(|line| *line <= 100)
            .ok_or_else(|| Error::bad("InvalidLine", format!("line {line} is invalid")))?,
    };
    let offset = match number("offset") {
        None => 0,
        Some(offset) => {
            offset.parse().map_err(|_| Error::bad("InvalidOffset", format!("offset {offset} is invalid")))?
        }
    };
    let reverse = match number("reverse").as_deref() {
        None | Some("false") => false,
        Some("true") => true,
        Some(other) => return Err(Error::bad("InvalidReverse", format!("reverse {other} is invalid"))),
    };
    let mut query = text("query").unwrap_or_default();
    if let Some(topic) = text("topic").filter(|topic| !topic.is_empty()) {
        // The obsolete parameter is one more condition.
        let escaped = topic.replace('"', "\\\"");
        query = match query::split(&query) {
            (search, None) => format!("({}) and __topic__: \"{escaped}\"", or_all(search)),
            (search, Some(sql)) => format!("({}) and __topic__: \"{escaped}\" | {sql}", or_all(search)),
        };
    }
    Ok(Wanted { from, to, query, line, offset, reverse })
}

fn or_all(search: &str) -> &str {
    if search.trim().is_empty() { "*" } else { search }
}

/// What a query found, and how it was split.
struct Found {
    rows: Vec<Row>,
    search: String,
    sql: Option<String>,
    processed: usize,
}

fn run(request: &mut Request<'_>, wanted: &Wanted) -> Result<Found, Error> {
    let (project, name, now) = (request.project, request.name(0), request.now());
    let store = request.settled_logstore()?.clone();
    let Some(index) = &store.index else {
        return Err(Error::bad("IndexConfigNotExist", "logstore without index config"));
    };
    let (search, sql) = query::split(&wanted.query);
    if sql.is_some() && wanted.offset != 0 {
        return Err(Error::parameter(
            "offset is not available for pagination in sql query, please use limit x,y syntax for pagination",
        ));
    }
    let filter = query::Filter::parse(search, index, sql.is_some())?;
    let statement = sql.map(|sql| query::Statement::parse(sql, index)).transpose()?;
    let stored = request.region().logs.get(project).and_then(|logs| logs.get(name));
    let in_range = stored
        .into_iter()
        .flatten()
        .filter(|log| (wanted.from..wanted.to).contains(&log.time) && is_kept(&store, log, now));
    let logs: Vec<&Log> = in_range.filter(|log| filter.matches(log)).collect();
    let processed = logs.len();
    let rows = match &statement {
        Some(statement) => statement.run(&logs)?,
        None => {
            let page = |logs: &mut dyn Iterator<Item = &&Log>| {
                logs.skip(wanted.offset).take(wanted.line).map(|log| row(log)).collect()
            };
            if wanted.reverse { page(&mut logs.iter().rev()) } else { page(&mut logs.iter()) }
        }
    };
    Ok(Found { rows, search: search.trim().to_owned(), sql: sql.map(|sql| sql.trim().to_owned()), processed })
}

/// Whether the retention of the logstore still keeps a log.
pub(super) fn is_kept(store: &Logstore, log: &Log, now: i64) -> bool {
    store.ttl >= logstores::PERMANENT || log.time > now - store.ttl * 86_400
}

/// A log as a search shows it: every value is a string.
fn row(log: &Log) -> Row {
    let mut row: Row = log.fields.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
    row.insert("__time__".to_owned(), log.time.to_string());
    row
}

/// GetLogs, the old form.
pub(super) fn get(request: &mut Request<'_>) -> Answer {
    let call = request.call;
    let wanted = wanted(|name| call.param(name).map(str::to_owned))?;
    let found = run(request, &wanted)?;
    let count = found.rows.len().to_string();
    let processed = found.processed.to_string();
    let reply = Reply::json(StatusCode::OK, &json!(found.rows))
        .with_header("x-log-progress", "Complete")
        .with_header("x-log-count", &count)
        .with_header("x-log-processed-rows", &processed)
        .with_header("x-log-elapsed-millisecond", "1")
        .with_header("x-log-has-sql", if found.sql.is_some() { "true" } else { "false" })
        .with_header("x-log-where-query", &header_text(&found.search))
        .with_header("x-log-agg-query", &header_text(found.sql.as_deref().unwrap_or("")));
    Ok(reply)
}

/// A query can hold line breaks, a header cannot.
fn header_text(text: &str) -> String {
    text.replace(['\r', '\n'], " ")
}

/// GetLogsV2, the new form. Answers are never compressed, so the headers of compression stay away.
pub(super) fn get_v2(request: &mut Request<'_>) -> Answer {
    let body: Map<String, Value> = request.json()?;
    let wanted = wanted(|name| match body.get(name) {
        Some(Value::String(text)) => Some(text.clone()),
        Some(Value::Null) | None => None,
        Some(other) => Some(other.to_string()),
    })?;
    let found = run(request, &wanted)?;
    let meta = json!({
        "progress": "Complete",
        "count": found.rows.len(),
        "hasSQL": found.sql.is_some(),
        "whereQuery": found.search,
        "aggQuery": found.sql.unwrap_or_default(),
        "processedRows": found.processed,
        "processedBytes": 0,
        "elapsedMillisecond": 1,
        "cpuSec": 0.0,
        "cpuCores": 0.0,
        "limited": found.rows.len(),
        "keys": [],
        "terms": [],
        "mode": 0,
        "isAccurate": true,
    });
    answer(&json!({ "meta": meta, "data": found.rows }))
}
