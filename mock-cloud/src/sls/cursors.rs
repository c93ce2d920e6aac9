//! Cursors: positions in the logs of a shard, which tell whether it holds any.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::error::Error;
use super::get_logs::is_kept;
use super::request::{Answer, Request, answer};
use super::shards;

/// GetCursor (SLS API reference): the first log that the retention keeps, the place after the last one, or the first one
/// since a moment. In a shard without logs they are the same.
pub(super) fn get(request: &mut Request<'_>) -> Answer {
    let (project, name, id, now) = (request.project, request.name(0), request.name(1), request.now());
    let from = request.call.param("from").unwrap_or("");
    let since = match from {
        "begin" => i64::MIN,
        "end" => i64::MAX,
        time => time.parse().map_err(|_| Error::parameter(format!("parameter from is invalid: {time}")))?,
    };
    let store = request.settled_logstore()?.clone();
    let numbers = || store.shards.iter().map(|shard| shard.shard_id);
    if !numbers().any(|shard| shard.to_string() == id) {
        return Err(shards::missing(id));
    }
    // Which shard a log went to is not remembered: all of them are in the first one, also after it was split (assumed).
    let is_first = numbers().min().is_some_and(|first| first.to_string() == id);
    let stored = request.region().logs.get(project).and_then(|logs| logs.get(name));
    let stored = stored.filter(|_| is_first).map_or(&[][..], Vec::as_slice);
    let gone = stored.iter().take_while(|log| !is_kept(&store, log, now)).count();
    let earlier = stored.iter().take_while(|log| log.time < since).count();
    let position = earlier.max(gone);
    // The service's cursors are numbers in base64 that grow from the making of the logstore on.
    let number = i128::from(store.create_time) * 1_000_000_000 + i128::try_from(position).unwrap_or(0);
    answer(&json!({ "cursor": STANDARD.encode(number.to_string()) }))
}
