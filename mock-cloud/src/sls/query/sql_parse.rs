//! The grammar of the SQL part: one SELECT over the logs of the search (SLS developer guide, "SQL syntax"; a subset).

use super::super::error::Error;

/// Deepest nesting of an expression that is followed.
const MAX_DEPTH: usize = 50;

/// Aggregates there are.
const AGGREGATES: [&str; 6] = ["count", "approx_distinct", "max", "min", "sum", "avg"];

/// A SELECT.
#[derive(Debug, Default)]
pub(super) struct Select {
    /// Columns with their names in the answer.
    pub(super) columns: Vec<(Sql, String)>,
    /// Condition on rows.
    pub(super) filter: Option<Sql>,
    /// Columns to group by.
    pub(super) group: Vec<Sql>,
    /// Condition on groups.
    pub(super) having: Option<Sql>,
    /// Columns to sort by; true is descending.
    pub(super) order: Vec<(Sql, bool)>,
    /// Rows to pass over and rows to give.
    pub(super) limit: Option<(usize, usize)>,
}

/// An expression.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Sql {
    /// A column by name, with its position in the statement.
    Column(String, usize),
    /// A text.
    Text(String),
    /// A number.
    Number(f64),
    /// An aggregate; without a column it counts rows.
    Aggregate(&'static str, Option<Box<Sql>>),
    /// A comparison: `=`, `<>`, `<`, `<=`, `>`, `>=`.
    Compare(&'static str, Box<Sql>, Box<Sql>),
    /// Both.
    And(Box<Sql>, Box<Sql>),
    /// Either.
    Or(Box<Sql>, Box<Sql>),
    /// Not this.
    Not(Box<Sql>),
    /// Fits a pattern of `%` and `_`.
    Like(Box<Sql>, Box<Sql>),
    /// Is one of these.
    In(Box<Sql>, Vec<Sql>),
    /// Is nothing.
    IsNull(Box<Sql>),
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Word(String),
    Name(String),
    Text(String),
    Number(f64),
    Sign(&'static str),
}

/// A refusal in the service's form.
pub(super) fn refuse(message: impl std::fmt::Display) -> Error {
    Error::parameter(format!("ErrorType:OLSQueryParseError.ErrorMessage:{message}"))
}

fn tokens(text: &str) -> Result<Vec<(Token, usize)>, Error> {
    const SIGNS: [&str; 11] = ["<>", "!=", "<=", ">=", "<", ">", "=", "(", ")", ",", "*"];
    let mut tokens = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        let at = text.len() - rest.len();
        let Some(first) = rest.chars().next() else { return Ok(tokens) };
        let (token, length) = if first == '\'' || first == '"' {
            let (content, length) = quoted(rest, first)?;
            (if first == '"' { Token::Name(content) } else { Token::Text(content) }, length)
        } else if let Some(sign) = SIGNS.into_iter().find(|sign| rest.starts_with(sign)) {
            (Token::Sign(if sign == "!=" { "<>" } else { sign }), sign.len())
        } else if first.is_ascii_digit() || first == '-' {
            let length =
                rest[1..].find(|c: char| !c.is_ascii_digit() && c != '.').map_or(rest.len(), |end| end + 1);
            let number =
                rest[..length].parse().map_err(|_| refuse(format!("line 1:{}: invalid number", at + 1)))?;
            (Token::Number(number), length)
        } else if first.is_alphabetic() || first == '_' {
            let length = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            (Token::Word(rest[..length].to_owned()), length)
        } else {
            return Err(refuse(format!("line 1:{}: mismatched input '{first}'", at + 1)));
        };
        tokens.push((token, at + 1));
        rest = &rest[length..];
    }
}

/// The content of a quoted text and its length with quotes; a doubled quote is one.
fn quoted(text: &str, quote: char) -> Result<(String, usize), Error> {
    let mut content = String::new();
    let mut letters = text.char_indices().skip(1).peekable();
    while let Some((at, letter)) = letters.next() {
        if letter != quote {
            content.push(letter);
        } else if letters.next_if(|(_, next)| *next == quote).is_some() {
            content.push(quote);
        } else {
            return Ok((content, at + quote.len_utf8()));
        }
    }
    Err(refuse("a quotation mark is not closed"))
}

/// Reads a SELECT statement, after an optional session setting.
pub(super) fn parse(text: &str) -> Result<Select, Error> {
    let lower = text.trim_start().to_ascii_lowercase();
    let body = match lower.strip_prefix("set session") {
        Some(rest) => match rest.find(';') {
            Some(end) => &text[text.len() - rest.len() + end + 1..],
            None => return Err(refuse("the session setting is not closed")),
        },
        None => text,
    };
    let mut parser = Parser { tokens: tokens(body)?, at: 0, depth: 0 };
    let select = parser.select()?;
    match parser.peek() {
        None => Ok(select),
        Some(_) => Err(parser.unexpected()),
    }
}

struct Parser {
    tokens: Vec<(Token, usize)>,
    at: usize,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|(token, _)| token)
    }

    fn unexpected(&self) -> Error {
        match self.tokens.get(self.at) {
            Some((token, at)) => refuse(format!("line 1:{at}: mismatched input {token:?}")),
            None => refuse("mismatched input '<EOF>'"),
        }
    }

    fn word(&mut self, word: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Word(found)) if found.eq_ignore_ascii_case(word));
        self.at += usize::from(found);
        found
    }

    fn sign(&mut self, sign: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Sign(found)) if *found == sign);
        self.at += usize::from(found);
        found
    }

    fn need(&self, found: bool) -> Result<(), Error> {
        if found { Ok(()) } else { Err(self.unexpected()) }
    }

    fn select(&mut self) -> Result<Select, Error> {
        let found = self.word("select");
        self.need(found)?;
        let mut select = Select::default();
        loop {
            let column = self.column(select.columns.len())?;
            select.columns.push(column);
            if !self.sign(",") {
                break;
            }
        }
        if self.word("from") {
            let found = self.word("log");
            self.need(found)?;
        }
        if self.word("where") {
            select.filter = Some(self.expression()?);
        }
        if self.word("group") {
            let found = self.word("by");
            self.need(found)?;
            select.group = self.list(Parser::expression)?;
            // A number is the column of that position.
            for item in &mut select.group {
                if let Sql::Number(number) = item {
                    let position =
                        select.columns.iter().enumerate().find(|(at, _)| *number == (*at as f64) + 1.0);
                    *item = position
                        .map(|(_, (column, _))| column.clone())
                        .ok_or_else(|| refuse("GROUP BY position is not in select list"))?;
                }
            }
        }
        if self.word("having") {
            select.having = Some(self.expression()?);
        }
        if self.word("order") {
            let found = self.word("by");
            self.need(found)?;
            select.order = self.list(|parser| {
                let expression = parser.expression()?;
                let descending = parser.word("desc");
                if !descending {
                    parser.word("asc");
                }
                Ok((expression, descending))
            })?;
        }
        if self.word("limit") {
            let first = self.count()?;
            select.limit = Some(if self.sign(",") { (first, self.count()?) } else { (0, first) });
        }
        Ok(select)
    }

    fn list<T>(&mut self, item: impl Fn(&mut Parser) -> Result<T, Error>) -> Result<Vec<T>, Error> {
        let mut list = vec![item(self)?];
        while self.sign(",") {
            list.push(item(self)?);
        }
        Ok(list)
    }

    fn count(&mut self) -> Result<usize, Error> {
        match self.peek() {
            Some(Token::Number(number)) if *number >= 0.0 && number.fract() == 0.0 && *number <= 1e6 => {
                let count = *number as usize;
                self.at += 1;
                Ok(count)
            }
            _ => Err(self.unexpected()),
        }
    }

    fn column(&mut self, index: usize) -> Result<(Sql, String), Error> {
        let expression = self.expression()?;
        if self.word("as") {
            return match self.peek().cloned() {
                Some(Token::Word(name) | Token::Name(name)) => {
                    self.at += 1;
                    Ok((expression, name))
                }
                _ => Err(self.unexpected()),
            };
        }
        let name = match &expression {
            Sql::Column(name, _) => name.clone(),
            _ => format!("_col{index}"),
        };
        Ok((expression, name))
    }

    fn expression(&mut self) -> Result<Sql, Error> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(refuse("the statement is nested too deeply"));
        }
        let mut left = self.both()?;
        while self.word("or") {
            left = Sql::Or(Box::new(left), Box::new(self.both()?));
        }
        self.depth -= 1;
        Ok(left)
    }

    fn both(&mut self) -> Result<Sql, Error> {
        let mut left = self.negated()?;
        while self.word("and") {
            left = Sql::And(Box::new(left), Box::new(self.negated()?));
        }
        Ok(left)
    }

    fn negated(&mut self) -> Result<Sql, Error> {
        let negations = std::iter::from_fn(|| self.word("not").then_some(())).count();
        let inner = self.predicate()?;
        Ok(if negations % 2 == 1 { Sql::Not(Box::new(inner)) } else { inner })
    }

    fn predicate(&mut self) -> Result<Sql, Error> {
        let left = self.operand()?;
        if let Some(Token::Sign(sign @ ("=" | "<>" | "<" | "<=" | ">" | ">="))) = self.peek().cloned() {
            self.at += 1;
            return Ok(Sql::Compare(sign, Box::new(left), Box::new(self.operand()?)));
        }
        if self.word("is") {
            let negated = self.word("not");
            let found = self.word("null");
            self.need(found)?;
            let test = Sql::IsNull(Box::new(left));
            return Ok(if negated { Sql::Not(Box::new(test)) } else { test });
        }
        let negated = self.word("not");
        let test = if self.word("like") {
            Sql::Like(Box::new(left), Box::new(self.operand()?))
        } else if self.word("in") {
            let found = self.sign("(");
            self.need(found)?;
            let list = self.list(Parser::operand)?;
            let found = self.sign(")");
            self.need(found)?;
            Sql::In(Box::new(left), list)
        } else {
            self.need(!negated)?;
            return Ok(left);
        };
        Ok(if negated { Sql::Not(Box::new(test)) } else { test })
    }

    fn operand(&mut self) -> Result<Sql, Error> {
        let Some((token, at)) = self.tokens.get(self.at).cloned() else { return Err(self.unexpected()) };
        self.at += 1;
        match token {
            Token::Text(text) => Ok(Sql::Text(text)),
            Token::Number(number) => Ok(Sql::Number(number)),
            Token::Name(name) => Ok(Sql::Column(name, at)),
            Token::Sign("(") => {
                let inner = self.expression()?;
                let found = self.sign(")");
                self.need(found)?;
                Ok(inner)
            }
            Token::Word(word) if self.sign("(") => self.call(&word, at),
            Token::Word(word) => Ok(Sql::Column(word, at)),
            Token::Sign(_) => {
                self.at -= 1;
                Err(self.unexpected())
            }
        }
    }

    fn call(&mut self, name: &str, at: usize) -> Result<Sql, Error> {
        let Some(name) = AGGREGATES.into_iter().find(|known| known.eq_ignore_ascii_case(name)) else {
            return Err(refuse(format!("line 1:{at}: Function {name} not registered")));
        };
        let argument = if self.sign("*") { None } else { Some(self.operand()?) };
        let found = self.sign(")");
        self.need(found)?;
        // count(1) counts rows like count(*).
        let argument = argument.filter(|argument| !matches!(argument, Sql::Number(_))).map(Box::new);
        if argument.is_none() && name != "count" {
            return Err(refuse(format!("line 1:{at}: Unexpected parameters for function {name}")));
        }
        Ok(Sql::Aggregate(name, argument))
    }
}
