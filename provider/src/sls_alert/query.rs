//! Reads the queries of an alert rule: a search, and after the first `|` outside of quotation marks SQL (SLS user guide,
//! "Query and analysis").
//!
//! Of SQL, the tokens are read: whether texts, names and comments end and brackets are closed. A statement that does not do so
//! cannot run, whatever the dialect. Of everything else (searches, which take an apostrophe as a letter; pipelines that are
//! not SQL) nothing is certain.

use sqlparser::dialect::Dialect;
use sqlparser::tokenizer::{Token, Tokenizer};

/// SQL of Simple Log Service, which is that of Presto: a backslash in a text is itself, comments do not nest.
#[derive(Debug)]
struct SlsSql;

impl Dialect for SlsSql {
    fn is_identifier_start(&self, c: char) -> bool {
        c.is_alphabetic() || matches!(c, '_' | '@')
    }

    fn is_identifier_part(&self, c: char) -> bool {
        c.is_alphanumeric() || matches!(c, '_' | '@' | '$')
    }

    fn is_delimited_identifier_start(&self, c: char) -> bool {
        matches!(c, '"' | '`')
    }
}

/// What is wrong with a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    /// It cannot run. What is wrong, in a sentence.
    Fails(String),
    /// It may not run.
    Doubt(String),
}

/// Reads a query.
pub(super) fn read(query: &str) -> Result<(), Fault> {
    let Some((search, rest)) = split(query) else {
        return Err(Fault::Doubt("The search has a \" that is not closed.".to_owned()));
    };
    if !closes(search) {
        return Err(Fault::Doubt(
            "The search has a parenthesis that is not closed, or not opened.".to_owned(),
        ));
    }
    let Some(rest) = rest else { return Ok(()) };
    match tokens(rest) {
        Err(wrong) if is_sql(rest) => Err(Fault::Fails(wrong)),
        Err(wrong) => Err(Fault::Doubt(wrong)),
        Ok(()) => Ok(()),
    }
}

/// The search, and what follows the first `|`. None if a quotation mark is not closed.
fn split(query: &str) -> Option<(&str, Option<&str>)> {
    let (mut quoted, mut escaped) = (false, false);
    for (at, c) in query.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '|' if !quoted => return Some((&query[..at], Some(&query[at + 1..]))),
            _ => {}
        }
    }
    (!quoted).then_some((query, None))
}

fn closes(search: &str) -> bool {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for c in search.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => match depth.checked_sub(1) {
                Some(less) => depth = less,
                None => return false,
            },
            _ => {}
        }
    }
    depth == 0
}

fn is_sql(text: &str) -> bool {
    let first = text.trim_start_matches(|c: char| c.is_whitespace() || c == '(');
    let word = first.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    word.eq_ignore_ascii_case("select") || word.eq_ignore_ascii_case("with")
}

fn tokens(sql: &str) -> Result<(), String> {
    // Filled in by dashboards: no SQL.
    let sql = sql.replace("${{", "{{").replace("${", "{");
    let tokens = Tokenizer::new(&SlsSql, &sql).tokenize().map_err(|error| not_ended(&error.message))?;
    let mut open = Vec::new();
    for token in tokens {
        let closed = match token {
            Token::LParen => {
                open.push('(');
                continue;
            }
            Token::LBracket => {
                open.push('[');
                continue;
            }
            Token::RParen => '(',
            Token::RBracket => '[',
            _ => continue,
        };
        if open.pop() != Some(closed) {
            return Err("The SQL has a closing bracket too many.".to_owned());
        }
    }
    match open.pop() {
        Some(bracket) => Err(format!("The SQL has a {bracket} that is not closed.")),
        None => Ok(()),
    }
}

/// The tokenizer's message, in words for users.
fn not_ended(message: &str) -> String {
    let message = message.to_lowercase();
    let what = if message.contains("comment") {
        "comment"
    } else if message.contains("delimiter") {
        "quoted name"
    } else {
        "text"
    };
    format!("The SQL has a {what} that does not end.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backslash_and_what_stands_in_comments_names_and_texts_is_no_syntax() {
        for fine in [
            "*",
            "don't",
            "\"a | ( b\" and c",
            "event.eventName: (a or b)",
            "* | select split(path, '\\') as parts, count(1) as cnt group by parts",
            "* | select path from log where path like '%\\_%' escape '\\'",
            "* | select count(1) as cnt -- it's all (of it",
            "* | select /* :) don't */ count(1) as cnt",
            "* | select \"it's (\", `a(b`, 'it''s (' from log",
            "* | SELECT transform(array[1, 2], x -> x + 1), 价格 from log where a = ${level} and b = '${{c}}'",
            "don't | select count(1) as cnt",
            "* | with a as (select 1) select * from a",
            "* | where level > 1 | project level",
            "sum(rate(http_requests{path=\"a|b\"}[5m])) by (pod)",
        ] {
            assert_eq!(read(fine), Ok(()), "{fine}");
        }
    }

    #[test]
    fn sql_that_does_not_end_cannot_run_and_the_rest_is_a_doubt() {
        for (sql, why) in [
            ("* | select count(1", "( that is not closed"),
            ("* | select count(1))", "too many"),
            ("* | select a[1 from log", "[ that is not closed"),
            ("* | select 'a from log", "text that does not end"),
            ("* | select \"a from log", "quoted name that does not end"),
            ("* | select 1 /* no end", "comment that does not end"),
        ] {
            let Err(Fault::Fails(wrong)) = read(sql) else { panic!("{sql}: {:?}", read(sql)) };
            assert!(wrong.contains(why), "{sql}: {wrong}");
        }
        for doubtful in ["\"a", "(a or b", "a)", "* | where f(a", "* | extend a = 'b"] {
            assert!(matches!(read(doubtful), Err(Fault::Doubt(_))), "{doubtful}: {:?}", read(doubtful));
        }
    }
}
