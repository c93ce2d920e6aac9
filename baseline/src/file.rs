//! Files that users write, in TOML, and where in them a mistake is.

use std::fmt;
use std::ops::Range;

use serde::de::DeserializeOwned;
use toml::Spanned;

/// A mistake in a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct FileError {
    /// The path, as the user wrote it.
    pub file: String,
    /// The line, from 1; none if the file could not be read at all.
    pub line: Option<usize>,
    /// The column, in characters from 1.
    pub column: Option<usize>,
    /// What is wrong, and how to write it.
    pub message: String,
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, self.column) {
            (Some(line), Some(column)) => write!(f, "{}:{line}:{column}: {}", self.file, self.message),
            _ => write!(f, "{}: {}", self.file, self.message),
        }
    }
}

/// A file being read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Source<'a> {
    /// The path, as the user wrote it.
    pub(crate) name: &'a str,
    /// The content.
    pub(crate) text: &'a str,
}

impl Source<'_> {
    pub(crate) fn parse<T: DeserializeOwned>(self) -> Result<T, FileError> {
        toml::from_str(self.text).map_err(|error| {
            let message = error.message().trim_end().replace('\n', ", ");
            match error.span() {
                Some(span) => self.error_at(&span, message),
                None => FileError { file: self.name.to_owned(), line: None, column: None, message },
            }
        })
    }

    /// A mistake at a value.
    pub(crate) fn error<T>(self, at: &Spanned<T>, message: impl Into<String>) -> FileError {
        self.error_at(&at.span(), message)
    }

    pub(crate) fn error_at(self, span: &Range<usize>, message: impl Into<String>) -> FileError {
        let before = self.text.get(..span.start).unwrap_or(self.text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        FileError {
            file: self.name.to_owned(),
            line: Some(before.matches('\n').count() + 1),
            column: Some(before[line_start..].chars().count() + 1),
            message: message.into(),
        }
    }
}

/// Reads a file.
pub(crate) fn read(path: &std::path::Path) -> Result<String, FileError> {
    std::fs::read_to_string(path).map_err(|error| FileError {
        file: path.display().to_string(),
        line: None,
        column: None,
        message: format!("the file cannot be read: {error}"),
    })
}
