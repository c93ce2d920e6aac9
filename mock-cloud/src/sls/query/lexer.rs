//! Words, quotes and signs of the search language.

use super::super::error::Error;

/// One sign of a search.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// A bare word, maybe with wildcards.
    Word(String),
    /// Text in double quotes, in which wildcards are letters.
    Quoted(String),
    /// `#"…"`.
    Phrase(String),
    /// `>`, `>=`, `<`, `<=`, `=`.
    Operator(&'static str),
    /// `:`.
    Colon,
    /// `(`.
    Open,
    /// `)`.
    Close,
    /// `[`.
    OpenSquare,
    /// `]`.
    CloseSquare,
}

/// Cuts a search into tokens.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, Error> {
    let mut tokens = Vec::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let token = match letter {
            letter if letter.is_whitespace() => continue,
            '(' => Token::Open,
            ')' => Token::Close,
            '[' => Token::OpenSquare,
            ']' => Token::CloseSquare,
            ':' => Token::Colon,
            '=' => Token::Operator("="),
            '>' | '<' => {
                let with_equal = letters.next_if_eq(&'=').is_some();
                Token::Operator(match (letter, with_equal) {
                    ('>', true) => ">=",
                    ('>', false) => ">",
                    (_, true) => "<=",
                    (_, false) => "<",
                })
            }
            '"' => Token::Quoted(quoted(&mut letters)?),
            '#' if letters.peek() == Some(&'"') => {
                letters.next();
                Token::Phrase(quoted(&mut letters)?)
            }
            letter => {
                let mut word = String::from(letter);
                while let Some(next) =
                    letters.next_if(|next| !next.is_whitespace() && !"()[]:=<>\"".contains(*next))
                {
                    word.push(next);
                }
                Token::Word(word)
            }
        };
        tokens.push(token);
    }
    Ok(tokens)
}

/// The rest of a quoted text, after its first quote; `\"` is a quote in it.
fn quoted(letters: &mut impl Iterator<Item = char>) -> Result<String, Error> {
    let mut text = String::new();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => return Ok(text),
            '\\' => match letters.next() {
                Some(next @ ('"' | '\\')) => text.push(next),
                Some(next) => text.extend(['\\', next]),
                None => break,
            },
            letter => text.push(letter),
        }
    }
    Err(Error::bad("InvalidQueryString", "query string is invalid: a quotation mark is not closed"))
}
