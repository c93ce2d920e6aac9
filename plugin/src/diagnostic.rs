//! Diagnostics: every error and warning a user sees, with the attribute it is about.

use proto::tfplugin6 as wire;

use crate::Path;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// The operation failed.
    Error,
    /// Something the user should know; the operation goes on.
    Warning,
}

/// One message to the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Error or warning.
    pub severity: Severity,
    /// One line, without a full stop.
    pub summary: String,
    /// What exactly, why, and what to do.
    pub detail: String,
    /// The attribute it is about; the root when it is about the resource as a whole.
    pub path: Path,
}

impl Diagnostic {
    /// An error about the resource as a whole.
    pub fn error(summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { severity: Severity::Error, summary: summary.into(), detail: detail.into(), path: Path::root() }
    }

    /// A warning about the resource as a whole.
    pub fn warning(summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(summary, detail) }
    }

    /// The same message, about one attribute.
    #[must_use]
    pub fn at(mut self, path: Path) -> Self {
        self.path = path;
        self
    }

    /// The message on the wire, in the form that all have: a summary without a full stop, no full stop after another one,
    /// and the path in the text wherever it is longer than what every client shows.
    pub(crate) fn to_proto(&self) -> wire::Diagnostic {
        let severity = match self.severity {
            Severity::Error => wire::diagnostic::Severity::Error,
            Severity::Warning => wire::diagnostic::Severity::Warning,
        };
        let summary = single_stops(&self.summary);
        let summary = if is_ellipsis(&summary) { &summary } else { summary.trim_end_matches('.') }.to_owned();
        let mut detail = single_stops(&self.detail);
        let path = self.path.to_string();
        if self.path.0.len() > 1 && !summary.contains(&path) && !detail.contains(&path) {
            if !detail.is_empty() {
                detail.push_str("\n\n");
            }
            detail.push_str(&format!("Attribute: {path}"));
        }
        wire::Diagnostic { severity: severity.into(), summary, detail, attribute: self.path.to_proto() }
    }
}

fn is_ellipsis(text: &str) -> bool {
    text.ends_with("...")
}

/// A text without the full stops that follow the end of a sentence: the words of a service, or a question, that another
/// sentence was made of. Dots within a word, such as those of a path, and three of them stay.
fn single_stops(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let ends = characters.peek().is_none_or(|next| next.is_whitespace());
        let doubled = match tidy.char_indices().next_back() {
            Some((at, '.')) => {
                // A sentence ends in a word; `..` alone is a directory.
                let before = tidy[..at].chars().next_back();
                before.is_some_and(|before| before != '.' && before != '/' && !before.is_whitespace())
            }
            Some((_, '?' | '!')) => true,
            // A sentence in quotation marks.
            Some((at, '"')) => tidy[..at].ends_with(['.', '?', '!']),
            _ => false,
        };
        if !(character == '.' && ends && doubled) {
            tidy.push(character);
        }
    }
    tidy
}

/// The messages of one operation, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Diagnostics(pub Vec<Diagnostic>);

impl Diagnostics {
    /// No message yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a message.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Adds all messages of another operation.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Whether the operation failed.
    #[must_use]
    pub fn has_error(&self) -> bool {
        self.0.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    pub(crate) fn to_proto(&self) -> Vec<wire::Diagnostic> {
        self.0.iter().map(Diagnostic::to_proto).collect()
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Self {
        Self(vec![diagnostic])
    }
}

impl From<Vec<Diagnostic>> for Diagnostics {
    fn from(diagnostics: Vec<Diagnostic>) -> Self {
        Self(diagnostics)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Step;

    #[test]
    fn no_full_stop_follows_the_end_of_a_sentence() {
        for (text, tidy) in [
            ("Did you mean \"cn-beijing\"?.", "Did you mean \"cn-beijing\"?"),
            ("It said: no such thing.. Try again.", "It said: no such thing. Try again."),
            ("It said: no such thing..\nTry again.", "It said: no such thing.\nTry again."),
            ("Stop!. Go.", "Stop! Go."),
            ("It said \"No.\". Go.", "It said \"No.\" Go."),
            ("one, two, ...", "one, two, ..."),
            ("and so on... or not", "and so on... or not"),
            (
                "the file ../a.txt, the directory .. and ../.. too",
                "the file ../a.txt, the directory .. and ../.. too",
            ),
            ("version 1.2.", "version 1.2."),
            ("1..3", "1..3"),
            ("Name it \"a\".", "Name it \"a\"."),
            ("", ""),
        ] {
            assert_eq!(Diagnostic::error("x", text).to_proto().detail, tidy);
        }
        assert_eq!(Diagnostic::error("It is wrong.", "").to_proto().summary, "It is wrong");
        assert_eq!(Diagnostic::warning("Waiting...", "").to_proto().summary, "Waiting...");
    }

    #[test]
    fn the_text_names_a_path_that_goes_into_a_value() {
        let key = Path::attribute("lid").child("keys").then(Step::Index(2));
        let told = |summary: &str, detail: &str, path: &Path| {
            let wire = Diagnostic::error(summary, detail).at(path.clone()).to_proto();
            (wire.summary, wire.detail)
        };
        let (_, detail) = told("Invalid key", "It is bent.", &key);
        assert_eq!(detail, "It is bent.\n\nAttribute: lid.keys[2]");
        assert_eq!(told("Invalid key", "", &key).1, "Attribute: lid.keys[2]");
        let named = ("Invalid lid.keys[2]".to_owned(), "It is bent.".to_owned());
        assert_eq!(told(&named.0, &named.1, &key), named);
        assert_eq!(told("Bent", "lid.keys[2] is bent.", &key).1, "lid.keys[2] is bent.");
        assert_eq!(told("Invalid lid", "It is bent.", &Path::attribute("lid")).1, "It is bent.");
    }
}
