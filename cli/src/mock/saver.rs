//! Saves the state of a running mock whenever it has changed, so that hardly anything is lost with the process: half a
//! second, and the time that saving takes.

use std::fs::{self, Metadata};
use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::Duration;

use mock_cloud::StateReader;

use super::state;
use crate::failure::Failure;

/// How long changes are gathered before they are saved together.
const PAUSE: Duration = Duration::from_millis(500);

/// A thread that saves.
#[derive(Debug)]
pub(super) struct Saver {
    stop: Sender<()>,
    thread: JoinHandle<Result<(), Failure>>,
}

impl Saver {
    /// Saves to the path from now on.
    pub(super) fn start(path: &Path, reader: StateReader) -> Result<Self, Failure> {
        let mut file = StateFile { path: path.to_owned(), reader, seen: None, hash: None, mark: None };
        let (stop, stopping) = mpsc::channel();
        let run = move || {
            let mut warned = false;
            loop {
                let end = stopping.recv_timeout(PAUSE) != Err(RecvTimeoutError::Timeout);
                match file.save() {
                    outcome if end => return outcome,
                    Ok(()) => warned = false,
                    Err(failure) => {
                        if !warned {
                            tracing::warn!("{failure}");
                        }
                        warned = true;
                    }
                }
            }
        };
        let thread = std::thread::Builder::new().name("state".to_owned()).spawn(run);
        let thread = thread.map_err(|error| Failure::new(format!("cannot start a thread: {error}")))?;
        Ok(Self { stop, thread })
    }

    /// Saves a last time.
    pub(super) fn finish(self) -> Result<(), Failure> {
        // Without a receiver the thread has ended, which the next line tells.
        let _ = self.stop.send(());
        let ended = self.thread.join();
        ended.unwrap_or_else(|_| Err(Failure::new("the state is not saved: its thread has failed")))
    }
}

/// What is known of the file.
#[derive(Debug)]
struct StateFile {
    path: PathBuf,
    reader: StateReader,
    /// The count of changes when the state was last looked at.
    seen: Option<u64>,
    /// What was last saved.
    hash: Option<u64>,
    /// The file that was last written.
    mark: Option<Mark>,
}

impl StateFile {
    /// Saves the state if it is another one than that in the file.
    fn save(&mut self) -> Result<(), Failure> {
        let changes = self.reader.changes();
        let mark = Mark::of(&self.path);
        let ours = mark.is_some() && mark == self.mark;
        if ours && self.seen == Some(changes) {
            return Ok(());
        }
        let text = state::text(&self.reader.read())?;
        let mut hasher = DefaultHasher::new();
        hasher.write(&text);
        let hash = hasher.finish();
        if !ours {
            // Somebody else may have put something there that is no state.
            state::check(&self.path)?;
        }
        if !ours || self.hash != Some(hash) {
            state::write(&self.path, &text)?;
            self.mark = Mark::of(&self.path);
        }
        (self.seen, self.hash) = (Some(changes), Some(hash));
        Ok(())
    }
}

/// What tells whether a file is still the one that was written.
#[derive(Debug, PartialEq, Eq)]
struct Mark {
    length: u64,
    modified: Option<std::time::SystemTime>,
    number: u64,
}

impl Mark {
    fn of(path: &Path) -> Option<Self> {
        let about = fs::symlink_metadata(path).ok().filter(Metadata::is_file)?;
        #[cfg(unix)]
        let number = std::os::unix::fs::MetadataExt::ino(&about);
        #[cfg(not(unix))]
        let number = 0;
        Some(Self { length: about.len(), modified: about.modified().ok(), number })
    }
}

#[cfg(test)]
mod tests {
    use mock_cloud::{MockCloud, Options};

    use super::*;

    #[test]
    fn a_state_is_saved_when_it_has_changed_and_over_no_other_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cloud.json");
        let runtime = crate::mock::runtime().unwrap();
        let handle = runtime.block_on(MockCloud::start(Options::default())).unwrap();
        let reader = handle.state_reader();
        let mut file = StateFile { path: path.clone(), reader, seen: None, hash: None, mark: None };
        file.save().unwrap();
        let first = Mark::of(&path);
        handle.with_cloud(|_| ());
        file.save().unwrap();
        assert_eq!(Mark::of(&path), first, "nothing has changed");
        handle.with_cloud(|cloud| cloud.clock.offset_seconds = 7);
        file.save().unwrap();
        assert_ne!(Mark::of(&path), first);
        assert_eq!(state::load(&path).unwrap().unwrap().clock.offset_seconds, 7);
        fs::remove_file(&path).unwrap();
        file.save().unwrap();
        assert!(path.exists(), "it is written again");
        fs::write(&path, "notes of mine").unwrap();
        handle.with_cloud(|cloud| cloud.clock.offset_seconds = 8);
        assert!(file.save().is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), "notes of mine");
        runtime.block_on(handle.shutdown());
    }
}
