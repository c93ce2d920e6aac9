//! Searches of Simple Log Service, evaluated over one log (SLS user guide, "Query syntax"): fields, full text, `and`, `or`,
//! `not`, parentheses and wildcards. Quotation marks bind first, then parentheses, then `and` and `not`, then `or`.

use reconciler::bucket_document::policy::fits;

use super::{Log, sql};

/// Whether a query finds a log. None if that cannot be said.
pub(super) fn finds(query: &str, log: &Log) -> Option<bool> {
    let tokens = tokens(query)?;
    let pipe = tokens.iter().position(|token| matches!(token, Token::Pipe(_)));
    let (search, rest) = match pipe.map(|at| (at, &tokens[at])) {
        Some((at, Token::Pipe(rest))) => (&tokens[..at], Some(*rest)),
        _ => (tokens.as_slice(), None),
    };
    let mut parser = Parser { tokens: search, at: 0, log };
    let found = if search.is_empty() { true } else { parser.any(None)? };
    if parser.at < search.len() {
        return None;
    }
    // What the search does not find, no SQL finds.
    match rest {
        Some(rest) if found => sql::keeps_all(rest).map(|()| true),
        _ => Some(found),
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Token<'q> {
    Open,
    Close,
    Colon,
    /// Text without quotation marks, in which `*` and `?` stand for others.
    Word(String),
    /// Text in quotation marks.
    Quoted(String),
    /// Everything after the first `|`.
    Pipe(&'q str),
    /// A comparison of numbers, or another operator.
    Operator,
}

fn tokens(query: &str) -> Option<Vec<Token<'_>>> {
    let mut tokens = Vec::new();
    let mut rest = query.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        match c {
            '(' => tokens.push(Token::Open),
            ')' => tokens.push(Token::Close),
            ':' => tokens.push(Token::Colon),
            '|' => {
                tokens.push(Token::Pipe(&query[at + 1..]));
                break;
            }
            '<' | '>' | '=' | '[' | ']' => tokens.push(Token::Operator),
            '"' => {
                let mut text = String::new();
                loop {
                    match rest.next()?.1 {
                        '"' => break,
                        '\\' => text.push(rest.next()?.1),
                        other => text.push(other),
                    }
                }
                tokens.push(Token::Quoted(text));
            }
            c if c.is_whitespace() => {}
            c => {
                let mut text = String::from(c);
                let ends = |c: char| c.is_whitespace() || "():|<>=[]\"".contains(c);
                while let Some((_, c)) = rest.next_if(|(_, c)| !ends(*c)) {
                    text.push(c);
                }
                tokens.push(Token::Word(text));
            }
        }
    }
    Some(tokens)
}

struct Parser<'t, 'q> {
    tokens: &'t [Token<'q>],
    at: usize,
    log: &'t Log,
}

impl<'t, 'q> Parser<'t, 'q> {
    fn peek(&self) -> Option<&'t Token<'q>> {
        self.tokens.get(self.at)
    }

    fn word(&self, word: &str) -> bool {
        matches!(self.peek(), Some(Token::Word(found)) if found.eq_ignore_ascii_case(word))
    }

    fn takes(&mut self, word: &str) -> bool {
        let takes = self.word(word);
        self.at += usize::from(takes);
        takes
    }

    /// Terms with `or` between them; within `field: ( … )` they are values of the field.
    fn any(&mut self, field: Option<&str>) -> Option<bool> {
        let mut found = self.all(field)?;
        while self.takes("or") {
            found |= self.all(field)?;
        }
        Some(found)
    }

    /// Terms with `and`, `not` or nothing between them.
    fn all(&mut self, field: Option<&str>) -> Option<bool> {
        let mut found = self.term(field)?;
        loop {
            match self.peek() {
                None | Some(Token::Close) => return Some(found),
                Some(_) if self.word("or") => return Some(found),
                Some(_) => {
                    self.takes("and");
                    found &= self.term(field)?;
                }
            }
        }
    }

    fn term(&mut self, field: Option<&str>) -> Option<bool> {
        if self.takes("not") {
            return Some(!self.term(field)?);
        }
        if self.word("and") || self.word("or") {
            return None;
        }
        let token = self.peek()?;
        self.at += 1;
        match token {
            Token::Open => {
                let found = self.any(field)?;
                matches!(self.peek(), Some(Token::Close)).then(|| self.at += 1)?;
                Some(found)
            }
            Token::Word(text) | Token::Quoted(text) if matches!(self.peek(), Some(Token::Colon)) => {
                self.at += 1;
                // A field within a field is no search.
                if field.is_some() {
                    return None;
                }
                self.value(text)
            }
            // Comparisons, and lists of values, are not read.
            Token::Word(_) | Token::Quoted(_)
                if matches!(self.peek(), Some(Token::Operator)) || self.word("in") =>
            {
                None
            }
            Token::Word(text) => Some(self.matches(field, text, true)),
            Token::Quoted(text) => Some(self.matches(field, text, false)),
            Token::Close | Token::Colon | Token::Operator | Token::Pipe(_) => None,
        }
    }

    /// What stands after the colon of a field.
    fn value(&mut self, field: &str) -> Option<bool> {
        let token = self.peek()?;
        self.at += 1;
        match token {
            Token::Word(text) => Some(self.matches(Some(field), text, true)),
            Token::Quoted(text) => Some(self.matches(Some(field), text, false)),
            Token::Open => {
                let found = self.any(Some(field))?;
                matches!(self.peek(), Some(Token::Close)).then(|| self.at += 1)?;
                Some(found)
            }
            _ => None,
        }
    }

    /// Whether the text is in the field, or in any without one. Letter case does not count, as in the index that ActionTrail
    /// makes.
    fn matches(&self, field: Option<&str>, text: &str, with_wildcards: bool) -> bool {
        if text == "*" && with_wildcards {
            return field.is_none_or(|field| self.log.contains_key(field));
        }
        let mut fields = self.log.iter().filter(|(name, _)| field.is_none_or(|field| field == **name));
        fields.any(|(_, value)| holds(value, text, with_wildcards))
    }
}

/// Whether the words of a text stand one after another in a value.
fn holds(value: &str, text: &str, with_wildcards: bool) -> bool {
    // The separators of the index that ActionTrail makes; in a search, `?` may be a wildcard.
    let words = |text: &str, splits_at_question_mark: bool| -> Vec<String> {
        let separates = |c: char| {
            c.is_whitespace() || ",'\";=()[]{}@&<>/:\\".contains(c) || (splits_at_question_mark && c == '?')
        };
        text.split(separates).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
    };
    let (in_value, wanted) = (words(value, true), words(text, !with_wildcards));
    if wanted.is_empty() {
        return in_value.is_empty();
    }
    let same = |(word, wanted): (&String, &String)| {
        if with_wildcards { fits(wanted, word) } else { word == wanted }
    };
    in_value.windows(wanted.len()).any(|window| window.iter().zip(&wanted).all(same))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log() -> Log {
        Log::from([
            ("event.serviceName", "Ram".to_owned()),
            ("event.eventName", "CreatePolicy".to_owned()),
            ("event.errorCode", "Forbidden.RAM".to_owned()),
            ("request_uri", "/?acl".to_owned()),
        ])
    }

    #[test]
    fn searches_that_find_the_log() {
        for query in [
            "*",
            "",
            "* | select count(1) as cnt",
            "CreatePolicy",
            "event.eventName: CreatePolicy",
            "\"event.eventName\": \"CreatePolicy\"",
            "\"event.eventName\" : \"createpolicy\"",
            "event.eventName: (DeletePolicy or CreatePolicy)",
            "event.eventName: Create*",
            "event.errorCode: Forbidden*",
            "event.errorCode: *",
            "event.errorCode: * and not event.errorCode: \"\"",
            "event.serviceName: Ram event.eventName: CreatePolicy",
            "event.serviceName: Ram not event.eventName: DeletePolicy",
            "event.serviceName: Ecs and x or event.eventName: CreatePolicy",
            "not (event.serviceName: Ecs)",
            "request_uri: acl",
            "don't or CreatePolicy",
        ] {
            assert_eq!(finds(query, &log()), Some(true), "{query}");
        }
    }

    #[test]
    fn searches_that_do_not() {
        for query in [
            "event.eventName: DeletePolicy",
            "event.eventName: Policy",
            "event.eventName: \"Create*\"",
            "event.serviceName: Ram and event.eventName: DeletePolicy",
            "event.eventName: CreatePolicy not event.serviceName: Ram",
            "not event.eventName: CreatePolicy",
            "event.errorCode: \"\"",
            "event.other: *",
            "event.other: x | select 1 where true",
            "eventName: CreatePolicy",
        ] {
            assert_eq!(finds(query, &log()), Some(false), "{query}");
        }
    }

    #[test]
    fn searches_that_are_too_much() {
        for query in [
            "event.eventName = CreatePolicy",
            "\"open",
            "(a or b",
            "a)",
            "event.eventName: CreatePolicy | select 1 where x",
            "event.eventName in [a, b]",
            "event.eventName: (a: b)",
            "and",
            "a: ",
        ] {
            assert_eq!(finds(query, &log()), None, "{query}");
        }
    }
}
