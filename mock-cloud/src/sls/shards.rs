//! Shards: the ranges of the hash space that a logstore writes to, and splitting and merging them.

use http::StatusCode;
use serde::{Deserialize, Serialize};

use super::error::Error;
use super::logstores;
use super::request::{Answer, Request, answer};

/// A shard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Shard {
    /// Number, never used again within the logstore.
    #[serde(rename = "shardID")]
    pub shard_id: i64,
    /// readwrite or readonly.
    pub status: String,
    /// First key, 32 hexadecimal digits.
    pub inclusive_begin_key: String,
    /// First key after it; the last shard ends at all `f`.
    pub exclusive_end_key: String,
    /// Unix seconds.
    pub create_time: i64,
}

impl Shard {
    fn is_writable(&self) -> bool {
        self.status == "readwrite"
    }
}

/// `count` shards over the whole hash space.
pub(super) fn even(count: i64, now: i64) -> Vec<Shard> {
    spread(0, u128::MAX, count.max(1), 0, now)
}

/// Cuts `[begin, end)` into `count` shards of nearly the same size with ids from `first`.
fn spread(begin: u128, end: u128, count: i64, first: i64, now: i64) -> Vec<Shard> {
    let parts = u128::try_from(count).unwrap_or(1).max(1);
    // The whole space ends at 2^128, one more than fits.
    let whole = end == u128::MAX;
    let width = if whole { end - begin } else { end - begin - 1 };
    let (step, rest) = (width / parts, width % parts + 1);
    let cut = |index: u128| begin + step * index + rest * index / parts;
    (0..parts)
        .map(|index| {
            let last = index + 1 == parts;
            let stop = if last { end } else { cut(index + 1) };
            Shard {
                shard_id: first + i64::try_from(index).unwrap_or(0),
                status: "readwrite".to_owned(),
                inclusive_begin_key: format!("{:032x}", cut(index)),
                exclusive_end_key: format!("{stop:032x}"),
                create_time: now,
            }
        })
        .collect()
}

fn key(text: &str) -> u128 {
    u128::from_str_radix(text, 16).unwrap_or(0)
}

/// ListShards (SLS API reference).
pub(super) fn list(request: &mut Request<'_>) -> Answer {
    answer(&request.settled_logstore()?.shards)
}

pub(super) fn missing(id: &str) -> Error {
    Error::missing("ShardNotExist", format!("shard {id} does not exist"))
}

/// SplitShard: the shard becomes readonly and new ones take its range; the answer lists all of them.
pub(super) fn split(request: &mut Request<'_>) -> Answer {
    let (id, now) = (request.name(1), request.now());
    let at = request.call.param("key").filter(|key| !key.is_empty());
    let count = request.call.param("shardCount").and_then(|text| text.parse::<i64>().ok()).unwrap_or(2);
    if !(2..=logstores::MAX_SHARDS).contains(&count) {
        return Err(Error::parameter("shardCount is invalid"));
    }
    request.settled_logstore()?;
    logstores::check_shard_quota(request, count)?;
    let logstore = request.settled_logstore()?;
    let next = logstore.shards.iter().map(|shard| shard.shard_id).max().unwrap_or(-1) + 1;
    let shard = logstore.shards.iter_mut().find(|shard| shard.shard_id.to_string() == id);
    let shard = shard.ok_or_else(|| missing(id))?;
    if !shard.is_writable() {
        return Err(Error::parameter(format!("shard {id} is readonly")));
    }
    let (begin, end) = (key(&shard.inclusive_begin_key), key(&shard.exclusive_end_key));
    let made = match at {
        None => spread(begin, end, count, next, now),
        Some(text) => {
            let at = key(text);
            if at <= begin || at >= end {
                return Err(Error::parameter(format!("invalid split key {text}")));
            }
            let mut made = spread(begin, at, 1, next, now);
            made.extend(spread(at, end, 1, next + 1, now));
            made
        }
    };
    shard.status = "readonly".to_owned();
    let mut shown = vec![shard.clone()];
    shown.extend(made.iter().cloned());
    logstore.shards.extend(made);
    recount(logstore);
    answer(&shown)
}

/// MergeShard: the shard and the one after it become readonly, a new one takes their range.
pub(super) fn merge(request: &mut Request<'_>) -> Answer {
    let (id, now) = (request.name(1), request.now());
    let logstore = request.settled_logstore()?;
    let next = logstore.shards.iter().map(|shard| shard.shard_id).max().unwrap_or(-1) + 1;
    let first = logstore.shards.iter().position(|shard| shard.shard_id.to_string() == id);
    let first = first.ok_or_else(|| missing(id))?;
    let Some(left) = logstore.shards.get(first).filter(|shard| shard.is_writable()).cloned() else {
        return Err(Error::parameter(format!("shard {id} is readonly")));
    };
    let second = logstore
        .shards
        .iter()
        .position(|shard| shard.is_writable() && shard.inclusive_begin_key == left.exclusive_end_key);
    let Some(right) = second.and_then(|second| logstore.shards.get_mut(second)) else {
        return Err(Error::new(
            StatusCode::BAD_REQUEST,
            "ParameterInvalid",
            "the shard has no neighbour to merge with",
        ));
    };
    right.status = "readonly".to_owned();
    let end = right.exclusive_end_key.clone();
    let right = right.clone();
    let made = Shard {
        shard_id: next,
        status: "readwrite".to_owned(),
        inclusive_begin_key: left.inclusive_begin_key.clone(),
        exclusive_end_key: end,
        create_time: now,
    };
    let left = Shard { status: "readonly".to_owned(), ..left };
    if let Some(slot) = logstore.shards.get_mut(first) {
        *slot = left.clone();
    }
    logstore.shards.push(made.clone());
    recount(logstore);
    answer(&[made, left, right])
}

/// The shard count that a logstore shows is that of its writable shards (assumed).
fn recount(logstore: &mut super::state::Logstore) {
    let writable = logstore.shards.iter().filter(|shard| shard.is_writable()).count();
    logstore.shard_count = i64::try_from(writable).unwrap_or(i64::MAX);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_cover_the_space_without_gaps() {
        for count in [1, 2, 3, 7, 64, 100] {
            let shards = even(count, 0);
            assert_eq!(shards.len(), usize::try_from(count).unwrap());
            assert_eq!(shards[0].inclusive_begin_key, "0".repeat(32));
            assert_eq!(shards.last().unwrap().exclusive_end_key, "f".repeat(32));
            for pair in shards.windows(2) {
                assert_eq!(pair[0].exclusive_end_key, pair[1].inclusive_begin_key);
            }
        }
        assert_eq!(even(2, 0)[1].inclusive_begin_key, format!("8{}", "0".repeat(31)));
    }
}
