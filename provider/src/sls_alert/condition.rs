//! Reads the conditions of an alert rule: the evaluate expressions of Simple Log Service (developer guide, "Syntax of evaluate
//! expressions").
//!
//! The service takes any text when a rule is made and reads it only when the rule runs, so whatever cannot be read here is a
//! doubt and never an error.

/// A part of a condition.
#[derive(Debug, Clone, PartialEq)]
enum Token<'a> {
    /// A number or a text.
    Constant(&'a str),
    /// A field, a function, or a field in brackets.
    Name,
    Operator(&'a str),
    Minus,
    Not,
    Open,
    Close,
    Comma,
}

/// Operators between two operands, the longer ones first.
const OPERATORS: [&str; 14] = ["==", "!=", ">=", "<=", "=~", "!~", "&&", "||", ">", "<", "+", "*", "/", "%"];

/// Whether a condition can be read.
///
/// # Errors
/// What is doubtful about it, in a sentence.
pub(super) fn read(text: &str) -> Result<(), String> {
    // The pages do not say whether a backslash escapes in a text; regular expressions are written in both ways.
    read_with(text, false).or_else(|doubt| read_with(text, true).map_err(|_| doubt))
}

fn read_with(text: &str, escapes: bool) -> Result<(), String> {
    let tokens = tokens(text, escapes)?;
    let mut parser = Parser { tokens: &tokens, at: 0 };
    parser.expression()?;
    match parser.next() {
        None => Ok(()),
        Some(Token::Close) => Err("It has a closing parenthesis too many.".to_owned()),
        Some(_) => Err("Two values stand side by side without an operator such as ==, > or &&.".to_owned()),
    }
}

fn tokens(text: &str, escapes: bool) -> Result<Vec<Token<'_>>, String> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            '(' => (Token::Open, 1),
            ')' => (Token::Close, 1),
            ',' => (Token::Comma, 1),
            '\'' | '"' => {
                let length = quoted(rest, first, escapes)
                    .ok_or_else(|| format!("A text that begins with {first} does not end."))?;
                (Token::Constant(&rest[..length]), length)
            }
            '0'..='9' => {
                let length = span(rest, |c| c.is_alphanumeric() || c == '.');
                (Token::Constant(&rest[..length]), length)
            }
            '[' => (Token::Name, name(rest)?),
            c if is_name(c) => (Token::Name, name(rest)?),
            _ => match OPERATORS.iter().find(|operator| rest.starts_with(**operator)) {
                Some(operator) => (Token::Operator(operator), operator.len()),
                None if first == '-' => (Token::Minus, 1),
                None if first == '!' => (Token::Not, 1),
                None if first == '=' => {
                    return Err("It has a single =. Two values are compared with ==.".to_owned());
                }
                None => return Err(format!("The character {first:?} has no meaning in a condition.")),
            },
        };
        found.push(token);
        rest = rest[length..].trim_start();
    }
    Ok(found)
}

/// Letters of all languages, and what prefixes such as `$0.` and the names of the service's own fields have.
fn is_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$' | '.' | ':' | '@')
}

fn span(text: &str, is_part: impl Fn(char) -> bool) -> usize {
    text.find(|c| !is_part(c)).unwrap_or(text.len())
}

/// The length of a name, parts of which may be in brackets: `$0.[a b]`, `[a=b]`.
fn name(text: &str) -> Result<usize, String> {
    let mut length = 0;
    loop {
        length += span(&text[length..], is_name);
        if !text[length..].starts_with('[') {
            return Ok(length);
        }
        let end = text[length..].find(']');
        length += 1 + end.ok_or_else(|| "A field name that begins with [ does not end.".to_owned())?;
    }
}

/// The length of a text with its quotation marks.
fn quoted(text: &str, mark: char, escapes: bool) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' if escapes => escaped = true,
            c if c == mark => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// How deep parentheses may be nested before reading gives up.
const DEEPEST: usize = 64;

struct Parser<'t, 'a> {
    tokens: &'t [Token<'a>],
    at: usize,
}

impl<'t, 'a> Parser<'t, 'a> {
    fn next(&mut self) -> Option<&'t Token<'a>> {
        let token = self.tokens.get(self.at)?;
        self.at += 1;
        Some(token)
    }

    fn takes(&mut self, wanted: &Token<'_>) -> bool {
        let found = self.tokens.get(self.at) == Some(wanted);
        self.at += usize::from(found);
        found
    }

    fn expression(&mut self) -> Result<(), String> {
        self.nested(0)
    }

    /// Operands with operators between them. Which binds tighter does not matter to whether it can be read.
    fn nested(&mut self, depth: usize) -> Result<(), String> {
        if depth > DEEPEST {
            return Err("It is nested too deeply to be read.".to_owned());
        }
        self.operand(depth)?;
        while let Some(Token::Operator(_) | Token::Minus) = self.tokens.get(self.at) {
            self.at += 1;
            self.operand(depth)?;
        }
        Ok(())
    }

    fn operand(&mut self, depth: usize) -> Result<(), String> {
        while self.takes(&Token::Not) {}
        match self.next() {
            None => Err("It ends in the middle. Write for example cnt > 0.".to_owned()),
            Some(Token::Constant(_)) => Ok(()),
            Some(Token::Name) => {
                if !self.takes(&Token::Open) || self.takes(&Token::Close) {
                    return Ok(());
                }
                loop {
                    self.nested(depth + 1)?;
                    if !self.takes(&Token::Comma) {
                        return self.close();
                    }
                }
            }
            Some(Token::Open) => {
                self.takes(&Token::Minus);
                self.nested(depth + 1)?;
                self.close()
            }
            Some(Token::Minus) => {
                Err("A negative number has to stand in parentheses, such as cnt > (-1).".to_owned())
            }
            Some(Token::Operator(operator)) => {
                Err(format!("A value is missing before {operator}. Write for example cnt > 0."))
            }
            Some(Token::Close) => Err("A value is missing before a closing parenthesis.".to_owned()),
            Some(Token::Comma | Token::Not) => Err("A value is missing before a comma.".to_owned()),
        }
    }

    fn close(&mut self) -> Result<(), String> {
        if self.takes(&Token::Close) {
            return Ok(());
        }
        Err(match self.tokens.get(self.at) {
            None => "A parenthesis is not closed.".to_owned(),
            Some(_) => "Two values stand side by side without an operator such as ==, > or &&.".to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_of_the_developer_guide_can_be_read() {
        for fine in [
            "cnt > 0",
            "aa",
            "__count__ > 1",
            "$0.user == $1.user",
            "$0.[a b] == $1.[a b]",
            "a >= 3 && (b != 'x' || c =~ \"^x\")",
            "f(\"(\") > 1",
            "pv % 2 == 1 && !(host =~ '^a\\.b')",
            "x + (-100) < 100",
            "x - 1 < 100",
            "[5xx percent(%)] > 20",
            "[a=b] > 1",
            "query == \"a=b\"",
            "path == '\\'",
            "text == 'don\\'t'",
            "text == \"it's all\"",
            "contains(path, '\\') && len() > 1",
            "次数 > 1.5e3",
            "event.userIdentity.type == 'root-account'",
        ] {
            assert_eq!(read(fine), Ok(()), "{fine}");
        }
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        for (doubtful, why) in [
            ("cnt = 0", "a single ="),
            ("cnt > -1", "(-1)"),
            ("cnt == -1 && b", "(-1)"),
            ("(cnt > 0", "not closed"),
            ("cnt > 0)", "too many"),
            ("name == \"x", "does not end"),
            ("cnt >", "in the middle"),
            ("> 0", "before >"),
            ("cnt > 0 and a > 1", "side by side"),
            ("(a b)", "side by side"),
            ("a > 1; b", "';'"),
            ("[a > 1", "begins with ["),
            ("f(a,)", "before a closing"),
        ] {
            let doubt = read(doubtful).unwrap_err();
            assert!(doubt.contains(why), "{doubtful}: {doubt}");
        }
        assert!(read(&"(".repeat(1000)).is_err());
    }
}
