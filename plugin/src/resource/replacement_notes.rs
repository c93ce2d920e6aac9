//! Objects on their way from one half of a replacement to the other.
//!
//! Terraform replaces an object under its own key in two calls, and tells neither of the other. When it destroys first, the
//! delete call hands the object to the create call of the same process. With `create_before_destroy` the create call comes
//! first, in a process that has seen nothing of the object; and a replacement that is interrupted between its halves goes on
//! in a later process. So the plan, which has seen the state, leaves a note in Terraform's data directory, beside what
//! Terraform keeps there for the same working directory. It holds the state of the object, nothing else, and counts for
//! a day. A second kind of note says for an hour which place of the state has an object now, so that what an interrupt
//! leaves deposed is not deleted by a plan that comes to it first. Without notes (a saved plan that is applied elsewhere, a
//! directory that cannot be written to), a create call that finds its object there stops and says what to do.

use std::collections::HashMap;
use std::fs::{self, OpenOptions};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use super::{Instance, Key};
use crate::context::lock;
use crate::value::{Object, Type, Value, msgpack};

/// How long the note of a plan counts: as long as a plan may wait for its apply.
const VALID: Duration = Duration::from_secs(24 * 3600);

/// How long a note of the current place counts: as long as somebody may take to apply again.
const CURRENT_VALID: Duration = Duration::from_secs(3600);

/// The directory of the notes in Terraform's data directory.
const DIRECTORY: &str = "replacements";

/// The kind of a note that holds the state of an object that is planned to be replaced.
const REPLACED: &str = "state";

/// The kind of a note that says which place of the state has an object now.
const CURRENT: &str = "current";

/// Objects that wait for the create call of their replacement, by type and name.
#[derive(Debug, Default)]
pub struct ReplacementNotes {
    objects: Mutex<HashMap<(&'static str, Vec<String>), Object>>,
    data: Option<DataDirectory>,
}

impl ReplacementNotes {
    /// With notes in the data directory of the working directory in which Terraform runs.
    pub(crate) fn in_working_directory() -> Self {
        Self { data: Some(DataDirectory::of_terraform()), ..Self::default() }
    }

    /// With notes in this data directory.
    #[cfg(test)]
    pub(crate) fn in_directory(path: &Path) -> Self {
        Self { data: Some(DataDirectory { path: path.to_owned(), workspace: None }), ..Self::default() }
    }

    /// Hands an object to the create call of this process.
    pub(crate) fn put(&self, of: &'static str, key: &Key, object: Object) {
        lock(&self.objects).insert((of, key.name().to_owned()), object);
    }

    /// Notes that an object is planned to be replaced under its own key.
    pub(crate) fn note(&self, of: &'static str, key: &Key, state: &Object, ty: &Type) {
        let Some(data) = &self.data else { return };
        if let Err(error) = data.write(of, key, state, ty) {
            tracing::debug!(%error, of, "no note of the replacement can be left for the apply");
        }
    }

    /// Takes the object that waits for this create call, if there is one. A note counts if it `fits`: the same name may be
    /// used in another account.
    pub(crate) fn take(
        &self,
        of: &'static str,
        key: &Key,
        ty: &Type,
        fits: impl Fn(&Object) -> bool,
    ) -> Option<Waiting> {
        let noted = self.data.as_ref().and_then(|data| data.take(of, key, ty, fits));
        let put = lock(&self.objects).remove(&(of, key.name().to_owned()));
        let put = put.map(|object| Waiting { object, is_in_state: false });
        put.or(noted.map(|object| Waiting { object, is_in_state: true }))
    }

    /// Removes the note of a plan that is not carried out, or was carried out in another way.
    pub(crate) fn forget(&self, of: &'static str, key: &Key) {
        if let Some(data) = &self.data {
            data.remove(&data.file(of, key, REPLACED));
        }
    }

    /// Notes which place of the state has an object from now on, for deletions of older places.
    pub(crate) fn note_current(&self, of: &'static str, key: &Key, instance: &Instance) {
        let (Some(data), Some(instance)) = (&self.data, instance) else { return };
        let note = serde_json::to_vec(&(instance, key)).map_err(io::Error::other);
        if let Err(error) = note.and_then(|note| data.create(&data.file(of, key, CURRENT), &note)) {
            tracing::debug!(%error, of, "no note of the current object can be left");
        }
    }

    /// The place of the state that has an object, if that was noted of this object and not of one in another account.
    pub(crate) fn current(&self, of: &'static str, key: &Key) -> Instance {
        let data = self.data.as_ref()?;
        let file = data.file(of, key, CURRENT);
        let note = if is_valid(&file, CURRENT_VALID) { fs::read(file).ok()? } else { return None };
        let (instance, noted): (String, Key) = serde_json::from_slice(&note).ok()?;
        noted.may_be(key).then_some(instance)
    }

    /// Removes the note of [`Self::note_current`].
    pub(crate) fn forget_current(&self, of: &'static str, key: &Key) {
        if let Some(data) = &self.data {
            data.remove(&data.file(of, key, CURRENT));
        }
    }
}

/// An object that waits for the create call of its replacement.
#[derive(Debug, PartialEq)]
pub(crate) struct Waiting {
    /// Its state.
    pub(crate) object: Object,
    /// Whether the state still has it: the create call comes before the delete call.
    pub(crate) is_in_state: bool,
}

/// Terraform's data directory.
#[derive(Debug)]
struct DataDirectory {
    path: PathBuf,
    workspace: Option<String>,
}

impl DataDirectory {
    fn of_terraform() -> Self {
        let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        let path = set("TF_DATA_DIR").map_or_else(|| PathBuf::from(".terraform"), PathBuf::from);
        Self { path, workspace: set("TF_WORKSPACE").map(|name| name.to_string_lossy().into_owned()) }
    }

    /// The note of an object in the selected workspace of the configured backend, each of which has a state of its own.
    fn file(&self, of: &str, key: &Key, kind: &str) -> PathBuf {
        let selected = || fs::read_to_string(self.path.join("environment")).ok();
        let workspace = self.workspace.clone().or_else(selected).unwrap_or_default();
        let backend = fs::read(self.path.join("terraform.tfstate")).unwrap_or_default();
        let hash = hash(&(of, key.name(), workspace.trim(), backend));
        self.path.join(DIRECTORY).join(format!("{of}-{hash:016x}.{kind}"))
    }

    fn write(&self, of: &str, key: &Key, state: &Object, ty: &Type) -> io::Result<()> {
        let note = msgpack::write(&Value::Map(state.clone()), ty).map_err(io::Error::other)?;
        self.create(&self.file(of, key, REPLACED), &note)
    }

    fn create(&self, file: &Path, note: &[u8]) -> io::Result<()> {
        if let Some(directory) = file.parent() {
            fs::create_dir_all(directory)?;
            if !fs::symlink_metadata(directory)?.is_dir() {
                return Err(io::Error::other("the directory of the notes is a link"));
            }
            remove_old(directory);
        }
        let _ = fs::remove_file(file);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(file)?.write_all(note)
    }

    fn take(&self, of: &str, key: &Key, ty: &Type, fits: impl Fn(&Object) -> bool) -> Option<Object> {
        let file = self.file(of, key, REPLACED);
        let note = if is_valid(&file, VALID) { fs::read(&file).ok()? } else { return None };
        match msgpack::read(&note, ty).ok()? {
            Value::Map(object) if fits(&object) => {
                self.remove(&file);
                Some(object)
            }
            _ => None,
        }
    }

    fn remove(&self, file: &Path) {
        let _ = fs::remove_file(file);
        // The directory goes with its last note.
        file.parent().map(fs::remove_dir);
    }
}

/// The same in every process of this program, which is what a plan and its apply are.
fn hash(what: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    what.hash(&mut hasher);
    hasher.finish()
}

/// Whether a note counts. A link is none of ours, nor is one from the future.
fn is_valid(file: &Path, valid: Duration) -> bool {
    let Ok(found) = fs::symlink_metadata(file) else { return false };
    let age = found.modified().ok().and_then(|written| written.elapsed().ok());
    found.is_file() && age.is_some_and(|age| age < valid)
}

fn remove_old(directory: &Path) {
    let files = fs::read_dir(directory).into_iter().flatten().flatten().map(|entry| entry.path());
    let is_note = |file: &PathBuf| file.extension().is_some_and(|kind| kind == REPLACED || kind == CURRENT);
    files.filter(|file| is_note(file) && !is_valid(file, VALID)).for_each(|file| {
        let _ = fs::remove_file(file);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ty() -> Type {
        Type::Object([("colour".to_owned(), Type::String)].into_iter().collect())
    }

    fn key(name: &str) -> Key {
        Key::test(name, &[Some("ours")])
    }

    fn state(colour: &str) -> Object {
        Object::from_iter([("colour".to_owned(), Value::from(colour))])
    }

    #[test]
    fn a_note_reaches_a_later_process_once() {
        let directory = tempfile::tempdir().unwrap();
        ReplacementNotes::in_directory(directory.path()).note("box", &key("a/b"), &state("red"), &ty());
        let later = ReplacementNotes::in_directory(directory.path());
        assert_eq!(later.take("bag", &key("a/b"), &ty(), |_| true), None, "of another type");
        assert_eq!(
            later.take("box", &key("a/b"), &ty(), |_| true),
            Some(Waiting { object: state("red"), is_in_state: true })
        );
        assert_eq!(later.take("box", &key("a/b"), &ty(), |_| true), None);
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0, "nothing is left");
    }

    #[test]
    fn a_note_that_does_not_fit_stays_for_the_one_that_does() {
        let directory = tempfile::tempdir().unwrap();
        let over = ReplacementNotes::in_directory(directory.path());
        over.note("box", &key("a"), &state("red"), &ty());
        assert_eq!(over.take("box", &key("a"), &ty(), |_| false), None);
        assert!(over.take("box", &key("a"), &ty(), |_| true).is_some());
        over.note("box", &key("a"), &state("red"), &ty());
        over.forget("box", &key("a"));
        assert_eq!(over.take("box", &key("a"), &ty(), |_| true), None);
    }

    #[test]
    fn what_this_process_handed_over_comes_first_and_the_note_goes() {
        let directory = tempfile::tempdir().unwrap();
        let over = ReplacementNotes::in_directory(directory.path());
        over.note("box", &key("a"), &state("red"), &ty());
        over.put("box", &key("a"), state("blue"));
        assert_eq!(
            over.take("box", &key("a"), &ty(), |_| true),
            Some(Waiting { object: state("blue"), is_in_state: false })
        );
        assert_eq!(over.take("box", &key("a"), &ty(), |_| true), None);
    }

    #[test]
    fn notes_are_private_and_those_of_another_workspace_do_not_count() {
        let directory = tempfile::tempdir().unwrap();
        let over = ReplacementNotes::in_directory(directory.path());
        over.note("box", &key("a"), &state("red"), &ty());
        #[cfg(unix)]
        for entry in fs::read_dir(directory.path().join(DIRECTORY)).unwrap() {
            let mode =
                std::os::unix::fs::PermissionsExt::mode(&entry.unwrap().metadata().unwrap().permissions());
            assert_eq!(mode & 0o777, 0o600);
        }
        fs::write(directory.path().join("environment"), "staging").unwrap();
        assert_eq!(over.take("box", &key("a"), &ty(), |_| true), None);
    }

    #[test]
    fn which_place_is_current_is_known_until_it_goes() {
        let directory = tempfile::tempdir().unwrap();
        ReplacementNotes::in_directory(directory.path()).note_current(
            "box",
            &key("a"),
            &Some("7".to_owned()),
        );
        let later = ReplacementNotes::in_directory(directory.path());
        assert_eq!(later.current("box", &key("a")).as_deref(), Some("7"));
        assert_eq!(later.current("box", &Key::test("a", &[Some("theirs")])), None, "of another account");
        assert_eq!(later.current("box", &key("b")), None);
        later.forget_current("box", &key("a"));
        assert_eq!(later.current("box", &key("a")), None);
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0, "nothing is left");
    }

    #[test]
    fn a_directory_that_cannot_be_written_to_is_no_error() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("file");
        fs::write(&file, "").unwrap();
        let over = ReplacementNotes::in_directory(&file);
        over.note("box", &key("a"), &state("red"), &ty());
        assert_eq!(over.take("box", &key("a"), &ty(), |_| true), None);
    }

    #[test]
    fn old_notes_and_links_do_not_count() {
        let directory = tempfile::tempdir().unwrap();
        let over = ReplacementNotes::in_directory(directory.path());
        over.note("box", &key("a"), &state("red"), &ty());
        let notes = directory.path().join(DIRECTORY);
        let note = fs::read_dir(&notes).unwrap().next().unwrap().unwrap().path();
        let yesterday = std::time::SystemTime::now() - VALID - Duration::from_secs(60);
        fs::File::options().write(true).open(&note).unwrap().set_modified(yesterday).unwrap();
        assert_eq!(over.take("box", &key("a"), &ty(), |_| true), None);
        over.note("box", &key("b"), &state("red"), &ty());
        assert!(!note.exists(), "removed with the next one");
        #[cfg(unix)]
        {
            let target = directory.path().join("elsewhere");
            fs::write(&target, "").unwrap();
            std::os::unix::fs::symlink(&target, &note).unwrap();
            assert_eq!(over.take("box", &key("a"), &ty(), |_| true), None);
        }
    }
}
