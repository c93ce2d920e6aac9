//! The grammar of searches: conditions joined by `and`, `or`, `not` (SLS developer guide, "Search syntax").

use super::super::error::Error;
use super::lexer::{self, Token};

/// Deepest nesting of parentheses that is followed.
const MAX_DEPTH: usize = 50;

/// A search.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Expr {
    /// Everything.
    All,
    /// All of these.
    And(Vec<Expr>),
    /// Any of these.
    Or(Vec<Expr>),
    /// Not this.
    Not(Box<Expr>),
    /// A condition, on a field or on the whole log.
    Is(Option<String>, Test),
}

/// What a condition asks of a value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Test {
    /// It is there.
    Exists,
    /// It is there and empty.
    Empty,
    /// It has the words of this text, which may hold wildcards.
    Words(String),
    /// It has the words of this text, in which wildcards are letters.
    Literal(String),
    /// It has the words of this text, one after the other.
    Phrase(String),
    /// It compares to a number.
    Compare(&'static str, f64),
    /// It is within a range; the flags tell whether the bounds belong to it.
    Range(f64, bool, f64, bool),
}

/// Reads a search.
pub(super) fn parse(text: &str) -> Result<Expr, Error> {
    let tokens = lexer::tokens(text)?;
    if tokens.is_empty() {
        return Ok(Expr::All);
    }
    let mut parser = Parser { tokens: &tokens, at: 0, depth: 0 };
    let expr = parser.either()?;
    if parser.at < tokens.len() {
        return Err(parser.unexpected());
    }
    Ok(expr)
}

struct Parser<'t> {
    tokens: &'t [Token],
    at: usize,
    depth: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn take(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        token
    }

    fn unexpected(&self) -> Error {
        let what = match self.peek() {
            None => "it ends early".to_owned(),
            Some(token) => format!("unexpected {token:?} at position {}", self.at + 1),
        };
        Error::bad("InvalidQueryString", format!("query string is invalid: {what}"))
    }

    /// Whether a bare operator word comes next; operators are recognised in any case.
    fn next_is(&self, word: &str) -> bool {
        matches!(self.peek(), Some(Token::Word(found)) if found.eq_ignore_ascii_case(word))
    }

    fn either(&mut self) -> Result<Expr, Error> {
        let mut any = vec![self.all()?];
        while self.next_is("or") {
            self.at += 1;
            any.push(self.all()?);
        }
        Ok(if any.len() == 1 { any.remove(0) } else { Expr::Or(any) })
    }

    /// Conditions side by side, with or without `and` between them.
    fn all(&mut self) -> Result<Expr, Error> {
        let mut all = vec![self.negated()?];
        loop {
            if self.next_is("and") {
                self.at += 1;
            } else if self.peek().is_none() || self.peek() == Some(&Token::Close) || self.next_is("or") {
                return Ok(if all.len() == 1 { all.remove(0) } else { Expr::And(all) });
            }
            all.push(self.negated()?);
        }
    }

    fn negated(&mut self) -> Result<Expr, Error> {
        if self.next_is("not") {
            self.at += 1;
            return Ok(Expr::Not(Box::new(self.condition()?)));
        }
        self.condition()
    }

    fn condition(&mut self) -> Result<Expr, Error> {
        match self.take() {
            Some(Token::Open) => {
                self.depth += 1;
                if self.depth > MAX_DEPTH {
                    return Err(Error::bad("InvalidQueryString", "query string is nested too deeply"));
                }
                let expr = self.either()?;
                self.depth -= 1;
                if self.take() != Some(Token::Close) {
                    self.at -= 1;
                    return Err(self.unexpected());
                }
                Ok(expr)
            }
            Some(Token::Phrase(text)) => Ok(Expr::Is(None, Test::Phrase(text))),
            Some(Token::Word(word)) if !is_operator(&word) => self.after_name(word, false),
            Some(Token::Quoted(text)) => self.after_name(text, true),
            _ => {
                self.at -= 1;
                Err(self.unexpected())
            }
        }
    }

    /// A word may be the name of a field or a value of its own.
    fn after_name(&mut self, name: String, quoted: bool) -> Result<Expr, Error> {
        match self.peek() {
            Some(Token::Colon) => {
                self.at += 1;
                let test = match self.take() {
                    Some(Token::Word(word)) => word_test(word),
                    Some(Token::Quoted(text)) if text.is_empty() => Test::Empty,
                    Some(Token::Quoted(text)) => Test::Literal(text),
                    Some(Token::Phrase(text)) => Test::Phrase(text),
                    _ => {
                        self.at -= 1;
                        return Err(self.unexpected());
                    }
                };
                Ok(Expr::Is(Some(name), test))
            }
            Some(Token::Operator(operator)) => {
                let operator = *operator;
                self.at += 1;
                match self.take() {
                    Some(Token::Word(text) | Token::Quoted(text)) => match text.parse::<f64>() {
                        Ok(number) => Ok(Expr::Is(Some(name), Test::Compare(operator, number))),
                        // Without a number an equals sign is no test of equality but a search for the words.
                        Err(_) => Ok(words_of(&name, &text)),
                    },
                    _ => {
                        self.at -= 1;
                        Err(self.unexpected())
                    }
                }
            }
            Some(Token::Word(word)) if word == "in" && self.range_follows() => {
                self.at += 1;
                let range = self.range()?;
                Ok(Expr::Is(Some(name), range))
            }
            _ if quoted => Ok(Expr::Is(None, Test::Literal(name))),
            _ if name == "*" => Ok(Expr::All),
            _ => Ok(Expr::Is(None, Test::Words(name))),
        }
    }

    fn range_follows(&self) -> bool {
        matches!(self.tokens.get(self.at + 1), Some(Token::Open | Token::OpenSquare))
    }

    fn range(&mut self) -> Result<Test, Error> {
        let with_first = self.take() == Some(Token::OpenSquare);
        let first = self.number()?;
        let last = self.number()?;
        let with_last = match self.take() {
            Some(Token::CloseSquare) => true,
            Some(Token::Close) => false,
            _ => {
                self.at -= 1;
                return Err(self.unexpected());
            }
        };
        Ok(Test::Range(first, with_first, last, with_last))
    }

    fn number(&mut self) -> Result<f64, Error> {
        match self.take() {
            Some(Token::Word(word)) if word.parse::<f64>().is_ok() => Ok(word.parse().unwrap_or_default()),
            _ => {
                self.at -= 1;
                Err(self.unexpected())
            }
        }
    }
}

fn is_operator(word: &str) -> bool {
    ["and", "or", "not"].iter().any(|operator| operator.eq_ignore_ascii_case(word))
}

fn word_test(word: String) -> Test {
    if word == "*" { Test::Exists } else { Test::Words(word) }
}

/// A comparison that is none: a search for its name and value.
pub(super) fn words_of(name: &str, value: &str) -> Expr {
    let word = |text: &str| Expr::Is(None, Test::Literal(text.to_owned()));
    Expr::And(vec![word(name), word(value)])
}
