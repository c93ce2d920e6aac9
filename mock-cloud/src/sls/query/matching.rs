//! Whether a log passes a search, under the index of its logstore.

use serde_json::Value;

use super::super::error::Error;
use super::super::state::Log;
use super::fields::{self, Field, Kind, Words};
use super::search::{self, Expr, Test};

/// A search made ready for an index: names are resolved, so that a wrong one is an error before any log is read.
pub(in super::super) struct Filter {
    root: Node,
}

enum Node {
    All,
    And(Vec<Node>),
    Or(Vec<Node>),
    Not(Box<Node>),
    Field(Field, Test),
    Anywhere(Scope, Test),
}

/// What a condition without a field looks at.
struct Scope {
    /// Fields to look at, or
    fields: Option<Vec<Field>>,
    /// all fields but these.
    excluded: Vec<String>,
    words: Words,
}

impl Filter {
    /// Reads a search. A phrase cannot go with SQL (SLS developer guide, "Phrase search").
    pub(in super::super) fn parse(text: &str, index: &Value, with_sql: bool) -> Result<Filter, Error> {
        let trimmed = text.trim_start();
        if trimmed.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("select ")) {
            return Err(Error::parameter("sql query must follow search query,please read syntex doc"));
        }
        let expr = search::parse(text)?;
        if with_sql && has_phrase(&expr) {
            return Err(Error::parameter("phrase query can not be used with sql query"));
        }
        Ok(Filter { root: resolve(expr, index)? })
    }

    /// Whether a log passes.
    pub(in super::super) fn matches(&self, log: &Log) -> bool {
        passes(&self.root, log)
    }
}

fn has_phrase(expr: &Expr) -> bool {
    match expr {
        Expr::All => false,
        Expr::And(list) | Expr::Or(list) => list.iter().any(has_phrase),
        Expr::Not(inner) => has_phrase(inner),
        Expr::Is(_, test) => matches!(test, Test::Phrase(_)),
    }
}

fn resolve(expr: Expr, index: &Value) -> Result<Node, Error> {
    let every =
        |list: Vec<Expr>| list.into_iter().map(|expr| resolve(expr, index)).collect::<Result<Vec<_>, _>>();
    Ok(match expr {
        Expr::All => Node::All,
        Expr::And(list) => Node::And(every(list)?),
        Expr::Or(list) => Node::Or(every(list)?),
        Expr::Not(inner) if has_phrase(&inner) => {
            return Err(Error::parameter("phrase query can not be used with not"));
        }
        Expr::Not(inner) => Node::Not(Box::new(resolve(*inner, index)?)),
        Expr::Is(None, test) => {
            if let Test::Words(word) = &test {
                check_wildcards(word)?;
            }
            Node::Anywhere(scope(index), test)
        }
        Expr::Is(Some(name), test) => {
            let field = fields::find(index, &name).ok_or_else(|| {
                Error::parameter(format!(
                    "key ({name}) is not config as key value config,if symbol : is in your log,please wrap : with quotation mark \""
                ))
            })?;
            // On a text field a comparison is a search for its words.
            match (&test, field.kind) {
                (Test::Compare("=", number), Kind::Text) | (Test::Compare(_, number), Kind::Text) => {
                    return resolve(search::words_of(&name, &number.to_string()), index);
                }
                (Test::Words(word), Kind::Text) => check_wildcards(word)?,
                _ => {}
            }
            Node::Field(field, test)
        }
    })
}

/// Wildcards stand inside or at the end of a word of at most 64 letters, not at its start.
fn check_wildcards(word: &str) -> Result<(), Error> {
    if word.starts_with(['*', '?']) || word.contains(['*', '?']) && word.chars().count() > 64 {
        return Err(Error::bad("InvalidQueryString", format!("query string is invalid: wildcard in {word}")));
    }
    Ok(())
}

/// Words without a field are searched by the full-text index; without one, in all indexed text keys.
fn scope(index: &Value) -> Scope {
    let Some(line) = index.get("line") else {
        let keys = index.get("keys").and_then(Value::as_object);
        let fields = keys.into_iter().flatten().filter_map(|(name, _)| fields::find(index, name));
        let fields = fields.filter(|field| field.kind == Kind::Text).collect();
        return Scope { fields: Some(fields), excluded: Vec::new(), words: Words::of(&Value::Null) };
    };
    let names = |member: &str| -> Vec<String> {
        let list = line.get(member).and_then(Value::as_array);
        list.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let words = Words::of(line);
    let included = names("include_keys");
    let field = |holder: String| Field {
        holder,
        path: Vec::new(),
        kind: Kind::Text,
        words: words.clone(),
        analytics: false,
    };
    let fields = (!included.is_empty()).then(|| included.into_iter().map(field).collect());
    Scope { fields, excluded: names("exclude_keys"), words }
}

fn passes(node: &Node, log: &Log) -> bool {
    match node {
        Node::All => true,
        Node::And(list) => list.iter().all(|node| passes(node, log)),
        Node::Or(list) => list.iter().any(|node| passes(node, log)),
        Node::Not(inner) => !passes(inner, log),
        Node::Field(field, test) => fits(test, field.kind, &field.words, field.value(log).as_deref()),
        Node::Anywhere(scope, test) => anywhere(scope, test, log),
    }
}

/// Every word of the condition must be somewhere in the log.
fn anywhere(scope: &Scope, test: &Test, log: &Log) -> bool {
    let values: Vec<(String, &Words)> = match &scope.fields {
        Some(fields) => {
            fields.iter().filter_map(|field| field.value(log).map(|value| (value, &field.words))).collect()
        }
        None => {
            let fields = log.fields.iter().filter(|(name, _)| !scope.excluded.contains(name));
            fields.map(|(_, value)| (value.clone(), &scope.words)).collect()
        }
    };
    if let Test::Words(text) | Test::Literal(text) = test {
        let wild = matches!(test, Test::Words(_));
        let wanted = if wild { scope.words.cut_pattern(text) } else { scope.words.cut(text) };
        return wanted
            .iter()
            .all(|wanted| values.iter().any(|(value, words)| has_words(words, wanted, value, wild)));
    }
    values.iter().any(|(value, words)| fits(test, Kind::Text, words, Some(value)))
}

fn fits(test: &Test, kind: Kind, words: &Words, value: Option<&str>) -> bool {
    let Some(value) = value else { return false };
    let number = value.trim().parse::<f64>().ok();
    match test {
        Test::Exists => true,
        Test::Empty => value.is_empty(),
        Test::Compare(operator, wanted) => number.is_some_and(|number| compare(number, operator, *wanted)),
        Test::Range(first, with_first, last, with_last) => number.is_some_and(|number| {
            let above = number > *first || *with_first && number == *first;
            above && (number < *last || *with_last && number == *last)
        }),
        Test::Words(text) | Test::Literal(text) if kind == Kind::Number => {
            text.parse::<f64>().ok().zip(number).is_some_and(|(wanted, number)| wanted == number)
        }
        Test::Words(text) => has_words(words, text, value, true),
        Test::Literal(text) => has_words(words, text, value, false),
        Test::Phrase(text) => {
            let (wanted, found) = (words.cut(text), words.cut(value));
            !wanted.is_empty() && found.windows(wanted.len()).any(|window| window == wanted)
        }
    }
}

fn compare(number: f64, operator: &str, wanted: f64) -> bool {
    match operator {
        ">" => number > wanted,
        ">=" => number >= wanted,
        "<" => number < wanted,
        "<=" => number <= wanted,
        _ => number == wanted,
    }
}

/// Whether all words of `text` are in `value`, in any order.
fn has_words(words: &Words, text: &str, value: &str, wild: bool) -> bool {
    let found = words.cut(value);
    let wanted = if wild { words.cut_pattern(text) } else { words.cut(text) };
    wanted.iter().all(|wanted| found.iter().any(|word| same(wanted, word, wild)))
}

fn same(wanted: &str, word: &str, wild: bool) -> bool {
    if wild && wanted.contains(['*', '?']) { like(wanted, word, '*', '?') } else { wanted == word }
}

/// Whether `text` fits a pattern with a letter for any run and a letter for any one letter. Linear in practice: only the
/// last run is ever tried again.
pub(super) fn like(pattern: &str, text: &str, any_run: char, any_one: char) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut at, mut read) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while read < text.len() {
        match pattern.get(at) {
            Some(letter) if *letter == any_run => {
                retry = Some((at, read));
                at += 1;
            }
            Some(letter) if *letter == any_one || Some(letter) == text.get(read) => {
                at += 1;
                read += 1;
            }
            _ => match retry {
                Some((run, start)) => {
                    retry = Some((run, start + 1));
                    at = run + 1;
                    read = start + 1;
                }
                None => return false,
            },
        }
    }
    pattern.iter().skip(at).all(|letter| *letter == any_run)
}
