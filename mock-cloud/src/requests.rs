//! The request log: what was asked and how it ended, for tests that count calls and for people who watch.
//! It holds no header, parameter or body, so no secret can be in it.

use std::collections::VecDeque;

use serde::Serialize;
use time::OffsetDateTime;

/// How many requests are kept in the log of a mock; older ones make room.
pub const CAPACITY: usize = 20_000;

/// One request.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Entry {
    /// Counts from 1 and never repeats.
    pub(crate) seq: u64,
    #[serde(with = "time::serde::rfc3339")]
    pub(crate) time: OffsetDateTime,
    pub(crate) service: &'static str,
    pub(crate) action: String,
    pub(crate) region: String,
    /// The account of the signer, when the signature held.
    pub(crate) account: Option<String>,
    pub(crate) method: String,
    pub(crate) host: String,
    pub(crate) path: String,
    /// Nothing when the connection was closed instead of answered.
    pub(crate) status: Option<u16>,
    pub(crate) code: Option<String>,
    /// Whether the action changes something.
    pub(crate) write: bool,
    /// The kinds of the fault rules that injected.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) faults: Vec<&'static str>,
    pub(crate) request_id: String,
}

/// The latest requests.
#[derive(Debug, Default)]
pub(crate) struct RequestLog {
    last: u64,
    entries: VecDeque<Entry>,
}

/// Which entries to show.
#[derive(Debug, Default)]
pub(crate) struct Filter<'f> {
    pub(crate) service: Option<&'f str>,
    pub(crate) action: Option<&'f str>,
    /// Only entries after this sequence number.
    pub(crate) since: u64,
    pub(crate) write: Option<bool>,
}

impl RequestLog {
    /// Adds an entry, giving it its number.
    pub(crate) fn push(&mut self, mut entry: Entry) {
        self.last += 1;
        entry.seq = self.last;
        tracing::info!(
            service = entry.service,
            action = entry.action,
            region = entry.region,
            status = entry.status.unwrap_or(0),
            code = entry.code.as_deref().unwrap_or("-"),
            "request"
        );
        if self.entries.len() >= CAPACITY {
            self.entries.pop_front();
        }
        self.entries.push_back(entry);
    }

    /// The number of the latest entry.
    pub(crate) const fn last(&self) -> u64 {
        self.last
    }

    /// Forgets all entries; numbers go on.
    pub(crate) fn clear(&mut self) {
        self.entries.clear();
    }

    /// The entries that a filter lets through.
    pub(crate) fn select(&self, filter: &Filter<'_>) -> Vec<Entry> {
        let entries = self.entries.iter().filter(|entry| {
            entry.seq > filter.since
                && filter.service.is_none_or(|service| entry.service == service)
                && filter.action.is_none_or(|action| entry.action == action)
                && filter.write.is_none_or(|write| entry.write == write)
        });
        entries.cloned().collect()
    }
}
