//! The client: files below one directory. A real provider has the client of its service here.

use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};

/// Why a file cannot be used; the text is a sentence.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// The system said no.
    #[error("{} cannot be {what}: {source}.", path.display())]
    System {
        /// What was tried, as a participle.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// A file of this name exists.
    #[error("{} exists already.", .0.display())]
    Exists(PathBuf),
    /// The path leads out of the directory, or to something else than a file.
    #[error("{} {why}.", path.display())]
    Refused {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: &'static str,
    },
}

/// A file as it is on the disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    /// Its text.
    pub(crate) content: String,
    /// Its permission bits.
    pub(crate) mode: u32,
}

/// The directory that all paths are relative to.
#[derive(Debug, Clone)]
pub(crate) struct Root(PathBuf);

impl Root {
    /// Opens a directory that exists.
    pub(crate) fn open(directory: &str) -> Result<Self, Error> {
        let path = Path::new(directory);
        let found = path.canonicalize().map_err(failed("opened", path))?;
        if found.is_dir() {
            Ok(Self(found))
        } else {
            Err(Error::Refused { path: found, why: "is not a directory" })
        }
    }

    /// The place of a file. Neither dots nor symbolic links lead out of the directory.
    pub(crate) fn place(&self, path: &str) -> Result<PathBuf, Error> {
        let place = self.0.join(path);
        if !is_relative(path) {
            return Err(Error::Refused { path: place, why: "is not below the directory" });
        }
        let existing = place.ancestors().skip(1).find(|above| above.exists()).unwrap_or(&self.0);
        let existing = existing.canonicalize().map_err(failed("opened", &place))?;
        if existing.starts_with(&self.0) {
            Ok(place)
        } else {
            Err(Error::Refused { path: place, why: "is not below the directory" })
        }
    }

    /// Reads a file; `None` when there is none.
    pub(crate) fn read(&self, path: &str) -> Result<Option<Found>, Error> {
        let place = self.place(path)?;
        let metadata = match std::fs::symlink_metadata(&place) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed("read", &place)(error)),
        };
        if !metadata.is_file() {
            return Err(Error::Refused { path: place, why: "is not a regular file" });
        }
        let content = std::fs::read_to_string(&place).map_err(failed("read", &place))?;
        Ok(Some(Found { content, mode: mode(&metadata) }))
    }

    /// Makes an empty file, and the directories above it.
    pub(crate) fn create(&self, path: &str) -> Result<(), Error> {
        let place = self.place(path)?;
        if let Some(above) = place.parent() {
            std::fs::create_dir_all(above).map_err(failed("created", above))?;
        }
        match std::fs::File::create_new(&place) {
            Ok(_) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(Error::Exists(place)),
            Err(error) => Err(failed("created", &place)(error)),
        }
    }

    /// Replaces the text of a file at once: a reader sees the old one or the new one.
    pub(crate) fn write(&self, path: &str, found: &Found) -> Result<(), Error> {
        let place = self.place(path)?;
        let above = place.parent().unwrap_or(&self.0);
        let mut file = tempfile::NamedTempFile::new_in(above).map_err(failed("written", &place))?;
        file.write_all(found.content.as_bytes()).map_err(failed("written", &place))?;
        set_mode(file.path(), found.mode).map_err(failed("written", &place))?;
        file.persist(&place).map_err(|error| failed("written", &place)(error.error))?;
        Ok(())
    }

    /// Deletes a file; one that is already gone is no error.
    pub(crate) fn delete(&self, path: &str) -> Result<(), Error> {
        let place = self.place(path)?;
        match std::fs::remove_file(&place) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed("deleted", &place)(error)),
            _ => Ok(()),
        }
    }

    /// Names and sizes in bytes of the files in a directory, in the order of their names.
    pub(crate) fn list(&self, path: &str) -> Result<Vec<(String, u64)>, Error> {
        let place = if path == "." { self.0.clone() } else { self.place(path)? };
        let mut found = Vec::new();
        for entry in std::fs::read_dir(&place).map_err(failed("listed", &place))? {
            let entry = entry.map_err(failed("listed", &place))?;
            let metadata = entry.metadata().map_err(failed("listed", &place))?;
            if metadata.is_file() {
                found.push((entry.file_name().to_string_lossy().into_owned(), metadata.len()));
            }
        }
        found.sort();
        Ok(found)
    }
}

/// Whether a path stays below where it starts: no root, no dots.
pub(crate) fn is_relative(path: &str) -> bool {
    !path.is_empty() && Path::new(path).components().all(|part| matches!(part, Component::Normal(_)))
}

fn failed<'p>(what: &'static str, path: &'p Path) -> impl Fn(io::Error) -> Error + 'p {
    move |source| Error::System { what, path: path.to_owned(), source }
}

#[cfg(unix)]
fn mode(metadata: &std::fs::Metadata) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    metadata.permissions().mode() & 0o777
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))
}

/// Other systems have no permission bits.
#[cfg(not(unix))]
fn mode(_: &std::fs::Metadata) -> u32 {
    0o644
}

#[cfg(not(unix))]
fn set_mode(_: &Path, _: u32) -> io::Result<()> {
    Ok(())
}
