//! PutLogs: reading the protobuf that clients write, compressed or not, and storing it.

use std::collections::BTreeMap;
use std::io::Read;

use http::StatusCode;
use prost::Message;

use super::error::Error;
use super::logstores::PERMANENT;
use super::request::{Answer, Request, done};
use super::state::Log;

/// Largest body before compression (assumed: documents say 3 MB, clients send up to 10).
const MAX_RAW: usize = 10 * 1024 * 1024;

/// A batch of logs, as the wire has it (SLS API reference, "LogGroup").
#[derive(Clone, PartialEq, Message)]
pub(super) struct LogGroup {
    /// The logs.
    #[prost(message, repeated, tag = "1")]
    pub(super) logs: Vec<WireLog>,
    /// Topic of all of them.
    #[prost(string, optional, tag = "3")]
    pub(super) topic: Option<String>,
    /// Source of all of them.
    #[prost(string, optional, tag = "4")]
    pub(super) source: Option<String>,
    /// Tags of all of them.
    #[prost(message, repeated, tag = "6")]
    pub(super) log_tags: Vec<Pair>,
}

/// One log.
#[derive(Clone, PartialEq, Message)]
pub(super) struct WireLog {
    /// Unix seconds.
    #[prost(uint32, required, tag = "1")]
    pub(super) time: u32,
    /// Its fields.
    #[prost(message, repeated, tag = "2")]
    pub(super) contents: Vec<Pair>,
    /// Nanoseconds within the second.
    #[prost(fixed32, optional, tag = "4")]
    pub(super) time_ns: Option<u32>,
}

/// A field or a tag.
#[derive(Clone, PartialEq, Message)]
pub(super) struct Pair {
    /// Name.
    #[prost(string, required, tag = "1")]
    pub(super) key: String,
    /// Value.
    #[prost(string, required, tag = "2")]
    pub(super) value: String,
}

/// PutLogs, by any of its paths: which shard takes the logs makes no difference here (SLS API reference, PutLogs).
pub(super) fn put(request: &mut Request<'_>) -> Answer {
    let group = LogGroup::decode(raw_body(request)?.as_slice())
        .map_err(|_| Error::body("Protobuffer content cannot be parsed."))?;
    let now = request.now();
    let (project, name) = (request.project, request.name(0));
    let store = request.settled_logstore()?;
    if !store.product_type.is_empty() {
        // The service's own logstores cannot be written to; how it refuses is assumed.
        let message = format!("logstore {name} is dedicated to {}", store.product_type);
        return Err(Error::new(StatusCode::UNAUTHORIZED, "Unauthorized", message));
    }
    let (append_meta, ttl) = (store.append_meta, store.ttl);
    let mut common = BTreeMap::from([
        ("__topic__".to_owned(), group.topic.unwrap_or_default()),
        ("__source__".to_owned(), group.source.unwrap_or_default()),
    ]);
    common.extend(group.log_tags.into_iter().map(|tag| (format!("__tag__:{}", tag.key), tag.value)));
    if append_meta {
        common.insert("__tag__:__receive_time__".to_owned(), now.to_string());
        // Only this machine reaches the mock.
        common.insert("__tag__:__client_ip__".to_owned(), "127.0.0.1".to_owned());
    }
    let logs = group.logs.into_iter().map(|log| {
        let mut fields = common.clone();
        fields.extend(log.contents.into_iter().map(|pair| (pair.key, pair.value)));
        Log { time: i64::from(log.time), fields }
    });
    let stored =
        request.region().logs.entry(project.to_owned()).or_default().entry(name.to_owned()).or_default();
    add(stored, logs, ttl, now);
    done()
}

/// Logs that one logstore remembers; beyond that the oldest go, so that memory stays bounded.
const CAPACITY: usize = 50_000;

/// Adds logs to those of a logstore, in the order of time, and drops what its retention no longer keeps.
pub(super) fn add(stored: &mut Vec<Log>, logs: impl IntoIterator<Item = Log>, ttl: i64, now: i64) {
    stored.extend(logs);
    stored.sort_by_key(|log| log.time);
    if ttl < PERMANENT {
        stored.retain(|log| log.time > now - ttl * 86_400);
    }
    stored.drain(..stored.len().saturating_sub(CAPACITY));
}

/// The body as it was before compression, whose size the client states.
fn raw_body(request: &Request<'_>) -> Result<Vec<u8>, Error> {
    let call = request.call;
    let size = call.header("x-log-bodyrawsize").ok_or_else(|| {
        Error::bad(
            "MissingBodyRawSize",
            "x-log-bodyrawsize does not exist in http header when it is necessary",
        )
    })?;
    let size: usize = size
        .parse()
        .map_err(|_| Error::bad("InvalidBodyRawSize", format!("Body raw size {size} is invalid")))?;
    if size > MAX_RAW {
        return Err(Error::bad("PostBodyTooLarge", format!("body size {size} must little than {MAX_RAW}")));
    }
    let broken = || Error::bad("PostBodyUncompressError", "fail to uncompress body");
    let raw = match call.header("x-log-compresstype").unwrap_or("") {
        "" => call.body.to_vec(),
        "lz4" => lz4_flex::block::decompress(&call.body, size).map_err(|_| broken())?,
        "deflate" => drain(flate2::read::ZlibDecoder::new(call.body.as_ref()), size).ok_or_else(broken)?,
        "zstd" => {
            let decoder =
                ruzstd::decoding::StreamingDecoder::new(call.body.as_ref()).map_err(|_| broken())?;
            drain(decoder, size).ok_or_else(broken)?
        }
        other => {
            return Err(Error::bad("InvalidCompressType", format!("compress type {other} is not supported")));
        }
    };
    if raw.len() == size { Ok(raw) } else { Err(broken()) }
}

/// All that a decoder gives, one byte more than the stated size at most.
fn drain(reader: impl Read, size: usize) -> Option<Vec<u8>> {
    let mut raw = Vec::new();
    let limit = u64::try_from(size).unwrap_or(u64::MAX).saturating_add(1);
    reader.take(limit).read_to_end(&mut raw).ok()?;
    Some(raw)
}
