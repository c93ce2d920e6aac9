//! The SQL behind a search. Only whether it leaves logs out is looked at.

use sqlparser::dialect::GenericDialect;
use sqlparser::tokenizer::{Token, Tokenizer};

/// Whether a statement counts what the search found, without a condition of its own. None if it may leave something out.
pub(super) fn keeps_all(sql: &str) -> Option<()> {
    let tokens = Tokenizer::new(&GenericDialect {}, sql).tokenize().ok()?;
    let filters = |token: &Token| match token {
        Token::Word(word) => {
            word.quote_style.is_none()
                && ["where", "having", "limit", "join", "except", "intersect"]
                    .iter()
                    .any(|filter| word.value.eq_ignore_ascii_case(filter))
        }
        _ => false,
    };
    (!tokens.iter().any(filters)).then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_are_found_outside_of_texts_and_comments() {
        for fine in
            ["select count(1) as cnt", "select count(1) as \"where\" -- where", "select 'having' as a"]
        {
            assert_eq!(keeps_all(fine), Some(()), "{fine}");
        }
        for doubtful in
            ["select 1 where a = 'b'", "SELECT count(1) c HAVING c > 9", "where a = 'b'", "select 'a"]
        {
            assert_eq!(keeps_all(doubtful), None, "{doubtful}");
        }
    }
}
