//! What a run did: a file of JSON lines, to which a line is added and synced before each write and after it. A run that was
//! stopped is gone on with, and one that ended is undone, from this file alone.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::change::Step;
use crate::execution::Outcome;

/// The version of the form.
const VERSION: u32 = 1;

/// A line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "record", rename_all = "snake_case")]
enum Record {
    /// The first: what is to be done.
    Plan { version: u32, steps: Vec<Step> },
    /// A step is about to be written.
    Begun { step: usize, undo: bool },
    /// What became of it.
    Ended { step: usize, undo: bool, outcome: Outcome },
}

/// What is wrong with a journal.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The file cannot be read or written.
    #[error("{path}: {error}")]
    File {
        /// The path.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// Another run has it open.
    #[error("{0}: another run works with this journal")]
    Locked(PathBuf),
    /// It is no journal, or one of another version.
    #[error("{path}: line {line}: {detail}")]
    Malformed {
        /// The path.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        detail: String,
    },
    /// There is a journal already.
    #[error(
        "{0}: there is a journal already; go on with --resume, undo it with --undo, or name another file"
    )]
    Exists(PathBuf),
}

/// An open journal. Only one run at a time has it.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: File,
    steps: Vec<Step>,
    ended: BTreeMap<usize, Outcome>,
    undone: BTreeMap<usize, Outcome>,
}

impl Journal {
    /// Begins a journal with the steps of a run.
    ///
    /// # Errors
    /// A file that is there already, or cannot be written.
    pub fn create(path: &Path, steps: Vec<Step>) -> Result<Self, JournalError> {
        let opened = OpenOptions::new().read(true).append(true).create_new(true).open(path);
        let file = opened.map_err(|error| match error.kind() {
            std::io::ErrorKind::AlreadyExists => JournalError::Exists(path.to_owned()),
            _ => JournalError::File { path: path.to_owned(), error },
        })?;
        lock(path, &file)?;
        let mut journal =
            Self { path: path.to_owned(), file, steps, ended: BTreeMap::new(), undone: BTreeMap::new() };
        let plan = Record::Plan { version: VERSION, steps: journal.steps.clone() };
        journal.append(&plan)?;
        Ok(journal)
    }

    /// Opens a journal to go on with it. A last line that was cut off by a crash is taken away.
    ///
    /// # Errors
    /// A file that cannot be used.
    pub fn open(path: &Path) -> Result<Self, JournalError> {
        let failed = |error| JournalError::File { path: path.to_owned(), error };
        let mut file = OpenOptions::new().read(true).append(true).open(path).map_err(failed)?;
        lock(path, &file)?;
        let mut text = Vec::new();
        file.read_to_end(&mut text).map_err(failed)?;
        let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        file.set_len(whole as u64).map_err(failed)?;
        file.seek(SeekFrom::End(0)).map_err(failed)?;
        let malformed =
            |line: usize, detail: String| JournalError::Malformed { path: path.to_owned(), line, detail };
        let mut records = text[..whole].split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        let first = records.next().ok_or_else(|| malformed(1, "the file is empty".to_owned()))?;
        let steps = match serde_json::from_slice(first) {
            Ok(Record::Plan { version: VERSION, steps }) => steps,
            Ok(Record::Plan { version, .. }) => {
                let detail = format!("a journal of version {version}; this program reads version {VERSION}");
                return Err(malformed(1, detail));
            }
            Ok(_) => return Err(malformed(1, "the plan is missing".to_owned())),
            Err(error) => return Err(malformed(1, format!("no journal: {error}"))),
        };
        let mut journal =
            Self { path: path.to_owned(), file, steps, ended: BTreeMap::new(), undone: BTreeMap::new() };
        for (line, record) in (2..).zip(records) {
            match serde_json::from_slice(record) {
                Ok(Record::Ended { step, undo, outcome }) if step < journal.steps.len() => {
                    journal.remember(step, undo, outcome);
                }
                Ok(Record::Begun { .. }) => {}
                Ok(_) => return Err(malformed(line, "a record that belongs to no step".to_owned())),
                Err(error) => return Err(malformed(line, error.to_string())),
            }
        }
        Ok(journal)
    }

    /// The steps of the run.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// What became of a step, if it came to an end.
    #[must_use]
    pub fn outcome(&self, step: usize) -> Option<&Outcome> {
        self.ended.get(&step)
    }

    /// What became of undoing a step.
    #[must_use]
    pub fn undone(&self, step: usize) -> Option<&Outcome> {
        self.undone.get(&step)
    }

    /// Notes that a step is about to be written. When this returns, the note is on the disk.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn begin(&mut self, step: usize, undo: bool) -> Result<(), JournalError> {
        self.append(&Record::Begun { step, undo })
    }

    /// Notes what became of a step.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn end(&mut self, step: usize, undo: bool, outcome: Outcome) -> Result<(), JournalError> {
        self.append(&Record::Ended { step, undo, outcome: outcome.clone() })?;
        self.remember(step, undo, outcome);
        Ok(())
    }

    fn remember(&mut self, step: usize, undo: bool, outcome: Outcome) {
        let map = if undo { &mut self.undone } else { &mut self.ended };
        map.insert(step, outcome);
    }

    fn append(&mut self, record: &Record) -> Result<(), JournalError> {
        let failed = |error| JournalError::File { path: self.path.clone(), error };
        let mut line = serde_json::to_vec(record).map_err(|error| failed(error.into()))?;
        line.push(b'\n');
        self.file.write_all(&line).and_then(|()| self.file.sync_data()).map_err(failed)
    }
}

fn lock(path: &Path, file: &File) -> Result<(), JournalError> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(std::fs::TryLockError::WouldBlock) => Err(JournalError::Locked(path.to_owned())),
        Err(std::fs::TryLockError::Error(error)) => Err(JournalError::File { path: path.to_owned(), error }),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::change::Change;

    fn steps() -> Vec<Step> {
        let step = |trail: &str| Step {
            account: "1".into(),
            region: "cn-hangzhou".into(),
            rules: vec!["AT-04".into()],
            change: Change::StartLogging { trail: trail.into() },
            before: json!(false),
            after: json!(true),
        };
        vec![step("a"), step("b")]
    }

    #[test]
    fn what_was_done_is_known_after_any_stop() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("journal");
        let mut journal = Journal::create(&path, steps()).unwrap();
        journal.begin(0, false).unwrap();
        journal.end(0, false, Outcome::Done).unwrap();
        journal.begin(1, false).unwrap();
        assert!(matches!(Journal::open(&path), Err(JournalError::Locked(_))));
        drop(journal);
        assert!(matches!(Journal::create(&path, steps()), Err(JournalError::Exists(_))));
        let text = std::fs::read(&path).unwrap();
        let before_last_two = text[..text.len() - 1].iter().rposition(|b| *b == b'\n').unwrap();
        let before_last_two = text[..before_last_two].iter().rposition(|b| *b == b'\n').unwrap() + 1;
        // Cut off at every byte of its last two records.
        for end in before_last_two..=text.len() {
            std::fs::write(&path, &text[..end]).unwrap();
            let journal = Journal::open(&path).unwrap();
            assert_eq!(journal.steps(), steps());
            let done = text[..end].windows(9).any(|part| part == b"\"ended\",\"")
                && std::str::from_utf8(&std::fs::read(&path).unwrap()).unwrap().contains("ended");
            assert_eq!(journal.outcome(0).is_some(), done, "{end}");
            assert_eq!(journal.outcome(1), None);
        }
    }

    #[test]
    fn what_is_no_journal_is_refused_with_its_line() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("journal");
        for (text, part) in [
            ("", "line 1: the file is empty"),
            ("{}\n", "line 1: no journal"),
            ("{\"record\":\"plan\",\"version\":9,\"steps\":[]}\n", "version 9"),
            (
                "{\"record\":\"plan\",\"version\":1,\"steps\":[]}\n{\"record\":\"ended\",\"step\":4,\"undo\":false,\"outcome\":{\"outcome\":\"done\"}}\n",
                "line 2",
            ),
            ("{\"record\":\"plan\",\"version\":1,\"steps\":[]}\nx\n", "line 2"),
        ] {
            std::fs::write(&path, text).unwrap();
            let error = Journal::open(&path).unwrap_err().to_string();
            assert!(error.contains(part), "{part}: {error}");
        }
    }
}
