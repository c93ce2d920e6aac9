//! What separates the words of a text: `token` for single characters, `tokens` for words, and one of the two in a state.

use plugin::Attr;
use reconciler::sls_index::is_usual;

/// What separates words, in the two ways to write it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Separators<'m> {
    pub(super) token: &'m Attr<String>,
    pub(super) tokens: &'m Attr<Vec<String>>,
}

impl Separators<'_> {
    /// Those that are written; none where that is left to the defaults.
    pub(super) fn written(self) -> Option<Vec<String>> {
        let single = || Some(self.token.as_str()?.chars().map(String::from).collect());
        self.tokens.get().cloned().or_else(single)
    }

    /// `token` and `tokens` as they are seen. `stated` is how the state writes them; unset where they are the usual ones and the
    /// state does not name them.
    pub(super) fn read_from(
        seen: Option<&Vec<String>>,
        stated: Option<Self>,
    ) -> (Attr<String>, Attr<Vec<String>>) {
        let in_words = stated.is_some_and(|stated| stated.tokens.get().is_some());
        let is_stated = in_words || stated.is_some_and(|stated| stated.token.get().is_some());
        match seen.filter(|seen| is_stated || !is_usual(seen)) {
            None => (Attr::Null, Attr::Null),
            Some(seen) if in_words || seen.iter().any(|one| one.chars().count() != 1) => {
                (Attr::Null, seen.clone().into())
            }
            Some(seen) => (seen.concat().into(), Attr::Null),
        }
    }
}
