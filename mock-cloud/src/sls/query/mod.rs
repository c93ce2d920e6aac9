//! The query language of GetLogs: a search that filters logs and an SQL statement over what is left. A subset, enough for
//! the alert rules of the usual security benchmarks; what is outside of it is refused, not guessed.

mod fields;
mod lexer;
mod matching;
mod search;
mod sql;
mod sql_parse;
mod value;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

pub(super) use matching::Filter;
pub(super) use sql::Statement;

/// A row of an answer: every value is a string.
pub(super) type Row = BTreeMap<String, String>;

/// The search part, and what follows the first `|` outside double quotes.
pub(super) fn split(query: &str) -> (&str, Option<&str>) {
    let (mut quoted, mut escaped) = (false, false);
    for (at, letter) in query.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '|' if !quoted => return (&query[..at], Some(&query[at + 1..])),
            _ => {}
        }
    }
    (query, None)
}
