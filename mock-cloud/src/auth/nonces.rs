//! The nonces that were used lately: a request must not be accepted twice within the clock window.

use std::collections::{HashSet, VecDeque};
use std::sync::{Mutex, PoisonError};

use time::{Duration, OffsetDateTime};

/// How long a nonce is remembered: as long as its request could still pass the clock check.
const MEMORY: Duration = Duration::minutes(30);
/// How many are remembered at most; beyond that the oldest are forgotten, so that memory stays bounded.
const CAPACITY: usize = 500_000;

/// Nonces in the order of their arrival.
#[derive(Debug, Default)]
pub(crate) struct Nonces(Mutex<Seen>);

#[derive(Debug, Default)]
struct Seen {
    known: HashSet<(String, String)>,
    order: VecDeque<(OffsetDateTime, (String, String))>,
}

impl Nonces {
    /// Remembers a nonce of a key; false when it was used before.
    pub(crate) fn take(&self, key_id: &str, nonce: &str, now: OffsetDateTime) -> bool {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        while seen.order.front().is_some_and(|(time, _)| now - *time > MEMORY) || seen.order.len() >= CAPACITY
        {
            if let Some((_, old)) = seen.order.pop_front() {
                seen.known.remove(&old);
            }
        }
        let entry = (key_id.to_owned(), nonce.to_owned());
        if !seen.known.insert(entry.clone()) {
            return false;
        }
        seen.order.push_back((now, entry));
        true
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn remembers_for_a_while_and_per_key() {
        let nonces = Nonces::default();
        let start = datetime!(2026-01-15 08:30:00 UTC);
        assert!(nonces.take("a", "1", start));
        assert!(!nonces.take("a", "1", start + Duration::minutes(29)));
        assert!(nonces.take("b", "1", start));
        assert!(nonces.take("a", "1", start + Duration::minutes(31)));
    }
}
